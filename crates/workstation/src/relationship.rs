//! How the user stands to a patient: what the policies decide by beside the role.
//!
//! It is known only where the account is linked to a Practitioner and the patient came with what worklists are made of
//! ([`Tx::worklist_put`]). Where it is not known the policies say what then (`relationship.cedar`).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{PoisonError, RwLock};

use chrono::{DateTime, Utc};
use vigil_model::{PatientId, UserId, WorklistEntry, WorklistKind, fhir};
use vigil_policy::{Facts, Relationship};
use vigil_vault::{Tx, VaultError};

use crate::Workstation;
use crate::act::Present;
use crate::managed_policy::RelationshipPolicy;
use crate::roster::Roster;

/// What the user takes part in, read with the directory; gone with the lock.
pub(crate) struct Involvement {
    actors: Vec<String>,
    roster: Roster,
    /// By patient and by what each was read from: what the session itself writes takes the place of what was known.
    of: RwLock<HashMap<PatientId, Entries>>,
    known: HashSet<PatientId>,
}

/// By `Type/id`.
type Entries = BTreeMap<String, WorklistEntry>;

impl Involvement {
    /// `None`: the account is linked to no Practitioner.
    pub(crate) fn read(tx: &Tx<'_>, user: UserId, now: DateTime<Utc>) -> Result<Option<Self>, VaultError> {
        let Some(actors) = tx.actor_references(user)? else { return Ok(None) };
        let roster = Roster::read(tx, &actors, now)?;
        let mut of: HashMap<PatientId, Entries> = HashMap::new();
        let on_duty = tx.worklist_at(&roster.places(), roster.since())?;
        for row in tx.worklist_of(&actors)?.into_iter().chain(on_duty) {
            // What does not open makes nobody somebody's patient; the vault left an alert.
            if let Ok(entry) = row.entry {
                of.entry(row.patient).or_default().insert(format!("{}/{}", row.resource_type, row.id), entry);
            }
        }
        Ok(Some(Self { actors, roster, of: RwLock::new(of), known: tx.worklist_patients()? }))
    }

    /// Takes in what the session wrote, once it is stored.
    pub(crate) fn noted(&self, patient: &PatientId, name: &str, entry: WorklistEntry) {
        let mut of = self.of.write().unwrap_or_else(PoisonError::into_inner);
        let entries = of.entry(patient.clone()).or_default();
        if self.takes_part(&entry) || self.roster.has_place_of(&entry) {
            entries.insert(name.to_owned(), entry);
        } else {
            entries.remove(name);
        }
    }

    /// How the user stands to `patient`; `None`: not known.
    pub(crate) fn relationship(
        &self,
        patient: &PatientId,
        now: DateTime<Utc>,
        policy: &RelationshipPolicy,
    ) -> Option<Relationship> {
        let of = self.of.read().unwrap_or_else(PoisonError::into_inner);
        let entries = of.get(patient).into_iter().flat_map(BTreeMap::values);
        let found = entries.filter_map(|entry| self.relates(entry, now, policy)).min_by_key(|found| rank(*found));
        found.or_else(|| self.known.contains(patient).then_some(Relationship::None))
    }

    /// Everything that makes a patient one of the user's now, with how.
    pub(crate) fn now(&self, now: DateTime<Utc>, policy: &RelationshipPolicy) -> Vec<(PatientId, WorklistEntry)> {
        let of = self.of.read().unwrap_or_else(PoisonError::into_inner);
        let all = of.iter().flat_map(|(patient, entries)| entries.values().map(move |entry| (patient, entry)));
        let near = all.filter(|(_, entry)| self.relates(entry, now, policy).is_some());
        near.map(|(patient, entry)| (patient.clone(), entry.clone())).collect()
    }

    /// What one entry makes of the user: by taking part in it, else by being on duty where the patient is.
    fn relates(&self, entry: &WorklistEntry, now: DateTime<Utc>, policy: &RelationshipPolicy) -> Option<Relationship> {
        let own = (self.takes_part(entry) && self.stands(entry, now)).then(|| relationship(entry, now, policy));
        own.flatten().or_else(|| self.roster.is_on_duty_at(entry, now.timestamp()).then_some(Relationship::Shift))
    }

