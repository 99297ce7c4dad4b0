//! How users prove who they are at the first sign-in on a workstation.

use vigil_model::UserId;

use super::StoreError;
use super::sql::{Tx, values};

/// How a password is stretched, and the hash of the proof that comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserProof {
    /// 16 bytes.
    pub salt: Vec<u8>,
    /// KiB.
    pub memory: u32,
    /// Passes.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
    /// The hash of the proof.
    pub hash: Vec<u8>,
    /// Whether the password is a first one, to be replaced.
    pub due: bool,
    /// When it was last changed, in microseconds since 1970.
    pub changed: i64,
}

impl UserProof {
    /// The user's.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn find(tx: &mut Tx, user: UserId) -> Result<Option<Self>, StoreError> {
        let sql = "SELECT salt, memory, passes, lanes, hash, due, changed FROM user_proof WHERE user_id = $1";
        let Some(row) = tx.optional("reading a proof", sql, &values![user.to_string()]).await? else { return Ok(None) };
        let cost =
            |column| u32::try_from(row.int(column)?).map_err(|_| StoreError::Corrupt("the cost of a password is none"));
        Ok(Some(Self {
            salt: row.bytes(0)?,
            memory: cost(1)?,
            passes: cost(2)?,
            lanes: cost(3)?,
            hash: row.bytes(4)?,
            due: row.flag(5)?,
            changed: row.int(6)?,
        }))
    }

    /// Keeps it in the place of the former one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn put(&self, tx: &mut Tx, user: UserId) -> Result<(), StoreError> {
        let sql = "INSERT INTO user_proof (user_id, salt, memory, passes, lanes, hash, due, changed) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (user_id) DO UPDATE SET salt = $2, memory = $3, \
                   passes = $4, lanes = $5, hash = $6, due = $7, changed = $8";
        let values = values![
            user.to_string(),
            self.salt.as_slice(),
            self.memory,
            self.passes,
            self.lanes,
            self.hash.as_slice(),
            self.due,
            self.changed,
        ];
        tx.execute("keeping a proof", sql, &values).await.map(drop)
    }
}
