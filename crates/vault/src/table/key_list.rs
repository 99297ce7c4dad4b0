//! Listing the keys.

use rusqlite::{Connection, OptionalExtension, Row, params};
use vigil_policy::Interaction;

use super::{reseal, rotation, time};
use crate::error::ResultExt as _;
use crate::keys::{KeyKeeper, KeyKind, KeyList, KeyRecord, KeyState, made};
use crate::{GroupKey, Tx, VaultError, recovery};

const LISTING: &str = "listing keys";

impl Tx<'_> {
    /// Every key of this workstation: one line each, but for wrapping keys, and for patient keys unless `each_patient` asks
    /// for them one by one.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit; or the database fails.
    pub fn keys(&self, each_patient: bool) -> Result<KeyList, VaultError> {
        self.may(&[Interaction::KeySearch])?;
        let mut keys = device_keys(self.sql)?;
        keys.extend(group_keys(self.sql)?);
        keys.extend(slots(self.sql)?);
        keys.extend(wrapping_keys(self.sql)?);
        keys.extend(if each_patient { patient_keys(self.sql)? } else { patient_keys_counted(self.sql)? });
        keys.extend(recovery_key(self.sql)?);
        Ok(KeyList {
            keys,
            directory: reseal::progress_of_directory(self.sql)?,
            patients: reseal::progress_of_patients(self.sql)?,
            database_at_start: rotation::database_key_asked(self.sql)?.is_some(),
            exposed_at: rotation::exposed_at(self.sql)?.and_then(made),
        })
    }
}

fn device_keys(sql: &Connection) -> Result<Vec<KeyRecord>, VaultError> {
    let read = |row: &Row<'_>| {
        let id: String = row.get(0)?;
        let kind = if id == "signing" { KeyKind::Signing } else { KeyKind::Database };
        let active: bool = row.get(3)?;
        let replaced: Option<i64> = row.get(4)?;
        Ok(KeyRecord {
            id,
            kind,
            version: row.get(1)?,
            state: if active { KeyState::Active } else { KeyState::Destroyed },
            keeper: if active { KeyKeeper::Custodian } else { KeyKeeper::Nobody },
            made_at: made(row.get(2)?),
            replaced_at: replaced.map(time),
            count: 1,
        })
    };
    several(
        sql,
        "SELECT id, version, made_at, 1, NULL FROM device_key
         UNION ALL SELECT id, version, made_at, 0, replaced_at FROM former_key WHERE id IN ('database', 'signing')
         ORDER BY 1, 2 DESC",
        read,
    )
}

fn group_keys(sql: &Connection) -> Result<Vec<KeyRecord>, VaultError> {
    let mut keys = Vec::new();
    for key in GroupKey::ALL {
        let kind = match key {
            GroupKey::Authority => KeyKind::Authority,
            GroupKey::Directory => KeyKind::Directory,
            GroupKey::CareGroup => KeyKind::CareGroup,
            GroupKey::BreakGlass => KeyKind::BreakGlass,
        };
        let mut statement = sql
            .prepare(
                "SELECT version, made_at, NULL, NULL FROM group_key WHERE id = ?1
                 UNION ALL SELECT version, made_at, replaced_at, destroyed_at FROM former_key WHERE id = ?1
                 ORDER BY 1 DESC",
            )
            .doing(LISTING)?;
        let read = |row: &Row<'_>| {
            let (replaced, destroyed): (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
            let (state, keeper) = match (replaced, destroyed) {
                (None, _) => (KeyState::Active, KeyKeeper::Members),
                (Some(_), None) => (KeyState::DecryptOnly, KeyKeeper::NextVersion),
                (Some(_), Some(_)) => (KeyState::Destroyed, KeyKeeper::Nobody),
            };
            Ok(KeyRecord {
                id: key.id().to_owned(),
                kind,
                version: row.get(0)?,
                state,
                keeper,
                made_at: made(row.get(1)?),
                replaced_at: replaced.map(time),
                count: 1,
            })
        };
        let found: rusqlite::Result<Vec<_>> = statement.query_map([key.id()], read).doing(LISTING)?.collect();
        keys.extend(found.doing(LISTING)?);
    }
    Ok(keys)
}

