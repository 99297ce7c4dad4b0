//! The door: what policies and scopes both allow becomes a permit.

use std::collections::HashMap;
use std::sync::LazyLock;

use vigil_model::{PurposeOfUse, Role, Section};

use crate::engine::{self, Answer};
use crate::question::{Patient, Question, Subject, Who};
use crate::{Denial, Interaction, Label, Labels, Permit, Request, scopes};

/// Decides `request`. Whatever is not allowed is denied.
///
/// # Errors
/// The [`Denial`], to be recorded by the vault.
pub fn authorize(request: Request) -> Result<Permit, Denial> {
    match decide(&Question::from(&request)) {
        Ok(()) => Ok(Permit::new(request)),
        Err(reason) => Err(Denial { request, reason }),
    }
}

/// Whether `request` would be permitted: for a list or a button. Nothing is permitted by it.
pub fn is_allowed(request: &Request) -> bool {
    decide(&Question::from(request)).is_ok()
}

/// Policy first, so that its reason is the one that is told.
fn decide(question: &Question) -> Answer {
    engine::answer(question)?;
    scopes::answer(question)
}

/// The chart sections that `role` reads in a chart that is not restricted, in the order of the tabs.
pub fn sections_of(role: Role) -> &'static [Section] {
    static SECTIONS: LazyLock<HashMap<Role, Vec<Section>>> = LazyLock::new(|| {
        let reads = |role, section| allows(role, Interaction::SectionRead(section), Labels::default());
        let read_by = |role| Section::ALL.into_iter().filter(|section| reads(role, *section)).collect();
        Role::ALL.into_iter().map(|role| (role, read_by(role))).collect()
    });
    SECTIONS.get(&role).map_or(&[], Vec::as_slice)
}

/// The sections in which `role` writes at all, in a chart that is not restricted and stands on the screen.
pub fn sections_written_by(role: Role) -> &'static [Section] {
    static SECTIONS: LazyLock<HashMap<Role, Vec<Section>>> = LazyLock::new(|| {
        let writes = |role, section| {
            [Interaction::ResourceCreate(section), Interaction::ResourceUpdate(section)]
                .into_iter()
                .any(|interaction| allows(role, interaction, Labels::default()))
        };
        let written_by = |role| Section::ALL.into_iter().filter(|section| writes(role, *section)).collect();
        Role::ALL.into_iter().map(|role| (role, written_by(role))).collect()
    });
    SECTIONS.get(&role).map_or(&[], Vec::as_slice)
}

/// Whether `role` may override a restriction in an emergency.
pub fn may_break_the_glass(role: Role) -> bool {
    allows(role, Interaction::EmergencyAccessStart, Labels::default().with(Label::R))
}

/// Whether a user in `role` may do this with a record about which nothing but its labels is known.
fn allows(role: Role, interaction: Interaction, labels: Labels) -> bool {
    let patient = Patient { labels, relationship: None, vip: None, employee: None };
    let question = Question {
        who: Who::User(role),
        subject: Subject::Patient(interaction, patient),
        purpose: PurposeOfUse::Treatment,
        grant: false,
        posture: None,
        suspended: false,
        on_screen: true,
    };
    decide(&question).is_ok()
}
