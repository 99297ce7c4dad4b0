//! The schema grows by numbered steps, which are never changed once they were released.

use sqlx::AssertSqlSafe;

use super::sql::{Tx, values};
use super::{Pools, StoreError};

/// The steps of both databases, from 1.
const STEPS: [(&str, &str); 6] = [
    (include_str!("../../migrations/sqlite/0001.sql"), include_str!("../../migrations/postgres/0001.sql")),
    (include_str!("../../migrations/sqlite/0002.sql"), include_str!("../../migrations/postgres/0002.sql")),
    (include_str!("../../migrations/sqlite/0003.sql"), include_str!("../../migrations/postgres/0003.sql")),
    (include_str!("../../migrations/sqlite/0004.sql"), include_str!("../../migrations/postgres/0004.sql")),
    (include_str!("../../migrations/sqlite/0005.sql"), include_str!("../../migrations/postgres/0005.sql")),
    (include_str!("../../migrations/sqlite/0006.sql"), include_str!("../../migrations/postgres/0006.sql")),
];

/// Held while the schema is looked at and changed, so that processes that start together wait for one another.
const LOCK: i64 = 0x0056_4947_494c;

pub(super) async fn migrate(pools: &Pools) -> Result<(), StoreError> {
    const DOING: &str = "bringing the schema up to date";
    let mut tx = pools.begin().await?;
    if matches!(tx, Tx::Postgres(_)) {
        tx.execute(DOING, "SELECT pg_advisory_xact_lock($1)", &values![LOCK]).await?;
    }
    let make = "CREATE TABLE IF NOT EXISTS schema_step (step BIGINT PRIMARY KEY)";
    tx.execute(DOING, make, &[]).await?;
    let found = tx.one(DOING, "SELECT COALESCE(MAX(step), 0) FROM schema_step", &[]).await?.int(0)?;
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (number, (sqlite, postgres)) in (1_i64..).zip(STEPS).filter(|(number, _)| *number > found) {
        script(&mut tx, sqlite, postgres).await.map_err(StoreError::database(DOING))?;
        tx.execute(DOING, "INSERT INTO schema_step VALUES ($1)", &values![number]).await?;
    }
    tx.commit().await
}

/// The step of the schema that this program knows, which an open database has.
pub(super) fn newest() -> u64 {
    STEPS.len() as u64
}

/// Several statements at once.
async fn script(tx: &mut Tx, sqlite: &str, postgres: &str) -> Result<(), sqlx::Error> {
    match tx {
        Tx::Sqlite(tx) => sqlx::raw_sql(AssertSqlSafe(sqlite)).execute(&mut **tx).await.map(drop),
        Tx::Postgres(tx) => sqlx::raw_sql(AssertSqlSafe(postgres)).execute(&mut **tx).await.map(drop),
    }
}
