//! Users whom the server's directory names.

use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeS, Serializable, single_shot_seal};
use vigil_audit::seal_key_pair;
use vigil_model::wire::{
    Bytes, Directory, DirectorySuspension, DirectoryTeam, DirectoryUser, GroupKeySealed, SignInChallenge,
    SignInResponse,
};
use vigil_model::{Role, TeamId, UserId};
use vigil_policy::{Interaction, Permit, Principal, authorize};
use vigil_vault::{
    ArrivingUser, DirectoryApplied, TeamChange, UserChange, UserKeys, UserRecord, VaultError, sign_in_proof,
};

use crate::hospital::{Hospital, PASSWORD, at, password, permit, request};
use crate::outbox::Server;

/// What a server holds of one group.
#[derive(Clone)]
struct Group {
    id: &'static str,
    version: u32,
    secret: [u8; 32],
}

impl Group {
    fn made(id: &'static str, version: u32, seed: u8) -> Self {
        let secret = if id == "directory" {
            [seed; 32]
        } else {
            X25519HkdfSha256::derive_keypair(&[seed; 32]).0.to_bytes().into()
        };
        Self { id, version, secret }
    }

    fn public(&self) -> Option<Bytes> {
        let private = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(&self.secret).unwrap();
        (self.id != "directory").then(|| Bytes(X25519HkdfSha256::sk_to_pk(&private).to_bytes().to_vec()))
    }

    /// Sealed as docs/sync.md says.
    fn granted(&self, hospital: &Hospital, user: UserId, keys: ([u8; 32], [u8; 32])) -> GroupKeySealed {
        let to = if self.id == "break-glass" { keys.1 } else { keys.0 };
        let to = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&to).unwrap();
        let place = format!("{}|{user}|{}|{}", hospital.vault.device_id(), self.id, self.version);
        let (encapsulated, sealed) = single_shot_seal::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &to,
            b"vigil/grant/v1",
            &self.secret,
            place.as_bytes(),
        )
        .unwrap();
        GroupKeySealed {
            group: self.id.to_owned(),
            version: self.version,
            public: self.public(),
            sealed: Bytes([encapsulated.to_bytes().as_slice(), &sealed].concat()),
        }
    }
}

fn said(name: &str, number: u8, role: Role) -> DirectoryUser {
    DirectoryUser {
        id: UserId::parse(&format!("01900000-0000-7000-8000-0000000000{number:02}")).unwrap(),
        username: name.to_owned(),
        display_name: format!("Dr {name}"),
        role,
        disabled: false,
        practitioner: None,
        care_groups: vec!["care-group/general".to_owned()],
        break_glass: true,
        suspended: None,
    }
}

fn directory(version: u64, users: Vec<DirectoryUser>) -> Directory {
    Directory {
        version,
        signed: String::new(),
        lease_hours: 72,
        policy: String::new(),
        users,
        teams: Vec::new(),
        revoked: Vec::new(),
    }
}

fn answer(said: &DirectoryUser, keys: Vec<GroupKeySealed>) -> SignInResponse {
    SignInResponse { user: said.id, password_due: keys.is_empty(), keys }
}

fn itself(interaction: Interaction) -> Permit {
    authorize(request(Principal::Workstation, interaction, None)).unwrap()
}

fn arrive(hospital: &Hospital, said: &DirectoryUser, groups: &[Group]) -> (UserRecord, UserKeys) {
    let arriving = ArrivingUser::make().unwrap();
    let public = (arriving.public_key(), arriving.emergency_public_key());
    let keys: Vec<_> = groups.iter().map(|group| group.granted(hospital, said.id, public)).collect();
    let permit = itself(Interaction::FleetUserCreate);
    hospital
        .vault
        .transaction(permit, None, at(6), |tx| {
            tx.fleet_user_put(said, &arriving, &password(PASSWORD), &answer(said, keys))
        })
        .unwrap();
    hospital.vault.unlock(&said.username, &password(PASSWORD)).unwrap()
}

fn regrant(hospital: &Hospital, user: UserId, groups: &[Group]) -> Result<(), VaultError> {
    let public = hospital.vault.public_keys(user).unwrap().unwrap();
    let keys: Vec<_> = groups.iter().map(|group| group.granted(hospital, user, public)).collect();
    let permit = itself(Interaction::FleetUserCreate);
    hospital.vault.transaction(permit, None, at(8), |tx| tx.fleet_grants_put(user, &password(PASSWORD), &keys))
}

