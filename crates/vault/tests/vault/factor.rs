//! Second factors in the database: what they open for, once, and what moving them about does not achieve.

use rusqlite::params;
use vigil_model::{Role, Sensitive};
use vigil_policy::{Interaction, Principal, authorize};
use vigil_vault::{FactorShown, GroupKey, KdfCost, RotationCause, TotpSecret, UserKeys, UserRecord, VaultError};
use zeroize::Zeroizing;

use crate::hospital::{Hospital, PASSWORD, at, password, permit, request};

#[test]
fn a_code_opens_once_and_no_earlier_one_after_it() {
    let hospital = Hospital::new();
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    let secret = enrol(&hospital, &user, &keys);
    assert!(hospital.vault.has_factor(user.id).unwrap(), "enrolled");
    // The code that enrolled it was that of second 60.
    let used = |seconds, code| take(&hospital, &user, &keys, seconds, code);
    assert!(matches!(used(60, code(&secret, 60)), Err(VaultError::WrongSecondFactor)), "the first code is used up");
    used(90, code(&secret, 90)).unwrap();
    assert!(matches!(used(90, code(&secret, 90)), Err(VaultError::WrongSecondFactor)), "nor is it taken twice");
    used(150, code(&secret, 180)).unwrap();
    let back = used(120, code(&secret, 120));
    assert!(matches!(back, Err(VaultError::WrongSecondFactor)), "an earlier one, with the clock set back");
    let wrong = used(300, "000000".to_owned());
    assert!(matches!(wrong, Err(VaultError::WrongSecondFactor)), "a guess");
}

#[test]
fn two_who_show_the_same_code_at_once_are_one_too_many() {
    let hospital = Hospital::new();
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    let secret = enrol(&hospital, &user, &keys);
    let code = Sensitive::new(code(&secret, 90));
    let check = || hospital.vault.factor_check(&keys, FactorShown::Code(&code), at(90)).unwrap();
    let (first, second) = (check(), check());
    let used = |accepted| {
        let permit = permit(&user, Interaction::FactorVerify, None);
        hospital.vault.transaction(permit, Some(&keys), at(90), |tx| tx.factor_use(accepted, "sign-in"))
    };
    used(&first).unwrap();
    assert!(matches!(used(&second), Err(VaultError::WrongSecondFactor)), "two processes share one database");
}

#[test]
fn the_secret_is_sealed_for_its_user_and_its_row() {
    let hospital = Hospital::new();
    let (one, ones_keys) = hospital.hire("one", Role::Nurse);
    let (two, twos_keys) = hospital.hire("two", Role::Nurse);
    let (ones, twos) = (enrol(&hospital, &one, &ones_keys), enrol(&hospital, &two, &twos_keys));
    let raw = hospital.raw();
    let sealed = |user: &UserRecord| -> Vec<u8> {
        let found = "SELECT sealed FROM user_factor WHERE user = ?1";
        raw.query_row(found, [user.id.to_string()], |row| row.get(0)).unwrap()
    };
    let put = |user: &UserRecord, sealed: &[u8]| {
        raw.execute("UPDATE user_factor SET sealed = ?2 WHERE user = ?1", params![user.id.to_string(), sealed])
            .unwrap();
    };
    let (first, second) = (sealed(&one), sealed(&two));
    put(&one, &second);
    put(&two, &first);
    for (user, keys, secret) in [(&one, &ones_keys, &twos), (&two, &twos_keys, &ones), (&one, &ones_keys, &ones)] {
        let swapped = take(&hospital, user, keys, 90, code(secret, 90));
        assert!(matches!(swapped, Err(VaultError::Tampered("user_factor"))), "a swapped factor opens for nobody");
    }
    put(&one, &first);
    put(&two, &second);
    take(&hospital, &one, &ones_keys, 90, code(&ones, 90)).unwrap();
    // The name is part of the place: another one, and it is another factor.
    raw.execute("UPDATE user_factor SET name = 'Other' WHERE user = ?1", [one.id.to_string()]).unwrap();
    let renamed = take(&hospital, &one, &ones_keys, 120, code(&ones, 120));
    assert!(matches!(renamed, Err(VaultError::Tampered(_))), "renamed");
    // Somebody with the database key gives a user their own row: no key of the user sealed it.
    raw.execute("UPDATE user_factor SET user = ?1 WHERE user = ?2", [one.id.to_string(), two.id.to_string()]).unwrap();
    let given = take(&hospital, &one, &ones_keys, 150, code(&twos, 150));
    assert!(matches!(given, Err(VaultError::Tampered(_))), "another user's row");
}

