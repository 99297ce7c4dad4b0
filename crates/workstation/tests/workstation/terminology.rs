//! Coded entry: a release is imported, searched, and a code of it written with the words. The excerpts are made by hand in the formats of the
//! official files.

use std::fs;
use std::path::PathBuf;

use vigil_model::Section;
use vigil_workstation::view::{
    AllergyIntoleranceCreateRequest, ChartReadRequest, ChartShowRequest, CodeChoice, CodedKind, ConditionCreateRequest,
    EntryCreateRequest, EntryKind, ResourceReadRequest, SectionContent, SectionReadRequest, TerminologySearchRequest,
    TerminologySearchView, TerminologyState, TerminologyView,
};
use vigil_workstation::{AppError, ErrorCode, TerminologyImport};

use crate::hospital::Hospital;

const ORDER: &str = "\
00001 J45     0 Asthma                                                       Asthma
00002 J45909  1 Unspecified asthma, uncomplicated                            Unspecified asthma, uncomplicated
00003 L309    1 Dermatitis, unspecified                                      Dermatitis, unspecified
";
const RXNORM: &str = "\
70618|ENG||||||1||70618||RXNORM|IN|70618|penicillin||N|4096|
308182|ENG||||||2||308182||RXNORM|SCD|308182|amoxicillin 250 MG Oral Capsule||N|4096|
";

fn import(hospital: &Hospital, system: &str, name: &str, text: &str) -> Result<TerminologyView, AppError> {
    let file = hospital.folder.path().join(name);
    fs::write(&file, text).unwrap();
    let release = (system == "rxnorm").then(|| "11032025".to_owned());
    hospital.station.terminology_import(&TerminologyImport { system: system.to_owned(), file, release }, &mut |_| true)
}

/// A hospital with two releases, where a physician has the chart of p1 on the screen.
fn at_the_chart() -> Hospital {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    import(&hospital, "icd-10-cm", "icd10cm_order_2026.txt", ORDER).unwrap();
    import(&hospital, "rxnorm", "RXNCONSO.RRF", RXNORM).unwrap();
    hospital.sign_out();
    hospital.sign_in("okafor");
    show(&hospital);
    hospital
}

fn show(hospital: &Hospital) {
    hospital.station.chart_read(ChartReadRequest { patient_id: "p1".to_owned() }).unwrap();
    hospital.station.chart_show(ChartShowRequest { patient_id: Some("p1".to_owned()) }).unwrap();
}

fn search(hospital: &Hospital, kind: CodedKind, text: &str) -> Result<TerminologySearchView, AppError> {
    hospital.station.terminology_search(TerminologySearchRequest { kind, text: text.to_owned() })
}

fn codes(hospital: &Hospital, kind: CodedKind, text: &str) -> Vec<String> {
    search(hospital, kind, text).unwrap().rows.into_iter().map(|row| row.code).collect()
}

fn choice(system: &str, code: &str) -> Option<CodeChoice> {
    Some(CodeChoice { system: system.to_owned(), code: code.to_owned() })
}

fn problem(hospital: &Hospital, text: &str, code: Option<CodeChoice>) -> Result<(), AppError> {
    let request = ConditionCreateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        text: text.to_owned(),
        onset: String::new(),
        note: String::new(),
        code,
    };
    hospital.station.condition_create(request).map(drop)
}

fn allergy(hospital: &Hospital, code: Option<CodeChoice>) -> Result<(), AppError> {
    let request = AllergyIntoleranceCreateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        agent: "Penicillin, as a child".to_owned(),
        reaction: String::new(),
        criticality: None,
        code,
    };
    hospital.station.allergy_intolerance_create(request).map(drop)
}

fn entry(hospital: &Hospital, kind: EntryKind, code: Option<CodeChoice>) -> Result<(), AppError> {
    let request = EntryCreateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        kind,
        text: "As told".to_owned(),
        day: String::new(),
        detail: String::new(),
        relative: None,
        note: String::new(),
        code,
        flag: None,
        class: None,
        social: None,
        member: None,
        udi: None,
    };
    hospital.station.entry_create(request).map(drop)
}

/// Name and code of every problem, as the chart shows them.
fn problems(hospital: &Hospital) -> Vec<(String, String)> {
    let request = SectionReadRequest { patient_id: "p1".to_owned(), section: Section::Problems };
    let SectionContent::Problems { rows } = hospital.station.section_read(request).unwrap().content else {
        panic!("problems")
    };
    rows.into_iter().map(|row| (row.name, row.code)).collect()
}

/// The FHIR resource of the problem that is called so.
fn stored(hospital: &Hospital, name: &str) -> serde_json::Value {
    let request = SectionReadRequest { patient_id: "p1".to_owned(), section: Section::Problems };
    let SectionContent::Problems { rows } = hospital.station.section_read(request).unwrap().content else {
        panic!("problems")
    };
    let id = rows.into_iter().find(|row| row.name == name).unwrap().id;
    let request = ResourceReadRequest { patient_id: "p1".to_owned(), resource_type: "Condition".to_owned(), id };
    serde_json::from_str(&hospital.station.resource_read(request).unwrap().json).unwrap()
}

