//! Vital signs and results: one row per kind of observation, and the series behind it.

use std::collections::HashMap;

use serde_json::Value;
use vigil_model::fhir::coding;
use vigil_model::fhir::field::{at, items, text};

use super::Record;
use super::flag::Bounds;
use super::growth;
use super::reader::{is_error, join, labelled, seconds, unreadable};
use super::reading::{Reading, readings};
use super::social_history::is_social_history;
use super::subject::Subject;
use crate::view::{Flag, ObservationGroup, SeriesPoint, SeriesView};

const LOINC: &str = "http://loinc.org";

/// Vital signs by code, for observations that carry no category: FHIR R4 value set observation-vitalsignresult
/// (hl7.org/fhir/valueset-observation-vitalsignresult.html), and 55284-4, the older blood pressure panel that Synthea writes.
const VITAL_SIGNS: [&str; 13] = [
    "85353-1", "9279-1", "8867-4", "2708-6", "8310-5", "8302-2", "9843-4", "29463-7", "39156-5", "85354-9", "8480-6",
    "8462-4", "55284-4",
];

/// FHIR R4 extension: "This observation replaces a previous observation (i.e. a revised value)."
/// (hl7.org/fhir/R4/extension-observation-replaces.html).
pub(crate) const REPLACES: &str = "http://hl7.org/fhir/StructureDefinition/observation-replaces";

/// How many values a sparkline shows.
const TREND: usize = 24;

/// Readings of one code, system and unit, oldest first.
pub(super) struct Group<'a> {
    key: String,
    readings: Vec<Reading<'a>>,
}

/// The vital signs and every other observation but the social history, each most urgent first, then newest.
pub(super) fn split<'a>(
    observations: impl Iterator<Item = &'a Record>,
    subject: &Subject,
) -> (Vec<ObservationGroup>, Vec<ObservationGroup>) {
    let observations = observations.filter(|record| !is_social_history(&record.json));
    let (vitals, results): (Vec<_>, Vec<_>) = grouped(observations).into_iter().partition(Group::is_vital_sign);
    (rows(&vitals, subject), rows(&results, subject))
}

/// The vital signs alone.
pub(super) fn vitals<'a>(observations: impl Iterator<Item = &'a Record>, subject: &Subject) -> Vec<ObservationGroup> {
    split(observations, subject).0
}

/// Every other observation alone.
pub(super) fn results<'a>(observations: impl Iterator<Item = &'a Record>, subject: &Subject) -> Vec<ObservationGroup> {
    split(observations, subject).1
}

/// The series behind the row with this key.
pub(super) fn series(records: &[Record], subject: &Subject, key: &str) -> Option<SeriesView> {
    // Those that the rows were made of: what has no unit joins the group that has one.
    let is_listed = |record: &&Record| unreadable(record).is_none() && !is_social_history(&record.json);
    let observations = records.iter().filter(|record| record.resource_type == "Observation").filter(is_listed);
    let group = grouped(observations).into_iter().find(|group| group.key == key)?;
    let latest = group.latest()?;
    let ranged = group.readings.iter().rev().filter(|reading| !reading.is_error()).find_map(|reading| {
        let bounds = reading.judged(subject).1;
        if bounds.low.is_some() || bounds.high.is_some() { Some((reading, bounds)) } else { None }
    });
    let lines = if latest.numbers.len() == 2 {
        vec!["Systolic".to_owned(), "Diastolic".to_owned()]
    } else {
        vec![String::new()]
    };
    Some(SeriesView {
        name: latest.name(),
        code: latest.code(),
        unit: group.unit(),
        range_low: ranged.as_ref().and_then(|(_, bounds)| bounds.low),
        range_high: ranged.as_ref().and_then(|(_, bounds)| bounds.high),
        range_source: ranged.map(|(reading, bounds)| range_source(reading, &bounds)).unwrap_or_default(),
        points: group
            .readings
            .iter()
            .filter_map(|reading| {
                Some(SeriesPoint { replacement: group.replacement(reading), ..point(reading, subject, lines.len())? })
            })
            .collect(),
        lines,
        growth: growth::of(&group.readings, subject),
        vital_sign: Some(&latest.record.json).filter(|json| is_vital_sign(json)).and_then(crate::write::vital_sign_of),
    })
}

