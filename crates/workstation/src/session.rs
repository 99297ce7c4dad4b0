//! Sign-in, lock, unlock and sign-out.

use std::sync::Arc;
use std::time::Duration;

use vigil_model::{PatientId, PurposeOfUse, Role, Sensitive, SessionId, UserId};
use vigil_policy::{Facts, Interaction, Posture, Principal, Request, is_allowed, sections_of};
use vigil_vault::{CardError, Tx, UserKeys, UserRecord, VaultError};

use crate::act::purpose_of;
use crate::fleet::desk::DeskToken;
use crate::index::SearchIndex;
use crate::lock::Due;
use crate::on_screen::OnScreen;
use crate::posture::Entrance;
use crate::print::papers_of;
use crate::reauthentication::Fresh;
use crate::recovery::stage_of;
use crate::relationship::Involvement;
use crate::second_factor::{Proof, Refused, Who, said};
use crate::session_token::SessionToken;
use crate::suspension::may_lift;
use crate::tail::Tail;
use crate::throttle::left_to_wait;
use crate::view::{
    Abilities, PlaceUpdateRequest, PreferencesView, SessionCreateRequest, SessionEndRequest, SessionUnlockRequest,
    SessionView, Stage, SuspensionNoteView, UserView,
};
use crate::worklist::worklists_of;
use crate::write::LastWrite;
use crate::{AppError, ErrorCode, Event, Moment, Purpose, Workstation, clock, lock_of, preference};

/// Routes, ids and what the user typed into a few fields; more is a bug or an attack.
const LONGEST_PLACE: usize = 16 * 1024;
/// What the place is sealed as.
const PLACE: &str = "place";

/// One stay of a user.
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) user: UserRecord,
    pub(crate) signed_in_at: Moment,
    /// Time since boot at the last authentication with everything that a sign-in asks for.
    pub(crate) authenticated: Duration,
    /// The last authentication, for what asks for a fresh one.
    pub(crate) fresh: Option<Fresh>,
    /// Time since boot at the last real input.
    pub(crate) last_input: Duration,
    pub(crate) warned: bool,
    /// Sealed with the user's own keys: it holds what was typed, and has to outlive the lock.
    pub(crate) place: Option<Vec<u8>>,
    /// How the user likes the screen.
    pub(crate) preferences: PreferencesView,
    /// Somebody else gave the password: another one has to be chosen before anything else.
    pub(crate) password_due: bool,
    /// Who is at work, as every use case takes it; gone while locked.
    pub(crate) token: Option<SessionToken>,
    /// Why the account is suspended on this workstation, if it is.
    pub(crate) suspension: Option<SuspensionNoteView>,
    /// Gone while locked.
    pub(crate) unlocked: Option<Arc<Unlocked>>,
}

/// What exists only while unlocked; wiped when the last use case that holds it ends.
pub(crate) struct Unlocked {
    pub(crate) keys: Arc<UserKeys>,
    pub(crate) index: SearchIndex,
    pub(crate) tail: Tail,
    /// Which chart stands on the screen.
    pub(crate) screen: Arc<OnScreen>,
    /// What the user wrote last.
    pub(crate) last_write: Arc<LastWrite>,
    /// What the server's desk over the fleet is opened with.
    pub(crate) desk: Arc<DeskToken>,
    /// What the user takes part in; `None`: the account is linked to no Practitioner.
    pub(crate) involvement: Option<Arc<Involvement>>,
    /// How many records had been destroyed when the index was made.
    pub(crate) destroyed: u64,
    /// How the user likes the screen, as it was stored when they came in.
    pub(crate) preferences: PreferencesView,
}

impl Unlocked {
    /// The same with another index of the patients; what was read ahead of it is dropped.
    pub(crate) fn with_index(&self, index: SearchIndex, destroyed: u64) -> Self {
        Self {
            keys: Arc::clone(&self.keys),
            index,
            tail: Tail::default(),
            screen: Arc::clone(&self.screen),
            last_write: Arc::clone(&self.last_write),
            desk: Arc::clone(&self.desk),
            involvement: self.involvement.clone(),
            destroyed,
            preferences: self.preferences.clone(),
        }
    }
}

