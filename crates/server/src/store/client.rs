//! Other systems that may search the audit log.

use super::StoreError;
use super::sql::{Row, Tx, values};

/// Another system (OAuth 2 client). Times are microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The scopes that it may ask for, with a space between them.
    pub scopes: String,
    /// When it was made.
    pub made: i64,
    /// When it was revoked.
    pub revoked: Option<i64>,
}

const COLUMNS: &str = "SELECT id, name, scopes, made, revoked, secret_hash FROM client";

impl Client {
    /// Keeps a new client: the hash of its secret alone.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(&self, tx: &mut Tx, secret_hash: &[u8]) -> Result<(), StoreError> {
        let sql = "INSERT INTO client (id, name, secret_hash, scopes, made) VALUES ($1, $2, $3, $4, $5)";
        let values = values![self.id.as_str(), self.name.as_str(), secret_hash, self.scopes.as_str(), self.made];
        tx.execute("keeping a client", sql, &values).await.map(drop)
    }

    /// The client with this id, and the hash of its secret.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn find(tx: &mut Tx, id: &str) -> Result<Option<(Self, Vec<u8>)>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE id = $1"));
        let row = tx.optional("looking for a client", sql, &values![id]).await?;
        row.map(|row| Ok((read(&row)?, row.bytes(5)?))).transpose()
    }

    /// Every client, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn all(tx: &mut Tx) -> Result<Vec<Self>, StoreError> {
        let sql = sqlx::AssertSqlSafe(format!("{COLUMNS} ORDER BY made DESC, id"));
        tx.all("reading the clients", sql, &[]).await?.iter().map(read).collect()
    }

    /// Revokes a client; whether it was one that was not revoked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn revoke(tx: &mut Tx, id: &str, now: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE client SET revoked = $1 WHERE id = $2 AND revoked IS NULL";
        Ok(tx.execute("revoking a client", sql, &values![now, id]).await? == 1)
    }
}

fn read(row: &Row) -> Result<Client, StoreError> {
    Ok(Client {
        id: row.text(0)?,
        name: row.text(1)?,
        scopes: row.text(2)?,
        made: row.int(3)?,
        revoked: row.opt_int(4)?,
    })
}
