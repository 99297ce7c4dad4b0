//! NEWS2 from the vital signs of a chart. What FHIR calls them stands here; bands, points and responses are those of `vigil_clinical::news2`.

mod seen;

use vigil_clinical::news2::{Parameter, Part, Response, Score, chart_source, parts, score};

use super::Record;
use super::reader::join;
use super::subject::{Fit, Subject};
use crate::view::{EarlyWarningLevel, EarlyWarningPart, EarlyWarningView, When};
use seen::{AllSeen, Set, moments, observed, seen, set};

/// From this age on the score is meant ("NEWS2 should not be used in children under 16 or pregnant women", a4medicine.co.uk of the report of the
/// Royal College of Physicians).
const FROM_YEARS: u32 = 16;

/// The longest pause that Chart 4 leaves between two sets is 12 hours; what was whole longer before the newest value is not the score of now.
const STANDS_FOR: i64 = 12 * 3600;

/// The score; none where nothing that it counts was measured at a known time.
pub(super) fn of<'a>(observations: impl Iterator<Item = &'a Record>, subject: &Subject) -> Option<EarlyWarningView> {
    let seen = seen(observations);
    let newest = seen.values().filter_map(|all| all.last()).max_by_key(|one| one.at)?;
    let why_not = match subject.has_reached(FROM_YEARS, &newest.when.iso) {
        Fit::Yes => "",
        Fit::No => "NEWS2 is for people of 16 years and older.",
        Fit::Unknown => {
            "NEWS2 is for people of 16 years and older; the birth date does not tell whether this patient is."
        }
    };
    if !why_not.is_empty() {
        return Some(EarlyWarningView { not_assessed: why_not.to_owned(), ..empty(newest.when.clone()) });
    }
    let moments = moments(&seen);
    let whole = moments.iter().rev().find_map(|at| {
        let set = set(&seen, *at);
        Some((score(&observed(&set)).ok()?, set, *at))
    });
    Some(match whole {
        Some((score, set, at)) if newest.at.saturating_sub(at) <= STANDS_FOR => scored(&score, &set, newer(&seen, at)),
        before => {
            let mut view = incomplete(&set(&seen, newest.at), newest.when.clone());
            if let Some((score, set, _)) = before {
                let words = format!("The last whole set, of {}, had a score of {}.", latest(&set).text, score.total);
                view.notes.insert(0, words);
            }
            view
        }
    })
}

/// When the last value of a set was measured.
fn latest(set: &Set<'_>) -> When {
    set.values().max_by_key(|one| one.at).map(|one| one.when.clone()).unwrap_or_default()
}

fn scored(score: &Score, set: &Set<'_>, newer: String) -> EarlyWarningView {
    let when = latest(set);
    let (level, band, response, monitoring) = asked(score.response);
    EarlyWarningView {
        total: Some(u32::from(score.total)),
        level,
        band: band.to_owned(),
        response: response.to_owned(),
        monitoring: monitoring.to_owned(),
        parts: rows(&score.parts, set),
        newer,
        ..empty(when)
    }
}

fn incomplete(set: &Set<'_>, when: When) -> EarlyWarningView {
    let parts = parts(&observed(set));
    let missing = parts.iter().filter(|part| part.points.is_none()).map(|part| {
        let words = name(part.parameter).to_lowercase().replace("spo2", "SpO2");
        if set.contains_key(&part.parameter) { format!("{words} (its value cannot be)") } else { words }
    });
    EarlyWarningView { missing: missing.collect(), parts: rows(&parts, set), ..empty(when) }
}

fn empty(when: When) -> EarlyWarningView {
    EarlyWarningView {
        when,
        total: None,
        level: EarlyWarningLevel::None,
        band: String::new(),
        response: String::new(),
        monitoring: String::new(),
        parts: Vec::new(),
        missing: Vec::new(),
        not_assessed: String::new(),
        newer: String::new(),
        notes: vec![
            "SpO2 is read on scale 1. Scale 2 is for a prescribed range of 88 to 92 % in hypercapnic respiratory failure, which is not recorded here."
                .to_owned(),
            "Not for pregnancy, which is not asked of the record.".to_owned(),
        ],
        source: chart_source()
            .map(|source| format!("{} (Chart 1 and Chart 4)", source.publisher))
            .unwrap_or_else(|| "not loaded".to_owned()),
    }
}

fn rows(parts: &[Part], set: &Set<'_>) -> Vec<EarlyWarningPart> {
    let row = |part: &Part| {
        let seen = set.get(&part.parameter);
        EarlyWarningPart {
            name: name(part.parameter).to_owned(),
            value: seen.map(|seen| seen.text.clone()).unwrap_or_default(),
            when: seen.map(|seen| seen.when.clone()).unwrap_or_default(),
            points: part.points.map(u32::from),
        }
    };
    parts.iter().map(row).collect()
}

