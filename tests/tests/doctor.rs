//! `vigil doctor`, as IT runs it: before anybody signs in, also when nothing opens.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use vigil_tests::home::Home;
use vigil_tests::hospital::Hospital;
use vigil_tests::program::{Answer, Program};

#[test]
fn it_says_what_it_found_as_text_and_as_json_and_ends_accordingly() {
    let hospital = Hospital::new().unwrap();
    let text = hospital.program.run(&["doctor"], &[]).unwrap();
    assert!(text.out.contains("Disk encryption") && text.out.contains("not known"), "{}", text.out);
    let answer = hospital.program.run(&["doctor", "--json"], &[]).unwrap();
    assert_eq!(state(&answer, "vault"), "ok", "{}", answer.out);
    assert_eq!(state(&answer, "database"), "ok");
    assert_eq!(state(&answer, "auditLog"), "ok");
    assert_eq!(state(&answer, "filePermissions"), "ok", "the program closes its files: {}", answer.out);
    assert_eq!(state(&answer, "coreDumps"), "ok", "and itself");
    let found: Value = serde_json::from_str(&answer.out).unwrap();
    let wanted = match found["verdict"].as_str().unwrap() {
        "ok" => 0,
        "warn" => 1,
        _ => 2,
    };
    assert_eq!((answer.code, text.code), (Some(wanted), Some(wanted)), "the exit code is the worst of it");
    assert!(wanted > 0, "a demonstration's key lies in a file");
}

#[test]
fn a_file_that_others_read_a_forced_library_and_a_closed_sign_in_end_with_two() {
    let hospital = Hospital::new().unwrap();
    let database = hospital.home.data().join("vigil.db");
    fs::set_permissions(&database, fs::Permissions::from_mode(0o644)).unwrap();
    let answer = hospital.program.run(&["doctor", "--json", "--quick"], &[]).unwrap();
    assert_eq!((state(&answer, "filePermissions").as_str(), answer.code), ("fail", Some(2)), "{}", answer.out);
    fs::set_permissions(&database, fs::Permissions::from_mode(0o600)).unwrap();
    let policy = hospital.home.path().join("policy");
    fs::create_dir(&policy).unwrap();
    fs::write(policy.join("10.json"), r#"{"posture": {"deviceKey": "refuse"}}"#).unwrap();
    let answer = hospital.program.run(&["doctor", "--quick", "--test-policy", policy.to_str().unwrap()], &[]).unwrap();
    assert!(answer.out.contains("closes the sign-in to all but administrators: Device key"), "{}", answer.out);
    assert_eq!(answer.code, Some(2), "a warning that the policy refuses is a failure");
    fs::write(policy.join("10.json"), "{").unwrap();
    let answer = hospital.program.run(&["doctor", "--json", "--test-policy", policy.to_str().unwrap()], &[]).unwrap();
    assert_eq!((state(&answer, "managedPolicy").as_str(), answer.code), ("fail", Some(2)), "{}", answer.out);
}

#[test]
fn what_does_not_open_is_named_and_left_as_it_is() {
    let hospital = Hospital::new().unwrap();
    let data = hospital.home.data();
    let database = data.join("vigil.db");
    let sound = fs::read(&database).unwrap();
    for (at, id, words) in
        [(2000, "vault", "is damaged and was left as it is"), (19 * 4096 + 99, "database", "page 20")]
    {
        let mut bent = sound.clone();
        *bent.get_mut(at).unwrap() ^= 1;
        fs::write(&database, &bent).unwrap();
        let before = everything(&data);
        let answer = hospital.program.run(&["doctor", "--json"], &[]).unwrap();
        assert_eq!((state(&answer, id).as_str(), answer.code), ("fail", Some(2)), "byte {at}: {}", answer.out);
        assert!(answer.out.contains(words), "byte {at}: {}", answer.out);
        assert_eq!(everything(&data), before, "byte {at}: nothing was changed, made or removed");
    }
    fs::write(&database, &sound).unwrap();
    fs::remove_file(data.join("device.root")).unwrap();
    let answer = hospital.program.run(&["doctor", "--json"], &[]).unwrap();
    assert!(answer.out.contains("has no key for this installation"), "{}", answer.out);
}

#[test]
fn a_workstation_that_is_not_set_up_is_said_so_and_nothing_is_made() {
    let home = Home::new().unwrap();
    let answer = Program::in_home(&home).unwrap().run(&["doctor", "--json"], &[]).unwrap();
    assert_eq!(state(&answer, "vault"), "warn", "{}", answer.out);
    assert!(!home.data().exists(), "looking makes no folder");
}

fn state(answer: &Answer, id: &str) -> String {
    let found: Value = serde_json::from_str(&answer.out).unwrap_or_else(|_| panic!("{}{}", answer.out, answer.err));
    let check = found["checks"].as_array().unwrap().iter().find(|check| check["id"] == id);
    check.unwrap_or_else(|| panic!("no check {id}"))["state"].as_str().unwrap().to_owned()
}

fn everything(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<_> = entries.map(|path| (path.display().to_string(), fs::read(&path).unwrap())).collect();
    all.sort();
    all
}
