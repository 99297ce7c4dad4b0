//! Where the user is on duty, and since when: what makes the patients of a ward theirs for a shift.

use std::collections::{BTreeSet, VecDeque};

use chrono::{DateTime, Utc};
use vigil_model::fhir::roster::{self, Shift};
use vigil_model::{ResourceType, WorklistEntry, WorklistKind};
use vigil_vault::{Tx, VaultError};

/// The ward is handed over before the first minute of a shift and written up after its last one. This project's own figure.
const HANDOVER_SECONDS: i64 = 3600;

/// A session is open for no longer than this without a lock, at which all of it is read anew.
const AHEAD_SECONDS: i64 = 24 * 3600;

/// A house, a floor, a ward, a room, a bed: places lie no deeper in one another than this, and none in itself.
const DEEPEST: usize = 8;

/// The shifts of a user that are near, with every place that lies within theirs.
#[derive(Default)]
pub(crate) struct Roster(Vec<Shift>);

impl Roster {
    pub(crate) fn read(tx: &Tx<'_>, actors: &[String], now: DateTime<Utc>) -> Result<Self, VaultError> {
        let now = now.timestamp();
        let (schedule, location) = (r#type("Schedule")?, r#type("Location")?);
        let mut shifts = Vec::new();
        for actor in actors {
            let found =
                tx.roster_of(&schedule, actor)?.into_iter().filter_map(|(_, schedule)| roster::shift(&schedule));
            shifts.extend(found.filter(|one| last(one) >= now && first(one) <= now.saturating_add(AHEAD_SECONDS)));
        }
        for shift in &mut shifts {
            shift.places = within(tx, &location, &shift.places)?;
        }
        Ok(Self(shifts))
    }

    /// Every place of every shift, once.
    pub(crate) fn places(&self) -> Vec<String> {
        let places: BTreeSet<&String> = self.0.iter().flat_map(|shift| &shift.places).collect();
        places.into_iter().cloned().collect()
    }

    /// The second from which on somebody who was there is of interest.
    pub(crate) fn since(&self) -> i64 {
        self.0.iter().map(first).min().unwrap_or(i64::MAX)
    }

    /// Whether the entry is an encounter at a place of one of the shifts, whenever.
    pub(crate) fn has_place_of(&self, entry: &WorklistEntry) -> bool {
        entry.kind == WorklistKind::Encounter && self.0.iter().any(|shift| is_at(shift, entry))
    }

    /// Whether the user is on duty at this second where the patient of an encounter is, or was since the shift began.
    pub(crate) fn is_on_duty_at(&self, entry: &WorklistEntry, now: i64) -> bool {
        entry.kind == WorklistKind::Encounter
            && !matches!(entry.status.as_str(), "planned" | "cancelled" | "entered-in-error")
            && entry.starts_at.is_none_or(|start| start <= now)
            && self.0.iter().any(|shift| {
                (first(shift)..=last(shift)).contains(&now)
                    && entry.ends_at.is_none_or(|end| end >= first(shift))
                    && is_at(shift, entry)
            })
    }
}

fn first(shift: &Shift) -> i64 {
    shift.from.saturating_sub(HANDOVER_SECONDS)
}

fn last(shift: &Shift) -> i64 {
    shift.until.saturating_add(HANDOVER_SECONDS)
}

/// Whether the patient is at a place of the shift, or left it no earlier than it began.
fn is_at(shift: &Shift, entry: &WorklistEntry) -> bool {
    shift.places.iter().any(|place| entry.has_then(place, first(shift)))
}

/// The places and all that lies within them.
fn within(tx: &Tx<'_>, location: &ResourceType, places: &[String]) -> Result<Vec<String>, VaultError> {
    let mut found: BTreeSet<String> = places.iter().cloned().collect();
    let mut open: VecDeque<(String, usize)> = places.iter().map(|place| (place.clone(), 0)).collect();
    while let Some((place, depth)) = open.pop_front() {
        for (id, _) in tx.roster_of(location, &place)? {
            let part = format!("{location}/{id}");
            if depth < DEEPEST && found.insert(part.clone()) {
                open.push_back((part, depth + 1));
            }
        }
    }
    Ok(found.into_iter().collect())
}

fn r#type(name: &str) -> Result<ResourceType, VaultError> {
    ResourceType::parse(name).map_err(|_| VaultError::Invalid("a resource type of the roster has no FHIR form"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;
    /// 28-Nov-2026 06:00 UTC.
    const FROM: i64 = 1_795_845_600;

    fn nurse() -> Roster {
        let (staff, places) =
            (vec!["Practitioner/n".to_owned()], vec!["Location/bed-1".to_owned(), "Location/w4".to_owned()]);
        Roster(vec![Shift { staff, places, from: FROM, until: FROM + 8 * HOUR }])
    }

    fn stay(place: &str, ends_at: Option<i64>) -> WorklistEntry {
        WorklistEntry {
            kind: WorklistKind::Encounter,
            status: if ends_at.is_some() { "finished" } else { "in-progress" }.to_owned(),
            class: "IMP".to_owned(),
            starts_at: Some(FROM - 72 * HOUR),
            ends_at,
            start: String::new(),
            actors: vec![place.to_owned()],
            left: Vec::new(),
            with: Vec::new(),
            place: String::new(),
        }
    }

    #[test]
    fn a_shift_counts_from_the_handover_before_it_to_the_one_after_it() {
        let on_duty = |second| nurse().is_on_duty_at(&stay("Location/w4", None), second);
        assert!(!on_duty(FROM - HOUR - 1) && on_duty(FROM - HOUR));
        assert!(on_duty(FROM + 9 * HOUR) && !on_duty(FROM + 9 * HOUR + 1));
    }

    #[test]
    fn only_who_is_there_or_went_during_the_shift_is_theirs() {
        let theirs = |entry: &WorklistEntry| nurse().is_on_duty_at(entry, FROM + HOUR);
        assert!(theirs(&stay("Location/bed-1", None)), "in a bed of the ward");
        assert!(!theirs(&stay("Location/w5", None)), "on another ward");
        assert!(theirs(&stay("Location/w4", Some(FROM))), "who went home this morning");
        assert!(!theirs(&stay("Location/w4", Some(FROM - 2 * HOUR))), "and not who went in the night");
        let mut moved = stay("Location/w4", None);
        moved.left = vec![("Location/w4".to_owned(), FROM - 2 * HOUR)];
        assert!(!theirs(&moved), "who was moved to another ward");
        let mut planned = stay("Location/w4", None);
        planned.status = "planned".to_owned();
        assert!(!theirs(&planned), "who is still to come");
        let mut visit = stay("Location/w4", None);
        visit.kind = WorklistKind::Appointment;
        assert!(!theirs(&visit) && !nurse().has_place_of(&visit), "a place of an appointment is no ward");
    }
}
