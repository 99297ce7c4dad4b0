//! Who asks and what for.

use serde::{Deserialize, Serialize};

/// What a user is at this hospital. A role says what may be seen; see `vigil-policy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Diagnoses, orders and signs.
    Physician,
    /// Cares for and records.
    Nurse,
    /// Reviews and dispenses medicines.
    Pharmacist,
    /// Registers and schedules.
    FrontDesk,
    /// Files claims.
    Billing,
    /// Reviews who saw what.
    PrivacyOfficer,
    /// Runs the system and sees no chart.
    Administrator,
}

impl Role {
    /// Every role, in the order lists show them.
    pub const ALL: [Self; 7] = [
        Self::Physician,
        Self::Nurse,
        Self::Pharmacist,
        Self::FrontDesk,
        Self::Billing,
        Self::PrivacyOfficer,
        Self::Administrator,
    ];

    /// The code that files and the audit log carry.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Physician => "physician",
            Self::Nurse => "nurse",
            Self::Pharmacist => "pharmacist",
            Self::FrontDesk => "front-desk",
            Self::Billing => "billing",
            Self::PrivacyOfficer => "privacy-officer",
            Self::Administrator => "administrator",
        }
    }

    /// The role with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// Why health information is asked for: HL7 v3 `PurposeOfUse` (value set 2.16.840.1.113883.1.11.20448).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PurposeOfUse {
    /// Treatment.
    #[serde(rename = "TREAT")]
    Treatment,
    /// Payment.
    #[serde(rename = "HPAYMT")]
    Payment,
    /// Health care operations.
    #[serde(rename = "HOPERAT")]
    Operations,
    /// Health system administration.
    #[serde(rename = "HSYSADMIN")]
    Administration,
    /// Compliance: the privacy officer's reviews.
    #[serde(rename = "HCOMPL")]
    Compliance,
    /// Break the glass: override a restriction that nobody provisioned the user for.
    #[serde(rename = "BTG")]
    BreakTheGlass,
    /// Emergency treatment.
    #[serde(rename = "ETREAT")]
    EmergencyTreatment,
}

impl PurposeOfUse {
    /// Every purpose.
    pub const ALL: [Self; 7] = [
        Self::Treatment,
        Self::Payment,
        Self::Operations,
        Self::Administration,
        Self::Compliance,
        Self::BreakTheGlass,
        Self::EmergencyTreatment,
    ];

    /// The purpose with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.code() == code)
    }

    /// The v3 `ActReason` code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Treatment => "TREAT",
            Self::Payment => "HPAYMT",
            Self::Operations => "HOPERAT",
            Self::Administration => "HSYSADMIN",
            Self::Compliance => "HCOMPL",
            Self::BreakTheGlass => "BTG",
            Self::EmergencyTreatment => "ETREAT",
        }
    }

    /// Whether this purpose overrides a restriction: every event of an emergency access carries one of these.
    pub const fn overrides(self) -> bool {
        matches!(self, Self::BreakTheGlass | Self::EmergencyTreatment)
    }
}
