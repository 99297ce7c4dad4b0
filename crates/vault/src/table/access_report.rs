//! `audit_access`, `audit_word`: the whole log as numbers, one row for each entry, for reports that are sorted by any
//! column. An index like those of [`super::access`], brought up to date with each checkpoint and by each report. What a
//! report shows is read from the log itself.

use std::collections::HashMap;

use rusqlite::types::ToSql;
use rusqlite::{Connection, Row, params};
use vigil_audit::{Agent, AuditEvent};
use vigil_model::{PatientId, UserId};
use vigil_policy::Interaction;

use super::access::{bring_up_to as bring_all_up_to, parse};
use crate::error::ResultExt as _;
use crate::{AuditWord, IndexedAccess, ReportFilter, ReportRecord, ReportSubject, Tx, UserRecord, VaultError, log};

const READING: &str = "reading an access report";
const INDEXING: &str = "indexing the audit log for reports";
const COLUMNS: &str = "a.seq, a.at, a.user, a.role, a.interaction, a.section, a.purpose, a.outcome, a.patient";
const REPORTS: &[Interaction] = &[
    Interaction::AccessReportRead,
    Interaction::AccessReportExport,
    Interaction::DisclosureAccountingRead,
    Interaction::DisclosureAccountingExport,
];

impl Tx<'_> {
    /// Brings the index up to the last entry and returns how many entries there are.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any permit but that of a report; [`VaultError::Tampered`] when the index lacks an
    /// entry; or the database fails.
    pub fn report_size(&self) -> Result<u64, VaultError> {
        self.may(REPORTS)?;
        let size = log::next_seq(self.sql)?.saturating_sub(1);
        bring_all_up_to(self.sql, size)?;
        let indexed: u64 =
            self.sql.query_row("SELECT count(*) FROM audit_access", [], |row| row.get(0)).doing(READING)?;
        if indexed == size { Ok(size) } else { Err(VaultError::Tampered("audit_access")) }
    }

    /// The words of the index.
    ///
    /// # Errors
    /// As [`Self::report_size`].
    pub fn audit_words(&self) -> Result<HashMap<AuditWord, String>, VaultError> {
        self.may(REPORTS)?;
        words(self.sql)
    }

    /// The users that a report can be about, by name.
    ///
    /// # Errors
    /// As [`Self::report_size`].
    pub fn report_users(&self) -> Result<Vec<UserRecord>, VaultError> {
        self.may(REPORTS)?;
        self.users()
    }

    /// Whose record a number stands for.
    ///
    /// # Errors
    /// As [`Self::report_size`].
    pub fn report_patient(&self, number: u32) -> Result<PatientId, VaultError> {
        self.may(REPORTS)?;
        self.patient_id(u64::from(number))
    }

    /// Every access that `filter` covers, in the order of the log, one at a time.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] for a patient whom the permit does not name; or the database fails.
    pub fn report_accesses(
        &self,
        filter: &ReportFilter,
        mut visit: impl FnMut(IndexedAccess),
    ) -> Result<(), VaultError> {
        self.may_report(&filter.subject)?;
        let (join, subject): (&str, Box<dyn ToSql>) = match &filter.subject {
            ReportSubject::Patient(patient) => {
                let Some(row) = self.patient(patient)? else { return Ok(()) };
                let join = "audit_patient AS p JOIN audit_access AS a ON a.seq = p.seq WHERE p.patient = ?1
                    AND p.seq <= ?2 AND a.at >= ?3 AND a.at < ?4 ORDER BY p.seq";
                (join, Box::new(row.number))
            }
            ReportSubject::User(user) => {
                let join = "audit_access AS a WHERE a.user = (SELECT number FROM audit_word WHERE word = ?1)
                    AND a.seq <= ?2 AND a.at >= ?3 AND a.at < ?4 ORDER BY a.at";
                (join, Box::new(user.to_string()))
            }
        };
        let from = filter.from.map_or(i64::MIN, |at| at.timestamp_micros());
        let until = filter.until.map_or(i64::MAX, |at| at.timestamp_micros());
        let mut statement = self.sql.prepare_cached(&format!("SELECT {COLUMNS} FROM {join}")).doing(READING)?;
        let mut rows = statement.query(params![subject, filter.up_to, from, until]).doing(READING)?;
        while let Some(row) = rows.next().doing(READING)? {
            visit(indexed(row).doing(READING)?);
        }
        Ok(())
    }

    /// These entries from the log itself, in this order.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] when the index says something else of one of them than the log; [`VaultError::OutsidePermit`]
    /// for an entry about somebody else; or the database fails.
    pub fn report_records(&self, subject: &ReportSubject, seqs: &[u64]) -> Result<Vec<ReportRecord>, VaultError> {
        self.may_report(subject)?;
        let mut words = Words::read(self.sql)?;
        seqs.iter().map(|seq| self.report_record(subject, *seq, &mut words)).collect()
    }

    fn report_record(
        &self,
        subject: &ReportSubject,
        seq: u64,
        words: &mut Words<'_>,
    ) -> Result<ReportRecord, VaultError> {
        let (event, row): (Vec<u8>, IndexedAccess) = self
            .sql
            .prepare_cached(&format!(
                "SELECT {COLUMNS}, e.event FROM audit_access AS a JOIN audit_entry AS e ON e.seq = a.seq WHERE a.seq = ?1"
            ))
            .and_then(|mut statement| statement.query_row([seq], |row| Ok((row.get(9)?, indexed(row)?))))
            .doing(READING)?;
        let event = parse(&event)?;
        let mut said = entry_of(self.sql, &event, words)?;
        if row.patient == 0 {
            // A patient who was not stored here when the entry was indexed.
            said.patient = 0;
        }
        if said != row {
            return Err(VaultError::Tampered("audit_access"));
        }
        let named = u32::try_from(event.listed.len()).unwrap_or(u32::MAX);
        let patient = event.patient.clone();
        match subject {
            ReportSubject::User(user) => {
                self.covered(matches!(event.agent, Agent::User { id, .. } if id == *user))?;
                Ok(ReportRecord { access: self.access(event, None)?, patient, named })
            }
            ReportSubject::Patient(about) => {
                let number = self.patient(about)?.map_or(0, |row| u64::from(row.number));
                self.covered(patient.as_ref() == Some(about) || event.listed.contains(&number))?;
                Ok(ReportRecord { access: self.access(event, Some(about))?, patient, named })
            }
        }
    }

    /// A report about a patient names that patient in its permit; one about a user names nobody.
    fn may_report(&self, subject: &ReportSubject) -> Result<(), VaultError> {
        self.may(REPORTS)?;
        match subject {
            ReportSubject::Patient(patient) => self.covered(self.permit.patient() == Some(patient)),
            ReportSubject::User(_) => self.covered(self.permit.patient().is_none()),
        }
    }

    /// Says in the audit entry which user a report is about.
    pub fn report_about_user(&mut self, user: UserId) {
        self.about(format!("user={user}"));
    }
}

