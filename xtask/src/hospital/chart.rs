//! One person's whole chart, in the order in which things depend on one another.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::chance::Chance;
use super::code::{HL7, hl7, reference};
use super::note::Scene;
use super::person::Person;
use super::problem::{Course, Problem};
use super::results::Constitution;
use super::staff::Staff;
use super::visit::{Kind, Visit};
use super::vital_signs::Level;
use super::{
    allergy, care, cover, note, prescribing, problem, procedure, referral, results, today, vaccine, visit, vital_signs,
};

/// Every resource of patient `number`. `visits` makes a heavy chart for speed tests.
pub(super) fn write(
    number: usize,
    visits: Option<usize>,
    today: NaiveDate,
    staff: &Staff,
    chance: &mut Chance,
) -> Vec<Value> {
    let person = Person::draw(number, today, chance);
    let doctor = person.family_doctor(staff, chance);
    let first = visit::first_day(&person, chance);
    let mut courses = problem::lasting(&person, chance);
    courses.extend(problem::passing(&person, first, chance));
    courses.sort_by_key(|course| course.onset);
    let attended = match visits {
        None => visit::plan(&person, &courses, first, &doctor, staff, chance),
        Some(count) => visit::dense(&person, count, &doctor, staff, chance),
    };
    let allergies = allergy::draw(number, &person, &doctor, chance);
    let episodes = prescribing::episodes(&person, &courses, &allergies, chance);
    let done = procedure::procedures(&person, &attended, &courses, chance);
    let team = chance.id();

    let mut chart = vec![person.resource(&staff.hospital, &doctor, chance)];
    chart.extend(attended.iter().map(|visit| visit::encounter(visit, &person, &courses, staff)));
    chart.extend(courses.iter().map(|course| condition(course, &person, &attended, &doctor)));
    chart.extend(allergies.resources);
    chart.extend(episodes.iter().map(|episode| prescribing::request(episode, &person, &attended, &doctor, chance)));
    let level = Level::draw(chance);
    let constitution = Constitution::draw(chance);
    for visit in &attended {
        let measured = vital_signs::measure(visit, &person, &level, &courses, chance);
        chart.extend(vital_signs::observations(visit, &person, &measured, visit.kind == Kind::FollowUp, chance));
        if visit.kind == Kind::CheckUp {
            chart.push(vital_signs::smoking(visit, &person, &level, chance));
        }
        let found = results::of_visit(visit, &person, &constitution, &courses, staff, chance);
        chart.extend(found.resources);
        if visit.kind.is_stay() || visit.kind == Kind::Emergency || chance.happens(0.6) {
            let scene = Scene {
                visit,
                person: &person,
                measured: &measured,
                lines: &found.lines,
                courses: &courses,
                episodes: &episodes,
                staff,
            };
            chart.push(note::document(&scene, chance));
        }
    }
    chart.extend(vaccine::immunizations(&person, &attended, chance));
    let insured = cover::draw(&person, &attended, &done, staff, chance);
    chart.extend(done.into_iter().map(|procedure| procedure.resource));
    chart.extend(care::plans(&person, &courses, &team, &doctor, chance));
    chart.push(care::team(&team, &person, &doctor, staff, chance));
    chart.extend(care::family(&person, first, chance));
    chart.extend(care::devices(&person, &courses, chance));
    chart.extend(insured.resources);
    chart.extend(today::draw(&person, today, &doctor, staff, chance));
    chart.extend(referral::draw(&person, today, &doctor, staff, chance));
    chart
}

fn condition(course: &Course, person: &Person, visits: &[Visit], doctor: &str) -> Value {
    let found = visits.iter().find(|visit| visit.day == course.onset);
    let passing = !course.problem.is_followed() && course.abatement.is_some() || course.problem == Problem::Newborn;
    let (category, display) = if passing {
        ("encounter-diagnosis", "Encounter Diagnosis")
    } else {
        ("problem-list-item", "Problem List Item")
    };
    let status = if course.abatement.is_some() { "resolved" } else { "active" };
    let mut value = json!({
        "resourceType": "Condition", "id": course.id,
        "clinicalStatus": hl7("condition-clinical", status),
        "verificationStatus": hl7("condition-ver-status", "confirmed"),
        "category": [{ "coding": [{ "system": format!("{HL7}/condition-category"), "code": category,
            "display": display }] }],
        "code": course.problem.code().concept(),
        "subject": { "reference": format!("Patient/{}", person.id) },
        "onsetDateTime": course.onset.to_string(),
        "recordedDate": course.onset.to_string(),
        "recorder": reference("Practitioner", found.map_or(doctor, |visit| visit.practitioner.as_str())),
    });
    if let Some(fields) = value.as_object_mut() {
        fields.extend(found.map(|visit| ("encounter".to_owned(), visit.reference())));
        fields.extend(course.abatement.map(|end| ("abatementDateTime".to_owned(), json!(end.to_string()))));
    }
    value
}
