//! The medication list.

use vigil_model::{PatientId, Section};
use vigil_print::Block;
use vigil_vault::Tx;

use super::lines::{Content, medicine, plain};
use crate::act::Present;
use crate::view::{MedicationRow, SectionContent};
use crate::{AppError, Workstation};

pub(super) fn content(
    station: &Workstation,
    tx: &Tx<'_>,
    present: &Present,
    patient: &PatientId,
) -> Result<Content, AppError> {
    let view = station.page(tx, present, patient, Section::Medications, None, |_| true)?;
    let mut content = Content::default();
    content.not_shown(view.undecodable.len(), view.closed);
    let SectionContent::Medications { rows } = view.content else { return Err(AppError::stopped()) };
    let rows: Vec<MedicationRow> = rows.into_iter().filter(|row| row.status != "entered-in-error").collect();
    let (current, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.active);
    content.section("Medicines taken now", list(&current));
    // What has come to its end by itself is history; what was stopped or waits may still lie in the patient's cupboard.
    let (ended, stopped): (Vec<_>, Vec<_>) = others.into_iter().partition(|row| row.status == "completed");
    if !stopped.is_empty() {
        let lines = stopped.iter().map(|row| {
            let mut line = medicine(row);
            line.detail = [row.status.replace('-', " "), line.detail].join(". ").trim_end_matches(". ").to_owned();
            line
        });
        content.section("Not taken now: stopped, on hold or not known", vec![Block::List { lines: lines.collect() }]);
    }
    if !ended.is_empty() {
        let count = ended.len();
        let are = if count == 1 { "medicine that was completed is" } else { "medicines that were completed are" };
        content.section("Completed", vec![plain(&format!("{count} {are} not listed here. They stand in the chart."))]);
    }
    Ok(content)
}

/// One point for each medicine; none where there is none.
pub(super) fn list(rows: &[MedicationRow]) -> Vec<Block> {
    if rows.is_empty() { Vec::new() } else { vec![Block::List { lines: rows.iter().map(medicine).collect() }] }
}
