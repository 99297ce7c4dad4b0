//! The real central server, on real sockets, under the clock of the test.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use vigil_model::wire::{IncidentFigures, IncidentSeverity};
use vigil_model::{PatientId, Role};
use vigil_server::clock::Clock;
use vigil_server::config::Config;
use vigil_server::directory::{self, NewUser};
use vigil_server::enrolment::make_token;
use vigil_server::http::Stop;
use vigil_server::installation::Installation;
use vigil_server::server::{Bound, Server, ServerError, origins};
use vigil_server::store;
use vigil_server::store::incident::{NewIncident, Raised, SubjectRow};
use vigil_workstation::Clock as _;

use crate::hospital::HandClock;

/// A server with its own data and its own ports, which it has again after a restart.
pub(crate) struct CentralServer {
    runtime: Runtime,
    folder: tempfile::TempDir,
    ports: [u16; 3],
    clock: Arc<HandClock>,
    running: Option<(Stop, JoinHandle<Result<(), ServerError>>)>,
}

impl CentralServer {
    pub(crate) fn start(clock: &Arc<HandClock>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let free = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let ports = [0, 1, 2].map(|at: usize| free[at].local_addr().unwrap().port());
        drop(free);
        let folder = tempfile::tempdir().unwrap();
        let mut server = Self { runtime, folder, ports, clock: Arc::clone(clock), running: None };
        server.up();
        server
    }

    pub(crate) fn up(&mut self) {
        let installation = self.installation();
        let stop = Stop::default();
        let bound = self.runtime.block_on(Bound::to(&installation.config.listen)).unwrap();
        let (url, _) = origins(&installation.config, (self.ports[0], self.ports[1]));
        let server = self.runtime.block_on(async { Server::new(installation, url).unwrap() });
        let (tell, told) = tokio::sync::oneshot::channel();
        let serving = self.runtime.spawn(server.serve(bound, stop.clone(), move || tell.send(()).unwrap()));
        self.runtime.block_on(told).unwrap();
        self.running = Some((stop, serving));
    }

    pub(crate) fn down(&mut self) {
        let (stop, serving) = self.running.take().unwrap();
        stop.say();
        self.runtime.block_on(serving).unwrap().unwrap();
    }

    /// A one-time token for a workstation.
    pub(crate) fn token(&self) -> String {
        self.runtime.block_on(async {
            let installation = self.installation_now().await;
            let (_, public) = origins(&installation.config, (self.ports[0], self.ports[1]));
            let anchor = installation.keyring.server_authority.certificate().clone();
            let (_, text) = make_token(&installation, &public, &anchor, TimeDelta::hours(1)).await.unwrap();
            text.to_string()
        })
    }

    /// Adds a user; the answer is the first password.
    pub(crate) fn user(&self, username: &str, role: Role) -> String {
        let new = NewUser {
            username: username.to_owned(),
            display_name: format!("Dr {}", username.to_uppercase()),
            role,
            practitioner: None,
        };
        self.runtime.block_on(async {
            let installation = self.installation_now().await;
            directory::add_user(&installation, new).await.unwrap().1.to_string()
        })
    }

    /// Raises an incident about a user as a rule would, over the newest entries that the server holds of the one workstation; its number.
    pub(crate) fn incident(&self, about: &str, patients: &[&str]) -> u32 {
        self.runtime.block_on(async {
            let installation = self.installation_now().await;
            let now = self.clock.now().utc.timestamp_micros();
            let mut tx = installation.store.begin().await.unwrap();
            let users = store::directory::users(&mut tx).await.unwrap();
            let user = users.iter().find(|user| user.username == about).unwrap().id;
            let log = store::Device::all(&mut tx).await.unwrap().first().unwrap().log;
            let held = store::Log::all(&mut tx).await.unwrap().into_iter().find(|one| one.id == log).unwrap().size;
            let new = NewIncident {
                episode: format!("volume-unexplained/{user}"),
                rule: "volume-unexplained".to_owned(),
                rules_version: 1,
                severity: IncidentSeverity::High,
                subject: SubjectRow::User(user),
                opened: now,
                newest: now,
                events: 3,
                figures: IncidentFigures { count: 41, limit: 36, usual: Some("12".to_owned()), window_seconds: 3600 },
                evidence: (held - 2..=held).map(|seq| (log, seq)).collect(),
                patients: patients.iter().map(|id| PatientId::parse(id).unwrap()).collect(),
            };
            let Raised::New(id) = new.raise(&mut tx).await.unwrap() else { panic!("it is one of its own") };
            tx.commit().await.unwrap();
            u32::try_from(id).unwrap()
        })
    }

    /// Tries rules on what was recorded, as `vigil-server rule try` does.
    pub(crate) fn try_rules(&self, text: &str) {
        self.runtime.block_on(async {
            let installation = self.installation_now().await;
            vigil_server::detection::trial(&installation, text, TimeDelta::days(1)).await.unwrap();
        });
    }

    pub(crate) fn disable(&self, username: &str) {
        self.runtime.block_on(async {
            directory::disable(&self.installation_now().await, username, true).await.unwrap();
        });
    }

    pub(crate) fn reset_password(&self, username: &str) -> String {
        self.runtime.block_on(async {
            directory::reset_password(&self.installation_now().await, username).await.unwrap().to_string()
        })
    }

    /// Makes a team, or gives one other members.
    pub(crate) fn team(&self, name: &str, reference: &str, members: &[&str]) {
        let members: Vec<String> = members.iter().map(ToString::to_string).collect();
        self.runtime.block_on(async {
            let installation = self.installation_now().await;
            directory::put_team(&installation, name, Some(reference.to_owned()), &members).await.unwrap();
        });
    }

    /// Takes break-glass from a user, so that the key of its group is replaced.
    pub(crate) fn revoke_break_glass(&self, username: &str) {
        self.runtime.block_on(async {
            directory::revoke(&self.installation_now().await, username, "break-glass").await.unwrap();
        });
    }

    /// How many entries the server holds of each log that is not its own, and that all logs are intact.
    pub(crate) fn verified(&self) -> Vec<u64> {
        self.runtime.block_on(async {
            let installation = self.installation_now().await;
            let own = installation.keyring.keys.own_log();
            let logs =
                vigil_server::audit_log::verify_all(&installation.store, &installation.keyring.keys).await.unwrap();
            logs.iter().for_each(|log| assert!(log.verification.intact(), "{:?}", log.verification.findings));
            logs.iter().filter(|log| log.log != own).map(|log| log.verification.entries).collect()
        })
    }

    fn installation(&self) -> Installation {
        self.runtime.block_on(self.installation_now())
    }

    /// The same data, as a command beside the running server opens it.
    async fn installation_now(&self) -> Installation {
        let [workstations, public, operation] = self.ports.map(|port| format!("\"127.0.0.1:{port}\""));
        let data = self.folder.path().join("data");
        let text = format!(
            "[server]\ndata = {data:?}\nnames = [\"localhost\"]\n[listen]\nworkstations = {workstations}\npublic = {public}\n\
             operation = {operation}\n"
        );
        let config = Config::parse(&text, Path::new("test.toml")).unwrap();
        let clock = Arc::clone(&self.clock);
        Installation::open(config, Clock::told_by(move || clock.now().utc)).await.unwrap()
    }
}
