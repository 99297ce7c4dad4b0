//! PostgreSQL's COPY, of rows that are there.

use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// Both tables that an entry has rows in.
const TABLES: [&str; 2] = ["audit_event", "audit_event_patient"];

/// A connection of its own, with tables to copy into.
pub(crate) struct Copier(PgConnection);

/// Rows of both tables in the binary form of COPY.
pub(crate) type Rows = [Vec<u8>; 2];

impl Copier {
    /// `with`: tables of that kind.
    pub(crate) async fn to(url: &str, into: Into) -> Self {
        let mut connection = PgConnection::connect(url).await.unwrap();
        for table in TABLES {
            let name = into.table(table);
            let like = if into == Into::Indexed { " INCLUDING ALL" } else { "" };
            let sql = format!("CREATE TABLE IF NOT EXISTS {name} (LIKE {table}{like})");
            sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        }
        Self(connection)
    }

    /// The rows of so many entries of a log.
    pub(crate) async fn out(&mut self, log: &str, from: u64, to: u64) -> Rows {
        let mut rows = Rows::default();
        for (table, rows) in TABLES.into_iter().zip(&mut rows) {
            let of_log =
                format!("log = (SELECT key FROM audit_log WHERE id = '{log}') AND seq BETWEEN {from} AND {to}");
            let sql = format!("COPY (SELECT * FROM {table} WHERE {of_log}) TO STDOUT (FORMAT binary)");
            let mut stream = self.0.copy_out_raw(&sql).await.unwrap();
            while let Some(part) = stream.try_next().await.unwrap() {
                rows.extend_from_slice(&part);
            }
        }
        rows
    }

    /// Copies these rows, durable.
    pub(crate) async fn copy(&mut self, into: Into, rows: Rows) {
        let mut tx = self.0.begin().await.unwrap();
        for (table, rows) in TABLES.into_iter().zip(rows) {
            let sql = format!("COPY {} FROM STDIN (FORMAT binary)", into.table(table));
            let mut copy = tx.copy_in_raw(&sql).await.unwrap();
            copy.send(rows).await.unwrap();
            copy.finish().await.unwrap();
        }
        tx.commit().await.unwrap();
    }
}

/// What is copied into.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Into {
    /// Tables with the same keys and indexes.
    Indexed,
    /// Tables without any.
    Bare,
}

impl Into {
    fn table(self, of: &str) -> String {
        match self {
            Self::Indexed => format!("{of}_indexed"),
            Self::Bare => format!("{of}_bare"),
        }
    }
}
