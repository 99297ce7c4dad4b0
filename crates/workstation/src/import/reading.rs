//! The second reading: every resource is checked and its references resolved. It runs on a thread of its own, ahead of the
//! storing by no more than one batch.

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;

use vigil_model::fhir::compartment::{Compartment, compartment, sort_date};
use vigil_model::fhir::{demographics, roster, worklist, worklist_entry};
use vigil_model::{PatientId, ResourceId, ResourceType, WorklistKind};

use super::file::{Item, Place, Shape, each};
use super::lines::lines_by_patient;
use super::links::{FullUrls, Lead, follow};
use super::resource::{Condition, Named, Refusal, identifiers, name, name_briefly, pick};
use super::survey::Survey;
use super::text::{Replaced, explain, layout, replace_in, rewrite};
use super::{BATCH_RESOURCES, Prepared};

/// The most text that goes into one batch, so that large resources do not fill the memory.
const BATCH_BYTES: usize = 2 << 20;

/// Findings that wait for a batch to go with.
const FINDINGS: usize = 1_000;

/// Targets of literal references that are looked up in the store, per file; more are not counted.
const MISSING_LIMIT: usize = 10_000;

/// Entries that one problem names.
const NAMED_PLACES: usize = 50;

/// What comes of the reading, in the order of the files.
pub(super) enum Finding {
    /// These are to be stored, in one transaction.
    Batch(Vec<Waiting>),
    /// A resource of this type is there already.
    Unchanged(ResourceType),
    /// A resource of this type stands again further on; [`Left`] says where.
    Superseded(ResourceType),
    /// A resource that cannot be stored.
    Refused { file: usize, place: Place, resource_type: Option<ResourceType>, reason: String },
    /// A file that cannot be read.
    Unreadable { file: usize, reason: String },
    /// A file was read for the first time.
    Left(Left),
}

/// A resource on its way, and where it came from.
pub(super) struct Waiting {
    pub(super) prepared: Prepared,
    pub(super) file: usize,
    pub(super) place: Place,
    /// The resources that say whose it is, while that is not known.
    pub(super) through: Vec<(ResourceType, ResourceId)>,
}

/// What is to be said about a file once all of it is stored.
#[derive(Default)]
pub(super) struct Left {
    pub(super) file: usize,
    /// References to resources that should have been in the files.
    pub(super) nowhere: u64,
    /// Targets that are not in the files, and how often each is named.
    pub(super) missing: BTreeMap<(ResourceType, ResourceId), u64>,
    /// Places of resources that stand again further on; the first of them.
    pub(super) superseded: Vec<String>,
    pub(super) superseded_count: u64,
}

/// What is collected over one file.
#[derive(Default)]
struct Course {
    urls: FullUrls,
    position: u64,
    defers: bool,
    left: Left,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Round {
    /// Everything whose patient is known from the resource itself.
    Direct,
    /// What belongs to a patient only through others, which are stored by now.
    Through,
}

/// Reads what the survey found.
pub(super) struct Reading<'a> {
    survey: &'a Survey,
    cancelled: &'a AtomicBool,
    out: SyncSender<Vec<Finding>>,
    /// Nobody listens any more.
    ended: bool,
    findings: Vec<Finding>,
    /// What is said about files after the batch that completes them.
    lefts: Vec<Finding>,
    batch: Vec<Waiting>,
    bytes: usize,
    /// Files with resources that belong to a patient only through others.
    deferred: Vec<usize>,
    /// Whose document shows a Binary.
    shown_by: HashMap<ResourceId, PatientId>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(survey: &'a Survey, cancelled: &'a AtomicBool, out: SyncSender<Vec<Finding>>) -> Self {
        let (findings, lefts, batch, deferred, shown_by) = Default::default();
        Self { survey, cancelled, out, ended: false, findings, lefts, batch, bytes: 0, deferred, shown_by }
    }

    /// Reads all files.
    pub(super) fn run(mut self) {
        for file in 0..self.survey.files.len() {
            self.file(file, Round::Direct);
            if self.is_over() {
                return;
            }
        }
        self.flush();
        for file in std::mem::take(&mut self.deferred) {
            self.file(file, Round::Through);
            // What one of them stores may say whose the next one's are.
            self.flush();
        }
    }

    fn is_over(&self) -> bool {
        self.ended || self.cancelled.load(Ordering::Relaxed)
    }

