//! The encounter that a note belongs to.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use vigil_model::fhir::date::FhirTime;
use vigil_model::fhir::field::{at, items, text};
use vigil_model::{PatientId, ResourceId, fhir};
use vigil_vault::Tx;

use crate::act::Present;
use crate::chart::{Record, encounter_words, is_open_encounter};
use crate::chart_read::records;
use crate::view::NoteEncounterView;
use crate::{AppError, Workstation};

const ENCOUNTER: &str = "Encounter";

/// The encounters that a note may belong to that was begun at this moment: those that go on, and those that ended since. The author's own
/// first, then the latest.
pub(super) fn choices(
    station: &Workstation,
    tx: &Tx<'_>,
    present: &Present,
    patient: &PatientId,
    began: DateTime<Utc>,
) -> Result<Vec<NoteEncounterView>, AppError> {
    let own = tx.actor_references(present.user)?.unwrap_or_default();
    let mut open = open_since(station, tx, present, patient, began)?;
    open.sort_by_key(|record| (!takes_part(&record.json, &own), std::cmp::Reverse(start(&record.json))));
    let view = |record: &Record| NoteEncounterView {
        id: record.id.clone(),
        words: encounter_words(&record.json),
        own: takes_part(&record.json, &own),
    };
    Ok(open.iter().map(view).collect())
}

/// The Reference of the encounter that was chosen.
///
/// # Errors
/// [`crate::ErrorCode::Invalid`] for one that is none of [`choices`].
pub(super) fn chosen(
    station: &Workstation,
    tx: &Tx<'_>,
    present: &Present,
    patient: &PatientId,
    began: DateTime<Utc>,
    id: &ResourceId,
) -> Result<Value, AppError> {
    let open = open_since(station, tx, present, patient, began)?;
    let found = open.iter().find(|record| record.id == id.as_str()).ok_or_else(|| {
        AppError::invalid("this encounter does not go on, so the note cannot belong to it; choose another one, or none")
    })?;
    Ok(json!({ "reference": format!("{ENCOUNTER}/{id}"), "display": encounter_words(&found.json) }))
}

fn open_since(
    station: &Workstation,
    tx: &Tx<'_>,
    present: &Present,
    patient: &PatientId,
    began: DateTime<Utc>,
) -> Result<Vec<Record>, AppError> {
    // What cannot be read is nobody's choice; its own page says that it cannot.
    let (all, mut unread) = records(tx.resources(patient, &[ENCOUNTER])?);
    let mut all = station.withheld(present, all, &mut unread);
    all.retain(|record| {
        let ended = FhirTime::parse(text(at(&record.json, &["period"]), "end"));
        match text(&record.json, "status") {
            status if is_open_encounter(status) => true,
            "finished" => ended.is_some_and(|end| end.last_second() >= began.timestamp()),
            _ => false,
        }
    });
    Ok(all)
}

fn takes_part(encounter: &Value, own: &[String]) -> bool {
    items(encounter, "participant")
        .iter()
        .filter_map(|one| fhir::reference::key(at(one, &["individual"])))
        .any(|actor| own.contains(&actor))
}

fn start(encounter: &Value) -> i64 {
    FhirTime::parse(text(at(encounter, &["period"]), "start")).map_or(i64::MIN, |start| start.epoch_seconds())
}
