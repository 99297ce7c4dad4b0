//! Well-formed calls of a command, with every combination of the ids that it takes.

use super::meaning::{Meaning, meaning_of};
use super::ward::{CHILDREN, PATIENTS, Ward, child_id};
use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};
use std::path::Path;
use vigil_tests::command::Command;
use vigil_tests::shape::{Member, Shape};

/// Something that a call names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// A patient, by place in [`PATIENTS`].
    Patient(usize),
    /// A resource, an entry or a series of that patient.
    ChildOf(usize),
    /// A user.
    User(String),
    /// A numbered thing of another user or patient: an emergency access, a request for destruction, a second factor.
    Number(u64),
}

/// A well-formed call.
#[derive(Clone, Debug)]
pub(crate) struct Variant {
    /// The arguments.
    pub(crate) arguments: Value,
    /// What it names.
    pub(crate) names: Vec<Named>,
}

impl Variant {
    /// The patients that are named, as such.
    pub(crate) fn patients(&self) -> Vec<usize> {
        self.names.iter().filter_map(|named| if let Named::Patient(at) = named { Some(*at) } else { None }).collect()
    }

    /// Whether it names a patient, and what belongs to another one.
    pub(crate) fn is_crossed(&self) -> bool {
        let patients = self.patients();
        !patients.is_empty()
            && self.names.iter().any(|named| matches!(named, Named::ChildOf(of) if !patients.contains(of)))
    }
}

/// Who calls, and where what they name lies.
pub(crate) struct Caller<'c> {
    /// The hospital.
    pub(crate) ward: &'c Ward,
    /// The users whom the calls name.
    pub(crate) users: &'c [&'c str],
    /// What is given where a password is asked for.
    pub(crate) password: &'c str,
    /// New files go there.
    pub(crate) folder: &'c Path,
    /// So that each new file has a name of its own.
    pub(crate) number: usize,
    /// The request for destruction that is named; it is about the second patient.
    pub(crate) destruction: u64,
}

type Choice = (Value, Vec<Named>);

