//! Users in the real window: an administrator changes one and makes a team; a role that is changed and an account that is closed on
//! the command line end the session within a minute, and the screen says why.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::path::PathBuf;
use std::time::Duration;

use fantoccini::Locator;
use vigil_tests::clock::TestClock;
use vigil_tests::hospital::{ADMINISTRATOR, FRONT_DESK, Hospital, PHYSICIAN};
use vigil_tests::window::Window;

#[tokio::test]
async fn an_administrator_changes_a_user_and_makes_a_team() {
    let hospital = Hospital::new().unwrap();
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    window.sign_in(ADMINISTRATOR).await.unwrap();
    window.click("button", "Users").await.unwrap();
    window.wait_for_words("No teams yet").await.unwrap();
    window.click("button", "New team").await.unwrap();
    let form = window.wait_for("form", "Team").await.unwrap();
    form.find(Locator::Css("#team-name")).await.unwrap().send_keys("Ward 3 West").await.unwrap();
    form.find(Locator::Css("#team-reference")).await.unwrap().send_keys("Location/w3").await.unwrap();
    window.click("checkbox", "Dr A. OKAFOR").await.unwrap();
    picture(&window, "team");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Make the team").await.unwrap();
    window.wait_for("button", "Change the team Ward 3 West").await.unwrap();

    window.click("button", "Change K. LINDQVIST").await.unwrap();
    let form = window.wait_for("form", "Change K. LINDQVIST").await.unwrap();
    form.find(Locator::Css("#edit-role option[value=nurse]")).await.unwrap().click().await.unwrap();
    form.find(Locator::Css("#edit-practitioner")).await.unwrap().send_keys("Practitioner/d2").await.unwrap();
    window.wait_for_words("Their session ends at its next request").await.unwrap();
    picture(&window, "change");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Save the changes to K. LINDQVIST").await.unwrap();
    window.wait_for_words("Practitioner/d2").await.unwrap();
    picture(&window, "users");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Dark").await.unwrap();
    picture(&window, "users-dark");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Light").await.unwrap();

    window.click("button", "Rights").await.unwrap();
    window.wait_for("table", "Access rights of the users").await.unwrap();
    window.wait_for_words("care-group/general/1").await.unwrap();
    picture(&window, "rights");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Dark").await.unwrap();
    picture(&window, "rights-dark");
    findings.extend(window.axe().await.unwrap());
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
    let said = ["user", "list", "--as", ADMINISTRATOR.username, "--password-stdin"];
    let said = hospital.program.must(&said, &[ADMINISTRATOR.password]).unwrap();
    assert!(said.contains("nurse") && said.contains("Ward 3 West"), "the command line says the same:\n{said}");
    assert!(hospital.program.must(&["audit", "verify"], &[]).unwrap().contains("intact"), "all of it is on record");
}

#[tokio::test]
async fn a_changed_role_and_a_closed_account_are_seen_within_a_minute() {
    let hospital = Hospital::new().unwrap();
    let clock = TestClock::new(hospital.home.path()).unwrap();
    let file = clock.file().to_str().unwrap().to_owned();
    let window = Window::open(&hospital.launch(&["--test-clock", &file]).unwrap()).await.unwrap();
    let command = |verb: &str, username: &str, more: &[&str]| {
        let arguments = ["user", verb, "--as", ADMINISTRATOR.username, "--username", username, "--password-stdin"];
        let arguments = [arguments.as_slice(), more].concat();
        hospital.program.must(&arguments, &[ADMINISTRATOR.password]).unwrap()
    };
    window.sign_in(PHYSICIAN).await.unwrap();
    command("update", PHYSICIAN.username, &["--role", "nurse"]);
    clock.ahead(Duration::from_secs(60)).unwrap();
    window.wait_for_words("Your role was changed by an administrator").await.unwrap();
    picture(&window, "role-changed");
    window.sign_in(FRONT_DESK).await.unwrap();
    command("disable", FRONT_DESK.username, &[]);
    clock.ahead(Duration::from_secs(120)).unwrap();
    window.wait_for_words("This account was closed by an administrator").await.unwrap();
    picture(&window, "closed");
    window.close().await.unwrap();
    assert!(hospital.program.must(&["audit", "verify"], &[]).unwrap().contains("intact"), "all of it is on record");
}

/// With VIGIL_PICTURES the test leaves what it saw there, for people.
fn picture(window: &Window, name: &str) {
    if let Some(folder) = std::env::var_os("VIGIL_PICTURES") {
        window.screenshot(&PathBuf::from(folder).join(format!("users-{name}.png"))).unwrap();
    }
}
