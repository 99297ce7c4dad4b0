//! Closing and opening accounts.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use vigil_model::UserId;
use vigil_policy::Interaction;
use vigil_vault::UserRecord;

use crate::session::user_view;
use crate::view::{UserDisableRequest, UserView};
use crate::{AppError, Purpose, Workstation};

impl Workstation {
    /// Closes a user's account: its session ends, it signs in no more, and every group key that it held is replaced.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for oneself and for an account that is closed already;
    /// [`crate::ErrorCode::ReauthenticationNeeded`]; or a denial.
    pub fn user_disable(&self, request: UserDisableRequest) -> Result<UserView, AppError> {
        let id = user_id(&request.id)?;
        self.not_of_the_directory(id)?;
        let user =
            self.act_reauthenticated(Purpose::Administration, Interaction::UserDisable, None, |tx, present| {
                Ok(tx.user_disable(id, &present.unlocked.keys)?)
            })?;
        // The demographics that lie under the former directory key are sealed anew from now on.
        self.keys_work_is_there();
        Ok(user_view(&user))
    }

    /// Opens a closed account with the password that it had and the keys of today.
    ///
    /// # Errors
    /// As [`Self::user_disable`].
    pub fn user_enable(&self, request: UserDisableRequest) -> Result<UserView, AppError> {
        let id = user_id(&request.id)?;
        self.not_of_the_directory(id)?;
        let user =
            self.act_reauthenticated(Purpose::Administration, Interaction::UserEnable, None, |tx, present| {
                Ok(tx.user_enable(id, &present.unlocked.keys)?)
            })?;
        Ok(user_view(&user))
    }

    /// The user with this name, for the command line.
    ///
    /// # Errors
    /// [`crate::ErrorCode::NotFound`]; or a denial.
    pub fn user_named(&self, username: &str) -> Result<UserView, AppError> {
        let folded = username.trim().to_lowercase();
        let found = self.user_search()?.into_iter().find(|user| user.username == folded);
        found.ok_or_else(|| AppError::new(crate::ErrorCode::NotFound, "this workstation has no user of this name"))
    }

    /// Gives a slot that is older or cheaper than policy allows new keys and today's cost. Whoever signs in is let in all
    /// the same when that fails.
    pub(crate) fn slot_renew_if_due(&self, user: &UserRecord, password: &vigil_model::Sensitive<String>) {
        if let Err(error) = self.slot_renew(user, password) {
            tracing::warn!(%error, "a user's slot is older or cheaper than policy allows and was not renewed");
        }
    }

    fn slot_renew(&self, user: &UserRecord, password: &vigil_model::Sensitive<String>) -> Result<(), AppError> {
        let (vault, now) = (self.vault()?, self.clock.now());
        let age = vault.slot_age(user.id)?;
        let cost = self.policy.keys.password_cost().map_or(age.today, |cost| cost.at_least(age.today));
        let made = chrono::DateTime::from_timestamp_micros(age.made_at).unwrap_or_default();
        let old = now.utc - made >= self.policy.keys.user_slot();
        if old || age.cost.at_least(cost) != age.cost {
            let request =
                crate::session::session_request(Interaction::UserSlotRenew, vigil_policy::Principal::Workstation);
            vault.slot_renew(self.permitted(request)?, user.id, password, cost, now)?;
        }
        Ok(())
    }
}

pub(crate) fn user_id(text: &str) -> Result<UserId, AppError> {
    UserId::parse(text).map_err(|_| AppError::invalid("this is no user's id"))
}
