//! The hospital that is attacked: two patients, a restricted one, and a user in every role.

use super::call::{must, sign_in};
use anyhow::{Context, Result, ensure};
use fantoccini::wd::TimeoutConfiguration;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;
use vigil_tests::hospital::{ADMINISTRATOR, FRONT_DESK, Hospital, PHYSICIAN, SignIn};
use vigil_tests::window::{Launch, Window};

/// Each patient: id, a name and a clinical word that nobody and nothing else has. All is invented.
pub(crate) const PATIENTS: [Patient; 3] = [
    Patient { id: "patient-a", name: "Aldermarsh", secret: "Amberfever", restricted: false },
    Patient { id: "patient-b", name: "Birkenfels", secret: "Basaltgout", restricted: false },
    Patient { id: "patient-r", name: "Rookhollow", secret: "Ravenpalsy", restricted: true },
];

/// One patient.
pub(crate) struct Patient {
    /// The FHIR id.
    pub(crate) id: &'static str,
    /// The family name.
    pub(crate) name: &'static str,
    /// In every resource of the chart.
    pub(crate) secret: &'static str,
    /// Confidentiality R.
    pub(crate) restricted: bool,
}

/// The resources of each patient, by type, and the section that shows them.
pub(crate) const CHILDREN: [&str; 3] = ["Condition", "Observation", "DocumentReference"];

/// A user in each role; an administrator, a physician and a front desk user are there already.
const USERS: [(&str, SignIn<'static>); 7] = [
    ("physician", PHYSICIAN),
    ("nurse", SignIn { username: "n.silva", password: "amber-lantern-28-coves" }),
    ("pharmacist", SignIn { username: "p.moreau", password: "cobalt-garden-51-ferns" }),
    ("front-desk", FRONT_DESK),
    ("billing", SignIn { username: "b.tanaka", password: "velvet-orchard-39-stones" }),
    ("administrator", ADMINISTRATOR),
    ("privacy-officer", SignIn { username: "weiss", password: "silver-window-63-pears" }),
];
/// Somebody whose account may come to harm.
const SPARE: SignIn<'static> = SignIn { username: "spare", password: "ivory-thunder-72-mills" };
/// Somebody who has to choose a password first.
pub(crate) const DUE: SignIn<'static> = SignIn { username: "due", password: "copper-morning-84-sails" };

/// What the calls need to know.
pub(crate) struct Ward {
    /// User ids by user name.
    pub(crate) users: HashMap<String, String>,
    /// The key of each patient's series, in the order of [`PATIENTS`].
    pub(crate) series: Vec<String>,
}

/// The sign-in of a role. A role that is new needs a user here.
pub(crate) fn user_in(role: &str) -> Result<SignIn<'static>> {
    let found = USERS.into_iter().find(|(known, _)| *known == role);
    Ok(found.with_context(|| format!("there is a new role, {role}: give it a user in ward.rs"))?.1)
}

/// The id of a resource of a patient.
pub(crate) fn child_id(patient: &Patient, resource_type: &str) -> String {
    format!("{}-{}", patient.id, resource_type.to_lowercase())
}

/// How its window opens, and the folder that what it saves goes to.
pub(crate) fn launch(hospital: &Hospital) -> Result<(Launch, PathBuf)> {
    let folder = hospital.home.path().join("saved");
    std::fs::create_dir(&folder)?;
    let saving = folder.to_str().context("the folder of the test is not UTF-8")?;
    Ok((hospital.launch(&["--test-save-to", saving])?, folder))
}

/// The window; its scripts may run longer than a driver's half minute.
pub(crate) async fn open(launch: &Launch) -> Result<Window> {
    let window = Window::open(launch).await?;
    let patience = Some(Duration::from_secs(180));
    window.client.update_timeouts(TimeoutConfiguration::new(patience, patience, None)).await?;
    Ok(window)
}

/// The hospital with its patients, before its window opens.
pub(crate) fn hospital() -> Result<Hospital> {
    let hospital = Hospital::new()?;
    let file = hospital.home.path().join("ward.json");
    let entries: Vec<Value> = PATIENTS.iter().flat_map(resources).map(|one| json!({ "resource": one })).collect();
    std::fs::write(&file, json!({ "resourceType": "Bundle", "type": "collection", "entry": entries }).to_string())?;
    let said = hospital.import(&[file.as_path()])?;
    ensure!(!said.contains("refused: "), "{said}");
    Ok(hospital)
}

