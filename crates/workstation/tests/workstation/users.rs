//! What a user may do is changed by somebody else, and what that means for who is signed in.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use vigil_workstation::view::{
    AccessRightsSaveRequest, AccessRightsSelection, ReportForm, RightsColumn, Stage, TeamDeleteRequest, TeamPutRequest,
    UserUpdateRequest, UserView,
};
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

/// Whether an entry of the log says this, in its own bytes.
pub(crate) fn on_record(station: &Workstation, word: &str) -> bool {
    let mut log = Vec::new();
    station.audit_export(&mut log).unwrap();
    String::from_utf8(log).unwrap().lines().any(|line| {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        // Of a list's several patients, the first alone carries the entry.
        let Some(entry) = event["extension"][0]["valueBase64Binary"].as_str() else { return false };
        String::from_utf8(BASE64_STANDARD.decode(entry).unwrap()).unwrap().contains(word)
    })
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
    assert!(on_record(station, "own-rights"), "both are on record");

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

#[test]
fn administrators_and_privacy_officers_read_what_everybody_may_do() {
    let hospital = Hospital::with_patients();
    let station = &hospital.station;
    let by = |sort, descending| station.access_rights_read(AccessRightsSelection { sort, descending });
    hospital.sign_in("okafor");
    assert_eq!(by(RightsColumn::Who, false).err().unwrap().code, ErrorCode::Forbidden, "not a physician");
    hospital.sign_in("admin");
    let okafor = station.user_named("okafor").unwrap();
    let team = station.team_put(ward(&[&okafor])).unwrap();
    let okafor = station.user_named("okafor").unwrap();
    station.user_update(UserUpdateRequest { practitioner: "Practitioner/d1".to_owned(), ..as_is(&okafor) }).unwrap();

    hospital.sign_in("weiss");
    let view = by(RightsColumn::Who, false).unwrap();
    let names: Vec<&str> = view.rows.iter().map(|row| row.username.as_str()).collect();
    assert_eq!(names, ["admin", "lund", "okafor", "weiss"], "B. Admin, then the doctors by name");
    let row = &view.rows[2];
    assert_eq!((row.role.as_str(), row.state.as_str()), ("physician", "open"));
    assert_eq!((row.teams.as_slice(), row.practitioner.as_str()), ([team.name].as_slice(), "Practitioner/d1"));
    assert_eq!(row.keys, ["break-glass/1", "care-group/general/1", "directory/1"], "what is held");
    assert!(row.pages.contains(&vigil_model::Section::Problems), "what the policies open: {:?}", row.pages);
    assert!(row.actions.iter().any(|action| action == "patient export"), "and allow: {:?}", row.actions);
    assert_eq!(row.changed_by.as_deref(), Some("B. Admin"), "who changed it last");
    assert!(view.rows[0].pages.is_empty(), "an administrator reads no chart");
    assert!(view.common.iter().any(|action| action == "session create"), "what everybody may is said once");
    for sort in [
        RightsColumn::Who,
        RightsColumn::Role,
        RightsColumn::Teams,
        RightsColumn::Practitioner,
        RightsColumn::State,
        RightsColumn::Factors,
        RightsColumn::LastSignIn,
        RightsColumn::LastUse,
        RightsColumn::Keys,
        RightsColumn::Pages,
        RightsColumn::Actions,
        RightsColumn::Changed,
    ] {
        let order = |descending| by(sort, descending).unwrap().rows.into_iter().map(|row| row.username);
        let mut both: Vec<Vec<String>> = [false, true].into_iter().map(|down| order(down).collect()).collect();
        both.iter_mut().for_each(|rows| rows.sort());
        assert_eq!(both[0], both[1], "{sort:?} loses nobody");
    }
    assert_eq!(by(RightsColumn::Role, false).unwrap().rows[0].role, "administrator", "by role");
    assert_eq!(by(RightsColumn::Role, true).unwrap().rows[0].role, "privacy officer", "and the other way round");

    let save = |form, name: &str| {
        let path = hospital.folder.path().join(name).to_string_lossy().into_owned();
        let selection = AccessRightsSelection { sort: RightsColumn::Who, descending: false };
        let saved = station.access_rights_save(AccessRightsSaveRequest { selection, form, path }).unwrap();
        std::fs::read(saved.path).unwrap()
    };
    let csv = String::from_utf8(save(ReportForm::Csv, "rights.csv")).unwrap();
    assert_eq!(csv.lines().count(), 5, "a header and four users: {csv}");
    assert!(csv.contains("Practitioner/d1") && csv.contains("patient export"), "{csv}");
    assert!(save(ReportForm::Pdf, "rights.pdf").starts_with(b"%PDF"), "on paper too");
    assert!(
        on_record(station, "access-rights-read") && on_record(station, "access-rights-export"),
        "both are on record"
    );
}
