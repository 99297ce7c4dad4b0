//! The recovery key, passwords and backups as IT uses them on the command line, with the window open beside.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use vigil_tests::hospital::{ADMINISTRATOR, Hospital, PHYSICIAN};
use vigil_tests::program;

const OTHER: &str = "amber-station-21-hills";
const THIRD: &str = "gentle-copper-58-doors";

#[test]
fn the_paper_is_written_typed_back_and_opens_what_the_device_key_does_not_any_more() {
    let hospital = Hospital::new().unwrap();
    let status = hospital.program.must(&["recovery", "status"], &[]).unwrap();
    assert!(status.contains("declined"), "the tests' hospital goes on without: {status}");
    let paper = hospital.home.path().join("paper.pdf");
    let key = make_key(&hospital, &paper);
    let status = hospital.program.must(&["recovery", "status"], &[]).unwrap();
    assert!(status.contains("there is a recovery key"), "{status}");
    let text = words_of(&paper);
    for word in ["Organisation recovery key", "Harbour Test Hospital", "Two persons", &key[..9]] {
        assert!(text.contains(word), "the paper says `{word}`:\n{text}");
    }

    fs::remove_file(hospital.home.data().join("device.root")).unwrap();
    let lost = hospital.program.run(&["audit", "verify"], &[]).unwrap();
    assert!(!lost.success && lost.err.contains("vigil recover"), "it says what to do: {}", lost.err);
    let recover = ["recover", "--username", ADMINISTRATOR.username, "--password-stdin"];
    let strange = "0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3G-E1R7-0W3Z-KQE5";
    let refused = hospital.program.run(&recover, &[strange, OTHER]).unwrap();
    assert!(!refused.success && refused.err.contains("not the recovery key"), "{}", refused.err);
    hospital.program.must(&recover, &[&key.to_lowercase(), OTHER]).unwrap();
    let verified = hospital.program.must(&["audit", "verify"], &[]).unwrap();
    assert!(verified.contains("intact"), "{verified}");

    let name = ADMINISTRATOR.username;
    let list = ["user", "create", "--as", name, "--username", "x1", "--display-name", "X", "--role", "nurse"];
    let due = hospital.program.run(&[list.as_slice(), &["--password-stdin"]].concat(), &[OTHER, THIRD]).unwrap();
    assert!(!due.success && due.err.contains("choose another one first"), "one sign-in, one thing: {}", due.err);
    let change = |who: &str, old: &str, new: &str| {
        hospital.program.must(&["user", "change-password", "--as", who, "--password-stdin"], &[old, new]).unwrap()
    };
    change(name, OTHER, THIRD);
    let reset = ["user", "reset-password", "--as", name, "--username", PHYSICIAN.username, "--password-stdin"];
    hospital.program.must(&reset, &[THIRD, OTHER]).unwrap();
    change(PHYSICIAN.username, OTHER, "their own new sentence");
}

#[test]
fn a_backup_goes_elsewhere_and_comes_back_and_every_refusal_is_another() {
    let hospital = Hospital::new().unwrap();
    let key = make_key(&hospital, &hospital.home.path().join("paper.pdf"));
    let file = hospital.home.path().join("b.vigil");
    let out = file.to_str().unwrap();
    let name = ADMINISTRATOR.username;
    let back_up = ["backup", "--as", name, "--password-stdin", "--out", out];
    hospital.program.must(&back_up, &[ADMINISTRATOR.password]).unwrap();
    let twice = hospital.program.run(&back_up, &[ADMINISTRATOR.password]).unwrap();
    assert!(!twice.success && twice.err.contains("a file of that name"), "never written over: {}", twice.err);
    let physician = ["backup", "--as", PHYSICIAN.username, "--password-stdin", "--out", "/tmp/never.vigil"];
    assert!(!hospital.program.run(&physician, &[PHYSICIAN.password]).unwrap().success, "not a physician's");

    let restore = ["restore", out, "--as", name, "--password-stdin"];
    let older = hospital.program.run(&restore, &[ADMINISTRATOR.password]).unwrap();
    assert!(!older.success && older.err.contains("--accept-rollback"), "it is older: {}", older.err);
    let meant = [restore.as_slice(), &["--accept-rollback"]].concat();
    let said = hospital.program.must(&meant, &[ADMINISTRATOR.password]).unwrap();
    assert!(said.contains("It is older than what was here") && said.contains("before-restore-"), "{said}");
    let verified = hospital.program.must(&["audit", "verify"], &[]).unwrap();
    assert!(verified.contains("intact"), "{verified}");

    let elsewhere = hospital.program.with_data(&hospital.home.path().join("elsewhere"));
    let soft = ["--custodian", "software", "--environment", "demo"];
    let with_password = [restore.as_slice(), &soft].concat();
    let refused = elsewhere.run(&with_password, &[ADMINISTRATOR.password]).unwrap();
    assert!(!refused.success && refused.err.contains("--recovery-key"), "another device: {}", refused.err);
    let with_key = [["restore", out, "--recovery-key", "--password-stdin"].as_slice(), &soft].concat();
    elsewhere.must(&with_key, &[&key]).unwrap();
    assert!(elsewhere.must(&["audit", "verify"], &[]).unwrap().contains("intact"), "it opens there");

    let sound = fs::read(&file).unwrap();
    fs::write(&file, &sound[..sound.len() - 5000]).unwrap();
    let cut = hospital.program.run(&meant, &[ADMINISTRATOR.password]).unwrap();
    assert!(!cut.success && cut.err.contains("was cut off"), "{}", cut.err);
}

/// Makes a key as a person does: reads which groups are asked for, looks at the paper, types them.
fn make_key(hospital: &Hospital, paper: &Path) -> String {
    let mut child = Command::new(program::binary().unwrap())
        .arg("--data")
        .arg(hospital.home.data())
        .args(["recovery", "make", "--as", ADMINISTRATOR.username, "--password-stdin", "--out"])
        .arg(paper)
        .envs(hospital.home.environment())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "{}", ADMINISTRATOR.password).unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let asked = lines.find_map(|line| Some(line.unwrap().strip_prefix("Two groups are asked for: ")?.to_owned()));
    let asked = asked.expect("it says which groups it asks for");
    let key = key_on(paper);
    for number in asked.trim_end_matches('.').split(" and ") {
        let number: usize = number.parse().unwrap();
        writeln!(input, "{}", key.split('-').nth(number - 1).unwrap()).unwrap();
    }
    drop(input);
    let said: Vec<String> = lines.map(Result::unwrap).collect();
    assert!(child.wait().unwrap().success(), "{said:?}");
    key
}

fn words_of(paper: &Path) -> String {
    let said = Command::new("pdftotext").arg("-layout").arg(paper).arg("-").output();
    String::from_utf8(said.expect("pdftotext (poppler-utils) reads the paper").stdout).unwrap()
}

/// The key as it stands on the paper: seven lines of two groups.
fn key_on(paper: &Path) -> String {
    let group = |text: &str| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    let text = words_of(paper);
    let lines = text.split_whitespace().filter(|word| {
        let parts: Vec<&str> = word.split('-').collect();
        parts.len() == 2 && parts.into_iter().all(group)
    });
    let key = lines.collect::<Vec<_>>().join("-");
    assert_eq!(key.split('-').count(), 14, "the whole key is on the paper:\n{text}");
    key
}
