//! CD and its kin as CodeableConcept (C-CDA on FHIR, mappingGuidance, "CDA Coding to FHIR CodeableConcept").

use serde_json::{Value, json};

use super::oid;
use crate::entry::{Context, set};
use crate::xml::Element;

/// The longest words of a concept.
const LONGEST: usize = 1_000;
/// Translations that are kept. Those of real documents are a handful.
const MOST: usize = 20;

/// The concept: its code, every translation of it, and the words that it was written in; `None` where it says nothing.
pub(crate) fn concept(code: &Element, context: &Context<'_>) -> Option<Value> {
    let own = coding(code);
    let codings: Vec<Value> = own.into_iter().chain(code.all("translation").filter_map(coding).take(MOST)).collect();
    let text = context.original_text(code, LONGEST);
    let shown = code.attribute("displayName");
    let text = text.or_else(|| (codings.is_empty() && !shown.is_empty()).then(|| shown.to_owned()));
    if codings.is_empty() && text.is_none() {
        return None;
    }
    let mut concept = json!({});
    if !codings.is_empty() {
        set(&mut concept, "coding", json!(codings));
    }
    if let Some(text) = text {
        set(&mut concept, "text", json!(text));
    }
    Some(concept)
}

fn coding(code: &Element) -> Option<Value> {
    let value = code.attribute("code");
    if value.is_empty() || code.is_null() {
        return None;
    }
    let mut coding = json!({});
    let system = code.attribute("codeSystem");
    if !system.is_empty() {
        set(&mut coding, "system", json!(oid::code_system(system)));
    }
    let version = code.attribute("codeSystemVersion");
    if !version.is_empty() {
        set(&mut coding, "version", json!(version));
    }
    set(&mut coding, "code", json!(value));
    let display = code.attribute("displayName");
    if !display.is_empty() {
        set(&mut coding, "display", json!(display));
    }
    Some(coding)
}

/// A concept of one code that the mapping gives.
pub(crate) fn given(system: &str, code: &str, display: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code, "display": display }] })
}

/// The words for a concept: what was written, else a display, else the code.
pub(crate) fn words(concept: &Value) -> String {
    let text = concept.get("text").and_then(Value::as_str);
    let codings = concept.get("coding").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let of = |key: &str| codings.iter().find_map(|coding| coding.get(key).and_then(Value::as_str));
    text.or_else(|| of("display")).or_else(|| of("code")).unwrap_or_default().to_owned()
}

/// What a table of "C-CDA on FHIR" makes of the code of `element` or of one of its translations.
pub(crate) fn mapped<'t>(element: &Element, table: &[(&str, &'t str)]) -> Option<&'t str> {
    let of = |one: &Element| table.iter().find(|(code, _)| *code == one.attribute("code")).map(|(_, target)| *target);
    of(element).or_else(|| element.all("translation").find_map(of))
}