    /// Whether the user, or a team of theirs, has not left it before it ends.
    fn stands(&self, entry: &WorklistEntry, now: DateTime<Utc>) -> bool {
        entry.left.is_empty() || self.actors.iter().any(|actor| entry.has_then(actor, now.timestamp()))
    }

    /// Whether the user, or a team of theirs, takes part.
    pub(crate) fn takes_part(&self, entry: &WorklistEntry) -> bool {
        entry.actors.iter().any(|actor| self.actors.contains(actor))
    }
}

/// What one entry makes of who takes part in it. Statuses: FHIR R4 CareTeam, Encounter, Appointment and RequestStatus.
fn relationship(entry: &WorklistEntry, now: DateTime<Utc>, policy: &RelationshipPolicy) -> Option<Relationship> {
    let (past, ahead) = (now - policy.after(), now + policy.before());
    let (past, ahead, now) = (past.timestamp(), ahead.timestamp(), now.timestamp());
    let begun = |by: i64| entry.starts_at.is_none_or(|start| start <= by);
    let status = entry.status.as_str();
    match entry.kind {
        WorklistKind::GeneralPractitioner => Some(Relationship::CareTeam),
        WorklistKind::CareTeam => {
            let stands = matches!(status, "active" | "");
            (stands && begun(now) && entry.ends_at.is_none_or(|end| end >= now)).then_some(Relationship::CareTeam)
        }
        WorklistKind::Encounter => {
            let near = match status {
                "cancelled" | "entered-in-error" => false,
                "planned" => entry.starts_at.is_some_and(|start| start >= past && start <= ahead),
                "finished" => entry.ends_at.or(entry.starts_at).is_some_and(|end| end >= past && begun(ahead)),
                // It goes on, or is not known to be over.
                _ => begun(ahead) && entry.ends_at.is_none_or(|end| end >= past),
            };
            near.then_some(Relationship::Encounter)
        }
        WorklistKind::Appointment => {
            let stands = !matches!(status, "cancelled" | "noshow" | "entered-in-error");
            let near = entry.starts_at.is_some_and(|start| start >= past && start <= ahead);
            (stands && near).then_some(Relationship::Appointment)
        }
        WorklistKind::MedicationRequest | WorklistKind::ServiceRequest => {
            let referral = entry.class == WorklistEntry::REFERRAL;
            // One that is only written down, or was taken back, is nobody's order.
            let stands = (referral || fhir::worklist::is_order(&entry.class))
                && !matches!(status, "draft" | "revoked" | "cancelled" | "entered-in-error");
            // Not by its status alone: many an order is never marked as done.
            let near = begun(ahead) && entry.ends_at.or(entry.starts_at).is_some_and(|last| last >= past);
            (stands && near).then_some(if referral { Relationship::Referral } else { Relationship::Order })
        }
        WorklistKind::Claim => None,
    }
}

/// Whether a CareTeam makes who is known by one of these references its member now.
pub(crate) fn makes_a_member(
    team: &serde_json::Value,
    actors: &[String],
    now: DateTime<Utc>,
    policy: &RelationshipPolicy,
) -> bool {
    let entry = fhir::worklist_entry(WorklistKind::CareTeam.resource_type(), team);
    entry.is_some_and(|entry| {
        actors.iter().any(|actor| entry.has_then(actor, now.timestamp())) && relationship(&entry, now, policy).is_some()
    })
}

/// The closest counts.
const fn rank(relationship: Relationship) -> u8 {
    match relationship {
        Relationship::CareTeam => 0,
        Relationship::Encounter => 1,
        Relationship::Appointment => 2,
        Relationship::Order => 3,
        Relationship::Referral => 4,
        Relationship::Shift => 5,
        Relationship::None => 6,
    }
}

