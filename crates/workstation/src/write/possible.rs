//! What is outside of what is held for possible is asked about before it is recorded, and says so when it was.
//!
//! The ranges and their sources: those of this hospital where they are loaded (`vigil_clinical::ranges`), else `vigil_clinical::possible`.

use vigil_clinical::possible::{ADULT_YEARS, Adult, Range, doubted_in_a_child, of_adults};

use super::vital_sign::Typed;
use crate::chart::{Subject, plausible};
use crate::view::VitalSign;
use crate::{AppError, ErrorCode};

/// What is doubted about a value of somebody at a time (FHIR dateTime), in words without the value; none where nothing is, or no range is loaded
/// for somebody of this age.
pub(super) fn doubt(typed: &Typed, subject: &Subject, made: &str) -> Option<String> {
    let house: Vec<_> = typed
        .coded_values()
        .into_iter()
        .filter_map(|(code, unit, value)| Some((plausible(subject, code, unit, made)?, value)))
        .collect();
    // Where this hospital says what it holds for plausible, nothing else is asked.
    if !house.is_empty() {
        let ((span, source), _) = house.into_iter().find(|((span, _), value)| !span.holds(*value))?;
        let end = |end: Option<f64>| end.map_or_else(|| "any".to_owned(), |end| end.to_string());
        let (low, high) = (end(span.low), end(span.high));
        return Some(format!("outside of {low} to {high} {}, plausible by this hospital ({source})", typed.unit()));
    }
    typed.numbers().into_iter().find_map(|(what, value)| {
        if subject.has_reached_for_certain(ADULT_YEARS, made) {
            let range = of_adults(what).filter(|range| !range.holds(value))?;
            return Some(words(&range, typed.unit(), "valid in adults"));
        }
        let (measure, sex, days) = (typed.growth()?, subject.sex()?, subject.age(made)?.0);
        let range = doubted_in_a_child(measure, sex, days, value)?;
        Some(words(&range, "standard deviations", "plausible at this age by WHO Anthro"))
    })
}

fn words(range: &Range, unit: &str, held: &str) -> String {
    format!("outside of {} to {} {unit}, the range held for {held}", range.lowest, range.highest)
}

/// Refuses what is doubted and was not confirmed.
///
/// # Errors
/// [`ErrorCode::Implausible`] with the name of each, and no value.
pub(super) fn confirmed<'t>(
    typed: impl IntoIterator<Item = &'t Typed>,
    subject: &Subject,
    made: &str,
    confirmed: bool,
) -> Result<(), AppError> {
    let doubted = typed.into_iter().filter_map(|one| Some(format!("{}: {}", one.name(), doubt(one, subject, made)?)));
    let doubted: Vec<_> = doubted.collect();
    if confirmed || doubted.is_empty() {
        return Ok(());
    }
    let why =
        format!("{}. Nothing was stored; look at what was typed, or confirm that it is right", doubted.join("; "));
    Err(AppError::new(ErrorCode::Implausible, why))
}

/// What stands beside a value that was doubted and confirmed.
pub(super) fn note(typed: &Typed, subject: &Subject, made: &str) -> String {
    doubt(typed, subject, made).map(|why| format!("Confirmed when it was recorded: {why}")).unwrap_or_default()
}

impl Typed {
    /// What was measured, by the names of the ranges.
    fn numbers(&self) -> Vec<(Adult, f64)> {
        let values = self.values();
        let kinds: &[Adult] = match self.sign() {
            VitalSign::BloodPressure => &[Adult::Systolic, Adult::Diastolic],
            VitalSign::HeartRate => &[Adult::Pulse],
            VitalSign::RespiratoryRate => &[Adult::Respiration],
            VitalSign::BodyTemperature => &[Adult::Temperature],
            VitalSign::BodyWeight => &[Adult::Weight],
            VitalSign::BodyHeight => &[Adult::Height],
            VitalSign::OxygenSaturation | VitalSign::InhaledOxygen | VitalSign::Consciousness => &[],
        };
        kinds.iter().copied().zip(values).collect()
    }
}
