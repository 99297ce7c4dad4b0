//! Result, vital sign, social history and other observations as Observation (C-CDA on FHIR, CF-results, CF-vitals, CF-social; ConceptMap
//! CF-ResultStatus).

use serde_json::{Value, json};
use vigil_model::Section;

use super::problem::fixed;
use super::{is, is_planned};
use crate::data::code::{concept, words};
use crate::data::{name, quantity, value};
use crate::entry::{Context, Entry, Found, Making, is_negated, set};
use crate::section::Kind;
use crate::xml::Element;

const STATUS: [(&str, &str); 6] = [
    ("aborted", "cancelled"),
    ("active", "registered"),
    ("cancelled", "cancelled"),
    ("completed", "final"),
    ("held", "registered"),
    ("suspended", "registered"),
];
const LOINC: &str = "http://loinc.org";

/// An observation that stands alone.
pub(super) fn read(act: &Element, kind: Kind, context: &Context<'_>, found: &mut Found) {
    let category = match kind {
        Kind::Vitals => "vital-signs",
        Kind::Results => "laboratory",
        Kind::Social => "social-history",
        Kind::Functional | Kind::Mental => "survey",
        Kind::Equipment if is_negated(act) => {
            return found.leave(context.called(act), "that there is none is no entry of a chart here");
        }
        Kind::Problems
        | Kind::Allergies
        | Kind::Medications
        | Kind::Immunizations
        | Kind::Procedures
        | Kind::Encounters
        | Kind::Family
        | Kind::Plan
        | Kind::Equipment
        | Kind::Notes
        | Kind::Other => "exam",
    };
    match entry(act, category, None, context, found) {
        Ok(entry) => found.entries.push(entry),
        Err(Some(why)) => found.leave(context.called(act), why),
        Err(None) => {}
    }
}

/// The page of a chart that shows a category.
fn page(category: &str) -> Section {
    match category {
        "vital-signs" => Section::Vitals,
        "social-history" => Section::SocialHistory,
        _ => Section::Results,
    }
}

