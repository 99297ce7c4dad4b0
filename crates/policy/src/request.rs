//! One question, by whom, and what is known about it.

use vigil_model::{PatientId, PurposeOfUse, Role, SessionId, UserId};

use crate::{Interaction, Labels};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// Nobody is signed in: first start and sign-in.
    Anonymous,
    /// A user in a role.
    User {
        /// The user.
        id: UserId,
        /// The role that the user signed in with.
        role: Role,
        /// The session.
        session: SessionId,
    },
    /// The workstation itself: an idle lock, a start.
    Workstation,
}

/// One question to [`crate::authorize`].
#[derive(Clone, Debug)]
pub struct Request {
    /// Who asks.
    pub principal: Principal,
    /// What is asked.
    pub interaction: Interaction,
    /// Whose record it is about, if it is about one.
    pub patient: Option<PatientId>,
    /// Whether that record is restricted.
    pub restricted: bool,
    /// What for.
    pub purpose: PurposeOfUse,
    /// What else is known.
    pub facts: Facts,
}

impl Request {
    /// What explains that a user opens a chart, for the record: `basis=care-team`, `basis=none` where nothing does, `basis=unknown` where it
    /// is not known; behind it `vip` and `employee` where the patient is one. `None`: it is not about a chart, or nobody's doing.
    pub fn basis(&self) -> Option<String> {
        if self.patient.is_none() || !matches!(self.principal, Principal::User { .. }) {
            return None;
        }
        let basis = self.facts.relationship.map_or("unknown", Relationship::code);
        let mark = |known: Option<bool>, word| if known == Some(true) { word } else { "" };
        Some(format!("basis={basis}{}{}", mark(self.facts.vip, " vip"), mark(self.facts.employee, " employee")))
    }
}

/// What else is known about a request. What is not known is left as it is by default, and the policies say what then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Facts {
    /// An emergency access of this user to this record is open.
    pub grant: bool,
    /// Labels of the record as a whole, beside R.
    pub labels: Labels,
    /// How the user stands to the patient.
    pub relationship: Option<Relationship>,
    /// Whether the patient is a VIP.
    pub vip: Option<bool>,
    /// Whether the patient works here.
    pub employee: Option<bool>,
    /// Whether the workstation is as the organisation requires.
    pub posture: Option<Posture>,
    /// Whether the user's account is suspended on this workstation (ADR 16).
    pub suspended: bool,
    /// Whether the chart that stands on the screen is the one of the patient whom the request names (ADR 20).
    pub on_screen: bool,
}

/// How a user stands to a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relationship {
    /// Member of a care team of the patient.
    CareTeam,
    /// An appointment of the patient with the user, near enough in time.
    Appointment,
    /// An encounter of the patient with the user, near enough in time.
    Encounter,
    /// An order about the patient by the user or for them, near enough in time.
    Order,
    /// A referral of the patient by the user or to them, near enough in time.
    Referral,
    /// The user is on duty where the patient is.
    Shift,
    /// Known to be none.
    None,
}

impl Relationship {
    /// Every one.
    pub const ALL: [Self; 7] =
        [Self::CareTeam, Self::Appointment, Self::Encounter, Self::Order, Self::Referral, Self::Shift, Self::None];

    /// The code that the policies have.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CareTeam => "care-team",
            Self::Appointment => "appointment",
            Self::Encounter => "encounter",
            Self::Order => "order",
            Self::Referral => "referral",
            Self::Shift => "shift",
            Self::None => "none",
        }
    }
}

/// Whether the workstation is as the organisation requires (ADR 12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Posture {
    /// It is.
    Met,
    /// It is not, and the policy closes the sign-in over it.
    Refused,
}

impl Posture {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Met, Self::Refused];

    /// The code that the policies have.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Refused => "refused",
        }
    }
}
