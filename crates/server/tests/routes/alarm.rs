//! Whoever is to be told of an incident is told, once, whatever dies in between; and of nobody's health.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::JoinHandle;
use vigil_server::channels::Channels;
use vigil_server::clock::Clock;
use vigil_server::config::Config;
use vigil_server::delivery::{deliver_due, escalate_due};
use vigil_server::incident::{Officer, act};
use vigil_server::installation::Installation;
use vigil_server::store::directory::put_user;
use vigil_server::store::incident::IncidentRow;
use vigil_server::store::{DeliveryRow, DeliveryStatus};

use crate::desk::{browse, nurse};
use crate::running::{Running, installation};
use crate::support::workstation::user;

const PATIENCE: Duration = Duration::from_secs(90);

/// What came: bodies by the id of the message, each as often as it came.
type Inbox = Arc<Mutex<BTreeMap<String, Vec<String>>>>;

/// A receiver of webhooks at an address that stays.
struct Receiver {
    address: SocketAddr,
    inbox: Inbox,
    serving: Option<JoinHandle<()>>,
}

impl Receiver {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut receiver = Self { address, inbox: Inbox::default(), serving: None };
        receiver.serve(listener);
        receiver
    }

    fn serve(&mut self, listener: tokio::net::TcpListener) {
        let take = async |State(inbox): State<Inbox>, headers: HeaderMap, body: String| {
            let id = headers["webhook-id"].to_str().unwrap().to_owned();
            inbox.lock().unwrap().entry(id).or_default().push(body);
            StatusCode::NO_CONTENT
        };
        let routes = Router::new().route("/alarm", post(take)).with_state(Arc::clone(&self.inbox));
        self.serving = Some(tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() }));
    }

    async fn kill(&mut self) {
        let serving = self.serving.take().unwrap();
        serving.abort();
        assert!(serving.await.is_err(), "it was at work");
    }

    async fn revive(&mut self) {
        let listener = tokio::net::TcpListener::bind(self.address).await.unwrap();
        self.serve(listener);
    }

    /// The file of channels that names it, with its secret.
    fn channels(&self, folder: &std::path::Path, more: &str) -> std::path::PathBuf {
        let secret = folder.join("webhook.secret");
        std::fs::write(&secret, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").unwrap();
        let file = folder.join("channels.toml");
        let url = format!("http://{}/alarm", self.address);
        let text = format!(
            "{more}\n[[channel]]\nkind = \"webhook\"\nname = \"desk\"\nlevels = [0, 1, 2]\nurl = {url:?}\nsecret_file = {secret:?}\n"
        );
        std::fs::write(&file, text).unwrap();
        file
    }
}

async fn deliveries(installation: &Installation) -> Vec<DeliveryRow> {
    let mut tx = installation.store.read().await.unwrap();
    let mut all = Vec::new();
    for incident in IncidentRow::all(&mut tx, None, 10_000).await.unwrap() {
        all.extend(DeliveryRow::of(&mut tx, incident.id).await.unwrap());
    }
    all
}

