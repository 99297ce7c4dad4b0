//! Whom a user treats: what is known of it, what it opens and closes, and the lists that are made of it.

use std::time::Duration;

use vigil_model::{OverrideReason, Section};
use vigil_workstation::view::{
    ChartReadRequest, ClosedBecause, EmergencyAccessCreateRequest, EmergencyOfferReadRequest, SectionReadRequest,
    UserUpdateRequest, Worklist, WorklistSearchRequest, WorklistView,
};
use vigil_workstation::{AppError, ErrorCode, Role};

use crate::hospital::{Hospital, PASSWORD, new_user};

/// The clock stands at 21-Nov-2026 10:42 UTC. p1 lies on a ward under d1, p2 is nobody's, p4 is a VIP, p5 comes today.
const CARE: &str = r#"{
  "resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "Practitioner", "id": "d1", "name": [{"family": "Okafor", "given": ["Ada"], "prefix": ["Dr"]}]}},
    {"resource": {"resourceType": "Location", "id": "w4", "name": "Ward 4 East"}},
    {"resource": {"resourceType": "Patient", "id": "p4", "name": [{"family": "Star"}], "birthDate": "1960-01-01",
      "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "VIP"}]}}},
    {"resource": {"resourceType": "Patient", "id": "p5", "name": [{"family": "Today"}], "birthDate": "1980-01-01"}},
    {"resource": {"resourceType": "Encounter", "id": "e1", "status": "in-progress", "class": {"code": "IMP"},
      "subject": {"reference": "Patient/p1"}, "participant": [{"individual": {"reference": "Practitioner/d1"}}],
      "location": [{"location": {"reference": "Location/w4"}}], "period": {"start": "2026-11-18T08:00:00Z"}}},
    {"resource": {"resourceType": "Encounter", "id": "e2", "status": "finished", "class": {"code": "AMB"},
      "subject": {"reference": "Patient/p2"}, "participant": [{"individual": {"reference": "Practitioner/d1"}}],
      "period": {"start": "2026-01-18T08:00:00Z", "end": "2026-01-18T08:30:00Z"}}},
    {"resource": {"resourceType": "Encounter", "id": "e3", "status": "in-progress", "class": {"code": "IMP"},
      "subject": {"reference": "Patient/p3"}, "participant": [{"individual": {"reference": "Practitioner/d1", "display": "Dr Secret"}}],
      "location": [{"location": {"reference": "Location/w4"}}], "period": {"start": "2026-11-18T08:00:00Z"}}},
    {"resource": {"resourceType": "Appointment", "id": "a5", "status": "booked", "start": "2026-11-21T15:00:00Z", "end": "2026-11-21T15:20:00Z",
      "participant": [{"actor": {"reference": "Patient/p5"}, "status": "accepted"}, {"actor": {"reference": "Practitioner/d1"}, "status": "accepted"}]}},
    {"resource": {"resourceType": "Claim", "id": "c5", "status": "active", "use": "claim", "patient": {"reference": "Patient/p5"}, "created": "2026-11-20"}},
    {"resource": {"resourceType": "MedicationRequest", "id": "m5", "status": "active", "intent": "order", "subject": {"reference": "Patient/p5"},
      "authoredOn": "2026-11-20", "medicationCodeableConcept": {"text": "x"}}},
    {"resource": {"resourceType": "MedicationRequest", "id": "m6", "status": "active", "intent": "order", "subject": {"reference": "Patient/p5"},
      "authoredOn": "2026-11-19", "medicationCodeableConcept": {"text": "y"}}}
  ]}"#;

