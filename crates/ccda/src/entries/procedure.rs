//! Procedure Activity Procedure, Observation and Act as Procedure (C-CDA on FHIR, CF-procedures; ConceptMap CF-ProcedureStatus).

use serde_json::json;
use vigil_model::Section;

use super::problem::reasons;
use super::{device, is_planned};
use crate::data::code::{concept, words};
use crate::data::name;
use crate::entry::{Context, Found, Making, is_negated};
use crate::section::Kind;
use crate::xml::Element;

const STATUS: [(&str, &str); 4] =
    [("aborted", "stopped"), ("active", "in-progress"), ("cancelled", "not-done"), ("completed", "completed")];

/// What was done. A procedure whose point is a device gives the device too.
pub(super) fn read(act: &Element, kind: Kind, context: &Context<'_>, found: &mut Found) {
    if is_planned(act, context, found) {
        return;
    }
    let devices = device::of_procedure(act, context, found);
    let code = act.child("code").and_then(|code| concept(code, context));
    let code = code.or_else(|| context.words_of(act, 300).map(|text| json!({ "text": text })));
    let Some(code) = code else {
        // A device that lies there, by a procedure that nobody names, is a device.
        if !devices {
            found.leave(context.called(act), "it names no procedure");
        }
        return;
    };
    if is_negated(act) && kind == Kind::Equipment {
        return found.leave(words(&code), "that there is none is no entry of a chart here");
    }
    let mut making = Making::new("Procedure", act);
    let title = words(&code);
    making.set("code", code);
    let said = act.value_of("statusCode", "code");
    let status = if is_negated(act) {
        "not-done"
    } else {
        STATUS.iter().find(|(code, _)| *code == said).map_or("unknown", |(_, status)| status)
    };
    making.set("status", status);
    let mut when = String::new();
    if let Some((element, value)) = context.zone.choice(act.child("effectiveTime"), "performed") {
        making.set(&element, value);
        when = act.child("effectiveTime").and_then(|time| context.zone.point(time)).unwrap_or_default();
    }
    for site in act.all("targetSiteCode").filter_map(|site| concept(site, context)) {
        making.fact("Site", words(&site));
        making.push("bodySite", site);
    }
    for reason in reasons(act, context) {
        making.fact("For", words(&reason));
        making.push("reasonCode", reason);
    }
    for performer in act.all("performer").filter_map(|performer| performer.child("assignedEntity")) {
        let who = name::of_role(performer);
        if !who.is_empty() {
            making.fact("Performed by", who.clone());
            making.push("performer", json!({ "actor": { "display": who } }));
        }
    }
    // Procedure Activity Observation has a finding.
    if let Some(finding) = act.child("value").and_then(|value| concept(value, context)) {
        making.fact("Finding", words(&finding));
        making.set("outcome", finding);
    }
    making.comments(context, act, "note");
    making.rest(context, act, &["2.16.840.1.113883.10.20.22.4.19"]);
    found.entries.push(making.done(Section::Procedures, title, when, status));
}
