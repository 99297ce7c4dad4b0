//! Whether a document is about the patient of a chart: names, birth date, sex, identifiers, each compared by itself. Pure.
//!
//! That it is needs a name and a whole birth date that agree, and nothing that differs; anything less is said, and taking from the document
//! asks for a reason (45 CFR 170.315(b)(2)(ii): "correctly matched").

use serde_json::Value;
use vigil_ccda::{Header, Person};
use vigil_model::fhir::date::format_date;
use vigil_model::fhir::field::{items, text, texts};
use vigil_model::fold;

use crate::view::{IdentityRow, IdentityVerdict, IdentityView};

const NOT_KNOWN: &str = "Not known";

/// How the document says who the patient is, beside what the chart says.
pub(super) fn compare(header: &Header, patient: &Value) -> IdentityView {
    let person = &header.patient;
    let mut rows =
        vec![name(person, patient), born(person, patient), sex(person, patient), identifiers(person, patient)];
    if header.several_patients {
        rows.push(IdentityRow {
            what: "Persons".to_owned(),
            document: "More than one".to_owned(),
            chart: "One".to_owned(),
            verdict: IdentityVerdict::Different,
        });
    }
    let of = |verdict| {
        rows.iter().filter(move |row| row.verdict == verdict).map(|row| row.what.to_lowercase()).collect::<Vec<_>>()
    };
    let (different, same) = (of(IdentityVerdict::Different), of(IdentityVerdict::Same));
    let agrees =
        different.is_empty() && same.iter().any(|what| what == "name") && same.iter().any(|what| what == "birth date");
    let words = match (agrees, different.is_empty()) {
        (true, _) => format!("The document is about this patient: {} agree.", listed(&same)),
        (false, false) => {
            let differ = if different.len() == 1 { "differs" } else { "differ" };
            format!("This document is about somebody else, as far as it says: {} {differ}.", listed(&different))
        }
        (false, true) => "It cannot be told whether this document is about this patient: name and birth date are not both there to compare.".to_owned(),
    };
    IdentityView { rows, agrees, words }
}

