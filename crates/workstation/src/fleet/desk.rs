//! The desk of those who oversee: incidents, workstations and figures of the whole fleet, asked of the server call by call.
//!
//! The server does not take a workstation's word for who sits at it. Whoever opens the desk shows their password to it (as at a first
//! sign-in), and what it answers with, a token for a quarter of an hour, stays in here: it goes with the keys, at lock, sign-out and switch.
//! Each call names the audit entry that was written for it before.

mod access;
mod activity;
mod device;
mod evidence;
mod incident;
mod names;
mod rules;
mod time;
mod token;

use std::sync::Arc;

use serde_json::Value;
use vigil_model::Sensitive;
use vigil_model::wire::{Bytes, DeskSessionRequest, SignInChallengeRequest};
use vigil_policy::Interaction;
use vigil_sync::Failure;
use vigil_sync::client::{Client, DeskAnswer, DeskCall, DeskRefusal, Timeouts};
use vigil_vault::sign_in_proof;

use super::call::{Answer, WAITING};
use crate::{AppError, ErrorCode, Workstation};
pub(crate) use token::DeskToken;

impl Workstation {
    /// Opens the desk for the user who is signed in and has just shown this password.
    ///
    /// # Errors
    /// A denial; [`ErrorCode::WrongPassword`] where the server does not accept it; [`ErrorCode::ServerOutOfReach`].
    pub(crate) fn desk_open(&self, username: &str, password: &Sensitive<String>) -> Result<(), AppError> {
        let (user, session, token, entry) = self.act(Interaction::FleetDeskOpen, None, |tx, present| {
            Ok((present.user, present.session, Arc::clone(&present.unlocked.desk), tx.entry_number()?))
        })?;
        let username = username.to_owned();
        let answer = self.ask(self.vault()?, async |client, log| {
            let request = SignInChallengeRequest { username: username.clone() };
            let challenge = client.sign_in_challenge(log, entry, &request).await?;
            let proof = sign_in_proof(password, &challenge).map_err(|_| Failure::Malformed)?;
            let request = DeskSessionRequest { username, proof: Bytes(proof.to_vec()) };
            client.desk_open(log, entry, &request).await
        })?;
        let opened = match answer {
            Answer::Said(Ok(opened)) => opened,
            Answer::Said(Err(DeskRefusal::Unknown)) => {
                return Err(AppError::new(
                    ErrorCode::WrongPassword,
                    "the server does not accept this password: it was changed elsewhere, or you are a user of this workstation alone and \
                     not of the server's directory",
                ));
            }
            Answer::Said(Err(refusal)) => return Err(refused(refusal)),
            Answer::None(failure) => return Err(out_of_reach(&failure)),
        };
        if opened.user != user {
            return Err(AppError::new(ErrorCode::Forbidden, "the server knows this name as somebody else's"));
        }
        if self.present()?.session != session {
            return Err(AppError::locked());
        }
        token.put(opened.token, self.clock.now())
    }

    /// Asks the desk for something that the policies allow and the server decides on again; `about` is what the entry remembers of it. Nothing
    /// is asked before the entry is durable.
    ///
    /// # Errors
    /// A denial; [`ErrorCode::ReauthenticationNeeded`] while the desk is not open; [`ErrorCode::ServerOutOfReach`]; what the server says no with.
    fn at_the_desk<T>(
        &self,
        interaction: Interaction,
        about: Value,
        call: impl AsyncFnOnce(&mut Client, DeskCall<'_>) -> DeskAnswer<T>,
    ) -> Result<T, AppError> {
        self.at_the_desk_within(WAITING, interaction, about, call)
    }

    fn at_the_desk_within<T>(
        &self,
        timeouts: Timeouts,
        interaction: Interaction,
        about: Value,
        call: impl AsyncFnOnce(&mut Client, DeskCall<'_>) -> DeskAnswer<T>,
    ) -> Result<T, AppError> {
        // Whoever may not is not asked for a password in vain, nor is anybody where there is no server.
        let present = self.asked(interaction)?;
        if self.vault()?.fleet()?.is_none() {
            return Err(AppError::new(
                ErrorCode::ServerOutOfReach,
                "this workstation belongs to no fleet, so there is no desk to open; an administrator joins the central server first",
            ));
        }
        let token = present.unlocked.desk.get(self.clock.now())?.ok_or_else(closed)?;
        let entry = self.act(interaction, None, |tx, _| {
            tx.detail(about);
            Ok(tx.entry_number()?)
        })?;
        let answer = self.ask_within(timeouts, self.vault()?, async |client, log| {
            call(client, DeskCall { log, entry, token: &token }).await
        })?;
        if self.present()?.session != present.session {
            return Err(AppError::locked());
        }
        match answer {
            Answer::Said(Ok(said)) => Ok(said),
            Answer::Said(Err(DeskRefusal::Unknown)) => {
                present.unlocked.desk.forget();
                Err(closed())
            }
            Answer::Said(Err(refusal)) => Err(refused(refusal)),
            Answer::None(failure) => Err(out_of_reach(&failure)),
        }
    }
}

fn closed() -> AppError {
    AppError::new(
        ErrorCode::ReauthenticationNeeded,
        "the desk over the fleet is closed: it opens with your password, for a quarter of an hour",
    )
}

fn refused(refusal: DeskRefusal) -> AppError {
    let said = |code, words: String| AppError::new(code, format!("the server says: {words}"));
    match refusal {
        DeskRefusal::Unknown => closed(),
        DeskRefusal::Forbidden(words) => said(ErrorCode::Forbidden, words),
        DeskRefusal::Missing(words) => said(ErrorCode::NotFound, words),
        // What was read is not how it stands any more.
        DeskRefusal::State(words) => said(ErrorCode::VersionConflict, words),
        DeskRefusal::Content(words) => said(ErrorCode::Invalid, words),
    }
}

fn out_of_reach(failure: &Failure) -> AppError {
    if matches!(failure, Failure::Busy(_)) {
        return AppError::new(
            ErrorCode::RefusedForNow,
            "the server was asked too often, or is busy; wait a minute and try again",
        );
    }
    AppError::new(
        ErrorCode::ServerOutOfReach,
        format!("{failure}. Nothing is shown of the fleet meanwhile; this workstation goes on as before"),
    )
}
