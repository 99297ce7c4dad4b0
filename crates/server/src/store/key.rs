//! Keys that the server holds, wrapped. Wrapping and opening them is the custodian's.

use vigil_model::DeviceId;

use super::StoreError;
use super::device::device_id;
use super::sql::{Row, Tx, values};

/// A key of the server's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerKey {
    /// What it is for: `witness`, `directory`, `seal`, `authority`.
    pub purpose: String,
    /// Its id among those for the same purpose, from 1.
    pub id: u32,
    /// The public half.
    pub public: Vec<u8>,
    /// The private half, wrapped.
    pub wrapped: Vec<u8>,
    /// When it was made, in microseconds since 1970.
    pub made: i64,
    /// When a newer one took its place.
    pub retired: Option<i64>,
}

/// One version of a group's key, wrapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupKey {
    /// The log of the workstation whose records it opens.
    pub log: DeviceId,
    /// `directory`, `care-group/general`, `break-glass`.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// The public half, of key pairs.
    pub public: Option<Vec<u8>>,
    /// The key, wrapped.
    pub wrapped: Vec<u8>,
    /// When it was handed in or made, in microseconds since 1970.
    pub made: i64,
}

impl ServerKey {
    /// Keeps a new key; whether there was none with this purpose and id. Of two processes that make one at once the first wins, and both
    /// read it afterwards.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        let sql = "INSERT INTO server_key (purpose, id, public, wrapped, made) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (purpose, id) DO NOTHING";
        let Self { purpose, id, public, wrapped, made, retired: _ } = self;
        let values = values![purpose.as_str(), *id, public.as_slice(), wrapped.as_slice(), *made];
        Ok(tx.execute("keeping a key", sql, &values).await? == 1)
    }

    /// Every key for this purpose, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn all(tx: &mut Tx, purpose: &str) -> Result<Vec<Self>, StoreError> {
        let sql =
            "SELECT purpose, id, public, wrapped, made, retired FROM server_key WHERE purpose = $1 ORDER BY id DESC";
        tx.all("reading the keys", sql, &values![purpose]).await?.iter().map(read_own).collect()
    }

    /// Every key for every purpose, by purpose, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn every(tx: &mut Tx) -> Result<Vec<Self>, StoreError> {
        let sql = "SELECT purpose, id, public, wrapped, made, retired FROM server_key ORDER BY purpose, id DESC";
        tx.all("reading the keys", sql, &[]).await?.iter().map(read_own).collect()
    }

    /// Notes that a newer key took the place of those before it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn retire_before(tx: &mut Tx, purpose: &str, id: u32, now: i64) -> Result<(), StoreError> {
        let sql = "UPDATE server_key SET retired = $1 WHERE purpose = $2 AND id < $3 AND retired IS NULL";
        tx.execute("retiring a key", sql, &values![now, purpose, id]).await.map(drop)
    }

    /// The same key, wrapped anew: for a master key that was replaced.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn rewrap(tx: &mut Tx, purpose: &str, id: u32, wrapped: &[u8]) -> Result<(), StoreError> {
        let sql = "UPDATE server_key SET wrapped = $1 WHERE purpose = $2 AND id = $3";
        tx.execute("wrapping a key anew", sql, &values![wrapped, purpose, id]).await.map(drop)
    }
}

impl GroupKey {
    /// Keeps a version of a key; whether it was not there before. What is there stays.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        let sql = "INSERT INTO group_key (log, name, version, public, wrapped, made) VALUES ($1, $2, $3, $4, $5, $6) \
                   ON CONFLICT (log, name, version) DO NOTHING";
        let Self { log, name, version, public, wrapped, made } = self;
        let values = values![log.to_string(), name.as_str(), *version, public.as_deref(), wrapped.as_slice(), *made];
        Ok(tx.execute("keeping a group's key", sql, &values).await? == 1)
    }

    /// Every version of every key of this log, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn of_log(tx: &mut Tx, log: DeviceId) -> Result<Vec<Self>, StoreError> {
        let sql =
            "SELECT log, name, version, public, wrapped, made FROM group_key WHERE log = $1 ORDER BY name, version";
        tx.all("reading the groups' keys", sql, &values![log.to_string()]).await?.iter().map(read).collect()
    }

    /// Every version of every key of every log.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn every(tx: &mut Tx) -> Result<Vec<Self>, StoreError> {
        let sql = "SELECT log, name, version, public, wrapped, made FROM group_key ORDER BY log, name, version";
        tx.all("reading the groups' keys", sql, &[]).await?.iter().map(read).collect()
    }

    /// The same key, wrapped anew.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn rewrap(&self, tx: &mut Tx, wrapped: &[u8]) -> Result<(), StoreError> {
        let sql = "UPDATE group_key SET wrapped = $1 WHERE log = $2 AND name = $3 AND version = $4";
        let values = values![wrapped, self.log.to_string(), self.name.as_str(), self.version];
        tx.execute("wrapping a group's key anew", sql, &values).await.map(drop)
    }

    /// The newest version of this group's key on every log that has one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn newest(tx: &mut Tx, name: &str) -> Result<Vec<Self>, StoreError> {
        let sql = "SELECT log, name, version, public, wrapped, made FROM group_key k WHERE name = $1 AND version = \
                   (SELECT MAX(n.version) FROM group_key n WHERE n.log = k.log AND n.name = k.name) ORDER BY log";
        tx.all("reading the groups' keys", sql, &values![name]).await?.iter().map(read).collect()
    }
}

fn read_own(row: &Row) -> Result<ServerKey, StoreError> {
    Ok(ServerKey {
        purpose: row.text(0)?,
        id: version(row.int(1)?)?,
        public: row.bytes(2)?,
        wrapped: row.bytes(3)?,
        made: row.int(4)?,
        retired: row.opt_int(5)?,
    })
}

fn read(row: &Row) -> Result<GroupKey, StoreError> {
    Ok(GroupKey {
        log: device_id(&row.text(0)?)?,
        name: row.text(1)?,
        version: version(row.int(2)?)?,
        public: row.opt_bytes(3)?,
        wrapped: row.bytes(4)?,
        made: row.int(5)?,
    })
}

fn version(value: i64) -> Result<u32, StoreError> {
    u32::try_from(value).map_err(|_| StoreError::Corrupt("the version of a key is none"))
}
