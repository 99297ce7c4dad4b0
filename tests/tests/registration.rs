//! Registering a patient in the real window, at the front desk: who may be the same person is compared first, and who somebody is changes.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use fantoccini::key::Key;
use vigil_tests::hospital::{Hospital, SignIn, ana};
use vigil_tests::window::Window;

const FRONT_DESK: SignIn<'static> = SignIn { username: "brandt", password: "slow-ferry-31-candles" };

fn hospital() -> Hospital {
    let hospital = Hospital::new().unwrap();
    hospital.user("front-desk", FRONT_DESK, "J. BRANDT").unwrap();
    hospital.record(&[ana("first", "Waldstein")]).unwrap();
    hospital
}

#[tokio::test]
async fn somebody_new_is_compared_registered_and_changed() {
    let hospital = hospital();
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    window.sign_in(FRONT_DESK).await.unwrap();
    window.click("button", "Patients").await.unwrap();
    window.click("button", "Register a patient").await.unwrap();
    window.fill("Family name", "Waldstain").await.unwrap();
    window.fill("Given names", "Anna").await.unwrap();
    window.fill("Birth date", "03-Feb-1961").await.unwrap();
    window.look("registration-form", &mut findings).await.unwrap();

    // What was typed outlives a lock.
    window.lock("Waldstain, Anna").await.unwrap();
    window.unlock(FRONT_DESK).await.unwrap();
    let typed = window.wait_for("field", "Family name").await.unwrap().prop("value").await.unwrap();
    assert_eq!(typed.as_deref(), Some("Waldstain"), "what was typed is there");

    window.click("button", "Register Anna WALDSTAIN, born 03-Feb-1961").await.unwrap();
    window.wait_for_words("Is Anna WALDSTAIN here already?").await.unwrap();
    window.wait_for("table", "Patients who may be the same person").await.unwrap();
    window.look("registration-compare", &mut findings).await.unwrap();
    window.click("field", "I have compared name, birth date and number").await.unwrap();
    window.click("button", "This is somebody else: register Anna WALDSTAIN").await.unwrap();
    window.wait_for_banner("WALDSTAIN, Anna").await.unwrap();

    window.click("button", "Change who this is").await.unwrap();
    window.fill("City", "Ann Arbor").await.unwrap();
    window.look("registration-change", &mut findings).await.unwrap();
    window.click("button", "Store this change for WALDSTAIN, Anna").await.unwrap();
    window.wait_for_words("Stored: ").await.unwrap();
    window.search_patients("waldst", "WALDSTAIN").await.unwrap();
    window.wait_for("button", "Open the chart of WALDSTEIN").await.unwrap();
    window.chord(&[], Key::Escape.into()).await.unwrap();
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
    let verified = hospital.program.must(&["audit", "verify"], &[]).unwrap();
    assert!(verified.contains("intact"), "all of it is on a record that verifies: {verified}");
}
