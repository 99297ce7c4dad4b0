//! The summary of a visit: of one encounter, or of what happened today.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use vigil_model::fhir::field::{at, first, text};
use vigil_model::{PatientId, ResourceId, Section};
use vigil_print::Block;
use vigil_vault::Tx;

use super::lines::{Content, facts, observations, plain, point};
use super::{medications, note};
use crate::act::Present;
use crate::chart::Record;
use crate::ranges::House;
use crate::view::{EncounterRow, SectionContent};
use crate::{AppError, ErrorCode, Workstation, clock};

/// What belongs to the visit.
struct Visit {
    encounter: Option<String>,
    from: NaiveDate,
    until: NaiveDate,
}

impl Visit {
    /// By the encounter that a record names; one that names none, by its day.
    fn has(&self, record: &Record) -> bool {
        let context = at(&record.json, &["context"]);
        let named = [at(&record.json, &["encounter"]), context, first(context, "encounter")]
            .into_iter()
            .find_map(|reference| text(reference, "reference").strip_prefix("Encounter/"));
        match (named, &self.encounter) {
            (Some(named), Some(encounter)) => named == encounter,
            _ => day_of(&record.json).is_some_and(|day| (self.from..=self.until).contains(&day)),
        }
    }

    fn has_encounter(&self, row: &EncounterRow) -> bool {
        match &self.encounter {
            Some(encounter) => *encounter == row.id,
            None => {
                let began = day(&row.start.iso).is_some_and(|began| began <= self.until);
                let over = day(&row.end.iso).is_some_and(|ended| ended < self.from);
                let ends = !row.end.iso.is_empty() || row.status != "finished";
                began && !over && (ends || day(&row.start.iso) == Some(self.from)) && row.status != "entered-in-error"
            }
        }
    }
}

pub(super) fn content(
    station: &Workstation,
    tx: &Tx<'_>,
    present: &Present,
    patient: &PatientId,
    encounter: Option<&ResourceId>,
    (now, house): (DateTime<Utc>, &House),
) -> Result<Content, AppError> {
    let mut content = Content::default();
    let today = clock::day(&now);
    let view = station.page(tx, present, patient, Section::Encounters, None, |_| true)?;
    content.not_shown(view.undecodable.len(), view.closed);
    let SectionContent::Encounters { rows, .. } = view.content else { return Err(AppError::stopped()) };
    let visit = match encounter {
        None => Visit { encounter: None, from: today, until: today },
        Some(id) => {
            let row = rows.iter().find(|row| row.id == id.as_str()).ok_or_else(|| {
                AppError::new(ErrorCode::NotFound, "there is no such encounter in this chart; choose it again")
            })?;
            let from = day(&row.start.iso).unwrap_or(today);
            Visit { encounter: Some(row.id.clone()), from, until: day(&row.end.iso).unwrap_or(today).max(from) }
        }
    };
    let visits: Vec<Block> = rows.iter().filter(|row| visit.has_encounter(row)).map(about).collect();
    content.section(
        "Visit",
        if visits.is_empty() {
            vec![plain(&format!(
                "What was recorded on {}; no encounter of that day is recorded.",
                clock::day_text(&now)
            ))]
        } else {
            visits
        },
    );
    standing(station, tx, present, patient, &mut content)?;
    measured(station, tx, present, patient, (&visit, house), &mut content)?;
    let mut next = noted(station, tx, present, patient, &visit, &mut content)?;
    let view = station.page(tx, present, patient, Section::CarePlans, None, |_| true)?;
    content.not_shown(view.undecodable.len(), view.closed);
    let SectionContent::CarePlans { rows } = view.content else { return Err(AppError::stopped()) };
    let plans: Vec<_> =
        rows.iter().filter(|row| row.status == "active").map(|row| point(&row.title, &[], &row.detail)).collect();
    if !plans.is_empty() {
        next.push(Block::Heading { text: "Plans and goals".to_owned() });
        next.push(Block::List { lines: plans });
    }
    content.section("Next steps", next);
    Ok(content)
}

