//! What is usual, from the index over the audit log, and accounts that are suspended.

use chrono::{DateTime, TimeDelta, Utc};
use vigil_model::{Moment, Role};
use vigil_policy::Interaction;
use vigil_policy::unusual::{Hour, Past, Usual};
use vigil_policy::{Principal, authorize};
use vigil_vault::{UserKeys, UserRecord, VaultError};

use crate::hospital::{Hospital, at, permit, pid, request};

const HOUR: Hour = Hour { opened: 64, asked: 70, stepped_up_at: Some(60) };

#[test]
fn what_is_usual_is_the_hours_around_this_one_in_eight_weeks_of_the_user_and_of_the_role() {
    let hospital = Hospital::with_patients();
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    let (other, other_keys) = hospital.hire("other", Role::Nurse);
    let (desk, desk_keys) = hospital.hire("desk", Role::FrontDesk);
    let now = at(100 * 24 * 3600).utc;
    let open = |who: &(UserRecord, UserKeys), patient: &str, when: DateTime<Utc>| {
        let reading = permit(&who.0, Interaction::PatientRead, Some(patient));
        let when = Moment { utc: when, ..at(0) };
        hospital
            .vault
            .transaction(reading, Some(&who.1), when, |tx| tx.resource_counts(&pid(patient)).map(drop))
            .unwrap();
    };
    let hour = |weeks: i64, hours: i64| now - TimeDelta::weeks(weeks) + TimeDelta::hours(hours);
    let (nurse, other, desk) = ((nurse, keys), (other, other_keys), (desk, desk_keys));
    for hours in [-1, 0, 1] {
        open(&nurse, "open", hour(1, hours));
        open(&nurse, "open", hour(1, hours));
    }
    open(&nurse, "open", hour(8, 0));
    // Not among the hours: two hours off, nine weeks ago, today, and what another role did.
    for when in [hour(1, 2), hour(1, -2), hour(9, 0), hour(0, 0)] {
        open(&nurse, "open", when);
    }
    open(&other, "open", hour(2, 0));
    open(&desk, "open", hour(3, 0));
    let report = permit(&nurse.0, Interaction::SectionRead(vigil_model::Section::Access), Some("open"));
    let moment = Moment { utc: hour(4, 0), ..at(0) };
    hospital.vault.transaction(report, Some(&nurse.1), moment, |tx| tx.accesses(&pid("open"), 10).map(drop)).unwrap();

    hospital.vault.checkpoint(at(20)).unwrap();
    let (own, role) = hospital.vault.usual_access(nurse.0.id, Role::Nurse, now).unwrap();
    assert_eq!(own, Past { patients: 4, hours: 4 }, "each patient once an hour, in four hours");
    assert_eq!(role, Past { patients: 5, hours: 5 }, "and the colleague's one");
}

#[test]
fn the_last_hour_is_found_with_and_without_a_checkpoint_and_what_is_later_than_now_too() {
    let hospital = Hospital::with_patients();
    let (nurse, keys) = hospital.hire("nurse", Role::Nurse);
    hospital.open_chart(&nurse, &keys, "open", 10_000);
    for indexed in [false, true] {
        if indexed {
            hospital.vault.checkpoint(at(10_001)).unwrap();
        }
        let since = |seconds| hospital.vault.recently_opened(nurse.id, Role::Nurse, at(seconds).utc).unwrap();
        assert_eq!(since(9_000), [(pid("open"), at(10_000).utc)], "within the hour (indexed: {indexed})");
        assert_eq!(since(500).len(), 1, "the clock was set back since (indexed: {indexed})");
        assert!(since(10_000).is_empty(), "longer ago (indexed: {indexed})");
        let officer = hospital.vault.recently_opened(hospital.admin.id, Role::Administrator, at(0).utc).unwrap();
        assert!(officer.is_empty(), "by somebody else (indexed: {indexed})");
    }
}

#[test]
fn a_suspension_stands_until_somebody_else_lifts_it_and_needs_its_own_permits() {
    let hospital = Hospital::with_patients();
    let (officer, keys) = hospital.hire("weiss", Role::PrivacyOfficer);
    let suspend = |seconds| {
        let suspending = authorize(request(Principal::Workstation, Interaction::UserSuspend, None)).unwrap();
        hospital
            .vault
            .transaction(suspending, None, at(seconds), |tx| tx.user_suspend(officer.id, HOUR, usual()))
            .unwrap();
    };
    suspend(10);
    suspend(20);
    assert_eq!(hospital.vault.suspended_count().unwrap(), 1, "a second one changes nothing");
    let stands = hospital.vault.suspension_of(officer.id).unwrap().unwrap();
    let found = (stands.since, stands.hour.opened, stands.hour.asked, stands.usual, stands.incident);
    assert_eq!(found, (at(10).utc, 64, 70, usual(), None), "as it was found");

    let lift = |by: &UserRecord, keys: &UserKeys, interaction, id| {
        hospital.vault.transaction(permit(by, interaction, None), Some(keys), at(30), |tx| {
            tx.suspension_lift(id, "Seen with my own eyes").map(drop)
        })
    };
    let (admin, admin_keys) = (&hospital.admin, &hospital.admin_keys);
    let lifting = Interaction::UserSuspensionLift;
    assert!(matches!(lift(&officer, &keys, lifting, 1), Err(VaultError::OutsidePermit)), "one's own");
    let other = lift(admin, admin_keys, Interaction::UserSuspensionSearch, 1);
    assert!(matches!(other, Err(VaultError::OutsidePermit)), "with another permit");
    assert!(matches!(lift(admin, admin_keys, lifting, 2), Err(VaultError::Invalid(_))), "one that is not there");
    lift(admin, admin_keys, lifting, 1).unwrap();
    assert!(hospital.vault.suspension_of(officer.id).unwrap().is_none(), "lifted");
    assert!(matches!(lift(admin, admin_keys, lifting, 1), Err(VaultError::Invalid(_))), "once");

    let listing = permit(&officer, Interaction::UserSuspensionSearch, None);
    let list = hospital.vault.transaction(listing, Some(&keys), at(40), |tx| tx.suspensions(10)).unwrap();
    let lifted = list[0].lift.as_ref().unwrap();
    assert_eq!(
        (lifted.by.unwrap(), lifted.reason.as_deref()),
        (admin.id, Ok("Seen with my own eyes")),
        "by whom, and why"
    );
}

fn usual() -> Usual {
    Usual::from_parts(41, 6).unwrap()
}
