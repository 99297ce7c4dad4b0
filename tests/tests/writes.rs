//! Where the program and its page write while a chart is read: every file that is opened for writing, as the kernel saw it.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use serde_json::json;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use vigil_tests::desk::Desk;
use vigil_tests::hospital::{Hospital, PHYSICIAN};

const GIVEN: &str = "Ottoline";
const DISPLAY: &str = "Kestrel syndrome of the third kind";
const CALLS: &str = "trace=open,openat,openat2,creat,rename,renameat,renameat2,link,linkat,symlinkat,truncate";

#[test]
fn a_session_writes_only_where_it_may_and_closes_what_it_writes_to_others() {
    let hospital = Hospital::new().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let bundle = outside.path().join("bundle.json");
    fs::write(&bundle, patient().to_string()).unwrap();
    hospital.import(&[&bundle]).unwrap();

    let mut launch = hospital.launch(&[]).unwrap();
    let record = outside.path().join("calls");
    let program = launch.binary.to_str().unwrap().to_owned();
    let record_text = record.to_str().unwrap().to_owned();
    let traced = ["-ff", "-qq", "-s", "4096", "-e", CALLS, "-e", "signal=none", "-o"].map(str::to_owned);
    launch.arguments = traced.into_iter().chain([record_text, program]).chain(launch.arguments).collect();
    launch.binary = "/usr/bin/strace".into();
    let desk = Desk::open(&launch).unwrap();
    desk.write(PHYSICIAN.username).unwrap();
    desk.press("Tab").unwrap();
    desk.write(PHYSICIAN.password).unwrap();
    desk.press("Return").unwrap();
    desk.wait_for_word("Dr A. OKAFOR").unwrap();
    desk.press("ctrl+k").unwrap();
    desk.write(GIVEN).unwrap();
    desk.wait_for_word("MRKR-3").unwrap();
    desk.press("Return").unwrap();
    desk.wait_for_word(DISPLAY).unwrap();
    let page = desk.processes().unwrap().into_iter().find(|one| one.name.starts_with("WebKitWebProces")).unwrap();
    desk.press("ctrl+l").unwrap();
    desk.wait_for_another(&page).unwrap();
    drop(desk);

    let home = hospital.home.path().to_str().unwrap().to_owned();
    let written = written(outside.path(), "calls.");
    assert!(written.iter().any(|path| path.ends_with("vigil.db-wal")), "the record saw the database: {written:?}");
    let elsewhere: Vec<_> = written.iter().filter(|path| !may_be_written(path, &home)).collect();
    assert!(elsewhere.is_empty(), "written elsewhere: {elsewhere:#?}");

    for folder in [hospital.home.data(), hospital.home.path().join("run/vigil")] {
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
    }
}

/// The data folder, the window's lock and socket, and what holds nothing: devices, the process's own settings, and caches of
/// fonts and shaders, which hold what is installed and not what is shown.
fn may_be_written(path: &str, home: &str) -> bool {
    let at_home =
        ["/vigil-data/", "/run/vigil", "/run/dconf", "/.cache/fontconfig", "/.cache/mesa_shader_cache", "/window.log"];
    let system = ["/dev/", "/proc/", "/sys/", "/memfd:"];
    // The window toolkit makes a second context beside the ephemeral one that draws the page, and nothing uses it: random salts
    // and a list of hosts that ask for TLS, without an entry.
    let unused = path.strip_prefix(home).is_some_and(|rest| rest.starts_with("/.local/share/org.vigil-ehr.Vigil/"));
    let of_the_unused = ["/salt", "/hsts-storage.sqlite", "/hsts-storage.sqlite-journal"];
    if unused && of_the_unused.iter().any(|end| path.ends_with(end)) {
        return true;
    }
    at_home.iter().any(|place| path.strip_prefix(home).is_some_and(|rest| rest.starts_with(place)))
        || system.iter().any(|place| path.starts_with(place))
}

/// Every path that a call which succeeded opened for writing, made or renamed to.
fn written(folder: &Path, beginning: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.file_name().unwrap().to_string_lossy().starts_with(beginning) {
            continue;
        }
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        for line in text.lines().filter(|line| !line.contains(" = -1 ")) {
            let opened = line.starts_with("open");
            let for_writing = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TMPFILE"].iter().any(|flag| line.contains(flag));
            if !opened || for_writing {
                // The last path of a call is where something comes to be.
                paths.extend(line.split('"').skip(1).step_by(2).last().map(str::to_owned));
            }
        }
    }
    paths
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
}

fn patient() -> serde_json::Value {
    json!({ "resourceType": "Bundle", "type": "collection", "entry": [
        { "resource": {
            "resourceType": "Patient", "id": "writes", "birthDate": "1950-05-05", "gender": "female",
            "name": [{ "use": "official", "family": "Marchbanks", "given": [GIVEN] }],
            "identifier": [{
                "type": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR" }] },
                "system": "urn:oid:2.16.840.1.113883.19.5", "value": "MRKR-3",
            }],
        } },
        { "resource": {
            "resourceType": "Condition", "id": "writes-problem", "subject": { "reference": "Patient/writes" },
            "clinicalStatus": { "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active",
            }] },
            "code": { "text": DISPLAY },
        } },
    ] })
}
