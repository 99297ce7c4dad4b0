//! Restoring a backup: judged in a folder of its own, refused when it is older than what this workstation remembers unless
//! that is meant, and only then put in the place of what was there.

use std::path::PathBuf;
use std::sync::Arc;

use vigil_model::{Role, Sensitive};
use vigil_policy::{Interaction, Principal};
use vigil_vault::{Backup, BackupProgress, Custodian, OpenError, Tombstone, UserRecord, Vault};

use crate::act::permitted;
use crate::custodian::Named;
use crate::destruction::destroy_all;
use crate::recovery::parse_key;
use crate::second_factor::{Proof, Who};
use crate::session::session_request;
use crate::view::{FactorProof, RestoreReport};
use crate::{AppError, ErrorCode, Purpose, Setup, Workstation};

/// What is restored, and who lets it be.
pub struct RestoreRequest {
    /// The backup.
    pub file: PathBuf,
    /// Who lets it be.
    pub authority: RestoreAuthority,
    /// Whether an older copy is meant.
    pub accept_rollback: bool,
}

/// Who may put a backup in the place of what is there.
pub enum RestoreAuthority {
    /// Whoever holds the organisation recovery key; it also opens a backup whose device is lost.
    RecoveryKey(String),
    /// An administrator: of the workstation as it is, or, where that does not open, of the backup.
    Administrator {
        /// The user name.
        username: String,
        /// The password.
        password: String,
        /// The second factor, where one is asked for.
        proof: Option<FactorProof>,
    },
}

/// An administrator who has to prove it.
struct Administrator {
    username: String,
    password: Sensitive<String>,
    proof: Option<Proof>,
    /// The user's id, once the password has opened a slot.
    proved: Option<String>,
}

impl Workstation {
    /// Restores a backup into the data folder of `setup`; nobody else may use the folder meanwhile.
    ///
    /// # Errors
    /// What stands in the way, in words; nothing was replaced then.
    pub fn restore(
        setup: Setup,
        request: RestoreRequest,
        go_on: &mut dyn FnMut(BackupProgress) -> bool,
    ) -> Result<RestoreReport, AppError> {
        let mut workstation = Self::unopened(setup);
        let backup = Backup::open(&request.file)?;
        let created = backup.created().to_owned();
        let (key, mut administrator) = match request.authority {
            RestoreAuthority::RecoveryKey(text) => (Some(parse_key(text)?), None),
            RestoreAuthority::Administrator { username, password, proof } => {
                let (password, proof) = (Sensitive::new(password), proof.map(Proof::from));
                (None, Some(Administrator { username, password, proof, proved: None }))
            }
        };
        let (named, custodian) = workstation.custodian_for(&backup, key.is_some())?;
        let (entries_before, tombstones) = workstation.as_it_is(administrator.as_mut())?.unzip();

        let now = workstation.clock.now();
        let aside = now.utc.format("before-restore-%Y%m%dT%H%M%SZ").to_string();
        let wanted = backup.recovery_fingerprint();
        let (mut remembered, mut destroyed_again) = (None, 0);
        let mut judge = |vault: &Vault| -> Result<(), OpenError> {
            let declined = |reason: String| OpenError::Declined { path: request.file.clone(), reason };
            if let Some(administrator) = administrator.as_mut() {
                administrator.prove_to(vault).map_err(|error| declined(error.message))?;
            }
            let found = vault.audit_entries()?;
            let marked = vault.rollback()?.map(|rollback| rollback.remembered);
            remembered = marked.into_iter().chain(entries_before.filter(|before| *before > found)).max();
            if let Some(newest) = remembered
                && !request.accept_rollback
            {
                return Err(declined(format!(
                    "it was written at {created} and is older than what this workstation remembers: {found} entries of the \
                     audit log against {newest}. What was done since would be gone. If that is meant, say so with \
                     --accept-rollback"
                )));
            }
            // What two persons had destroyed since the backup was written is destroyed in it before anybody opens it.
            let known = match &tombstones {
                Some(known) => known.clone(),
                None => vault.tombstones_listed(&workstation.data).map_err(|_| {
                    declined(
                        "the list of destroyed records in the data folder (destroyed.json) was not written by the device \
                         that wrote the backup, or was changed; move it away if records that it names may come back"
                            .to_owned(),
                    )
                })?,
            };
            destroyed_again = destroy_all(vault, &known, now).map_err(|error| declined(error.message))?;
            Ok(())
        };
        let held = Arc::clone(&custodian);
        let restored = Vault::restore(&workstation.data, backup, held, key.as_ref(), &aside, &mut judge, go_on);
        let restored = restored.map_err(|error| {
            let no_root = matches!(error, OpenError::WrongKey { .. } | OpenError::Custodian(_));
            if no_root && key.is_none() { needs_the_paper(wanted.as_deref()) } else { error.into() }
        })?;
        workstation.custodians().keep_aside(restored.aside.as_deref())?;
        workstation.custodians().write(&named)?;
        let by = administrator.and_then(|administrator| administrator.proved);
        let by = by.map_or_else(|| "recovery-key".to_owned(), |user| format!("administrator:{user}"));
        let permit =
            permitted(&restored.vault, session_request(Interaction::BackupRestore, Principal::Workstation), now)?;
        restored.vault.restored(permit, now, &created, &by)?;
        restored.vault.destructions_settle()?;
        Ok(RestoreReport {
            created,
            entries: restored.content.entries,
            remembered,
            aside: restored.aside,
            custodian: custodian.kind().display().to_owned(),
            destroyed_again,
        })
    }

