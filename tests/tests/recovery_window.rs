//! The recovery key, forgotten passwords and backups in the real window.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::fs;
use std::path::PathBuf;
use vigil_tests::hospital::{ADMINISTRATOR, Hospital, PHYSICIAN};
use vigil_tests::window::Window;

const OTHER: &str = "amber-station-21-hills";
const THIRD: &str = "gentle-copper-58-doors";

#[tokio::test]
async fn the_first_administrator_keeps_the_paper_and_it_gives_a_forgotten_password_back() {
    let hospital = Hospital::bare().unwrap();
    let saved = hospital.home.path().join("saved");
    fs::create_dir_all(&saved).unwrap();
    let arguments = ["--custodian", "software", "--environment", "demo", "--test-save-to", saved.to_str().unwrap()];
    let window = Window::open(&hospital.launch(&arguments).unwrap()).await.unwrap();
    let mut findings = Vec::new();

    window.fill("Hospital", "Harbour Test Hospital").await.unwrap();
    window.fill("Your name", "M. ADEYEMI").await.unwrap();
    window.fill("User name", ADMINISTRATOR.username).await.unwrap();
    window.fill("Password", ADMINISTRATOR.password).await.unwrap();
    window.fill("Password again", ADMINISTRATOR.password).await.unwrap();
    window.click("button", "Make the administrator").await.unwrap();
    window.wait_for("heading", "The organisation recovery key").await.unwrap();
    picture(&window, "first-start");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Make the recovery key").await.unwrap();
    window.wait_for("list", "The recovery key, group by group").await.unwrap();
    picture(&window, "paper");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Save the paper as PDF").await.unwrap();
    window.wait_for_words("Print it, then delete the file").await.unwrap();
    let paper = fs::read_dir(&saved).unwrap().next().unwrap().unwrap().path();
    let (groups, asked) = shown(&window).await;
    for number in &asked {
        window.fill(&format!("Group {number}"), &groups[number - 1].to_lowercase()).await.unwrap();
    }
    window.click("button", "The paper is safe").await.unwrap();
    window.wait_for("button", "Lock").await.unwrap();
    assert!(!window.client.source().await.unwrap().contains(&groups.join("-")), "the key is off the page");
    let said = hospital.program.must(&["recovery", "status"], &[]).unwrap();
    let name = paper.file_stem().unwrap().to_str().unwrap().rsplit('-').next().unwrap().to_owned();
    assert!(said.contains(&name), "the paper {name} is in force: {said}");

    window.click("button", "Sign out").await.unwrap();
    window.click("button", "Forgotten password?").await.unwrap();
    picture(&window, "forgotten");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "I am an administrator").await.unwrap();
    recover(&window, &groups.join(" ")).await;
    picture(&window, "forgotten-with-key");
    window.click("button", "Give the administrator this password").await.unwrap();
    sign_in_as(&window, ADMINISTRATOR.username).await;
    choose(&window, OTHER, THIRD, &mut findings).await;
    window.wait_for("button", "Lock").await.unwrap();
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
}

