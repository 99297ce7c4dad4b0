//! What the server's directory says is done here, within the minute.

use vigil_model::UserId;
use vigil_model::wire::{Directory, DirectoryUser, SignedDirectory};
use vigil_policy::{Interaction, Principal, authorize};
use vigil_vault::{Vault, VaultError};

use crate::session::session_request;
use crate::{AppError, ErrorCode, Workstation};

impl Workstation {
    /// Takes a directory over that the server signed, and does what it says of the users of this workstation; its version. A session whose
    /// account was closed, or has another role, ends at once.
    ///
    /// # Errors
    /// [`VaultError::Forged`] for one that the server did not sign or that is older than the one here; or the vault fails.
    pub(super) fn directory_take(&self, signed: &SignedDirectory) -> Result<u64, VaultError> {
        let asked = session_request(Interaction::DirectoryApply, Principal::Workstation);
        let permit = authorize(asked).map_err(|_| VaultError::OutsidePermit)?;
        let vault = self.vault.get().ok_or(VaultError::Invalid("this workstation belongs to no fleet"))?;
        let now = self.clock.now();
        let (version, applied) = vault.transaction(permit, None, now, |tx| -> Result<_, VaultError> {
            let directory = tx.directory_put(signed)?;
            let applied = tx.directory_apply(&directory)?;
            Ok((directory.version, applied))
        })?;
        self.account_look(now);
        if let Err(error) = self.suspensions_follow(&applied) {
            tracing::error!(code = ?error.code, "the session could not follow a suspension and ends");
            if let Err(error) = self.end(true) {
                tracing::error!(code = ?error.code, "nor could it be ended");
            }
        }
        Ok(version)
    }

    /// The directory that is here, fetched anew first where the server has a newer one and is in reach.
    pub(super) fn directory_fresh(&self, vault: &Vault) -> Result<Option<Directory>, AppError> {
        let held = vault.fleet_directory()?;
        let version = held.as_ref().map_or(0, |directory| directory.version);
        let asked = self.ask(vault, async |client, _| client.directory(version).await)?;
        let super::Answer::Said(newer) = asked else { return Ok(held) };
        let directory = match newer {
            Some(signed) => {
                self.directory_take(&signed)?;
                vault.fleet_directory()?
            }
            None => held,
        };
        self.heard(vault)?;
        Ok(directory)
    }

    /// The user as the directory names them; `None`: one of this workstation alone, or there is no fleet.
    pub(crate) fn named_by_directory(&self, user: UserId) -> Result<Option<DirectoryUser>, AppError> {
        let directory = self.vault()?.fleet_directory()?;
        Ok(directory.and_then(|directory| directory.users.into_iter().find(|one| one.id == user)))
    }

    /// Users of the directory are looked after at the server alone: what is changed here would come back with the next directory.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`], saying where it is done.
    pub(crate) fn not_of_the_directory(&self, user: UserId) -> Result<(), AppError> {
        match self.named_by_directory(user)? {
            None => Ok(()),
            Some(named) => Err(AppError::new(
                ErrorCode::Invalid,
                format!(
                    "{} is a user of the server's directory and is looked after there (vigil-server user --help); this workstation \
                     follows within a minute",
                    named.username
                ),
            )),
        }
    }
}
