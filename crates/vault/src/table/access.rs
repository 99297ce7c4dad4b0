//! `audit_patient`, `audit_opened`: who looked at whom. An index over the log that is brought up to date with each
//! checkpoint; the few entries after it are read from the log itself, so that an append touches no index.

use std::collections::{BTreeMap, HashSet};
use std::io;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use vigil_audit::{Agent, AuditEvent, Kind, Outcome, TileFile, audit_event_json};
use vigil_model::{PatientId, UserId};
use vigil_policy::{Interaction, Principal};
use zeroize::Zeroizing;

use super::{access_report, key_use, time, user};
use crate::error::ResultExt as _;
use crate::key::random;
use crate::{AccessRecord, Tx, Undecodable, VaultError, log};

const READING: &str = "reading who looked";
const INDEXING: &str = "indexing the audit log";

impl Tx<'_> {
    /// Who looked at the permit's patient, newest first.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] for any other patient; or the database fails.
    pub fn accesses(&self, patient: &PatientId, limit: u32) -> Result<Vec<AccessRecord>, VaultError> {
        self.may_read(patient)?;
        let Some(row) = self.patient(patient)? else { return Ok(Vec::new()) };
        let number = u64::from(row.number);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut events = unindexed(self.sql)?;
        events.retain(|event| event.patient.as_ref() == Some(patient) || event.listed.contains(&number));
        events.truncate(limit);
        let indexed: Vec<Vec<u8>> = self
            .sql
            .prepare_cached(
                "SELECT event FROM audit_patient AS p JOIN audit_entry AS e ON e.seq = p.seq
                 WHERE patient = ?1 ORDER BY p.seq DESC LIMIT ?2",
            )
            .and_then(|mut statement| {
                statement
                    .query_map(params![row.number, limit.saturating_sub(events.len())], |row| row.get(0))?
                    .collect()
            })
            .doing(READING)?;
        for event in indexed {
            events.push(parse(&event)?);
        }
        events.into_iter().map(|event| self.access(event, Some(patient))).collect()
    }

    /// The charts that the permit's user opened, newest first, one line per patient.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] for any other user; or the database fails.
    pub fn last_opened(&self, user: UserId, limit: u32) -> Result<Vec<(PatientId, DateTime<Utc>)>, VaultError> {
        let own = matches!(self.permit.principal(), Principal::User { id, .. } if *id == user);
        self.covered(own)?;
        let mut seen = HashSet::new();
        let mut opened: Vec<(PatientId, DateTime<Utc>)> = openings(self.sql)?
            .iter()
            .filter_map(opening)
            .filter(|(by, _, _)| *by == user)
            .map(|(_, patient, at)| (patient.clone(), at))
            .collect();
        opened.retain(|(patient, _)| seen.insert(patient.clone()));
        let indexed: Vec<(String, i64)> = self
            .sql
            .prepare_cached("SELECT patient, at FROM audit_opened WHERE user = ?1 ORDER BY at DESC")
            .and_then(|mut statement| {
                statement.query_map([user.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
            })
            .doing(READING)?;
        for (patient, at) in indexed {
            let patient = PatientId::parse(&patient).map_err(|_| VaultError::Tampered("audit_opened"))?;
            if seen.insert(patient.clone()) {
                opened.push((patient, time(at)));
            }
        }
        opened.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(opened)
    }

    /// Gives out the log as C2SP tlog-tiles.
    pub(crate) fn audit_tiles(&self, out: &mut dyn FnMut(TileFile) -> io::Result<()>) -> Result<u64, VaultError> {
        self.may(&[Interaction::AuditVerify])?;
        log::tiles(self.sql, self.vault, out)
    }

    /// Writes every entry before this one as FHIR AuditEvent NDJSON.
    pub(crate) fn audit_export(&self, out: &mut dyn io::Write) -> Result<u64, VaultError> {
        self.may(&[Interaction::AuditVerify])?;
        let mut written = 0_u64;
        log::each(self.sql, |event| {
            let listed = event.listed.iter().map(|number| self.patient_id(*number)).collect::<Result<Vec<_>, _>>()?;
            let events = audit_event_json(&event, self.vault.device, &listed);
            for event in events.map_err(|_| VaultError::Tampered("audit_entry"))? {
                writeln!(out, "{event}").map_err(VaultError::Export)?;
            }
            written = written.saturating_add(1);
            Ok(())
        })?;
        Ok(written)
    }

    /// What a user did with a patient's chart after entry `from`, up to entry `to`, oldest first.
    pub(super) fn accesses_between(
        &self,
        user: UserId,
        patient: (u32, &PatientId),
        from: u64,
        to: Option<u64>,
    ) -> Result<Vec<AccessRecord>, VaultError> {
        let within = |event: &AuditEvent| {
            let by = matches!(event.agent, Agent::User { id, .. } if id == user);
            by && event.patient.as_ref() == Some(patient.1) && event.seq > from && to.is_none_or(|to| event.seq <= to)
        };
        let indexed: Vec<Vec<u8>> = self
            .sql
            .prepare_cached(
                "SELECT event FROM audit_patient AS p JOIN audit_entry AS e ON e.seq = p.seq
                 WHERE patient = ?1 AND p.seq > ?2 ORDER BY p.seq",
            )
            .and_then(|mut statement| statement.query_map(params![patient.0, from], |row| row.get(0))?.collect())
            .doing(READING)?;
        let mut events = indexed.iter().map(|event| parse(event)).collect::<Result<Vec<_>, _>>()?;
        events.extend(unindexed(self.sql)?.into_iter().rev());
        events.into_iter().filter(within).map(|event| self.access(event, Some(patient.1))).collect()
    }

    /// The line of a report: `patient` is whom the report is about, if it is about a patient.
    pub(super) fn access(&self, event: AuditEvent, patient: Option<&PatientId>) -> Result<AccessRecord, VaultError> {
        let (user, role) = event.agent.user().unzip();
        let user_display = user.map(|user| user::display_name(self.sql, user)).transpose()?.flatten();
        Ok(AccessRecord {
            seq: event.seq,
            at: event.at,
            user,
            user_display,
            role,
            interaction: event.interaction,
            section: event.section,
            purpose: event.purpose,
            outcome: event.outcome,
            listed: patient.is_some_and(|patient| event.patient.as_ref() != Some(patient)),
        })
    }

    pub(super) fn patient_id(&self, number: u64) -> Result<PatientId, VaultError> {
        let id: String = self
            .sql
            .prepare_cached("SELECT id FROM patient WHERE number = ?1")
            .and_then(|mut statement| statement.query_row([number], |row| row.get(0)))
            .doing(READING)?;
        PatientId::parse(&id).map_err(|_| VaultError::Tampered("patient"))
    }
}

/// Seals what an entry remembers and returns the commitment for the log. **Do not modify** the form: logs hold it.
pub(crate) fn seal_detail(tx: &Tx<'_>, detail: &serde_json::Value) -> Result<(String, Vec<u8>), VaultError> {
    let salt: [u8; 16] = random()?;
    let mut text = Zeroizing::new(salt.to_vec());
    serde_json::to_writer(&mut *text, detail).map_err(|_| VaultError::Invalid("the detail has no JSON form"))?;
    let mut hasher = Sha256::new();
    hasher.update(b"vigil/audit/detail/v1");
    hasher.update(text.as_slice());
    let commitment = hex::encode(hasher.finalize());

    let seq = log::next_seq(tx.sql)?;
    // Why a record is destroyed outlives it, and to whom it was disclosed is told by somebody who holds no key of it.
    let outside = tx.permit.interaction() == Interaction::PatientDestructionRequest
        || super::disclosure::LEAVES.contains(&tx.permit.interaction());
    let by_hand = matches!(
        tx.permit.interaction(),
        Interaction::ResourceCreate(_)
            | Interaction::ResourceUpdate(_)
            | Interaction::DocumentImport(_)
            | Interaction::CompositionNullify
    );
    let own = match tx.permit.patient().filter(|_| !outside) {
        // The states before and after are of the chart: they lie under the key that the chart was written with, or nowhere.
        Some(id) if by_hand => {
            let patient = tx.patient(id)?.ok_or(VaultError::KeysMissing)?;
            let (version, kek) = tx.wrote_with(patient).ok_or(VaultError::KeysMissing)?;
            Some((version, kek, id))
        }
        Some(id) => match tx.patient(id)? {
            Some(patient) => tx.newest_reading_key(patient, id)?.map(|(version, kek)| (version, kek, id)),
            None => None,
        },
        None => None,
    };
    let place = |key: &str| format!("vigil/record/v1|audit_entry|{seq}|detail|{key}|1");
    let mut sealed;
    match own {
        Some((version, kek, id)) => {
            sealed = version.to_be_bytes().to_vec();
            sealed.extend(kek.seal_content(&place(&format!("{id}/{version}")), &text)?);
        }
        None => {
            let directory = tx.directory_key()?;
            let version = directory.newest();
            sealed = directory_mark(version).to_be_bytes().to_vec();
            sealed.extend(directory.seal()?.seal_content(&place(&format!("directory/{version}")), &text)?);
        }
    }
    Ok((commitment, sealed))
}

/// How a detail that lies under the directory key is told from one under a patient's: 0 for the first version, and the
/// highest bit with the version for later ones. **Do not modify**: logs hold it.
const fn directory_mark(version: u32) -> u32 {
    if version <= 1 { 0 } else { version | OF_THE_DIRECTORY }
}

const fn directory_version(mark: u32) -> Option<u32> {
    match mark {
        0 => Some(1),
        mark if mark & OF_THE_DIRECTORY != 0 => Some(mark & !OF_THE_DIRECTORY),
        _ => None,
    }
}

const OF_THE_DIRECTORY: u32 = 1 << 31;

/// Opens what [`seal_detail`] sealed under the directory key; under a patient's key it stays closed here.
pub(crate) fn open_detail(tx: &Tx<'_>, seq: u64) -> Result<Result<serde_json::Value, Undecodable>, VaultError> {
    let sealed: Option<Vec<u8>> = tx
        .sql
        .prepare_cached("SELECT detail FROM audit_entry WHERE seq = ?1")
        .and_then(|mut statement| statement.query_row([seq], |row| row.get(0)).optional())
        .doing(READING)?
        .flatten();
    let Some(sealed) = sealed else { return Ok(Err(Undecodable::Destroyed)) };
    let Some((mark, sealed)) = sealed.split_first_chunk::<4>() else { return Ok(Err(Undecodable::Malformed)) };
    let Some(version) = directory_version(u32::from_be_bytes(*mark)) else { return Ok(Err(Undecodable::NoKey)) };
    let Some(kek) = tx.directory_key()?.open(version) else { return Ok(Err(Undecodable::NoKey)) };
    let place = format!("vigil/record/v1|audit_entry|{seq}|detail|directory/{version}|1");
    Ok(kek.open_content(&place, sealed).and_then(|salted| {
        let text = salted.get(16..).ok_or(Undecodable::Malformed)?;
        serde_json::from_slice(text).map_err(|_| Undecodable::Malformed)
    }))
}

/// Indexes the entries up to `size`.
pub(crate) fn bring_up_to(sql: &Connection, size: u64) -> Result<(), VaultError> {
    let mut opened: BTreeMap<(UserId, PatientId), DateTime<Utc>> = BTreeMap::new();
    let mut events = unindexed(sql)?;
    events.reverse();
    for event in &events {
        let named = event
            .patient
            .as_ref()
            .map(|patient| {
                sql.prepare_cached("SELECT number FROM patient WHERE id = ?1")
                    .and_then(|mut statement| statement.query_map([patient.as_str()], |row| row.get(0))?.collect())
                    .doing(INDEXING)
            })
            .transpose()?;
        let named: Vec<u64> = named.unwrap_or_default();
        for number in named.iter().chain(&event.listed) {
            sql.prepare_cached("INSERT OR IGNORE INTO audit_patient VALUES (?1, ?2)")
                .and_then(|mut statement| statement.execute([number, &event.seq]))
                .doing(INDEXING)?;
        }
        key_use::index(sql, event)?;
        opened.extend(opening(event).map(|(user, patient, at)| ((user, patient.clone()), at)));
    }
    for ((user, patient), at) in opened {
        sql.execute(
            "INSERT OR REPLACE INTO audit_opened VALUES (?1, ?2, ?3)",
            params![user.to_string(), patient.as_str(), at.timestamp_micros()],
        )
        .doing(INDEXING)?;
    }
    access_report::bring_up_to(sql, size)?;
    sql.execute("UPDATE audit_index SET size = ?1", [size]).doing(INDEXING)?;
    Ok(())
}

/// The entries that the index does not have yet, newest first.
pub(super) fn unindexed(sql: &Connection) -> Result<Vec<AuditEvent>, VaultError> {
    let events: Vec<Vec<u8>> = sql
        .prepare_cached("SELECT event FROM audit_entry WHERE seq > (SELECT size FROM audit_index) ORDER BY seq DESC")
        .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
        .doing(READING)?;
    events.iter().map(|event| parse(event)).collect()
}

/// Those of them that opened a chart. Their bytes are looked through first: reading 256 entries whole takes longer than
/// a search does.
fn openings(sql: &Connection) -> Result<Vec<AuditEvent>, VaultError> {
    let word = format!("\"is\":\"{}\"", Kind::PATIENT_READ.interaction);
    let events: Vec<Vec<u8>> = sql
        .prepare_cached(
            "SELECT event FROM audit_entry
             WHERE seq > (SELECT size FROM audit_index) AND instr(event, ?1) > 0 ORDER BY seq DESC",
        )
        .and_then(|mut statement| statement.query_map([word.as_bytes()], |row| row.get(0))?.collect())
        .doing(READING)?;
    events.iter().map(|event| parse(event)).collect()
}

/// A chart that was opened: by whom, whose, when.
fn opening(event: &AuditEvent) -> Option<(UserId, &PatientId, DateTime<Utc>)> {
    let opened = event.interaction == Kind::PATIENT_READ.interaction && event.outcome == Outcome::Success;
    match (opened, &event.agent, &event.patient) {
        (true, Agent::User { id, .. }, Some(patient)) => Some((*id, patient, event.at)),
        _ => None,
    }
}

pub(super) fn parse(bytes: &[u8]) -> Result<AuditEvent, VaultError> {
    AuditEvent::parse(bytes).map_err(|_| VaultError::Tampered("audit_entry"))
}
