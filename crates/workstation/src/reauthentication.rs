//! Authenticating again within a session, for what asks for it.
//!
//! A use case asks by `self.act_reauthenticated(Purpose::Administration, ...)`, or by `self.reauthenticated(...)` where it
//! does not run through `act`. Without a fresh authentication the answer is [`ErrorCode::ReauthenticationNeeded`]; the screen
//! asks for password and second factor ([`Workstation::session_reauthenticate`]) and tries once more.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;
use vigil_model::PatientId;
use vigil_policy::{Interaction, is_allowed};
use vigil_vault::Tx;

use crate::act::Present;
use crate::second_factor::{Proof, Who};
use crate::session::session_request;
use crate::view::SessionReauthenticateRequest;
use crate::{AppError, ErrorCode, Moment, Workstation, lock_of};

/// How long an authentication is fresh.
const FRESH: Duration = Duration::from_secs(5 * 60);

/// What somebody authenticates for. The managed policy says for each whether it needs a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Signing in.
    SignIn,
    /// Breaking the glass: its panel asks for both factors itself.
    BreakGlass,
    /// Signing a record: each signature asks anew.
    Signing,
    /// An administrator's acts: users, passwords, second factors, recovery key, backup, key rotation.
    Administration,
    /// Destroying a record or an entry of one: what an administrator's acts ask for, and the password in any case.
    Destruction,
    /// Changing how one signs in oneself.
    OwnSignIn,
    /// Opening more charts than usual, and lifting a suspension over that.
    UnusualAccess,
    /// The desk over the whole fleet: the server asks for the password too.
    FleetDesk,
}

impl Purpose {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::SignIn,
        Self::BreakGlass,
        Self::Signing,
        Self::Administration,
        Self::Destruction,
        Self::OwnSignIn,
        Self::UnusualAccess,
        Self::FleetDesk,
    ];

    /// The word in the audit log and in a card's challenge. **Do not modify**.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::BreakGlass => "break-glass",
            Self::Signing => "signing",
            Self::Administration => "administration",
            Self::Destruction => "destruction",
            Self::OwnSignIn => "own-sign-in",
            Self::UnusualAccess => "unusual-access",
            Self::FleetDesk => "fleet-desk",
        }
    }

    /// Whether an authentication for this serves nothing else and is used up: it says yes to one thing that was just shown.
    const fn is_for_itself(self) -> bool {
        matches!(self, Self::Signing | Self::UnusualAccess)
    }
}

/// Proof that the user who is signed in has authenticated for this purpose a moment ago, with what the policy asks for. Only
/// this module makes one; it cannot be copied, and the use case consumes it.
#[must_use = "a proof that nobody looks at protects nothing"]
pub(crate) struct Reauthenticated(());

/// The last authentication of a session that was in full.
#[derive(Clone, Copy)]
pub(crate) struct Fresh {
    purpose: Purpose,
    /// Whether a second factor was part of it.
    factor: bool,
    /// Time since boot at which it is stale.
    until: Duration,
}

impl Fresh {
    pub(crate) fn new(purpose: Purpose, factor: bool, now: Moment) -> Self {
        Self { purpose, factor, until: now.since_boot + FRESH }
    }

    /// A second factor was shown to be at hand since.
    pub(crate) const fn with_factor(&mut self) {
        self.factor = true;
    }

    /// Some are for themselves alone; the others do not need the same password twice within minutes.
    fn serves(self, purpose: Purpose, factor: bool, now: Moment) -> bool {
        let named = self.purpose == purpose || !purpose.is_for_itself() && !self.purpose.is_for_itself();
        named && now.since_boot < self.until && (self.factor || !factor)
    }
}

impl Workstation {
    /// Authenticates the user who is signed in again, for one purpose and for five minutes; a signature, and going on with
    /// unusual access, for one only. For the desk of the fleet the server is shown that the password is known, and opens it.
    ///
    /// # Errors
    /// [`ErrorCode::WrongPassword`] without a hint which of the two was wrong; [`ErrorCode::RefusedForNow`];
    /// [`ErrorCode::FactorNeeded`] for a user who has no second factor where the policy asks for one; for the desk
    /// [`ErrorCode::Forbidden`], [`ErrorCode::ServerOutOfReach`].
    pub fn session_reauthenticate(&self, request: SessionReauthenticateRequest) -> Result<(), AppError> {
        let password = self.typed(request.password);
        let proof = request.proof.map(Proof::from);
        let present = self.present_for(Interaction::SessionReauthenticate, None)?;
        let factor = self.factor_asked_of(&Who::of(&present), request.purpose)?;
        let username = self.username()?;
        self.guarded(&username, &present.principal(), |vault| {
            vault.unlock(&username, &password)?;
            if factor {
                self.factor_shown(&Who::of(&present), &present.unlocked.keys, proof, request.purpose)?;
            }
            Ok(())
        })?;
        let permit = self.permitted(session_request(Interaction::SessionReauthenticate, present.principal()))?;
        let now = self.clock.now();
        let keys = Some(&*present.unlocked.keys);
        self.vault()?.transaction(permit, keys, now, |tx| tx.reauthenticated(request.purpose.code()))?;
        {
            let mut session = lock_of(&self.session)?;
            let session =
                session.as_mut().filter(|one| one.id == present.session).ok_or_else(AppError::not_signed_in)?;
            session.fresh = Some(Fresh::new(request.purpose, factor, now));
        }
        if request.purpose == Purpose::FleetDesk { self.desk_open(&username, &password) } else { Ok(()) }
    }

