//! Second factors as people use them: enrolling, signing in, what is asked again, and every forced way.

use std::time::Duration;

use vigil_model::OverrideReason;
use vigil_workstation::view::{
    ChartReadRequest, ChartShowRequest, DestructionDecideRequest, DestructionRequest, EmergencyAccessCreateRequest,
    FactorCreateRequest, FactorCreatedView, FactorDeleteRequest, FactorProof, FactorVerifyRequest, ImportStartRequest,
    KeyRotateRequest, NoteDraftCreateRequest, NoteDraftUpdateRequest, NoteKind, NoteSignRequest, PatientSearchRequest,
    PlaceUpdateRequest, SessionCreateRequest, SessionReauthenticateRequest, SessionUnlockRequest, SessionView, Stage,
    UserDisableRequest, UserFactorDeleteRequest,
};
use vigil_workstation::{
    AppError, Clock as _, DestructionReason, ErrorCode, FactorKind, ManagedPolicy, Purpose, Role, SignInPolicy,
};

use crate::hospital::{Hospital, PASSWORD, new_user};

const MINUTE: Duration = Duration::from_secs(60);
const STEP: Duration = Duration::from_secs(30);

#[test]
fn whoever_sets_one_up_is_asked_for_it_at_the_next_sign_in() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let app = enrol(&hospital).0;
    hospital.sign_out();
    hospital.clock.pass(STEP);

    let asked = hospital.try_sign_in("okafor", PASSWORD).unwrap();
    assert_eq!(asked.stage, Stage::FactorAsked, "the password alone opens nothing any more");
    assert_nothing_in_reach(&hospital);
    assert_eq!(hospital.station.own_sign_in_read().err().unwrap().code, ErrorCode::NotSignedIn, "nor how one signs in");
    assert_eq!(code(hospital.station.totp_offer()), ErrorCode::NotSignedIn, "nor another factor in place of it");
    assert_eq!(hospital.station.session_enter().unwrap().stage, Stage::FactorAsked, "there is no way past it");
    assert_eq!(code(verify(&hospital, "000000")), ErrorCode::WrongPassword, "a guess");
    let open = verify(&hospital, &app.code(&hospital)).unwrap();
    assert_eq!(open.stage, Stage::Unlocked, "with the code it does");
    assert!(!hospital.search("smithson").is_empty(), "and everything is there");
}

#[test]
fn a_code_is_used_once_also_after_a_restart_and_with_the_clock_set_back() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let app = enrol(&hospital).0;
    hospital.sign_out();
    hospital.clock.pass(STEP);
    let used = app.code(&hospital);
    hospital.try_sign_in("okafor", PASSWORD).unwrap();
    verify(&hospital, &used).unwrap();
    let hospital = hospital.restart();
    hospital.try_sign_in("okafor", PASSWORD).unwrap();
    assert_eq!(code(verify(&hospital, &used)), ErrorCode::WrongPassword, "somebody who looked over the shoulder");
    let next = app.at(&hospital, 1);
    verify(&hospital, &next).unwrap();
    hospital.sign_out();
    hospital.clock.set_wall_back(10 * MINUTE);
    hospital.try_sign_in("okafor", PASSWORD).unwrap();
    assert_eq!(code(verify(&hospital, &app.code(&hospital))), ErrorCode::WrongPassword, "a code of ten minutes ago");
    hospital.clock.pass(11 * MINUTE);
    hospital.try_sign_in("okafor", PASSWORD).unwrap();
    verify(&hospital, &app.code(&hospital)).unwrap();
}

