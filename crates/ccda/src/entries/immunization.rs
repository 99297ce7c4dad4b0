//! Immunization Activity as Immunization (C-CDA on FHIR, CF-immunizations).

use serde_json::json;
use vigil_model::Section;

use super::medication::{called, product};
use crate::data::code::{concept, words};
use crate::data::name;
use crate::data::quantity::{quantity, shown};
use crate::entry::{Context, Found, Making, is_negated, related_by};
use crate::xml::Element;

/// A vaccine that was given, or not given for a reason.
pub(super) fn read(act: &Element, context: &Context<'_>, found: &mut Found) {
    if matches!(act.attribute("moodCode"), "INT" | "RQO" | "PRP" | "PRMS") || super::is(act, "120") {
        return found.leave(called(act, context), "it is planned, and was not given");
    }
    let Some(vaccine) = product(act, context) else {
        return found.leave(called(act, context), "it names no vaccine");
    };
    let mut making = Making::new("Immunization", act);
    let title = words(&vaccine);
    making.set("vaccineCode", vaccine);
    let status = match act.value_of("statusCode", "code") {
        _ if is_negated(act) => "not-done",
        "aborted" | "cancelled" => "not-done",
        _ => "completed",
    };
    making.set("status", status);
    let when = act.child("effectiveTime").and_then(|time| context.zone.point(time));
    match &when {
        Some(when) => making.set("occurrenceDateTime", when.clone()),
        // FHIR demands one of the two.
        None => making.set("occurrenceString", "not said in the document it was taken from"),
    }
    let refusal = related_by(act, "2.16.840.1.113883.10.20.22.4.53", "")
        .and_then(|reason| concept(reason.child("code")?, context));
    if let Some(reason) = refusal {
        making.fact("Not given because", words(&reason));
        making.set("statusReason", reason);
    }
    if let Some(material) = act.at(&["consumable", "manufacturedProduct", "manufacturedMaterial"])
        && let Some(lot) = material.child("lotNumberText").map(|lot| lot.text(100)).filter(|lot| !lot.is_empty())
    {
        making.fact("Lot", lot.clone());
        making.set("lotNumber", lot);
    }
    if let Some(maker) = act
        .at(&["consumable", "manufacturedProduct", "manufacturerOrganization", "name"])
        .map(|name| name.text(300))
        .filter(|name| !name.is_empty())
    {
        making.fact("Manufacturer", maker.clone());
        making.set("manufacturer", json!({ "display": maker }));
    }
    making.concept(context, act, "routeCode", "route", "Route");
    making.concept(context, act, "approachSiteCode", "site", "Site");
    if let Some(dose) = act.child("doseQuantity").and_then(quantity) {
        making.fact("Dose", shown(&dose));
        making.set("doseQuantity", dose);
    }
    if let Ok(number) = act.value_of("repeatNumber", "value").parse::<u32>()
        && number > 0
    {
        making.fact("Dose number", number.to_string());
        making.set("protocolApplied", json!([{ "doseNumberPositiveInt": number }]));
    }
    for performer in act.all("performer").filter_map(|performer| performer.child("assignedEntity")) {
        let who = name::of_role(performer);
        if !who.is_empty() {
            making.fact("Given by", who.clone());
            making.push(
                "performer",
                json!({ "function": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0443", "code": "AP" }] }, "actor": { "display": who } }),
            );
        }
    }
    making.comments(context, act, "note");
    making.rest(
        context,
        act,
        &["2.16.840.1.113883.10.20.22.4.53", "2.16.840.1.113883.10.20.22.4.20", "2.16.840.1.113883.10.20.22.4.118"],
    );
    found.entries.push(making.done(Section::Immunizations, title, when.unwrap_or_default(), status));
}