fn slots(sql: &Connection) -> Result<Vec<KeyRecord>, VaultError> {
    let read = |row: &Row<'_>| {
        let (name, closed): (String, bool) = (row.get(0)?, row.get(2)?);
        Ok(KeyRecord {
            id: format!("user-slot/{name}"),
            kind: KeyKind::UserSlot,
            version: 1,
            // A closed account's slot opens nothing but its own keys, and nobody is let in to do so.
            state: if closed { KeyState::DecryptOnly } else { KeyState::Active },
            keeper: KeyKeeper::PasswordAndCustodian,
            made_at: made(row.get(1)?),
            replaced_at: None,
            count: 1,
        })
    };
    several(
        sql,
        "SELECT username, made_at, disabled FROM user_slot JOIN user ON id = user_slot.user ORDER BY username",
        read,
    )
}

fn wrapping_keys(sql: &Connection) -> Result<Vec<KeyRecord>, VaultError> {
    let read = |row: &Row<'_>| {
        let recipient: String = row.get(0)?;
        Ok(KeyRecord {
            id: format!("wrapping/{recipient}"),
            kind: KeyKind::Wrapping,
            version: row.get(1)?,
            // Each seals in the session that made it, and opens from then on.
            state: KeyState::DecryptOnly,
            keeper: KeyKeeper::Group,
            made_at: None,
            replaced_at: None,
            count: row.get(2)?,
        })
    };
    several(
        sql,
        "SELECT recipient, recipient_version, count(*) FROM wrapping_key GROUP BY recipient, recipient_version ORDER BY 1, 2 DESC",
        read,
    )
}

fn patient_keys_counted(sql: &Connection) -> Result<Vec<KeyRecord>, VaultError> {
    let read = |row: &Row<'_>| {
        let newest: bool = row.get(0)?;
        Ok(KeyRecord {
            id: "patient".to_owned(),
            kind: KeyKind::Patient,
            version: row.get(1)?,
            state: if newest { KeyState::Active } else { KeyState::DecryptOnly },
            keeper: KeyKeeper::Group,
            made_at: made(row.get(2)?),
            replaced_at: None,
            count: row.get(3)?,
        })
    };
    several(
        sql,
        "WITH version AS (SELECT patient, version, min(made_at) AS made_at FROM patient_key GROUP BY patient, version),
              newest AS (SELECT patient, max(version) AS version FROM version GROUP BY patient)
         SELECT version.version = newest.version, max(version.version), min(made_at), count(*)
         FROM version JOIN newest USING (patient) GROUP BY 1 ORDER BY 1 DESC",
        read,
    )
}

fn patient_keys(sql: &Connection) -> Result<Vec<KeyRecord>, VaultError> {
    let read = |row: &Row<'_>| {
        let (id, newest): (String, bool) = (row.get(0)?, row.get(3)?);
        Ok(KeyRecord {
            id: format!("patient/{id}"),
            kind: KeyKind::Patient,
            version: row.get(1)?,
            state: if newest { KeyState::Active } else { KeyState::DecryptOnly },
            keeper: KeyKeeper::Group,
            made_at: made(row.get(2)?),
            replaced_at: None,
            count: 1,
        })
    };
    several(
        sql,
        "SELECT patient.id, k.version, min(k.made_at),
             k.version = (SELECT max(version) FROM patient_key WHERE patient = k.patient)
         FROM patient_key AS k JOIN patient ON patient.number = k.patient
         GROUP BY k.patient, k.version ORDER BY k.patient, k.version DESC",
        read,
    )
}

fn recovery_key(sql: &Connection) -> Result<Option<KeyRecord>, VaultError> {
    let row: Option<(Vec<u8>, i64)> = sql
        .query_row("SELECT public_key, made_at FROM recovery_key", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
        .doing(LISTING)?;
    Ok(row.map(|(public, at)| KeyRecord {
        id: format!("recovery/{}", recovery::fingerprint(&public)),
        kind: KeyKind::Recovery,
        version: 1,
        state: KeyState::Active,
        keeper: KeyKeeper::Paper,
        made_at: made(at),
        replaced_at: None,
        count: 1,
    }))
}

fn several(
    sql: &Connection,
    select: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<KeyRecord>,
) -> Result<Vec<KeyRecord>, VaultError> {
    sql.prepare(select).and_then(|mut statement| statement.query_map(params![], read)?.collect()).doing(LISTING)
}
