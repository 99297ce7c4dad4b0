//! What happens to keys by itself: on schedule, and what was begun goes on. Group keys need an administrator's keys, so
//! that this runs while one is signed in; a database key needs a database that nobody has open.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use std::sync::Arc;

use vigil_model::{Role, SessionId};
use vigil_policy::{Interaction, Principal, authorize};
use vigil_vault::{Custodian, RotationCause, RotationProgress, Vault};

use crate::session::session_request;
use crate::view::{KeyListView, KeyResealPauseRequest, KeySearchRequest};
use crate::{AppError, Setup, Workstation, lock_of};

/// Rows that are sealed anew in one transaction: a fraction of a second.
const ROWS: u32 = 500;
/// A database that is larger is not written anew at a start by itself: somebody waits to sign in.
const LARGEST_AT_START: u64 = 512 << 20;

/// What is under way.
#[derive(Default)]
pub(crate) struct Upkeep {
    /// The session in which the schedule was looked at.
    session: Option<SessionId>,
    /// There may be something to go on with.
    work: bool,
    /// Somebody stopped it.
    pub(crate) paused: bool,
}

impl Workstation {
    /// Something was begun that takes several steps.
    pub(crate) fn keys_work_is_there(&self) {
        if let Ok(mut upkeep) = self.upkeep.lock() {
            (upkeep.work, upkeep.paused) = (true, false);
        }
    }

    /// Looks at the schedule once in an administrator's session, and does one step of what is under way. Called every
    /// second.
    pub(crate) fn keys_upkeep(&self) {
        let Ok(present) = self.present() else { return };
        if present.role != Role::Administrator {
            return;
        }
        let (first, step) = {
            let Ok(mut upkeep) = self.upkeep.lock() else { return };
            let first = upkeep.session != Some(present.session);
            if first {
                *upkeep = Upkeep { session: Some(present.session), work: true, paused: false };
            }
            (first, upkeep.work && !upkeep.paused)
        };
        let done = if first { self.group_keys_rotate_if_due() } else { Ok(()) };
        let done = done.and_then(|()| if step { self.key_reseal_step().map(|left| left.is_some()) } else { Ok(false) });
        match done {
            Ok(left) if step => {
                if let Ok(mut upkeep) = self.upkeep.lock() {
                    upkeep.work = left;
                }
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "keys were not replaced; it is tried again at the next sign-in");
                if let Ok(mut upkeep) = self.upkeep.lock() {
                    upkeep.work = false;
                }
            }
        }
    }

    /// Does everything that is under way, to its end or until `go_on` says no: then it goes on another time.
    ///
    /// # Errors
    /// A denial, or what failed.
    pub fn key_reseal_run(&self, go_on: &mut dyn FnMut(RotationProgress) -> bool) -> Result<(), AppError> {
        while let Some(progress) = self.key_reseal_step()? {
            if !go_on(progress) {
                break;
            }
        }
        Ok(())
    }

    /// Stops what is under way, or lets it go on. Nothing is lost either way.
    ///
    /// # Errors
    /// A denial.
    pub fn key_reseal_pause(&self, request: KeyResealPauseRequest) -> Result<KeyListView, AppError> {
        self.asked(Interaction::KeyRotate)?;
        let list = self.key_search(KeySearchRequest { each_patient: false })?;
        let mut upkeep = lock_of(&self.upkeep)?;
        upkeep.paused = request.paused;
        upkeep.work |= !request.paused;
        drop(upkeep);
        let under_way =
            list.under_way.map(|progress| crate::view::KeyProgressView { paused: request.paused, ..progress });
        Ok(KeyListView { under_way, ..list })
    }

    /// One step; `None`: nothing is left.
    fn key_reseal_step(&self) -> Result<Option<RotationProgress>, AppError> {
        let (directory, patients) = self.vault()?.resealing()?;
        if directory {
            return self.act(Interaction::KeyReseal, None, |tx, _| Ok(tx.directory_reseal(ROWS)?));
        }
        if patients {
            return self.act(Interaction::KeyReseal, None, |tx, present| {
                Ok(tx.patients_reseal(ROWS, &present.unlocked.keys)?)
            });
        }
        Ok(None)
    }

    fn group_keys_rotate_if_due(&self) -> Result<(), AppError> {
        let (vault, now) = (self.vault()?, self.clock.now().utc);
        if vault.fleet()?.is_some() {
            // The server replaces the group keys of its fleet.
            return Ok(());
        }
        let exposed = vault.keys_exposed_at()?;
        for (key, made) in vault.group_key_ages()? {
            let known = exposed.is_some_and(|exposed| made.is_none_or(|made| made < exposed));
            let cause = match made {
                _ if known => RotationCause::Event,
                Some(made) if now - made < self.policy.keys.group_key() => continue,
                _ => RotationCause::Schedule,
            };
            self.act(Interaction::KeyRotate, None, |tx, present| {
                Ok(tx.group_key_rotate(key, cause, &present.unlocked.keys).map(drop)?)
            })?;
        }
        Ok(())
    }

    /// Replaces the database key where somebody asked for it or its time is over. A vault that somebody else uses, or a disk
    /// that is too full, waits for another start.
    pub(crate) fn database_key_upkeep(&self, vault: Vault, custodian: Arc<dyn Custodian>) -> Result<Vault, AppError> {
        let (age, now) = (vault.database_key_age()?, self.clock.now());
        let over = age.made_at.is_some_and(|made| now.utc - made >= self.policy.keys.database_key());
        let small = vault.database_bytes()? <= LARGEST_AT_START;
        let scheduled = (over && small).then_some(RotationCause::Schedule);
        let Some(cause) = age.asked.or(scheduled) else { return Ok(vault) };
        drop(vault);
        match self.database_key_replaced(&custodian, cause, &mut |_| true) {
            Ok(vault) => Ok(vault),
            Err(error) => {
                tracing::warn!(%error, "the database key was not replaced; it is tried again at the next start");
                Ok(Vault::open(&self.data, custodian)?)
            }
        }
    }

    /// Replaces the database key of a workstation that nobody has open: for the command line, after an administrator asked
    /// for it.
    ///
    /// # Errors
    /// Why it could not be done; then nothing has changed.
    pub fn database_key_rotate_unopened(
        setup: Setup,
        go_on: &mut dyn FnMut(vigil_vault::BackupProgress) -> bool,
    ) -> Result<(), AppError> {
        let workstation = Self::unopened(setup);
        let custodian = workstation.custodians().of_installation()?;
        workstation.database_key_replaced(&custodian, RotationCause::Demand, go_on)?;
        Ok(())
    }

    fn database_key_replaced(
        &self,
        custodian: &Arc<dyn Custodian>,
        cause: RotationCause,
        go_on: &mut dyn FnMut(vigil_vault::BackupProgress) -> bool,
    ) -> Result<Vault, AppError> {
        let request = session_request(Interaction::DatabaseKeyRotate, Principal::Workstation);
        let (permit, now) = (authorize(request)?, self.clock.now());
        Ok(Vault::database_key_rotate(&self.data, Arc::clone(custodian), permit, cause, now, go_on)?)
    }
}
