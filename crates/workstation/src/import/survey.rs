//! The first reading of all files: what there is, and what they ask of each other.

use std::collections::{HashMap, HashSet};
use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use vigil_model::{PatientId, ResourceId, ResourceType};
use vigil_vault::wipe_stack;

use super::discover::Discovered;
use super::file::{Item, Piece, Shape, each, look};
use super::links::{Conditions, Digest};
use super::resource::{Condition, Named, head, is_restricted, name, name_briefly, parse_query};
use super::text::layout;
use super::{IdentifierQuery, lines};
use super::{Store, StoreFault};

/// A file to be stored, or why it cannot be.
pub(super) struct Surveyed {
    pub(super) path: PathBuf,
    pub(super) shape: Result<Shape, String>,
    /// Whether any of its resources has an address (`fullUrl`) by which others can name it.
    pub(super) has_urls: bool,
}

/// Where a resource stands for the last time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Last {
    pub(super) file: usize,
    /// Counted over all items of the file.
    pub(super) position: u64,
    /// Digest of its text.
    pub(super) content: u128,
}

/// What the files hold.
#[derive(Default)]
pub(super) struct Survey {
    pub(super) files: Vec<Surveyed>,
    pub(super) total: u32,
    pub(super) digest: Digest,
    pub(super) conditions: Conditions,
    /// Patients whose own resource says that they are restricted.
    pub(super) restricted: HashSet<PatientId>,
    /// Whether there is a Binary, whose patient is that of the document that shows it.
    pub(super) has_binaries: bool,
    /// Resources that stand in the files more than once with the same id: only the last counts, so that importing the
    /// same files again ends where it began.
    repeated: HashMap<(ResourceType, ResourceId), Last>,
    /// Short digests of all resources, sorted.
    present: Vec<u64>,
}

/// Parts of one file that are looked at side by side, at most.
const MOST_PARTS: usize = 4;

/// What a first look at some resources found.
#[derive(Default)]
struct Found {
    present: Vec<u64>,
    restricted: HashSet<PatientId>,
    has_binaries: bool,
    has_urls: bool,
    wanted: HashSet<IdentifierQuery>,
}

/// A first look at resources, one after the other.
struct Glance<'d> {
    digest: &'d Digest,
    found: Found,
}

impl<'d> Glance<'d> {
    fn new(digest: &'d Digest) -> Self {
        Self { digest, found: Found::default() }
    }

    fn look(&mut self, item: &Item<'_>) {
        let Ok(piece) = &item.piece else { return };
        let Ok(named) = name_briefly(piece) else { return };
        let found = &mut self.found;
        found.has_urls |= piece.full_url.is_some();
        found.present.push(self.digest.short(&named.resource_type, &named.id));
        match named.resource_type.as_str() {
            "Patient" if head(piece.text).is_ok_and(|head| is_restricted(&head)) => {
                found.restricted.extend(PatientId::parse(named.id.as_str()));
            }
            "Binary" => found.has_binaries = true,
            _ => {}
        }
        if let Some(Condition::Absent(query) | Condition::Replace(query)) = &named.condition {
            found.wanted.insert(query.clone());
        }
        // Only a text with a question mark can hold a conditional reference; most have none and are not taken apart here.
        let asks = memchr::memchr(b'?', piece.text.as_bytes()).is_some() || piece.text.contains("\\u003");
        if asks && let Ok(layout) = layout(piece.text) {
            let links = layout.links.iter().filter(|link| link.is_reference);
            found.wanted.extend(links.filter_map(|link| parse_query(&link.text)));
        }
    }
}

