//! A document from elsewhere, C-CDA R2.1, in the chart on the screen: opened, compared with who the patient is and with what the chart has,
//! reviewed, and what of it somebody takes stored as entries of the chart with where they come from (ADR 28).
//!
//! Between review and taking the document lies in memory, among what the lock drops. Nothing of it is in the vault before it is taken.

mod identity;
mod kept;
mod known;
mod reading;
mod review;
mod taking;

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use serde_json::{Value, json};
use vigil_ccda::{Document, Entry};
use vigil_model::{PatientId, Section};
use vigil_policy::{Interaction, is_allowed};
use vigil_vault::Tx;

pub(crate) use self::kept::Kept;
pub(crate) use self::reading::parts;
use super::draft::{LONGEST_NOTE, words};
use super::{ALLERGY, Place, resource_id};
use crate::act::Present;
use crate::chart::Record;
use crate::chart_read::{must_exist, patient_id, records};
use crate::view::{
    DocumentChooseRequest, DocumentProgress, DocumentReviewRequest, DocumentReviewView, DocumentTakeRequest,
    WrittenView,
};
use crate::write::store;
use crate::{AppError, ErrorCode, Workstation};

const DOCUMENT_REFERENCE: &str = "DocumentReference";

/// How far reading the document at hand is, and whether whoever opened it still waits.
#[derive(Default)]
pub(crate) struct Reading {
    percent: AtomicU32,
    cancelled: AtomicBool,
    running: AtomicBool,
}

/// Nothing is read any more once this is dropped.
struct Over<'r>(&'r AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

impl Workstation {
    /// Whether the person may be asked for a document: no dialog opens over a locked screen, or for a chart that is not on it.
    ///
    /// # Errors
    /// A denial; [`ErrorCode::OtherPatient`].
    pub fn document_may_choose(&self, request: DocumentChooseRequest) -> Result<(), AppError> {
        let (patient, chart) = (patient_id(&request.patient_id)?, patient_id(&request.chart_on_screen)?);
        self.may_review(&patient, &chart)
    }

    /// Reads a document and shows it beside the chart on the screen. Nothing is stored.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for a file that cannot be read or is no C-CDA document, with the reason; [`ErrorCode::Busy`] while another
    /// one is read, and after it was stopped; [`ErrorCode::OtherPatient`]; a denial.
    pub fn document_review(&self, request: DocumentReviewRequest) -> Result<DocumentReviewView, AppError> {
        let (patient, chart) = (patient_id(&request.patient_id)?, patient_id(&request.chart_on_screen)?);
        // Whoever may not, reads no file.
        self.may_review(&patient, &chart)?;
        let kept = self.document_read_file(&patient, &request.path)?;
        self.act_on_screen(Interaction::DocumentReview, &patient, &chart, |tx, present| {
            must_exist(tx, present, &patient)?;
            tx.detail(json!({ "document": kept.document.header.id, "sha256": kept.digest }));
            let chart = self.chart_beside(tx, present, &patient, &kept.document)?;
            let view = review::view(&kept, &chart);
            present.unlocked.screen.review(kept);
            Ok(view)
        })
    }

    /// How far reading is; none while nothing is read.
    ///
    /// # Errors
    /// That nobody is signed in, or that the screen is locked.
    pub fn document_progress_read(&self) -> Result<Option<DocumentProgress>, AppError> {
        self.refusing("document_progress_read", || self.present().map(drop))?;
        let running = self.document.running.load(Ordering::Relaxed);
        Ok(running.then(|| DocumentProgress { percent: self.document.percent.load(Ordering::Relaxed) }))
    }

    /// Stops reading. What is reviewed already is put away.
    ///
    /// # Errors
    /// As [`Self::document_progress_read`].
    pub fn document_cancel(&self) -> Result<(), AppError> {
        self.refusing("document_cancel", || {
            self.document.cancelled.store(true, Ordering::Relaxed);
            self.present()?.unlocked.screen.put_away();
            Ok(())
        })
    }

