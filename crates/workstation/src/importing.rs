//! The import as a use case: one at a time, in the background, with progress, stopped by a button.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use vigil_model::fhir::roster;
use vigil_model::{PatientId, ResourceId, ResourceType, WorklistKind};
use vigil_policy::Interaction;
use vigil_vault::{PutOutcome, ResourcePut, Tx, VaultError, wipe_stack};

use crate::import::{self, IdentifierQuery, Owner, Prepared, PutResult, Store, StoreFault};
use crate::view::{ImportProgress, ImportReport, ImportStartRequest};
use crate::{AppError, ErrorCode, Event, Workstation, lock_of};

/// The import that runs or ran last.
pub(crate) struct ImportTask {
    cancelled: Arc<AtomicBool>,
    progress: ImportProgress,
}

impl Workstation {
    /// Imports in the background.
    ///
    /// # Errors
    /// [`ErrorCode::Busy`] while another import runs; a denial.
    pub fn import_start(self: &Arc<Self>, request: ImportStartRequest) -> Result<(), AppError> {
        let paths = self.import_begin(request)?;
        let workstation = Arc::clone(self);
        std::thread::spawn(move || {
            workstation.import_finish(&paths);
            wipe_stack();
        });
        Ok(())
    }

    /// Imports and waits for the end: the command line.
    ///
    /// # Errors
    /// As [`Self::import_start`].
    pub fn import_run(&self, request: ImportStartRequest) -> Result<ImportReport, AppError> {
        let paths = self.import_begin(request)?;
        Ok(self.import_finish(&paths))
    }

    /// How far it is; `None` when none was started.
    ///
    /// # Errors
    /// When nobody who may import is signed in.
    pub fn import_progress_read(&self) -> Result<Option<ImportProgress>, AppError> {
        self.may_import()?;
        Ok(lock_of(&self.import)?.as_ref().map(|task| task.progress.clone()))
    }

    /// Stops after the batch at hand; what was stored stays.
    ///
    /// # Errors
    /// As [`Self::import_progress_read`].
    pub fn import_cancel(&self) -> Result<(), AppError> {
        self.may_import()?;
        if let Some(task) = lock_of(&self.import)?.as_ref() {
            task.cancelled.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    fn may_import(&self) -> Result<(), AppError> {
        self.asked(Interaction::ImportCreate).map(drop)
    }

    fn import_begin(&self, request: ImportStartRequest) -> Result<Vec<PathBuf>, AppError> {
        if request.paths.is_empty() {
            return Err(AppError::invalid("name at least one file or folder to import"));
        }
        // The first entry says that an import began, and refuses whoever may not.
        self.act(Interaction::ImportCreate, None, |tx, _| {
            tx.detail(serde_json::json!({ "import": "begin", "paths": request.paths.len() }));
            Ok(())
        })?;
        let mut task = lock_of(&self.import)?;
        let running = task.as_ref().is_some_and(|task| matches!(task.progress.phase.as_str(), "scanning" | "storing"));
        if running {
            return Err(AppError::new(ErrorCode::Busy, "an import is running; wait for its end or cancel it"));
        }
        let progress = ImportProgress { phase: "scanning".to_owned(), ..ImportProgress::default() };
        *task = Some(ImportTask { cancelled: Arc::default(), progress });
        Ok(request.paths.into_iter().map(PathBuf::from).collect())
    }

    fn import_finish(&self, paths: &[PathBuf]) -> ImportReport {
        let Some(cancelled) = self.import.lock().ok().and_then(|task| task.as_ref().map(|t| Arc::clone(&t.cancelled)))
        else {
            return ImportReport::default();
        };
        let began = self.clock.now().since_boot;
        let elapsed = || self.clock.now().since_boot.saturating_sub(began);
        let report =
            import::run(paths, &mut VaultStore(self), &|progress| self.import_went_on(progress), &cancelled, &elapsed);
        let mut last =
            self.import.lock().ok().and_then(|task| task.as_ref().map(|t| t.progress.clone())).unwrap_or_default();
        last.phase = match &report {
            ImportReport { failed: true, .. } => "failed",
            ImportReport { cancelled: true, .. } => "cancelled",
            ImportReport { .. } => "done",
        }
        .to_owned();
        last.seconds_left = None;
        last.report = Some(report.clone());
        self.import_went_on(&last);
        report
    }

    fn import_went_on(&self, progress: &ImportProgress) {
        if let Ok(mut task) = self.import.lock()
            && let Some(task) = task.as_mut()
        {
            task.progress = progress.clone();
        }
        (self.notify)(Event::ImportProgressed(ImportProgress { report: None, ..progress.clone() }));
    }
}

/// The vault as the import sees it: every call is one audited transaction.
struct VaultStore<'w>(&'w Workstation);

impl VaultStore<'_> {
    fn transact<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, AppError>) -> Result<T, StoreFault> {
        self.0
            .act(Interaction::ImportCreate, None, |tx, _| work(tx))
            .map_err(|error| StoreFault { fatal: !matches!(error.code, ErrorCode::Invalid), reason: error.message })
    }
}

