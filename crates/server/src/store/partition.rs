//! The monthly partitions of PostgreSQL.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, Months, NaiveDate, Utc};
use sqlx::AssertSqlSafe;

use super::sql::{Tx, values};
use super::{Pools, Store, StoreError};

/// A month, by its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Month(NaiveDate);

impl Month {
    /// The month of a time in microseconds since 1970.
    pub(crate) fn of(at: i64) -> Option<Self> {
        DateTime::<Utc>::from_timestamp_micros(at)?.date_naive().with_day(1).map(Self)
    }

    /// So many months on.
    pub(crate) fn plus(self, months: u32) -> Option<Self> {
        self.0.checked_add_months(Months::new(months)).map(Self)
    }

    /// So many months back.
    pub(crate) fn minus(self, months: u32) -> Option<Self> {
        self.0.checked_sub_months(Months::new(months)).map(Self)
    }

    /// Where it begins, in microseconds since 1970.
    pub(crate) fn begins(self) -> i64 {
        self.0.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros()
    }

    /// Where it ends: the beginning of the next.
    pub(crate) fn ends(self) -> i64 {
        self.plus(1).map_or(i64::MAX, Self::begins)
    }

    fn suffix(self) -> String {
        self.0.format("%Y_%m").to_string()
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

pub(crate) const PARTITIONED: [&str; 2] = ["audit_event", "audit_event_patient"];
/// Held while partitions are made.
const LOCK: i64 = 0x0056_4947_494d;
/// A clock may be so far ahead; what lies farther goes to the default partition.
const AHEAD: u32 = 2;
/// And so far back: the longest that anything is kept.
const BACK: u32 = 12 * 40;

impl Store {
    /// Makes the partitions of these times, and of the months to come, where they are not there.
    pub(crate) async fn make_months(&self, times: impl Iterator<Item = i64>, now: i64) -> Result<(), StoreError> {
        let Pools::Postgres(_) = &self.pools else { return Ok(()) };
        let Some(this) = Month::of(now) else { return Ok(()) };
        let (Some(first), Some(last)) = (this.minus(BACK), this.plus(AHEAD)) else { return Ok(()) };
        let coming = (0..=AHEAD).filter_map(|months| this.plus(months));
        let mut wanted: BTreeSet<Month> =
            times.filter_map(Month::of).chain(coming).filter(|month| (first..=last).contains(month)).collect();
        {
            let known = self.months.lock().map_err(|_| StoreError::CutOff)?;
            wanted.retain(|month| !known.contains(month));
        }
        for month in wanted {
            self.make_month(month).await?;
            self.months.lock().map_err(|_| StoreError::CutOff)?.insert(month);
        }
        Ok(())
    }

    async fn make_month(&self, month: Month) -> Result<(), StoreError> {
        const DOING: &str = "making a partition";
        let mut tx = self.begin().await?;
        tx.execute(DOING, "SELECT pg_advisory_xact_lock($1)", &values![LOCK]).await?;
        // Whoever writes meanwhile would put rows of the month into the default partition behind our back, or be sent there by what it
        // knew of the partitions before.
        for table in PARTITIONED {
            let lock = AssertSqlSafe(format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"));
            tx.execute(DOING, lock, &[]).await?;
        }
        let suffix = month.suffix();
        let (from, to) = (month.begins(), month.ends());
        for table in PARTITIONED {
            let name = format!("{table}_{suffix}");
            let there =
                "SELECT COUNT(*) FROM pg_class WHERE relname = $1 AND relnamespace = current_schema()::regnamespace";
            if tx.one(DOING, there, &values![name.as_str()]).await?.int(0)? > 0 {
                continue;
            }
            // Rows that a wrong clock has put into the default partition move to where they belong: attaching would fail otherwise.
            for sql in [
                format!(
                    "CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)"
                ),
                format!(
                    "WITH moved AS (DELETE FROM {table}_other WHERE at >= {from} AND at < {to} RETURNING *) \
                         INSERT INTO {name} SELECT * FROM moved"
                ),
                format!("ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({from}) TO ({to})"),
            ] {
                tx.execute(DOING, AssertSqlSafe(sql), &[]).await?;
            }
        }
        tx.commit().await
    }
}

impl Store {
    /// The partition of this month is not there any more.
    pub(crate) fn forget_month(&self, month: Month) -> Result<(), StoreError> {
        self.months.lock().map_err(|_| StoreError::CutOff)?.remove(&month);
        Ok(())
    }
}

/// Lets the rows of a month go.
pub(crate) async fn drop_month(tx: &mut Tx, month: Month) -> Result<(), StoreError> {
    const DOING: &str = "letting a month go";
    let (from, to) = (month.begins(), month.ends());
    for table in PARTITIONED {
        let delete = AssertSqlSafe(format!("DELETE FROM {table} WHERE at >= $1 AND at < $2"));
        if matches!(tx, Tx::Sqlite(_)) {
            tx.execute(DOING, delete, &values![from, to]).await?;
            continue;
        }
        let name = format!("{table}_{}", month.suffix());
        let there =
            "SELECT COUNT(*) FROM pg_class WHERE relname = $1 AND relnamespace = current_schema()::regnamespace";
        if tx.one(DOING, there, &values![name.as_str()]).await?.int(0)? > 0 {
            tx.execute(DOING, AssertSqlSafe(format!("ALTER TABLE {table} DETACH PARTITION {name}")), &[]).await?;
            tx.execute(DOING, AssertSqlSafe(format!("DROP TABLE {name}")), &[]).await?;
        }
        // What lay in the default partition.
        tx.execute(DOING, delete, &values![from, to]).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_at_its_first_midnight() {
        let at = "2026-11-29T10:00:00Z".parse::<DateTime<Utc>>().unwrap().timestamp_micros();
        let month = Month::of(at).unwrap();
        assert_eq!(month.to_string(), "2026-11");
        let next = "2026-12-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap().timestamp_micros();
        assert_eq!(month.plus(1).unwrap().begins(), next, "and ends where the next begins");
        assert_eq!(month.plus(2).unwrap().to_string(), "2027-01", "over the turn of the year");
    }
}
