//! Documents and notes: DocumentReference, Composition, Media and the forms that diagnostic reports present.

use serde_json::Value;
use vigil_model::fhir::coding;
use vigil_model::fhir::field::{at, first, items, text};

use super::reader::{Chart, earliest_known, join, labelled, sort_rows, status, title, unreadable, when, when_choice};
use super::{Names, Record, attachment, markup};
use crate::view::{DocumentRow, DocumentView, When};

/// Newest first; mistakes last.
pub(super) fn rows(chart: &Chart<'_>) -> Vec<DocumentRow> {
    let listed = |record: &&Record| {
        record.resource_type != "DiagnosticReport" || !items(&record.json, "presentedForm").is_empty()
    };
    let types = ["DocumentReference", "Composition", "Media", "DiagnosticReport"];
    let mut rows: Vec<DocumentRow> =
        types.into_iter().flat_map(|kind| chart.of(kind)).filter(listed).map(|record| row(chart, record)).collect();
    // Of two of one second, the later one first: its id is the greater one where it was made here.
    rows.sort_by(|a, b| b.id.cmp(&a.id));
    sort_rows(&mut rows, |row| u8::from(row.status == "entered-in-error"), |row| &row.when);
    rows
}

/// One document, opened.
pub(super) fn view(record: &Record, names: &dyn Names) -> DocumentView {
    let records = std::slice::from_ref(record);
    let (chart, _) = Chart::new(records, names, |_| true);
    let document = &record.json;
    let (text, unreadable) = match unreadable(record) {
        Some(reason) => (String::new(), Some(reason)),
        None => content(&chart, record),
    };
    DocumentView {
        title: document_title(document),
        when: dated(document),
        author: author(&chart, document),
        text,
        unreadable,
        encounter: encounter(&chart, document),
        note: None,
        parts: Vec::new(),
    }
}

fn row(chart: &Chart<'_>, record: &Record) -> DocumentRow {
    let document = &record.json;
    let shown = attachments(document)
        .into_iter()
        .find(|one| attachment::is_readable(one))
        .or_else(|| attachments(document).into_iter().next());
    let is_composition = record.resource_type == "Composition";
    DocumentRow {
        resource_type: record.resource_type.clone(),
        id: record.id.clone(),
        title: document_title(document),
        when: dated(document),
        author: author(chart, document),
        status: status(document),
        content_type: shown.map_or("", |one| text(one, "contentType")).to_owned(),
        readable: is_composition
            || shown.is_some_and(|one| attachment::is_readable(one) || attachment::may_have_sections(one)),
        encounter: encounter(chart, document),
    }
}

/// What a document, report or note is called.
pub(crate) fn document_title(document: &Value) -> String {
    let kind = ["type", "code", "modality"]
        .into_iter()
        .map(|key| coding::display(at(document, &[key])))
        .find(|text| !text.is_empty());
    let own = [text(document, "title"), text(document, "description")]
        .into_iter()
        .chain(attachments(document).into_iter().map(|one| text(one, "title")));
    let named = own.into_iter().find(|own| !own.is_empty() && Some(*own) != kind).unwrap_or_default();
    title(document, [join([kind.unwrap_or_default(), named], ": ").as_str()])
}

/// When a document was written.
pub(super) fn dated(document: &Value) -> When {
    let moments = ["date", "createdDateTime", "issued"].map(|key| when(text(document, key)));
    let [date, created, issued] = moments;
    // When what it refers to was written; the reference to it is younger.
    let written =
        attachments(document).into_iter().map(|one| when(text(one, "creation"))).find(|when| !when.iso.is_empty());
    earliest_known([
        written.unwrap_or_else(|| when("")),
        date,
        when_choice(document, "effective"),
        created,
        issued,
        when_choice(at(document, &["context"]), "period"),
    ])
}

fn author(chart: &Chart<'_>, document: &Value) -> String {
    let by = ["author", "performer", "resultsInterpreter", "operator", "custodian"]
        .into_iter()
        .map(|key| chart.names_of(document, document, key));
    by.into_iter().find(|names| !names.is_empty()).unwrap_or_default()
}

/// FHIR R4: `Composition.encounter` and the like; of a DocumentReference `context.encounter`.
fn encounter(chart: &Chart<'_>, document: &Value) -> String {
    let context = items(at(document, &["context"]), "encounter").first().unwrap_or(&Value::Null);
    let named = [chart.name_of(document, at(document, &["encounter"])), chart.name_of(document, context)];
    named.into_iter().find(|name| !name.is_empty()).unwrap_or_default()
}

