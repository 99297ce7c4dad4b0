//! Rewriting, against the same done on parsed values.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::testing::json;
use super::super::text::{layout, rewrite};

fn swapped(text: &str) -> String {
    let layout = layout(text).unwrap();
    rewrite(text, &layout, "i", |link| Some(format!("X/{}", link.text.len()))).into_owned()
}

/// What `text` is with every reference replaced, done on the parsed value.
fn replaced(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(replaced),
        Value::Object(members) => {
            for (name, inner) in members.iter_mut() {
                match inner.as_str() {
                    Some(text) if name == "reference" || name == "url" && text.starts_with("urn:") => {
                        *inner = json!(format!("X/{}", text.len()));
                    }
                    _ => replaced(inner),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

proptest! {
    #[test]
    fn rewriting_changes_references_and_nothing_else(text in json()) {
        let mut expected: Value = serde_json::from_str(&text).unwrap();
        // An id that is no text is refused before it comes here.
        prop_assume!(expected.get("id").is_none_or(Value::is_string));
        replaced(&mut expected);
        let named = expected.get("id").is_some() || expected.get("resourceType").is_some_and(Value::is_string);
        if let (Value::Object(members), true) = (&mut expected, named) {
            members.insert("id".to_owned(), json!("i"));
        }
        let new: Value = serde_json::from_str(&swapped(&text)).unwrap();
        prop_assert_eq!(new, expected);
    }

    #[test]
    fn what_is_no_json_is_refused_and_what_is_json_is_not(text in "[\\[\\]{}\",:0-9a-z\\\\. -]{0,24}") {
        let parsed = serde_json::from_str::<Value>(&text);
        match layout(&text) {
            Ok(_) => prop_assert!(parsed.is_ok()),
            Err(why) => prop_assert!(parsed.is_err() || why.contains("twice")),
        }
    }
}
