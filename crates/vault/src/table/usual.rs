//! What is usual, from the index over the audit log (`audit_access`): no second store, and nothing but counts and ids.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};
use vigil_audit::{Agent, Outcome};
use vigil_model::{PatientId, Role, Section, UserId};
use vigil_policy::unusual::{Past, counted};

use super::access::unindexed;
use super::time;
use crate::VaultError;
use crate::error::ResultExt as _;

const READING: &str = "reading what is usual";
/// How far back habits reach.
const WEEKS: i64 = 8;
const HOUR: TimeDelta = TimeDelta::hours(1);
const MICROS_OF_AN_HOUR: i64 = 3_600_000_000;

/// Of `audit_access AS a`: a chart that was opened, in the ordinary way; `?1` is the user, `?2` the interactions.
const OPENED: &str = "a.user = (SELECT number FROM audit_word WHERE word = ?1) AND a.patient <> 0 AND a.outcome = 0
    AND a.interaction IN (SELECT number FROM audit_word JOIN json_each(?2) AS counted ON counted.value = word)
    AND a.section <> coalesce((SELECT number FROM audit_word WHERE word = 'access'), -1)
    AND a.purpose NOT IN (SELECT number FROM audit_word WHERE word IN ('BTG', 'ETREAT'))";

/// The past of a user and of their role: the hour of the week that `now` is in, the one before and the one after, in each of
/// the last eight weeks. Hours are those of UTC, so that summer time moves a habit by one hour, which is among the three.
pub(crate) fn past(sql: &Connection, user: UserId, role: Role, now: DateTime<Utc>) -> Result<(Past, Past), VaultError> {
    let windows = windows(now);
    let colleagues: Vec<String> = sql
        .prepare_cached("SELECT id FROM user WHERE role = ?1 AND id <> ?2")
        .and_then(|mut statement| {
            statement.query_map(params![role.code(), user.to_string()], |row| row.get(0))?.collect()
        })
        .doing(READING)?;
    let own = of_user(sql, &user.to_string(), role, &windows)?;
    let mut of_role = own;
    for colleague in colleagues {
        let theirs = of_user(sql, &colleague, role, &windows)?;
        of_role.patients = of_role.patients.saturating_add(theirs.patients);
        of_role.hours = of_role.hours.saturating_add(theirs.hours);
    }
    Ok((own, of_role))
}

/// Patients whose chart a user opened since `from` and since a suspension was lifted, each with the last time.
pub(crate) fn recent(
    sql: &Connection,
    user: UserId,
    role: Role,
    from: DateTime<Utc>,
) -> Result<Vec<(PatientId, DateTime<Utc>)>, VaultError> {
    // By its place in the log: the clock may have been set since.
    let lifted: u64 = sql
        .query_row("SELECT coalesce(max(lift_entry), 0) FROM suspension WHERE user = ?1", [user.to_string()], |row| {
            row.get(0)
        })
        .doing(READING)?;
    let indexed: Vec<(String, i64)> = sql
        .prepare_cached(&format!(
            "SELECT p.id, max(a.at) FROM audit_access AS a JOIN patient AS p ON p.number = a.patient
             WHERE {OPENED} AND a.at > ?3 AND a.seq > ?4 GROUP BY a.patient"
        ))
        .and_then(|mut statement| {
            let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
            statement
                .query_map(params![user.to_string(), words(role), from.timestamp_micros(), lifted], read)?
                .collect()
        })
        .doing(READING)?;
    let mut recent = Vec::new();
    for (patient, at) in indexed {
        recent.push((PatientId::parse(&patient).map_err(|_| VaultError::Tampered("patient"))?, time(at)));
    }
    // The index may be some entries late.
    for event in unindexed(sql)? {
        let own = matches!(event.agent, Agent::User { id, .. } if id == user);
        let opens = counted(role).contains(&event.interaction.as_str()) && event.section != Some(Section::Access);
        let counts = own
            && opens
            && event.outcome == Outcome::Success
            && !event.purpose.overrides()
            && event.at > from
            && event.seq > lifted;
        if let Some(patient) = event.patient.filter(|_| counts) {
            recent.push((patient, event.at));
        }
    }
    Ok(recent)
}

/// Different patients of each of `hours` hours before `until`, oldest first.
pub(super) fn hourly(
    sql: &Connection,
    user: UserId,
    role: Role,
    until: DateTime<Utc>,
    hours: i32,
) -> Result<Vec<u32>, VaultError> {
    let mut statement = sql
        .prepare_cached(&format!(
            "SELECT count(DISTINCT a.patient) FROM audit_access AS a WHERE {OPENED} AND a.at > ?3 AND a.at <= ?4"
        ))
        .doing(READING)?;
    let ends = (0..hours).rev().map(|back| until - HOUR * back);
    ends.map(|end| {
        let span = params![user.to_string(), words(role), (end - HOUR).timestamp_micros(), end.timestamp_micros()];
        statement.query_row(span, |row| row.get(0)).doing(READING)
    })
    .collect()
}

fn of_user(sql: &Connection, user: &str, role: Role, windows: &[(i64, i64)]) -> Result<Past, VaultError> {
    let mut statement = sql
        .prepare_cached(&format!(
            "SELECT coalesce(sum(patients), 0), count(*) FROM (
                SELECT count(DISTINCT a.patient) AS patients FROM audit_access AS a
                WHERE {OPENED} AND a.at >= ?3 AND a.at < ?4 GROUP BY a.at / {MICROS_OF_AN_HOUR})"
        ))
        .doing(READING)?;
    let mut past = Past::default();
    for (from, until) in windows {
        let (patients, hours): (u64, u64) = statement
            .query_row(params![user, words(role), from, until], |row| Ok((row.get(0)?, row.get(1)?)))
            .doing(READING)?;
        past.patients = past.patients.saturating_add(patients);
        past.hours = past.hours.saturating_add(hours);
    }
    Ok(past)
}

/// Three hours in each of the last eight weeks, in microseconds since 1970.
fn windows(now: DateTime<Utc>) -> Vec<(i64, i64)> {
    let hour = now.timestamp_micros().div_euclid(MICROS_OF_AN_HOUR) * MICROS_OF_AN_HOUR;
    let week = 7 * 24 * MICROS_OF_AN_HOUR;
    (1..=WEEKS).map(|back| hour - back * week).map(|at| (at - MICROS_OF_AN_HOUR, at + 2 * MICROS_OF_AN_HOUR)).collect()
}

fn words(role: Role) -> String {
    serde_json::json!(counted(role)).to_string()
}
