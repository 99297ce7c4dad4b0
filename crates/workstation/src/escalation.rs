//! An emergency access that nobody reviews within 72 hours: the workstation puts that on record, once, and the privacy officer
//! reads it on every page.

use std::time::Duration;

use chrono::TimeDelta;
use vigil_model::{Moment, PurposeOfUse};
use vigil_policy::{Facts, Interaction, Principal, Request};
use vigil_vault::ReviewsDue;

use crate::act::permitted;
use crate::view::ReviewsDueView;
use crate::{AppError, Workstation, lock_of};

/// After how long without review an access is overdue.
pub(crate) const OVERDUE: TimeDelta = TimeDelta::hours(72);
/// How often the workstation looks.
const EVERY: Duration = Duration::from_secs(60);

impl Workstation {
    /// Looks once a minute whether something became overdue, whoever is signed in or nobody. Called every second.
    pub(crate) fn escalate_when_due(&self, now: Moment) -> Result<(), AppError> {
        {
            let mut looked = lock_of(&self.escalation)?;
            if looked.is_some_and(|last| now.since_boot.saturating_sub(last) < EVERY) {
                return Ok(());
            }
            *looked = Some(now.since_boot);
        }
        self.escalate(now)
    }

    /// Puts on record what is overdue and not on record yet.
    fn escalate(&self, now: Moment) -> Result<(), AppError> {
        let Some(vault) = self.vault.get() else { return Ok(()) };
        for (id, patient) in vault.reviews_due(now.utc - OVERDUE)?.to_escalate {
            let request = Request {
                principal: Principal::Workstation,
                interaction: Interaction::EmergencyAccessEscalate,
                patient: Some(patient),
                restricted: true,
                purpose: PurposeOfUse::Compliance,
                facts: Facts::default(),
            };
            let permit = permitted(vault, request, now)?;
            vault.transaction(permit, None, now, |tx| Ok::<_, AppError>(tx.emergency_access_escalate(id)?))?;
        }
        Ok(())
    }

    /// What the privacy officer has to review.
    pub(crate) fn reviews_due(&self) -> Result<ReviewsDueView, AppError> {
        let ReviewsDue { unreviewed, overdue, .. } = self.vault()?.reviews_due(self.clock.now().utc - OVERDUE)?;
        Ok(ReviewsDueView { unreviewed, overdue })
    }
}
