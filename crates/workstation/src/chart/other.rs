//! Every resource that no other section shows, so that nothing stored is out of sight.

use serde_json::Value;
use vigil_model::Section;
use vigil_model::fhir::coding;
use vigil_model::fhir::date::period_start;
use vigil_model::fhir::field::{at, first, items, text, texts};

use super::reader::{Chart, called, join, labelled, notes, seconds, title, when, when_choice};
use super::{Record, plain};
use crate::view::{PlainRow, When};

/// Whether no section but this one shows the type.
pub(super) fn shows(resource_type: &str) -> bool {
    // Not every Task is a request for an amendment.
    let others = Section::ALL.iter().filter(|section| **section != Section::Amendments);
    !others.into_iter().any(|section| section.resource_types().contains(&resource_type))
}

/// By type, then newest first.
pub(super) fn rows(chart: &Chart<'_>) -> Vec<PlainRow> {
    let mut rows: Vec<PlainRow> =
        chart.all().filter(|record| shows(&record.resource_type)).map(|record| row(chart, record)).collect();
    rows.sort_by_cached_key(|row| (row.resource_type.clone(), std::cmp::Reverse(seconds(&row.when))));
    rows
}

fn row(chart: &Chart<'_>, record: &Record) -> PlainRow {
    let resource = &record.json;
    let kind = words(&record.resource_type);
    let detail = match record.resource_type.as_str() {
        "Patient" | "RelatedPerson" => person(chart, resource),
        _ => anything(chart, resource),
    };
    let mut row = plain::row(record, "code", dated(resource), detail);
    let questionnaire = text(resource, "questionnaire").rsplit('/').next().unwrap_or_default().to_owned();
    let known = join([called(resource), questionnaire], " ");
    row.title = title(&Value::Null, [join([kind.as_str(), known.as_str()], " ").as_str()]);
    row
}

/// What most resources have in common.
fn anything(chart: &Chart<'_>, resource: &Value) -> String {
    let answers = items(resource, "item").len();
    let by = ["requester", "author", "performer", "recorder", "source"]
        .into_iter()
        .map(|key| chart.names_of(resource, resource, key))
        .find(|names| !names.is_empty());
    join(
        [
            text(resource, "description").to_owned(),
            labelled("for", chart.reasons(resource)),
            labelled("by", by.unwrap_or_default()),
            if answers > 0 { format!("{answers} items") } else { String::new() },
            notes(resource, "note"),
        ],
        ", ",
    )
}

/// Addresses, numbers and contacts.
fn person(chart: &Chart<'_>, resource: &Value) -> String {
    let telecom =
        items(resource, "telecom").iter().map(|point| join([text(point, "system"), text(point, "value")], " "));
    let addresses = items(resource, "address").iter().map(address);
    let languages =
        items(resource, "communication").iter().map(|language| coding::display(at(language, &["language"])));
    let contacts =
        items(resource, "contact").iter().map(|contact| vigil_model::fhir::name::plain(at(contact, &["name"])));
    join(
        [
            join(addresses, "; "),
            join(telecom, ", "),
            labelled("speaks", join(languages, ", ")),
            labelled("marital status", coding::display(at(resource, &["maritalStatus"]))),
            labelled("contact", join(contacts, ", ")),
            labelled("general practitioner", chart.names_of(resource, resource, "generalPractitioner")),
        ],
        ", ",
    )
}

fn address(address: &Value) -> String {
    match text(address, "text") {
        "" => {
            let lines = join(texts(address, "line"), ", ");
            join(
                [
                    lines.as_str(),
                    text(address, "city"),
                    text(address, "state"),
                    text(address, "postalCode"),
                    text(address, "country"),
                ],
                ", ",
            )
        }
        whole => whole.to_owned(),
    }
}

fn dated(resource: &Value) -> When {
    let fields = ["authoredOn", "authored", "recorded", "date", "issued", "created", "sent", "start"];
    let known = fields.into_iter().map(|key| text(resource, key)).find(|moment| !moment.is_empty());
    let choice =
        ["effective", "occurrence", "performed", "occurred"].into_iter().map(|prefix| when_choice(resource, prefix));
    match known {
        Some(moment) => when(moment),
        None => choice
            .into_iter()
            .find(|when| !when.iso.is_empty())
            .unwrap_or_else(|| when(period_start(first(resource, "period")))),
    }
}

/// `QuestionnaireResponse` as `Questionnaire response`.
pub(super) fn words(resource_type: &str) -> String {
    let mut words = String::with_capacity(resource_type.len() + 4);
    for (index, letter) in resource_type.chars().enumerate() {
        if index > 0 && letter.is_ascii_uppercase() {
            words.push(' ');
            words.push(letter.to_ascii_lowercase());
        } else {
            words.push(letter);
        }
    }
    words
}