fn hospital(practitioner: &str) -> Hospital {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    for (name, role) in [("nightingale", Role::Nurse), ("pill", Role::Pharmacist), ("coin", Role::Billing)] {
        hospital.station.user_create(new_user(name, role)).unwrap();
    }
    assert!(!hospital.import(CARE).failed);
    let okafor = hospital.station.user_named("okafor").unwrap();
    let request = UserUpdateRequest {
        id: okafor.id,
        display_name: okafor.display_name,
        role: okafor.role,
        practitioner: practitioner.to_owned(),
        team_ids: Vec::new(),
    };
    if !practitioner.is_empty() {
        hospital.station.user_update(request).unwrap();
    }
    hospital.sign_out();
    hospital
}

fn chart(hospital: &Hospital, id: &str) -> Result<(), AppError> {
    hospital.station.chart_read(ChartReadRequest { patient_id: id.to_owned() }).map(drop)
}

fn list(hospital: &Hospital, worklist: Worklist) -> Result<WorklistView, AppError> {
    let day = (worklist == Worklist::Schedule).then(|| "2026-11-21".to_owned());
    hospital.station.worklist_search(WorklistSearchRequest { worklist, day })
}

fn break_glass(hospital: &Hospital, id: &str) -> Result<(), AppError> {
    let request = EmergencyAccessCreateRequest {
        patient_id: id.to_owned(),
        reason: OverrideReason::ContinuityOfCare,
        justification: "Covering for a colleague tonight.".to_owned(),
        password: PASSWORD.to_owned(),
        proof: None,
    };
    hospital.station.emergency_access_create(request).map(drop)
}

#[test]
fn a_linked_physician_opens_whom_they_treat_and_breaks_the_glass_for_the_others() {
    let hospital = hospital("Practitioner/d1");
    hospital.sign_in("okafor");
    chart(&hospital, "p1").unwrap();
    chart(&hospital, "p5").unwrap();
    for stranger in ["p2", "p4"] {
        assert_eq!(chart(&hospital, stranger).err().unwrap().code, ErrorCode::Restricted, "{stranger}");
        let request = EmergencyOfferReadRequest { patient_id: stranger.to_owned() };
        let offer = hospital.station.emergency_offer_read(request).unwrap();
        assert_eq!(offer.closed_because, Some(ClosedBecause::NoRelationship), "and why is said");
        break_glass(&hospital, stranger).unwrap();
        chart(&hospital, stranger).unwrap();
        let section = SectionReadRequest { patient_id: stranger.to_owned(), section: Section::Problems };
        hospital.station.section_read(section).unwrap();
    }
    let refused = break_glass(&hospital, "p1").err().unwrap();
    assert_eq!(refused.code, ErrorCode::Forbidden, "there is no glass before one's own patient");
}

#[test]
fn of_whoever_is_not_linked_nothing_is_known_and_only_a_vip_is_closed() {
    let hospital = hospital("");
    hospital.sign_in("okafor");
    for open in ["p1", "p2", "p5"] {
        chart(&hospital, open).unwrap();
    }
    assert_eq!(chart(&hospital, "p4").err().unwrap().code, ErrorCode::Restricted, "a VIP takes a known relationship");
    let panel = list(&hospital, Worklist::Panel).unwrap();
    assert!(!panel.linked && panel.rows.is_empty(), "and nobody's list is guessed");
}

