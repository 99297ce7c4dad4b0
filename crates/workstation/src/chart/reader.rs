//! What every section builder reads with: the records of one chart, the names behind references, and the texts all rows share.

use std::collections::HashMap;

use serde_json::Value;
use vigil_model::fhir::date::{FhirTime, format_date, format_period, period_start};
use vigil_model::fhir::field::{at, contained, first, items, text};
use vigil_model::fhir::{coding, name, reference};

use super::{Names, Record, markup};
use crate::view::{UndecodableRow, When};

/// What a text says when the record does not know (NHS CUI PAB-0019).
pub(super) const NOT_KNOWN: &str = "Not known";

/// See [`noted`].
pub(crate) const NOTE: &str = "http://hl7.org/fhir/StructureDefinition/note";

/// One chart's records, those that can be read.
pub(super) struct Chart<'a> {
    records: Vec<&'a Record>,
    by_id: HashMap<(&'a str, &'a str), &'a Value>,
    names: &'a dyn Names,
}

impl<'a> Chart<'a> {
    /// Sorts the records of `types` into those that can be read and those that cannot; other types stay available for references only.
    pub(super) fn new(
        records: &'a [Record],
        names: &'a dyn Names,
        shows: impl Fn(&str) -> bool,
    ) -> (Self, Vec<UndecodableRow>) {
        let mut chart =
            Self { records: Vec::with_capacity(records.len()), by_id: HashMap::with_capacity(records.len()), names };
        let mut undecodable = Vec::new();
        for record in records {
            match unreadable(record) {
                None => {
                    chart.by_id.insert((&record.resource_type, &record.id), &record.json);
                    chart.records.push(record);
                }
                Some(reason) if shows(&record.resource_type) => undecodable.push(UndecodableRow {
                    resource_type: record.resource_type.clone(),
                    id: record.id.clone(),
                    reason,
                }),
                Some(_) => {}
            }
        }
        (chart, undecodable)
    }

    /// The records of one type.
    pub(super) fn of<'s>(&'s self, resource_type: &'s str) -> impl Iterator<Item = &'a Record> + 's {
        self.records.iter().copied().filter(move |record| record.resource_type == resource_type)
    }

    /// Every record.
    pub(super) fn all(&self) -> impl Iterator<Item = &'a Record> + '_ {
        self.records.iter().copied()
    }

    /// The resource of this chart, or inside `owner`, that a reference names.
    pub(super) fn resolve<'v>(&'v self, owner: &'v Value, reference: &Value) -> Option<&'v Value> {
        let target = text(reference, "reference");
        match reference::parse(target) {
            reference::Target::Contained(_) => contained(owner, target),
            reference::Target::Resource { resource_type, id } => self.by_id.get(&(resource_type, id)).copied(),
            reference::Target::Other(_) => None,
        }
    }

    /// What a reference is called: its own display, else the resource it names, else what the hospital's directory knows; empty when nobody knows.
    pub(super) fn name_of(&self, owner: &Value, reference: &Value) -> String {
        let display = text(reference, "display");
        if !display.is_empty() {
            return display.to_owned();
        }
        let named = self.resolve(owner, reference).map(called).filter(|name| !name.is_empty());
        named
            .or_else(|| self.names.display(text(reference, "reference")).filter(|name| !name.trim().is_empty()))
            .unwrap_or_else(|| reference::own_text(reference).to_owned())
    }

    /// [`Self::name_of`] for every reference under `key`, joined.
    pub(super) fn names_of(&self, owner: &Value, value: &Value, key: &str) -> String {
        join(items(value, key).iter().map(|reference| self.name_of(owner, reference)), ", ")
    }

    /// The texts of `reasonCode` and `reasonReference`.
    pub(super) fn reasons(&self, owner: &Value) -> String {
        let coded = items(owner, "reasonCode").iter().map(|reason| coding::display(reason).to_owned());
        let referenced = items(owner, "reasonReference").iter().map(|reason| self.name_of(owner, reason));
        join(coded.chain(referenced), ", ")
    }
}

/// What any resource is called: name, title, code or type.
pub(super) fn called(resource: &Value) -> String {
    name::of_resource(resource).unwrap_or_else(|| {
        let concept = ["code", "vaccineCode", "type", "description", "category"].into_iter();
        concept
            .map(|key| coding::display(first(resource, key)))
            .find(|text| !text.is_empty())
            .unwrap_or_default()
            .to_owned()
    })
}

/// The first of `candidates` that says something, else the beginning of the resource's narrative, else `Not known`: a title is never blank.
pub(super) fn title<'t>(resource: &Value, candidates: impl IntoIterator<Item = &'t str>) -> String {
    let stated = candidates.into_iter().map(str::trim).find(|candidate| !candidate.is_empty());
    stated.map(str::to_owned).or_else(|| narrative_line(resource)).unwrap_or_else(|| NOT_KNOWN.to_owned())
}