impl Workstation {
    /// Where the workstation stands.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn session_read(&self) -> Result<SessionView, AppError> {
        let now = self.clock.now();
        self.lock_if_idle(now);
        self.session_token_upkeep(now, false);
        self.session_view()
    }

    /// Signs a user in, or asks for what is still missing: a second factor, or that one is set up. Whoever was signed in
    /// before is signed out.
    ///
    /// Where every sign-in needs a second factor, all is asked for at once and nothing tells which part was wrong.
    ///
    /// # Errors
    /// [`ErrorCode::WrongPassword`] without a hint whether the name exists; [`ErrorCode::RefusedForNow`] after too many;
    /// [`ErrorCode::CardRefused`] in words of the card; [`ErrorCode::PostureRefused`] where the policy refuses a workstation
    /// like this one.
    pub fn session_create(&self, request: SessionCreateRequest) -> Result<SessionView, AppError> {
        let (password, proof) = (Sensitive::new(request.password), request.proof.map(Proof::from));
        self.turn_away();
        let with_card = matches!(proof, Some(Proof::Card { .. }));
        if with_card {
            // Asked before the password, so that an empty reader tells nothing about it.
            self.card_reader()?.look().map_err(|error| AppError::new(ErrorCode::CardRefused, error.to_string()))?;
        }
        let id = self.new_session_id();
        let both = self.needs_factor(Purpose::SignIn)?;
        let (user, keys, factor) = self
            .guarded(&request.username, &Principal::Anonymous, |vault| {
                let (user, keys) = self.let_in(vault, &request.username, &password)?;
                if user.emergency_account {
                    // It has a door of its own, where an alarm comes first.
                    return Err(Refused::Vault(VaultError::WrongPassword));
                }
                let who = Who { user: user.id, role: user.role, session: id };
                // Whoever has none yet is let on to setting one up: the password is all they can show.
                let factor = vault.has_factor(user.id)? && (both || proof.is_some());
                if factor {
                    self.factor_shown(&who, &keys, proof, Purpose::SignIn)?;
                }
                Ok((user, keys, factor))
            })
            .map_err(|error| if with_card { error.or_other_card() } else { error })?;
        self.slot_renew_if_due(&user, &password);
        let entrance = self.entrance(&user, request.despite_refusal)?;
        self.arrive(user, keys, factor, id, entrance)
    }

    /// Unlocks for the user who is signed in and brings the same place back. The password is enough within the session's
    /// hours; after them, or where the policy says so, it takes what a sign-in takes (ADR 11).
    ///
    /// # Errors
    /// As [`Self::session_create`].
    pub fn session_unlock(&self, request: SessionUnlockRequest) -> Result<SessionView, AppError> {
        let (password, proof) = (self.typed(request.password), request.proof.map(Proof::from));
        let (username, who, expired) = self.refusing("session_unlock", || {
            let session = lock_of(&self.session)?;
            let session = session.as_ref().ok_or_else(AppError::not_signed_in)?;
            let who = Who { user: session.user.id, role: session.user.role, session: session.id };
            Ok((session.user.username.clone(), who, self.is_expired(session, self.clock.now())))
        })?;
        let (user, keys, has, factor) = self.guarded(&username, &who.principal(), |vault| {
            let (user, keys) = vault.unlock(&username, &password)?;
            let has = vault.has_factor(user.id)?;
            let factor = has && (proof.is_some() || expired || self.policy.sign_in.unlock_needs_factor());
            if factor {
                self.factor_shown(&who, &keys, proof, Purpose::SignIn)?;
            }
            Ok((user, keys, has, factor))
        })?;
        self.slot_renew_if_due(&user, &password);
        if !has && !user.emergency_account && self.must_have_factor(user.role)? {
            // It was removed meanwhile: the way in is the way through setting one up.
            return self.arrive(user, keys, false, self.new_session_id(), Entrance::Ordinary);
        }
        let password_due = self.vault()?.must_choose_password(user.id)?;
        let suspension = self.suspension_note(&user)?;
        let unlocked =
            self.enter(&user, who.session, Arc::new(keys), Interaction::SessionUnlock, &Entrance::Ordinary)?;
        let token = self.session_token(user.id, user.role, who.session)?;
        let now = self.clock.now();
        {
            let mut session = lock_of(&self.session)?;
            let session = session.as_mut().filter(|one| one.id == who.session).ok_or_else(AppError::not_signed_in)?;
            // Another role is seen at the unlock, also where nothing else told of it.
            session.user = user;
            session.token = Some(token);
            session.unlocked = Some(unlocked);
            *lock_of(&self.notice)? = None;
            session.password_due = password_due;
            session.suspension = suspension;
            session.last_input = now.since_boot;
            session.warned = false;
            if factor || !has {
                session.authenticated = now.since_boot;
                session.fresh = Some(Fresh::new(Purpose::SignIn, factor, now));
            }
        }
        self.changed()
    }

    /// Locks at once.
    ///
    /// # Errors
    /// When the audit entry cannot be written; the screen is locked all the same.
    pub fn session_lock(&self) -> Result<SessionView, AppError> {
        self.lock(Interaction::SessionLock)?;
        self.session_view()
    }

    /// Signs out. Switching to another user is the same for everything but the place: that waits, sealed, for this user's next sign-in here,
    /// as long as the program runs.
    ///
    /// # Errors
    /// When the audit entry cannot be written; the user is signed out all the same.
    pub fn session_end(&self, request: SessionEndRequest) -> Result<SessionView, AppError> {
        self.end(request.keep_place)?;
        self.changed()
    }

    /// The program ends: signs out whoever is signed in and closes the log with a checkpoint.
    ///
    /// # Errors
    /// When the audit entry cannot be written.
    pub fn close(&self) -> Result<(), AppError> {
        let signed_in = lock_of(&self.session)?.is_some();
        self.end(false)?;
        match self.vault.get() {
            // Somebody may have come no further than the way in: their entries are marked all the same.
            Some(vault) if !signed_in => Ok(vault.checkpoint(self.clock.now())?),
            _ => Ok(()),
        }
    }

    /// Remembers where the user is.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for a place that is too long.
    pub fn session_place_update(&self, request: PlaceUpdateRequest) -> Result<(), AppError> {
        if request.place.len() > LONGEST_PLACE {
            return Err(AppError::invalid(format!("a place has at most {LONGEST_PLACE} bytes")));
        }
        let place = Sensitive::new(request.place);
        self.refusing("session_place_update", || {
            let mut session = lock_of(&self.session)?;
            let session = session.as_mut().ok_or_else(AppError::not_signed_in)?;
            let unlocked = session.unlocked.as_ref().ok_or_else(AppError::locked)?;
            // EXPOSE: sealed here, and wiped.
            session.place = Some(unlocked.keys.seal_own(PLACE, place.expose())?);
            Ok(())
        })
    }

    /// Where the user was before the lock, or before somebody else took over.
    ///
    /// # Errors
    /// That nobody is signed in, or that the screen is locked.
    pub fn session_place_read(&self) -> Result<Option<String>, AppError> {
        self.refusing("session_place_read", || {
            let session = lock_of(&self.session)?;
            let session = session.as_ref().ok_or_else(AppError::not_signed_in)?;
            let unlocked = session.unlocked.as_ref().ok_or_else(AppError::locked)?;
            let Some(sealed) = &session.place else { return Ok(None) };
            // One that does not open any more (the user's keys were renewed meanwhile) is no place; there is no harm in beginning at home.
            let place = unlocked.keys.open_own(PLACE, sealed).ok();
            Ok(place.and_then(|place| String::from_utf8(place.to_vec()).ok()))
        })
    }

    /// The place that waits for a user since somebody else took over.
    pub(crate) fn parked_place(&self, user: &UserId) -> Result<Option<Vec<u8>>, AppError> {
        Ok(lock_of(&self.parked)?.remove(user))
    }

    /// Real input came, from where the window system delivers it.
    pub fn input(&self) {
        let now = self.clock.now();
        self.lock_if_idle(now);
        {
            let Ok(mut session) = self.session.lock() else { return };
            let Some(session) = session.as_mut().filter(|session| session.unlocked.is_some()) else { return };
            session.last_input = now.since_boot;
            if std::mem::take(&mut session.warned) {
                (self.notify)(Event::LockWarning(None));
            }
        }
        // The look every second renews the token. Input does it where that look fails, so that the thread of the window
        // does not wait for the vault.
        if self.token_is_late(now) {
            self.session_token_upkeep(now, true);
        }
    }

    /// Looks at the time: warns, or locks. Called every second; a use case looks as well.
    pub fn tick(&self) {
        let now = self.clock.now();
        self.emergency_accesses_expire(now);
        if let Some(vault) = self.vault.get()
            && let Err(error) = vault.checkpoint_when_due(now)
        {
            tracing::warn!(%error, "the audit checkpoint is late");
        }
        if let Err(error) = self.forget_destroyed() {
            tracing::warn!(code = ?error.code, "a destroyed record is still in the index of this session");
        }
        self.keys_upkeep();
        if let Err(error) = self.escalate_when_due(now) {
            tracing::warn!(%error, "it could not be put on record that a review is overdue; it is tried again in a minute");
        }
        let due = self.lock_if_idle(now);
        self.session_token_upkeep(now, false);
        if let Due::Warning(seconds) = due
            && let Ok(mut session) = self.session.lock()
            && let Some(session) = session.as_mut()
        {
            session.warned = true;
            (self.notify)(Event::LockWarning(Some(seconds)));
        }
    }

    /// Locks if the idle time is over, or the session's hours are.
    pub(crate) fn lock_if_idle(&self, now: Moment) -> Due {
        self.arrival_expires(now);
        let (due, why) = match self.session.lock() {
            Ok(session) => session.as_ref().filter(|session| session.unlocked.is_some()).map_or(
                (Due::Nothing, Interaction::SessionIdleLock),
                |session| match self.idle_lock().due(session.last_input, now) {
                    Due::Lock => (Due::Lock, Interaction::SessionIdleLock),
                    _ if self.is_expired(session, now) => (Due::Lock, Interaction::SessionExpire),
                    due @ (Due::Nothing | Due::Warning(_)) => (due, Interaction::SessionIdleLock),
                },
            ),
            Err(_) => (Due::Lock, Interaction::SessionIdleLock),
        };
        if due == Due::Lock
            && let Err(error) = self.lock(why)
        {
            tracing::error!(code = ?error.code, "the lock is not on record");
        }
        due
    }

    /// Whether the session has lasted as long as one may. Time since boot that runs backwards ends it too.
    fn is_expired(&self, session: &Session, now: Moment) -> bool {
        let hours = u64::from(self.policy.sign_in.session_hours());
        now.since_boot.checked_sub(session.authenticated).is_none_or(|age| age >= Duration::from_secs(hours * 3600))
    }

    /// The token of the session is not accepted any more, and why is on record.
    pub(crate) fn lock_after_refusal(&self) -> Result<(), AppError> {
        self.lock(Interaction::SessionLock)
    }

    /// Drops the keys first, then says so to the log and to the screen.
    fn lock(&self, interaction: Interaction) -> Result<(), AppError> {
        self.lock_and(|principal| self.record(interaction, principal))
    }

    /// The same, with what goes on record in the hands of the caller.
    pub(crate) fn lock_and(&self, record: impl FnOnce(Principal) -> Result<(), AppError>) -> Result<(), AppError> {
        let arriving = self.arrival.lock().is_ok_and(|arrival| arrival.is_some());
        self.turn_away();
        if arriving {
            self.changed()?;
        }
        let principal = {
            let mut session = match self.session.lock() {
                Ok(session) => session,
                Err(poisoned) => poisoned.into_inner(),
            };
            let Some(session) = session.as_mut() else { return Ok(()) };
            session.token = None;
            if session.unlocked.take().is_none() {
                return Ok(());
            }
            session.warned = false;
            session.fresh = None;
            Principal::User { id: session.user.id, role: session.user.role, session: session.id }
        };
        self.emergency_accesses_lock();
        self.recovery_draft_drop();
        self.emergency_draft_drop();
        let recorded = record(principal);
        self.changed()?;
        recorded?;
        self.vault()?.checkpoint(self.clock.now())?;
        Ok(())
    }

    pub(crate) fn end(&self, keep_place: bool) -> Result<(), AppError> {
        self.turn_away();
        let Some(mut session) = lock_of(&self.session)?.take() else { return Ok(()) };
        if let Some(place) = session.place.take().filter(|_| keep_place) {
            lock_of(&self.parked)?.insert(session.user.id, place);
        }
        let principal = Principal::User { id: session.user.id, role: session.user.role, session: session.id };
        let id = session.id;
        drop(session);
        self.recovery_draft_drop();
        self.emergency_draft_drop();
        self.emergency_accesses_end(id, &principal);
        self.record(Interaction::SessionEnd, principal)?;
        self.vault()?.checkpoint(self.clock.now())?;
        Ok(())
    }

    /// The account was closed, or got another role, while its session went on: the session is over, whatever it was doing, and
    /// the screen says why.
    pub(crate) fn end_if_closed(&self, error: &AppError, session: SessionId) {
        if error.code != ErrorCode::NotSignedIn {
            return;
        }
        let ours = self.session.lock().is_ok_and(|now| now.as_ref().is_some_and(|now| now.id == session));
        if ours {
            self.notice_put(&error.message);
        }
        if ours && let Err(error) = self.end(false).and_then(|()| self.changed().map(drop)) {
            tracing::error!(code = ?error.code, "the end of a closed account's session is not on record");
        }
    }

    /// Runs what a password opens, and a second factor after it; failures are counted, slowed down and audited.
    pub(crate) fn guarded<T>(
        &self,
        username: &str,
        principal: &Principal,
        open: impl FnOnce(&vigil_vault::Vault) -> Result<T, Refused>,
    ) -> Result<T, AppError> {
        let vault = self.vault()?;
        let now = self.clock.now();
        let failures = vault.sign_in_failures(username)?;
        let left = left_to_wait(&failures, now, self.clock.boot());
        if !left.is_zero() {
            self.record_refusal(principal, now, |_| Ok(()))?;
            let seconds = left.as_secs() + 1;
            return Err(AppError::new(
                ErrorCode::RefusedForNow,
                format!("too many failed attempts; try again in {seconds} seconds"),
            ));
        }
        let refused = match open(vault) {
            Ok(entered) => return Ok(entered),
            Err(refused) => refused,
        };
        match &refused {
            Refused::Vault(VaultError::WrongPassword) | Refused::ServerUnasked => {
                self.record_refusal(principal, now, |tx| tx.sign_in_failure(username, self.clock.boot()).map(drop))?;
            }
            // It counts as a wrong password does, so that codes are guessed no faster.
            Refused::Factor(who) => self.record_factor_refusal(*who, now, username)?,
            Refused::Card(who, CardError::OtherCard | CardError::WrongPin(_) | CardError::PinLocked) => {
                self.record_factor_refusal(*who, now, username)?;
            }
            // An empty or broken reader is nobody's guess.
            Refused::Card(who, _) => {
                let permit = self.permitted(session_request(Interaction::FactorRefuse, who.principal()))?;
                vault.transaction(permit, None, now, |_| Ok::<(), AppError>(()))?;
            }
            Refused::Vault(other) => self.record_refusal(principal, now, |tx| {
                tx.integrity_failure(other);
                Ok(())
            })?,
            Refused::Other(_) => self.record_refusal(principal, now, |_| Ok(()))?,
        }
        Err(said(refused))
    }

    fn record_factor_refusal(&self, who: Who, now: Moment, username: &str) -> Result<(), AppError> {
        let permit = self.permitted(session_request(Interaction::FactorRefuse, who.principal()))?;
        self.vault()?
            .transaction(permit, None, now, |tx| Ok(tx.sign_in_failure(username, self.clock.boot()).map(drop)?))
    }

    /// What the user who is signed in types to sign in.
    pub(crate) fn username(&self) -> Result<String, AppError> {
        let session = lock_of(&self.session)?;
        Ok(session.as_ref().ok_or_else(AppError::not_signed_in)?.user.username.clone())
    }

    fn record_refusal(
        &self,
        principal: &Principal,
        now: Moment,
        work: impl FnOnce(&mut Tx<'_>) -> Result<(), VaultError>,
    ) -> Result<(), AppError> {
        let permit = self.permitted(session_request(Interaction::SessionRefuse, principal.clone()))?;
        Ok(self.vault()?.transaction(permit, None, now, work)?)
    }

    /// The audit entry of a sign-in or unlock, then the patient index.
    pub(crate) fn enter(
        &self,
        user: &UserRecord,
        session: SessionId,
        keys: Arc<UserKeys>,
        interaction: Interaction,
        entrance: &Entrance,
    ) -> Result<Arc<Unlocked>, AppError> {
        let vault = self.vault()?;
        let principal = Principal::User { id: user.id, role: user.role, session };
        let mut request = session_request(interaction, principal.clone());
        if let Entrance::Despite { reason, .. } = entrance {
            request.purpose = reason.purpose();
            request.facts.posture = Some(Posture::Refused);
        }
        let permit = self.permitted(request)?;
        let preferences = vault.transaction(permit, Some(&keys), self.clock.now(), |tx| -> Result<_, VaultError> {
            if let Entrance::Despite { refused, reason } = entrance {
                tx.posture_noted(&format!("overridden: {refused} reason={}", reason.code()))?;
            }
            tx.signed_in(user.id)?;
            preference::read(tx)
        })?;
        // Counted before the directory is read: one that is destroyed in between is looked for once more.
        let destroyed = vault.destroyed_count()?;
        // Nobody is searched for before a password that somebody else gave was replaced.
        let (rows, involvement) = if sections_of(user.role).is_empty() || vault.must_choose_password(user.id)? {
            (Vec::new(), None)
        } else {
            let permit = self.permitted(session_request(Interaction::DirectoryRead, principal))?;
            vault.transaction(permit, Some(&keys), self.clock.now(), |tx| -> Result<_, AppError> {
                let mut rows: Vec<(PatientId, _)> = Vec::new();
                tx.directory(|row| rows.push((row.patient, row.demographics.ok())))?;
                Ok((rows, Involvement::read(tx, user.id, self.clock.now().utc)?.map(Arc::new)))
            })?
        };
        Ok(Arc::new(Unlocked {
            keys,
            index: SearchIndex::build(rows),
            tail: Tail::default(),
            screen: Arc::default(),
            last_write: Arc::default(),
            desk: Arc::default(),
            involvement,
            destroyed,
            preferences,
        }))
    }

    /// An entry about the session itself.
    pub(crate) fn record(&self, interaction: Interaction, principal: Principal) -> Result<(), AppError> {
        let permit = self.permitted(session_request(interaction, principal))?;
        self.vault()?.transaction(permit, None, self.clock.now(), |_| Ok::<(), AppError>(()))
    }

    /// Tells the screen, and gives what it was told.
    pub(crate) fn changed(&self) -> Result<SessionView, AppError> {
        let view = self.session_view()?;
        (self.notify)(Event::SessionChanged(Box::new(view.clone())));
        Ok(view)
    }

    pub(crate) fn session_view(&self) -> Result<SessionView, AppError> {
        let frame = self.frame()?;
        let arrival = lock_of(&self.arrival)?.clone();
        if let Some(arrival) = arrival {
            return Ok(SessionView { stage: self.asked_of(&arrival)?, user: Some(user_view(&arrival.user)), ..frame });
        }
        // The vault is asked while nothing is held: whoever holds it may be waiting for the session.
        let asked = {
            let session = lock_of(&self.session)?;
            session.as_ref().filter(|session| session.unlocked.is_none()).and_then(|session| {
                let asked = self.policy.sign_in.unlock_needs_factor() || self.is_expired(session, self.clock.now());
                asked.then_some(session.user.id)
            })
        };
        let factor_at_unlock = asked.map(|user| self.vault()?.has_factor(user).map_err(AppError::from)).transpose()?;
        let session = lock_of(&self.session)?;
        let Some(session) = session.as_ref() else { return Ok(frame) };
        let unlocked = session.unlocked.is_some();
        Ok(SessionView {
            stage: if unlocked { Stage::Unlocked } else { Stage::Locked },
            user: Some(user_view(&session.user)),
            preferences: session.preferences.clone(),
            signed_in_at: Some(clock::text(&session.signed_in_at.utc)),
            factor_at_unlock: factor_at_unlock.unwrap_or(false),
            may: if unlocked && !session.password_due { abilities(session.user.role) } else { Abilities::default() },
            password_due: unlocked && session.password_due,
            suspension: session.suspension.clone(),
            suspended_accounts: if unlocked && may_lift(session.user.role) {
                Some(self.vault()?.suspended_count()?)
            } else {
                None
            },
            recovery: if unlocked && session.user.role == Role::Administrator {
                Some(stage_of(&self.vault()?.recovery_state()?))
            } else {
                None
            },
            reviews: if unlocked && session.user.role == Role::PrivacyOfficer {
                Some(self.reviews_due()?)
            } else {
                None
            },
            emergency_account_used: if unlocked { self.emergency_account_used(session.user.role)? } else { None },
            // Whoever is signed in may go on; the page of the posture says the rest.
            refusals: Vec::new(),
            ..frame
        })
    }
}

