//! The emergency account: two halves, two persons, an alarm, and sealing it anew.

use std::time::Duration;

use vigil_model::OverrideReason;
use vigil_workstation::view::{
    ChartReadRequest, EmergencyAccessCreateRequest, EmergencyAccountMakeRequest, EmergencyAccountSealRequest,
    EmergencyHalfSaveRequest, EmergencySessionCreateRequest, SessionCreateRequest, SessionUnlockRequest, SessionView,
    Stage, UserPasswordResetRequest,
};
use vigil_workstation::{AppError, ErrorCode};

use crate::hospital::{Hospital, PASSWORD};

/// What stands on the two papers.
struct Papers([String; 2]);

/// An administrator seals the account; what the papers say is read from them as their holders would.
fn seal(hospital: &Hospital) -> Papers {
    hospital.sign_in("admin");
    let holders = vec!["Ward 4 East, charge nurse".to_owned(), "Pharmacy, night".to_owned()];
    let draft = hospital.station.emergency_account_make(EmergencyAccountMakeRequest { holders }).unwrap();
    let mut halves = Vec::new();
    for half in [1, 2] {
        let file = hospital.folder.path().join(format!("half-{half}-{}.pdf", uuid::Uuid::now_v7()));
        let path = file.to_str().unwrap().to_owned();
        hospital.station.emergency_half_save(EmergencyHalfSaveRequest { half, path }).unwrap();
        halves.push(printed(&std::fs::read(&file).unwrap()));
    }
    let group = |half: usize| halves[half].split('-').nth(draft.ask[half] as usize - 1).unwrap().to_owned();
    let wrong = EmergencyAccountSealRequest { groups: vec![group(0), "XXXX".to_owned()] };
    let refused = hospital.station.emergency_account_seal(wrong).err().unwrap();
    assert!(refused.message.contains("half 2"), "{}", refused.message);
    let right = EmergencyAccountSealRequest { groups: vec![group(0).to_lowercase(), group(1)] };
    hospital.station.emergency_account_seal(right).unwrap();
    hospital.sign_out();
    Papers(halves.try_into().unwrap())
}

/// The groups of a paper: its only text in Courier, two groups a line.
fn printed(pdf: &[u8]) -> String {
    let text = String::from_utf8_lossy(pdf);
    let lines = text.split("/F3 17 Tf").skip(1);
    let groups: Vec<&str> =
        lines.filter_map(|line| line.split_once('(')?.1.split_once(')').map(|(text, _)| text)).collect();
    groups.join("-")
}

fn open(hospital: &Hospital, one: &str, two: &str) -> Result<SessionView, AppError> {
    hospital.station.emergency_session_create(EmergencySessionCreateRequest {
        half_one: one.to_owned(),
        half_two: two.to_owned(),
        reason: OverrideReason::EmergencyTreatment,
        justification: "The directory is down and the ward is full.".to_owned(),
        persons: "J. Doe and M. Roe".to_owned(),
    })
}

fn entries(hospital: &Hospital) -> String {
    let file = hospital.folder.path().join("log.ndjson");
    let mut out = std::fs::File::create(&file).unwrap();
    hospital.sign_in("weiss");
    hospital.station.audit_export(&mut out).unwrap();
    hospital.sign_out();
    std::fs::read_to_string(file).unwrap()
}

