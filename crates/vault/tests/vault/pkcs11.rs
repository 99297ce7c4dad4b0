//! The PKCS#11 custodian on real tokens of SoftHSM 2. The tests start themselves again with SoftHSM's own configuration.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use vigil_vault::{Custodian, CustodianError, CustodianKind, OpenError, Pkcs11Custodian, Pkcs11Place, Vault};

use crate::custody::{conforms, copy, keeps_a_vault};
use crate::hospital::{at, setup};

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const FOLDER: &str = "VIGIL_TEST_PKCS11";
const PIN: &str = "4711-user-pin";

#[test]
fn the_pkcs11_custodian_conforms() {
    inside("pkcs11::inside_conforms", &Tokens::make());
}

#[test]
#[ignore = "runs with SoftHSM's configuration, started by the test above"]
fn inside_conforms() {
    let tokens = Tokens::given();
    conforms(CustodianKind::Pkcs11, &|| tokens.custodian("ward", "mine"), &|| tokens.custodian("ward", "other"));
    let dir = tokens.0.join("data");
    keeps_a_vault(&dir, &|_| tokens.custodian("ward", "vault"), &|_| tokens.custodian("theft", "vault"));
    // The same installation's name in another token, with a key of its own.
    tokens.custodian("theft", "vault").seal("make a root", b"").unwrap();
    let error = Vault::open(&dir, tokens.custodian("theft", "vault")).err().unwrap();
    assert!(matches!(error, OpenError::WrongKey { .. }), "another token has another root: {error}");
}

#[test]
fn a_locked_or_absent_token_says_what_to_do() {
    inside("pkcs11::inside_locked_or_absent", &Tokens::make());
}

#[test]
#[ignore = "runs with SoftHSM's configuration, started by the test above"]
fn inside_locked_or_absent() {
    let tokens = Tokens::given();
    let said = |custodian: &dyn Custodian| custodian.seal("purpose", b"").unwrap_err().to_string();
    let error = said(&*tokens.custodian("not there", "x"));
    assert!(error.contains("the PKCS#11 token failed (no token labelled not there is connected)"), "{error}");

    let place = tokens.place("ward");
    let elsewhere = Pkcs11Place { module: "/usr/lib/no-such-module.so".into(), ..place.clone() };
    let error = said(&Pkcs11Custodian::of(&elsewhere, "x"));
    assert!(error.contains("no-such-module.so"), "{error}");
    let relative = Pkcs11Place { module: "libsofthsm2.so".into(), ..place.clone() };
    let error = said(&Pkcs11Custodian::of(&relative, "x"));
    assert!(error.contains("not named by its whole path"), "or a library of the same name would do: {error}");

    let wrong = tokens.0.join("wrong-pin");
    write_pin(&wrong, "not the PIN");
    let custodian = Pkcs11Custodian::of(&Pkcs11Place { pin_file: wrong.clone(), ..place.clone() }, "x");
    let error = said(&custodian);
    assert!(error.contains("refused the PIN in") && !error.contains("not the PIN"), "{error}");
    write_pin(&wrong, PIN);
    let error = said(&custodian);
    assert!(error.contains("refused the PIN before"), "it is not tried again and again, which locks tokens: {error}");
    assert!(Pkcs11Custodian::of(&Pkcs11Place { pin_file: wrong, ..place.clone() }, "x").seal("p", b"").is_ok(), "anew");

    let open = tokens.0.join("open-pin");
    write_pin(&open, PIN);
    fs::set_permissions(&open, fs::Permissions::from_mode(0o604)).unwrap();
    let error = said(&Pkcs11Custodian::of(&Pkcs11Place { pin_file: open, ..place.clone() }, "x"));
    assert!(error.contains("others may read it"), "{error}");
    let error = said(&Pkcs11Custodian::of(&Pkcs11Place { pin_file: tokens.0.join("none"), ..place }, "x"));
    assert!(error.contains("the PIN file") && error.contains("none"), "{error}");
}

#[test]
fn the_key_cannot_be_taken_out_of_the_token() {
    inside("pkcs11::inside_not_extractable", &Tokens::make());
}

