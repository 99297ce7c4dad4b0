//! The last hour of each user at this workstation, and what follows when it is unusual (ADR 16).
//!
//! An hour is 60 minutes of time since boot, so that setting the clock neither empties it nor lengthens it. It is kept across
//! lock and sign-out; after a start of the program it is read from the index over the audit log.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

use chrono::TimeDelta;
use vigil_model::{Moment, PatientId, UserId};
use vigil_policy::unusual::{self, Hour, Usual, Verdict};
use vigil_policy::{Interaction, Principal, Request, is_allowed};

use crate::act::Present;
use crate::second_factor::Who;
use crate::session::session_request;
use crate::{AppError, ErrorCode, Purpose, Workstation, lock_of};

/// What is looked at.
const HOUR: Duration = Duration::from_secs(3600);

/// What one user did within the hour. Times are since boot.
#[derive(Default)]
pub(crate) struct Watch {
    /// Charts that were opened, with the last time.
    opened: HashMap<PatientId, Duration>,
    /// Charts that were asked for and did not open for being too many.
    refused: HashMap<PatientId, Duration>,
    /// When the user authenticated again, and how many charts had been opened by then.
    stepped_up: Option<(Duration, u32)>,
    /// What is usual, and in which hour since 1970 that was looked up.
    usual: Option<(i64, Usual)>,
}

impl Watch {
    /// Drops what is more than an hour ago.
    fn move_on(&mut self, now: Duration) {
        let recent = |at: Duration| now.saturating_sub(at) < HOUR;
        self.opened.retain(|_, at| recent(*at));
        self.refused.retain(|_, at| recent(*at));
        self.stepped_up = self.stepped_up.filter(|(at, _)| recent(*at));
    }

    /// Whether this chart was opened within the hour: then it adds nobody.
    fn has_opened(&mut self, patient: &PatientId, now: Duration) -> bool {
        self.opened.get_mut(patient).map(|at| *at = now).is_some()
    }

    /// Judges one more chart, and remembers it.
    fn judge(&mut self, patient: &PatientId, usual: Usual, now: Duration) -> (Verdict, Hour) {
        self.refused.remove(patient);
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let hour = Hour {
            opened: count(self.opened.len() + 1),
            asked: count(self.opened.len() + self.refused.len() + 1),
            stepped_up_at: self.stepped_up.map(|(_, at)| at),
        };
        let verdict = unusual::judge(hour, usual);
        let into = if verdict == Verdict::Usual { &mut self.opened } else { &mut self.refused };
        into.insert(patient.clone(), now);
        (verdict, hour)
    }

    fn step_up(&mut self, now: Duration) {
        self.stepped_up = Some((now, u32::try_from(self.opened.len()).unwrap_or(u32::MAX)));
    }
}

impl Workstation {
    /// Looks whether one more chart is still usual for whoever asks. What would be denied anyway is not looked at, and one
    /// that was opened within the hour costs no more than finding it.
    ///
    /// # Errors
    /// [`ErrorCode::ReauthenticationNeeded`] for more than usual; [`ErrorCode::Locked`] for far more: the account is suspended
    /// then; or the vault could not be read.
    pub(crate) fn within_usual(&self, present: &Present, request: &Request) -> Result<(), AppError> {
        let Some(patient) = request.patient.as_ref().filter(|_| unusual::counts(request) && is_allowed(request)) else {
            return Ok(());
        };
        let (verdict, hour, usual) = self.judged(present, patient)?;
        match verdict {
            Verdict::Usual => Ok(()),
            Verdict::Suspend => Err(self.suspend(present.user, hour, usual)?),
            Verdict::StepUp => match self.reauthenticated(&Who::of(present), Purpose::UnusualAccess) {
                Ok(_consumed) => {
                    if let Some(watch) = lock_of(&self.watches)?.get_mut(&present.user) {
                        watch.step_up(self.clock.now().since_boot);
                    }
                    match self.judged(present, patient)? {
                        (Verdict::Usual, ..) => Ok(()),
                        (_, hour, usual) => Err(self.suspend(present.user, hour, usual)?),
                    }
                }
                Err(error) => {
                    self.record_step_up(request, hour, usual)?;
                    Err(if error.code == ErrorCode::ReauthenticationNeeded { step_up(hour, usual) } else { error })
                }
            },
        }
    }

    /// Begins anew with a user: their suspension was lifted, and what was before it is settled.
    pub(crate) fn forget_watch(&self, user: UserId) -> Result<(), AppError> {
        lock_of(&self.watches)?.remove(&user);
        Ok(())
    }

