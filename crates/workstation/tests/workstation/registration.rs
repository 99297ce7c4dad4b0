//! Registering a patient, the look at who may be the same person, and a change of who somebody is.

use vigil_model::Section;
use vigil_workstation::view::{
    ChartReadRequest, ChartShowRequest, DuplicateReason, Gender, PatientCreateRequest, PatientCreateView,
    PatientUpdateRequest, PersonFields, ResourceReadRequest, SectionContent, SectionReadRequest,
};
use vigil_workstation::{AppError, ErrorCode, Role};

use crate::hospital::{Hospital, new_user};

/// A woman of this name with an address.
pub(crate) fn person(family: &str, given: &str, birth_date: &str, mrn: &str) -> PersonFields {
    PersonFields {
        family: family.to_owned(),
        given: given.to_owned(),
        birth_date: birth_date.to_owned(),
        gender: Some(Gender::Female),
        phone: "555 0100".to_owned(),
        street: "1 Elm St".to_owned(),
        city: "Ann Arbor".to_owned(),
        state: "MI".to_owned(),
        postal_code: "48103".to_owned(),
        country: "US".to_owned(),
        mrn: mrn.to_owned(),
    }
}

fn register(hospital: &Hospital, person: PersonFields, despite: &[&str]) -> Result<PatientCreateView, AppError> {
    let despite = despite.iter().map(|id| (*id).to_owned()).collect();
    hospital.station.patient_create(PatientCreateRequest { person, despite })
}

/// At the front desk.
fn hospital() -> Hospital {
    let hospital = Hospital::with_patients();
    hospital.sign_in("lund");
    hospital
}

fn show(hospital: &Hospital, patient: &str) {
    hospital.station.chart_read(ChartReadRequest { patient_id: patient.to_owned() }).unwrap();
    hospital.station.chart_show(ChartShowRequest { patient_id: Some(patient.to_owned()) }).unwrap();
}

#[test]
fn somebody_new_is_found_opened_and_there_after_a_restart() {
    let hospital = hospital();
    let made = register(&hospital, person("Waldstein", "Ana Maria", "1961-02-03", "W-4711"), &[]).unwrap();
    let id = made.patient_id.unwrap();
    assert_eq!(hospital.search("waldstein").len(), 1, "found at once");
    assert_eq!(hospital.search("W-4711").len(), 1, "by the number too");
    let chart = hospital.station.chart_read(ChartReadRequest { patient_id: id.clone() }).unwrap();
    assert_eq!((chart.banner.birth_date.as_str(), chart.banner.mrn.as_str()), ("03-Feb-1961", "W-4711"), "the banner");
    hospital.sign_out();
    let hospital = hospital.restart();
    hospital.sign_in("okafor");
    assert_eq!(hospital.search("waldstein").len(), 1, "sealed and read again");
    let chart = hospital.station.chart_read(ChartReadRequest { patient_id: id }).unwrap();
    assert!(chart.banner.name.starts_with("WALDSTEIN"), "and whoever treats opens it: {}", chart.banner.name);
}

#[test]
fn who_may_be_the_same_person_is_shown_first_and_nothing_is_stored() {
    let hospital = hospital();
    let first = register(&hospital, person("Waldstein", "Ana", "1961-02-03", "W-1"), &[]).unwrap().patient_id.unwrap();
    let again = |family: &str, given: &str, born: &str, mrn: &str| {
        let view = register(&hospital, person(family, given, born, mrn), &[]).unwrap();
        assert_eq!(view.patient_id.is_some(), view.duplicates.is_empty(), "one or the other");
        view.duplicates.first().map(|row| row.why)
    };
    assert_eq!(again("Somebody", "Else", "1999-01-01", "w-1"), Some(DuplicateReason::SameNumber), "one number");
    assert_eq!(again("Waldstain", "Anna", "1961-02-03", ""), Some(DuplicateReason::SimilarNameSameBirthDate), "a slip");
    assert_eq!(again("Waldstein", "Gertrud", "1961-02-03", ""), Some(DuplicateReason::SameFamilyNameAndBirthDate));
    assert_eq!(again("Waldstein", "Ana", "", ""), Some(DuplicateReason::SimilarName), "nobody knows the day");
    assert_eq!(hospital.search("waldstein").len(), 1, "nothing was stored meanwhile");
    assert_eq!(again("Waldstein", "Ana", "1988-02-03", ""), None, "another generation is somebody else");
    let despite = register(&hospital, person("Waldstain", "Anna", "1961-02-03", ""), &[]).unwrap();
    let shown: Vec<String> = despite.duplicates.iter().map(|row| row.patient.patient_id.clone()).collect();
    assert!(shown.contains(&first), "who was shown");
    let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
    let stored = register(&hospital, person("Waldstain", "Anna", "1961-02-03", ""), &shown).unwrap();
    assert!(stored.patient_id.is_some(), "whoever says that they are somebody else registers them");
}

