//! What the policies see of a request: all that they decide by, and nothing that tells one patient or user from another.

use vigil_model::{PurposeOfUse, Role};

use crate::{FieldGroup, Interaction, Label, Labels, Posture, Principal, Relationship, Request};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    /// Nobody is signed in.
    Nobody,
    /// The workstation itself.
    Workstation,
    /// A user in this role.
    User(Role),
}

/// What is known about the record of the patient whom it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Patient {
    pub(crate) labels: Labels,
    pub(crate) relationship: Option<Relationship>,
    pub(crate) vip: Option<bool>,
    pub(crate) employee: Option<bool>,
}

/// About what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    /// No single patient.
    Nobody(Interaction),
    /// A patient.
    Patient(Interaction, Patient),
    /// One resource of an open chart.
    Record {
        labels: Labels,
        /// Whether it is a note, in somebody's words.
        note: bool,
    },
    /// Elements of a resource.
    Element(FieldGroup),
}

/// One question to Cedar. Two requests with the same question have the same answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Question {
    pub(crate) who: Who,
    pub(crate) subject: Subject,
    pub(crate) purpose: PurposeOfUse,
    pub(crate) grant: bool,
    pub(crate) posture: Option<Posture>,
    pub(crate) suspended: bool,
    pub(crate) on_screen: bool,
}

impl From<&Request> for Question {
    fn from(request: &Request) -> Self {
        let facts = request.facts;
        let labels = if request.restricted { facts.labels.with(Label::R) } else { facts.labels };
        let patient = Patient { labels, relationship: facts.relationship, vip: facts.vip, employee: facts.employee };
        Self {
            who: Who::from(&request.principal),
            subject: if request.patient.is_some() {
                Subject::Patient(request.interaction, patient)
            } else {
                Subject::Nobody(request.interaction)
            },
            purpose: request.purpose,
            grant: facts.grant,
            posture: facts.posture,
            suspended: facts.suspended,
            on_screen: facts.on_screen,
        }
    }
}

impl From<&Principal> for Who {
    fn from(principal: &Principal) -> Self {
        match principal {
            Principal::Anonymous => Self::Nobody,
            Principal::Workstation => Self::Workstation,
            Principal::User { role, .. } => Self::User(*role),
        }
    }
}
