//! Users, and the teams that they are in.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::{FactorKind, Role};

/// A user as others see them.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserView {
    /// The id.
    pub id: String,
    /// What they type to sign in.
    pub username: String,
    /// `Dr A. OKAFOR`.
    pub display_name: String,
    /// The role.
    pub role: Role,
    /// The last sign-in, `21-Nov-2026 10:42`.
    pub last_sign_in: Option<String>,
    /// The account is closed.
    pub disabled: bool,
    /// Whether it is the emergency account, whose password is two halves.
    pub emergency_account: bool,
    /// Who the user is in the charts: a reference to a Practitioner or PractitionerRole.
    pub practitioner: Option<String>,
    /// The kinds of second factor that the user has; filled in the list of users alone, like everything below.
    pub factors: Vec<FactorKind>,
    /// The teams.
    pub team_ids: Vec<String>,
    /// The newest thing that the audit log says the user did, `21-Nov-2026 10:42`.
    pub last_use: Option<String>,
    /// The account is open and nobody used it for so many days, if these are 90 or more.
    pub unused_days: Option<u32>,
}

/// A new user.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserCreateRequest {
    /// What they type to sign in: 2 to 64 letters, digits, `.`, `-` or `_`.
    pub username: String,
    /// Their name.
    pub display_name: String,
    /// The role.
    pub role: Role,
    /// As the password rules say.
    pub password: String,
}

/// A user whose account is to be closed or opened.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserDisableRequest {
    /// The user's id.
    pub id: String,
}

/// What another user is to become.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserUpdateRequest {
    /// The user's id.
    pub id: String,
    /// Their name.
    pub display_name: String,
    /// The role.
    pub role: Role,
    /// Who the user is in the charts: `Practitioner/abc`, `Practitioner?identifier=system|value`; empty: nobody knows.
    pub practitioner: String,
    /// The teams, all of them.
    pub team_ids: Vec<String>,
}

/// A team: users who look after the same patients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TeamView {
    /// The id.
    pub id: String,
    /// `Ward 3 West`.
    pub name: String,
    /// What stands for it in the charts: a reference to an Organization, a Location or a CareTeam.
    pub reference: Option<String>,
    /// Its members, those with a closed account too.
    pub member_ids: Vec<String>,
    /// Whether it is a team of the server's directory, which alone changes it.
    pub by_server: bool,
}

/// A team that is to be made or changed.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TeamPutRequest {
    /// Which; `None`: a new one.
    pub id: Option<String>,
    /// No two have the same.
    pub name: String,
    /// `Organization/abc`, `Location?identifier=system|value`; empty: nothing stands for it.
    pub reference: String,
    /// The members, all of them.
    pub member_ids: Vec<String>,
}

/// A team that is to be dissolved.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TeamDeleteRequest {
    /// The team's id.
    pub id: String,
}