#[test]
fn where_everybody_needs_one_nothing_tells_what_was_wrong() {
    let hospital = required();
    let app = hospital_enrols(&hospital, "okafor");
    hospital.clock.pass(STEP);
    let right = || Some(FactorProof::Code { code: app.code(&hospital) });
    let wrong = || Some(FactorProof::Code { code: "000000".to_owned() });
    let answers =
        [sign_in(&hospital, "okafor", "not the password", right()), sign_in(&hospital, "okafor", PASSWORD, wrong())];
    // Fewer than three at a time, or the wait tells the same to all.
    hospital.clock.pass(20 * MINUTE);
    let more = [sign_in(&hospital, "okafor", PASSWORD, None), sign_in(&hospital, "nobody", PASSWORD, right())];
    let said: Vec<AppError> = answers.into_iter().chain(more).map(|answer| answer.err().unwrap()).collect();
    assert!(said.iter().all(|error| *error == said[0]), "one answer to all: {said:?}");
    assert_eq!(said[0].code, ErrorCode::WrongPassword, "which is no");
    hospital.clock.pass(20 * MINUTE);
    assert_eq!(sign_in(&hospital, "okafor", PASSWORD, right()).unwrap().stage, Stage::Unlocked, "both in one go");
}

#[test]
fn wrong_codes_are_slowed_down_as_wrong_passwords_are() {
    let hospital = required();
    let app = hospital_enrols(&hospital, "okafor");
    for _ in 0..3 {
        let wrong = sign_in(&hospital, "okafor", PASSWORD, Some(FactorProof::Code { code: "000000".to_owned() }));
        assert_eq!(code(wrong), ErrorCode::WrongPassword, "free");
    }
    hospital.clock.pass(Duration::from_secs(1));
    let right = Some(FactorProof::Code { code: app.at(&hospital, 1) });
    assert_eq!(
        code(sign_in(&hospital, "okafor", PASSWORD, right)),
        ErrorCode::RefusedForNow,
        "the right one waits too"
    );
    hospital.clock.pass(STEP);
    let right = Some(FactorProof::Code { code: app.at(&hospital, 1) });
    assert_eq!(sign_in(&hospital, "okafor", PASSWORD, right).unwrap().stage, Stage::Unlocked, "after the wait");
}

#[test]
fn whoever_needs_one_and_has_none_sets_it_up_before_anything_else() {
    let hospital = required();
    let led = sign_in(&hospital, "okafor", PASSWORD, None).unwrap();
    assert_eq!(led.stage, Stage::FactorEnrolment, "right after the password");
    assert_nothing_in_reach(&hospital);
    assert_eq!(hospital.station.session_enter().unwrap().stage, Stage::FactorEnrolment, "there is no way past it");
    let offer = hospital.station.totp_offer().unwrap();
    let app = App::scan(&offer.text);
    let mistyped = hospital.station.factor_create(FactorCreateRequest { code: "000000".to_owned() });
    assert_eq!(code(mistyped), ErrorCode::Invalid, "the first code shows that the app took it");
    let made = hospital.station.factor_create(FactorCreateRequest { code: app.code(&hospital) }).unwrap();
    assert_eq!((made.factor.kind, made.codes.len()), (FactorKind::Totp, 10), "with recovery codes");
    assert_eq!(hospital.station.session_read().unwrap().stage, Stage::FactorEnrolment, "which are on the screen");
    assert_nothing_in_reach(&hospital);
    assert_eq!(hospital.station.session_enter().unwrap().stage, Stage::Unlocked, "written down: in");
    assert!(!hospital.search("smithson").is_empty(), "and at work");
}

#[test]
fn the_way_in_is_open_for_a_quarter_of_an_hour_and_a_lock_ends_it() {
    let hospital = required();
    sign_in(&hospital, "okafor", PASSWORD, None).unwrap();
    hospital.clock.pass(15 * MINUTE);
    hospital.station.tick();
    assert_eq!(hospital.station.session_read().unwrap().stage, Stage::SignedOut, "too long");
    assert_eq!(code(hospital.station.totp_offer()), ErrorCode::NotSignedIn, "nobody is there");
    sign_in(&hospital, "okafor", PASSWORD, None).unwrap();
    hospital.station.totp_offer().unwrap();
    hospital.station.session_lock().unwrap();
    assert_eq!(hospital.station.session_read().unwrap().stage, Stage::SignedOut, "the system locked");
    sign_in(&hospital, "lund", PASSWORD, None).unwrap();
    let stale = hospital.station.factor_create(FactorCreateRequest { code: "123456".to_owned() });
    assert_eq!(code(stale), ErrorCode::Invalid, "the secret that another one was shown is nobody's");
}

