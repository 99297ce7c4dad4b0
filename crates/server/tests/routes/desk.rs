//! A snooping employee is found, suspended on every workstation, and the case is worked on, closed and proved.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use vigil_audit::{Agent, AuditEvent, Beside, Kind, Outcome};
use vigil_model::wire::{DirectoryUser, IncidentFigures, IncidentSeverity};
use vigil_model::{PatientId, PurposeOfUse, Role, SessionId, UserId};
use vigil_server::directory::{NewUser, add_user};
use vigil_server::evidence::evidence;
use vigil_server::incident::Officer;
use vigil_server::store::directory::put_user;
use vigil_server::store::incident::{IncidentRow, NewIncident, Raised, SubjectRow};

use crate::https::{Answer, Https};
use crate::running::Running;
use crate::support::workstation::{Workstation, user};

const JSON: (&str, &str) = ("content-type", "application/json");
/// Longer than any machine takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody at a workstation.
struct Sitting<'w> {
    workstation: &'w Workstation,
    https: &'w Https,
    token: String,
}

impl Sitting<'_> {
    async fn get(&self, path: &str) -> Answer {
        let (audit, bearer) = self.headers();
        self.https.get(path, &[("x-hipaa-audit-id", &audit), ("authorization", &bearer)]).await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        let (audit, bearer) = self.headers();
        self.https.post(path, &[("x-hipaa-audit-id", &audit), ("authorization", &bearer), JSON], body.to_string()).await
    }

    fn headers(&self) -> (String, String) {
        (format!("{}.1", self.workstation.log), format!("Bearer {}", self.token))
    }
}

