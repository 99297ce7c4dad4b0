//! Problem Concern Act and Problem Observation as Condition (C-CDA on FHIR, CF-problems; ConceptMaps CF-ProblemStatus,
//! CF-ConditionClinicalStatus, CF-ProblemCategory).

use serde_json::json;
use vigil_model::Section;

use super::is;
use crate::data::code::{concept, given, mapped, words};
use crate::data::quantity::{quantity, shown};
use crate::data::time::is_over_some_time;
use crate::entry::{Context, Found, Making, is_negated, related, related_by, set};
use crate::xml::Element;

/// CF-ProblemStatus.
const STATUS: [(&str, &str); 6] = [
    ("246455001", "recurrence"),
    ("263855007", "relapse"),
    ("277022003", "remission"),
    ("413322009", "resolved"),
    ("55561003", "active"),
    ("73425007", "inactive"),
];
/// CF-ConditionClinicalStatus.
const CONCERN: [(&str, &str); 4] =
    [("aborted", "inactive"), ("active", "active"), ("completed", "inactive"), ("suspended", "inactive")];
/// What stands for a problem of whatever kind where one says that there is none: the types of a problem
/// (value set 2.16.840.1.113883.3.88.12.3221.7.2) and `Problem` itself.
const ANY_PROBLEM: [&str; 9] =
    ["55607006", "404684003", "418799008", "64572001", "282291009", "409586006", "248536006", "373930000", "29308-4"];
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/condition-category";

/// A concern and the observations in it, each a Condition.
pub(super) fn concern(act: &Element, context: &Context<'_>, found: &mut Found) {
    let mut any = false;
    for (relation, inner) in related(act) {
        if &*inner.name == "observation"
            && (is(inner, "4") || (relation.attribute("typeCode") == "SUBJ" && inner.child("value").is_some()))
        {
            read(inner, Some(act), context, found);
            any = true;
        }
    }
    if !any {
        found.leave(context.called(act), "the concern names no problem");
    }
}

