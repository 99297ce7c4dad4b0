//! Who keeps the device key, as the installed program does it: real software TPMs and a real SoftHSM token.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use vigil_tests::home::Home;
use vigil_tests::program::{Answer, Program};
use vigil_tests::swtpm::Swtpm;

const PASSWORD: &str = "quiet-meadow-17-owls";

#[test]
fn the_tpm_comes_first_and_its_data_opens_with_no_other() {
    let (chip, another) = (Swtpm::start().unwrap(), Swtpm::start().unwrap());
    let home = Home::new().unwrap();
    let program = Program::in_home(&home).unwrap();
    let policy = policy(&home, "mine", &format!(r#"{{"tpmTcti": "{}"}}"#, chip.tcti()));
    let said = set_up(&program, &policy, "auto");
    assert!(said.success && said.out.contains("Device key: TPM\n"), "{}{}", said.out, said.err);
    assert!(!said.out.contains("passed over"), "it was the first: {}", said.out);
    let verified = verify(&program, &policy);
    assert!(verified.success, "{}", verified.err);

    // The environment leads nowhere else: the address comes from the policy alone.
    let misled =
        ["TCTI", "TPM2TOOLS_TCTI", "TEST_TCTI"].into_iter().fold(program.with_data(&home.data()), |program, name| {
            program.with_environment(name, PathBuf::from(another.tcti()))
        });
    assert!(verify(&misled, &policy).success, "the TPM of the policy answers");

    let elsewhere = self::policy(&home, "other", &format!(r#"{{"tpmTcti": "{}"}}"#, another.tcti()));
    let refused = verify(&program, &elsewhere);
    assert!(!refused.success && refused.err.contains("the key does not fit the data"), "{}", refused.err);
    drop(chip);
    let absent = verify(&program, &policy);
    assert!(!absent.success && absent.err.contains("the TPM failed"), "{}", absent.err);
}

#[test]
fn a_token_takes_the_place_of_an_absent_tpm_and_the_reason_is_shown() {
    let home = Home::new().unwrap();
    let folder = home.path().join("token");
    make_token(&folder);
    let program = Program::in_home(&home).unwrap().with_environment("SOFTHSM2_CONF", folder.join("softhsm2.conf"));
    let keys = format!(
        r#"{{"tpmTcti": "device:/dev/no-tpm-here", "pkcs11Module": "/usr/lib/softhsm/libsofthsm2.so",
            "pkcs11Token": "ward", "pkcs11PinFile": "{}"}}"#,
        folder.join("pin").display()
    );
    let policy = policy(&home, "token", &keys);
    let said = set_up(&program, &policy, "auto");
    assert!(said.success && said.out.contains("Device key: PKCS#11 token\n"), "{}{}", said.out, said.err);
    assert!(said.out.contains("passed over: the TPM failed (there is no /dev/no-tpm-here)"), "{}", said.out);
    assert!(verify(&program, &policy).success, "it opens again");

    let bare = self::policy(&home, "bare", "{}");
    let refused = verify(&program, &bare);
    assert!(!refused.success && refused.err.contains("the PKCS#11 token is not configured"), "{}", refused.err);
}

#[test]
fn nothing_weaker_is_taken_when_the_one_that_was_asked_for_is_absent() {
    let home = Home::new().unwrap();
    let program = Program::in_home(&home).unwrap();
    let policy = policy(&home, "absent", r#"{"tpmTcti": "device:/dev/no-tpm-here"}"#);
    let refused = set_up(&program, &policy, "tpm");
    assert!(!refused.success && refused.err.contains("nobody can keep the device key"), "{}", refused.err);
    assert!(!home.data().join("vigil.db").exists(), "nothing was made");
}

fn set_up(program: &Program, policy: &Path, custodian: &str) -> Answer {
    let arguments = ["setup", "--organization", "Harbour Test Hospital", "--username", "admin", "--display-name", "A"];
    let options = ["--password-stdin", "--custodian", custodian, "--test-policy", policy.to_str().unwrap()];
    program.run(&[arguments.as_slice(), options.as_slice()].concat(), &[PASSWORD]).unwrap()
}

fn verify(program: &Program, policy: &Path) -> Answer {
    program.run(&["audit", "verify", "--test-policy", policy.to_str().unwrap()], &[]).unwrap()
}

fn policy(home: &Home, name: &str, keys: &str) -> PathBuf {
    let folder = home.path().join("policy").join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("10-custody.json"), keys).unwrap();
    folder
}

fn make_token(folder: &Path) {
    fs::create_dir_all(folder.join("tokens")).unwrap();
    let settings = format!("directories.tokendir = {}\n", folder.join("tokens").display());
    fs::write(folder.join("softhsm2.conf"), settings).unwrap();
    fs::write(folder.join("pin"), "4711-user-pin\n").unwrap();
    fs::set_permissions(folder.join("pin"), fs::Permissions::from_mode(0o600)).unwrap();
    let made = Command::new("softhsm2-util")
        .args(["--init-token", "--free", "--label", "ward", "--so-pin", "4711-so-pin", "--pin", "4711-user-pin"])
        .env("SOFTHSM2_CONF", folder.join("softhsm2.conf"))
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}
