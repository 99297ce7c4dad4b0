//! Amendments that a patient asks for (45 CFR 164.526; ADR 26): recorded, decided in time, disagreed with and answered; each linked to
//! what it is about.

mod row;
mod task;

use serde_json::{Value, json};
use vigil_model::fhir::format_date;
use vigil_model::{PatientId, Section};
use vigil_policy::{Interaction, sections_of};
use vigil_vault::Tx;

pub(crate) use self::row::{about_note, rows};
use self::task::{Asked, Disagreement, Step, TASK, due, fhir_day};
use super::draft::Draft;
use super::note::{COMPOSITION, note_choices};
use super::{Place, resource_id, store};
use crate::act::Present;
use crate::chart_read::records;
use crate::patient::Opened;
use crate::view::{
    AmendmentAcceptRequest, AmendmentCreateRequest, AmendmentDenyRequest, AmendmentDisagreeRequest, AmendmentDueRow,
    AmendmentExtendRequest, AmendmentRebutRequest, AmendmentsDueView, NoteChoice, WrittenView,
};
use crate::{AppError, ErrorCode, Workstation, clock};

impl Workstation {
    /// Records what a patient asks to be amended.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for what says nothing, a day that is still to come, and a note that the user cannot name;
    /// [`ErrorCode::OtherPatient`]; a denial.
    pub fn amendment_create(&self, request: AmendmentCreateRequest) -> Result<WrittenView, AppError> {
        let place = amendments(&request.patient_id, &request.chart_on_screen)?;
        let now = self.clock.now().utc;
        let asked = Asked::parse(&request.about, &request.asked, &request.received, now)?;
        if request.note.is_none() && asked.about.is_empty() {
            return Err(AppError::invalid("say what it is about, or choose the note"));
        }
        let by = asked.due()?;
        self.writing(Interaction::ResourceCreate(place.section), &place, |tx, present, _| {
            let focus = request.note.as_deref().map(|id| self.named(tx, present, &place.patient, id)).transpose()?;
            let task = asked.elements(&place.patient, focus.as_ref().map(reference), now)?;
            let draft = Draft::new(TASK, now, task)?;
            let id = draft.id().clone();
            store(tx, &place.patient, vec![draft])?;
            tx.amendment_due_by(&place.patient, &id, &fhir_day(by))?;
            Ok(WrittenView {
                lines: vec![format!("Amendment request, to be decided by {}", format_date(&fhir_day(by)))],
            })
        })
    }

    /// Extends the time to decide: once, by at most 30 days.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for another time than that; [`ErrorCode::VersionConflict`]; [`ErrorCode::OtherPatient`]; a denial.
    pub fn amendment_extend(&self, request: AmendmentExtendRequest) -> Result<WrittenView, AppError> {
        let place = amendments(&request.patient_id, &request.chart_on_screen)?;
        let step = Step::extend(&request.until, &request.delay)?;
        self.amendment_step(&place, (&request.id, request.version), "the time is extended", |_, _, _| Ok(step))
    }

    /// Accepts a request: says what was done, and names the note that amends the record where there is one.
    ///
    /// # Errors
    /// As [`Self::amendment_extend`]; [`ErrorCode::Invalid`] for a note that does not amend what the request is about.
    pub fn amendment_accept(&self, request: AmendmentAcceptRequest) -> Result<WrittenView, AppError> {
        let place = amendments(&request.patient_id, &request.chart_on_screen)?;
        self.amendment_step(&place, (&request.id, request.version), "accepted", |tx, present, task| {
            let note =
                request.amendment.as_deref().map(|id| self.named(tx, present, &place.patient, id)).transpose()?;
            let focus = row::focus(task);
            if let (Some(note), Some(focus)) = (&note, &focus)
                && note.follows.as_ref() != Some(focus)
            {
                return Err(AppError::invalid("this note does not follow the one that the request is about"));
            }
            Step::accept(&request.done, note.as_ref().map(reference))
        })
    }

    /// Denies a request on one of the four grounds of 45 CFR 164.526(a)(2), in the words that the patient is given.
    ///
    /// # Errors
    /// As [`Self::amendment_extend`].
    pub fn amendment_deny(&self, request: AmendmentDenyRequest) -> Result<WrittenView, AppError> {
        let place = amendments(&request.patient_id, &request.chart_on_screen)?;
        let organization = self.vault()?.settings()?.organization;
        let step = Step::deny(request.ground, (&request.basis, &request.contact), &organization)?;
        self.amendment_step(&place, (&request.id, request.version), "denied", |_, _, _| Ok(step))
    }

