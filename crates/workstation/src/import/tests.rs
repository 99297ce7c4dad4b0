//! Whole imports, into a store in memory.

mod large;
mod real;
mod rewriting;

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use serde_json::{Value, json};

use super::testing::{Memory, folder, import, sums};

fn bundle(entries: &[Value]) -> String {
    json!({"resourceType": "Bundle", "type": "transaction", "entry": entries}).to_string()
}

fn patient(id: &str) -> Value {
    json!({"fullUrl": format!("urn:uuid:{id}"), "resource": {"resourceType": "Patient", "id": id}})
}

const P: &str = "0dfc2e7a-1111-4222-8333-444455556666";

fn stored(memory: &Memory, resource_type: &str, id: &str) -> Value {
    let key = (resource_type.to_owned(), id.to_owned());
    serde_json::from_str(&memory.resources.get(&key).unwrap_or_else(|| panic!("{resource_type}/{id} is stored")).1)
        .unwrap()
}

#[test]
fn references_within_a_bundle_are_resolved_and_everything_else_stays() {
    let observation = json!({"fullUrl": "urn:uuid:1", "resource": {
        "resourceType": "Observation", "id": "o", "subject": {"reference": format!("urn:uuid:{P}")},
        "contained": [{"resourceType": "Device", "id": "d", "patient": {"reference": format!("urn:uuid:{P}")}}],
        "device": {"reference": "#d"}, "identifier": [{"value": format!("urn:uuid:{P}")}],
        "extension": [{"url": "http://x", "valueReference": {"reference": "urn:uuid:1"}}]}});
    let dir = folder(&[("a.json", &bundle(&[observation, patient(P)]))]);
    let mut memory = Memory::default();
    let report = import(&[dir.path().to_owned()], &mut memory);
    assert_eq!(sums(&report), [2, 0, 0, 0], "both are stored");
    assert!(report.problems.is_empty(), "nothing is left to say");
    let found = stored(&memory, "Observation", "o");
    let subject = format!("Patient/{P}");
    assert_eq!(found["subject"]["reference"], subject.as_str(), "the patient comes after it in the file");
    assert_eq!(found["contained"][0]["patient"]["reference"], subject.as_str(), "also within contained resources");
    assert_eq!(found["extension"][0]["valueReference"]["reference"], "Observation/o", "also in extensions");
    assert_eq!(found["device"]["reference"], "#d", "contained resources are found where they are");
    assert_eq!(found["identifier"][0]["value"], format!("urn:uuid:{P}"), "an identifier is no reference");
}

#[test]
fn conditional_references_are_resolved_across_files_in_either_order_and_over_imports() {
    let order = json!({"resourceType": "ServiceRequest", "id": "s", "subject": {"reference": "Patient/p"},
        "requester": {"reference": "Practitioner?identifier=http://npi|7"}})
    .to_string();
    let doctor =
        json!({"resourceType": "Practitioner", "id": "d", "identifier": [{"system": "http://npi", "value": "7"}]})
            .to_string();
    for (first, second) in [("a.json", "b.json"), ("b.json", "a.json")] {
        let dir = folder(&[(first, &order), (second, &doctor)]);
        let mut memory = Memory::default();
        import(&[dir.path().to_owned()], &mut memory);
        assert_eq!(
            stored(&memory, "ServiceRequest", "s")["requester"]["reference"],
            "Practitioner/d",
            "{first} has the order"
        );
    }
    let dir = folder(&[("doctor.json", &doctor), ("order.json", &order)]);
    let mut memory = Memory::default();
    import(&[dir.path().join("doctor.json")], &mut memory);
    import(&[dir.path().join("order.json")], &mut memory);
    assert_eq!(
        stored(&memory, "ServiceRequest", "s")["requester"]["reference"],
        "Practitioner/d",
        "the record has the doctor"
    );
}

#[test]
fn what_a_transaction_creates_only_if_absent_is_created_once() {
    let entry = |id: &str| {
        json!({"fullUrl": format!("urn:uuid:{id}"),
            "resource": {"resourceType": "Organization", "id": id, "identifier": [{"system": "s", "value": "v"}]},
            "request": {"method": "POST", "url": "Organization", "ifNoneExist": "identifier=s|v"}})
    };
    let of = json!({"resource": {"resourceType": "Location", "id": "l", "managingOrganization": {"reference": "urn:uuid:two"}}});
    let dir = folder(&[("a.json", &bundle(&[entry("one")])), ("b.json", &bundle(&[entry("two"), of]))]);
    let mut memory = Memory::default();
    for expected in [[2, 0, 1, 0], [0, 0, 3, 0]] {
        let report = import(&[dir.path().to_owned()], &mut memory);
        assert_eq!(sums(&report), expected, "the second hospital is the first");
        assert_eq!(
            stored(&memory, "Location", "l")["managingOrganization"]["reference"],
            "Organization/one",
            "so is the reference"
        );
    }
}