fn attachments(document: &Value) -> Vec<&Value> {
    let referenced = items(document, "content").iter().map(|content| content.get("attachment").unwrap_or(content));
    referenced.chain(items(document, "presentedForm")).collect()
}

/// All readable parts of a document; the reasons when there is none.
fn content(chart: &Chart<'_>, record: &Record) -> (String, Option<String>) {
    let document = &record.json;
    let mut parts = Vec::new();
    let mut reasons: Vec<String> = Vec::new();
    if record.resource_type == "DiagnosticReport" {
        parts.push(report_text(chart, document));
    }
    for one in attachments(document) {
        match attachment::read(one) {
            Ok(text) => parts.push(text),
            Err(reason) => reasons.push(reason),
        }
    }
    sections(document, &mut parts, 0);
    if parts.iter().all(|part| part.trim().is_empty()) {
        parts.push(markup::to_text(text(at(document, &["text"]), "div")));
    }
    let text = join(parts, "\n\n");
    reasons.dedup();
    match (text.is_empty(), reasons.is_empty()) {
        (false, true) => (text, None),
        // A part that cannot be shown is said under the parts that can.
        (false, false) => (join([text, format!("[{}]", reasons.join(" "))], "\n\n"), None),
        (true, false) => (text, Some(reasons.join(" "))),
        (true, true) => (text, Some("The document has no content.".to_owned())),
    }
}

/// The sections of a Composition with their titles, nested ones under their parent. The depth is bounded because the data is not ours.
fn sections(part: &Value, parts: &mut Vec<String>, depth: usize) {
    for section in items(part, "section") {
        let heading = title_or_code(section);
        parts.push(join([heading, &markup::to_text(text(at(section, &["text"]), "div"))], "\n"));
        if depth < 8 {
            sections(section, parts, depth + 1);
        }
    }
}

fn title_or_code(section: &Value) -> &str {
    match text(section, "title") {
        "" => coding::display(at(section, &["code"])),
        title => title,
    }
}

/// What a report says itself: conclusion, coded conclusions and the names of its results.
fn report_text(chart: &Chart<'_>, report: &Value) -> String {
    let conclusions = join(items(report, "conclusionCode").iter().map(coding::display), ", ");
    let conclusion = join([text(report, "conclusion"), &conclusions], "\n");
    let results =
        items(report, "result").iter().map(|result| chart.name_of(report, result)).filter(|name| !name.is_empty());
    join([labelled("Conclusion", conclusion), labelled("Results", join(results, ", "))], "\n")
}

/// The type of a document's first attachment, for rows of other lists.
pub(super) fn first_content_type(document: &Value) -> &str {
    text(first(document, "presentedForm"), "contentType")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::{NoNames, chart_of, record};
    use super::*;

    #[test]
    fn a_note_is_listed_and_opened() {
        let note = record(
            json!({ "resourceType": "DocumentReference", "id": "d", "status": "current", "date": "2026-11-21T10:42:00Z",
            "type": { "text": "Discharge summary" }, "author": [{ "display": "Dr A. Okafor" }],
            "content": [{ "attachment": { "contentType": "application/pdf", "data": "JVBERi0=" } }, { "attachment": { "contentType": "text/plain", "data": "SGVsbG8=" } }] }),
        );
        let opened = view(&note, &NoNames);
        assert_eq!(
            (opened.title.as_str(), opened.author.as_str(), opened.unreadable),
            ("Discharge summary", "Dr A. Okafor", None),
            "who and what"
        );
        assert!(
            opened.text.starts_with("Hello") && opened.text.contains("application/pdf"),
            "text shown, the part that cannot be shown is named"
        );
        let rows = chart_of(&[note], rows);
        assert_eq!(
            (rows[0].readable, rows[0].content_type.as_str()),
            (true, "text/plain"),
            "the readable form is announced"
        );
    }

    #[test]
    fn a_composition_is_its_sections() {
        let composition = record(
            json!({ "resourceType": "Composition", "id": "c", "status": "final", "title": "Letter",
            "section": [{ "title": "History", "text": { "div": "<div>Cough</div>" }, "section": [{ "code": { "text": "Plan" }, "text": { "div": "<p>Rest</p>" } }] }] }),
        );
        assert_eq!(view(&composition, &NoNames).text, "History\nCough\n\nPlan\nRest", "in order, with titles");
    }

    #[test]
    fn a_document_without_content_says_so() {
        let empty = record(json!({ "resourceType": "DocumentReference", "id": "d" }));
        let opened = view(&empty, &NoNames);
        assert_eq!((opened.title.as_str(), opened.text.as_str()), ("Not known", ""), "never blank");
        assert!(opened.unreadable.is_some(), "and why there is no text");
    }
}