#[tokio::test]
async fn an_administrator_resets_a_password_writes_a_backup_and_a_lost_device_key_is_no_end() {
    let hospital = Hospital::new().unwrap();
    let saved = hospital.home.path().join("saved");
    fs::create_dir_all(&saved).unwrap();
    let arguments = ["--custodian", "software", "--environment", "demo", "--test-save-to", saved.to_str().unwrap()];
    let window = Window::open(&hospital.launch(&arguments).unwrap()).await.unwrap();
    let mut findings = Vec::new();

    window.sign_in(ADMINISTRATOR).await.unwrap();
    window.wait_for_words("No recovery key").await.unwrap();
    window.click("button", "See to it").await.unwrap();
    window.wait_for_words("No backup of this workstation was ever written").await.unwrap();
    picture(&window, "backup-page");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Write a backup").await.unwrap();
    window.wait_for_words("Written:").await.unwrap();
    window.wait_for_words("(today)").await.unwrap();
    picture(&window, "backup-written");
    window.click("button", "Make the recovery key").await.unwrap();
    window.fill("Your password, again", ADMINISTRATOR.password).await.unwrap();
    window.click("button", "Make the recovery key").await.unwrap();
    window.wait_for("list", "The recovery key, group by group").await.unwrap();
    let (groups, asked) = shown(&window).await;
    for number in &asked {
        window.fill(&format!("Group {number}"), &groups[number - 1]).await.unwrap();
    }
    window.click("button", "The paper is safe").await.unwrap();
    window.wait_without_words("No recovery key").await.unwrap();
    picture(&window, "backup-with-key");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Dark").await.unwrap();
    picture(&window, "backup-dark");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Light").await.unwrap();

    window.click("button", "Users").await.unwrap();
    window.click("button", "New password for Dr A. OKAFOR").await.unwrap();
    window.fill("Password for the next sign-in", OTHER).await.unwrap();
    window.fill("The same again", OTHER).await.unwrap();
    picture(&window, "reset");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Give Dr A. OKAFOR this password").await.unwrap();
    window.wait_for_words("Tell Dr A. OKAFOR the password in person").await.unwrap();
    window.click("button", "Sign out").await.unwrap();
    sign_in_as(&window, PHYSICIAN.username).await;
    choose(&window, OTHER, THIRD, &mut findings).await;
    window.wait_for("button", "Patients").await.unwrap();
    window.close().await.unwrap();

    fs::remove_file(hospital.home.data().join("device.root")).unwrap();
    let window = Window::open(&hospital.launch(&arguments).unwrap()).await.unwrap();
    window.wait_for("heading", "This workstation did not open").await.unwrap();
    picture(&window, "lost");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Open with the organisation recovery key").await.unwrap();
    recover(&window, &groups.join("-")).await;
    window.click("button", "Open the data with this key").await.unwrap();
    window.wait_for("heading", "The data opens again").await.unwrap();
    picture(&window, "recovered");
    findings.extend(window.axe().await.unwrap());
    window.click("button", "Go to the sign-in").await.unwrap();
    sign_in_as(&window, ADMINISTRATOR.username).await;
    choose(&window, OTHER, THIRD, &mut findings).await;
    window.wait_for("button", "Lock").await.unwrap();
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
    let verified = hospital.program.must(&["audit", "verify"], &[]).unwrap();
    assert!(verified.contains("intact"), "all of it is on a record that verifies: {verified}");
    assert!(fs::read_dir(&saved).unwrap().count() == 1, "one backup, and the paper was not saved");
}

/// The groups on the page, and which of them are asked for.
async fn shown(window: &Window) -> (Vec<String>, Vec<usize>) {
    let script = "return JSON.stringify({
        groups: [...document.querySelectorAll('ol[aria-label^=\"The recovery key\"] li')].map((one) => one.lastChild.textContent),
        asked: [...document.querySelectorAll('input[name^=group]')].map((one) => Number(one.name.slice(5))) })";
    let answer = window.client.execute(script, vec![]).await.unwrap();
    let answer: serde_json::Value = serde_json::from_str(answer.as_str().unwrap()).unwrap();
    let groups: Vec<String> = serde_json::from_value(answer["groups"].clone()).unwrap();
    assert_eq!(groups.len(), 14, "the whole key is shown");
    (groups, serde_json::from_value(answer["asked"].clone()).unwrap())
}

async fn recover(window: &Window, key: &str) {
    window.fill("Recovery key", key).await.unwrap();
    window.fill("Administrator’s user name", ADMINISTRATOR.username).await.unwrap();
    window.fill("New password", OTHER).await.unwrap();
    window.fill("New password again", OTHER).await.unwrap();
}

/// With the password that somebody else gave.
async fn sign_in_as(window: &Window, username: &str) {
    window.wait_for("heading", "Sign in").await.unwrap();
    window.wait_without_words("Sign out").await.unwrap();
    window.fill("User name", username).await.unwrap();
    window.fill("Password", OTHER).await.unwrap();
    window.click("button", "Sign in").await.unwrap();
}

async fn choose(window: &Window, given: &str, own: &str, findings: &mut Vec<String>) {
    window.wait_for("heading", "Choose your password").await.unwrap();
    picture(window, "choose");
    findings.extend(window.axe().await.unwrap());
    window.fill("The password that you were given", given).await.unwrap();
    window.fill("Your own password", own).await.unwrap();
    window.fill("Your own password again", own).await.unwrap();
    window.click("button", "Use this password").await.unwrap();
}

/// With VIGIL_PICTURES the test leaves what it saw there, for people.
fn picture(window: &Window, name: &str) {
    if let Some(folder) = std::env::var_os("VIGIL_PICTURES") {
        window.screenshot(&PathBuf::from(folder).join(format!("recovery-{name}.png"))).unwrap();
    }
}
