//! What locks the real window from outside the desktop: `vigil lock`, and a smart card that is taken out of its reader.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Instant;
use vigil_tests::card::{Card, CardService, READER};
use vigil_tests::desk::Desk;
use vigil_tests::hospital::{Hospital, PHYSICIAN};

#[test]
fn the_command_locks_the_open_window_and_a_second_start_brings_it_to_the_front() {
    let hospital = Hospital::new().unwrap();
    let none = hospital.program.run(&["lock"], &[]).unwrap();
    assert!(!none.success && none.err.contains("no window of Vigil is open"), "{}", none.err);
    let desk = Desk::open(&hospital.launch(&[]).unwrap()).unwrap();
    sign_in(&desk);
    let folder = hospital.home.path().join("run/vigil");
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700, "others do not come in");
    let drawn_by = desk.web_process().unwrap();
    let started = Instant::now();
    let locked = hospital.program.run(&["lock"], &[]).unwrap();
    eprintln!("vigil lock: answered after {} ms", started.elapsed().as_millis());
    assert!(locked.success && locked.out.contains("1 window(s) locked"), "{}{}", locked.out, locked.err);
    desk.wait_for_another(&drawn_by).unwrap();

    let second = hospital.second_start(desk.display()).unwrap();
    assert!(second.success, "it ends by itself: {}", second.err);
    assert!(desk.program().is_ok(), "and the first one stays");
}

#[test]
fn a_card_that_is_taken_out_locks_the_screen_where_the_policy_says_so() {
    let Some(service) = CardService::start().unwrap() else { return };
    let hospital = Hospital::new().unwrap();
    let policy = hospital.home.path().join("policy");
    fs::create_dir(&policy).unwrap();
    fs::write(policy.join("10.json"), format!(r#"{{"lockOnCardRemoval": true, "lockOnCardReader": "{READER}"}}"#))
        .unwrap();
    let card = Card::insert(&service).unwrap();
    let desk = Desk::open(&hospital.launch(&["--test-policy", policy.to_str().unwrap()]).unwrap()).unwrap();
    sign_in(&desk);
    card.wait_until_seen().unwrap();
    let drawn_by = desk.web_process().unwrap();
    let started = Instant::now();
    drop(card);
    desk.wait_until("the lock", || Ok((!desk.processes()?.contains(&drawn_by)).then_some(()))).unwrap();
    eprintln!("a card taken out: locked after {} ms", started.elapsed().as_millis());
    desk.wait_for_another(&drawn_by).unwrap();
}

fn sign_in(desk: &Desk) {
    desk.write(PHYSICIAN.username).unwrap();
    desk.press("Tab").unwrap();
    desk.write(PHYSICIAN.password).unwrap();
    desk.press("Return").unwrap();
    desk.wait_for_word("Dr A. OKAFOR").unwrap();
}
