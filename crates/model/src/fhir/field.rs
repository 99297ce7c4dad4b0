//! Looking into JSON of unknown shape.

use serde_json::Value;

static NULL: Value = Value::Null;

/// The value under `path`; JSON null when a step is missing.
pub fn at<'a>(value: &'a Value, path: &[&str]) -> &'a Value {
    path.iter().fold(value, |value, key| value.get(key).unwrap_or(&NULL))
}

/// The trimmed text under `key`; empty when there is none.
pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default().trim()
}

/// The elements under `key`. A lone value where FHIR wants a list counts as a list of one, so that nothing is overlooked.
pub fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    match value.get(key) {
        None | Some(Value::Null) => &[],
        Some(Value::Array(items)) => items,
        Some(single) => std::slice::from_ref(single),
    }
}

/// The first element under `key`; JSON null when there is none.
pub fn first<'a>(value: &'a Value, key: &str) -> &'a Value {
    items(value, key).first().unwrap_or(&NULL)
}

/// The texts of a list of primitives under `key`, empty ones left out.
pub fn texts<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a str> {
    items(value, key).iter().filter_map(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

/// The resource in `contained` that a local reference (`#x`) names.
pub fn contained<'a>(resource: &'a Value, reference: &str) -> Option<&'a Value> {
    let id = reference.strip_prefix('#')?;
    items(resource, "contained").iter().find(|resource| text(resource, "id") == id)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_lone_object_counts_as_a_list_of_one() {
        let value = json!({ "coding": { "code": "a" }, "given": ["Jane", "", 3] });
        assert_eq!(items(&value, "coding").len(), 1, "a sender that forgot the list still means something");
        assert_eq!(texts(&value, "given").collect::<Vec<_>>(), ["Jane"], "blanks and numbers are no given names");
        assert!(at(&value, &["coding", "code", "deeper"]).is_null(), "a path that leads nowhere is null");
    }
}
