//! The rest of an answer that is too long to be drawn at once.
//!
//! A long section goes to the screen in two parts: what fits on a screen, and what is behind it. It is one read with one audit entry, which is
//! on record before the first part leaves. The second part waits among what is dropped with the lock, for the one screen that asks for it.

use std::sync::{Mutex, PoisonError};

use vigil_model::PatientId;
use vigil_policy::Interaction;

use crate::chart_read::patient_id;
use crate::view::{SectionContent, SectionRest, SectionRestReadRequest};
use crate::{AppError, ErrorCode, Workstation};

/// So many rows fill more than the tallest screen.
const FIRST_PART: usize = 100;

/// What waits; a second long section takes the place of the first.
#[derive(Default)]
pub(crate) struct Tail(Mutex<Option<Waiting>>);

struct Waiting {
    patient: PatientId,
    content: SectionContent,
}

impl Tail {
    /// Takes off what does not belong to the first part and keeps it; returns how many rows it has.
    pub(crate) fn keep(&self, patient: &PatientId, content: &mut SectionContent) -> u32 {
        let rest = content.split_off(FIRST_PART);
        let rows = rest.as_ref().map_or(0, SectionContent::rows);
        let rest = rest.map(|content| Waiting { patient: patient.clone(), content });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = rest;
        u32::try_from(rows).unwrap_or(u32::MAX)
    }

    fn take(&self, patient: &str, section: &str) -> Option<SectionContent> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_asked =
            |one: &mut Waiting| one.patient.to_string() == patient && one.content.section().code() == section;
        waiting.take_if(is_asked).map(|one| one.content)
    }
}

impl Workstation {
    /// The second part of the section that was read last.
    ///
    /// # Errors
    /// That nobody is signed in, that the screen is locked, or [`ErrorCode::NotFound`] when another section was read meanwhile.
    #[expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]
    pub fn section_rest_read(&self, request: SectionRestReadRequest) -> Result<SectionRest, AppError> {
        let patient = patient_id(&request.patient_id)?;
        let present = self.present_for(Interaction::SectionRead(request.section), Some(&patient))?;
        let rest = present.unlocked.tail.take(&request.patient_id, request.section.code());
        let content = rest.ok_or_else(|| {
            AppError::new(ErrorCode::NotFound, "the rest of this list is not here any more; open the section again")
        })?;
        Ok(SectionRest { content })
    }
}