/// The first line of the narrative, without markup.
fn narrative_line(resource: &Value) -> Option<String> {
    let narrative = markup::to_text(text(at(resource, &["text"]), "div"));
    let line = narrative.lines().map(str::trim).find(|line| !line.is_empty())?;
    let short: String = line.chars().take(120).collect();
    Some(if short.len() < line.len() { format!("{short} …") } else { short })
}

/// The non-empty parts, joined.
pub(super) fn join<S: AsRef<str>>(parts: impl IntoIterator<Item = S>, separator: &str) -> String {
    let mut joined = String::new();
    for part in parts {
        let part = part.as_ref().trim();
        if !part.is_empty() {
            if !joined.is_empty() {
                joined.push_str(separator);
            }
            joined.push_str(part);
        }
    }
    joined
}

/// `label value`, or nothing when there is no value (labels have no colon: NHS CUI PAB-0042).
pub(super) fn labelled(label: &str, value: impl AsRef<str>) -> String {
    let value = value.as_ref().trim();
    if value.is_empty() { String::new() } else { format!("{label} {value}") }
}

/// `name (qualifier)`, without parentheses when there is no qualifier.
pub(super) fn qualified(name: &str, qualifier: &str) -> String {
    match (name.is_empty(), qualifier.is_empty()) {
        (true, _) => qualifier.to_owned(),
        (_, true) => name.to_owned(),
        _ => format!("{name} ({qualifier})"),
    }
}

/// The texts of every CodeableConcept under `key`, joined.
pub(super) fn concepts(value: &Value, key: &str) -> String {
    join(items(value, key).iter().map(coding::display), ", ")
}

/// `status` as the record has it; `Not known` when absent.
pub(super) fn status(resource: &Value) -> String {
    match text(resource, "status") {
        "" => NOT_KNOWN.to_owned(),
        status => status.to_owned(),
    }
}

/// Texts of Annotations under `key`, joined.
pub(super) fn notes(value: &Value, key: &str) -> String {
    join(items(value, key).iter().map(|note| text(note, "text")), "; ")
}

/// Texts of Annotations on a type that has no element for them: FHIR extension `note`, "additional notes that apply to this resource or
/// element" (hl7.org/fhir/extensions, StructureDefinition-note).
pub(super) fn noted(resource: &Value) -> String {
    let extensions = items(resource, "extension").iter().filter(|extension| text(extension, "url") == NOTE);
    join(extensions.map(|extension| text(at(extension, &["valueAnnotation"]), "text")), "; ")
}

/// A moment to show and to sort by.
pub(super) fn when(iso: &str) -> When {
    let iso = iso.trim();
    let shown = format_date(iso);
    When { iso: iso.to_owned(), text: if shown.is_empty() { NOT_KNOWN.to_owned() } else { shown } }
}

/// The moment of a choice element: `<prefix>DateTime`, `<prefix>Period`, `<prefix>Instant`, `<prefix>Date`, `<prefix>String`.
pub(super) fn when_choice(resource: &Value, prefix: &str) -> When {
    let field = |suffix: &str| resource.get(format!("{prefix}{suffix}").as_str());
    let moment = ["DateTime", "Instant", "Date"].into_iter().find_map(field).and_then(Value::as_str);
    if let Some(moment) = moment {
        return when(moment);
    }
    if let Some(period) = field("Period") {
        let start = when(period_start(period));
        return if start.iso.is_empty() { start } else { When { text: format_period(period), ..start } };
    }
    match field("String").and_then(Value::as_str).map(str::trim) {
        Some(words) if !words.is_empty() => When { iso: String::new(), text: words.to_owned() },
        _ => when(""),
    }
}

/// The first of `candidates` that is known.
pub(super) fn earliest_known<const N: usize>(candidates: [When; N]) -> When {
    candidates.into_iter().find(|when| !when.iso.is_empty()).unwrap_or_else(|| when(""))
}

/// Seconds since 1970 to sort by; the unknown sorts as the oldest.
pub(super) fn seconds(when: &When) -> i64 {
    FhirTime::parse(&when.iso).map_or(i64::MIN, |time| time.epoch_seconds())
}

/// Sorts by urgency (low first), then newest first; equal rows stay in the order they came in.
pub(super) fn sort_rows<T>(rows: &mut [T], urgency: impl Fn(&T) -> u8, when: impl Fn(&T) -> &When) {
    rows.sort_by_cached_key(|row| (urgency(row), std::cmp::Reverse(seconds(when(row)))));
}

/// Whether a status or verification says that the record was a mistake.
pub(super) fn is_error(status: &str) -> bool {
    status == "entered-in-error"
}

/// Why a record cannot be shown as a row of its type; none when it can.
pub(crate) fn unreadable(record: &Record) -> Option<String> {
    let Value::Object(_) = &record.json else {
        return Some(format!(
            "The stored content of this {} is no FHIR resource. Import it again from its source.",
            record.resource_type
        ));
    };
    match text(&record.json, "resourceType") {
        inside if inside == record.resource_type => None,
        _ => Some(format!(
            "Stored as {}, but its content says otherwise. Import it again from its source.",
            record.resource_type
        )),
    }
}
