//! Product Instance and Non-Medicinal Supply Activity as Device with its UDI (C-CDA R2.1, templates 4.37 and 4.50; FHIR R4
//! Device.udiCarrier: `carrierHRF` is the human-readable form that the id of a product instance has under the root of the FDA).

use serde_json::json;
use vigil_model::Section;

use super::is_planned;
use crate::data::code::{concept, words};
use crate::data::{id, oid};
use crate::entry::{Context, Found, Making, is_negated};
use crate::xml::Element;

/// The root under which the FDA has UDIs (C-CDA R2.1, Product Instance).
const FDA: &str = "2.16.840.1.113883.3.3719";

/// Devices that take part in a procedure; whether there were any.
pub(super) fn of_procedure(act: &Element, context: &Context<'_>, found: &mut Found) -> bool {
    let mut any = false;
    for role in instances(act) {
        any |= read(role, act, context, found);
    }
    any
}

/// A supply: its product instance, or the words for what it is.
pub(super) fn supply(act: &Element, context: &Context<'_>, found: &mut Found) {
    if is_planned(act, context, found) {
        return;
    }
    if is_negated(act) {
        return found.leave(context.called(act), "that there is none is no entry of a chart here");
    }
    if !of_procedure(act, context, found) {
        found.leave(context.called(act), "it names no device");
    }
}

fn instances(act: &Element) -> impl Iterator<Item = &Element> {
    act.all("participant")
        .filter_map(|participant| participant.child("participantRole"))
        .filter(|role| role.follows("2.16.840.1.113883.10.20.22.4.37") || role.child("playingDevice").is_some())
}

fn read(role: &Element, act: &Element, context: &Context<'_>, found: &mut Found) -> bool {
    let kind = role.at(&["playingDevice", "code"]).and_then(|code| concept(code, context));
    let udi = role
        .all("id")
        .find(|id| id.attribute("root") == FDA)
        .map(|id| id.attribute("extension"))
        .filter(|udi| !udi.is_empty());
    if kind.is_none() && udi.is_none() {
        return false;
    }
    let mut making = Making::new("Device", act);
    if let Some(object) = making.resource.as_object_mut() {
        object.remove("identifier");
    }
    let identifiers: Vec<_> = role.all("id").filter_map(id::one).collect();
    if !identifiers.is_empty() {
        making.set("identifier", json!(identifiers));
    }
    let mut title = kind.as_ref().map(words).unwrap_or_default();
    making.set_some("type", kind);
    making.set("status", "active");
    if let Some(udi) = udi {
        making.fact("UDI", udi);
        let mut carrier = json!({ "carrierHRF": udi, "issuer": oid::identifier_system(FDA) });
        if let Some(di) = after(udi, "(01)") {
            crate::entry::set(&mut carrier, "deviceIdentifier", json!(di));
        }
        making.push("udiCarrier", carrier);
        for (mark, element, what) in [("(10)", "lotNumber", "Lot"), ("(21)", "serialNumber", "Serial number")] {
            if let Some(value) = after(udi, mark) {
                making.fact(what, value);
                making.set(element, value);
            }
        }
        for (mark, element, what) in [("(11)", "manufactureDate", "Made"), ("(17)", "expirationDate", "Expires")] {
            if let Some(day) = after(udi, mark).and_then(day) {
                making.fact(what, day.clone());
                making.set(element, day);
            }
        }
        if title.is_empty() {
            title = format!("Device {udi}");
        }
    }
    if let Some(model) = role
        .at(&["playingDevice", "manufacturerModelName"])
        .map(|model| model.text(200))
        .filter(|model| !model.is_empty())
    {
        making.fact("Model", model.clone());
        making.set("modelNumber", model);
    }
    let when = act.child("effectiveTime").and_then(|time| context.zone.point(time)).unwrap_or_default();
    if !when.is_empty() {
        making.fact("Since", when.clone());
        making.push(
            "note",
            json!({ "text": format!("In use or implanted since {when}, as the document says that it was taken from") }),
        );
    }
    if let Some(site) = act.child("targetSiteCode").and_then(|site| concept(site, context)) {
        making.fact("Site", words(&site));
    }
    found.entries.push(making.done(Section::Devices, title, when, "active"));
    true
}

/// The part of a UDI of GS1 behind an application identifier (GS1 General Specifications, section 3): up to the next one.
fn after<'u>(udi: &'u str, mark: &str) -> Option<&'u str> {
    let (_, rest) = udi.split_once(mark)?;
    rest.split('(').next().filter(|part| !part.is_empty())
}

/// `160330` as `2016-03-30`; GS1 writes a day that does not matter as `00`.
fn day(yymmdd: &str) -> Option<String> {
    if yymmdd.len() != 6 || !yymmdd.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (month, rest) = yymmdd.get(2..)?.split_at(2);
    let year = format!("20{}{month}", yymmdd.get(..2)?);
    let digits = if rest == "00" { year } else { format!("{year}{rest}") };
    crate::data::time::Zone::default().date_time(&digits)
}
