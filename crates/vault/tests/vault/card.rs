//! Smart cards: real key pairs and certificates on real tokens of SoftHSM 2. The tests start themselves again with
//! SoftHSM's own configuration.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cryptoki::context::Pkcs11;
use cryptoki::object::{Attribute, CertificateType, ObjectClass};
use cryptoki::session::UserType;
use cryptoki::types::AuthPin;
use vigil_model::{Moment, Role, Sensitive};
use vigil_policy::Interaction;
use vigil_vault::{CardError, CardKey, CardReader, FactorShown, TriesLeft, UserKeys, UserRecord, Vault, VaultError};

use crate::hospital::{Hospital, permit};

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const FOLDER: &str = "VIGIL_TEST_CARDS";
const PIN: &str = "471100";

#[test]
fn a_card_is_enrolled_and_signs_in_with_every_kind_of_key() {
    let cards = Cards::make(&[("rsa", &["rsa:2048"]), ("p256", &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"])]);
    cards.add("p384", &["ec", "-pkeyopt", "ec_paramgen_curve:P-384"]);
    inside("card::inside_every_kind", &cards);
}

#[test]
#[ignore = "runs with SoftHSM's configuration, started by the test above"]
fn inside_every_kind() {
    let hospital = Hospital::new();
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    // SoftHSM has every token in at once; a reader takes the first certificate that will do. So one token at a time.
    for label in ["rsa", "p256", "p384"] {
        only(label);
        let reader = CardReader::of(Path::new(MODULE));
        reader.look().unwrap();
        let record = enrol(&hospital.vault, &nurse, &keys, &reader).unwrap();
        assert!(record.contains(label) && record.contains(':'), "subject and fingerprint are shown: {record}");
        sign_in(&hospital.vault, &nurse, &keys, &reader, PIN).unwrap();
        sign_in(&hospital.vault, &nurse, &keys, &reader, PIN).unwrap();
    }
    let enrolled = hospital.vault.card_keys(&keys).unwrap();
    assert_eq!(enrolled.len(), 3, "three cards of one user");
}

#[test]
fn what_goes_wrong_is_said_as_what_it_is() {
    let cards = Cards::make(&[("mine", &["rsa:2048"]), ("theirs", &["rsa:2048"]), ("weak", &["rsa:1024"])]);
    cards.token("bare");
    inside("card::inside_what_goes_wrong", &cards);
}

#[test]
#[ignore = "runs with SoftHSM's configuration, started by the test above"]
fn inside_what_goes_wrong() {
    let hospital = Hospital::new();
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    let (other, others_keys) = hospital.hire("other", Role::Nurse);
    let reader = CardReader::of(Path::new(MODULE));
    only("mine");
    enrol(&hospital.vault, &nurse, &keys, &reader).unwrap();

    let refused = |pin| sign_in(&hospital.vault, &nurse, &keys, &reader, pin).unwrap_err();
    let said = refused("999999");
    assert!(
        matches!(said, Said::Card(CardError::WrongPin(TriesLeft::Fewer))),
        "SoftHSM says that fewer are left: {said:?}"
    );
    sign_in(&hospital.vault, &nurse, &keys, &reader, PIN).unwrap();

    only("theirs");
    assert_eq!(refused(PIN), Said::Card(CardError::OtherCard), "somebody else's card");
    // Asked to enrol, it would; as somebody else's second factor it does not count.
    let challenge = hospital.vault.factor_challenge(nurse.id, "sign-in").unwrap();
    let (_, signed) = reader.enrol(&pin(PIN), &challenge, now()).unwrap();
    let shown = hospital.vault.factor_check(&keys, FactorShown::Signed(challenge, signed), now());
    assert!(
        matches!(shown.err(), Some(VaultError::WrongSecondFactor)),
        "a good signature of a key that is not registered"
    );

    only("mine");
    // A challenge is for one user.
    enrol(&hospital.vault, &other, &others_keys, &reader).unwrap();
    let challenge = hospital.vault.factor_challenge(other.id, "sign-in").unwrap();
    let signed = reader.sign(&hospital.vault.card_keys(&keys).unwrap(), &pin(PIN), &challenge, now()).unwrap();
    let shown = hospital.vault.factor_check(&keys, FactorShown::Signed(challenge, signed), now());
    assert!(matches!(shown.err(), Some(VaultError::WrongSecondFactor)), "the other's challenge, the own card");
    // And it is fresh: an answer to another challenge does not do.
    let (asked, before) = (challenge_of(&hospital.vault, &nurse), challenge_of(&hospital.vault, &nurse));
    let signed = reader.sign(&hospital.vault.card_keys(&keys).unwrap(), &pin(PIN), &before, now()).unwrap();
    let shown = hospital.vault.factor_check(&keys, FactorShown::Signed(asked, signed), now());
    assert!(matches!(shown.err(), Some(VaultError::WrongSecondFactor)), "replayed");

    let expired = Moment { utc: now().utc + chrono::TimeDelta::days(4000), ..now() };
    let challenge = challenge_of(&hospital.vault, &nurse);
    let said = reader.sign(&hospital.vault.card_keys(&keys).unwrap(), &pin(PIN), &challenge, expired).err();
    assert_eq!(said, Some(CardError::NotValidNow), "an old certificate");

    for label in ["weak", "bare"] {
        only(label);
        let challenge = challenge_of(&hospital.vault, &nurse);
        let said = reader.enrol(&pin(PIN), &challenge, now()).err();
        assert_eq!(said, Some(CardError::NoUsableKey), "{label}");
    }
    only("none of them");
    assert_eq!(reader.look(), Err(CardError::NoCard), "an empty reader");
    assert_eq!(refused(PIN), Said::Card(CardError::NoCard), "and with a PIN");
    let elsewhere = CardReader::of(Path::new("/usr/lib/no-such-module.so"));
    assert!(matches!(elsewhere.look(), Err(CardError::Failed(_))), "no library");
    let relative = CardReader::of(Path::new("libsofthsm2.so"));
    assert!(matches!(relative.look(), Err(CardError::Failed(_))), "or a library of the same name would do");
}

#[derive(Debug, PartialEq)]
enum Said {
    Card(CardError),
    Factor,
}

fn enrol(vault: &Vault, user: &UserRecord, keys: &UserKeys, reader: &CardReader) -> Result<String, CardError> {
    let challenge = vault.factor_challenge(user.id, "enrolment").unwrap();
    let (key, signed): (CardKey, _) = reader.enrol(&pin(PIN), &challenge, now())?;
    let permit = permit(user, Interaction::FactorCreate, None);
    let made = vault.transaction(permit, Some(keys), now(), |tx| tx.card_insert(&key, &challenge, &signed));
    Ok(made.unwrap().name)
}

fn sign_in(vault: &Vault, user: &UserRecord, keys: &UserKeys, reader: &CardReader, with: &str) -> Result<(), Said> {
    let challenge = challenge_of(vault, user);
    let signed = reader.sign(&vault.card_keys(keys).unwrap(), &pin(with), &challenge, now()).map_err(Said::Card)?;
    let accepted = vault.factor_check(keys, FactorShown::Signed(challenge, signed), now()).map_err(|_| Said::Factor)?;
    let permit = permit(user, Interaction::FactorVerify, None);
    vault.transaction(permit, Some(keys), now(), |tx| tx.factor_use(&accepted, "sign-in")).map_err(|_| Said::Factor)
}

fn challenge_of(vault: &Vault, user: &UserRecord) -> vigil_vault::Challenge {
    vault.factor_challenge(user.id, "sign-in").unwrap()
}

fn pin(text: &str) -> Sensitive<String> {
    Sensitive::new(text.to_owned())
}

/// Certificates are made with the real time.
fn now() -> Moment {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap();
    let utc = chrono::DateTime::from_timestamp(i64::try_from(since.as_secs()).unwrap(), 0).unwrap();
    Moment { utc, since_boot: std::time::Duration::from_secs(100) }
}

/// Puts the cards of all others aside, as a reader holds one: SoftHSM looks at its folder anew when it is asked for slots.
fn only(label: &str) {
    let folder = PathBuf::from(std::env::var_os(FOLDER).unwrap());
    let (inside, aside) = (folder.join("tokens"), folder.join("aside"));
    fs::create_dir_all(&aside).unwrap();
    let names = fs::read_to_string(folder.join("names")).unwrap();
    let all: Vec<(&str, &str)> = names.lines().map(|line| line.split_once(' ').unwrap()).collect();
    for (name, place) in all {
        let (here, there) = (inside.join(place), aside.join(place));
        if name == label && there.exists() {
            fs::rename(&there, &here).unwrap();
        } else if name != label && here.exists() {
            fs::rename(&here, &there).unwrap();
        }
    }
    reload();
}

/// SoftHSM reads its tokens when the library is started.
fn reload() {
    // The reader keeps the library; a second start of it says so, and its end is for all.
    let module = Pkcs11::new(MODULE).unwrap();
    drop(module.finalize());
    let flags = cryptoki::context::CInitializeFlags::OS_LOCKING_OK;
    Pkcs11::new(MODULE).unwrap().initialize(cryptoki::context::CInitializeArgs::new(flags)).unwrap();
}

struct Cards(PathBuf, #[expect(dead_code, reason = "removes the folder at the end")] tempfile::TempDir);

impl Cards {
    fn make(all: &[(&str, &[&str])]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_owned();
        fs::create_dir(path.join("tokens")).unwrap();
        let settings =
            format!("directories.tokendir = {}\nobjectstore.backend = file\n", path.join("tokens").display());
        fs::write(path.join("softhsm2.conf"), settings).unwrap();
        fs::write(path.join("names"), "").unwrap();
        let cards = Self(path, folder);
        for (label, key) in all {
            cards.add(label, key);
        }
        cards
    }

    /// A token with nothing on it.
    fn token(&self, label: &str) {
        let known = |path: &Path| -> Vec<String> {
            fs::read_dir(path).unwrap().map(|one| one.unwrap().file_name().into_string().unwrap()).collect()
        };
        let before = known(&self.0.join("tokens"));
        let options = ["--init-token", "--free", "--label", label, "--so-pin", "471100471100", "--pin", PIN];
        self.run(Command::new("softhsm2-util").args(options));
        let after = known(&self.0.join("tokens"));
        let fresh = after.iter().find(|name| !before.contains(name)).unwrap();
        let names = fs::read_to_string(self.0.join("names")).unwrap();
        fs::write(self.0.join("names"), format!("{names}{label} {fresh}\n")).unwrap();
    }

    /// A token with a key pair and a certificate of that name, as an issuer makes one.
    fn add(&self, label: &str, key: &[&str]) {
        self.token(label);
        let file = |end: &str| self.0.join(format!("{label}.{end}"));
        let subject = format!("/CN=Card {label}");
        let make = ["req", "-x509", "-nodes", "-days", "3650", "-subj", &subject, "-newkey"];
        self.run(
            Command::new("openssl").args(make).args(key).arg("-keyout").arg(file("key")).arg("-out").arg(file("pem")),
        );
        let der = ["x509", "-outform", "DER", "-in"];
        self.run(Command::new("openssl").args(der).arg(file("pem")).arg("-out").arg(file("der")));
        let import = ["--token", label, "--label", label, "--id", "01", "--pin", PIN];
        self.run(Command::new("softhsm2-util").arg("--import").arg(file("key")).args(import));
        inside("card::inside_put_certificates", self);
    }

    fn run(&self, command: &mut Command) {
        let made = command.env("SOFTHSM2_CONF", self.0.join("softhsm2.conf")).output().expect("openssl and softhsm2");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }
}

/// Puts every certificate that is not on its token yet there.
#[test]
#[ignore = "runs with SoftHSM's configuration, started while the cards are made"]
fn inside_put_certificates() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).unwrap());
    let module = Pkcs11::new(MODULE).unwrap();
    let flags = cryptoki::context::CInitializeFlags::OS_LOCKING_OK;
    module.initialize(cryptoki::context::CInitializeArgs::new(flags)).unwrap();
    for slot in module.get_slots_with_initialized_token().unwrap() {
        let label = module.get_token_info(slot).unwrap().label().to_owned();
        let Ok(der) = fs::read(folder.join(format!("{label}.der"))) else { continue };
        let session = module.open_rw_session(slot).unwrap();
        session.login(UserType::User, Some(&AuthPin::from(PIN))).unwrap();
        let class = Attribute::Class(ObjectClass::CERTIFICATE);
        if session.find_objects(std::slice::from_ref(&class)).unwrap().is_empty() {
            session
                .create_object(&[
                    class,
                    Attribute::CertificateType(CertificateType::X_509),
                    Attribute::Token(true),
                    Attribute::Private(false),
                    Attribute::Id(vec![1]),
                    Attribute::Subject(Vec::new()),
                    Attribute::Value(der),
                ])
                .unwrap();
        }
        session.logout().unwrap();
    }
}

fn inside(test: &str, cards: &Cards) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "--nocapture", test])
        .env("SOFTHSM2_CONF", cards.0.join("softhsm2.conf"))
        .env(FOLDER, &cards.0)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "with SoftHSM's configuration:\n{said}");
}
