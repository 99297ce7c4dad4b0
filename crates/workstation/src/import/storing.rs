//! The second reading: every resource is checked, its references resolved, and stored in batches.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use vigil_model::fhir::compartment::{Compartment, compartment, sort_date};
use vigil_model::fhir::demographics;
use vigil_model::{PatientId, ResourceId, ResourceType};

use super::file::{Item, Place, Shape, each};
use super::links::{FullUrls, Lead, follow};
use super::report::Tally;
use super::resource::{Condition, Named, Refusal, head, identifiers, name};
use super::survey::Survey;
use super::text::{layout, rewrite};
use super::{BATCH_RESOURCES, Owner, Prepared, Store};
use crate::view::ImportProgress;

/// The most text that goes into one batch, so that large resources do not fill the memory.
const BATCH_BYTES: usize = 8 << 20;

/// Targets of literal references that are looked up in the store, per file; more are not counted.
const MISSING_LIMIT: usize = 10_000;

/// Entries that one problem names.
const NAMED_PLACES: usize = 50;

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
    batch: Vec<Waiting>,
    bytes: usize,
    /// Files with resources that belong to a patient only through others.
    deferred: Vec<usize>,
    /// Whose document shows a Binary.
    shown_by: HashMap<ResourceId, PatientId>,
}

/// A resource on its way, and where it came from.
struct Waiting {
    prepared: Prepared,
    file: usize,
    place: Place,
    /// The resources that say whose it is, while that is not known.
    through: Vec<(ResourceType, ResourceId)>,
}

/// What is collected over one file.
#[derive(Default)]
struct Course {
    file: usize,
    urls: FullUrls,
    position: u64,
    defers: bool,
    nowhere: u64,
    missing: BTreeMap<(ResourceType, ResourceId), u64>,
    superseded: Vec<String>,
    superseded_count: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Round {
    /// Everything whose patient is known from the resource itself.
    Direct,
    /// What belongs to a patient only through others, which are stored by now.
    Through,
}

impl<'a> Storing<'a> {
    pub(super) fn new(
        survey: &'a Survey,
        store: &'a mut dyn Store,
        tally: Tally,
        progress: &'a dyn Fn(&ImportProgress),
        cancelled: &'a AtomicBool,
        elapsed: &'a dyn Fn() -> Duration,
    ) -> Self {
        let (batch, deferred, shown_by) = (Vec::new(), Vec::new(), HashMap::new());
        Self { survey, store, tally, progress, cancelled, elapsed, fatal: None, batch, bytes: 0, deferred, shown_by }
    }

    /// Stores all files.
    pub(super) fn run(&mut self) {
        for file in 0..self.survey.files.len() {
            self.file(file, Round::Direct);
            if self.is_over() {
                return;
            }
            self.tally.files_done += 1;
        }
        for file in std::mem::take(&mut self.deferred) {
            self.file(file, Round::Through);
        }
    }

    fn is_over(&self) -> bool {
        self.fatal.is_some() || self.cancelled.load(Ordering::Relaxed)
    }

    fn path(&self, file: usize) -> String {
        self.survey.files.get(file).map(|surveyed| surveyed.path.display().to_string()).unwrap_or_default()
    }

    fn file(&mut self, file: usize, round: Round) {
        let survey = self.survey;
        let Some(surveyed) = survey.files.get(file) else { return };
        let shape = match &surveyed.shape {
            Ok(shape) => *shape,
            Err(reason) => return self.tally.problem(&self.path(file), "", reason),
        };
        let mut course = Course { file, ..Course::default() };
        if shape != Shape::Single {
            each(&surveyed.path, shape, &mut |item| {
                self.learn_url(&item, &mut course.urls);
                self.go_on()
            });
            course.urls.sort();
        }
        each(&surveyed.path, shape, &mut |item| {
            self.item(item, &mut course, round);
            course.position += 1;
            if self.batch.len() >= BATCH_RESOURCES || self.bytes >= BATCH_BYTES {
                self.flush();
            }
            self.go_on()
        });
        if !self.is_over() {
            self.flush();
        }
        if course.defers {
            self.deferred.push(file);
        }
        if round == Round::Direct {
            self.say_what_was_left(&course);
        }
    }

