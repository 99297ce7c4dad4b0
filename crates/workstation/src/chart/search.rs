//! What of a chart matches what was typed: the latest value of each kind of observation, problems, allergies, medicines, and the social
//! history.

use vigil_model::Section;

use super::reader::{Chart, is_error, join, seconds};
use super::subject::Subject;
use super::{allergies, medications, observations, problems, social_history};
use crate::index::words;
use crate::view::{AllergyRow, ChartHit, Flag, MedicationRow, ObservationGroup, PlainRow, ProblemRow};

/// Words that ask for the latest value, which is the one that is found anyway.
const LATEST: [&str; 2] = ["last", "latest"];

/// Everything that matches, best first: names that begin with what was typed, then what was measured or began latest. What was entered in
/// error is not found.
pub(super) fn hits(chart: &Chart<'_>, subject: &Subject, text: &str) -> Vec<ChartHit> {
    let wanted = wanted(text);
    if wanted.is_empty() {
        return Vec::new();
    }
    let (vitals, results) = observations::split(chart.of("Observation"), subject);
    let observed =
        |section, groups: Vec<ObservationGroup>| groups.into_iter().filter_map(move |row| value(section, row));
    let mut hits: Vec<_> = observed(Section::Vitals, vitals)
        .chain(observed(Section::Results, results))
        .chain(medications::rows(chart).into_iter().filter_map(medicine))
        .chain(problems::rows(chart).into_iter().filter_map(problem))
        .chain(allergies::rows(chart).into_iter().filter_map(allergy))
        .chain(social_history::latest(chart, usize::MAX).into_iter().map(lived))
        .filter(|hit| matches(&hit.name, &wanted))
        .collect();
    hits.sort_by_cached_key(|hit| {
        let begins = words(&hit.name).next().zip(wanted.first()).is_some_and(|(first, word)| first.starts_with(word));
        (!begins, std::cmp::Reverse(seconds(&hit.when)), hit.name.clone())
    });
    hits
}

/// The words that were typed but for a leading `last`.
fn wanted(text: &str) -> Vec<String> {
    let mut wanted: Vec<_> = words(text).collect();
    if wanted.len() > 1 && wanted.first().is_some_and(|word| LATEST.contains(&word.as_str())) {
        wanted.remove(0);
    }
    wanted
}

/// Whether each word that was typed begins a word of the name.
fn matches(name: &str, wanted: &[String]) -> bool {
    let name: Vec<_> = words(name).collect();
    wanted.iter().all(|word| name.iter().any(|part| part.starts_with(word.as_str())))
}

fn value(section: Section, row: ObservationGroup) -> Option<ChartHit> {
    let detail = join([&row.value, &row.unit], " ");
    let hit = ChartHit { section, key: row.key, name: row.name, detail, flag: row.flag, when: row.when };
    (!is_error(&row.status)).then_some(hit)
}

fn medicine(row: MedicationRow) -> Option<ChartHit> {
    let detail = join([&row.status, &row.dose, &row.route, &row.frequency, &row.text], " ");
    let key = format!("{}/{}", row.resource_type, row.id);
    let hit = ChartHit { section: Section::Medications, key, name: row.name, detail, flag: Flag::None, when: row.when };
    (!is_error(&row.status)).then_some(hit)
}

fn problem(row: ProblemRow) -> Option<ChartHit> {
    let hit = ChartHit {
        section: Section::Problems,
        key: row.id,
        name: row.name,
        detail: row.clinical_status,
        flag: Flag::None,
        when: row.onset,
    };
    (!is_error(&row.verification_status)).then_some(hit)
}

fn allergy(row: AllergyRow) -> Option<ChartHit> {
    let detail = join(std::iter::once(&row.clinical_status).chain(&row.reactions), ", ");
    let hit = ChartHit {
        section: Section::Allergies,
        key: row.id,
        name: format!("Allergy: {}", row.agent),
        detail,
        flag: Flag::None,
        when: row.recorded,
    };
    (!is_error(&row.verification_status)).then_some(hit)
}

/// Mistakes are not among the latest.
fn lived(row: PlainRow) -> ChartHit {
    let (name, detail) = (row.title, row.detail);
    ChartHit { section: Section::SocialHistory, key: row.id, name, detail, flag: Flag::None, when: row.when }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::testing::record;
    use super::super::{Nobody, Record};
    use super::*;

    fn observation(id: &str, name: &str, value: f64, date: &str) -> Value {
        json!({ "resourceType": "Observation", "id": id, "status": "final", "code": { "text": name },
            "category": [{ "coding": [{ "code": "laboratory" }] }],
            "valueQuantity": { "value": value, "unit": "mmol/L" }, "effectiveDateTime": date })
    }

    fn chart() -> Vec<Record> {
        let mut wrong = observation("k3", "Wrongassium", 9.9, "2026-11-22T08:00:00Z");
        wrong["status"] = json!("entered-in-error");
        [
            observation("k1", "Potassium [Moles/volume] in Blood", 4.2, "2026-11-20T08:00:00Z"),
            observation("k2", "Potassium [Moles/volume] in Blood", 5.9, "2026-11-21T08:00:00Z"),
            observation("na", "Sodium", 140.0, "2026-11-21T09:00:00Z"),
            wrong,
            json!({ "resourceType": "MedicationStatement", "id": "m", "status": "active",
                "medicationCodeableConcept": { "text": "potassium chloride 600 mg" }, "effectiveDateTime": "2026-11-22" }),
            json!({ "resourceType": "Condition", "id": "c", "code": { "text": "Low potassium" }, "onsetDateTime": "2026-11-23" }),
            json!({ "resourceType": "AllergyIntolerance", "id": "a", "code": { "text": "Penicillin" },
                "clinicalStatus": { "coding": [{ "code": "active" }] } }),
        ]
        .map(record)
        .into()
    }

    fn found(text: &str) -> Vec<(Section, String, String)> {
        let records = chart();
        let (chart, _) = Chart::new(&records, &Nobody, |_| true);
        let hits = hits(&chart, &Subject::default(), text).into_iter();
        hits.map(|hit| (hit.section, hit.key, hit.detail)).collect()
    }

    #[test]
    fn the_last_value_is_found_by_the_beginning_of_its_name_and_what_begins_with_it_stands_first() {
        let found = found("last potas");
        let sections: Vec<_> = found.iter().map(|(section, ..)| *section).collect();
        assert_eq!(
            sections,
            [Section::Medications, Section::Results, Section::Problems],
            "names that begin so, newest first, then others: {found:?}"
        );
        assert_eq!(found[1].2, "5.9 mmol/L", "the latest of both values");
    }

    #[test]
    fn every_word_has_to_begin_one_and_a_mistake_is_not_found() {
        assert_eq!(found("blood POTÁSSIUM").len(), 1, "in any order, whatever its case and accents");
        assert!(found("potassium heart").is_empty(), "each word counts");
        assert!(found("otassium").is_empty(), "a word is found by its beginning");
        assert!(found("wrongassium").is_empty(), "entered in error");
        assert_eq!(found("penicillin")[0].0, Section::Allergies, "an allergy");
        assert!(found("  ").is_empty() && found("?!").is_empty(), "nothing finds nothing");
        assert!(found("last").is_empty(), "and a word alone is that word");
    }
}
