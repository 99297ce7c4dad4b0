//! A workstation whose device key is gone: the organisation recovery key seals its secrets for another custodian.

use std::sync::Arc;

use vigil_model::{Role, Sensitive};
use vigil_policy::{Interaction, Principal};
use vigil_vault::Vault;

use crate::act::permitted;
use crate::password_rules::{self, Context};
use crate::recovery::parse_key;
use crate::session::session_request;
use crate::user::checked;
use crate::view::{UserPasswordRecoverRequest, WorkstationRecoverView};
use crate::{AppError, Setup, Workstation};

impl Workstation {
    /// Opens the data folder with the recovery key, seals it for a custodian of this device, and gives an administrator a
    /// password: every user's slot was made with the key that is gone, so each gets a new password from the administrator.
    /// Nothing is changed before key and password have proved to do.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for a key, name or password that does not do; else why the folder did not open.
    pub fn recover(
        setup: Setup,
        request: UserPasswordRecoverRequest,
    ) -> Result<(Self, WorkstationRecoverView), AppError> {
        let key = parse_key(request.recovery_key)?;
        let user = checked(&request.username, "-", Role::Administrator)?;
        let password = Sensitive::new(request.password);
        // What the hospital is called stands in the data that does not open yet.
        password_rules::check(&password, &Context { organization: "", user: &user })?;
        let workstation = Self::unopened(setup);
        Vault::recovery_key_fits(&workstation.data, &key).map_err(|error| AppError::invalid(error.to_string()))?;

        let custodians = workstation.custodians();
        let now = workstation.clock.now();
        let chosen = custodians.choose_anew(workstation.custodian, workstation.environment, now)?;
        let recovered = Vault::recover(&workstation.data, Arc::clone(&chosen.custodian), &key)?;
        // `device.json` is sealed for the new custodian now. Were this file not written, the recovery key would do it again.
        custodians.write(&chosen.named)?;
        let findings: Vec<String> = recovered.log.findings.iter().map(ToString::to_string).collect();
        let vault = recovered.vault;
        let permit = permitted(&vault, session_request(Interaction::WorkstationRecover, Principal::Workstation), now)?;
        vault.transaction(permit, None, now, |tx| tx.workstation_recovered(&key))?;
        let permit = permitted(&vault, session_request(Interaction::UserPasswordRecover, Principal::Workstation), now)?;
        vault
            .transaction(permit, None, now, |tx| tx.user_password_recover(&user.username, &password, &key).map(drop))?;
        vault.checkpoint(now)?;
        let view = WorkstationRecoverView { custodian: vault.custodian_kind().display().to_owned(), findings };
        workstation.keep(vault);
        Ok((workstation, view))
    }
}