impl Caller<'_> {
    /// Every well-formed call of a command.
    pub(crate) fn variants(&self, command: &Command) -> Result<Vec<Variant>> {
        let found = self.members(&command.name, &command.arguments).with_context(|| command.name.clone())?;
        let mut variants: Vec<_> = found.into_iter().map(|(arguments, names)| Variant { arguments, names }).collect();
        for (at, variant) in variants.iter_mut().enumerate() {
            for place in ["/path", "/request/path"] {
                // Each writes a file of its own.
                if let Some(path) = variant.arguments.pointer_mut(place) {
                    *path = json!(format!("{}-{at}", path.as_str().unwrap_or_default()));
                }
            }
        }
        Ok(variants)
    }

    fn members(&self, owner: &str, members: &[Member]) -> Result<Vec<Choice>> {
        let mut choices: Vec<(Map<String, Value>, Vec<Named>)> = vec![(Map::new(), Vec::new())];
        let mut resource = (None, None);
        for member in members {
            let values = match self.meaning(owner, member)? {
                Some(Meaning::ResourceType) => {
                    resource.0 = Some(member.name.clone());
                    continue;
                }
                Some(Meaning::ResourceId) => {
                    resource.1 = Some(member.name.clone());
                    continue;
                }
                _ => self.values(owner, &member.name, &member.shape)?,
            };
            choices = product(&choices, &values, |map, value| {
                map.insert(member.name.clone(), value.clone());
            });
        }
        if let (Some(kind), Some(id)) = resource {
            let children = each_patient(|patient| {
                CHILDREN
                    .map(|kind| (json!([kind, child_id(&PATIENTS[patient], kind)]), vec![Named::ChildOf(patient)]))
                    .to_vec()
            });
            choices = product(&choices, &children, |map, pair| {
                map.insert(kind.clone(), pair[0].clone());
                map.insert(id.clone(), pair[1].clone());
            });
        }
        Ok(choices.into_iter().map(|(map, names)| (Value::Object(map), names)).collect())
    }

    /// What a member means, if it is a text or a number, or a list of such.
    fn meaning(&self, owner: &str, member: &Member) -> Result<Option<Meaning>> {
        match &member.shape {
            Shape::Text | Shape::Number => meaning_of(owner, &member.name).map(Some),
            Shape::Boolean
            | Shape::Null
            | Shape::Word(_)
            | Shape::List(_)
            | Shape::Record(..)
            | Shape::OneOf(_)
            | Shape::Named(_) => Ok(None),
        }
    }

    fn values(&self, owner: &str, field: &str, shape: &Shape) -> Result<Vec<Choice>> {
        Ok(match shape {
            Shape::Text | Shape::Number => self.meant(meaning_of(owner, field)?)?,
            Shape::Boolean => vec![(json!(true), vec![])],
            Shape::Null => vec![(Value::Null, vec![])],
            Shape::Word(word) => vec![(json!(word), vec![])],
            Shape::List(of) => match (meaning_of(owner, field), of.as_ref()) {
                (Ok(Meaning::Pair(one, other)), Shape::Text) => vec![(json!([one, other]), vec![])],
                _ => self.values(owner, field, of)?.into_iter().map(|(value, names)| (json!([value]), names)).collect(),
            },
            Shape::Record(name, members) => self.members(name, members)?,
            Shape::OneOf(choices) => self.one_of(owner, field, choices)?,
            Shape::Named(name) => bail!("the type {name} was not resolved"),
        })
    }

    fn one_of(&self, owner: &str, field: &str, choices: &[Shape]) -> Result<Vec<Choice>> {
        if choices.iter().all(|choice| matches!(choice, Shape::Word(_))) {
            let every = matches!(meaning_of(owner, field), Ok(Meaning::EveryWord));
            let count = if every { choices.len() } else { 1 };
            return Ok(choices
                .iter()
                .take(count)
                .flat_map(|choice| self.values(owner, field, choice))
                .flatten()
                .collect());
        }
        let mut values = Vec::new();
        for choice in choices.iter().filter(|choice| **choice != Shape::Null) {
            values.extend(self.values(owner, field, choice)?);
        }
        // Of words one stands for all, as it does where none may be absent.
        if choices.iter().all(|choice| matches!(choice, Shape::Word(_) | Shape::Null)) {
            values.truncate(1);
        }
        // What may be absent is given where it names something or opens something, and else left out.
        let opens = matches!(meaning_of(owner, field), Ok(Meaning::Password | Meaning::Given(_)));
        if choices.contains(&Shape::Null) && !opens && values.iter().all(|(_, names)| names.is_empty()) {
            return Ok(vec![(Value::Null, vec![])]);
        }
        Ok(values)
    }

    fn meant(&self, meaning: Meaning) -> Result<Vec<Choice>> {
        let plain = |value: Value| vec![(value, vec![])];
        Ok(match meaning {
            Meaning::Patient => each_patient(|at| vec![(json!(PATIENTS[at].id), vec![Named::Patient(at)])]),
            Meaning::User => {
                self.users.iter().map(|user| (json!(user), vec![Named::User((*user).to_owned())])).collect()
            }
            Meaning::Child(kind) => {
                each_patient(|at| vec![(json!(child_id(&PATIENTS[at], kind)), vec![Named::ChildOf(at)])])
            }
            Meaning::OnScreen => each_patient(|at| plain(json!(PATIENTS[at].id))),
            Meaning::ResourceName => each_patient(|at| {
                CHILDREN
                    .map(|kind| (json!(format!("{kind}/{}", child_id(&PATIENTS[at], kind))), vec![Named::ChildOf(at)]))
                    .to_vec()
            }),
            Meaning::Series => each_patient(|at| vec![(json!(self.ward.series[at]), vec![Named::ChildOf(at)])]),
            Meaning::Destruction => vec![(json!(self.destruction), vec![Named::ChildOf(1)])],
            Meaning::EmergencyAccess => [1, 999].map(|id| (json!(id), vec![Named::Number(id)])).to_vec(),
            Meaning::Factor => [1, 2].map(|id| (json!(id), vec![Named::Number(id)])).to_vec(),
            Meaning::Password => plain(json!(self.password)),
            Meaning::NewFile => plain(json!(self.folder.join(format!("forged-{}", self.number)))),
            Meaning::File => plain(json!(self.folder.join("not-there.json"))),
            Meaning::Words(words) | Meaning::Given(words) => plain(json!(words)),
            Meaning::Pair(one, _) => plain(json!(one)),
            Meaning::Number(number) => plain(json!(number)),
            Meaning::ResourceType | Meaning::ResourceId | Meaning::EveryWord => {
                bail!("{meaning:?} stands beside nothing")
            }
        })
    }
}

fn each_patient(choices: impl Fn(usize) -> Vec<Choice>) -> Vec<Choice> {
    (0..PATIENTS.len()).flat_map(choices).collect()
}

fn product(
    sofar: &[(Map<String, Value>, Vec<Named>)],
    values: &[Choice],
    put: impl Fn(&mut Map<String, Value>, &Value),
) -> Vec<(Map<String, Value>, Vec<Named>)> {
    let with = |(map, names): &(Map<String, Value>, Vec<Named>), (value, more): &Choice| {
        let mut map = map.clone();
        put(&mut map, value);
        (map, [names.as_slice(), more].concat())
    };
    sofar.iter().flat_map(|one| values.iter().map(move |value| with(one, value))).collect()
}
