//! From the arrival of the entries of somebody who browses to the message that tells of it, while 2,000 other entries come in each second.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use chrono::{TimeDelta, Utc};
use vigil_audit::{Agent, AuditEvent, Beside, Kind, Outcome, SealPublicKey};
use vigil_model::{PatientId, PurposeOfUse, Role, SessionId, UserId};
use vigil_server::clock::Clock;
use vigil_server::config::Config;
use vigil_server::http::Stop;
use vigil_server::installation::Installation;
use vigil_server::intake::{Sender, receive};
use vigil_server::server::{Bound, Server};
use vigil_server::store::Log;

use crate::report::Report;
use crate::support::postgres::Cluster;
use crate::support::workstation::Workstation;

/// Workstations that work, and entries of each in a second.
const WORKING: u8 = 4;
const EACH: usize = 500;
/// Seconds.
const LONG: usize = 30;
/// Charts that somebody who browses opens.
const BROWSED: usize = 40;

/// When the first message about each user came.
type Told = Arc<Mutex<HashMap<String, Instant>>>;

pub(crate) async fn measure(report: &mut Report) {
    let folder = tempfile::tempdir().unwrap();
    let told = Told::default();
    let channels = receiver(folder.path(), Arc::clone(&told)).await;
    let installation = installation(folder.path(), &channels).await;
    let (store, keys) = (installation.store.clone(), Arc::clone(&installation.keyring.keys));
    let seal = SealPublicKey::from_bytes(installation.keyring.seal_key.public.as_ref()).unwrap();
    let mut stations: Vec<(Workstation, Sender)> = Vec::new();
    for number in 1..=WORKING + 1 {
        let station = Workstation::new(number, &seal);
        let mut tx = store.begin().await.unwrap();
        Log::enrol(&mut tx, &keys, station.log, &station.verifier_key()).await.unwrap();
        tx.commit().await.unwrap();
        let sender = Sender { enrolment: station.log, log: station.log };
        stations.push((station, sender));
    }
    let bound = Bound::to(&installation.config.listen).await.unwrap();
    let server = Server::new(installation, "https://localhost".to_owned()).unwrap();
    let stop = Stop::default();
    let (tell, started) = tokio::sync::oneshot::channel();
    let serving = tokio::spawn(server.serve(bound, stop.clone(), move || tell.send(()).unwrap()));
    started.await.unwrap();

    let mut arrived = HashMap::new();
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    for second in 0..LONG {
        seconds.tick().await;
        let (browsing, working) = stations.split_last_mut().unwrap();
        for (number, (station, sender)) in working.iter_mut().enumerate() {
            let from = station.len() + 1;
            work(station, number, EACH);
            receive(&store, &keys, *sender, station.batch(from, station.len()), Utc::now()).await.unwrap();
        }
        let who = user(1_000 + second);
        let from = browsing.0.len() + 1;
        (0..BROWSED).for_each(|chart| write(&mut browsing.0, who, chart, "basis=none"));
        let batch = browsing.0.batch(from, browsing.0.len());
        receive(&store, &keys, browsing.1, batch, Utc::now()).await.unwrap();
        arrived.insert(who.to_string(), Instant::now());
    }
    let patience = Instant::now();
    while told.lock().unwrap().len() < LONG && patience.elapsed() < Duration::from_secs(60) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let told = told.lock().unwrap().clone();
    assert_eq!(told.len(), LONG, "everybody who browsed is told of");
    let mut took: Vec<Duration> = arrived.iter().map(|(who, at)| told[who].saturating_duration_since(*at)).collect();
    took.sort_unstable();
    report.duration(
        "an alarm, from the arrival of its entries to its message, 2,000 entries a second, PostgreSQL",
        &took,
        "<= 2 s",
    );
    report.note("the slowest of them, ms", took.last().unwrap().as_secs_f64() * 1e3, "<= 2000");
    stop.say();
    serving.await.unwrap().unwrap();
}

/// Charts that something explains: each user opens one after the other.
fn work(station: &mut Workstation, number: usize, entries: usize) {
    for entry in 0..entries {
        write(station, user(number * 100 + entry % 50), entry % 7, "basis=care-team");
    }
}

fn write(station: &mut Workstation, who: UserId, chart: usize, basis: &str) {
    let session = SessionId::parse("01900000-0000-7000-8000-000000000fff").unwrap();
    let agent = Agent::User { id: who, role: Role::Nurse, session };
    let at = Utc::now() + TimeDelta::microseconds(i64::try_from(chart).unwrap());
    let treatment = PurposeOfUse::Treatment;
    let mut event = AuditEvent::new(station.len() + 1, at, Kind::PATIENT_READ, Outcome::Success, agent, treatment);
    event.patient = Some(PatientId::parse(&format!("{}-{chart}", &who.to_string()[30..])).unwrap());
    event.reason = Some(basis.to_owned());
    station.entries.push((event.canonical().unwrap(), Beside::default()));
}

fn user(number: usize) -> UserId {
    UserId::parse(&format!("01900000-0000-7000-8000-{number:012x}")).unwrap()
}

/// Who is told: it notes when the first message about each user came.
async fn receiver(folder: &Path, told: Told) -> std::path::PathBuf {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let take = async |State(told): State<Told>, body: String| {
        let message: serde_json::Value = serde_json::from_str(&body).unwrap();
        if let Some(subject) = message.pointer("/data/subject").or(message.get("subject")).and_then(|id| id.as_str()) {
            told.lock().unwrap().entry(subject.to_owned()).or_insert_with(Instant::now);
        }
    };
    let routes = Router::new().route("/alarm", post(take)).with_state(told);
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    let secret = folder.join("webhook.secret");
    std::fs::write(&secret, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").unwrap();
    let file = folder.join("channels.toml");
    let text = format!(
        "[[channel]]\nkind = \"webhook\"\nname = \"bench\"\nlevels = [0]\nurl = \"http://{address}/alarm\"\nsecret_file = {secret:?}\n"
    );
    std::fs::write(&file, text).unwrap();
    file
}

async fn installation(folder: &Path, channels: &Path) -> Installation {
    let (data, here) = (folder.join("data"), "\"127.0.0.1:0\"");
    let url = Cluster::shared().database();
    let text = format!(
        "[server]\ndata = {data:?}\nnames = [\"localhost\"]\n[database]\nurl = {url:?}\n[listen]\nworkstations = {here}\n\
         public = {here}\noperation = {here}\n[alarm]\nchannels = {channels:?}\n"
    );
    let config = Config::parse(&text, Path::new("bench.toml")).unwrap();
    Installation::open(config, Clock::system()).await.unwrap()
}
