//! The lists that each role begins the day with. Every list that is shown is one entry, with everybody on it.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::json;
use vigil_model::fhir::date::format_date;
use vigil_model::{PatientId, Role, SessionId, UserId, WorklistEntry, WorklistKind};
use vigil_policy::{Interaction, Principal, is_allowed};
use vigil_vault::{Tx, VaultError, WorklistRow as Stored, WorklistSpan};

use crate::act::Present;
use crate::chart::{Names, encounter_class, is_open_encounter};
use crate::names::SharedNames;
use crate::patient::{Opened, row};
use crate::session::session_request;
use crate::view::{Worklist, WorklistRow, WorklistSearchRequest, WorklistView};
use crate::{AppError, Workstation};

/// Lines of a list.
const MOST_ROWS: usize = 200;
/// Entries that are looked at for them.
const MOST_READ: u32 = 2_000;
/// How far back prescriptions and claims go.
const PRESCRIBED_DAYS: i64 = 30;
const CLAIMED_DAYS: i64 = 365;
/// Clocks of the world are at most so far from UTC, so that what is on a day anywhere is read for it.
const FARTHEST_ZONE: TimeDelta = TimeDelta::hours(14);

impl Worklist {
    const ALL: [Self; 5] = [Self::Panel, Self::Ward, Self::Schedule, Self::Prescriptions, Self::Claims];

    const fn interaction(self) -> Interaction {
        match self {
            Self::Panel => Interaction::PanelSearch,
            Self::Ward => Interaction::WardSearch,
            Self::Schedule => Interaction::AppointmentSearch,
            Self::Prescriptions => Interaction::MedicationRequestSearch,
            Self::Claims => Interaction::ClaimSearch,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Panel => "own patients",
            Self::Ward => "ward list",
            Self::Schedule => "schedule",
            Self::Prescriptions => "prescriptions",
            Self::Claims => "claims",
        }
    }
}

/// The lists of a role, the one that it begins with first.
pub(crate) fn worklists_of(role: Role) -> Vec<Worklist> {
    let principal = Principal::User {
        id: UserId::from_uuid(uuid::Uuid::nil()),
        role,
        session: SessionId::from_uuid(uuid::Uuid::nil()),
    };
    let allowed = |list: &Worklist| is_allowed(&session_request(list.interaction(), principal.clone()));
    let mut lists: Vec<Worklist> = Worklist::ALL.into_iter().filter(allowed).collect();
    // A nurse's day begins with who is there, a pharmacist's with what is to be checked.
    lists.sort_by_key(|list| match (role, list) {
        (Role::Nurse, Worklist::Ward) | (Role::Pharmacist, Worklist::Prescriptions) => 0,
        _ => 1,
    });
    lists
}

impl Workstation {
    /// One list.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for a schedule without a day; a denial, or that the audit entry could not be written:
    /// then no list is given.
    pub fn worklist_search(&self, request: WorklistSearchRequest) -> Result<WorklistView, AppError> {
        let list = request.worklist;
        let day = match (list, request.day.as_deref()) {
            (Worklist::Schedule, day) => Some(day_of(day)?),
            _ => None,
        };
        let now = self.clock.now().utc;
        self.act(list.interaction(), None, |tx, present| {
            let mut lines = match list {
                Worklist::Panel => self.panel(present, now),
                Worklist::Ward => ward(tx, present)?,
                Worklist::Schedule => schedule(tx, present, day.unwrap_or(now.date_naive()))?,
                Worklist::Prescriptions => prescriptions(tx, now)?,
                Worklist::Claims => claims(tx, now)?,
            };
            lines.retain(|line| {
                let known = present.unlocked.index.get(&line.patient).is_some();
                known && is_allowed(&self.request(present, Interaction::PatientSearch, Some(&line.patient)))
            });
            let more = lines.len() > MOST_ROWS;
            lines.truncate(MOST_ROWS);
            tx.listed(lines.iter().map(|line| line.patient.clone()));
            tx.detail(json!({ "list": list.words(), "day": day.map(|day| day.to_string()) }));
            let opened: Opened = tx.last_opened(present.user, 500)?.into_iter().collect();
            let names = SharedNames::new(tx);
            let rows = lines.into_iter().filter_map(|line| line.row(present, &names, &opened, now)).collect();
            Ok(WorklistView { rows, more, linked: present.unlocked.involvement.is_some() })
        })
    }

