//! Import of FHIR R4 files: bundles, bulk NDJSON, single resources, folders of those.
//!
//! Files are read as streams and more than once, so that memory does not grow with them: a survey of all files (what there
//! is, which identifiers are asked for), then file by file the map of its `fullUrl`s and the storing itself; last come the
//! resources that belong to a patient only through others (Provenance, Binary). What is kept per resource is 8 bytes of the
//! survey, plus one map entry per `fullUrl` of the file at hand.
//!
//! The stored text is the imported text without white space between tokens and with references resolved: nothing is
//! parsed and printed again, so digits, escapes, unknown elements and extensions come out as they went in.

mod discover;
mod file;
mod lines;
mod links;
mod reading;
mod report;
mod resource;
mod source;
mod storing;
mod survey;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod text;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use vigil_model::{Demographics, PatientId, ResourceId, ResourceType, WorklistEntry};

use self::discover::discover;
use self::report::Tally;
use self::storing::Storing;
use self::survey::Survey;
use crate::view::{ImportProgress, ImportReport};

/// The most resources that go into one batch, which is one transaction.
pub(crate) const BATCH_RESOURCES: usize = 2_000;

/// One resource ready to be stored.
pub(crate) struct Prepared {
    /// Its type.
    pub(crate) resource_type: ResourceType,
    /// Its logical id.
    pub(crate) id: ResourceId,
    /// The patient whose compartment it is in; `None` for what everybody shares, such as a Practitioner.
    pub(crate) patient: Option<PatientId>,
    /// The text to store.
    pub(crate) json: String,
    /// The clinically relevant date, as FHIR has it; empty when there is none.
    pub(crate) sort: String,
    /// For a Patient: what search and banner need.
    pub(crate) demographics: Option<Demographics>,
    /// Whether its patient is restricted (`meta.security` R or V), as far as this run knows.
    pub(crate) restricted: bool,
    /// What it says of worklists.
    pub(crate) worklist: Option<WorklistEntry>,
    /// What it is found by where it says something of the roster.
    pub(crate) roster: Vec<String>,
    /// Business identifiers (system, value) by which other files may refer to it.
    pub(crate) identifiers: Vec<(String, String)>,
}

/// What became of a resource that was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PutResult {
    /// It was not there.
    Created,
    /// It is a new version of what was there.
    Updated,
    /// It is what was there.
    Unchanged,
}

/// Why the store did not do what it was asked.
#[derive(Debug)]
pub(crate) struct StoreFault {
    /// In words for the report: names no patient.
    pub(crate) reason: String,
    /// Whether nothing further can be stored (locked, disk full, no audit). Otherwise only the batch failed, and its
    /// resources are tried one by one.
    pub(crate) fatal: bool,
}

/// `Type?identifier=system|value`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct IdentifierQuery {
    /// The type asked for.
    pub(crate) resource_type: ResourceType,
    /// The identifier's system; `None` when any will do.
    pub(crate) system: Option<String>,
    /// Its value.
    pub(crate) value: String,
}

/// Whose a stored resource is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// There is no such resource.
    Absent,
    /// It is shared by all patients.
    Shared,
    /// It is in this patient's compartment.
    Patient(PatientId),
}

/// Where resources go. Every method is one transaction.
pub(crate) trait Store {
    /// Stores all of `batch` or nothing; one result per resource, in order.
    fn put_batch(&mut self, batch: &[Prepared]) -> Result<Vec<PutResult>, StoreFault>;

    /// Which stored resource has each identifier; one answer per query, in order.
    fn identifiers_find(&mut self, queries: &[IdentifierQuery]) -> Result<Vec<Option<ResourceId>>, StoreFault>;

    /// Whose each resource is; one answer per resource, in order.
    fn owners(&mut self, resources: &[(ResourceType, ResourceId)]) -> Result<Vec<Owner>, StoreFault>;
}

/// Imports everything behind `paths`. `elapsed` is the time since the import began; `cancelled` stops it between batches.
/// What was stored before a stop stays, and the same import can be run again.
pub(crate) fn run(
    paths: &[PathBuf],
    store: &mut dyn Store,
    progress: &dyn Fn(&ImportProgress),
    cancelled: &AtomicBool,
    elapsed: &dyn Fn() -> Duration,
) -> ImportReport {
    let discovered = discover(paths);
    let files_total = u32::try_from(discovered.len()).unwrap_or(u32::MAX);
    let mut tally = Tally::default();
    tally.files_total = files_total;
    let halted = || cancelled.load(Ordering::Relaxed);
    let survey = Survey::read(discovered, store, &halted, &mut |files_done, resources_total| {
        let phase = "scanning".to_owned();
        let files_done = u32::try_from(files_done).unwrap_or(u32::MAX);
        progress(&ImportProgress { phase, files_done, files_total, resources_total, ..ImportProgress::default() });
    });
    let survey = match survey {
        Ok(survey) => survey,
        Err(fault) => {
            tally.problem("", "", &fault.reason);
            return tally.report(halted());
        }
    };
    tally.resources_total = survey.total;
    tally.storing_begins(elapsed());
    let mut storing = Storing { survey: &survey, store, tally, progress, cancelled, elapsed, fatal: None };
    storing.run();
    let (mut tally, fatal) = (storing.tally, storing.fatal);
    let failed = fatal.is_some();
    if let Some(reason) = fatal {
        tally.problem("", "", &format!("the import stopped: {reason}; what was stored before stays"));
    }
    ImportReport { failed, ..tally.report(halted()) }
}