#[test]
fn a_change_of_who_somebody_is_leaves_the_rest_and_is_on_record() {
    let hospital = hospital();
    let id = register(&hospital, person("Waldstein", "Ana", "1961-02-03", "W-1"), &[]).unwrap().patient_id.unwrap();
    show(&hospital, &id);
    let read = |hospital: &Hospital| {
        hospital.station.patient_demographics_read(ChartReadRequest { patient_id: id.clone() }).unwrap()
    };
    let as_read = read(&hospital);
    let change = |chart: &str, version, person: PersonFields| {
        hospital.station.patient_update(PatientUpdateRequest {
            patient_id: id.clone(),
            chart_on_screen: chart.to_owned(),
            version,
            person,
        })
    };
    assert_eq!(change(&id, 1, as_read.person.clone()).unwrap_err().code, ErrorCode::Invalid, "nothing was changed");
    let married = PersonFields { family: "Morgenrot".to_owned(), ..as_read.person.clone() };
    assert_eq!(change("p1", 1, married.clone()).unwrap_err().code, ErrorCode::OtherPatient, "not from another chart");
    assert_eq!(change(&id, 9, married.clone()).unwrap_err().code, ErrorCode::VersionConflict, "only what was read");
    change(&id, 1, married).unwrap();
    assert_eq!((hospital.search("morgenrot").len(), hospital.search("waldstein").len()), (1, 0), "under the new name");
    assert_eq!(read(&hospital).person.street, "1 Elm St", "the rest stays");
    hospital.sign_out();
    hospital.sign_in("okafor");
    let history = ResourceReadRequest { patient_id: id.clone(), resource_type: "Patient".to_owned(), id: id.clone() };
    let versions = hospital.station.resource_history_read(history).unwrap().versions;
    assert_eq!(versions.len(), 2, "what was before is there");
    hospital.sign_out();
    hospital.sign_in("weiss");
    let access = SectionReadRequest { patient_id: id.clone(), section: Section::Access };
    let SectionContent::Access { rows } = hospital.station.section_read(access).unwrap().content else {
        panic!("access")
    };
    for what in ["registered the patient", "changed who the patient is"] {
        assert!(rows.iter().any(|row| row.what == what && row.outcome == "done"), "{what}");
    }
}

#[test]
fn only_those_who_receive_or_treat_register() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    hospital.station.user_create(new_user("moreau", Role::Pharmacist)).unwrap();
    hospital.sign_out();
    for (who, may) in [("okafor", true), ("lund", true), ("moreau", false), ("weiss", false), ("admin", false)] {
        let session = hospital.sign_in(who);
        assert_eq!(session.may.register_patients, may, "{who} is offered it or not");
        let done = register(&hospital, person("Of", who, "2001-01-01", ""), &[]);
        assert_eq!(done.is_ok(), may, "{who}");
        let read = hospital.station.patient_demographics_read(ChartReadRequest { patient_id: "p1".to_owned() });
        let read = read.map(drop).map_err(|error| error.code);
        assert_eq!(
            read,
            if may { Ok(()) } else { Err(ErrorCode::Forbidden) },
            "{who}: an address is not for everybody"
        );
        hospital.sign_out();
    }
}