#[test]
fn a_recovery_code_opens_once_and_new_ones_void_the_old() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let (_, made) = enrol(&hospital);
    let recover = |code: &str| {
        hospital.try_sign_in("okafor", PASSWORD)?;
        let proof = FactorProof::RecoveryCode { code: code.to_owned() };
        hospital.station.factor_verify(FactorVerifyRequest { proof })
    };
    hospital.sign_out();
    assert_eq!(recover(&made.codes[0].to_lowercase()).unwrap().stage, Stage::Unlocked, "as people type it");
    assert_eq!(hospital.station.own_sign_in_read().unwrap().recovery_codes_left, 9, "and the number goes down");
    hospital.sign_out();
    assert_eq!(code(recover(&made.codes[0])), ErrorCode::WrongPassword, "once");
    assert_eq!(recover(&made.codes[1]).unwrap().stage, Stage::Unlocked, "another one does");
    let renewed = hospital.station.recovery_code_create().unwrap();
    assert_eq!(renewed.codes.len(), 10, "made anew");
    hospital.sign_out();
    assert_eq!(code(recover(&made.codes[2])), ErrorCode::WrongPassword, "the old are void");
    assert_eq!(recover(&renewed.codes[0]).unwrap().stage, Stage::Unlocked, "the new are not");
}

#[test]
fn an_administrators_acts_ask_for_both_again_after_five_minutes() {
    let hospital = required();
    let admin = hospital_enrols(&hospital, "admin");
    hospital.clock.pass(STEP);
    sign_in(&hospital, "admin", PASSWORD, Some(FactorProof::Code { code: admin.code(&hospital) })).unwrap();
    hospital.station.user_create(new_user("first", Role::Nurse)).unwrap();
    hospital.clock.pass(5 * MINUTE);
    hospital.station.input();
    let stale = hospital.station.user_create(new_user("second", Role::Nurse));
    assert_eq!(code(stale), ErrorCode::ReauthenticationNeeded, "the sign-in was a while ago");
    let id = hospital.station.user_named("first").unwrap().id;
    let close = || hospital.station.user_disable(UserDisableRequest { id: id.clone() });
    assert_eq!(code(close()), ErrorCode::ReauthenticationNeeded, "closing an account");
    let open = hospital.station.user_enable(UserDisableRequest { id: id.clone() });
    assert_eq!(code(open), ErrorCode::ReauthenticationNeeded, "opening one");
    let replace = || hospital.station.key_rotate(KeyRotateRequest { key: "directory".to_owned() });
    assert_eq!(code(replace()), ErrorCode::ReauthenticationNeeded, "replacing a key");
    let ask = DestructionRequest {
        patient_id: "p1".to_owned(),
        resource: None,
        reason: DestructionReason::LegalOrder,
        words: "Order of the court, file 4711".to_owned(),
    };
    let asked = hospital.station.patient_destruction_request(ask);
    assert_eq!(code(asked), ErrorCode::ReauthenticationNeeded, "asking for a destruction");
    let agree = DestructionDecideRequest { id: 1, patient_id: "p1".to_owned() };
    let agreed = hospital.station.patient_destruction_approve(agree);
    assert_eq!(code(agreed), ErrorCode::ReauthenticationNeeded, "agreeing to one");
    let again = |password: &str, proof| {
        let purpose = Purpose::Administration;
        let request = SessionReauthenticateRequest { purpose, password: password.to_owned(), proof };
        hospital.station.session_reauthenticate(request)
    };
    let wrong = Some(FactorProof::Code { code: "000000".to_owned() });
    assert_eq!(code(again(PASSWORD, wrong)), ErrorCode::WrongPassword, "a wrong code");
    assert_eq!(code(again(PASSWORD, None)), ErrorCode::WrongPassword, "the password alone");
    let right = |hospital: &Hospital| Some(FactorProof::Code { code: admin.code(hospital) });
    hospital.clock.pass(STEP);
    assert_eq!(code(again("not the password", right(&hospital))), ErrorCode::WrongPassword, "the code alone");
    hospital.clock.pass(20 * MINUTE - STEP);
    unlock(&hospital, None).unwrap();
    assert_eq!(
        code(hospital.station.user_create(new_user("second", Role::Nurse))),
        ErrorCode::ReauthenticationNeeded,
        "an unlock by the password alone is none"
    );
    again(PASSWORD, right(&hospital)).unwrap();
    hospital.station.user_create(new_user("second", Role::Nurse)).unwrap();
    assert!(close().unwrap().disabled, "closed now");
    replace().unwrap();
    hospital.station.session_lock().unwrap();
    unlock(&hospital, None).unwrap();
    assert_eq!(
        code(hospital.station.user_create(new_user("third", Role::Nurse))),
        ErrorCode::ReauthenticationNeeded,
        "a lock ends it"
    );
}

