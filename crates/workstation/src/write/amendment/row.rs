//! Amendment requests as they are read: one row for each, with what the patient stated against it.

use serde_json::Value;
use vigil_model::fhir::coding::code;
use vigil_model::fhir::date::format_date;
use vigil_model::fhir::field::{at, first, items, text};

use super::task::{TASK, due, fhir_day};
use crate::chart::Record;
use crate::view::{AmendmentRow, AmendmentStatement, AmendmentStatus, DisagreementView, When};

/// Open ones first, then the newest.
pub(crate) fn rows(records: &[Record]) -> Vec<AmendmentRow> {
    let tasks = || records.iter().filter(|record| record.resource_type == TASK);
    let mut rows: Vec<AmendmentRow> = tasks()
        .filter_map(|record| {
            let disagreement = tasks().find(|other| disagrees_with(&other.json, &record.id));
            row(record, disagreement)
        })
        .collect();
    let is_open = |row: &AmendmentRow| matches!(row.status, AmendmentStatus::Open | AmendmentStatus::Extended);
    rows.sort_by(|a, b| (!is_open(a), &b.received.iso, &b.id).cmp(&(!is_open(b), &a.received.iso, &a.id)));
    rows
}

/// Those about one note.
pub(crate) fn about_note(records: &[Record], note: &str) -> Vec<AmendmentRow> {
    let mut rows = rows(records);
    rows.retain(|row| row.note.as_deref() == Some(note));
    rows
}

/// How far a request is; none of what is no request.
pub(super) fn status(task: &Value) -> Option<AmendmentStatus> {
    if code(at(task, &["code"])) != "medRecCxReq" {
        return None;
    }
    match text(task, "status") {
        "in-progress" => Some(AmendmentStatus::Extended),
        "completed" => Some(AmendmentStatus::Accepted),
        "rejected" => Some(AmendmentStatus::Denied),
        _ => Some(AmendmentStatus::Open),
    }
}

pub(super) fn is_disagreement(task: &Value) -> bool {
    code(at(task, &["code"])) == "medRecCxDenialDisagree"
}

/// Whether it is the patient's statement against this request.
pub(super) fn disagrees_with(task: &Value, request: &str) -> bool {
    let reference = text(at(task, &["reasonReference"]), "reference");
    is_disagreement(task) && reference.strip_prefix("Task/") == Some(request)
}

/// The note that a request is about.
pub(super) fn focus(task: &Value) -> Option<String> {
    note_of(at(task, &["focus"]))
}

fn note_of(reference: &Value) -> Option<String> {
    text(reference, "reference").strip_prefix("Composition/").map(str::to_owned)
}

fn row(record: &Record, disagreement: Option<&Record>) -> Option<AmendmentRow> {
    let task = &record.json;
    let status = status(task)?;
    let decided = matches!(status, AmendmentStatus::Accepted | AmendmentStatus::Denied);
    let about = [text(at(task, &["focus"]), "display"), text(task, "description")];
    let about: Vec<&str> = about.into_iter().filter(|part| !part.is_empty()).collect();
    Some(AmendmentRow {
        id: record.id.clone(),
        version: record.version,
        note: focus(task),
        about: (!about.is_empty()).then(|| about.join(": ")),
        asked: input(task),
        received: when(text(task, "authoredOn")),
        due: when(&due(task).map(fhir_day).unwrap_or_default()),
        status,
        delay: text(first(task, "note"), "text").to_owned(),
        decision: decided.then(|| answered(task)),
        ground: text(at(task, &["statusReason"]), "text").to_owned(),
        amendment: items(task, "output").iter().find_map(|one| note_of(at(one, &["valueReference"]))),
        disagreement: disagreement.map(|record| DisagreementView {
            id: record.id.clone(),
            version: record.version,
            statement: AmendmentStatement {
                text: input(&record.json),
                who: String::new(),
                when: format_date(text(&record.json, "authoredOn")),
            },
            rebuttal: (text(&record.json, "status") == "completed").then(|| answered(&record.json)),
        }),
    })
}

fn answered(task: &Value) -> AmendmentStatement {
    AmendmentStatement {
        text: non_empty(text(first(task, "output"), "valueString")),
        who: text(at(task, &["owner"]), "display").to_owned(),
        when: format_date(text(task, "lastModified")),
    }
}

fn input(task: &Value) -> Option<String> {
    non_empty(text(first(task, "input"), "valueString"))
}

fn non_empty(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn when(iso: &str) -> When {
    When { iso: iso.to_owned(), text: format_date(iso) }
}
