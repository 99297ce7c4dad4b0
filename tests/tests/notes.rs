//! Notes in the real window: written by keys, interrupted by a lock, by SIGKILL and by another user, signed, cosigned, amended, and never in
//! the chart of somebody else.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use fantoccini::key::Key;
use serde_json::json;
use vigil_tests::hospital::{Hospital, PHYSICIAN, SignIn, ana};
use vigil_tests::window::Window;

const SENIOR: SignIn<'static> = SignIn { username: "nakamura", password: "slow-ferry-31-candles" };
const WHOSE: &str = "WALDSTEIN, Ana";
/// A note from the open chart to its signature takes so many keys at most, besides its text and the password.
const MOST_KEYS: usize = 25;

/// Two patients; the first has a problem and a weight.
fn hospital() -> Hospital {
    let hospital = Hospital::new().unwrap();
    hospital.user("physician", SENIOR, "Dr S. NAKAMURA").unwrap();
    let asthma = json!({ "resourceType": "Condition", "id": "c1", "subject": { "reference": "Patient/first" },
        "clinicalStatus": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active" }] },
        "code": { "text": "Asthma" } });
    hospital.record(&[ana("first", "Waldstein"), ana("second", "Morgenrot"), asthma]).unwrap();
    hospital
}

async fn open(window: &Window, search: &str, family: &str) {
    window.search_patients(search, family).await.unwrap();
    window.open_chart(family).await.unwrap();
}

/// The password for the signature that was just asked for.
async fn authenticate(window: &Window, who: SignIn<'_>) {
    window.wait_for("form", "Authenticate again").await.unwrap();
    window.fill("Your password, again", who.password).await.unwrap();
    window.chord(&[], Key::Enter.into()).await.unwrap();
}

async fn typed(window: &Window, heading: &str) -> String {
    let field = window.wait_for("field", heading).await.unwrap();
    field.prop("value").await.unwrap().unwrap_or_default()
}

