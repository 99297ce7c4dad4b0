//! What a user may do is changed by another administrator, with the keys that go with it, on record before and after; and
//! by nobody who has the database key alone.

use rusqlite::params;
use vigil_model::{Role, TeamId, UserId};
use vigil_policy::Interaction;
use vigil_vault::{AccountStanding, TeamChange, TeamRecord, UserChange, UserKeys, UserRecord, Vault, VaultError};

use crate::hospital::{Hospital, PASSWORD, at, custodian, password, permit};

const LEE: &str = "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999";

fn as_is(user: &UserRecord) -> UserChange {
    UserChange {
        display_name: user.display_name.clone(),
        role: user.role,
        practitioner: user.practitioner.clone(),
        teams: Vec::new(),
    }
}

fn change(hospital: &Hospital, user: UserId, to: &UserChange) -> Result<UserRecord, VaultError> {
    let permit = permit(&hospital.admin, Interaction::UserUpdate, None);
    let keys = &hospital.admin_keys;
    hospital.vault.transaction(permit, Some(keys), at(10), |tx| tx.user_update(user, to, keys))
}

fn make_team(hospital: &Hospital, name: &str, reference: &str, members: &[UserId]) -> Result<TeamRecord, VaultError> {
    let to = TeamChange { name: name.to_owned(), reference: Some(reference.to_owned()), members: members.to_vec() };
    let permit = permit(&hospital.admin, Interaction::TeamCreate, None);
    let keys = &hospital.admin_keys;
    hospital.vault.transaction(permit, Some(keys), at(9), |tx| tx.team_create(&to, keys))
}

fn teams(hospital: &Hospital) -> Vec<TeamRecord> {
    let permit = permit(&hospital.admin, Interaction::TeamSearch, None);
    hospital.vault.transaction(permit, Some(&hospital.admin_keys), at(11), |tx| tx.teams()).unwrap()
}

/// Asked as the policy asks: within a transaction about something else.
fn references(vault: &Vault, user: UserId) -> Result<Option<Vec<String>>, VaultError> {
    vault.transaction(crate::hospital::start(), None, at(12), |tx| tx.actor_references(user))
}

/// Asks for the list of patients in this role.
fn list(vault: &Vault, user: &UserRecord, role: Role, keys: &UserKeys) -> Result<(), VaultError> {
    let permit = permit(&UserRecord { role, ..user.clone() }, Interaction::PatientSearch, None);
    vault.transaction(permit, Some(keys), at(20), |_| Ok(()))
}

/// What the newest entry of this kind says, and whether something is sealed beside it.
fn entry(hospital: &Hospital, interaction: &str) -> (String, bool) {
    hospital
        .raw()
        .query_row(
            "SELECT event, detail IS NOT NULL FROM audit_entry WHERE instr(event, ?1) > 0 ORDER BY seq DESC LIMIT 1",
            [format!("\"is\":\"{interaction}\"").as_bytes()],
            |row| Ok((String::from_utf8(row.get(0)?).unwrap(), row.get(1)?)),
        )
        .unwrap()
}

fn held(hospital: &Hospital, user: UserId) -> Vec<String> {
    let raw = hospital.raw();
    let mut statement = raw.prepare("SELECT key || '/' || version FROM user_grant WHERE user = ?1 ORDER BY 1").unwrap();
    let held = statement.query_map([user.to_string()], |row| row.get(0)).unwrap();
    held.map(Result::unwrap).collect()
}

