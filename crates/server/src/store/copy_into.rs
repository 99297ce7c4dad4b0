//! What a backup asks of a database.

use std::path::Path;

use sqlx::sqlite::SqliteJournalMode;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use zeroize::Zeroizing;

use super::{DatabaseUrl, Pools, Store, StoreError, library_ready, sqlite_options};

impl Store {
    /// Copies the embedded database as it is at one moment, under the same key, while others write. `to` is empty.
    pub(crate) async fn copy_into(&self, to: &Path) -> Result<(), StoreError> {
        const DOING: &str = "copying the database";
        let Pools::Sqlite { readers, .. } = &self.pools else {
            return Err(StoreError::Invalid("PostgreSQL is not copied as a file"));
        };
        let to = to.to_str().ok_or(StoreError::Invalid("the name of the copy is no text"))?;
        let mut connection = readers.acquire().await.map_err(StoreError::database(DOING))?;
        let copied = sqlx::query("VACUUM INTO $1").bind(to).execute(&mut *connection).await;
        copied.map(drop).map_err(StoreError::database(DOING))
    }

    /// The major version of the server.
    pub(crate) async fn postgres_version(&self) -> Result<u32, StoreError> {
        let row = self.read().await?.one("asking for the version", "SHOW server_version_num", &[]).await?;
        let number: u32 = row.text(0)?.parse().map_err(|_| StoreError::Corrupt("the server's version is no number"))?;
        Ok(number / 10_000)
    }

    /// Whether nothing is there: no file, no table.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn is_empty(url: &DatabaseUrl) -> Result<bool, StoreError> {
        const DOING: &str = "looking whether the database is empty";
        match url {
            DatabaseUrl::Sqlite(path) => Ok(path.symlink_metadata().is_err()),
            DatabaseUrl::Postgres(address) => {
                let failed = StoreError::database(DOING);
                let mut connection = PgConnection::connect_with(address.options()).await.map_err(&failed)?;
                let sql = "SELECT COUNT(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace";
                let tables: i64 = sqlx::query_scalar(sql).fetch_one(&mut connection).await.map_err(&failed)?;
                connection.close().await.map_err(&failed)?;
                Ok(tables == 0)
            }
        }
    }
}

/// Encrypts an embedded database that nobody has open under another key.
pub(crate) async fn rekey(
    path: &Path,
    former: &Zeroizing<[u8; 32]>,
    new: &Zeroizing<[u8; 32]>,
) -> Result<(), StoreError> {
    const DOING: &str = "encrypting the database under another key";
    // SQLCipher does it in a rollback journal.
    library_ready().await;
    let options = sqlite_options(path, Some(former)).journal_mode(SqliteJournalMode::Delete);
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(StoreError::database(DOING))?;
    let sql = Zeroizing::new(format!("PRAGMA rekey = \"x'{}'\"", hex::encode(new.as_slice())));
    let done = sqlx::raw_sql(AssertSqlSafe(sql.as_str())).execute(&mut connection).await;
    done.map_err(StoreError::database(DOING))?;
    connection.close().await.map_err(StoreError::database(DOING))
}
