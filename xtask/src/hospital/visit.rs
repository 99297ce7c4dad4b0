//! When a person comes, why, and the Encounter that is left behind.

use chrono::{Datelike, Duration, NaiveDate};
use serde_json::{Value, json};

use super::chance::Chance;
use super::code::{Code, HL7, moment, reference, sct, years};
use super::person::Person;
use super::problem::{Course, Problem};
use super::staff::Staff;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Birth,
    WellChild,
    CheckUp,
    FollowUp,
    Symptom,
    Emergency,
    Admission,
}

impl Kind {
    /// Encounter types as in the Synthea bulk export sample.
    pub(super) const fn code(self) -> Code {
        match self {
            Self::WellChild => sct("410620009", "Well child visit (procedure)"),
            Self::CheckUp => sct("185349003", "Encounter for check up (procedure)"),
            Self::FollowUp => sct("390906007", "Follow-up encounter (procedure)"),
            Self::Symptom => sct("185345009", "Encounter for symptom (procedure)"),
            Self::Emergency => sct("50849002", "Emergency room admission (procedure)"),
            Self::Birth | Self::Admission => sct("32485007", "Hospital admission (procedure)"),
        }
    }

    /// v3-ActCode; displays as in US Core 9.0.0, and none for EMER as in the Synthea samples.
    const fn class(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Birth | Self::Admission => ("IMP", Some("inpatient encounter")),
            Self::Emergency => ("EMER", None),
            Self::WellChild | Self::CheckUp | Self::FollowUp | Self::Symptom => ("AMB", Some("ambulatory")),
        }
    }

    pub(super) const fn is_stay(self) -> bool {
        matches!(self, Self::Birth | Self::Admission)
    }
}

pub(super) struct Visit {
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) day: NaiveDate,
    pub(super) minutes: i64,
    /// Nights of a stay, else 0.
    pub(super) nights: i64,
    pub(super) reason: Option<Problem>,
    pub(super) practitioner: String,
}

impl Visit {
    pub(super) fn at(&self, later: i64) -> String {
        moment(self.day, self.minutes + later)
    }

    pub(super) fn reference(&self) -> Value {
        reference("Encounter", &self.id)
    }
}

/// The day from which this house has a record of the person.
pub(super) fn first_day(person: &Person, chance: &mut Chance) -> NaiveDate {
    (person.end - years(chance.between(2.0, 8.0))).max(person.birth)
}

/// (day, kind, nights, reason)
type Plan = (NaiveDate, Kind, i64, Option<Problem>);

pub(super) fn plan(
    person: &Person,
    courses: &[Course],
    first: NaiveDate,
    doctor: &str,
    staff: &Staff,
    chance: &mut Chance,
) -> Vec<Visit> {
    let mut plans: Vec<Plan> = Vec::new();
    childhood(person, first, &mut plans, chance);
    adulthood(person, first, &mut plans, chance);
    for course in courses.iter().filter(|course| course.onset >= first && course.onset <= person.end) {
        plans.push(onset_visit(course.problem, course.onset, chance));
    }
    for course in courses.iter().filter(|course| course.problem.is_followed()) {
        follow_up(person, course, first, &mut plans, chance);
    }
    plans.retain(|(day, ..)| (person.birth..=person.end).contains(day));
    if plans.is_empty() {
        plans.push((person.end, Kind::CheckUp, 0, None));
    }
    plans.sort_by_key(|(day, ..)| *day);
    // One visit a day is enough; of two the first planned wins. Routine visits close together are made one.
    plans.dedup_by_key(|(day, ..)| *day);
    plans.dedup_by(|later, earlier| {
        let near = (later.0 - earlier.0).num_days() < 40;
        near && later.1 == Kind::FollowUp && matches!(earlier.1, Kind::FollowUp | Kind::CheckUp)
    });
    plans.into_iter().map(|plan| visit(plan, person, doctor, staff, chance)).collect()
}

