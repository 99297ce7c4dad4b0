//! Replacing keys: what opens before and after, for whom, and what becomes of everything when the program dies in between.

use std::path::Path;
use std::process::Command;

use vigil_model::Role;
use vigil_policy::{Interaction, Principal, authorize};
use vigil_vault::{
    BackupProgress, GroupKey, KdfCost, OpenError, RecoveryKey, RotationCause, Undecodable, UserKeys, UserRecord, Vault,
    VaultError,
};

use crate::hospital::{Hospital, PASSWORD, at, custodian, kind, password, permit, pid, request, rid};

fn rotate(hospital: &Hospital, key: GroupKey) -> u32 {
    let permit = permit(&hospital.admin, Interaction::KeyRotate, None);
    hospital
        .vault
        .transaction(permit, Some(&hospital.admin_keys), at(10), |tx| {
            tx.group_key_rotate(key, RotationCause::Demand, &hospital.admin_keys)
        })
        .unwrap()
}

/// Every step of what is under way.
pub(crate) fn reseal(hospital: &Hospital, rows: u32) {
    let keys = &hospital.admin_keys;
    loop {
        let permit = permit(&hospital.admin, Interaction::KeyReseal, None);
        let step = hospital.vault.transaction(permit, Some(keys), at(11), |tx| tx.directory_reseal(rows)).unwrap();
        if step.is_none_or(|step| step.finished) {
            break;
        }
    }
    loop {
        let permit = permit(&hospital.admin, Interaction::KeyReseal, None);
        let step = hospital.vault.transaction(permit, Some(keys), at(12), |tx| tx.patients_reseal(rows, keys)).unwrap();
        if step.is_none_or(|step| step.finished) {
            break;
        }
    }
}

fn names(hospital: &Hospital, user: &UserRecord, keys: &UserKeys) -> Vec<String> {
    let mut names = Vec::new();
    let permit = permit(&UserRecord { role: Role::Nurse, ..user.clone() }, Interaction::DirectoryRead, None);
    hospital
        .vault
        .transaction(permit, Some(keys), at(20), |tx| {
            tx.directory(|row| {
                names.push(row.demographics.map_or_else(|error| error.to_string(), |found| found.family.clone()))
            })
        })
        .unwrap();
    names
}

fn disable(hospital: &Hospital, user: &UserRecord) {
    let permit = permit(&hospital.admin, Interaction::UserDisable, None);
    hospital
        .vault
        .transaction(permit, Some(&hospital.admin_keys), at(10), |tx| tx.user_disable(user.id, &hospital.admin_keys))
        .unwrap();
}

