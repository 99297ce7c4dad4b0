//! Writing in a chart: each write is one authorized, audited transaction about the patient on the screen, based on the version that
//! was read (ADR 20).
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

mod allergy;
mod amendment;
mod document;
mod draft;
mod entry;
mod history;
mod measure;
mod note;
mod possible;
mod problem;
mod undo;
mod vital_sign;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use vigil_model::{PatientId, ResourceId, ResourceType, Section, WorklistEntry, WorklistKind, fhir};
use vigil_policy::Interaction;
use vigil_vault::{ResourceWrite, Tx};

use crate::act::Present;
use crate::chart::{self, REPLACES, Subject};
use crate::chart_read::{WITHHELD, must_exist, patient_id, records, subject};
use crate::view::{
    AllergyIntoleranceCreateRequest, AllergyIntoleranceUpdateRequest, CodeChoice, CodedKind, ConditionCreateRequest,
    ConditionUpdateRequest, EntryCreateRequest, EntryKind, EntryUpdateRequest, NoKnownAllergyCreateRequest,
    VitalSignCorrectRequest, VitalSignsCreateRequest, WrittenView,
};
use crate::write::draft::{Author, Draft, set, words};
use crate::write::vital_sign::Typed;
use crate::{AppError, ErrorCode, Workstation, clock, lock_of};

pub(crate) use amendment::rows as amendment_rows;
pub(crate) use document::{Kept as KeptDocument, Reading as DocumentReading, parts as document_parts};
pub(crate) use entry::colleagues_of;
pub(crate) use measure::converted;
pub(crate) use note::{InError, draft_rows, note_choices, note_view, templates_of};
pub(crate) use undo::LastWrite;
pub(crate) use vital_sign::{vital_sign_name, vital_sign_of};

const OBSERVATION: &str = "Observation";
const CONDITION: &str = "Condition";
const ALLERGY: &str = "AllergyIntolerance";

/// Whose record is written, the chart on the screen, and the page of it.
pub(crate) struct Place {
    patient: PatientId,
    chart: PatientId,
    section: Section,
}

impl Place {
    pub(crate) fn new(patient: &str, chart: &str, section: Section) -> Result<Self, AppError> {
        Ok(Self { patient: patient_id(patient)?, chart: patient_id(chart)?, section })
    }
}

impl Workstation {
    /// Records vital signs of one moment, all or none.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for what is no number or cannot be, two values of one kind, and a moment that is still to come;
    /// [`ErrorCode::Implausible`] for what is hardly possible and was not confirmed; [`ErrorCode::OtherPatient`]; a denial.
    pub fn vital_signs_create(&self, request: VitalSignsCreateRequest) -> Result<WrittenView, AppError> {
        let place = Place::new(&request.patient_id, &request.chart_on_screen, Section::Vitals)?;
        let now = self.clock.now().utc;
        let measured = measured_at(request.measured_at.as_deref(), now)?;
        let typed = request.entries.iter().map(Typed::parse).collect::<Result<Vec<_>, _>>()?;
        if typed.is_empty() {
            return Err(AppError::invalid("nothing was typed; write at least one value"));
        }
        if typed.iter().enumerate().any(|(at, one)| typed.iter().skip(at + 1).any(|other| other.sign() == one.sign())) {
            return Err(AppError::invalid("one kind of vital sign is there twice; write each once"));
        }
        let house = self.house()?.ranges();
        self.writing(Interaction::ResourceCreate(place.section), &place, |tx, _, author| {
            let (subject, moment) = (subject(tx, &place.patient)?.of_house(house), clock::fhir_text(&measured));
            possible::confirmed(&typed, &subject, &moment, request.confirmed)?;
            let drafts = typed
                .iter()
                .map(|typed| observation(typed, &place.patient, &subject, author, &moment, now))
                .collect::<Result<Vec<_>, _>>()?;
            store(tx, &place.patient, drafts)?;
            Ok(WrittenView { lines: typed.iter().map(Typed::line).collect() })
        })
    }

