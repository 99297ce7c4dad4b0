//! Chart accesses, counted.

use sqlx::AssertSqlSafe;
use vigil_model::DeviceId;

use super::StoreError;
use super::device::device_id;
use super::sql::{Row, Tx, values};

/// What counts as an access to a chart: its opening, a section, an entry, an export or a printing of it, done.
const ACCESSES: &str = "at >= $1 AND at < $2 AND outcome = 0 AND agent = 'user' AND patient IS NOT NULL AND interaction IN \
     ('patient-read', 'section-read', 'resource-read', 'patient-export', 'visit-summary-print', 'medication-list-print', \
      'composition-print', 'patient-label-print')";
/// All of them; those that nothing explains; those of which the workstation said what explains them.
const COUNTS: &str = "COUNT(*), COUNT(CASE WHEN reason LIKE '%basis=none%' THEN 1 END), \
     COUNT(CASE WHEN reason LIKE '%basis=%' AND reason NOT LIKE '%basis=none%' AND reason NOT LIKE '%basis=unknown%' THEN 1 END)";

/// How many accesses there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) all: u64,
    pub(crate) unexplained: u64,
    pub(crate) explained: u64,
}

impl Count {
    /// Those of which it is known whether something explains them.
    pub(crate) const fn known(self) -> u64 {
        self.unexplained.saturating_add(self.explained)
    }

    fn read(row: &Row, from: usize) -> Result<Self, StoreError> {
        Ok(Self { all: row.uint(from)?, unexplained: row.uint(from + 1)?, explained: row.uint(from + 2)? })
    }
}

/// Of each hour (hours since 1970), oldest first.
pub(crate) async fn by_hour(tx: &mut Tx, from: i64, until: i64) -> Result<Vec<(i64, Count)>, StoreError> {
    let sql = format!(
        "SELECT at / 3600000000, {COUNTS} FROM audit_event WHERE {ACCESSES} GROUP BY at / 3600000000 ORDER BY 1"
    );
    let rows = tx.all("counting accesses", AssertSqlSafe(sql), &values![from, until]).await?;
    rows.iter().map(|row| Ok((row.int(0)?, Count::read(row, 1)?))).collect()
}

/// Of each user and role, most first: count, and how many different patients.
pub(crate) async fn by_user(
    tx: &mut Tx,
    from: i64,
    until: i64,
) -> Result<Vec<(String, String, Count, u64)>, StoreError> {
    let sql = format!(
        "SELECT user_id, COALESCE(role, ''), {COUNTS}, COUNT(DISTINCT patient) FROM audit_event WHERE {ACCESSES} \
         GROUP BY user_id, COALESCE(role, '') ORDER BY 3 DESC, 1 LIMIT 1000"
    );
    let rows = tx.all("counting accesses", AssertSqlSafe(sql), &values![from, until]).await?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?, Count::read(row, 2)?, row.uint(5)?))).collect()
}

/// Of each log, most first.
pub(crate) async fn by_log(tx: &mut Tx, from: i64, until: i64) -> Result<Vec<(DeviceId, Count)>, StoreError> {
    let sql = format!(
        "SELECT l.id, {COUNTS} FROM audit_event e JOIN audit_log l ON l.key = e.log WHERE {ACCESSES} GROUP BY l.id ORDER BY 2 DESC, 1"
    );
    let rows = tx.all("counting accesses", AssertSqlSafe(sql), &values![from, until]).await?;
    rows.iter().map(|row| Ok((device_id(&row.text(0)?)?, Count::read(row, 1)?))).collect()
}

/// Emergency accesses of each day (days since 1970), oldest first.
pub(crate) async fn emergencies(tx: &mut Tx, from: i64, until: i64) -> Result<Vec<(i64, u64)>, StoreError> {
    let sql = "SELECT at / 86400000000, COUNT(*) FROM audit_event WHERE at >= $1 AND at < $2 AND outcome = 0 \
               AND interaction = 'emergency-access-start' GROUP BY at / 86400000000 ORDER BY 1";
    let rows = tx.all("counting emergency accesses", sql, &values![from, until]).await?;
    rows.iter().map(|row| Ok((row.int(0)?, row.uint(1)?))).collect()
}