    fn go_on(&self) -> ControlFlow<()> {
        if self.is_over() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn file(&mut self, file: usize, round: Round) {
        let survey = self.survey;
        let Some(surveyed) = survey.files.get(file) else { return };
        let mut course = Course { left: Left { file, ..Left::default() }, ..Course::default() };
        match &surveyed.shape {
            Ok(shape) => {
                if surveyed.has_urls && *shape != Shape::Single {
                    each(&surveyed.path, *shape, &mut |item| {
                        self.learn_url(&item, &mut course.urls);
                        self.go_on()
                    });
                    course.urls.sort();
                }
                let mut store = |position, item: Item<'_>| {
                    course.position = position;
                    self.item(item, &mut course, round);
                    if self.batch.len() >= BATCH_RESOURCES
                        || self.bytes >= BATCH_BYTES
                        || self.findings.len() >= FINDINGS
                    {
                        self.flush();
                    }
                    self.go_on()
                };
                if *shape == Shape::Lines {
                    lines_by_patient(&surveyed.path, &mut store);
                } else {
                    let mut positions = 0..;
                    each(&surveyed.path, *shape, &mut |item| store(positions.next().unwrap_or(u64::MAX), item));
                }
            }
            Err(reason) => self.findings.push(Finding::Unreadable { file, reason: reason.clone() }),
        }
        if self.is_over() {
            return;
        }
        if course.defers {
            self.deferred.push(file);
        }
        if round == Round::Direct {
            // It is said once the file is stored; what is missing is looked up in the store then.
            let asks = !course.left.missing.is_empty();
            self.lefts.push(Finding::Left(course.left));
            if asks {
                self.flush();
            }
        }
    }

    fn learn_url(&self, item: &Item<'_>, urls: &mut FullUrls) {
        if let Ok(piece) = &item.piece
            && let Some(url) = &piece.full_url
            && let Ok(named) = name_briefly(piece)
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
            let Refusal { resource_type, reason } = refused;
            self.findings.push(Finding::Refused { file: course.left.file, place, resource_type, reason });
        }
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
                self.findings.push(Finding::Unchanged(named.resource_type));
            }
            return Ok(());
        }
        if let Some(last) = survey.last(&named.resource_type, &named.id)
            && (last.file, last.position) != (course.left.file, course.position)
        {
            if round == Round::Direct {
                if last.content == survey.digest.of(text) {
                    self.findings.push(Finding::Unchanged(named.resource_type));
                } else {
                    self.findings.push(Finding::Superseded(named.resource_type));
                    course.left.superseded_count += 1;
                    if course.left.superseded.len() < NAMED_PLACES {
                        course.left.superseded.push(place.to_string());
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
        let (mut binaries, mut replaced) = (Vec::new(), Vec::new());
        let Course { urls, left, .. } = course;
        let json = rewrite(text, &layout, id.as_str(), |link| {
            match follow(link, urls, &survey.conditions, &survey.digest) {
                Lead::To(target) => {
                    if let Some(binary) = target.strip_prefix("Binary/") {
                        binaries.extend(ResourceId::parse(binary));
                    }
                    replaced.push(Replaced::new(link, &target));
                    return Some(target);
                }
                Lead::Already(kind, id) => {
                    if kind.as_str() == "Binary" {
                        binaries.push(id.clone());
                    }
                    if !survey.holds(&kind, &id) && left.missing.len() < MISSING_LIMIT {
                        *left.missing.entry((kind, id)).or_default() += 1;
                    }
                }
                Lead::Nowhere => left.nowhere += 1,
                Lead::Elsewhere => {}
            }
            None
        });
        // What was replaced may say whose the resource is; a Patient is read whole, for its names.
        let rewritten = if named.resource_type.as_str() == "Patient" {
            serde_json::from_str(&json).map_err(|error| explain(&error))?
        } else {
            let mut head = named.head;
            replace_in(&mut head, &replaced);
            head
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
        let worklist = if is_patient {
            worklist_entry("Patient", &rewritten)
        } else if WorklistKind::of_type(named.resource_type.as_str()).is_some() {
            worklist_entry(named.resource_type.as_str(), &pick(&json, worklist::is_read)?)
        } else {
            None
        };
        let roster = if patient.is_none() && roster::is_of(named.resource_type.as_str()) {
            roster::found_by(named.resource_type.as_str(), &pick(&json, roster::is_read)?)
        } else {
            Vec::new()
        };
        self.bytes += json.len();
        self.batch.push(Waiting {
            prepared: Prepared {
                sort: sort_date(named.resource_type.as_str(), &rewritten),
                demographics: is_patient.then(|| demographics(&rewritten)),
                restricted: patient.as_ref().is_some_and(|patient| survey.restricted.contains(patient)),
                identifiers: identifiers(&rewritten),
                worklist,
                roster,
                json: json.into_owned(),
                resource_type: named.resource_type,
                id,
                patient,
            },
            file: left.file,
            place,
            through,
        });
        Ok(())
    }

    /// Hands over what was read; waits until the batch before is stored.
    fn flush(&mut self) {
        self.bytes = 0;
        let batch = std::mem::take(&mut self.batch);
        if !batch.is_empty() {
            self.findings.push(Finding::Batch(batch));
        }
        self.findings.append(&mut self.lefts);
        if !self.findings.is_empty() {
            self.ended = self.out.send(std::mem::take(&mut self.findings)).is_err();
        }
    }
}

/// Why a resource is refused that should be in a chart.
pub(super) const NOBODYS: &str = "it does not say whose it is in a way that can be followed, so no chart can hold it; \
                                  import it together with its patient and with what it refers to";

/// Whether resources of this type belong where those are that they speak of.
pub(super) fn is_through(resource_type: &str) -> bool {
    matches!(compartment(resource_type, &serde_json::Value::Null), Compartment::Through(_))
}
