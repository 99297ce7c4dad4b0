//! Opening a vault whose device root is gone, with the organisation recovery key.

use std::path::Path;
use std::sync::Arc;

use vigil_audit::{Finding, Verification};
use vigil_policy::Interaction;

use crate::device::DeviceSecrets;
use crate::error::ResultExt as _;
use crate::header::DATABASE_FILE;
use crate::open::{bring_up_to_date, connect};
use crate::{Custodian, OpenError, RecoveryKey, Tx, Vault, VaultError, header, in_use, log, recovery, table};

/// A vault that has another device root now. Every user's slot was made with the old one: each needs a new password.
pub struct Recovered {
    /// The vault.
    pub vault: Vault,
    /// What the audit log said of itself, without the mark, which went with the old root.
    pub log: Verification,
}

impl Vault {
    /// Opens `dir` with `key` and seals its secrets for `custodian`. Nothing is changed before the database has opened.
    ///
    /// # Errors
    /// [`OpenError::NoRecoveryKey`], [`OpenError::OtherRecoveryKey`], [`OpenError::InUse`]; else as [`Vault::open`].
    pub fn recover(dir: &Path, custodian: Arc<dyn Custodian>, key: &RecoveryKey) -> Result<Recovered, OpenError> {
        header::read(dir)?;
        let path = dir.join(DATABASE_FILE);
        let in_use = in_use::alone(dir)?;
        let header = header::settle(dir)?;
        let secrets =
            DeviceSecrets::recover(&header, key).map_err(|unsealed| header::refusal(dir, &header, unsealed))?;
        let mut connection = connect(&path, &secrets.database_key)?;
        bring_up_to_date(&path, &mut connection, &secrets, header.device)?;
        let vault = Self::new(dir, header.device, custodian, secrets, connection, in_use);
        let log = vault.verify_without_mark()?;
        header::replace(dir, vault.device, &vault.secrets, &*vault.custodian)?;
        vault.in_use.share();
        Ok(Recovered { vault, log })
    }

    /// Whether `key` opens `dir`; nothing is changed.
    ///
    /// # Errors
    /// As [`Vault::recover`].
    pub fn recovery_key_fits(dir: &Path, key: &RecoveryKey) -> Result<(), OpenError> {
        let header = header::read(dir)?;
        let fits = DeviceSecrets::recover(&header, key).map(|_secrets| ());
        fits.map_err(|unsealed| header::refusal(dir, &header, unsealed))
    }

    /// The whole log as it stands in the database. That there is no mark is no finding: nobody asked for one.
    pub(crate) fn verify_without_mark(&self) -> Result<Verification, VaultError> {
        let mut connection = self.lock();
        let sql = connection.transaction().doing("reading the audit log")?;
        let mut found = log::verify(&sql, self, None)?;
        found.findings.retain(|finding| *finding != Finding::MarkMissing);
        Ok(found)
    }
}

impl Tx<'_> {
    /// The entry of a recovery says which custodian has the root now and with which paper it was done. A device root that is
    /// gone may be in other hands, so every key is due.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit.
    pub fn workstation_recovered(&mut self, key: &RecoveryKey) -> Result<(), VaultError> {
        self.may(&[Interaction::WorkstationRecover])?;
        let (custodian, public) = (self.vault.custodian.kind().code(), key.pair().1.to_bytes());
        table::rotation::exposed(self.sql, self.now())?;
        self.about(format!("custodian={custodian} by=recovery-key key={}", recovery::fingerprint(&public)));
        Ok(())
    }
}
