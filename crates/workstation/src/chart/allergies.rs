//! Allergies and intolerances, and the four states of the banner (NHS CUI PAB-0064).

use serde_json::Value;
use vigil_model::fhir::coding;
use vigil_model::fhir::field::{at, items, text, texts};

use super::Record;
use super::reader::{Chart, NOT_KNOWN, earliest_known, join, qualified, seconds, title, unreadable, when, when_choice};
use crate::view::{AllergyBanner, AllergyRow};

const SNOMED_CT: &str = "http://snomed.info/sct";
const DATA_ABSENT: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";

/// SNOMED CT `No known allergy`: C-CDA on FHIR 1.2.0, ConceptMap "FHIR to C-CDA No Known Allergies" (hl7.org/fhir/us/ccda/ConceptMap-FC-NoKnownAllergies.html);
/// `No Known Allergies` of the FHIR value set allergyintolerance-substance-code in its DSTU2 and STU3 editions, still met in old data.
pub(crate) const NO_KNOWN_ALLERGY: [&str; 2] = ["716186003", "160244002"];

/// Negations of a part only (drug, food, environmental; the same ConceptMap; latex 716184000 from the FHIR R4 example `nkla`). They are shown, but say
/// nothing about the rest and so never make the banner say `No known allergies`.
const NO_KNOWN_PART: [&str; 4] = ["409137002", "429625007", "428607008", "716184000"];

/// What an allergy record states.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Statement {
    Allergy,
    NoKnownAllergy,
    NoKnownPart,
    Unknown,
}

