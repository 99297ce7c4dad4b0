//! Immunizations by the schedule of Synthea's `immunization_schedule.json`: code, display and ages in months.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::chance::Chance;
use super::code::{CVX, Code, reference, years};
use super::person::Person;
use super::visit::{Kind, Visit};

const fn cvx(code: &'static str, display: &'static str) -> Code {
    Code { system: CVX, code, display }
}

/// (vaccine, ages in months, year from which it exists)
const SCHEDULE: [(Code, &[i32], i32); 17] = [
    (cvx("08", "Hep B, adolescent or pediatric"), &[0, 1, 6], 1981),
    (cvx("119", "rotavirus, monovalent"), &[2, 4], 2006),
    (cvx("20", "DTaP"), &[2, 4, 6, 15, 48], 1997),
    (cvx("49", "Hib (PRP-OMP)"), &[2, 4, 12], 1977),
    (cvx("133", "Pneumococcal conjugate PCV 13"), &[2, 4, 6, 12, 780], 2010),
    (cvx("10", "IPV"), &[2, 4, 6, 48], 1955),
    (cvx("03", "MMR"), &[12, 48], 1971),
    (cvx("21", "varicella"), &[12, 48], 1984),
    (cvx("83", "Hep A, ped/adol, 2 dose"), &[12, 24], 1995),
    (cvx("52", "Hep A, adult"), &[480, 486], 1996),
    (cvx("114", "meningococcal MCV4P"), &[132, 192, 252], 2005),
    (cvx("115", "Tdap"), &[132], 2005),
    (cvx("62", "HPV, quadrivalent"), &[132, 134, 138], 2006),
    (
        cvx("113", "Td (adult), 5 Lf tetanus toxoid, preservative free, adsorbed"),
        &[252, 372, 492, 612, 732, 852, 972, 1092],
        1992,
    ),
    (cvx("121", "zoster vaccine, live"), &[600, 606], 2006),
    (cvx("33", "pneumococcal polysaccharide vaccine, 23 valent"), &[792], 1983),
    (cvx("43", "Hep B, adult"), &[240, 241, 246], 1981),
];

/// Yearly from the age of six months; display as in the Synthea R4 samples.
const INFLUENZA: Code = cvx("140", "Influenza, seasonal, injectable, preservative free");

/// Given at the first suitable visit after the vaccine is due.
pub(super) fn immunizations(person: &Person, visits: &[Visit], chance: &mut Chance) -> Vec<Value> {
    let mut found = Vec::new();
    let suitable = |visit: &&Visit| matches!(visit.kind, Kind::Birth | Kind::WellChild | Kind::CheckUp);
    for (vaccine, months, exists_from) in &SCHEDULE {
        for month in *months {
            let due = person.birth + years(f64::from(*month) / 12.0);
            let exists = NaiveDate::from_ymd_opt(*exists_from, 1, 1).is_some_and(|from| due >= from);
            let given = visits.iter().filter(suitable).find(|visit| visit.day >= due);
            let given = given.filter(|visit| exists && (visit.day - due).num_days() < 430 && chance.happens(0.9));
            if let Some(visit) = given {
                found.push(immunization(vaccine, person, visit, chance));
            }
        }
    }
    let mut last: Option<NaiveDate> = None;
    for visit in visits.iter().filter(|visit| matches!(visit.kind, Kind::WellChild | Kind::CheckUp)) {
        let old_enough = visit.day >= person.birth + years(0.5);
        let due = last.is_none_or(|last| (visit.day - last).num_days() > 300);
        if old_enough && due && chance.happens(0.6) {
            found.push(immunization(&INFLUENZA, person, visit, chance));
            last = Some(visit.day);
        }
    }
    found
}

fn immunization(vaccine: &Code, person: &Person, visit: &Visit, chance: &mut Chance) -> Value {
    json!({
        "resourceType": "Immunization", "id": chance.id(), "status": "completed",
        "vaccineCode": vaccine.concept(),
        "patient": { "reference": format!("Patient/{}", person.id) },
        "encounter": visit.reference(),
        "occurrenceDateTime": visit.at(25),
        "primarySource": true,
        "lotNumber": format!("L{:05}", chance.whole(1, 99_999)),
        "performer": [{ "actor": reference("Practitioner", &visit.practitioner) }],
    })
}