fn visit(
    (day, kind, nights, reason): Plan,
    person: &Person,
    family_doctor: &str,
    staff: &Staff,
    chance: &mut Chance,
) -> Visit {
    let practitioner = match (kind, reason) {
        (Kind::Emergency, _) => staff.of("Emergency medicine", chance).id.clone(),
        (Kind::Admission, Some(Problem::Appendicitis)) => staff.of("Surgery", chance).id.clone(),
        (Kind::Birth, _) => staff.of("Pediatrics", chance).id.clone(),
        (_, Some(Problem::HeartFailure | Problem::AtrialFibrillation | Problem::IschemicHeart)) => {
            staff.of("Cardiology", chance).id.clone()
        }
        (_, Some(Problem::KidneyDisease)) => staff.of("Nephrology", chance).id.clone(),
        (_, Some(Problem::Copd)) => staff.of("Pulmonology", chance).id.clone(),
        _ => family_doctor.to_owned(),
    };
    let minutes = if matches!(kind, Kind::Emergency | Kind::Birth | Kind::Admission) {
        chance.whole(1, 22 * 60)
    } else {
        8 * 60 + chance.whole(0, 36) * 15
    };
    let nights = nights.min((person.end - day).num_days());
    Visit { id: chance.id(), kind, day, minutes, nights, reason, practitioner }
}

/// Ages in months of well child visits: with the ages at which Synthea's immunization schedule gives vaccines.
const WELL_CHILD_MONTHS: [i32; 11] = [1, 2, 4, 6, 9, 12, 15, 18, 24, 36, 48];

fn childhood(person: &Person, first: NaiveDate, plans: &mut Vec<Plan>, chance: &mut Chance) {
    if person.birth >= first {
        plans.push((person.birth, Kind::Birth, 2, Some(Problem::Newborn)));
    }
    let yearly = (5..18).map(|year| year * 12);
    for months in WELL_CHILD_MONTHS.into_iter().chain(yearly) {
        let day = person.birth + years(f64::from(months) / 12.0) + Duration::days(chance.whole(0, 12));
        if day >= first && day <= person.end && !chance.happens(0.06) {
            plans.push((day, Kind::WellChild, 0, None));
        }
    }
}

fn adulthood(person: &Person, first: NaiveDate, plans: &mut Vec<Plan>, chance: &mut Chance) {
    let mut day = first.max(person.birth + years(18.0)) + Duration::days(chance.whole(0, 300));
    while day <= person.end {
        plans.push((working_day(day), Kind::CheckUp, 0, None));
        day += Duration::days(chance.whole(320, 480));
    }
}

fn onset_visit(problem: Problem, day: NaiveDate, chance: &mut Chance) -> Plan {
    use Problem as P;
    if problem == P::Appendicitis {
        (day, Kind::Admission, chance.whole(2, 4), Some(problem))
    } else if matches!(problem, P::Laceration | P::Concussion) {
        (day, Kind::Emergency, 0, Some(problem))
    } else if matches!(problem, P::AtrialFibrillation | P::HeartFailure) && chance.happens(0.5) {
        (day, Kind::Admission, chance.whole(3, 7), Some(problem))
    } else {
        (day, Kind::Symptom, 0, Some(problem))
    }
}

fn follow_up(person: &Person, course: &Course, first: NaiveDate, plans: &mut Vec<Plan>, chance: &mut Chance) {
    let mut day = course.onset.max(first) + Duration::days(chance.whole(20, 60));
    let end = course.abatement.unwrap_or(person.end);
    let worse = if course.problem == Problem::HeartFailure {
        0.09
    } else if course.problem == Problem::Copd {
        0.06
    } else if matches!(course.problem, Problem::Asthma | Problem::ChildhoodAsthma) {
        0.03
    } else {
        0.008
    };
    while day < end {
        if chance.happens(worse) {
            plans.push(if chance.happens(0.6) {
                (day, Kind::Admission, chance.whole(2, 8), Some(course.problem))
            } else {
                (day, Kind::Emergency, 0, Some(course.problem))
            });
        } else {
            plans.push((working_day(day), Kind::FollowUp, 0, Some(course.problem)));
        }
        day += Duration::days(chance.whole(140, 320));
    }
}

