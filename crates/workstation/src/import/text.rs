//! One resource as text: checks it to the last token and finds what may have to be replaced in it.
//!
//! The text is never parsed and printed again: replacements are cut into it, so that numbers keep their digits and
//! everything Vigil does not model stays as it was.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The nesting FHIR never needs and a hostile file might have.
const DEPTH_LIMIT: usize = 128;

/// Objects with more members than this look their names up in a set.
const FEW_MEMBERS: usize = 32;

/// A part of a resource's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    start: usize,
    end: usize,
}

/// The value of an element that may name another resource.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) span: Span,
    /// The text with its escapes resolved.
    pub(super) text: String,
    /// `Reference.reference`; otherwise the address of an attachment or another `url` or `uri`.
    pub(super) is_reference: bool,
}

/// What was found in a resource's text.
#[derive(Default)]
pub(super) struct Layout {
    pub(super) links: Vec<Link>,
    /// The value of the resource's own `id`, quotes included.
    id: Option<Span>,
    /// The value of the resource's own `resourceType`, quotes included.
    resource_type: Option<Span>,
}

/// Checks `text`, one JSON value without a mistake allowed, and finds its links.
pub(super) fn layout(text: &str) -> Result<Layout, String> {
    let mut walk =
        Walk { base: text.as_ptr() as usize, layout: Layout::default(), depth: 0, fault: None, names: Vec::new() };
    let mut parser = serde_json::Deserializer::from_str(text);
    let end = (&mut walk).deserialize(&mut parser).and_then(|()| parser.end());
    match (end, walk.fault) {
        (_, Some(fault)) => Err(fault.to_owned()),
        (Err(error), None) => Err(explain(&error)),
        (Ok(()), None) => Ok(walk.layout),
    }
}

/// `text` with links replaced where `replacement` has something else, and with `id` as the resource's id.
pub(super) fn rewrite<'a>(
    text: &'a str,
    layout: &Layout,
    id: &str,
    mut replacement: impl FnMut(&Link) -> Option<String>,
) -> Cow<'a, str> {
    let mut changes: Vec<(Span, String)> =
        layout.links.iter().filter_map(|link| Some((link.span, quoted(&replacement(link)?)))).collect();
    match (layout.id, layout.resource_type) {
        (Some(span), _) if slice(text, span) != quoted(id) => changes.push((span, quoted(id))),
        (None, Some(span)) => {
            let after = Span { start: span.end, end: span.end };
            changes.push((after, format!(",\"id\":{}", quoted(id))));
        }
        _ => {}
    }
    if changes.is_empty() {
        return Cow::Borrowed(text);
    }
    changes.sort_by_key(|(span, _)| span.start);
    let mut out = String::with_capacity(text.len() + 64 * changes.len());
    let mut from = 0;
    for (span, new) in changes {
        out.push_str(slice(text, Span { start: from, end: span.start }));
        out.push_str(&new);
        from = span.end;
    }
    out.push_str(slice(text, Span { start: from, end: text.len() }));
    Cow::Owned(out)
}

/// What a link was replaced with, for the part of the resource that is parsed already.
pub(super) struct Replaced {
    text: String,
    is_reference: bool,
    target: String,
}

impl Replaced {
    pub(super) fn new(link: &Link, target: &str) -> Self {
        Self { text: link.text.clone(), is_reference: link.is_reference, target: target.to_owned() }
    }
}