    /// Marks a vital sign as entered in error and records what is right in its place, linked to it.
    ///
    /// # Errors
    /// As [`Self::vital_signs_create`]; [`ErrorCode::VersionConflict`]; [`ErrorCode::Invalid`] for what is no vital sign.
    pub fn vital_sign_correct(&self, request: VitalSignCorrectRequest) -> Result<WrittenView, AppError> {
        let place = Place::new(&request.patient_id, &request.chart_on_screen, Section::Vitals)?;
        let now = self.clock.now().utc;
        let (id, reason) = (resource_id(&request.id)?, words(&request.reason, "the reason", draft::LONGEST_NOTE)?);
        let right = request.replacement.as_ref().map(Typed::parse).transpose()?;
        let house = self.house()?.ranges();
        self.writing(Interaction::ResourceUpdate(place.section), &place, |tx, present, author| {
            let stored = self.read_to_change(tx, present, &place.patient, OBSERVATION, &id)?;
            if !chart::is_vital_sign(&stored.json) {
                return Err(AppError::invalid("this is no vital sign; who sent it corrects it"));
            }
            let sign = vital_sign_of(&stored.json);
            if let Some(right) = &right
                && sign != Some(right.sign())
            {
                return Err(AppError::invalid("a value is replaced by one of the same kind"));
            }
            let wrong = Draft::changed(OBSERVATION, &stored, request.version, now, |observation| {
                if fhir::field::text(observation, "status") == "entered-in-error" {
                    return Err(AppError::invalid("this was marked as entered in error already"));
                }
                set(observation, "status", json!("entered-in-error"));
                author.note(observation, &reason, now);
                Ok(())
            })?;
            let mut drafts = vec![wrong];
            let mut lines = vec!["Marked as entered in error".to_owned()];
            if let Some(right) = &right {
                let moment = fhir::field::text(&stored.json, "effectiveDateTime");
                let moment = if moment.is_empty() { clock::fhir_text(&now) } else { moment.to_owned() };
                let replaces =
                    json!([{ "url": REPLACES, "valueReference": { "reference": format!("{OBSERVATION}/{id}") } }]);
                let subject = subject(tx, &place.patient)?.of_house(house);
                possible::confirmed([right], &subject, &moment, request.confirmed)?;
                let replacement = observation(right, &place.patient, &subject, author, &moment, now)?;
                drafts.push(replacement.with("extension", replaces)?);
                lines.push(right.line());
            }
            store(tx, &place.patient, drafts)?;
            Ok(WrittenView { lines })
        })
    }

    /// Adds a problem: in words, and with the code that was chosen for them.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for words that are missing or too long, and a day that is none; [`ErrorCode::OtherPatient`]; a denial.
    pub fn condition_create(&self, request: ConditionCreateRequest) -> Result<WrittenView, AppError> {
        let place = Place::new(&request.patient_id, &request.chart_on_screen, Section::Problems)?;
        let now = self.clock.now().utc;
        let coding = self.coding_chosen(Some(CodedKind::Problem), request.code.as_ref())?;
        let problem = problem::New::parse(&request, coding, now)?;
        self.writing(Interaction::ResourceCreate(place.section), &place, |tx, _, author| {
            let draft = Draft::new(CONDITION, now, problem.elements(&place.patient, author, now))?;
            store(tx, &place.patient, vec![draft])?;
            Ok(WrittenView { lines: vec![problem.line()] })
        })
    }

    /// Changes a problem: its words, that it is over or is not, that it was refuted or a mistake.
    ///
    /// # Errors
    /// As [`Self::condition_create`]; [`ErrorCode::VersionConflict`]; [`ErrorCode::Invalid`] for a change that changes nothing.
    pub fn condition_update(&self, request: ConditionUpdateRequest) -> Result<WrittenView, AppError> {
        let place = Place::new(&request.patient_id, &request.chart_on_screen, Section::Problems)?;
        let now = self.clock.now().utc;
        let coding = self.coding_chosen(Some(CodedKind::Problem), request.code.as_ref())?;
        let (id, change) = (resource_id(&request.id)?, problem::Change::parse(&request, coding, now)?);
        self.writing(Interaction::ResourceUpdate(place.section), &place, |tx, present, author| {
            let stored = self.read_to_change(tx, present, &place.patient, CONDITION, &id)?;
            let draft =
                Draft::changed(CONDITION, &stored, request.version, now, |json| change.make(json, author, now))?;
            store(tx, &place.patient, vec![draft])?;
            Ok(WrittenView { lines: vec![change.line().to_owned()] })
        })
    }

