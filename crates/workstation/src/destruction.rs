//! Destroying a patient's keys, or one entry of a record: one administrator or privacy officer asks, another one agrees, each freshly authenticated.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use std::collections::HashSet;
use std::sync::Arc;

use chrono::TimeDelta;
use vigil_model::{PatientId, PurposeOfUse, ResourceName};
use vigil_policy::{Facts, Interaction, Principal, Request};
use vigil_vault::{Destruction, DestructionState, Tombstone, Vault, VaultError};

use crate::act::{Present, permitted};
use crate::chart_read::patient_id;
use crate::patient::name;
use crate::view::{
    DestructionDecideRequest, DestructionListView, DestructionRequest, DestructionRow, DestructionStage,
};
use crate::{AppError, Moment, Purpose, Workstation, clock, lock_of};

/// Hours within which the second person has to agree.
const HOURS: u32 = 72;
/// How many requests are listed.
const MOST: u32 = 200;
/// How long the words are, in characters.
const WORDS: std::ops::RangeInclusive<usize> = 10..=500;

impl Workstation {
    /// Asks for the destruction of a patient's keys, or of one entry of the record. Returns the number of the request.
    ///
    /// # Errors
    /// A denial; [`crate::ErrorCode::ReauthenticationNeeded`]; [`crate::ErrorCode::Invalid`] for words that do not do, a
    /// patient or an entry that is not here, and what was asked for already.
    pub fn patient_destruction_request(&self, request: DestructionRequest) -> Result<u32, AppError> {
        let patient = patient_id(&request.patient_id)?;
        let words = request.words.trim();
        if !WORDS.contains(&words.chars().count()) {
            return Err(AppError::invalid(format!("the reason has {} to {} characters", WORDS.start(), WORDS.end())));
        }
        let resource = request.resource.as_deref().map(ResourceName::parse).transpose();
        let resource = resource.map_err(|error| AppError::invalid(error.to_string()))?;
        let expires_at = self.clock.now().utc + TimeDelta::hours(i64::from(HOURS));
        let interaction = Interaction::PatientDestructionRequest;
        self.act_reauthenticated(Purpose::Destruction, interaction, Some(&patient), |tx, _| {
            Ok(tx.destruction_request(resource.as_ref(), request.reason, words, expires_at)?)
        })
    }

    /// Every request, newest first.
    ///
    /// # Errors
    /// A denial, or that the vault could not be read.
    pub fn patient_destruction_search(&self) -> Result<DestructionListView, AppError> {
        self.act(Interaction::PatientDestructionSearch, None, |tx, present| {
            let rows = tx.destructions(MOST)?.into_iter().map(|one| row(one, present)).collect();
            Ok(DestructionListView { rows, hours: HOURS })
        })
    }

    /// Agrees, and destroys. When this returns nothing that the data folder and the sessions hold opens the record any more.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Forbidden`] for the person who asked and for other roles;
    /// [`crate::ErrorCode::ReauthenticationNeeded`]; [`crate::ErrorCode::Invalid`] when it does not wait any more, is about
    /// another patient, or a copy is in the way.
    pub fn patient_destruction_approve(&self, request: DestructionDecideRequest) -> Result<(), AppError> {
        let patient = patient_id(&request.patient_id)?;
        let interaction = Interaction::PatientDestructionApprove;
        self.act_reauthenticated(Purpose::Destruction, interaction, Some(&patient), |tx, _| {
            Ok(tx.destruction_approve(request.id)?)
        })?;
        let vault = self.vault()?;
        destroy_all(vault, &[], self.clock.now())?;
        vault.destructions_settle()?;
        self.forget_destroyed()
    }

    /// Withdraws a request that waits.
    ///
    /// # Errors
    /// A denial; [`crate::ErrorCode::Invalid`] when it does not wait any more or is about another patient.
    pub fn patient_destruction_withdraw(&self, request: DestructionDecideRequest) -> Result<(), AppError> {
        let patient = patient_id(&request.patient_id)?;
        self.act(Interaction::PatientDestructionWithdraw, Some(&patient), |tx, _| {
            Ok(tx.destruction_withdraw(request.id)?)
        })
    }

