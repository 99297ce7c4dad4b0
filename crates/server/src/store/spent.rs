//! What may be used once.

use super::sql::{Tx, values};
use super::{Store, StoreError};

impl Store {
    /// Spends a value that may be used once before `expires`; whether this was the first time. Values that have ended are forgotten on the
    /// way, for nobody accepts them any more.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn spend_once(tx: &mut Tx, value: &str, now: i64, expires: i64) -> Result<bool, StoreError> {
        const DOING: &str = "spending a value";
        tx.execute(DOING, "DELETE FROM spent WHERE expires <= $1", &values![now]).await?;
        let sql = "INSERT INTO spent (value, expires) VALUES ($1, $2) ON CONFLICT (value) DO NOTHING";
        Ok(tx.execute(DOING, sql, &values![value, expires]).await? == 1)
    }
}
