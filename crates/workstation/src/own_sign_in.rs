//! My sign-in: the second factors and recovery codes of oneself; and what an administrator may do about those of others.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use std::sync::Arc;
use std::time::Duration;

use vigil_model::{Sensitive, SessionId, UserId};
use vigil_policy::Interaction;
use vigil_vault::{FactorRecord, TotpSecret, Tx, UserKeys};

use crate::second_factor::{Refused, Who, said};
use crate::session::session_request;
use crate::view::{
    CardEnrolRequest, FactorCreateRequest, FactorCreatedView, FactorDeleteRequest, FactorView, OwnSignInView,
    RecoveryCodesView, TotpOfferView, UserFactorDeleteRequest,
};
use crate::{AppError, Purpose, Workstation, clock, lock_of, qr};

/// A secret that was shown and not confirmed yet.
pub(crate) struct Offer {
    session: SessionId,
    secret: TotpSecret,
    until: Duration,
}

/// How long a secret that was shown may be confirmed.
const OFFERED: Duration = Duration::from_secs(10 * 60);

/// Somebody who looks after how they sign in: in a session, or on the way into one.
struct Oneself {
    who: Who,
    username: String,
    keys: Arc<UserKeys>,
    arriving: bool,
}

impl Workstation {
    /// How the user signs in.
    ///
    /// # Errors
    /// When nobody is signed in or on the way in, or the vault cannot be read.
    pub fn own_sign_in_read(&self) -> Result<OwnSignInView, AppError> {
        let oneself = self.oneself(Interaction::FactorSearch)?;
        let required = self.must_have_factor(oneself.who.role)?;
        let smart_cards = self.policy.sign_in.smart_card_module.is_some();
        self.own(&oneself, Interaction::FactorSearch, |tx| {
            Ok(OwnSignInView {
                username: oneself.username.clone(),
                factors: tx.factors()?.iter().map(factor_view).collect(),
                recovery_codes_left: tx.recovery_codes_left()?,
                required,
                smart_cards,
            })
        })
    }

    /// Makes the secret of an authenticator and shows it. Nothing is stored before a first code confirms it.
    ///
    /// # Errors
    /// [`crate::ErrorCode::ReauthenticationNeeded`] within a session.
    pub fn totp_offer(&self) -> Result<TotpOfferView, AppError> {
        let oneself = self.oneself(Interaction::FactorCreate)?;
        self.fresh_for_own(&oneself)?;
        let secret = TotpSecret::make()?;
        let organization = self.vault()?.settings()?.organization;
        let view = TotpOfferView {
            text: secret.grouped_text().to_string(),
            qr: qr::rows(&secret.uri(&format!("Vigil {organization}"), &oneself.username))?,
        };
        let until = self.clock.now().since_boot + OFFERED;
        *lock_of(&self.offer)? = Some(Offer { session: oneself.who.session, secret, until });
        Ok(view)
    }

    /// Enrols the authenticator that was offered, once its first code shows that it took the secret.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for a code that does not fit, and when the offer is over.
    pub fn factor_create(&self, request: FactorCreateRequest) -> Result<FactorCreatedView, AppError> {
        let code = Sensitive::new(request.code);
        let oneself = self.oneself(Interaction::FactorCreate)?;
        self.fresh_for_own(&oneself)?;
        let now = self.clock.now();
        let over = || AppError::invalid("this took too long; begin anew");
        let offer = lock_of(&self.offer)?
            .take()
            .filter(|offer| offer.session == oneself.who.session && now.since_boot < offer.until)
            .ok_or_else(over)?;
        let made = self.own(&oneself, Interaction::FactorCreate, |tx| {
            tx.totp_insert("Authenticator app", &offer.secret, &code).map_err(wrong_first_code)
        });
        match made {
            Ok(factor) => self.enrolled(oneself, &factor),
            Err(error) => {
                // A mistyped code is typed again.
                *lock_of(&self.offer)? = Some(offer);
                Err(error)
            }
        }
    }

    /// Enrols the card in the reader: its key signs a challenge after the PIN.
    ///
    /// # Errors
    /// [`crate::ErrorCode::CardRefused`] in words of the card; [`crate::ErrorCode::ReauthenticationNeeded`].
    pub fn card_enrol(&self, request: CardEnrolRequest) -> Result<FactorCreatedView, AppError> {
        let pin = Sensitive::new(request.pin);
        let oneself = self.oneself(Interaction::FactorCreate)?;
        self.fresh_for_own(&oneself)?;
        let challenge = self.vault()?.factor_challenge(oneself.who.user, "enrolment")?;
        let answer = self.card_reader()?.enrol(&pin, &challenge, self.clock.now());
        let (key, signed) = answer.map_err(|error| said(Refused::Card(oneself.who, error)))?;
        let factor =
            self.own(&oneself, Interaction::FactorCreate, |tx| Ok(tx.card_insert(&key, &challenge, &signed)?))?;
        self.enrolled(oneself, &factor)
    }