fn rows(groups: &[Group<'_>], subject: &Subject) -> Vec<ObservationGroup> {
    let mut rows: Vec<_> = groups.iter().filter_map(|group| group.row(subject)).collect();
    rows.sort_by_cached_key(|row| {
        (is_error(&row.status), urgency(row.flag), std::cmp::Reverse(seconds(&row.when)), row.name.clone())
    });
    rows
}

/// Groups by kind and unit. A reading without a number joins the numbers of its kind when all those have one unit.
pub(super) fn grouped<'a>(observations: impl Iterator<Item = &'a Record>) -> Vec<Group<'a>> {
    let all: Vec<Reading<'a>> = observations.flat_map(readings).collect();
    let mut units: HashMap<String, Option<&str>> = HashMap::new();
    for reading in all.iter().filter(|reading| !reading.has_no_number()) {
        units
            .entry(reading.kind.clone())
            .and_modify(|unit| *unit = unit.filter(|unit| *unit == reading.unit_key))
            .or_insert(Some(reading.unit_key));
    }
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for reading in all {
        let joined = if reading.has_no_number() { units.get(&reading.kind).copied().flatten() } else { None };
        let key = format!("{}|{}", reading.kind, joined.unwrap_or(reading.unit_key));
        let place = *places.entry(key).or_insert_with_key(|key| {
            groups.push(Group { key: key.clone(), readings: Vec::new() });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(place) {
            group.readings.push(reading);
        }
    }
    for group in &mut groups {
        group.readings.sort_by_key(|reading| reading.epoch.unwrap_or(i64::MIN));
    }
    groups
}

impl Group<'_> {
    /// A kind that one sender calls a vital sign is one row there, whatever another sender calls it.
    fn is_vital_sign(&self) -> bool {
        self.readings.iter().any(|reading| is_vital_sign(&reading.record.json))
    }

    /// The latest value that is no mistake; a mistake only when there is nothing else.
    fn latest(&self) -> Option<&Reading<'_>> {
        self.readings.iter().rev().find(|reading| !reading.is_error()).or_else(|| self.readings.last())
    }

    /// The value that replaces one that was entered in error (FHIR R4 extension `observation-replaces`).
    fn replacement(&self, wrong: &Reading<'_>) -> String {
        let name = format!("Observation/{}", wrong.record.id);
        let replaces = |reading: &&Reading<'_>| {
            items(&reading.record.json, "extension").iter().any(|extension| {
                text(extension, "url") == REPLACES && text(at(extension, &["valueReference"]), "reference") == name
            })
        };
        self.readings.iter().filter(|_| wrong.is_error()).find(replaces).map(Reading::value).unwrap_or_default()
    }

    fn unit(&self) -> String {
        self.readings.iter().rev().map(Reading::unit).find(|unit| !unit.is_empty()).unwrap_or_default()
    }

    fn row(&self, subject: &Subject) -> Option<ObservationGroup> {
        let latest = self.latest()?;
        let numbers = self
            .readings
            .iter()
            .filter(|reading| !reading.is_error())
            .filter_map(|reading| reading.numbers.first().copied().flatten());
        let numbers: Vec<f64> = numbers.collect();
        let (flag, bounds) = latest.judged(subject);
        Some(ObservationGroup {
            key: self.key.clone(),
            name: latest.name(),
            code: latest.code(),
            category: category(&latest.record.json),
            value: latest.value(),
            unit: latest.unit(),
            flag,
            range: bounds.text,
            when: latest.when(),
            count: u32::try_from(self.readings.len()).unwrap_or(u32::MAX),
            status: latest.status(),
            trend: numbers.get(numbers.len().saturating_sub(TREND)..).unwrap_or_default().to_vec(),
            id: latest.record.id.clone(),
        })
    }
}

