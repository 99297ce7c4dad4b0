//! Goal Observation as Goal (C-CDA R2.1, template 4.121; FHIR R4 Goal. C-CDA on FHIR has no page for it).

use serde_json::json;
use vigil_model::Section;

use crate::data::code::{concept, words};
use crate::data::value;
use crate::entry::{Context, Found, Making};
use crate::xml::Element;

const STATUS: [(&str, &str); 5] = [
    ("active", "active"),
    ("completed", "completed"),
    ("suspended", "on-hold"),
    ("aborted", "cancelled"),
    ("cancelled", "cancelled"),
];

/// What is to be reached.
pub(super) fn read(act: &Element, context: &Context<'_>, found: &mut Found) {
    let value = act.child("value").and_then(|value| value::read(value, context).ok().flatten());
    let code = act.child("code").and_then(|code| concept(code, context));
    let description = context.words_of(act, 1_000).or_else(|| {
        let named = code.as_ref().map(words).unwrap_or_default();
        let value = value.as_ref().map(|value| value.words.clone()).unwrap_or_default();
        Some([named, value].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": "))
            .filter(|text| !text.is_empty())
    });
    let Some(description) = description else {
        return found.leave(context.called(act), "it does not say what is to be reached");
    };
    let mut making = Making::new("Goal", act);
    let said = act.value_of("statusCode", "code");
    let status = STATUS.iter().find(|(code, _)| *code == said).map_or("active", |(_, status)| status);
    making.set("lifecycleStatus", status);
    making.set("description", json!({ "text": description }));
    let time = act.child("effectiveTime");
    let when = time.and_then(|time| context.zone.low(time)).unwrap_or_default();
    if let Some(day) = when.get(..10) {
        making.set("startDate", day);
    }
    if let Some(due) = time.and_then(|time| context.zone.high(time)) {
        let due = due.get(..due.len().min(10)).unwrap_or_default().to_owned();
        making.fact("Due", due.clone());
        making.set("target", json!([{ "dueDate": due }]));
    }
    if let Some(who) = act.all("author").filter_map(crate::entry::author_name).last() {
        making.fact("Set by", who.clone());
        making.set("expressedBy", json!({ "display": who }));
    }
    making.comments(context, act, "note");
    making.rest(context, act, &[]);
    found.entries.push(making.done(Section::CarePlans, description, when, status));
}
