//! `emergency_access`: who broke the glass of whom, and what the review found.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::json;
use vigil_model::{OverrideReason, PatientId, UserId, Verdict};
use vigil_policy::{Interaction, Principal};

use super::access::open_detail;
use super::{time, user};
use crate::error::ResultExt as _;
use crate::{EmergencyAccess, EmergencyOpening, EmergencyReview, ReviewsDue, Tx, Undecodable, VaultError, log};

const READING: &str = "reading emergency accesses";
const WRITING: &str = "recording an emergency access";
const COLUMNS: &str = "e.id, e.user, p.number, p.id, e.reason, e.started_at, e.expires_at, e.start_entry, e.ended_at,
    e.end_entry, e.reviewer, e.reviewed_at, e.verdict, e.review_entry";

impl Tx<'_> {
    /// How many emergency accesses the permit's user began since `from`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn emergency_accesses_since(&self, from: DateTime<Utc>) -> Result<u32, VaultError> {
        self.may(&[Interaction::PatientSearch])?;
        self.sql
            .query_row(
                "SELECT count(*) FROM emergency_access WHERE user = ?1 AND started_at >= ?2",
                params![self.permit_user()?.to_string(), from.timestamp_micros()],
                |row| row.get(0),
            )
            .doing(READING)
    }

    pub(crate) fn emergency_access_insert(
        &mut self,
        patient: u32,
        opening: &EmergencyOpening<'_>,
    ) -> Result<u32, VaultError> {
        self.detail(json!({ "reason": opening.reason.code(), "justification": opening.justification }));
        self.sql
            .query_row(
                "INSERT INTO emergency_access (user, patient, reason, started_at, expires_at, start_entry)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
                params![
                    self.permit_user()?.to_string(),
                    patient,
                    opening.reason.code(),
                    self.now(),
                    opening.expires_at.timestamp_micros(),
                    log::next_seq(self.sql)?,
                ],
                |row| row.get(0),
            )
            .doing(WRITING)
    }

    /// Ends the access with this number.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] for somebody else's; or the database fails.
    pub fn emergency_access_stop(&mut self, id: u32) -> Result<(), VaultError> {
        self.may(&[Interaction::EmergencyAccessStop])?;
        let patient = self.permit.patient().cloned().ok_or(VaultError::OutsidePermit)?;
        let row = self.patient(&patient)?.ok_or(VaultError::OutsidePermit)?;
        let ended = self
            .sql
            .execute(
                "UPDATE emergency_access SET ended_at = ?4, end_entry = ?5
                 WHERE id = ?1 AND user = ?2 AND patient = ?3 AND ended_at IS NULL",
                params![id, self.permit_user()?.to_string(), row.number, self.now(), log::next_seq(self.sql)?],
            )
            .doing(WRITING)?;
        self.covered(ended == 1)
    }

    /// Every emergency access, newest first, with what was done in each.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any permit but the reviewer's; or the database fails.
    pub fn emergency_accesses(&mut self, limit: u32) -> Result<Vec<EmergencyAccess>, VaultError> {
        self.may(&[Interaction::EmergencyAccessSearch])?;
        let rows: Vec<RawAccess> = self
            .sql
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM emergency_access AS e JOIN patient AS p ON p.number = e.patient
                 ORDER BY e.started_at DESC, e.id DESC LIMIT ?1"
            ))
            .and_then(|mut statement| statement.query_map([limit], raw)?.collect())
            .doing(READING)?;
        let accesses = rows.into_iter().map(|row| self.emergency_access(row)).collect::<Result<Vec<_>, _>>()?;
        self.listed(accesses.iter().map(|access| access.patient.clone()));
        Ok(accesses)
    }

    /// Records the review of one access. The reviewer is never the user whose access it was.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any permit but a reviewer's, and for one's own access;
    /// [`VaultError::Invalid`] when there is none with this number.
    pub fn emergency_access_review(&mut self, id: u32, verdict: Verdict, note: &str) -> Result<(), VaultError> {
        self.may(&[Interaction::EmergencyAccessReview])?;
        let user: Option<String> = self
            .sql
            .query_row("SELECT user FROM emergency_access WHERE id = ?1", [id], |row| row.get(0))
            .optional()
            .doing(READING)?;
        let user = user.ok_or(VaultError::Invalid("there is no such emergency access"))?;
        let reviewer = self.permit_user()?.to_string();
        self.covered(user != reviewer)?;
        self.detail(json!({ "emergency access": id, "verdict": verdict.code(), "note": note }));
        self.sql
            .execute(
                "UPDATE emergency_access SET reviewer = ?2, reviewed_at = ?3, verdict = ?4, review_entry = ?5 WHERE id = ?1",
                params![id, reviewer, self.now(), verdict.code(), log::next_seq(self.sql)?],
            )
            .doing("recording a review")?;
        Ok(())
    }

    /// Puts on record that nobody reviewed the permit's patient's access `id` in time; once.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any permit but the workstation's own, for another patient's access, for one that is
    /// reviewed, and for one that is escalated already; or the database fails.
    pub fn emergency_access_escalate(&mut self, id: u32) -> Result<(), VaultError> {
        self.may(&[Interaction::EmergencyAccessEscalate])?;
        let patient = self.permit.patient().cloned().ok_or(VaultError::OutsidePermit)?;
        let escalated = self
            .sql
            .execute(
                "UPDATE emergency_access SET escalated_at = ?2 WHERE id = ?1 AND review_entry IS NULL
                 AND escalated_at IS NULL AND patient = (SELECT number FROM patient WHERE id = ?3)",
                params![id, self.now(), patient.as_str()],
            )
            .doing("recording that a review is overdue")?;
        self.covered(escalated == 1)?;
        self.about(format!("access={id} unreviewed"));
        Ok(())
    }

    fn emergency_access(&self, row: RawAccess) -> Result<EmergencyAccess, VaultError> {
        let tampered = || VaultError::Tampered("emergency_access");
        let user = UserId::parse(&row.user).map_err(|_| tampered())?;
        let patient = PatientId::parse(&row.patient).map_err(|_| tampered())?;
        let review = match (row.reviewer, row.reviewed_at, row.verdict, row.review_entry) {
            (Some(reviewer), Some(at), Some(verdict), Some(entry)) => {
                let reviewer = UserId::parse(&reviewer).map_err(|_| tampered())?;
                Some(EmergencyReview {
                    reviewer,
                    reviewer_display: user::display_name(self.sql, reviewer)?,
                    at: time(at),
                    verdict: Verdict::from_code(&verdict).ok_or_else(tampered)?,
                    note: self.words(entry, "note")?,
                })
            }
            _ => None,
        };
        Ok(EmergencyAccess {
            id: row.id,
            user,
            user_display: user::display_name(self.sql, user)?,
            reason: OverrideReason::from_code(&row.reason).ok_or_else(tampered)?,
            justification: self.words(row.start_entry, "justification")?,
            started_at: time(row.started_at),
            expires_at: time(row.expires_at),
            ended_at: row.ended_at.map(time),
            done: self.accesses_between(user, (row.number, &patient), row.start_entry, row.end_entry)?,
            patient,
            review,
        })
    }

    /// One text of what is sealed beside an entry.
    fn words(&self, entry: u64, name: &str) -> Result<Result<String, Undecodable>, VaultError> {
        let detail = open_detail(self, entry)?;
        Ok(detail.and_then(|detail| {
            detail.get(name).and_then(|text| text.as_str()).map(str::to_owned).ok_or(Undecodable::Malformed)
        }))
    }

    pub(super) fn permit_user(&self) -> Result<UserId, VaultError> {
        match self.permit.principal() {
            Principal::User { id, .. } => Ok(*id),
            Principal::Anonymous | Principal::Workstation => Err(VaultError::OutsidePermit),
        }
    }
}

