//! Where references lead: the `fullUrl`s of a file and the conditional references of all files.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use uuid::Uuid;
use vigil_model::fhir::compartment::parse_reference;
use vigil_model::{ResourceId, ResourceType};

use super::resource::{Condition, Named, identifiers, parse_query};
use super::text::Link;
use super::{IdentifierQuery, Store, StoreFault};

/// Keyed hashes, so that a file cannot be made to collide.
#[derive(Default)]
pub(super) struct Digest(RandomState, RandomState);

impl Digest {
    /// A digest of `text` that two different texts do not share.
    pub(super) fn of(&self, text: &str) -> u128 {
        (u128::from(self.0.hash_one(text)) << 64) | u128::from(self.1.hash_one(text))
    }

    /// A digest of a resource's type and id; rarely, two share it.
    pub(super) fn short(&self, resource_type: &ResourceType, id: &ResourceId) -> u64 {
        self.0.hash_one((resource_type, id))
    }
}

/// What conditional references and conditions of all files come to.
#[derive(Default)]
pub(super) struct Conditions {
    wanted: HashSet<IdentifierQuery>,
    stored: HashMap<IdentifierQuery, ResourceId>,
    /// Resources of this run; `None` when several have the identifier.
    found: HashMap<IdentifierQuery, Option<ResourceId>>,
}

impl Conditions {
    /// Asks for `query`.
    pub(super) fn want(&mut self, query: IdentifierQuery) {
        self.wanted.insert(query);
    }

    /// Whether anything is asked for.
    pub(super) fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Learns what is stored already.
    pub(super) fn ask(&mut self, store: &mut dyn Store) -> Result<(), StoreFault> {
        let mut queries: Vec<_> = self.wanted.iter().cloned().collect();
        queries.sort_unstable();
        for some in queries.chunks(super::BATCH_RESOURCES) {
            let answers = store.identifiers_find(some)?;
            self.stored.extend(some.iter().cloned().zip(answers).filter_map(|(query, id)| Some((query, id?))));
        }
        Ok(())
    }

    /// Learns of a resource of this run.
    pub(super) fn offer(&mut self, named: &Named) {
        let id = self.target(named);
        for (system, value) in identifiers(&named.head) {
            for system in [Some(system), None] {
                let query =
                    IdentifierQuery { resource_type: named.resource_type.clone(), system, value: value.clone() };
                if self.wanted.contains(&query) {
                    let known = self.found.entry(query).or_insert_with(|| Some(id.clone()));
                    if known.as_ref().is_some_and(|known| *known != id) {
                        *known = None;
                    }
                }
            }
        }
        // A condition may name an identifier that the resource itself does not have.
        if let Some(Condition::Absent(query) | Condition::Replace(query)) = &named.condition {
            self.found.entry(query.clone()).or_insert(Some(id));
        }
    }

    /// The id under which `named` is stored: its own, or that of the resource its condition leads to.
    pub(super) fn target(&self, named: &Named) -> ResourceId {
        let Some(Condition::Absent(query) | Condition::Replace(query)) = &named.condition else {
            return named.id.clone();
        };
        let found = self.stored.get(query).or_else(|| self.found.get(query).and_then(Option::as_ref));
        found.unwrap_or(&named.id).clone()
    }

    fn resolve(&self, query: &IdentifierQuery) -> Option<&ResourceId> {
        match self.found.get(query) {
            Some(found) => found.as_ref(),
            None => self.stored.get(query),
        }
    }
}

/// Where a link leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// To this `Type/id`, which is to be written instead.
    To(String),
    /// It says `Type/id` itself.
    Already(ResourceType, ResourceId),
    /// It was meant for a resource of the same import, which is not there.
    Nowhere,
    /// Out of reach by its nature: contained resources and addresses elsewhere.
    Elsewhere,
}

/// The `fullUrl`s of one file. Kept small, because it is all that grows with the file: 18 bytes where the id is the UUID of
/// the address, as it is nearly always.
#[derive(Default)]
pub(super) struct FullUrls {
    types: Vec<ResourceType>,
    /// Key and type, sorted by key once all are learned.
    entries: Vec<([u8; 16], [u8; 2])>,
    /// Ids that are not the key.
    ids: HashMap<[u8; 16], Box<str>>,
}

impl FullUrls {
    /// Learns that `url` is `id` of `resource_type`.
    pub(super) fn insert(&mut self, digest: &Digest, url: &str, resource_type: &ResourceType, id: &ResourceId) {
        let kind = self.types.iter().position(|known| known == resource_type).unwrap_or_else(|| {
            self.types.push(resource_type.clone());
            self.types.len() - 1
        });
        let Ok(kind) = u16::try_from(kind) else { return };
        let key = key(digest, url);
        if uuid_text(key) != id.as_str() {
            self.ids.entry(key).or_insert_with(|| id.as_str().into());
        }
        self.entries.push((key, kind.to_be_bytes()));
    }

    /// To be called when all are learned.
    pub(super) fn sort(&mut self) {
        self.entries.sort_unstable();
        self.entries.dedup_by_key(|(key, _)| *key);
    }

    fn get(&self, digest: &Digest, url: &str) -> Option<String> {
        let key = key(digest, url);
        let at = self.entries.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        let kind = u16::from_be_bytes(self.entries.get(at)?.1);
        let kind = self.types.get(usize::from(kind))?;
        Some(self.ids.get(&key).map_or_else(|| format!("{kind}/{}", uuid_text(key)), |id| format!("{kind}/{id}")))
    }
}

fn uuid_text(key: [u8; 16]) -> String {
    Uuid::from_bytes(key).hyphenated().to_string()
}

/// Where `link` leads, by the file's addresses and by the conditions.
pub(super) fn follow(link: &Link, urls: &FullUrls, conditions: &Conditions, digest: &Digest) -> Lead {
    let text = link.text.as_str();
    let absolute = text.starts_with("urn:") || text.starts_with("http");
    if absolute && let Some(target) = urls.get(digest, text) {
        return Lead::To(target);
    }
    if !link.is_reference {
        return binary(text).unwrap_or(Lead::Elsewhere);
    }
    if text.starts_with("urn:") {
        return Lead::Nowhere;
    }
    if absolute || text.starts_with('#') {
        return Lead::Elsewhere;
    }
    if let Some((kind, _)) = text.split_once('?') {
        let id = parse_query(text).and_then(|query| conditions.resolve(&query).cloned());
        return id.map_or(Lead::Nowhere, |id| Lead::To(format!("{kind}/{id}")));
    }
    parse_reference(text).map_or(Lead::Elsewhere, |(kind, id)| Lead::Already(kind, id))
}

fn binary(text: &str) -> Option<Lead> {
    let (kind, id) = parse_reference(text)?;
    (kind.as_str() == "Binary").then_some(Lead::Already(kind, id))
}

fn key(digest: &Digest, url: &str) -> [u8; 16] {
    let uuid = url.strip_prefix("urn:uuid:").and_then(|uuid| Uuid::try_parse(uuid).ok());
    uuid.map_or_else(|| digest.of(url).to_be_bytes(), |uuid| *uuid.as_bytes())
}
