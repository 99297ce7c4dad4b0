//! The privacy officer's reports in the real window: who looked at a patient, what that user did, sorted and narrowed.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::path::PathBuf;

use vigil_tests::hospital::{FRONT_DESK, Hospital, PHYSICIAN, SignIn};
use vigil_tests::window::Window;

const PRIVACY_OFFICER: SignIn<'static> = SignIn { username: "weiss", password: "silver-window-63-pears" };

#[tokio::test]
async fn the_privacy_officer_sees_who_looked_at_a_patient_and_what_that_user_did() {
    let hospital = Hospital::new().unwrap();
    hospital.user("privacy-officer", PRIVACY_OFFICER, "S. WEISS").unwrap();
    hospital.import(&[patients(&hospital).as_path()]).unwrap();
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();

    // The physician has the patient's name; the front desk sees the name in a list.
    window.sign_in(PHYSICIAN).await.unwrap();
    window.search_patients("okafor", "OKAFOR").await.unwrap();
    window.click("button", "Open the chart of OKAFOR").await.unwrap();
    window.wait_for_banner("OKAFOR").await.unwrap();
    window.open_section("Problems").await.unwrap();
    window.click("button", "Sign out").await.unwrap();
    window.sign_in(FRONT_DESK).await.unwrap();
    window.search_patients("okafor", "OKAFOR").await.unwrap();
    window.click("button", "Sign out").await.unwrap();

    window.sign_in(PRIVACY_OFFICER).await.unwrap();
    window.click("button", "Reports").await.unwrap();
    window.wait_for_words("No patient chosen").await.unwrap();
    findings.extend(window.axe().await.unwrap());
    window.fill("Find the patient", "okafor").await.unwrap();
    window.click("button", "OKAFOR, Ada").await.unwrap();
    window.wait_for("heading", "OKAFOR, Ada").await.unwrap();
    window.wait_for_words("read problems").await.unwrap();
    window.wait_for_words("saw the name in a list").await.unwrap();
    let words = window.words().await.unwrap();
    for expected in ["Same name", "Co-worker", "VIP", "physician", "front desk", "treatment", "flagged"] {
        assert!(words.contains(expected), "{expected} is shown:\n{words}");
    }
    picture(&window, "patient");
    findings.extend(window.axe().await.unwrap());

    window.click("button", "User").await.unwrap();
    window.wait_for("columnheader", "User").await.unwrap();
    window.click("checkbox", "Flagged only").await.unwrap();
    window.click("button", "What the flags mean").await.unwrap();
    window.wait_for_words("Vigil holds no address of its users").await.unwrap();
    findings.extend(window.axe().await.unwrap());
    picture(&window, "flags");
    window.click("button", "What the flags mean").await.unwrap();
    window.click("button", "Dark").await.unwrap();
    findings.extend(window.axe().await.unwrap());
    picture(&window, "dark");
    window.click("button", "Light").await.unwrap();

    window.click("button", "What a user did").await.unwrap();
    window.wait_for_words("No user chosen").await.unwrap();
    window.click("button", "Who looked at a patient").await.unwrap();
    window.click("button", "Dr A. OKAFOR").await.unwrap();
    window.wait_for("heading", "Dr A. OKAFOR, physician").await.unwrap();
    window.wait_for_words("opened the chart").await.unwrap();
    window.wait_for_words("signed in").await.unwrap();
    findings.extend(window.axe().await.unwrap());
    picture(&window, "user");
    window.lock("OKAFOR, Ada").await.unwrap();
    window.unlock(PRIVACY_OFFICER).await.unwrap();
    window.wait_for("heading", "Dr A. OKAFOR, physician").await.unwrap();
    window.close().await.unwrap();

    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
    let verified = hospital.program.must(&["audit", "verify"], &[]).unwrap();
    assert!(verified.contains("intact"), "each report is on a record that verifies: {verified}");
}

#[tokio::test]
async fn a_report_is_read_in_a_narrow_window_too() {
    let hospital = Hospital::new().unwrap();
    hospital.user("privacy-officer", PRIVACY_OFFICER, "S. WEISS").unwrap();
    hospital.import(&[patients(&hospital).as_path()]).unwrap();
    let mut launch = hospital.launch(&[]).unwrap();
    launch.size = (800, 700);
    let window = Window::open(&launch).await.unwrap();
    window.sign_in(PRIVACY_OFFICER).await.unwrap();
    window.click("button", "Reports").await.unwrap();
    window.fill("Find the patient", "okafor").await.unwrap();
    window.click("button", "OKAFOR, Ada").await.unwrap();
    window.wait_for_words("imported records").await.unwrap();
    let findings = window.axe().await.unwrap();
    picture(&window, "narrow");
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
}

/// With VIGIL_PICTURES the test leaves what it saw there, for people.
fn picture(window: &Window, name: &str) {
    if let Some(folder) = std::env::var_os("VIGIL_PICTURES") {
        window.screenshot(&PathBuf::from(folder).join(format!("reports-{name}.png"))).unwrap();
    }
}

/// Invented: the physician's namesake, who is labelled a celebrity, and somebody else.
fn patients(hospital: &Hospital) -> PathBuf {
    let bundle = r#"{"resourceType": "Bundle", "type": "collection", "entry": [
      {"resource": {"resourceType": "Patient", "id": "r1", "birthDate": "1958-03-09", "gender": "female",
        "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "CEL"}]},
        "name": [{"family": "Okafor", "given": ["Ada"]}]}},
      {"resource": {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/r1"},
        "code": {"text": "Asthma"}, "clinicalStatus": {"coding": [{"code": "active"}]}}},
      {"resource": {"resourceType": "Patient", "id": "r2", "birthDate": "1981-11-30", "gender": "male",
        "name": [{"family": "Quist", "given": ["Olof"]}]}}]}"#;
    let file = hospital.home.path().join("patients.json");
    std::fs::write(&file, bundle).unwrap();
    file
}
