//! Who is told next when nobody acknowledges an alarm.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::LAST_LEVEL;
use crate::Severity;

/// The levels above 0, in their order. Empty: nobody is told but level 0.
///
/// ```toml
/// [[escalation.levels]]            # level 1
/// after_minutes = { critical = 5, high = 30 }
/// [[escalation.levels]]            # level 2
/// after_minutes = { critical = 15 }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Escalation {
    levels: Vec<EscalationLevel>,
}

/// One level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EscalationLevel {
    /// How long after an alarm was opened it is told, by the gravity of the alarm. What is not named is never told to it.
    pub after_minutes: AfterMinutes,
}

/// Minutes by severity: 1 to 10080, which is a week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AfterMinutes {
    /// Of low alarms.
    pub low: Option<u16>,
    /// Of medium alarms.
    pub medium: Option<u16>,
    /// Of high alarms.
    pub high: Option<u16>,
    /// Of critical alarms.
    pub critical: Option<u16>,
}

impl AfterMinutes {
    const fn of(&self, severity: Severity) -> Option<u16> {
        match severity {
            Severity::Low => self.low,
            Severity::Medium => self.medium,
            Severity::High => self.high,
            Severity::Critical => self.critical,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    levels: Vec<EscalationLevel>,
}

impl TryFrom<Written> for Escalation {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        Self::new(written.levels)
    }
}

impl Escalation {
    /// The levels from 1 on.
    ///
    /// # Errors
    /// Says which level is wrong: each has to come later than those below it.
    pub fn new(levels: Vec<EscalationLevel>) -> Result<Self, String> {
        const WEEK: u16 = 7 * 24 * 60;
        if levels.len() > usize::from(LAST_LEVEL) {
            return Err(format!("there are {} levels; {LAST_LEVEL} at most", levels.len()));
        }
        for severity in Severity::ALL {
            let mut before = 0;
            for (index, level) in levels.iter().enumerate() {
                let Some(minutes) = level.after_minutes.of(severity) else { continue };
                let (number, severity) = (index.saturating_add(1), severity.as_str());
                if minutes > WEEK {
                    return Err(format!(
                        "level {number}: after_minutes.{severity} is {minutes}; {WEEK}, a week, is the most"
                    ));
                }
                if minutes <= before {
                    return Err(format!(
                        "level {number}: after_minutes.{severity} is {minutes}; it has to be more than {before}, so that the levels \
                         below come first"
                    ));
                }
                before = minutes;
            }
        }
        Ok(Self { levels })
    }

    /// The level that is to be told now of an alarm that has reached `level` (0: it was raised), or nobody. When several are due, as after
    /// a standstill, it is the lowest: ask again with it, so that each is told.
    pub fn due(
        &self,
        severity: Severity,
        opened: DateTime<Utc>,
        acknowledged: bool,
        level: u8,
        now: DateTime<Utc>,
    ) -> Option<u8> {
        let (next, at) = self.next(severity, opened, acknowledged, level)?;
        (at <= now).then_some(next)
    }

    /// The level that is told next, and when, unless somebody acknowledges the alarm before. It may be over.
    pub fn next(
        &self,
        severity: Severity,
        opened: DateTime<Utc>,
        acknowledged: bool,
        level: u8,
    ) -> Option<(u8, DateTime<Utc>)> {
        if acknowledged {
            return None;
        }
        let mut above = (1..=LAST_LEVEL).zip(&self.levels).filter(|(number, _)| *number > level);
        let (number, minutes) =
            above.find_map(|(number, of)| of.after_minutes.of(severity).map(|minutes| (number, minutes)))?;
        // Beyond the end of the calendar nobody waits.
        let at = opened.checked_add_signed(TimeDelta::minutes(i64::from(minutes)))?;
        Some((number, at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: &str =
        "[[levels]]\nafter_minutes = { critical = 5, high = 30 }\n[[levels]]\nafter_minutes = { critical = 15 }";

    fn usual() -> Escalation {
        toml::from_str(USUAL).unwrap()
    }

    fn time(text: &str) -> DateTime<Utc> {
        format!("2026-11-30T{text}Z").parse().unwrap()
    }

    #[test]
    fn each_level_is_told_in_its_time_and_none_before() {
        let due = |level, now| usual().due(Severity::Critical, time("02:00:00"), false, level, time(now));
        assert_eq!(due(0, "02:04:59"), None, "not yet");
        assert_eq!(due(0, "02:05:00"), Some(1), "the first");
        assert_eq!(due(1, "02:14:59"), None, "the second not yet");
        assert_eq!(due(1, "02:15:00"), Some(2), "the second");
        assert_eq!(due(2, "23:00:00"), None, "there is no third");
    }

    #[test]
    fn after_a_standstill_no_level_is_skipped() {
        let due = |level| usual().due(Severity::Critical, time("02:00:00"), false, level, time("09:00:00"));
        assert_eq!((due(0), due(1), due(2)), (Some(1), Some(2), None), "one after the other");
    }

    #[test]
    fn whoever_acknowledges_ends_it_and_lesser_alarms_go_no_further() {
        let of = |severity, acknowledged| usual().due(severity, time("02:00:00"), acknowledged, 0, time("09:00:00"));
        assert_eq!(of(Severity::Critical, true), None, "somebody looks at it");
        assert_eq!(of(Severity::Low, false), None, "it can wait");
        assert_eq!(usual().next(Severity::High, time("02:00:00"), false, 1), None, "level 2 is for critical ones");
        assert_eq!(
            usual().next(Severity::High, time("02:00:00"), false, 0),
            Some((1, time("02:30:00"))),
            "when to look again"
        );
    }

    #[test]
    fn a_clock_that_went_back_tells_nobody_too_early() {
        assert_eq!(
            usual().due(Severity::Critical, time("02:00:00"), false, 0, time("01:00:00")),
            None,
            "before it was opened"
        );
    }

    #[test]
    fn levels_that_would_come_before_those_below_are_refused() {
        let error = |text: &str| toml::from_str::<Escalation>(text).unwrap_err().message().to_owned();
        let backward = "[[levels]]\nafter_minutes = { high = 30 }\n[[levels]]\nafter_minutes = { high = 30 }";
        assert!(error(backward).contains("level 2: after_minutes.high is 30"), "{}", error(backward));
        assert!(error("[[levels]]\nafter_minutes = { high = 0 }").contains("more than 0"), "at once is level 0");
        assert!(error("[[levels]]\nafter_minutes = { high = 20000 }").contains("a week"), "too late");
        assert!(error("[[levels]]\nafter_minutes = { urgent = 5 }").contains("urgent"), "no such severity");
    }
}
