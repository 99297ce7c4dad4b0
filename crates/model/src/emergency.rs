//! Emergency access: why a restriction is overridden, and what the review says of it.

use serde::{Deserialize, Serialize};

use crate::PurposeOfUse;

/// Why the glass is broken: Vigil's own list, each with the HL7 v3 `PurposeOfUse` that its events carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum OverrideReason {
    /// The patient needs treatment at once.
    EmergencyTreatment,
    /// The patient cannot be asked: unconscious, confused, a child without a guardian.
    UnableToConsent,
    /// The patient is in my care and the care team is out of date.
    ContinuityOfCare,
    /// The patient asks for it.
    PatientRequest,
    /// Somebody's safety depends on it.
    Safety,
    /// Something else; the justification says what.
    Other,
}

impl OverrideReason {
    /// Every reason, in the order of the list on the screen.
    pub const ALL: [Self; 6] = [
        Self::EmergencyTreatment,
        Self::UnableToConsent,
        Self::ContinuityOfCare,
        Self::PatientRequest,
        Self::Safety,
        Self::Other,
    ];

    /// The code that the audit log carries.
    pub const fn code(self) -> &'static str {
        match self {
            Self::EmergencyTreatment => "emergency-treatment",
            Self::UnableToConsent => "unable-to-consent",
            Self::ContinuityOfCare => "continuity-of-care",
            Self::PatientRequest => "patient-request",
            Self::Safety => "safety",
            Self::Other => "other",
        }
    }

    /// The reason with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// ETREAT where treatment is the emergency; BTG otherwise.
    pub const fn purpose(self) -> PurposeOfUse {
        match self {
            Self::EmergencyTreatment | Self::UnableToConsent => PurposeOfUse::EmergencyTreatment,
            Self::ContinuityOfCare | Self::PatientRequest | Self::Safety | Self::Other => PurposeOfUse::BreakTheGlass,
        }
    }
}

/// What the reviewer says of one emergency access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It was right to do it.
    Appropriate,
    /// Something has to be cleared up first.
    FollowUp,
    /// It should not have been done.
    Inappropriate,
}

impl Verdict {
    /// The code that the audit log carries.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Appropriate => "appropriate",
            Self::FollowUp => "follow-up",
            Self::Inappropriate => "inappropriate",
        }
    }

    /// The verdict with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Appropriate, Self::FollowUp, Self::Inappropriate].into_iter().find(|verdict| verdict.code() == code)
    }
}
