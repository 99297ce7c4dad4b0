//! Whether the chart has an entry of a document already: the same identifier, or the same thing at the same time or still going on. Pure.
//! It marks, and decides nothing: whoever reviews can take it all the same.

use std::collections::HashMap;

use serde_json::Value;
use vigil_ccda::Entry;
use vigil_model::fhir::field::{at, items, text};
use vigil_model::fhir::{FhirTime, coding, format_date};
use vigil_model::{Section, fold};

use crate::chart::Record;

/// The types that entries of a page are compared with.
pub(super) const fn types_of(section: Section) -> &'static [&'static str] {
    match section {
        Section::Problems => &["Condition"],
        Section::Allergies => &["AllergyIntolerance"],
        Section::Medications => &["MedicationStatement", "MedicationRequest"],
        Section::Vitals | Section::SocialHistory => &["Observation"],
        Section::Results => &["Observation", "DiagnosticReport"],
        Section::Immunizations => &["Immunization"],
        Section::Encounters => &["Encounter"],
        Section::Procedures => &["Procedure"],
        Section::CarePlans => &["Goal"],
        Section::FamilyHistory => &["FamilyMemberHistory"],
        Section::Devices => &["Device"],
        Section::Summary
        | Section::Timeline
        | Section::Documents
        | Section::CareTeam
        | Section::Flags
        | Section::Coverage
        | Section::Amendments
        | Section::Other
        | Section::Access => &[],
    }
}

/// What stands in a chart, by what it is.
pub(super) struct Index<'r> {
    by_key: HashMap<String, Vec<&'r Value>>,
}

impl<'r> Index<'r> {
    pub(super) fn new(records: impl IntoIterator<Item = &'r Value>) -> Self {
        let mut index = Self { by_key: HashMap::new() };
        for record in records {
            index.add(record);
        }
        index
    }

    /// From now on `resource` stands too.
    pub(super) fn add(&mut self, resource: &'r Value) {
        if is_mistake(resource) {
            return;
        }
        for key in keys(resource) {
            self.by_key.entry(key).or_default().push(resource);
        }
    }

    /// What is known of the same thing, in words.
    pub(super) fn find(&self, entry: &Entry) -> Option<String> {
        let resource = &entry.resource;
        let found = keys(resource).into_iter().find_map(|key| {
            let by_identifier = key.starts_with("id|");
            self.by_key.get(&key)?.iter().copied().find(|other| by_identifier || is_same(resource, other))
        })?;
        let (name, when) = (name_of(found), format_date(time_of(found)));
        let name = if name.is_empty() { "the same entry".to_owned() } else { name };
        Some(if when.is_empty() { name } else { format!("{name}, {when}") })
    }
}

/// The kind that types are compared in: an order of a medicine and that it is taken are of one kind.
fn kind(resource: &Value) -> &str {
    match text(resource, "resourceType") {
        "MedicationRequest" => "MedicationStatement",
        other => other,
    }
}

fn concept(resource: &Value) -> &Value {
    match kind(resource) {
        "MedicationStatement" => at(resource, &["medicationCodeableConcept"]),
        "Immunization" => at(resource, &["vaccineCode"]),
        "FamilyMemberHistory" => at(resource, &["relationship"]),
        "Device" => at(resource, &["type"]),
        "Goal" => at(resource, &["description"]),
        "Encounter" => items(resource, "type").first().unwrap_or(&Value::Null),
        _ => at(resource, &["code"]),
    }
}

fn name_of(resource: &Value) -> String {
    coding::display(concept(resource)).to_owned()
}

/// What a resource can be found by: its identifiers, its codes, and its words.
fn keys(resource: &Value) -> Vec<String> {
    let kind = kind(resource);
    let mut keys = Vec::new();
    for one in items(resource, "identifier") {
        let (system, value) = (text(one, "system"), text(one, "value"));
        if !value.is_empty() {
            keys.push(format!("id|{kind}|{system}|{value}"));
        }
    }
    if kind == "Device" {
        keys.extend(
            items(resource, "udiCarrier").iter().map(|udi| format!("id|{kind}|udi|{}", text(udi, "carrierHRF"))),
        );
    }
    let concept = concept(resource);
    for one in items(concept, "coding") {
        let (system, code) = (text(one, "system"), text(one, "code"));
        if !code.is_empty() {
            keys.push(format!("code|{kind}|{system}|{code}"));
        }
    }
    let words = fold::fold(coding::display(concept));
    if !words.is_empty() {
        keys.push(format!("words|{kind}|{words}"));
    }
    keys
}

/// Whether two resources of one kind and one code are the same: what happened, at the same time; what lasts, while it goes on.
fn is_same(a: &Value, b: &Value) -> bool {
    match kind(a) {
        "Condition" | "AllergyIntolerance" => {
            let goes_on = |one: &Value| {
                !matches!(coding::code(at(one, &["clinicalStatus"])), "inactive" | "resolved" | "remission")
            };
            (goes_on(a) && goes_on(b)) || is_same_time(a, b)
        }
        "MedicationStatement" => {
            let goes_on =
                |one: &Value| matches!(text(one, "status"), "active" | "on-hold" | "intended" | "unknown" | "draft");
            (goes_on(a) && goes_on(b)) || is_same_time(a, b)
        }
        "FamilyMemberHistory" => {
            conditions(a).iter().any(|had| conditions(b).contains(had)) || conditions(a).is_empty()
        }
        // Which device of its kind it is, its UDI says alone; without one it is the same as far as anybody can tell.
        "Device" => items(a, "udiCarrier").is_empty() || items(b, "udiCarrier").is_empty(),
        "Goal" => true,
        _ => is_same_time(a, b),
    }
}

