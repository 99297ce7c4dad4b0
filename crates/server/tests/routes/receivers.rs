//! Every way by which people and systems are told, over the real queue and with real receivers: each is killed while incidents are raised,
//! started again, and counted out.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;
use vigil_audit::{Agent, AuditEvent, Beside, Kind, Outcome};
use vigil_model::wire::SEALED_BATCH;
use vigil_model::{PatientId, PurposeOfUse, Role, SessionId, UserId};
use vigil_server::store::directory::put_user;
use vigil_server::store::incident::IncidentRow;
use vigil_server::store::{DeliveryRow, DeliveryStatus};

use crate::desk::nurse;
use crate::https::Https;
use crate::real::authority::{Authority, Shown};
use crate::real::gateway::{Call, Gateway, Then};
use crate::real::mail::{MailServer, PASSWORD};
use crate::real::rsyslog::{Rsyslog, cef, details, texts};
use crate::real::{assert_without, pagerduty, sms_gateway, twilio, webhook};
use crate::running::{Running, installation};
use crate::support::workstation::{Workstation, user};

const PATIENCE: Duration = Duration::from_secs(120);
const USERS: u8 = 9;
/// A patient's name, in every entry that the messages are about.
const NAME: &str = "Hildegard";
/// The channels, by name.
const CHANNELS: [&str; 7] = ["mail", "sms", "twilio", "hook", "pager", "siem", "repository"];

/// One of each.
struct Receivers {
    authority: Authority,
    mail: MailServer,
    sms: Gateway,
    twilio: Gateway,
    hook: Gateway,
    pager: Gateway,
    siem: Rsyslog,
    repository: Rsyslog,
}

impl Receivers {
    fn start() -> Self {
        let authority = Authority::new();
        let files = authority.receiver(Shown::Right);
        let signed = |call: &Call| webhook::answer(call, Utc::now());
        Self {
            mail: MailServer::start(&files, "implicit", &json!({})),
            sms: Gateway::start(Some(&files), sms_gateway::answer),
            twilio: Gateway::start(Some(&files), twilio::answer),
            hook: Gateway::start(Some(&files), signed),
            pager: Gateway::start(Some(&files), pagerduty::answer),
            siem: Rsyslog::start(&authority, &files, "anon"),
            repository: Rsyslog::start(&authority, &files, "anon"),
            authority,
        }
    }

    fn gateways(&self) -> [&Gateway; 4] {
        [&self.sms, &self.twilio, &self.hook, &self.pager]
    }

    /// Writes the file of channels that names them all.
    fn channels(&self, file: &Path) {
        let authority = &self.authority;
        let password = authority.secret("password", PASSWORD);
        let named = |text: String, former: &str, name: &str| {
            let (former, name) = (format!("name = '{former}'"), format!("name = '{name}'"));
            assert!(text.contains(&former), "{text}");
            text.replace(&former, &name)
        };
        let channels = [
            self.mail.channel("implicit", &authority.anchor(), &password, &["privacy@hospital.example"]),
            sms_gateway::settings(authority, &self.sms),
            named(twilio::settings(authority, &self.twilio, &["+41441234568"]), "sms", "twilio"),
            webhook::settings(authority, &self.hook),
            pagerduty::settings(authority, &self.pager),
            self.siem.channel("syslog-cef", authority, None),
            named(self.repository.channel("syslog-dicom", authority, None), "siem", "repository"),
        ];
        let text: String = channels.iter().map(|channel| format!("[[channel]]\n{channel}\n")).collect();
        std::fs::write(file, text).unwrap();
    }

    /// In the middle of whatever each does. What a gateway is sent first after that, it keeps, and nobody hears of it.
    fn kill(&self) {
        self.mail.kill();
        for gateway in self.gateways() {
            gateway.kill();
            gateway.then(Then::DieAfter);
        }
        self.siem.kill();
        self.repository.kill();
    }

    fn revive(&self) {
        self.mail.restart();
        self.gateways().into_iter().for_each(Gateway::run);
        self.siem.run();
        self.repository.run();
    }

    /// Of each channel, what every message is known by, as often as it came.
    fn known_by(&self) -> BTreeMap<&'static str, Vec<String>> {
        let of = |gateway: &Gateway, key: &dyn Fn(&Call) -> String| gateway.calls().iter().map(key).collect();
        let header = |name: &'static str| move |call: &Call| call.header(name).to_owned();
        let alarm = |call: &Call| twilio::form(call)[2].1.split(' ').nth(3).unwrap().to_owned();
        let dedup = |call: &Call| call.json()["dedup_key"].as_str().unwrap().to_owned();
        BTreeMap::from([
            ("mail", self.mail.ids()),
            ("sms", of(&self.sms, &header("idempotency-key"))),
            ("twilio", of(&self.twilio, &alarm)),
            ("hook", of(&self.hook, &header("webhook-id"))),
            ("pager", of(&self.pager, &dedup)),
            ("siem", texts(&self.siem).iter().map(|text| cef(text, "externalId").to_owned()).collect()),
            ("repository", texts(&self.repository).iter().map(|text| details(text)["Notice"].clone()).collect()),
        ])
    }

    /// Everything that any of them was sent.
    fn everything(&self) -> Vec<String> {
        let calls = self.gateways().into_iter().flat_map(Gateway::calls);
        let mut all: Vec<String> =
            calls.map(|call| format!("{} {:?} {}", call.path, call.headers, call.body)).collect();
        all.extend(self.mail.mails().iter().map(|mail| mail["raw"].as_str().unwrap().to_owned()));
        let syslog = [&self.siem, &self.repository].into_iter().flat_map(Rsyslog::received);
        all.extend(syslog.map(|message| message["raw"].as_str().unwrap().to_owned()));
        all
    }
}