#[test]
fn each_role_has_its_lists_and_no_others() {
    let hospital = hospital("Practitioner/d1");
    hospital.sign_in("okafor");
    let names = |view: &WorklistView| view.rows.iter().map(|row| row.patient.patient_id.clone()).collect::<Vec<_>>();
    let panel = list(&hospital, Worklist::Panel).unwrap();
    assert_eq!(names(&panel), ["p1", "p5"], "who is here first, then who comes");
    assert_eq!(panel.rows[0].what, "In the house: inpatient encounter");
    assert_eq!(panel.rows[0].place, "Ward 4 East", "the place is looked up where the reference does not say it");
    assert_eq!(panel.rows[1].when, "21-Nov-2026 15:00");
    let ward = list(&hospital, Worklist::Ward).unwrap();
    assert_eq!(names(&ward), ["p1", "p3"], "the own first");
    assert!(ward.rows[1].kept_back && ward.rows[1].place.is_empty() && ward.rows[1].with.is_empty(), "restricted");
    assert_eq!(names(&list(&hospital, Worklist::Schedule).unwrap()), ["p5"]);
    let other_day = WorklistSearchRequest { worklist: Worklist::Schedule, day: Some("2026-11-22".to_owned()) };
    assert!(hospital.station.worklist_search(other_day).unwrap().rows.is_empty(), "on its day alone");
    for bad in [None, Some("tomorrow".to_owned()), Some("2026-13-40".to_owned())] {
        let request = WorklistSearchRequest { worklist: Worklist::Schedule, day: bad };
        assert_eq!(hospital.station.worklist_search(request).err().unwrap().code, ErrorCode::Invalid);
    }
    assert_eq!(list(&hospital, Worklist::Claims).err().unwrap().code, ErrorCode::Forbidden);

    let view = hospital.sign_in("pill");
    assert_eq!(view.may.worklists, [Worklist::Prescriptions, Worklist::Ward], "what a pharmacist begins with");
    let prescribed = list(&hospital, Worklist::Prescriptions).unwrap();
    assert_eq!((names(&prescribed), prescribed.rows[0].what.as_str()), (vec!["p5".to_owned()], "2 prescriptions"));
    assert_eq!(hospital.sign_in("nightingale").may.worklists[0], Worklist::Ward);
    hospital.sign_in("coin");
    assert_eq!(list(&hospital, Worklist::Claims).unwrap().rows[0].what, "Claim, active");
    assert_eq!(list(&hospital, Worklist::Panel).err().unwrap().code, ErrorCode::Forbidden);
    assert_eq!(hospital.sign_in("lund").may.worklists, [Worklist::Schedule], "the front desk");
    assert!(hospital.sign_in("admin").may.worklists.is_empty() && hospital.sign_in("weiss").may.worklists.is_empty());
}

/// p2 is referred to d1 and examined by n1, p6 was referred half a year ago; n1 is on duty on ward 4, of which bed 1 is a part, until 14:00 UTC.
const DUTY: &str = r#"{
  "resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "Practitioner", "id": "n1", "name": [{"family": "Nightingale"}]}},
    {"resource": {"resourceType": "Location", "id": "bed-1", "partOf": {"reference": "Location/w4"}}},
    {"resource": {"resourceType": "Location", "id": "w5", "name": "Ward 5"}},
    {"resource": {"resourceType": "Schedule", "id": "s1", "actor": [{"reference": "Practitioner/n1"}, {"reference": "Location/w4"}],
      "planningHorizon": {"start": "2026-11-21T06:00:00Z", "end": "2026-11-21T14:00:00Z"}}},
    {"resource": {"resourceType": "Patient", "id": "p6", "name": [{"family": "Longago"}], "birthDate": "1950-01-01"}},
    {"resource": {"resourceType": "Patient", "id": "p7", "name": [{"family": "Bedone"}], "birthDate": "1951-01-01"}},
    {"resource": {"resourceType": "Patient", "id": "p8", "name": [{"family": "Wardfive"}], "birthDate": "1952-01-01"}},
    {"resource": {"resourceType": "Encounter", "id": "e7", "status": "in-progress", "class": {"code": "IMP"}, "subject": {"reference": "Patient/p7"},
      "location": [{"location": {"reference": "Location/bed-1"}}], "period": {"start": "2026-11-18T08:00:00Z"}}},
    {"resource": {"resourceType": "Encounter", "id": "e8", "status": "in-progress", "class": {"code": "IMP"}, "subject": {"reference": "Patient/p8"},
      "location": [{"location": {"reference": "Location/w4"}, "period": {"end": "2026-11-20T08:00:00Z"}}, {"location": {"reference": "Location/w5"}}],
      "period": {"start": "2026-11-18T08:00:00Z"}}},
    {"resource": {"resourceType": "ServiceRequest", "id": "r2", "status": "active", "intent": "order", "subject": {"reference": "Patient/p2"},
      "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "3457005"}]}], "authoredOn": "2026-11-20",
      "requester": {"reference": "Practitioner/elsewhere"}, "performer": [{"reference": "Practitioner/d1"}]}},
    {"resource": {"resourceType": "ServiceRequest", "id": "o2", "status": "active", "intent": "order", "subject": {"reference": "Patient/p2"},
      "authoredOn": "2026-11-20", "requester": {"reference": "Practitioner/elsewhere"}, "performer": [{"reference": "Practitioner/n1"}]}},
    {"resource": {"resourceType": "ServiceRequest", "id": "r6", "status": "active", "intent": "order", "subject": {"reference": "Patient/p6"},
      "category": [{"text": "Referral"}], "authoredOn": "2026-05-20", "performer": [{"reference": "Practitioner/d1"}]}}
  ]}"#;

