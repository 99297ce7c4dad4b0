//! Which chart stands on the screen. A write is about that one or is refused (ADR 20): what a form says is compared with what the
//! window said when it drew the chart, not with what it says now.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use vigil_model::PatientId;

use crate::chart_read::patient_id;
use crate::view::ChartShowRequest;
use crate::write::KeptDocument;
use crate::{AppError, ErrorCode, Workstation};

/// The charts that were opened since the unlock, and the one that is shown. Gone with the lock.
#[derive(Default)]
pub(crate) struct OnScreen(Mutex<Charts>);

#[derive(Default)]
struct Charts {
    opened: HashSet<PatientId>,
    shown: Option<PatientId>,
    /// The document that is reviewed beside a chart.
    reviewed: Option<KeptDocument>,
}

impl OnScreen {
    /// A chart was opened: it may be shown from now on.
    pub(crate) fn opened(&self, patient: PatientId) {
        self.charts(|charts| _ = charts.opened.insert(patient));
    }

    /// Whether the chart of `patient` is the one that is shown.
    pub(crate) fn is(&self, patient: &PatientId) -> bool {
        self.charts(|charts| charts.shown.as_ref() == Some(patient))
    }

    /// A document is reviewed; the one before it is put away.
    pub(crate) fn review(&self, document: KeptDocument) {
        self.charts(|charts| charts.reviewed = Some(document));
    }

    /// The document of this review, if it is still the one that is reviewed beside the chart of `patient`.
    pub(crate) fn reviewed(&self, patient: &PatientId, review: &str) -> Option<KeptDocument> {
        self.charts(|charts| charts.reviewed.clone().filter(|document| document.is(patient, review)))
    }

    /// No document is reviewed any more.
    pub(crate) fn put_away(&self) {
        self.charts(|charts| charts.reviewed = None);
    }

    /// Another chart is shown, or none; false where it was never opened: then none is.
    fn show(&self, patient: Option<PatientId>) -> bool {
        self.charts(|charts| {
            let known = patient.as_ref().is_none_or(|patient| charts.opened.contains(patient));
            charts.shown = patient.filter(|_| known);
            known
        })
    }

    fn charts<T>(&self, with: impl FnOnce(&mut Charts) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Workstation {
    /// The window says which chart it shows, or that it shows none. Nothing is read by it, and nothing is on record but a refusal.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for a chart that was not opened since the unlock; that nobody is signed in, or that the screen is
    /// locked.
    pub fn chart_show(&self, request: ChartShowRequest) -> Result<(), AppError> {
        let patient = request.patient_id.as_deref().map(patient_id).transpose()?;
        self.refusing("chart_show", || {
            if self.present()?.unlocked.screen.show(patient) {
                return Ok(());
            }
            Err(AppError::new(
                ErrorCode::NotFound,
                "this chart was not opened yet, so it cannot stand on the screen; open it",
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_chart_that_was_opened_can_stand_on_the_screen() {
        let (one, other) = (PatientId::parse("one").unwrap(), PatientId::parse("other").unwrap());
        let screen = OnScreen::default();
        assert!(!screen.show(Some(one.clone())) && !screen.is(&one), "it was never opened");
        screen.opened(one.clone());
        assert!(!screen.is(&one), "opened is not shown: it may stand in a tab behind");
        assert!(screen.show(Some(one.clone())) && screen.is(&one) && !screen.is(&other), "it is shown, and no other");
        assert!(!screen.show(Some(other)) && !screen.is(&one), "after a claim that is not true nothing is shown");
        assert!(
            screen.show(Some(one.clone())) && screen.show(None) && !screen.is(&one),
            "the page of no chart shows none"
        );
    }
}
