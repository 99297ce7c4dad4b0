//! The vault's outbox, as the sync engine takes it.

use std::sync::{Arc, Weak};

use chrono::{DateTime, Utc};
use vigil_model::wire::{Alerts, Batch, Certificate, Receipt, SealKey, SignedDirectory};
use vigil_policy::{Interaction, Principal};
use vigil_sync::{Identity, Outbox, OutboxError, OutboxState};
use vigil_vault::{FleetIdentity, Vault, VaultError};
use zeroize::Zeroizing;

use crate::session::session_request;
use crate::{AppError, Workstation};

/// The workstation, for as long as somebody else holds it.
pub(super) struct Station(pub(super) Weak<Workstation>);

/// What the vault keeps of the fleet, as a client takes it.
pub(super) fn identity_of(vault: &Vault, identity: FleetIdentity) -> Identity {
    let FleetIdentity { fleet, key, directory } = identity;
    let expires = DateTime::parse_from_rfc3339(&fleet.certificate.expires);
    Identity {
        server: fleet.server,
        anchor: fleet.anchor.0,
        chain: fleet.certificate.chain,
        key,
        // One that cannot be read has ended: it is renewed.
        certificate_expires: expires.map_or(DateTime::UNIX_EPOCH, |at| at.to_utc()),
        seal_key: fleet.seal_key.id,
        directory,
        log: vault.device_id(),
    }
}

fn failed(error: VaultError) -> OutboxError {
    if matches!(error, VaultError::Forged(_)) { OutboxError::Forged } else { OutboxError::Unavailable(Box::new(error)) }
}

impl Station {
    fn workstation(&self) -> Result<Arc<Workstation>, OutboxError> {
        self.0.upgrade().ok_or_else(|| OutboxError::Unavailable(Box::new(AppError::stopped())))
    }

    fn with<T>(&self, work: impl FnOnce(&Vault) -> Result<T, VaultError>) -> Result<T, OutboxError> {
        let workstation = self.workstation()?;
        let vault = workstation.vault().map_err(|error| OutboxError::Unavailable(Box::new(error)))?;
        work(vault).map_err(failed)
    }
}

impl Outbox for Station {
    fn identity(&self) -> Result<Option<Identity>, OutboxError> {
        let workstation = self.workstation()?;
        // One that is not set up yet is none of a fleet.
        let Some(vault) = workstation.vault.get() else { return Ok(None) };
        Ok(vault.fleet_identity().map_err(failed)?.map(|identity| identity_of(vault, identity)))
    }

    fn state(&self) -> Result<OutboxState, OutboxError> {
        let state = self.with(Vault::outbox_state)?;
        Ok(OutboxState {
            entries: state.entries,
            covered: state.confirmed,
            oldest: state.oldest,
            last_receipt: state.receipt_at,
            quarantined: state.quarantined,
            urgent: state.urgent,
        })
    }

    fn posture(&self) -> String {
        self.workstation().ok().and_then(|workstation| workstation.posture_words()).unwrap_or_default()
    }

    fn unit(&self) -> Option<String> {
        self.workstation().ok().and_then(|workstation| workstation.policy.fleet.unit.clone().map(String::from))
    }

    fn batch(&self, from: u64, entries: usize, bytes: usize) -> Result<Option<Batch>, OutboxError> {
        self.with(|vault| vault.outbox_batch(from, entries, bytes))
    }

    fn urgent(&self, most: usize) -> Result<Option<Alerts>, OutboxError> {
        self.with(|vault| vault.outbox_urgent(most))
    }

    fn urgent_delivered(&self, seqs: &[u64]) -> Result<(), OutboxError> {
        self.with(|vault| vault.outbox_urgent_delivered(seqs))
    }

    fn receipt(&self, receipt: &Receipt) -> Result<(), OutboxError> {
        let now = self.workstation()?.clock.now();
        self.with(|vault| vault.outbox_receipt(receipt, now))
    }

    fn reseal(&self, seq: u64) -> Result<(), OutboxError> {
        self.with(|vault| vault.outbox_reseal(seq))
    }

    fn quarantine(&self, seq: u64, why: &'static str) -> Result<(), OutboxError> {
        let workstation = self.workstation()?;
        let left = workstation
            .permitted(session_request(Interaction::OutboxQuarantine, Principal::Workstation))
            .and_then(|permit| {
                let now = workstation.clock.now();
                Ok(workstation.vault()?.transaction(permit, None, now, |tx| tx.outbox_quarantine(seq, why))?)
            });
        left.map_err(|error| OutboxError::Unavailable(Box::new(error)))
    }

    fn directory(&self, signed: &SignedDirectory) -> Result<u64, OutboxError> {
        self.workstation()?.directory_take(signed).map_err(failed)
    }

    fn certificate(&self, certificate: &Certificate, key: &Zeroizing<Vec<u8>>) -> Result<(), OutboxError> {
        self.with(|vault| vault.fleet_certificate(certificate, key))
    }

    fn seal_key(&self, key: &SealKey) -> Result<(), OutboxError> {
        self.with(|vault| vault.fleet_seal_key(key))
    }

    fn contact(&self, _at: DateTime<Utc>) -> Result<(), OutboxError> {
        let workstation = self.workstation()?;
        self.with(|vault| workstation.heard(vault))
    }
}
