//! Allergy Concern Act and Allergy Intolerance Observation as AllergyIntolerance (C-CDA on FHIR, CF-allergies; ConceptMaps
//! CF-AllergyStatus, CF-AllergyIntoleranceType, CF-AllergyIntoleranceCategory, CF-Criticality, CF-NoKnownAllergies, CF-Severity).

use serde_json::{Value, json};
use vigil_model::Section;

use super::is;
use super::problem::{fixed, severity_of};
use crate::data::code::{concept, mapped, words};
use crate::data::time::is_over_some_time;
use crate::entry::{Context, Found, Making, is_negated, related, related_by, set};
use crate::xml::Element;

const STATUS: [(&str, &str); 3] = [("413322009", "resolved"), ("73425007", "inactive"), ("55561003", "active")];
const TYPE: [(&str, &str); 5] = [
    ("235719002", "intolerance"),
    ("414285001", "allergy"),
    ("416098002", "allergy"),
    ("419199007", "allergy"),
    ("59037007", "intolerance"),
];
const CATEGORY: [(&str, &str); 6] = [
    ("235719002", "food"),
    ("414285001", "food"),
    ("418471000", "food"),
    ("416098002", "medication"),
    ("419511003", "medication"),
    ("59037007", "medication"),
];
const CRITICALITY: [(&str, &str); 3] = [("CRITH", "high"), ("CRITL", "low"), ("CRITU", "unable-to-assess")];
const SNOMED: &str = "http://snomed.info/sct";
/// What says that there is none, by what kind it is said of.
const NONE_KNOWN: [(&str, (&str, &str)); 3] = [
    ("414285001", ("429625007", "No known food allergy")),
    ("416098002", ("409137002", "No known drug allergy")),
    ("419199007", ("716186003", "No known allergy")),
];

/// A concern and the observations in it.
pub(super) fn concern(act: &Element, context: &Context<'_>, found: &mut Found) {
    let mut any = false;
    for (_, inner) in related(act).filter(|(_, inner)| &*inner.name == "observation") {
        read(inner, Some(act), context, found);
        any = true;
    }
    if !any {
        found.leave(context.called(act), "the concern names no allergy");
    }
}

/// An allergy observation.
pub(super) fn read(act: &Element, around: Option<&Element>, context: &Context<'_>, found: &mut Found) {
    let value = act.child("value");
    let agent = act
        .all("participant")
        .filter_map(|participant| participant.at(&["participantRole", "playingEntity"]))
        .find_map(|entity| agent_of(entity, context));
    let mut making = Making::new("AllergyIntolerance", act);
    let code = match (is_negated(act), agent) {
        (false, Some(agent)) => agent,
        (false, None) => {
            // Without an agent the value may name it: some senders write "Allergy to penicillin" there.
            let named = value.filter(|value| mapped(value, &CATEGORY).is_none() && !GENERIC.contains(&value.attribute("code")));
            let named = named.and_then(|value| concept(value, context)).or_else(|| context.words_of(act, 300).map(|text| json!({ "text": text })));
            match named {
                Some(named) => named,
                None => return found.leave(context.called(act), "it does not say to what"),
            }
        }
        (true, None) => match value.and_then(|value| NONE_KNOWN.iter().find(|(code, _)| *code == value.attribute("code"))) {
            Some((_, (code, display))) => fixed(SNOMED, code, display, display),
            None => return found.leave(context.called(act), "it says that there is none, and not of what kind; \u{201c}no known allergies\u{201d} is recorded by hand"),
        },
        // SNOMED CT has no concept for every substance that somebody is not allergic to, and FHIR says it in an extension that charts here
        // do not show: it would read as an allergy.
        (true, Some(agent)) => return found.leave(format!("No known allergy to {}", words(&agent)), "that somebody is not allergic to one substance is no entry of the allergy list here"),
    };
    let title = words(&code);
    making.set("code", code);
    if let Some(value) = value {
        making.set_some("type", mapped(value, &TYPE).map(|kind| json!(kind)));
        if let Some(category) = mapped(value, &CATEGORY) {
            making.set("category", json!([category]));
            making.fact("Kind", category);
        }
    }
    let time = act.child("effectiveTime");
    let status = clinical_status(act, around, time);
    let coded = |list: &str, code: &str| json!({ "coding": [{ "system": format!("http://terminology.hl7.org/CodeSystem/{list}"), "code": code }] });
    making.set("clinicalStatus", coded("allergyintolerance-clinical", status));
    making.set("verificationStatus", coded("allergyintolerance-verification", "confirmed"));
    let criticality = related_by(act, "2.16.840.1.113883.10.20.22.4.145", "82606-5")
        .and_then(|said| mapped(said.child("value")?, &CRITICALITY));
    if let Some(criticality) = criticality {
        making.fact("Criticality", criticality);
        making.set("criticality", criticality);
    }
    let mut when = String::new();
    if let Some(low) = time.and_then(|time| context.zone.low(time)) {
        making.set("onsetDateTime", low.clone());
        when = low;
    }
    if let Some(high) = time.and_then(|time| context.zone.high(time)) {
        making.fact("Until", high.clone());
        making.push("extension", json!({ "url": "http://hl7.org/fhir/StructureDefinition/allergyintolerance-abatement", "valueDateTime": high }));
    }
    reactions(act, context, &mut making);
    let acts: Vec<&Element> = [Some(act), around].into_iter().flatten().collect();
    making.recorded(context, &acts);
    making.comments(context, act, "note");
    let known = [
        "33999-4",
        "2.16.840.1.113883.10.20.22.4.28",
        "2.16.840.1.113883.10.20.22.4.9",
        "2.16.840.1.113883.10.20.22.4.8",
        "SEV",
        "82606-5",
        "2.16.840.1.113883.10.20.22.4.145",
    ];
    making.rest(context, act, &known);
    found.entries.push(making.done(Section::Allergies, title, when, status));
}

