//! A C-CDA document in the real window: opened beside a chart, compared, reviewed by keys, taken entry by entry, and read again.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use fantoccini::key::Key;
use vigil_tests::data;
use vigil_tests::hospital::{Hospital, PHYSICIAN, ana};
use vigil_tests::window::Window;

const WHOSE: &str = "WALDSTEIN, Ana";

fn hospital() -> Hospital {
    let hospital = Hospital::new().unwrap();
    hospital.record(&[ana("first", "Waldstein")]).unwrap();
    hospital
}

/// A document beside the hospital's files.
fn document(hospital: &Hospital, name: &str, text: &str) -> String {
    let path = hospital.home.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.to_string_lossy().into_owned()
}

fn summary() -> String {
    std::fs::read_to_string(data::root().join("crates/ccda/tests/data/summary.xml")).unwrap()
}

#[tokio::test]
async fn a_document_is_compared_reviewed_and_taken() {
    let hospital = hospital();
    let path = document(&hospital, "summary.xml", &summary());
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    window.sign_in(PHYSICIAN).await.unwrap();
    window.search_patients("waldstein", "WALDSTEIN").await.unwrap();
    window.open_chart("WALDSTEIN").await.unwrap();

    // From anywhere in the chart, by keys alone.
    window.chord(&[Key::Control.into()], 'k').await.unwrap();
    window.type_text("import a doc").await.unwrap();
    // Enter takes nothing while the patients are looked for.
    window.wait_for_words("No patient matches.").await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("Import a document into the chart of").await.unwrap();
    window.look("ccda-choose", &mut findings).await.unwrap();
    window.fill("File", &path).await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("The document is about this patient").await.unwrap();
    window.wait_for_words("17 of 17 entries ticked").await.unwrap();
    window.look("ccda-review", &mut findings).await.unwrap();
    window.click("button", "Problems").await.unwrap();
    window.wait_for_words("Alive and well").await.unwrap();
    window.look("ccda-problems", &mut findings).await.unwrap();
    window.click("button", "Results").await.unwrap();
    window.look("ccda-results", &mut findings).await.unwrap();
    window.click("button", "Plan of treatment").await.unwrap();
    window.wait_for_words("it is planned or asked for").await.unwrap();
    window.look("ccda-plan", &mut findings).await.unwrap();
    window.click("button", &format!("Add 17 entries to the chart of {WHOSE}")).await.unwrap();
    window.wait_for_words("Stored: 17 entries added, document stored").await.unwrap();

    // The document is there to be read, section by section.
    window.click("row", "Summary of care").await.unwrap();
    window.wait_for_words("Walks with a cane.").await.unwrap();
    window.look("ccda-stored", &mut findings).await.unwrap();
    window.click("tab", "Problems").await.unwrap();
    window.wait_for("row", "Pneumonia").await.unwrap();
    window.click("tab", "Meds").await.unwrap();
    window.wait_for_words("1 time every 12 hours").await.unwrap();
    window.look("ccda-medicines", &mut findings).await.unwrap();

    // The same document again: told, and nothing of it is new.
    window.click("tab", "Documents").await.unwrap();
    window.click("button", "Import a document").await.unwrap();
    window.fill("File", &path).await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("This file is stored in this chart since").await.unwrap();
    window.wait_for_words("0 of 17 entries ticked").await.unwrap();
    window.look("ccda-again", &mut findings).await.unwrap();
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
    let verified = hospital.program.must(&["audit", "verify"], &[]).unwrap();
    assert!(verified.contains("intact"), "all of it is on a record that verifies: {verified}");
}

#[tokio::test]
async fn a_document_of_somebody_else_is_loud_and_one_that_means_harm_is_refused() {
    let hospital = hospital();
    let other = document(
        &hospital,
        "other.xml",
        &summary().replace("19610203", "19310101").replace("<family>Waldstein", "<family>Brandeis"),
    );
    let bomb = document(
        &hospital,
        "bomb.xml",
        "<!DOCTYPE lolz [<!ENTITY a \"ha\">]><ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>&a;</title></ClinicalDocument>",
    );
    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    let mut findings = Vec::new();
    window.sign_in(PHYSICIAN).await.unwrap();
    window.search_patients("waldstein", "WALDSTEIN").await.unwrap();
    window.open_chart("WALDSTEIN").await.unwrap();
    window.click("tab", "Documents").await.unwrap();
    window.click("button", "Import a document").await.unwrap();
    window.type_text(&bomb).await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("document type declaration").await.unwrap();
    window.look("ccda-refused", &mut findings).await.unwrap();
    window.fill("File", &other).await.unwrap();
    window.press(&[Key::Enter.into()]).await.unwrap();
    window.wait_for_words("This document is about somebody else").await.unwrap();
    window.wait_for_words("0 of 17 entries ticked").await.unwrap();
    window.click("button", "Tick all 17 new").await.unwrap();
    window.click("button", &format!("Add 17 entries to the chart of {WHOSE}")).await.unwrap();
    window.wait_for_words("Write why this document").await.unwrap();
    window.look("ccda-other", &mut findings).await.unwrap();
    window
        .fill(&format!("Why this document is about {WHOSE} all the same"), "Registered under her maiden name")
        .await
        .unwrap();
    window.click("button", &format!("Add 17 entries to the chart of {WHOSE}")).await.unwrap();
    window.wait_for_words("Stored: 17 entries added").await.unwrap();
    window.close().await.unwrap();
    assert!(findings.is_empty(), "every screen has to pass axe:\n{}", findings.join("\n"));
}
