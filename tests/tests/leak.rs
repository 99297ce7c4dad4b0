//! Nothing of a patient is found in any file that the program leaves behind or keeps while it runs.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use serde_json::json;
use std::fs;
use vigil_tests::hospital::{Hospital, PHYSICIAN};
use vigil_tests::leak::{Markers, Search};
use vigil_tests::window::Window;

const FAMILY: &str = "Żqvortmark";
const GIVEN: &str = "Ülfriedplant";
const NUMBER: &str = "MRKR-77415-QX";
const BORN: &str = "1931-07-13";
const BORN_AS_SHOWN: &str = "13-Jul-1931";
const DISPLAY: &str = "Plantmark syndrome of the seventh kind";
const CODE: &str = "PLNTMRK7741";
const NOTE: &str = "The patient told me of the zebra-striped lighthouse.";

#[tokio::test]
async fn no_file_holds_a_word_of_the_patient_while_the_window_is_open_or_after() {
    let hospital = Hospital::new().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let bundle = outside.path().join("bundle.json");
    fs::write(&bundle, patient().to_string()).unwrap();
    let markers = Markers::new(&[FAMILY, GIVEN, NUMBER, BORN, BORN_AS_SHOWN, DISPLAY, CODE, NOTE]).unwrap();
    let planted = markers.in_folder(outside.path()).unwrap();
    for word in [FAMILY, NUMBER, BORN, DISPLAY, CODE, NOTE] {
        assert!(planted.leaks.iter().any(|leak| leak.marker == word), "the search has to find {word} where it was put");
    }

    let summary = hospital.import(&[&bundle]).unwrap();
    assert!(!summary.contains(FAMILY), "the summary of an import names no patient");
    refuse_leaks(&markers.in_folder(hospital.home.path()).unwrap(), "after the import");

    let window = Window::open(&hospital.launch(&[]).unwrap()).await.unwrap();
    window.sign_in(PHYSICIAN).await.unwrap();
    window.search_patients(GIVEN, "ŻQVORTMARK").await.unwrap();
    window.open_chart("ŻQVORTMARK").await.unwrap();
    assert!(window.open_section("Problems").await.unwrap(), "the planted problem is shown");
    window.wait_for_words(DISPLAY).await.unwrap();
    assert!(window.open_section("Documents").await.unwrap(), "the planted note is listed");
    refuse_leaks(&markers.in_folder(hospital.home.path()).unwrap(), "while the chart is open");
    window.lock("ŻQVORTMARK, Ülfriedplant").await.unwrap();
    refuse_leaks(&markers.in_folder(hospital.home.path()).unwrap(), "while the screen is locked");
    window.close().await.unwrap();

    let search = markers.in_folder(hospital.home.path()).unwrap();
    refuse_leaks(&search, "after the window was closed");
    assert!(search.files.len() > 2 && search.bytes > 50_000, "the search saw the vault: {} files", search.files.len());
}

fn refuse_leaks(search: &Search, when: &str) {
    let found = search
        .leaks
        .iter()
        .map(|leak| format!("{} holds `{}` as {} at {}", leak.file.display(), leak.marker, leak.encoding, leak.offset));
    assert!(
        search.leaks.is_empty(),
        "{when}, no file may hold anything of a patient:\n{}",
        found.collect::<Vec<_>>().join("\n")
    );
}

fn patient() -> serde_json::Value {
    use base64::Engine as _;
    let subject = json!({ "reference": "Patient/leak-marker" });
    let note = base64::engine::general_purpose::STANDARD.encode(NOTE);
    json!({ "resourceType": "Bundle", "type": "collection", "entry": [
        { "resource": {
            "resourceType": "Patient", "id": "leak-marker", "birthDate": BORN, "gender": "female",
            "name": [{ "use": "official", "family": FAMILY, "given": [GIVEN] }],
            "identifier": [{
                "type": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR" }] },
                "system": "urn:oid:2.16.840.1.113883.19.5", "value": NUMBER,
            }],
        } },
        { "resource": {
            "resourceType": "Condition", "id": "leak-problem", "subject": subject,
            "clinicalStatus": { "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active",
            }] },
            "code": { "coding": [{ "system": "http://example.org/codes", "code": CODE, "display": DISPLAY }], "text": DISPLAY },
        } },
        { "resource": {
            "resourceType": "DocumentReference", "id": "leak-note", "status": "current", "subject": subject,
            "type": { "text": "Progress note" }, "date": "2026-01-02T03:04:05Z",
            "content": [{ "attachment": { "contentType": "text/plain", "data": note } }],
        } },
    ] })
}
