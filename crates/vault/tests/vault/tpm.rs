//! The TPM custodian on real software TPMs (swtpm) over TCP.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use vigil_vault::{Custodian, CustodianError, CustodianKind, Mark, OpenError, TpmCustodian, Vault};

use crate::custody::{conforms, copy, keeps_a_vault};
use crate::hospital::{at, setup};

#[test]
fn the_tpm_custodian_conforms() {
    let (chip, another) = (Swtpm::start(), Swtpm::start());
    let folder = tempfile::tempdir().unwrap();
    let key = |name: &str| folder.path().join(name);
    conforms(CustodianKind::Tpm, &|| chip.custodian(&key("mine")), &|| chip.custodian(&key("other")));
    let key = |dir: &Path| dir.join("device.tpm");
    keeps_a_vault(&folder.path().join("data"), &|dir| chip.custodian(&key(dir)), &|dir| another.custodian(&key(dir)));
}

#[test]
fn a_tpm_that_was_cleared_or_replaced_refuses_and_says_so() {
    let (chip, another) = (Swtpm::start(), Swtpm::start());
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("data");
    let key = dir.join("device.tpm");
    drop(Vault::create(&dir, chip.custodian(&key), &setup(), at(0)).unwrap());

    let error = another.custodian(&key).hmac(b"salt").unwrap_err();
    assert!(matches!(error, CustodianError::Refused(CustodianKind::Tpm)), "another chip: {error}");
    assert!(error.to_string().contains("replaced or cleared"), "{error}");
    chip.tool("tpm2_clear", &["-c", "p"]);
    let error = chip.custodian(&key).hmac(b"salt").unwrap_err();
    assert!(matches!(error, CustodianError::Refused(CustodianKind::Tpm)), "the same chip, cleared: {error}");
    let error = Vault::open(&dir, chip.custodian(&key)).err().unwrap();
    assert!(matches!(error, OpenError::WrongKey { .. }), "{error}");
    std::fs::remove_file(&key).unwrap();
    let error = Vault::open(&dir, chip.custodian(&key)).err().unwrap();
    assert!(matches!(error, OpenError::Custodian(CustodianError::KeyMissing(_))), "and without the blob: {error}");
}

#[test]
fn the_key_never_leaves_the_chip_and_the_mark_is_for_its_owner_alone() {
    let chip = Swtpm::start();
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("device.tpm");
    chip.custodian(&key).seal("make the root", b"").unwrap();
    chip.custodian(&key).mark_set(&Mark { size: 9, root: [1; 32] }).unwrap();

    let file: serde_json::Value = serde_json::from_slice(&std::fs::read(&key).unwrap()).unwrap();
    let public = hex::decode(file["public"].as_str().unwrap()).unwrap();
    // TPMT_PUBLIC: algorithm, name algorithm, attributes (TPM 2.0 Library, part 2, TPMA_OBJECT).
    let attributes = u32::from_be_bytes(public[4..8].try_into().unwrap());
    assert_eq!(&public[..2], [0, 8], "a keyed hash");
    assert_eq!(attributes & 0b11_0010, 0b11_0010, "fixedTPM, fixedParent, made inside");

    let index = format!("{:#x}", file["markIndex"].as_u64().unwrap());
    let public = chip.tool("tpm2_nvreadpublic", &[&index]);
    assert!(public.contains("authread") && public.contains("authwrite"), "{public}");
    assert!(!public.contains("ownerwrite") && !public.contains("ownerread"), "{public}");
    let read = chip.command("tpm2_nvread", &[&index, "-C", &index]).output().unwrap();
    assert!(!read.status.success(), "without its password the index gives nothing");
}

#[test]
fn an_absent_tpm_is_named_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let absent = |tcti: &str| TpmCustodian::of(tcti, &folder.path().join("device.tpm"));
    let error = absent("device:/dev/no-tpm-here").seal("purpose", b"").unwrap_err().to_string();
    assert!(error.contains("the TPM failed (there is no /dev/no-tpm-here)") && error.contains("firmware"), "{error}");
    let error = absent("nonsense").seal("purpose", b"").unwrap_err().to_string();
    assert!(error.contains("nonsense is no address of a TPM"), "{error}");
    let (data, _control) = two_ports();
    let port = data.local_addr().unwrap().port();
    drop(data);
    let error = absent(&format!("swtpm:host=127.0.0.1,port={port}")).seal("purpose", b"").unwrap_err();
    assert!(matches!(error, CustodianError::Failed { .. }), "nobody listens: {error}");
}

