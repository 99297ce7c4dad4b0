//! Users and teams, and what the directory says of itself.

use std::collections::HashMap;

use vigil_model::wire::{DirectoryTeam, DirectoryUser};
use vigil_model::{Role, TeamId, UserId};

use super::StoreError;
use super::sql::{Row, Tx, values};

/// What the directory says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectorySettings {
    /// Grows with every change.
    pub version: u64,
    /// The version of the access policies that the fleet decides with.
    pub policy: String,
    /// For how many hours after its last contact a workstation lets users in without the server.
    pub lease_hours: u32,
}

/// Before anybody says otherwise.
const LEASE_HOURS: u32 = 72;

impl DirectorySettings {
    /// As they are.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn read(tx: &mut Tx) -> Result<Self, StoreError> {
        let version = setting(tx, "directory-version").await?.and_then(|text| text.parse().ok()).unwrap_or(0);
        let policy = setting(tx, "policy").await?.unwrap_or_default();
        let lease = setting(tx, "lease-hours").await?.and_then(|text| text.parse().ok());
        Ok(Self { version, policy, lease_hours: lease.unwrap_or(LEASE_HOURS) })
    }

    /// Another policy version and lease, and with them another version of the directory.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn write(tx: &mut Tx, policy: &str, lease_hours: u32) -> Result<u64, StoreError> {
        set_setting(tx, "policy", policy).await?;
        set_setting(tx, "lease-hours", &lease_hours.to_string()).await?;
        Self::advance(tx).await
    }

    /// The next version of the directory, for whoever has changed it in this transaction.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn advance(tx: &mut Tx) -> Result<u64, StoreError> {
        // One statement, so that two who change it at once wait for one another and get two versions.
        let sql = "INSERT INTO setting (name, value) VALUES ('directory-version', '1') ON CONFLICT (name) DO UPDATE \
                   SET value = CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT) RETURNING value";
        let version = tx.one("changing the directory", sql, &[]).await?.text(0)?;
        version.parse().map_err(|_| StoreError::Corrupt("the directory's version is no number"))
    }
}

/// The setting of this name.
pub(crate) async fn setting(tx: &mut Tx, name: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT value FROM setting WHERE name = $1";
    tx.optional("reading a setting", sql, &values![name]).await?.map(|row| row.text(0)).transpose()
}

/// Another value for it.
pub(crate) async fn set_setting(tx: &mut Tx, name: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2";
    tx.execute("writing a setting", sql, &values![name, value]).await.map(drop)
}

/// Keeps a user, new or changed. The caller advances the version.
///
/// # Errors
/// [`StoreError`]
pub async fn put_user(tx: &mut Tx, user: &DirectoryUser) -> Result<(), StoreError> {
    let sql = "INSERT INTO directory_user (id, username, display_name, role, disabled, practitioner, care_groups, break_glass) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET username = $2, display_name = $3, \
               role = $4, disabled = $5, practitioner = $6, care_groups = $7, break_glass = $8";
    let values = values![
        user.id.to_string(),
        user.username.as_str(),
        user.display_name.as_str(),
        user.role.code(),
        user.disabled,
        user.practitioner.as_deref(),
        list(&user.care_groups)?,
        user.break_glass,
    ];
    tx.execute("keeping a user", sql, &values).await.map(drop)
}

/// Every user, by name, with the suspensions that stand.
///
/// # Errors
/// [`StoreError`]
pub async fn users(tx: &mut Tx) -> Result<Vec<DirectoryUser>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!("{USER} ORDER BY username"));
    let mut suspended = super::suspension::standing(tx).await?;
    let with_suspension = |row: &Row| {
        let user = read_user(row)?;
        let suspended = suspended.remove(&user.id.to_string());
        Ok(DirectoryUser { suspended, ..user })
    };
    tx.all("reading the users", sql, &[]).await?.iter().map(with_suspension).collect()
}

