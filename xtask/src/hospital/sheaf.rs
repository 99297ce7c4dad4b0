//! The files: one NDJSON file per resource type, opened when its first resource comes.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

/// Import order: what others refer to comes first, so that a person who reads along sees no forward references.
const TYPES: [&str; 21] = [
    "Patient",
    "Encounter",
    "Condition",
    "AllergyIntolerance",
    "MedicationRequest",
    "Observation",
    "DiagnosticReport",
    "Immunization",
    "Procedure",
    "DocumentReference",
    "CarePlan",
    "Goal",
    "CareTeam",
    "FamilyMemberHistory",
    "Device",
    "Coverage",
    "Claim",
    "Appointment",
    "Organization",
    "Location",
    "Practitioner",
];

pub(super) struct Sheaf<'a> {
    directory: &'a Path,
    files: BTreeMap<String, BufWriter<File>>,
    counts: BTreeMap<String, usize>,
}

impl<'a> Sheaf<'a> {
    pub(super) fn new(directory: &'a Path) -> Self {
        Self { directory, files: BTreeMap::new(), counts: BTreeMap::new() }
    }

    pub(super) fn put(&mut self, resource: &Value) -> Result<()> {
        let resource_type = resource.get("resourceType").and_then(Value::as_str).context("a resource without type")?;
        if !self.files.contains_key(resource_type) {
            let path = self.path(resource_type);
            let file = File::create(&path).with_context(|| format!("creating {}", path.display()))?;
            self.files.insert(resource_type.to_owned(), BufWriter::new(file));
        }
        let file = self.files.get_mut(resource_type).context("the file just opened is missing")?;
        serde_json::to_writer(&mut *file, resource)?;
        file.write_all(b"\n")?;
        *self.counts.entry(resource_type.to_owned()).or_default() += 1;
        Ok(())
    }

    /// Closes the files; their paths in import order and how many resources of each type they hold.
    pub(super) fn finish(mut self) -> Result<(Vec<PathBuf>, BTreeMap<String, usize>)> {
        for file in self.files.values_mut() {
            file.flush().context("writing the last bytes of the demo hospital")?;
        }
        let paths = TYPES.iter().filter(|kind| self.files.contains_key(**kind)).map(|kind| self.path(kind)).collect();
        Ok((paths, self.counts))
    }

    fn path(&self, resource_type: &str) -> PathBuf {
        self.directory.join(format!("{resource_type}.ndjson"))
    }
}