impl Store for VaultStore<'_> {
    fn put_batch(&mut self, batch: &[Prepared]) -> Result<Vec<PutResult>, StoreFault> {
        self.transact(|tx| {
            let patients: HashSet<&PatientId> = batch.iter().filter_map(|prepared| prepared.patient.as_ref()).collect();
            tx.listed(patients.into_iter().cloned());
            let puts: Vec<ResourcePut<'_>> = batch.iter().map(as_put).collect();
            let outcomes = tx.resource_put_all(&puts)?;
            for (prepared, outcome) in batch.iter().zip(&outcomes) {
                // Also what has not changed: it may have come before there were worklists.
                if WorklistKind::of_type(prepared.resource_type.as_str()).is_some()
                    && let Some(patient) = &prepared.patient
                {
                    tx.worklist_put(&prepared.resource_type, &prepared.id, patient, prepared.worklist.as_ref())?;
                }
                if prepared.patient.is_none() && roster::is_of(prepared.resource_type.as_str()) {
                    tx.roster_put(&prepared.resource_type, &prepared.id, &prepared.roster)?;
                }
                if *outcome != PutOutcome::Unchanged {
                    for (system, value) in &prepared.identifiers {
                        tx.identifier_put(system, value, &prepared.resource_type, &prepared.id)?;
                    }
                }
            }
            Ok(outcomes.into_iter().map(as_result).collect())
        })
    }

    fn identifiers_find(&mut self, queries: &[IdentifierQuery]) -> Result<Vec<Option<ResourceId>>, StoreFault> {
        self.transact(|tx| {
            let find = |q: &IdentifierQuery| tx.identifier_find(q.system.as_deref(), &q.value, &q.resource_type);
            Ok(queries.iter().map(find).collect::<Result<_, _>>()?)
        })
    }

    fn owners(&mut self, resources: &[(ResourceType, ResourceId)]) -> Result<Vec<Owner>, StoreFault> {
        self.transact(|tx| {
            let owner = |(resource_type, id): &(ResourceType, ResourceId)| {
                Ok(match tx.resource_owner(resource_type, id)? {
                    None => Owner::Absent,
                    Some(None) => Owner::Shared,
                    Some(Some(patient)) => Owner::Patient(patient),
                })
            };
            Ok(resources.iter().map(owner).collect::<Result<_, VaultError>>()?)
        })
    }
}

fn as_put(prepared: &Prepared) -> ResourcePut<'_> {
    ResourcePut {
        resource_type: &prepared.resource_type,
        id: &prepared.id,
        patient: prepared.patient.as_ref(),
        json: &prepared.json,
        sort: &prepared.sort,
        demographics: prepared.demographics.as_ref(),
        restricted: prepared.restricted,
    }
}

const fn as_result(outcome: PutOutcome) -> PutResult {
    match outcome {
        PutOutcome::Created => PutResult::Created,
        PutOutcome::Updated => PutResult::Updated,
        PutOutcome::Unchanged => PutResult::Unchanged,
    }
}
