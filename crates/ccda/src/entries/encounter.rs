//! Encounter Activity as Encounter, its diagnoses as Conditions (C-CDA on FHIR, CF-encounters).

use serde_json::json;
use vigil_model::Section;

use super::problem::{self, reasons};
use super::{is, is_planned};
use crate::data::code::{concept, words};
use crate::data::name;
use crate::entry::{Context, Found, Making, related};
use crate::xml::Element;

const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/// A visit or a stay.
pub(super) fn read(act: &Element, context: &Context<'_>, found: &mut Found) {
    if is_planned(act, context, found) {
        return;
    }
    let code = act.child("code").and_then(|code| concept(code, context));
    let time = act.child("effectiveTime");
    let period = time.and_then(|time| context.zone.period(time));
    if code.is_none() && period.is_none() {
        return found.leave(context.called(act), "it says neither what it was nor when");
    }
    let mut making = Making::new("Encounter", act);
    let (class, types) = code.as_ref().map(divided).unwrap_or_default();
    // What is no code of class is not guessed.
    match class {
        Some(class) => {
            making.fact("Class", class.get("display").or_else(|| class.get("code")).and_then(serde_json::Value::as_str).unwrap_or_default());
            making.set("class", class);
        }
        None => making.set("class", json!({ "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown" }] })),
    }
    let title = code.as_ref().map(words).unwrap_or_default();
    making.set_some("type", types.map(|kind| json!([kind])));
    // One that began and has no end is over all the same: it is another house's, and the document looks back.
    let status = match act.value_of("statusCode", "code") {
        "aborted" | "cancelled" => "cancelled",
        _ => "finished",
    };
    making.set("status", status);
    making.set_some("period", period);
    let when = time.and_then(|time| context.zone.point(time)).unwrap_or_default();
    if let Some(high) = time.and_then(|time| context.zone.high(time)) {
        making.fact("Until", high);
    }
    for reason in reasons(act, context) {
        making.fact("Reason", words(&reason));
        making.push("reasonCode", reason);
    }
    for performer in act.all("performer").filter_map(|performer| performer.child("assignedEntity")) {
        let who = name::of_role(performer);
        if !who.is_empty() {
            making.fact("With", who.clone());
            making.push("participant", json!({ "individual": { "display": who } }));
        }
    }
    for place in act.all("participant").filter(|participant| participant.attribute("typeCode") == "LOC") {
        if let Some(place) = place
            .at(&["participantRole", "playingEntity", "name"])
            .map(|name| name.text(300))
            .filter(|name| !name.is_empty())
        {
            making.fact("Where", place.clone());
            making.push("location", json!({ "location": { "display": place } }));
        }
    }
    if let Some(disposition) = act.extension("dischargeDispositionCode").and_then(|code| concept(code, context)) {
        making.fact("Discharged to", words(&disposition));
        making.set("hospitalization", json!({ "dischargeDisposition": disposition }));
    }
    making.rest(context, act, &["2.16.840.1.113883.10.20.22.4.19", "2.16.840.1.113883.10.20.22.4.80", "29308-4"]);
    let title = if title.is_empty() { "Encounter".to_owned() } else { title };
    found.entries.push(making.done(Section::Encounters, title, when, status));
    for (_, diagnosis) in
        related(act).filter(|(_, inner)| is(inner, "80") || inner.value_of("code", "code") == "29308-4")
    {
        problem::concern(diagnosis, context, found);
    }
}

/// The Coding of ActCode, and the concept without it.
fn divided(concept: &serde_json::Value) -> (Option<serde_json::Value>, Option<serde_json::Value>) {
    let codings = concept.get("coding").and_then(serde_json::Value::as_array).cloned().unwrap_or_default();
    let (classes, types): (Vec<_>, Vec<_>) = codings
        .into_iter()
        .partition(|coding| coding.get("system").and_then(serde_json::Value::as_str) == Some(ACT_CODE));
    let mut kind = json!({});
    if !types.is_empty() {
        crate::entry::set(&mut kind, "coding", json!(types));
    }
    if let Some(text) = concept.get("text") {
        crate::entry::set(&mut kind, "text", text.clone());
    }
    let kind = kind.as_object().is_some_and(|kind| !kind.is_empty()).then_some(kind);
    (classes.into_iter().next(), kind)
}
