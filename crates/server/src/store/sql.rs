//! One set of SQL for both databases: `$1` parameters, and columns that are whole numbers, text or bytes.

use futures_util::{Stream, StreamExt as _};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, Postgres, Row as _, SqlSafeStr, Sqlite, Transaction};

use super::StoreError;

/// A value that is bound to a parameter.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// BIGINT.
    Int(Option<i64>),
    /// TEXT.
    Text(Option<String>),
    /// BYTEA, BLOB.
    Bytes(Option<Vec<u8>>),
}

macro_rules! value_from {
    ($($from:ty => $variant:ident: $value:ident => $into:expr),+ $(,)?) => {
        $(
            impl From<$from> for Value {
                fn from($value: $from) -> Self {
                    Self::$variant(Some($into))
                }
            }

            impl From<Option<$from>> for Value {
                fn from(value: Option<$from>) -> Self {
                    Self::$variant(value.map(|$value| $into))
                }
            }
        )+
    };
}

value_from! {
    i64 => Int: value => value,
    // Numbers of entries, sizes and lengths: all far below the end of i64.
    u64 => Int: value => i64::try_from(value).unwrap_or(i64::MAX),
    u32 => Int: value => i64::from(value),
    bool => Int: value => i64::from(value),
    &str => Text: value => value.to_owned(),
    String => Text: value => value,
    &[u8] => Bytes: value => value.to_vec(),
    Vec<u8> => Bytes: value => value,
    [u8; 32] => Bytes: value => value.to_vec(),
}

/// The values of a statement, in the order of its parameters.
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$($crate::store::sql::Value::from($value)),*] };
}
pub(crate) use values;

/// One row of an answer.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

macro_rules! get {
    ($name:ident, $type:ty) => {
        pub(crate) fn $name(&self, column: usize) -> Result<$type, StoreError> {
            match self {
                Self::Sqlite(row) => row.try_get(column),
                Self::Postgres(row) => row.try_get(column),
            }
            .map_err(StoreError::database("reading a column"))
        }
    };
}

impl Row {
    get!(int, i64);
    get!(opt_int, Option<i64>);
    get!(text, String);
    get!(opt_text, Option<String>);
    get!(bytes, Vec<u8>);
    get!(opt_bytes, Option<Vec<u8>>);

    /// A number that is never below zero.
    pub(crate) fn uint(&self, column: usize) -> Result<u64, StoreError> {
        u64::try_from(self.int(column)?).map_err(|_| StoreError::Corrupt("a number is below zero"))
    }

    pub(crate) fn flag(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }
}

