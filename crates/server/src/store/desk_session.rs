//! Tokens of the desk: their hashes alone.

use vigil_model::{DeviceId, SessionId, UserId};

use super::StoreError;
use super::device::device_id;
use super::sql::{Tx, values};

const CORRUPT: StoreError = StoreError::Corrupt("a row of a desk session is none");

/// A desk that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeskSessionRow {
    /// Whose it is.
    pub(crate) user: UserId,
    /// The workstation at which it holds.
    pub(crate) enrolment: DeviceId,
    /// As the audit log names it.
    pub(crate) session: SessionId,
}

/// Keeps a token; the ended ones go.
pub(crate) async fn insert(
    tx: &mut Tx,
    token_hash: [u8; 32],
    row: &DeskSessionRow,
    made: i64,
    expires: i64,
) -> Result<(), StoreError> {
    const DOING: &str = "keeping a desk session";
    tx.execute(DOING, "DELETE FROM desk_session WHERE expires <= $1", &values![made]).await?;
    let sql = "INSERT INTO desk_session (token_hash, user_id, enrolment, session, made, expires) VALUES ($1, $2, $3, $4, $5, $6)";
    let (user, enrolment, session) = (row.user.to_string(), row.enrolment.to_string(), row.session.to_string());
    tx.execute(DOING, sql, &values![token_hash, user, enrolment, session, made, expires]).await.map(drop)
}

/// What a token opens, while it holds.
pub(crate) async fn find(tx: &mut Tx, token_hash: [u8; 32], now: i64) -> Result<Option<DeskSessionRow>, StoreError> {
    let sql = "SELECT user_id, enrolment, session FROM desk_session WHERE token_hash = $1 AND expires > $2";
    let row = tx.optional("looking for a desk session", sql, &values![token_hash, now]).await?;
    let read = |row: crate::store::sql::Row| {
        let user = UserId::parse(&row.text(0)?).map_err(|_| CORRUPT)?;
        let session = SessionId::parse(&row.text(2)?).map_err(|_| CORRUPT)?;
        Ok(DeskSessionRow { user, enrolment: device_id(&row.text(1)?)?, session })
    };
    row.map(read).transpose()
}