    /// Records the patient's statement of disagreement with a denial.
    ///
    /// # Errors
    /// As [`Self::amendment_create`]; [`ErrorCode::Invalid`] where nothing was denied, or a statement is there already.
    pub fn amendment_disagree(&self, request: AmendmentDisagreeRequest) -> Result<WrittenView, AppError> {
        let place = amendments(&request.patient_id, &request.chart_on_screen)?;
        let (now, id) = (self.clock.now().utc, resource_id(&request.id)?);
        let statement = Disagreement::parse(&request.statement, &request.received, now)?;
        self.writing(Interaction::ResourceCreate(place.section), &place, |tx, present, _| {
            let denied = self.read_to_change(tx, present, &place.patient, TASK, &id)?;
            if row::status(&denied.json) != Some(crate::view::AmendmentStatus::Denied) {
                return Err(AppError::invalid("this request was not denied; only a denial is disagreed with"));
            }
            let (tasks, _) = records(tx.resources(&place.patient, &[TASK])?);
            if tasks.iter().any(|task| row::disagrees_with(&task.json, id.as_str())) {
                return Err(AppError::invalid("a statement of disagreement is there already"));
            }
            let task = statement.elements(&place.patient, (id.as_str(), &denied.json), now);
            store(tx, &place.patient, vec![Draft::new(TASK, now, task)?])?;
            Ok(WrittenView { lines: vec!["Statement of disagreement".to_owned()] })
        })
    }

    /// Answers a statement of disagreement.
    ///
    /// # Errors
    /// As [`Self::amendment_extend`].
    pub fn amendment_rebut(&self, request: AmendmentRebutRequest) -> Result<WrittenView, AppError> {
        let place = amendments(&request.patient_id, &request.chart_on_screen)?;
        let step = Step::rebut(&request.rebuttal)?;
        self.amendment_step(&place, (&request.id, request.version), "answered", |_, _, _| Ok(step))
    }

    /// Requests that wait for a decision, the most urgent first. Everybody on the list is on its entry.
    ///
    /// # Errors
    /// A denial, or that the audit entry could not be written: then no list is given.
    pub fn amendment_due_search(&self) -> Result<AmendmentsDueView, AppError> {
        let now = self.clock.now().utc;
        self.act(Interaction::TaskSearch, None, |tx, present| {
            let opened: Opened = tx.last_opened(present.user, 500)?.into_iter().collect();
            let today = fhir_day(clock::day(&now));
            let mut rows = Vec::new();
            for one in tx.amendments_due()? {
                let Some(patient) = self.listed_row(present, &one.patient, &opened, now) else { continue };
                rows.push(AmendmentDueRow {
                    patient,
                    id: one.task.to_string(),
                    due: vigil_model::fhir::format_date(&one.due),
                    overdue: one.due < today,
                });
            }
            let listed = rows.iter().filter_map(|row| PatientId::parse(&row.patient.patient_id).ok());
            tx.listed(listed.collect::<Vec<_>>());
            tx.detail(json!({ "list": "amendments to decide" }));
            Ok(AmendmentsDueView { rows })
        })
    }

    /// One step with a Task that stands; what it says about itself is decided once it was read.
    fn amendment_step(
        &self,
        place: &Place,
        (id, version): (&str, u32),
        said: &str,
        step: impl FnOnce(&Tx<'_>, &Present, &Value) -> Result<Step, AppError>,
    ) -> Result<WrittenView, AppError> {
        let (now, id) = (self.clock.now().utc, resource_id(id)?);
        self.writing(Interaction::ResourceUpdate(place.section), place, |tx, present, author| {
            let stored = self.read_to_change(tx, present, &place.patient, TASK, &id)?;
            let disagreement = row::is_disagreement(&stored.json);
            if !disagreement && row::status(&stored.json).is_none() {
                return Err(AppError::invalid("this is no amendment that the patient asks for"));
            }
            let step = step(tx, present, &stored.json)?;
            if disagreement != matches!(step, Step::Rebut { .. }) {
                return Err(AppError::invalid("a request is decided, and a statement is answered; read it again"));
            }
            let mut by = None;
            let draft = Draft::changed(TASK, &stored, version, now, |json| {
                step.take(json, author, now)?;
                by = due(json);
                Ok(())
            })?;
            store(tx, &place.patient, vec![draft])?;
            match (&step, by) {
                (Step::Extend { .. }, Some(by)) => tx.amendment_due_by(&place.patient, &id, &fhir_day(by))?,
                _ => tx.amendment_decided(&place.patient, &id)?,
            }
            let what = if disagreement { "Statement of disagreement" } else { "Amendment request" };
            Ok(WrittenView { lines: vec![format!("{what}, {said}")] })
        })
    }

    /// A note that the user can name: one that counts, and that their role reads.
    fn named(&self, tx: &Tx<'_>, present: &Present, patient: &PatientId, id: &str) -> Result<NoteChoice, AppError> {
        let reads = sections_of(present.role).contains(&Section::Documents);
        let choices = if reads { note_choices(self, tx, present, patient)? } else { Vec::new() };
        let found = choices.into_iter().find(|choice| choice.id == id);
        found.ok_or_else(|| {
            AppError::new(ErrorCode::NotFound, "there is no such note in this chart; choose one of the list")
        })
    }
}

fn amendments(patient: &str, chart: &str) -> Result<Place, AppError> {
    Place::new(patient, chart, Section::Amendments)
}

fn reference(note: &NoteChoice) -> Value {
    json!({ "reference": format!("{COMPOSITION}/{}", note.id), "display": note.title })
}