#[test]
fn another_role_takes_the_keys_of_the_old_one_and_replaces_them() {
    let hospital = Hospital::with_patients();
    let (nurse, session) = hospital.hire("lee", Role::Nurse);
    list(&hospital.vault, &nurse, Role::Nurse, &session).unwrap();
    change(&hospital, nurse.id, &UserChange { role: Role::Billing, ..as_is(&nurse) }).unwrap();
    assert_eq!(held(&hospital, nurse.id), ["care-group/general/1", "directory/1"], "what billing holds");
    let (said, sealed) = entry(&hospital, "user-update");
    let words = format!("user={} role=nurse>billing rotated=break-glass/2", nurse.id);
    assert!(said.contains(&words), "before, after and the keys: {said}");
    assert!(sealed, "names and references lie sealed beside it");

    let refused = list(&hospital.vault, &nurse, Role::Nurse, &session).unwrap_err();
    assert!(matches!(refused, VaultError::RoleChanged), "the session in the old role is over: {refused}");
    let (billing, fresh) = hospital.vault.unlock("lee", &password(PASSWORD)).unwrap();
    assert_eq!(billing.role, Role::Billing, "and the next one is in the new role");
    list(&hospital.vault, &billing, Role::Billing, &fresh).unwrap();

    change(&hospital, nurse.id, &UserChange { role: Role::Administrator, ..as_is(&nurse) }).unwrap();
    assert_eq!(held(&hospital, nurse.id), ["authority/1", "directory/1"], "what an administrator holds");
    change(&hospital, nurse.id, &UserChange { role: Role::Physician, ..as_is(&nurse) }).unwrap();
    assert_eq!(
        held(&hospital, nurse.id),
        ["break-glass/2", "care-group/general/2", "directory/1"],
        "the emergency key is granted anew; the care group's was replaced when it was taken"
    );
    let emergency = hospital.vault.emergency_key("lee", &password(PASSWORD)).unwrap();
    drop(emergency);
    assert_eq!(held(&hospital, hospital.admin.id), ["authority/2", "directory/1"], "so was the authority key");
    let log = hospital.vault.audit_verify().unwrap();
    assert!(log.findings.is_empty(), "the log verifies: {:?}", log.findings);
}

#[test]
fn nobody_changes_their_own_rights_and_one_administrator_stays() {
    let hospital = Hospital::new();
    let own = change(
        &hospital,
        hospital.admin.id,
        &UserChange { practitioner: Some(LEE.to_owned()), ..as_is(&hospital.admin) },
    );
    assert!(matches!(own, Err(VaultError::OwnRights)), "{own:?}");
    assert!(entry(&hospital, "user-update").0.contains("\"outcome\":8"), "the attempt is on record");
    let own = make_team(&hospital, "Mine", "Organization/o", &[hospital.admin.id]);
    assert!(matches!(own, Err(VaultError::OwnRights)), "nor by a team: {own:?}");

    let (other, _) = hospital.hire("other", Role::Administrator);
    // Somebody closed the first account past the program, so that the session goes on.
    hospital.raw().execute("UPDATE user SET disabled = 1 WHERE username = 'root'", []).unwrap();
    let last = change(&hospital, other.id, &UserChange { role: Role::Nurse, ..as_is(&other) }).unwrap_err();
    assert!(last.to_string().contains("the last administrator"), "{last}");
    assert_eq!(held(&hospital, other.id), ["authority/1", "directory/1"], "nothing was changed");
}

#[test]
fn a_user_stands_for_a_practitioner_and_for_teams() {
    let hospital = Hospital::new();
    let (lee, _) = hospital.hire("lee", Role::Nurse);
    assert_eq!(references(&hospital.vault, lee.id).unwrap(), None, "nobody said who this is");
    let ward = make_team(&hospital, "Ward 3", "Location/w3", &[lee.id]).unwrap();
    assert_eq!(references(&hospital.vault, lee.id).unwrap(), None, "a team alone links to nobody");
    let clinic = make_team(&hospital, "Clinic", "Organization?identifier=urn:o|1", &[]).unwrap();
    let to =
        UserChange { practitioner: Some(LEE.to_owned()), teams: vec![ward.id, clinic.id, clinic.id], ..as_is(&lee) };
    change(&hospital, lee.id, &to).unwrap();
    let mut stands_for = references(&hospital.vault, lee.id).unwrap().unwrap();
    assert_eq!(stands_for.remove(0), LEE, "the practitioner first");
    stands_for.sort();
    assert_eq!(stands_for, ["Location/w3", "Organization?identifier=urn:o|1"], "then the teams");
    let (said, _) = entry(&hospital, "user-update");
    assert!(said.contains(&format!("user={} practitioner=linked teams=+{}", lee.id, clinic.id)), "{said}");
    assert!(!said.contains("9999"), "who that is lies sealed: {said}");
    assert!(change(&hospital, lee.id, &to).is_err(), "a change that is none");

    let keys = &hospital.admin_keys;
    let update = permit(&hospital.admin, Interaction::TeamUpdate, None);
    let to = TeamChange { name: "Ward 4".to_owned(), reference: None, members: vec![lee.id] };
    hospital.vault.transaction(update, Some(keys), at(13), |tx| tx.team_update(ward.id, &to, keys)).unwrap();
    let said = entry(&hospital, "team-update").0;
    assert!(said.contains(&format!("team={} name=changed reference=changed", ward.id)), "{said}");
    assert_eq!(references(&hospital.vault, lee.id).unwrap().unwrap().len(), 2, "it stands for nothing any more");
    let delete = permit(&hospital.admin, Interaction::TeamDelete, None);
    hospital.vault.transaction(delete, Some(keys), at(14), |tx| tx.team_delete(clinic.id, keys)).unwrap();
    assert!(entry(&hospital, "team-delete").0.contains(&format!("team={} members=-{}", clinic.id, lee.id)));
    assert_eq!(references(&hospital.vault, lee.id).unwrap().unwrap(), [LEE], "nor the one that is gone");
    assert_eq!(teams(&hospital).iter().map(|team| team.name.as_str()).collect::<Vec<_>>(), ["Ward 4"]);
}

