//! What the tests of the import share.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Map, Value};
use vigil_model::{PatientId, ResourceId, ResourceType};

use super::{BATCH_RESOURCES, IdentifierQuery, Owner, Prepared, PutResult, Store, StoreFault};
use crate::view::{ImportReport, ImportTypeCount};

/// Any JSON text, with the names that matter to the import among its members and numbers as people write them.
pub(super) fn json() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("reference".to_owned()),
        Just("url".to_owned()),
        Just("id".to_owned()),
        Just("resourceType".to_owned()),
        "[a-z\"\\\\é]{0,6}",
    ];
    let text = prop_oneof![Just("urn:uuid:1".to_owned()), Just("Patient/1".to_owned()), "[ -~é\n\t]{0,12}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| serde_json::Number::from_f64(number).map_or(Value::Null, Value::Number)),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
    .prop_map(|value| value.to_string())
}

/// A store in memory that keeps what it is given, as the vault does.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) resources: BTreeMap<(String, String), (Option<PatientId>, String, bool)>,
    pub(super) identifiers: BTreeMap<(String, Option<String>, String), ResourceId>,
    /// A resource that cannot be stored: its batch fails.
    pub(super) poison: Option<String>,
    /// Storing fails for good after this many batches.
    pub(super) batches_left: Option<usize>,
}

impl Store for Memory {
    fn put_batch(&mut self, batch: &[Prepared]) -> Result<Vec<PutResult>, StoreFault> {
        assert!(batch.len() <= BATCH_RESOURCES, "a batch is one transaction and stays small");
        if let Some(left) = &mut self.batches_left {
            *left = left.checked_sub(1).ok_or(StoreFault { reason: "the disk is full".to_owned(), fatal: true })?;
        }
        if batch.iter().any(|prepared| Some(prepared.id.as_str()) == self.poison.as_deref()) {
            return Err(StoreFault { reason: "it cannot be stored".to_owned(), fatal: false });
        }
        let put = |prepared: &Prepared| {
            let resource_type = prepared.resource_type.as_str().to_owned();
            for (system, value) in &prepared.identifiers {
                for system in [Some(system.clone()), None] {
                    self.identifiers.insert((resource_type.clone(), system, value.clone()), prepared.id.clone());
                }
            }
            let key = (resource_type, prepared.id.as_str().to_owned());
            let new = (prepared.patient.clone(), prepared.json.clone(), prepared.restricted);
            match self.resources.insert(key, new.clone()) {
                None => PutResult::Created,
                Some(old) if old == new => PutResult::Unchanged,
                Some(_) => PutResult::Updated,
            }
        };
        Ok(batch.iter().map(put).collect())
    }

    fn identifiers_find(&mut self, queries: &[IdentifierQuery]) -> Result<Vec<Option<ResourceId>>, StoreFault> {
        let find = |query: &IdentifierQuery| {
            let key = (query.resource_type.as_str().to_owned(), query.system.clone(), query.value.clone());
            self.identifiers.get(&key).cloned()
        };
        Ok(queries.iter().map(find).collect())
    }

    fn owners(&mut self, resources: &[(ResourceType, ResourceId)]) -> Result<Vec<Owner>, StoreFault> {
        let owner = |(resource_type, id): &(ResourceType, ResourceId)| match self
            .resources
            .get(&(resource_type.as_str().to_owned(), id.as_str().to_owned()))
        {
            None => Owner::Absent,
            Some((None, ..)) => Owner::Shared,
            Some((Some(patient), ..)) => Owner::Patient(patient.clone()),
        };
        Ok(resources.iter().map(owner).collect())
    }
}

/// Imports `paths` without anybody watching.
pub(super) fn import(paths: &[PathBuf], store: &mut dyn Store) -> ImportReport {
    super::run(paths, store, &|_| {}, &AtomicBool::new(false), &|| Duration::ZERO)
}

/// A folder with `files`: (name, text).
pub(super) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

/// How many were created, updated, unchanged and refused.
pub(super) fn sums(report: &ImportReport) -> [u32; 4] {
    let sum = |pick: fn(&ImportTypeCount) -> u32| report.types.iter().map(pick).sum();
    [sum(|t| t.created), sum(|t| t.updated), sum(|t| t.unchanged), sum(|t| t.refused)]
}
