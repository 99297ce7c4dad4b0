//! Which elements of a resource a role sees: policies decide by group (`policies/fields.cedar`), this file says which element
//! is of which group, and [`Projection`] takes out the rest.
//!
//! The elements are those of FHIR R4 (hl7.org/fhir/R4, the page of each resource). Only types that somebody reads who does not
//! treat are sorted; of any other type such a role sees nothing but type and id. What is not listed is clinical.

mod elements;

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use vigil_model::{PurposeOfUse, Role};

use self::elements::elements;

use crate::engine;
use crate::question::{Question, Subject, Who};

/// What an element tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldGroup {
    /// Who, where, when, in what state, under which number, at whose cost.
    Administrative,
    /// What for: reasons, diagnoses, what was done. A claim rests on it.
    Diagnosis,
    /// What protects the patient and whoever meets or moves them: fall risk, isolation.
    Precaution,
    /// How it went: findings, outcomes, complications; and whatever is not listed.
    Clinical,
    /// In somebody's words.
    Narrative,
}

impl FieldGroup {
    /// Every group.
    pub const ALL: [Self; 5] =
        [Self::Administrative, Self::Diagnosis, Self::Precaution, Self::Clinical, Self::Narrative];

    /// The code that the policies have.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Administrative => "administrative",
            Self::Diagnosis => "diagnosis",
            Self::Precaution => "precaution",
            Self::Clinical => "clinical",
            Self::Narrative => "narrative",
        }
    }
}

/// Whether `role` sees elements of `group`.
pub fn sees(role: Role, group: FieldGroup) -> bool {
    let question = Question {
        who: Who::User(role),
        subject: Subject::Element(group),
        purpose: PurposeOfUse::Treatment,
        grant: false,
        posture: None,
        suspended: false,
        on_screen: false,
    };
    engine::answer(&question).is_ok()
}

/// What a role does not see, to be taken out of many resources.
pub struct Projection {
    closed: Vec<FieldGroup>,
}

impl Projection {
    /// For `role`.
    pub fn of(role: Role) -> Self {
        Self { closed: FieldGroup::ALL.into_iter().filter(|group| !sees(role, *group)).collect() }
    }

    /// Takes out of `resource` whatever is not seen, contained resources included; the groups of what was taken out.
    pub fn project(&self, resource: &mut Value) -> BTreeSet<FieldGroup> {
        let mut taken = BTreeSet::new();
        if !self.closed.is_empty() {
            take_out(resource, &self.closed, &mut taken);
        }
        taken
    }
}

fn take_out(resource: &mut Value, closed: &[FieldGroup], taken: &mut BTreeSet<FieldGroup>) {
    let Value::Object(elements) = resource else { return };
    let resource_type = elements.get("resourceType").and_then(Value::as_str).unwrap_or_default().to_owned();
    let words = if resource_type == "Flag" { group_of_flag(elements) } else { FieldGroup::Clinical };
    elements.retain(|element, _| {
        let Some(mut group) = group_of(&resource_type, element) else { return true };
        if resource_type == "Flag" && matches!(element.as_str(), "category" | "code") {
            group = words;
        }
        if closed.contains(&group) {
            taken.insert(group);
            return false;
        }
        true
    });
    for contained in elements.get_mut("contained").and_then(Value::as_array_mut).into_iter().flatten() {
        take_out(contained, closed, taken);
    }
}

/// The group of an element; none for what every resource has to say of itself. A modifier extension stays, for it changes what
/// the rest means (hl7.org/fhir/R4/extensibility.html, modifierExtension).
fn group_of(resource_type: &str, element: &str) -> Option<FieldGroup> {
    // `_birthDate` is what a primitive element has beside its value.
    let element = element.strip_prefix('_').unwrap_or(element);
    if matches!(
        element,
        "resourceType" | "id" | "meta" | "implicitRules" | "language" | "contained" | "modifierExtension"
    ) {
        return None;
    }
    let (administrative, diagnosis) = elements(resource_type);
    let is_of = |names: &[&str]| {
        // `onset[x]` is `onsetDateTime`, `onsetAge`, ...
        names.iter().any(|name| match name.strip_suffix("[x]") {
            Some(stem) => {
                element.strip_prefix(stem).is_some_and(|kind| kind.starts_with(|c: char| c.is_ascii_uppercase()))
            }
            None => *name == element,
        })
    };
    Some(match element {
        "text" | "note" | "processNote" => FieldGroup::Narrative,
        _ if is_of(administrative) => FieldGroup::Administrative,
        _ if is_of(diagnosis) => FieldGroup::Diagnosis,
        _ => FieldGroup::Clinical,
    })
}