#[test]
fn what_is_none_of_these_is_refused() {
    let hospital = Hospital::new();
    let (lee, _) = hospital.hire("lee", Role::Nurse);
    for bad in
        ["Patient/p1", "lee", "Practitioner/a b", "https://x.example/Practitioner/p1", "Practitioner?name=Lee", ""]
    {
        let to = UserChange { practitioner: Some(bad.to_owned()), ..as_is(&lee) };
        assert!(matches!(change(&hospital, lee.id, &to), Err(VaultError::Invalid(_))), "{bad:?} is no practitioner");
    }
    let nowhere = TeamId::parse("01900000-0000-7000-8000-000000000009").unwrap();
    assert!(change(&hospital, lee.id, &UserChange { teams: vec![nowhere], ..as_is(&lee) }).is_err(), "no such team");
    assert!(make_team(&hospital, "Ward", "Practitioner/p1", &[]).is_err(), "a practitioner is no team");
    make_team(&hospital, "Ward", "Location/w", &[]).unwrap();
    assert!(make_team(&hospital, "Ward", "Location/w2", &[]).is_err(), "two of one name");
    let unknown = UserId::parse("01900000-0000-7000-8000-000000000009").unwrap();
    assert!(make_team(&hospital, "Other", "Location/w", &[unknown]).is_err(), "no such user");
    assert!(references(&hospital.vault, unknown).is_err(), "of whom nothing can be known, not that nothing is known");
}

#[test]
fn with_the_database_key_alone_nobody_becomes_somebody_else() {
    let hospital = Hospital::new();
    let (lee, _) = hospital.hire("lee", Role::Nurse);
    let (kim, _) = hospital.hire("kim", Role::Nurse);
    let ward = make_team(&hospital, "Ward", "Location/w", &[lee.id]).unwrap();
    change(&hospital, lee.id, &UserChange { practitioner: Some(LEE.to_owned()), teams: vec![ward.id], ..as_is(&lee) })
        .unwrap();
    let (lee_id, kim_id) = (lee.id.to_string(), kim.id.to_string());
    let tampering = [
        ("another practitioner", format!("UPDATE user SET practitioner = 'Practitioner/else' WHERE id = '{lee_id}'")),
        ("no practitioner", format!("UPDATE user SET practitioner = NULL WHERE id = '{lee_id}'")),
        ("no code", format!("UPDATE user SET affiliation = NULL WHERE id = '{lee_id}'")),
        ("no team", format!("DELETE FROM team_member WHERE user = '{lee_id}'")),
        ("the team is another one", "UPDATE team SET reference = 'Location/else'".to_owned()),
        ("it has another name", "UPDATE team SET name = 'Else'".to_owned()),
        (
            "what somebody else has",
            format!(
                "UPDATE user SET (practitioner, affiliation) = (SELECT practitioner, affiliation FROM user WHERE id = '{kim_id}')
                 WHERE id = '{lee_id}'"
            ),
        ),
    ];
    for (what, sql) in tampering {
        let raw = hospital.raw();
        raw.execute_batch(&format!("CREATE TEMP TABLE kept AS SELECT id, practitioner, affiliation FROM user; CREATE TEMP TABLE members AS SELECT * FROM team_member; CREATE TEMP TABLE teams AS SELECT * FROM team; {sql}")).unwrap();
        let found = references(&hospital.vault, lee.id);
        assert!(matches!(found, Err(VaultError::Tampered("user"))), "{what}: {found:?}");
        assert!(entry(&hospital, "integrity-failure").0.contains("\"reason\":\"user\""), "{what}: an alert");
        let to = UserChange { display_name: "Else".to_owned(), ..as_is(&lee) };
        assert!(
            matches!(change(&hospital, lee.id, &to), Err(VaultError::Tampered("user"))),
            "{what}: and is not vouched for"
        );
        raw.execute_batch(
            "UPDATE user SET (practitioner, affiliation) = (SELECT practitioner, affiliation FROM kept WHERE kept.id = user.id);
             UPDATE team SET (name, reference) = (SELECT name, reference FROM teams WHERE teams.id = team.id);
             INSERT OR IGNORE INTO team_member SELECT * FROM members;",
        )
        .unwrap();
        assert!(references(&hospital.vault, lee.id).is_ok(), "{what}: as it was, it is sound");
    }
    // A membership that somebody else is given.
    hospital.raw().execute("INSERT INTO team_member VALUES (?1, ?2)", params![ward.id.to_string(), kim_id]).unwrap();
    assert!(matches!(references(&hospital.vault, kim.id), Err(VaultError::Tampered("user"))), "one more team");
}

