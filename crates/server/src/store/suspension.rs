//! Accounts that are suspended on every workstation.

use std::collections::HashMap;

use vigil_model::UserId;
use vigil_model::wire::DirectorySuspension;

use super::StoreError;
use super::sql::{Row, Tx, values};
use crate::clock::rfc3339_of;

const CORRUPT: StoreError = StoreError::Corrupt("a row of a suspension is none");

/// Suspends an account for an incident; whether it was not suspended before. The caller advances the directory.
///
/// # Errors
/// [`StoreError`]
pub async fn suspend(tx: &mut Tx, user: UserId, incident: u64, now: i64) -> Result<bool, StoreError> {
    let sql = "INSERT INTO account_suspension (user_id, incident, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    Ok(tx.execute("suspending an account", sql, &values![user.to_string(), incident, now]).await? == 1)
}

/// Lifts the suspension of an account; its incident, if it was under one. The caller advances the directory.
///
/// # Errors
/// [`StoreError`]
pub async fn lift(tx: &mut Tx, user: UserId, by: Option<UserId>, now: i64) -> Result<Option<u64>, StoreError> {
    let sql = "UPDATE account_suspension SET lifted = $2, lifted_by = $3 WHERE user_id = $1 AND lifted IS NULL RETURNING incident";
    let values = values![user.to_string(), now, by.map(|user| user.to_string())];
    tx.optional("lifting a suspension", sql, &values).await?.map(|row| row.uint(0)).transpose()
}

/// The suspension with this number, if it is not lifted: whose it is.
///
/// # Errors
/// [`StoreError`]
pub async fn user_of(tx: &mut Tx, id: u64) -> Result<Option<UserId>, StoreError> {
    let sql = "SELECT user_id FROM account_suspension WHERE id = $1 AND lifted IS NULL";
    let row = tx.optional("looking for a suspension", sql, &values![id]).await?;
    row.map(|row| UserId::parse(&row.text(0)?).map_err(|_| CORRUPT)).transpose()
}

/// Whose suspensions were lifted after a time, and when each was.
pub(crate) async fn lifted_after(tx: &mut Tx, at: i64) -> Result<Vec<(UserId, i64)>, StoreError> {
    let sql = "SELECT user_id, lifted FROM account_suspension WHERE lifted > $1 ORDER BY lifted";
    let read = |row: &Row| Ok((UserId::parse(&row.text(0)?).map_err(|_| CORRUPT)?, row.int(1)?));
    tx.all("reading the suspensions", sql, &values![at]).await?.iter().map(read).collect()
}

/// Every suspension that is not lifted, by the user's id in hyphenated form.
///
/// # Errors
/// [`StoreError`]
pub async fn standing(tx: &mut Tx) -> Result<HashMap<String, DirectorySuspension>, StoreError> {
    let sql = "SELECT user_id, id, incident, at FROM account_suspension WHERE lifted IS NULL";
    let read = |row: &Row| {
        let since = rfc3339_of(row.int(3)?);
        Ok((row.text(0)?, DirectorySuspension { id: row.uint(1)?, incident: row.uint(2)?, since }))
    };
    tx.all("reading the suspensions", sql, &[]).await?.iter().map(read).collect()
}
