//! Which problem is treated with what, from when to when.

use chrono::{Duration, NaiveDate};
use serde_json::{Map, Value, json};

use super::allergy::Allergies;
use super::chance::Chance;
use super::code::{UCUM, age, moment, number, reference, sct};
use super::drug as d;
use super::drug::{Dose, Drug};
use super::person::Person;
use super::problem::{Course, Problem};
use super::visit::Visit;

/// One drug from one day to another.
pub(super) struct Episode {
    pub(super) drug: Drug,
    start: NaiveDate,
    end: Option<NaiveDate>,
    /// Why a doctor stopped it; `None` with an end is a course that was finished.
    stopped: Option<&'static str>,
    condition: Option<String>,
}

impl Episode {
    pub(super) fn is_active(&self, on: NaiveDate) -> bool {
        self.start <= on && self.end.is_none_or(|end| on < end)
    }
}

pub(super) fn episodes(
    person: &Person,
    courses: &[Course],
    allergies: &Allergies,
    chance: &mut Chance,
) -> Vec<Episode> {
    let mut found = Vec::new();
    for course in courses {
        treat(course, person, &mut found, chance);
    }
    let allergic = |drug: &Drug| drug.avoid.iter().any(|agent| allergies.agents.contains(agent));
    if allergies.severe {
        let start = person.end - Duration::days(chance.whole(20, 700).min((person.end - person.birth).num_days()));
        found.push(Episode { drug: d::EPINEPHRINE, start, end: None, stopped: None, condition: None });
    }
    found.retain(|episode| !allergic(&episode.drug) && episode.start <= person.end);
    // A drug, or its sister, is on the list once: who treats the second problem finds it there.
    found.sort_by_key(|episode| episode.start);
    let mut kept: Vec<Episode> = Vec::new();
    for episode in found {
        let same = |other: &Episode| {
            family(&other.drug) == family(&episode.drug) && other.end.is_none_or(|end| end > episode.start)
        };
        if !kept.iter().any(same) {
            kept.push(episode);
        }
    }
    for episode in &mut kept {
        if let Some(death) = person.death {
            episode.end = Some(episode.end.map_or(death, |end| end.min(death)));
        } else {
            episode.end = episode.end.filter(|end| *end <= person.end);
            if episode.end.is_none() {
                episode.stopped = None;
            }
        }
    }
    kept
}

/// Drugs that nobody takes together count as one: two that block the same system, or two strengths.
fn family(drug: &Drug) -> &'static str {
    let is = |others: &[Drug]| others.iter().any(|other| other.code.code == drug.code.code);
    if is(&[d::LISINOPRIL_10, d::LISINOPRIL_20, d::LOSARTAN]) {
        "renin-angiotensin"
    } else if is(&[d::METOPROLOL, d::CARVEDILOL]) {
        "beta-blocker"
    } else if is(&[d::IBUPROFEN, d::NAPROXEN]) {
        "anti-inflammatory"
    } else {
        drug.code.code
    }
}

