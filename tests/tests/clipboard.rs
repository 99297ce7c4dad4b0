//! What is copied from the window, as another program on the same display finds it.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use serde_json::json;
use std::fs;
use std::time::Duration;
use vigil_tests::clipboard::{SELECTIONS, Stranger, held};
use vigil_tests::clock::TestClock;
use vigil_tests::desk::Desk;
use vigil_tests::hospital::{Hospital, PHYSICIAN};

/// As the banner shows it.
const SHOWN: &str = "QUONDERWICK";
const NUMBER: &str = "CLIP-55103-ZK";

#[test]
fn what_is_copied_is_gone_after_30_seconds_and_with_the_lock_and_the_program_and_what_others_copied_stays() {
    let hospital = Hospital::new().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let file = outside.path().join("patient.json");
    fs::write(&file, patient().to_string()).unwrap();
    hospital.import(&[&file]).unwrap();
    let clock = TestClock::new(hospital.home.path()).unwrap();
    let mut desk = Desk::open(&hospital.launch(&["--test-clock", clock.file().to_str().unwrap()]).unwrap()).unwrap();
    desk.write(PHYSICIAN.username).unwrap();
    desk.press("Tab").unwrap();
    desk.write(PHYSICIAN.password).unwrap();
    desk.press("Return").unwrap();
    desk.wait_for_word("Dr A. OKAFOR").unwrap();
    desk.press("ctrl+k").unwrap();
    desk.write("Quonderwick").unwrap();
    desk.wait_for_word(NUMBER).unwrap();
    desk.press("Return").unwrap();
    desk.wait_for_word("Last opened by you").or_else(|_| desk.wait_for_word("Not opened by you")).unwrap();

    copy(&desk);
    clock.ahead(Duration::from_secs(31)).unwrap();
    gone(&desk, "31 seconds later");

    copy(&desk);
    lock_and_unlock(&desk, || gone(&desk, "once the screen is locked"));

    copy(&desk);
    let _others: Vec<Stranger> =
        SELECTIONS.map(|selection| Stranger::fills(desk.display(), selection, "of somebody else").unwrap()).into();
    others(&desk);
    clock.ahead(Duration::from_secs(62)).unwrap();
    lock_and_unlock(&desk, || others(&desk));

    copy(&desk);
    let display = desk.display().to_owned();
    desk.close().unwrap();
    desk.wait_for_end().unwrap();
    for selection in SELECTIONS {
        assert_eq!(held(&display, selection).unwrap(), None, "the {selection} ends with the program");
    }
}

/// Selects the whole page and copies it. The web view fills both selections.
fn copy(desk: &Desk) {
    for selection in SELECTIONS {
        desk.wait_until(&format!("the patient on the {selection}"), || {
            desk.press("ctrl+a")?;
            desk.press("ctrl+c")?;
            Ok(held(desk.display(), selection)?.filter(|text| text.contains(SHOWN)))
        })
        .unwrap();
    }
}

fn gone(desk: &Desk, when: &str) {
    for selection in SELECTIONS {
        desk.wait_until(&format!("an empty {selection} {when}"), || {
            Ok(held(desk.display(), selection)?.is_none().then_some(()))
        })
        .unwrap();
    }
}

/// They have it, and keep it: the screen's own work is done long before it is looked at again.
fn others(desk: &Desk) {
    for selection in SELECTIONS {
        desk.wait_until(&format!("somebody else's {selection}"), || {
            Ok(held(desk.display(), selection)?.filter(|text| text == "of somebody else"))
        })
        .unwrap();
    }
}

fn lock_and_unlock(desk: &Desk, meanwhile: impl Fn()) {
    let drawn_by = desk.web_process().unwrap();
    desk.press("ctrl+l").unwrap();
    desk.wait_for_another(&drawn_by).unwrap();
    desk.wait_for_page().unwrap();
    // The new page knows who is signed in, so its field has the focus.
    desk.wait_for_word("Dr A. OKAFOR").unwrap();
    meanwhile();
    desk.write(PHYSICIAN.password).unwrap();
    desk.wait_for_word(PHYSICIAN.password).unwrap();
    desk.press("Return").unwrap();
    desk.wait_for_word(NUMBER).unwrap();
}

fn patient() -> serde_json::Value {
    json!({
        "resourceType": "Patient", "id": "clipboard-marker", "birthDate": "1944-02-11", "gender": "female",
        "name": [{ "use": "official", "family": "Quonderwick", "given": ["Ysabeltine"] }],
        "identifier": [{
            "type": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR" }] },
            "system": "urn:oid:2.16.840.1.113883.19.5", "value": NUMBER,
        }],
    })
}