    /// [`Self::act`] for what asks for a fresh authentication. A role that may not do it is refused before anything is asked.
    ///
    /// # Errors
    /// [`ErrorCode::ReauthenticationNeeded`], [`ErrorCode::FactorNeeded`]; else as [`Self::act`].
    pub(crate) fn act_reauthenticated<T>(
        &self,
        purpose: Purpose,
        interaction: Interaction,
        patient: Option<&PatientId>,
        work: impl FnOnce(&mut Tx<'_>, &Present) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let present = self.present_for(interaction, patient)?;
        if is_allowed(&self.request(&present, interaction, patient)) {
            let _consumed = self.reauthenticated(&Who::of(&present), purpose)?;
        }
        self.act(interaction, patient, work)
    }

    /// The proof for `purpose`, if the user has authenticated for it a moment ago. For a signature and for unusual access it
    /// is used up.
    ///
    /// Where the policy asks for no second factor for administration, the session itself is the proof.
    ///
    /// # Errors
    /// [`ErrorCode::ReauthenticationNeeded`]; [`ErrorCode::FactorNeeded`].
    pub(crate) fn reauthenticated(&self, who: &Who, purpose: Purpose) -> Result<Reauthenticated, AppError> {
        let factor = self.factor_asked_of(who, purpose)?;
        if purpose == Purpose::Administration && !factor {
            return Ok(Reauthenticated(()));
        }
        let now = self.clock.now();
        let mut session = lock_of(&self.session)?;
        let session = session.as_mut().filter(|one| one.id == who.session).ok_or_else(AppError::not_signed_in)?;
        if !session.fresh.is_some_and(|fresh| fresh.serves(purpose, factor, now)) {
            let second = if factor { " and your second factor" } else { "" };
            return Err(AppError::new(
                ErrorCode::ReauthenticationNeeded,
                format!("this asks for your password{second} again"),
            ));
        }
        if purpose.is_for_itself() {
            session.fresh = None;
        }
        Ok(Reauthenticated(()))
    }

    /// Whether this user is asked for a second factor for this: where the policy says so, and for a change of how they sign
    /// in and for unusual access whoever has one.
    fn factor_asked_of(&self, who: &Who, purpose: Purpose) -> Result<bool, AppError> {
        let has = self.vault()?.has_factor(who.user)?;
        let needed = self.needs_factor(purpose)?;
        if needed && !has {
            return Err(AppError::factor_needed());
        }
        Ok(needed || (matches!(purpose, Purpose::OwnSignIn | Purpose::UnusualAccess) && has))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authentication_serves_its_purpose_for_five_minutes_with_what_it_had() {
        let fresh = Fresh::new(Purpose::SignIn, true, at(100));
        assert!(fresh.serves(Purpose::Administration, true, at(100 + 299)), "a sign-in with both, 4:59 ago");
        assert!(!fresh.serves(Purpose::Administration, true, at(100 + 300)), "5:00 is stale");
        assert!(!fresh.serves(Purpose::Signing, true, at(101)), "a signature is for itself alone");
        let fresh = Fresh::new(Purpose::Signing, true, at(100));
        assert!(fresh.serves(Purpose::Signing, true, at(101)), "one that was made for it");
        assert!(!fresh.serves(Purpose::Administration, true, at(101)), "and it is for nothing else");
        let fresh = Fresh::new(Purpose::SignIn, true, at(100));
        assert!(!fresh.serves(Purpose::UnusualAccess, true, at(101)), "who has just signed in is asked all the same");
        let fresh = Fresh::new(Purpose::SignIn, false, at(100));
        assert!(!fresh.serves(Purpose::Administration, true, at(101)), "a password alone is no second factor");
        assert!(fresh.serves(Purpose::OwnSignIn, false, at(101)), "where one is not asked for it does");
    }

    fn at(seconds: u64) -> Moment {
        Moment { utc: chrono::DateTime::UNIX_EPOCH, since_boot: Duration::from_secs(seconds) }
    }
}
