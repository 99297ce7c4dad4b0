//! What became of an entry: a resource of FHIR R4, or the reason why there is none.

use std::collections::HashMap;

use serde_json::{Value, json};
use vigil_model::Section;

use crate::data::time::Zone;
use crate::data::{code, id, name};
use crate::xml::Element;

/// An entry that can be taken into a chart.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The page of a chart that it belongs to.
    pub section: Section,
    /// A resource of FHIR R4, without id, subject and meta. Decimals are kept as [`vigil_model::fhir::json::number_as_written`] does.
    pub resource: Value,
    /// Resources that come with it: the observations of a report, in the order of the document.
    pub members: Vec<Value>,
    /// What it is, in words.
    pub title: String,
    /// When, as FHIR writes it; empty where that is not said.
    pub when: String,
    /// Its status, as FHIR names it; empty where it has none.
    pub status: String,
    /// More of it for whoever decides: what, and the words.
    pub facts: Vec<(String, String)>,
    /// What of it is not in the resource, with the reason.
    pub remarks: Vec<String>,
}

/// What is left in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What it is, as far as that is said.
    pub what: String,
    /// Why it becomes no entry.
    pub why: String,
}

/// What was found in one section.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) entries: Vec<Entry>,
    pub(crate) left: Vec<LeftOut>,
}

impl Found {
    pub(crate) fn leave(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.left.push(LeftOut { what: what.into(), why: why.into() });
    }
}

/// What an entry is read in.
pub(crate) struct Context<'d> {
    /// The zone of times that name none.
    pub(crate) zone: &'d Zone,
    /// Parts of the narrative of this section, by their ids.
    pub(crate) own: &'d HashMap<&'d str, &'d Element>,
    /// Those of the whole document.
    pub(crate) all: &'d HashMap<&'d str, &'d Element>,
    /// The LOINC code of the section.
    pub(crate) section: &'d str,
}

impl Context<'_> {
    /// The words that `element` points to in the narrative; `None` where it points nowhere.
    fn referenced(&self, element: &Element, longest: usize) -> Option<String> {
        let target = element.value_of("reference", "value").trim();
        // Some senders leave the number sign out.
        let target = target.strip_prefix('#').unwrap_or(target);
        let found = self.own.get(target).or_else(|| self.all.get(target)).filter(|_| !target.is_empty())?;
        Some(found.text(longest)).filter(|text| !text.is_empty())
    }

    /// The words of an element that has them, or points to them.
    pub(crate) fn resolved(&self, element: &Element, longest: usize) -> Option<String> {
        self.referenced(element, longest).or_else(|| Some(element.text(longest)).filter(|text| !text.is_empty()))
    }

    /// The words that a code was chosen for.
    pub(crate) fn original_text(&self, code: &Element, longest: usize) -> Option<String> {
        self.resolved(code.child("originalText")?, longest)
    }

    /// The words of an act.
    pub(crate) fn words_of(&self, act: &Element, longest: usize) -> Option<String> {
        self.resolved(act.child("text")?, longest)
    }

    /// What to call an act of which nothing could be made.
    pub(crate) fn called(&self, act: &Element) -> String {
        let code = act
            .child("value")
            .and_then(|value| code::concept(value, self))
            .or_else(|| code::concept(act.child("code")?, self));
        let named = code.map(|code| code::words(&code)).filter(|words| !words.is_empty());
        named.or_else(|| self.words_of(act, 200)).unwrap_or_else(|| format!("{} without a name", act.name))
    }
}

/// A resource that is being made of an act.
pub(crate) struct Making {
    pub(crate) resource: Value,
    pub(crate) facts: Vec<(String, String)>,
    pub(crate) remarks: Vec<String>,
}

impl Making {
    pub(crate) fn new(resource_type: &str, act: &Element) -> Self {
        let mut resource = json!({ "resourceType": resource_type });
        let identifiers = id::all(act);
        if !identifiers.is_empty() {
            set(&mut resource, "identifier", json!(identifiers));
        }
        Self { resource, facts: Vec::new(), remarks: Vec::new() }
    }

    pub(crate) fn set(&mut self, element: &str, value: impl Into<Value>) {
        set(&mut self.resource, element, value.into());
    }

