//! Procedures, tied to the visit at which they were done.
//!
//! Codes: Synthea bulk export and R4 samples; 127783003: Synthea module `copd.json`; 80146002: public FHIR examples.

use serde_json::{Value, json};

use super::chance::Chance;
use super::code::{Code, age, moment, reference, sct};
use super::person::Person;
use super::problem::{Course, Problem};
use super::visit::{Kind, Visit};

const APPENDECTOMY: Code = sct("80146002", "Appendectomy");
const SUTURE: Code = sct("288086009", "Suture open wound");
const CHEST_XRAY: Code = sct("399208008", "Plain chest X-ray (procedure)");
const ECHO: Code = sct("433236007", "Transthoracic echocardiography");
const ANGIOGRAPHY: Code = sct("33367005", "Angiography of coronary artery (procedure)");
const INTERVENTION: Code = sct("415070008", "Percutaneous coronary intervention (procedure)");
const SPIROMETRY: Code = sct("127783003", "Spirometry (procedure)");
const KNEE_XRAY: Code = sct("74016001", "Knee X-ray");
const COLONOSCOPY: Code = sct("73761001", "Colonoscopy");
const MAMMOGRAPHY: Code = sct("24623002", "Screening mammography (procedure)");
const RECONCILIATION: Code = sct("430193006", "Medication Reconciliation (procedure)");
const THROAT_CULTURE: Code = sct("117015009", "Throat culture (procedure)");

/// One procedure that was done: what the notes and claims say of it.
pub(super) struct Done {
    pub(super) id: String,
    pub(super) code: Code,
    pub(super) visit: String,
    pub(super) resource: Value,
}

pub(super) fn procedures(person: &Person, visits: &[Visit], courses: &[Course], chance: &mut Chance) -> Vec<Done> {
    let mut done = Vec::new();
    let (mut scoped, mut imaged) = (false, false);
    for visit in visits {
        let first = courses.iter().find(|course| Some(course.problem) == visit.reason && course.onset == visit.day);
        for code in at_visit(visit, first, chance) {
            done.push(procedure(code, person, visit, first, chance));
        }
        let years_old = age(person.birth, visit.day);
        if visit.kind == Kind::CheckUp && (50.0..76.0).contains(&years_old) {
            if !scoped && chance.happens(0.3) {
                scoped = true;
                done.push(procedure(COLONOSCOPY, person, visit, None, chance));
            }
            if person.female && (!imaged || chance.happens(0.4)) {
                imaged = true;
                done.push(procedure(MAMMOGRAPHY, person, visit, None, chance));
            }
        }
        if visit.kind == Kind::CheckUp && years_old > 65.0 && chance.happens(0.4) {
            done.push(procedure(RECONCILIATION, person, visit, None, chance));
        }
    }
    done
}

fn at_visit(visit: &Visit, first: Option<&Course>, chance: &mut Chance) -> Vec<Code> {
    use Problem as P;
    let found = first.is_some();
    match visit.reason {
        Some(P::Appendicitis) if found => vec![APPENDECTOMY],
        Some(P::Laceration) if found => vec![SUTURE],
        Some(P::StrepThroat) if found => vec![THROAT_CULTURE],
        Some(P::KneeArthrosis) if found => vec![KNEE_XRAY],
        Some(P::HeartFailure) if found => vec![ECHO, CHEST_XRAY],
        Some(P::AtrialFibrillation) if found => vec![ECHO],
        Some(P::IschemicHeart) if found && chance.happens(0.5) => vec![ANGIOGRAPHY, INTERVENTION],
        Some(P::IschemicHeart) if found => vec![ANGIOGRAPHY],
        Some(P::Copd | P::Asthma) if found => vec![SPIROMETRY],
        Some(P::HeartFailure | P::Copd | P::Bronchitis) if visit.kind != Kind::FollowUp && chance.happens(0.6) => {
            vec![CHEST_XRAY]
        }
        _ => Vec::new(),
    }
}

fn procedure(code: Code, person: &Person, visit: &Visit, reason: Option<&Course>, chance: &mut Chance) -> Done {
    let id = chance.id();
    let later = if visit.kind.is_stay() { 240 } else { 10 };
    let length = if code.code == APPENDECTOMY.code { 75 } else { 20 };
    let mut resource = json!({
        "resourceType": "Procedure", "id": id, "status": "completed",
        "code": code.concept(),
        "subject": { "reference": format!("Patient/{}", person.id) },
        "encounter": visit.reference(),
        "performedPeriod": {
            "start": moment(visit.day, (visit.minutes + later).min(1300)),
            "end": moment(visit.day, (visit.minutes + later).min(1300) + length),
        },
        "performer": [{ "actor": reference("Practitioner", &visit.practitioner) }],
    });
    if let Some(fields) = resource.as_object_mut() {
        fields.extend(reason.map(|course| ("reasonReference".to_owned(), json!([reference("Condition", &course.id)]))));
    }
    Done { id, code, visit: visit.id.clone(), resource }
}
