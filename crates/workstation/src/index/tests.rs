//! What a clinician types, and who must come up.

use super::*;

#[test]
fn parts_of_a_name_match_in_any_order_and_without_accents() {
    let index = hospital();
    for text in ["agus fons", "Fonseca, Agustín", "fonseca agustin", "FONSECA", "nseca"] {
        assert_eq!(first(&index, text), "p1", "{text:?} means Agustín Fonseca");
    }
}

#[test]
fn a_slip_of_the_finger_still_finds_the_patient() {
    let index = hospital();
    for text in ["fonesca", "fonsecca", "fonsca", "fonsexa"] {
        assert_eq!(first(&index, text), "p1", "{text:?} is one slip from Fonseca");
    }
    assert_eq!(index.search("xyzzy", 10).total, 0, "a name nobody has finds nobody");
}

#[test]
fn an_exact_name_stands_before_a_longer_one_and_before_a_slip() {
    let index = hospital();
    let names: Vec<&str> = index.search("smith", 10).best.iter().map(|e| e.demographics.family.as_str()).collect();
    assert_eq!(names.first(), Some(&"SMITH"), "the exact name comes first: {names:?}");
    assert!(names.contains(&"Smithers"), "the longer one comes too: {names:?}");
}

#[test]
fn record_numbers_match_by_their_beginning_with_or_without_spaces() {
    let index = hospital();
    for text in ["004217", "004 217", "0042", "MRN-9"] {
        assert!(index.search(text, 10).total >= 1, "{text:?} is the beginning of a record number");
    }
    assert_eq!(first(&index, "004 217"), "p2", "a space does not matter");
}

#[test]
fn a_birth_date_finds_its_patients_and_narrows_a_name() {
    let index = hospital();
    assert_eq!(first(&index, "14-Jul-1945"), "p2", "a date alone");
    assert_eq!(first(&index, "smyth 1954"), "p3", "a name and a year");
    assert_eq!(index.search("smith 02-Jul-1954 1945", 10).total, 0, "every term must match");
}

#[test]
fn similar_names_are_found_and_different_ones_are_not() {
    let index = hospital();
    let smith = index.search("004217", 1).best[0];
    let alike: Vec<&str> = index.look_alikes(smith, 5).iter().map(|e| e.patient.as_str()).collect();
    assert_eq!(alike, ["p3"], "Smyth, Jane is to be told apart from Smith, Jane");
    let marked = |id: &str| index.has_look_alike(index.get(&PatientId::parse(id).unwrap()).unwrap());
    assert_eq!(["p1", "p2", "p3", "p4", "p5"].map(marked), [false, true, true, false, false]);
}

#[test]
fn a_similar_name_far_away_in_the_order_of_names_is_found() {
    let person = |id: String, family: &str| {
        let mut demographics = Demographics::default();
        family.clone_into(&mut demographics.family);
        "Ann".clone_into(&mut demographics.given);
        (PatientId::parse(&id).unwrap(), Some(demographics))
    };
    // Of one sound, three slips and more from the others.
    let between = (0..40).map(|number| person(format!("b{number}"), "Smeioutheioou"));
    let ends = [person("first".to_owned(), "Smath"), person("last".to_owned(), "Smyth")];
    let index = SearchIndex::build(ends.into_iter().chain(between).collect());
    for id in ["first", "last", "b7"] {
        assert!(index.has_look_alike(index.get(&PatientId::parse(id).unwrap()).unwrap()), "{id}");
    }
}

#[test]
fn a_patient_whose_demographics_do_not_open_is_still_listed() {
    let index = SearchIndex::build(vec![(PatientId::parse("broken").unwrap(), None)]);
    assert_eq!(index.len(), 1, "nothing stored is out of sight");
    assert!(index.get(&PatientId::parse("broken").unwrap()).unwrap().undecodable, "and it says why");
}

fn hospital() -> SearchIndex {
    let person = |id: &str, family: &str, given: &str, born: &str, number: &str| {
        let mut demographics = Demographics::default();
        family.clone_into(&mut demographics.family);
        given.clone_into(&mut demographics.given);
        born.clone_into(&mut demographics.birth_date);
        demographics.identifiers.push(number.to_owned());
        (PatientId::parse(id).unwrap(), Some(demographics))
    };
    SearchIndex::build(vec![
        person("p1", "Fonseca", "Agustín", "1980-03-02", "MRN-9001"),
        person("p2", "SMITH", "Jane", "1945-07-14", "004 217"),
        person("p3", "Smyth", "Jane Ann", "1954-07-02", "004218"),
        person("p4", "Smithers", "Waylon", "1954-02-07", "88"),
        person("p5", "Okafor", "Ada", "2001", "77"),
    ])
}

fn first(index: &SearchIndex, text: &str) -> String {
    index.search(text, 10).best.first().map(|entry| entry.patient.to_string()).unwrap_or_default()
}
