//! Sign-in, lock, unlock and sign-out.

use std::sync::Arc;
use std::time::Duration;

use vigil_model::{PatientId, PurposeOfUse, Role, Sensitive, SessionId};
use vigil_policy::{Interaction, Principal, Request, authorize, sections_of};
use vigil_vault::{Tx, UserKeys, UserRecord, VaultError};

use crate::act::purpose_of;
use crate::index::SearchIndex;
use crate::lock::Due;
use crate::recovery::stage_of;
use crate::throttle::wait_after;
use crate::view::{
    Abilities, PlaceUpdateRequest, SessionCreateRequest, SessionUnlockRequest, SessionView, Stage, UserView,
};
use crate::{AppError, ErrorCode, Event, Moment, Workstation, clock, lock_of, new_uuid};

/// The place is routes and ids; more is a bug or an attack.
const LONGEST_PLACE: usize = 4096;

/// One stay of a user.
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) user: UserRecord,
    signed_in_at: Moment,
    /// Time since boot at the last real input.
    last_input: Duration,
    warned: bool,
    place: Option<String>,
    /// Somebody else gave the password: another one has to be chosen before anything else.
    pub(crate) password_due: bool,
    /// Gone while locked.
    pub(crate) unlocked: Option<Arc<Unlocked>>,
}

/// What exists only while unlocked; wiped when the last use case that holds it ends.
pub(crate) struct Unlocked {
    pub(crate) keys: UserKeys,
    pub(crate) index: SearchIndex,
}

