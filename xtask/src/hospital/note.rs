//! Notes as clinicians write them: plain text that quotes this visit's measurements, problems, drugs and results.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::chance::Chance;
use super::code::{Code, loinc, moment, number, reference};
use super::person::Person;
use super::prescribing::Episode;
use super::problem::{Course, Problem};
use super::results::Line;
use super::staff::Staff;
use super::visit::{Kind, Visit};
use super::vital_signs::Measured;

/// Document types: Synthea bulk export sample and US Core 9.0.0 examples.
const HISTORY: Code = loinc("34117-2", "History and physical note");
const EMERGENCY: Code = loinc("34111-5", "Emergency department note");
const DISCHARGE: Code = loinc("18842-5", "Discharge Summary");
const PLAN: Code = loinc("51847-2", "Evaluation + Plan note");

/// Everything about a visit that a note can quote.
pub(super) struct Scene<'a> {
    pub(super) visit: &'a Visit,
    pub(super) person: &'a Person,
    pub(super) measured: &'a Measured,
    pub(super) lines: &'a [Line],
    pub(super) courses: &'a [Course],
    pub(super) episodes: &'a [Episode],
    pub(super) staff: &'a Staff,
}

pub(super) fn document(scene: &Scene<'_>, chance: &mut Chance) -> Value {
    let visit = scene.visit;
    let (kind, text) = match visit.kind {
        Kind::Admission | Kind::Birth => (DISCHARGE, discharge(scene, chance)),
        Kind::Emergency => (EMERGENCY, emergency(scene, chance)),
        Kind::FollowUp | Kind::Symptom => (PLAN, soap(scene, chance)),
        Kind::CheckUp | Kind::WellChild => (HISTORY, check_up(scene, chance)),
    };
    let written = if visit.kind.is_stay() {
        moment(visit.day + chrono::Duration::days(visit.nights), 15 * 60)
    } else {
        visit.at(45)
    };
    json!({
        "resourceType": "DocumentReference", "id": chance.id(), "status": "current", "docStatus": "final",
        "type": kind.concept(),
        "category": [{ "coding": [{
            "system": "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
            "code": "clinical-note", "display": "Clinical Note" }] }],
        "subject": { "reference": format!("Patient/{}", scene.person.id) },
        "date": written,
        "author": [reference("Practitioner", &visit.practitioner)],
        "custodian": reference("Organization", &scene.staff.hospital),
        "description": kind.display,
        "content": [{ "attachment": { "contentType": "text/plain; charset=utf-8", "language": "en-US",
            "data": STANDARD.encode(text.as_bytes()), "title": kind.display, "creation": visit.at(45) } }],
        "context": { "encounter": [visit.reference()], "period": { "start": visit.at(0) } },
    })
}

fn soap(scene: &Scene<'_>, chance: &mut Chance) -> String {
    let subject = story(scene.visit.reason, scene.visit.kind, chance);
    let next = chance.pick(&[
        "Return in 3 months, sooner if anything changes.",
        "Return in 6 months with results.",
        "Call with home readings in 2 weeks.",
        "No follow-up needed if symptoms settle.",
    ]);
    format!(
        "SUBJECTIVE\n{subject}\n\nOBJECTIVE\n{}\n{}\nASSESSMENT\n{}\n\nPLAN\n{}\n{next}\n\n{}\n",
        vital_line(scene.measured),
        result_lines(scene.lines),
        assessment(scene),
        plan(scene),
        signature(scene),
    )
}

fn check_up(scene: &Scene<'_>, chance: &mut Chance) -> String {
    let history = if scene.visit.kind == Kind::WellChild {
        *chance.pick(&[
            "Here with a parent for a well child visit. Eating and sleeping well. No concerns at home or at school.",
            "Well child visit. Parent reports new words and much energy. Plays well with other children.",
            "Well child visit. A little picky with food, otherwise thriving.",
        ])
    } else {
        *chance.pick(&[
            "Here for a periodic check-up. Feels well. Walks most days. Sleeps six to seven hours.",
            "Annual visit. No new complaints. Work has been busy; less exercise than hoped.",
            "Check-up. Mentions occasional stiffness in the morning, gone within minutes.",
        ])
    };
    format!(
        "HISTORY\n{history}\n\nEXAMINATION\n{}\nAlert, in no distress. Heart sounds regular. Lungs clear. Abdomen soft, not tender. \
         Skin without suspicious marks.\n\n{}\nPROBLEMS\n{}\n\nMEDICINES\n{}\n\nPLAN\nScreening and vaccines reviewed. \
         Next check-up in about a year.\n\n{}\n",
        vital_line(scene.measured),
        result_lines(scene.lines),
        problem_list(scene),
        medicine_list(scene),
        signature(scene),
    )
}

fn emergency(scene: &Scene<'_>, chance: &mut Chance) -> String {
    let arrival = chance.pick(&["Arrived on foot.", "Brought by a neighbour.", "Arrived by ambulance."]);
    format!(
        "EMERGENCY DEPARTMENT\n{arrival} {}\n\nON ARRIVAL\n{}\n\n{}\nDIAGNOSIS\n{}\n\nCOURSE\nTreated and observed; felt better. \
         Written advice given, including when to come back at once.\n\n{}\n",
        story(scene.visit.reason, scene.visit.kind, chance),
        vital_line(scene.measured),
        result_lines(scene.lines),
        assessment(scene),
        signature(scene),
    )
}

