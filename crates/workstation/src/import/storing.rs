//! Storing what was read: batch after batch, each one transaction, while the next one is read.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use vigil_model::ResourceType;
use vigil_vault::wipe_stack;

use super::file::Place;
use super::reading::{Finding, Left, NOBODYS, Reading, Waiting, is_through};
use super::report::Tally;
use super::survey::Survey;
use super::{BATCH_RESOURCES, Owner, Store};
use crate::view::ImportProgress;

/// Stores what the survey found.
pub(super) struct Storing<'a> {
    pub(super) survey: &'a Survey,
    pub(super) store: &'a mut dyn Store,
    pub(super) tally: Tally,
    pub(super) progress: &'a dyn Fn(&ImportProgress),
    pub(super) cancelled: &'a AtomicBool,
    pub(super) elapsed: &'a dyn Fn() -> Duration,
    /// Why nothing more can be stored.
    pub(super) fatal: Option<String>,
}

impl Storing<'_> {
    /// Stores all files.
    pub(super) fn run(&mut self) {
        let (survey, cancelled) = (self.survey, self.cancelled);
        thread::scope(|scope| {
            // Nothing waits in the channel: what is read ahead is the one batch that the reader holds.
            let (out, findings) = sync_channel(0);
            let reading = Reading::new(survey, cancelled, out);
            let reading = move || {
                reading.run();
                wipe_stack();
            };
            if let Err(error) = thread::Builder::new().spawn_scoped(scope, reading) {
                self.fatal =
                    Some(format!("the system starts no further thread ({}); close other programs", error.kind()));
                return;
            }
            for finding in findings.into_iter().flatten() {
                self.take(finding);
                if self.is_over() {
                    return;
                }
            }
        });
    }

    fn is_over(&self) -> bool {
        self.fatal.is_some() || self.cancelled.load(Ordering::Relaxed)
    }

    fn take(&mut self, finding: Finding) {
        match finding {
            Finding::Batch(batch) => self.batch(batch),
            Finding::Unchanged(resource_type) => self.tally.unchanged(resource_type.as_str()),
            Finding::Superseded(resource_type) => self.tally.refused(Some(resource_type.as_str())),
            Finding::Refused { file, place, resource_type, reason } => {
                self.refuse(file, place, resource_type.as_ref(), &reason);
            }
            Finding::Unreadable { file, reason } => self.tally.problem(&self.path(file), "", &reason),
            Finding::Left(left) => {
                self.say_what_was_left(&left);
                self.tally.files_done += 1;
            }
        }
    }

    fn path(&self, file: usize) -> String {
        self.survey.files.get(file).map(|surveyed| surveyed.path.display().to_string()).unwrap_or_default()
    }

    fn refuse(&mut self, file: usize, place: Place, resource_type: Option<&ResourceType>, reason: &str) {
        self.tally.refused(resource_type.map(ResourceType::as_str));
        let reason = match resource_type {
            Some(resource_type) => format!("{resource_type}: {reason}"),
            None => reason.to_owned(),
        };
        self.tally.problem(&self.path(file), &place.to_string(), &reason);
    }

    fn batch(&mut self, batch: Vec<Waiting>) {
        let batch = self.place_through(batch);
        if batch.is_empty() {
            return;
        }
        let (prepared, origins): (Vec<_>, Vec<_>) = batch.into_iter().map(|w| (w.prepared, (w.file, w.place))).unzip();
        match self.store.put_batch(&prepared) {
            Ok(results) => prepared.iter().zip(results).for_each(|(prepared, result)| self.tally.put(prepared, result)),
            Err(fault) if fault.fatal => self.fatal = Some(fault.reason),
            // One of them is at fault: each is tried alone, so that it costs only itself.
            Err(_) => {
                for (prepared, (file, place)) in prepared.iter().zip(origins) {
                    match self.store.put_batch(std::slice::from_ref(prepared)) {
                        Ok(results) => results.into_iter().for_each(|result| self.tally.put(prepared, result)),
                        Err(fault) if fault.fatal => {
                            self.fatal = Some(fault.reason);
                            break;
                        }
                        Err(fault) => self.refuse(file, place, Some(&prepared.resource_type), &fault.reason),
                    }
                }
            }
        }
        (self.progress)(&self.tally.progress("storing", (self.elapsed)()));
    }

    /// Finds out whose the resources are that say so only through others; what remains nobody's is refused.
    fn place_through(&mut self, batch: Vec<Waiting>) -> Vec<Waiting> {
        let targets: Vec<_> = batch.iter().flat_map(|waiting| waiting.through.iter().cloned()).collect();
        let mut owners = match if targets.is_empty() { Ok(Vec::new()) } else { self.store.owners(&targets) } {
            Ok(owners) => owners.into_iter(),
            Err(fault) => {
                self.fatal = Some(fault.reason);
                return Vec::new();
            }
        };
        let mut placed = Vec::with_capacity(batch.len());
        for mut waiting in batch {
            let owners: Vec<_> = owners.by_ref().take(waiting.through.len()).collect();
            let patient =
                owners.iter().find_map(|owner| if let Owner::Patient(patient) = owner { Some(patient) } else { None });
            let known = waiting.prepared.patient.is_some() || !is_through(waiting.prepared.resource_type.as_str());
            if let Some(patient) = patient {
                waiting.prepared.restricted = self.survey.restricted.contains(patient);
                waiting.prepared.patient = Some(patient.clone());
            } else if !known && !owners.contains(&Owner::Shared) {
                self.refuse(waiting.file, waiting.place, Some(&waiting.prepared.resource_type), NOBODYS);
                continue;
            }
            placed.push(waiting);
        }
        placed
    }

    fn say_what_was_left(&mut self, left: &Left) {
        let path = self.path(left.file);
        if left.superseded_count > 0 {
            let mut places = left.superseded.join(", ");
            if left.superseded_count > left.superseded.len() as u64 {
                places.push_str(", ...");
            }
            let reason = format!(
                "{} resources stand again further on, with the same id and other content; the last one counts: {places}",
                left.superseded_count
            );
            self.tally.problem(&path, "", &reason);
        }
        let mut lost = left.nowhere;
        let missing: Vec<_> = left.missing.keys().cloned().collect();
        for some in missing.chunks(BATCH_RESOURCES) {
            match self.store.owners(some) {
                Ok(owners) => {
                    let absent = some.iter().zip(owners).filter(|(_, owner)| *owner == Owner::Absent);
                    lost += absent.filter_map(|(target, _)| left.missing.get(target)).sum::<u64>();
                }
                Err(fault) => self.fatal = Some(fault.reason),
            }
        }
        if lost > 0 {
            let reason = format!("{lost} references lead to resources that were not imported; they stay as they are");
            self.tally.problem(&path, "", &reason);
        }
    }
}