    /// Takes entries of the document that is reviewed into the chart on the screen, all or none, and stores the document with them.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] when it is not reviewed any more; [`ErrorCode::Invalid`] for an entry that it does not have or that this chart
    /// cannot take, and for a document that is not clearly this patient's without a reason; [`ErrorCode::Forbidden`] for a kind of entry that
    /// the role does not write; [`ErrorCode::OtherPatient`]; a denial.
    pub fn document_take(&self, request: DocumentTakeRequest) -> Result<WrittenView, AppError> {
        let place = Place::new(&request.patient_id, &request.chart_on_screen, Section::Documents)?;
        let reason = words(&request.reason, "the reason", LONGEST_NOTE)?;
        let now = self.clock.now().utc;
        let patient = place.patient.clone();
        let written =
            self.writing(Interaction::DocumentImport(Section::Documents), &place, |tx, present, author| {
                let screen = &present.unlocked.screen;
                let kept = screen.reviewed(&patient, &request.review).ok_or_else(|| {
                    AppError::new(
                        ErrorCode::NotFound,
                        "this document is not open any more, and nothing was stored; open it again",
                    )
                })?;
                let chart = self.chart_beside(tx, present, &patient, &kept.document)?;
                let identity = identity::compare(&kept.document.header, &chart.patient);
                if !identity.agrees && reason.is_empty() {
                    return Err(AppError::invalid(format!(
                        "{} Nothing was stored. Write why it is this patient's all the same, or leave it",
                        identity.words
                    )));
                }
                let entries = taking::chosen(&kept, &request.taken, &chart)?;
                let mut denials = Vec::new();
                if taking::has_allergy(&entries) {
                    for record in chart.records.iter().filter(|record| crate::chart::denies_allergies(&record.json)) {
                        if record.resource_type == ALLERGY {
                            denials.push(self.read_to_change(
                                tx,
                                present,
                                &patient,
                                ALLERGY,
                                &resource_id(&record.id)?,
                            )?);
                        }
                    }
                }
                let taken = taking::drafts(&kept, &entries, (&chart, &denials), &patient, author, &reason, now)?;
                let noted = store(tx, &patient, taken.drafts)?;
                Ok((WrittenView { lines: taken.lines }, noted))
            })?;
        if let Ok(present) = self.present() {
            present.unlocked.screen.put_away();
        }
        Ok(self.noted(&place.patient, written))
    }

    /// Refused here what `document_review` would refuse, before any file is touched.
    fn may_review(&self, patient: &PatientId, chart: &PatientId) -> Result<(), AppError> {
        self.may_on_screen(Interaction::DocumentReview, patient, chart)
    }

    fn document_read_file(&self, patient: &PatientId, path: &str) -> Result<Kept, AppError> {
        let reading = &self.document;
        if reading.running.swap(true, Ordering::Relaxed) {
            return Err(AppError::new(ErrorCode::Busy, "another document is being read; wait for it or stop it"));
        }
        // Also where the reading ends in a panic: the next document is not refused for it.
        let _over = Over(&reading.running);
        reading.cancelled.store(false, Ordering::Relaxed);
        reading.percent.store(0, Ordering::Relaxed);
        let watch = |step: vigil_ccda::Step| {
            let percent = step.done.saturating_mul(100).checked_div(step.of).unwrap_or_default();
            reading.percent.store(u32::try_from(percent).unwrap_or(100), Ordering::Relaxed);
            !reading.cancelled.load(Ordering::Relaxed)
        };
        kept::read(patient, path, &watch)
    }

    /// What of the chart the document is compared with: who the patient is, and the kinds of entry that the document has and the user may
    /// take. Of other kinds nothing is read.
    fn chart_beside(
        &self,
        tx: &Tx<'_>,
        present: &Present,
        patient: &PatientId,
        document: &Document,
    ) -> Result<Beside, AppError> {
        let (own, _) = records(tx.resources(patient, &["Patient"])?);
        let own = own.into_iter().find(|record| record.id == patient.to_string()).map(|record| record.json);
        let mut takes = Vec::new();
        for section in document.sections.iter().flat_map(|section| &section.entries).map(|entry| entry.section) {
            if !takes.iter().any(|(known, _)| *known == section) {
                let mut asked = self.request(present, Interaction::DocumentImport(section), Some(patient));
                asked.facts.on_screen = true;
                takes.push((section, is_allowed(&asked)));
            }
        }
        let mut types: Vec<&str> = vec![DOCUMENT_REFERENCE];
        for (section, takes) in &takes {
            if *takes {
                types.extend(known::types_of(*section));
            }
        }
        types.sort_unstable();
        types.dedup();
        let (stored, mut unread) = records(tx.resources(patient, &types)?);
        let records = self.withheld(present, stored, &mut unread);
        Ok(Beside { patient: own.unwrap_or(Value::Null), takes, records })
    }
}

/// What a document is compared with.
struct Beside {
    /// The Patient.
    patient: Value,
    /// For each page of the chart whether the user takes entries into it.
    takes: Vec<(Section, bool)>,
    /// What the chart has of them, and its documents.
    records: Vec<Record>,
}

impl Beside {
    fn takes(&self, section: Section) -> bool {
        self.takes.iter().any(|(known, takes)| *known == section && *takes)
    }
}

/// The entries of a document, with their numbers in it.
fn numbered(document: &Document) -> impl Iterator<Item = (u32, &Entry)> {
    (0_u32..).zip(document.sections.iter().flat_map(|section| &section.entries))
}