fn treat(course: &Course, person: &Person, found: &mut Vec<Episode>, chance: &mut Chance) {
    use Problem as P;
    let days = (person.end - course.onset).num_days();
    let adult = age(person.birth, course.onset) >= 18.0;
    let mut give = |drug: Drug, after: i64, lasts: Option<i64>, stopped: Option<&'static str>| {
        let start = course.onset + Duration::days(after);
        let end = lasts.map(|lasts| start + Duration::days(lasts));
        found.push(Episode { drug, start, end, stopped, condition: Some(course.id.clone()) });
    };
    let later = |share: f64| (days as f64 * share) as i64;
    match course.problem {
        P::Hypertension => hypertension(days, &mut give, chance),
        P::Diabetes => {
            give(d::METFORMIN, 0, None, None);
            if days > 2500 && chance.happens(0.4) {
                give(d::INSULIN, later(0.7), None, None);
            }
        }
        P::Hyperlipidemia | P::IschemicHeart => {
            if chance.happens(0.85) {
                let aches = chance.happens(0.08).then_some((later(0.5).max(1), "Muscle aches"));
                give(d::SIMVASTATIN, 0, aches.map(|(lasts, _)| lasts), aches.map(|(_, why)| why));
            }
            if course.problem == P::IschemicHeart {
                give(d::ASPIRIN, 0, None, None);
                give(d::METOPROLOL, 3, None, None);
                give(d::NITROGLYCERIN, 3, None, None);
            }
        }
        P::HeartFailure => {
            give(d::FUROSEMIDE, 0, None, None);
            give(d::CARVEDILOL, 14, None, None);
            give(d::LISINOPRIL_20, 14, None, None);
            if chance.happens(0.3) {
                give(d::SPIRONOLACTONE, later(0.4), None, None);
            }
        }
        P::AtrialFibrillation => {
            give(d::WARFARIN, 1, None, None);
            give(d::METOPROLOL, 0, None, None);
        }
        P::Asthma | P::ChildhoodAsthma | P::Copd => {
            give(d::ALBUTEROL, 0, course.abatement.map(|end| (end - course.onset).num_days()), None);
            if course.problem != P::Copd && chance.happens(0.6) {
                give(d::FLUTICASONE, 30, course.abatement.map(|end| (end - course.onset).num_days() - 30), None);
            }
        }
        P::Hypothyroidism => give(d::LEVOTHYROXINE, 5, None, None),
        P::KneeArthrosis => give(if chance.happens(0.5) { d::NAPROXEN } else { d::ACETAMINOPHEN }, 0, None, None),
        P::BackPain => give(d::IBUPROFEN, 0, None, None),
        P::Osteoporosis => give(d::ALENDRONATE, 7, None, None),
        P::Anemia => give(d::IRON, 3, Some(chance.whole(90, 200)), None),
        P::Rhinitis => give(d::LORATADINE, 0, None, None),
        P::StrepThroat if adult => give(d::PENICILLIN, 0, Some(10), None),
        P::Bronchitis if adult && chance.happens(0.3) => give(d::CO_AMOXICLAV, 1, Some(7), None),
        P::Sinusitis | P::Pharyngitis if adult => give(d::ACETAMINOPHEN, 0, Some(10), None),
        P::AnkleSprain | P::Laceration if adult => give(d::IBUPROFEN, 0, Some(14), None),
        P::Appendicitis if adult => {
            give(d::OXYCODONE, 1, Some(4), None);
            give(d::AMOXICILLIN, 1, Some(7), None);
        }
        P::Prediabetes
        | P::KidneyDisease
        | P::Obesity
        | P::SleepApnea
        | P::Otitis
        | P::Concussion
        | P::Cystitis
        | P::Newborn
        | P::StrepThroat
        | P::Bronchitis
        | P::Sinusitis
        | P::Pharyngitis
        | P::AnkleSprain
        | P::Laceration
        | P::Appendicitis => {}
    }
}