#[test]
fn a_role_that_may_not_is_told_so_and_is_asked_for_nothing() {
    let hospital = required();
    let app = hospital_enrols(&hospital, "okafor");
    hospital.clock.pass(STEP);
    sign_in(&hospital, "okafor", PASSWORD, Some(FactorProof::Code { code: app.code(&hospital) })).unwrap();
    hospital.clock.pass(6 * MINUTE);
    hospital.station.input();
    assert_eq!(code(hospital.station.user_create(new_user("x1", Role::Nurse))), ErrorCode::Forbidden, "no");
}

#[test]
fn an_administrator_removes_it_and_its_owner_is_led_to_set_it_up_again() {
    let hospital = required();
    hospital_enrols(&hospital, "okafor");
    let admin = hospital_enrols(&hospital, "admin");
    hospital.clock.pass(STEP);
    sign_in(&hospital, "admin", PASSWORD, Some(FactorProof::Code { code: admin.code(&hospital) })).unwrap();
    let users = hospital.station.user_search().unwrap();
    let okafor = users.iter().find(|user| user.username == "okafor").unwrap();
    assert_eq!(okafor.factors, [FactorKind::Totp], "the list of users says who has one");
    let own = users.iter().find(|user| user.username == "admin").unwrap().id.clone();
    let remove =
        |user_id: &str| hospital.station.user_factor_delete(UserFactorDeleteRequest { user_id: user_id.to_owned() });
    assert_eq!(code(remove(&own)), ErrorCode::Invalid, "not one's own by this way");
    remove(&okafor.id).unwrap();
    let led = sign_in(&hospital, "okafor", PASSWORD, None).unwrap();
    assert_eq!(led.stage, Stage::FactorEnrolment, "anew");
    assert_eq!(code(remove(&okafor.id)), ErrorCode::NotSignedIn, "and the administrator is out");
    assert!(hospital.station.audit_verify_unattended().unwrap().intact, "all on record");
}

#[test]
fn the_last_one_stays_where_one_is_needed_and_goes_where_it_is_not() {
    let hospital = required();
    let app = hospital_enrols(&hospital, "lund");
    hospital.clock.pass(STEP);
    sign_in(&hospital, "lund", PASSWORD, Some(FactorProof::Code { code: app.code(&hospital) })).unwrap();
    let own = hospital.station.own_sign_in_read().unwrap();
    assert!(own.required && own.factors.len() == 1, "one, and needed");
    let delete = |hospital: &Hospital, id| hospital.station.factor_delete(FactorDeleteRequest { id });
    assert_eq!(code(delete(&hospital, own.factors[0].id)), ErrorCode::Invalid, "it stays");

    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    enrol(&hospital);
    let own = hospital.station.own_sign_in_read().unwrap();
    delete(&hospital, own.factors[0].id).unwrap();
    assert_eq!(hospital.station.own_sign_in_read().unwrap().recovery_codes_left, 0, "its codes go with it");
    hospital.sign_out();
    assert_eq!(hospital.sign_in("okafor").stage, Stage::Unlocked, "and it is not asked for");
}