#[test]
fn a_recovery_code_opens_once_and_new_ones_void_the_old() {
    let hospital = Hospital::new();
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    let make = || {
        let permit = permit(&user, Interaction::RecoveryCodeCreate, None);
        hospital.vault.transaction(permit, Some(&keys), at(70), |tx| tx.recovery_codes_make())
    };
    assert!(matches!(make(), Err(VaultError::Invalid(_))), "they stand in for a factor, and there is none");
    enrol(&hospital, &user, &keys);
    let codes = make().unwrap();
    assert_eq!(codes.len(), 10, "ten");
    let use_up = |code: &Zeroizing<String>| {
        let code = Sensitive::new(code.to_string());
        let accepted = hospital.vault.factor_check(&keys, FactorShown::RecoveryCode(&code), at(80))?;
        assert!(accepted.is_recovery_code(), "and the log says so");
        let permit = permit(&user, Interaction::RecoveryCodeVerify, None);
        hospital.vault.transaction(permit, Some(&keys), at(80), |tx| tx.factor_use(&accepted, "sign-in"))
    };
    use_up(&codes[0]).unwrap();
    assert!(matches!(use_up(&codes[0]), Err(VaultError::WrongSecondFactor)), "once");
    assert_eq!(left(&hospital, &user, &keys), 9, "the others are left");
    let plain: i64 = hospital
        .raw()
        .query_row("SELECT count(*) FROM recovery_code WHERE code = ?1", [codes[1].as_bytes()], |row| row.get(0))
        .unwrap();
    assert_eq!(plain, 0, "no code is stored as it is");
    make().unwrap();
    assert!(matches!(use_up(&codes[1]), Err(VaultError::WrongSecondFactor)), "void");
    assert_eq!(left(&hospital, &user, &keys), 10, "ten new ones");
    let other = hospital.hire("other", Role::Nurse);
    let code = Sensitive::new(codes[2].to_string());
    let stolen = hospital.vault.factor_check(&other.1, FactorShown::RecoveryCode(&code), at(80));
    assert!(matches!(stolen.err(), Some(VaultError::WrongSecondFactor)), "they are of one user");
}

#[test]
fn a_password_reset_leaves_no_factor_and_an_administrator_removes_those_of_others_only() {
    let hospital = Hospital::new();
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    enrol(&hospital, &user, &keys);
    let remove = |whose| {
        let permit = permit(&hospital.admin, Interaction::UserFactorDelete, None);
        hospital.vault.transaction(permit, Some(&hospital.admin_keys), at(80), |tx| tx.user_factors_delete(whose))
    };
    assert!(matches!(remove(hospital.admin.id), Err(VaultError::Invalid(_))), "not one's own by this way");
    remove(user.id).unwrap();
    assert!(!hospital.vault.has_factor(user.id).unwrap(), "gone");
    enrol(&hospital, &user, &keys);
    let reset = permit(&hospital.admin, Interaction::UserPasswordReset, None);
    hospital
        .vault
        .transaction(reset, Some(&hospital.admin_keys), at(90), |tx| {
            tx.user_password_reset(user.id, &password("another sentence"), &hospital.admin_keys)
        })
        .unwrap();
    assert!(!hospital.vault.has_factor(user.id).unwrap(), "it was sealed under keys that are gone");
    assert!(hospital.vault.unlock("nurse", &password(PASSWORD)).is_err(), "as the old password is");
}