/// Makes a user of the directory who has chosen a password, which is the answer.
async fn hire(running: &Running, https: &Https, workstation: &Workstation, name: &str, role: Role) -> String {
    let new = NewUser { username: name.to_owned(), display_name: name.to_uppercase(), role, practitioner: None };
    let (_, first) = add_user(running.installation(), new).await.unwrap();
    let chosen = format!("{name} chose this one");
    let proof = |password: &str, challenge: &Value| BASE64_STANDARD.encode(stretched(password, challenge));
    let challenge = challenge(https, workstation, name).await;
    let body = json!({
        "username": name,
        "proof": proof(&first, &challenge),
        "new_proof": proof(&chosen, &challenge),
        "public_key": BASE64_STANDARD.encode([9; 32]),
        "emergency_public_key": BASE64_STANDARD.encode([9; 32]),
    });
    let audit = format!("{}.1", workstation.log);
    let answer = https.post("/v1/sign-in", &[("x-hipaa-audit-id", &audit), JSON], body.to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    chosen
}

async fn challenge(https: &Https, workstation: &Workstation, name: &str) -> Value {
    let audit = format!("{}.1", workstation.log);
    let body = json!({ "username": name }).to_string();
    https.post("/v1/sign-in/challenge", &[("x-hipaa-audit-id", &audit), JSON], body).await.json()
}

fn stretched(password: &str, challenge: &Value) -> [u8; 32] {
    let number = |key: &str| u32::try_from(challenge[key].as_u64().unwrap()).unwrap();
    let params = Params::new(number("memory"), number("passes"), number("lanes"), Some(32)).unwrap();
    let salt = BASE64_STANDARD.decode(challenge["salt"].as_str().unwrap()).unwrap();
    let mut out = [0; 32];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into(password.as_bytes(), &salt, &mut out).unwrap();
    out
}

async fn open(https: &Https, workstation: &Workstation, name: &str, password: &str) -> Answer {
    let challenge = challenge(https, workstation, name).await;
    let body = json!({ "username": name, "proof": BASE64_STANDARD.encode(stretched(password, &challenge)) });
    let audit = format!("{}.1", workstation.log);
    https.post("/v1/desk/session", &[("x-hipaa-audit-id", &audit), JSON], body.to_string()).await
}

async fn sit<'w>(https: &'w Https, workstation: &'w Workstation, name: &str, password: &str) -> Sitting<'w> {
    let answer = open(https, workstation, name, password).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    Sitting { workstation, https, token: answer.json()["token"].as_str().unwrap().to_owned() }
}

/// One user opens so many different charts one after the other, just now, and nothing explains it.
pub(crate) fn browse(workstation: &mut Workstation, who: UserId, charts: u64) {
    browse_these(workstation, who, 0..charts);
}

/// The same, of these charts.
pub(crate) fn browse_these(workstation: &mut Workstation, who: UserId, charts: std::ops::Range<u64>) {
    let session = SessionId::parse("01900000-0000-7000-8000-000000000fff").unwrap();
    for chart in charts {
        let seq = workstation.len() + 1;
        let at = Utc::now() + TimeDelta::milliseconds(i64::try_from(chart).unwrap());
        let agent = Agent::User { id: who, role: Role::Nurse, session };
        let treatment = PurposeOfUse::Treatment;
        let mut event = AuditEvent::new(seq, at, Kind::PATIENT_READ, Outcome::Success, agent, treatment);
        event.patient = Some(PatientId::parse(&format!("chart-{chart}")).unwrap());
        event.reason = Some("basis=none".to_owned());
        workstation.entries.push((event.canonical().unwrap(), Beside::default()));
    }
}

pub(crate) fn nurse(id: UserId, name: &str) -> DirectoryUser {
    DirectoryUser {
        id,
        username: name.to_owned(),
        display_name: name.to_uppercase(),
        role: Role::Nurse,
        disabled: false,
        practitioner: None,
        care_groups: vec!["general".to_owned()],
        break_glass: true,
        suspended: None,
    }
}

async fn known(running: &Running, user: &DirectoryUser) {
    let mut tx = running.installation().store.begin().await.unwrap();
    put_user(&mut tx, user).await.unwrap();
    tx.commit().await.unwrap();
}

/// Waits until an incident of this rule stands.
async fn raised(running: &Running, rule: &str) -> IncidentRow {
    let looking = async {
        loop {
            let mut tx = running.installation().store.read().await.unwrap();
            let all = IncidentRow::all(&mut tx, None, 100).await.unwrap();
            drop(tx);
            if let Some(found) = all.into_iter().find(|one| one.rule == rule) {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.expect("the rule raises an incident")
}

async fn suspended(running: &Running, name: &str) -> bool {
    let mut tx = running.installation().store.read().await.unwrap();
    let users = vigil_server::store::directory::users(&mut tx).await.unwrap();
    users.iter().any(|user| user.username == name && user.suspended.is_some())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snooping_employee_is_caught_suspended_and_the_case_closed_and_proved() {
    let running = Running::start().await;
    let (mut ward, of_ward) = running.enrol(1).await;
    known(&running, &nurse(user(1), "snoop")).await;
    running.bring(&mut ward, &of_ward, 3).await;
    let password = hire(&running, &of_ward, &ward, "officer", Role::PrivacyOfficer).await;

    let from = ward.len() + 1;
    browse(&mut ward, user(1), 40);
    let batch = ward.batch(from, ward.len());
    let audit = format!("{}.{}", ward.log, ward.len());
    let headers = [("x-hipaa-audit-id", audit.as_str()), ("content-type", vigil_model::wire::SEALED_BATCH)];
    let taken = of_ward.post("/v1/log/entries", &headers, serde_json::to_vec(&batch).unwrap()).await;
    assert_eq!(taken.status, 200, "{}", taken.body);
    let incident = raised(&running, "volume-unexplained-far").await;
    assert!(suspended(&running, "snoop").await, "with the incident, in one transaction");

    // Through the directory every workstation hears of it.
    let directory = of_ward.get("/v1/directory", &[]).await.json();
    let said: Value = serde_json::from_str(directory["directory"].as_str().unwrap()).unwrap();
    let users = said["users"].as_array().unwrap();
    let snoop = users.iter().find(|user| user["username"] == "snoop").unwrap();
    assert_eq!(snoop["suspended"]["incident"], incident.id, "{snoop}");
    assert_eq!(snoop["break_glass"], true, "emergency access stays");

    let desk = sit(&of_ward, &ward, "officer", &password).await;
    let list = desk.get("/v1/desk/incidents?state=open").await.json();
    let found =
        list["incidents"].as_array().unwrap().iter().find(|one| one["rule"] == "volume-unexplained-far").unwrap();
    assert_eq!((&found["subject"]["name"], &found["suspended"]), (&json!("SNOOP"), &json!(true)), "{found}");
    let path = format!("/v1/desk/incidents/{}", incident.id);
    let read = desk.get(&path).await.json();
    let patients: BTreeSet<&str> = read["patients"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let all: BTreeSet<String> = (0..40).map(|chart| format!("chart-{chart}")).collect();
    assert_eq!(patients, all.iter().map(String::as_str).collect(), "every affected patient");
    assert_eq!(read["events"].as_array().unwrap().len(), 40, "and every event: {read}");
    assert_eq!(read["summary"]["events"], 40, "{read}");
    assert!(read["events"].as_array().unwrap().iter().all(|event| event["basis"] == "none"), "{read}");

    let act = async |body: Value| desk.post(&path, &body).await;
    let done = act(json!({ "act": "acknowledge" })).await.json();
    assert_eq!(
        (&done["summary"]["state"], &done["summary"]["assigned"]["name"]),
        (&json!("acknowledged"), &json!("OFFICER"))
    );
    assert_eq!(act(json!({ "act": "acknowledge" })).await.refused().0, 409, "once");
    assert_eq!(act(json!({ "act": "comment", "words": "short" })).await.refused().0, 422);
    assert_eq!(act(json!({ "act": "comment", "words": "Asked the head of the ward" })).await.status, 200);
    let assessment = json!({
        "nature": "Demographics and results of forty patients",
        "recipient": "A nurse of another ward, bound to confidentiality",
        "acquired": "Viewed on the screen; nothing was printed or exported",
        "mitigated": "Account suspended, written assurance obtained",
        "breach": true,
        "discovered": "2026-11-01",
    });
    let assessed = act(json!({ "act": "assess", "assessment": assessment })).await.json();
    assert_eq!(assessed["summary"]["notify_by"], "2026-12-31", "60 calendar days: {assessed}");
    assert_eq!(assessed["assessment"]["acquired"], assessment["acquired"], "opens again");
    let future = json!({ "act": "assess", "assessment": { "discovered": "2126-01-01", "breach": false, "nature": "x".repeat(20),
        "recipient": "x".repeat(20), "acquired": "x".repeat(20), "mitigated": "x".repeat(20) } });
    assert_eq!(act(future).await.refused().0, 422, "a day that has not come");
    let lifted =
        act(json!({ "act": "lift-suspension", "words": "Talked to; works again under supervision" })).await.json();
    assert_eq!(lifted["summary"]["suspended"], false, "{lifted}");
    assert!(!suspended(&running, "snoop").await, "on every workstation");
    let closed =
        act(json!({ "act": "close", "finding": "inappropriate", "words": "Admitted it in person" })).await.json();
    assert_eq!(
        (&closed["summary"]["state"], &closed["summary"]["finding"]),
        (&json!("closed"), &json!("inappropriate"))
    );
    let steps: Vec<&str> =
        closed["history"].as_array().unwrap().iter().map(|step| step["what"].as_str().unwrap()).collect();
    let expected = ["raised", "suspended", "acknowledged", "commented", "assessed", "suspension-lifted", "closed"];
    assert_eq!(steps, expected, "each step once, refused ones not at all");

    let archive = evidence(running.installation(), Officer::Operator, incident.id).await.unwrap();
    verify(&archive, incident.id);
    let own = running.own_log().await;
    let number = incident.id;
    for words in [
        format!("incident={number} rule=volume-unexplained-far severity=critical user={}", user(1)),
        format!("incident={number} events="),
        format!("incident={number} act=assessed breach=true"),
        format!("incident={number} act=suspension-lifted user={}", user(1)),
        format!("incident={number} act=closed finding=inappropriate"),
        format!("incident={number} entries="),
    ] {
        assert!(own.iter().any(|(_, event)| event.contains(&words)), "on record: {words}");
    }
    running.stop().await;
}

/// What an outside auditor does with the package, and what tampering does to it.
fn verify(archive: &[u8], incident: u64) {
    let folder = tempfile::tempdir().unwrap();
    tar::Archive::new(archive).unpack(folder.path()).unwrap();
    let home = folder.path().join(format!("vigil-incident-{incident}"));
    let check_with = |python: &Path| {
        let done = Command::new(python).arg("verify.py").current_dir(&home).output();
        let done = done.expect("the tools are absent: run `cargo xtask auditors`");
        (done.status.success(), String::from_utf8_lossy(&done.stdout).into_owned())
    };
    let check = || check_with(Path::new("python3"));
    let (sound, said) = check();
    assert!(sound && said.contains("entries with proofs"), "{said}");
    let auditors = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("auditors").join("bin/python");
    let (sound, said) = check_with(&auditors);
    assert!(sound && said.contains("of them by pymerkle too"), "{said}");
    let sums =
        Command::new("sha256sum").args(["--check", "--quiet", "SHA256SUMS"]).current_dir(&home).status().unwrap();
    assert!(sums.success(), "sha256sum agrees");
    let entry = walk(&home.join("logs")).into_iter().find(|path| path.to_string_lossy().contains("/entries/")).unwrap();
    let before = std::fs::read(&entry).unwrap();
    std::fs::write(&entry, String::from_utf8(before.clone()).unwrap().replace("patient-read", "patient-look")).unwrap();
    let (sound, said) = check();
    assert!(!sound && said.contains("not in the log") && said.contains("not the file that was packed"), "{said}");
    std::fs::write(&entry, before).unwrap();
    assert!(check().0, "as it was");
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_is_for_who_oversees_at_the_workstation_that_asked() {
    let running = Running::start().await;
    let (mut ward, of_ward) = running.enrol(1).await;
    let (mut other, of_other) = running.enrol(2).await;
    running.bring(&mut ward, &of_ward, 1).await;
    running.bring(&mut other, &of_other, 1).await;
    let officer = hire(&running, &of_ward, &ward, "officer", Role::PrivacyOfficer).await;
    let admin = hire(&running, &of_ward, &ward, "admin", Role::Administrator).await;
    let nurse = hire(&running, &of_ward, &ward, "nurse", Role::Nurse).await;

    assert_eq!(open(&of_ward, &ward, "officer", "another password").await.refused().0, 401, "a wrong password");
    assert_eq!(open(&of_ward, &ward, "nobody", "another password").await.refused().0, 401, "nor does a name tell");
    assert_eq!(open(&of_ward, &ward, "nurse", &nurse).await.refused().0, 403, "another role");
    let desk = sit(&of_ward, &ward, "officer", &officer).await;
    assert_eq!(desk.get("/v1/desk/devices").await.json().as_array().unwrap().len(), 2, "both workstations");

    let elsewhere = Sitting { workstation: &other, https: &of_other, token: desk.token.clone() };
    assert_eq!(elsewhere.get("/v1/desk/devices").await.refused().0, 401, "at another workstation");
    let invented = Sitting { token: "vdt1.invented".to_owned(), ..elsewhere };
    assert_eq!(invented.get("/v1/desk/devices").await.refused().0, 401, "an invented one");
    let bearer = format!("Bearer {}", desk.token);
    let without = of_ward.get("/v1/desk/devices", &[("authorization", &bearer)]).await;
    assert_eq!(without.refused().0, 403, "without an audit entry");
    let audit = format!("{}.1", other.log);
    let of_others = of_ward.get("/v1/desk/devices", &[("authorization", &bearer), ("x-hipaa-audit-id", &audit)]).await;
    assert_eq!(of_others.refused().0, 403, "or with somebody else's");
    let stranger = running.stranger().get("/v1/desk/devices", &[("authorization", &bearer)]).await;
    assert_eq!(stranger.status, 404, "not on the public listener");

    let of_admin = sit(&of_ward, &ward, "admin", &admin).await;
    let search = of_admin.post("/v1/desk/AuditEvent/_search", &json!({})).await;
    assert_eq!(search.refused().0, 403, "an administrator searches no charts");
    let rules = of_admin.get("/v1/desk/rules").await.json();
    let put = of_admin.post("/v1/desk/rules", &json!({ "rules": rules["rules"] })).await;
    assert_eq!(put.refused().0, 403, "nor decides on rules");
    assert_eq!(desk.post("/v1/desk/rules", &json!({ "rules": "version = " })).await.refused().0, 422, "what is none");

    vigil_server::directory::disable(running.installation(), "officer", true).await.unwrap();
    assert_eq!(desk.get("/v1/desk/devices").await.refused().0, 403, "a closed account is out at once");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_a_case_is_about_does_not_see_it_and_suspended_does_not_sit_at_the_desk() {
    let running = Running::start().await;
    let (mut ward, of_ward) = running.enrol(1).await;
    running.bring(&mut ward, &of_ward, 1).await;
    let officer = hire(&running, &of_ward, &ward, "officer", Role::PrivacyOfficer).await;
    let chief = hire(&running, &of_ward, &ward, "chief", Role::PrivacyOfficer).await;
    let mut tx = running.installation().store.begin().await.unwrap();
    let about = vigil_server::store::directory::user_named(&mut tx, "officer").await.unwrap().unwrap().id;
    let case = async |tx: &mut _, episode: &str, subject| {
        let new = NewIncident {
            episode: episode.to_owned(),
            rule: "vip-user".to_owned(),
            rules_version: 1,
            severity: IncidentSeverity::High,
            subject,
            opened: 1,
            newest: 1,
            events: 1,
            figures: IncidentFigures::default(),
            evidence: Vec::new(),
            patients: BTreeSet::new(),
        };
        let Raised::New(id) = new.raise(tx).await.unwrap() else { panic!("it is new") };
        id
    };
    let own = case(&mut tx, "one", SubjectRow::User(about)).await;
    let unknown = case(&mut tx, "two", SubjectRow::User(user(9))).await;
    tx.commit().await.unwrap();

    let desk = sit(&of_ward, &ward, "officer", &officer).await;
    let of_chief = sit(&of_ward, &ward, "chief", &chief).await;
    let numbers = async |desk: &Sitting<'_>| {
        let list = desk.get("/v1/desk/incidents").await.json();
        list["incidents"].as_array().unwrap().iter().map(|one| one["id"].as_u64().unwrap()).collect::<BTreeSet<_>>()
    };
    assert_eq!(numbers(&desk).await, BTreeSet::from([unknown]), "not one's own");
    assert_eq!(numbers(&of_chief).await, BTreeSet::from([own, unknown]), "others see both");
    let path = format!("/v1/desk/incidents/{own}");
    assert_eq!(desk.get(&path).await.refused().0, 403, "nor by its number");
    assert_eq!(desk.get(&format!("{path}/evidence")).await.refused().0, 403, "nor its evidence");
    assert_eq!(desk.post(&path, &json!({ "act": "acknowledge" })).await.refused().0, 403, "nor to work on it");
    let give = json!({ "act": "assign", "to": about });
    assert_eq!(of_chief.post(&path, &give).await.refused().0, 403, "nor is it given to them");

    let suspend = json!({ "act": "suspend", "words": "Until it is known what happened" });
    let stranger = of_chief.post(&format!("/v1/desk/incidents/{unknown}"), &suspend).await;
    assert_eq!(stranger.refused().0, 409, "an account that the directory does not know is suspended nowhere");
    assert_eq!(of_chief.post(&path, &suspend).await.json()["summary"]["suspended"], true);
    assert_eq!(desk.get("/v1/desk/devices").await.refused().0, 403, "whoever is suspended is out at once");
    assert_eq!(open(&of_ward, &ward, "officer", &officer).await.refused().0, 403, "and does not come back");
    running.stop().await;
}
