//! What can go wrong with the database.

/// The database failed, or does not hold what it should.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It failed.
    #[error("the database failed while {doing}: {}", brief(cause))]
    Database {
        /// What was done.
        doing: &'static str,
        /// What it says of it. Its own words may repeat a value, so that they reach no message.
        cause: sqlx::Error,
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

/// What failed, without a value: the code that the database gave (SQLSTATE, or SQLite's), or the kind of failure.
fn brief(cause: &sqlx::Error) -> String {
    if let Some(error) = cause.as_database_error() {
        return error.code().map_or_else(|| "it gave no code".to_owned(), |code| format!("code {code}"));
    }
    if let sqlx::Error::Io(error) = cause {
        return format!("the connection: {error}");
    }
    let kind = if matches!(cause, sqlx::Error::PoolTimedOut) {
        "no connection was free in time"
    } else if matches!(cause, sqlx::Error::PoolClosed) {
        "the server stops"
    } else if matches!(cause, sqlx::Error::RowNotFound) {
        "a row that has to be there is missing"
    } else {
        "what it holds or answers has another form than expected"
    };
    kind.to_owned()
}

impl StoreError {
    pub(crate) fn database(doing: &'static str) -> impl Fn(sqlx::Error) -> Self {
        move |cause| Self::Database { doing, cause }
    }

    /// Whether the same may succeed when it is tried again: the connection broke, or another process was in the way.
    pub fn is_transient(&self) -> bool {
        let Self::Database { cause, .. } = self else { return false };
        if matches!(cause, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed) {
            return true;
        }
        // 08: connection, 40: serialization and deadlock, 53: resources, 57: shutting down, 55P03: lock; 5: SQLITE_BUSY.
        cause.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| {
            ["08", "40", "53", "57"].iter().any(|class| code.len() == 5 && code.starts_with(class))
                || code == "55P03"
                || code == "5"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_database_repeats_of_a_value_is_in_no_message() {
        use sqlx::ConnectOptions as _;
        crate::store::library_ready().await;
        let mut connection = sqlx::sqlite::SqliteConnectOptions::new().in_memory(true).connect().await.unwrap();
        let cause = sqlx::query("SELECT json_extract('{}', 'Ysabeltine')").execute(&mut connection).await.unwrap_err();
        assert!(cause.to_string().contains("Ysabeltine"), "its own words do: {cause}");
        let error = StoreError::database("reading")(cause);
        let told = format!("{:#}", anyhow::Error::new(error));
        assert!(!told.contains("Ysabeltine") && told.contains("reading"), "{told}");
    }
}