/// An observation as an entry; an error where there is none, with the reason unless that was said already. `around` is when what it is
/// part of was.
pub(super) fn entry(
    act: &Element,
    category: &str,
    around: Option<&Element>,
    context: &Context<'_>,
    found: &mut Found,
) -> Result<Entry, Option<String>> {
    if is_planned(act, context, found) {
        return Err(None);
    }
    if act.value_of("statusCode", "code") == "nullified" {
        return Err(Some("its sender has withdrawn it".to_owned()));
    }
    let mut making = Making::new("Observation", act);
    let said = act.value_of("statusCode", "code");
    let status = STATUS.iter().find(|(code, _)| *code == said).map_or("unknown", |(_, status)| status);
    making.set("status", status);
    making.set("category", json!([{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": category }] }]));
    let (code, asserted) = code(act, context).ok_or_else(|| Some("it does not say what was observed".to_owned()))?;
    if is_negated(act) {
        return Err(Some("it says that something was not observed, which no observation here says".to_owned()));
    }
    let title = words(&code);
    making.set("code", code);
    let time = act.child("effectiveTime").filter(|time| context.zone.point(time).is_some()).or(around);
    let mut when = String::new();
    if let Some((element, value)) = context.zone.choice(time, "effective") {
        making.set(&element, value);
        when = time.and_then(|time| context.zone.point(time)).unwrap_or_default();
    }
    values(act, asserted, context, &mut making)?;
    for interpretation in act.all("interpretationCode").filter_map(|code| concept(code, context)) {
        making.fact("Interpretation", words(&interpretation));
        making.push("interpretation", interpretation);
    }
    making.concept(context, act, "methodCode", "method", "Method");
    making.concept(context, act, "targetSiteCode", "bodySite", "Site");
    ranges(act, context, &mut making);
    for author in
        act.all("author").filter_map(crate::entry::author_name).chain(act.all("performer").filter_map(|performer| {
            Some(name::of_role(performer.child("assignedEntity")?)).filter(|name| !name.is_empty())
        }))
    {
        making.fact("By", author.clone());
        making.push("performer", json!({ "display": author }));
    }
    making.comments(context, act, "note");
    making.rest(context, act, &["2.16.840.1.113883.10.20.22.4.119"]);
    Ok(making.done(page(category), title, when, status))
}

/// What was observed, and whether the value is the observation itself (`ASSERTION`).
fn code(act: &Element, context: &Context<'_>) -> Option<(Value, bool)> {
    let element = act.child("code");
    if element.is_some_and(|code| code.attribute("code") == "ASSERTION") {
        // Codes that CF-social has for templates that say ASSERTION.
        let fixed_code = if is(act, "78") {
            Some(fixed(LOINC, "72166-2", "Tobacco smoking status", "Tobacco smoking status"))
        } else if is(act, "85") {
            Some(fixed(LOINC, "11367-0", "History of Tobacco use", "History of tobacco use"))
        } else if act.follows("2.16.840.1.113883.10.20.15.3.8") {
            Some(fixed(LOINC, "82810-3", "Pregnancy status", "Pregnancy status"))
        } else {
            None
        };
        return match fixed_code {
            Some(code) => Some((code, false)),
            None => Some((concept(act.child("value")?, context)?, true)),
        };
    }
    let code = element.and_then(|code| concept(code, context));
    let code = code.or_else(|| context.words_of(act, 300).map(|text| json!({ "text": text })))?;
    Some((code, false))
}

/// The value; the first where there are several, the others as remarks.
fn values(act: &Element, asserted: bool, context: &Context<'_>, making: &mut Making) -> Result<(), Option<String>> {
    if asserted {
        return Ok(());
    }
    let mut taken = false;
    let mut absent = None;
    for one in act.all("value") {
        match value::read(one, context) {
            Ok(Some(read)) if !taken => {
                making.fact("Value", read.words);
                making.set(read.element, read.value);
                taken = true;
            }
            Ok(Some(read)) => {
                making.remark(format!("another value ({}) stays in the document: an observation has one", read.words))
            }
            Ok(None) => absent = Some(one.attribute("nullFlavor")),
            Err(kind) => {
                making.remark(format!("a value of the type {kind} stays in the document: FHIR has no such type here"))
            }
        }
    }
    if !taken {
        let words = context.words_of(act, 4_000);
        match (words, absent) {
            // What the narrative says stands for a value that is not coded.
            (Some(words), _) => {
                making.fact("Value", words.clone());
                making.set("valueString", words);
            }
            (None, Some(flavor)) => making.set("dataAbsentReason", absent_reason(flavor)),
            (None, None) => return Err(Some("it has no value".to_owned())),
        }
    }
    Ok(())
}

/// CF-NullFlavorDataAbsentReason, the flavors that results have; any other is unknown.
fn absent_reason(flavor: &str) -> Value {
    let code = match flavor {
        "ASKU" => "asked-unknown",
        "NASK" => "not-asked",
        "NAV" => "temp-unknown",
        "MSK" => "masked",
        "NA" => "not-applicable",
        "NP" => "unsupported",
        _ => "unknown",
    };
    json!({ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": code }] })
}

/// Reference ranges: FHIR's are of what is normal, so of several the normal one counts (CF-vitals).
fn ranges(act: &Element, context: &Context<'_>, making: &mut Making) {
    for range in act.all("referenceRange").filter_map(|range| range.child("observationRange")) {
        if !matches!(range.value_of("interpretationCode", "code"), "" | "N") {
            continue;
        }
        let mut read = json!({});
        let mut said = Vec::new();
        if let Some(value) = range.child("value") {
            for (end, quantity) in quantity::ends(value) {
                said.push(format!("{end} {}", quantity::shown(&quantity)));
                set(&mut read, end, quantity);
            }
            if matches!(value.data_type(), "ST" | "ED") {
                let words = value.text(500);
                if !words.is_empty() {
                    said.push(words.clone());
                    set(&mut read, "text", json!(words));
                }
            }
        }
        if said.is_empty()
            && let Some(words) = context.words_of(range, 500)
        {
            said.push(words.clone());
            set(&mut read, "text", json!(words));
        }
        if !said.is_empty() {
            making.fact("Reference range", said.join(", "));
            making.push("referenceRange", read);
        }
    }
}