/// A moment of a series; none for a reading without any date, which has no place on a time axis (the list and the resource still show it).
fn point(reading: &Reading<'_>, subject: &Subject, lines: usize) -> Option<SeriesPoint> {
    let mut values = reading.numbers.clone();
    values.resize(lines, None);
    if reading.is_error() {
        values.fill(None);
    }
    #[expect(clippy::cast_precision_loss, reason = "seconds of any date that chrono knows fit a double exactly")]
    let epoch_seconds = reading.epoch? as f64;
    let (flag, bounds) = reading.judged(subject);
    Some(SeriesPoint {
        id: reading.record.id.clone(),
        when: reading.when(),
        epoch_seconds,
        values,
        text: reading.value(),
        flag,
        range: bounds.text,
        status: reading.status(),
        version: reading.record.version,
        replacement: String::new(),
    })
}

fn range_source(reading: &Reading<'_>, bounds: &Bounds) -> String {
    if !bounds.source.is_empty() {
        return bounds.source.clone();
    }
    let sent = format!("reference range sent with the value of {}", reading.when().text);
    let own = join([sent, bounds.applies_to.clone()], ", for ");
    join([own, labelled("other ranges there", &bounds.others)], "; ")
}

/// `vital-signs` when the record says so, or when it says nothing and the code is one.
pub(crate) fn is_vital_sign(observation: &Value) -> bool {
    let categories = items(observation, "category");
    if categories.is_empty() {
        return VITAL_SIGNS.iter().any(|code| coding::has_code(at(observation, &["code"]), LOINC, code));
    }
    // `vital-sign` is a slip that is met in published examples.
    categories.iter().any(|category| {
        items(category, "coding")
            .iter()
            .any(|coding| matches!(coding.get("code").and_then(Value::as_str), Some("vital-signs" | "vital-sign")))
    })
}

fn category(observation: &Value) -> String {
    let own = items(observation, "category").iter().map(coding::code).find(|code| !code.is_empty());
    own.unwrap_or(if is_vital_sign(observation) { "vital-signs" } else { "" }).to_owned()
}

