//! Calls that no page makes: each refusal is one entry of the log, also where no use case is reached.

use vigil_model::Section;
use vigil_workstation::view::{PlaceUpdateRequest, SectionRestReadRequest, UserPasswordChangeRequest};
use vigil_workstation::{AppError, ErrorCode, Role, Workstation};

use crate::hospital::{Hospital, PASSWORD, new_user};

type Call = fn(&Workstation) -> Result<(), AppError>;

const CALLS: [Call; 10] = [
    |station| station.session_place_read().map(drop),
    |station| station.session_place_update(PlaceUpdateRequest { place: "/home".to_owned() }),
    |station| {
        let request = SectionRestReadRequest { patient_id: "p1".to_owned(), section: Section::Timeline };
        station.section_rest_read(request).map(drop)
    },
    |station| {
        let request =
            UserPasswordChangeRequest { current: PASSWORD.to_owned(), password: "marble-evening-47".to_owned() };
        station.user_password_change(request).map(drop)
    },
    |station| station.import_progress_read().map(drop),
    |station| station.import_cancel(),
    |station| station.import_may_choose(),
    |station| station.save_may_choose(),
    |station| station.session_enter().map(drop),
    |station| station.administrator_create(Hospital::first_administrator_request()).map(drop),
];

#[test]
fn a_call_that_is_refused_before_any_use_case_leaves_one_entry() {
    let hospital = Hospital::with_patients();
    for (state, begin) in [
        ("nobody is signed in", (|_| {}) as fn(&Hospital)),
        ("it is locked", |hospital| {
            hospital.sign_in("okafor");
            hospital.station.session_lock().unwrap();
        }),
    ] {
        begin(&hospital);
        for (at, call) in CALLS.iter().enumerate() {
            let before = entries(&hospital);
            let refusal = call(&hospital.station).unwrap_err();
            let expected = [ErrorCode::NotSignedIn, ErrorCode::Locked, ErrorCode::Forbidden];
            assert!(expected.contains(&refusal.code), "call {at} while {state}: {refusal}");
            // That it was looked for is an entry too.
            assert_eq!(entries(&hospital) - before, 2, "call {at} while {state} leaves one entry");
        }
    }
}

#[test]
fn whoever_may_not_use_the_answer_is_asked_for_no_file() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    hospital.station.user_create(new_user("ng", Role::Billing)).unwrap();
    // Who prints saves what they would print.
    hospital.sign_in("okafor");
    hospital.station.save_may_choose().unwrap();
    hospital.sign_in("ng");
    assert_eq!(hospital.station.import_may_choose().unwrap_err().code, ErrorCode::Forbidden);
    assert_eq!(hospital.station.save_may_choose().unwrap_err().code, ErrorCode::Forbidden);
    assert_eq!(hospital.station.import_progress_read().err().unwrap().code, ErrorCode::Forbidden);
    hospital.sign_in("weiss");
    hospital.station.save_may_choose().unwrap();
    hospital.sign_in("admin");
    hospital.station.save_may_choose().unwrap();
    hospital.station.import_may_choose().unwrap();
    hospital.sign_out();
    hospital.sign_in("weiss");
    let mut log = Vec::new();
    hospital.station.audit_export(&mut log).unwrap();
    let log = String::from_utf8(log).unwrap();
    assert!(log.contains("command=save_choose"), "the log says what was called");
}

fn entries(hospital: &Hospital) -> u32 {
    hospital.station.audit_verify_unattended().unwrap().entries
}