fn about(row: &EncounterRow) -> Block {
    let end = if row.end.iso.is_empty() { String::new() } else { format!(" to {}", row.end.text) };
    facts(&[
        ("When", &format!("{}{end}", row.start.text)),
        (
            "What",
            &[row.kind.as_str(), row.class.as_str()]
                .into_iter()
                .filter(|one| !one.is_empty())
                .collect::<Vec<_>>()
                .join(", "),
        ),
        ("Reason", if row.reason.is_empty() { "Not recorded" } else { &row.reason }),
        ("With", &row.practitioner),
        ("Where", &row.place),
        ("State", &row.status.replace('-', " ")),
    ])
}

/// What holds beyond the visit: problems, allergies, medicines.
fn standing(
    station: &Workstation,
    tx: &Tx<'_>,
    present: &Present,
    patient: &PatientId,
    content: &mut Content,
) -> Result<(), AppError> {
    let view = station.page(tx, present, patient, Section::Problems, None, |_| true)?;
    content.not_shown(view.undecodable.len(), view.closed);
    let SectionContent::Problems { rows } = view.content else { return Err(AppError::stopped()) };
    let active: Vec<_> = rows
        .iter()
        .filter(|row| row.active && row.verification_status != "entered-in-error")
        .map(|row| {
            let since = if row.onset.iso.is_empty() { String::new() } else { format!("since {}", row.onset.text) };
            let unsure = if row.verification_status == "confirmed" { "" } else { row.verification_status.as_str() };
            point(&row.name, &[&row.severity, &since, unsure], &row.note)
        })
        .collect();
    content.section("Problems", listed(active));

    let view = station.page(tx, present, patient, Section::Allergies, None, |_| true)?;
    content.not_shown(view.undecodable.len(), view.closed);
    let SectionContent::Allergies { rows, .. } = view.content else { return Err(AppError::stopped()) };
    let active: Vec<_> = rows
        .iter()
        .filter(|row| !matches!(row.clinical_status.as_str(), "inactive" | "resolved"))
        .filter(|row| !matches!(row.verification_status.as_str(), "entered-in-error" | "refuted"))
        .map(|row| {
            let criticality =
                if row.criticality.is_empty() { String::new() } else { format!("criticality {}", row.criticality) };
            point(&row.agent, &[&row.reactions.join(", "), &criticality], "")
        })
        .collect();
    content.section(
        "Allergies and intolerances",
        if active.is_empty() { vec![plain("None listed; see above.")] } else { listed(active) },
    );

    let view = station.page(tx, present, patient, Section::Medications, None, |_| true)?;
    content.not_shown(view.undecodable.len(), view.closed);
    let SectionContent::Medications { rows } = view.content else { return Err(AppError::stopped()) };
    let active: Vec<_> = rows.into_iter().filter(|row| row.active).collect();
    content.section("Medicines", medications::list(&active));
    Ok(())
}

fn listed(lines: Vec<vigil_print::Line>) -> Vec<Block> {
    if lines.is_empty() { Vec::new() } else { vec![Block::List { lines }] }
}

/// Vital signs, results and what was asked of the social history at the visit.
fn measured(
    station: &Workstation,
    tx: &Tx<'_>,
    present: &Present,
    patient: &PatientId,
    (visit, house): (&Visit, &House),
    content: &mut Content,
) -> Result<(), AppError> {
    let view = station.page(tx, present, patient, Section::Vitals, Some(house), |record| visit.has(record))?;
    content.not_shown(view.undecodable.len(), view.closed);
    let SectionContent::Vitals { groups, .. } = view.content else { return Err(AppError::stopped()) };
    content.section("Vital signs", observations(&groups));
    let view = station.page(tx, present, patient, Section::Results, Some(house), |record| visit.has(record))?;
    let SectionContent::Results { groups, reports, .. } = view.content else { return Err(AppError::stopped()) };
    // What cannot be read of observations was counted with the vital signs.
    content.not_shown(view.undecodable.iter().filter(|row| row.resource_type != "Observation").count(), view.closed);
    let mut blocks = observations(&groups);
    let lines = reports.iter().map(|row| point(&row.title, &[&row.when.text, &row.status], &row.detail));
    blocks.extend(listed(lines.collect()));
    content.section("Results", blocks);
    let view = station.page(tx, present, patient, Section::SocialHistory, None, |record| visit.has(record))?;
    content.not_shown(0, view.closed);
    let SectionContent::SocialHistory { rows } = view.content else { return Err(AppError::stopped()) };
    let lines: Vec<_> = rows
        .iter()
        .filter(|row| row.status != "entered-in-error")
        .map(|row| point(&row.title, &[&row.detail, &row.when.text], ""))
        .collect();
    if !lines.is_empty() {
        content.section("Social history", listed(lines));
    }
    Ok(())
}