    /// Who is here first, then who comes next, then who came last.
    fn panel(&self, present: &Present, now: DateTime<Utc>) -> Vec<Line> {
        let Some(involvement) = &present.unlocked.involvement else { return Vec::new() };
        let mut nearest: HashMap<PatientId, WorklistEntry> = HashMap::new();
        for (patient, entry) in involvement.now(now, &self.policy.relationship) {
            match nearest.get_mut(&patient) {
                Some(known) if nearness(&entry, now) < nearness(known, now) => *known = entry,
                Some(_) => {}
                None => _ = nearest.insert(patient, entry),
            }
        }
        let mut lines: Vec<Line> =
            nearest.into_iter().map(|(patient, entry)| Line::new(format!("{patient}"), patient, entry, true)).collect();
        lines.sort_by(|a, b| {
            nearness(&a.entry, now)
                .cmp(&nearness(&b.entry, now))
                .then_with(|| a.patient.as_str().cmp(b.patient.as_str()))
        });
        lines
    }
}

/// One line before it is put in words.
struct Line {
    key: String,
    patient: PatientId,
    entry: WorklistEntry,
    own: bool,
    /// How many entries it stands for.
    count: usize,
}

impl Line {
    const fn new(key: String, patient: PatientId, entry: WorklistEntry, own: bool) -> Self {
        Self { key, patient, entry, own, count: 1 }
    }

    fn row(
        self,
        present: &Present,
        names: &SharedNames<'_, '_>,
        opened: &Opened,
        today: DateTime<Utc>,
    ) -> Option<WorklistRow> {
        let found = present.unlocked.index.get(&self.patient)?;
        let entry = &self.entry;
        let begin = format_date(&entry.start);
        let goes_on = is_here(entry);
        Some(WorklistRow {
            key: self.key,
            when: if goes_on && !begin.is_empty() { format!("since {begin}") } else { begin },
            what: what(entry, self.count),
            place: named(&entry.place, &entry.actors, "Location/", names),
            with: match entry.with.as_slice() {
                [] => named("", &entry.actors, "Practitioner", names),
                with => with.join(", "),
            },
            own: self.own,
            kept_back: found.demographics.restricted,
            patient: row(found, present, opened, today),
        })
    }
}

/// In the house now first; then what comes, soonest first; then what was, latest first; then what has no time.
fn nearness(entry: &WorklistEntry, now: DateTime<Utc>) -> (u8, i64) {
    let start = entry.starts_at.unwrap_or(i64::MIN);
    match entry.kind {
        WorklistKind::Encounter if is_here(entry) => (0, start.saturating_neg()),
        WorklistKind::Encounter | WorklistKind::Appointment if start >= now.timestamp() => (1, start),
        WorklistKind::Encounter | WorklistKind::Appointment => (2, start.saturating_neg()),
        WorklistKind::GeneralPractitioner
        | WorklistKind::CareTeam
        | WorklistKind::Claim
        | WorklistKind::MedicationRequest
        | WorklistKind::ServiceRequest => (3, 0),
    }
}

/// Whether it is an encounter that goes on (FHIR R4 EncounterStatus).
fn is_here(entry: &WorklistEntry) -> bool {
    entry.kind == WorklistKind::Encounter && entry.ends_at.is_none() && is_open_encounter(&entry.status)
}

fn opened_entries(
    tx: &Tx<'_>,
    kind: WorklistKind,
    span: WorklistSpan,
) -> Result<Vec<(Stored, WorklistEntry)>, VaultError> {
    let rows = tx.worklist(kind, span, MOST_READ)?;
    // What does not open left an alert; whose it is stays findable by name.
    let opened = rows.into_iter().filter_map(|row| Some((row.entry.as_ref().ok()?.clone(), row)));
    Ok(opened.map(|(entry, row)| (row, entry)).collect())
}

fn line(row: &Stored, entry: WorklistEntry, present: Option<&Present>) -> Line {
    let own = present
        .and_then(|present| present.unlocked.involvement.as_ref())
        .is_some_and(|involvement| involvement.takes_part(&entry));
    Line::new(format!("{}/{}", row.resource_type, row.id), row.patient.clone(), entry, own)
}

/// The user's own first, then by place.
fn ward(tx: &Tx<'_>, present: &Present) -> Result<Vec<Line>, VaultError> {
    let here = opened_entries(tx, WorklistKind::Encounter, WorklistSpan::GoesOn)?;
    let mut lines: Vec<Line> = here
        .into_iter()
        .filter(|(_, entry)| is_here(entry))
        .map(|(row, entry)| line(&row, entry, Some(present)))
        .collect();
    lines.sort_by(|a, b| {
        let key =
            |line: &Line| (!line.own, line.entry.place.is_empty(), line.entry.place.clone(), line.entry.starts_at);
        key(a).cmp(&key(b))
    });
    Ok(lines)
}

