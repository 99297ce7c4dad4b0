//! Where the database is.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;
use zeroize::Zeroizing;

use super::StoreError;

/// Where the database is.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    /// A file: `sqlite:/var/lib/vigil/vigil.db`, or the path alone.
    Sqlite(PathBuf),
    /// `postgres://user@host/name?sslmode=verify-full`, as libpq reads it.
    Postgres(Box<PostgresAddress>),
}

/// The address of a PostgreSQL database.
#[derive(Clone)]
pub struct PostgresAddress {
    options: PgConnectOptions,
    text: Zeroizing<String>,
}

impl PostgresAddress {
    pub(super) const fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    /// As other programs take it.
    pub(crate) fn without_password(&self) -> String {
        match self.parts() {
            Some((scheme, user, _, rest)) => format!("{scheme}://{user}@{rest}"),
            None => self.text.as_str().to_owned(),
        }
    }

    /// The password, if the address has one.
    pub(crate) fn password(&self) -> Option<Zeroizing<String>> {
        self.parts().map(|(_, _, password, _)| Zeroizing::new(unescaped(password)))
    }

    /// `scheme://user:password@rest`
    fn parts(&self) -> Option<(&str, &str, &str, &str)> {
        let (scheme, rest) = self.text.split_once("://")?;
        let (authority, rest) = rest.split_once('@')?;
        let (user, password) = authority.split_once(':')?;
        Some((scheme, user, password, rest))
    }
}

impl fmt::Debug for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.without_password())
    }
}

impl FromStr for DatabaseUrl {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        let refused = || StoreError::Address(shown(text));
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(text).map_err(|_| refused())?;
            let text = Zeroizing::new(text.to_owned());
            return Ok(Self::Postgres(Box::new(PostgresAddress { options, text })));
        }
        let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(text);
        if path.is_empty() || path.contains("://") { Err(refused()) } else { Ok(Self::Sqlite(PathBuf::from(path))) }
    }
}

/// An address with its password is no matter for a message.
fn shown(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    format!("{scheme}://{rest}")
}

/// Percent-encoding (RFC 3986), undone.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = after
            .first_chunk::<2>()
            .filter(|_| *first == b'%')
            .and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
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

    #[test]
    fn other_programs_get_the_password_beside_the_address() {
        let url: DatabaseUrl = "postgres://vigil:se%2Fcr%40t@db/vigil?sslmode=require".parse().unwrap();
        assert!(!format!("{url:?}").contains("cr"), "nor does the debug form show it: {url:?}");
        let DatabaseUrl::Postgres(address) = url else { panic!("a server") };
        assert_eq!(address.without_password(), "postgres://vigil@db/vigil?sslmode=require");
        assert_eq!(address.password().unwrap().as_str(), "se/cr@t");
        let DatabaseUrl::Postgres(address) = "postgres://vigil@db/vigil".parse().unwrap() else { panic!("a server") };
        assert_eq!((address.without_password().as_str(), address.password()), ("postgres://vigil@db/vigil", None));
    }
}
