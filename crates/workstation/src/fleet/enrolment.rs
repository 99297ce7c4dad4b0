//! Becoming one of a fleet.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use std::sync::Arc;

use vigil_policy::{Interaction, Principal};
use vigil_sync::enrolment::{Applicant, enrol};
use vigil_sync::{EnrolmentError, Token};
use vigil_vault::Fleet;

use super::Answer;
use crate::second_factor::Who;
use crate::session::session_request;
use crate::view::{FleetJoinRequest, SyncView};
use crate::{AppError, ErrorCode, Purpose, Workstation};

impl Workstation {
    /// Joins the fleet of the server that made the token, by the administrator who is signed in, and hands the group keys over. What the
    /// log holds is pushed from its first entry on; nothing is lost.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for a token that is none or is not accepted; why the server could not be called; a denial;
    /// [`ErrorCode::ReauthenticationNeeded`]. Then nothing has changed, but for keys that were not handed over: [`Self::key_deposit`].
    pub fn fleet_join(&self, request: FleetJoinRequest) -> Result<SyncView, AppError> {
        let present = self.asked(Interaction::FleetJoin)?;
        let _consumed = self.reauthenticated(&Who::of(&present), Purpose::Administration)?;
        self.join(&request.token, Some(present.principal()))?;
        // Not asked again: an answer that asks to authenticate would have the same token shown twice.
        self.deposit()
    }

    /// The same for a workstation without users: the token is all the authority there is, and whoever signs in is of the directory. Makes
    /// the vault first, where there is none.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`] where there are users: one of their administrators joins; else as [`Self::fleet_join`].
    pub fn fleet_join_unattended(&self, token: &str, organization: Option<&str>) -> Result<SyncView, AppError> {
        // A token that is none leaves no vault behind.
        read(token)?;
        match (self.vault.get(), organization) {
            (Some(vault), _) if vault.has_users()? => {
                return Err(AppError::new(
                    ErrorCode::Forbidden,
                    "this workstation has users; one of its administrators enrols it (vigil enrol --as USER)",
                ));
            }
            (Some(_), _) => {}
            (None, Some(organization)) => self.vault_make(organization)?,
            (None, None) => {
                return Err(AppError::invalid(
                    "this workstation is not set up yet; name the hospital (vigil enrol --organization NAME)",
                ));
            }
        }
        self.join(token, None)?;
        self.sync_read()
    }

    /// Hands the group keys of a workstation that was set up alone to the server, which grants them to users of the directory from then on.
    /// The same again changes nothing.
    ///
    /// # Errors
    /// A denial; or why the server did not take them: nothing has changed, and it is tried again.
    pub fn key_deposit(&self) -> Result<SyncView, AppError> {
        let present = self.asked(Interaction::KeyDeposit)?;
        let _consumed = self.reauthenticated(&Who::of(&present), Purpose::Administration)?;
        self.deposit()
    }

    fn deposit(&self) -> Result<SyncView, AppError> {
        let (entry, deposit) = self.act(Interaction::KeyDeposit, None, |tx, present| {
            Ok((tx.entry_number()?, tx.key_deposit(&present.unlocked.keys)?))
        })?;
        match self.ask(self.vault()?, async |client, log| client.deposit_keys(log, entry, &deposit).await)? {
            Answer::Said(()) => self.sync_read(),
            Answer::None(failure) => Err(AppError::unusable(format!(
                "this workstation is enrolled, and the server did not take its group keys: {failure}. Hand them over again once it is \
                 connected; until then no user of the directory signs in here"
            ))),
        }
    }

    fn join(&self, token: &str, by: Option<Principal>) -> Result<(), AppError> {
        let (vault, token) = (self.vault()?, read(token)?);
        let host = self.platform.machine().unwrap_or_else(|| "unnamed".to_owned());
        let applicant = Applicant {
            log: vault.device_id(),
            verifier_key: &vault.log_verifier_key(),
            host: &host,
            version: env!("CARGO_PKG_VERSION"),
        };
        let clock = Arc::clone(&self.clock);
        let sign = |kind: &str, body: &str| vault.log_sign(kind, body).ok();
        let enrolled = self
            .line
            .runtime()?
            .block_on(enrol(&token, &applicant, sign, self.dial(), Arc::new(move || clock.now())))
            .map_err(said)?;
        let now = self.clock.now();
        let fleet = Fleet::new(&enrolled.response, token.url(), token.anchor(), now.utc);
        let permit = self.permitted(session_request(Interaction::FleetJoin, by.unwrap_or(Principal::Workstation)))?;
        vault.transaction(permit, None, now, |tx| tx.fleet_join(fleet, &enrolled.key))?;
        if let Some(engine) = self.line.engine.get() {
            engine.enrolled();
        }
        // Who works here is known before the first of them comes.
        self.directory_fresh(vault).map(drop)
    }
}

fn read(token: &str) -> Result<Token, AppError> {
    Token::parse(token).map_err(|error| AppError::invalid(error.to_string()))
}

fn said(error: EnrolmentError) -> AppError {
    match error {
        EnrolmentError::Token(_) | EnrolmentError::TokenRefused { .. } => AppError::invalid(error.to_string()),
        EnrolmentError::Key
        | EnrolmentError::Unsigned
        | EnrolmentError::Call { .. }
        | EnrolmentError::Answer { .. } => AppError::unusable(error.to_string()),
    }
}
