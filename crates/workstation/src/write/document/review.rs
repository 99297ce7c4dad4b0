//! The review as the screen shows it. Pure.

use vigil_ccda::{Entry, LeftOut, Section as Part};
use vigil_model::Section;
use vigil_model::fhir::field::{at, items, text};
use vigil_model::fhir::format_date;

use super::kept::Kept;
use super::known::{self, Index};
use super::{Beside, identity, numbered};
use crate::chart::{denies_allergies, is_active_allergy};
use crate::view::{DocumentReviewView, ReviewEntry, ReviewFact, ReviewLeft, ReviewSection, ReviewStanding};

/// A document beside a chart.
pub(super) fn view(kept: &Kept, chart: &Beside) -> DocumentReviewView {
    let (document, header) = (&kept.document, &kept.document.header);
    let mut index = known::of_chart(&chart.records);
    let mut numbers = numbered(document);
    let sections = document.sections.iter().map(|part| section(part, &mut numbers, chart, &mut index)).collect();
    let (known, stored) = known_document(kept, chart);
    let or_unknown = |text: String| if text.is_empty() { "Not known".to_owned() } else { text };
    DocumentReviewView {
        review: kept.digest.clone(),
        title: or_unknown(if header.title.is_empty() { header.type_name.clone() } else { header.title.clone() }),
        kind: or_unknown(if header.type_name.is_empty() { header.type_code.clone() } else { header.type_name.clone() }),
        written: or_unknown(format_date(&header.written)),
        authors: header.authors.clone(),
        custodian: header.custodian.clone(),
        known,
        stored,
        identity: identity::compare(header, &chart.patient),
        sections,
    }
}

fn section<'d>(
    part: &'d Part,
    numbers: &mut impl Iterator<Item = (u32, &'d Entry)>,
    chart: &Beside,
    index: &mut Index<'d>,
) -> ReviewSection
where
{
    let entries = part.entries.len();
    ReviewSection {
        title: part.title.clone(),
        depth: part.depth,
        authors: part.authors.clone(),
        narrative: part.narrative.clone(),
        entries: numbers.take(entries).map(|(number, one)| entry(number, one, chart, index)).collect(),
        left: part.left.iter().map(left).collect(),
    }
}

fn entry<'d>(number: u32, entry: &'d Entry, chart: &Beside, index: &mut Index<'d>) -> ReviewEntry {
    let (standing, why) = standing(entry, chart, index);
    // What the document says twice is new once.
    index.add(&entry.resource);
    ReviewEntry {
        number,
        section: entry.section,
        title: entry.title.clone(),
        when: format_date(&entry.when),
        status: entry.status.clone(),
        facts: entry.facts.iter().map(fact).collect(),
        remarks: entry.remarks.clone(),
        standing,
        why,
    }
}

fn fact((what, words): &(String, String)) -> ReviewFact {
    // Dates among the facts are as FHIR writes them.
    let shown = format_date(words);
    let is_date = matches!(what.as_str(), "Until" | "Since" | "Born" | "Died" | "Due" | "Made" | "Expires");
    ReviewFact { what: what.clone(), words: if is_date && !shown.is_empty() { shown } else { words.clone() } }
}

fn left(left: &LeftOut) -> ReviewLeft {
    ReviewLeft { what: left.what.clone(), why: left.why.clone() }
}

fn standing(entry: &Entry, chart: &Beside, index: &Index<'_>) -> (ReviewStanding, String) {
    if let Some(why) = closed(entry, chart) {
        return (ReviewStanding::Closed, why);
    }
    match index.find(entry) {
        Some(known) => (ReviewStanding::Known, format!("Already there: {known}")),
        None => (ReviewStanding::New, String::new()),
    }
}

/// Why an entry cannot be taken; none where it can.
pub(super) fn closed(entry: &Entry, chart: &Beside) -> Option<String> {
    if !chart.takes(entry.section) {
        return Some("Your role does not write entries of this kind; it stays in the document".to_owned());
    }
    // "No known allergies" beside a known one would be as wrong in the chart as it would be by hand.
    let known = || {
        chart
            .records
            .iter()
            .any(|record| record.resource_type == "AllergyIntolerance" && is_active_allergy(&record.json))
    };
    if entry.section == Section::Allergies && denies_allergies(&entry.resource) && known() {
        return Some("The chart has known allergies; resolve or refute them first".to_owned());
    }
    None
}

/// What the chart knows of the document itself, and whether the same file is in it.
fn known_document(kept: &Kept, chart: &Beside) -> (Option<String>, bool) {
    let header = &kept.document.header;
    let named = super::taking::named_information(kept);
    let mut said = None;
    for stored in stored_documents(chart) {
        let has = |value: &str| {
            !value.is_empty() && items(stored, "identifier").iter().any(|one| text(one, "value") == value)
        };
        let when = format_date(text(stored, "date"));
        if has(&named) {
            return (
                Some(format!("This file is stored in this chart since {when}. What was taken then is marked.")),
                true,
            );
        }
        if !header.id.is_empty() && text(at(stored, &["masterIdentifier"]), "value") == header.id {
            said = Some(format!(
                "A document with the same number is stored in this chart since {when}, and it is not the same file."
            ));
        } else if has(&header.set_id) && said.is_none() {
            said = Some(format!("Another version of this document is stored in this chart since {when}."));
        }
    }
    (said, false)
}

/// Documents of the chart that were not marked as mistakes.
pub(super) fn stored_documents(chart: &Beside) -> impl Iterator<Item = &serde_json::Value> {
    chart
        .records
        .iter()
        .filter(|record| record.resource_type == super::DOCUMENT_REFERENCE)
        .map(|record| &record.json)
        .filter(|document| text(document, "status") != "entered-in-error")
}
