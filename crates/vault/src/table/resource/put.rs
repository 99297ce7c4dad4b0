//! Storing resources: one, or a batch with the clustered rows in their order.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use vigil_model::PatientId;
use vigil_policy::Interaction;
use zeroize::Zeroizing;

use super::{PATIENT_BITS, STORING, Shelf, TYPE_BITS, place, row_number};
use crate::ahead::ahead;
use crate::error::ResultExt as _;
use crate::key::{Digest, DirectoryKey, Draw, Kek, tokens_differ};
use crate::table::tombstone;
use crate::{PutOutcome, ResourcePut, Tx, VaultError};

/// What is stored under a resource's id.
#[derive(Clone, Copy)]
struct Current {
    row: i64,
    version: u32,
}

/// A resource that is new or has changed.
struct Change<'a> {
    /// Its place in the batch.
    index: usize,
    put: &'a ResourcePut<'a>,
    r#type: u32,
    digest: Digest,
    current: Option<Current>,
}

/// The same with everything that is needed to seal and to store it.
struct Writing<'a> {
    change: Change<'a>,
    shelf: Shelf<'a>,
    version: u32,
    key_version: u32,
    kek: Arc<Kek>,
    row: i64,
}

impl Writing<'_> {
    /// The row that the new version takes over: that of the old one, unless the resource moves to another shelf.
    fn kept_row(&self) -> Option<i64> {
        let row = self.change.current?.row;
        (row >> PATIENT_BITS == i64::from(self.shelf.number())).then_some(row)
    }

    /// Where the clustered rows go: patient, then type.
    fn cluster(&self) -> (u32, u32) {
        (self.shelf.number(), self.change.r#type)
    }

    fn seal(&self, draw: Draw) -> Result<Vec<u8>, VaultError> {
        let put = self.change.put;
        let place = place(self.shelf, put.resource_type.as_str(), put.id.as_str(), self.key_version, self.version);
        self.kek.seal_content_with(draw, &place, put.json.as_bytes())
    }
}