fn working_day(day: NaiveDate) -> NaiveDate {
    let weekday = day.weekday().num_days_from_monday();
    day - Duration::days(i64::from(weekday.saturating_sub(4)))
}

/// Follow-ups every week for twenty years, for speed tests: `count` visits.
pub(super) fn dense(person: &Person, count: usize, doctor: &str, staff: &Staff, chance: &mut Chance) -> Vec<Visit> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    (0..count)
        .rev()
        .map(|back| (person.end - Duration::days(back * 7), Kind::FollowUp, 0, Some(Problem::HeartFailure)))
        .filter(|(day, ..)| *day > person.birth)
        .map(|plan| visit(plan, person, doctor, staff, chance))
        .collect()
}

pub(super) fn encounter(visit: &Visit, person: &Person, courses: &[Course], staff: &Staff) -> Value {
    let class = match visit.kind.class() {
        (code, Some(display)) => json!({ "system": format!("{HL7}/v3-ActCode"), "code": code, "display": display }),
        (code, None) => json!({ "system": format!("{HL7}/v3-ActCode"), "code": code }),
    };
    let last_day = visit.day + Duration::days(visit.nights);
    let length = if visit.kind.is_stay() { 600 } else { 30 };
    let end = if visit.kind.is_stay() { moment(last_day, 11 * 60 + 20) } else { visit.at(length) };
    let mut value = json!({
        "resourceType": "Encounter", "id": visit.id, "status": "finished",
        "class": class,
        "type": [visit.kind.code().concept()],
        "subject": { "reference": format!("Patient/{}", person.id), "display": person.full_name() },
        "participant": [{ "individual": participant(visit, staff) }],
        "period": { "start": visit.at(0), "end": end.max(visit.at(30)) },
        "serviceProvider": reference("Organization", &staff.hospital),
    });
    let Some(fields) = value.as_object_mut() else { return value };
    if let Some(problem) = visit.reason {
        fields.insert("reasonCode".to_owned(), json!([problem.code().concept()]));
        let diagnosis = courses.iter().find(|course| course.problem == problem && course.onset == visit.day);
        fields.extend(diagnosis.map(|course| {
            ("diagnosis".to_owned(), json!([{ "condition": reference("Condition", &course.id), "rank": 1 }]))
        }));
    }
    if let Some(place) = staff.location(place(visit.kind)) {
        fields.insert("location".to_owned(), json!([{ "location": reference("Location", place) }]));
    }
    if visit.kind.is_stay() && person.death != Some(last_day) {
        // NUBC code and display as in the Synthea samples.
        fields.insert(
            "hospitalization".to_owned(),
            json!({ "dischargeDisposition": { "coding": [{ "system": "http://www.nubc.org/patient-discharge",
                "code": "01", "display": "Discharged to home care or self care (routine discharge)" }],
                "text": "Discharged to home care or self care (routine discharge)" } }),
        );
    }
    value
}

fn participant(visit: &Visit, staff: &Staff) -> Value {
    let name = staff.by_id(&visit.practitioner).map(|who| who.name.as_str());
    json!({ "reference": format!("Practitioner/{}", visit.practitioner), "display": name })
}

const fn place(kind: Kind) -> &'static str {
    match kind {
        Kind::Birth | Kind::Admission => "Ward 4 East",
        Kind::Emergency => "Emergency department",
        Kind::WellChild => "children's rooms",
        Kind::CheckUp | Kind::FollowUp | Kind::Symptom => "room 3",
    }
}