/// What a message of this channel is known by there.
fn key(row: &DeliveryRow) -> String {
    let id = Uuid::parse_str(&row.id).unwrap();
    match row.channel.as_str() {
        "mail" => format!("<{id}@hospital.example>"),
        "sms" => Uuid::new_v5(&id, sms_gateway::TELEPHONE.as_bytes()).to_string(),
        "twilio" => row.incident.to_string(),
        "pager" => format!("vigil/vigil/{}", row.incident),
        "hook" | "siem" | "repository" => id.to_string(),
        other => panic!("there is no channel named {other}"),
    }
}

/// A user opens twelve charts that nothing explains; the first is the same for everybody, and a VIP's. The patient's name stands in each.
fn browse(workstation: &mut Workstation, who: UserId) {
    let session = SessionId::parse("01900000-0000-7000-8000-000000000fff").unwrap();
    for chart in 0..12_u64 {
        let seq = workstation.len() + 1;
        let at = Utc::now() + TimeDelta::milliseconds(i64::try_from(chart).unwrap());
        let agent = Agent::User { id: who, role: Role::Nurse, session };
        let treatment = PurposeOfUse::Treatment;
        let mut event = AuditEvent::new(seq, at, Kind::PATIENT_READ, Outcome::Success, agent, treatment);
        event.patient = Some(PatientId::parse(&format!("{NAME}-{chart}")).unwrap());
        let vip = if chart == 0 { " vip" } else { "" };
        event.reason = Some(format!("basis=none{vip} {NAME}"));
        workstation.entries.push((event.canonical().unwrap(), Beside::default()));
    }
}

async fn bring(ward: &mut Workstation, https: &Https, number: u8) {
    let from = ward.len() + 1;
    browse(ward, user(number));
    let batch = serde_json::to_vec(&ward.batch(from, ward.len())).unwrap();
    let audit = format!("{}.{}", ward.log, ward.len());
    let headers = [("x-hipaa-audit-id", audit.as_str()), ("content-type", SEALED_BATCH)];
    let taken = https.post("/v1/log/entries", &headers, batch).await;
    assert_eq!(taken.status, 200, "{}", taken.body);
}

/// Every message, as soon as they are as `until` says.
async fn messages(running: &Running, what: &str, until: impl Fn(&[DeliveryRow]) -> bool) -> Vec<DeliveryRow> {
    let looking = async {
        loop {
            let mut tx = running.installation().store.read().await.unwrap();
            let mut all = Vec::new();
            for incident in IncidentRow::all(&mut tx, None, 1_000).await.unwrap() {
                all.extend(DeliveryRow::of(&mut tx, incident.id).await.unwrap());
            }
            drop(tx);
            if until(&all) {
                return all;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.unwrap_or_else(|_| panic!("{what}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_incident_reaches_every_receiver_though_each_is_killed_and_none_names_a_patient() {
    let receivers = Receivers::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("channels.toml");
    receivers.channels(&file);
    let (installation, data) = installation(&format!("[alarm]\nchannels = {file:?}\n")).await;
    let mut tx = installation.store.begin().await.unwrap();
    for number in 1..=USERS {
        put_user(&mut tx, &nurse(user(number), &format!("nurse{number}"))).await.unwrap();
    }
    tx.commit().await.unwrap();
    let running = Running::of(installation, data).await;
    let (mut ward, https) = running.enrol(1).await;

    for number in 1..=3 {
        bring(&mut ward, &https, number).await;
    }
    let everywhere = |rows: &[DeliveryRow], is: &dyn Fn(&DeliveryRow) -> bool| {
        CHANNELS.iter().all(|channel| rows.iter().any(|row| row.channel == *channel && is(row)))
    };
    let delivered = |row: &DeliveryRow| row.status == DeliveryStatus::Delivered;
    messages(&running, "each receiver has something", |rows| everywhere(rows, &delivered)).await;
    receivers.kill();
    for number in 4..=6 {
        bring(&mut ward, &https, number).await;
    }
    messages(&running, "each is missed", |rows| everywhere(rows, &|row| row.error.is_some())).await;
    receivers.revive();
    for number in 7..=USERS {
        bring(&mut ward, &https, number).await;
    }
    // One of each user, and one of the chart that draws too many.
    let expected = usize::from(USERS) + 1;
    let sent = messages(&running, "every message is delivered", |rows| {
        rows.len() >= expected * CHANNELS.len() && rows.iter().all(delivered)
    });
    let sent = sent.await;

    let incidents: BTreeSet<u64> = sent.iter().map(|row| row.incident).collect();
    assert_eq!(incidents.len(), expected, "{sent:?}");
    let known_by = receivers.known_by();
    for channel in CHANNELS {
        let wanted: HashSet<String> = sent.iter().filter(|row| row.channel == channel).map(key).collect();
        assert_eq!(wanted.len(), expected, "{channel}: one message of each incident");
        let came = &known_by[channel];
        let distinct: HashSet<String> = came.iter().cloned().collect();
        assert_eq!(distinct, wanted, "{channel}: none lost, none invented");
        let repeats = came.len() - distinct.len();
        let is_gateway = ["sms", "twilio", "hook", "pager"].contains(&channel);
        assert!(!is_gateway || repeats >= 1, "{channel}: the one whose answer was lost came again, and says so");
        println!("{channel}: {} messages, {repeats} of them twice", distinct.len());
    }
    let all = receivers.everything();
    assert!(all.len() >= expected * CHANNELS.len(), "everything was looked at");
    all.iter().for_each(|message| assert_without(message, &[NAME, "NURSE", "nurse"]));
    running.stop().await;
}