#[test]
fn two_halves_open_it_with_an_alarm_and_it_has_to_be_sealed_anew() {
    let hospital = Hospital::with_patients();
    let Papers([one, two]) = seal(&hospital);
    assert_eq!(one.split('-').count(), 6, "six groups: {one}");
    let view = open(&hospital, &one.to_lowercase(), &two.replace('-', " ")).unwrap();
    assert_eq!(view.stage, Stage::Unlocked);
    assert!(view.user.unwrap().emergency_account);
    let chart = |id: &str| hospital.station.chart_read(ChartReadRequest { patient_id: id.to_owned() });
    assert!(chart("p1").is_ok(), "it treats");

    hospital.station.session_lock().unwrap();
    let unlock = |password: String| hospital.station.session_unlock(SessionUnlockRequest { password, proof: None });
    assert_eq!(unlock(one.clone()).err().unwrap().code, ErrorCode::WrongPassword, "one half unlocks nothing");
    hospital.clock.pass(Duration::from_secs(2));
    unlock(format!("{one} {two}")).unwrap();
    let glass = |password: String| EmergencyAccessCreateRequest {
        patient_id: "p3".to_owned(),
        reason: OverrideReason::EmergencyTreatment,
        justification: "Found unconscious on the ward.".to_owned(),
        password,
        proof: None,
    };
    hospital.station.emergency_access_create(glass(format!("{one}{two}"))).unwrap();
    assert!(chart("p3").is_ok(), "and breaks the glass with both halves");
    hospital.sign_out();

    let log = entries(&hospital);
    let alarm = log.lines().find(|line| line.contains("critical user=")).unwrap();
    assert!(alarm.contains("110113") && alarm.contains("110127"), "a security alert, an override (DICOM): {alarm}");
    let reads: Vec<&str> = log.lines().filter(|line| line.contains("IHE.BasicAudit.PatientRead")).collect();
    assert!(!reads.is_empty() && reads.iter().all(|line| line.contains("ETREAT")), "all is emergency treatment");

    let used = hospital.sign_in("weiss").emergency_account_used;
    assert!(used.is_some(), "the privacy officer is told");
    let used = hospital.sign_in("admin").emergency_account_used;
    assert!(used.is_some(), "and the administrator");
    hospital.sign_out();
    let fresh = seal(&hospital);
    assert_eq!(
        open(&hospital, &one, &two).err().unwrap().code,
        ErrorCode::WrongPassword,
        "the old halves open nothing"
    );
    hospital.clock.pass(Duration::from_secs(2));
    assert_eq!(hospital.sign_in("admin").emergency_account_used, None, "it is seen to");
    hospital.sign_out();
    open(&hospital, &fresh.0[0], &fresh.0[1]).unwrap();
}

#[test]
fn it_opens_by_its_own_door_alone_and_for_one_day() {
    let hospital = Hospital::with_patients();
    assert_eq!(open(&hospital, "A", "B").err().unwrap().code, ErrorCode::NotFound, "none is sealed");
    let Papers([one, two]) = seal(&hospital);
    let ordinary = SessionCreateRequest {
        username: "emergency account".to_owned(),
        password: format!("{one} {two}"),
        proof: None,
        despite_refusal: None,
    };
    assert_eq!(
        hospital.station.session_create(ordinary).err().unwrap().code,
        ErrorCode::WrongPassword,
        "no alarm, no way in"
    );
    hospital.clock.pass(Duration::from_secs(2));
    assert_eq!(open(&hospital, &two, &one).err().unwrap().code, ErrorCode::Invalid, "each paper knows which it is");
    open(&hospital, &one, &two).unwrap();
    hospital.sign_out();
    hospital.clock.pass(Duration::from_secs(24 * 3600 - 60));
    open(&hospital, &one, &two).unwrap();
    hospital.sign_out();
    hospital.clock.pass(Duration::from_secs(60));
    assert_eq!(open(&hospital, &one, &two).err().unwrap().code, ErrorCode::Forbidden, "a day after the first use");
}

#[test]
fn nobody_gives_it_a_password_and_a_lock_forgets_halves_that_wait() {
    let hospital = Hospital::with_patients();
    seal(&hospital);
    hospital.sign_in("admin");
    let account = hospital.station.user_search().unwrap().into_iter().find(|user| user.emergency_account).unwrap();
    let reset = UserPasswordResetRequest { user_id: account.id, password: "another sentence to remember".to_owned() };
    assert_eq!(hospital.station.user_password_reset(reset).err().unwrap().code, ErrorCode::Invalid);
    let holders = vec!["First".to_owned(), "first".to_owned()];
    let same = hospital.station.emergency_account_make(EmergencyAccountMakeRequest { holders });
    assert_eq!(same.err().unwrap().code, ErrorCode::Invalid, "one person holds both");
    let holders = vec!["First".to_owned(), "Second".to_owned()];
    hospital.station.emergency_account_make(EmergencyAccountMakeRequest { holders }).unwrap();
    hospital.station.session_lock().unwrap();
    hospital.station.session_unlock(SessionUnlockRequest { password: PASSWORD.to_owned(), proof: None }).unwrap();
    assert!(hospital.station.emergency_account_read().unwrap().draft.is_none(), "gone with the lock");
    hospital.sign_out();
    hospital.sign_in("okafor");
    assert_eq!(hospital.station.emergency_account_read().err().unwrap().code, ErrorCode::Forbidden);
}
