//! The clock is passed in: only the binaries hold the real one.

use chrono::{
    DateTime, Datelike as _, Days, Local, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone, Timelike as _,
    Utc,
};
use vigil_model::{BootId, Moment};

use crate::AppError;

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The time now, by both clocks.
    fn now(&self) -> Moment;

    /// Which boot the time since boot counts from; `None` where the system does not say.
    fn boot(&self) -> Option<BootId> {
        None
    }
}

/// A moment that Vigil itself recorded, in the zone of the workstation: `21-Nov-2026 10:42`.
pub(crate) fn text(at: &DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%d-%b-%Y %H:%M").to_string()
}

/// The day of such a moment: `21-Nov-2026`.
pub(crate) fn day_text(at: &DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%d-%b-%Y").to_string()
}

/// The same to the second, for the log.
pub(crate) fn exact_text(at: &DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%d-%b-%Y %H:%M:%S").to_string()
}

/// Such a moment with its zone, for what is read elsewhere: `21-Nov-2026 10:42 (UTC+01:00)`.
pub(crate) fn zoned_text(at: &DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%d-%b-%Y %H:%M (UTC%:z)").to_string()
}

/// Year, month, day, hour, minute and second, in UTC.
pub(crate) fn parts(at: &DateTime<Utc>) -> (i32, u8, u8, u8, u8, u8) {
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    (at.year(), small(at.month()), small(at.day()), small(at.hour()), small(at.minute()), small(at.second()))
}

/// A moment for FHIR, in the zone of the workstation: `2026-11-21T10:42:07+01:00`.
pub(crate) fn fhir_text(at: &DateTime<Utc>) -> String {
    at.with_timezone(&Local).to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// The day of such a moment for FHIR: `2026-11-21`.
pub(crate) fn fhir_day(at: &DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%Y-%m-%d").to_string()
}

/// Which day it is at this workstation.
pub(crate) fn day(at: &DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&Local).date_naive()
}

/// A moment as people type it at this workstation: `2026-11-21T10:42`.
pub(crate) fn moment(text: &str) -> Result<DateTime<Utc>, AppError> {
    let wrong = || AppError::invalid("a moment is written like 2026-11-21T10:42");
    let at = NaiveDateTime::parse_from_str(text.trim(), "%Y-%m-%dT%H:%M").map_err(|_| wrong())?;
    // Where the clock is put back an hour comes twice: the first is meant; where it is put forward there is none.
    Local.from_local_datetime(&at).earliest().map(|at| at.to_utc()).ok_or_else(wrong)
}

/// When the first day of a period begins at this workstation (`2026-11-21`); empty: there is none.
pub(crate) fn day_start(text: &str) -> Result<Option<DateTime<Utc>>, AppError> {
    start_of(text, 0)
}

/// When the last day of a period is over.
pub(crate) fn day_end(text: &str) -> Result<Option<DateTime<Utc>>, AppError> {
    start_of(text, 1)
}

/// When a day begins at this workstation, so many days later.
fn start_of(text: &str, after: u64) -> Result<Option<DateTime<Utc>>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || AppError::invalid("a day is written like 2026-11-21");
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| wrong())?;
    let day = day.checked_add_days(Days::new(after)).ok_or_else(wrong)?;
    // Where the clock is put forward at midnight the day begins an hour later.
    let start = Local.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest();
    Ok(Some(start.map_or_else(|| day.and_time(NaiveTime::MIN).and_utc(), |start| start.to_utc())))
}