/// Indexes the entries up to `size`, one at a time: the log of a workstation that had no such index may be long.
pub(super) fn bring_up_to(sql: &Connection, size: u64) -> Result<(), VaultError> {
    let mut words = Words::read(sql)?;
    let mut entries = sql
        .prepare_cached(
            "SELECT event FROM audit_entry WHERE seq > (SELECT coalesce(max(seq), 0) FROM audit_access) AND seq <= ?1
             ORDER BY seq",
        )
        .doing(INDEXING)?;
    let mut insert =
        sql.prepare_cached("INSERT INTO audit_access VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)").doing(INDEXING)?;
    let mut rows = entries.query([size]).doing(INDEXING)?;
    while let Some(row) = rows.next().doing(INDEXING)? {
        let event: Vec<u8> = row.get(0).doing(INDEXING)?;
        let entry = entry_of(sql, &parse(&event)?, &mut words)?;
        let IndexedAccess { seq, at, user, role, interaction, section, purpose, outcome, patient } = entry;
        insert
            .execute(params![seq, at, user, role, interaction, section, purpose, outcome, patient])
            .doing(INDEXING)?;
    }
    Ok(())
}

fn entry_of(sql: &Connection, event: &AuditEvent, words: &mut Words<'_>) -> Result<IndexedAccess, VaultError> {
    let (user, role) = match event.agent.user() {
        Some((id, role)) => (words.of(&id.to_string())?, words.of(role.code())?),
        None => (0, 0),
    };
    let patient = match &event.patient {
        None => 0,
        Some(patient) => sql
            .prepare_cached("SELECT coalesce(max(number), 0) FROM patient WHERE id = ?1")
            .and_then(|mut statement| statement.query_row([patient.as_str()], |row| row.get(0)))
            .doing(INDEXING)?,
    };
    Ok(IndexedAccess {
        seq: event.seq,
        at: event.at.timestamp_micros(),
        user,
        role,
        interaction: words.of(&event.interaction)?,
        section: event.section.map_or(Ok(0), |section| words.of(section.code()))?,
        purpose: words.of(event.purpose.code())?,
        outcome: event.outcome.code(),
        patient,
    })
}

fn indexed(row: &Row<'_>) -> rusqlite::Result<IndexedAccess> {
    Ok(IndexedAccess {
        seq: row.get(0)?,
        at: row.get(1)?,
        user: row.get(2)?,
        role: row.get(3)?,
        interaction: row.get(4)?,
        section: row.get(5)?,
        purpose: row.get(6)?,
        outcome: row.get(7)?,
        patient: row.get(8)?,
    })
}

fn words(sql: &Connection) -> Result<HashMap<AuditWord, String>, VaultError> {
    sql.prepare_cached("SELECT number, word FROM audit_word")
        .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .doing(READING)
}

/// The numbers of words, made where there is none yet.
struct Words<'s> {
    sql: &'s Connection,
    known: HashMap<String, AuditWord>,
}

impl<'s> Words<'s> {
    fn read(sql: &'s Connection) -> Result<Self, VaultError> {
        Ok(Self { sql, known: words(sql)?.into_iter().map(|(number, word)| (word, number)).collect() })
    }

    fn of(&mut self, word: &str) -> Result<AuditWord, VaultError> {
        if let Some(number) = self.known.get(word) {
            return Ok(*number);
        }
        let number = self
            .sql
            .query_row("INSERT INTO audit_word (word) VALUES (?1) RETURNING number", [word], |row| row.get(0))
            .doing(INDEXING)?;
        self.known.insert(word.to_owned(), number);
        Ok(number)
    }
}
