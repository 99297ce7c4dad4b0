//! Users, passwords and failed sign-ins.

use std::time::Duration;

use chrono::TimeDelta;
use rustix::time::{ClockId, clock_gettime};
use vigil_model::{BootId, Role};
use vigil_policy::Interaction;
use vigil_vault::{SignInFailures, VaultError};

use crate::hospital::{Hospital, PASSWORD, at, new_user, password, permit, refuse};

#[test]
fn a_wrong_password_and_an_unknown_name_say_the_same() {
    let hospital = Hospital::new();
    let wrong = hospital.vault.unlock("root", &password("wrong")).err().unwrap();
    let unknown = hospital.vault.unlock("nobody", &password("wrong")).err().unwrap();
    assert_eq!(wrong.to_string(), unknown.to_string(), "no hint whether the name exists");
    assert!(matches!(unknown, VaultError::WrongPassword), "and one code for both");
}

/// What this thread worked, so that it does not matter how busy the machine is.
fn worked() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap()
}

#[test]
fn an_unknown_name_costs_what_a_known_one_costs() {
    let hospital = Hospital::new();
    let cost = |name: &str| {
        let timed = |_| {
            let start = worked();
            assert!(hospital.vault.unlock(name, &password("wrong")).is_err(), "a wrong password");
            worked() - start
        };
        (0..15).map(timed).min().unwrap_or(Duration::ZERO)
    };
    hospital.raw().execute("UPDATE setting SET value = '16384 2 1' WHERE name = 'kdf'", []).unwrap();
    hospital.hire("slow", Role::Nurse);
    let (known, unknown) = (cost("slow"), cost("nobody"));
    let ratio = known.as_secs_f64() / unknown.as_secs_f64();
    assert!((0.5..2.0).contains(&ratio), "known {known:?}, unknown {unknown:?}");
}

#[test]
fn a_closed_account_does_not_open() {
    let hospital = Hospital::new();
    hospital.hire("nurse", Role::Nurse);
    hospital.raw().execute("UPDATE user SET disabled = 1 WHERE username = 'nurse'", []).unwrap();
    assert!(matches!(hospital.vault.unlock("nurse", &password(PASSWORD)), Err(VaultError::WrongPassword)), "closed");
}

#[test]
fn names_are_compared_without_case_and_taken_once() {
    let hospital = Hospital::new();
    assert!(hospital.vault.unlock(" ROOT ", &password(PASSWORD)).is_ok(), "as people type it");
    let second = hospital.vault.transaction(
        permit(&hospital.admin, Interaction::UserCreate, None),
        Some(&hospital.admin_keys),
        at(1),
        |tx| tx.user_insert(&new_user("Root", Role::Nurse), &password(PASSWORD), Some(&hospital.admin_keys)),
    );
    assert!(matches!(second, Err(VaultError::UserExists)), "one name, one user");
}

#[test]
fn failures_are_counted_by_name_and_survive_a_restart() {
    let mut hospital = Hospital::new();
    for name in ["root", "nobody"] {
        for _ in 0..3 {
            hospital.vault.transaction(refuse(), None, at(5), |tx| tx.sign_in_failure(name, boot(1))).unwrap();
        }
        let until = at(65).utc;
        hospital.vault.transaction(refuse(), None, at(5), |tx| tx.sign_in_refuse(name, until)).unwrap();
    }
    hospital.reopened();
    let expected = SignInFailures {
        count: 3,
        last: Some(at(5).utc),
        boot: boot(1),
        since_boot: Some(at(5).since_boot),
        refused_until: Some(at(65).utc),
    };
    for name in ["root", " Nobody"] {
        assert_eq!(hospital.vault.sign_in_failures(name).unwrap(), expected, "{name}");
    }
    assert_eq!(hospital.vault.login_record("root").unwrap().unwrap().failures, expected, "the record has them");
    assert!(hospital.vault.login_record("nobody").unwrap().is_none(), "and an unknown name has no record");

    let session = permit(&hospital.admin, Interaction::SessionCreate, None);
    hospital.vault.transaction(session, None, at(70), |tx| tx.signed_in(hospital.admin.id)).unwrap();
    assert_eq!(hospital.vault.sign_in_failures("root").unwrap(), SignInFailures::default(), "a success forgets them");
    assert_eq!(hospital.vault.sign_in_failures("nobody").unwrap(), expected, "of that name only");
}

#[test]
fn old_failures_are_forgotten() {
    let hospital = Hospital::new();
    let fail = |name: &str, at, boot| {
        hospital.vault.transaction(refuse(), None, at, |tx| tx.sign_in_failure(name, boot)).unwrap();
    };
    let count = |name: &str| hospital.vault.sign_in_failures(name).unwrap().count;
    fail("guess", at(0), boot(1));
    for _ in 0..3 {
        fail("attacked", at(0), boot(1));
    }
    let later = at(TimeDelta::days(31).num_seconds());
    fail("other", later, boot(1));
    assert_eq!(count("guess"), 1, "setting the clock forward makes nobody forget");
    fail("other", later, boot(2));
    assert_eq!(count("guess"), 0, "after another start, names that were mistyped do not pile up");
    assert_eq!(count("attacked"), 3, "a name that has to wait is remembered until its password comes");
}

fn boot(number: u8) -> Option<BootId> {
    BootId::parse(&format!("01900000-0000-7000-8000-0000000000{number:02}"))
}

#[test]
fn users_are_listed_with_their_last_sign_in() {
    let hospital = Hospital::new();
    hospital.hire("nurse", Role::Nurse);
    let session = permit(&hospital.admin, Interaction::SessionCreate, None);
    hospital.vault.transaction(session, None, at(70), |tx| tx.signed_in(hospital.admin.id)).unwrap();
    let users = hospital
        .vault
        .transaction(permit(&hospital.admin, Interaction::UserSearch, None), None, at(71), |tx| tx.users())
        .unwrap();
    let seen: Vec<_> = users.iter().map(|user| (user.username.as_str(), user.role, user.last_sign_in)).collect();
    assert_eq!(seen, [("nurse", Role::Nurse, None), ("root", Role::Administrator, Some(at(70).utc))]);
}

#[test]
fn somebody_who_holds_no_authority_grants_nothing() {
    let hospital = Hospital::new();
    let (_, nurse_keys) = hospital.hire("nurse", Role::Nurse);
    let made = hospital.vault.transaction(
        permit(&hospital.admin, Interaction::UserCreate, None),
        Some(&nurse_keys),
        at(1),
        |tx| tx.user_insert(&new_user("mate", Role::Physician), &password(PASSWORD), Some(&nurse_keys)),
    );
    assert!(matches!(made, Err(VaultError::KeysMissing)), "a permit alone opens no group key");
}

#[test]
fn a_second_administrator_can_make_users() {
    let hospital = Hospital::with_patients();
    let (second, second_keys) = hospital.hire("second", Role::Administrator);
    hospital
        .vault
        .transaction(permit(&second, Interaction::UserCreate, None), Some(&second_keys), at(1), |tx| {
            tx.user_insert(&new_user("nurse", Role::Nurse), &password(PASSWORD), Some(&second_keys))
        })
        .unwrap();
    let (nurse, keys) = hospital.vault.unlock("nurse", &password(PASSWORD)).unwrap();
    assert!(hospital.observations(&nurse, &keys, "open")[0].json.is_ok(), "and they hold the care group's key");
}