fn schedule(tx: &Tx<'_>, present: &Present, day: NaiveDate) -> Result<Vec<Line>, VaultError> {
    let from = day.and_time(NaiveTime::MIN).and_utc() - FARTHEST_ZONE;
    let to = day.checked_add_days(Days::new(1)).unwrap_or(day).and_time(NaiveTime::MIN).and_utc() + FARTHEST_ZONE;
    let found = opened_entries(tx, WorklistKind::Appointment, WorklistSpan::Begins(from.timestamp(), to.timestamp()))?;
    let on_the_day = day.to_string();
    let stands = |entry: &WorklistEntry| !matches!(entry.status.as_str(), "entered-in-error");
    let of_the_day = found.into_iter().filter(|(_, entry)| entry.start.starts_with(&on_the_day) && stands(entry));
    Ok(of_the_day.rev().map(|(row, entry)| line(&row, entry, Some(present))).collect())
}

/// One line for each patient, newest first.
fn prescriptions(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Vec<Line>, VaultError> {
    let span = since(now, PRESCRIBED_DAYS);
    let mut lines: Vec<Line> = Vec::new();
    let mut places: HashMap<PatientId, usize> = HashMap::new();
    let found = opened_entries(tx, WorklistKind::MedicationRequest, span)?;
    let to_check = |entry: &WorklistEntry| {
        matches!(entry.status.as_str(), "active" | "draft" | "on-hold")
            && !matches!(entry.class.as_str(), "proposal" | "option")
    };
    for (row, entry) in found.into_iter().filter(|(_, entry)| to_check(entry)) {
        match places.get(&row.patient).and_then(|at| lines.get_mut(*at)) {
            Some(line) => line.count += 1,
            None => {
                places.insert(row.patient.clone(), lines.len());
                lines.push(line(&row, entry, None));
            }
        }
    }
    Ok(lines)
}

fn claims(tx: &Tx<'_>, now: DateTime<Utc>) -> Result<Vec<Line>, VaultError> {
    let found = opened_entries(tx, WorklistKind::Claim, since(now, CLAIMED_DAYS))?;
    let open = found.into_iter().filter(|(_, entry)| matches!(entry.status.as_str(), "active" | "draft"));
    Ok(open.map(|(row, entry)| line(&row, entry, None)).collect())
}

fn since(now: DateTime<Utc>, days: i64) -> WorklistSpan {
    let (from, to) = (now - TimeDelta::days(days), now + FARTHEST_ZONE);
    WorklistSpan::Begins(from.timestamp(), to.timestamp())
}

fn what(entry: &WorklistEntry, count: usize) -> String {
    let status = entry.status.replace('-', " ");
    match entry.kind {
        WorklistKind::GeneralPractitioner => "General practitioner".to_owned(),
        WorklistKind::CareTeam => "Care team".to_owned(),
        WorklistKind::Encounter => {
            let class = encounter_class(&entry.class).unwrap_or("visit");
            if is_here(entry) { format!("In the house: {class}") } else { with_status(&capital(class), &status) }
        }
        WorklistKind::Appointment => with_status("Appointment", &status),
        WorklistKind::Claim => {
            with_status(&capital(if entry.class.is_empty() { "claim" } else { &entry.class }), &status)
        }
        WorklistKind::ServiceRequest if entry.class == WorklistEntry::REFERRAL => with_status("Referral", &status),
        WorklistKind::ServiceRequest => with_status("Order", &status),
        WorklistKind::MedicationRequest if count == 1 => "1 prescription".to_owned(),
        WorklistKind::MedicationRequest => format!("{count} prescriptions"),
    }
}

fn with_status(what: &str, status: &str) -> String {
    if status.is_empty() { what.to_owned() } else { format!("{what}, {status}") }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The text of the reference, else the name of what the first actor of this type leads to.
fn named(text: &str, actors: &[String], r#type: &str, names: &SharedNames<'_, '_>) -> String {
    if !text.is_empty() {
        return text.to_owned();
    }
    let actor = actors.iter().rev().find(|actor| actor.starts_with(r#type));
    actor.and_then(|actor| names.display(actor)).unwrap_or_default()
}

fn day_of(text: Option<&str>) -> Result<NaiveDate, AppError> {
    let day = text.and_then(|text| text.parse::<NaiveDate>().ok());
    day.ok_or_else(|| AppError::invalid("name the day of the schedule as year, month and day: 2026-11-29"))
}
