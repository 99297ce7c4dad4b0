//! Taking back what was just written: a slip that is seen at once. It is a write like any other, on record with what was before and after
//! it, and it goes as far as nothing has come in between.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use vigil_model::{PatientId, Section, fhir};
use vigil_policy::Interaction;
use vigil_vault::{Tx, WrittenVersion};

use super::draft::{Author, Draft, Read, set};
use super::{ALLERGY, CONDITION, OBSERVATION, Place, allergy, entry, problem, store};
use crate::act::Present;
use crate::chart_read::patient_id;
use crate::view::{
    AllergyIntoleranceUpdateRequest, ConditionUpdateRequest, EntryChange, EntryKind, EntryStep, EntryUpdateRequest,
    WriteUndoRequest, WrittenView,
};
use crate::{AppError, Workstation};

/// What stands as the reason of an entry that is taken back.
const REASON: &str = "Taken back at once by whoever wrote it";

/// What a user wrote last since the unlock. Gone with the lock.
#[derive(Default)]
pub(crate) struct LastWrite(Mutex<Option<Wrote>>);

#[derive(Clone)]
struct Wrote {
    patient: PatientId,
    section: Section,
    versions: Vec<WrittenVersion>,
}

impl LastWrite {
    pub(super) fn remember(&self, patient: &PatientId, section: Section, versions: Vec<WrittenVersion>) {
        self.put(Some(Wrote { patient: patient.clone(), section, versions }));
    }

    fn of(&self, patient: &PatientId) -> Option<Wrote> {
        let wrote = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        wrote.as_ref().filter(|wrote| wrote.patient == *patient).cloned()
    }

    fn put(&self, wrote: Option<Wrote>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = wrote;
    }
}

impl Workstation {
    /// Takes back what this user wrote last, in the chart on the screen: an entry that was new is marked as entered in error, one that was
    /// changed gets its earlier version back. All of it or nothing, once.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] where this user wrote nothing in this chart since the unlock, and for what is never taken back, such as
    /// a signed note; [`crate::ErrorCode::VersionConflict`] where somebody has written there since;
    /// [`crate::ErrorCode::OtherPatient`]; a denial.
    pub fn write_undo(&self, request: WriteUndoRequest) -> Result<WrittenView, AppError> {
        let patient = patient_id(&request.patient_id)?;
        let wrote = self.refusing("write_undo", || Ok(self.present()?.unlocked.last_write.of(&patient)))?;
        let wrote = wrote.ok_or_else(|| {
            AppError::invalid(
                "nothing that you wrote in this chart can be taken back any more; change the entry itself",
            )
        })?;
        let place = Place::new(&request.patient_id, &request.chart_on_screen, wrote.section)?;
        let now = self.clock.now().utc;
        let done = self.writing(Interaction::ResourceUpdate(wrote.section), &place, |tx, present, author| {
            let drafts = wrote
                .versions
                .iter()
                .map(|written| self.taken_back(tx, present, author, &place.patient, written, now))
                .collect::<Result<Vec<_>, _>>()?;
            let noted = store(tx, &place.patient, drafts)?;
            Ok((WrittenView { lines: vec!["Taken back".to_owned()] }, noted))
        })?;
        self.present()?.unlocked.last_write.put(None);
        Ok(self.noted(&place.patient, done))
    }

    fn taken_back(
        &self,
        tx: &Tx<'_>,
        present: &Present,
        author: &Author,
        patient: &PatientId,
        written: &WrittenVersion,
        now: DateTime<Utc>,
    ) -> Result<Draft, AppError> {
        let WrittenVersion { resource_type, id, version } = written;
        let kind = resource_type.as_str();
        if !matches!(kind, CONDITION | ALLERGY | OBSERVATION) && EntryKind::of_type(kind).is_none() {
            return Err(AppError::invalid(
                "what was written last is not taken back; what is signed is amended or marked",
            ));
        }
        let stored = self.read_to_change(tx, present, patient, kind, id)?;
        if *version == 1 {
            return Draft::changed(kind, &stored, *version, now, |resource| {
                in_error(kind, &stored, resource, author, now)
            });
        }
        let versions = tx.resource_versions(patient, resource_type, id)?;
        let earlier = versions.iter().find(|earlier| earlier.version.saturating_add(1) == *version);
        let earlier = earlier.ok_or_else(|| AppError::invalid("its earlier version is not there any more"))?;
        let text = earlier.json.as_deref().map_err(|reason| AppError::invalid(reason.to_string()))?;
        Draft::in_place_of(kind, &stored, *version, text, now, |json| {
            if EntryKind::of_type(kind) == Some(EntryKind::CareTeamMember) {
                self.gains_nothing(tx, present, &stored.json, json)
            } else {
                Ok(())
            }
        })
    }
}

/// Marks what was new as entered in error, as the form of its kind does.
fn in_error(
    kind: &str,
    stored: &Read,
    resource: &mut Value,
    author: &Author,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let (patient_id, chart_on_screen, id) = (String::new(), String::new(), stored.id().to_string());
    let (change, text, version) = (EntryChange::EnterInError, REASON.to_owned(), stored.version);
    match kind {
        CONDITION => {
            let day = String::new();
            let code = None;
            let request = ConditionUpdateRequest { patient_id, chart_on_screen, id, version, change, text, day, code };
            problem::Change::parse(&request, None, now)?.make(resource, author, now)
        }
        ALLERGY => {
            let (criticality, code) = (None, None);
            let request = AllergyIntoleranceUpdateRequest {
                patient_id,
                chart_on_screen,
                id,
                version,
                change,
                text,
                criticality,
                code,
            };
            allergy::Change::parse(&request, None)?.make(resource, author, now)
        }
        // A vital sign has no kind of entry, though the social history is of its type.
        _ => match EntryKind::of_type(kind).filter(|_| kind != OBSERVATION) {
            Some(kind) => {
                let (step, edit) = (EntryStep::EnterInError, None);
                let request = EntryUpdateRequest { patient_id, chart_on_screen, kind, id, version, step, edit, text };
                entry::Change::parse(&request, None, now)?.make(resource, author, now)
            }
            None if fhir::field::text(resource, "status") == "entered-in-error" => {
                Err(AppError::invalid("this was marked as entered in error already"))
            }
            None => {
                set(resource, "status", json!("entered-in-error"));
                author.note(resource, REASON, now);
                Ok(())
            }
        },
    }
}
