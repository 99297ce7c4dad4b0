//! What puts a patient on somebody's list: who takes part in the care, from when to when.

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// What kind of resource puts a patient on a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorklistKind {
    /// Patient.generalPractitioner: "Patient's nominated primary care provider" (FHIR R4 Patient).
    GeneralPractitioner,
    /// A CareTeam.
    CareTeam,
    /// An Encounter.
    Encounter,
    /// An Appointment.
    Appointment,
    /// A Claim.
    Claim,
    /// A MedicationRequest.
    MedicationRequest,
    /// A ServiceRequest: an order or a referral.
    ServiceRequest,
}

impl WorklistKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::GeneralPractitioner,
        Self::CareTeam,
        Self::Encounter,
        Self::Appointment,
        Self::Claim,
        Self::MedicationRequest,
        Self::ServiceRequest,
    ];

    /// The FHIR resource type that it is read from.
    pub const fn resource_type(self) -> &'static str {
        match self {
            Self::GeneralPractitioner => "Patient",
            Self::CareTeam => "CareTeam",
            Self::Encounter => "Encounter",
            Self::Appointment => "Appointment",
            Self::Claim => "Claim",
            Self::MedicationRequest => "MedicationRequest",
            Self::ServiceRequest => "ServiceRequest",
        }
    }

    /// The kind that resources of this type are.
    pub fn of_type(resource_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.resource_type() == resource_type)
    }
}

/// One entry, read from a resource. Sealed at rest; wiped when dropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
#[zeroize(drop)]
pub struct WorklistEntry {
    /// What it was read from.
    #[zeroize(skip)]
    pub kind: WorklistKind,
    /// The `status` as FHIR has it; empty where the resource has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub status: String,
    /// `Encounter.class.code` (v3 ActCode: `IMP`, `AMB`, `EMER` ...), `Claim.use`, the `intent` of a request, or [`WorklistEntry::REFERRAL`];
    /// else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub class: String,
    /// Seconds since 1970 UTC at which it begins; `None`: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<i64>,
    /// The last second of it; `None`: not known, or it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<i64>,
    /// Its beginning as the resource has it: FHIR `date`, `dateTime` or `instant`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub start: String,
    /// Who and what takes part, as `Type/id` or `Type?identifier=system|value`: practitioners, organizations, places, teams.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actors: Vec<String>,
    /// The last second of each actor who leaves before it ends: of a team its members, of an encounter its places. Who is not there
    /// stays to its end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<(String, i64)>,
    /// The persons among them in words, as the references say (`display`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<String>,
    /// Where, in words: the last place of an encounter, the first of an appointment.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
}

impl WorklistEntry {
    /// The class of a ServiceRequest that hands a patient on: an order of this kind is a referral.
    pub const REFERRAL: &str = "referral";

    /// Whether `actor` takes part at this second since 1970 UTC, as far as the entry itself goes on then.
    pub fn has_then(&self, actor: &str, second: i64) -> bool {
        let left = self.left.iter().find(|(who, _)| who == actor);
        self.actors.iter().any(|one| one == actor) && left.is_none_or(|(_, last)| *last >= second)
    }

    /// That somebody is on a list and when, without who and where: all that is told of a restricted chart.
    #[must_use]
    pub fn bare(&self) -> Self {
        Self {
            kind: self.kind,
            status: self.status.clone(),
            class: self.class.clone(),
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            start: self.start.clone(),
            actors: Vec::new(),
            left: Vec::new(),
            with: Vec::new(),
            place: String::new(),
        }
    }
}