/// The form in which user names are compared and stored: the workstations' own.
pub fn folded(username: &str) -> String {
    username.trim().to_lowercase()
}

/// The user who types this name.
///
/// # Errors
/// [`StoreError`]
pub async fn user_named(tx: &mut Tx, username: &str) -> Result<Option<DirectoryUser>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!("{USER} WHERE username = $1"));
    tx.optional("looking for a user", sql, &values![folded(username)]).await?.as_ref().map(read_user).transpose()
}

/// The user with this id.
///
/// # Errors
/// [`StoreError`]
pub async fn user(tx: &mut Tx, id: UserId) -> Result<Option<DirectoryUser>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!("{USER} WHERE id = $1"));
    tx.optional("looking for a user", sql, &values![id.to_string()]).await?.as_ref().map(read_user).transpose()
}

/// What people read, by the user's id in hyphenated form.
pub(crate) async fn display_names(tx: &mut Tx) -> Result<HashMap<String, String>, StoreError> {
    let rows = tx.all("reading the users", "SELECT id, display_name FROM directory_user", &[]).await?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// Keeps a team, new or changed. The caller advances the version.
///
/// # Errors
/// [`StoreError`]
pub async fn put_team(tx: &mut Tx, team: &DirectoryTeam) -> Result<(), StoreError> {
    let sql = "INSERT INTO directory_team (id, name, reference, members) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (id) DO UPDATE SET name = $2, reference = $3, members = $4";
    let members: Vec<String> = team.members.iter().map(UserId::to_string).collect();
    let values = values![team.id.to_string(), team.name.as_str(), team.reference.as_deref(), list(&members)?];
    tx.execute("keeping a team", sql, &values).await.map(drop)
}

/// Dissolves a team; whether there was one. The caller advances the version.
///
/// # Errors
/// [`StoreError`]
pub async fn delete_team(tx: &mut Tx, id: TeamId) -> Result<bool, StoreError> {
    let sql = "DELETE FROM directory_team WHERE id = $1";
    Ok(tx.execute("dissolving a team", sql, &values![id.to_string()]).await? == 1)
}

/// Every team, by name.
///
/// # Errors
/// [`StoreError`]
pub async fn teams(tx: &mut Tx) -> Result<Vec<DirectoryTeam>, StoreError> {
    let sql = "SELECT id, name, reference, members FROM directory_team ORDER BY name, id";
    let read = |row: &Row| {
        let members = from_list(&row.text(3)?)?;
        let members = members.iter().map(|id| UserId::parse(id).map_err(|_| CORRUPT)).collect::<Result<_, _>>()?;
        let id = TeamId::parse(&row.text(0)?).map_err(|_| CORRUPT)?;
        Ok(DirectoryTeam { id, name: row.text(1)?, reference: row.opt_text(2)?, members })
    };
    tx.all("reading the teams", sql, &[]).await?.iter().map(read).collect()
}

const USER: &str =
    "SELECT id, username, display_name, role, disabled, practitioner, care_groups, break_glass FROM directory_user";
const CORRUPT: StoreError = StoreError::Corrupt("a row of the directory is none");

fn read_user(row: &Row) -> Result<DirectoryUser, StoreError> {
    Ok(DirectoryUser {
        id: UserId::parse(&row.text(0)?).map_err(|_| CORRUPT)?,
        username: row.text(1)?,
        display_name: row.text(2)?,
        role: Role::from_code(&row.text(3)?).ok_or(CORRUPT)?,
        disabled: row.flag(4)?,
        practitioner: row.opt_text(5)?,
        care_groups: from_list(&row.text(6)?)?,
        break_glass: row.flag(7)?,
        suspended: None,
    })
}

fn list(texts: &[String]) -> Result<String, StoreError> {
    serde_json::to_string(texts).map_err(|_| CORRUPT)
}

fn from_list(text: &str) -> Result<Vec<String>, StoreError> {
    serde_json::from_str(text).map_err(|_| CORRUPT)
}