#[test]
fn factors_and_recovery_codes_outlive_a_new_slot_and_new_group_keys() {
    let hospital = Hospital::new();
    let (user, keys) = hospital.hire("nurse", Role::Nurse);
    let secret = enrol(&hospital, &user, &keys);
    let make = permit(&user, Interaction::RecoveryCodeCreate, None);
    let codes = hospital.vault.transaction(make, Some(&keys), at(70), |tx| tx.recovery_codes_make()).unwrap();
    let renew = request(Principal::Workstation, Interaction::UserSlotRenew, None);
    let cost = KdfCost::CHEAP_FOR_TESTS;
    hospital.vault.slot_renew(authorize(renew).unwrap(), user.id, &password(PASSWORD), cost, at(71)).unwrap();
    for key in GroupKey::ALL {
        let rotate = permit(&hospital.admin, Interaction::KeyRotate, None);
        let (admin, cause) = (&hospital.admin_keys, RotationCause::Demand);
        hospital.vault.transaction(rotate, Some(admin), at(72), |tx| tx.group_key_rotate(key, cause, admin)).unwrap();
    }
    let (_, fresh) = hospital.vault.unlock("nurse", &password(PASSWORD)).unwrap();
    take(&hospital, &user, &fresh, 90, code(&secret, 90)).unwrap();
    let code = Sensitive::new(codes[0].to_string());
    let accepted = hospital.vault.factor_check(&fresh, FactorShown::RecoveryCode(&code), at(100)).unwrap();
    assert!(accepted.is_recovery_code(), "they hang on the user's key pair, which stays");
}

#[test]
fn nobody_enrols_or_uses_a_factor_for_somebody_else() {
    let hospital = Hospital::new();
    let (one, keys) = hospital.hire("one", Role::Nurse);
    let (two, _) = hospital.hire("two", Role::Nurse);
    let secret = TotpSecret::make().unwrap();
    let first = Sensitive::new(code(&secret, 60));
    let permit = permit(&two, Interaction::FactorCreate, None);
    let made = hospital.vault.transaction(permit, Some(&keys), at(60), |tx| tx.totp_insert("App", &secret, &first));
    assert!(matches!(made, Err(VaultError::OutsidePermit)), "a permit of two, keys of one");
    assert!(!hospital.vault.has_factor(one.id).unwrap() && !hospital.vault.has_factor(two.id).unwrap(), "nothing made");
}

/// Enrols an authenticator with the code of second 60.
fn enrol(hospital: &Hospital, user: &UserRecord, keys: &UserKeys) -> TotpSecret {
    let secret = TotpSecret::make().unwrap();
    let first = Sensitive::new(code(&secret, 60));
    let permit = permit(user, Interaction::FactorCreate, None);
    hospital
        .vault
        .transaction(permit, Some(keys), at(60), |tx| tx.totp_insert("Authenticator app", &secret, &first))
        .unwrap();
    secret
}

fn take(hospital: &Hospital, user: &UserRecord, keys: &UserKeys, seconds: i64, code: String) -> Result<(), VaultError> {
    let accepted = hospital.vault.factor_check(keys, FactorShown::Code(&Sensitive::new(code)), at(seconds))?;
    let permit = permit(user, Interaction::FactorVerify, None);
    hospital.vault.transaction(permit, Some(keys), at(seconds), |tx| tx.factor_use(&accepted, "sign-in"))
}

fn left(hospital: &Hospital, user: &UserRecord, keys: &UserKeys) -> u32 {
    let permit = permit(user, Interaction::FactorSearch, None);
    hospital.vault.transaction(permit, Some(keys), at(80), |tx| tx.recovery_codes_left()).unwrap()
}

/// What an authenticator app shows that took the secret by its text.
fn code(secret: &TotpSecret, seconds: i64) -> String {
    let plain: String = secret.grouped_text().chars().filter(|letter| *letter != ' ').collect();
    let secret = totp_rs::Secret::try_from_base32(plain).unwrap();
    let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    app.generate(at(seconds).utc.timestamp().unsigned_abs()).to_string()
}