    fn go_on(&self) -> ControlFlow<()> {
        if self.is_over() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn learn_url(&self, item: &Item<'_>, urls: &mut FullUrls) {
        if let Ok(piece) = &item.piece
            && let Some(url) = &piece.full_url
            && let Ok(named) = name(piece)
        {
            let id = self.survey.conditions.target(&named);
            urls.insert(&self.survey.digest, url, &named.resource_type, &id);
        }
    }

    fn item(&mut self, item: Item<'_>, course: &mut Course, round: Round) {
        let place = item.place;
        let refused = match item.piece {
            Err(reason) => Refusal { resource_type: None, reason },
            Ok(piece) => match name(&piece) {
                Err(refusal) => refusal,
                Ok(named) => {
                    let resource_type = named.resource_type.clone();
                    match self.resource(piece.text, named, place, course, round) {
                        Ok(()) => return,
                        Err(reason) => Refusal { resource_type: Some(resource_type), reason },
                    }
                }
            },
        };
        if round == Round::Direct {
            self.refuse(course.file, place, refused.resource_type.as_ref(), &refused.reason);
        }
    }

    fn refuse(&mut self, file: usize, place: Place, resource_type: Option<&ResourceType>, reason: &str) {
        self.tally.refused(resource_type.map(ResourceType::as_str));
        let reason = match resource_type {
            Some(resource_type) => format!("{resource_type}: {reason}"),
            None => reason.to_owned(),
        };
        self.tally.problem(&self.path(file), &place.to_string(), &reason);
    }

    fn resource(
        &mut self,
        text: &str,
        named: Named,
        place: Place,
        course: &mut Course,
        round: Round,
    ) -> Result<(), String> {
        let survey = self.survey;
        let through = is_through(named.resource_type.as_str());
        if round == Round::Through && !through {
            return Ok(());
        }
        let id = survey.conditions.target(&named);
        if matches!(named.condition, Some(Condition::Absent(_))) && id != named.id {
            if round == Round::Direct {
                self.tally.unchanged(named.resource_type.as_str());
            }
            return Ok(());
        }
        if let Some(last) = survey.last(&named.resource_type, &named.id)
            && (last.file, last.position) != (course.file, course.position)
        {
            if round == Round::Direct {
                if last.content == survey.digest.of(text) {
                    self.tally.unchanged(named.resource_type.as_str());
                } else {
                    self.tally.refused(Some(named.resource_type.as_str()));
                    course.superseded_count += 1;
                    if course.superseded.len() < NAMED_PLACES {
                        course.superseded.push(place.to_string());
                    }
                }
            }
            return Ok(());
        }
        let layout = layout(text)?;
        if through && round == Round::Direct {
            course.defers = true;
            return Ok(());
        }
        let mut binaries = Vec::new();
        let json = rewrite(text, &layout, id.as_str(), |link| {
            match follow(link, &course.urls, &survey.conditions, &survey.digest) {
                Lead::To(target) => {
                    if let Some(binary) = target.strip_prefix("Binary/") {
                        binaries.extend(ResourceId::parse(binary));
                    }
                    return Some(target);
                }
                Lead::Already(kind, id) => {
                    if kind.as_str() == "Binary" {
                        binaries.push(id.clone());
                    }
                    if !survey.holds(&kind, &id) && (course.missing.len() < MISSING_LIMIT) {
                        *course.missing.entry((kind, id)).or_default() += 1;
                    }
                }
                Lead::Nowhere => course.nowhere += 1,
                Lead::Elsewhere => {}
            }
            None
        });
        // What was replaced may say whose the resource is; a Patient is read whole, for its names.
        let rewritten = if named.resource_type.as_str() == "Patient" {
            serde_json::from_str(&json).map_err(|error| super::text::explain(&error))?
        } else if layout.links.is_empty() {
            named.head
        } else {
            head(&json)?
        };
        let (patient, through) = match compartment(named.resource_type.as_str(), &rewritten) {
            Compartment::Patient(_) if named.resource_type.as_str() == "Patient" => {
                (PatientId::parse(id.as_str()).ok(), Vec::new())
            }
            Compartment::Patient(patient) => (Some(patient), Vec::new()),
            Compartment::Through(targets) => (self.shown_by.get(&id).cloned(), targets),
            Compartment::Shared => (None, Vec::new()),
            Compartment::Unknown => return Err(NOBODYS.to_owned()),
        };
        if survey.has_binaries
            && let Some(patient) = &patient
        {
            self.shown_by.extend(binaries.into_iter().map(|binary| (binary, patient.clone())));
        }
        let is_patient = named.resource_type.as_str() == "Patient";
        self.bytes += json.len();
        self.batch.push(Waiting {
            prepared: Prepared {
                sort: sort_date(named.resource_type.as_str(), &rewritten),
                demographics: is_patient.then(|| demographics(&rewritten)),
                restricted: patient.as_ref().is_some_and(|patient| survey.restricted.contains(patient)),
                identifiers: identifiers(&rewritten),
                json: json.into_owned(),
                resource_type: named.resource_type,
                id,
                patient,
            },
            file: course.file,
            place,
            through,
        });
        Ok(())
    }

    /// Stores the batch.
    fn flush(&mut self) {
        self.bytes = 0;
        let batch = std::mem::take(&mut self.batch);
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

    fn say_what_was_left(&mut self, course: &Course) {
        let path = self.path(course.file);
        if course.superseded_count > 0 {
            let mut places = course.superseded.join(", ");
            if course.superseded_count > course.superseded.len() as u64 {
                places.push_str(", ...");
            }
            let reason = format!(
                "{} resources stand again further on, with the same id and other content; the last one counts: {places}",
                course.superseded_count
            );
            self.tally.problem(&path, "", &reason);
        }
        let mut left = course.nowhere;
        let missing: Vec<_> = course.missing.keys().cloned().collect();
        for some in missing.chunks(BATCH_RESOURCES) {
            match self.store.owners(some) {
                Ok(owners) => {
                    let absent = some.iter().zip(owners).filter(|(_, owner)| *owner == Owner::Absent);
                    left += absent.filter_map(|(target, _)| course.missing.get(target)).sum::<u64>();
                }
                Err(fault) => self.fatal = Some(fault.reason),
            }
        }
        if left > 0 {
            let reason = format!("{left} references lead to resources that were not imported; they stay as they are");
            self.tally.problem(&path, "", &reason);
        }
    }
}

const NOBODYS: &str = "it does not say whose it is in a way that can be followed, so no chart can hold it; \
                       import it together with its patient and with what it refers to";

fn is_through(resource_type: &str) -> bool {
    matches!(compartment(resource_type, &serde_json::Value::Null), Compartment::Through(_))
}