/// Replaces in `value`, a part of the resource, the links that [`rewrite`] replaces in its text.
pub(super) fn replace_in(value: &mut serde_json::Value, replaced: &[Replaced]) {
    use serde_json::Value;
    if replaced.is_empty() {
        return;
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| replace_in(item, replaced)),
        Value::Object(members) => {
            for (name, inner) in members {
                match (inner, link_of(name)) {
                    (Value::String(text), Some(is_reference)) => {
                        let same = |known: &&Replaced| known.is_reference == is_reference && known.text == *text;
                        if let Some(known) = replaced.iter().find(same) {
                            text.clone_from(&known.target);
                        }
                    }
                    (inner, _) => replace_in(inner, replaced),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Whether a member of this name is a reference (true) or an address (false).
fn link_of(name: &str) -> Option<bool> {
    match name {
        "reference" => Some(true),
        "url" | "uri" | "valueUri" | "valueUrl" => Some(false),
        _ => None,
    }
}

/// Why the parser refused, without quoting what it read.
pub(super) fn explain(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Syntax | serde_json::error::Category::Eof => {
            let message = error.to_string();
            let what = message.split(" at line ").next().unwrap_or_default();
            format!("the JSON is broken: {what}")
        }
        serde_json::error::Category::Data => "an element holds another kind of value than FHIR R4 has there".to_owned(),
        serde_json::error::Category::Io => "it could not be read".to_owned(),
    }
}

fn slice(text: &str, span: Span) -> &str {
    text.get(span.start..span.end).unwrap_or_default()
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

struct Walk<'de> {
    /// Where the text starts in memory: what the parser lends is placed by its distance from here.
    base: usize,
    layout: Layout,
    depth: usize,
    fault: Option<&'static str>,
    /// Member names of all open objects.
    names: Vec<Cow<'de, str>>,
}

impl<'de> Walk<'de> {
    fn stop<E: de::Error>(&mut self, fault: &'static str) -> E {
        self.fault = self.fault.or(Some(fault));
        E::custom(fault)
    }

    fn string<E: de::Error>(&mut self, text: &str) -> Result<(), E> {
        if text.contains('\0') { Err(self.stop("a text holds a NUL character")) } else { Ok(()) }
    }

    fn deeper<E: de::Error>(&mut self) -> Result<(), E> {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT { Err(self.stop("it is nested more than 128 deep")) } else { Ok(()) }
    }

    fn span(&self, raw: &str) -> Span {
        let start = (raw.as_ptr() as usize).saturating_sub(self.base);
        Span { start, end: start + raw.len() }
    }

    /// Notes a member whose value may have to be replaced; the value may also be something else altogether.
    fn member<E: de::Error>(&mut self, role: Role, raw: &'de str) -> Result<(), E> {
        if !raw.starts_with('"') {
            let mut parser = serde_json::Deserializer::from_str(raw);
            return self.deserialize(&mut parser).map_err(|error| {
                if self.fault.is_none() && error.is_syntax() {
                    return self.stop("the JSON is broken");
                }
                E::custom(explain(&error))
            });
        }
        let text: String = serde_json::from_str(raw).map_err(|_| self.stop("a text has a broken escape"))?;
        self.string(&text)?;
        let span = self.span(raw);
        match role {
            Role::Id => self.layout.id = Some(span),
            Role::Type => self.layout.resource_type = Some(span),
            Role::Reference => self.layout.links.push(Link { span, text, is_reference: true }),
            Role::Address if text.starts_with("urn:") || text.starts_with("http") => {
                self.layout.links.push(Link { span, text, is_reference: false });
            }
            Role::Address => {}
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Role {
    Reference,
    Address,
    Id,
    Type,
}

fn role(name: &str, depth: usize) -> Option<Role> {
    match name {
        "id" if depth == 1 => Some(Role::Id),
        "resourceType" if depth == 1 => Some(Role::Type),
        _ => link_of(name).map(|is_reference| if is_reference { Role::Reference } else { Role::Address }),
    }
}

impl<'de> DeserializeSeed<'de> for &mut Walk<'de> {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Walk<'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    // Without escapes there can be no NUL: a bare one is refused by the parser.
    fn visit_borrowed_str<E: de::Error>(self, _: &'de str) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        self.string(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.deeper()?;
        while items.next_element_seed(&mut *self)?.is_some() {}
        self.depth -= 1;
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.deeper()?;
        let first = self.names.len();
        let mut many: HashSet<Cow<'de, str>> = HashSet::new();
        while let Some(name) = members.next_key_seed(Name)? {
            let mine = self.names.get(first..).unwrap_or_default();
            if mine.contains(&name) || !many.is_empty() && many.contains(&name) {
                return Err(self.stop("an object has the same member twice"));
            }
            if name.contains('\0') {
                return Err(self.stop("a name holds a NUL character"));
            }
            let role = role(&name, self.depth);
            if mine.len() < FEW_MEMBERS {
                self.names.push(name);
            } else {
                many.insert(name);
            }
            match role {
                Some(role) => {
                    let raw: &'de RawValue = members.next_value()?;
                    self.member(role, raw.get())?;
                }
                None => members.next_value_seed(&mut *self)?,
            }
        }
        self.names.truncate(first);
        self.depth -= 1;
        Ok(())
    }
}

/// A member's name, lent by the text where it has no escapes.
pub(super) struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E: de::Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn swapped(text: &str) -> String {
        let layout = layout(text).unwrap();
        rewrite(text, &layout, "i", |link| Some(format!("X/{}", link.text.len()))).into_owned()
    }

    #[test]
    fn digits_escapes_and_unknown_elements_stay_as_they_are() {
        let text = r#"{"resourceType":"Observation","id":"i","valueQuantity":{"value":7.20},"x":1e2,"n":"\u00e9\/","subject":{"reference":"Patient\/1"}}"#;
        let expected = text.replace(r#""Patient\/1""#, r#""X/9""#);
        assert_eq!(swapped(text), expected, "nothing but the reference changes");
    }

    #[test]
    fn a_missing_id_is_put_in_and_another_one_replaced() {
        let added = swapped(r#"{"resourceType":"Observation","code":{"id":"c"}}"#);
        assert_eq!(
            added, r#"{"resourceType":"Observation","id":"i","code":{"id":"c"}}"#,
            "the element's own id is not the resource's"
        );
        assert_eq!(
            swapped(r#"{"id":"j","resourceType":"Observation"}"#),
            r#"{"id":"i","resourceType":"Observation"}"#,
            "the id is replaced"
        );
    }

    #[test]
    fn a_member_that_stands_twice_is_refused_in_small_and_large_objects() {
        let mut large: String = (0..100).map(|n| format!("\"m{n}\":{n},")).collect();
        large.push_str("\"m99\":1");
        for text in
            [r#"{"a":1,"b":{"c":1,"c":2}}"#.to_owned(), r#"{"a":1,"\u0061":2}"#.to_owned(), format!("{{{large}}}")]
        {
            assert!(layout(&text).is_err_and(|why| why.contains("twice")), "which value counts cannot be known");
        }
        assert!(layout(r#"[{"a":1},{"a":{"a":2}}]"#).is_ok(), "the same name in another object is another member");
    }

    #[test]
    fn a_nesting_bomb_is_refused_without_overflowing_the_stack() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("{\"reference\":", "}")] {
            let bomb = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
            assert!(layout(&bomb).is_err(), "{open} cannot be nested without end");
        }
        let deep = format!("{}1{}", "{\"reference\":".repeat(100), "}".repeat(100));
        assert!(layout(&deep).is_ok(), "100 deep is strange but allowed");
    }

    #[test]
    fn a_nul_is_refused_wherever_it_stands() {
        for text in [r#"{"a":"\u0000"}"#, r#"{"\u0000":1}"#, r#"{"reference":"\u0000"}"#, "{\"a\":\"\0\"}"] {
            assert!(layout(text).is_err(), "{text:?} has a NUL");
        }
        assert!(layout(r#"{"a":"\\u0000"}"#).is_ok(), "a backslash and digits are no NUL");
    }

    #[test]
    fn a_reason_never_quotes_the_text() {
        for text in [r#"{"name":"Smith" "x"}"#, r#"{"id":Smith}"#, r#"{"reference":{Smith}}"#, "\"Smith"] {
            let why = layout(text).err().unwrap();
            assert!(!why.contains("Smith"), "{why} names a patient");
        }
    }
}
