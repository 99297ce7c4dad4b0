use vigil_terminology::{CodeSystem, Index};

use crate::{index, order};

fn diagnoses() -> Index {
    let file: String = [
        ("E119", "Type 2 diabetes mellitus without complications"),
        ("E1165", "Type 2 diabetes mellitus with hyperglycemia"),
        ("E109", "Type 1 diabetes mellitus without complications"),
        ("I10", "Essential (primary) hypertension"),
        ("H8109", "Ménière's disease, unspecified ear"),
        ("R05", "Cough"),
        ("R059", "Cough, unspecified"),
        ("J4521", "Mild intermittent asthma with acute cough"),
    ]
    .map(|(code, title)| order(code, true, title))
    .concat();
    index(CodeSystem::Icd10Cm, "icd10cm_order_2026.txt", None, &file)
}

fn codes(index: &Index, typed: &str) -> Vec<String> {
    index.search(typed, &[], 20).into_iter().map(|concept| concept.code).collect()
}

#[test]
fn every_word_has_to_begin_a_word_in_any_order_case_and_accent() {
    let index = diagnoses();
    assert_eq!(codes(&index, "DIAB type hyper"), ["E11.65"], "each of the three");
    assert_eq!(codes(&index, "meniere"), ["H81.09"], "without accents");
    assert_eq!(codes(&index, "MÉNIÈRE’S"), ["H81.09"], "and with them");
    assert_eq!(codes(&index, "primary"), ["I10"], "behind a bracket too");
    assert!(codes(&index, "betes").is_empty(), "the middle of a word is no beginning");
    assert!(codes(&index, "diabetes asthma").is_empty(), "all of them");
}

#[test]
fn a_code_is_found_with_and_without_its_dot_and_as_far_as_it_is_typed() {
    let index = diagnoses();
    assert_eq!(codes(&index, "e11.65"), ["E11.65"], "with");
    assert_eq!(codes(&index, "E1165"), ["E11.65"], "without");
    assert_eq!(codes(&index, "E11"), ["E11.65", "E11.9"], "both that begin so, the shorter name first");
    assert_eq!(codes(&index, "e11 hyper"), ["E11.65"], "a code and a word");
}

#[test]
fn the_code_itself_comes_first_then_the_name_then_what_begins_so_then_the_shorter() {
    let index = diagnoses();
    assert_eq!(codes(&index, "cough"), ["R05", "R05.9", "J45.21"], "called so, beginning so, and having it");
    assert_eq!(codes(&index, "r05"), ["R05", "R05.9"], "the code that it is, and the one that begins so");
    assert_eq!(
        codes(&index, "diabetes mell"),
        ["E11.65", "E11.9", "E10.9"],
        "the shorter first, then as the file has them"
    );
}

#[test]
fn too_little_finds_nothing_and_much_is_cut_off() {
    let index = diagnoses();
    for nothing in ["", " ", "d", ".", "-- ' "] {
        assert!(codes(&index, nothing).is_empty(), "{nothing:?} would find nearly everything");
    }
    assert_eq!(index.search("cough", &[], 2).len(), 2, "as many as are asked for");
    assert!(codes(&index, &"cough ".repeat(10_000)).contains(&"R05".to_owned()), "a long text is cut off, not refused");
}

#[test]
fn a_vaccine_is_found_by_its_full_name_and_a_concept_by_what_it_is() {
    let cvx = "03|MMR|measles, mumps and rubella virus vaccine||Active|False|2010/05/28\n05|measles|measles virus vaccine||Inactive|False|2010/08/31\n";
    let vaccines = index(CodeSystem::Cvx, "cvx.txt", None, cvx);
    assert_eq!(
        codes(&vaccines, "measles"),
        ["05", "03"],
        "the one that is called so, then the one that protects from it"
    );
    assert_eq!(codes(&vaccines, "mmr"), ["03"], "by its short name, which alone it is called by");
    let gps = "ConceptID\tActive\tFSN\tUSPreferredTerm\n80146002\t1\tExcision of appendix (procedure)\tAppendectomy\n74400008\t1\tAppendicitis (disorder)\tAppendicitis\n";
    let snomed = index(CodeSystem::Snomed, "GPS_20260101.txt", None, gps);
    let found = snomed.search("append", &["procedure"], 20);
    assert_eq!(found.iter().map(|concept| concept.code.as_str()).collect::<Vec<_>>(), ["80146002"], "procedures alone");
}