impl Workstation {
    /// Where the workstation stands.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn session_read(&self) -> Result<SessionView, AppError> {
        self.lock_if_idle(self.clock.now());
        self.session_view()
    }

    /// Signs a user in. Whoever was signed in before is signed out.
    ///
    /// # Errors
    /// [`ErrorCode::WrongPassword`] without a hint whether the name exists; [`ErrorCode::RefusedForNow`] after too many.
    pub fn session_create(&self, request: SessionCreateRequest) -> Result<SessionView, AppError> {
        let password = Sensitive::new(request.password);
        let (user, keys) = self.authenticate(&request.username, &password, &Principal::Anonymous)?;
        if lock_of(&self.session)?.is_some() {
            self.end()?;
        }
        let now = self.clock.now();
        let id = SessionId::from_uuid(new_uuid(now));
        let password_due = self.vault()?.must_choose_password(user.id)?;
        let unlocked = self.enter(&user, id, keys, Interaction::SessionCreate)?;
        let session = Session {
            id,
            user,
            signed_in_at: now,
            last_input: self.clock.now().since_boot,
            warned: false,
            place: None,
            password_due,
            unlocked: Some(unlocked),
        };
        *lock_of(&self.session)? = Some(session);
        self.changed()
    }

    /// Unlocks for the user who is signed in and brings the same place back.
    ///
    /// # Errors
    /// As [`Self::session_create`].
    pub fn session_unlock(&self, request: SessionUnlockRequest) -> Result<SessionView, AppError> {
        let password = Sensitive::new(request.password);
        let (username, id, principal) = {
            let session = lock_of(&self.session)?;
            let session = session.as_ref().ok_or_else(AppError::not_signed_in)?;
            let principal = Principal::User { id: session.user.id, role: session.user.role, session: session.id };
            (session.user.username.clone(), session.id, principal)
        };
        let (user, keys) = self.authenticate(&username, &password, &principal)?;
        let password_due = self.vault()?.must_choose_password(user.id)?;
        let unlocked = self.enter(&user, id, keys, Interaction::SessionUnlock)?;
        {
            let mut session = lock_of(&self.session)?;
            let session = session.as_mut().filter(|s| s.id == id).ok_or_else(AppError::not_signed_in)?;
            session.unlocked = Some(unlocked);
            session.password_due = password_due;
            session.last_input = self.clock.now().since_boot;
            session.warned = false;
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

    /// Signs out.
    ///
    /// # Errors
    /// When the audit entry cannot be written; the user is signed out all the same.
    pub fn session_end(&self) -> Result<SessionView, AppError> {
        self.end()?;
        self.changed()
    }

    /// The program ends: signs out whoever is signed in and closes the log with a checkpoint.
    ///
    /// # Errors
    /// When the audit entry cannot be written.
    pub fn close(&self) -> Result<(), AppError> {
        self.end()
    }

    /// Remembers where the user is.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for a place that is too long.
    pub fn session_place_update(&self, request: PlaceUpdateRequest) -> Result<(), AppError> {
        if request.place.len() > LONGEST_PLACE {
            return Err(AppError::invalid(format!("a place has at most {LONGEST_PLACE} bytes")));
        }
        let mut session = lock_of(&self.session)?;
        let session = session.as_mut().ok_or_else(AppError::not_signed_in)?;
        if session.unlocked.is_none() {
            return Err(AppError::locked());
        }
        session.place = Some(request.place);
        Ok(())
    }

    /// Real input came, from where the window system delivers it.
    pub fn input(&self) {
        let now = self.clock.now();
        self.lock_if_idle(now);
        let Ok(mut session) = self.session.lock() else { return };
        let Some(session) = session.as_mut().filter(|session| session.unlocked.is_some()) else { return };
        session.last_input = now.since_boot;
        if std::mem::take(&mut session.warned) {
            (self.notify)(Event::LockWarning(None));
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
        if let Due::Warning(seconds) = self.lock_if_idle(now)
            && let Ok(mut session) = self.session.lock()
            && let Some(session) = session.as_mut()
        {
            session.warned = true;
            (self.notify)(Event::LockWarning(Some(seconds)));
        }
    }

    /// Locks if the idle time is over.
    pub(crate) fn lock_if_idle(&self, now: Moment) -> Due {
        let due = match self.session.lock() {
            Ok(session) => session
                .as_ref()
                .filter(|session| session.unlocked.is_some())
                .map_or(Due::Nothing, |session| self.idle_lock().due(session.last_input, now)),
            Err(_) => Due::Lock,
        };
        if due == Due::Lock
            && let Err(error) = self.lock(Interaction::SessionIdleLock)
        {
            tracing::error!(code = ?error.code, "the idle lock is not on record");
        }
        due
    }

    /// Drops the keys first, then says so to the log and to the screen.
    fn lock(&self, interaction: Interaction) -> Result<(), AppError> {
        let principal = {
            let mut session = match self.session.lock() {
                Ok(session) => session,
                Err(poisoned) => poisoned.into_inner(),
            };
            let Some(session) = session.as_mut() else { return Ok(()) };
            if session.unlocked.take().is_none() {
                return Ok(());
            }
            session.warned = false;
            Principal::User { id: session.user.id, role: session.user.role, session: session.id }
        };
        self.emergency_accesses_lock();
        self.recovery_draft_drop();
        let recorded = self.record(interaction, principal);
        self.changed()?;
        recorded?;
        self.vault()?.checkpoint(self.clock.now())?;
        Ok(())
    }

    fn end(&self) -> Result<(), AppError> {
        let Some(session) = lock_of(&self.session)?.take() else { return Ok(()) };
        let principal = Principal::User { id: session.user.id, role: session.user.role, session: session.id };
        let id = session.id;
        drop(session);
        self.recovery_draft_drop();
        self.emergency_accesses_end(id, &principal);
        self.record(Interaction::SessionEnd, principal)?;
        self.vault()?.checkpoint(self.clock.now())?;
        Ok(())
    }

    /// One key derivation; failures are counted, slowed down and audited.
    fn authenticate(
        &self,
        username: &str,
        password: &Sensitive<String>,
        principal: &Principal,
    ) -> Result<(UserRecord, UserKeys), AppError> {
        self.guarded(username, principal, |vault| vault.unlock(username, password))
    }

    /// Runs what a password opens; failures are counted, slowed down and audited.
    pub(crate) fn guarded<T>(
        &self,
        username: &str,
        principal: &Principal,
        open: impl FnOnce(&vigil_vault::Vault) -> Result<T, VaultError>,
    ) -> Result<T, AppError> {
        let vault = self.vault()?;
        let now = self.clock.now();
        let failures = vault.sign_in_failures(username)?;
        let since = failures.last.map(|last| (now.utc - last).to_std().unwrap_or(Duration::ZERO));
        let left = wait_after(failures.count).saturating_sub(since.unwrap_or(Duration::MAX));
        if !left.is_zero() {
            self.record_refusal(principal, now, |_| Ok(()))?;
            let seconds = left.as_secs() + 1;
            return Err(AppError::new(
                ErrorCode::RefusedForNow,
                format!("too many failed attempts; try again in {seconds} seconds"),
            ));
        }
        match open(vault) {
            Ok(entered) => Ok(entered),
            Err(VaultError::WrongPassword) => {
                self.record_refusal(principal, now, |tx| tx.sign_in_failure(username).map(drop))?;
                Err(AppError::wrong_password())
            }
            Err(other) => {
                self.record_refusal(principal, now, |tx| {
                    tx.integrity_failure(&other);
                    Ok(())
                })?;
                Err(other.into())
            }
        }
    }

    fn record_refusal(
        &self,
        principal: &Principal,
        now: Moment,
        work: impl FnOnce(&mut Tx<'_>) -> Result<(), VaultError>,
    ) -> Result<(), AppError> {
        let permit = authorize(session_request(Interaction::SessionRefuse, principal.clone()))?;
        Ok(self.vault()?.transaction(permit, None, now, work)?)
    }

    /// The audit entry of a sign-in or unlock, then the patient index.
    pub(crate) fn enter(
        &self,
        user: &UserRecord,
        session: SessionId,
        keys: UserKeys,
        interaction: Interaction,
    ) -> Result<Arc<Unlocked>, AppError> {
        let vault = self.vault()?;
        let principal = Principal::User { id: user.id, role: user.role, session };
        let permit = authorize(session_request(interaction, principal.clone()))?;
        vault.transaction(permit, Some(&keys), self.clock.now(), |tx| tx.signed_in(user.id))?;
        // Nobody is searched for before a password that somebody else gave was replaced.
        let rows = if sections_of(user.role).is_empty() || vault.must_choose_password(user.id)? {
            Vec::new()
        } else {
            let permit = authorize(session_request(Interaction::DirectoryRead, principal))?;
            vault.transaction(permit, Some(&keys), self.clock.now(), |tx| -> Result<_, AppError> {
                let mut rows: Vec<(PatientId, _)> = Vec::new();
                tx.directory(|row| rows.push((row.patient, row.demographics.ok())))?;
                Ok(rows)
            })?
        };
        Ok(Arc::new(Unlocked { keys, index: SearchIndex::build(rows) }))
    }

    /// An entry about the session itself.
    fn record(&self, interaction: Interaction, principal: Principal) -> Result<(), AppError> {
        let permit = authorize(session_request(interaction, principal))?;
        self.vault()?.transaction(permit, None, self.clock.now(), |_| Ok::<(), AppError>(()))
    }

    /// Tells the screen, and gives what it was told.
    pub(crate) fn changed(&self) -> Result<SessionView, AppError> {
        let view = self.session_view()?;
        (self.notify)(Event::SessionChanged(view.clone()));
        Ok(view)
    }

    fn session_view(&self) -> Result<SessionView, AppError> {
        let frame = self.frame()?;
        let session = lock_of(&self.session)?;
        let Some(session) = session.as_ref() else { return Ok(frame) };
        let unlocked = session.unlocked.is_some();
        Ok(SessionView {
            stage: if unlocked { Stage::Unlocked } else { Stage::Locked },
            user: Some(user_view(&session.user)),
            signed_in_at: Some(clock::text(&session.signed_in_at.utc)),
            place: if unlocked { session.place.clone() } else { None },
            may: if unlocked && !session.password_due { abilities(session.user.role) } else { Abilities::default() },
            password_due: unlocked && session.password_due,
            recovery: if unlocked && session.user.role == Role::Administrator {
                Some(stage_of(&self.vault()?.recovery_state()?))
            } else {
                None
            },
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
    }
}

fn abilities(role: Role) -> Abilities {
    let may = |interaction| {
        let principal = Principal::User {
            id: vigil_model::UserId::from_uuid(uuid::Uuid::nil()),
            role,
            session: SessionId::from_uuid(uuid::Uuid::nil()),
        };
        authorize(session_request(interaction, principal)).is_ok()
    };
    Abilities {
        search_patients: may(Interaction::PatientSearch),
        sections: sections_of(role).to_vec(),
        import: may(Interaction::ImportCreate),
        back_up: may(Interaction::BackupCreate),
        administer_users: may(Interaction::UserCreate),
        verify_audit: may(Interaction::AuditVerify),
        review_emergency_access: may(Interaction::EmergencyAccessReview),
    }
}

/// A request about no patient.
pub(crate) fn session_request(interaction: Interaction, principal: Principal) -> Request {
    let purpose = match &principal {
        Principal::User { role, .. } => purpose_of(*role, interaction),
        Principal::Anonymous | Principal::Workstation => PurposeOfUse::Administration,
    };
    Request { principal, interaction, patient: None, restricted: false, purpose }
}