/// Values that say that there is something and not what: of the value set 2.16.840.1.113883.3.88.12.3221.6.2 those without a category.
const GENERIC: [&str; 4] = ["418038007", "419199007", "420134006", "ASSERTION"];

fn agent_of(entity: &Element, context: &Context<'_>) -> Option<Value> {
    let coded = entity.child("code").and_then(|code| concept(code, context));
    let named = || {
        Some(json!({ "text": entity.child("name")?.text(300) }))
            .filter(|named| named.get("text").and_then(Value::as_str) != Some(""))
    };
    coded.or_else(named)
}

fn clinical_status(act: &Element, around: Option<&Element>, time: Option<&Element>) -> &'static str {
    let said = related_by(act, "2.16.840.1.113883.10.20.22.4.28", "33999-4")
        .and_then(|status| mapped(status.child("value")?, &STATUS));
    let over = time.is_some_and(|time| !time.value_of("high", "value").is_empty() || is_over_some_time(time));
    match (said, over, around.map_or("", |around| around.value_of("statusCode", "code"))) {
        (Some(said), _, _) => said,
        (None, true, _) => "resolved",
        (None, false, "completed" | "aborted" | "suspended") => "inactive",
        (None, false, _) => "active",
    }
}

/// Reaction Observation; a severity of the whole allergy counts for every reaction that has none.
fn reactions(act: &Element, context: &Context<'_>, making: &mut Making) {
    let of_all = severity_of(act);
    let mut any = false;
    let reactions = related(act).filter(|(relation, inner)| relation.attribute("typeCode") == "MFST" || is(inner, "9"));
    for (_, inner) in reactions {
        let manifestation = inner.child("value").and_then(|value| concept(value, context));
        let manifestation = manifestation.or_else(|| context.words_of(inner, 300).map(|text| json!({ "text": text })));
        let Some(manifestation) = manifestation else { continue };
        let severity = severity_of(inner).or(of_all);
        making.fact(
            "Reaction",
            [words(&manifestation), severity.map(|severity| format!(" ({severity})")).unwrap_or_default()].concat(),
        );
        let mut reaction = json!({ "manifestation": [manifestation] });
        if let Some(severity) = severity {
            set(&mut reaction, "severity", json!(severity));
        }
        if let Some(onset) = inner.child("effectiveTime").and_then(|time| context.zone.low(time)) {
            set(&mut reaction, "onset", json!(onset));
        }
        making.push("reaction", reaction);
        any = true;
    }
    if !any && let Some(severity) = of_all {
        // FHIR has a severity of reactions alone.
        making.remark(format!(
            "the severity \u{201c}{severity}\u{201d} stays in the document: no reaction is named that it could be of"
        ));
    }
}