/// A problem observation.
pub(super) fn read(act: &Element, around: Option<&Element>, context: &Context<'_>, found: &mut Found) {
    if super::is_planned(act, context, found) {
        return;
    }
    let mut making = Making::new("Condition", act);
    let value = act.child("value");
    let negated = is_negated(act);
    if negated
        && value
            .is_none_or(|value| ANY_PROBLEM.contains(&value.attribute("code")) || value.attribute("code").is_empty())
    {
        let what = context.words_of(act, 200).unwrap_or_else(|| "No known problems".to_owned());
        return found.leave(what, "that there is none is no entry of the problem list here");
    }
    let code = value
        .and_then(|value| concept(value, context))
        .or_else(|| context.words_of(act, 300).map(|text| json!({ "text": text })));
    let Some(code) = code else {
        return found.leave(context.called(act), "it names no problem");
    };
    let title = words(&code);
    making.set("code", code);
    let verification = if negated { "refuted" } else { "confirmed" };
    making.set(
        "verificationStatus",
        json!({ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": verification }] }),
    );
    if negated {
        making.fact("Verification", "refuted: the document says that the patient does not have it");
    }
    let time = act.child("effectiveTime");
    let status = clinical_status(act, around, time);
    making.set(
        "clinicalStatus",
        json!({ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": status }] }),
    );
    making.push("category", json!({ "coding": [{ "system": CATEGORY, "code": category(context, around) }] }));
    let mut when = String::new();
    if let Some(time) = time {
        if let Some(low) = context.zone.low(time) {
            making.set("onsetDateTime", low.clone());
            when = low;
        }
        if let Some(high) = context.zone.high(time) {
            making.fact("Until", high.clone());
            making.set("abatementDateTime", high);
        } else if is_over_some_time(time) && status != "active" {
            let absent = json!({ "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown" }] });
            making.set("_abatementDateTime", absent);
            making.fact("Until", "a day that is not known");
        }
    }
    // Age Observation: one of two, never both.
    let age =
        related_by(act, "2.16.840.1.113883.10.20.22.4.31", "445518008").and_then(|age| quantity(age.child("value")?));
    if let Some(age) = age {
        making.fact("Age at onset", shown(&age));
        if when.is_empty() {
            making.set("onsetAge", age);
        }
    }
    if let Some(severity) = related_by(act, "2.16.840.1.113883.10.20.22.4.8", "SEV")
        .and_then(|severity| concept(severity.child("value")?, context))
    {
        making.fact("Severity", words(&severity));
        making.set("severity", severity);
    }
    if let Some(site) = act.child("targetSiteCode").and_then(|site| concept(site, context)) {
        making.fact("Site", words(&site));
        making.push("bodySite", site);
    }
    let acts: Vec<&Element> = [Some(act), around].into_iter().flatten().collect();
    making.recorded(context, &acts);
    making.comments(context, act, "note");
    let known = [
        "2.16.840.1.113883.10.20.22.4.6",
        "33999-4",
        "2.16.840.1.113883.10.20.22.4.31",
        "445518008",
        "2.16.840.1.113883.10.20.22.4.8",
        "SEV",
    ];
    making.rest(context, act, &known);
    found.entries.push(making.done(Section::Problems, title, when, status));
}

/// Status observation, else the end of the problem, else the concern's own status.
fn clinical_status(act: &Element, around: Option<&Element>, time: Option<&Element>) -> &'static str {
    let said = related_by(act, "2.16.840.1.113883.10.20.22.4.6", "33999-4")
        .and_then(|status| mapped(status.child("value")?, &STATUS));
    let over = time.is_some_and(|time| !time.value_of("high", "value").is_empty() || is_over_some_time(time));
    match (said, over) {
        // FHIR con-4: what has ended is not active.
        (Some("active" | "recurrence" | "relapse"), true) => "inactive",
        (Some(said), _) => said,
        (None, true) => "resolved",
        (None, false) => {
            let concern = around.map_or("", |around| around.value_of("statusCode", "code"));
            CONCERN.iter().find(|(code, _)| *code == concern).map_or("active", |(_, status)| status)
        }
    }
}

/// CF-ProblemCategory, by the section; a diagnosis of an encounter by the act around it.
fn category(context: &Context<'_>, around: Option<&Element>) -> &'static str {
    let of_encounter = around.is_some_and(|around| is(around, "80") || is(around, "33") || is(around, "34"));
    match context.section {
        _ if of_encounter => "encounter-diagnosis",
        "11535-2" | "46241-6" | "46240-8" | "10219-4" | "10218-6" => "encounter-diagnosis",
        "75310-3" => "health-concern",
        _ => "problem-list-item",
    }
}

/// A condition of a relative or a reason, as the concept alone.
pub(super) fn reasons(act: &Element, context: &Context<'_>) -> Vec<serde_json::Value> {
    related(act)
        .filter(|(relation, inner)| relation.attribute("typeCode") == "RSON" || is(inner, "19"))
        .filter_map(|(_, inner)| concept(inner.child("value")?, context))
        .collect()
}

/// What a severity table makes of an act's severity.
pub(super) fn severity_of(act: &Element) -> Option<&'static str> {
    /// CF-Severity; `Fatal` (399166001) and the grades in between have no counterpart in FHIR.
    const SEVERITY: [(&str, &str); 3] = [("255604002", "mild"), ("6736007", "moderate"), ("24484000", "severe")];
    mapped(related_by(act, "2.16.840.1.113883.10.20.22.4.8", "SEV")?.child("value")?, &SEVERITY)
}

/// A code and nothing else, for what the mapping fixes.
pub(super) fn fixed(system: &str, code: &str, display: &str, text: &str) -> serde_json::Value {
    let mut concept = given(system, code, display);
    set(&mut concept, "text", json!(text));
    concept
}