fn listed(what: &[String]) -> String {
    match what {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

fn row(what: &str, document: String, chart: String, verdict: IdentityVerdict) -> IdentityRow {
    let said = |text: String| if text.is_empty() { NOT_KNOWN.to_owned() } else { text };
    IdentityRow { what: what.to_owned(), document: said(document), chart: said(chart), verdict }
}

/// Any name of the document that is any name of the chart: people marry, and documents keep old names.
fn name(person: &Person, patient: &Value) -> IdentityRow {
    let of_chart: Vec<(String, Vec<String>)> = items(patient, "name")
        .iter()
        .map(|name| (text(name, "family").to_owned(), texts(name, "given").map(str::to_owned).collect()))
        .filter(|(family, given): &(String, Vec<String>)| !family.is_empty() || !given.is_empty())
        .collect();
    let shown = |names: &[(String, Vec<String>)]| {
        let one = |(family, given): &(String, Vec<String>)| {
            format!("{}, {}", family.to_uppercase(), given.join(" ")).trim_matches([',', ' ']).to_owned()
        };
        let mut names: Vec<String> = names.iter().map(one).collect();
        names.dedup();
        names.join("; ")
    };
    let verdict = if person.names.is_empty() || of_chart.is_empty() {
        IdentityVerdict::Unknown
    } else if person.names.iter().any(|document| of_chart.iter().any(|chart| is_same_name(document, chart))) {
        IdentityVerdict::Same
    } else {
        IdentityVerdict::Different
    };
    row("Name", shown(&person.names), shown(&of_chart), verdict)
}

/// The same family name and the same first given name, however they are written.
fn is_same_name(a: &(String, Vec<String>), b: &(String, Vec<String>)) -> bool {
    let first = |given: &[String]| given.iter().flat_map(|given| fold::words(given)).next().unwrap_or_default();
    let family = |name: &str| fold::words(name).collect::<Vec<_>>();
    family(&a.0) == family(&b.0) && first(&a.1) == first(&b.1)
}

fn born(person: &Person, patient: &Value) -> IdentityRow {
    let (document, chart) = (person.born.as_str(), text(patient, "birthDate"));
    let verdict = match (document, chart) {
        ("", _) | (_, "") => IdentityVerdict::Unknown,
        (a, b) if a == b && a.len() == 10 => IdentityVerdict::Same,
        // `1945` is no other day than `1945-07-14`, and says no more.
        (a, b) if a.starts_with(b) || b.starts_with(a) => IdentityVerdict::Unknown,
        _ => IdentityVerdict::Different,
    };
    row("Birth date", format_date(document), format_date(chart), verdict)
}

fn sex(person: &Person, patient: &Value) -> IdentityRow {
    let (document, chart) = (person.sex.as_str(), text(patient, "gender"));
    let verdict = match (document, chart) {
        ("", _) | (_, "" | "unknown") => IdentityVerdict::Unknown,
        (a, b) if a == b => IdentityVerdict::Same,
        _ => IdentityVerdict::Different,
    };
    row("Sex", document.to_owned(), chart.to_owned(), verdict)
}

/// Identifiers of those who both give out: one that is the same is the same person, as far as that goes.
fn identifiers(person: &Person, patient: &Value) -> IdentityRow {
    let chart: Vec<(&str, &str)> = items(patient, "identifier")
        .iter()
        .map(|one| (text(one, "system"), text(one, "value")))
        .filter(|(system, value)| !system.is_empty() && !value.is_empty())
        .collect();
    let shared: Vec<(&vigil_ccda::PersonId, Vec<&str>)> = person
        .ids
        .iter()
        .map(|id| {
            (id, chart.iter().filter(|(system, _)| *system == id.system).map(|(_, value)| *value).collect::<Vec<_>>())
        })
        .filter(|(_, values)| !values.is_empty())
        .collect();
    let agrees = |(id, values): &(&vigil_ccda::PersonId, Vec<&str>)| {
        values.iter().any(|value| fold::compact(value) == fold::compact(&id.value))
    };
    let verdict = if shared.is_empty() {
        IdentityVerdict::Unknown
    } else if shared.iter().any(agrees) {
        IdentityVerdict::Same
    } else {
        IdentityVerdict::Different
    };
    let shown = |values: Vec<&str>| values.join(", ");
    row(
        "Identifiers",
        shown(person.ids.iter().map(|id| id.value.as_str()).collect()),
        shown(chart.iter().map(|(_, value)| *value).collect()),
        verdict,
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use vigil_ccda::PersonId;

    use super::*;

    fn header(family: &str, given: &str, born: &str, sex: &str) -> Header {
        let patient = Person {
            names: vec![(family.to_owned(), vec![given.to_owned()])],
            born: born.to_owned(),
            sex: sex.to_owned(),
            ids: vec![PersonId { system: "urn:oid:1.2.3".to_owned(), value: "77-01".to_owned() }],
            addresses: Vec::new(),
        };
        Header { patient, ..Header::default() }
    }

    fn chart() -> Value {
        json!({ "birthDate": "1945-07-14", "gender": "female",
            "name": [{ "family": "Smíth", "given": ["Jane", "Ann"] }, { "use": "maiden", "family": "Okafor", "given": ["Jane"] }],
            "identifier": [{ "system": "urn:oid:1.2.3", "value": "7701" }] })
    }

    #[test]
    fn the_same_person_needs_no_reason() {
        let same = compare(&header("SMITH", "Jane", "1945-07-14", "female"), &chart());
        assert!(same.agrees && same.rows.iter().all(|row| row.verdict == IdentityVerdict::Same), "{}", same.words);
        assert!(
            compare(&header("Okafor", "jane", "1945-07-14", ""), &chart()).agrees,
            "by a name that she had, and a sex that is not said"
        );
    }

    #[test]
    fn whatever_differs_asks_for_a_reason() {
        for (other, what) in [
            (header("Smith", "Janet", "1945-07-14", "female"), "name"),
            (header("Smith", "Jane", "1945-07-15", "female"), "birth date"),
            (header("Smith", "Jane", "1945-07-14", "male"), "sex"),
        ] {
            let compared = compare(&other, &chart());
            assert!(!compared.agrees && compared.words.contains(what), "{what}: {}", compared.words);
        }
        let mut number = header("Smith", "Jane", "1945-07-14", "female");
        number.patient.ids[0].value = "8802".to_owned();
        assert!(!compare(&number, &chart()).agrees, "another number of the same house");
        let several = Header { several_patients: true, ..header("Smith", "Jane", "1945-07-14", "female") };
        assert!(!compare(&several, &chart()).agrees, "two persons in one document");
    }

    #[test]
    fn what_is_not_there_is_not_taken_for_the_same() {
        assert!(!compare(&header("Smith", "Jane", "1945", "female"), &chart()).agrees, "a year is no birth date");
        assert!(!compare(&Header::default(), &chart()).agrees, "nothing at all");
        assert!(
            !compare(&header("Smith", "Jane", "1945-07-14", "female"), &Value::Null).agrees,
            "a patient who cannot be read"
        );
    }
}