fn discharge(scene: &Scene<'_>, chance: &mut Chance) -> String {
    if scene.visit.kind == Kind::Birth {
        return format!(
            "NEWBORN DISCHARGE SUMMARY\nBorn in this hospital. Feeding well, passing urine and stool. Weight {} kg, length {} cm.\n\
             Examination without findings. Goes home with parents.\n\n{}\n",
            number(scene.measured.weight, 1),
            number(scene.measured.height, 0),
            signature(scene)
        );
    }
    format!(
        "DISCHARGE SUMMARY\nStay of {} nights.\n\nREASON FOR ADMISSION\n{}\n\nON ADMISSION\n{}\n\n{}\nHOSPITAL COURSE\n{}\n\n\
         MEDICINES AT DISCHARGE\n{}\n\nFOLLOW-UP\nWith the family doctor within two weeks.\n\n{}\n",
        scene.visit.nights,
        story(scene.visit.reason, scene.visit.kind, chance),
        vital_line(scene.measured),
        result_lines(scene.lines),
        chance.pick(&[
            "Improved steadily under treatment. Walked the corridor without help on the last day.",
            "Slow at first, then clear improvement. No complications.",
            "Uneventful. Tolerated food and drink throughout.",
        ]),
        medicine_list(scene),
        signature(scene),
    )
}

fn story(reason: Option<Problem>, kind: Kind, chance: &mut Chance) -> &'static str {
    use Problem as P;
    let worse = kind == Kind::Admission || kind == Kind::Emergency;
    match reason {
        Some(P::HeartFailure) if worse => "Short of breath lying flat for four days, ankles swollen, gained weight.",
        Some(P::Copd | P::Asthma | P::ChildhoodAsthma) if worse => "Wheezing and short of breath since last night.",
        Some(P::Appendicitis) => "Pain that began around the navel and moved to the lower right, with nausea.",
        Some(P::Laceration) => "Cut the hand on broken glass. Bleeding stopped with pressure. Fingers move and feel.",
        Some(P::Concussion) => "Hit the head in a fall. Did not pass out. Headache and some dizziness since.",
        Some(P::AtrialFibrillation) if worse => "Palpitations and a racing heart since the morning.",
        Some(P::Hypertension) if chance.happens(0.5) => {
            "Home readings mostly in the 130s. Takes the tablets every morning."
        }
        Some(P::Hypertension) => "Forgot tablets on some days while travelling. No headaches.",
        Some(P::Diabetes) if chance.happens(0.5) => {
            "Checks sugar most mornings. No low readings. Feet looked at daily."
        }
        Some(P::Diabetes) => "Finds the diet hard on weekends. No numbness, no change in eyesight.",
        Some(P::HeartFailure) => "Stable. Sleeps on one pillow. Weighs every morning.",
        Some(P::Asthma | P::ChildhoodAsthma | P::Copd) => {
            "Uses the rescue inhaler about once a week. No night symptoms."
        }
        Some(P::Otitis) => "Pulling at the ear, fever at night, fussy.",
        Some(P::StrepThroat | P::Pharyngitis) => "Sore throat for three days, painful to swallow.",
        Some(P::Sinusitis) => "Pressure over the cheeks and a stuffed nose for five days.",
        Some(P::Bronchitis) => "Cough with sputum for a week, tired.",
        Some(P::Cystitis) => "Burning on urination since yesterday. No fever, no back pain.",
        Some(P::AnkleSprain) => "Turned the ankle on a stair. Can walk with pain.",
        Some(_) => "Seen for this problem; details as below. No other complaints.",
        None => "No complaints.",
    }
}

fn vital_line(measured: &Measured) -> String {
    format!(
        "BP {}/{} mmHg, pulse {}, breaths {} a minute, temperature {} Cel, oxygen {} %, weight {} kg.",
        number(measured.systolic, 0),
        number(measured.diastolic, 0),
        number(measured.heart, 0),
        number(measured.breathing, 0),
        number(measured.temperature, 1),
        number(measured.saturation, 0),
        number(measured.weight, 1),
    )
}

fn result_lines(lines: &[Line]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let text = |line: &Line| format!("{} {} {}", line.name, line.text, line.flag).trim_end().to_owned();
    format!("RESULTS\n{}\n", lines.iter().map(text).collect::<Vec<_>>().join("\n"))
}

fn assessment(scene: &Scene<'_>) -> String {
    match scene.visit.reason {
        Some(problem) => format!("{}.", problem.code().text()),
        None => "No acute problem.".to_owned(),
    }
}

fn plan(scene: &Scene<'_>) -> String {
    let medicines = medicine_list(scene);
    if medicines == "None." { "Rest and fluids as needed.".to_owned() } else { format!("Continue:\n{medicines}") }
}

fn problem_list(scene: &Scene<'_>) -> String {
    let active = scene.courses.iter().filter(|course| course.is_active(scene.visit.day));
    listed(active.map(|course| course.problem.code().text()))
}

fn medicine_list(scene: &Scene<'_>) -> String {
    let active = scene.episodes.iter().filter(|episode| episode.is_active(scene.visit.day));
    listed(active.map(|episode| episode.drug.code.display))
}

fn listed<'a>(items: impl Iterator<Item = &'a str>) -> String {
    let lines: Vec<String> = items.map(|item| format!("- {item}")).collect();
    if lines.is_empty() { "None.".to_owned() } else { lines.join("\n") }
}

fn signature(scene: &Scene<'_>) -> String {
    let name = scene.staff.by_id(&scene.visit.practitioner).map_or("", |who| who.name.as_str());
    format!("Signed: {name}")
}
