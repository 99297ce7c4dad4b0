//! The privacy officer's queue of emergency accesses: who, whose, why, what was done, and the verdict.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use chrono::{DateTime, Utc};
use vigil_model::Verdict;
use vigil_policy::Interaction;
use vigil_vault::{EmergencyAccess, EmergencyReview};

use crate::access::row as access_row;
use crate::access_flag::Flags;
use crate::act::Present;
use crate::escalation::OVERDUE;
use crate::patient::name;
use crate::view::{EmergencyAccessListView, EmergencyAccessReviewRequest, EmergencyAccessRow, EmergencyReviewView};
use crate::{AppError, Workstation, clock};

/// The newest accesses that the page shows.
const MOST_ROWS: u32 = 200;
/// A note is a few sentences.
const LONGEST_NOTE: usize = 1000;

impl Workstation {
    /// Lists emergency accesses, newest first, with what was done in each. Looking is on record as well.
    ///
    /// # Errors
    /// A denial, or that the audit entry could not be written.
    pub fn emergency_access_search(&self) -> Result<EmergencyAccessListView, AppError> {
        let now = self.clock.now().utc;
        self.act(Interaction::EmergencyAccessSearch, None, |tx, present| {
            let accesses = tx.emergency_accesses(MOST_ROWS)?;
            let users = tx.users()?;
            let flags = Flags::read(tx, &present.unlocked.index, &users);
            let rows: Vec<_> = accesses.iter().map(|access| row(access, present, &flags, now)).collect();
            let count = |of: fn(&&EmergencyAccessRow) -> bool| u32::try_from(rows.iter().filter(of).count());
            let unreviewed = count(|row| row.review.is_none()).unwrap_or(u32::MAX);
            let overdue = count(|row| row.overdue).unwrap_or(u32::MAX);
            Ok(EmergencyAccessListView { rows, unreviewed, overdue })
        })
    }

    /// Records a verdict.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for a note that does not do; [`crate::ErrorCode::Forbidden`] for one's own access.
    pub fn emergency_access_review(
        &self,
        request: EmergencyAccessReviewRequest,
    ) -> Result<EmergencyAccessListView, AppError> {
        let note = request.note.trim();
        if note.chars().count() > LONGEST_NOTE {
            return Err(AppError::invalid(format!("a note has at most {LONGEST_NOTE} characters")));
        }
        if note.is_empty() && request.verdict != Verdict::Appropriate {
            return Err(AppError::invalid("say in a note what has to be followed up"));
        }
        self.act(Interaction::EmergencyAccessReview, None, |tx, _| {
            Ok(tx.emergency_access_review(request.id, request.verdict, note)?)
        })?;
        self.emergency_access_search()
    }
}

fn row(access: &EmergencyAccess, present: &Present, flags: &Flags<'_>, now: DateTime<Utc>) -> EmergencyAccessRow {
    let patient = present.unlocked.index.get(&access.patient);
    let until = clock::exact_text(&access.expires_at);
    EmergencyAccessRow {
        id: access.id,
        who: who(access.user_display.as_deref()),
        patient_id: access.patient.to_string(),
        patient: patient.map_or_else(|| "Not in the directory".to_owned(), name),
        reason: access.reason,
        justification: access.justification.clone().unwrap_or_else(|reason| format!("Not readable: {reason}")),
        started: clock::exact_text(&access.started_at),
        ended: match access.ended_at {
            Some(at) => clock::exact_text(&at),
            None if now < access.expires_at => format!("open until {until}"),
            None => format!("{until} (the program was cut off before)"),
        },
        done: access.done.iter().map(access_row).collect(),
        overdue: access.review.is_none() && now - access.started_at > OVERDUE,
        flags: flags.of(Some(access.user), &access.patient),
        own: access.user == present.user,
        review: access.review.as_ref().map(review),
    }
}

fn review(review: &EmergencyReview) -> EmergencyReviewView {
    EmergencyReviewView {
        verdict: review.verdict,
        note: review.note.clone().unwrap_or_else(|reason| format!("Not readable: {reason}")),
        who: who(review.reviewer_display.as_deref()),
        at: clock::exact_text(&review.at),
    }
}

fn who(display: Option<&str>) -> String {
    display.unwrap_or("unknown user").to_owned()
}
