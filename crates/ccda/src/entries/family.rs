//! Family History Organizer as FamilyMemberHistory (C-CDA R2.1, templates 4.45, 4.46, 4.31, 4.47; FHIR R4 FamilyMemberHistory: C-CDA on
//! FHIR has no page for it).

use serde_json::json;
use vigil_model::Section;

use crate::data::code::{concept, words};
use crate::data::quantity::{quantity, shown};
use crate::entry::{Context, Found, Making, is_negated, push, related_by, set, statement};
use crate::xml::Element;

/// FHIR's administrative gender, by HL7's (ConceptMap CF-AdministrativeGender).
const SEX: [(&str, &str, &str); 3] = [("F", "female", "Female"), ("M", "male", "Male"), ("UN", "other", "Other")];

/// A relative and what they had.
pub(super) fn read(act: &Element, context: &Context<'_>, found: &mut Found) {
    let Some(relative) = act.at(&["subject", "relatedSubject"]) else {
        return found.leave(context.called(act), "it does not say which relative it is about");
    };
    let Some(relation) = relative.child("code").and_then(|code| concept(code, context)) else {
        return found.leave(context.called(act), "it does not say which relative it is about");
    };
    let mut making = Making::new("FamilyMemberHistory", act);
    let title = words(&relation);
    making.set("relationship", relation);
    making.set("status", if act.value_of("statusCode", "code") == "completed" { "completed" } else { "partial" });
    if let Some(person) = relative.child("subject") {
        if let Some(name) = person.child("name").map(crate::data::name::person).filter(|name| !name.is_empty()) {
            making.fact("Name", name.clone());
            making.set("name", name);
        }
        let code = person.value_of("administrativeGenderCode", "code");
        if let Some((_, sex, display)) = SEX.iter().find(|(said, _, _)| *said == code) {
            making.set("sex", json!({ "coding": [{ "system": "http://hl7.org/fhir/administrative-gender", "code": sex, "display": display }] }));
        }
        let born = context
            .zone
            .date_time(person.value_of("birthTime", "value"))
            .map(|born| born.get(..born.len().min(10)).unwrap_or_default().to_owned());
        if let Some(born) = born {
            making.fact("Born", born.clone());
            making.set("bornDate", born);
        }
        let died = person.extension("deceasedTime").and_then(|time| context.zone.date_time(time.attribute("value")));
        let died = died.map(|died| died.get(..died.len().min(10)).unwrap_or_default().to_owned());
        match (died, person.extension("deceasedInd").map(|dead| dead.attribute("value"))) {
            (Some(died), _) => {
                making.fact("Died", died.clone());
                making.set("deceasedDate", died);
            }
            (None, Some(dead @ ("true" | "false"))) => {
                making.fact("Dead", if dead == "true" { "yes" } else { "no" });
                making.set("deceasedBoolean", dead == "true");
            }
            (None, _) => {}
        }
    }
    let mut any = false;
    for inner in act.all("component").filter_map(statement) {
        let Some(code) = inner.child("value").and_then(|value| concept(value, context)) else {
            making.remark(format!(
                "\u{201c}{}\u{201d} stays in the document: it names no illness",
                context.called(inner)
            ));
            continue;
        };
        if is_negated(inner) {
            making.fact("Not known of", words(&code));
            push(
                &mut making.resource,
                "note",
                json!({ "text": format!("The document says that there is no known: {}", words(&code)) }),
            );
            any = true;
            continue;
        }
        let mut condition = json!({ "code": code.clone() });
        let age = related_by(inner, "2.16.840.1.113883.10.20.22.4.31", "445518008")
            .and_then(|age| quantity(age.child("value")?));
        let mut said = words(&code);
        if let Some(age) = age {
            said = format!("{said}, at the age of {}", shown(&age));
            set(&mut condition, "onsetAge", age);
        } else if let Some(when) = inner.child("effectiveTime").and_then(|time| context.zone.point(time)) {
            // The time of an observation, which is when the relative fell ill (C-CDA R2.1, 4.46).
            set(&mut condition, "onsetString", json!(when));
        }
        if related_by(inner, "2.16.840.1.113883.10.20.22.4.47", "").is_some() {
            set(&mut condition, "contributedToDeath", json!(true));
            said = format!("{said}, cause of death");
        }
        making.fact("Had", said);
        making.push("condition", condition);
        any = true;
    }
    if !any {
        return found.leave(title, "nothing is said of what this relative had");
    }
    found.entries.push(making.done(Section::FamilyHistory, title, String::new(), ""));
}