/// Waits until a message met nobody.
async fn missed(installation: &Installation) {
    let looking = async {
        while deliveries(installation).await.iter().all(|row| row.error.is_none()) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.expect("the receiver is missed");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_incident_is_told_once_though_the_receiver_is_killed_and_restarted() {
    const USERS: u8 = 12;
    let mut receiver = Receiver::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = receiver.channels(folder.path(), "");
    let (installation, data) = installation(&format!("[alarm]\nchannels = {file:?}\n")).await;
    let mut tx = installation.store.begin().await.unwrap();
    for number in 1..=USERS {
        put_user(&mut tx, &nurse(user(number), &format!("nurse{number}"))).await.unwrap();
    }
    tx.commit().await.unwrap();
    let running = Running::of(installation, data).await;
    let (mut ward, of_ward) = running.enrol(1).await;

    for number in 1..=USERS {
        if number == 4 {
            receiver.kill().await;
        }
        let from = ward.len() + 1;
        browse(&mut ward, user(number), 40);
        let batch = serde_json::to_vec(&ward.batch(from, ward.len())).unwrap();
        let audit = format!("{}.{}", ward.log, ward.len());
        let headers = [("x-hipaa-audit-id", audit.as_str()), ("content-type", vigil_model::wire::SEALED_BATCH)];
        let taken = of_ward.post("/v1/log/entries", &headers, batch).await;
        assert_eq!(taken.status, 200, "{}", taken.body);
        if number == 8 {
            missed(running.installation()).await;
            receiver.revive().await;
        }
    }
    let all_told = async {
        loop {
            let sent = deliveries(running.installation()).await;
            let users = sent.iter().map(|row| row.incident).collect::<std::collections::BTreeSet<_>>();
            let told = sent.iter().all(|row| row.status == DeliveryStatus::Delivered);
            if users.len() >= usize::from(USERS) && told {
                return sent;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let sent = tokio::time::timeout(PATIENCE, all_told).await.expect("every message is delivered");
    assert!(sent.iter().any(|row| row.attempts > 1), "some met the receiver while it was dead");
    assert!(sent.iter().all(|row| row.error.is_none()), "what went wrong is forgotten with the success");
    let inbox = receiver.inbox.lock().unwrap().clone();
    let expected: Vec<&String> = sent.iter().map(|row| &row.id).collect();
    assert_eq!(inbox.len(), expected.len(), "none lost, none invented");
    assert!(expected.iter().all(|id| inbox.contains_key(*id)), "each by its id");
    // A repeat has the same id, so that the receiver drops it.
    let repeats = inbox.values().filter(|bodies| bodies.len() > 1).count();
    assert!(repeats <= 1, "at most the one that was under way: {repeats}");
    for body in inbox.values().flatten() {
        assert!(!body.contains("chart-") && !body.contains("NURSE") && !body.contains("nurse"), "ids alone: {body}");
    }
    running.stop().await;
}

/// An installation whose time a test lets pass.
async fn with_time(channels: &std::path::Path) -> (Installation, Channels, Arc<AtomicI64>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let text = format!("[server]\ndata = {data:?}\nnames = [\"localhost\"]\n[alarm]\nchannels = {channels:?}\n");
    let config = Config::parse(&text, std::path::Path::new("test.toml")).unwrap();
    let minutes = Arc::new(AtomicI64::new(0));
    let began: DateTime<Utc> = "2026-11-29T08:00:00Z".parse().unwrap();
    let passed = Arc::clone(&minutes);
    let clock = Clock::told_by(move || began + TimeDelta::minutes(passed.load(Ordering::SeqCst)));
    let installation = Installation::open(config, clock).await.unwrap();
    let channels = Channels::of(&installation.config).unwrap();
    (installation, channels, minutes, folder)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_level_is_called_until_somebody_answers() {
    use vigil_server::store::incident::{NewIncident, Raised, SubjectRow};
    let receiver = Receiver::start().await;
    let folder = tempfile::tempdir().unwrap();
    let levels =
        "[[escalation.levels]]\nafter_minutes = { high = 30 }\n[[escalation.levels]]\nafter_minutes = { high = 90 }";
    let file = receiver.channels(folder.path(), levels);
    let (installation, channels, minutes, _data) = with_time(&file).await;
    let now = installation.now().timestamp_micros();
    let incident = async |episode: &str| {
        let new = NewIncident {
            episode: episode.to_owned(),
            rule: "volume-unexplained".to_owned(),
            rules_version: 1,
            severity: vigil_model::wire::IncidentSeverity::High,
            subject: SubjectRow::User(user(1)),
            opened: now,
            newest: now,
            events: 1,
            figures: vigil_model::wire::IncidentFigures { count: 10, ..Default::default() },
            evidence: Vec::new(),
            patients: std::collections::BTreeSet::new(),
        };
        let mut tx = installation.store.begin().await.unwrap();
        let Raised::New(id) = new.raise(&mut tx).await.unwrap() else { panic!("it is new") };
        assert_eq!(new.raise(&mut tx).await.unwrap(), Raised::Joined(id), "the same episode is the same incident");
        let figures = vigil_model::wire::IncidentFigures { count: 20, ..Default::default() };
        let more = NewIncident { figures, ..new.clone() };
        assert_eq!(more.add(&mut tx).await.unwrap(), Raised::Joined(id), "of what is added nobody is told");
        assert_eq!(more.raise(&mut tx).await.unwrap(), Raised::Grown(id), "and more of it");
        assert_eq!(new.raise(&mut tx).await.unwrap(), Raised::Joined(id), "what is read again takes nothing back");
        tx.commit().await.unwrap();
        id
    };
    let (answered, next) = (incident("one").await, incident("two").await);
    assert_eq!(next, answered + 1, "none is missing between them");
    let at = async |minute: i64| {
        minutes.store(minute, Ordering::SeqCst);
        escalate_due(&installation, &channels).await.unwrap()
    };
    assert_eq!(at(29).await, 0, "not yet");
    assert_eq!(at(30).await, 2, "both");
    assert_eq!(at(31).await, 0, "once");
    let acknowledge = vigil_model::wire::IncidentAct::Acknowledge;
    act(&installation, Officer::Operator, answered, &acknowledge, &channels).await.unwrap();
    assert_eq!(at(90).await, 1, "the one that nobody answered");
    assert_eq!(at(9_000).await, 0, "there is nobody above");
    let first = deliver_due(&installation, &channels).await.unwrap();
    assert_eq!(first.delivered, 2, "the first of each incident: what came later waits for what came before");
    while deliver_due(&installation, &channels).await.unwrap().delivered > 0 {}
    let inbox = receiver.inbox.lock().unwrap().clone();
    let count = |event: &str| inbox.values().flatten().filter(|body| body.contains(event)).count();
    assert_eq!((count("escalated"), count("acknowledged")), (3, 1), "{inbox:?}");
    installation.store.close().await;
}