#[test]
fn changing_how_one_signs_in_asks_for_a_fresh_authentication() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    hospital.clock.pass(5 * MINUTE);
    hospital.station.input();
    assert_eq!(code(hospital.station.totp_offer()), ErrorCode::ReauthenticationNeeded, "a while ago");
    let again = |proof| {
        let request =
            SessionReauthenticateRequest { purpose: Purpose::OwnSignIn, password: PASSWORD.to_owned(), proof };
        hospital.station.session_reauthenticate(request)
    };
    again(None).unwrap();
    let app = enrol(&hospital).0;
    hospital.clock.pass(5 * MINUTE);
    hospital.station.input();
    assert_eq!(code(hospital.station.recovery_code_create()), ErrorCode::ReauthenticationNeeded, "again a while ago");
    assert_eq!(code(again(None)), ErrorCode::WrongPassword, "whoever has a factor shows it");
    again(Some(FactorProof::Code { code: app.code(&hospital) })).unwrap();
    hospital.station.recovery_code_create().unwrap();
}

#[test]
fn breaking_the_glass_takes_both_where_the_policy_says_so() {
    let sign_in_policy = SignInPolicy { second_factor_for_break_glass: Some(true), ..SignInPolicy::default() };
    let hospital = Hospital::with_patients().under(prescribed(sign_in_policy));
    let app = hospital_enrols(&hospital, "okafor");
    hospital.clock.pass(STEP);
    hospital.try_sign_in("okafor", PASSWORD).unwrap();
    verify(&hospital, &app.code(&hospital)).unwrap();
    let break_glass = |password: &str, proof| {
        hospital.station.emergency_access_create(EmergencyAccessCreateRequest {
            patient_id: "p3".to_owned(),
            reason: OverrideReason::UnableToConsent,
            justification: "Found unconscious in the waiting room".to_owned(),
            password: password.to_owned(),
            proof,
        })
    };
    assert_eq!(code(break_glass(PASSWORD, None)), ErrorCode::WrongPassword, "the password alone");
    hospital.clock.pass(STEP);
    let right = Some(FactorProof::Code { code: app.code(&hospital) });
    assert_eq!(code(break_glass("not the password", right)), ErrorCode::WrongPassword, "the code alone");
    let right = Some(FactorProof::Code { code: app.code(&hospital) });
    assert!(break_glass(PASSWORD, right).is_ok(), "both; and the refused attempt did not use the code up");
    assert_eq!(hospital.sign_in("lund").stage, Stage::Unlocked, "the front desk breaks no glass and needs none");
}

#[test]
fn a_signature_takes_both_where_the_policy_says_so() {
    let sign_in_policy = SignInPolicy { second_factor_for_signing: Some(true), ..SignInPolicy::default() };
    let hospital = Hospital::with_patients().under(prescribed(sign_in_policy));
    let app = hospital_enrols(&hospital, "okafor");
    hospital.clock.pass(STEP);
    hospital.try_sign_in("okafor", PASSWORD).unwrap();
    verify(&hospital, &app.code(&hospital)).unwrap();
    let patient = || "p1".to_owned();
    hospital.station.chart_read(ChartReadRequest { patient_id: patient() }).unwrap();
    hospital.station.chart_show(ChartShowRequest { patient_id: Some(patient()) }).unwrap();
    let (kind, follows) = (NoteKind::Progress, None);
    let begun = NoteDraftCreateRequest { patient_id: patient(), chart_on_screen: patient(), kind, follows };
    let draft = hospital.station.note_draft_create(begun).unwrap();
    let mut sections = draft.sections.clone();
    "Better".clone_into(&mut sections[0].text);
    let typed = NoteDraftUpdateRequest {
        patient_id: patient(),
        chart_on_screen: patient(),
        id: draft.id.clone(),
        version: 1,
        sections,
    };
    let version = hospital.station.note_draft_update(typed).unwrap().version;
    let sign = || {
        hospital.station.note_sign(NoteSignRequest {
            patient_id: patient(),
            chart_on_screen: patient(),
            id: draft.id.clone(),
            version,
            cosigner: None,
            encounter: None,
        })
    };
    let again = |proof| {
        let request = SessionReauthenticateRequest { purpose: Purpose::Signing, password: PASSWORD.to_owned(), proof };
        hospital.station.session_reauthenticate(request)
    };
    assert_eq!(code(sign()), ErrorCode::ReauthenticationNeeded, "the sign-in a moment ago is none");
    assert_eq!(code(again(None)), ErrorCode::WrongPassword, "the password alone");
    hospital.clock.pass(STEP);
    again(Some(FactorProof::Code { code: app.code(&hospital) })).unwrap();
    sign().unwrap();
}

