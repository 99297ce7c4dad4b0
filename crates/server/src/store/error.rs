//! What can go wrong with the database.

/// The database failed, or does not hold what it should.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It failed.
    #[error("the database failed while {doing}: {source}")]
    Database {
        /// What was done.
        doing: &'static str,
        /// Its own words.
        source: sqlx::Error,
    },
    /// It belongs to a newer version of the program.
    #[error("the database has schema {found}; this program knows {known}. Use the newer program")]
    Newer {
        /// What it has.
        found: i64,
        /// What is known.
        known: i64,
    },
    /// The embedded database does not open under this key.
    #[error("the database does not open: it is not Vigil's, or it is sealed under another master key")]
    Locked,
    /// The address of a database that is none.
    #[error("`{0}` is no database: name a file (`sqlite:/var/lib/vigil/vigil.db`) or `postgres://user@host/name`")]
    Address(String),
    /// Something in it cannot be.
    #[error("the database contradicts itself: {0}")]
    Corrupt(&'static str),
    /// What was asked for cannot be done.
    #[error("{0}")]
    Invalid(&'static str),
    /// A file failed.
    #[error("{doing}: {source}")]
    File {
        /// What was done.
        doing: &'static str,
        /// The system's own words.
        source: std::io::Error,
    },
    /// A task on another thread did not come to its end.
    #[error("the work on another thread was cut off")]
    CutOff,
}

impl StoreError {
    pub(crate) fn database(doing: &'static str) -> impl Fn(sqlx::Error) -> Self {
        move |source| Self::Database { doing, source }
    }

    /// Whether the same may succeed when it is tried again: the connection broke, or another process was in the way.
    pub fn is_transient(&self) -> bool {
        let Self::Database { source, .. } = self else { return false };
        if matches!(source, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed) {
            return true;
        }
        // 08: connection, 40: serialization and deadlock, 53: resources, 57: shutting down, 55P03: lock; 5: SQLITE_BUSY.
        source.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| {
            ["08", "40", "53", "57"].iter().any(|class| code.len() == 5 && code.starts_with(class))
                || code == "55P03"
                || code == "5"
        })
    }
}