impl Tx<'_> {
    /// Stores a resource. The same content again changes nothing; another content keeps the old version in the history.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit than that of an import; [`VaultError::KeysMissing`]; or the
    /// database fails.
    pub fn resource_put(&mut self, put: &ResourcePut<'_>) -> Result<PutOutcome, VaultError> {
        let outcomes = self.resource_put_all(std::slice::from_ref(put))?;
        outcomes.first().copied().ok_or(VaultError::Invalid("a resource was stored without an outcome"))
    }

    /// Stores resources as if one after the other; one outcome for each, in order.
    ///
    /// Rows are written in the order in which they lie in the file, so that a page that holds several of them is written
    /// once, and digests and seals are made on another core meanwhile.
    ///
    /// # Errors
    /// As [`Tx::resource_put`].
    pub fn resource_put_all(&mut self, puts: &[ResourcePut<'_>]) -> Result<Vec<PutOutcome>, VaultError> {
        self.may(&[Interaction::ImportCreate])?;
        let destroyed = tombstone::resources(self.sql)?;
        for put in puts {
            self.covered(self.permit.patient().is_none() || self.permit.patient() == put.patient)?;
            // What was destroyed does not come in again, whoever's it is said to be now.
            let gone =
                destroyed.iter().find(|gone| gone.name.resource_type == *put.resource_type && gone.name.id == *put.id);
            if let Some(gone) = gone {
                return Err(VaultError::ResourceDestroyed { at: gone.at });
            }
        }
        let mut ids = HashSet::with_capacity(puts.len());
        if puts.iter().all(|put| ids.insert((put.resource_type, put.id))) {
            return self.put_distinct(puts);
        }
        // The same resource twice: the second is a version of the first, so that the first has to be stored by then.
        let mut outcomes = Vec::with_capacity(puts.len());
        for put in puts {
            outcomes.extend(self.put_distinct(std::slice::from_ref(put))?);
        }
        Ok(outcomes)
    }

    /// Stores what somebody wrote; the caller has seen that they may, and that no resource is named twice.
    pub(super) fn put_by_hand(&mut self, puts: &[ResourcePut<'_>]) -> Result<Vec<PutOutcome>, VaultError> {
        self.put_distinct(puts)
    }

    fn put_distinct(&mut self, puts: &[ResourcePut<'_>]) -> Result<Vec<PutOutcome>, VaultError> {
        let changes = self.changes(puts)?;
        let mut outcomes = vec![PutOutcome::Unchanged; puts.len()];
        for change in &changes {
            if let Some(outcome) = outcomes.get_mut(change.index) {
                *outcome = if change.current.is_some() { PutOutcome::Updated } else { PutOutcome::Created };
            }
            // Patients come first: a key that is made for a chart must know whether the chart is restricted.
            if let (Some(patient), Some(demographics)) = (change.put.patient, change.put.demographics) {
                self.demographics_put(patient, demographics, change.put.restricted)?;
            }
        }
        let mut writings = changes.into_iter().map(|change| self.writing(change)).collect::<Result<Vec<_>, _>>()?;
        writings.sort_by_key(Writing::cluster);
        for group in writings.chunk_by_mut(|left, right| left.cluster() == right.cluster()) {
            self.find_rows(group)?;
        }
        self.write(&writings)?;
        Ok(outcomes)
    }

    /// What of `puts` is not stored like this already.
    fn changes<'p>(&mut self, puts: &'p [ResourcePut<'p>]) -> Result<Vec<Change<'p>>, VaultError> {
        let key = self.directory_key()?;
        let mut types = Vec::with_capacity(puts.len());
        for put in puts {
            types.push(self.type_number_or_new(put.resource_type.as_str())?);
        }
        let sql = self.sql;
        let mut select = sql
            .prepare_cached("SELECT row, version, digest FROM resource WHERE type = ?1 AND id = ?2")
            .doing(STORING)?;
        let (mut changes, mut places) = (Vec::new(), types.into_iter().enumerate());
        ahead(
            puts,
            |block| block.iter().map(|put| digest(&key, put, key.newest())).collect(),
            |put, digest| {
                let Some((index, r#type)) = places.next() else { return Ok(()) };
                let read = |row: &rusqlite::Row<'_>| {
                    let known = row.get_ref(2)?.as_blob().ok().and_then(Digest::from_stored);
                    Ok((Current { row: row.get(0)?, version: row.get(1)? }, known))
                };
                let found = select.query_row(params![r#type, put.id.as_str()], read).optional().doing(STORING)?;
                let found = match found {
                    Some((current, Some(known))) => {
                        // What was stored before the directory key changed is compared as it was stored.
                        let fresh = if known.version == digest.version {
                            digest
                        } else {
                            self::digest(&key, put, known.version)?
                        };
                        Some((current, !tokens_differ(&known.code, &fresh.code)))
                    }
                    Some((current, None)) => Some((current, false)),
                    None => None,
                };
                if !found.is_some_and(|(_, same)| same) {
                    if found.is_some() && is_signed_here(sql, put, r#type)? {
                        return Err(VaultError::Invalid(
                            "this note was signed here and never changes; what came in its place was not taken",
                        ));
                    }
                    let current = found.map(|(current, _)| current);
                    changes.push(Change { index, put, r#type, digest, current });
                }
                Ok(())
            },
        )?;
        Ok(changes)
    }

    fn writing<'p>(&mut self, change: Change<'p>) -> Result<Writing<'p>, VaultError> {
        let patient = change.put.patient.map(|id| self.patient_or_new(id).map(|row| (row, id))).transpose()?;
        let (key_version, kek) = match patient {
            Some((row, id)) => self.writing_key(row, id)?,
            None => {
                let key = self.directory_key()?;
                (key.newest(), key.seal()?)
            }
        };
        self.touched.extend(patient.map(|(row, _)| row.number));
        let version = change.current.map_or(1, |current| current.version.saturating_add(1));
        Ok(Writing { change, shelf: Shelf(patient), version, key_version, kek, row: 0 })
    }

    /// Row numbers for resources of one type of one patient: the old one where there is one, else the next ones.
    fn find_rows(&self, group: &mut [Writing<'_>]) -> Result<(), VaultError> {
        let Some((patient, r#type)) = group.first().map(Writing::cluster) else { return Ok(()) };
        let new = group.iter().filter(|writing| writing.kept_row().is_none()).count();
        let mut running = self.count_in(patient, r#type, new)?;
        for writing in group {
            writing.row = match writing.kept_row() {
                Some(row) => row,
                None => {
                    running = running.saturating_add(1);
                    row_number(patient, r#type, running)
                }
            };
        }
        Ok(())
    }

    fn write(&self, writings: &[Writing<'_>]) -> Result<(), VaultError> {
        let mut insert =
            self.sql.prepare_cached("INSERT INTO resource VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)").doing(STORING)?;
        ahead(
            writings,
            |block| block.iter().zip(Draw::several(block.len())?).map(|(writing, draw)| writing.seal(draw)).collect(),
            |writing, content| {
                let Writing { change, version, key_version, row, .. } = writing;
                let Change { put, r#type, digest, current, .. } = change;
                if let Some(current) = current {
                    self.keep_old(current.row, *r#type)?;
                    if current.row != *row {
                        self.uncount(current.row, *r#type)?;
                    }
                }
                // A birth date sorts nothing and must not stand in the clear.
                let sort = if put.demographics.is_some() { "" } else { put.sort };
                insert
                    .execute(params![
                        row,
                        r#type,
                        put.id.as_str(),
                        version,
                        key_version,
                        sort,
                        digest.to_stored(),
                        content
                    ])
                    .doing(STORING)?;
                Ok(())
            },
        )
    }

    fn keep_old(&self, row: i64, r#type: u32) -> Result<(), VaultError> {
        self.sql
            .prepare_cached(
                "INSERT INTO resource_history
                 SELECT ?2, id, version, row >> 32, key_version, ?3, content FROM resource WHERE row = ?1",
            )
            .and_then(|mut statement| statement.execute(params![row, r#type, self.now()]))
            .doing(STORING)?;
        self.sql
            .prepare_cached("DELETE FROM resource WHERE row = ?1")
            .and_then(|mut statement| statement.execute([row]))
            .doing(STORING)?;
        Ok(())
    }

    /// Counts so many new resources of this type; the running number after which theirs begin.
    fn count_in(&self, patient: u32, r#type: u32, new: usize) -> Result<u32, VaultError> {
        let full = VaultError::Invalid("a chart holds at most 4,194,303 resources of one type");
        let Ok(new) = u32::try_from(new) else { return Err(full) };
        if new == 0 {
            return Ok(0);
        }
        let last: u32 = self
            .sql
            .prepare_cached(
                "INSERT INTO resource_count VALUES (?1, ?2, ?3, ?3)
                 ON CONFLICT DO UPDATE SET count = count + ?3, next = next + ?3 RETURNING next",
            )
            .and_then(|mut statement| statement.query_row([patient, r#type, new], |row| row.get(0)))
            .doing(STORING)?;
        if last >> TYPE_BITS == 0 { Ok(last.saturating_sub(new)) } else { Err(full) }
    }

    /// Counts one resource less where it lay.
    pub(in crate::table) fn uncount(&self, row: i64, r#type: u32) -> Result<(), VaultError> {
        self.sql
            .prepare_cached("UPDATE resource_count SET count = count - 1 WHERE patient = ?1 AND type = ?2")
            .and_then(|mut statement| statement.execute(params![row >> PATIENT_BITS, r#type]))
            .doing(STORING)?;
        Ok(())
    }
}

/// Whether it is a note that was signed here, or a signature under one: nobody puts another version in its place.
fn is_signed_here(sql: &Connection, put: &ResourcePut<'_>, r#type: u32) -> Result<bool, VaultError> {
    if !matches!(put.resource_type.as_str(), "Composition" | "Provenance") {
        return Ok(false);
    }
    sql.prepare_cached("SELECT EXISTS (SELECT 1 FROM resource_version WHERE type = ?1 AND id = ?2)")
        .and_then(|mut statement| statement.query_row(params![r#type, put.id.as_str()], |row| row.get(0)))
        .doing(STORING)
}

/// A keyed digest of everything that makes a stored version what it is. White space between JSON tokens is not.
fn digest(key: &DirectoryKey, put: &ResourcePut<'_>, version: u32) -> Result<Digest, VaultError> {
    let demographics = put.demographics.map(serde_json::to_vec).transpose();
    let demographics = Zeroizing::new(
        demographics.map_err(|_| VaultError::Invalid("these demographics have no form"))?.unwrap_or_default(),
    );
    let compact = match without_white_space(put.json.as_bytes()) {
        Cow::Owned(made) => Some(Zeroizing::new(made)),
        Cow::Borrowed(_) => None,
    };
    let parts: [&[u8]; 6] = [
        put.patient.map_or("", PatientId::as_str).as_bytes(),
        put.resource_type.as_str().as_bytes(),
        put.id.as_str().as_bytes(),
        &[u8::from(put.restricted)],
        &demographics,
        compact.as_deref().map_or(put.json.as_bytes(), Vec::as_slice),
    ];
    Ok(key.digest_of_version(&parts, version))
}

/// JSON without the white space between its tokens; an import hands it over without.
fn without_white_space(json: &[u8]) -> Cow<'_, [u8]> {
    if is_compact(json) {
        return Cow::Borrowed(json);
    }
    let (mut in_string, mut escaped) = (false, false);
    let keep = |byte: &u8| {
        if in_string {
            let ends = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            in_string = !ends;
            true
        } else {
            in_string = *byte == b'"';
            !is_white_space(*byte)
        }
    };
    Cow::Owned(json.iter().copied().filter(keep).collect())
}

fn is_compact(json: &[u8]) -> bool {
    let mut bytes = json.iter();
    while let Some(byte) = bytes.next() {
        if is_white_space(*byte) {
            return false;
        }
        if *byte != b'"' {
            continue;
        }
        // To the end of the string.
        while let Some(byte) = bytes.next() {
            match byte {
                b'"' => break,
                b'\\' => _ = bytes.next(),
                _ => {}
            }
        }
    }
    true
}

const fn is_white_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_counts_inside_strings_only() {
        let spaced = b"{ \"a b\" :\n\t[1, \"c \\\" d\"] }";
        let compact = b"{\"a b\":[1,\"c \\\" d\"]}";
        assert_eq!(&*without_white_space(spaced), compact, "an escaped quote does not end a string");
        assert!(matches!(without_white_space(compact), Cow::Borrowed(_)), "nothing is copied when there is none");
        assert_eq!(&*without_white_space(br#"{"a":"\\" ,"b":1}"#), br#"{"a":"\\","b":1}"#, "an escaped backslash ends");
    }
}