#[test]
fn the_links_are_those_after_the_program_started_again() {
    let mut hospital = Hospital::new();
    let (lee, _) = hospital.hire("lee", Role::Nurse);
    change(&hospital, lee.id, &UserChange { practitioner: Some(LEE.to_owned()), ..as_is(&lee) }).unwrap();
    let elsewhere = Hospital::new();
    hospital.vault = elsewhere.vault;
    let again = Vault::open(&hospital.data(), custodian(&hospital.folder)).unwrap();
    assert_eq!(references(&again, lee.id).unwrap().unwrap(), [LEE], "as they were");
}

#[test]
fn the_last_use_of_a_user_is_their_newest_entry_in_the_index_and_behind_it() {
    let hospital = Hospital::new();
    let (lee, keys) = hospital.hire("lee", Role::Nurse);
    let last = || {
        let permit = permit(&hospital.admin, Interaction::UserSearch, None);
        hospital.vault.transaction(permit, Some(&hospital.admin_keys), at(90), |tx| tx.users_last_use()).unwrap()
    };
    assert_eq!(last().get(&lee.id), None, "never yet");
    list(&hospital.vault, &lee, Role::Nurse, &keys).unwrap();
    assert_eq!(last()[&lee.id], at(20).utc, "from the log");
    hospital.vault.checkpoint(at(21)).unwrap();
    assert_eq!(last()[&lee.id], at(20).utc, "from the index");
    let wrong = hospital.vault.transaction(crate::hospital::start(), None, at(91), |tx| tx.users_last_use().map(drop));
    assert!(matches!(wrong, Err(VaultError::OutsidePermit)), "not for everybody: {wrong:?}");
}

#[test]
fn how_an_account_stands_is_told_only_as_this_program_wrote_it() {
    let hospital = Hospital::new();
    let (lee, _) = hospital.hire("lee", Role::Nurse);
    let standing = || hospital.vault.account_standing(lee.id).unwrap();
    assert!(matches!(standing(), AccountStanding::Open { role: Role::Nurse, .. }), "{:?}", standing());
    hospital.raw().execute("UPDATE user SET role = 'administrator' WHERE username = 'lee'", []).unwrap();
    assert_eq!(standing(), AccountStanding::Tampered, "another role in the file");
    hospital.raw().execute("UPDATE user SET role = 'nurse', disabled = 1 WHERE username = 'lee'", []).unwrap();
    assert_eq!(standing(), AccountStanding::Tampered, "closed in the file");
    let nobody = UserId::parse("01900000-0000-7000-8000-000000000009").unwrap();
    assert_eq!(hospital.vault.account_standing(nobody).unwrap(), AccountStanding::Closed, "nobody");
}