fn explained(hospital: &Hospital, basis: &str) -> usize {
    let mut log = Vec::new();
    hospital.station.audit_export(&mut log).unwrap();
    String::from_utf8(log).unwrap().lines().filter(|line| line.contains(&format!("basis={basis}"))).count()
}

#[test]
fn a_referral_an_order_and_a_shift_make_somebody_the_users_patient_and_say_so_on_record() {
    let hospital = hospital("Practitioner/d1");
    hospital.sign_in("admin");
    assert!(!hospital.import(DUTY).failed);
    let nurse = hospital.station.user_named("nightingale").unwrap();
    let request = UserUpdateRequest {
        id: nurse.id,
        display_name: nurse.display_name,
        role: nurse.role,
        practitioner: "Practitioner/n1".to_owned(),
        team_ids: Vec::new(),
    };
    hospital.station.user_update(request).unwrap();

    hospital.sign_in("okafor");
    chart(&hospital, "p2").unwrap();
    assert_eq!(chart(&hospital, "p6").err().unwrap().code, ErrorCode::Restricted, "a referral of long ago");
    let panel = list(&hospital, Worklist::Panel).unwrap();
    let referred = panel.rows.iter().find(|row| row.patient.patient_id == "p2").unwrap();
    assert_eq!(referred.what, "Referral, active", "and whose patient it is is said on the list");

    hospital.sign_in("nightingale");
    chart(&hospital, "p2").unwrap();
    chart(&hospital, "p7").unwrap();
    chart(&hospital, "p1").unwrap();
    assert_eq!(chart(&hospital, "p8").err().unwrap().code, ErrorCode::Restricted, "who was moved to another ward");
    assert_eq!(chart(&hospital, "p5").err().unwrap().code, ErrorCode::Restricted, "who is on no ward");
    hospital.sign_out();
    hospital.clock.pass(Duration::from_secs(4 * 3600 + 19 * 60));
    hospital.sign_in("nightingale");
    assert_eq!(chart(&hospital, "p7").err().unwrap().code, ErrorCode::Restricted, "an hour after the shift");
    chart(&hospital, "p2").unwrap();
    hospital.sign_in("weiss");
    assert_eq!(
        [explained(&hospital, "referral"), explained(&hospital, "order"), explained(&hospital, "shift")],
        [1, 2, 2]
    );
}

#[test]
fn every_list_that_is_shown_is_on_record_with_who_was_on_it() {
    let hospital = hospital("Practitioner/d1");
    hospital.sign_in("okafor");
    list(&hospital, Worklist::Panel).unwrap();
    hospital.sign_in("weiss");
    let access = SectionReadRequest { patient_id: "p5".to_owned(), section: Section::Access };
    let shown = serde_json::to_string(&hospital.station.section_read(access).unwrap()).unwrap();
    assert!(shown.contains("saw the name among the own patients"), "the patient's own report tells it");
}
