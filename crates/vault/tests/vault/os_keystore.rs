//! The OS keystore: a real gnome-keyring on a private D-Bus. The test starts itself again inside `dbus-run-session`.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use vigil_vault::{Custodian, CustodianKind, OpenError, OsKeystoreCustodian, Vault};

use crate::custody::{conforms, keeps_a_vault};

const INSIDE: &str = "VIGIL_TEST_INSIDE_PRIVATE_DBUS";
const PROGRAMS: [&str; 2] = ["dbus-run-session", "gnome-keyring-daemon"];

#[test]
fn a_vault_opens_with_a_root_in_the_login_keyring_and_not_without() {
    for program in PROGRAMS {
        let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(found.is_ok(), "{program} is missing; install the packages dbus and gnome-keyring");
    }
    let home = tempfile::tempdir().unwrap();
    let output = Command::new("dbus-run-session")
        .arg("--")
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "--nocapture", "os_keystore::inside_a_private_session"])
        .env(INSIDE, "1")
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_RUNTIME_DIR", home.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "inside the private session:\n{said}");
}

#[test]
#[ignore = "runs inside dbus-run-session, started by the test above"]
fn inside_a_private_session() {
    assert!(std::env::var_os(INSIDE).is_some(), "this test works on a private D-Bus only");
    let mut keyring = Command::new("gnome-keyring-daemon")
        .args(["--foreground", "--unlock", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    keyring.stdin.take().unwrap().write_all(b"login password").unwrap();
    wait_for_keyring();

    let of = |name: &str| -> Arc<dyn Custodian> { Arc::new(OsKeystoreCustodian::of(name)) };
    conforms(CustodianKind::OsKeystore, &|| of("mine"), &|| of("other"));
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("data");
    keeps_a_vault(&dir, &|_| of("vault"), &|_| of("thief"));
    of("thief").seal("make a root", b"").unwrap();
    let error = Vault::open(&dir, of("thief")).err().unwrap();
    assert!(matches!(error, OpenError::WrongKey { .. }), "another root: {error}");

    keyring.kill().unwrap();
    keyring.wait().unwrap();
    let error = Vault::open(&dir, of("vault")).err().unwrap();
    assert!(matches!(error, OpenError::Custodian(_)), "a keyring that is gone is said so: {error}");
    assert!(error.to_string().contains("OS keystore"), "and named: {error}");
}

/// The daemon owns its name on the bus a moment after it starts.
fn wait_for_keyring() {
    let ready = || OsKeystoreCustodian::of("probe").mark().is_ok();
    for _ in 0..100 {
        if ready() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("gnome-keyring-daemon did not answer within 5 seconds");
}
