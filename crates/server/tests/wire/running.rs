//! The server in this process, on real sockets, with a time that a test can let pass.

use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;
use tokio::task::JoinHandle;
use vigil_server::config::Config;
use vigil_server::enrolment::make_token;
use vigil_server::http::Stop;
use vigil_server::installation::Installation;
use vigil_server::server::{Bound, Server, ServerError, origins};

use crate::process::{configuration, free_port};
use crate::station::{Station, Time};

/// A running server.
pub(crate) struct Running {
    folder: Arc<tempfile::TempDir>,
    text: String,
    pub(crate) ports: [u16; 3],
    pub(crate) time: Time,
    pub(crate) server: Server,
    stop: Stop,
    serving: JoinHandle<Result<(), ServerError>>,
}

impl Running {
    /// Starts one; `settings` follow in its configuration.
    pub(crate) async fn start(settings: &str) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let ports = [(); 3].map(|()| free_port());
        let text = format!("{}{settings}\n", configuration(&folder.path().join("data"), ports));
        Self::of(folder, text, ports, Time::default()).await
    }

    /// Stops it and starts it again.
    pub(crate) async fn restart(self) -> Self {
        let (folder, text, ports, time) = self.stop().await;
        Self::of(folder, text, ports, time).await
    }

    pub(crate) async fn stop(self) -> (Arc<tempfile::TempDir>, String, [u16; 3], Time) {
        self.stop.say();
        self.serving.await.unwrap().unwrap();
        (self.folder, self.text, self.ports, self.time)
    }

    async fn of(folder: Arc<tempfile::TempDir>, text: String, ports: [u16; 3], time: Time) -> Self {
        let config = Config::parse(&text, Path::new("test.toml")).unwrap();
        let installation = Installation::open(config, time.of_server()).await.unwrap();
        let bound = Bound::to(&installation.config.listen).await.unwrap();
        let (url, _) = origins(&installation.config, (ports[0], ports[1]));
        let server = Server::new(installation, url).unwrap();
        let (stop, (tell, told)) = (Stop::default(), tokio::sync::oneshot::channel());
        let serving = tokio::spawn(server.clone().serve(bound, stop.clone(), move || tell.send(()).unwrap()));
        told.await.unwrap();
        Self { folder, text, ports, time, server, stop, serving }
    }

    pub(crate) fn installation(&self) -> &Installation {
        self.server.installation()
    }

    /// A one-time token.
    pub(crate) async fn token(&self) -> String {
        token(self.installation(), self.ports).await
    }

    /// Enrols the workstation with this number.
    pub(crate) async fn enrol(&self, number: u8) -> Station {
        Station::enrol(number, &self.token().await, &self.time).await.unwrap()
    }
}

/// A one-time token of this installation, whose server listens on these ports.
pub(crate) async fn token(installation: &Installation, ports: [u16; 3]) -> String {
    let (_, public) = origins(&installation.config, (ports[0], ports[1]));
    let anchor = installation.keyring.server_authority.certificate();
    make_token(installation, &public, anchor, TimeDelta::hours(24)).await.unwrap().1.to_string()
}
