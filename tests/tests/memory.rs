//! What the program's memory holds while a chart is open, and no longer when the screen is locked.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use serde_json::json;
use std::fs;
use vigil_tests::aes;
use vigil_tests::clipboard::held;
use vigil_tests::desk::Desk;
use vigil_tests::hospital::{Hospital, PHYSICIAN};
use vigil_tests::memory::{Found, Words};

const FAMILY: &str = "Quonderwick";
const GIVEN: &str = "Ysabeltine";
const NUMBER: &str = "MEMO-55103-ZK";
/// What is typed into the search, and comes back with the unlock.
const TYPED: &str = "moonraker-halibut";
const DISPLAY: &str = "Lanternfish syndrome of the ninth kind";

/// As the page shows the family name.
const SHOWN: &str = "QUONDERWICK";
/// Who is signed in, as the page says it.
const DISPLAY_NAME: &str = "Dr A. OKAFOR";
/// From what the page says about where the user is, once it stands and listens to keys.
const AT_HOME: &str = r#"\"page\":\"home\""#;
/// The program, and the process that draws the page, by the 15 letters that the system keeps of their names.
const PROGRAM: &str = "vigil-desktop";
const PAGE: &str = "WebKitWebProces";

/// The words of a patient, as they are stored and as they are shown.
const OF_THE_PATIENT: [&str; 6] = [FAMILY, SHOWN, GIVEN, NUMBER, DISPLAY, "Lanternfish"];

#[test]
fn after_the_lock_no_process_holds_a_word_of_the_patient_or_the_password() {
    let hospital = Hospital::new().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let bundle = outside.path().join("bundle.json");
    fs::write(&bundle, patient().to_string()).unwrap();
    hospital.import(&[&bundle]).unwrap();

    let desk = Desk::open(&hospital.launch(&[]).unwrap()).unwrap();
    let program = desk.program().unwrap();
    // A refused sign-in is written down: so the keys that the open database itself uses are there to be told from those of a user.
    desk.write(PHYSICIAN.username).unwrap();
    desk.press("Tab").unwrap();
    desk.write("not the password").unwrap();
    desk.press("Return").unwrap();
    desk.wait_for_word("second factor is wrong").unwrap();
    let before_anyone = aes::keys_in(&program).unwrap();
    let words = Words::new(&[&OF_THE_PATIENT[..], &[PHYSICIAN.password, TYPED]].concat()).unwrap();
    desk.write(PHYSICIAN.password).unwrap();
    desk.wait_for_word(PHYSICIAN.password).unwrap();
    desk.press("Return").unwrap();
    desk.wait_for_word(DISPLAY_NAME).unwrap();
    desk.wait_for_word(AT_HOME).unwrap();
    find_patient(&desk);
    let with_a_list = aes::keys_in(&program).unwrap();
    desk.press("Return").unwrap();
    desk.wait_for_word(DISPLAY).unwrap();
    let before = desk.search(&words).unwrap();
    show("while the chart is open", &before);
    // As the index keeps them, and as the page shows them.
    for (process, word) in [(PROGRAM, FAMILY), (PROGRAM, NUMBER), (PAGE, SHOWN), (PAGE, NUMBER), (PAGE, DISPLAY)] {
        let seen = before.iter().any(|found| found.word == word && found.process == process);
        assert!(seen, "the search has to find {word} in {process} while the chart is open");
    }
    // What is there twice belongs to the session.
    let with_a_chart = aes::keys_in(&program).unwrap();
    let of_the_session = &(&with_a_list & &with_a_chart) - &before_anyone;
    assert!(!of_the_session.is_empty(), "the search has to find the keys of the user who is signed in");

    // The whole page on the clipboard, and a text in the search.
    desk.press("ctrl+a").unwrap();
    desk.press("ctrl+c").unwrap();
    desk.wait_until("the page on the clipboard", || {
        Ok(held(desk.display(), "clipboard")?.filter(|text| text.contains(SHOWN)))
    })
    .unwrap();
    desk.press("ctrl+k").unwrap();
    desk.write(TYPED).unwrap();
    desk.wait_for_word(TYPED).unwrap();
    let drawn_by = desk.web_process().unwrap();
    desk.press("ctrl+l").unwrap();
    let drawn_by = desk.wait_for_another(&drawn_by).unwrap();
    desk.wait_for_page().unwrap();
    refuse(&desk, &words, "while the screen is locked");
    let locked = aes::keys_in(&program).unwrap();
    let unlocked = &(&with_a_list | &with_a_chart) - &before_anyone;
    eprintln!("AES-256 keys of the session: {}; after the lock {}", of_the_session.len(), (&locked & &unlocked).len());
    assert!(locked.is_disjoint(&unlocked), "{} keys outlive the lock", (&locked & &unlocked).len());

    desk.write(PHYSICIAN.password).unwrap();
    desk.wait_for_word(PHYSICIAN.password).unwrap();
    desk.press("Return").unwrap();
    desk.wait_for_word(DISPLAY).unwrap();
    desk.wait_for_word(TYPED).unwrap();
    desk.press("ctrl+k").unwrap();
    desk.write("Sign out").unwrap();
    // The palette takes Return once its list answers what is typed.
    desk.wait_until("the sign-in page", || {
        desk.press("Return")?;
        Ok(desk.web_process().ok().filter(|process| *process != drawn_by))
    })
    .unwrap();
    desk.wait_for_page().unwrap();
    refuse(&desk, &words, "after the user signed out");
}

fn refuse(desk: &Desk, words: &Words, when: &str) {
    let found = desk.search(words).unwrap();
    show(when, &found);
    assert!(found.is_empty(), "{when}, {} words are left in memory", found.len());
}

/// By the given name, through the search of the top line.
fn find_patient(desk: &Desk) {
    desk.press("ctrl+k").unwrap();
    desk.write(GIVEN).unwrap();
    desk.wait_for_word(NUMBER).unwrap();
}

fn show(when: &str, found: &[Found]) {
    eprintln!("{when}:");
    for one in found {
        eprintln!("  {:<16} {:<9} {:>3} x {:<40} {}", one.process, one.encoding, one.times, one.word, one.around);
    }
}

/// With so many values of one test that other cores help to open and to read them.
const VALUES: usize = 2_400;

fn patient() -> serde_json::Value {
    let subject = json!({ "reference": "Patient/memory-marker" });
    let code = json!({ "coding": [{ "system": "http://example.org/codes", "code": "LNTRN", "display": DISPLAY }], "text": DISPLAY });
    let mut resources = vec![
        json!({
            "resourceType": "Patient", "id": "memory-marker", "birthDate": "1944-02-11", "gender": "female",
            "name": [{ "use": "official", "family": FAMILY, "given": [GIVEN] }],
            "identifier": [{
                "type": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR" }] },
                "system": "urn:oid:2.16.840.1.113883.19.5", "value": NUMBER,
            }],
        }),
        json!({
            "resourceType": "Condition", "id": "memory-problem", "subject": subject, "code": code,
            "clinicalStatus": { "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active",
            }] },
        }),
    ];
    resources.extend((0..VALUES).map(|number| {
        json!({
            "resourceType": "Observation", "id": format!("memory-{number}"), "status": "final", "subject": subject,
            "code": code, "effectiveDateTime": format!("20{:02}-03-04T08:00:00Z", number % 26),
            "valueQuantity": { "value": number, "unit": "mg/L" },
        })
    }));
    let entries: Vec<_> = resources.into_iter().map(|resource| json!({ "resource": resource })).collect();
    json!({ "resourceType": "Bundle", "type": "collection", "entry": entries })
}
