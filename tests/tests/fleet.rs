//! A fleet in the real window: the program and the central server as they are shipped, a workstation that is enrolled by its token, somebody
//! who comes from the directory, and an hour without the server.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use vigil_tests::central_server::CentralServer;
use vigil_tests::hospital::{ADMINISTRATOR, Hospital, SignIn};
use vigil_tests::program;
use vigil_tests::window::Window;

const CHOSEN: &str = "larks over the harbour";

fn server(hospital: &Hospital) -> CentralServer {
    let binary = program::binary().unwrap().with_file_name("vigil-server");
    let mut server = CentralServer::in_folder(&binary, &hospital.home.path().join("server")).unwrap();
    server.start().unwrap();
    server
}

/// Adds a user to the directory; the answer is the first password.
fn add(server: &CentralServer, username: &str, name: &str, role: &str) -> String {
    let said = server.must(&["user", "add", username, "--display-name", name, "--role", role]).unwrap();
    said.lines().find_map(|line| line.strip_prefix("first password: ")).unwrap().to_owned()
}

#[tokio::test]
async fn a_nurse_of_the_directory_signs_in_where_she_never_was_and_works_on_without_the_server() {
    let hospital = Hospital::bare().unwrap();
    let mut server = server(&hospital);
    let token = hospital.home.path().join("token");
    std::fs::write(&token, server.token().unwrap()).unwrap();
    let enrol = ["enrol", "--token-file", token.to_str().unwrap()];
    let answer = hospital.program.run(&enrol, &[]).unwrap();
    assert!(!answer.success && answer.err.contains("--organization"), "it says what is missing: {}", answer.err);
    let new = ["--organization", "Harbour Test Hospital", "--environment", "demo", "--custodian", "software"];
    let said = hospital.program.must(&[enrol.as_slice(), &new].concat(), &[]).unwrap();
    assert!(said.contains("one of the fleet of https://localhost:"), "{said}");
    let again = hospital.program.run(&enrol, &[]).unwrap();
    assert!(!again.success && again.err.contains("does not accept this token"), "it was used: {}", again.err);
    let first = add(&server, "virtanen", "S. VIRTANEN", "nurse");

    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    window.wait_for_words("Connected").await.unwrap();
    window.picture("fleet-sign-in").unwrap();
    findings.extend(window.axe().await.unwrap());
    window.fill("User name", "virtanen").await.unwrap();
    window.fill("Password", &first).await.unwrap();
    window.click("button", "Sign in").await.unwrap();
    window.wait_for("heading", "Choose your password").await.unwrap();
    window.picture("fleet-first-password").unwrap();
    window.fill("The password that you were given", &first).await.unwrap();
    window.fill("Your own password", CHOSEN).await.unwrap();
    window.fill("Your own password again", CHOSEN).await.unwrap();
    window.click("button", "Use this password").await.unwrap();
    window.wait_for("button", "Patients").await.unwrap();
    window.wait_for_words("No entry waits").await.unwrap();
    window.picture("fleet-connected").unwrap();
    findings.extend(window.axe().await.unwrap());

    server.stop().unwrap();
    window.click("button", "Patients").await.unwrap();
    window.fill("Find a patient", "nobody").await.unwrap();
    window.wait_for_words("Offline since").await.unwrap();
    for colours in ["Dark", "Light"] {
        window.click("button", colours).await.unwrap();
        window.picture(&format!("fleet-offline-{colours}")).unwrap();
        findings.extend(window.axe().await.unwrap());
    }
    window.click("button", "Sign out").await.unwrap();
    window.sign_in(SignIn { username: "virtanen", password: CHOSEN }).await.unwrap();
    window.wait_for_words("Offline since").await.unwrap();
    server.start().unwrap();
    window.wait_for_words("No entry waits").await.unwrap();
    window.picture("fleet-back").unwrap();

    server.must(&["user", "disable", "virtanen"]).unwrap();
    window.wait_for("heading", "Sign in").await.unwrap();
    window.picture("fleet-closed").unwrap();
    assert_eq!(findings, Vec::<String>::new(), "axe finds nothing");
    window.close().await.unwrap();
    let said = server.must(&["audit", "verify"]).unwrap();
    assert_eq!(said.matches("  intact").count(), 2, "the workstation's log and the server's own: {said}");
}

#[tokio::test]
async fn an_administrator_enrols_a_workstation_that_was_set_up_alone() {
    let hospital = Hospital::new().unwrap();
    let server = server(&hospital);
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    window.sign_in(ADMINISTRATOR).await.unwrap();
    window.click("button", "Server").await.unwrap();
    window.wait_for("heading", "Central server").await.unwrap();
    window.picture("server-alone").unwrap();
    findings.extend(window.axe().await.unwrap());
    window.fill("One-time token", "vigil1.nonsense").await.unwrap();
    window.click("button", "Enrol this workstation").await.unwrap();
    window.wait_for_words("incomplete").await.unwrap();
    window.picture("server-wrong-token").unwrap();
    findings.extend(window.axe().await.unwrap());
    window.fill("One-time token", &server.token().unwrap()).await.unwrap();
    window.click("button", "Enrol this workstation").await.unwrap();
    window.wait_for_words("No entry waits").await.unwrap();
    for colours in ["Dark", "Light"] {
        window.click("button", colours).await.unwrap();
        window.picture(&format!("server-enrolled-{colours}")).unwrap();
        findings.extend(window.axe().await.unwrap());
    }
    assert_eq!(findings, Vec::<String>::new(), "axe finds nothing");
    window.close().await.unwrap();
    let said = server.must(&["audit", "verify"]).unwrap();
    assert_eq!(said.matches("  intact").count(), 2, "{said}");
}