/// Everything that was written is there and opens, for the session that is on and for one that begins.
fn all_is_well(hospital: &Hospital, nurse: &UserRecord, session: Option<&UserKeys>) {
    let (_, fresh) = hospital.vault.unlock("nurse", &password(PASSWORD)).unwrap();
    for keys in session.into_iter().chain([&fresh]) {
        assert_eq!(names(hospital, nurse, keys), ["SMITH-MARKER", "HIDDEN-MARKER"], "demographics open");
        let read = hospital.observations(nurse, keys, "open");
        assert!(read[0].json.as_ref().unwrap().contains("open note"), "the chart opens");
        assert_eq!(
            hospital.observations(nurse, keys, "closed")[0].json.as_ref().err(),
            Some(&Undecodable::NoKey),
            "a restricted chart stays closed"
        );
        let shared = hospital
            .vault
            .transaction(permit(nurse, Interaction::PatientRead, Some("open")), Some(keys), at(21), |tx| {
                tx.shared_resource(&kind("Practitioner"), &rid("dr"))
            })
            .unwrap()
            .unwrap();
        assert!(shared.json.is_ok(), "what belongs to no patient opens");
    }
    let emergency = hospital.vault.emergency_key("nurse", &password(PASSWORD)).unwrap();
    let mut broken = request(crate::hospital::principal(nurse), Interaction::EmergencyAccessStart, Some("closed"));
    broken.restricted = true;
    broken.purpose = vigil_model::PurposeOfUse::BreakTheGlass;
    hospital.vault.emergency_access_start(authorize(broken).unwrap(), &fresh, &emergency, at(22), None).unwrap();
    let mut inside = request(
        crate::hospital::principal(nurse),
        Interaction::SectionRead(vigil_model::Section::Vitals),
        Some("closed"),
    );
    inside.restricted = true;
    inside.purpose = vigil_model::PurposeOfUse::BreakTheGlass;
    inside.facts.grant = true;
    let read = hospital
        .vault
        .transaction(authorize(inside).unwrap(), Some(&fresh), at(23), |tx| {
            tx.resources(&pid("closed"), &["Observation"])
        })
        .unwrap();
    assert!(read[0].json.as_ref().unwrap().contains("closed note"), "and opens through a broken glass");
    let found = hospital
        .import(|tx| {
            Ok((
                tx.identifier_find(Some("urn:mrn"), "M-1", &kind("Patient"))?,
                tx.identifier_find(None, "M-1", &kind("Patient"))?,
            ))
        })
        .unwrap();
    assert_eq!(found, (Some(rid("open")), Some(rid("open"))), "identifiers find what they found");
    assert_eq!(
        hospital.put("Observation", "o1", Some("open"), r#"{"resourceType":"Observation","note":"open note"}"#),
        vigil_vault::PutOutcome::Unchanged,
        "and what has not changed is known to be the same"
    );
    hospital.vault.checkpoint(at(24)).unwrap();
    let log = hospital.vault.audit_verify().unwrap();
    assert!(log.findings.is_empty(), "the log verifies: {:?}", log.findings);
}

fn prepared() -> (Hospital, UserRecord, UserKeys) {
    let hospital = Hospital::with_patients();
    hospital.import(|tx| tx.identifier_put("urn:mrn", "M-1", &kind("Patient"), &rid("open"))).unwrap();
    // A second version, so that there is a history.
    hospital.put("Practitioner", "dr", None, r#"{"resourceType":"Practitioner","active":true}"#);
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    (hospital, nurse, keys)
}

#[test]
fn every_group_key_can_be_replaced_again_and_again_and_nothing_is_lost() {
    let (mut hospital, nurse, keys) = prepared();
    for version in 2..=3 {
        for key in GroupKey::ALL {
            assert_eq!(rotate(&hospital, key), version, "{key:?} counts on");
            all_is_well(&hospital, &nurse, Some(&keys));
            reseal(&hospital, 1);
            all_is_well(&hospital, &nurse, Some(&keys));
        }
    }
    drop(keys);
    hospital.reopened();
    all_is_well(&hospital, &nurse, None);
    let former: i64 = hospital
        .raw()
        .query_row("SELECT count(*) FROM patient WHERE demographics IS NOT NULL AND directory_version < 3", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(former, 0, "no demographics lie under a former key");
    let tokens: i64 = hospital
        .raw()
        .query_row("SELECT count(*) FROM identifier WHERE directory_version < 3", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tokens, 0, "nor a token");
    let shared: i64 = hospital
        .raw()
        .query_row(
            "SELECT (SELECT count(*) FROM resource WHERE row < 4294967296 AND key_version < 3)
                  + (SELECT count(*) FROM resource_history WHERE patient = 0 AND key_version < 3)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(shared, 0, "nor what belongs to no patient, its history included");
}

#[test]
fn the_keys_of_a_closed_account_open_nothing_that_is_written_later() {
    let (hospital, nurse, _) = prepared();
    let (leaver, kept) = hospital.hire("leaver", Role::Nurse);
    assert!(hospital.observations(&leaver, &kept, "open")[0].json.is_ok(), "the session is on");
    // What a thief of the file and of the session's memory keeps: the grants as they were.
    let grants: Vec<(String, Vec<u8>, u32)> = {
        let raw = hospital.raw();
        let mut statement = raw.prepare("SELECT key, sealed, version FROM user_grant WHERE user = ?1").unwrap();
        let rows = statement.query_map([leaver.id.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        rows.unwrap().map(Result::unwrap).collect()
    };
    disable(&hospital, &leaver);
    reseal(&hospital, 100);
    hospital.put("Observation", "o9", Some("open"), r#"{"resourceType":"Observation","note":"written later"}"#);
    all_is_well(&hospital, &nurse, None);

    let shut = hospital.vault.transaction(
        permit(&leaver, Interaction::PatientRead, Some("open")),
        Some(&kept),
        at(30),
        |tx| tx.resource_counts(&pid("open")),
    );
    assert!(matches!(shut, Err(VaultError::AccountClosed)), "the session ends at its next request: {shut:?}");
    let again = hospital.vault.transaction(
        permit(&leaver, Interaction::PatientRead, Some("open")),
        Some(&kept),
        at(30),
        |tx| tx.resource_counts(&pid("open")),
    );
    assert!(matches!(again, Err(VaultError::AccountClosed)), "and at every one after it");
    assert!(
        matches!(hospital.vault.unlock("leaver", &password(PASSWORD)), Err(VaultError::WrongPassword)),
        "nobody signs in"
    );

    // The database key in hand, the account is opened by force, with its grants of before.
    let raw = hospital.raw();
    raw.execute("UPDATE user SET disabled = 0 WHERE id = ?1", [leaver.id.to_string()]).unwrap();
    for (key, sealed, version) in &grants {
        raw.execute(
            "INSERT INTO user_grant (user, key, sealed, version) VALUES (?1, ?2, ?3, ?4)",
            rusqlite::params![leaver.id.to_string(), key, sealed, version],
        )
        .unwrap();
    }
    drop(raw);
    let (_, forced) = hospital.vault.unlock("leaver", &password(PASSWORD)).unwrap();
    assert!(
        names(&hospital, &leaver, &forced).iter().all(|name| !name.contains("MARKER")),
        "the former directory key opens no demographics of today"
    );
    let read = hospital.observations(&leaver, &forced, "open");
    assert!(read.iter().all(|stored| stored.json.is_err()), "the former care group key opens no chart of today");
    let granted = hospital.vault.transaction(
        permit(&hospital.admin, Interaction::KeyRotate, None),
        Some(&hospital.admin_keys),
        at(31),
        |tx| tx.group_key_rotate(GroupKey::Directory, RotationCause::Demand, &hospital.admin_keys),
    );
    assert!(
        matches!(granted, Err(VaultError::Tampered("user"))),
        "an account that was opened by force is granted nothing, and the administrator hears of it: {granted:?}"
    );
}

#[test]
fn a_closed_account_that_is_opened_again_has_the_keys_of_today() {
    let (hospital, _, _) = prepared();
    let (user, keys) = hospital.hire("back", Role::Nurse);
    drop(keys);
    disable(&hospital, &user);
    let again = hospital.vault.transaction(
        permit(&hospital.admin, Interaction::UserDisable, None),
        Some(&hospital.admin_keys),
        at(11),
        |tx| tx.user_disable(user.id, &hospital.admin_keys),
    );
    assert!(matches!(again, Err(VaultError::Invalid(_))), "it is closed already");
    let own = hospital.vault.transaction(
        permit(&hospital.admin, Interaction::UserDisable, None),
        Some(&hospital.admin_keys),
        at(11),
        |tx| tx.user_disable(hospital.admin.id, &hospital.admin_keys),
    );
    assert!(matches!(own, Err(VaultError::Invalid(_))), "nobody closes their own");
    hospital
        .vault
        .transaction(permit(&hospital.admin, Interaction::UserEnable, None), Some(&hospital.admin_keys), at(12), |tx| {
            tx.user_enable(user.id, &hospital.admin_keys)
        })
        .unwrap();
    let (user, keys) = hospital.vault.unlock("back", &password(PASSWORD)).unwrap();
    assert!(hospital.observations(&user, &keys, "open")[0].json.is_ok(), "the same password, the keys of today");
}

#[test]
fn a_new_authority_key_is_in_the_escrow_of_the_recovery_key() {
    let (hospital, nurse, _) = prepared();
    let paper = RecoveryKey::make().unwrap();
    hospital
        .vault
        .transaction(permit(&hospital.admin, Interaction::RecoveryKeyCreate, None), None, at(1), |tx| {
            tx.recovery_key_put(&paper, &hospital.admin_keys)
        })
        .unwrap();
    rotate(&hospital, GroupKey::Authority);
    rotate(&hospital, GroupKey::CareGroup);
    let reset = authorize(request(Principal::Workstation, Interaction::UserPasswordRecover, None)).unwrap();
    hospital
        .vault
        .transaction(reset, None, at(5), |tx| {
            tx.user_password_recover("root", &password("another horse entirely"), &paper)
        })
        .unwrap();
    let (admin, keys) = hospital.vault.unlock("root", &password("another horse entirely")).unwrap();
    hospital
        .vault
        .transaction(permit(&admin, Interaction::KeyRotate, None), Some(&keys), at(6), |tx| {
            tx.group_key_rotate(GroupKey::BreakGlass, RotationCause::Demand, &keys)
        })
        .expect("what the paper gives back is the authority of today");
    let (_, keys) = hospital.vault.unlock("nurse", &password(PASSWORD)).unwrap();
    assert!(hospital.observations(&nurse, &keys, "open")[0].json.is_ok(), "and everybody reads on");
}

#[test]
fn a_recovery_key_that_somebody_put_into_the_file_gets_no_authority() {
    let (hospital, ..) = prepared();
    let paper = RecoveryKey::make().unwrap();
    hospital
        .vault
        .transaction(permit(&hospital.admin, Interaction::RecoveryKeyCreate, None), None, at(1), |tx| {
            tx.recovery_key_put(&paper, &hospital.admin_keys)
        })
        .unwrap();
    let foreign: Vec<u8> = hospital
        .raw()
        .query_row("SELECT public_key FROM group_key WHERE id = 'break-glass'", [], |row| row.get(0))
        .unwrap();
    hospital.raw().execute("UPDATE recovery_key SET public_key = ?1", [foreign]).unwrap();
    let rotated = hospital.vault.transaction(
        permit(&hospital.admin, Interaction::KeyRotate, None),
        Some(&hospital.admin_keys),
        at(2),
        |tx| tx.group_key_rotate(GroupKey::Authority, RotationCause::Demand, &hospital.admin_keys),
    );
    assert!(matches!(rotated, Err(VaultError::Tampered("recovery_key"))), "the custodian's copy counts: {rotated:?}");
}

#[test]
fn a_public_key_or_a_role_that_somebody_changed_in_the_file_gets_no_key() {
    for change in [
        "UPDATE user SET public_key = (SELECT public_key FROM group_key WHERE id = 'break-glass') WHERE username = 'nurse'",
        "UPDATE user SET role = 'administrator' WHERE username = 'nurse'",
    ] {
        let (hospital, ..) = prepared();
        hospital.raw().execute(change, []).unwrap();
        let rotated = hospital.vault.transaction(
            permit(&hospital.admin, Interaction::KeyRotate, None),
            Some(&hospital.admin_keys),
            at(2),
            |tx| tx.group_key_rotate(GroupKey::Authority, RotationCause::Demand, &hospital.admin_keys),
        );
        assert!(matches!(rotated, Err(VaultError::Tampered("user"))), "{change}: {rotated:?}");
    }
}

#[test]
fn a_slot_is_renewed_with_todays_cost_and_the_same_password() {
    let (hospital, nurse, keys) = prepared();
    drop(keys);
    let before = hospital.vault.slot_age(nurse.id).unwrap();
    let cost = KdfCost { passes: 2, ..KdfCost::CHEAP_FOR_TESTS };
    let permit = || authorize(request(Principal::Workstation, Interaction::UserSlotRenew, None)).unwrap();
    let wrong = hospital.vault.slot_renew(permit(), nurse.id, &password("wrong horse battery"), cost, at(40));
    assert!(matches!(wrong, Err(VaultError::WrongPassword)), "only the password renews it");
    hospital.vault.slot_renew(permit(), nurse.id, &password(PASSWORD), cost, at(40)).unwrap();
    let after = hospital.vault.slot_age(nurse.id).unwrap();
    assert_eq!(
        (after.cost, after.today),
        (cost, cost),
        "and new slots cost the same, so that names do not show by time"
    );
    assert!(after.made_at > before.made_at, "its age begins anew");
    all_is_well(&hospital, &nurse, None);
}

#[test]
fn patient_keys_are_replaced_in_the_background_and_old_versions_stay() {
    let (hospital, nurse, keys) = prepared();
    hospital
        .vault
        .transaction(permit(&hospital.admin, Interaction::KeyRotate, None), Some(&hospital.admin_keys), at(9), |tx| {
            tx.patient_keys_rotate()
        })
        .unwrap();
    reseal(&hospital, 1);
    all_is_well(&hospital, &nurse, Some(&keys));
    let stale: i64 = hospital
        .raw()
        .query_row(
            "SELECT count(*) FROM resource WHERE row > 4294967296 AND key_version <
                 (SELECT max(version) FROM patient_key WHERE patient = row >> 32)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(stale, 0, "no record lies under a former key");
    let versions: i64 = hospital
        .raw()
        .query_row("SELECT count(DISTINCT version) FROM patient_key WHERE patient = 1", [], |row| row.get(0))
        .unwrap();
    assert!(versions >= 2, "former versions stay for what the log remembers");
}

#[test]
fn a_record_that_was_tampered_with_is_left_and_reported_not_lost() {
    let (hospital, ..) = prepared();
    hospital.raw().execute("UPDATE patient SET demographics = zeroblob(80) WHERE id = 'open'", []).unwrap();
    rotate(&hospital, GroupKey::Directory);
    reseal(&hospital, 100);
    let left: Vec<u8> =
        hospital.raw().query_row("SELECT demographics FROM patient WHERE id = 'open'", [], |row| row.get(0)).unwrap();
    assert_eq!(left, vec![0; 80], "as it was");
    let mut out = Vec::new();
    let reader = permit(&hospital.admin, Interaction::AuditVerify, None);
    hospital.vault.audit_export(reader, at(50), &mut out).unwrap();
    let log = String::from_utf8(out).unwrap();
    assert!(log.contains("patient open"), "and an alert names it");
}

fn database_rotation() -> vigil_policy::Permit {
    authorize(request(Principal::Workstation, Interaction::DatabaseKeyRotate, None)).unwrap()
}

fn rotated_database(hospital: &Hospital, go_on: &mut dyn FnMut(BackupProgress) -> bool) -> Result<Vault, OpenError> {
    Vault::database_key_rotate(
        &hospital.data(),
        custodian(&hospital.folder),
        database_rotation(),
        RotationCause::Demand,
        at(60),
        go_on,
    )
}

#[test]
fn the_database_goes_under_a_new_key_and_the_old_one_opens_nothing() {
    let (mut hospital, nurse, keys) = prepared();
    drop(keys);
    let refused = authorize(request(Principal::Anonymous, Interaction::SessionRefuse, None)).unwrap();
    hospital.vault.transaction(refused, None, at(5), |tx| tx.sign_in_failure("nurse", None)).unwrap();
    let busy = rotated_database(&hospital, &mut |_| true);
    assert!(matches!(busy, Err(OpenError::InUse { .. })), "not while somebody has it open");
    let before = std::fs::read(hospital.data().join("device.json")).unwrap();
    hospital.vault = Hospital::new().vault;
    let stopped = rotated_database(&hospital, &mut |_| false).err();
    assert!(matches!(stopped, Some(OpenError::Setup(VaultError::Cancelled))), "it can be stopped: {stopped:?}");
    assert_eq!(std::fs::read(hospital.data().join("device.json")).unwrap(), before, "then nothing has changed");
    assert!(!hospital.data().join("vigil.db.next").exists(), "and nothing is left behind");

    let mut steps = 0;
    hospital.vault = rotated_database(&hospital, &mut |progress| {
        steps += 1;
        progress.done <= progress.total
    })
    .unwrap();
    assert!(steps > 0, "progress is told");
    all_is_well(&hospital, &nurse, None);
    assert_eq!(hospital.vault.sign_in_failures("nurse").unwrap().count, 1, "failed sign-ins go over");
    hospital.settle();
    let key = |header: &[u8]| {
        let file: serde_json::Value = serde_json::from_slice(header).unwrap();
        let sealed = hex::decode(file["sealed"].as_str().unwrap()).unwrap();
        let purpose = format!("vigil/device/v1|{}", file["device"].as_str().unwrap());
        custodian(&hospital.folder).open(&purpose, &sealed).unwrap()[..32].to_vec()
    };
    let after = std::fs::read(hospital.data().join("device.json")).unwrap();
    assert_ne!(key(&before), key(&after), "another key");
    let old = rusqlite::Connection::open(hospital.data().join("vigil.db")).unwrap();
    old.execute_batch(&format!(
        "PRAGMA key = \"x'{}'\"; PRAGMA cipher_hmac_algorithm = HMAC_SHA256;",
        hex::encode(key(&before))
    ))
    .unwrap();
    assert!(
        old.query_row("SELECT count(*) FROM user", [], |row| row.get::<_, i64>(0)).is_err(),
        "the former key opens nothing"
    );
}

// What follows dies on purpose, in a program of its own: this test program, asked for one ignored test.

const FOLDER: &str = "VIGIL_TEST_CRASH_FOLDER";

/// Everything that can be replaced, one after the other, in the folder that the environment names.
#[test]
#[ignore = "runs in a program of its own that dies at a point of its way"]
fn the_way_through_every_change_of_keys() {
    let folder = std::path::PathBuf::from(std::env::var_os(FOLDER).unwrap());
    let custodian = || -> std::sync::Arc<dyn vigil_vault::Custodian> {
        std::sync::Arc::new(vigil_vault::SoftwareCustodian::at(&folder.join("device-root")))
    };
    let data = folder.join("data");
    let vault = Vault::open(&data, custodian()).unwrap();
    let (admin, keys) = vault.unlock("root", &password(PASSWORD)).unwrap();
    let step = |interaction| permit(&admin, interaction, None);
    let finish = || {
        loop {
            let found =
                vault.transaction(step(Interaction::KeyReseal), Some(&keys), at(11), |tx| tx.directory_reseal(1));
            if found.unwrap().is_none_or(|step| step.finished) {
                break;
            }
        }
        loop {
            let found =
                vault.transaction(step(Interaction::KeyReseal), Some(&keys), at(12), |tx| tx.patients_reseal(1, &keys));
            if found.unwrap().is_none_or(|step| step.finished) {
                break;
            }
        }
    };
    // Whatever was cut off goes on first.
    finish();
    for key in GroupKey::ALL {
        vault
            .transaction(step(Interaction::KeyRotate), Some(&keys), at(10), |tx| {
                tx.group_key_rotate(key, RotationCause::Schedule, &keys)
            })
            .unwrap();
    }
    vault.transaction(step(Interaction::KeyRotate), Some(&keys), at(10), |tx| tx.patient_keys_rotate()).unwrap();
    finish();
    let nurse = vault.login_record("nurse").unwrap().unwrap();
    let renew = authorize(request(Principal::Workstation, Interaction::UserSlotRenew, None)).unwrap();
    vault.slot_renew(renew, nurse.id, &password(PASSWORD), KdfCost::CHEAP_FOR_TESTS, at(13)).unwrap();
    if let Some(leaver) = vault.login_record("leaver").unwrap().filter(|leaver| !leaver.disabled) {
        vault
            .transaction(step(Interaction::UserDisable), Some(&keys), at(14), |tx| tx.user_disable(leaver.id, &keys))
            .unwrap();
    }
    finish();
    drop(vault);
    Vault::database_key_rotate(&data, custodian(), database_rotation(), RotationCause::Schedule, at(60), &mut |_| true)
        .unwrap();
}

fn way(folder: &Path) -> Command {
    let mut way = Command::new(std::env::current_exe().unwrap());
    way.args(["--exact", "rotation::the_way_through_every_change_of_keys", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null());
    way
}

fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copied(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

#[test]
fn a_crash_at_any_point_of_any_change_leaves_everything_readable_and_the_change_goes_on() {
    let (mut hospital, nurse, keys) = prepared();
    drop(hospital.hire("leaver", Role::Physician));
    drop(keys);
    hospital.vault.checkpoint(at(30)).unwrap();
    hospital.vault = Hospital::new().vault;
    let start = tempfile::tempdir().unwrap();
    copied(hospital.folder.path(), start.path());
    let rewound = |hospital: &Hospital| {
        std::fs::remove_dir_all(hospital.data()).unwrap();
        copied(start.path(), hospital.folder.path());
    };

    let log = start.path().join("points");
    assert!(way(hospital.folder.path()).env("VIGIL_TEST_CRASH_LOG", &log).status().unwrap().success(), "the whole way");
    let points: Vec<String> = std::fs::read_to_string(&log).unwrap().lines().map(str::to_owned).collect();
    std::fs::remove_file(&log).unwrap();
    let kinds: std::collections::BTreeSet<&String> = points.iter().collect();
    assert!(kinds.len() >= 12, "a way without points shows nothing: {kinds:?}");
    println!("{} points of {} kinds", points.len(), kinds.len());

    for (number, name) in points.iter().enumerate().map(|(index, name)| (index + 1, name)) {
        rewound(&hospital);
        let died = way(hospital.folder.path()).env("VIGIL_TEST_CRASH_AT", number.to_string()).status().unwrap();
        assert!(!died.success(), "it dies at point {number} ({name})");
        let opened = Vault::open(&hospital.data(), custodian(&hospital.folder));
        hospital.vault = opened.unwrap_or_else(|error| panic!("point {number} ({name}): {error}"));
        let (_, admin_keys) = hospital.vault.unlock("root", &password(PASSWORD)).unwrap();
        hospital.admin_keys = admin_keys;
        all_is_well(&hospital, &nurse, None);
        assert!(!hospital.data().join("vigil.db.next").exists(), "point {number} ({name}): nothing is left behind");
        hospital.vault = Hospital::new().vault;
        // Every tenth goes the whole way again; between them it costs too much for every run of the tests.
        if number % 10 == 1 || name.contains("database") {
            assert!(way(hospital.folder.path()).status().unwrap().success(), "point {number} ({name}): it goes on");
            hospital.reopened();
            let (_, admin_keys) = hospital.vault.unlock("root", &password(PASSWORD)).unwrap();
            hospital.admin_keys = admin_keys;
            all_is_well(&hospital, &nurse, None);
            hospital.vault = Hospital::new().vault;
        }
    }
}

#[test]
fn keys_that_a_session_uses_are_named_once_for_each_patient_and_purpose() {
    let (hospital, nurse, keys) = prepared();
    hospital.observations(&nurse, &keys, "open");
    hospital.observations(&nurse, &keys, "open");
    let officer = hospital.hire("officer", Role::PrivacyOfficer).0;
    let look = |filter: &vigil_vault::KeyUseFilter| {
        let permit = permit(&officer, Interaction::KeyUseSearch, None);
        hospital.vault.transaction(permit, None, at(70), |tx| tx.key_uses(filter, 100)).unwrap()
    };
    let about = vigil_vault::KeyUseFilter { patient: Some(pid("open")), ..Default::default() };
    let uses = look(&about);
    assert_eq!(uses.len(), 1, "the second look uses the same key: {uses:?}");
    assert!(uses[0].keys.iter().any(|key| key == "patient/1"), "which: {:?}", uses[0].keys);
    assert_eq!((uses[0].user, uses[0].role), (Some(nurse.id), Some(Role::Nurse)), "who");
    assert_eq!(uses[0].interaction, "section-read", "why");
    hospital.vault.checkpoint(at(71)).unwrap();
    assert_eq!(look(&about), uses, "the index gives the same");
    let elsewhere = vigil_vault::KeyUseFilter { until: Some(at(0).utc), ..about };
    assert!(look(&elsewhere).is_empty(), "a period before it");
    let all = look(&vigil_vault::KeyUseFilter { user: Some(hospital.admin.id), ..Default::default() });
    assert!(
        all.iter().any(|used| used.keys.iter().any(|key| key.starts_with("authority/"))),
        "hiring used the authority"
    );
}

#[test]
fn the_list_of_keys_has_every_key_with_its_state_and_nothing_secret() {
    let (hospital, ..) = prepared();
    rotate(&hospital, GroupKey::Directory);
    rotate(&hospital, GroupKey::CareGroup);
    let list = |each| {
        let permit = permit(&hospital.admin, Interaction::KeySearch, None);
        hospital.vault.transaction(permit, None, at(70), |tx| tx.keys(each)).unwrap()
    };
    let keys = list(false);
    let line = |id: &str, version| {
        keys.keys.iter().find(|key| key.id == id && key.version == version).unwrap_or_else(|| panic!("{id}/{version}"))
    };
    use vigil_vault::KeyState::{Active, DecryptOnly, Destroyed};
    assert_eq!(line("directory", 2).state, Active, "the newest seals");
    assert_eq!(line("directory", 1).state, DecryptOnly, "the former opens what the log remembers");
    assert_eq!(line("care-group/general", 1).state, Destroyed, "of a key pair nothing stays");
    assert_eq!(line("database", 1).state, Active, "the device's");
    assert_eq!(line("user-slot/nurse", 1).state, Active, "each user's");
    assert!(line("patient", 1).count >= 2, "patients are counted");
    assert!(keys.directory.is_some(), "what is under way is said");
    assert!(list(true).keys.iter().any(|key| key.id == "patient/open"), "or listed one by one");
}

#[test]
fn what_was_backed_up_before_keys_were_replaced_comes_back_and_the_paper_opens_what_came_after() {
    let (mut hospital, nurse, keys) = prepared();
    let paper = RecoveryKey::make().unwrap();
    hospital
        .vault
        .transaction(permit(&hospital.admin, Interaction::RecoveryKeyCreate, None), None, at(1), |tx| {
            tx.recovery_key_put(&paper, &hospital.admin_keys)
        })
        .unwrap();
    let before = hospital.folder.path().join("before.vigil");
    crate::backup::write(&hospital, &before).unwrap();
    for key in GroupKey::ALL {
        rotate(&hospital, key);
    }
    reseal(&hospital, 100);
    drop(keys);
    hospital.vault = Hospital::new().vault;
    hospital.vault = rotated_database(&hospital, &mut |_| true).unwrap();
    hospital.settle();
    let after = hospital.folder.path().join("after.vigil");
    let (_, admin_keys) = hospital.vault.unlock("root", &password(PASSWORD)).unwrap();
    hospital.admin_keys = admin_keys;
    crate::backup::write(&hospital, &after).unwrap();

    let elsewhere = |name: &str| -> std::sync::Arc<dyn vigil_vault::Custodian> {
        let other = vigil_vault::SoftwareCustodian::at(&hospital.folder.path().join(name));
        vigil_vault::Custodian::seal(&other, "make the root", b"").unwrap();
        std::sync::Arc::new(other)
    };
    let reads_on = |vault: &Vault, which: &str| {
        let reset = authorize(request(Principal::Workstation, Interaction::UserPasswordRecover, None)).unwrap();
        let given = || password("another horse entirely");
        vault.transaction(reset, None, at(80), |tx| tx.user_password_recover("root", &given(), &paper)).unwrap();
        let (admin, root) = vault.unlock("root", &given()).unwrap();
        let reset = permit(&admin, Interaction::UserPasswordReset, None);
        vault.transaction(reset, Some(&root), at(81), |tx| tx.user_password_reset(nurse.id, &given(), &root)).unwrap();
        let (nurse, keys) = vault.unlock("nurse", &given()).unwrap();
        let look = permit(&nurse, Interaction::SectionRead(vigil_model::Section::Vitals), Some("open"));
        let read = vault.transaction(look, Some(&keys), at(82), |tx| tx.resources(&pid("open"), &["Observation"]));
        assert!(read.unwrap()[0].json.as_ref().unwrap().contains("open note"), "{which}: the chart opens");
        vault.checkpoint(at(83)).unwrap();
        let log = vault.audit_verify().unwrap();
        assert!(log.findings.is_empty(), "{which}: the log verifies: {:?}", log.findings);
    };
    for (file, name) in [(&before, "before"), (&after, "after")] {
        let dir = hospital.folder.path().join(name);
        let backup = vigil_vault::Backup::open(file).unwrap();
        let restored = Vault::restore(
            &dir,
            backup,
            elsewhere(&format!("{name}-root")),
            Some(&paper),
            "aside",
            &mut |_| Ok(()),
            &mut |_| true,
        );
        let vault = restored.unwrap().vault;
        let permit = authorize(request(Principal::Workstation, Interaction::BackupRestore, None)).unwrap();
        vault.restored(permit, at(79), "2026-11-22T08:00:20Z", "recovery-key").unwrap();
        reads_on(&vault, name);
        assert_eq!(vault.keys_exposed_at().unwrap(), Some(at(79).utc), "{name}: the root was lost: every key is due");
        assert_eq!(vault.database_key_age().unwrap().asked, Some(RotationCause::Event), "{name}: the database's too");
    }

    // The folder itself, with the root gone.
    let data = hospital.data();
    hospital.vault = Hospital::new().vault;
    std::fs::remove_file(hospital.folder.path().join("device-root")).unwrap();
    let recovered = Vault::recover(&data, elsewhere("third-root"), &paper).unwrap();
    let start = authorize(request(Principal::Workstation, Interaction::WorkstationRecover, None)).unwrap();
    recovered.vault.transaction(start, None, at(79), |tx| tx.workstation_recovered(&paper)).unwrap();
    reads_on(&recovered.vault, "the folder");
    assert_eq!(recovered.vault.database_key_age().unwrap().asked, Some(RotationCause::Event), "it is due as well");
}