#[test]
#[ignore = "runs with SoftHSM's configuration, started by the test above"]
fn inside_not_extractable() {
    use cryptoki::object::{Attribute, AttributeType, ObjectClass};
    let tokens = Tokens::given();
    tokens.custodian("ward", "x").seal("make the root", b"").unwrap();
    // The custodian started the library; a second start says so.
    let module = cryptoki::context::Pkcs11::new(MODULE).unwrap();
    let slot = module
        .get_slots_with_initialized_token()
        .unwrap()
        .into_iter()
        .find(|slot| module.get_token_info(*slot).unwrap().label() == "ward")
        .unwrap();
    let session = module.open_ro_session(slot).unwrap();
    let secret = [Attribute::Class(ObjectClass::SECRET_KEY)];
    assert!(session.find_objects(&secret).unwrap().is_empty(), "not even seen without the PIN");
    session.login(cryptoki::session::UserType::User, Some(&cryptoki::types::AuthPin::from(PIN))).unwrap();
    let keys = session.find_objects(&secret).unwrap();
    assert_eq!(keys.len(), 1, "one key");
    let value = session.get_attributes(keys[0], &[AttributeType::Value]).unwrap_or_default();
    assert!(value.is_empty(), "its value is not told, with the PIN neither");
}

#[test]
fn tokens_of_somebody_else_behind_the_environment_open_nothing() {
    let (mine, theirs) = (Tokens::make(), Tokens::make());
    inside("pkcs11::inside_make_vault", &mine);
    copy(&mine.0.join("data"), &theirs.0.join("data"));
    // The same module, label and PIN; only SOFTHSM2_CONF leads elsewhere.
    inside("pkcs11::inside_redirected", &theirs);
}

#[test]
#[ignore = "runs with SoftHSM's configuration, started by the test above"]
fn inside_make_vault() {
    let tokens = Tokens::given();
    Vault::create(&tokens.0.join("data"), tokens.custodian("ward", "vault"), &setup(), at(0)).unwrap();
}

#[test]
#[ignore = "runs with SoftHSM's configuration, started by the test above"]
fn inside_redirected() {
    let tokens = Tokens::given();
    let dir = tokens.0.join("data");
    let error = Vault::open(&dir, tokens.custodian("ward", "vault")).err().unwrap();
    assert!(matches!(error, OpenError::Custodian(CustodianError::KeyMissing(_))), "{error}");
    tokens.custodian("ward", "vault").seal("make a root", b"").unwrap();
    let error = Vault::open(&dir, tokens.custodian("ward", "vault")).err().unwrap();
    assert!(matches!(error, OpenError::WrongKey { .. }), "{error}");
}

/// A folder with SoftHSM's configuration and two tokens, `ward` and `theft`, of one PIN.
struct Tokens(PathBuf, #[expect(dead_code, reason = "removes the folder at the end")] Option<tempfile::TempDir>);

impl Tokens {
    fn make() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_owned();
        fs::create_dir(path.join("tokens")).unwrap();
        let settings =
            format!("directories.tokendir = {}\nobjectstore.backend = file\n", path.join("tokens").display());
        fs::write(path.join("softhsm2.conf"), settings).unwrap();
        write_pin(&path.join("pin"), PIN);
        for label in ["ward", "theft"] {
            let made = Command::new("softhsm2-util")
                .args(["--init-token", "--free", "--label", label, "--so-pin", "4711-so-pin", "--pin", PIN])
                .env("SOFTHSM2_CONF", path.join("softhsm2.conf"))
                .output()
                .expect("softhsm2-util is missing; install the package softhsm2");
            assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        }
        Self(path, Some(folder))
    }

    fn given() -> Self {
        Self(std::env::var_os(FOLDER).expect("started by another test only").into(), None)
    }

    fn place(&self, token: &str) -> Pkcs11Place {
        Pkcs11Place { module: MODULE.into(), token: token.to_owned(), pin_file: self.0.join("pin") }
    }

    fn custodian(&self, token: &str, installation: &str) -> Arc<dyn Custodian> {
        Arc::new(Pkcs11Custodian::of(&self.place(token), installation))
    }
}

fn write_pin(path: &Path, pin: &str) {
    fs::write(path, format!("{pin}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn inside(test: &str, tokens: &Tokens) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "--nocapture", test])
        .env("SOFTHSM2_CONF", tokens.0.join("softhsm2.conf"))
        .env(FOLDER, &tokens.0)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "with SoftHSM's configuration:\n{said}");
}
