//! Destroying one entry of a record in the real window: the privacy officer asks, the administrator agrees, and the chart says
//! that something was there. On the command line: the whole record.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::path::PathBuf;

use vigil_tests::hospital::{ADMINISTRATOR, Hospital, PHYSICIAN, SignIn};
use vigil_tests::window::Window;

const PRIVACY_OFFICER: SignIn<'static> = SignIn { username: "abebe", password: "green-lantern-63-doors" };
const BUNDLE: &str = r#"{"resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "Patient", "id": "k1", "gender": "female", "birthDate": "1961-04-02",
        "name": [{"family": "Keystone", "given": ["Ada"]}]}},
    {"resource": {"resourceType": "DocumentReference", "id": "d1", "status": "current", "subject": {"reference": "Patient/k1"},
        "date": "2026-05-02T10:00:00Z", "type": {"text": "Recording of a visit"},
        "content": [{"attachment": {"contentType": "text/plain", "data": "cmVjb3JkZWQ="}}]}},
    {"resource": {"resourceType": "DocumentReference", "id": "d2", "status": "current", "subject": {"reference": "Patient/k1"},
        "date": "2026-05-03T10:00:00Z", "type": {"text": "Discharge letter"},
        "content": [{"attachment": {"contentType": "text/plain", "data": "bGV0dGVy"}}]}}]}"#;

fn hospital() -> Hospital {
    let hospital = Hospital::new().unwrap();
    hospital.user("privacy-officer", PRIVACY_OFFICER, "T. ABEBE").unwrap();
    let bundle = hospital.home.path().join("bundle.json");
    std::fs::write(&bundle, BUNDLE).unwrap();
    hospital.import(&[&bundle]).unwrap();
    hospital
}

#[tokio::test]
async fn one_asks_another_agrees_and_the_chart_says_that_an_entry_was_destroyed() {
    let hospital = hospital();
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();

    window.sign_in(PRIVACY_OFFICER).await.unwrap();
    window.click("button", "Destroy").await.unwrap();
    window.wait_for_words("Nobody has asked for a destruction").await.unwrap();
    picture(&window, "nothing");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Ask for a destruction").await.unwrap();
    window.fill("Patient id", "k1").await.unwrap();
    window.click("radio", "One entry").await.unwrap();
    window.fill("Entry", "DocumentReference/d1").await.unwrap();
    window.fill("In your words", "Granted on the 21st, file 4711").await.unwrap();
    picture(&window, "ask");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Ask; nothing is destroyed yet").await.unwrap();
    window.wait_for_words("You asked for this").await.unwrap();
    picture(&window, "own");
    window.click("button", "Sign out").await.unwrap();

    window.sign_in(ADMINISTRATOR).await.unwrap();
    window.click("button", "Destroy").await.unwrap();
    window.wait_for_words("Agreeing destroys this entry at once and for good").await.unwrap();
    picture(&window, "decide");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Dark").await.unwrap();
    picture(&window, "decide-dark");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Light").await.unwrap();
    window.fill("Patient id, once more", "k2").await.unwrap();
    window.click("button", "Agree and destroy this entry").await.unwrap();
    window.wait_for_words("This is not the id of the patient above").await.unwrap();
    window.fill("Patient id, once more", "k1").await.unwrap();
    window.click("button", "Agree and destroy this entry").await.unwrap();
    window.wait_for_words("by M. ADEYEMI").await.unwrap();
    picture(&window, "destroyed");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Sign out").await.unwrap();

    window.sign_in(PHYSICIAN).await.unwrap();
    window.search_patients("keystone", "Keystone, Ada").await.unwrap();
    window.open_chart("Keystone, Ada").await.unwrap();
    assert!(window.open_section("Documents").await.unwrap(), "one document is left");
    window.wait_for_words("this entry was destroyed for good").await.unwrap();
    let words = window.words().await.unwrap();
    assert!(words.contains("Discharge letter") && !words.contains("Recording of a visit"), "the other one stays");
    picture(&window, "chart");
    findings.extend(window.axe().await.unwrap());
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
    assert!(hospital.program.must(&["audit", "verify"], &[]).unwrap().contains("intact"), "all of it is on record");
}

#[test]
fn on_the_command_line_the_words_come_from_standard_input_and_two_persons_decide() {
    let hospital = hospital();
    let run = |verb: &str, who: SignIn<'_>, rest: &[&str], lines: &[&str]| {
        let arguments = [&["patient", verb, "--as", who.username, "--password-stdin"], rest].concat();
        hospital.program.must(&arguments, &[&[who.password], lines].concat())
    };
    let request = ["--patient", "k1", "--resource", "DocumentReference/d1", "--reason", "legal-order"];
    let answer = run("destroy-request", PRIVACY_OFFICER, &request, &["Order of the court, file 12"]).unwrap();
    assert!(answer.contains("request 1 waits"), "{answer}");
    let listed = run("destroy-list", PRIVACY_OFFICER, &[], &[]).unwrap();
    assert!(listed.contains("DocumentReference/d1") && listed.contains("file 12"), "what of and why: {listed}");
    let decide = ["--request", "1", "--patient", "k1"];
    let own = run("destroy-approve", PRIVACY_OFFICER, &decide, &[]).unwrap_err().to_string();
    assert!(own.contains("it takes a second person"), "and it says why: {own}");
    run("destroy-approve", ADMINISTRATOR, &decide, &[]).unwrap();
    let export = ["export", "--as", PHYSICIAN.username, "--password-stdin", "--patient", "k1"];
    let said = [PHYSICIAN.password, "A. Keystone", "", "asked for it"];
    let export = hospital.program.must(&[export.as_slice(), &["--basis", "individual"]].concat(), &said).unwrap();
    assert!(export.contains("Discharge letter") && !export.contains("Recording"), "the record is there without it");
    assert!(hospital.program.must(&["audit", "verify"], &[]).unwrap().contains("intact"), "and the log verifies");
}

/// With VIGIL_PICTURES the test leaves what it saw there, for people.
fn picture(window: &Window, name: &str) {
    if let Some(folder) = std::env::var_os("VIGIL_PICTURES") {
        window.screenshot(&PathBuf::from(folder).join(format!("destruction-{name}.png"))).unwrap();
    }
}