/// The one file of this code system beside the database.
fn file_of(hospital: &Hospital, system: &str) -> PathBuf {
    let files = fs::read_dir(hospital.folder.path().join("data/terminology")).unwrap();
    let mut files = files.map(|file| file.unwrap().path());
    let of_this = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with(system);
    let file = files.find(of_this).unwrap();
    assert!(!files.any(|path| of_this(&path)), "one file for {system} and no more");
    file
}

#[test]
fn a_chosen_code_is_written_with_system_version_and_display_and_the_words_stay() {
    let hospital = at_the_chart();
    let found = search(&hospital, CodedKind::Problem, "unspec asthma").unwrap();
    let row = &found.rows[0];
    assert_eq!((row.code.as_str(), row.system_name.as_str(), row.release.as_str()), ("J45.909", "ICD-10-CM", "2026"));
    problem(&hospital, "Asthma since school", choice(&row.system, &row.code)).unwrap();
    assert_eq!(
        stored(&hospital, "Asthma since school")["code"],
        serde_json::json!({
            "coding": [{
                "system": "http://hl7.org/fhir/sid/icd-10-cm", "version": "2026", "code": "J45.909",
                "display": "Unspecified asthma, uncomplicated", "userSelected": true,
            }],
            "text": "Asthma since school",
        }),
        "the code as the release has it, and the words as they were typed"
    );
    assert!(problems(&hospital).contains(&("Asthma since school".to_owned(), "J45.909 ICD-10-CM".to_owned())));
    assert_eq!(codes(&hospital, CodedKind::Allergy, "pen"), ["70618"], "an ingredient");
    allergy(&hospital, choice("rxnorm", "70618")).unwrap();
    assert_eq!(codes(&hospital, CodedKind::Medicine, "amox 250"), ["308182"], "a drug");
    entry(&hospital, EntryKind::Medicine, choice("rxnorm", "308182")).unwrap();
    assert_eq!(codes(&hospital, CodedKind::Immunization, "measles mumps"), ["03", "94"], "a common entry");
    entry(&hospital, EntryKind::Immunization, choice("cvx", "03")).unwrap();
    assert!(hospital.station.audit_verify_unattended().unwrap().intact, "all of it on a record that is whole");
}

#[test]
fn words_alone_stay_words_and_no_code_is_guessed() {
    let hospital = at_the_chart();
    problem(&hospital, "Dermatitis, unspecified", None).unwrap();
    let code = &stored(&hospital, "Dermatitis, unspecified")["code"];
    assert_eq!(code, &serde_json::json!({ "text": "Dermatitis, unspecified" }), "even where a concept is called so");
}

#[test]
fn only_a_code_of_the_loaded_release_and_of_its_kind_is_written() {
    let hospital = at_the_chart();
    let before = problems(&hospital).len();
    for (system, code) in [
        ("icd-10-cm", "J45.901"),
        ("icd-10-cm", "J45"),
        ("icd-10-cm", "j45.909"),
        ("rxnorm", "70618"),
        ("snomed-gps", "195967001"),
        ("icd-9-cm", "493.90"),
        ("", ""),
    ] {
        let refused = problem(&hospital, "Asthma", choice(system, code)).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Invalid, "{system} {code}");
        assert!(
            code.is_empty() || !refused.message.contains(code),
            "what was sent is not repeated: {}",
            refused.message
        );
    }
    assert!(allergy(&hospital, choice("rxnorm", "308182")).is_err(), "a capsule is no substance");
    assert!(entry(&hospital, EntryKind::Device, choice("cvx", "03")).is_err(), "a device is written in words");
    assert_eq!(problems(&hospital).len(), before, "nothing was stored");
}

#[test]
fn what_is_not_loaded_is_said_and_common_entries_come_with_the_program() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let found = search(&hospital, CodedKind::Problem, "hypertension").unwrap();
    let states: Vec<_> = found.systems.iter().map(|system| (system.name.as_str(), system.state)).collect();
    assert_eq!(
        states,
        [("ICD-10-CM", TerminologyState::Common), ("SNOMED CT", TerminologyState::NotLoaded)],
        "what was searched, and what was not"
    );
    assert!(found.systems[1].words.contains("vigil terminology import snomed-gps"), "{}", found.systems[1].words);
    assert!(found.rows.iter().any(|row| row.code == "I10"), "a common diagnosis");
    assert!(found.rows.len() <= 20, "as many as fit on the screen");
    assert!(search(&hospital, CodedKind::Procedure, "appendectomy").unwrap().rows.is_empty(), "nothing is made up");
    let listed: Vec<_> = hospital.station.terminology_list().unwrap().into_iter().map(|view| view.state).collect();
    let (common, none) = (TerminologyState::Common, TerminologyState::NotLoaded);
    assert_eq!(listed, [common, none, none, common, none], "ICD-10-CM, LOINC, RxNorm, CVX, SNOMED CT");
}

