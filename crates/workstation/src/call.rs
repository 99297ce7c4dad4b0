//! Calls from the window that are refused before any use case: each is on record, as every other refusal is.

use vigil_policy::{Interaction, Principal, is_allowed};

use crate::print::papers_of;
use crate::session::session_request;
use crate::{AppError, ErrorCode, Workstation, lock_of};

/// What ends in a new file whose place the person chooses.
const SAVED: [Interaction; 7] = [
    Interaction::BackupCreate,
    Interaction::RecoveryKeyCreate,
    Interaction::EmergencyAccountSeal,
    Interaction::AccessRightsExport,
    Interaction::AccessReportExport,
    Interaction::DisclosureAccountingExport,
    Interaction::IncidentExport,
];

impl Workstation {
    /// Puts on record that a call of `command` was refused: by whoever is signed in, locked or not, or by nobody.
    ///
    /// # Errors
    /// That it could not be put on record. A workstation that is not set up yet has no record, and that is no error.
    pub fn call_refused(&self, command: &str) -> Result<(), AppError> {
        let Some(vault) = self.vault.get() else { return Ok(()) };
        let principal = match &*lock_of(&self.session)? {
            Some(session) => Principal::User { id: session.user.id, role: session.user.role, session: session.id },
            None => Principal::Anonymous,
        };
        let permit = self.permitted(session_request(Interaction::CallRefuse, principal))?;
        vault.transaction(permit, None, self.clock.now(), |tx| Ok(tx.call_refused(command)?))
    }

    /// Whether the person may be asked for files to import: no dialog opens over a locked screen.
    ///
    /// # Errors
    /// A denial.
    pub fn import_may_choose(&self) -> Result<(), AppError> {
        self.asked(Interaction::ImportCreate).map(drop)
    }

    /// Whether the person may be asked where a new file goes.
    ///
    /// # Errors
    /// A denial.
    pub fn save_may_choose(&self) -> Result<(), AppError> {
        self.lock_if_idle(self.clock.now());
        self.refusing("save_choose", || {
            let present = self.present()?;
            let may = |interaction| is_allowed(&session_request(interaction, present.principal()));
            if SAVED.into_iter().any(may) || !papers_of(present.role).is_empty() {
                return Ok(());
            }
            Err(AppError::new(ErrorCode::Forbidden, "your role does not allow this; the refusal is on record"))
        })
    }

    /// Runs what finds out who calls `command`; if nobody may, the attempt is on record.
    pub(crate) fn refusing<T>(&self, command: &str, find: impl FnOnce() -> Result<T, AppError>) -> Result<T, AppError> {
        find().or_else(|refusal| {
            let refused = matches!(
                refusal.code,
                ErrorCode::NotSignedIn | ErrorCode::Locked | ErrorCode::PasswordDue | ErrorCode::Forbidden
            );
            if refused {
                self.call_refused(command)?;
            }
            Err(refusal)
        })
    }
}
