//! The entries that have come since the rules read last.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use vigil_audit::AuditEvent;
use vigil_detection::{Fact, FactKind, Observation, Plain};
use vigil_model::{DeviceId, UserId};

use super::memory::Memory;
use crate::incident::Lift;
use crate::store::stream::{RecentAlarm, StreamRow, alarms_after, early_event, entries_after, heads};
use crate::store::suspension::lifted_after;
use crate::store::{AlarmKind, EventRow, StoreError, Tx};

/// Entries of one log in one look, so that no log keeps the others waiting.
const OF_A_LOG: u64 = 2_000;
/// Entries of all logs in one look.
const IN_A_LOOK: u64 = 20_000;

#[derive(Default)]
pub(super) struct Read {
    /// In the order in which they happened.
    pub(super) observations: Vec<Observation>,
    pub(super) facts: Vec<Fact>,
    /// Suspensions of the whole fleet that were lifted at a workstation.
    pub(super) lifts: Vec<Lift>,
    /// Whose suspension was lifted when, wherever it was.
    pub(super) lifted: Vec<(UserId, DateTime<Utc>)>,
    /// Where each log that was read stands now.
    pub(super) cursors: BTreeMap<i64, u64>,
    pub(super) alarm: i64,
    /// Whether more is there.
    pub(super) more: bool,
}

/// Reads on from where `memory` is.
pub(super) async fn read(tx: &mut Tx, memory: &Memory, own: DeviceId) -> Result<Read, StoreError> {
    let mut read = Read { alarm: memory.alarm, ..Read::default() };
    let mut left = IN_A_LOOK;
    for (key, id, size) in heads(tx).await? {
        let from = memory.cursors.get(&key).copied().unwrap_or(0);
        if size <= from {
            continue;
        }
        let to = size.min(from.saturating_add(OF_A_LOG.min(left)));
        read.more |= to < size;
        if to == from {
            continue;
        }
        left = left.saturating_sub(to - from);
        let rows = entries_after(tx, key, from, to).await?;
        let rows = rows.iter().filter(|row| is_looked_at(id, row, own));
        for row in rows {
            read.observations.extend(observed(id, row));
            if id != own && row.interaction == "user-suspension-lift" && row.outcome == 0 {
                read.lifts.extend(Lift::read(row.user.as_deref(), row.reason.as_deref()));
            }
        }
        read.cursors.insert(key, to);
    }
    for alarm in alarms_after(tx, memory.alarm).await? {
        read.alarm = read.alarm.max(alarm.key);
        if let Some(observation) = out_of_turn(tx, &alarm).await? {
            read.observations.push(observation);
        }
        read.facts.extend(fact(&alarm));
    }
    for (user, at) in lifted_after(tx, memory.lifted).await? {
        read.lifted.extend(time(at).map(|at| (user, at)));
    }
    read.observations.sort_by_key(|one| (one.at, one.log, one.seq));
    Ok(read)
}

/// What the server itself does is no access; its own incidents would raise others.
pub(super) fn is_looked_at(log: DeviceId, row: &StreamRow, own: DeviceId) -> bool {
    log != own || row.agent != "server"
}

pub(super) fn observed(log: DeviceId, row: &StreamRow) -> Option<Observation> {
    let at = time(row.at)?;
    let StreamRow { seq, interaction, r#type, outcome, purpose, user, role, session, patient, section, reason, .. } =
        row;
    Some(Observation::read(&Plain {
        at,
        log,
        seq: *seq,
        interaction,
        r#type,
        outcome: *outcome,
        purpose,
        user: user.as_deref(),
        role: role.as_deref(),
        session: session.as_deref(),
        patient: patient.as_deref(),
        section: section.as_deref(),
        reason: reason.as_deref(),
    }))
}

/// An entry that came out of turn is looked at now; when it comes in turn it is known.
async fn out_of_turn(tx: &mut Tx, alarm: &RecentAlarm) -> Result<Option<Observation>, StoreError> {
    let (AlarmKind::Alert, Some(log), Some(seq)) = (alarm.kind, alarm.log, alarm.seq) else { return Ok(None) };
    let Some(bytes) = early_event(tx, log, seq).await? else { return Ok(None) };
    let Ok(event) = AuditEvent::parse(&bytes) else { return Ok(None) };
    let row = EventRow::of(&event, Vec::new(), &vigil_audit::Beside::default())?;
    Ok(observed(log, &StreamRow::of(seq, row)))
}

fn fact(alarm: &RecentAlarm) -> Option<Fact> {
    let kind = FactKind::from_code(alarm.kind.code())?;
    Some(Fact { at: time(alarm.at)?, kind, log: alarm.log, seq: alarm.seq })
}

fn time(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros)
}