    /// Records an allergy or intolerance: in words, and with the code that was chosen for them. A statement that there is none ends with it.
    ///
    /// # Errors
    /// As [`Self::condition_create`].
    pub fn allergy_intolerance_create(
        &self,
        request: AllergyIntoleranceCreateRequest,
    ) -> Result<WrittenView, AppError> {
        let place = Place::new(&request.patient_id, &request.chart_on_screen, Section::Allergies)?;
        let now = self.clock.now().utc;
        let coding = self.coding_chosen(Some(CodedKind::Allergy), request.code.as_ref())?;
        let allergy = allergy::New::parse(&request, coding)?;
        self.writing(Interaction::ResourceCreate(place.section), &place, |tx, _, author| {
            let mut drafts = vec![Draft::new(ALLERGY, now, allergy.elements(&place.patient, author, now))?];
            let mut lines = vec![allergy.line()];
            for stored in tx.resources(&place.patient, &[ALLERGY])? {
                let Ok(stored) = draft::Read::new(&stored) else { continue };
                if chart::denies_allergies(&stored.json) {
                    let version = stored.version;
                    drafts.push(Draft::changed(ALLERGY, &stored, version, now, |json| {
                        allergy::end(json);
                        Ok(())
                    })?);
                    lines.push("\u{201c}No known allergies\u{201d} no longer holds".to_owned());
                }
            }
            store(tx, &place.patient, drafts)?;
            Ok(WrittenView { lines })
        })
    }

    /// Records that there is no known allergy.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] while there are known allergies, some that cannot be read, or the statement itself already; a denial.
    pub fn no_known_allergy_create(&self, request: NoKnownAllergyCreateRequest) -> Result<WrittenView, AppError> {
        let place = Place::new(&request.patient_id, &request.chart_on_screen, Section::Allergies)?;
        let now = self.clock.now().utc;
        self.writing(Interaction::ResourceCreate(place.section), &place, |tx, _, author| {
            let (records, unread) = records(tx.resources(&place.patient, &[ALLERGY])?);
            if !unread.is_empty() {
                return Err(AppError::invalid(
                    "there are allergies that cannot be read, so nobody can say that there are none",
                ));
            }
            if records.iter().any(|record| chart::is_active_allergy(&record.json)) {
                return Err(AppError::invalid("there are known allergies; resolve or refute them first"));
            }
            if records.iter().any(|record| chart::denies_allergies(&record.json)) {
                return Err(AppError::invalid("this was recorded already"));
            }
            let draft = Draft::new(ALLERGY, now, allergy::none_known(&place.patient, author, now))?;
            store(tx, &place.patient, vec![draft])?;
            Ok(WrittenView { lines: vec!["No known allergies".to_owned()] })
        })
    }

    /// Changes an allergy, as [`Self::condition_update`] does a problem.
    ///
    /// # Errors
    /// As [`Self::condition_update`].
    pub fn allergy_intolerance_update(
        &self,
        request: AllergyIntoleranceUpdateRequest,
    ) -> Result<WrittenView, AppError> {
        let place = Place::new(&request.patient_id, &request.chart_on_screen, Section::Allergies)?;
        let now = self.clock.now().utc;
        let coding = self.coding_chosen(Some(CodedKind::Allergy), request.code.as_ref())?;
        let (id, change) = (resource_id(&request.id)?, allergy::Change::parse(&request, coding)?);
        self.writing(Interaction::ResourceUpdate(place.section), &place, |tx, present, author| {
            let stored = self.read_to_change(tx, present, &place.patient, ALLERGY, &id)?;
            let draft = Draft::changed(ALLERGY, &stored, request.version, now, |json| change.make(json, author, now))?;
            store(tx, &place.patient, vec![draft])?;
            Ok(WrittenView { lines: vec![change.line().to_owned()] })
        })
    }