    /// Who keeps the device key: the custodian of what is here; else the one that the backup names, if it answers here; else,
    /// with the recovery key, a new one.
    fn custodian_for(&self, backup: &Backup, with_key: bool) -> Result<(Named, Arc<dyn Custodian>), AppError> {
        let custodians = self.custodians();
        let here = custodians.read();
        let named = match here {
            Ok(named) => Some(named),
            Err(_) => backup.custodian_file().and_then(|text| serde_json::from_str(text).ok()),
        };
        let found = named.map(|named| custodians.reach(&named).map(|custodian| (named, custodian)));
        match found {
            Some(Ok((named, custodian))) if !with_key || custodian.mark().is_ok() => Ok((named, custodian)),
            Some(Err(error)) if !with_key => Err(error),
            Some(_) | None if with_key => {
                let chosen = custodians.choose_anew(self.custodian, self.environment, self.clock.now())?;
                Ok((chosen.named, chosen.custodian))
            }
            Some(_) | None => Err(AppError::unusable(
                "neither this workstation nor the backup says who keeps its device key; restore it with the organisation \
                 recovery key (--recovery-key)",
            )),
        }
    }

    /// What is here now, if it opens: how long its log is, and what was destroyed. An administrator proves to be one to it, as
    /// at a sign-in.
    fn as_it_is(
        &mut self,
        administrator: Option<&mut Administrator>,
    ) -> Result<Option<(u64, Vec<Tombstone>)>, AppError> {
        if !Vault::exists(&self.data) {
            return Ok(None);
        }
        let opened = self.custodians().of_installation();
        match opened.and_then(|custodian| Ok(Vault::open(&self.data, custodian)?)) {
            Ok(vault) => self.keep(vault),
            // It is damaged or its key is gone: that is why a backup is restored.
            Err(error) => {
                tracing::warn!(reason = error.message, "what is here does not open; it is put aside as it is");
                return Ok(None);
            }
        }
        let proved = administrator.map(|one| {
            let proof = one.proof.take();
            let session = self.new_session_id();
            let opened = self.guarded(&one.username, &Principal::Anonymous, |vault| {
                let (user, keys) = vault.unlock(&one.username, &one.password)?;
                if self.needs_factor(Purpose::Administration)? {
                    let who = Who { user: user.id, role: user.role, session };
                    self.factor_shown(&who, &keys, proof, Purpose::Administration)?;
                }
                Ok(user)
            });
            opened.and_then(|user| one.is(&user))
        });
        let found = self.vault().and_then(|vault| Ok((vault.audit_entries()?, vault.tombstones()?)));
        // Nobody may use the folder while something else takes its place.
        drop(self.vault.take());
        proved.transpose()?;
        Ok(Some(found?))
    }
}

impl Administrator {
    /// The password is tried on the backup only where what is here could not judge it. No second factor is asked for then: the
    /// backup is an older copy, whose used codes nobody knows.
    fn prove_to(&mut self, vault: &Vault) -> Result<(), AppError> {
        if self.proved.is_some() {
            return Ok(());
        }
        let (user, _keys) = vault.unlock(&self.username, &self.password)?;
        self.is(&user)
    }

    fn is(&mut self, user: &UserRecord) -> Result<(), AppError> {
        if user.role != Role::Administrator {
            return Err(AppError::new(ErrorCode::Forbidden, "only an administrator restores a backup"));
        }
        self.proved = Some(user.id.to_string());
        Ok(())
    }
}

fn needs_the_paper(wanted: Option<&str>) -> AppError {
    AppError::invalid(match wanted {
        Some(name) => format!(
            "the device key of this workstation does not open the backup; restore it with the organisation recovery key that is \
             named {name} (--recovery-key). Nothing was changed"
        ),
        None => {
            "the device key of this workstation does not open the backup, and it was written without an organisation \
                 recovery key, so only the device that wrote it restores it. Nothing was changed"
                .to_owned()
        }
    })
}