#[test]
fn within_the_sessions_hours_the_password_unlocks_and_after_them_it_takes_both() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let app = enrol(&hospital).0;
    hospital.station.session_place_update(PlaceUpdateRequest { place: "chart/p1".to_owned() }).unwrap();
    hospital.station.session_lock().unwrap();
    assert!(!hospital.station.session_read().unwrap().factor_at_unlock, "a lock is no new sign-in");
    unlock(&hospital, None).unwrap();
    for _ in 0..12 * 6 - 1 {
        hospital.clock.pass(10 * MINUTE);
        hospital.station.input();
    }
    assert_eq!(hospital.station.session_read().unwrap().stage, Stage::Unlocked, "11:50, and never idle");
    hospital.clock.pass(10 * MINUTE);
    hospital.station.tick();
    let locked = hospital.station.session_read().unwrap();
    assert_eq!((locked.stage, locked.factor_at_unlock), (Stage::Locked, true), "12:00 locks, whatever goes on");
    assert_eq!(code(unlock(&hospital, None)), ErrorCode::WrongPassword, "the password alone is not enough any more");
    unlock(&hospital, Some(FactorProof::Code { code: app.code(&hospital) })).unwrap();
    let place = hospital.station.session_place_read().unwrap();
    assert_eq!(place.as_deref(), Some("chart/p1"), "both are, and the place is as it was");
    hospital.clock.pass(11 * MINUTE);
    hospital.station.session_lock().unwrap();
    unlock(&hospital, None).unwrap();
}

#[test]
fn the_policy_may_ask_for_more_at_an_unlock_and_for_shorter_sessions() {
    let policy =
        SignInPolicy { second_factor_for_unlock: Some(true), session_hours: Some(1), ..SignInPolicy::default() };
    let hospital = Hospital::with_patients().under(prescribed(policy));
    hospital.sign_in("okafor");
    let app = enrol(&hospital).0;
    hospital.station.session_lock().unwrap();
    assert_eq!(code(unlock(&hospital, None)), ErrorCode::WrongPassword, "both at each unlock");
    hospital.clock.pass(STEP);
    unlock(&hospital, Some(FactorProof::Code { code: app.code(&hospital) })).unwrap();
    for _ in 0..6 {
        hospital.clock.pass(10 * MINUTE);
        hospital.station.input();
    }
    assert_eq!(hospital.station.session_read().unwrap().stage, Stage::Locked, "an hour");
}

#[test]
fn a_password_that_others_would_try_first_is_refused_for_a_new_user() {
    let hospital = Hospital::bare();
    hospital.first_administrator();
    for bad in ["short", "iloveyou1234567", "we are at st. elsewhere", "nurse01 nurse01 ward"] {
        let mut user = new_user("nurse01", Role::Nurse);
        bad.clone_into(&mut user.password);
        assert_eq!(code(hospital.station.user_create(user)), ErrorCode::Invalid, "{bad}");
    }
    hospital.station.user_create(new_user("nurse01", Role::Nurse)).unwrap();
}

/// A hospital where everything needs a second factor, as one with real patients.
fn required() -> Hospital {
    let yes = Some(true);
    let sign_in = SignInPolicy {
        second_factor_for_sign_in: yes,
        second_factor_for_break_glass: yes,
        second_factor_for_signing: yes,
        second_factor_for_administration: yes,
        ..SignInPolicy::default()
    };
    Hospital::with_patients().under(prescribed(sign_in))
}

fn prescribed(sign_in: SignInPolicy) -> ManagedPolicy {
    let mut policy = ManagedPolicy::default();
    policy.sign_in = sign_in;
    policy
}

