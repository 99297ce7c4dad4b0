//! Contents of records, current and former ones, from the key that they lie under to the newest.

use std::sync::Arc;

use rusqlite::{Row, ToSql, params};

use super::SEALING;
use crate::error::ResultExt as _;
use crate::key::Kek;
use crate::table::resource::{self, Shelf};
use crate::{Tx, VaultError};

/// A place in the history, by its primary key: the numbers that SQLite gives to rows by itself change when a database is
/// written anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HistoryPlace {
    r#type: u32,
    id: String,
    version: u32,
}

impl HistoryPlace {
    /// Before everything.
    pub(super) const START: Self = Self { r#type: 0, id: String::new(), version: 0 };

    /// Type and version of four bytes each, most significant first, then the id.
    pub(super) fn to_cursor(&self) -> Vec<u8> {
        [&self.r#type.to_be_bytes(), &self.version.to_be_bytes(), self.id.as_bytes()].concat()
    }

    /// The start where the cursor is none, or one of a version of this program that counted rows: going over rows a second
    /// time changes nothing.
    pub(super) fn from_cursor(cursor: &[u8]) -> Self {
        let parts = cursor.split_first_chunk().and_then(|(r#type, rest)| {
            let (version, id) = rest.split_first_chunk()?;
            let id = std::str::from_utf8(id).ok()?.to_owned();
            Some(Self { r#type: u32::from_be_bytes(*r#type), id, version: u32::from_be_bytes(*version) })
        });
        parts.filter(|place| !place.id.is_empty()).unwrap_or(Self::START)
    }
}

/// A sealed content as it lies in a table, at `place`.
struct Sealed<P> {
    place: P,
    r#type: String,
    id: String,
    version: u32,
    key_version: u32,
    content: Vec<u8>,
}

/// The key to seal under, and its version.
type Next<'a> = (u32, &'a Arc<Kek>);
/// The key of a version, where it is still there.
type KeyOf<'a> = &'a dyn Fn(u32) -> Option<Arc<Kek>>;

impl Tx<'_> {
    /// Seals the content of rows `first` to `last` anew, at most so many; the last one looked at and how many.
    pub(super) fn reseal_rows(
        &self,
        shelf: Shelf<'_>,
        (first, last): (i64, i64),
        next: Next<'_>,
        key_of: KeyOf<'_>,
        limit: u32,
    ) -> Result<Option<(i64, u64)>, VaultError> {
        let found = self.sealed(
            "SELECT name, id, version, key_version, content, row FROM resource JOIN resource_type ON number = type
             WHERE row BETWEEN ?1 AND ?2 ORDER BY row LIMIT ?3",
            params![first, last, limit],
            |row| row.get(5),
        )?;
        let mut update = self
            .sql
            .prepare_cached("UPDATE resource SET content = ?1, key_version = ?2 WHERE row = ?3")
            .doing(SEALING)?;
        for row in &found {
            if let Some(sealed) = self.sealed_anew(shelf, row, next, key_of, "resource")? {
                update.execute(params![sealed, next.0, row.place]).doing(SEALING)?;
            }
        }
        Ok(found.last().map(|last| (last.place, found.len() as u64)))
    }

    /// The same for what lies behind `after` in the history of the shelf.
    pub(super) fn reseal_history(
        &self,
        shelf: Shelf<'_>,
        after: &HistoryPlace,
        next: Next<'_>,
        key_of: KeyOf<'_>,
        limit: u32,
    ) -> Result<Option<(HistoryPlace, u64)>, VaultError> {
        let found = self.sealed(
            "SELECT name, id, version, key_version, content, type FROM resource_history JOIN resource_type ON number = type
             WHERE patient = ?1 AND (type, id, version) > (?2, ?3, ?4) ORDER BY type, id, version LIMIT ?5",
            params![shelf.number(), after.r#type, after.id, after.version, limit],
            |row| Ok(HistoryPlace { r#type: row.get(5)?, id: row.get(1)?, version: row.get(2)? }),
        )?;
        let mut update = self
            .sql
            .prepare_cached(
                "UPDATE resource_history SET content = ?1, key_version = ?2 WHERE type = ?3 AND id = ?4 AND version = ?5",
            )
            .doing(SEALING)?;
        for row in &found {
            if let Some(sealed) = self.sealed_anew(shelf, row, next, key_of, "resource_history")? {
                let HistoryPlace { r#type, id, version } = &row.place;
                update.execute(params![sealed, next.0, r#type, id, version]).doing(SEALING)?;
            }
        }
        let count = found.len() as u64;
        Ok(found.into_iter().last().map(|last| (last.place, count)))
    }

    fn sealed<P>(
        &self,
        select: &str,
        values: &[&dyn ToSql],
        place: impl Fn(&Row<'_>) -> rusqlite::Result<P>,
    ) -> Result<Vec<Sealed<P>>, VaultError> {
        let read = |row: &Row<'_>| {
            Ok(Sealed {
                place: place(row)?,
                r#type: row.get(0)?,
                id: row.get(1)?,
                version: row.get(2)?,
                key_version: row.get(3)?,
                content: row.get(4)?,
            })
        };
        self.sql
            .prepare_cached(select)
            .and_then(|mut statement| statement.query_map(values, read)?.collect())
            .doing(SEALING)
    }

    /// The content under the new key, opened once more from what was sealed. `None`: it lies there already, its key is gone,
    /// or it does not open.
    fn sealed_anew<P>(
        &self,
        shelf: Shelf<'_>,
        row: &Sealed<P>,
        (version, kek): Next<'_>,
        key_of: KeyOf<'_>,
        table: &'static str,
    ) -> Result<Option<Vec<u8>>, VaultError> {
        if row.key_version == version {
            return Ok(None);
        }
        let Some(former) = key_of(row.key_version) else { return Ok(None) };
        let place = |key_version| resource::place(shelf, &row.r#type, &row.id, key_version, row.version);
        let opened = former.open_content(&place(row.key_version), &row.content);
        self.notice(&opened, table, || format!("{}/{}", row.r#type, row.id));
        let Ok(text) = opened else { return Ok(None) };
        let sealed = kek.seal_content(&place(version), &text)?;
        let same = kek.open_content(&place(version), &sealed).is_ok_and(|again| *again == *text);
        Ok(same.then_some(sealed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went_and_one_that_is_none_begins_again() {
        let place = HistoryPlace { r#type: 7, id: "o1".to_owned(), version: 3 };
        assert_eq!(HistoryPlace::from_cursor(&place.to_cursor()), place, "there and back");
        assert_eq!(HistoryPlace::from_cursor(&[]), HistoryPlace::START, "none yet");
        assert_eq!(HistoryPlace::from_cursor(&9_i64.to_be_bytes()), HistoryPlace::START, "one that counted rows");
    }
}
