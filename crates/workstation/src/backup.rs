//! Writing a backup while the program runs: one at a time, in the background, with progress, stopped by a button.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::Local;
use vigil_policy::Interaction;
use vigil_vault::{BackupContent, VaultError};

use crate::second_factor::Who;
use crate::session::session_request;
use crate::view::{BackupCreateRequest, BackupProgress, BackupStatusView};
use crate::{AppError, ErrorCode, Event, Purpose, Workstation, clock, lock_of};

const WRITING: &str = "writing";

/// The backup that is being written, or was last.
pub(crate) struct BackupTask {
    cancelled: Arc<AtomicBool>,
    progress: BackupProgress,
}

impl Workstation {
    /// When the last backup was written and whether the next one is due.
    ///
    /// # Errors
    /// A denial, or that the vault could not be read.
    pub fn backup_status_read(&self) -> Result<BackupStatusView, AppError> {
        self.asked(Interaction::BackupCreate)?;
        let now = self.clock.now().utc;
        let last = self.vault()?.last_backup()?;
        // A backup of the future is one whose clock was wrong: its age is not known, and it counts as due.
        let age = last.map(|last| u32::try_from((now - last).num_days()).ok().filter(|_| last <= now));
        let warn_after_days = self.policy.backup_warn_after_days();
        Ok(BackupStatusView {
            last: last.as_ref().map(clock::text),
            age_days: age.flatten(),
            overdue: age.flatten().is_none_or(|age| age >= warn_after_days),
            warn_after_days,
            suggested_name: now.with_timezone(&Local).format("vigil-backup-%Y-%m-%d-%H%M.vigil").to_string(),
        })
    }

    /// Writes a backup in the background.
    ///
    /// # Errors
    /// [`ErrorCode::Busy`] while another one is written; a denial.
    pub fn backup_start(self: &Arc<Self>, request: BackupCreateRequest) -> Result<(), AppError> {
        let permit = self.backup_begin(&request)?;
        let workstation = Arc::clone(self);
        std::thread::spawn(move || {
            // What came of it is in the progress.
            let _ = workstation.backup_write(permit, &request);
        });
        Ok(())
    }

    /// Writes a backup and waits for its end: the command line.
    ///
    /// # Errors
    /// As [`Self::backup_start`], or why it could not be written: nothing is left of it then.
    pub fn backup_run(&self, request: &BackupCreateRequest) -> Result<BackupContent, AppError> {
        let permit = self.backup_begin(request)?;
        self.backup_write(permit, request)
    }

    /// How far it is; `None` when none was started.
    ///
    /// # Errors
    /// A denial.
    pub fn backup_progress_read(&self) -> Result<Option<BackupProgress>, AppError> {
        self.asked(Interaction::BackupCreate)?;
        Ok(lock_of(&self.backup)?.as_ref().map(|task| task.progress.clone()))
    }

    /// Stops it; nothing is left of the file.
    ///
    /// # Errors
    /// A denial.
    pub fn backup_cancel(&self) -> Result<(), AppError> {
        self.asked(Interaction::BackupCreate)?;
        self.backup_stop();
        Ok(())
    }

    /// The same for a signal of the operating system.
    pub fn backup_stop(&self) {
        if let Ok(task) = self.backup.lock()
            && let Some(task) = task.as_ref()
        {
            task.cancelled.store(true, Ordering::Relaxed);
        }
    }

    fn backup_begin(&self, request: &BackupCreateRequest) -> Result<vigil_policy::Permit, AppError> {
        let path = Path::new(&request.path);
        if !path.is_absolute() {
            return Err(AppError::invalid("name the file of the backup with its whole path"));
        }
        let present = self.asked(Interaction::BackupCreate)?;
        let _consumed = self.reauthenticated(&Who::of(&present), Purpose::Administration)?;
        let mut task = lock_of(&self.backup)?;
        if task.as_ref().is_some_and(|task| task.progress.phase == WRITING) {
            return Err(AppError::new(ErrorCode::Busy, "a backup is being written; wait for its end or stop it"));
        }
        let progress =
            BackupProgress { phase: WRITING.to_owned(), path: request.path.clone(), ..BackupProgress::default() };
        *task = Some(BackupTask { cancelled: Arc::default(), progress });
        self.permitted(session_request(Interaction::BackupCreate, present.principal()))
    }

    fn backup_write(
        &self,
        permit: vigil_policy::Permit,
        request: &BackupCreateRequest,
    ) -> Result<BackupContent, AppError> {
        let cancelled = lock_of(&self.backup)?.as_ref().map(|task| Arc::clone(&task.cancelled)).unwrap_or_default();
        let custodian = self.custodians().file();
        let mut shown = 0;
        let written = self.vault()?.backup(permit, self.clock.now(), Path::new(&request.path), custodian, &mut |at| {
            let percent = u32::try_from(at.done.saturating_mul(100) / at.total.max(1)).unwrap_or(100).min(100);
            if percent != shown {
                shown = percent;
                self.backup_went_on(|progress| progress.percent = percent);
            }
            !cancelled.load(Ordering::Relaxed)
        });
        self.backup_went_on(|progress| match &written {
            Ok(content) => {
                progress.phase = "done".to_owned();
                progress.percent = 100;
                progress.size = Some(size(content.bytes));
            }
            Err(VaultError::Cancelled) => progress.phase = "cancelled".to_owned(),
            Err(error) => {
                progress.phase = "failed".to_owned();
                progress.problem = Some(error.to_string());
            }
        });
        Ok(written?)
    }

    fn backup_went_on(&self, change: impl FnOnce(&mut BackupProgress)) {
        let Ok(mut task) = self.backup.lock() else { return };
        let Some(task) = task.as_mut() else { return };
        change(&mut task.progress);
        (self.notify)(Event::BackupProgressed(task.progress.clone()));
    }
}

/// Bytes for people, in powers of ten.
fn size(bytes: u64) -> String {
    let (unit, scale) = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)]
        .into_iter()
        .find(|(_, scale)| bytes >= *scale)
        .unwrap_or(("bytes", 1));
    if scale == 1 {
        format!("{bytes} {unit}")
    } else {
        format!("{}.{} {unit}", bytes / scale, bytes % scale * 10 / scale)
    }
}
