//! Medication Activity as MedicationStatement.
//!
//! C-CDA on FHIR (CF-medications) maps moodCode INT to MedicationRequest and names no consensus for EVN. An order of another house is no
//! order of this one: what is taken here is what the document says is or was taken, whatever its mood. Statuses: CF-MedicationStatus; the
//! elements of the dosage as there.

use serde_json::{Value, json};
use vigil_model::Section;

use super::problem::reasons;
use crate::data::code::{concept, words};
use crate::data::name;
use crate::data::quantity::{interval, quantity, ratio, shown};
use crate::entry::{Context, Found, Making, is_negated, push, related, related_by, set};
use crate::xml::Element;

const STATUS: [(&str, &str); 4] =
    [("active", "active"), ("suspended", "on-hold"), ("aborted", "stopped"), ("completed", "completed")];

/// A medicine that is or was taken.
pub(super) fn read(act: &Element, context: &Context<'_>, found: &mut Found) {
    // Planned Medication Activity; the mood INT alone says little, for many senders write their whole list so.
    if super::is(act, "42") || matches!(act.attribute("moodCode"), "RQO" | "PRP" | "PRMS") {
        return found.leave(
            called(act, context),
            "it is planned or asked for, and not said to be taken; orders are made here anew",
        );
    }
    let Some(product) = product(act, context) else {
        let none = is_negated(act)
            || act.is_null()
            || act.value_of("code", "nullFlavor") == "NA"
            || act
                .at(&["consumable", "manufacturedProduct", "manufacturedMaterial", "code"])
                .is_some_and(Element::is_null);
        let why = if none { "that there is no medicine is no entry of the list here" } else { "it names no medicine" };
        return found.leave(called(act, context), why);
    };
    let title = words(&product);
    let mut making = Making::new("MedicationStatement", act);
    making.set("medicationCodeableConcept", product);
    let code = act.value_of("statusCode", "code");
    let mut status = STATUS.iter().find(|(said, _)| *said == code).map_or("unknown", |(_, status)| status);
    let bounds = act.all("effectiveTime").find(|time| matches!(time.data_type(), "IVL_TS" | "TS" | "SXCM_TS" | ""));
    if is_negated(act) {
        status = "not-taken";
        making.fact("Taken", "no: the document says that it is not taken");
    }
    making.set("status", status);
    let mut when = String::new();
    if let Some(time) = bounds {
        if let Some((element, value)) = context.zone.choice(Some(time), "effective") {
            making.set(&element, value);
        }
        if let Some(period) = context.zone.period(time).filter(|_| time.attribute("value").is_empty()) {
            // Without an end it goes on: a Period says so, a time does not.
            if let Some(object) = making.resource.as_object_mut() {
                object.remove("effectiveDateTime");
            }
            making.set("effectivePeriod", period);
        }
        when = context.zone.point(time).unwrap_or_default();
        if let Some(high) = context.zone.high(time) {
            making.fact("Until", high);
        }
    }
    let (dosage, text) = dosage(act, context);
    if dosage.as_object().is_some_and(|dosage| !dosage.is_empty()) {
        making.fact("Dosage", text);
        making.set("dosage", json!([dosage]));
    }
    for reason in reasons(act, context) {
        making.fact("For", words(&reason));
        making.push("reasonCode", reason);
    }
    let authors: Vec<&Element> = act.all("author").collect();
    if let Some(who) = authors.iter().filter_map(|author| crate::entry::author_name(author)).next_back() {
        making.fact("Recorded by", who.clone());
        making.set("informationSource", json!({ "display": who }));
    }
    let mut times: Vec<String> =
        authors.iter().filter_map(|author| context.zone.point(author.child("time")?)).collect();
    times.sort();
    making.set_some("dateAsserted", times.into_iter().next().map(Value::from));
    for supplied in related(act).filter(|(_, inner)| &*inner.name == "supply") {
        making
            .remark(format!("what was supplied or dispensed ({}) stays in the document", supply(supplied.1, context)));
    }
    making.comments(context, act, "note");
    let known = [
        "2.16.840.1.113883.10.20.22.4.19",
        "76662-6",
        "2.16.840.1.113883.10.20.22.4.147",
        "2.16.840.1.113883.10.20.22.4.20",
        "2.16.840.1.113883.10.20.22.4.17",
        "2.16.840.1.113883.10.20.22.4.18",
        "2.16.840.1.113883.10.20.22.4.23",
    ];
    making.rest(context, act, &known);
    found.entries.push(making.done(Section::Medications, title, when, status));
}

/// The concept of what is given.
pub(super) fn product(act: &Element, context: &Context<'_>) -> Option<Value> {
    let material = act.at(&["consumable", "manufacturedProduct", "manufacturedMaterial"])?;
    let coded = material.child("code").and_then(|code| concept(code, context));
    let named = || {
        material
            .child("name")
            .map(|name| name.text(300))
            .filter(|name| !name.is_empty())
            .map(|name| json!({ "text": name }))
    };
    coded.or_else(named)
}