    fn judged(&self, present: &Present, patient: &PatientId) -> Result<(Verdict, Hour, Usual), AppError> {
        let now = self.clock.now();
        let mut watches = lock_of(&self.watches)?;
        let watch = match watches.entry(present.user) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(self.watch_of(present, now)?),
        };
        watch.move_on(now.since_boot);
        let usual = self.usual(watch, present, now)?;
        if watch.has_opened(patient, now.since_boot) {
            return Ok((Verdict::Usual, Hour { opened: 0, asked: 0, stepped_up_at: None }, usual));
        }
        let (verdict, hour) = watch.judge(patient, usual, now.since_boot);
        Ok((verdict, hour, usual))
    }

    /// The last hour from the audit log. What it has later than now was before the clock was set back: as if it were now.
    fn watch_of(&self, present: &Present, now: Moment) -> Result<Watch, AppError> {
        let from = now.utc - TimeDelta::from_std(HOUR).unwrap_or_default();
        let mut watch = Watch::default();
        for (patient, at) in self.vault()?.recently_opened(present.user, present.role, from)? {
            let age = (now.utc - at).to_std().unwrap_or_default();
            let at = now.since_boot.saturating_sub(age);
            let latest = watch.opened.entry(patient).or_insert(at);
            *latest = at.max(*latest);
        }
        Ok(watch)
    }

    /// What is usual in this hour of the week: looked up once in it.
    fn usual(&self, watch: &mut Watch, present: &Present, now: Moment) -> Result<Usual, AppError> {
        let hour = now.utc.timestamp().div_euclid(3600);
        if let Some((_, usual)) = watch.usual.filter(|(of, _)| *of == hour) {
            return Ok(usual);
        }
        let (own, role) = self.vault()?.usual_access(present.user, present.role, now.utc)?;
        let usual = Usual::of(own, role, self.policy.unusual.usual());
        watch.usual = Some((hour, usual));
        Ok(usual)
    }

    /// The refusal's own entry: whose chart did not open, and over which numbers.
    fn record_step_up(&self, request: &Request, hour: Hour, usual: Usual) -> Result<(), AppError> {
        let entry = Request { interaction: Interaction::UnusualAccessStepUp, ..request.clone() };
        let permit = self.permitted(entry)?;
        let now = self.clock.now();
        self.vault()?.transaction(permit, None, now, |tx| Ok(tx.unusual_access(hour, usual)?))
    }

    /// Suspends an account on this workstation and locks its screen; what the user is told then.
    fn suspend(&self, user: UserId, hour: Hour, usual: Usual) -> Result<AppError, AppError> {
        self.lock_and(|_| {
            let permit = self.permitted(session_request(Interaction::UserSuspend, Principal::Workstation))?;
            self.vault()?.transaction(permit, None, self.clock.now(), |tx| {
                Ok::<_, AppError>(tx.user_suspend(user, hour, usual)?)
            })?;
            let account = lock_of(&self.session)?.as_ref().map(|session| session.user.clone());
            let account = account.filter(|account| account.id == user);
            let note = account.map(|account| self.suspension_note(&account)).transpose()?.flatten();
            if let Some(session) = lock_of(&self.session)?.as_mut().filter(|session| session.user.id == user) {
                session.suspension = note;
            }
            Ok(())
        })?;
        let message = format!(
            "your account is suspended on this workstation: {} charts within an hour, where {usual} are usual; a \
             supervisor can lift that",
            hour.asked
        );
        Ok(AppError::new(ErrorCode::Locked, message))
    }
}

fn step_up(hour: Hour, usual: Usual) -> AppError {
    let before = hour.opened.saturating_sub(1);
    let message = format!(
        "you have opened {before} charts within an hour, where {usual} are usual for you at this time of the week; show \
         again that it is you to open more"
    );
    AppError::new(ErrorCode::ReauthenticationNeeded, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60;

    #[test]
    fn the_hour_rolls_and_a_chart_that_is_open_counts_once() {
        let usual = Usual::from_parts(5, 1).unwrap();
        let mut watch = Watch::default();
        for number in 0..15 {
            assert_eq!(open(&mut watch, number, usual, number * MINUTE), Verdict::Usual, "three times five: {number}");
        }
        assert_eq!(open(&mut watch, 99, usual, 15 * MINUTE), Verdict::StepUp, "the sixteenth");
        assert_eq!(open(&mut watch, 3, usual, 16 * MINUTE), Verdict::Usual, "one that is open");
        assert_eq!(
            open(&mut watch, 99, usual, 60 * MINUTE),
            Verdict::Usual,
            "an hour after the first, it is the fifteenth"
        );
        assert_eq!(open(&mut watch, 98, usual, 60 * MINUTE), Verdict::StepUp, "and no more");
    }

    #[test]
    fn refused_charts_are_not_open_and_add_up_all_the_same() {
        let usual = Usual::from_parts(5, 1).unwrap();
        let mut watch = Watch::default();
        for number in 0..30 {
            let expected = if number < 15 { Verdict::Usual } else { Verdict::StepUp };
            assert_eq!(open(&mut watch, number, usual, 1), expected, "{number}");
        }
        assert_eq!(open(&mut watch, 29, usual, 1), Verdict::StepUp, "the same one again is no other one");
        assert_eq!(open(&mut watch, 30, usual, 1), Verdict::Suspend, "more than six times five");
    }

    #[test]
    fn an_authentication_carries_for_an_hour() {
        let usual = Usual::from_parts(5, 1).unwrap();
        let mut watch = Watch::default();
        for number in 0..15 {
            assert_eq!(open(&mut watch, number, usual, MINUTE), Verdict::Usual, "{number}");
        }
        assert_eq!(open(&mut watch, 15, usual, MINUTE), Verdict::StepUp, "asked");
        watch.step_up(Duration::from_secs(2 * MINUTE));
        for number in 15..20 {
            assert_eq!(open(&mut watch, number, usual, 2 * MINUTE), Verdict::Usual, "five more: {number}");
        }
        assert_eq!(open(&mut watch, 20, usual, 3 * MINUTE), Verdict::Suspend, "and not six");
        let mut again = Watch { stepped_up: watch.stepped_up, ..Watch::default() };
        again.move_on(Duration::from_secs(62 * MINUTE));
        assert_eq!(again.stepped_up, None, "an hour later it is forgotten");
    }

    fn open(watch: &mut Watch, number: u64, usual: Usual, seconds: u64) -> Verdict {
        let now = Duration::from_secs(seconds);
        let patient = PatientId::parse(&format!("p{number}")).unwrap();
        watch.move_on(now);
        if watch.has_opened(&patient, now) { Verdict::Usual } else { watch.judge(&patient, usual, now).0 }
    }
}