#[test]
fn a_broken_resource_costs_only_itself_and_is_named() {
    let text = format!(
        "{{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[\n{},\n{{\"resource\":{{\"resourceType\":\"Patient\",\"id\":\"q\",}}}},\n{}]}}",
        patient("a"),
        patient("b")
    );
    let lines = "{\"resourceType\":\"Patient\",\"id\":\"c\"}\n{\"resourceType\":\"Patient\",\"id\":\"Smith\n\n{\"resourceType\":\"Patient\",\"id\":\"d\"}\n";
    let dir = folder(&[("a.json", &text), ("b.ndjson", lines), ("c.json", "nonsense"), ("d.json", "")]);
    let mut memory = Memory::default();
    let report = import(&[dir.path().to_owned()], &mut memory);
    assert_eq!(memory.resources.len(), 4, "a, b, c and d are stored");
    let named: Vec<_> =
        report.problems.iter().map(|p| (p.file.rsplit('/').next().unwrap(), p.place.as_str())).collect();
    assert_eq!(named, [("a.json", "entry 2"), ("b.ndjson", "line 2"), ("c.json", ""), ("d.json", "")], "each is named");
    assert!(report.problems.iter().all(|p| !p.reason.contains("Smith")), "no reason names a patient");
    assert_eq!((report.files, report.patients), (4, 4), "all files were read");
}

#[test]
fn a_truncated_bundle_gives_what_comes_before_the_break() {
    let whole = bundle(&[patient("a"), patient("b"), patient("c")]);
    let dir = folder(&[("a.json", &whole[..whole.len() - 20])]);
    let mut memory = Memory::default();
    let report = import(&[dir.path().to_owned()], &mut memory);
    assert_eq!(memory.resources.len(), 2, "a and b come before the break");
    assert_eq!(report.problems[0].place, "entry 3", "the break is named");
    assert!(report.problems[0].reason.contains("cut off"), "and so is what to do: {}", report.problems[0].reason);
}

#[test]
fn bundles_that_lose_their_meaning_when_taken_apart_are_refused_by_name() {
    for kind in ["document", "message", "history", "transaction-response"] {
        let text = bundle(&[patient("a")]).replace("transaction", kind);
        let dir = folder(&[("a.json", &text)]);
        let mut memory = Memory::default();
        let report = import(&[dir.path().to_owned()], &mut memory);
        assert!(memory.resources.is_empty() && report.problems.len() == 1, "{kind} is refused as a whole");
    }
}

#[test]
fn provenance_and_binaries_go_where_what_they_speak_of_is() {
    let entries = [
        json!({"fullUrl": "urn:uuid:b", "resource": {"resourceType": "Binary", "id": "b", "contentType": "text/plain"}}),
        json!({"resource": {"resourceType": "Provenance", "id": "v", "target": [{"reference": "urn:uuid:doc"}]}}),
        json!({"resource": {"resourceType": "Binary", "id": "nobodys", "contentType": "text/plain"}}),
        json!({"fullUrl": "urn:uuid:doc", "resource": {"resourceType": "DocumentReference", "id": "doc",
            "subject": {"reference": "Patient/a"}, "content": [{"attachment": {"url": "urn:uuid:b"}}]}}),
        patient("a"),
    ];
    let dir = folder(&[("a.json", &bundle(&entries))]);
    let mut memory = Memory::default();
    let report = import(&[dir.path().to_owned()], &mut memory);
    let owner = |kind: &str, id: &str| {
        memory.resources[&(kind.to_owned(), id.to_owned())].0.as_ref().unwrap().as_str().to_owned()
    };
    assert_eq!(
        (owner("Binary", "b"), owner("Provenance", "v")),
        ("a".to_owned(), "a".to_owned()),
        "both are in a's chart"
    );
    assert_eq!(
        stored(&memory, "DocumentReference", "doc")["content"][0]["attachment"]["url"],
        "Binary/b",
        "the address is resolved"
    );
    assert_eq!(
        (sums(&report), report.problems[0].place.as_str()),
        ([4, 0, 0, 1], "entry 3"),
        "nobody's Binary is not for everybody"
    );
    assert_eq!(sums(&import(&[dir.path().to_owned()], &mut memory)), [0, 0, 4, 1], "and again");
}

#[test]
fn what_speaks_of_a_resource_of_another_file_goes_where_that_one_went() {
    let binary = json!({"resourceType": "Binary", "id": "b", "contentType": "text/plain",
        "securityContext": {"reference": "Patient/a"}});
    let provenance = json!({"resourceType": "Provenance", "id": "v", "target": [{"reference": "Binary/b"}]});
    let person = json!({"resourceType": "Patient", "id": "a"});
    let dir = folder(&[
        ("a.json", &binary.to_string()),
        ("b.json", &provenance.to_string()),
        ("c.json", &person.to_string()),
    ]);
    let mut memory = Memory::default();
    let report = import(&[dir.path().to_owned()], &mut memory);
    assert_eq!((sums(&report), report.files), ([3, 0, 0, 0], 3), "one is stored before the next asks for it");
    assert_eq!(memory.resources[&("Provenance".to_owned(), "v".to_owned())].0.as_ref().unwrap().as_str(), "a");
}

