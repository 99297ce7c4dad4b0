//! A question in Cedar's terms: entities, request, context. Each is checked against the schema.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use cedar_policy::{
    Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, Request, RestrictedExpression as Value, Schema,
};

use crate::Labels;
use crate::question::{Patient, Question, Subject, Who};

/// What stood in the way, in Cedar's words. No policy, schema or question holds anything of a patient.
pub(crate) type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The one that is asked about: the policies cannot tell one from another.
const ASKED: &str = "asked";

/// The request and the entities of `question`; `actions` are those of the schema.
pub(crate) fn of(question: &Question, schema: &Schema, actions: &Entities) -> Result<(Request, Entities), Fault> {
    let principal = principal(question.who)?;
    let (action, section, resource) = match question.subject {
        Subject::Nobody(interaction) => {
            let nothing = Entity::new_no_attrs(uid("Workstation", ASKED)?, HashSet::new());
            (interaction.code(), interaction.section(), nothing)
        }
        Subject::Patient(interaction, patient) => (interaction.code(), interaction.section(), patient_entity(patient)?),
        Subject::Record { labels, note } => {
            let attributes =
                HashMap::from([("labels".to_owned(), set(labels)?), ("note".to_owned(), Value::new_bool(note))]);
            ("record-open", None, Entity::new(uid("Record", ASKED)?, attributes, HashSet::new())?)
        }
        Subject::Element(group) => {
            let attributes = HashMap::from([("group".to_owned(), one("FieldGroup", group.code())?)]);
            ("field-read", None, Entity::new(uid("Element", ASKED)?, attributes, HashSet::new())?)
        }
    };
    let mut context = vec![
        ("purpose".to_owned(), one("Purpose", question.purpose.code())?),
        ("grant".to_owned(), Value::new_bool(question.grant)),
        ("suspended".to_owned(), Value::new_bool(question.suspended)),
        ("onScreen".to_owned(), Value::new_bool(question.on_screen)),
    ];
    if let Some(posture) = question.posture {
        context.push(("posture".to_owned(), one("Posture", posture.code())?));
    }
    if let Some(section) = section {
        context.push(("section".to_owned(), one("Section", section.code())?));
    }
    let request = Request::new(
        principal.uid(),
        uid("Action", action)?,
        resource.uid(),
        Context::from_pairs(context)?,
        Some(schema),
    )?;
    // The workstation may be both who asks and what it is about.
    let mut named = vec![principal];
    if named.iter().all(|one| one.uid() != resource.uid()) {
        named.push(resource);
    }
    Ok((request, actions.clone().add_entities(named, Some(schema))?))
}

fn principal(who: Who) -> Result<Entity, Fault> {
    Ok(match who {
        Who::Nobody => Entity::new_no_attrs(uid("Nobody", ASKED)?, HashSet::new()),
        Who::Workstation => Entity::new_no_attrs(uid("Workstation", ASKED)?, HashSet::new()),
        Who::User(role) => Entity::new_no_attrs(uid("User", ASKED)?, HashSet::from([uid("Role", role.code())?])),
    })
}

fn patient_entity(patient: Patient) -> Result<Entity, Fault> {
    let mut attributes = HashMap::from([("labels".to_owned(), set(patient.labels)?)]);
    if let Some(relationship) = patient.relationship {
        attributes.insert("relationship".to_owned(), one("Relationship", relationship.code())?);
    }
    for (name, known) in [("vip", patient.vip), ("employee", patient.employee)] {
        if let Some(known) = known {
            attributes.insert(name.to_owned(), Value::new_bool(known));
        }
    }
    Ok(Entity::new(uid("Patient", ASKED)?, attributes, HashSet::new())?)
}

fn set(labels: Labels) -> Result<Value, Fault> {
    let labels: Result<Vec<_>, Fault> = labels.iter().map(|label| one("Label", label.code())).collect();
    Ok(Value::new_set(labels?))
}

fn one(type_name: &str, id: &str) -> Result<Value, Fault> {
    Ok(Value::new_entity_uid(uid(type_name, id)?))
}

fn uid(type_name: &str, id: &str) -> Result<EntityUid, Fault> {
    Ok(EntityUid::from_type_name_and_id(EntityTypeName::from_str(type_name)?, EntityId::new(id)))
}
