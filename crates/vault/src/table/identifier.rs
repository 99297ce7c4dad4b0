//! `identifier`: finding a resource by an identifier that is not stored.

use rusqlite::params;
use vigil_model::{ResourceId, ResourceType};
use vigil_policy::Interaction;

use crate::error::ResultExt as _;
use crate::{Tx, VaultError};

const DOING: &str = "looking up an identifier";

impl Tx<'_> {
    /// Makes a resource findable by an identifier; only keyed digests are stored.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit than that of an import; [`VaultError::KeysMissing`]; or the
    /// database fails.
    pub fn identifier_put(
        &mut self,
        system: &str,
        value: &str,
        r#type: &ResourceType,
        id: &ResourceId,
    ) -> Result<(), VaultError> {
        self.may(&[Interaction::ImportCreate])?;
        let number = self.type_number_or_new(r#type.as_str())?;
        let version = self.directory_key()?.newest();
        for tokens in [self.tokens(Some(system), value)?, self.tokens(None, value)?] {
            self.sql
                .prepare_cached(
                    "INSERT OR IGNORE INTO identifier (token, type, id, directory_version) VALUES (?1, ?2, ?3, ?4)",
                )
                .and_then(|mut statement| statement.execute(params![tokens.first(), number, id.as_str(), version]))
                .doing(DOING)?;
        }
        Ok(())
    }

    /// The one resource with this identifier, in any system when `system` is `None`; `None` when there is none or more
    /// than one.
    ///
    /// # Errors
    /// As [`Tx::identifier_put`].
    pub fn identifier_find(
        &self,
        system: Option<&str>,
        value: &str,
        r#type: &ResourceType,
    ) -> Result<Option<ResourceId>, VaultError> {
        self.may(&[Interaction::ImportCreate])?;
        let Some(number) = self.type_number(r#type.as_str())? else { return Ok(None) };
        let mut found: Vec<String> = Vec::new();
        for token in self.tokens(system, value)? {
            let under: Vec<String> = self
                .sql
                .prepare_cached("SELECT id FROM identifier WHERE token = ?1 AND type = ?2 LIMIT 2")
                .and_then(|mut statement| statement.query_map(params![token, number], |row| row.get(0))?.collect())
                .doing(DOING)?;
            found.extend(under);
        }
        found.dedup();
        match found.as_slice() {
            [id] => ResourceId::parse(id).map(Some).map_err(|_| VaultError::Tampered("identifier")),
            _ => Ok(None),
        }
    }

    fn tokens(&self, system: Option<&str>, value: &str) -> Result<Vec<[u8; 32]>, VaultError> {
        let key = self.directory_key()?;
        Ok(match system {
            Some(system) => key.tokens(&[b"system", system.as_bytes(), value.as_bytes()]),
            None => key.tokens(&[b"any", value.as_bytes()]),
        })
    }
}
