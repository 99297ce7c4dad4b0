//! Breaking the glass: a re-authentication makes the key, and only after the audit entry is durable does it open anything.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use vigil_model::{Moment, OverrideReason, PatientId, Sensitive, UserId, Verdict};
use vigil_policy::{Interaction, Permit};

use crate::key::{Kek, Secret};
use crate::slot::Owner;
use crate::{AccessRecord, Undecodable, UserKeys, Vault, VaultError, table};

/// What a re-authentication made: the second output of the same derivation as the session's key. It opens nothing by
/// itself and is used up by [`Vault::emergency_access_start`]; wiped when dropped.
pub struct EmergencyKey {
    owner: Owner,
    secret: Secret,
}

/// Why and until when.
pub struct EmergencyOpening<'a> {
    /// The coded reason.
    pub reason: OverrideReason,
    /// In the user's own words; sealed beside the audit entry.
    pub justification: &'a str,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
}

/// One emergency access as the reviewer sees it.
pub struct EmergencyAccess {
    /// Its number on this workstation.
    pub id: u32,
    /// Who.
    pub user: UserId,
    /// Their name, if the user is known here.
    pub user_display: Option<String>,
    /// Whose chart.
    pub patient: PatientId,
    /// The coded reason.
    pub reason: OverrideReason,
    /// In the user's own words.
    pub justification: Result<String, Undecodable>,
    /// From when.
    pub started_at: DateTime<Utc>,
    /// Until when at the latest.
    pub expires_at: DateTime<Utc>,
    /// When it really ended; `None`: it is open, or the program was cut off.
    pub ended_at: Option<DateTime<Utc>>,
    /// What the user did with this chart in it, oldest first.
    pub done: Vec<AccessRecord>,
    /// What the reviewer said.
    pub review: Option<EmergencyReview>,
}

/// A review.
pub struct EmergencyReview {
    /// Who reviewed.
    pub reviewer: UserId,
    /// Their name, if the user is known here.
    pub reviewer_display: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// What they found.
    pub verdict: Verdict,
    /// In their own words.
    pub note: Result<String, Undecodable>,
}

impl Vault {
    /// Makes the emergency key of a user from the password: one Argon2id run, outside the database lock.
    ///
    /// # Errors
    /// [`VaultError::WrongPassword`], or what failed.
    pub fn emergency_key(&self, username: &str, password: &Sensitive<String>) -> Result<EmergencyKey, VaultError> {
        let (user, slot) = {
            let connection = self.lock();
            let user = table::user::by_name(&connection, username)?.filter(|user| !user.disabled);
            let user = user.ok_or(VaultError::WrongPassword)?;
            let slot = table::user::slot(&connection, user.id)?;
            (user.id, slot)
        };
        let owner = Owner { device: self.device, user };
        let secret = slot.open_emergency(owner, password, &*self.custodian)?;
        Ok(EmergencyKey { owner, secret })
    }

    /// Breaks the glass of the permit's patient: records it, and once that is durable releases the patient's keys into
    /// `keys`. `opening` is `None` when an access that a lock interrupted is opened again. Returns the number of a new
    /// access.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] for another permit or another user's key; [`VaultError::AuditUnavailable`]: then
    /// nothing was released; [`VaultError::KeysMissing`] for a user who may not.
    pub fn emergency_access_start(
        &self,
        permit: Permit,
        keys: &UserKeys,
        emergency: &EmergencyKey,
        at: Moment,
        opening: Option<&EmergencyOpening<'_>>,
    ) -> Result<Option<u32>, VaultError> {
        let patient = permit.patient().cloned().ok_or(VaultError::OutsidePermit)?;
        if permit.interaction() != Interaction::EmergencyAccessStart || emergency.owner.user != keys.user {
            return Err(VaultError::OutsidePermit);
        }
        let (number, id) = self.transaction(permit, Some(keys), at, |tx| {
            let row = tx.patient(&patient)?.ok_or(VaultError::Invalid("there is no such patient"))?;
            if let Some(at) = row.destroyed_at {
                return Err(VaultError::Destroyed { at: table::time(at) });
            }
            let id = opening.map(|opening| tx.emergency_access_insert(row.number, opening)).transpose()?;
            tx.will_release(row.number)?;
            Ok::<_, VaultError>((row.number, id))
        })?;
        // The entry is durable. Only now does the key open anything.
        keys.release(number, self.keys_in_emergency(emergency, number, &patient)?);
        Ok(id)
    }

    /// Takes back what was released for a patient. It is not an access: nothing is recorded here.
    ///
    /// # Errors
    /// When the database fails.
    pub fn emergency_keys_withdraw(&self, keys: &UserKeys, patient: &PatientId) -> Result<(), VaultError> {
        if let Some(number) = table::patient::number(&self.lock(), patient)? {
            keys.withdraw(number);
        }
        Ok(())
    }

    fn keys_in_emergency(
        &self,
        emergency: &EmergencyKey,
        number: u32,
        patient: &PatientId,
    ) -> Result<HashMap<u32, Arc<Kek>>, VaultError> {
        let connection = self.lock();
        let private = table::user::emergency_private(&connection, emergency.owner, &emergency.secret)?;
        let break_glass = table::grant::break_glass(&connection, emergency.owner, &private)?;
        let break_glass = break_glass.ok_or(VaultError::KeysMissing)?;
        table::patient::keys_in_emergency(&connection, &break_glass, number, patient)
    }
}
