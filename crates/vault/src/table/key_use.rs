//! `audit_key`: which entries of the audit log name keys. An index like those of [`super::access`]: brought up to date with
//! each checkpoint, the few entries after it are read from the log itself.

use rusqlite::{Connection, params};
use vigil_audit::{Agent, AuditEvent};
use vigil_policy::Interaction;

use super::access::{parse, unindexed};
use super::user;
use crate::error::ResultExt as _;
use crate::keys::{KeyUse, KeyUseFilter};
use crate::{Tx, VaultError};

impl Tx<'_> {
    /// The key access log, newest first: who used which keys, about whom and what for.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit; or the database fails.
    pub fn key_uses(&self, filter: &KeyUseFilter, limit: u32) -> Result<Vec<KeyUse>, VaultError> {
        self.may(&[Interaction::KeyUseSearch])?;
        let doing = "reading the key access log";
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let wanted = |event: &AuditEvent| event.keys().next().is_some() && covers(filter, event);
        let mut events: Vec<AuditEvent> = unindexed(self.sql)?.into_iter().filter(wanted).take(limit).collect();
        let mut statement = self
            .sql
            .prepare_cached(
                "SELECT event FROM audit_key AS k JOIN audit_entry AS e ON e.seq = k.seq ORDER BY k.seq DESC",
            )
            .doing(doing)?;
        let mut rows = statement.query([]).doing(doing)?;
        while let (true, Some(row)) = (events.len() < limit, rows.next().doing(doing)?) {
            let bytes: Vec<u8> = row.get(0).doing(doing)?;
            events.extend(Some(parse(&bytes)?).filter(|event| covers(filter, event)));
        }
        events.into_iter().map(|event| self.key_use(event)).collect()
    }

    fn key_use(&self, event: AuditEvent) -> Result<KeyUse, VaultError> {
        let (user, role) = event.agent.user().unzip();
        Ok(KeyUse {
            seq: event.seq,
            at: event.at,
            user,
            user_display: user.map(|user| user::display_name(self.sql, user)).transpose()?.flatten(),
            role,
            keys: event.keys().map(str::to_owned).collect(),
            patient: event.patient,
            interaction: event.interaction,
            section: event.section,
            purpose: event.purpose,
        })
    }
}

fn covers(filter: &KeyUseFilter, event: &AuditEvent) -> bool {
    let by = |user| matches!(event.agent, Agent::User { id, .. } if id == user);
    filter.user.is_none_or(by)
        && filter.patient.as_ref().is_none_or(|patient| event.patient.as_ref() == Some(patient))
        && filter.from.is_none_or(|from| event.at >= from)
        && filter.until.is_none_or(|until| event.at < until)
}

/// Indexes an entry that names keys.
pub(super) fn index(sql: &Connection, event: &AuditEvent) -> Result<(), VaultError> {
    if event.keys().next().is_some() {
        sql.prepare_cached("INSERT OR IGNORE INTO audit_key VALUES (?1)")
            .and_then(|mut statement| statement.execute(params![event.seq]))
            .doing("indexing the key access log")?;
    }
    Ok(())
}
