//! One permit is one transaction.
use vigil_model::Moment;
use vigil_policy::Permit;
use vigil_vault::{Vault, VaultError};

pub fn twice(vault: &Vault, permit: Permit, at: Moment) {
    let _ = vault.transaction(permit, None, at, |_| Ok::<_, VaultError>(()));
    let _ = vault.transaction(permit, None, at, |_| Ok::<_, VaultError>(())); //~ E0382 use of moved value: `permit`
}