const fn name(parameter: Parameter) -> &'static str {
    match parameter {
        Parameter::Respiration => "Respiration rate",
        Parameter::Saturation => "SpO2, scale 1",
        Parameter::AirOrOxygen => "Air or oxygen",
        Parameter::Systolic => "Systolic blood pressure",
        Parameter::Pulse => "Pulse",
        Parameter::Consciousness => "Consciousness",
        Parameter::Temperature => "Temperature",
    }
}

/// What was measured after a set: the score does not know it.
fn newer(seen: &AllSeen, at: i64) -> String {
    let after = seen.iter().filter_map(|(parameter, all)| Some((parameter, all.last().filter(|one| one.at > at)?)));
    let after: Vec<_> = after.collect();
    let Some((_, latest)) = after.iter().max_by_key(|(_, one)| one.at) else { return String::new() };
    let names = join(after.iter().map(|(parameter, _)| name(**parameter).to_lowercase().replace("spo2", "SpO2")), ", ");
    format!("Measured since, up to {}, and not in this score: {names}.", latest.when.text)
}

/// Level, band, response and monitoring in the words of Chart 4 of the Royal College of Physicians.
const fn asked(response: Response) -> (EarlyWarningLevel, &'static str, &'static str, &'static str) {
    match response {
        Response::Routine => (EarlyWarningLevel::Routine, "0", "Continue routine NEWS monitoring", "Minimum 12 hourly"),
        Response::Assess => (
            EarlyWarningLevel::Assess,
            "Total 1 to 4",
            "Inform registered nurse, who must assess the patient and decides whether increased frequency of monitoring and/or escalation of care is required",
            "Minimum 4 to 6 hourly",
        ),
        Response::Review => (
            EarlyWarningLevel::Review,
            "3 in single parameter",
            "Registered nurse to inform medical team caring for the patient, who will review and decide whether escalation of care is necessary",
            "Minimum 1 hourly",
        ),
        Response::Urgent => (
            EarlyWarningLevel::Urgent,
            "Urgent response threshold (5 or more)",
            "Registered nurse to immediately inform the medical team caring for the patient and to request urgent assessment by a clinician or team with core competencies in the care of acutely ill patients; clinical care in an environment with monitoring facilities",
            "Minimum 1 hourly",
        ),
        Response::Emergency => (
            EarlyWarningLevel::Emergency,
            "Emergency response threshold (7 or more)",
            "Registered nurse to immediately inform the medical team caring for the patient, at least at specialist registrar level; emergency assessment by a team with critical care competencies, including practitioner(s) with advanced airway management skills; consider transfer of care to a level 2 or 3 clinical care facility",
            "Continuous monitoring of vital signs",
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::testing::record;
    use super::*;

    const LOINC: &str = "http://loinc.org";
    const SNOMED: &str = "http://snomed.info/sct";

    fn adult() -> Subject {
        Subject::of(&json!({ "gender": "female", "birthDate": "1960-03-15" }))
    }

    fn observation(id: &str, date: &str, rest: &Value) -> Record {
        let mut json = json!({ "resourceType": "Observation", "id": id, "status": "final", "effectiveDateTime": date });
        json.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        record(json)
    }

    fn code(system: &str, code: &str) -> Value {
        json!({ "coding": [{ "system": system, "code": code }] })
    }

    fn measured(loinc: &str, value: f64, unit: &str) -> Value {
        json!({ "code": code(LOINC, loinc), "valueQuantity": { "value": value, "unit": unit, "code": unit } })
    }

    /// A whole set at ten o'clock but for what `change` takes out: respiration 22 (2), SpO2 95 (1), air, 118, 95 (1), alert, 38.2 (1).
    fn set_at(hour: &str) -> Vec<Record> {
        let at = |minute: u32| format!("2026-11-21T{hour}:{minute:02}:00Z");
        vec![
            observation("rr", &at(0), &measured("9279-1", 22.0, "/min")),
            observation(
                "spo2",
                &at(1),
                &json!({ "code": code(LOINC, "2708-6"), "valueQuantity": { "value": 95, "unit": "%", "code": "%" },
                    "component": [measured("3151-8", 0.0, "L/min")] }),
            ),
            observation(
                "bp",
                &at(2),
                &json!({ "code": code(LOINC, "85354-9"), "component": [measured("8480-6", 118.0, "mm[Hg]"), measured("8462-4", 70.0, "mm[Hg]")] }),
            ),
            observation("hr", &at(3), &measured("8867-4", 95.0, "/min")),
            observation("temp", &at(4), &measured("8310-5", 100.8, "[degF]")),
            observation(
                "acvpu",
                &at(5),
                &json!({ "code": code(SNOMED, "1104441000000107"), "valueCodeableConcept": code(SNOMED, "248234008") }),
            ),
        ]
    }

    #[test]
    fn a_whole_set_within_an_hour_is_scored() {
        let view = of(set_at("10").iter(), &adult()).unwrap();
        assert_eq!((view.total, view.level), (Some(5), EarlyWarningLevel::Urgent), "2 + 1 + 0 + 0 + 1 + 0 + 1");
        let points: Vec<_> = view.parts.iter().map(|part| part.points).collect();
        assert_eq!(points, [2, 1, 0, 0, 1, 0, 1].map(Some), "in the order of the chart");
        assert_eq!(view.when.text, "21-Nov-2026 10:05", "the time of its latest value");
        assert!(view.band.contains("Urgent") && view.response.contains("immediately inform"), "in words");
        assert!(view.source.contains("Royal College of Physicians"), "{}", view.source);
        assert!(view.missing.is_empty() && view.newer.is_empty(), "nothing is left to say");
        assert_eq!(view.parts[2].value, "Air", "a flow of nothing is air");
    }

    #[test]
    fn a_part_that_is_missing_is_named_and_not_guessed() {
        let mut records = set_at("10");
        records.retain(|record| record.id != "acvpu" && record.id != "spo2");
        let view = of(records.iter(), &adult()).unwrap();
        assert_eq!((view.total, view.level), (None, EarlyWarningLevel::None), "no score");
        assert_eq!(view.missing, ["SpO2, scale 1", "air or oxygen", "consciousness"], "each by its name");
        assert_eq!(view.parts[0].points, Some(2), "what there is has its points");
    }

    #[test]
    fn values_of_another_hour_are_not_of_the_set() {
        let mut records = set_at("10");
        records.retain(|record| record.id != "rr");
        records.push(observation("rr", "2026-11-21T08:00:00Z", &measured("9279-1", 22.0, "/min")));
        let view = of(records.iter(), &adult()).unwrap();
        assert_eq!(
            (view.total, view.missing.as_slice()),
            (None, ["respiration rate".to_owned()].as_slice()),
            "two hours before"
        );
    }

    #[test]
    fn the_latest_whole_set_stands_and_says_what_came_after_it() {
        let mut records = set_at("10");
        records.extend(set_at("07"));
        records.push(observation("later", "2026-11-21T12:30:00Z", &measured("8867-4", 140.0, "/min")));
        let view = of(records.iter(), &adult()).unwrap();
        assert_eq!((view.total, view.when.text.as_str()), (Some(5), "21-Nov-2026 10:05"), "not that of seven o'clock");
        assert!(view.newer.contains("21-Nov-2026 12:30") && view.newer.contains("pulse"), "{}", view.newer);
    }

    #[test]
    fn a_score_of_half_a_day_before_is_not_that_of_now() {
        let mut records = set_at("10");
        records.push(observation("later", "2026-11-21T22:06:00Z", &measured("8867-4", 140.0, "/min")));
        let view = of(records.iter(), &adult()).unwrap();
        assert_eq!((view.total, view.missing.len()), (None, 6), "the pulse alone is no set");
        assert_eq!(view.when.text, "21-Nov-2026 22:06", "the newest value");
        assert_eq!(view.notes[0], "The last whole set, of 21-Nov-2026 10:05, had a score of 5.", "and what there was");
    }

    #[test]
    fn a_mistake_a_day_and_a_foreign_unit_do_not_count() {
        let mut records = set_at("10");
        records[3].json["status"] = json!("entered-in-error");
        records.push(observation("day", "2026-11-21", &measured("8867-4", 95.0, "/min")));
        records.push(observation("kpa", "2026-11-21T10:05:00Z", &measured("8480-6", 16.0, "kPa")));
        let view = of(records.iter(), &adult()).unwrap();
        assert_eq!(view.missing, ["pulse"], "the pulse that stands is of no known hour");
        assert_eq!(view.parts[3].value, "118.0 mmHg", "a pressure in kPa is not read as mmHg");
    }

    #[test]
    fn a_child_has_no_score_and_an_unknown_age_none_either() {
        let child = Subject::of(&json!({ "birthDate": "2015-01-01" }));
        let view = of(set_at("10").iter(), &child).unwrap();
        assert!(view.total.is_none() && view.parts.is_empty() && view.not_assessed.contains("16 years"), "a child");
        let view = of(set_at("10").iter(), &Subject::default()).unwrap();
        assert!(view.total.is_none() && view.not_assessed.contains("birth date"), "of unknown age");
        assert!(of(std::iter::empty(), &adult()).is_none(), "without a value there is nothing to say");
    }
}
