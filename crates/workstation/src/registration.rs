//! Registering a patient, and changing who they are: with a look at everybody who may be the same person first.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

mod person;

use std::sync::Arc;

use serde_json::{Value, json};
use vigil_model::{Demographics, PatientId, ResourceId, ResourceType, fhir};
use vigil_policy::{Interaction, authorize, is_allowed};
use vigil_vault::{PatientWrite, VaultError};

use self::person::Person;
use crate::act::Present;
use crate::chart_read::{must_exist, patient_id};
use crate::patient::{Opened, row};
use crate::session::Unlocked;
use crate::view::{
    DuplicateRow, PatientCreateRequest, PatientCreateView, PatientDemographicsView, PatientUpdateRequest, WrittenView,
};
use crate::{AppError, ErrorCode, Moment, Workstation, lock_of, new_uuid};

const PATIENT: &str = "Patient";
/// So many who may be the same person are shown.
const MOST_DUPLICATES: usize = 50;

impl Workstation {
    /// Registers a patient; or, where somebody may be the same person and whoever registers has not said that they are not, gives
    /// those and stores nothing.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for what cannot be; a denial.
    pub fn patient_create(&self, request: PatientCreateRequest) -> Result<PatientCreateView, AppError> {
        let now = self.clock.now().utc;
        let person = Person::parse(&request.person, now)?;
        let id = new_uuid(Moment { utc: now, since_boot: std::time::Duration::ZERO }).to_string();
        let patient = PatientId::parse(&id).map_err(|error| AppError::invalid(error.to_string()))?;
        let elements = person.elements(&id, request.person.mrn.trim(), now);
        let demographics = fhir::demographics(&elements);
        let duplicates = self.duplicates(&patient, &demographics, &request.despite)?;
        if !duplicates.is_empty() {
            return Ok(PatientCreateView { patient_id: None, duplicates });
        }
        let json = text_of(&elements)?;
        let before = self.act(Interaction::PatientCreate, Some(&patient), |tx, present| {
            let write = PatientWrite { patient: &patient, json: &json, demographics: &demographics, based_on: None };
            tx.patient_write(&write)?;
            Ok(Arc::clone(&present.unlocked))
        })?;
        self.index_changed(&before, &patient, demographics)?;
        Ok(PatientCreateView { patient_id: Some(id), duplicates: Vec::new() })
    }

    /// Reads who a patient is, for the form that changes it: address and telephone are nobody else's need.
    ///
    /// # Errors
    /// A denial, also of who may not change it; [`ErrorCode::NotFound`].
    pub fn patient_demographics_read(
        &self,
        request: crate::view::ChartReadRequest,
    ) -> Result<PatientDemographicsView, AppError> {
        let patient = patient_id(&request.patient_id)?;
        let present = self.present_for(Interaction::PatientRead, Some(&patient))?;
        let mut changes = self.request(&present, Interaction::PatientUpdate, Some(&patient));
        // Nothing is written yet.
        changes.facts.on_screen = true;
        if let Err(denial) = authorize(changes) {
            self.vault()?.record_denial(&denial, self.clock.now())?;
            return Err(denial.into());
        }
        self.act(Interaction::PatientRead, Some(&patient), |tx, present| {
            must_exist(tx, present, &patient)?;
            tx.detail(json!({ "demographics": patient.as_str() }));
            let (version, json, _) = stored(tx, &patient)?;
            Ok(PatientDemographicsView { version, person: person::fields(&json) })
        })
    }

    /// Changes who a patient is. What the form does not show stays.
    ///
    /// # Errors
    /// [`ErrorCode::VersionConflict`]; [`ErrorCode::OtherPatient`]; [`ErrorCode::Invalid`] for what cannot be, and for a change
    /// that changes nothing; a denial.
    pub fn patient_update(&self, request: PatientUpdateRequest) -> Result<WrittenView, AppError> {
        let (patient, chart) = (patient_id(&request.patient_id)?, patient_id(&request.chart_on_screen)?);
        let now = self.clock.now().utc;
        let person = Person::parse(&request.person, now)?;
        let (before, demographics) =
            self.act_on_screen(Interaction::PatientUpdate, &patient, &chart, |tx, present| {
                must_exist(tx, present, &patient)?;
                let (version, json, text) = stored(tx, &patient)?;
                if version != request.version {
                    return Err(VaultError::VersionConflict { newest: version }.into());
                }
                let mut changed = json.clone();
                person.change(&mut changed);
                if changed == json {
                    return Err(AppError::invalid("nothing was changed"));
                }
                let demographics = fhir::demographics(&changed);
                let json = fhir::json::changed(&text, |resource| {
                    person.change(resource);
                    person::meta(resource, version.saturating_add(1), now);
                })
                .map_err(|_| no_json())?
                .0;
                let json = zeroize::Zeroizing::new(json);
                let write = PatientWrite {
                    patient: &patient,
                    json: &json,
                    demographics: &demographics,
                    based_on: Some(request.version),
                };
                tx.patient_write(&write)?;
                Ok((Arc::clone(&present.unlocked), demographics))
            })?;
        self.index_changed(&before, &patient, demographics)?;
        Ok(WrittenView { lines: vec!["Who this patient is".to_owned()] })
    }

