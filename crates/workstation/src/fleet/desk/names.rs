//! Names beside the ids of the server. It has none of patients: where this workstation's index knows them, they are shown, and listed on record.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use vigil_model::{PatientId, Role, UserId};
use vigil_policy::{Interaction, is_allowed};

use crate::index::Entry;
use crate::patient::{identity, name};
use crate::view::DeskPerson;
use crate::{AppError, Workstation};

/// What people read of a patient.
pub(super) struct PatientName {
    /// `SMITH, Jane (Ms)`
    pub(super) name: String,
    /// With birth date and number.
    pub(super) identity: String,
}

/// The patients whom this workstation knows.
pub(super) type PatientNames = BTreeMap<PatientId, PatientName>;

impl Workstation {
    /// The names of these patients, for a role that lists patients. Who is named is on record as one who was listed; where nobody is known
    /// here, nothing is shown and nothing written.
    pub(super) fn patient_names(
        &self,
        incident: Option<u32>,
        patients: &BTreeSet<PatientId>,
    ) -> Result<PatientNames, AppError> {
        let present = self.present()?;
        let may = is_allowed(&self.request(&present, Interaction::PatientSearch, None));
        let known = |patient: &PatientId| present.unlocked.index.get(patient).is_some();
        if !may || !patients.iter().any(known) {
            return Ok(PatientNames::new());
        }
        self.act(Interaction::PatientSearch, None, |tx, present| {
            let found = patients.iter().filter_map(|patient| present.unlocked.index.get(patient));
            let found: Vec<&Entry> = found.filter(|entry| self.lists(present, entry)).collect();
            tx.listed(found.iter().map(|entry| entry.patient.clone()));
            tx.detail(json!({ "list": "patients of incidents", "incident": incident }));
            let named = |entry: &Entry| PatientName { name: name(entry), identity: identity(entry) };
            Ok(found.into_iter().map(|entry| (entry.patient.clone(), named(entry))).collect())
        })
    }

    /// To whom a case can be given: privacy officers and administrators, as the directory names them here.
    pub(super) fn assignable(&self) -> Result<Vec<DeskPerson>, AppError> {
        let users = self.vault()?.fleet_directory()?.map(|directory| directory.users).unwrap_or_default();
        let mut found: Vec<DeskPerson> = users
            .into_iter()
            .filter(|user| !user.disabled && matches!(user.role, Role::PrivacyOfficer | Role::Administrator))
            .map(|user| DeskPerson { user_id: user.id.to_string(), who: or_id(user.display_name, user.id) })
            .collect();
        found.sort_by_cached_key(|one| crate::index::fold(&one.who));
        Ok(found)
    }
}

/// Never a blank.
pub(super) fn or_id(name: String, id: UserId) -> String {
    if name.is_empty() { id.to_string() } else { name }
}