#[test]
fn many_small_files_are_stored_together() {
    let texts: Vec<_> =
        (0..50).map(|n| (format!("{n:02}.json"), patient(&format!("p{n}"))["resource"].to_string())).collect();
    let files: Vec<_> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let dir = folder(&files);
    let mut memory = Memory { batches_left: Some(1), ..Memory::default() };
    let report = import(&[dir.path().to_owned()], &mut memory);
    assert_eq!((sums(&report), report.files), ([50, 0, 0, 0], 50), "fifty files are one transaction");
}

#[test]
fn a_restricted_patients_resources_are_restricted_even_when_they_come_first() {
    let observation =
        json!({"resource": {"resourceType": "Observation", "id": "o", "subject": {"reference": "Patient/vip"}}});
    let security = json!([{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}]);
    let vip = json!({"resource": {"resourceType": "Patient", "id": "vip", "meta": {"security": security}}});
    let dir = folder(&[("a.json", &bundle(&[observation])), ("b.json", &bundle(&[vip]))]);
    let mut memory = Memory::default();
    import(&[dir.path().to_owned()], &mut memory);
    assert!(
        memory.resources.values().all(|(_, _, restricted)| *restricted),
        "no key may be given away before it is known"
    );
}

#[test]
fn resources_with_the_same_id_end_as_the_last_one_however_often_they_are_imported() {
    let text = |name: &str| json!({"resourceType": "Organization", "id": "h", "name": name}).to_string();
    let dir = folder(&[("a.json", &text("old")), ("b.json", &text("new"))]);
    let mut memory = Memory::default();
    for expected in [[1, 0, 0, 1], [0, 0, 1, 1]] {
        let report = import(&[dir.path().to_owned()], &mut memory);
        assert_eq!(sums(&report), expected, "the first one is named and not stored");
        assert_eq!(stored(&memory, "Organization", "h")["name"], "new", "the last one counts");
        assert_eq!(report.problems.len(), 1, "it is said");
    }
}

#[test]
fn references_that_lead_nowhere_are_counted_and_stay() {
    let text = json!({"resourceType": "Observation", "id": "o", "subject": {"reference": "Patient/p"},
        "performer": [{"reference": "urn:uuid:gone"}, {"reference": "Practitioner?identifier=x"}, {"reference": "https://else.example/Practitioner/1"}]})
    .to_string();
    let dir = folder(&[("a.json", &text)]);
    let mut memory = Memory::default();
    let report = import(&[dir.path().to_owned()], &mut memory);
    assert_eq!(stored(&memory, "Observation", "o")["performer"][0]["reference"], "urn:uuid:gone", "it stays as it was");
    assert!(report.problems[0].reason.starts_with("3 references"), "{}", report.problems[0].reason);
}

#[test]
fn what_the_store_refuses_costs_only_itself_and_what_it_cannot_do_stops_the_import() {
    let dir = folder(&[("a.json", &bundle(&[patient("a"), patient("b"), patient("c")]))]);
    let mut memory = Memory { poison: Some("b".to_owned()), ..Memory::default() };
    let report = import(&[dir.path().to_owned()], &mut memory);
    assert_eq!((sums(&report), report.problems[0].place.as_str()), ([2, 0, 0, 1], "entry 2"), "only b is refused");
    let mut memory = Memory { batches_left: Some(0), ..Memory::default() };
    let report = import(&[dir.path().to_owned()], &mut memory);
    assert!(report.problems.iter().any(|p| p.reason.contains("the disk is full")), "the reason is passed on");
    assert!(report.failed, "and the report says that it did not reach its end");
}

#[test]
fn a_cancelled_import_keeps_what_it_stored_and_says_so() {
    let two_batches = 2 * super::BATCH_RESOURCES;
    let many: Vec<_> = (0..2 * two_batches).map(|n| patient(&format!("p{n}"))).collect();
    let dir = folder(&[("a.json", &bundle(&many))]);
    let (mut memory, cancelled) = (Memory::default(), AtomicBool::new(false));
    let progress = |progress: &crate::view::ImportProgress| {
        if progress.phase == "storing" && progress.resources_done as usize >= two_batches {
            cancelled.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    };
    let report = super::run(&[dir.path().to_owned()], &mut memory, &progress, &cancelled, &|| Duration::from_secs(1));
    assert!(report.cancelled, "the report says that it was stopped");
    assert_eq!(memory.resources.len(), two_batches, "two batches were stored");
}
