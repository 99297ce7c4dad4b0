//! Keys in the real window and on the command line: the administrator replaces one and closes an account, the privacy officer
//! looks and reads the key access log.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::path::PathBuf;

use fantoccini::Locator;
use vigil_tests::hospital::{ADMINISTRATOR, FRONT_DESK, Hospital, PHYSICIAN, SignIn};
use vigil_tests::window::Window;

const PRIVACY_OFFICER: SignIn<'static> = SignIn { username: "abebe", password: "green-lantern-63-doors" };
/// The first button of a question; the cross at its corner is another kind.
const CONFIRM: &str = ".mantine-Button-root";
const PATIENT: &str = r#"{"resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "Patient", "id": "k1", "gender": "female", "birthDate": "1961-04-02",
        "name": [{"family": "Keystone", "given": ["Ada"]}]}},
    {"resource": {"resourceType": "Condition", "id": "k2", "subject": {"reference": "Patient/k1"},
        "code": {"text": "Invented complaint"}}}]}"#;

fn hospital() -> Hospital {
    let hospital = Hospital::new().unwrap();
    hospital.user("privacy-officer", PRIVACY_OFFICER, "T. ABEBE").unwrap();
    let bundle = hospital.home.path().join("bundle.json");
    std::fs::write(&bundle, PATIENT).unwrap();
    hospital.import(&[&bundle]).unwrap();
    hospital
}

#[tokio::test]
async fn the_administrator_replaces_a_key_and_the_privacy_officer_sees_who_used_which() {
    let hospital = hospital();
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();

    window.sign_in(PHYSICIAN).await.unwrap();
    window.search_patients("keystone", "Keystone, Ada").await.unwrap();
    window.open_chart("Keystone, Ada").await.unwrap();
    assert!(window.open_section("Problems").await.unwrap(), "there is a problem");
    window.click("button", "Sign out").await.unwrap();

    window.sign_in(ADMINISTRATOR).await.unwrap();
    window.click("button", "Keys").await.unwrap();
    window.click("button", "Replace the directory key").await.unwrap();
    window.wait_for("dialog", "Replace the directory key").await.unwrap();
    picture(&window, "question");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Cancel").await.unwrap();
    window.click("button", "Replace the directory key").await.unwrap();
    let dialog = window.wait_for("dialog", "Replace the directory key").await.unwrap();
    dialog.find(Locator::Css(CONFIRM)).await.unwrap().click().await.unwrap();
    window.wait_for_words("Decrypt only").await.unwrap();
    picture(&window, "administrator");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Dark").await.unwrap();
    picture(&window, "administrator-dark");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Light").await.unwrap();
    window.click("button", "Users").await.unwrap();
    window.click("button", "Close the account of K. LINDQVIST").await.unwrap();
    let dialog = window.wait_for("dialog", "Close the account of K. LINDQVIST").await.unwrap();
    picture(&window, "close-account");
    findings.extend(window.axe().await.unwrap());
    dialog.find(Locator::Css(CONFIRM)).await.unwrap().click().await.unwrap();
    window.wait_for("button", "Open the account of K. LINDQVIST").await.unwrap();
    picture(&window, "users");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Sign out").await.unwrap();

    window.sign_in(PRIVACY_OFFICER).await.unwrap();
    window.click("button", "Keys").await.unwrap();
    window.wait_for_words("Destroyed").await.unwrap();
    let replace = window.find("button", "Replace the directory key").await.unwrap();
    assert!(replace.is_none(), "a privacy officer looks and changes nothing");
    picture(&window, "privacy-officer");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Key access log").await.unwrap();
    window.wait_for_words("patient/1").await.unwrap();
    picture(&window, "log");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Dark").await.unwrap();
    picture(&window, "log-dark");
    findings.extend(window.axe().await.unwrap());
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
    assert!(hospital.program.must(&["audit", "verify"], &[]).unwrap().contains("intact"), "all of it is on record");
}

#[test]
fn on_the_command_line_every_key_is_listed_and_replaced_and_everybody_reads_on() {
    let hospital = hospital();
    let keys = |arguments: &[&str]| {
        let arguments = [&["keys"], arguments, &["--as", ADMINISTRATOR.username, "--password-stdin"]].concat();
        hospital.program.must(&arguments, &[ADMINISTRATOR.password]).unwrap()
    };
    let version = |id: &str| {
        let status = keys(&["status", "--json"]);
        let list: serde_json::Value = serde_json::from_str(&status).unwrap();
        let rows = list["rows"].as_array().unwrap();
        rows.iter().find(|row| row["id"] == id && row["state"] == "active").unwrap()["version"].as_u64().unwrap()
    };
    let all = ["authority", "directory", "care-group/general", "break-glass", "patient", "database"];
    keys(&[&["rotate"], all.as_slice()].concat());
    for id in ["authority", "directory", "care-group/general", "break-glass", "database"] {
        assert_eq!(version(id), 2, "{id} is another one");
    }
    let status = keys(&["status"]);
    for word in ["version", "state", "age", "next rotation", "custodian", "user-slot/okafor", "signing"] {
        assert!(status.contains(word), "{word} in:\n{status}");
    }
    let export = ["export", "--as", PHYSICIAN.username, "--password-stdin", "--patient", "k1"];
    let export = [export.as_slice(), &["--basis", "individual"]].concat();
    let said = [PHYSICIAN.password, "A. Keystone", "", "asked for it"];
    assert!(hospital.program.must(&export, &said).unwrap().contains("Keystone"), "the chart reads");
    let close = ["user", "disable", "--as", ADMINISTRATOR.username, "--username", FRONT_DESK.username];
    let close = [close.as_slice(), &["--password-stdin"]].concat();
    hospital.program.must(&close, &[ADMINISTRATOR.password]).unwrap();
    assert_eq!(version("directory"), 3, "the closed account held it");
    let log = ["keys", "log", "--as", PRIVACY_OFFICER.username, "--password-stdin", "--patient", "k1"];
    let log = hospital.program.must(&log, &[PRIVACY_OFFICER.password]).unwrap();
    assert!(log.contains("Dr A. OKAFOR") && log.contains("patient/"), "who and which:\n{log}");
    assert!(hospital.program.must(&["audit", "verify"], &[]).unwrap().contains("intact"), "and the log verifies");
}

/// With VIGIL_PICTURES the test leaves what it saw there, for people.
fn picture(window: &Window, name: &str) {
    if let Some(folder) = std::env::var_os("VIGIL_PICTURES") {
        window.screenshot(&PathBuf::from(folder).join(format!("keys-{name}.png"))).unwrap();
    }
}
