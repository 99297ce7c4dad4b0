//! The command line as people who install and check the program use it.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use vigil_tests::data;
use vigil_tests::hospital::{self, ADMINISTRATOR, Hospital, PHYSICIAN, SignIn};

#[test]
fn importing_the_same_files_twice_changes_nothing() {
    let Some(folder) = data::folder("synthea-r4") else { return };
    let hospital = Hospital::new().unwrap();
    let files = hospital::synthea(&folder, 2).unwrap();
    let files = files.iter().map(AsRef::as_ref).collect::<Vec<&Path>>();
    let first = totals(&hospital.import(&files).unwrap());
    let second = totals(&hospital.import(&files).unwrap());
    assert!(first["created"] > 100, "two charts hold more than a hundred resources: {first:?}");
    assert_eq!((second["created"], second["updated"]), (0, 0), "the second time nothing is new: {second:?}");
    assert!(second["unchanged"] >= first["created"], "every resource was seen again: {second:?}");
}

#[test]
fn a_bad_file_is_named_and_costs_only_itself() {
    let hospital = Hospital::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.json"), r#"{"resourceType":"Patient","id":"good","name":[{"family":"Good"}]}"#)
        .unwrap();
    fs::write(folder.path().join("b.json"), r#"{"resourceType":"Patient","id":"#).unwrap();
    let summary = hospital.import(&[folder.path()]).unwrap();
    assert!(summary.contains("b.json"), "the file that was cut short is named: {summary}");
    assert_eq!(totals(&summary)["created"], 1, "the good file is stored: {summary}");
}

#[test]
fn only_an_administrator_imports_and_no_answer_hints_at_a_name() {
    let hospital = Hospital::new().unwrap();
    let file = hospital.home.path().join("tmp").join("p.json");
    fs::write(&file, r#"{"resourceType":"Patient","id":"p"}"#).unwrap();
    let file = file.to_str().unwrap();
    let import = |who: &str, password: &str| {
        hospital.program.run(&["import", "--as", who, "--password-stdin", file], &[password]).unwrap()
    };
    assert!(!import(PHYSICIAN.username, PHYSICIAN.password).success, "a physician does not import");
    let wrong = import(ADMINISTRATOR.username, "not-the-password-at-all");
    let unknown = import("nobody-here", "not-the-password-at-all");
    assert!(!wrong.success && !unknown.success, "neither may pass");
    assert_eq!(
        wrong.err.replace(ADMINISTRATOR.username, "X"),
        unknown.err.replace("nobody-here", "X"),
        "a wrong password and an unknown name get the same answer"
    );
}

#[test]
fn the_log_goes_into_a_new_folder_as_tiles_for_whoever_may_read_it() {
    let hospital = Hospital::new().unwrap();
    let folder = hospital.home.path().join("log");
    let export = |who: SignIn<'_>| {
        let arguments =
            ["audit", "export", "--as", who.username, "--password-stdin", "--tiles", folder.to_str().unwrap()];
        hospital.program.run(&arguments, &[who.password]).unwrap()
    };
    assert!(!export(PHYSICIAN).success, "a physician does not export the log");
    assert!(!folder.exists(), "and leaves nothing");
    let done = export(ADMINISTRATOR);
    assert!(done.success && done.err.contains("entries written"), "{}", done.err);
    for file in ["checkpoint", "vkey", "tile/0", "tile/entries"] {
        assert!(folder.join(file).exists(), "{file}");
    }
    let again = export(ADMINISTRATOR);
    assert!(!again.success && again.err.contains("there already"), "nothing is written over: {}", again.err);
}

#[test]
fn four_ways_not_to_open_give_four_answers_and_touch_nothing() {
    let hospital = Hospital::new().unwrap();
    let vault = largest_file(&hospital.home.data());
    let sound = fs::read(&vault).unwrap();
    let other = Hospital::new().unwrap();
    let other_vault = largest_file(&other.home.data());

    let mut torn = sound.clone();
    for byte in &mut torn[200..264] {
        *byte ^= 0xFF;
    }
    let mut plain = b"SQLite format 3\0".to_vec();
    plain.resize(8192, 0);
    let mut answers = BTreeMap::new();
    for (what, bytes) in [("another's key", fs::read(&other_vault).unwrap()), ("plaintext", plain), ("corrupt", torn)] {
        fs::write(&vault, &bytes).unwrap();
        let answer = hospital.program.run(&["audit", "verify"], &[]).unwrap();
        assert!(!answer.success, "a vault with {what} must not open");
        assert_eq!(fs::read(&vault).unwrap(), bytes, "a vault with {what} is never written over");
        answers.insert(what, answer.err);
    }
    assert_ne!(answers["another's key"], answers["plaintext"], "an administrator can tell these apart");
    assert_ne!(answers["another's key"], answers["corrupt"], "an administrator can tell these apart");
    fs::write(&vault, &sound).unwrap();
    assert!(hospital.program.run(&["audit", "verify"], &[]).unwrap().success, "the sound file still opens");
}

#[test]
fn an_old_copy_put_back_is_named_by_the_check_of_the_log() {
    let hospital = Hospital::new().unwrap();
    let vault = largest_file(&hospital.home.data());
    let old = fs::read(&vault).unwrap();
    hospital.user("nurse", hospital::SignIn { username: "nurse1", password: "tall-willow-62-cups" }, "N. ONE").unwrap();
    fs::write(&vault, old).unwrap();
    let answer = hospital.program.run(&["audit", "verify"], &[]).unwrap();
    assert!(!answer.success, "an old copy has lost entries, and the custodian's mark says so");
}

fn largest_file(folder: &Path) -> std::path::PathBuf {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    files.max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap()
}

/// The columns of the summary, added up.
fn totals(summary: &str) -> BTreeMap<&'static str, u64> {
    let columns = ["created", "updated", "unchanged", "refused"];
    let mut totals = columns.into_iter().map(|column| (column, 0)).collect::<BTreeMap<_, _>>();
    for line in summary.lines() {
        let words = line.split_whitespace().collect::<Vec<_>>();
        let [_, counts @ ..] = words.as_slice() else { continue };
        if let Ok(counts) = counts.iter().map(|count| count.parse::<u64>()).collect::<Result<Vec<_>, _>>()
            && counts.len() == columns.len()
        {
            for (column, count) in columns.into_iter().zip(counts) {
                *totals.entry(column).or_default() += count;
            }
        }
    }
    totals
}
