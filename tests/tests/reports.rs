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
    // The chart of a VIP opens to those alone who are known to treat them.
    hospital.link(PHYSICIAN, "Practitioner/d1").unwrap();
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
    window.wait_for_words("Of other users no address is known").await.unwrap();
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
async fn what_was_disclosed_is_accounted_for_and_reports_become_private_files() {
    let hospital = Hospital::new().unwrap();
    hospital.user("privacy-officer", PRIVACY_OFFICER, "S. WEISS").unwrap();
    hospital.import(&[patients(&hospital).as_path()]).unwrap();
    // The chart of a VIP opens to those alone who are known to treat them.
    hospital.link(PHYSICIAN, "Practitioner/d1").unwrap();
    let export = ["export", "--as", PHYSICIAN.username, "--password-stdin", "--patient", "r1"];
    let export = [export.as_slice(), &["--basis", "required-by-law"]].concat();
    let said = [PHYSICIAN.password, "Harbour City Court", "1 Law Street"];
    for lines in [said.as_slice(), &[said.as_slice(), &[""]].concat()] {
        let silent = hospital.program.run(&export, lines).unwrap();
        assert!(!silent.success && !silent.out.contains("Okafor"), "without a purpose nothing is exported");
    }
    let said = [said.as_slice(), &["Court order 22-118"]].concat();
    assert!(hospital.program.must(&export, &said).unwrap().contains("Okafor"), "with it the record is");

    let folder = hospital.home.path().join("saved");
    std::fs::create_dir(&folder).unwrap();
    let window = Window::open(&hospital.launch(&["--test-save-to", folder.to_str().unwrap()]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    window.sign_in(PRIVACY_OFFICER).await.unwrap();
    window.click("button", "Reports").await.unwrap();
    window.click("button", "What was disclosed").await.unwrap();
    window.fill("Find the patient", "okafor").await.unwrap();
    window.click("button", "OKAFOR, Ada").await.unwrap();
    for words in ["Harbour City Court", "1 Law Street", "Court order 22-118", "Required by law", "1 disclosure"] {
        window.wait_for_words(words).await.unwrap();
    }
    for (form, name) in [("PDF", "accounting-of-disclosures.pdf"), ("CSV", "accounting-of-disclosures.csv")] {
        window.click("button", form).await.unwrap();
        window.wait_for_words(name).await.unwrap();
    }
    findings.extend(window.axe().await.unwrap());
    picture(&window, "disclosures");
    window.click("button", "Who looked at a patient").await.unwrap();
    window.wait_for_words("The patient’s own copy").await.unwrap();
    window.click("button", "PDF").await.unwrap();
    window.wait_for_words("who-looked-at-my-record.pdf").await.unwrap();
    findings.extend(window.axe().await.unwrap());
    picture(&window, "saved");
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));

    for (name, begins) in [
        ("accounting-of-disclosures.pdf", "%PDF-"),
        ("accounting-of-disclosures.csv", "\u{feff}\"Date\",\"Received by\""),
        ("who-looked-at-my-record.pdf", "%PDF-"),
    ] {
        let path = folder.join(name);
        let written = std::fs::read(&path).unwrap();
        assert!(written.starts_with(begins.as_bytes()), "{name} begins with {begins}");
        let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600, "{name} is its owner's");
        if let Some(pictures) = std::env::var_os("VIGIL_PICTURES") {
            std::fs::copy(&path, PathBuf::from(pictures).join(name)).unwrap();
        }
    }
}

#[tokio::test]
async fn a_report_is_read_in_a_narrow_window_too() {
    let hospital = Hospital::new().unwrap();
    hospital.user("privacy-officer", PRIVACY_OFFICER, "S. WEISS").unwrap();
    hospital.import(&[patients(&hospital).as_path()]).unwrap();
    // The chart of a VIP opens to those alone who are known to treat them.
    hospital.link(PHYSICIAN, "Practitioner/d1").unwrap();
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
        "generalPractitioner": [{"reference": "Practitioner/d1"}],
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