/// The notes of the visit in full, and what they plan.
fn noted(
    station: &Workstation,
    tx: &Tx<'_>,
    present: &Present,
    patient: &PatientId,
    visit: &Visit,
    content: &mut Content,
) -> Result<Vec<Block>, AppError> {
    let view = station.page(tx, present, patient, Section::Documents, None, |record| visit.has(record))?;
    content.not_shown(view.undecodable.len(), view.closed);
    let SectionContent::Documents { rows, .. } = view.content else { return Err(AppError::stopped()) };
    let (mut next, mut others) = (Vec::new(), Vec::new());
    for row in rows {
        let id = ResourceId::parse(&row.id).map_err(|error| AppError::invalid(error.to_string()))?;
        let signed = if row.resource_type == "Composition" {
            note::read(station, tx, present, patient, &id)
        } else {
            Err(AppError::stopped())
        };
        match signed {
            Ok((about, digest, signed)) => {
                if signed.error.is_none() {
                    for section in signed
                        .sections
                        .iter()
                        .filter(|section| is_plan(&section.title) && !section.text.trim().is_empty())
                    {
                        next.push(Block::Heading {
                            text: format!("{} of {}, {}", section.title, about.title, about.when.text),
                        });
                        next.push(plain(&section.text));
                    }
                }
                note::put(content, &about, &digest, &signed);
            }
            Err(_) => others.push(point(
                &row.title,
                &[&row.when.text, &row.author, &row.status],
                "The text stands in the chart.",
            )),
        }
    }
    if !others.is_empty() {
        content.section("Other documents", listed(others));
    }
    Ok(next)
}

/// What the templates of notes call what comes next.
fn is_plan(title: &str) -> bool {
    let title = title.to_lowercase();
    ["plan", "follow-up", "instructions", "next steps"].into_iter().any(|word| title.contains(word))
}

/// The day of what a record is about, at this workstation.
fn day_of(json: &Value) -> Option<NaiveDate> {
    let plain = [
        "effectiveDateTime",
        "effectiveInstant",
        "occurrenceDateTime",
        "performedDateTime",
        "date",
        "issued",
        "authoredOn",
        "started",
    ];
    let periods = ["effectivePeriod", "performedPeriod", "period"];
    let dated = plain.into_iter().map(|key| text(json, key));
    let began = periods.into_iter().map(|key| text(at(json, &[key]), "start"));
    dated.chain(began).find(|text| !text.is_empty()).and_then(day)
}

fn day(iso: &str) -> Option<NaiveDate> {
    match DateTime::parse_from_rfc3339(iso) {
        Ok(moment) => Some(clock::day(&moment.to_utc())),
        Err(_) => NaiveDate::parse_from_str(iso.get(..10)?, "%Y-%m-%d").ok(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(json: Value) -> Record {
        Record { resource_type: "Observation".to_owned(), id: "o".to_owned(), version: 1, json }
    }

    #[test]
    fn what_names_another_encounter_is_none_of_this_one_whatever_its_day() {
        let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap();
        let visit = Visit { encounter: Some("e1".to_owned()), from: day("2026-11-20"), until: day("2026-11-21") };
        let has = |json: Value| visit.has(&record(json));
        assert!(
            has(json!({ "encounter": { "reference": "Encounter/e1" }, "effectiveDateTime": "2020-01-01" })),
            "it says so"
        );
        assert!(
            !has(json!({ "encounter": { "reference": "Encounter/e2" }, "effectiveDateTime": "2026-11-20" })),
            "another"
        );
        assert!(has(json!({ "effectiveDateTime": "2026-11-21" })), "it names none, and its day fits");
        assert!(!has(json!({ "effectiveDateTime": "2026-11-22" })), "a day later");
        assert!(!has(json!({})), "of what has no day nobody knows");
        let today = Visit { encounter: None, ..visit };
        assert!(
            today.has(&record(
                json!({ "encounter": { "reference": "Encounter/e2" }, "issued": "2026-11-21T09:00:00Z" })
            )),
            "any of the day"
        );
    }
}
