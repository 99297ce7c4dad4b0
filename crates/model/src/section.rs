//! The pages of a chart and the FHIR resource types that each one reads.

use serde::{Deserialize, Serialize};

/// One page of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// What matters first: problems, allergies, medicines, latest values, last encounters.
    Summary,
    /// Everything by date.
    Timeline,
    /// Problems and diagnoses.
    Problems,
    /// Allergies and intolerances.
    Allergies,
    /// Medicines.
    Medications,
    /// Vital signs.
    Vitals,
    /// Laboratory and other results.
    Results,
    /// Immunizations.
    Immunizations,
    /// Visits and stays.
    Encounters,
    /// Procedures.
    Procedures,
    /// Documents and notes.
    Documents,
    /// Care plans and goals.
    CarePlans,
    /// Who takes part in the care, in which role, from when to when.
    CareTeam,
    /// Family history.
    FamilyHistory,
    /// How the patient lives: smoking, alcohol, occupation and the like (FHIR observation-category `social-history`).
    SocialHistory,
    /// Implanted and used devices.
    Devices,
    /// What whoever meets the patient has to know first: fall risk, isolation, code status.
    Flags,
    /// Coverage and claims.
    Coverage,
    /// Amendments that the patient asks for (45 CFR 164.526).
    Amendments,
    /// Every other resource of the patient, so that nothing stored is out of sight.
    Other,
    /// Who has looked at this chart.
    Access,
}

impl Section {
    /// Every section in the order of the tabs.
    pub const ALL: [Self; 21] = [
        Self::Summary,
        Self::Timeline,
        Self::Problems,
        Self::Allergies,
        Self::Medications,
        Self::Vitals,
        Self::Results,
        Self::Immunizations,
        Self::Encounters,
        Self::Procedures,
        Self::Documents,
        Self::CarePlans,
        Self::CareTeam,
        Self::FamilyHistory,
        Self::SocialHistory,
        Self::Devices,
        Self::Flags,
        Self::Coverage,
        Self::Amendments,
        Self::Other,
        Self::Access,
    ];

    /// The code that the audit log carries.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Timeline => "timeline",
            Self::Problems => "problems",
            Self::Allergies => "allergies",
            Self::Medications => "medications",
            Self::Vitals => "vitals",
            Self::Results => "results",
            Self::Immunizations => "immunizations",
            Self::Encounters => "encounters",
            Self::Procedures => "procedures",
            Self::Documents => "documents",
            Self::CarePlans => "care-plans",
            Self::CareTeam => "care-team",
            Self::FamilyHistory => "family-history",
            Self::SocialHistory => "social-history",
            Self::Devices => "devices",
            Self::Flags => "flags",
            Self::Coverage => "coverage",
            Self::Amendments => "amendments",
            Self::Other => "other",
            Self::Access => "access",
        }
    }

    /// The resource types that this section shows; empty for [`Self::Other`] (the rest) and [`Self::Access`] (the audit log).
    pub const fn resource_types(self) -> &'static [&'static str] {
        match self {
            Self::Summary => &[
                "Condition",
                "AllergyIntolerance",
                "MedicationRequest",
                "MedicationStatement",
                "Medication",
                "Encounter",
                "Observation",
                "CarePlan",
            ],
            Self::Timeline => &[
                "Encounter",
                "Condition",
                "Procedure",
                "Immunization",
                "DocumentReference",
                "DiagnosticReport",
                "MedicationRequest",
                "ImagingStudy",
            ],
            Self::Problems => &["Condition"],
            Self::Allergies => &["AllergyIntolerance"],
            Self::Medications => &[
                "MedicationRequest",
                "MedicationStatement",
                "MedicationAdministration",
                "MedicationDispense",
                "Medication",
            ],
            Self::Vitals | Self::SocialHistory => &["Observation"],
            Self::Results => &["Observation", "DiagnosticReport", "Specimen", "ImagingStudy"],
            Self::Immunizations => &["Immunization"],
            Self::Encounters => &["Encounter"],
            Self::Procedures => &["Procedure"],
            Self::Documents => &["DocumentReference", "Composition", "DiagnosticReport", "Media"],
            Self::CarePlans => &["CarePlan", "Goal"],
            Self::CareTeam => &["CareTeam"],
            Self::FamilyHistory => &["FamilyMemberHistory"],
            Self::Devices => &["Device", "DeviceUseStatement"],
            Self::Flags => &["Flag"],
            Self::Coverage => &["Coverage", "Claim", "ExplanationOfBenefit", "Account", "ClaimResponse"],
            Self::Amendments => &["Task"],
            Self::Other | Self::Access => &[],
        }
    }
}
