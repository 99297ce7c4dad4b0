//! What belongs to an incident is whole, however much of it there is; and nobody is told of it twice.

use std::collections::BTreeSet;
use std::time::Duration;

use vigil_model::wire::{IncidentAct, IncidentFinding, IncidentState, SEALED_BATCH};
use vigil_server::channels::Channels;
use vigil_server::incident::{Officer, act};
use vigil_server::store::DeliveryRow;
use vigil_server::store::directory::put_user;
use vigil_server::store::incident::{IncidentRow, steps};

use crate::desk::{browse_these, nurse};
use crate::https::Https;
use crate::running::{Running, installation};
use crate::support::workstation::{Workstation, user};

const PATIENCE: Duration = Duration::from_secs(60);

/// A running server with a nurse, that tells somebody who never answers.
pub(crate) async fn running() -> Running {
    let folder = tempfile::tempdir().unwrap();
    let (secret, file) = (folder.path().join("webhook.secret"), folder.path().join("channels.toml"));
    std::fs::write(&secret, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n").unwrap();
    let channel = format!(
        "[[channel]]\nkind = \"webhook\"\nname = \"desk\"\nlevels = [0]\nurl = \"http://127.0.0.1:9/alarm\"\nsecret_file = {secret:?}\n"
    );
    std::fs::write(&file, channel).unwrap();
    let (installation, data) = installation(&format!("[alarm]\nchannels = {file:?}\n")).await;
    let mut tx = installation.store.begin().await.unwrap();
    put_user(&mut tx, &nurse(user(1), "nurse")).await.unwrap();
    tx.commit().await.unwrap();
    Running::of(installation, data).await
}

pub(crate) async fn browses(ward: &mut Workstation, https: &Https, charts: std::ops::Range<u64>) {
    let from = ward.len() + 1;
    browse_these(ward, user(1), charts);
    let batch = serde_json::to_vec(&ward.batch(from, ward.len())).unwrap();
    let audit = format!("{}.{}", ward.log, ward.len());
    let headers = [("x-hipaa-audit-id", audit.as_str()), ("content-type", SEALED_BATCH)];
    let taken = https.post("/v1/log/entries", &headers, batch).await;
    assert_eq!(taken.status, 200, "{}", taken.body);
}

/// The incident of this rule as soon as it stands and is as `until` says.
pub(crate) async fn incident(running: &Running, rule: &str, until: impl Fn(&IncidentRow) -> bool) -> IncidentRow {
    let looking = async {
        loop {
            let mut tx = running.installation().store.read().await.unwrap();
            let all = IncidentRow::all(&mut tx, None, 100).await.unwrap();
            drop(tx);
            if let Some(found) = all.into_iter().find(|one| one.rule == rule && until(one)) {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.expect("the incident comes to stand so")
}

/// The patients, the messages and the steps of an incident.
async fn belongings(running: &Running, row: &IncidentRow) -> (BTreeSet<String>, usize, Vec<String>) {
    let mut tx = running.installation().store.read().await.unwrap();
    let patients = row.patients(&mut tx).await.unwrap().iter().map(ToString::to_string).collect();
    let messages = DeliveryRow::of(&mut tx, row.id).await.unwrap();
    let raised = messages.iter().filter(|message| message.event == "raised").count();
    (patients, raised, steps(&mut tx, row.id).await.unwrap().into_iter().map(|step| step.what).collect())
}

fn charts(to: u64) -> BTreeSet<String> {
    (0..to).map(|chart| format!("chart-{chart}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_on_is_added_without_a_word_and_reopens_a_case_when_it_has_doubled() {
    const RULE: &str = "volume-unexplained";
    let running = running().await;
    let (mut ward, https) = running.enrol(1).await;
    browses(&mut ward, &https, 0..12).await;
    let row = incident(&running, RULE, |row| row.events == 12).await;
    assert_eq!(belongings(&running, &row).await, (charts(12), 1, vec!["raised".to_owned()]), "more than nine");

    let close = IncidentAct::Close { finding: IncidentFinding::Mistake, words: "Nothing is wrong here".to_owned() };
    act(running.installation(), Officer::Operator, row.id, &close, &Channels::default()).await.unwrap();
    browses(&mut ward, &https, 12..18).await;
    let row = incident(&running, RULE, |row| row.events == 18).await;
    assert_eq!((row.state, row.figures.count), (IncidentState::Closed, 18), "it is not twice as many");
    let steps = ["raised", "closed"].map(str::to_owned).to_vec();
    assert_eq!(belongings(&running, &row).await, (charts(18), 1, steps), "every patient, and not a word");

    browses(&mut ward, &https, 18..75).await;
    let row = incident(&running, RULE, |row| row.events == 75).await;
    let steps = ["raised", "closed", "reopened"].map(str::to_owned).to_vec();
    assert_eq!(row.state, IncidentState::Open, "twenty are twice as many as ten");
    assert_eq!(belongings(&running, &row).await, (charts(75), 2, steps), "all of them, more than fifty");
    running.stop().await;
}