    /// Adds an entry to one of the other lists: a medicine that is taken, an immunization, a procedure, an observation of the social history,
    /// each with the code that was chosen for it; a relative's history, a device, a goal, a flag, a member of the care team, in words alone;
    /// or opens an encounter.
    ///
    /// # Errors
    /// As [`Self::condition_create`].
    pub fn entry_create(&self, request: EntryCreateRequest) -> Result<WrittenView, AppError> {
        let place = Place::new(&request.patient_id, &request.chart_on_screen, request.kind.section())?;
        let now = self.clock.now().utc;
        let kind = request.kind;
        let coding = self.coding_chosen(kind.coded(), request.code.as_ref())?;
        let names = matches!(kind, EntryKind::CareTeamMember | EntryKind::Encounter);
        let member = request.member.as_deref().filter(|_| names).map(entry::user_id).transpose()?;
        if let Some(member) = member.filter(|_| kind == EntryKind::CareTeamMember) {
            self.not_oneself(&place, member)?;
        }
        self.writing(Interaction::ResourceCreate(place.section), &place, |tx, present, author| {
            // What is wrong in the form is told to whoever may write here; everybody else is refused, and on record.
            let entry = entry::New::parse(&request, coding, now)?;
            let entry = entry.of_member(member.map(|id| entry::member_of(tx, present, id)).transpose()?);
            // Whoever receives a patient takes no part in the encounter but by naming whom it is with.
            let receives = present.role == vigil_model::Role::FrontDesk;
            let mut lines = vec![entry.line()];
            if kind == EntryKind::Encounter {
                let (open, _) = records(tx.resources(&place.patient, &[kind.resource_type()])?);
                if open.iter().any(|record| entry.is_open_beside(&record.json)) {
                    lines.push("another encounter of this class is open, close it if it is over".to_owned());
                }
            }
            let draft = Draft::new(kind.resource_type(), now, entry.elements(&place.patient, author, receives, now))?;
            let noted = store(tx, &place.patient, vec![draft])?;
            Ok((WrittenView { lines }, noted))
        })
        .map(|written| self.noted(&place.patient, written))
    }

    /// Changes such an entry, ends it, or marks it as entered in error.
    ///
    /// # Errors
    /// As [`Self::condition_update`]; [`ErrorCode::Invalid`] for the end of what happened once.
    pub fn entry_update(&self, request: EntryUpdateRequest) -> Result<WrittenView, AppError> {
        let place = Place::new(&request.patient_id, &request.chart_on_screen, request.kind.section())?;
        let now = self.clock.now().utc;
        let (id, kind) = (resource_id(&request.id)?, request.kind);
        let coding = self.coding_chosen(kind.coded(), request.edit.as_ref().and_then(|edit| edit.code.as_ref()))?;
        self.writing(Interaction::ResourceUpdate(place.section), &place, |tx, present, author| {
            let change = entry::Change::parse(&request, coding, now)?;
            let stored = self.read_to_change(tx, present, &place.patient, kind.resource_type(), &id)?;
            let draft = Draft::changed(kind.resource_type(), &stored, request.version, now, |json| {
                change.make(json, author, now)?;
                if kind == EntryKind::CareTeamMember {
                    self.gains_nothing(tx, present, &stored.json, json)
                } else {
                    Ok(())
                }
            })?;
            let noted = store(tx, &place.patient, vec![draft])?;
            Ok((WrittenView { lines: vec![change.line().to_owned()] }, noted))
        })
        .map(|written| self.noted(&place.patient, written))
    }

    /// Tells the session what it wrote of worklists, once that is stored.
    pub(crate) fn noted<T>(&self, patient: &PatientId, (written, noted): (T, Vec<Noted>)) -> T {
        if let Ok(present) = self.present()
            && let Some(involvement) = &present.unlocked.involvement
        {
            noted.into_iter().for_each(|(name, entry)| involvement.noted(patient, &name, entry));
        }
        written
    }

    /// The Coding of the code that was chosen, if one was. Before the transaction: a release may have to be read for it.
    fn coding_chosen(&self, kind: Option<CodedKind>, code: Option<&CodeChoice>) -> Result<Option<Value>, AppError> {
        // Whoever is not signed in is refused by the door, and on record.
        if code.is_none() || self.present().is_err() {
            return Ok(None);
        }
        let kind = kind.ok_or_else(|| AppError::invalid("this is written in words alone; leave the code out"))?;
        self.coding(kind, code)
    }