    pub(crate) fn set_some(&mut self, element: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.set(element, value);
        }
    }

    /// Adds to a list.
    pub(crate) fn push(&mut self, element: &str, value: Value) {
        push(&mut self.resource, element, value);
    }

    pub(crate) fn fact(&mut self, what: &str, words: impl Into<String>) {
        let words = words.into();
        if !words.is_empty() {
            self.facts.push((what.to_owned(), words));
        }
    }

    pub(crate) fn remark(&mut self, remark: impl Into<String>) {
        let remark = remark.into();
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    /// A CodeableConcept of a child, with its words among the facts.
    pub(crate) fn concept(
        &mut self,
        context: &Context<'_>,
        act: &Element,
        child: &str,
        element: &str,
        what: &str,
    ) -> Option<Value> {
        let concept = code::concept(act.child(child)?, context)?;
        self.fact(what, code::words(&concept));
        self.set(element, concept.clone());
        Some(concept)
    }

    /// Comments of the sender (Comment Activity), as notes.
    pub(crate) fn comments(&mut self, context: &Context<'_>, act: &Element, element: &str) {
        for comment in related(act).filter(|(_, inner)| is_comment(inner)) {
            if let Some(words) = context.words_of(comment.1, 4_000) {
                self.fact("Comment", words.clone());
                self.push(element, json!({ "text": words }));
            }
        }
    }

    /// Who recorded it and when first (CF-problems: `.recorder` the last author, `.recordedDate` the earliest).
    pub(crate) fn recorded(&mut self, context: &Context<'_>, acts: &[&Element]) {
        let authors: Vec<&Element> = acts.iter().flat_map(|act| act.all("author")).collect();
        let mut times: Vec<String> =
            authors.iter().filter_map(|author| context.zone.point(author.child("time")?)).collect();
        times.sort();
        if let Some(first) = times.into_iter().next() {
            self.set("recordedDate", first);
        }
        if let Some(who) = authors.iter().rev().find_map(|author| author_name(author)) {
            self.fact("Recorded by", who.clone());
            self.set("recorder", json!({ "display": who }));
        }
    }

    /// Names every related act that is not among `known` templates and codes.
    pub(crate) fn rest(&mut self, context: &Context<'_>, act: &Element, known: &[&str]) {
        for (_, inner) in related(act) {
            let is_known = is_comment(inner)
                || known.iter().any(|root| inner.follows(root) || inner.value_of("code", "code") == *root);
            if !is_known {
                let what = context.called(inner);
                self.remark(format!(
                    "\u{201c}{what}\u{201d} stays in the document: it has no place in this kind of entry"
                ));
            }
        }
    }

    pub(crate) fn done(self, section: Section, title: String, when: String, status: &str) -> Entry {
        let title = if title.is_empty() { "Not named".to_owned() } else { title };
        Entry {
            section,
            resource: self.resource,
            members: Vec::new(),
            title,
            when,
            status: status.to_owned(),
            facts: self.facts,
            remarks: self.remarks,
        }
    }
}

/// Acts that stand in a relation to `act`, with the relation.
pub(crate) fn related(act: &Element) -> impl Iterator<Item = (&Element, &Element)> {
    act.all("entryRelationship").filter_map(|relation| Some((relation, statement(relation)?)))
}

/// The first related act that follows a template or has a code.
pub(crate) fn related_by<'a>(act: &'a Element, template: &str, code: &str) -> Option<&'a Element> {
    let matches =
        |inner: &Element| inner.follows(template) || (!code.is_empty() && inner.value_of("code", "code") == code);
    related(act).find(|(_, inner)| matches(inner)).map(|(_, inner)| inner)
}

/// The clinical statement in an entry, component or relation.
pub(crate) fn statement(around: &Element) -> Option<&Element> {
    const KINDS: [&str; 8] = [
        "act",
        "encounter",
        "observation",
        "organizer",
        "procedure",
        "substanceAdministration",
        "supply",
        "observationMedia",
    ];
    around.elements().find(|element| KINDS.contains(&&*element.name))
}

pub(crate) fn is_negated(act: &Element) -> bool {
    act.attribute("negationInd") == "true"
}

/// Comment Activity (2.16.840.1.113883.10.20.22.4.64).
fn is_comment(act: &Element) -> bool {
    act.value_of("code", "code") == "48767-8" || act.follows("2.16.840.1.113883.10.20.22.4.64")
}

/// The name of an author, if it is there.
pub(crate) fn author_name(author: &Element) -> Option<String> {
    author.child("assignedAuthor").map(name::of_role).filter(|name| !name.is_empty())
}

/// Sets an element of an object.
pub(crate) fn set(object: &mut Value, element: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(element.to_owned(), value);
    }
}

/// Adds to a list of an object.
pub(crate) fn push(object: &mut Value, element: &str, value: Value) {
    match object.get_mut(element).and_then(Value::as_array_mut) {
        Some(list) => list.push(value),
        None => set(object, element, json!([value])),
    }
}
