//! Whether what lies here is the newest that this device has seen: the custodian's mark says how far the log had come.

use vigil_audit::{AuditEvent, Frontier, Kind, Outcome, root_at};
use vigil_policy::{Interaction, Permit};

use crate::error::ResultExt as _;
use crate::{Mark, Tx, Vault, VaultError, log, table};

/// Who let it be restored, when it was the organisation recovery key.
const BY_PAPER: &str = "recovery-key";

/// An older copy, or another course of events, lies where newer data was. Nobody declared it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rollback {
    /// Entries that the device remembers.
    pub remembered: u64,
    /// Entries that are here.
    pub found: u64,
}

impl Vault {
    /// Compares the log with the custodian's mark: a few rows are read, whatever the log's length. A restore that was
    /// declared and cut short before the mark was set is brought to its end.
    ///
    /// # Errors
    /// When the database or the custodian fails.
    pub fn rollback(&self) -> Result<Option<Rollback>, VaultError> {
        let Some(mark) = self.custodian.mark()? else { return Ok(None) };
        let (found, root, declared) = {
            let connection = self.lock();
            let doing = "comparing the audit log with the device's memory";
            let found: u64 = connection.query_row("SELECT size FROM audit_head", [], |row| row.get(0)).doing(doing)?;
            let root =
                if mark.size > found { None } else { root_at(mark.size, |seq| log::hashes_of(&connection, seq)) };
            (found, root, log::last_event(&connection, |event| declares(event, &mark))?)
        };
        if mark.size == 0 || root == Some(mark.root) {
            return Ok(None);
        }
        if declared {
            self.mark_as_it_stands()?;
            return Ok(None);
        }
        Ok(Some(Rollback { remembered: mark.size, found }))
    }

    /// Records a restore and has the custodian remember the restored log instead of the one that was replaced: a rollback
    /// that is declared, by an entry that names both. `made` says when the backup was written, `by` who let it be restored
    /// (`recovery-key`, a user's id). Where it took the recovery key, the device root may be in other hands, and every key
    /// is due.
    ///
    /// # Errors
    /// When the entry cannot be written or the custodian fails.
    pub fn restored(&self, permit: Permit, at: vigil_model::Moment, made: &str, by: &str) -> Result<(), VaultError> {
        let mark = self.custodian.mark()?;
        self.transaction(permit, None, at, |tx| tx.backup_restored(mark.as_ref(), made, by))?;
        self.mark_as_it_stands()
    }

    /// The custodian remembers the log as it is now, whatever it remembered before.
    fn mark_as_it_stands(&self) -> Result<(), VaultError> {
        let (size, frontier): (u64, Vec<u8>) = self
            .lock()
            .query_row("SELECT size, frontier FROM audit_head", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .doing("reading the head of the audit log")?;
        let root = Frontier::from_bytes(size, &frontier).and_then(|frontier| frontier.root());
        let root = root.map_err(|_| VaultError::Tampered("audit_head"))?;
        self.custodian.mark_set(&Mark { size, root })?;
        Ok(())
    }
}

impl Tx<'_> {
    fn backup_restored(&mut self, mark: Option<&Mark>, made: &str, by: &str) -> Result<(), VaultError> {
        self.may(&[Interaction::BackupRestore])?;
        if by == BY_PAPER {
            table::rotation::exposed(self.sql, self.now())?;
        }
        let before = mark.map_or_else(|| "none".to_owned(), words);
        let entries = log::next_seq(self.sql)?.saturating_sub(1);
        self.about(format!("made={made} by={by} entries={entries} remembered={before}"));
        Ok(())
    }
}

/// Whether this entry says that the log which `mark` remembers was replaced on purpose.
fn declares(event: &AuditEvent, mark: &Mark) -> bool {
    let restored = event.interaction == Kind::BACKUP_RESTORE.interaction && event.outcome == Outcome::Success;
    let about = event.reason.as_deref().unwrap_or_default();
    restored && about.ends_with(&format!("remembered={}", words(mark)))
}

fn words(mark: &Mark) -> String {
    format!("{}:{}", mark.size, hex::encode(mark.root))
}