    /// A write through the one door, with who writes.
    pub(crate) fn writing<T>(
        &self,
        interaction: Interaction,
        place: &Place,
        work: impl FnOnce(&mut Tx<'_>, &Present, &Author) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        // Before the transaction: nothing waits for the session while the database is held.
        let name = lock_of(&self.session)?.as_ref().map(|session| session.user.display_name.clone());
        let mut versions = Vec::new();
        let done = self.act_on_screen(interaction, &place.patient, &place.chart, |tx, present| {
            must_exist(tx, present, &place.patient)?;
            let references = tx.actor_references(present.user)?.unwrap_or_default();
            let author = Author::new(name.unwrap_or_default(), references.into_iter().next());
            let done = work(tx, present, &author)?;
            versions = tx.versions_written().to_vec();
            Ok(done)
        })?;
        if !versions.is_empty()
            && let Ok(present) = self.present()
        {
            present.unlocked.last_write.remember(&place.patient, place.section, versions);
        }
        Ok(done)
    }

    /// A resource that is about to be changed, as it stands.
    pub(crate) fn read_to_change(
        &self,
        tx: &Tx<'_>,
        present: &Present,
        patient: &PatientId,
        resource_type: &str,
        id: &ResourceId,
    ) -> Result<draft::Read, AppError> {
        let kind = ResourceType::parse(resource_type).map_err(|error| AppError::invalid(error.to_string()))?;
        let stored = tx.resource(patient, &kind, id)?;
        let stored = stored.ok_or_else(|| {
            AppError::new(ErrorCode::NotFound, "there is no such entry in this chart; go back to the list")
        })?;
        let read = draft::Read::new(&stored)?;
        if self.is_withheld(present, resource_type, &read.json) {
            return Err(AppError::new(ErrorCode::Restricted, WITHHELD));
        }
        Ok(read)
    }
}

/// What worklists know of a resource that was written: `Type/id`, and its entry.
pub(crate) type Noted = (String, WorklistEntry);

/// Stores what was drafted, all or none; what worklists know of it from now on.
pub(crate) fn store(tx: &mut Tx<'_>, patient: &PatientId, drafts: Vec<Draft>) -> Result<Vec<Noted>, AppError> {
    let writes: Vec<ResourceWrite<'_>> = drafts.iter().map(Draft::write).collect();
    tx.resource_write(patient, &writes)?;
    let mut noted = Vec::new();
    for write in writes {
        if let Some(entry) = worklist_entry_of(&write)? {
            tx.worklist_put(write.resource_type, write.id, patient, Some(&entry))?;
            noted.push((format!("{}/{}", write.resource_type, write.id), entry));
        }
    }
    Ok(noted)
}

fn worklist_entry_of(write: &ResourceWrite<'_>) -> Result<Option<WorklistEntry>, AppError> {
    if WorklistKind::of_type(write.resource_type.as_str()).is_none() {
        return Ok(None);
    }
    let json = fhir::json::read(write.json).map_err(|_| draft::no_json())?;
    Ok(fhir::worklist_entry(write.resource_type.as_str(), &json))
}

fn observation(
    typed: &Typed,
    patient: &PatientId,
    subject: &Subject,
    author: &Author,
    moment: &str,
    now: DateTime<Utc>,
) -> Result<Draft, AppError> {
    let mut elements: Value = typed.elements();
    set(&mut elements, "subject", json!({ "reference": format!("Patient/{patient}") }));
    set(&mut elements, "effectiveDateTime", json!(moment));
    set(&mut elements, "issued", json!(clock::fhir_text(&now)));
    set(&mut elements, "performer", json!([author.reference()]));
    author.note(&mut elements, &possible::note(typed, subject, moment), now);
    Draft::new(OBSERVATION, now, elements)
}

/// When something was measured; now where nothing was said.
fn measured_at(text: Option<&str>, now: DateTime<Utc>) -> Result<DateTime<Utc>, AppError> {
    let at = text.map(clock::moment).transpose()?.unwrap_or(now);
    if at > now { Err(AppError::invalid("this moment is still to come; look at date and time")) } else { Ok(at) }
}

pub(crate) fn resource_id(text: &str) -> Result<ResourceId, AppError> {
    ResourceId::parse(text).map_err(|error| AppError::invalid(error.to_string()))
}