/// What the words of a Flag tell, by its categories (FHIR R4 code system flag-category): `contact` "flags related to coming into contact
/// with the patient", `safety` "flags related to safety precautions", `admin` "flags related to administrative and financial
/// processes". One that has another category beside them, or none, is clinical.
fn group_of_flag(flag: &Map<String, Value>) -> FieldGroup {
    let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let codings =
        list(flag.get("category")).iter().flat_map(|category| list(category.get("coding"))).collect::<Vec<_>>();
    let all = |codes: &[&str]| {
        let of = |coding: &Value| {
            let text = |name: &str| coding.get(name).and_then(Value::as_str).unwrap_or_default();
            text("system") == "http://terminology.hl7.org/CodeSystem/flag-category" && codes.contains(&text("code"))
        };
        !codings.is_empty() && codings.iter().all(of)
    };
    if all(&["admin"]) {
        FieldGroup::Administrative
    } else if all(&["contact", "safety", "admin"]) {
        FieldGroup::Precaution
    } else {
        FieldGroup::Clinical
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn who_does_not_treat_sees_what_the_work_needs() {
        let sees: Vec<(Role, Vec<&str>)> = Role::ALL
            .into_iter()
            .map(|role| {
                (role, FieldGroup::ALL.into_iter().filter(|group| sees(role, *group)).map(FieldGroup::code).collect())
            })
            .collect();
        let everything = vec!["administrative", "diagnosis", "precaution", "clinical", "narrative"];
        let expected = vec![
            (Role::Physician, everything.clone()),
            (Role::Nurse, everything.clone()),
            (Role::Pharmacist, everything),
            (Role::FrontDesk, vec!["administrative", "precaution"]),
            (Role::Billing, vec!["administrative", "diagnosis"]),
            (Role::PrivacyOfficer, vec![]),
            (Role::Administrator, vec![]),
        ];
        assert_eq!(sees, expected);
    }

    #[test]
    fn an_encounter_is_shown_to_the_front_desk_without_its_reason_and_to_billing_without_words() {
        let encounter = json!({
            "resourceType": "Encounter", "id": "e", "meta": {}, "status": "finished", "_status": { "id": "s" },
            "text": { "div": "words" }, "period": {}, "participant": [], "reasonCode": [], "diagnosis": [],
            "extension": [], "modifierExtension": [], "contained": [
                { "resourceType": "Location", "id": "l", "name": "Ward 3", "description": "the one for addiction" },
                { "resourceType": "Observation", "id": "o", "valueString": "words" },
            ],
        });
        let keys = |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
        let (mut desk, mut billing, mut nurse) = (encounter.clone(), encounter.clone(), encounter.clone());
        let taken = Projection::of(Role::FrontDesk).project(&mut desk);
        assert_eq!(
            keys(&desk),
            [
                "resourceType",
                "id",
                "meta",
                "status",
                "_status",
                "period",
                "participant",
                "modifierExtension",
                "contained"
            ]
        );
        assert_eq!(
            keys(&desk["contained"][0]),
            ["resourceType", "id", "name"],
            "where it is called, not what it is for"
        );
        assert_eq!(keys(&desk["contained"][1]), ["resourceType", "id"], "of a type that is not sorted nothing");
        let all = [FieldGroup::Diagnosis, FieldGroup::Clinical, FieldGroup::Narrative];
        assert_eq!(taken, BTreeSet::from(all), "and it is said what was taken out");
        let taken = Projection::of(Role::Billing).project(&mut billing);
        assert!(
            billing.get("diagnosis").is_some() && billing.get("text").is_none(),
            "a claim rests on diagnoses: {billing}"
        );
        assert_eq!(taken, BTreeSet::from([FieldGroup::Clinical, FieldGroup::Narrative]));
        assert_eq!(
            (Projection::of(Role::Nurse).project(&mut nurse), nurse),
            (BTreeSet::new(), encounter),
            "who treats sees all of it"
        );
    }

    #[test]
    fn the_front_desk_reads_of_flags_what_protects_whoever_moves_the_patient() {
        let read = |categories: &[&str]| {
            let coding = |code| json!({ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/flag-category", "code": code }] });
            let categories: Vec<Value> = categories.iter().map(coding).collect();
            let mut flag = json!({ "resourceType": "Flag", "id": "f", "status": "active", "category": categories,
                "code": { "text": "words" }, "period": {}, "extension": [{ "valueAnnotation": { "text": "note" } }] });
            let taken = Projection::of(Role::FrontDesk).project(&mut flag);
            assert!(flag.get("period").is_some() && flag.get("extension").is_none(), "since when, and no note: {flag}");
            assert!(taken.contains(&FieldGroup::Clinical), "and it is said: {taken:?}");
            flag.get("code").is_some()
        };
        assert!(read(&["safety"]) && read(&["contact"]) && read(&["admin"]), "fall risk, isolation, no address");
        assert!(!read(&["advance-directive"]), "code status is clinical");
        assert!(!read(&["contact", "clinical"]) && !read(&[]), "and so is what is more than that, or says nothing");
    }

    #[test]
    fn choices_are_of_the_group_of_their_stem_and_no_other_element_is() {
        assert_eq!(group_of("Condition", "onsetDateTime"), Some(FieldGroup::Diagnosis));
        assert_eq!(group_of("Condition", "_onsetString"), Some(FieldGroup::Diagnosis));
        assert_eq!(group_of("Condition", "onsets"), Some(FieldGroup::Clinical), "no choice of onset");
        assert_eq!(group_of("Condition", "evidence"), Some(FieldGroup::Clinical), "not listed");
        assert_eq!(group_of("Condition", "note"), Some(FieldGroup::Narrative));
        assert_eq!(group_of("Observation", "status"), Some(FieldGroup::Clinical), "a type that is not sorted");
    }

    #[test]
    fn what_is_no_resource_is_left_as_it_is() {
        let mut odd = json!(["x"]);
        assert_eq!((Projection::of(Role::FrontDesk).project(&mut odd), odd), (BTreeSet::new(), json!(["x"])));
    }
}
