//! Who works here, as the server signs it.

use serde::{Deserialize, Serialize};

use crate::{DeviceId, Role, TeamId, UserId};

/// The directory as it travels: a note has at most a million bytes, so what is signed is the digest.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedDirectory {
    /// C2SP signed note whose text is `vigil/directory` and, in the second line, version and SHA-256 (hex) of `directory`, with a space
    /// between them.
    pub note: String,
    /// [`Directory`] as JSON.
    pub directory: String,
}

/// The directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Directory {
    /// Grows with every change; an older one is never taken for the newer.
    pub version: u64,
    /// When it was signed, RFC 3339.
    pub signed: String,
    /// For how many hours after its last contact a workstation lets users in without the server.
    pub lease_hours: u32,
    /// The version of the access policies that the fleet decides with.
    pub policy: String,
    /// Every user, disabled ones too.
    pub users: Vec<DirectoryUser>,
    /// Every team.
    pub teams: Vec<DirectoryTeam>,
    /// Enrolments that were revoked.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub revoked: Vec<DeviceId>,
}

/// One user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DirectoryUser {
    /// The id: the same on every workstation.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: UserId,
    /// What is typed at the sign-in.
    pub username: String,
    /// What people read.
    pub display_name: String,
    /// What the user is at this hospital.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub role: Role,
    /// Whether the account is closed.
    pub disabled: bool,
    /// Who the user is in the charts (FHIR reference), where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practitioner: Option<String>,
    /// The care groups whose key the user holds.
    pub care_groups: Vec<String>,
    /// Whether the user may break the glass.
    pub break_glass: bool,
    /// The suspension that the account is under on every workstation. Breaking the glass stays possible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended: Option<DirectorySuspension>,
}

/// A suspension by the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DirectorySuspension {
    /// Its number at the server: one that was lifted at a workstation is not taken for a new one.
    pub id: u64,
    /// The incident that it belongs to.
    pub incident: u64,
    /// When it began, RFC 3339.
    pub since: String,
}

/// One team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DirectoryTeam {
    /// The id.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: TeamId,
    /// The name.
    pub name: String,
    /// The FHIR `CareTeam` or `Organization` that it is in the charts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Who belongs to it.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub members: Vec<UserId>,
}
