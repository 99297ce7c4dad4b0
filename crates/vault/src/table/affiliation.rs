//! Who a user is in the charts, and in which teams: FHIR references, vouched for.
//!
//! Both decide which charts open, so that somebody with the database key alone must not change them: the code in
//! `user.affiliation` is over the practitioner and every team of the user. Nothing reads them without checking it.

use rusqlite::{Connection, params};
use vigil_model::{DeviceId, TeamId, UserId};

use crate::device::DeviceSecrets;
use crate::error::ResultExt as _;
use crate::key::{hmac, tokens_differ};
use crate::{Tx, Vault, VaultError};

const READING: &str = "reading who a user is in the charts";

/// What is vouched for.
pub(super) struct Affiliation {
    pub(super) practitioner: Option<String>,
    /// By id.
    pub(super) teams: Vec<Team>,
}

pub(super) struct Team {
    pub(super) id: TeamId,
    pub(super) name: String,
    pub(super) by_server: bool,
    reference: Option<String>,
}

impl Tx<'_> {
    /// The FHIR references that stand for a user in the charts, as [`vigil_model::fhir::reference::normalised`] writes them:
    /// the practitioner's first, then those of the user's teams. `None`: the user is not linked to a practitioner, so that
    /// nothing is known. Any transaction may ask: references of staff are no PHI.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] when they were changed outside Vigil (an alert is left too); [`VaultError::Invalid`] for a user
    /// who is not there; or the database fails.
    pub fn actor_references(&self, user: UserId) -> Result<Option<Vec<String>>, VaultError> {
        let Affiliation { practitioner, teams } = self.affiliation(user)?;
        let teams = teams.into_iter().filter_map(|team| team.reference);
        Ok(practitioner.map(|practitioner| std::iter::once(practitioner).chain(teams).collect()))
    }

    pub(super) fn affiliation(&self, user: UserId) -> Result<Affiliation, VaultError> {
        checked(self.sql, self.vault, user).inspect_err(|error| self.integrity_failure(error))
    }
}

/// What is known of a user, once it is sure that nobody changed it.
fn checked(sql: &Connection, vault: &Vault, user: UserId) -> Result<Affiliation, VaultError> {
    let (affiliation, known) = read(sql, user)?;
    let code = code(&vault.secrets, vault.device, user, &affiliation)?;
    if known.is_none_or(|known| tokens_differ(&known, &code)) {
        return Err(VaultError::Tampered("user"));
    }
    Ok(affiliation)
}

/// Notes that practitioner and teams of `user` are what this program made them: whoever changes one of them calls this, and
/// checks them before.
pub(super) fn vouch(sql: &Connection, vault: &Vault, user: UserId) -> Result<(), VaultError> {
    vouch_with(sql, &vault.secrets, vault.device, user)
}

/// The same for every user of a database that is older than the code.
pub(crate) fn vouch_for_all(sql: &Connection, secrets: &DeviceSecrets, device: DeviceId) -> Result<(), VaultError> {
    super::user::ids(sql, false)?.into_iter().try_for_each(|user| vouch_with(sql, secrets, device, user))
}

fn vouch_with(sql: &Connection, secrets: &DeviceSecrets, device: DeviceId, user: UserId) -> Result<(), VaultError> {
    let (affiliation, _) = read(sql, user)?;
    let code = code(secrets, device, user, &affiliation)?;
    sql.execute("UPDATE user SET affiliation = ?2 WHERE id = ?1", params![user.to_string(), code])
        .doing("vouching for who a user is in the charts")?;
    Ok(())
}

fn read(sql: &Connection, user: UserId) -> Result<(Affiliation, Option<Vec<u8>>), VaultError> {
    let user = user.to_string();
    let found: Option<(Option<String>, Option<Vec<u8>>)> = sql
        .prepare_cached("SELECT practitioner, affiliation FROM user WHERE id = ?1")
        .and_then(|mut statement| {
            statement.query_map([&user], |row| Ok((row.get(0)?, row.get(1)?)))?.next().transpose()
        })
        .doing(READING)?;
    let (practitioner, known) = found.ok_or(VaultError::Invalid("there is no such user"))?;
    let teams: Vec<(String, String, Option<String>, bool)> = sql
        .prepare_cached(
            "SELECT team.id, team.name, team.reference, team.by_server FROM team_member AS m JOIN team ON team.id = m.team
             WHERE m.user = ?1 ORDER BY team.id",
        )
        .and_then(|mut statement| {
            statement.query_map([&user], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?.collect()
        })
        .doing(READING)?;
    let team = |(id, name, reference, by_server): (String, String, Option<String>, bool)| {
        Ok(Team { id: TeamId::parse(&id).map_err(|_| VaultError::Tampered("team"))?, name, by_server, reference })
    };
    let teams = teams.into_iter().map(team).collect::<Result<_, VaultError>>()?;
    Ok((Affiliation { practitioner, teams }, known))
}

/// **Do not modify**: rows in databases carry it.
fn code(
    secrets: &DeviceSecrets,
    device: DeviceId,
    user: UserId,
    affiliation: &Affiliation,
) -> Result<[u8; 32], VaultError> {
    let mut parts: Vec<&[u8]> =
        vec![b"vigil/user/affiliation/v1", device.as_uuid().as_bytes(), user.as_uuid().as_bytes()];
    parts.push(optional(affiliation.practitioner.as_deref()));
    for Team { id, name, by_server, reference } in &affiliation.teams {
        parts.extend([id.as_uuid().as_bytes().as_slice(), name.as_bytes(), optional(reference.as_deref())]);
        // An id is never this short, so that the part stands for nothing else.
        parts.extend(by_server.then_some(b"by-server".as_slice()));
    }
    hmac(&secrets.head_key, &parts)
}

/// No reference is empty, so that nothing stands for none.
fn optional(text: Option<&str>) -> &[u8] {
    text.unwrap_or_default().as_bytes()
}