pub(super) fn called(act: &Element, context: &Context<'_>) -> String {
    product(act, context)
        .map(|product| words(&product))
        .filter(|words| !words.is_empty())
        .unwrap_or_else(|| context.called(act))
}

fn supply(supply: &Element, context: &Context<'_>) -> String {
    let amount = supply.child("quantity").and_then(quantity).map(|quantity| shown(&quantity));
    let when = supply.child("effectiveTime").and_then(|time| context.zone.point(time));
    let by = supply.at(&["performer", "assignedEntity"]).map(name::of_role).filter(|name| !name.is_empty());
    let said: Vec<String> = [amount, when, by].into_iter().flatten().collect();
    if said.is_empty() { "without details".to_owned() } else { said.join(", ") }
}

/// The Dosage and its words.
fn dosage(act: &Element, context: &Context<'_>) -> (Value, String) {
    let mut dosage = json!({});
    let mut said: Vec<String> = Vec::new();
    let sig =
        related_by(act, "2.16.840.1.113883.10.20.22.4.147", "76662-6").and_then(|sig| context.words_of(sig, 2_000));
    if let Some((kind, amount)) = act.child("doseQuantity").and_then(interval) {
        said.push(if kind == "Range" { range_words(&amount) } else { shown(&amount) });
        push(&mut dosage, "doseAndRate", json!({ format!("dose{kind}"): amount }));
    }
    if let Some((kind, rate)) = act.child("rateQuantity").and_then(interval) {
        said.push(if kind == "Range" { range_words(&rate) } else { shown(&rate) });
        push(&mut dosage, "doseAndRate", json!({ format!("rate{kind}"): rate }));
    }
    if let Some(route) = act.child("routeCode").and_then(|route| concept(route, context)) {
        said.push(words(&route));
        set(&mut dosage, "route", route);
    }
    if let Some(site) = act.child("approachSiteCode").and_then(|site| concept(site, context)) {
        said.push(words(&site));
        set(&mut dosage, "site", site);
    }
    if let Some((repeat, words)) = act.all("effectiveTime").find_map(repeat) {
        said.push(words);
        set(&mut dosage, "timing", json!({ "repeat": repeat }));
    }
    if act.child("precondition").is_some() {
        said.push("as needed".to_owned());
        set(&mut dosage, "asNeededBoolean", json!(true));
    }
    if let Some(most) = act.child("maxDoseQuantity").and_then(ratio) {
        let words = ["numerator", "denominator"].map(|part| most.get(part).map(shown).unwrap_or_default()).join(" in ");
        said.push(format!("at most {words}"));
        set(&mut dosage, "maxDosePerPeriod", most);
    }
    let instruction = related_by(act, "2.16.840.1.113883.10.20.22.4.20", "")
        .and_then(|instruction| context.words_of(instruction, 2_000));
    if let Some(instruction) = instruction {
        said.push(instruction.clone());
        set(&mut dosage, "patientInstruction", json!(instruction));
    }
    // What a person wrote comes first; else the elements in words, so that nobody has to put them together.
    let said = sig.unwrap_or_else(|| said.join(", "));
    if !said.is_empty() {
        set(&mut dosage, "text", json!(said));
    }
    (dosage, said)
}

fn range_words(range: &Value) -> String {
    ["low", "high"].map(|end| range.get(end).map(shown).unwrap_or_default()).join(" to ")
}

/// PIVL_TS as Timing.repeat, `1 / 8 / h`; EIVL_TS by its event, whose codes FHIR has too (hl7.org/fhir/R4/valueset-event-timing.html).
fn repeat(time: &Element) -> Option<(Value, String)> {
    if time.data_type() == "EIVL_TS" {
        let event = time.value_of("event", "code");
        const EVENTS: [&str; 13] = ["HS", "WAKE", "C", "CM", "CD", "CV", "AC", "ACM", "ACD", "ACV", "PC", "PCM", "PCD"];
        let known = EVENTS.contains(&event) || event == "PCV";
        return known.then(|| (json!({ "when": [event] }), format!("at {event}")));
    }
    let period = time.child("period").filter(|_| time.data_type() == "PIVL_TS")?;
    let low = period.child("low").unwrap_or(period);
    let every = quantity(low)?;
    // Units of time that FHIR has (hl7.org/fhir/R4/valueset-units-of-time.html).
    let unit = every
        .get("code")
        .and_then(Value::as_str)
        .filter(|unit| matches!(*unit, "s" | "min" | "h" | "d" | "wk" | "mo" | "a"))?;
    let mut repeat = json!({ "frequency": 1, "period": every.get("value")?.clone(), "periodUnit": unit });
    let mut words = format!("every {}", shown(&every));
    if let Some(most) = period.child("high").and_then(quantity) {
        words = format!("{words} to {}", shown(&most));
        set(&mut repeat, "periodMax", most.get("value")?.clone());
    }
    Some((repeat, words))
}