#[test]
fn a_release_that_was_altered_cut_off_or_taken_away_is_refused_and_said_so() {
    let hospital = at_the_chart();
    let file = file_of(&hospital, "icd-10-cm");
    let whole = fs::read_to_string(&file).unwrap();
    assert_eq!(codes(&hospital, CodedKind::Problem, "asthma"), ["J45.909"], "it is in use");
    let altered = whole.replace("J45.909\tUnspecified asthma", "J45.909\tUnspecified eczema");
    for (what, text) in [("altered", Some(altered.as_str())), ("cut off", Some(&whole[..60])), ("gone", None)] {
        text.map_or_else(|| fs::remove_file(&file).unwrap(), |text| fs::write(&file, text).unwrap());
        let found = search(&hospital, CodedKind::Problem, "asthma").unwrap();
        assert!(found.rows.is_empty(), "{what}: nothing of it is shown, the common entries not either");
        assert_eq!(found.systems[0].state, TerminologyState::Refused, "{what}");
        assert!(found.systems[0].words.contains("is not used"), "{what}: {}", found.systems[0].words);
        let refused = problem(&hospital, "Asthma", choice("icd-10-cm", "J45.909")).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Invalid, "{what}: nor is a code of it written");
        problem(&hospital, &format!("Asthma, {what}"), None).unwrap();
    }
    fs::write(&file, &whole).unwrap();
    assert_eq!(codes(&hospital, CodedKind::Problem, "asthma"), ["J45.909"], "the right file is taken again");
    let other = hospital.restart();
    other.sign_in("okafor");
    fs::write(&file, altered).unwrap();
    assert!(codes(&other, CodedKind::Problem, "asthma").is_empty(), "after a start too");
}

#[test]
fn nobody_searches_over_a_lock_and_what_was_typed_is_in_no_entry() {
    let hospital = at_the_chart();
    codes(&hospital, CodedKind::Problem, "xylophone anxiety");
    hospital.station.session_lock().unwrap();
    assert_eq!(
        search(&hospital, CodedKind::Problem, "asthma").unwrap_err().code,
        ErrorCode::Locked,
        "the screen is locked"
    );
    assert_eq!(hospital.station.terminology_list().unwrap_err().code, ErrorCode::Locked, "nor is it listed");
    assert_eq!(problem(&hospital, "Asthma", choice("icd-10-cm", "J45.909")).unwrap_err().code, ErrorCode::Locked);
    hospital.sign_out();
    assert_eq!(search(&hospital, CodedKind::Problem, "asthma").unwrap_err().code, ErrorCode::NotSignedIn, "nobody is");
    hospital.sign_in("weiss");
    let mut log = Vec::new();
    hospital.station.audit_export(&mut log).unwrap();
    let log = String::from_utf8(log).unwrap();
    assert!(log.contains("system=icd-10-cm release=2026 concepts=2"), "the import is on record");
    assert!(log.contains("command=terminology_search"), "and the search that was refused");
    assert!(!log.contains("xylophone") && !log.contains("RXNCONSO"), "what was typed is not, nor the name of a file");
}

#[test]
fn an_administrator_imports_and_nobody_else() {
    let hospital = at_the_chart();
    let refused = import(&hospital, "icd-10-cm", "icd10cm_order_2027.txt", ORDER).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Forbidden, "a physician");
    assert_eq!(
        search(&hospital, CodedKind::Problem, "asthma").unwrap().rows[0].release,
        "2026",
        "what was there stays"
    );
}

#[test]
fn a_new_release_takes_the_place_of_the_one_before_and_a_failed_one_does_not() {
    let hospital = at_the_chart();
    hospital.sign_out();
    hospital.sign_in("admin");
    let before = file_of(&hospital, "icd-10-cm");
    for (name, text) in
        [("icd10cm_order_2027.txt", "no such line\n"), ("icd10cm_order_2027.txt", ""), ("order.txt", ORDER)]
    {
        assert_eq!(import(&hospital, "icd-10-cm", name, text).unwrap_err().code, ErrorCode::Invalid, "{name} {text:?}");
        assert_eq!(file_of(&hospital, "icd-10-cm"), before, "nothing half written is left");
    }
    let file = hospital.folder.path().join("icd10cm_order_2027.txt");
    fs::write(&file, ORDER).unwrap();
    let what = TerminologyImport { system: "icd-10-cm".to_owned(), file, release: None };
    assert!(hospital.station.terminology_import(&what, &mut |_| false).unwrap_err().message.contains("stopped"));
    assert_eq!(file_of(&hospital, "icd-10-cm"), before, "nor when it was stopped");
    let view = hospital.station.terminology_import(&what, &mut |_| true).unwrap();
    assert_eq!(
        (view.release.as_str(), view.concepts, view.state),
        ("2027", 2, TerminologyState::Imported),
        "the new one"
    );
    assert_ne!(file_of(&hospital, "icd-10-cm"), before, "and the old file is gone");
    assert_eq!(
        search(&hospital, CodedKind::Problem, "asthma").unwrap().rows[0].release,
        "2027",
        "it is in use at once"
    );
    let unknown = import(&hospital, "icd-9-cm", "x.txt", "x").unwrap_err();
    assert!(
        unknown.message.contains("icd-10-cm, loinc, rxnorm, cvx, snomed-gps"),
        "what there is: {}",
        unknown.message
    );
}
