//! What a user may do is changed by somebody else, and what that means for who is signed in.

use std::time::Duration;

use vigil_workstation::view::{Stage, TeamDeleteRequest, TeamPutRequest, UserUpdateRequest, UserView};
use vigil_workstation::{ErrorCode, Role, Workstation};

use crate::hospital::{Hospital, new_user};

const DAY: Duration = Duration::from_secs(86_400);

pub(crate) fn as_is(user: &UserView) -> UserUpdateRequest {
    UserUpdateRequest {
        id: user.id.clone(),
        display_name: user.display_name.clone(),
        role: user.role,
        practitioner: user.practitioner.clone().unwrap_or_default(),
        team_ids: user.team_ids.clone(),
    }
}

fn ward(members: &[&UserView]) -> TeamPutRequest {
    TeamPutRequest {
        id: None,
        name: "Ward 3".to_owned(),
        reference: "https://x.example/fhir/Location/w3".to_owned(),
        member_ids: members.iter().map(|user| user.id.clone()).collect(),
    }
}

fn denied(station: &Workstation, reason: &str) -> bool {
    let mut log = Vec::new();
    station.audit_export(&mut log).unwrap();
    let log = String::from_utf8(log).unwrap();
    log.lines().any(|line| line.contains(reason))
}

#[test]
fn an_administrator_changes_others_and_nobody_themselves() {
    let hospital = Hospital::with_patients();
    let station = &hospital.station;
    hospital.sign_in("admin");
    let own = station.user_named("admin").unwrap();
    let refused = station.user_update(UserUpdateRequest { role: Role::Physician, ..as_is(&own) }).err().unwrap();
    assert_eq!(refused.code, ErrorCode::Forbidden, "{refused}");
    assert_eq!(station.team_put(ward(&[&own])).err().unwrap().code, ErrorCode::Forbidden, "nor by a team");
    assert!(denied(station, "own-rights"), "both are on record");

    let okafor = station.user_named("okafor").unwrap();
    let team = station.team_put(ward(&[&okafor])).unwrap();
    assert_eq!(team.reference.as_deref(), Some("Location/w3"), "as charts have it");
    let to = UserUpdateRequest {
        display_name: " Dr Ada OKAFOR ".to_owned(),
        practitioner: "Practitioner/d1".to_owned(),
        ..as_is(&station.user_named("okafor").unwrap())
    };
    station.user_update(to.clone()).unwrap();
    let changed = station.user_named("okafor").unwrap();
    assert_eq!(changed.display_name, "Dr Ada OKAFOR", "the new name");
    assert_eq!((changed.practitioner.as_deref(), changed.team_ids), (Some("Practitioner/d1"), vec![team.id.clone()]));
    assert_eq!(station.user_update(to).err().unwrap().code, ErrorCode::Invalid, "a change that is none");
    for bad in ["Dr Okafor", "Patient/p1"] {
        let to = UserUpdateRequest { practitioner: bad.to_owned(), ..as_is(&okafor) };
        assert_eq!(station.user_update(to).err().unwrap().code, ErrorCode::Invalid, "{bad} is no practitioner");
    }
    station.team_delete(TeamDeleteRequest { id: team.id }).unwrap();
    assert!(station.team_search().unwrap().is_empty() && station.user_named("okafor").unwrap().team_ids.is_empty());

    hospital.sign_in("okafor");
    let lund = UserUpdateRequest { role: Role::Administrator, ..as_is(&own) };
    assert_eq!(station.user_update(lund).err().unwrap().code, ErrorCode::Forbidden, "a physician changes nobody");
    let own = UserUpdateRequest { role: Role::Administrator, ..as_is(&okafor) };
    assert_eq!(station.user_update(own).err().unwrap().code, ErrorCode::Forbidden, "least of all themselves");
    assert_eq!(station.team_search().err().unwrap().code, ErrorCode::Forbidden, "nor lists teams");
    assert!(station.audit_verify_unattended().unwrap().intact, "the log is whole");
}

#[test]
fn a_session_that_is_on_ends_when_its_role_is_changed_elsewhere_and_says_why() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let other = hospital.beside();
    other.sign_in("admin");
    let okafor = other.station.user_named("okafor").unwrap();
    other.station.user_update(UserUpdateRequest { role: Role::Billing, ..as_is(&okafor) }).unwrap();
    let error = hospital.station.patient_recent().err().unwrap();
    assert_eq!(error.code, ErrorCode::NotSignedIn, "the next request says so: {error}");
    let session = hospital.station.session_read().unwrap();
    assert_eq!(session.stage, Stage::SignedOut, "and the session is over");
    assert!(session.notice.unwrap().contains("your role was changed"), "the screen says why");
    let session = hospital.sign_in("okafor");
    assert_eq!((session.user.unwrap().role, session.notice), (Role::Billing, None), "the next one is in the new role");
    assert!(!hospital.search("smithson").is_empty(), "with its keys");
}

#[test]
fn an_account_that_nobody_uses_is_marked_after_90_days() {
    let hospital = Hospital::with_patients();
    let station = &hospital.station;
    hospital.sign_in("okafor");
    hospital.search("smithson");
    hospital.clock.pass(89 * DAY);
    hospital.sign_in("admin");
    let of = |name: &str| station.user_named(name).unwrap();
    assert_eq!(of("okafor").unused_days, None, "89 days");
    assert!(of("okafor").last_use.is_some_and(|used| used.starts_with("21-Nov-2026")), "when that was");
    assert_eq!((of("lund").last_use, of("lund").unused_days), (None, None), "never used, and made 89 days ago");
    hospital.clock.pass(DAY);
    hospital.sign_in("admin");
    assert_eq!(of("okafor").unused_days, Some(90), "now it is marked");
    assert_eq!(of("lund").unused_days, Some(90), "so is one that was never used");
    assert_eq!(of("admin").unused_days, None, "not the one that is in use");
    station.user_disable(vigil_workstation::view::UserDisableRequest { id: of("lund").id }).unwrap();
    assert_eq!(of("lund").unused_days, None, "a closed account is nobody's");
    // Behind the index.
    for _ in 0..300 {
        station.user_search().unwrap();
    }
    assert_eq!(of("okafor").unused_days, Some(90), "the same from the index");
    station.user_create(new_user("novak", Role::Pharmacist)).unwrap();
    assert_eq!(of("novak").unused_days, None, "a new account is given its time");
}
