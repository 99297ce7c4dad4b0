//! Passwords that are given, chosen and recovered.

use std::sync::Arc;

use vigil_model::{Role, Sensitive, UserId};
use vigil_policy::{Interaction, Principal};
use vigil_vault::{NewUser, UserRecord};

use crate::act::Present;
use crate::password_rules::{self, Context};
use crate::posture::Entrance;
use crate::recovery::parse_key;
use crate::second_factor::Who;
use crate::session::{session_request, user_view};
use crate::view::{
    SessionView, UserPasswordChangeRequest, UserPasswordRecoverRequest, UserPasswordResetRequest, UserView,
};
use crate::{AppError, Purpose, Workstation, lock_of};

impl Workstation {
    /// Gives another user a password for their next sign-in, at which they choose another one.
    ///
    /// # Errors
    /// A denial; [`crate::ErrorCode::Invalid`] for a password that does not do, for oneself, and when there is no such user.
    pub fn user_password_reset(&self, request: UserPasswordResetRequest) -> Result<UserView, AppError> {
        let password = Sensitive::new(request.password);
        let id = UserId::parse(&request.user_id).map_err(|error| AppError::invalid(error.to_string()))?;
        // Read before: the work of a transaction must not ask the vault for anything else.
        self.not_of_the_directory(id)?;
        let organization = self.vault()?.settings()?.organization;
        self.act_reauthenticated(Purpose::Administration, Interaction::UserPasswordReset, None, |tx, present| {
            let user = tx.users()?.into_iter().find(|user| user.id == id);
            let user = user.ok_or_else(|| AppError::invalid("there is no such user"))?;
            password_rules::check(&password, &Context { organization: &organization, user: &names_of(&user) })?;
            Ok(user_view(&tx.user_password_reset(id, &password, &present.unlocked.keys)?))
        })
    }

    /// The same by user name: the command line.
    ///
    /// # Errors
    /// As [`Self::user_password_reset`].
    pub fn user_password_reset_by_name(&self, username: &str, password: String) -> Result<UserView, AppError> {
        let users = self.user_search()?;
        let user = users.into_iter().find(|user| user.username.eq_ignore_ascii_case(username.trim()));
        let user = user.ok_or_else(|| AppError::invalid("there is no such user"))?;
        self.user_password_reset(UserPasswordResetRequest { user_id: user.id, password })
    }

    /// Chooses another password of one's own; for a user whose password somebody else gave, the only thing that may be done.
    ///
    /// # Errors
    /// [`crate::ErrorCode::WrongPassword`] for the current one; [`crate::ErrorCode::Invalid`] for a new one that does not do;
    /// [`crate::ErrorCode::ReauthenticationNeeded`] for whoever has a second factor.
    pub fn user_password_change(&self, request: UserPasswordChangeRequest) -> Result<SessionView, AppError> {
        let (current, password) = (Sensitive::new(request.current), Sensitive::new(request.password));
        self.lock_if_idle(self.clock.now());
        let (user, session, due) = self.refusing("user_password_change", || {
            let session = lock_of(&self.session)?;
            let session = session.as_ref().ok_or_else(AppError::not_signed_in)?;
            session.unlocked.as_ref().ok_or_else(AppError::locked)?;
            Ok((session.user.clone(), session.id, session.password_due))
        })?;
        if user.emergency_account {
            return Err(AppError::invalid("the emergency account has no password but its two halves; seal it anew"));
        }
        // EXPOSE: both are compared with each other; nothing of them is kept or shown.
        if current.expose() == password.expose() {
            return Err(AppError::invalid("the new password is the one that you have; choose another one"));
        }
        let organization = self.vault()?.settings()?.organization;
        password_rules::check(&password, &Context { organization: &organization, user: &names_of(&user) })?;
        // Whoever has a second factor shows it, beside the current password; for a password that was given, the sign-in asked.
        if !due && self.vault()?.has_factor(user.id)? {
            let _consumed =
                self.reauthenticated(&Who { user: user.id, role: user.role, session }, Purpose::OwnSignIn)?;
        }
        let principal = Principal::User { id: user.id, role: user.role, session };
        let own = self.guarded(&user.username, &principal, |vault| Ok(vault.own_slot(&user.username, &current)?))?;
        // The server first: were this workstation to stop in between, the next sign-in with the new password mends it.
        let granted = self.password_change_at_server(&user, &current, &password)?;
        let permit = self.permitted(session_request(Interaction::UserPasswordChange, principal))?;
        let vault = self.vault()?;
        vault.transaction(permit, None, self.clock.now(), |tx| tx.user_password_change(&own, &password))?;
        if let Some(granted) = granted {
            self.grants_take(vault, user.id, &password, &granted)?;
        }
        self.go_on_with(&user, session, &password)?;
        self.changed()
    }

    /// Gives an administrator a new password with the organisation recovery key, while nobody is signed in.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for what is no recovery key, another one, and a name that no administrator has.
    pub fn user_password_recover(&self, request: UserPasswordRecoverRequest) -> Result<(), AppError> {
        let password = Sensitive::new(request.password);
        let key = parse_key(request.recovery_key)?;
        let user = crate::user::checked(&request.username, "-", Role::Administrator)?;
        let organization = self.vault()?.settings()?.organization;
        password_rules::check(&password, &Context { organization: &organization, user: &user })?;
        let permit = self.permitted(session_request(Interaction::UserPasswordRecover, Principal::Anonymous))?;
        self.vault()?.transaction(permit, None, self.clock.now(), |tx| {
            tx.user_password_recover(&user.username, &password, &key).map(drop)
        })?;
        Ok(())
    }

    /// Asks for the password of the user who is present once more; failures are counted, slowed down and audited.
    pub(crate) fn confirm_password(&self, present: &Present, password: &Sensitive<String>) -> Result<(), AppError> {
        let username = {
            let session = lock_of(&self.session)?;
            let session = session.as_ref().filter(|session| session.id == present.session);
            session.ok_or_else(AppError::not_signed_in)?.user.username.clone()
        };
        self.guarded(&username, &present.principal(), |vault| Ok(vault.own_slot(&username, password)?)).map(drop)
    }

    /// A user who had to choose a password has no patient index yet: the session goes on as after an unlock.
    fn go_on_with(
        &self,
        user: &UserRecord,
        id: vigil_model::SessionId,
        password: &Sensitive<String>,
    ) -> Result<(), AppError> {
        let due = lock_of(&self.session)?.as_ref().is_some_and(|session| session.id == id && session.password_due);
        if !due {
            return Ok(());
        }
        let (user, keys) = self.vault()?.unlock(&user.username, password)?;
        let unlocked = self.enter(&user, id, Arc::new(keys), Interaction::SessionUnlock, &Entrance::Ordinary)?;
        let mut session = lock_of(&self.session)?;
        let session = session.as_mut().filter(|session| session.id == id).ok_or_else(AppError::not_signed_in)?;
        session.password_due = false;
        // A lock that came meanwhile stays.
        if session.unlocked.is_some() {
            session.unlocked = Some(Arc::clone(&unlocked));
        }
        Ok(())
    }
}

fn names_of(user: &UserRecord) -> NewUser {
    NewUser { username: user.username.clone(), display_name: user.display_name.clone(), role: user.role }
}