pub(crate) fn user_view(user: &UserRecord) -> UserView {
    UserView {
        id: user.id.to_string(),
        username: user.username.clone(),
        display_name: user.display_name.clone(),
        role: user.role,
        last_sign_in: user.last_sign_in.as_ref().map(clock::text),
        disabled: user.disabled,
        practitioner: user.practitioner.clone(),
        factors: Vec::new(),
        team_ids: Vec::new(),
        last_use: None,
        unused_days: None,
        emergency_account: user.emergency_account,
    }
}

fn abilities(role: Role) -> Abilities {
    let asked = |interaction| {
        let principal = Principal::User {
            id: vigil_model::UserId::from_uuid(uuid::Uuid::nil()),
            role,
            session: SessionId::from_uuid(uuid::Uuid::nil()),
        };
        session_request(interaction, principal)
    };
    let may = |interaction| is_allowed(&asked(interaction));
    // Somebody who is about to come.
    let registers = Request { patient: PatientId::parse("new").ok(), ..asked(Interaction::PatientCreate) };
    Abilities {
        search_patients: may(Interaction::PatientSearch),
        register_patients: is_allowed(&registers),
        write_notes: may(Interaction::CompositionSearch),
        list_amendments: may(Interaction::TaskSearch),
        sections: sections_of(role).to_vec(),
        import: may(Interaction::ImportCreate),
        back_up: may(Interaction::BackupCreate),
        administer_users: may(Interaction::UserCreate),
        verify_audit: may(Interaction::AuditVerify),
        review_emergency_access: may(Interaction::EmergencyAccessReview),
        read_reports: may(Interaction::AccessReportRead),
        read_rights: may(Interaction::AccessRightsRead),
        read_posture: may(Interaction::PostureRead),
        see_keys: may(Interaction::KeySearch),
        rotate_keys: may(Interaction::KeyRotate),
        destroy_records: may(Interaction::PatientDestructionSearch),
        worklists: worklists_of(role),
        lift_suspensions: may(Interaction::UserSuspensionLift),
        print: papers_of(role),
        join_fleet: may(Interaction::FleetJoin),
        oversee_fleet: may(Interaction::IncidentSearch),
        decide_cases: may(Interaction::IncidentDecide),
    }
}

/// A request about no patient.
pub(crate) fn session_request(interaction: Interaction, principal: Principal) -> Request {
    let purpose = match &principal {
        Principal::User { role, .. } => purpose_of(*role, interaction),
        Principal::Anonymous | Principal::Workstation => PurposeOfUse::Administration,
    };
    Request { principal, interaction, patient: None, restricted: false, purpose, facts: Facts::default() }
}
