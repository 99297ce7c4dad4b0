//! The body of a call: JSON with blanks to fill in. What is filled in stays inside its string whatever it is, for the body is filled in as
//! a value and written as JSON afterwards.

use serde_json::Value;

use crate::failure::KeyError;

const BLANKS: [&str; 3] = ["to", "text", "id"];

/// JSON whose strings have `{to}`, `{text}` and, if wanted, `{id}` in them.
pub(super) struct Template(Value);

impl Template {
    pub(super) fn parse(text: &str) -> Result<Self, KeyError> {
        let wrong = |what: String| KeyError::new("body", what);
        let value: Value = serde_json::from_str(text).map_err(|error| {
            wrong(format!("is no JSON: {error}; such as {{\"to\":\"{{to}}\",\"text\":\"{{text}}\"}}"))
        })?;
        let mut found = Vec::new();
        blanks(&value, &mut found)?;
        for wanted in ["to", "text"] {
            if !found.contains(&wanted) {
                return Err(wrong(format!("{{{wanted}}} stands in none of its strings")));
            }
        }
        Ok(Self(value))
    }

    /// The body for one telephone.
    pub(super) fn fill(&self, to: &str, text: &str, id: &str) -> String {
        let mut value = self.0.clone();
        fill(&mut value, &[("to", to), ("text", text), ("id", id)]);
        value.to_string()
    }
}

fn blanks(value: &Value, found: &mut Vec<&'static str>) -> Result<(), KeyError> {
    match value {
        Value::String(text) => {
            for blank in named(text) {
                let known = BLANKS.into_iter().find(|known| *known == blank);
                let unknown = || {
                    KeyError::new(
                        "body",
                        format!("{{{blank}}} is nothing that is filled in; {{to}}, {{text}} and {{id}} are"),
                    )
                };
                found.push(known.ok_or_else(unknown)?);
            }
            Ok(())
        }
        Value::Array(items) => items.iter().try_for_each(|item| blanks(item, found)),
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| {
            if named(name).next().is_some() {
                return Err(KeyError::new("body", "only values are filled in, not the names of fields"));
            }
            blanks(value, found)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn fill(value: &mut Value, with: &[(&str, &str)]) {
    match value {
        Value::String(text) => *text = filled(text, with),
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, with)),
        Value::Object(fields) => fields.iter_mut().for_each(|(_, value)| fill(value, with)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Fills in from left to right, once: what was filled in is not looked through again.
fn filled(text: &str, with: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let blank = with.iter().find_map(|(name, value)| Some((value, after.strip_prefix(name)?.strip_prefix('}')?)));
        if let Some((value, after)) = blank {
            out.push_str(value);
            rest = after;
        } else {
            out.push('{');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// The words in braces.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|after| {
        let (name, _) = after.split_once('}')?;
        (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const USUAL: &str =
        r#"{"messages":[{"to":"{to}","content":{"text":"Alarm: {text}"},"ref":"{id}"}],"flash":false,"ttl":60}"#;

    #[test]
    fn blanks_are_filled_in_wherever_they_stand() {
        let body = Template::parse(USUAL).unwrap().fill("+41", "say \"hi\"\n\\", "7");
        let wanted = json!({"messages":[{"to":"+41","content":{"text":"Alarm: say \"hi\"\n\\"},"ref":"7"}],"flash":false,"ttl":60});
        assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), wanted, "{body}");
    }

    #[test]
    fn what_cannot_be_a_body_is_refused_with_a_reason() {
        for (bad, reason) in [
            ("to={to}&text={text}", "is no JSON"),
            (r#"{"to":"{to}"}"#, "{text} stands in none"),
            (r#"{"text":"{text}"}"#, "{to} stands in none"),
            (r#"{"to":"{to}","text":"{text}","x":"{patient}"}"#, "{patient} is nothing"),
            (r#"{"{to}":"{to}","text":"{text}"}"#, "not the names of fields"),
        ] {
            let error = Template::parse(bad).err().unwrap();
            assert!(error.what.contains(reason), "{bad}: {}", error.what);
        }
    }

    proptest! {
        #[test]
        fn whatever_is_filled_in_stays_where_it_belongs(to in ".*", text in ".*", id in ".*") {
            let body = Template::parse(USUAL).unwrap().fill(&to, &text, &id);
            let found: Value = serde_json::from_str(&body).unwrap();
            prop_assert_eq!(found.pointer("/messages/0/to").unwrap(), &json!(to), "the number");
            prop_assert_eq!(found.pointer("/messages/0/content/text").unwrap(), &json!(format!("Alarm: {text}")), "the text");
            prop_assert_eq!(found.pointer("/messages/0/ref").unwrap(), &json!(id), "the id");
            prop_assert_eq!(found.as_object().unwrap().len(), 3, "and nothing beside them");
        }
    }
}