fn conditions(relative: &Value) -> Vec<String> {
    items(relative, "condition").iter().map(|one| fold::fold(coding::display(at(one, &["code"])))).collect()
}

/// As exactly as the less exact of both says; two that say nothing are no two times.
fn is_same_time(a: &Value, b: &Value) -> bool {
    let (a, b) = (time_of(a), time_of(b));
    if a.is_empty() || b.is_empty() {
        return a.is_empty() && b.is_empty();
    }
    if a.len() > 10 && b.len() > 10 {
        let seconds = |text: &str| FhirTime::parse(text).map(|time| time.epoch_seconds());
        return seconds(a) == seconds(b);
    }
    let exact = a.len().min(b.len()).min(10);
    a.get(..exact) == b.get(..exact)
}

fn time_of(resource: &Value) -> &str {
    const POINTS: [&str; 4] = ["onsetDateTime", "effectiveDateTime", "performedDateTime", "occurrenceDateTime"];
    const PERIODS: [&str; 5] = ["onsetPeriod", "effectivePeriod", "performedPeriod", "period", "occurrencePeriod"];
    let point = POINTS.into_iter().map(|key| text(resource, key)).find(|text| !text.is_empty());
    let start = || PERIODS.into_iter().map(|key| text(at(resource, &[key]), "start")).find(|text| !text.is_empty());
    point.or_else(start).unwrap_or_default()
}

fn is_mistake(resource: &Value) -> bool {
    let wrong = |code: &str| matches!(code, "entered-in-error" | "refuted");
    wrong(text(resource, "status"))
        || wrong(text(resource, "lifecycleStatus"))
        || wrong(coding::code(at(resource, &["verificationStatus"])))
}

/// What the chart has of these records.
pub(super) fn of_chart(records: &[Record]) -> Index<'_> {
    Index::new(records.iter().filter(|record| record.resource_type != "DocumentReference").map(|record| &record.json))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(resource: Value) -> Entry {
        Entry {
            section: Section::Problems,
            resource,
            members: Vec::new(),
            title: String::new(),
            when: String::new(),
            status: String::new(),
            facts: Vec::new(),
            remarks: Vec::new(),
        }
    }

    fn condition(code: &str, status: &str, onset: &str) -> Value {
        json!({ "resourceType": "Condition", "code": { "coding": [{ "system": "http://snomed.info/sct", "code": code }] },
            "clinicalStatus": { "coding": [{ "code": status }] }, "onsetDateTime": onset })
    }

    #[test]
    fn what_goes_on_is_the_same_whenever_it_began() {
        let asthma = condition("195967001", "active", "2001");
        let index = Index::new([&asthma]);
        assert!(index.find(&entry(condition("195967001", "active", "2010-02"))).is_some(), "one asthma");
        assert!(
            index.find(&entry(condition("195967001", "resolved", "2010-02"))).is_none(),
            "one that is over is another"
        );
        assert!(index.find(&entry(condition("195967001", "resolved", "2001-05-01"))).is_some(), "unless it began then");
        assert!(index.find(&entry(condition("38341003", "active", "2001"))).is_none(), "and nothing else");
    }

    #[test]
    fn what_happened_is_the_same_at_the_same_time() {
        let measured = |at: &str| json!({ "resourceType": "Observation", "effectiveDateTime": at, "code": { "coding": [{ "system": "http://loinc.org", "code": "8867-4" }] } });
        let pulse = measured("2026-05-01T10:00:00+02:00");
        let index = Index::new([&pulse]);
        assert!(index.find(&entry(measured("2026-05-01T08:00:00Z"))).is_some(), "in whatever zone");
        assert!(index.find(&entry(measured("2026-05-01"))).is_some(), "a day is as exact as it can be told");
        assert!(index.find(&entry(measured("2026-05-01T09:00:00Z"))).is_none(), "an hour later is another");
    }

    #[test]
    fn a_mistake_is_not_known_and_an_identifier_is() {
        let mut wrong = condition("195967001", "active", "2001");
        wrong["verificationStatus"] = json!({ "coding": [{ "code": "entered-in-error" }] });
        assert!(
            Index::new([&wrong]).find(&entry(condition("195967001", "active", "2001"))).is_none(),
            "a mistake does not stand"
        );
        let numbered = json!({ "resourceType": "Procedure", "identifier": [{ "system": "urn:oid:1", "value": "7" }], "code": { "text": "Appendectomy" } });
        let again = json!({ "resourceType": "Procedure", "identifier": [{ "system": "urn:oid:1", "value": "7" }], "code": { "text": "Excision of appendix" }, "performedDateTime": "2020" });
        assert!(Index::new([&numbered]).find(&entry(again)).is_some(), "the same act of the same house");
    }
}
