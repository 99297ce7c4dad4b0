//! In the real window: a note that was signed in the wrong chart is marked; what a patient asks to be amended is recorded, denied, disagreed
//! with; another request is accepted and linked to the note that amends.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use fantoccini::key::Key;
use vigil_tests::hospital::{Hospital, PHYSICIAN, SignIn, ana};
use vigil_tests::window::Window;

const WHOSE: &str = "WALDSTEIN, Ana";

/// The password for the signature that was just asked for.
async fn authenticate(window: &Window, who: SignIn<'_>) {
    window.wait_for("form", "Authenticate again").await.unwrap();
    window.fill("Your password, again", who.password).await.unwrap();
    window.chord(&[], Key::Enter.into()).await.unwrap();
}

/// A progress note of this text, signed.
async fn note(window: &Window, text: &str) {
    window.chord(&[Key::Alt.into()], 'n').await.unwrap();
    window.wait_for("group", "New note").await.unwrap();
    window.wait_for_words("a digit or Enter begins").await.unwrap();
    window.type_text("1").await.unwrap();
    window.wait_for("field", "Interval history").await.unwrap();
    window.type_text(text).await.unwrap();
    window.chord(&[Key::Control.into()], Key::Enter.into()).await.unwrap();
    authenticate(window, PHYSICIAN).await;
    window.wait_for_words("Signed: Progress note").await.unwrap();
}

async fn ask(window: &Window, about: &str, asked: &str) {
    window.fill("What it is about", about).await.unwrap();
    window.fill("What the patient asks for, and why", asked).await.unwrap();
    window.click("button", &format!("Record this request for {WHOSE}")).await.unwrap();
    window.wait_for_words("Stored: Amendment request").await.unwrap();
}

#[tokio::test]
async fn a_note_in_the_wrong_chart_is_marked_and_what_a_patient_asks_is_decided_and_linked() {
    let hospital = Hospital::new().unwrap();
    hospital.record(&[ana("first", "Waldstein")]).unwrap();
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    window.sign_in(PHYSICIAN).await.unwrap();
    window.search_patients("waldstein", "WALDSTEIN").await.unwrap();
    window.open_chart("WALDSTEIN").await.unwrap();

    // A note in the wrong chart.
    note(&window, "Of the patient in the next bed").await;
    window.click("row", "Progress note").await.unwrap();
    window.wait_for_words("text is what was signed").await.unwrap();
    window.click("button", "Mark as entered in error").await.unwrap();
    window.fill("Why it was entered in error", "Written in the wrong chart").await.unwrap();
    window.look("amendments-mark", &mut findings).await.unwrap();
    window.click("button", &format!("Mark this note as entered in error for {WHOSE}")).await.unwrap();
    authenticate(&window, PHYSICIAN).await;
    window.wait_for_words("This note does not count. Dr A. OKAFOR marked it on").await.unwrap();
    window.wait_for_words("Of the patient in the next bed").await.unwrap();
    assert!(window.find("button", "Write an amendment").await.unwrap().is_none(), "nothing follows it");
    window.look("amendments-in-error", &mut findings).await.unwrap();
    window.chord(&[], Key::Escape.into()).await.unwrap();

    // A request that is denied and disagreed with.
    window.open_section("Amendments").await.unwrap();
    ask(&window, "Smoking", "I never smoked. Take it out.").await;
    window.click("row", "Smoking").await.unwrap();
    window.click("button", "Deny").await.unwrap();
    window.fill("Why that is so, in plain words", "You told us so on two visits.").await.unwrap();
    let contact = "Whom the patient writes or complains to: name or title, telephone";
    window.fill(contact, "Privacy officer, 555-0100").await.unwrap();
    window.look("amendments-deny", &mut findings).await.unwrap();
    window.click("button", &format!("Deny this request for {WHOSE}")).await.unwrap();
    window.wait_for_words("You told us so on two visits.").await.unwrap();
    window.click("button", "Add a statement of disagreement").await.unwrap();
    window.fill("What the patient states", "I never said so.").await.unwrap();
    window.click("button", &format!("Add this statement for {WHOSE}")).await.unwrap();
    window.wait_for_words("The patient disagrees, received").await.unwrap();
    window.look("amendments-disagreed", &mut findings).await.unwrap();
    window.chord(&[], Key::Escape.into()).await.unwrap();

    // A request about a note, which is amended.
    window.open_section("Documents").await.unwrap();
    note(&window, "Smokes since 2009").await;
    window.open_section("Amendments").await.unwrap();
    let which = window.wait_for("field", "In which note").await.unwrap();
    which.select_by_index(1).await.unwrap();
    ask(&window, "The year", "It was 2019.").await;
    window.click("button", "Home").await.unwrap();
    window.wait_for_words("Amendments to decide").await.unwrap();
    window.look("amendments-due", &mut findings).await.unwrap();
    window.search_patients("waldstein", "WALDSTEIN").await.unwrap();
    window.open_chart("WALDSTEIN").await.unwrap();
    window.open_section("Documents").await.unwrap();
    window.click("row", "Progress note").await.unwrap();
    window.wait_for_words("An amendment was requested on").await.unwrap();
    window.click("button", "Write an amendment").await.unwrap();
    window.wait_for("field", "Interval history").await.unwrap().click().await.unwrap();
    window.chord(&[Key::Control.into()], 'a').await.unwrap();
    window.type_text("Smokes since 2019").await.unwrap();
    window.click("button", &format!("Sign this amendment for {WHOSE}")).await.unwrap();
    authenticate(&window, PHYSICIAN).await;
    window.wait_for_words("Amendment of: Progress note, signed").await.unwrap();
    window.open_section("Amendments").await.unwrap();
    window.click("row", "The year").await.unwrap();
    window.click("button", "Accept").await.unwrap();
    window.fill("What was done, as the patient is told", "The note was amended.").await.unwrap();
    let amending = window.wait_for("field", "The note that amends the record").await.unwrap();
    amending.select_by_index(1).await.unwrap();
    window.click("button", &format!("Accept this request for {WHOSE}")).await.unwrap();
    window.wait_for_words("The note was amended.").await.unwrap();
    window.wait_for_words("Progress note: Amendment").await.unwrap();
    window.look("amendments-accepted", &mut findings).await.unwrap();
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
    let verified = hospital.program.must(&["audit", "verify"], &[]).unwrap();
    assert!(verified.contains("intact"), "all of it is on a record that verifies: {verified}");
}
