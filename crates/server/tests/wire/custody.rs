//! The master key in a PKCS#11 token, as whoever runs the server meets it: SoftHSM2, the command line, what is said when it fails.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::process::Process;
use crate::station::{Station, Time};
use crate::support::token::{MODULE, PIN, Token};

/// The program with its master key in this token.
fn server_with(token: &Token) -> Process {
    let settings = token.settings(Path::new(MODULE), "vigil-server");
    Process::new(&settings).with("SOFTHSM2_CONF", &token.path("softhsm2.conf"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_master_key_stays_in_the_token_and_the_server_comes_back_with_it() {
    let token = Token::new("vigil-server");
    let server = server_with(&token);
    assert!(server.start(), "{}", server.said());
    let said = server.said();
    assert!(said.contains("the master key was made") && said.contains("PKCS#11"), "{said}");
    assert!(
        said.contains("the master key was used") && said.contains("\"database\""),
        "each use is in the log: {said}"
    );
    assert!(!said.contains("lies in a file"), "no warning of a file: {said}");
    let station = Station::enrol(1, &server.token(), &Time::default()).await.unwrap();
    station.outbox.write(100);
    let handle = station.run();
    station.settle(&handle).await;
    server.stop();
    assert!(server.start(), "a restart: {}", server.said());
    assert!(!server.said().contains("the master key was made"), "with the same key: {}", server.said());
    station.outbox.write(100);
    handle.retry();
    station.settle(&handle).await;
    handle.stop().await;
    server.stop();
    let verified = server.must(&["audit", "verify"]);
    assert!(verified.contains("  200 entries  intact") && !verified.contains("NOT INTACT"), "{verified}");
    assert!(!has_file(server.folder(), "master.key"), "nothing of it lies in a file");
}

#[test]
fn what_keeps_the_token_from_answering_is_said_and_nothing_is_made_anew() {
    let token = Token::new("vigil-server");
    let server = server_with(&token);
    assert!(server.start(), "{}", server.said());
    server.stop();
    let database = || fs::read(server.folder().join("data/vigil-server.db")).unwrap();
    let before = database();
    let refused = |why: &str| {
        assert!(!server.start(), "it must not start");
        let last = server.run(&["device", "list"]);
        assert!(!last.success, "nor does any command work");
        let line = last.err.lines().last().unwrap_or_default().to_owned();
        assert!(line.starts_with("vigil-server: ") && line.contains(why), "{line}");
        assert!(!server.said().contains(PIN) && !last.err.contains(PIN), "no PIN in what is said");
        assert!(!server.said().contains("panicked"), "{}", server.said());
    };

    token.write_pin("wrong-pin");
    refused("refused the PIN in");
    token.write_pin("");
    refused("its first line is empty");
    fs::remove_file(token.path("pin")).unwrap();
    refused("the PIN file");
    token.write_pin(PIN);
    fs::set_permissions(token.path("pin"), fs::Permissions::from_mode(0o644)).unwrap();
    refused("others may read it");
    token.write_pin(PIN);

    // The token was taken out.
    fs::rename(token.path("tokens"), token.path("elsewhere")).unwrap();
    fs::create_dir(token.path("tokens")).unwrap();
    refused("no token labelled vigil-server");
    // Another one with the same label is in its place.
    let another = Token::new("vigil-server");
    fs::remove_dir(token.path("tokens")).unwrap();
    fs::rename(another.path("tokens"), token.path("tokens")).unwrap();
    refused("holds no master key");
    fs::rename(token.path("tokens"), token.path("other")).unwrap();
    fs::rename(token.path("elsewhere"), token.path("tokens")).unwrap();

    // A library that is none.
    let written = fs::read_to_string(server.configuration()).unwrap();
    fs::write(server.configuration(), written.replace(MODULE, "/nonexistent/lib.so")).unwrap();
    refused("/nonexistent/lib.so");
    fs::write(server.configuration(), written).unwrap();

    assert!(database() == before, "the database was not touched");
    assert!(server.start(), "and with everything in its place it starts: {}", server.said());
}

fn has_file(folder: &Path, name: &str) -> bool {
    fs::read_dir(folder).unwrap().flatten().any(|entry| {
        let path = entry.path();
        entry.file_name() == name || (path.is_dir() && has_file(&path, name))
    })
}
