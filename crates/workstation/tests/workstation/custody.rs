//! Who keeps the device key: the order, what the policy allows, and that nothing is chosen silently.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use vigil_workstation::view::{AdministratorCreateRequest, Environment, SessionCreateRequest};
use vigil_workstation::{
    AppError, CustodianChoice, CustodianName, CustodyPolicy, IdleLock, ManagedPolicy, Setup, Workstation,
};

use crate::hospital::{HandClock, PASSWORD};

const SOFTWARE: CustodianChoice = CustodianChoice::Named(CustodianName::Software);

#[test]
fn whoever_does_not_answer_is_passed_over_with_the_reason_and_software_is_never_taken() {
    let folder = tempfile::tempdir().unwrap();
    let policy = CustodyPolicy {
        custodians: Some(vec![CustodianName::Tpm, CustodianName::Pkcs11, CustodianName::Software]),
        tpm_tcti: Some("device:/dev/no-tpm-here".to_owned()),
        ..CustodyPolicy::default()
    };
    let station = open(folder.path(), CustodianChoice::Auto, Environment::Demo, policy).unwrap();
    assert_eq!(station.session_read().unwrap().custodian, "chosen at set-up", "nobody yet");
    let error = set_up(&station).unwrap_err();
    for reason in ["there is no /dev/no-tpm-here", "PKCS#11 token is not configured", "--custodian software"] {
        assert!(error.message.contains(reason), "{reason}: {error}");
    }
    let left: Vec<_> = fs::read_dir(folder.path().join("data")).unwrap().collect();
    assert!(left.is_empty(), "no half-made vault, no root: {left:?}");
}

#[test]
fn what_the_policy_does_not_allow_is_not_taken_even_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let policy = CustodyPolicy { custodians: Some(vec![CustodianName::Tpm]), ..CustodyPolicy::default() };
    let station = open(folder.path(), SOFTWARE, Environment::Live, policy).unwrap();
    let error = set_up(&station).unwrap_err();
    assert!(error.message.contains("does not allow the custodian software"), "{error}");
}

#[test]
fn an_older_copy_of_the_whole_data_folder_is_noticed_with_the_software_custodian_too() {
    let folder = tempfile::tempdir().unwrap();
    let (data, earlier) = (folder.path().join("data"), folder.path().join("earlier"));
    let station = open(folder.path(), SOFTWARE, Environment::Live, CustodyPolicy::default()).unwrap();
    set_up(&station).unwrap();
    station.close().unwrap();
    drop(station);
    assert!(!data.join("device.root").exists(), "the root lies outside");
    copy(&data, &earlier);

    let station = open(folder.path(), SOFTWARE, Environment::Live, CustodyPolicy::default()).unwrap();
    assert_eq!(station.custody().custodian, "software", "it says who keeps it");
    let request = SessionCreateRequest {
        username: "admin".to_owned(),
        password: PASSWORD.to_owned(),
        proof: None,
        despite_refusal: None,
    };
    station.session_create(request).unwrap();
    station.close().unwrap();
    drop(station);
    fs::remove_dir_all(&data).unwrap();
    copy(&earlier, &data);
    let station = open(folder.path(), SOFTWARE, Environment::Live, CustodyPolicy::default()).unwrap();
    let found = station.audit_verify_unattended().unwrap();
    assert!(!found.intact, "the copy is older than the mark: {:?}", found.findings);
    drop(station);

    fs::remove_dir_all(folder.path().join("state")).unwrap();
    let error = open(folder.path(), SOFTWARE, Environment::Live, CustodyPolicy::default()).err().unwrap();
    assert!(error.message.contains("software has no key for this installation"), "{error}");
}

#[test]
fn a_demonstration_keeps_its_root_in_the_folder_that_is_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    let station = open(folder.path(), SOFTWARE, Environment::Demo, CustodyPolicy::default()).unwrap();
    set_up(&station).unwrap();
    station.close().unwrap();
    assert!(folder.path().join("data").join("device.root").exists(), "beside the data");
    assert!(!folder.path().join("state").exists(), "and nothing elsewhere");
}

#[test]
fn another_name_in_the_custodians_file_is_named_and_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let station = open(folder.path(), SOFTWARE, Environment::Demo, CustodyPolicy::default()).unwrap();
    set_up(&station).unwrap();
    station.close().unwrap();
    drop(station);
    let path = folder.path().join("data").join("custodian.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"software\"", "\"os-keystore\"")).unwrap();
    // Whatever --custodian says: an installation says itself who keeps its key.
    let error = open(folder.path(), SOFTWARE, Environment::Demo, CustodyPolicy::default()).err().unwrap();
    assert!(error.message.contains("sealed by another custodian (software)"), "{error}");
}

fn open(
    folder: &Path,
    custodian: CustodianChoice,
    environment: Environment,
    custody: CustodyPolicy,
) -> Result<Workstation, AppError> {
    let mut policy = ManagedPolicy::default();
    policy.custody = custody;
    Workstation::open(Setup {
        data: folder.join("data"),
        custodian,
        state: Some(folder.join("state")),
        environment,
        policy,
        idle_lock: IdleLock::default(),
        platform: Arc::new(crate::hospital::Silent),
        clock: Arc::new(HandClock::default()),
        notify: Box::new(|_| {}),
    })
}

fn set_up(station: &Workstation) -> Result<(), AppError> {
    let request = AdministratorCreateRequest {
        organization: "St. Elsewhere".to_owned(),
        username: "admin".to_owned(),
        display_name: "B. Admin".to_owned(),
        password: PASSWORD.to_owned(),
    };
    station.administrator_create(request).map(drop)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
