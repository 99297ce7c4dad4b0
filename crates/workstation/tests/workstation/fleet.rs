//! A workstation and its server: joining, signing in, being informed, and going on without.

use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use vigil_workstation::view::{
    FleetJoinRequest, KeySearchRequest, PatientSearchRequest, Stage, SyncLink, SyncView, TeamDeleteRequest,
    TeamPutRequest, UserDisableRequest, UserPasswordChangeRequest,
};
use vigil_workstation::{AppError, ErrorCode, Role, Workstation};

use crate::central_server::CentralServer;
use crate::hospital::{Hospital, new_user};

/// What the users of the directory choose.
pub(crate) const CHOSEN: &str = "larks over the harbour";

/// Waits until the workstation and the server stand as `is` says.
fn until(station: &Workstation, what: &str, is: impl Fn(&SyncView) -> bool) -> SyncView {
    let begun = Instant::now();
    loop {
        let view = station.sync_read().unwrap();
        if is(&view) {
            return view;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{what}: {view:?}");
        sleep(Duration::from_millis(20));
    }
}

pub(crate) fn delivered(station: &Workstation) -> SyncView {
    until(station, "everything is delivered", |view| view.link == SyncLink::Connected && view.waiting == 0)
}

pub(crate) fn join(hospital: &Hospital, server: &CentralServer) -> SyncView {
    hospital.sign_in("admin");
    let joined = hospital.station.fleet_join(FleetJoinRequest { token: server.token() }).unwrap();
    hospital.sign_out();
    joined
}

fn refused(hospital: &Hospital, username: &str, password: &str) -> AppError {
    hospital.try_sign_in(username, password).err().expect("nobody is let in")
}

pub(crate) fn choose(hospital: &Hospital, current: &str, password: &str) -> Stage {
    let request = UserPasswordChangeRequest { current: current.to_owned(), password: password.to_owned() };
    let view = hospital.station.user_password_change(request).unwrap();
    assert!(!view.password_due);
    view.stage
}

#[test]
fn a_workstation_that_was_set_up_alone_joins_and_brings_its_whole_past() {
    let hospital = Hospital::with_patients();
    let server = CentralServer::start(&hospital.clock);
    assert_eq!(hospital.station.sync_read().unwrap().link, SyncLink::NotEnrolled);
    hospital.station.sync_start().unwrap();
    let joined = join(&hospital, &server);
    assert!(joined.server.unwrap().starts_with("https://localhost:"));

    let view = delivered(&hospital.station);
    assert!(view.last_receipt.is_some() && view.quarantined == 0, "{view:?}");
    hospital.sign_in("admin");
    let entries = hospital.station.audit_verify().unwrap().entries;
    hospital.sign_out();
    delivered(&hospital.station);
    let held = server.verified();
    assert_eq!(held.len(), 1, "one log");
    assert!(held[0] >= u64::from(entries), "from its first entry on: {held:?} of {entries}");

    // Its own users are what they were.
    hospital.sign_in("okafor");
    assert_eq!(hospital.search("jane"), ["SMITHSON, Jane (Ms)", "SMYTHSON, Jane"], "and read what they read");
}

#[test]
fn a_user_of_the_directory_signs_in_chooses_a_password_and_reads_what_was_here_before() {
    let hospital = Hospital::with_patients();
    let server = CentralServer::start(&hospital.clock);
    join(&hospital, &server);
    let first = server.user("n.lund", Role::Nurse);

    let wrong = refused(&hospital, "n.lund", "not the password");
    assert_eq!(wrong.code, ErrorCode::WrongPassword);
    let view = hospital.try_sign_in("n.lund", &first).unwrap();
    assert!(view.password_due, "a first password is replaced before anything else");
    assert_eq!(choose(&hospital, &first, CHOSEN), Stage::Unlocked);
    assert_eq!(hospital.search("jane").len(), 2, "with the keys that the server granted");
    hospital.sign_out();

    assert_eq!(refused(&hospital, "n.lund", &first).code, ErrorCode::WrongPassword, "it is gone");
    assert!(!hospital.try_sign_in("n.lund", CHOSEN).unwrap().password_due);
}

#[test]
fn a_workstation_without_users_is_enrolled_by_its_token_and_everybody_comes_from_the_directory() {
    let hospital = Hospital::bare();
    let server = CentralServer::start(&hospital.clock);
    let denied = hospital.station.fleet_join_unattended("vigil1.nonsense", Some("St. Elsewhere")).err().unwrap();
    assert_eq!(denied.code, ErrorCode::Invalid);
    assert_eq!(hospital.station.session_read().unwrap().stage, Stage::FirstStart, "nothing was made");

    let token = server.token();
    hospital.station.fleet_join_unattended(&token, Some("St. Elsewhere")).unwrap();
    assert_eq!(hospital.station.session_read().unwrap().stage, Stage::SignedOut, "nobody makes a first administrator");
    let denied = hospital.station.administrator_create(Hospital::first_administrator_request());
    assert_eq!(denied.err().unwrap().code, ErrorCode::Forbidden);
    let again = hospital.station.fleet_join_unattended(&token, None).err().unwrap();
    assert_eq!(again.code, ErrorCode::Invalid, "a token is for one time: {again}");

    let first = server.user("m.adeyemi", Role::Administrator);
    hospital.try_sign_in("m.adeyemi", &first).unwrap();
    choose(&hospital, &first, CHOSEN);
    let denied = hospital.station.user_create(new_user("local", Role::Nurse)).err().unwrap();
    assert_eq!(denied.code, ErrorCode::Invalid, "users are made at the server: {denied}");
    hospital.import_one_patient();
    hospital.sign_out();

    let first = server.user("n.lund", Role::Nurse);
    hospital.try_sign_in("n.lund", &first).unwrap();
    choose(&hospital, &first, CHOSEN);
    assert_eq!(hospital.search("alone").len(), 1, "what one user of the directory stored, another one reads");
}

#[test]
fn whoever_was_disabled_is_out_and_what_local_administrators_try_is_refused() {
    let hospital = Hospital::with_patients();
    let server = CentralServer::start(&hospital.clock);
    hospital.station.sync_start().unwrap();
    join(&hospital, &server);
    let first = server.user("n.lund", Role::Nurse);
    hospital.try_sign_in("n.lund", &first).unwrap();
    choose(&hospital, &first, CHOSEN);
    delivered(&hospital.station);

    server.disable("n.lund");
    // Within a minute of the workstation's clock, whatever is done at it meanwhile.
    for second in 0.. {
        if hospital.station.session_read().unwrap().stage == Stage::SignedOut {
            break;
        }
        assert!(second < 60, "the session goes on: {:?}", hospital.station.sync_read().unwrap());
        hospital.clock.pass(Duration::from_secs(1));
        // It may be over by now.
        let _ = hospital.station.patient_search(PatientSearchRequest { text: "smith".to_owned() });
        sleep(Duration::from_millis(200));
    }
    let notice = hospital.station.session_read().unwrap().notice.unwrap();
    assert!(notice.contains("closed"), "the screen says why: {notice}");
    assert_eq!(refused(&hospital, "n.lund", CHOSEN).code, ErrorCode::WrongPassword);

    hospital.sign_in("admin");
    let id = hospital.station.user_named("n.lund").unwrap().id;
    let denied = hospital.station.user_enable(UserDisableRequest { id }).err().unwrap();
    assert_eq!(denied.code, ErrorCode::Invalid, "the server's word stands: {denied}");
}

#[test]
fn without_the_server_whoever_was_here_works_on_for_the_lease_and_nobody_new_comes() {
    let hospital = Hospital::with_patients();
    let mut server = CentralServer::start(&hospital.clock);
    join(&hospital, &server);
    let first = server.user("n.lund", Role::Nurse);
    let stranger = server.user("e.new", Role::Nurse);
    hospital.try_sign_in("n.lund", &first).unwrap();
    choose(&hospital, &first, CHOSEN);
    hospital.sign_out();
    server.down();

    hospital.try_sign_in("n.lund", CHOSEN).unwrap();
    let request = UserPasswordChangeRequest { current: CHOSEN.to_owned(), password: "another sentence".to_owned() };
    let denied = hospital.station.user_password_change(request).err().unwrap();
    assert_eq!(denied.code, ErrorCode::RefusedForNow, "a password is the server's: {denied}");
    hospital.sign_out();
    let denied = refused(&hospital, "e.new", &stranger);
    assert_eq!(denied.code, ErrorCode::WrongPassword);
    assert!(denied.message.contains("out of reach"), "it says what may be the matter: {denied}");

    hospital.clock.pass(Duration::from_secs(73 * 3600));
    let over = refused(&hospital, "n.lund", CHOSEN);
    assert!(hospital.station.sync_read().unwrap().lease_over, "the screen says so");
    assert_eq!(over.code, ErrorCode::RefusedForNow, "the lease is over: {over}");
    hospital.clock.set_wall_back(Duration::from_secs(100 * 3600));
    assert_eq!(refused(&hospital, "n.lund", CHOSEN).code, ErrorCode::RefusedForNow, "a clock changes nothing");
    hospital.clock.set_wall_forward(Duration::from_secs(100 * 3600));
    hospital.sign_in("okafor");
    hospital.sign_out();

    server.up();
    hospital.try_sign_in("n.lund", CHOSEN).unwrap();
    assert!(!hospital.station.sync_read().unwrap().lease_over, "heard again, it begins again");
}

#[test]
fn what_is_written_while_the_server_is_down_is_delivered_when_it_is_back() {
    let hospital = Hospital::with_patients();
    let mut server = CentralServer::start(&hospital.clock);
    hospital.station.sync_start().unwrap();
    join(&hospital, &server);
    delivered(&hospital.station);
    server.down();
    hospital.sign_in("okafor");
    hospital.search("jane");
    let view = until(&hospital.station, "it is noticed", |view| view.link == SyncLink::Offline && view.waiting > 2);
    assert!(view.why.unwrap().contains("reached") && view.since.is_some() && view.oldest.is_some());
    // Asked for, it is known before the screen is told: a server that is back at once would go unnoticed.
    let told = |what: &str| hospital.events.lock().unwrap().iter().any(|event| event == what);
    until(&hospital.station, "the screen is told", |_| told("sync Offline"));

    server.up();
    hospital.sign_out();
    hospital.sign_in("admin");
    hospital.station.sync_retry().unwrap();
    let view = delivered(&hospital.station);
    assert!(view.last_receipt.is_some());
    let entries = hospital.station.audit_verify().unwrap().entries;
    assert!(server.verified()[0] >= u64::from(entries) - 1, "nothing is missing");
    let events = hospital.events.lock().unwrap().clone();
    assert!(events.iter().rev().any(|event| event == "sync Connected"), "the screen was told: {events:?}");
}

#[test]
fn a_password_that_was_reset_at_the_server_opens_nothing_here_any_more() {
    let hospital = Hospital::with_patients();
    let server = CentralServer::start(&hospital.clock);
    join(&hospital, &server);
    let first = server.user("n.lund", Role::Nurse);
    hospital.try_sign_in("n.lund", &first).unwrap();
    choose(&hospital, &first, CHOSEN);
    hospital.sign_out();

    let reset = server.reset_password("n.lund");
    assert_eq!(refused(&hospital, "n.lund", CHOSEN).code, ErrorCode::WrongPassword);
    assert!(hospital.try_sign_in("n.lund", &reset).unwrap().password_due, "the new one does, and has to be replaced");
    choose(&hospital, &reset, "kites above the marsh");
    assert_eq!(hospital.search("jane").len(), 2);
}

#[test]
fn a_key_that_the_server_replaced_comes_with_the_next_sign_in() {
    let hospital = Hospital::with_patients();
    let server = CentralServer::start(&hospital.clock);
    join(&hospital, &server);
    for name in ["n.lund", "n.berg"] {
        let first = server.user(name, Role::Nurse);
        hospital.try_sign_in(name, &first).unwrap();
        choose(&hospital, &first, CHOSEN);
        hospital.sign_out();
    }
    server.revoke_break_glass("n.berg");
    hospital.try_sign_in("n.lund", CHOSEN).unwrap();
    assert_eq!(hospital.search("jane").len(), 2, "what was there still opens");
    hospital.sign_out();
    hospital.sign_in("admin");
    let keys = hospital.station.key_search(KeySearchRequest { each_patient: false }).unwrap();
    let of_break_glass: Vec<_> = keys.rows.iter().filter(|row| row.id == "break-glass").collect();
    assert!(of_break_glass.iter().any(|row| row.version == 2), "the second version is here: {of_break_glass:?}");
}

#[test]
fn the_teams_of_the_directory_are_here_with_whoever_comes_and_are_changed_there_alone() {
    let hospital = Hospital::with_patients();
    let server = CentralServer::start(&hospital.clock);
    hospital.station.sync_start().unwrap();
    let first = server.user("n.lund", Role::Nurse);
    server.team("Ward 3 West", "Location/w3", &["n.lund"]);
    join(&hospital, &server);
    delivered(&hospital.station);
    // The team was there before its member was.
    hospital.try_sign_in("n.lund", &first).unwrap();
    choose(&hospital, &first, CHOSEN);
    hospital.sign_out();

    hospital.sign_in("admin");
    let lund = hospital.station.user_named("n.lund").unwrap().id;
    let teams = hospital.station.team_search().unwrap();
    let team = teams.iter().find(|team| team.name == "Ward 3 West").unwrap();
    assert!(team.by_server && team.member_ids == [lund.clone()], "{:?}", team.member_ids);
    let request = |id: Option<String>, member: &str| TeamPutRequest {
        id,
        name: "Ours".to_owned(),
        reference: String::new(),
        member_ids: vec![member.to_owned()],
    };
    let denied = hospital.station.team_put(request(None, &lund)).err().unwrap();
    assert!(denied.code == ErrorCode::Invalid && denied.message.contains("vigil-server user"), "a member: {denied}");
    let here = hospital.station.user_named("okafor").unwrap().id;
    let denied = hospital.station.team_put(request(Some(team.id.clone()), &here)).err().unwrap();
    assert!(denied.message.contains("vigil-server team"), "and the team: {denied}");
    let denied = hospital.station.team_delete(TeamDeleteRequest { id: team.id.clone() }).err().unwrap();
    assert!(denied.message.contains("vigil-server team"), "{denied}");
}

#[test]
fn a_workstation_with_users_is_enrolled_by_its_administrator_and_by_nobody_else() {
    let hospital = Hospital::with_patients();
    let server = CentralServer::start(&hospital.clock);
    let token = server.token();
    let denied = hospital.station.fleet_join_unattended(&token, None).err().unwrap();
    assert_eq!(denied.code, ErrorCode::Forbidden, "there are users: {denied}");
    hospital.sign_in("okafor");
    let denied = hospital.station.fleet_join(FleetJoinRequest { token: token.clone() }).err().unwrap();
    assert_eq!(denied.code, ErrorCode::Forbidden, "a physician enrols no workstation");
    hospital.sign_out();
    hospital.sign_in("admin");
    hospital.station.fleet_join(FleetJoinRequest { token }).unwrap();
    assert_eq!(hospital.station.sync_read().unwrap().link, SyncLink::Connecting, "the token was not used up");
}

#[test]
fn the_engine_ends_with_its_workstation() {
    let hospital = Hospital::with_patients();
    hospital.station.sync_start().unwrap();
    let weak = Arc::downgrade(&hospital.station);
    drop(hospital);
    // What it was just looking at it looks at to the end.
    let begun = Instant::now();
    while weak.strong_count() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "the engine holds the workstation");
        sleep(Duration::from_millis(10));
    }
}