/// The keys that the server would hold after the workstation deposited its own.
fn deposited(hospital: &Hospital) -> Vec<Group> {
    let server = Server::new(3);
    server.enrol(hospital);
    let permit = permit(&hospital.admin, Interaction::KeyDeposit, None);
    let keys = Some(&hospital.admin_keys);
    let deposit = hospital.vault.transaction(permit, keys, at(6), |tx| tx.key_deposit(&hospital.admin_keys)).unwrap();
    let (opener, _) = seal_key_pair(&[3; 32]);
    let open = |key: &GroupKeySealed| {
        let id = ["directory", "care-group/general", "break-glass"].into_iter().find(|id| *id == key.group).unwrap();
        let log = hospital.vault.device_id();
        let secret = opener.open_deposit(log, id, key.version, key.sealed.as_ref()).unwrap();
        let group = Group { id, version: key.version, secret: *secret };
        assert_eq!(group.public(), key.public, "{id}: the public half is that of the key");
        group
    };
    deposit.groups.iter().map(open).collect()
}

#[test]
fn a_user_of_the_fleet_reads_what_was_written_before_the_workstation_joined_it() {
    let hospital = Hospital::with_patients();
    let groups = deposited(&hospital);
    assert_eq!(groups.len(), 3, "directory, care group and break-glass");
    let (nurse, keys) = arrive(&hospital, &said("okafor", 1, Role::Nurse), &groups);
    assert_eq!(hospital.observations(&nurse, &keys, "open").len(), 1, "with the keys that the server granted");
    let read = &hospital.observations(&nurse, &keys, "open")[0];
    assert!(read.json.is_ok(), "and it opens");
    let public = hospital.vault.public_keys(nurse.id).unwrap().unwrap();
    let granted: Vec<_> = groups.iter().map(|group| group.granted(&hospital, nurse.id, public)).collect();
    assert!(!hospital.vault.group_keys_missing(nurse.id, &granted).unwrap(), "nothing is missing");
}