    /// Removes one of one's own second factors.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for the last one where the policy asks for one.
    pub fn factor_delete(&self, request: FactorDeleteRequest) -> Result<(), AppError> {
        let oneself = self.oneself(Interaction::FactorDelete)?;
        self.fresh_for_own(&oneself)?;
        let required = self.must_have_factor(oneself.who.role)?;
        let has = self.own(&oneself, Interaction::FactorSearch, |tx| Ok(tx.factors()?.len()))?;
        if required && has < 2 {
            return Err(AppError::invalid(
                "you need a second factor here; set up another one before you remove this one",
            ));
        }
        self.own(&oneself, Interaction::FactorDelete, |tx| Ok(tx.factor_delete(request.id)?))
    }

    /// Makes new recovery codes; those before them are void.
    ///
    /// # Errors
    /// [`crate::ErrorCode::ReauthenticationNeeded`]; [`crate::ErrorCode::Invalid`] without a second factor.
    pub fn recovery_code_create(&self) -> Result<RecoveryCodesView, AppError> {
        let oneself = self.oneself(Interaction::RecoveryCodeCreate)?;
        self.fresh_for_own(&oneself)?;
        Ok(RecoveryCodesView { codes: self.codes(&oneself)? })
    }

    /// Removes the second factors of another user, who has to enrol anew.
    ///
    /// # Errors
    /// A denial; [`crate::ErrorCode::ReauthenticationNeeded`]; [`crate::ErrorCode::Invalid`] for oneself.
    pub fn user_factor_delete(&self, request: UserFactorDeleteRequest) -> Result<(), AppError> {
        let user = UserId::parse(&request.user_id).map_err(|_| AppError::invalid("there is no such user"))?;
        self.act_reauthenticated(Purpose::Administration, Interaction::UserFactorDelete, None, |tx, _| {
            Ok(tx.user_factors_delete(user)?)
        })
    }

    /// A secret that was offered is shown to nobody else.
    pub(crate) fn forget_offer(&self) {
        if let Ok(mut offer) = self.offer.lock() {
            *offer = None;
        }
    }

    fn enrolled(&self, oneself: Oneself, factor: &FactorRecord) -> Result<FactorCreatedView, AppError> {
        if oneself.arriving
            && let Some(arrival) = lock_of(&self.arrival)?.as_mut().filter(|one| one.session == oneself.who.session)
        {
            (arrival.factor, arrival.enrolled) = (true, true);
        }
        if !oneself.arriving
            && let Some(session) = lock_of(&self.session)?.as_mut().filter(|one| one.id == oneself.who.session)
            && let Some(fresh) = session.fresh.as_mut()
        {
            // It was shown to work a moment ago, within the same authentication.
            fresh.with_factor();
        }
        // With the first factor come the codes for the day when it is not at hand.
        let left = self.own(&oneself, Interaction::FactorSearch, |tx| Ok(tx.recovery_codes_left()?))?;
        let codes = if left == 0 { self.codes(&oneself)? } else { Vec::new() };
        Ok(FactorCreatedView { factor: factor_view(factor), codes })
    }

    fn codes(&self, oneself: &Oneself) -> Result<Vec<String>, AppError> {
        self.own(oneself, Interaction::RecoveryCodeCreate, |tx| {
            Ok(tx.recovery_codes_make()?.iter().map(|code| code.to_string()).collect())
        })
    }

    fn own<T>(
        &self,
        oneself: &Oneself,
        interaction: Interaction,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let permit = self.permitted(session_request(interaction, oneself.who.principal()))?;
        self.vault()?.transaction(permit, Some(&oneself.keys), self.clock.now(), work)
    }

    /// Whoever is on the way in has typed the password a moment ago.
    fn fresh_for_own(&self, oneself: &Oneself) -> Result<(), AppError> {
        if oneself.arriving {
            return Ok(());
        }
        let _consumed = self.reauthenticated(&oneself.who, Purpose::OwnSignIn)?;
        Ok(())
    }

    fn oneself(&self, interaction: Interaction) -> Result<Oneself, AppError> {
        self.arrival_expires(self.clock.now());
        // Somebody who has a factor and has not shown it is nobody yet.
        if let Some(arrival) = lock_of(&self.arrival)?.clone()
            && (arrival.factor || !self.vault()?.has_factor(arrival.user.id)?)
        {
            let who = arrival.who();
            return Ok(Oneself { who, username: arrival.user.username, keys: arrival.keys, arriving: true });
        }
        let present = self.present_for(interaction, None)?;
        let keys = Arc::clone(&present.unlocked.keys);
        Ok(Oneself { who: Who::of(&present), username: self.username()?, keys, arriving: false })
    }
}

/// A mistyped first code gives nothing away: whoever types it has just been shown the secret.
fn wrong_first_code(error: vigil_vault::VaultError) -> AppError {
    if matches!(error, vigil_vault::VaultError::WrongSecondFactor) {
        return AppError::invalid(
            "this code does not fit; wait for the next one and type it. If none fits, compare the clocks of both devices",
        );
    }
    error.into()
}

fn factor_view(factor: &FactorRecord) -> FactorView {
    FactorView {
        id: factor.id,
        kind: factor.kind.into(),
        name: factor.name.clone(),
        created: clock::text(&factor.created_at),
        last_used: factor.last_used.as_ref().map(clock::text),
    }
}
