//! The keys of the workstation: listing and replacing them.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use chrono::{DateTime, TimeDelta, Utc};
use vigil_policy::Interaction;
use vigil_vault::{GroupKey, KeyKeeper, KeyKind, KeyRecord, KeyState, RotationCause, RotationProgress};

use crate::view::{KeyListView, KeyProgressView, KeyRotateRequest, KeyRow, KeySearchRequest};
use crate::{AppError, Purpose, Workstation, clock, lock_of};

impl Workstation {
    /// Lists the keys.
    ///
    /// # Errors
    /// A denial, or that the audit entry could not be written.
    pub fn key_search(&self, request: KeySearchRequest) -> Result<KeyListView, AppError> {
        let now = self.clock.now().utc;
        let list = self.act(Interaction::KeySearch, None, |tx, _| Ok(tx.keys(request.each_patient)?))?;
        let paused = lock_of(&self.upkeep)?.paused;
        let progress = |what: &str, progress: RotationProgress| KeyProgressView {
            what: what.to_owned(),
            done: u32::try_from(progress.done).unwrap_or(u32::MAX),
            total: u32::try_from(progress.total).unwrap_or(u32::MAX),
            paused,
        };
        Ok(KeyListView {
            rows: list.keys.iter().map(|key| self.key_row(key, list.exposed_at, now)).collect(),
            under_way: list
                .directory
                .map(|found| progress("Directory", found))
                .or_else(|| list.patients.map(|found| progress("Patient records", found))),
            database_at_start: list.database_at_start,
        })
    }

    /// Replaces a key. What takes longer goes on in the background while an administrator is signed in, or in
    /// [`Self::key_reseal_run`]; a new database key is made at the next start.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for a key that is not replaced like this;
    /// [`crate::ErrorCode::ReauthenticationNeeded`]; or a denial.
    pub fn key_rotate(&self, request: KeyRotateRequest) -> Result<KeyListView, AppError> {
        if GroupKey::from_id(&request.key).is_some_and(|key| key != GroupKey::Authority)
            && self.vault()?.fleet()?.is_some()
        {
            return Err(AppError::invalid(
                "the group keys of a fleet are replaced at its server (vigil-server key rotate); this workstation follows with the \
                 next sign-in",
            ));
        }
        self.act_reauthenticated(Purpose::Administration, Interaction::KeyRotate, None, |tx, present| {
            match (request.key.as_str(), GroupKey::from_id(&request.key)) {
                (_, Some(key)) => tx.group_key_rotate(key, RotationCause::Demand, &present.unlocked.keys).map(drop)?,
                ("patient", None) => tx.patient_keys_rotate()?,
                ("database", None) => tx.database_key_rotate_at_start()?,
                (_, None) => {
                    return Err(AppError::invalid(
                        "this is no key that is replaced on demand; there are database, authority, directory, \
                         care-group/general, break-glass and patient",
                    ));
                }
            }
            Ok(())
        })?;
        self.keys_work_is_there();
        self.key_search(KeySearchRequest { each_patient: false })
    }

    fn key_row(&self, key: &KeyRecord, exposed: Option<DateTime<Utc>>, now: DateTime<Utc>) -> KeyRow {
        let (next_rotation, due) = self.next_rotation(key, exposed, now);
        KeyRow {
            id: key.id.clone(),
            kind: key.kind.code().to_owned(),
            purpose: purpose(key.kind).to_owned(),
            version: key.version,
            state: key.state.code().to_owned(),
            custodian: self.keeper(key.keeper),
            made: key.made_at.as_ref().map(clock::text),
            age_days: key.made_at.map(|made| u32::try_from((now - made).num_days()).unwrap_or(0)),
            next_rotation,
            due,
            count: u32::try_from(key.count).unwrap_or(u32::MAX),
        }
    }

    /// When a key is replaced next, or what replaces it, and whether that is due.
    fn next_rotation(
        &self,
        key: &KeyRecord,
        exposed: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> (Option<String>, bool) {
        if key.state != KeyState::Active {
            return (None, false);
        }
        let policy = &self.policy.keys;
        let after = |period: TimeDelta| match key.made_at {
            Some(made) => {
                let at = made + period;
                (Some(clock::text(&at)), at <= now)
            }
            None => (Some("at the next occasion".to_owned()), true),
        };
        match key.kind {
            KeyKind::Database => after(policy.database_key()),
            KeyKind::Authority | KeyKind::Directory | KeyKind::CareGroup | KeyKind::BreakGlass
                if exposed.is_some_and(|exposed| key.made_at.is_none_or(|made| made < exposed)) =>
            {
                (Some("when an administrator signs in".to_owned()), true)
            }
            KeyKind::Authority | KeyKind::Directory | KeyKind::CareGroup | KeyKind::BreakGlass => {
                after(policy.group_key())
            }
            KeyKind::UserSlot => after(policy.user_slot()),
            KeyKind::Patient => (Some("with every session that writes".to_owned()), false),
            KeyKind::Signing | KeyKind::Wrapping | KeyKind::Recovery => (None, false),
        }
    }

    fn keeper(&self, keeper: KeyKeeper) -> String {
        let custodian = self.custody().custodian;
        match keeper {
            KeyKeeper::Custodian => custodian.to_owned(),
            KeyKeeper::Members => "its holders' key pairs".to_owned(),
            KeyKeeper::PasswordAndCustodian => format!("password and {custodian}"),
            KeyKeeper::Group => "its groups' keys".to_owned(),
            KeyKeeper::NextVersion => "the version after it".to_owned(),
            KeyKeeper::Paper => "paper".to_owned(),
            KeyKeeper::Nobody => "nobody".to_owned(),
        }
    }
}

const fn purpose(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Database => "Encrypts the database file",
        KeyKind::Signing => "Signs the checkpoints of the audit log",
        KeyKind::Authority => "Opens the group keys for granting",
        KeyKind::Directory => "Seals demographics and shared records",
        KeyKind::CareGroup => "Opens the charts of the care group",
        KeyKind::BreakGlass => "Opens every chart, in an emergency",
        KeyKind::UserSlot => "Opens a user's own keys",
        KeyKind::Wrapping => "Stand between groups and patient keys",
        KeyKind::Patient => "Seal the records of one patient each",
        KeyKind::Recovery => "Opens this device when its root is lost",
    }
}
