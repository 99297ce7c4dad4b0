//! An exported log, judged by tools that other people made: pymerkle, and the checksum database of Go. `cargo xtask auditors` makes both
//! in target/auditors.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use vigil_audit::Agent;
use vigil_server::audit_log::{ExportError, export_tiles};
use vigil_server::intake::receive;

use crate::support::workstation::morning;
use crate::support::{On, Server};

#[tokio::test(flavor = "multi_thread")]
async fn other_peoples_tools_find_the_root_of_a_log_and_of_the_servers_own() {
    let server = Server::on(On::Sqlite).await;
    let (mut station, sender) = server.enrol(1).await;
    station.write(700);
    receive(&server.store, &server.keys, sender, station.batch(1, 700), morning()).await.unwrap();
    let outside = tempfile::tempdir().unwrap();
    for (name, log, entries) in [("log", station.log, 700), ("own", server.keys.own_log(), 2)] {
        let folder = outside.path().join(name);
        let export = || export_tiles(&server.store, &server.keys, log, &folder, Agent::Operator, morning());
        if name == "own" {
            // Its own export is on record, so that there is something to be exported the next time.
            assert_eq!(export().await.unwrap(), 1, "the export of the other log");
            fs::remove_dir_all(&folder).unwrap();
        }
        assert_eq!(export().await.unwrap(), entries, "{name}");
        let (sumdb, pymerkle) = (sumdb(&folder).unwrap(), pymerkle(&folder).unwrap());
        let root = sumdb.rsplit(' ').next().unwrap();
        assert!(pymerkle.ends_with(root) && sumdb.contains(&format!(" {entries} entries")), "{sumdb}; {pymerkle}");
        assert!(matches!(export().await, Err(ExportError::There(_))), "nothing is written over");
    }
    let folder = outside.path().join("log");
    let bundle = folder.join("tile/entries/000");
    let mut bytes = fs::read(&bundle).unwrap();
    bytes[5] ^= 1;
    fs::write(&bundle, bytes).unwrap();
    assert!(sumdb(&folder).unwrap_err().contains("entry 1"), "Go names the entry");
    assert!(pymerkle(&folder).unwrap_err().contains("and not"), "pymerkle finds another root");
}

fn sumdb(folder: &Path) -> Result<String, String> {
    judged(Command::new(tools().join("sumdb")).arg(folder))
}

fn pymerkle(folder: &Path) -> Result<String, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/auditors/pymerkle_root.py");
    judged(Command::new(tools().join("bin/python")).arg(script).arg(folder))
}

fn tools() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("auditors")
}

fn judged(command: &mut Command) -> Result<String, String> {
    let answer = command.output().expect("the tools are absent: run `cargo xtask auditors`");
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if answer.status.success() { Ok(words(&answer.stdout)) } else { Err(words(&answer.stderr)) }
}
