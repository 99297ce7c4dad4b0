//! Checking the audit log, and giving it to others.

use std::fs;
use std::io;
use std::path::Path;

use vigil_policy::{Interaction, Permit, Principal, authorize};

use crate::session::session_request;
use crate::view::AuditVerifyView;
use crate::{AppError, Setup, Workstation};

impl Workstation {
    /// Verifies the whole log; that it was asked for is an entry itself.
    ///
    /// # Errors
    /// A denial, or that the log could not be read.
    pub fn audit_verify(&self) -> Result<AuditVerifyView, AppError> {
        self.act(Interaction::AuditVerify, None, |_, _| Ok(()))?;
        self.verified()
    }

    /// The same for the command line, where nobody signs in: it shows no record, only whether the log is whole.
    ///
    /// # Errors
    /// As [`Self::audit_verify`].
    pub fn audit_verify_unattended(&self) -> Result<AuditVerifyView, AppError> {
        let view = self.verified()?;
        let permit = self.permitted(session_request(Interaction::AuditVerify, Principal::Workstation))?;
        match self.vault()?.transaction(permit, None, self.clock.now(), |_| Ok::<(), AppError>(())) {
            Err(error) if view.intact => Err(error),
            // A log that was tampered with may take no entry any more; what was done to it is said all the same.
            Err(_) | Ok(()) => Ok(view),
        }
    }

    /// The same for a workstation that is not open: the log is looked at as it was found, before a start is appended to it.
    ///
    /// # Errors
    /// As [`Self::audit_verify`], or why the vault did not open.
    pub fn audit_verify_unopened(setup: Setup) -> Result<AuditVerifyView, AppError> {
        Self::prepare(setup)?.audit_verify_unattended()
    }

    /// Writes the log as FHIR AuditEvent NDJSON; how many entries were written. The export is an entry itself.
    ///
    /// # Errors
    /// A denial, or that the log could not be read or written out.
    pub fn audit_export(&self, out: &mut dyn io::Write) -> Result<u64, AppError> {
        let permit = self.permit_to_read_the_log()?;
        Ok(self.vault()?.audit_export(permit, self.clock.now(), out)?)
    }

    /// Writes the log as C2SP tlog-tiles into a folder that it makes; how many entries were written. The export is an entry itself.
    ///
    /// # Errors
    /// A denial, that the folder is there already, or that the log could not be read or written out.
    pub fn audit_tiles(&self, folder: &Path) -> Result<u64, AppError> {
        let permit = self.permit_to_read_the_log()?;
        let mut private = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut private, 0o700);
        private.create(folder).map_err(|error| {
            let reason = if error.kind() == io::ErrorKind::AlreadyExists {
                "it is there already; name a folder that is not".to_owned()
            } else {
                error.to_string()
            };
            AppError::invalid(format!("the folder {} was not made: {reason}", folder.display()))
        })?;
        let written = self.vault()?.audit_tiles(permit, self.clock.now(), &mut |(path, bytes)| {
            let path = folder.join(path);
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::File::create_new(path)
                .and_then(|mut file| io::Write::write_all(&mut file, &bytes).and_then(|()| file.sync_all()))
        });
        // Half a log would look like a log that was cut; one that cannot be removed is in plain sight.
        written.inspect_err(|_| drop(fs::remove_dir_all(folder))).map_err(AppError::from)
    }

    fn permit_to_read_the_log(&self) -> Result<Permit, AppError> {
        let present = self.present()?;
        match authorize(session_request(Interaction::AuditVerify, present.principal())) {
            Ok(permit) => Ok(permit),
            Err(denial) => {
                self.vault()?.record_denial(&denial, self.clock.now())?;
                Err(denial.into())
            }
        }
    }

    fn verified(&self) -> Result<AuditVerifyView, AppError> {
        let found = self.vault()?.audit_verify()?;
        Ok(AuditVerifyView {
            intact: found.findings.is_empty(),
            entries: u32::try_from(found.entries).unwrap_or(u32::MAX),
            root: hex_of(&found.root),
            findings: found.findings.iter().map(ToString::to_string).collect(),
        })
    }
}

fn hex_of(root: &[u8]) -> String {
    root.iter().map(|byte| format!("{byte:02x}")).collect()
}