fn hypertension(days: i64, give: &mut impl FnMut(Drug, i64, Option<i64>, Option<&'static str>), chance: &mut Chance) {
    let change = chance.whole(60, 500).min((days - 1).max(1));
    if chance.happens(0.2) {
        give(d::HYDROCHLOROTHIAZIDE, 0, Some(change), Some("Blood pressure not at goal; changed"));
        give(d::LISINOPRIL_10, change, None, None);
    } else if chance.happens(0.15) {
        give(d::LISINOPRIL_10, 0, Some(change), Some("Dry cough"));
        give(d::LOSARTAN, change, None, None);
    } else {
        give(d::LISINOPRIL_10, 0, None, None);
    }
    if chance.happens(0.35) {
        give(d::AMLODIPINE, change + 90, None, None);
    } else if chance.happens(0.25) {
        give(d::HYDROCHLOROTHIAZIDE, change + 90, None, None);
    }
}

pub(super) fn request(
    episode: &Episode,
    person: &Person,
    visits: &[Visit],
    doctor: &str,
    chance: &mut Chance,
) -> Value {
    let visit = visits.iter().find(|visit| visit.day == episode.start);
    let status = match (episode.end, episode.stopped, person.death) {
        (None, ..) => "active",
        (Some(_), Some(_), _) => "stopped",
        (Some(end), None, Some(death)) if end == death => "stopped",
        (Some(_), None, _) => "completed",
    };
    let mut value = json!({
        "resourceType": "MedicationRequest", "id": chance.id(), "status": status, "intent": "order",
        "medicationCodeableConcept": episode.drug.code.concept(),
        "subject": { "reference": format!("Patient/{}", person.id) },
        "authoredOn": visit.map_or_else(|| moment(episode.start, 10 * 60), |visit| visit.at(20)),
        "requester": reference("Practitioner", visit.map_or(doctor, |visit| visit.practitioner.as_str())),
        "dosageInstruction": [dosage(episode)],
    });
    let Some(fields) = value.as_object_mut() else { return value };
    fields.extend(visit.map(|visit| ("encounter".to_owned(), visit.reference())));
    fields.extend(
        episode
            .condition
            .as_ref()
            .map(|condition| ("reasonReference".to_owned(), json!([reference("Condition", condition)]))),
    );
    fields.extend(episode.stopped.map(|why| ("statusReason".to_owned(), json!({ "text": why }))));
    value
}

fn dosage(episode: &Episode) -> Value {
    let mut fields = Map::new();
    let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    let period = match episode.end {
        Some(end) => json!({ "start": episode.start.to_string(), "end": end.to_string() }),
        None => json!({ "start": episode.start.to_string() }),
    };
    match episode.drug.dose {
        Dose::Regular { amount, unit, times, every, period: of, how } => {
            set("text", json!(regular_text(amount, unit, times, every, of, how)));
            set(
                "timing",
                json!({ "repeat": { "boundsPeriod": period, "frequency": times, "period": every,
                "periodUnit": of } }),
            );
            set("asNeededBoolean", json!(false));
            set("doseAndRate", json!([{ "doseQuantity": dose(amount, unit) }]));
        }
        Dose::Needed { amount, how } => {
            let first = amount.map(|(amount, unit)| format!("{} {unit} ", number(amount, 3))).unwrap_or_default();
            set("text", json!(format!("{first}as needed {how}")));
            set("timing", json!({ "repeat": { "boundsPeriod": period } }));
            set("asNeededBoolean", json!(true));
            if let Some((amount, unit)) = amount {
                set("doseAndRate", json!([{ "doseQuantity": dose(amount, unit) }]));
            }
        }
        Dose::Words(words) => {
            set("text", json!(words));
            set("timing", json!({ "repeat": { "boundsPeriod": period } }));
        }
    }
    if episode.drug.oral {
        // US Core 9.0.0 medicationrequest-contained-oral-axid
        set("route", sct("26643006", "Oral route").concept());
    }
    Value::Object(fields)
}

fn dose(amount: f64, unit: &str) -> Value {
    match unit {
        "mg" => json!({ "value": number(amount, 3), "unit": unit, "system": UCUM, "code": unit }),
        _ => json!({ "value": number(amount, 3), "unit": unit }),
    }
}

fn regular_text(amount: f64, unit: &str, times: u32, every: u32, of: &str, how: &str) -> String {
    let often = match (times, every, of) {
        (1, 1, "d") => "once a day".to_owned(),
        (2, 1, "d") => "twice a day".to_owned(),
        (times, 1, "d") => format!("{times} times a day"),
        (_, every, _) => format!("every {every} hours"),
    };
    let text = format!("{} {unit} {often}", number(amount, 3));
    if how.is_empty() { text } else { format!("{text}. {how}") }
}
