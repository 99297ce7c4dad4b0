//! What each role begins the day with, in the real window: the demo's own hospital data, its users linked to its staff.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use vigil_tests::hospital::{FRONT_DESK, Hospital, PHYSICIAN, SignIn};
use vigil_tests::window::Window;

const NURSE: SignIn<'static> = SignIn { username: "virtanen", password: "slow-ferry-31-candles" };

/// Two patients of Dr d1 (one in the house, one expected today), one who is nobody's.
fn care(today: &str, since: &str) -> String {
    let patient = |id: &str, family: &str| {
        format!(
            r#"{{"resource": {{"resourceType": "Patient", "id": "{id}", "name": [{{"family": "{family}", "given": ["Ana"]}}], "birthDate": "1961-02-03", "gender": "female"}}}}"#
        )
    };
    let (here, comes, stranger) =
        (patient("here", "Waldstein"), patient("comes", "Morgenrot"), patient("stranger", "Fremd"));
    format!(
        r#"{{"resourceType": "Bundle", "type": "collection", "entry": [{here}, {comes}, {stranger},
        {{"resource": {{"resourceType": "Practitioner", "id": "d1", "name": [{{"family": "Okafor", "given": ["Ada"], "prefix": ["Dr"]}}]}}}},
        {{"resource": {{"resourceType": "Location", "id": "w4", "name": "Ward 4 East"}}}},
        {{"resource": {{"resourceType": "Encounter", "id": "e1", "status": "in-progress", "class": {{"code": "IMP"}},
          "subject": {{"reference": "Patient/here"}}, "participant": [{{"individual": {{"reference": "Practitioner/d1"}}}}],
          "location": [{{"location": {{"reference": "Location/w4"}}}}], "period": {{"start": "{since}"}}}}}},
        {{"resource": {{"resourceType": "Appointment", "id": "a1", "status": "booked", "start": "{today}T15:00:00Z", "end": "{today}T15:20:00Z",
          "participant": [{{"actor": {{"reference": "Patient/comes"}}, "status": "accepted"}}, {{"actor": {{"reference": "Practitioner/d1"}}, "status": "accepted"}}]}}}}
        ]}}"#
    )
}

/// A day as the system's calendar has it.
fn date(day: &str, format: &str) -> String {
    let said = std::process::Command::new("date").args(["-d", day, format]).output().unwrap();
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn a_linked_physician_begins_with_their_patients_and_is_told_why_another_chart_is_closed() {
    let hospital = Hospital::new().unwrap();
    hospital.user("nurse", NURSE, "S. VIRTANEN").unwrap();
    let (today, since) = (date("today", "+%F"), date("2 days ago", "+%FT%T%:z"));
    let file = hospital.home.path().join("care.json");
    fs::write(&file, care(&today, &since)).unwrap();
    hospital.import(&[&file]).unwrap();
    hospital.link(PHYSICIAN, "Practitioner/d1").unwrap();

    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    window.sign_in(PHYSICIAN).await.unwrap();
    window.wait_for("table", "My patients").await.unwrap();
    window.wait_for("button", "Open the chart of WALDSTEIN").await.unwrap();
    for colours in ["Dark", "Light"] {
        window.click("button", colours).await.unwrap();
        window.picture(&format!("worklists-panel-{colours}")).unwrap();
        findings.extend(window.axe().await.unwrap());
    }
    window.click("button", "Ward list").await.unwrap();
    window.wait_for_words("Ward 4 East (yours)").await.unwrap();
    window.picture("worklists-ward").unwrap();
    window.click("button", "Schedule").await.unwrap();
    window.wait_for("button", "Open the chart of MORGENROT").await.unwrap();
    window.picture("worklists-schedule").unwrap();
    window.click("button", "The day after").await.unwrap();
    window.wait_for_words("No appointment on this day").await.unwrap();
    window.search_patients("fremd", "FREMD").await.unwrap();
    window.click("button", "Open the chart of FREMD").await.unwrap();
    window.wait_for_words("This is not known to be a patient of yours").await.unwrap();
    window.picture("worklists-closed").unwrap();
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Sign out").await.unwrap();

    window.sign_in(NURSE).await.unwrap();
    window.wait_for_words("Ward 4 East").await.unwrap();
    window.click("button", "My patients").await.unwrap();
    window.wait_for_words("It is not known who your patients are").await.unwrap();
    window.picture("worklists-not-linked").unwrap();
    window.click("button", "Sign out").await.unwrap();
    window.sign_in(FRONT_DESK).await.unwrap();
    window.wait_for("heading", "Schedule").await.unwrap();
    window.wait_for("button", "Open the chart of MORGENROT").await.unwrap();
    window.picture("worklists-front-desk").unwrap();
    findings.extend(window.axe().await.unwrap());
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
}