/// Most dangerous first: active before inactive before negations before mistakes, then criticality, then severity, then newest.
pub(super) fn rows(chart: &Chart<'_>) -> Vec<AllergyRow> {
    let mut rows: Vec<_> = chart.of("AllergyIntolerance").map(|record| (danger(&record.json), row(record))).collect();
    rows.sort_by_cached_key(|(danger, row)| (*danger, std::cmp::Reverse(seconds(&row.recorded))));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The active allergies alone, in the same order.
pub(super) fn active_rows(chart: &Chart<'_>) -> Vec<AllergyRow> {
    let active: Vec<&str> = chart
        .of("AllergyIntolerance")
        .filter(|record| is_active(&record.json))
        .map(|record| record.id.as_str())
        .collect();
    rows(chart).into_iter().filter(|row| active.contains(&row.id.as_str())).collect()
}

/// The state of the whole list. Refuted records and mistakes do not count; an unreadable record never lets the list look empty.
pub(super) fn banner(records: &[Record]) -> AllergyBanner {
    let mut known: Vec<(Danger, bool, String)> = Vec::new();
    let (mut none_known, mut unread) = (false, 0_u32);
    for record in records.iter().filter(|record| record.resource_type == "AllergyIntolerance") {
        if unreadable(record).is_some() {
            unread += 1;
        } else if is_known(&record.json) {
            known.push((danger(&record.json), is_past(&record.json), banner_item(&record.json)));
        } else {
            none_known |= denies_allergies(&record.json);
        }
    }
    known.sort();
    // What is over is named only when nothing is active: "none known" would then be as wrong as "not recorded".
    let any_active = known.iter().any(|(_, past, _)| !past);
    let mut items: Vec<String> =
        known.into_iter().filter(|(_, past, _)| !(any_active && *past)).map(|(_, _, item)| item).collect();
    items.dedup();
    if items.is_empty() && unread > 0 {
        return AllergyBanner::Unavailable;
    }
    if unread > 0 {
        items.push(format!("{unread} that cannot be read"));
    }
    match (items.is_empty(), none_known) {
        (false, _) => AllergyBanner::Known { items },
        (true, true) => AllergyBanner::NoKnown,
        (true, false) => AllergyBanner::NotRecorded,
    }
}

fn row(record: &Record) -> AllergyRow {
    let allergy = &record.json;
    let status = coding::code(at(allergy, &["clinicalStatus"]));
    AllergyRow {
        id: record.id.clone(),
        version: record.version,
        agent: agent(allergy),
        code: coding::code_label(at(allergy, &["code"])),
        category: join(texts(allergy, "category"), ", "),
        kind: text(allergy, "type").to_owned(),
        criticality: text(allergy, "criticality").to_owned(),
        reactions: reactions(allergy),
        clinical_status: if status.is_empty() { NOT_KNOWN.to_owned() } else { status.to_owned() },
        verification_status: coding::code(at(allergy, &["verificationStatus"])).to_owned(),
        recorded: earliest_known([
            when(text(allergy, "recordedDate")),
            when_choice(allergy, "onset"),
            when(text(allergy, "lastOccurrence")),
        ]),
    }
}

fn agent(allergy: &Value) -> String {
    let substance = items(allergy, "reaction")
        .iter()
        .map(|reaction| coding::display(at(reaction, &["substance"])))
        .find(|text| !text.is_empty());
    title(allergy, [coding::display(at(allergy, &["code"])), substance.unwrap_or_default()])
}

fn reactions(allergy: &Value) -> Vec<String> {
    let of_one = |reaction: &Value| {
        let manifestations = join(items(reaction, "manifestation").iter().map(coding::display), ", ");
        let shown = if manifestations.is_empty() { text(reaction, "description").to_owned() } else { manifestations };
        qualified(&shown, text(reaction, "severity"))
    };
    items(allergy, "reaction").iter().map(of_one).filter(|shown| !shown.is_empty()).collect()
}

/// `penicillin (anaphylaxis)`, `latex (resolved)`.
fn banner_item(allergy: &Value) -> String {
    let manifestations =
        items(allergy, "reaction").iter().flat_map(|reaction| items(reaction, "manifestation")).map(coding::display);
    let past = if is_past(allergy) { coding::code(at(allergy, &["clinicalStatus"])) } else { "" };
    qualified(&agent(allergy), &join(std::iter::once(past).chain(manifestations), ", "))
}

fn statement(allergy: &Value) -> Statement {
    let code = at(allergy, &["code"]);
    let is_one_of = |codes: &[&str]| codes.iter().any(|wanted| coding::has_code(code, SNOMED_CT, wanted));
    let is_absent = items(code, "coding").iter().any(|coding| text(coding, "system") == DATA_ABSENT);
    let is_coded = !items(code, "coding").is_empty();
    match text(code, "text").to_ascii_lowercase().as_str() {
        _ if is_one_of(&NO_KNOWN_ALLERGY) => Statement::NoKnownAllergy,
        _ if is_one_of(&NO_KNOWN_PART) => Statement::NoKnownPart,
        _ if is_absent => Statement::Unknown,
        "no known allergy" | "no known allergies" if !is_coded => Statement::NoKnownAllergy,
        "no known drug allergy" | "no known drug allergies" | "no known food allergies" if !is_coded => {
            Statement::NoKnownPart
        }
        _ => Statement::Allergy,
    }
}

/// Whether the record was neither refuted nor a mistake.
fn stands(allergy: &Value) -> bool {
    !matches!(coding::code(at(allergy, &["verificationStatus"])), "refuted" | "entered-in-error")
}

/// Whether a record says that there is no known allergy, and still stands.
pub(crate) fn denies_allergies(allergy: &Value) -> bool {
    statement(allergy) == Statement::NoKnownAllergy && stands(allergy) && !is_past(allergy)
}

/// Whether a record says that there is an allergy, and still stands.
pub(crate) fn is_active(allergy: &Value) -> bool {
    is_known(allergy) && !is_past(allergy)
}

fn is_known(allergy: &Value) -> bool {
    statement(allergy) == Statement::Allergy && stands(allergy)
}

fn is_past(allergy: &Value) -> bool {
    matches!(coding::code(at(allergy, &["clinicalStatus"])), "inactive" | "resolved")
}

/// Low is dangerous: standing, criticality, severity.
type Danger = (u8, u8, u8);

fn danger(allergy: &Value) -> Danger {
    let standing = match (stands(allergy), statement(allergy)) {
        (false, _) => 3,
        (true, Statement::Allergy) => u8::from(is_past(allergy)),
        (true, Statement::NoKnownAllergy | Statement::NoKnownPart | Statement::Unknown) => 2,
    };
    // What nobody assessed may be as bad as the worst that nobody ruled out, so it stands before `low`.
    let criticality = match text(allergy, "criticality") {
        "high" => 0,
        "low" => 2,
        _ => 1,
    };
    let severity = |reaction: &Value| match text(reaction, "severity") {
        "severe" => 0,
        "moderate" => 1,
        "mild" => 2,
        _ => 3,
    };
    (standing, criticality, items(allergy, "reaction").iter().map(severity).min().unwrap_or(3))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::{chart_of, record};
    use super::*;

    fn allergy(id: &str, text: &str, more: &Value) -> Record {
        let mut json = json!({ "resourceType": "AllergyIntolerance", "id": id, "code": { "text": text } });
        json.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        record(json)
    }

    fn none_known(code: &str, more: &Value) -> Record {
        let mut record = allergy("none", "", &json!({ "code": { "coding": [{ "system": SNOMED_CT, "code": code }] } }));
        record.json.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        record
    }

    #[test]
    fn the_banner_has_a_state_for_every_list() {
        let status = |code: &str| json!({ "coding": [{ "code": code }] });
        let refuted = json!({ "verificationStatus": status("refuted") });
        assert!(banner(&[]) == AllergyBanner::NotRecorded, "nobody recorded anything");
        assert!(
            banner(&[none_known("716186003", &json!({}))]) == AllergyBanner::NoKnown,
            "somebody recorded that there are none"
        );
        assert!(
            banner(&[none_known("716186003", &refuted)]) == AllergyBanner::NotRecorded,
            "a refuted negation says nothing"
        );
        assert!(
            banner(&[none_known("409137002", &json!({}))]) == AllergyBanner::NotRecorded,
            "no drug allergies says nothing about food"
        );
        assert!(
            banner(&[allergy("a", "latex", &refuted)]) == AllergyBanner::NotRecorded,
            "a refuted allergy is no known allergy"
        );
        let mistake = allergy("a", "latex", &json!({ "verificationStatus": status("entered-in-error") }));
        assert!(banner(&[mistake]) == AllergyBanner::NotRecorded, "a mistake is no known allergy");
        let both = [none_known("716186003", &json!({})), allergy("a", "latex", &json!({}))];
        assert!(
            banner(&both) == AllergyBanner::Known { items: vec!["latex".to_owned()] },
            "one allergy outweighs any negation"
        );
        let resolved = [allergy("a", "egg", &json!({ "clinicalStatus": status("resolved") }))];
        assert!(
            banner(&resolved) == AllergyBanner::Known { items: vec!["egg (resolved)".to_owned()] },
            "what is over is said to be over"
        );
        let unread = Record {
            resource_type: "AllergyIntolerance".to_owned(),
            id: "x".to_owned(),
            version: 1,
            json: json!(null),
        };
        assert!(banner(&[unread]) == AllergyBanner::Unavailable, "an unreadable allergy never looks like none");
    }

    #[test]
    fn the_most_dangerous_allergy_comes_first() {
        let records = [
            allergy("low", "pollen", &json!({ "criticality": "low", "reaction": [{ "severity": "severe" }] })),
            allergy(
                "high",
                "penicillin",
                &json!({ "criticality": "high", "reaction": [{ "manifestation": [{ "text": "anaphylaxis" }], "severity": "severe" }] }),
            ),
            allergy("unassessed", "latex", &json!({})),
        ];
        let rows = chart_of(&records, rows);
        assert_eq!(
            rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(),
            ["high", "unassessed", "low"],
            "criticality decides"
        );
        assert_eq!(rows[0].reactions, ["anaphylaxis (severe)"], "reactions with severity");
        assert!(
            banner(&records)
                == AllergyBanner::Known {
                    items: vec!["penicillin (anaphylaxis)".into(), "latex".into(), "pollen".into()]
                },
            "the banner keeps the order"
        );
    }

    #[test]
    fn an_agent_without_code_is_taken_from_the_reaction_and_never_blank() {
        let named = allergy("a", "", &json!({ "reaction": [{ "substance": { "text": "peanut" } }] }));
        let unnamed = allergy("b", "", &json!({}));
        let rows = chart_of(&[named, unnamed], rows);
        let mut agents: Vec<_> = rows.iter().map(|row| row.agent.as_str()).collect();
        agents.sort_unstable();
        assert_eq!(agents, ["Not known", "peanut"], "the substance of the reaction, else words");
    }
}
