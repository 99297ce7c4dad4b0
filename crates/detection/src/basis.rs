//! What explains an access, as the workstation found it when the chart was opened.

use serde::{Deserialize, Serialize};

/// What links the user to the patient. The workstation writes the strongest that it found.
///
/// Explanation-based auditing (Fabbri and LeFevre, "Explanation-Based Auditing", PVLDB 5(1), 2011) found such links for more
/// than 94 in 100 accesses of a hospital: what is left is small enough to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A team that looks after the patient.
    CareTeam,
    /// An encounter that the user takes part in.
    Encounter,
    /// An appointment with the user.
    Appointment,
    /// An order that the user placed or carries out.
    Order,
    /// A referral to the user or their team.
    Referral,
    /// A shift on the ward where the patient lies.
    Shift,
    /// Nothing: it was looked for and not found.
    None,
    /// It could not be looked for.
    Unknown,
}

impl Basis {
    /// Every basis.
    pub const ALL: [Self; 8] = [
        Self::CareTeam,
        Self::Encounter,
        Self::Appointment,
        Self::Order,
        Self::Referral,
        Self::Shift,
        Self::None,
        Self::Unknown,
    ];

    /// The word behind `basis=`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CareTeam => "care-team",
            Self::Encounter => "encounter",
            Self::Appointment => "appointment",
            Self::Order => "order",
            Self::Referral => "referral",
            Self::Shift => "shift",
            Self::None => "none",
            Self::Unknown => "unknown",
        }
    }

    /// The basis with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.code() == code)
    }

    /// Whether it explains the access. What could not be looked for is not explained, and not unexplained either: rules count it
    /// with `counts = "not-explained"` or `"all"`.
    pub const fn explains(self) -> bool {
        match self {
            Self::CareTeam | Self::Encounter | Self::Appointment | Self::Order | Self::Referral | Self::Shift => true,
            Self::None | Self::Unknown => false,
        }
    }
}
