//! Where the database is.

use std::path::PathBuf;
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

use super::StoreError;

/// Where the database is.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    /// A file: `sqlite:/var/lib/vigil/vigil.db`, or the path alone.
    Sqlite(PathBuf),
    /// `postgres://user@host/name?sslmode=verify-full`, as libpq reads it.
    Postgres(Box<PgConnectOptions>),
}

impl FromStr for DatabaseUrl {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        let refused = || StoreError::Address(without_password(text));
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return PgConnectOptions::from_str(text)
                .map(|options| Self::Postgres(Box::new(options)))
                .map_err(|_| refused());
        }
        let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(text);
        if path.is_empty() || path.contains("://") { Err(refused()) } else { Ok(Self::Sqlite(PathBuf::from(path))) }
    }
}

/// An address with its password is no matter for a message.
fn without_password(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    format!("{scheme}://{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_and_a_server_are_told_apart() {
        let path = |text: &str| match text.parse() {
            Ok(DatabaseUrl::Sqlite(path)) => path.display().to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(path("sqlite:/var/lib/vigil/vigil.db"), "/var/lib/vigil/vigil.db");
        assert_eq!(path("vigil.db"), "vigil.db", "a path alone");
        assert!(matches!("postgres://vigil@db/vigil".parse(), Ok(DatabaseUrl::Postgres(_))));
    }

    #[test]
    fn a_refused_address_is_shown_without_its_password() {
        let error = "mysql://vigil:secret@db/vigil".parse::<DatabaseUrl>().unwrap_err().to_string();
        assert!(error.contains("mysql://db/vigil") && !error.contains("secret"), "{error}");
    }
}