impl Ward {
    /// Makes the users and looks up what only the program knows; nobody is signed in afterwards.
    pub(crate) async fn prepare(window: &Window) -> Result<Self> {
        window.wait_for("heading", "Sign in").await?;
        sign_in(window, ADMINISTRATOR).await?;
        let missing = USERS
            .iter()
            .filter(|(_, who)| ![ADMINISTRATOR, PHYSICIAN, FRONT_DESK].iter().any(|one| one.username == who.username));
        for (role, who) in missing.copied().chain([("nurse", SPARE), ("physician", DUE)]) {
            let request = json!({
                "username": who.username, "displayName": format!("{} (invented)", who.username), "role": role, "password": who.password,
            });
            must(window, "user_create", json!({ "request": request })).await?;
        }
        let listed = must(window, "user_search", json!({})).await?;
        let text = |user: &Value, name: &str| user.get(name).and_then(Value::as_str).map(str::to_owned);
        let users: HashMap<String, String> = listed
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|user| Some((text(user, "username")?, text(user, "id")?)))
            .collect();
        let request = json!({ "userId": users.get(DUE.username), "password": DUE.password });
        must(window, "user_password_reset", json!({ "request": request })).await?;

        sign_in(window, PHYSICIAN).await?;
        let mut series = Vec::new();
        for patient in &PATIENTS {
            // A restricted one's is guessed from the others': nobody may read it.
            let of = if patient.restricted { &PATIENTS[0] } else { patient };
            let request = json!({ "patientId": of.id, "section": "vitals" });
            let vitals = must(window, "section_read", json!({ "request": request })).await?;
            let key = vitals.pointer("/content/groups/0/key").and_then(Value::as_str).context("no series")?;
            series.push(
                key.replace(&of.secret.to_lowercase(), &patient.secret.to_lowercase())
                    .replace(of.secret, patient.secret),
            );
        }
        must(window, "session_end", json!({ "request": { "keepPlace": false } })).await.ok();
        window.wait_for("heading", "Sign in").await?;
        Ok(Self { users, series })
    }

    /// The id of the user who may come to harm.
    pub(crate) fn spare(&self) -> Result<&str> {
        self.users.get(SPARE.username).map(String::as_str).context("there is no spare user")
    }
}

fn resources(patient: &Patient) -> Vec<Value> {
    let subject = json!({ "reference": format!("Patient/{}", patient.id) });
    let security = if patient.restricted {
        json!([{ "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R" }])
    } else {
        json!([])
    };
    let id = |resource_type: &str| child_id(patient, resource_type);
    let secret = patient.secret;
    let category = json!([{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs" }] }]);
    vec![
        json!({ "resourceType": "Patient", "id": patient.id, "birthDate": "1958-03-09", "gender": "female",
            "meta": { "security": security }, "name": [{ "family": patient.name, "given": ["Invented"] }] }),
        json!({ "resourceType": "Condition", "id": id("Condition"), "subject": subject, "code": { "text": secret },
            "clinicalStatus": { "coding": [{ "code": "active" }] } }),
        json!({ "resourceType": "Observation", "id": id("Observation"), "status": "final", "subject": subject, "category": category,
            "code": { "coding": [{ "system": "http://example.org/vitals", "code": secret, "display": secret }], "text": secret },
            "effectiveDateTime": "2026-05-01T10:00:00Z", "valueQuantity": { "value": 7.5, "unit": "mm" } }),
        json!({ "resourceType": "DocumentReference", "id": id("DocumentReference"), "status": "current", "subject": subject,
            "date": "2026-05-02T10:00:00Z", "type": { "text": format!("Letter about {secret}") },
            "content": [{ "attachment": { "contentType": "text/plain", "data": base64_of(secret) } }] }),
        json!({ "resourceType": "Encounter", "id": id("Encounter"), "status": "finished", "subject": subject,
            "class": { "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB" },
            "period": { "start": "2026-05-01T10:00:00Z", "end": "2026-05-01T11:00:00Z" }, "type": [{ "text": secret }] }),
        json!({ "resourceType": "AllergyIntolerance", "id": id("AllergyIntolerance"), "patient": subject, "code": { "text": secret },
            "clinicalStatus": { "coding": [{ "code": "active" }] } }),
    ]
}

fn base64_of(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}
