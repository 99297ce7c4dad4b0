//! Breaking the glass in the real window, without any network: the reasons, the open chart, the lock between, the review.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::path::PathBuf;
use vigil_tests::hospital::{Hospital, PHYSICIAN, SignIn};
use vigil_tests::window::Window;

const PRIVACY_OFFICER: SignIn<'static> = SignIn { username: "weiss", password: "silver-window-63-pears" };

#[tokio::test]
async fn a_physician_breaks_the_glass_and_the_privacy_officer_reviews_it() {
    let hospital = Hospital::new().unwrap();
    hospital.user("privacy-officer", PRIVACY_OFFICER, "S. WEISS").unwrap();
    hospital.import(&[restricted_patient(&hospital).as_path()]).unwrap();
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();

    window.sign_in(PHYSICIAN).await.unwrap();
    window.search_patients("veiled", "VEILED").await.unwrap();
    window.click("button", "Open the chart of VEILED").await.unwrap();
    window.wait_for("region", "Emergency access").await.unwrap();
    picture(&window, "closed");
    assert!(!window.words().await.unwrap().contains("Hidden sickness"), "nothing of the chart is shown before");
    findings.extend(window.axe().await.unwrap());
    window.click("radio", "The patient cannot be asked").await.unwrap();
    window.fill("In your own words", "Found unconscious in the waiting room").await.unwrap();
    window.fill("Your password, again", PHYSICIAN.password).await.unwrap();
    window.click("button", "Open the chart of VEILED").await.unwrap();
    window.wait_for_banner("VEILED").await.unwrap();
    window.wait_for("timer", "Time left").await.unwrap();
    assert!(window.open_section("Problems").await.unwrap(), "the chart is open");
    window.wait_for_words("Hidden sickness").await.unwrap();
    picture(&window, "open");
    findings.extend(window.axe().await.unwrap());

    window.lock("VEILED, Vera").await.unwrap();
    window.unlock(PHYSICIAN).await.unwrap();
    window.wait_for("form", "Go on with the emergency access").await.unwrap();
    picture(&window, "after-a-lock");
    findings.extend(window.axe().await.unwrap());
    window.fill("Your password, again", PHYSICIAN.password).await.unwrap();
    window.click("button", "Open the chart of VEILED").await.unwrap();
    window.wait_for_banner("VEILED").await.unwrap();
    window.click("button", "End access to VEILED").await.unwrap();
    window.wait_for("form", "Break the glass").await.unwrap();
    assert!(!window.words().await.unwrap().contains("Hidden sickness"), "what was open is closed at once");
    window.click("button", "Sign out").await.unwrap();

    window.sign_in(PRIVACY_OFFICER).await.unwrap();
    window.click("button", "Reviews").await.unwrap();
    window.wait_for_words("1 not reviewed").await.unwrap();
    window.wait_for_words("Found unconscious in the waiting room").await.unwrap();
    window.wait_for_words("read problems").await.unwrap();
    picture(&window, "queue");
    findings.extend(window.axe().await.unwrap());
    window.click("radio", "Appropriate").await.unwrap();
    window.click("button", "Record the review of Dr A. OKAFOR").await.unwrap();
    window.wait_for_words("Every one is reviewed").await.unwrap();
    picture(&window, "reviewed");
    window.close().await.unwrap();

    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
    let verified = hospital.program.must(&["audit", "verify"], &[]).unwrap();
    assert!(verified.contains("intact"), "all of it is on a record that verifies: {verified}");
}

/// With VIGIL_PICTURES the test leaves what it saw there, for people.
fn picture(window: &Window, name: &str) {
    if let Some(folder) = std::env::var_os("VIGIL_PICTURES") {
        window.screenshot(&PathBuf::from(folder).join(format!("emergency-{name}.png"))).unwrap();
    }
}

/// Invented.
fn restricted_patient(hospital: &Hospital) -> PathBuf {
    let bundle = r#"{"resourceType": "Bundle", "type": "collection", "entry": [
      {"resource": {"resourceType": "Patient", "id": "veiled", "birthDate": "1958-03-09", "gender": "female",
        "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}]},
        "name": [{"family": "Veiled", "given": ["Vera"]}]}},
      {"resource": {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/veiled"},
        "code": {"text": "Hidden sickness"}, "clinicalStatus": {"coding": [{"code": "active"}]}}},
      {"resource": {"resourceType": "AllergyIntolerance", "id": "a1", "patient": {"reference": "Patient/veiled"},
        "code": {"text": "latex"}, "clinicalStatus": {"coding": [{"code": "active"}]}}}]}"#;
    let file = hospital.home.path().join("restricted.json");
    std::fs::write(&file, bundle).unwrap();
    file
}
