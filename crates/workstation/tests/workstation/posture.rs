//! What the posture closes, and to whom.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use vigil_workstation::posture::{CheckId, CheckState, Facts, Platform, Volume};
use vigil_workstation::view::{DoctorView, Environment, SessionCreateRequest, SessionEndRequest, SessionView, Stage};
use vigil_workstation::{
    AppError, CustodianChoice, CustodianName, Depth, ErrorCode, IdleLock, ManagedPolicy, OverrideReason, PolicyOwner,
    Role, Setup, Workstation,
};

use crate::hospital::{HandClock, Hospital, PASSWORD, new_user};

/// A computer whose disk is what the test says.
struct Disk(Mutex<Volume>);

impl Platform for Disk {
    fn facts(&self, _data: &Path) -> Facts {
        Facts { data_volume: self.0.lock().unwrap().clone(), ..Facts::default() }
    }
}

const REASON: Option<OverrideReason> = Some(OverrideReason::EmergencyTreatment);

#[test]
fn a_check_that_the_policy_refuses_leaves_the_sign_in_to_administrators() {
    let ward = Ward::with(r#"{"posture": {"diskEncryption": "refuse"}}"#);
    let page = ward.station.session_read().unwrap();
    let names: Vec<_> = page.refusals.iter().map(|refusal| refusal.name.as_str()).collect();
    assert_eq!((page.stage, names.as_slice()), (Stage::SignedOut, &["Disk encryption"][..]), "the page says why");
    for user in ["okafor", "lund", "weiss"] {
        let refused = ward.sign_in(user, None).err().unwrap();
        assert_eq!(refused.code, ErrorCode::PostureRefused, "{user}");
        assert!(refused.message.contains("Disk encryption"), "{refused}");
    }
    assert_eq!(ward.sign_in("admin", None).unwrap().stage, Stage::Unlocked, "somebody has to mend it");
    let said = ward.log();
    assert_eq!(said.matches("posture refused: diskEncryption").count(), 3, "each refusal is on record");
    assert!(said.contains("posture diskEncryption=fail"), "and what was found at the start");
}

#[test]
fn who_treats_comes_in_with_a_reason_and_that_is_on_record() {
    let ward = Ward::with(r#"{"posture": {"diskEncryption": "refuse"}}"#);
    assert_eq!(ward.sign_in("okafor", REASON).unwrap().stage, Stage::Unlocked, "care is not blocked");
    ward.station.session_end(SessionEndRequest { keep_place: false }).unwrap();
    for user in ["lund", "weiss"] {
        let refused = ward.sign_in(user, REASON).err().unwrap();
        assert_eq!(refused.code, ErrorCode::PostureRefused, "{user} treats nobody");
    }
    ward.sign_in("admin", None).unwrap();
    let said = ward.log();
    let overridden = said.lines().find(|line| line.contains("posture overridden")).unwrap();
    assert!(overridden.contains("diskEncryption reason=emergency-treatment"), "{overridden}");
    assert!(overridden.contains("\"ETREAT\""), "with the purpose of an emergency: {overridden}");
}

#[test]
fn a_wrong_password_is_a_wrong_password_whatever_the_posture() {
    let ward = Ward::with(r#"{"posture": {"diskEncryption": "refuse"}}"#);
    let wrong = ward.try_sign_in("okafor", "not the password", REASON).err().unwrap();
    assert_eq!(wrong.code, ErrorCode::WrongPassword, "nothing is learnt of a name");
}

#[test]
fn whoever_is_in_goes_on_and_what_was_mended_opens_at_the_next_sign_in() {
    let ward = Ward::with(r#"{"posture": {"diskEncryption": "refuse"}}"#);
    ward.set(Volume::Encrypted("LUKS2".to_owned()));
    assert_eq!(ward.sign_in("okafor", None).unwrap().stage, Stage::Unlocked, "it was mended meanwhile");
    ward.set(Volume::Plain("/dev/vda1".to_owned()));
    ward.station.session_lock().unwrap();
    let request = vigil_workstation::view::SessionUnlockRequest { password: PASSWORD.to_owned(), proof: None };
    assert_eq!(ward.station.session_unlock(request).unwrap().stage, Stage::Unlocked, "an unlock is no sign-in");
}

#[test]
fn not_known_is_not_what_the_policy_asked_for_and_without_a_policy_all_only_warn() {
    let ward = Ward::with(r#"{"posture": {"diskEncryption": "refuse"}}"#);
    ward.set(Volume::NotKnown("ZFS".to_owned()));
    assert_eq!(ward.sign_in("okafor", None).err().unwrap().code, ErrorCode::PostureRefused);
    let open = Ward::with("{}");
    assert!(open.station.session_read().unwrap().refusals.is_empty());
    assert_eq!(open.sign_in("okafor", None).unwrap().stage, Stage::Unlocked, "a warning closes nothing");
    let denied = open.station.posture_read().err().unwrap();
    assert_eq!(denied.code, ErrorCode::Forbidden, "the page is the administrator's");
    open.sign_in("admin", None).unwrap();
    let view = open.station.posture_read().unwrap();
    let disk = view.checks.iter().find(|check| check.id == CheckId::DiskEncryption).unwrap();
    assert_eq!((disk.state, disk.refuses, view.refuses), (CheckState::Fail, false, false), "it is shown");
    let activity = open.log().matches("\"110100\"").count();
    assert_eq!(activity, 3, "the start, the look that was refused and the look are on record");
}

#[test]
fn the_doctor_names_what_does_not_open_and_changes_nothing() {
    let ward = Ward::with("{}");
    ward.station.close().unwrap();
    let setup = ward.setup();
    drop(ward.station);
    let sound = Workstation::doctor(&setup, None, Depth::EveryPage);
    let state = |found: &DoctorView, id| found.checks.iter().find(|check| check.id == id).map(|check| check.state);
    assert_eq!(state(&sound, CheckId::Vault), Some(CheckState::Ok));
    assert_eq!(state(&sound, CheckId::AuditLog), Some(CheckState::Ok));
    assert_eq!(state(&sound, CheckId::Database), Some(CheckState::Ok));
    assert_eq!(sound.verdict, CheckState::Fail, "the disk is not encrypted");

    let path = setup.data.join("vigil.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[2000] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let damaged = Workstation::doctor(&setup, None, Depth::EveryPage);
    let vault = damaged.checks.iter().find(|check| check.id == CheckId::Vault).unwrap();
    assert!(vault.state == CheckState::Fail && vault.found.contains("is damaged"), "{}", vault.found);
    assert_eq!(state(&damaged, CheckId::DiskEncryption), Some(CheckState::Fail), "the rest is said all the same");
    assert_eq!(fs::read(&path).unwrap(), bytes, "not a byte was changed");

    let error = ManagedPolicy::read(Path::new("/dev/null/policies"), PolicyOwner::Root).err().unwrap();
    let unusable = Workstation::doctor(&setup, Some(&error), Depth::Quick);
    assert_eq!(state(&unusable, CheckId::ManagedPolicy), Some(CheckState::Fail), "a policy that cannot be read");

    let nowhere = Setup { data: setup.data.join("nowhere"), ..setup };
    assert_eq!(state(&Workstation::doctor(&nowhere, None, Depth::Quick), CheckId::Vault), Some(CheckState::Warn));
    assert!(!nowhere.data.exists(), "looking makes no folder");
}

/// A workstation with every role, under a policy, on a disk that is not encrypted.
struct Ward {
    station: Workstation,
    disk: Arc<Disk>,
    folder: tempfile::TempDir,
    policy: String,
}

impl Ward {
    fn with(policy: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let disk = Arc::new(Disk(Mutex::new(Volume::Plain("/dev/vda1".to_owned()))));
        let station = Workstation::open(setup(&folder, &disk, "{}")).unwrap();
        station.administrator_create(Hospital::first_administrator_request()).unwrap();
        for (username, role) in
            [("okafor", Role::Physician), ("lund", Role::FrontDesk), ("weiss", Role::PrivacyOfficer)]
        {
            station.user_create(new_user(username, role)).unwrap();
        }
        station.close().unwrap();
        drop(station);
        let station = Workstation::open(setup(&folder, &disk, policy)).unwrap();
        Self { station, disk, folder, policy: policy.to_owned() }
    }

    fn setup(&self) -> Setup {
        setup(&self.folder, &self.disk, &self.policy)
    }

    fn set(&self, volume: Volume) {
        *self.disk.0.lock().unwrap() = volume;
    }

    fn sign_in(&self, username: &str, reason: Option<OverrideReason>) -> Result<SessionView, AppError> {
        self.try_sign_in(username, PASSWORD, reason)
    }

    fn try_sign_in(
        &self,
        username: &str,
        password: &str,
        despite_refusal: Option<OverrideReason>,
    ) -> Result<SessionView, AppError> {
        let (username, password) = (username.to_owned(), password.to_owned());
        self.station.session_create(SessionCreateRequest { username, password, proof: None, despite_refusal })
    }

    /// The audit log, as the administrator who is signed in exports it.
    fn log(&self) -> String {
        let mut log = Vec::new();
        self.station.audit_export(&mut log).unwrap();
        String::from_utf8(log).unwrap()
    }
}

fn setup(folder: &tempfile::TempDir, disk: &Arc<Disk>, policy: &str) -> Setup {
    let policies = folder.path().join("policies");
    fs::create_dir_all(&policies).unwrap();
    fs::write(policies.join("10.json"), policy).unwrap();
    Setup {
        data: folder.path().join("data"),
        custodian: CustodianChoice::Named(CustodianName::Software),
        state: None,
        environment: Environment::Training,
        policy: ManagedPolicy::read(&policies, PolicyOwner::Anyone).unwrap(),
        idle_lock: IdleLock::default(),
        platform: Arc::clone(disk) as Arc<dyn Platform>,
        clock: Arc::new(HandClock::default()),
        notify: Box::new(|_| {}),
    }
}