/// Low is urgent.
pub(super) fn urgency(flag: Flag) -> u8 {
    match flag {
        Flag::CriticalLow | Flag::CriticalHigh | Flag::CriticalAbnormal => 0,
        Flag::Low | Flag::High | Flag::Abnormal => 1,
        Flag::None | Flag::Normal => 2,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::record;
    use super::*;

    fn potassium(id: &str, date: &str, more: &Value) -> Record {
        let mut json = json!({ "resourceType": "Observation", "id": id, "status": "final", "effectiveDateTime": date,
            "category": [{ "coding": [{ "code": "laboratory" }] }],
            "code": { "coding": [{ "system": LOINC, "code": "2823-3" }], "text": "Potassium" } });
        json.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        record(json)
    }

    fn value(value: f64, unit: &str) -> Value {
        json!({ "valueQuantity": { "value": value, "unit": unit, "code": unit } })
    }

    #[test]
    fn values_of_one_unit_are_one_row_and_a_second_unit_is_a_second_row() {
        let records = [
            potassium("new", "2026-11-21T10:42:00Z", &value(5.4, "mmol/L")),
            potassium("old", "2026-11-20T10:42:00Z", &value(4.1, "mmol/L")),
            potassium("other", "2026-11-19", &value(16.0, "mg/dL")),
        ];
        let rows = results(records.iter(), &Subject::default());
        assert_eq!(rows.len(), 2, "units are never mixed in one row");
        let row = rows.iter().find(|row| row.unit == "mmol/L").unwrap();
        assert_eq!(
            (row.value.as_str(), row.count, row.trend.as_slice(), row.id.as_str()),
            ("5.4", 2, [4.1, 5.4].as_slice(), "new"),
            "the latest as a number, the trend oldest first"
        );
        assert!(vitals(records.iter(), &Subject::default()).is_empty(), "a laboratory value is no vital sign");
    }

    #[test]
    fn a_missing_value_says_why_and_joins_its_series() {
        let absent = json!({ "dataAbsentReason": { "coding": [{ "code": "unknown", "display": "Unknown" }] } });
        let records = [potassium("a", "2026-11-20", &value(4.1, "mmol/L")), potassium("b", "2026-11-21", &absent)];
        let rows = results(records.iter(), &Subject::default());
        assert_eq!(
            (rows.len(), rows[0].value.as_str(), rows[0].count),
            (1, "No value (unknown)", 2),
            "never blank, never apart"
        );
        let series = series(&records, &Subject::default(), &rows[0].key).unwrap();
        assert_eq!(
            (series.unit.as_str(), series.points[1].values.as_slice()),
            ("mmol/L", [None].as_slice()),
            "no number where there was none"
        );
    }

    #[test]
    fn a_mistake_is_neither_the_latest_value_nor_drawn() {
        let wrong = json!({ "status": "entered-in-error", "valueQuantity": { "value": 54, "unit": "mmol/L", "code": "mmol/L" } });
        let records = [potassium("a", "2026-11-20", &value(4.1, "mmol/L")), potassium("b", "2026-11-21", &wrong)];
        let rows = results(records.iter(), &Subject::default());
        assert_eq!(
            (rows[0].value.as_str(), rows[0].trend.as_slice(), rows[0].count),
            ("4.1", [4.1].as_slice(), 2),
            "the value that stands"
        );
        let points = series(&records, &Subject::default(), &rows[0].key).unwrap().points;
        assert_eq!(
            (points[1].status.as_str(), points[1].values.as_slice()),
            ("entered-in-error", [None].as_slice()),
            "the mistake is shown as one"
        );
    }

    #[test]
    fn blood_pressure_is_one_row_with_two_lines() {
        let part = |code: &str, value: i32| json!({ "code": { "coding": [{ "system": LOINC, "code": code }] }, "valueQuantity": { "value": value, "unit": "mm[Hg]" } });
        let pressure = record(
            json!({ "resourceType": "Observation", "id": "bp", "status": "final", "effectiveDateTime": "2026-11-21T10:42:00Z",
            "code": { "coding": [{ "system": LOINC, "code": "85354-9", "display": "Blood pressure" }] }, "component": [part("8462-4", 80), part("8480-6", 120)] }),
        );
        let rows = vitals([&pressure].into_iter(), &Subject::default());
        assert_eq!(
            (rows.len(), rows[0].value.as_str(), rows[0].unit.as_str()),
            (1, "120 / 80", "mmHg"),
            "systolic first, whatever the order"
        );
        let series = series(&[pressure], &Subject::default(), &rows[0].key).unwrap();
        assert_eq!(
            (series.lines.len(), series.points[0].values.as_slice()),
            (2, [Some(120.0), Some(80.0)].as_slice()),
            "two linked lines"
        );
    }

    #[test]
    fn a_series_has_true_times_and_the_range_of_the_latest_value_that_has_one() {
        let range = json!({ "low": { "value": 3.5, "unit": "mmol/L" }, "high": { "value": 5.1, "unit": "mmol/L" } });
        let mut ranged = value(5.4, "mmol/L");
        ranged.as_object_mut().unwrap().insert("referenceRange".into(), json!([range]));
        let records =
            [potassium("b", "2026-11-21T10:42:00-05:00", &ranged), potassium("a", "2026-11-20", &value(4.1, "mmol/L"))];
        let key = results(records.iter(), &Subject::default())[0].key.clone();
        let series = series(&records, &Subject::default(), &key).unwrap();
        assert_eq!(series.points.iter().map(|point| point.id.as_str()).collect::<Vec<_>>(), ["a", "b"], "oldest first");
        assert!((series.points[1].epoch_seconds - 1_795_275_720.0).abs() < 0.5, "15:42 UTC");
        assert_eq!(
            (series.range_low, series.range_high, series.points[1].flag),
            (Some(3.5), Some(5.1), Flag::High),
            "the range is the data's own"
        );
        assert_eq!(
            series.range_source, "reference range sent with the value of 21-Nov-2026 10:42",
            "and says where it comes from"
        );
        assert!(super::series(&records, &Subject::default(), "no such key").is_none(), "an unknown key has no series");
    }
}