impl Workstation {
    /// What is known of a patient and of how the user stands to them.
    pub(crate) fn facts_of(&self, present: &Present, patient: &PatientId) -> Facts {
        let involvement = present.unlocked.involvement.as_ref();
        let relationship =
            involvement.and_then(|known| known.relationship(patient, self.clock.now().utc, &self.policy.relationship));
        let person = present.unlocked.index.get(patient).map(|entry| &entry.demographics);
        Facts {
            relationship,
            vip: person.map(|person| person.vip),
            employee: person.map(|person| person.employee),
            ..Facts::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-28T12:00:00Z";

    fn entry(kind: WorklistKind, status: &str, start: Option<&str>, end: Option<&str>) -> WorklistEntry {
        let seconds = |text: &str| text.parse::<DateTime<Utc>>().unwrap().timestamp();
        WorklistEntry {
            kind,
            status: status.to_owned(),
            class: String::new(),
            starts_at: start.map(seconds),
            ends_at: end.map(seconds),
            start: String::new(),
            actors: Vec::new(),
            left: Vec::new(),
            with: Vec::new(),
            place: String::new(),
        }
    }

    fn of(kind: WorklistKind, status: &str, start: Option<&str>, end: Option<&str>) -> Option<Relationship> {
        relationship(&entry(kind, status, start, end), NOW.parse().unwrap(), &RelationshipPolicy::default())
    }

    fn me() -> Vec<String> {
        vec!["Practitioner/d".to_owned()]
    }

    fn involvement() -> Involvement {
        Involvement { actors: me(), roster: Roster::default(), of: RwLock::default(), known: HashSet::new() }
    }

    #[test]
    fn an_order_relates_whoever_gave_or_got_it_and_no_longer_than_an_encounter() {
        let order = |class: &str, status: &str, start: &str| {
            let mut order = entry(WorklistKind::ServiceRequest, status, Some(start), None);
            class.clone_into(&mut order.class);
            relationship(&order, NOW.parse().unwrap(), &RelationshipPolicy::default())
        };
        assert_eq!(order("order", "active", "2026-08-30T12:00:00Z"), Some(Relationship::Order), "day 90");
        assert_eq!(order("order", "active", "2026-08-30T11:59:59Z"), None, "nobody marked it as done");
        assert_eq!(order("order", "completed", "2026-11-20T12:00:00Z"), Some(Relationship::Order));
        assert_eq!(order("filler-order", "on-hold", "2026-12-12T12:00:00Z"), Some(Relationship::Order), "in 14 days");
        assert_eq!(order(WorklistEntry::REFERRAL, "active", "2026-11-20T12:00:00Z"), Some(Relationship::Referral));
        for (class, status) in [
            ("order", "revoked"),
            ("order", "draft"),
            ("order", "entered-in-error"),
            ("plan", "active"),
            ("proposal", "active"),
            ("", "active"),
        ] {
            assert_eq!(order(class, status, "2026-11-20T12:00:00Z"), None, "{class} {status}");
        }
    }

    #[test]
    fn an_encounter_relates_while_it_goes_on_and_for_ninety_days_after() {
        let encounter = |status, start, end| of(WorklistKind::Encounter, status, start, end);
        let relates = Some(Relationship::Encounter);
        assert_eq!(encounter("in-progress", Some("2026-03-01T08:00:00Z"), None), relates, "a long stay");
        assert_eq!(
            encounter("finished", Some("2026-08-30T12:00:00Z"), Some("2026-08-30T12:00:00Z")),
            relates,
            "day 90"
        );
        assert_eq!(encounter("finished", Some("2026-08-30T11:59:59Z"), Some("2026-08-30T11:59:59Z")), None, "too old");
        assert_eq!(encounter("cancelled", Some("2026-11-28T08:00:00Z"), None), None, "it never was");
        assert_eq!(encounter("planned", Some("2026-12-12T12:00:00Z"), None), relates, "in 14 days");
        assert_eq!(encounter("planned", Some("2026-12-12T12:00:01Z"), None), None, "later than that");
        assert_eq!(encounter("finished", None, None), None, "nobody knows when");
    }

    #[test]
    fn a_team_relates_as_long_as_it_stands() {
        let team = |status, start, end| of(WorklistKind::CareTeam, status, start, end);
        assert_eq!(team("active", None, None), Some(Relationship::CareTeam));
        assert_eq!(team("active", None, Some("2026-11-28T11:59:59Z")), None, "it ended");
        assert_eq!(team("active", Some("2026-11-28T12:00:01Z"), None), None, "it has not begun");
        assert_eq!(team("inactive", None, None), None, "it was dissolved");
        assert_eq!(team("entered-in-error", None, None), None, "it never was");
    }

    #[test]
    fn an_appointment_relates_from_two_weeks_before() {
        let appointment = |status, start| of(WorklistKind::Appointment, status, Some(start), None);
        assert_eq!(appointment("booked", "2026-12-12T12:00:00Z"), Some(Relationship::Appointment));
        assert_eq!(appointment("booked", "2026-12-12T12:00:01Z"), None);
        assert_eq!(appointment("noshow", "2026-11-28T09:00:00Z"), None, "nobody came");
    }

    #[test]
    fn the_closest_counts_and_none_is_known_only_where_everything_is() {
        let patient = PatientId::parse("p").unwrap();
        let now = NOW.parse().unwrap();
        let policy = RelationshipPolicy::default();
        let mut stay = entry(WorklistKind::Encounter, "in-progress", None, None);
        let mut team = entry(WorklistKind::CareTeam, "active", None, None);
        (stay.actors, team.actors) = (me(), me());
        let mut involvement = involvement();
        assert_eq!(involvement.relationship(&patient, now, &policy), None, "it came before there were worklists");
        involvement.known.insert(patient.clone());
        assert_eq!(involvement.relationship(&patient, now, &policy), Some(Relationship::None));
        let both = [("Encounter/e".to_owned(), stay), ("CareTeam/t".to_owned(), team)];
        involvement.of.write().unwrap().insert(patient.clone(), both.into());
        assert_eq!(involvement.relationship(&patient, now, &policy), Some(Relationship::CareTeam));
    }

    #[test]
    fn a_member_who_left_a_team_that_goes_on_is_none_any_more() {
        let (patient, now, policy) =
            (PatientId::parse("p").unwrap(), NOW.parse::<DateTime<Utc>>().unwrap(), RelationshipPolicy::default());
        let involvement = involvement();
        let mut team = entry(WorklistKind::CareTeam, "active", None, None);
        team.actors = me();
        team.left = vec![("Practitioner/d".to_owned(), now.timestamp())];
        involvement.noted(&patient, "CareTeam/t", team);
        assert_eq!(
            involvement.relationship(&patient, now, &policy),
            Some(Relationship::CareTeam),
            "to the last second"
        );
        let later = now + chrono::TimeDelta::seconds(1);
        assert_eq!(involvement.relationship(&patient, later, &policy), None);
        assert!(involvement.now(later, &policy).is_empty(), "nor is the patient on their list");
    }

    #[test]
    fn what_the_session_writes_takes_the_place_of_what_was_known() {
        let (patient, now, policy) =
            (PatientId::parse("p").unwrap(), NOW.parse().unwrap(), RelationshipPolicy::default());
        let involvement = involvement();
        let mut stay = entry(WorklistKind::Encounter, "in-progress", None, None);
        involvement.noted(&patient, "Encounter/e", stay.clone());
        assert_eq!(involvement.relationship(&patient, now, &policy), None, "somebody else's");
        stay.actors = me();
        involvement.noted(&patient, "Encounter/e", stay.clone());
        assert_eq!(involvement.now(now, &policy).len(), 1, "one's own");
        stay.status = "entered-in-error".to_owned();
        involvement.noted(&patient, "Encounter/e", stay.clone());
        assert_eq!(involvement.relationship(&patient, now, &policy), None, "and it never was");
    }
}