/// A transaction. It is rolled back unless [`Tx::commit`] is called.
pub enum Tx {
    /// Of the embedded database.
    Sqlite(Transaction<'static, Sqlite>),
    /// Of PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

fn sqlite_arguments(values: &[Value]) -> Result<SqliteArguments, sqlx::Error> {
    let mut arguments = SqliteArguments::default();
    for value in values {
        match value {
            Value::Int(value) => arguments.add(*value),
            Value::Text(value) => arguments.add(value.clone()),
            Value::Bytes(value) => arguments.add(value.clone()),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

fn postgres_arguments(values: &[Value]) -> Result<PgArguments, sqlx::Error> {
    let mut arguments = PgArguments::default();
    for value in values {
        match value {
            Value::Int(value) => arguments.add(*value),
            Value::Text(value) => arguments.add(value.as_deref()),
            Value::Bytes(value) => arguments.add(value.as_deref()),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

/// Runs a query of either database.
macro_rules! on {
    ($tx:expr, $sql:expr, $values:expr, |$query:ident, $connection:ident, $wrap:ident| $work:expr) => {{
        let sql = $sql.into_sql_str();
        match $tx {
            Tx::Sqlite(tx) => {
                let $query = sqlx::query_with(sql, sqlite_arguments($values)?);
                let $connection = &mut **tx;
                #[allow(unused_variables, clippy::redundant_closure, reason = "not every query has rows")]
                let $wrap = Row::Sqlite;
                $work
            }
            Tx::Postgres(tx) => {
                let $query = sqlx::query_with(sql, postgres_arguments($values)?);
                let $connection = &mut **tx;
                #[allow(unused_variables, clippy::redundant_closure, reason = "not every query has rows")]
                let $wrap = Row::Postgres;
                $work
            }
        }
    }};
}

impl Tx {
    /// Runs a statement; how many rows it changed.
    pub(crate) async fn execute(
        &mut self,
        doing: &'static str,
        sql: impl SqlSafeStr,
        values: &[Value],
    ) -> Result<u64, StoreError> {
        self.run(sql, values).await.map_err(StoreError::database(doing))
    }

    async fn run(&mut self, sql: impl SqlSafeStr, values: &[Value]) -> Result<u64, sqlx::Error> {
        on!(self, sql, values, |query, connection, _wrap| {
            query.execute(connection).await.map(|done| done.rows_affected())
        })
    }

    /// Every row.
    pub(crate) async fn all(
        &mut self,
        doing: &'static str,
        sql: impl SqlSafeStr,
        values: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        self.fetch_all(sql, values).await.map_err(StoreError::database(doing))
    }

    async fn fetch_all(&mut self, sql: impl SqlSafeStr, values: &[Value]) -> Result<Vec<Row>, sqlx::Error> {
        on!(self, sql, values, |query, connection, wrap| {
            Ok(query.fetch_all(connection).await?.into_iter().map(wrap).collect())
        })
    }

    /// The row, if there is one.
    pub(crate) async fn optional(
        &mut self,
        doing: &'static str,
        sql: impl SqlSafeStr,
        values: &[Value],
    ) -> Result<Option<Row>, StoreError> {
        self.fetch_optional(sql, values).await.map_err(StoreError::database(doing))
    }

    async fn fetch_optional(&mut self, sql: impl SqlSafeStr, values: &[Value]) -> Result<Option<Row>, sqlx::Error> {
        on!(self, sql, values, |query, connection, wrap| Ok(query.fetch_optional(connection).await?.map(wrap)))
    }

    /// The row, which is always there.
    pub(crate) async fn one(
        &mut self,
        doing: &'static str,
        sql: impl SqlSafeStr,
        values: &[Value],
    ) -> Result<Row, StoreError> {
        self.optional(doing, sql, values).await?.ok_or(StoreError::Corrupt("a row is missing"))
    }

    /// The rows one after the other, without holding them all.
    pub(crate) async fn each(
        &mut self,
        doing: &'static str,
        sql: impl SqlSafeStr,
        values: &[Value],
        mut visit: impl FnMut(Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let failed = StoreError::database(doing);
        let arguments = |error| StoreError::database(doing)(error);
        let sql = sql.into_sql_str();
        match self {
            Self::Sqlite(tx) => {
                let query = sqlx::query_with(sql, sqlite_arguments(values).map_err(arguments)?);
                drain(query.fetch(&mut **tx), failed, |row| visit(Row::Sqlite(row))).await
            }
            Self::Postgres(tx) => {
                let query = sqlx::query_with(sql, postgres_arguments(values).map_err(arguments)?);
                drain(query.fetch(&mut **tx), failed, |row| visit(Row::Postgres(row))).await
            }
        }
    }

    /// Makes it durable.
    ///
    /// # Errors
    /// When the database fails. It is then not known whether it was done.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
        .map_err(StoreError::database("committing"))
    }
}

async fn drain<R>(
    rows: impl Stream<Item = Result<R, sqlx::Error>>,
    failed: impl Fn(sqlx::Error) -> StoreError,
    mut visit: impl FnMut(R) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut rows = std::pin::pin!(rows);
    while let Some(row) = rows.next().await {
        visit(row.map_err(&failed)?)?;
    }
    Ok(())
}
