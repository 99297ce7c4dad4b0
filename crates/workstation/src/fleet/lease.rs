//! For how long users of the directory sign in without the server.

use chrono::{DateTime, TimeDelta, Utc};
use vigil_model::wire::Directory;
use vigil_vault::{FleetContact, Vault, VaultError};

use crate::{AppError, ErrorCode, Workstation, clock, lock_of};

impl Workstation {
    /// The server was heard now, and the directory here is its newest.
    pub(super) fn heard(&self, vault: &Vault) -> Result<(), VaultError> {
        let now = self.clock.now();
        if let Ok(mut heard) = self.line.heard.lock() {
            *heard = Some(now.since_boot);
        }
        let said = self.line.engine.get().and_then(|engine| engine.state().borrow().clock_ahead);
        let clock_ahead = match said {
            Some(ahead) => ahead,
            None => vault.fleet_last_contact()?.map_or(0, |contact| contact.clock_ahead),
        };
        vault.fleet_contact(FleetContact { at: now.utc, clock_ahead })
    }

    /// Until when the lease of this directory runs.
    pub(super) fn lease_end(vault: &Vault, directory: &Directory) -> Result<DateTime<Utc>, AppError> {
        let heard = vault.fleet_last_contact()?.map_or(DateTime::UNIX_EPOCH, |contact| contact.at);
        Ok(heard + TimeDelta::hours(i64::from(directory.lease_hours)))
    }

    /// Whether a user of the directory may sign in without the server now.
    ///
    /// # Errors
    /// [`ErrorCode::RefusedForNow`] when the lease is over.
    pub(super) fn within_lease(&self, vault: &Vault) -> Result<(), AppError> {
        // Without a directory there is no user of one.
        let Some(directory) = vault.fleet_directory()? else { return Ok(()) };
        let (end, hours) = (Self::lease_end(vault, &directory)?, directory.lease_hours);
        if !self.is_over(vault, end, hours)? {
            return Ok(());
        }
        Err(AppError::new(
            ErrorCode::RefusedForNow,
            format!(
                "this workstation has not reached the server for {hours} hours (the lease ended {}); connect it to the network and sign in \
                 again. In an emergency, two persons open the emergency account",
                clock::text(&end)
            ),
        ))
    }

    /// Whether a lease of so many hours that ends then is over. A clock that was set back lengthens none: the log's own clock never goes
    /// back, and the time since boot goes on.
    pub(super) fn is_over(&self, vault: &Vault, end: DateTime<Utc>, hours: u32) -> Result<bool, AppError> {
        let now = self.clock.now();
        let since = lock_of(&self.line.heard)?.and_then(|heard| now.since_boot.checked_sub(heard));
        let too_long = since.is_some_and(|since| since.as_secs() >= u64::from(hours).saturating_mul(3600));
        Ok(too_long || now.utc.max(vault.last_written()?) >= end)
    }
}
