//! Numbers of a log that have not come.

use vigil_model::DeviceId;

use super::StoreError;
use super::device::device_id;
use super::sql::{Row, Tx, values};

/// Notes that a log came from too far ahead and was asked to go on at `next`; how often in a row it was asked for the same.
pub(crate) async fn asked_for(tx: &mut Tx, log: DeviceId, next: u64) -> Result<u64, StoreError> {
    let sql = "INSERT INTO log_gap (log, next, refused) SELECT key, $2, 1 FROM audit_log WHERE id = $1 \
               ON CONFLICT (log) DO UPDATE SET refused = CASE WHEN log_gap.next = $2 THEN log_gap.refused + 1 ELSE 1 END, next = $2 \
               RETURNING refused";
    let row = tx.optional("noting a gap", sql, &values![log.to_string(), next]).await?;
    row.map_or(Ok(0), |row| row.uint(0))
}

/// A gap that an entry out of turn shows.
pub(crate) struct OpenGap {
    /// The enrolment that the log belongs to.
    pub(crate) enrolment: DeviceId,
    pub(crate) log: DeviceId,
    /// The first number that has not come.
    pub(crate) next: u64,
}

/// Logs with an entry that came out of turn and for `stays` microseconds has waited for those before it, while nothing of its log came and the
/// workstation was heard of.
pub(crate) async fn open_gaps(tx: &mut Tx, now: i64, stays: i64) -> Result<Vec<OpenGap>, StoreError> {
    let sql = "SELECT d.enrolment, l.id, l.size + 1 FROM audit_log l JOIN device d ON d.log = l.id \
               WHERE d.revoked IS NULL AND EXISTS (SELECT 1 FROM early_alert e WHERE e.log = l.key AND e.settled IS NULL \
               AND e.seq > l.size + 1 AND e.received <= d.last_contact - $2 AND e.received <= $1) \
               AND NOT EXISTS (SELECT 1 FROM audit_event a WHERE a.log = l.key AND a.seq = l.size AND a.received > $1) \
               ORDER BY l.key";
    let rows = tx.all("looking for gaps", sql, &values![now.saturating_sub(stays), stays]).await?;
    let read = |row: &Row| {
        let (enrolment, log) = (device_id(&row.text(0)?)?, device_id(&row.text(1)?)?);
        Ok(OpenGap { enrolment, log, next: row.uint(2)? })
    };
    rows.iter().map(read).collect()
}