/// Looks at the parts of a file with one resource a line, each on a core of its own; this thread takes the first part, and any for which the
/// system starts no thread.
fn in_parts(
    path: &Path,
    first: (u64, u64),
    others: &[(u64, u64)],
    digest: &Digest,
    count: &(impl Fn() -> Option<u32> + Sync),
    halted: &(dyn Fn() -> bool + Sync),
    went_on: &mut dyn FnMut(u32),
) -> Vec<Found> {
    let look = |part: (u64, u64), went_on: &mut dyn FnMut(u32)| {
        let mut glance = Glance::new(digest);
        // What cannot be read is for the reading in order to tell.
        let _ = lines::lines_of_part(path, part, &mut |item| {
            glance.look(&item);
            count().map(&mut *went_on);
            if halted() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        glance.found
    };
    thread::scope(|scope| {
        let started: Vec<_> = others
            .iter()
            .map(|part| {
                let beside = move || {
                    let found = look(*part, &mut |_| {});
                    wipe_stack();
                    found
                };
                (part, thread::Builder::new().spawn_scoped(scope, beside))
            })
            .collect();
        let mut found = vec![look(first, went_on)];
        for (part, started) in started {
            found.push(match started {
                Ok(thread) => thread.join().unwrap_or_else(|_| look(*part, went_on)),
                Err(_) => look(*part, went_on),
            });
        }
        found
    })
}

impl Survey {
    /// Reads all files. `halted` stops it early.
    pub(super) fn read(
        discovered: Vec<Discovered>,
        store: &mut dyn Store,
        halted: &(dyn Fn() -> bool + Sync),
        went_on: &mut dyn FnMut(usize, u32),
    ) -> Result<Self, StoreFault> {
        let mut survey = Self::default();
        for found in discovered {
            let surveyed = match found {
                Ok(path) => Surveyed { shape: look(&path), path, has_urls: false },
                Err((path, reason)) => Surveyed { path, shape: Err(reason), has_urls: false },
            };
            survey.files.push(surveyed);
        }
        survey.glance(halted, went_on);
        survey.present.sort_unstable();
        let twice: HashSet<u64> = survey
            .present
            .windows(2)
            .filter_map(|w| if w.first() == w.last() { w.first().copied() } else { None })
            .collect();
        survey.present.dedup();
        survey.conditions.ask(store)?;
        if !twice.is_empty() || !survey.conditions.is_empty() {
            survey.pass(halted, &mut |survey, file, position, piece| {
                if let Ok(named) = name(piece) {
                    survey.second(file, position, piece, &named, &twice);
                }
            });
        }
        Ok(survey)
    }

    /// Whether the files hold this resource.
    pub(super) fn holds(&self, resource_type: &ResourceType, id: &ResourceId) -> bool {
        self.present.binary_search(&self.digest.short(resource_type, id)).is_ok()
    }

    /// Where a resource that stands in the files several times does so for the last time.
    pub(super) fn last(&self, resource_type: &ResourceType, id: &ResourceId) -> Option<Last> {
        if self.repeated.is_empty() {
            return None;
        }
        self.repeated.get(&(resource_type.clone(), id.clone())).copied()
    }

    /// Looks at every resource for the first time.
    fn glance(&mut self, halted: &(dyn Fn() -> bool + Sync), went_on: &mut dyn FnMut(usize, u32)) {
        for file in 0..self.files.len() {
            let Some((path, Ok(shape))) = self.files.get(file).map(|f| (f.path.clone(), f.shape.clone())) else {
                continue;
            };
            let before = self.total;
            let seen = AtomicU32::new(before);
            let count = || {
                let total = seen.fetch_add(1, Ordering::Relaxed).saturating_add(1);
                total.is_multiple_of(1024).then_some(total)
            };
            let mut went_on = |total| went_on(file, total);
            let cores = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_PARTS);
            let parts = if shape == Shape::Lines { lines::parts(&path, cores).unwrap_or_default() } else { Vec::new() };
            let glances = match parts.split_first() {
                Some((first, others)) if !others.is_empty() => {
                    in_parts(&path, *first, others, &self.digest, &count, halted, &mut went_on)
                }
                _ => {
                    let mut glance = Glance::new(&self.digest);
                    each(&path, shape, &mut |item| {
                        glance.look(&item);
                        count().map(&mut went_on);
                        if halted() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                    });
                    vec![glance.found]
                }
            };
            self.total = seen.into_inner();
            for found in glances {
                self.present.extend(found.present);
                self.restricted.extend(found.restricted);
                self.has_binaries |= found.has_binaries;
                found.wanted.into_iter().for_each(|query| self.conditions.want(query));
                if let Some(surveyed) = self.files.get_mut(file) {
                    surveyed.has_urls |= found.has_urls;
                }
            }
            if halted() {
                return;
            }
        }
    }

    fn second(&mut self, file: usize, position: u64, piece: &Piece<'_>, named: &Named, twice: &HashSet<u64>) {
        if !self.conditions.is_empty() {
            self.conditions.offer(named);
        }
        let conditional = matches!(named.condition, Some(Condition::Absent(_)));
        if !conditional && twice.contains(&self.digest.short(&named.resource_type, &named.id)) {
            let last = Last { file, position, content: self.digest.of(piece.text) };
            self.repeated.insert((named.resource_type.clone(), named.id.clone()), last);
        }
    }

    /// Visits every item of every file; one that could not be read has no text.
    fn pass(&mut self, halted: &(dyn Fn() -> bool + Sync), visit: &mut impl FnMut(&mut Self, usize, u64, &Piece<'_>)) {
        for file in 0..self.files.len() {
            let Some((path, Ok(shape))) = self.files.get(file).map(|f| (f.path.clone(), f.shape.clone())) else {
                continue;
            };
            let mut position = 0;
            each(&path, shape, &mut |item| {
                let nothing = Piece { full_url: None, request: None, text: "" };
                visit(self, file, position, item.piece.as_ref().unwrap_or(&nothing));
                position += 1;
                if halted() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            if halted() {
                return;
            }
        }
    }
}
