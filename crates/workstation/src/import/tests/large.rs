//! How fast a large file comes in, and that memory does not grow with it. Not part of the ordinary run.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::{Duration, Instant};

use vigil_model::{ResourceId, ResourceType};

use super::super::testing::{import, sums};
use super::super::{IdentifierQuery, Owner, Prepared, PutResult, Store, StoreFault};

/// Counts and forgets, so that only the import's own memory and time are measured.
#[derive(Default)]
struct Forgetful {
    bytes: usize,
}

impl Store for Forgetful {
    fn put_batch(&mut self, batch: &[Prepared]) -> Result<Vec<PutResult>, StoreFault> {
        self.bytes += batch.iter().map(|prepared| prepared.json.len()).sum::<usize>();
        Ok(vec![PutResult::Created; batch.len()])
    }

    fn identifiers_find(&mut self, queries: &[IdentifierQuery]) -> Result<Vec<Option<ResourceId>>, StoreFault> {
        Ok(vec![None; queries.len()])
    }

    fn owners(&mut self, resources: &[(ResourceType, ResourceId)]) -> Result<Vec<Owner>, StoreFault> {
        Ok(vec![Owner::Absent; resources.len()])
    }
}

/// A pretty-printed bundle of about `megabytes`, as Synthea writes them.
fn generate(path: &std::path::Path, megabytes: u64) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    write!(out, "{{\n  \"resourceType\": \"Bundle\",\n  \"type\": \"transaction\",\n  \"entry\": [").unwrap();
    let patient = uuid::Uuid::from_u128(7);
    let head = serde_json::json!({"fullUrl": format!("urn:uuid:{patient}"), "resource": {"resourceType": "Patient", "id": patient.to_string()}});
    write!(out, "{head}").unwrap();
    let (mut written, mut count) = (0, 100_u128);
    while written < megabytes << 20 {
        count += 1;
        let id = uuid::Uuid::from_u128(count << 64 | count).to_string();
        let entry = serde_json::json!({"fullUrl": format!("urn:uuid:{id}"), "resource": {
            "resourceType": "Observation", "id": id, "status": "final",
            "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs"}]}],
            "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9", "display": "Blood Pressure"}], "text": "Blood Pressure"},
            "subject": {"reference": format!("urn:uuid:{patient}")}, "effectiveDateTime": "2012-06-07T12:05:48-04:00",
            "component": (0..4).map(|n| serde_json::json!({"code": {"text": "part"}, "valueQuantity": {"value": 80.5 + f64::from(n), "unit": "mmHg"}})).collect::<Vec<_>>()},
            "request": {"method": "POST", "url": "Observation"}});
        let text = serde_json::to_string_pretty(&entry).unwrap();
        write!(out, ",\n{text}").unwrap();
        written += text.len() as u64;
    }
    write!(out, "\n]}}\n").unwrap();
}

/// Resident memory and its peak, in kB.
fn resident() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    (field("VmRSS:"), field("VmHWM:"))
}

#[test]
#[ignore = "writes 200 MB and measures; run it alone, in release"]
fn memory_does_not_grow_with_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let mut peaks = Vec::new();
    for megabytes in [20, 200] {
        let path = dir.path().join("large.json");
        generate(&path, megabytes);
        let (before, _) = resident();
        let began = Instant::now();
        let mut store = Forgetful::default();
        let report = import(&[path], &mut store);
        let took: Duration = began.elapsed();
        let (_, peak) = resident();
        let grown = peak - before;
        println!(
            "{megabytes} MB, {} resources: {:.0} MB/s, {} MB to store, resident memory grew by {grown} kB",
            sums(&report)[0],
            f64::from(u32::try_from(megabytes).unwrap()) / took.as_secs_f64(),
            store.bytes >> 20,
        );
        assert!(report.problems.is_empty(), "all of it is right");
        peaks.push(grown);
    }
    assert!(peaks[1] < 8 << 10, "200 MB take {} kB of memory", peaks[1]);
}