#[tokio::test]
async fn a_note_is_written_by_keys_interrupted_by_a_lock_by_another_user_and_by_a_kill_and_signed() {
    let hospital = hospital();
    let launch = hospital.launch(&[]).unwrap();
    let window = Window::open(&launch).await.unwrap();
    let mut findings = Vec::new();
    window.sign_in(PHYSICIAN).await.unwrap();
    open(&window, "waldstein", "WALDSTEIN").await;

    // By keys alone: Alt+N, the template's digit, the text, Ctrl+Enter.
    let mut count = 2;
    window.chord(&[Key::Alt.into()], 'n').await.unwrap();
    window.wait_for("group", "New note").await.unwrap();
    window.wait_for_words("a digit or Enter begins").await.unwrap();
    count += 1;
    window.type_text("2").await.unwrap();
    window.wait_for("field", "Subjective").await.unwrap();
    assert!(typed(&window, "Assessment").await.contains("Asthma"), "the active problem stands where it belongs");
    window.type_text("Coughs at night").await.unwrap();
    window.wait_for_words("Draft stored").await.unwrap();
    window.look("notes-editor", &mut findings).await.unwrap();

    // A lock: the text is gone from the screen, and back after it.
    window.lock(WHOSE).await.unwrap();
    assert!(!window.client.source().await.unwrap().contains("Coughs"), "nothing of it is left in the locked page");
    let refused = window.forged("unsigned_note_search", json!(null)).await.unwrap();
    assert_ne!(refused, "", "and nothing is listed");
    window.unlock(PHYSICIAN).await.unwrap();
    assert_eq!(typed(&window, "Subjective").await, "Coughs at night", "as it was");
    window.wait_for("field", "Subjective").await.unwrap().click().await.unwrap();
    window.type_text(", since Monday").await.unwrap();
    window.wait_for_words("Draft stored").await.unwrap();

    // Somebody else takes the workstation from the lock page, writes in the same chart and leaves; the first comes back to the same field.
    window.lock(WHOSE).await.unwrap();
    window.click("button", "Switch user").await.unwrap();
    window.sign_in(SENIOR).await.unwrap();
    window.wait_for_words("No chart opened yet").await.unwrap();
    assert!(!window.client.source().await.unwrap().contains("Coughs"), "nothing of it is left for the next user");
    open(&window, "waldstein", "WALDSTEIN").await;
    window.open_section("Vitals").await.unwrap();
    window.fill("Pulse", "72").await.unwrap();
    window.chord(&[], Key::Enter.into()).await.unwrap();
    window.wait_for_words("Stored: Heart rate 72 /min").await.unwrap();
    window.look("notes-another-user", &mut findings).await.unwrap();
    window.click("button", "Sign out").await.unwrap();
    window.sign_in(PHYSICIAN).await.unwrap();
    window.wait_for_banner(WHOSE).await.unwrap();
    assert_eq!(typed(&window, "Subjective").await, "Coughs at night, since Monday", "not a letter of it is lost");
    // The caret is where it was: nothing is clicked on.
    window
        .wait_until("the focus in the note", async |window: &Window| {
            const AT: &str = "return document.activeElement?.value === 'Coughs at night, since Monday'";
            Ok((window.client.execute(AT, vec![]).await? == true).then_some(()))
        })
        .await
        .unwrap();
    window.type_text(" evening").await.unwrap();
    window.wait_for_words("Draft stored").await.unwrap();
    // Without a farewell: the program is killed with what it holds.
    drop(window);

    let window = Window::open(&launch).await.unwrap();
    // Somebody else works here meanwhile, and sees nothing of it.
    window.sign_in(SENIOR).await.unwrap();
    open(&window, "waldstein", "WALDSTEIN").await;
    window.open_section("Documents").await.unwrap();
    window.wait_for("group", "New note").await.unwrap();
    assert!(window.find("list", "Your drafts in this chart").await.unwrap().is_none(), "a draft is its author's alone");
    window.click("button", "Sign out").await.unwrap();

    window.sign_in(PHYSICIAN).await.unwrap();
    window.wait_for_words("Notes to sign").await.unwrap();
    window.look("notes-to-sign", &mut findings).await.unwrap();
    open(&window, "waldstein", "WALDSTEIN").await;
    window.open_section("Documents").await.unwrap();
    window.look("notes-drafts", &mut findings).await.unwrap();
    window.click("button", "Draft Progress note (SOAP)").await.unwrap();
    assert_eq!(
        typed(&window, "Subjective").await,
        "Coughs at night, since Monday evening",
        "killed, and nothing was lost"
    );

    count += 2;
    window.chord(&[Key::Control.into()], Key::Enter.into()).await.unwrap();
    count += 1;
    authenticate(&window, PHYSICIAN).await;
    window.wait_for_words("Progress note (SOAP), signed").await.unwrap();
    assert!(count <= MOST_KEYS, "a note takes {count} keys besides its text");
    window.click("row", "Progress note (SOAP)").await.unwrap();
    window.wait_for_words("text is what was signed").await.unwrap();
    window.wait_for_words("Dr A. OKAFOR").await.unwrap();
    window.look("notes-signed", &mut findings).await.unwrap();

    // What was wrong is amended, and both stay.
    window.click("button", "Write an amendment").await.unwrap();
    window.wait_for("field", "Subjective").await.unwrap().click().await.unwrap();
    window.chord(&[Key::Control.into()], Key::End.into()).await.unwrap();
    window.type_text(" last week").await.unwrap();
    window.click("button", &format!("Sign this amendment for {WHOSE}")).await.unwrap();
    authenticate(&window, PHYSICIAN).await;
    window.wait_for_words("Amendment of: Progress note (SOAP), signed").await.unwrap();
    window.click("row", "Progress note (SOAP): Amendment").await.unwrap();
    window.wait_for_words("What was changed").await.unwrap();
    window.wait_for_words("Coughs at night, since Monday evening last week").await.unwrap();
    window.look("notes-amendment", &mut findings).await.unwrap();

    // In another chart nothing of it is written.
    open(&window, "morgenrot", "MORGENROT").await;
    for chart in ["first", "second"] {
        let begin = json!({ "patientId": "first", "chartOnScreen": chart, "kind": "progress", "follows": null });
        assert_eq!(
            window.forged("note_draft_create", begin).await.unwrap(),
            "other-patient",
            "the second chart is on the screen"
        );
    }
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
    let verified = hospital.program.must(&["audit", "verify"], &[]).unwrap();
    assert!(verified.contains("intact"), "all of it is on a record that verifies: {verified}");
}

#[tokio::test]
async fn a_second_physician_is_asked_and_cosigns() {
    let hospital = hospital();
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    window.sign_in(PHYSICIAN).await.unwrap();
    open(&window, "waldstein", "WALDSTEIN").await;
    window.chord(&[Key::Alt.into()], 'n').await.unwrap();
    window.wait_for("group", "New note").await.unwrap();
    window.wait_for_words("a digit or Enter begins").await.unwrap();
    window.type_text("1").await.unwrap();
    window.wait_for("field", "Interval history").await.unwrap();
    window.type_text("Seen with the senior").await.unwrap();
    let asked = window.wait_for("field", "Ask for a cosignature").await.unwrap();
    asked.select_by_label("Dr S. NAKAMURA").await.unwrap();
    window.click("button", &format!("Sign this progress note for {WHOSE}")).await.unwrap();
    authenticate(&window, PHYSICIAN).await;
    window.wait_for_words("Dr S. NAKAMURA is asked to sign too").await.unwrap();
    window.click("button", "Sign out").await.unwrap();

    window.sign_in(SENIOR).await.unwrap();
    window.wait_for_words("Notes to sign").await.unwrap();
    window.look("notes-to-cosign", &mut findings).await.unwrap();
    open(&window, "waldstein", "WALDSTEIN").await;
    window.open_section("Documents").await.unwrap();
    window.click("row", "Progress note").await.unwrap();
    window.wait_for_words("Waits for the signature of Dr S. NAKAMURA").await.unwrap();
    window.click("button", &format!("Cosign this note for {WHOSE}")).await.unwrap();
    authenticate(&window, SENIOR).await;
    window.wait_without_words("Waits for the signature of").await.unwrap();
    window.wait_for_words("cosigned").await.unwrap();
    window.look("notes-cosigned", &mut findings).await.unwrap();
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
}
