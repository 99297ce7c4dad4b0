//! Breaking the glass: what the ordinary session cannot open, what the re-authentication opens, and for how long.

use chrono::TimeDelta;
use vigil_model::{OverrideReason, PurposeOfUse, Role, Section, Verdict};
use vigil_policy::{Facts, Interaction, Permit, Principal, Request, authorize};
use vigil_vault::{EmergencyKey, EmergencyOpening, Undecodable, UserKeys, UserRecord, VaultError};

use crate::hospital::{Hospital, PASSWORD, at, password, permit, pid, principal, request};

#[test]
fn nothing_that_the_ordinary_session_holds_opens_a_restricted_chart() {
    let (hospital, nurse, keys) = ward();
    assert_eq!(read(&hospital, &nurse, &keys, PurposeOfUse::Treatment), None, "not for treatment");
    assert_eq!(read(&hospital, &nurse, &keys, PurposeOfUse::BreakTheGlass), None, "nor by claiming an emergency");
    let (admin, admin_keys) = (&hospital.admin, &hospital.admin_keys);
    assert_eq!(read(&hospital, admin, admin_keys, PurposeOfUse::BreakTheGlass), None, "nor the one who wrote it");
}

#[test]
fn a_broken_glass_opens_one_chart_in_the_emergency_and_only_for_it() {
    let (hospital, nurse, keys) = ward();
    hospital.put_patient("other", "OTHER-MARKER", true);
    hospital.put("Observation", "o3", Some("other"), r#"{"resourceType":"Observation","note":"other note"}"#);
    break_glass(&hospital, &nurse, &keys, &emergency(&hospital, "nurse")).unwrap();
    let opened = read(&hospital, &nurse, &keys, PurposeOfUse::BreakTheGlass);
    assert!(opened.unwrap().contains("closed note"), "the chart is open");
    assert_eq!(
        read(&hospital, &nurse, &keys, PurposeOfUse::Treatment),
        None,
        "for what is marked as an emergency only"
    );
    assert_eq!(read_of(&hospital, &nurse, &keys, "other", PurposeOfUse::BreakTheGlass), None, "no other chart");
    hospital.vault.emergency_keys_withdraw(&keys, &pid("closed")).unwrap();
    assert_eq!(read(&hospital, &nurse, &keys, PurposeOfUse::BreakTheGlass), None, "until it ends");
    let (_, fresh) = hospital.vault.unlock("nurse", &password(PASSWORD)).unwrap();
    assert_eq!(read(&hospital, &nurse, &fresh, PurposeOfUse::BreakTheGlass), None, "and a lock leaves nothing of it");
}

#[test]
fn a_wrong_password_makes_no_emergency_key() {
    let (hospital, ..) = ward();
    let wrong = hospital.vault.emergency_key("nurse", &password("a guess that is long enough")).err();
    assert!(matches!(wrong, Some(VaultError::WrongPassword)), "re-authentication is what makes the key");
}

#[test]
fn a_clerk_who_may_not_break_the_glass_holds_no_key_for_it() {
    let (hospital, ..) = ward();
    let (clerk, keys) = hospital.hire("clerk", Role::FrontDesk);
    // Even with a permit that the policy would never give.
    let treating = UserRecord { role: Role::Nurse, ..clerk.clone() };
    let done = break_glass(&hospital, &treating, &keys, &emergency(&hospital, "clerk"));
    assert!(matches!(done, Err(VaultError::KeysMissing)), "the key was never granted");
}

#[test]
fn one_user_cannot_use_the_key_of_another() {
    let (hospital, nurse, keys) = ward();
    hospital.hire("physician", Role::Physician);
    let done = break_glass(&hospital, &nurse, &keys, &emergency(&hospital, "physician"));
    assert!(matches!(done, Err(VaultError::OutsidePermit)), "the key is bound to its user");
}

#[test]
fn without_an_audit_entry_no_key_is_released() {
    let (hospital, nurse, keys) = ward();
    let key = emergency(&hospital, "nurse");
    hospital.raw().execute_batch("ALTER TABLE audit_entry RENAME TO audit_entry_gone").unwrap();
    let done = break_glass(&hospital, &nurse, &keys, &key);
    assert!(matches!(done, Err(VaultError::AuditUnavailable(_))), "the trail comes first");
    hospital.raw().execute_batch("ALTER TABLE audit_entry_gone RENAME TO audit_entry").unwrap();
    assert_eq!(read(&hospital, &nurse, &keys, PurposeOfUse::BreakTheGlass), None, "and nothing was released");
}

#[test]
fn the_reviewer_sees_who_why_and_what_was_done_and_is_never_the_user() {
    let (hospital, nurse, keys) = ward();
    let id = break_glass(&hospital, &nurse, &keys, &emergency(&hospital, "nurse")).unwrap().unwrap();
    read(&hospital, &nurse, &keys, PurposeOfUse::BreakTheGlass).unwrap();
    let stop = asked(&nurse, Interaction::EmergencyAccessStop, "closed", PurposeOfUse::BreakTheGlass);
    hospital.vault.transaction(stop, None, at(9), |tx| tx.emergency_access_stop(id)).unwrap();
    read(&hospital, &nurse, &keys, PurposeOfUse::BreakTheGlass).unwrap();

    let (officer, officer_keys) = hospital.hire("officer", Role::PrivacyOfficer);
    let list = || {
        let permit = permit(&officer, Interaction::EmergencyAccessSearch, None);
        hospital.vault.transaction(permit, Some(&officer_keys), at(20), |tx| tx.emergency_accesses(10)).unwrap()
    };
    let [access] = list().try_into().ok().unwrap();
    assert_eq!((access.user, access.patient), (nurse.id, pid("closed")), "who and whose");
    assert_eq!(access.justification.unwrap(), "found unconscious", "why, in the user's words");
    assert_eq!(access.ended_at, Some(at(9).utc), "until when");
    let done: Vec<&str> = access.done.iter().map(|record| record.interaction.as_str()).collect();
    assert_eq!(done, ["section-read", "emergency-access-stop"], "what was done inside, and nothing after it");
    assert!(access.review.is_none(), "nobody has reviewed it");

    let judge = |reviewer: &UserRecord, keys: &UserKeys| {
        let reviewer = UserRecord { role: Role::PrivacyOfficer, ..reviewer.clone() };
        let permit = permit(&reviewer, Interaction::EmergencyAccessReview, None);
        let note = "the emergency department confirms it";
        hospital
            .vault
            .transaction(permit, Some(keys), at(21), |tx| tx.emergency_access_review(id, Verdict::Appropriate, note))
    };
    assert!(matches!(judge(&nurse, &keys), Err(VaultError::OutsidePermit)), "nobody reviews their own");
    judge(&officer, &officer_keys).unwrap();
    let review = list().remove(0).review.unwrap();
    assert_eq!((review.reviewer, review.verdict), (officer.id, Verdict::Appropriate), "the verdict");
    assert_eq!(review.note.unwrap(), "the emergency department confirms it", "with its note");
    assert!(hospital.vault.audit_verify().unwrap().findings.is_empty(), "and the log is whole");
}

#[test]
fn an_overdue_review_is_put_on_record_once_and_only_while_it_is_overdue() {
    let (hospital, nurse, keys) = ward();
    let id = break_glass(&hospital, &nurse, &keys, &emergency(&hospital, "nurse")).unwrap().unwrap();
    let due = |seconds: i64| hospital.vault.reviews_due(at(seconds).utc).unwrap();
    assert_eq!((due(-1_000).unreviewed, due(-1_000).overdue), (1, 0), "what began after then is not overdue");
    assert_eq!(due(1_000).overdue, 1, "what began before is");
    assert_eq!(due(1_000).to_escalate, [(id, pid("closed"))], "the log does not tell of it yet");
    let escalate = |patient: &str| {
        let asked = request(Principal::Workstation, Interaction::EmergencyAccessEscalate, Some(patient));
        let permit = authorize(asked).unwrap();
        hospital.vault.transaction(permit, None, at(30), |tx| tx.emergency_access_escalate(id))
    };
    assert!(matches!(escalate("open"), Err(VaultError::OutsidePermit)), "it is about its own patient");
    escalate("closed").unwrap();
    assert_eq!((due(1_000).overdue, due(1_000).to_escalate.len()), (1, 0), "overdue still, and on record");
    assert!(matches!(escalate("closed"), Err(VaultError::OutsidePermit)), "once");
}

fn ward() -> (Hospital, UserRecord, UserKeys) {
    let hospital = Hospital::with_patients();
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    (hospital, nurse, keys)
}

fn emergency(hospital: &Hospital, username: &str) -> EmergencyKey {
    hospital.vault.emergency_key(username, &password(PASSWORD)).unwrap()
}

fn break_glass(
    hospital: &Hospital,
    user: &UserRecord,
    keys: &UserKeys,
    key: &EmergencyKey,
) -> Result<Option<u32>, VaultError> {
    let permit = asked(user, Interaction::EmergencyAccessStart, "closed", PurposeOfUse::EmergencyTreatment);
    let opening = EmergencyOpening {
        reason: OverrideReason::UnableToConsent,
        justification: "found unconscious",
        expires_at: at(0).utc + TimeDelta::minutes(60),
    };
    hospital.vault.emergency_access_start(permit, keys, key, at(4), Some(&opening))
}

/// The observation of a restricted chart, asked for this purpose; `None` when no key for it is there.
fn read(hospital: &Hospital, user: &UserRecord, keys: &UserKeys, purpose: PurposeOfUse) -> Option<String> {
    read_of(hospital, user, keys, "closed", purpose)
}

fn read_of(
    hospital: &Hospital,
    user: &UserRecord,
    keys: &UserKeys,
    patient: &str,
    purpose: PurposeOfUse,
) -> Option<String> {
    let treating = UserRecord { role: Role::Nurse, ..user.clone() };
    // The policy is asked about an open chart, so that the keys alone decide what is opened.
    let request = Request {
        principal: principal(&treating),
        interaction: Interaction::SectionRead(Section::Vitals),
        patient: Some(pid(patient)),
        restricted: false,
        purpose,
        facts: Facts::default(),
    };
    let stored = hospital
        .vault
        .transaction(authorize(request).unwrap(), Some(keys), at(5), |tx| tx.resources(&pid(patient), &["Observation"]))
        .unwrap();
    match stored.into_iter().next().unwrap().json {
        Ok(text) => Some(text.to_string()),
        Err(undecodable) => {
            assert_eq!(undecodable, Undecodable::NoKey, "closed for want of a key, not for damage");
            None
        }
    }
}

fn asked(user: &UserRecord, interaction: Interaction, patient: &str, purpose: PurposeOfUse) -> Permit {
    let facts = Facts { grant: true, ..Facts::default() };
    let request = Request {
        principal: principal(user),
        interaction,
        patient: Some(pid(patient)),
        restricted: true,
        purpose,
        facts,
    };
    authorize(request).unwrap()
}
