//! Times and numbers of the server, as the screen takes them.

use chrono::{DateTime, NaiveDate, Utc};

use crate::clock;

/// A time of the server; one that cannot be read is shown as it is.
pub(super) struct ServerTime<'t> {
    text: &'t str,
    at: Option<DateTime<Utc>>,
}

impl<'t> ServerTime<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, at: DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc()) }
    }

    /// `21-Nov-2026 10:42`
    pub(super) fn words(&self) -> String {
        self.at.as_ref().map_or_else(|| self.text.to_owned(), clock::text)
    }

    /// `21-Nov-2026 10:42:07`
    pub(super) fn exact(&self) -> String {
        self.at.as_ref().map_or_else(|| self.text.to_owned(), clock::exact_text)
    }

    /// Whole minutes that it lies back; one to come, or one that cannot be read, counts as now.
    pub(super) fn minutes_ago(&self, now: DateTime<Utc>) -> u32 {
        let minutes = self.at.map_or(0, |at| (now - at).num_minutes());
        u32::try_from(minutes.max(0)).unwrap_or(u32::MAX)
    }

    /// Whole days until then, negative when it is over.
    pub(super) fn days_left(&self, now: DateTime<Utc>) -> Option<i32> {
        self.at.map(|at| i32::try_from((at - now).num_days()).unwrap_or(i32::MAX))
    }

    /// Seconds since 1970 UTC, for an axis.
    pub(super) fn epoch(&self) -> f64 {
        self.at.map_or(0.0, epoch_of)
    }
}

/// Seconds since 1970 UTC: whole ones, far below what a `f64` holds exactly.
#[expect(clippy::cast_precision_loss, reason = "seconds of this millennium")]
pub(super) fn epoch_of(at: DateTime<Utc>) -> f64 {
    at.timestamp() as f64
}

/// A day of the calendar (`2026-11-21`) as `21-Nov-2026`; one that cannot be read is shown as it is.
pub(super) fn day_words(day: &str) -> String {
    day.parse::<NaiveDate>().map_or_else(|_| day.to_owned(), |day| day.format("%d-%b-%Y").to_string())
}

/// Days from today until a day of the calendar, negative when it is over.
pub(super) fn days_until(day: &str, now: DateTime<Utc>) -> Option<i32> {
    let day: NaiveDate = day.parse().ok()?;
    i32::try_from((day - clock::day(&now)).num_days()).ok()
}

/// More than any screen shows is the most.
pub(super) fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_says_of_time_is_shown_in_words_or_as_it_is() {
        let now: DateTime<Utc> = "2026-11-30T10:00:00Z".parse().unwrap();
        let then = ServerTime::of("2026-11-30T09:17:30.5Z");
        assert_eq!(then.minutes_ago(now), 42);
        assert_eq!(ServerTime::of("2026-11-30T11:00:00Z").minutes_ago(now), 0, "a clock that is ahead");
        assert_eq!(ServerTime::of("soon").words(), "soon", "never a blank");
        assert_eq!(ServerTime::of("2026-12-10T10:00:00Z").days_left(now), Some(10));
        assert_eq!(day_words("2027-01-27"), "27-Jan-2027");
        assert_eq!(days_until("2026-11-29", now), Some(-1), "over");
        assert_eq!(day_words("no day"), "no day");
    }
}