#[test]
fn somebody_who_left_the_directory_is_out_and_what_comes_after_is_not_theirs_to_read() {
    let hospital = Hospital::with_patients();
    let groups = deposited(&hospital);
    let (one, two) = (said("okafor", 1, Role::Nurse), said("lund", 2, Role::Nurse));
    let (leaver, leaver_keys) = arrive(&hospital, &one, &groups);
    let (stays, _) = arrive(&hospital, &two, &groups);

    let closed = directory(2, vec![DirectoryUser { disabled: true, ..one.clone() }, two.clone()]);
    let permit = itself(Interaction::DirectoryApply);
    let applied = hospital.vault.transaction(permit, None, at(7), |tx| tx.directory_apply(&closed)).unwrap();
    assert_eq!(applied.closed, [leaver.id], "the account is closed");
    assert!(
        matches!(hospital.vault.unlock("okafor", &password(PASSWORD)), Err(VaultError::WrongPassword)),
        "nobody signs in with it, and the answer does not say why"
    );
    let reading = permit_of(&leaver);
    let refused = hospital.vault.transaction(reading, Some(&leaver_keys), at(8), |_| Ok::<(), VaultError>(()));
    assert!(matches!(refused, Err(VaultError::AccountClosed)), "a session that went on is over: {refused:?}");

    // The server has made new versions; they come with the next sign-in of somebody who holds the former ones.
    let next: Vec<Group> = groups.iter().map(|group| Group::made(group.id, group.version + 1, 40)).collect();
    let all = [groups.as_slice(), &next].concat();
    regrant(&hospital, stays.id, &all).unwrap();
    let (stays, keys) = hospital.vault.unlock("lund", &password(PASSWORD)).unwrap();
    assert!(hospital.observations(&stays, &keys, "open")[0].json.is_ok(), "what was there still opens");
    hospital.put("Observation", "o9", Some("open"), r#"{"resourceType":"Observation","note":"later"}"#);
    assert!(hospital.observations(&stays, &keys, "open").iter().all(|row| row.json.is_ok()), "and what comes after");
    let versions: Vec<u32> = hospital
        .raw()
        .prepare("SELECT version FROM group_key WHERE id <> 'authority' ORDER BY id")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(versions, [2, 2, 2], "under the new versions");
    regrant(&hospital, stays.id, &all).unwrap();
    let (stays, keys) = hospital.vault.unlock("lund", &password(PASSWORD)).unwrap();
    assert!(hospital.observations(&stays, &keys, "open")[0].json.is_ok(), "taking the same over again changes nothing");
}

fn team(number: u8, name: &str, reference: &str, members: &[UserId]) -> DirectoryTeam {
    DirectoryTeam {
        id: TeamId::parse(&format!("01900000-0000-7000-9000-0000000000{number:02}")).unwrap(),
        name: name.to_owned(),
        reference: Some(reference.to_owned()),
        members: members.to_vec(),
    }
}

fn follow(hospital: &Hospital, directory: &Directory) -> Result<DirectoryApplied, VaultError> {
    let permit = itself(Interaction::DirectoryApply);
    hospital.vault.transaction(permit, None, at(7), |tx| tx.directory_apply(directory))
}

/// Name, members and whether it is the server's, of each team here.
fn teams(hospital: &Hospital) -> Vec<(String, Vec<UserId>, bool)> {
    let permit = permit(&hospital.admin, Interaction::TeamSearch, None);
    let teams = hospital.vault.transaction(permit, Some(&hospital.admin_keys), at(11), |tx| tx.teams()).unwrap();
    teams.into_iter().map(|team| (team.name, team.members, team.by_server)).collect()
}

fn stands_for(hospital: &Hospital, user: UserId) -> Vec<String> {
    let asked = hospital.vault.transaction(crate::hospital::start(), None, at(12), |tx| tx.actor_references(user));
    asked.unwrap().unwrap()
}

#[test]
fn the_teams_of_the_directory_are_those_of_the_workstation() {
    let hospital = Hospital::with_patients();
    let groups = deposited(&hospital);
    let nurse = DirectoryUser { practitioner: Some("Practitioner/n1".to_owned()), ..said("okafor", 1, Role::Nurse) };
    let absent = said("lund", 2, Role::Nurse);
    let (local, _) = hospital.hire("here", Role::Nurse);
    let (admin, keys) = (&hospital.admin, &hospital.admin_keys);
    let to = TeamChange { name: "Ward 3".to_owned(), reference: None, members: vec![local.id] };
    let made = permit(admin, Interaction::TeamCreate, None);
    let own = hospital.vault.transaction(made, Some(keys), at(5), |tx| tx.team_create(&to, keys)).unwrap();
    arrive(&hospital, &nurse, &groups);

    let (ward, icu) = (team(1, "Ward 3", "Location/w3", &[nurse.id, absent.id]), team(2, "ICU", "CareTeam/i", &[]));
    let users = || vec![nurse.clone(), absent.clone()];
    let first = Directory { teams: vec![ward.clone(), icu.clone()], ..directory(2, users()) };
    let applied = follow(&hospital, &first).unwrap();
    assert_eq!(applied.teams.len(), 3, "two are new, and one gave its name up: {:?}", applied.teams);
    let own_name = "Ward 3 (this workstation)".to_owned();
    let now = [
        ("ICU".to_owned(), vec![], true),
        ("Ward 3".to_owned(), vec![nurse.id], true),
        (own_name.clone(), vec![local.id], false),
    ];
    assert_eq!(teams(&hospital), now, "whoever is not here yet is no member yet");
    assert_eq!(stands_for(&hospital, nurse.id), ["Practitioner/n1", "Location/w3"], "and it counts in the charts");
    assert!(follow(&hospital, &first).unwrap().is_empty(), "the same again changes nothing");

    // Nobody changes them here, from either side.
    let to = TeamChange { name: "Ward 9".to_owned(), reference: None, members: vec![nurse.id] };
    let attempt = permit(admin, Interaction::TeamUpdate, None);
    let denied = hospital.vault.transaction(attempt, Some(keys), at(8), |tx| tx.team_update(ward.id, &to, keys));
    assert!(matches!(denied, Err(VaultError::Invalid(why)) if why.contains("directory")), "{denied:?}");
    let joins = UserChange {
        display_name: local.display_name.clone(),
        role: local.role,
        practitioner: None,
        teams: vec![own.id, icu.id],
    };
    let attempt = permit(admin, Interaction::UserUpdate, None);
    let denied = hospital.vault.transaction(attempt, Some(keys), at(8), |tx| tx.user_update(local.id, &joins, keys));
    assert!(matches!(denied, Err(VaultError::Invalid(why)) if why.contains("directory")), "{denied:?}");

    // Names that are swapped, a member who left, and one who comes later.
    let swapped = vec![
        DirectoryTeam { name: "ICU".to_owned(), members: vec![absent.id], ..ward.clone() },
        DirectoryTeam { name: "Ward 3".to_owned(), members: vec![nurse.id], ..icu.clone() },
    ];
    assert_eq!(follow(&hospital, &Directory { teams: swapped, ..directory(3, users()) }).unwrap().teams.len(), 2);
    assert_eq!(stands_for(&hospital, nurse.id), ["Practitioner/n1", "CareTeam/i"]);

    // Dissolved at the server, it is gone here; what was made here stays.
    assert_eq!(follow(&hospital, &directory(4, users())).unwrap().teams.len(), 2);
    assert_eq!(teams(&hospital), [(own_name, vec![local.id], false)]);
    assert_eq!(stands_for(&hospital, nurse.id), ["Practitioner/n1"]);
}

#[test]
fn whom_the_server_suspends_stands_under_it_until_it_or_a_supervisor_lifts_it() {
    let hospital = Hospital::with_patients();
    let groups = deposited(&hospital);
    let mut nurse = said("n.lund", 3, Role::Nurse);
    arrive(&hospital, &nurse, &groups);
    let stands = || hospital.vault.suspension_of(nurse_id()).unwrap();
    let under = |id, incident| DirectorySuspension { id, incident, since: "2026-11-30T03:00:00Z".to_owned() };

    nurse.suspended = Some(under(7, 12));
    let applied = follow(&hospital, &directory(1, vec![nurse.clone()])).unwrap();
    assert_eq!((applied.suspended, applied.lifted), (vec![nurse.id], vec![]));
    assert_eq!(stands().unwrap().incident, Some(12), "and which incident it belongs to");
    let again = follow(&hospital, &directory(2, vec![nurse.clone()])).unwrap();
    assert!(again.is_empty(), "the same is no new one: {again:?}");

    // The server lifts it.
    nurse.suspended = None;
    let applied = follow(&hospital, &directory(3, vec![nurse.clone()])).unwrap();
    assert_eq!((applied.lifted, stands()), (vec![nurse.id], None));

    // A supervisor lifts the next one here; the directory still says it for a moment, and that is no new one.
    nurse.suspended = Some(under(8, 13));
    follow(&hospital, &directory(4, vec![nurse.clone()])).unwrap();
    let lifting = permit(&hospital.admin, Interaction::UserSuspensionLift, None);
    let lifted = hospital.vault.transaction(lifting, Some(&hospital.admin_keys), at(30), |tx| {
        let number = tx.suspension_number(nurse.id)?;
        tx.suspension_lift(number, "Seen with my own eyes")
    });
    assert_eq!(lifted.unwrap(), nurse.id);
    let still = follow(&hospital, &directory(5, vec![nurse.clone()])).unwrap();
    assert_eq!((still.suspended, stands()), (vec![], None), "what was lifted stays lifted");
    nurse.suspended = Some(under(9, 14));
    follow(&hospital, &directory(6, vec![nurse.clone()])).unwrap();
    assert_eq!(stands().unwrap().incident, Some(14), "but another one is another");

    let listing = permit(&hospital.admin, Interaction::UserSuspensionSearch, None);
    let list =
        hospital.vault.transaction(listing, Some(&hospital.admin_keys), at(40), |tx| tx.suspensions(10)).unwrap();
    let lifts: Vec<_> = list.iter().map(|one| one.lift.as_ref().map(|lift| lift.by)).collect();
    assert_eq!(lifts.iter().filter(|lift| lift.is_none()).count(), 1, "one stands: {lifts:?}");
    assert!(lifts.contains(&Some(None)) && lifts.contains(&Some(Some(hospital.admin.id))), "the server, a supervisor");
}

fn nurse_id() -> UserId {
    said("n.lund", 3, Role::Nurse).id
}

#[test]
fn whose_team_a_team_is_cannot_be_changed_by_whoever_has_the_database_alone() {
    let hospital = Hospital::with_patients();
    let groups = deposited(&hospital);
    let nurse = DirectoryUser { practitioner: Some("Practitioner/n1".to_owned()), ..said("okafor", 1, Role::Nurse) };
    arrive(&hospital, &nurse, &groups);
    let ward = team(1, "Ward 3", "Location/w3", &[nurse.id]);
    follow(&hospital, &Directory { teams: vec![ward], ..directory(2, vec![nurse.clone()]) }).unwrap();
    // It would outlive what the server dissolves.
    hospital.raw().execute_batch("UPDATE team SET by_server = 0").unwrap();
    let asked = hospital.vault.transaction(crate::hospital::start(), None, at(12), |tx| tx.actor_references(nurse.id));
    assert!(matches!(asked, Err(VaultError::Tampered("user"))), "{asked:?}");

    // Nor does it keep a directory from being done: who left is out, and whoever was tampered with is vouched for no more than before.
    let other = said("lund", 2, Role::Nurse);
    arrive(&hospital, &other, &groups);
    let closed = DirectoryUser { disabled: true, ..other };
    let moved = team(1, "Ward 4", "Location/w4", &[nurse.id]);
    let applied =
        follow(&hospital, &Directory { teams: vec![moved], ..directory(3, vec![nurse.clone(), closed.clone()]) })
            .unwrap();
    assert_eq!((applied.closed.as_slice(), applied.teams.len()), ([closed.id].as_slice(), 1), "all of it is done");
    let asked = hospital.vault.transaction(crate::hospital::start(), None, at(13), |tx| tx.actor_references(nurse.id));
    assert!(matches!(asked, Err(VaultError::Tampered("user"))), "{asked:?}");
}

#[test]
fn the_first_user_of_a_workstation_without_users_brings_its_group_keys() {
    let hospital = Hospital::new();
    hospital.raw().execute_batch("DELETE FROM user_grant; DELETE FROM group_key;").unwrap();
    let groups = ["directory", "care-group/general", "break-glass"].map(|id| Group::made(id, 1, 7));
    arrive(&hospital, &said("okafor", 1, Role::Nurse), &groups);
    let ids: u32 = hospital.raw().query_row("SELECT count(*) FROM group_key", [], |row| row.get(0)).unwrap();
    assert_eq!(ids, 3, "the workstation has group keys now");
}

#[test]
fn a_grant_that_is_somebody_elses_or_no_key_is_refused_and_leaves_nothing_behind() {
    let hospital = Hospital::with_patients();
    let groups = deposited(&hospital);
    let okafor = said("okafor", 1, Role::Nurse);
    let arriving = ArrivingUser::make().unwrap();
    let public = (arriving.public_key(), arriving.emergency_public_key());
    let good: Vec<_> = groups.iter().map(|group| group.granted(&hospital, okafor.id, public)).collect();
    let attempt = |keys: &[GroupKeySealed], why: &str| {
        let permit = itself(Interaction::FleetUserCreate);
        let insert = hospital.vault.transaction(permit, None, at(6), |tx| {
            tx.fleet_user_put(&okafor, &arriving, &password(PASSWORD), &answer(&okafor, keys.to_vec()))
        });
        assert!(matches!(insert, Err(VaultError::Forged(_))), "{why}: {insert:?}");
        assert!(hospital.vault.public_keys(okafor.id).unwrap().is_none(), "{why}: there is no such user");
    };
    let other = groups.iter().map(|group| group.granted(&hospital, said("lund", 2, Role::Nurse).id, public));
    attempt(&other.collect::<Vec<_>>(), "granted to somebody else");
    let mut swapped = good.clone();
    swapped[1].public = Group::made("care-group/general", 1, 99).public();
    attempt(&swapped, "a public half that nobody holds the other of");
    let foreign = Group::made("care-group/general", 1, 99).granted(&hospital, okafor.id, public);
    attempt(&[foreign], "another key than the workstation's under the same version");
    let mut authority = good[0].clone();
    authority.group = "authority".to_owned();
    attempt(&[authority], "the authority key is no fleet's to grant");
}

#[test]
fn a_password_that_the_server_accepted_takes_the_place_of_the_one_that_was_here() {
    let hospital = Hospital::with_patients();
    let groups = deposited(&hospital);
    let okafor = said("okafor", 1, Role::Nurse);
    let (_, before) = arrive(&hospital, &okafor, &groups);
    let sealed = before.seal_own("place", "chart").unwrap();

    let arriving = ArrivingUser::make().unwrap();
    let public = (arriving.public_key(), arriving.emergency_public_key());
    let keys: Vec<_> = groups.iter().map(|group| group.granted(&hospital, okafor.id, public)).collect();
    let other = password("chosen at another workstation");
    let permit = itself(Interaction::FleetUserCreate);
    let given = answer(&okafor, keys);
    hospital
        .vault
        .transaction(permit, None, at(9), |tx| tx.fleet_user_put(&okafor, &arriving, &other, &given))
        .unwrap();
    assert!(matches!(hospital.vault.unlock("okafor", &password(PASSWORD)), Err(VaultError::WrongPassword)));
    let (nurse, keys) = hospital.vault.unlock("okafor", &other).unwrap();
    assert!(hospital.observations(&nurse, &keys, "open")[0].json.is_ok(), "what the role reads still opens");
    assert!(keys.open_own("place", &sealed).is_err(), "what lay under the former password is gone");
    assert!(!hospital.vault.must_choose_password(nurse.id).unwrap());
}

#[test]
fn a_first_password_opens_nothing_and_another_one_has_to_be_chosen() {
    let hospital = Hospital::with_patients();
    deposited(&hospital);
    let (nurse, keys) = arrive(&hospital, &said("okafor", 1, Role::Nurse), &[]);
    assert!(hospital.vault.must_choose_password(nurse.id).unwrap());
    assert!(hospital.observations(&nurse, &keys, "open").iter().all(|row| row.json.is_err()), "no key, no record");
}

#[test]
fn a_newer_key_at_the_server_is_missed_here() {
    let hospital = Hospital::with_patients();
    let groups = deposited(&hospital);
    let (nurse, _) = arrive(&hospital, &said("okafor", 1, Role::Nurse), &groups);
    let public = hospital.vault.public_keys(nurse.id).unwrap().unwrap();
    let held = |version| [Group::made("care-group/general", version, 1).granted(&hospital, nurse.id, public)];
    assert!(!hospital.vault.group_keys_missing(nurse.id, &held(1)).unwrap());
    assert!(hospital.vault.group_keys_missing(nurse.id, &held(2)).unwrap());
}

#[test]
fn whoever_holds_no_key_of_a_group_brings_its_public_half_for_what_others_read() {
    let hospital = Hospital::new();
    hospital.raw().execute_batch("DELETE FROM user_grant; DELETE FROM group_key;").unwrap();
    let groups = ["directory", "care-group/general", "break-glass"].map(|id| Group::made(id, 1, 7));
    let root = said("root2", 1, Role::Administrator);
    let arriving = ArrivingUser::make().unwrap();
    let public = (arriving.public_key(), arriving.emergency_public_key());
    let mut keys: Vec<_> = groups.iter().map(|group| group.granted(&hospital, root.id, public)).collect();
    keys.iter_mut().filter(|key| key.public.is_some()).for_each(|key| key.sealed = Bytes(Vec::new()));
    let permit = itself(Interaction::FleetUserCreate);
    let given = answer(&root, keys.clone());
    let put = |tx: &mut vigil_vault::Tx<'_>| tx.fleet_user_put(&root, &arriving, &password(PASSWORD), &given).map(drop);
    hospital.vault.transaction(permit, None, at(6), put).unwrap();
    let held = |sql: &str| hospital.raw().query_row(sql, [], |row| row.get::<_, u32>(0)).unwrap();
    assert_eq!(held("SELECT count(*) FROM group_key"), 3, "all groups are known");
    assert_eq!(held("SELECT count(*) FROM user_grant"), 1, "and one key is held");
    assert!(!hospital.vault.group_keys_missing(root.id, &keys).unwrap(), "nothing is missing");

    let (nurse, _) = arrive(&hospital, &said("okafor", 2, Role::Nurse), &groups);
    let public = hospital.vault.public_keys(nurse.id).unwrap().unwrap();
    let granted: Vec<_> = groups.iter().map(|group| group.granted(&hospital, nurse.id, public)).collect();
    assert!(!hospital.vault.group_keys_missing(nurse.id, &granted).unwrap(), "a holder fits to what was there");
}

#[test]
fn a_proof_is_argon2id_as_the_challenge_says_and_no_challenge_may_cost_everything() {
    let challenge = |memory, passes| SignInChallenge { salt: Bytes(vec![7; 16]), memory, passes, lanes: 1 };
    let proof = sign_in_proof(&password(PASSWORD), &challenge(64, 2)).unwrap();
    let again = sign_in_proof(&password(PASSWORD), &challenge(64, 2)).unwrap();
    assert_eq!(proof, again);
    assert_ne!(proof, sign_in_proof(&password("another sentence"), &challenge(64, 2)).unwrap());
    for (memory, passes) in [(u32::MAX, 1), (64, 1_000_000)] {
        assert!(matches!(sign_in_proof(&password(PASSWORD), &challenge(memory, passes)), Err(VaultError::Forged(_))));
    }
    let short = SignInChallenge { salt: Bytes(vec![7; 4]), ..challenge(64, 2) };
    assert!(matches!(sign_in_proof(&password(PASSWORD), &short), Err(VaultError::Forged(_))));
}

fn permit_of(user: &UserRecord) -> Permit {
    permit(user, Interaction::PatientRead, Some("open"))
}
