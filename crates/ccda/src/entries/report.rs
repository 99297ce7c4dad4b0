//! Result Organizer as DiagnosticReport with its Observations (C-CDA on FHIR, CF-results; ConceptMap CF-ResultReportStatus).

use serde_json::json;
use vigil_model::Section;

use super::observation;
use crate::data::code::{concept, words};
use crate::entry::{Context, Found, Making, statement};
use crate::xml::Element;

const STATUS: [(&str, &str); 6] = [
    ("aborted", "cancelled"),
    ("active", "registered"),
    ("cancelled", "cancelled"),
    ("completed", "final"),
    ("held", "registered"),
    ("suspended", "registered"),
];

/// A report and its results, which are taken or left together.
pub(super) fn read(act: &Element, context: &Context<'_>, found: &mut Found) {
    let around = act.child("effectiveTime");
    let mut making = Making::new("DiagnosticReport", act);
    let said = act.value_of("statusCode", "code");
    let status = STATUS.iter().find(|(code, _)| *code == said).map_or("unknown", |(_, status)| status);
    making.set("status", status);
    making.set(
        "category",
        json!([{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "LAB" }] }]),
    );
    let mut members = Vec::new();
    let mut first = String::new();
    for inner in act.all("component").filter_map(statement) {
        if &*inner.name == "observation" {
            match observation::entry(inner, "laboratory", around, context, found) {
                Ok(entry) => {
                    let value =
                        |what: &str| entry.facts.iter().find(|(fact, _)| fact == what).map(|(_, words)| words.clone());
                    let flag = value("Interpretation").map(|words| format!(" ({words})")).unwrap_or_default();
                    making.fact(&entry.title, [value("Value").unwrap_or_else(|| "no value".to_owned()), flag].concat());
                    for remark in &entry.remarks {
                        making.remark(format!("{}: {remark}", entry.title));
                    }
                    if first.is_empty() {
                        first.clone_from(&entry.when);
                    }
                    members.push(entry.resource);
                }
                Err(Some(why)) => found.leave(context.called(inner), why),
                Err(None) => {}
            }
        } else {
            making.remark(format!("\u{201c}{}\u{201d} stays in the document: it is no result", context.called(inner)));
        }
    }
    let code = act.child("code").and_then(|code| concept(code, context));
    let title = code.as_ref().map(words).unwrap_or_default();
    if members.is_empty() {
        return found.leave(if title.is_empty() { context.called(act) } else { title }, "it has no results");
    }
    let title = if title.is_empty() { "Results".to_owned() } else { title };
    making.set("code", code.unwrap_or_else(|| json!({ "text": "Results" })));
    let mut when = around.and_then(|time| context.zone.point(time)).unwrap_or_default();
    if let Some((element, value)) = context.zone.choice(around, "effective") {
        making.set(&element, value);
    } else if !first.is_empty() {
        making.set("effectiveDateTime", first.clone());
        when = first;
    }
    for author in act.all("author").filter_map(crate::entry::author_name) {
        making.fact("By", author.clone());
        making.push("performer", json!({ "display": author }));
    }
    making.comments(context, act, "note");
    if let Some(object) = making.resource.as_object_mut() {
        // A DiagnosticReport has no notes; what was said is its conclusion.
        if let Some(notes) = object.remove("note") {
            let said: Vec<&str> = notes
                .as_array()
                .map(Vec::as_slice)
                .unwrap_or_default()
                .iter()
                .filter_map(|note| note.get("text")?.as_str())
                .collect();
            object.insert("conclusion".to_owned(), json!(said.join("\n")));
        }
    }
    let mut entry = making.done(Section::Results, title, when, status);
    entry.members = members;
    found.entries.push(entry);
}
