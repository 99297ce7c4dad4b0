//! What the cases beside it try to get by other ways, asked for as it should be: this compiles, so their errors are about what they try.
use vigil_model::{Moment, PurposeOfUse};
use vigil_policy::{Interaction, Permit, Principal, Request, authorize};
use vigil_vault::{UserKeys, Vault, VaultError};

pub fn ask() -> Option<Permit> {
    let request = Request {
        principal: Principal::Anonymous,
        interaction: Interaction::PatientSearch,
        patient: None,
        restricted: false,
        purpose: PurposeOfUse::Treatment,
        facts: vigil_policy::Facts::default(),
    };
    authorize(request).ok()
}

pub fn once(vault: &Vault, permit: Permit, at: Moment) {
    let _ = vault.transaction(permit, None, at, |_| Ok::<_, VaultError>(()));
}

pub fn lend(keys: &UserKeys) -> &UserKeys {
    keys
}