    /// Who may be the same person and stands in lists of this user; none once all of them were said to be somebody else. A list that is
    /// shown is an entry.
    fn duplicates(
        &self,
        patient: &PatientId,
        person: &Demographics,
        despite: &[String],
    ) -> Result<Vec<DuplicateRow>, AppError> {
        let now = self.clock.now().utc;
        let lists = |present: &Present, patient: &PatientId| {
            is_allowed(&self.request(present, Interaction::PatientSearch, Some(patient)))
        };
        let present = self.present_for(Interaction::PatientCreate, None)?;
        if !is_allowed(&self.request(&present, Interaction::PatientCreate, Some(patient))) {
            // Whoever may not register is told so, and nobody's name.
            return Ok(Vec::new());
        }
        let found = present.unlocked.index.duplicates(patient, person, MOST_DUPLICATES);
        let mut shown = found.iter().map(|(entry, _)| &entry.patient).filter(|patient| lists(&present, patient));
        if shown.all(|patient| despite.iter().any(|known| known == patient.as_str())) {
            return Ok(Vec::new());
        }
        self.act(Interaction::PatientSearch, None, |tx, present| {
            let opened: Opened = tx.last_opened(present.user, 500)?.into_iter().collect();
            let mut found = present.unlocked.index.duplicates(patient, person, MOST_DUPLICATES);
            found.retain(|(entry, _)| lists(present, &entry.patient));
            tx.listed(found.iter().map(|(entry, _)| entry.patient.clone()));
            tx.detail(json!({ "list": "may be the same person" }));
            let row = |(entry, why): &(&crate::index::Entry, _)| DuplicateRow {
                patient: row(entry, present, &opened, now),
                why: *why,
            };
            Ok(found.iter().map(row).collect())
        })
    }

    /// Takes a patient into the index of the session that wrote, in place of what was known. The lock may have come meanwhile: then
    /// the next unlock reads everybody anew.
    fn index_changed(
        &self,
        before: &Arc<Unlocked>,
        patient: &PatientId,
        demographics: Demographics,
    ) -> Result<(), AppError> {
        let fresh = Arc::new(before.with_index(before.index.with(patient, demographics), before.destroyed));
        let mut session = lock_of(&self.session)?;
        let held = session.as_mut().and_then(|session| session.unlocked.as_mut());
        if let Some(held) = held.filter(|held| Arc::ptr_eq(held, before)) {
            *held = fresh;
        }
        Ok(())
    }
}

/// The Patient as it stands: version, value, text.
fn stored(tx: &vigil_vault::Tx<'_>, patient: &PatientId) -> Result<(u32, Value, String), AppError> {
    let kind = ResourceType::parse(PATIENT).map_err(|error| AppError::invalid(error.to_string()))?;
    let id = ResourceId::parse(patient.as_str()).map_err(|error| AppError::invalid(error.to_string()))?;
    let stored = tx.resource(patient, &kind, &id)?.ok_or_else(AppError::no_such_patient)?;
    let text = stored.json.as_ref().map_err(|reason| AppError::new(ErrorCode::Internal, reason.to_string()))?;
    let json = fhir::json::read(text).map_err(|_| no_json())?;
    Ok((stored.version, json, text.to_string()))
}

fn text_of(elements: &Value) -> Result<zeroize::Zeroizing<String>, AppError> {
    serde_json::to_string(elements).map(zeroize::Zeroizing::new).map_err(|_| no_json())
}

fn no_json() -> AppError {
    AppError::new(ErrorCode::Internal, "the stored text is no JSON")
}