#[test]
fn a_tpm_that_never_answers_is_given_up() {
    // Ports that accept and never say a word.
    let (data, control) = two_ports();
    let tcti = format!("swtpm:host=127.0.0.1,port={}", data.local_addr().unwrap().port());
    // They stay open: if the call that was given up woke in the library while this process ends, it would use what is gone.
    std::mem::forget((data, control));
    let folder = tempfile::tempdir().unwrap();
    let custodian = TpmCustodian::of(&tcti, &folder.path().join("device.tpm"));
    let error = custodian.seal("purpose", b"").unwrap_err();
    assert!(matches!(error, CustodianError::Silent(CustodianKind::Tpm)), "given up: {error}");
    let again = custodian.seal("purpose", b"").unwrap_err();
    assert!(matches!(again, CustodianError::Silent(CustodianKind::Tpm)), "and said again: {again}");
}

#[test]
fn an_owner_password_is_named_as_the_obstacle() {
    let chip = Swtpm::start();
    chip.tool("tpm2_changeauth", &["-c", "owner", "secret"]);
    let folder = tempfile::tempdir().unwrap();
    let error = chip.custodian(&folder.path().join("device.tpm")).seal("purpose", b"").unwrap_err().to_string();
    assert!(error.contains("owner hierarchy has a password"), "{error}");
}

#[test]
fn the_environment_does_not_lead_to_another_tpm() {
    let (chip, another) = (Swtpm::start(), Swtpm::start());
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("data");
    drop(Vault::create(&dir, chip.custodian(&dir.join("device.tpm")), &setup(), at(0)).unwrap());
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "--nocapture", "tpm::opens_with_the_tpm_it_was_given"])
        .env(GIVEN, &chip.tcti)
        .env(FOLDER, &dir)
        .envs(["TCTI", "TPM2TOOLS_TCTI", "TEST_TCTI", "TPM2_TCTI", "TSS2_TCTI"].map(|name| (name, &another.tcti)))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");

    // And where somebody does redirect it, nothing opens and nothing is made.
    let before = std::fs::read(dir.join("device.tpm")).unwrap();
    let elsewhere = folder.path().join("redirected");
    copy(&dir, &elsewhere);
    let error = Vault::open(&elsewhere, another.custodian(&elsewhere.join("device.tpm"))).err().unwrap();
    assert!(matches!(error, OpenError::WrongKey { .. }), "another TPM has another root: {error}");
    assert_eq!(std::fs::read(elsewhere.join("device.tpm")).unwrap(), before, "left as it was");
}

const GIVEN: &str = "VIGIL_TEST_TCTI";
const FOLDER: &str = "VIGIL_TEST_FOLDER";

#[test]
#[ignore = "runs in an environment of its own, started by the test above"]
fn opens_with_the_tpm_it_was_given() {
    let (tcti, dir) = (std::env::var(GIVEN).unwrap(), std::env::var(FOLDER).unwrap());
    let custodian = TpmCustodian::of(&tcti, &Path::new(&dir).join("device.tpm"));
    Vault::open(Path::new(&dir), Arc::new(custodian)).unwrap();
}

/// A software TPM in a folder of its own; it dies with the value.
struct Swtpm {
    process: Child,
    tcti: String,
    _state: TempDir,
}

impl Swtpm {
    fn start() -> Self {
        // Somebody else may take the ports between our look and swtpm's; then others are tried.
        (0..20).find_map(|_| Self::try_start()).expect("swtpm did not start; install the packages swtpm and tpm2-tools")
    }

    fn try_start() -> Option<Self> {
        let state = tempfile::tempdir().unwrap();
        let (data, control) = two_ports();
        let port = data.local_addr().unwrap().port();
        drop((data, control));
        let process = Command::new("swtpm")
            .args(["socket", "--tpm2", "--flags", "not-need-init,startup-clear"])
            .args(["--tpmstate", &format!("dir={}", state.path().display())])
            .args(["--server", &format!("type=tcp,port={port}")])
            .args(["--ctrl", &format!("type=tcp,port={}", port + 1)])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut chip = Self { process, tcti: format!("swtpm:host=127.0.0.1,port={port}"), _state: state };
        let patience = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", port + 1)).is_err() {
            if chip.process.try_wait().unwrap().is_some() || Instant::now() > patience {
                return None;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(chip)
    }

    fn custodian(&self, key: &Path) -> Arc<dyn Custodian> {
        Arc::new(TpmCustodian::of(&self.tcti, key))
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(["-T", &self.tcti]).args(arguments);
        command
    }

    fn tool(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.command(program, arguments).output().unwrap();
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Swtpm {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Two ports that follow each other: the TSS expects the control channel behind the data channel.
fn two_ports() -> (TcpListener, TcpListener) {
    loop {
        let data = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let next = data.local_addr().unwrap().port().checked_add(1);
        if let Some(Ok(control)) = next.map(|port| TcpListener::bind(("127.0.0.1", port))) {
            return (data, control);
        }
    }
}