/// Signs a user in for the first time, enrols an authenticator on the way, and signs out.
fn hospital_enrols(hospital: &Hospital, username: &str) -> App {
    let led = sign_in(hospital, username, PASSWORD, None).unwrap();
    assert_eq!(led.stage, Stage::FactorEnrolment, "{username} needs one");
    let app = enrol(hospital).0;
    hospital.station.session_enter().unwrap();
    hospital.sign_out();
    app
}

fn enrol(hospital: &Hospital) -> (App, FactorCreatedView) {
    let app = App::scan(&hospital.station.totp_offer().unwrap().text);
    let made = hospital.station.factor_create(FactorCreateRequest { code: app.code(hospital) }).unwrap();
    (app, made)
}

fn sign_in(
    hospital: &Hospital,
    username: &str,
    password: &str,
    proof: Option<FactorProof>,
) -> Result<SessionView, AppError> {
    let (username, password) = (username.to_owned(), password.to_owned());
    hospital.station.session_create(SessionCreateRequest { username, password, proof, despite_refusal: None })
}

fn verify(hospital: &Hospital, code: &str) -> Result<SessionView, AppError> {
    let proof = FactorProof::Code { code: code.to_owned() };
    hospital.station.factor_verify(FactorVerifyRequest { proof })
}

fn unlock(hospital: &Hospital, proof: Option<FactorProof>) -> Result<SessionView, AppError> {
    hospital.station.session_unlock(SessionUnlockRequest { password: PASSWORD.to_owned(), proof })
}

/// Whoever is on the way in reaches nothing, by no call.
fn assert_nothing_in_reach(hospital: &Hospital) {
    let station = &hospital.station;
    assert_eq!(
        code(station.patient_search(PatientSearchRequest { text: "smith".to_owned() })),
        ErrorCode::NotSignedIn,
        "no patients"
    );
    assert_eq!(code(station.user_search()), ErrorCode::NotSignedIn, "no users");
    assert_eq!(
        code(station.user_create(new_user("friend", Role::Administrator))),
        ErrorCode::NotSignedIn,
        "no new ones"
    );
    let import = ImportStartRequest { paths: vec!["x".to_owned()] };
    assert_eq!(code(station.import_run(import)), ErrorCode::NotSignedIn, "no import");
    assert_eq!(
        code(station.session_place_update(PlaceUpdateRequest { place: "x".to_owned() })),
        ErrorCode::NotSignedIn,
        "no place"
    );
    assert_eq!(
        code(station.session_unlock(SessionUnlockRequest { password: PASSWORD.to_owned(), proof: None })),
        ErrorCode::NotSignedIn,
        "no way round by an unlock"
    );
    let reauthenticate =
        SessionReauthenticateRequest { purpose: Purpose::Administration, password: PASSWORD.to_owned(), proof: None };
    assert_eq!(
        code(station.session_reauthenticate(reauthenticate)),
        ErrorCode::NotSignedIn,
        "nor by authenticating again"
    );
    assert_eq!(code(station.session_place_read()), ErrorCode::NotSignedIn, "nor where anybody was");
    let view = station.session_read().unwrap();
    assert!(!view.may.search_patients && !view.may.administer_users, "and the page offers nothing");
}

/// An authenticator app, as somebody else makes them.
struct App(totp_rs::Totp);

impl App {
    fn scan(text: &str) -> Self {
        let plain: String = text.chars().filter(|letter| *letter != ' ').collect();
        let secret = totp_rs::Secret::try_from_base32(plain).unwrap();
        Self(totp_rs::Builder::new().with_secret(secret).build().unwrap())
    }

    fn code(&self, hospital: &Hospital) -> String {
        self.at(hospital, 0)
    }

    /// The code of so many half-minutes later.
    fn at(&self, hospital: &Hospital, steps: u64) -> String {
        let now = hospital.clock.now().utc.timestamp().unsigned_abs();
        self.0.generate(now + 30 * steps).to_string()
    }
}

fn code<T>(answer: Result<T, AppError>) -> ErrorCode {
    answer.err().expect("a refusal").code
}