/// Emergency accesses that nobody has reviewed: all, those that began before `before`, and of those the ones of which the log
/// does not say so yet. Ids and counts, so that no permit is asked for.
pub(crate) fn reviews_due(sql: &Connection, before: DateTime<Utc>) -> Result<ReviewsDue, VaultError> {
    let before = before.timestamp_micros();
    let (unreviewed, overdue) = sql
        .prepare_cached(
            "SELECT count(*), coalesce(sum(started_at < ?1), 0) FROM emergency_access WHERE review_entry IS NULL",
        )
        .and_then(|mut statement| statement.query_row([before], |row| Ok((row.get(0)?, row.get(1)?))))
        .doing(READING)?;
    let to_escalate: Vec<(u32, String)> = sql
        .prepare_cached(
            "SELECT e.id, p.id FROM emergency_access AS e JOIN patient AS p ON p.number = e.patient
             WHERE review_entry IS NULL AND escalated_at IS NULL AND started_at < ?1 ORDER BY e.id",
        )
        .and_then(|mut statement| statement.query_map([before], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .doing(READING)?;
    let patient = |(id, patient): (u32, String)| {
        Ok((id, PatientId::parse(&patient).map_err(|_| VaultError::Tampered("patient"))?))
    };
    let to_escalate = to_escalate.into_iter().map(patient).collect::<Result<_, VaultError>>()?;
    Ok(ReviewsDue { unreviewed, overdue, to_escalate })
}

struct RawAccess {
    id: u32,
    user: String,
    number: u32,
    patient: String,
    reason: String,
    started_at: i64,
    expires_at: i64,
    start_entry: u64,
    ended_at: Option<i64>,
    end_entry: Option<u64>,
    reviewer: Option<String>,
    reviewed_at: Option<i64>,
    verdict: Option<String>,
    review_entry: Option<u64>,
}

fn raw(row: &Row<'_>) -> rusqlite::Result<RawAccess> {
    Ok(RawAccess {
        id: row.get(0)?,
        user: row.get(1)?,
        number: row.get(2)?,
        patient: row.get(3)?,
        reason: row.get(4)?,
        started_at: row.get(5)?,
        expires_at: row.get(6)?,
        start_entry: row.get(7)?,
        ended_at: row.get(8)?,
        end_entry: row.get(9)?,
        reviewer: row.get(10)?,
        reviewed_at: row.get(11)?,
        verdict: row.get(12)?,
        review_entry: row.get(13)?,
    })
}