    /// Destroys at a start what was approved and cut off, and what came back with an older copy, before anybody signs in.
    /// Says whether the list is sound; one that is not is made anew from the database.
    pub(crate) fn destroy_what_is_due(&self, vault: &Vault) -> Result<Result<(), VaultError>, AppError> {
        let (known, sound) = match vault.tombstones() {
            Ok(known) => (known, Ok(())),
            Err(unsound @ VaultError::Tampered(_)) => (Vec::new(), Err(unsound)),
            Err(error) => return Err(error.into()),
        };
        destroy_all(vault, &known, self.clock.now())?;
        vault.destructions_settle()?;
        Ok(sound)
    }

    /// Takes what was destroyed since the session began out of it, here or in another program: the index, open glasses.
    pub(crate) fn forget_destroyed(&self) -> Result<(), AppError> {
        let Some(vault) = self.vault.get() else { return Ok(()) };
        let unlocked =
            |session: &Option<crate::session::Session>| session.as_ref().and_then(|one| one.unlocked.clone());
        let Some(now) = unlocked(&*lock_of(&self.session)?) else { return Ok(()) };
        let destroyed = vault.destroyed_count()?;
        if now.destroyed == destroyed {
            return Ok(());
        }
        let gone: HashSet<PatientId> = vault.destroyed_patients()?.into_iter().collect();
        let fresh = Arc::new(now.with_index(now.index.without(&gone), destroyed));
        {
            let mut session = lock_of(&self.session)?;
            let held = session.as_mut().and_then(|session| session.unlocked.as_mut());
            let Some(held) = held.filter(|held| Arc::ptr_eq(held, &now)) else { return Ok(()) };
            *held = fresh;
        }
        self.emergency_accesses_end_of(&gone);
        // The screen reads anew.
        self.changed().map(drop)
    }
}

/// Destroys what is due in `vault`: what was approved there, and what of `known` is not destroyed there.
pub(crate) fn destroy_all(vault: &Vault, known: &[Tombstone], now: Moment) -> Result<u32, AppError> {
    let due = vault.destructions_due(known)?;
    for tombstone in &due {
        let request = Request {
            principal: Principal::Workstation,
            interaction: tombstone.interaction(),
            patient: Some(tombstone.patient().clone()),
            restricted: false,
            purpose: PurposeOfUse::Compliance,
            facts: Facts::default(),
        };
        let permit = permitted(vault, request, now)?;
        vault.destroy(permit, now, tombstone)?;
    }
    Ok(u32::try_from(due.len()).unwrap_or(u32::MAX))
}

fn row(one: Destruction, present: &Present) -> DestructionRow {
    let who = |name: Option<String>| name.unwrap_or_else(|| "a user who is not known here".to_owned());
    DestructionRow {
        id: one.id,
        patient: present.unlocked.index.get(&one.patient).map(name),
        patient_id: one.patient.to_string(),
        resource: one.resource.map(|name| name.to_string()),
        reason: one.reason,
        words: match one.words {
            None => "decided after this copy was written; the words are not in it".to_owned(),
            Some(words) => words.unwrap_or_else(|undecodable| undecodable.to_string()),
        },
        requested: clock::text(&one.requested_at),
        requested_by: who(one.requested_by_display),
        expires: clock::text(&one.expires_at),
        stage: match one.state {
            DestructionState::Waiting => DestructionStage::Waiting,
            DestructionState::Lapsed => DestructionStage::Lapsed,
            DestructionState::Withdrawn => DestructionStage::Withdrawn,
            DestructionState::Approved => DestructionStage::Approved,
            DestructionState::Destroyed => DestructionStage::Destroyed,
        },
        decided: one.decided_at.as_ref().map(clock::text),
        decided_by: one.decided_by.map(|_| who(one.decided_by_display)),
        destroyed: one.destroyed_at.as_ref().map(clock::text),
        resources: u32::try_from(one.resources).unwrap_or(u32::MAX),
        own: one.requested_by == present.user,
    }
}
