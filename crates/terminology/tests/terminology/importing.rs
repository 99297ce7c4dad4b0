use vigil_terminology::{CodeSystem, Fault, Index, import, shipped};

use crate::{index, kept, order};

#[test]
fn each_official_format_becomes_a_release_with_version_source_and_digest() {
    let icd = order("J45", false, "Asthma") + &order("J45909", true, "Unspecified asthma, uncomplicated");
    let loinc = "\"LOINC_NUM\",\"STATUS\",\"LONG_COMMON_NAME\",\"VersionLastChanged\"\n\"8302-2\",\"ACTIVE\",\"Body height\",\"2.81\"\n";
    let rxnorm = "1191|ENG||||||829||1191||RXNORM|IN|1191|aspirin||N|4096|\n1191|ENG||||||830||1191||MTHSPL|SU|R16CO5Y76E|ASPIRIN||N|4096|\n";
    let cvx = "03        |MMR|measles, mumps and rubella virus vaccine||Active|False|2010/05/28\n";
    let snomed = "ConceptID\tActive\tFSN\tUSPreferredTerm\n22298006\t1\tMyocardial infarction (disorder)\tMyocardial infarction\n";
    for (system, name, asked, file, code, release, passed_over) in [
        (CodeSystem::Icd10Cm, "icd10cm_order_2026.txt", None, icd.as_str(), "J45.909", "2026", 1),
        (CodeSystem::Loinc, "Loinc.csv", None, loinc, "8302-2", "2.81", 1),
        (CodeSystem::RxNorm, "RXNCONSO.RRF", Some("11032025"), rxnorm, "1191", "11032025", 1),
        (CodeSystem::Cvx, "cvx.txt", None, cvx, "03", "2010-05-28", 0),
        (CodeSystem::Snomed, "GPS_20260101.txt", None, snomed, "22298006", "20260101", 1),
    ] {
        let (imported, text) = kept(system, name, asked, file.as_bytes(), true).unwrap();
        assert_eq!(
            (imported.concepts, imported.passed_over),
            (1, passed_over),
            "{system:?}: what was taken and what not"
        );
        let index = Index::new(text, Some(imported.digest)).unwrap();
        assert_eq!(index.release.release, release, "{system:?}: which release");
        assert_eq!((index.release.system, index.release.source.as_str()), (system, name), "and from where");
        assert!(index.find(code).is_some() && index.find("none").is_none(), "{system:?}: {code} is in it");
    }
}

#[test]
fn a_file_of_another_format_names_its_first_wrong_line_and_repeats_none() {
    let file = order("J45909", true, "Unspecified asthma, uncomplicated") + "Waldstein, Ana\n";
    let fault = kept(CodeSystem::Icd10Cm, "icd10cm_order_2026.txt", None, file.as_bytes(), true).unwrap_err();
    assert!(matches!(fault, Fault::Line { line: 2, .. }), "{fault}");
    let said = fault.to_string();
    assert!(said.contains("line 2") && said.contains("icd10cm_order_2026.txt"), "where, and what to do: {said}");
    assert!(!said.contains("Waldstein"), "whatever stands in a file that is none, it is not repeated: {said}");
    let empty = kept(CodeSystem::Icd10Cm, "icd10cm_order_2026.txt", None, b"", true).unwrap_err();
    assert!(matches!(empty, Fault::Empty(_)), "{empty}");
}

#[test]
fn a_release_that_nothing_names_has_to_be_named() {
    let file = order("J45909", true, "Unspecified asthma, uncomplicated");
    let unnamed = kept(CodeSystem::Icd10Cm, "order.txt", None, file.as_bytes(), true).unwrap_err();
    assert!(unnamed.to_string().contains("--release"), "what to do: {unnamed}");
    let named = kept(CodeSystem::Icd10Cm, "order.txt", Some("2026"), file.as_bytes(), true).unwrap().0;
    assert_eq!(named.release, "2026", "as it was named");
    let wrong = kept(CodeSystem::Icd10Cm, "order.txt", Some("of Ana"), file.as_bytes(), true).unwrap_err();
    assert!(matches!(wrong, Fault::BadRelease), "{wrong}");
}

#[test]
fn an_import_can_be_stopped_and_tells_how_far_it_is() {
    let file: String = (0..5_000).map(|number| order(&format!("A{number:04}"), true, "Cholera")).collect();
    let stopped = kept(CodeSystem::Icd10Cm, "icd10cm_order_2026.txt", None, file.as_bytes(), false).unwrap_err();
    assert!(matches!(stopped, Fault::Cancelled), "{stopped}");
    let mut seen = Vec::new();
    let mut go_on = |progress| {
        seen.push(progress);
        true
    };
    import(CodeSystem::Icd10Cm, "icd10cm_order_2026.txt", None, file.as_bytes(), &mut Vec::new(), &mut go_on).unwrap();
    let concepts: Vec<u64> = seen.iter().map(|progress| progress.concepts).collect();
    assert_eq!(concepts, [2_000, 4_000, 5_000], "every now and then, and at the end");
    assert_eq!(seen[2].bytes, file.len() as u64, "all of it was read");
}

#[test]
fn a_code_that_is_there_twice_is_taken_once() {
    let file = order("J45909", true, "Unspecified asthma, uncomplicated") + &order("J45909", true, "Another");
    let index = index(CodeSystem::Icd10Cm, "icd10cm_order_2026.txt", None, &file);
    assert_eq!(index.len(), 1, "once");
    assert_eq!(index.find("J45.909").unwrap().display, "Unspecified asthma, uncomplicated", "as it came first");
}

#[test]
fn a_release_that_was_altered_or_is_another_is_refused() {
    let file = order("J45909", true, "Unspecified asthma, uncomplicated");
    let (imported, text) = kept(CodeSystem::Icd10Cm, "icd10cm_order_2026.txt", None, file.as_bytes(), true).unwrap();
    let (other, others) = kept(CodeSystem::Icd10Cm, "icd10cm_order_2025.txt", None, file.as_bytes(), true).unwrap();
    assert!(Index::new(text.replace("asthma", "eczema"), Some(imported.digest)).is_err(), "a word is another");
    assert!(Index::new(text[..text.len() - 30].to_owned(), None).is_err(), "its end is missing");
    assert!(Index::new(others, Some(imported.digest)).is_err(), "whole, but not the one that was imported");
    assert_ne!(imported.digest, other.digest, "two releases have two digests");
}

#[test]
fn the_common_entries_that_come_with_the_program_are_whole() {
    for system in CodeSystem::ALL {
        let Some(text) = shipped(system) else { continue };
        let index = Index::new(text.to_owned(), None).unwrap();
        assert_eq!(index.release.system, system, "under the right name");
        assert!(index.len() > 50, "{system:?}: a set that is of use");
    }
    let icd = Index::new(shipped(CodeSystem::Icd10Cm).unwrap().to_owned(), None).unwrap();
    assert_eq!(icd.find("J45.909").unwrap().display, "Unspecified asthma, uncomplicated", "as the publisher writes it");
    assert!(icd.find("J45").is_none(), "a header is not valid for use");
}
