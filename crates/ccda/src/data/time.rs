//! TS and IVL_TS as dateTime and Period, in the precision that they have (C-CDA on FHIR, mappingGuidance, "CDA to FHIR Time/Dates").

use chrono::{FixedOffset, NaiveDate, NaiveTime};
use serde_json::{Value, json};

use crate::xml::Element;

/// What a time means that names no time zone: the zone of the document, as the guide allows. Where the document has none, the time of day
/// is left out, for FHIR has none without a zone and a wrong one would move it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Zone(String);

impl Zone {
    /// That of the document's own time.
    pub(crate) fn of(value: &str) -> Self {
        Self(split(value).and_then(|(_, zone)| offset(zone)).unwrap_or_default())
    }

    /// `201308151030-0800` as `2013-08-15T10:30:00-08:00`, `201308` as `2013-08`; `None` for what is no time.
    pub(crate) fn date_time(&self, value: &str) -> Option<String> {
        let (digits, zone) = split(value)?;
        let (digits, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        // A zone belongs to a time of day; what stands behind less is no zone, and the whole is not in this form.
        if digits.len() < 8 && !zone.is_empty() {
            return None;
        }
        let part = |from: usize, to: usize| digits.get(from..to);
        let year: i32 = part(0, 4)?.parse().ok().filter(|year| *year > 0)?;
        let Some(month) = part(4, 6) else { return (digits.len() == 4).then(|| format!("{year:04}")) };
        let month: u32 = month.parse().ok()?;
        let Some(day) = part(6, 8) else {
            NaiveDate::from_ymd_opt(year, month, 1)?;
            return (digits.len() == 6).then(|| format!("{year:04}-{month:02}"));
        };
        let date = NaiveDate::from_ymd_opt(year, month, day.parse().ok()?)?;
        let day = date.format("%Y-%m-%d").to_string();
        let number = |text: Option<&str>| text.map_or(Some(0), |text| text.parse().ok());
        // A midnight without minutes is how some senders write a day; an hour alone is not a time that FHIR has.
        let (Some(hour), Some(minute)) = (part(8, 10), part(10, 12)) else {
            return matches!(digits.len(), 8 | 10).then_some(day);
        };
        let second = number(part(12, 14))?;
        NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, second)?;
        let zone = match offset(zone) {
            Some(zone) => zone,
            None if zone.is_empty() && !self.0.is_empty() => self.0.clone(),
            None => return Some(day),
        };
        let fraction = if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            String::new()
        } else {
            format!(".{}", fraction.get(..fraction.len().min(6)).unwrap_or_default())
        };
        Some(format!("{day}T{hour}:{minute}:{second:02}{fraction}{zone}"))
    }

    /// The date or time of an element that has a point or an interval: the point, else where it begins, else where it ends.
    pub(crate) fn point(&self, time: &Element) -> Option<String> {
        [
            time.attribute("value"),
            time.value_of("low", "value"),
            time.value_of("center", "value"),
            time.value_of("high", "value"),
        ]
        .into_iter()
        .find_map(|value| self.date_time(value))
    }

    /// Where an interval begins.
    pub(crate) fn low(&self, time: &Element) -> Option<String> {
        self.date_time(time.attribute("value")).or_else(|| self.date_time(time.value_of("low", "value")))
    }

    /// Where it ends, if that is said.
    pub(crate) fn high(&self, time: &Element) -> Option<String> {
        self.date_time(time.value_of("high", "value"))
    }

    /// A Period; `None` where neither end is known.
    pub(crate) fn period(&self, time: &Element) -> Option<Value> {
        let (low, high) = (self.low(time), self.high(time));
        match (low, high) {
            (None, None) => None,
            (low, high) => {
                let mut period = json!({});
                if let Some(low) = low {
                    crate::entry::set(&mut period, "start", json!(low));
                }
                if let Some(high) = high {
                    crate::entry::set(&mut period, "end", json!(high));
                }
                Some(period)
            }
        }
    }

    /// A point as `element`DateTime, an interval with two ends as `element`Period.
    pub(crate) fn choice(&self, time: Option<&Element>, element: &str) -> Option<(String, Value)> {
        let time = time?;
        if self.high(time).is_some()
            && self.date_time(time.attribute("value")).is_none()
            && self.low(time) != self.high(time)
        {
            return Some((format!("{element}Period"), self.period(time)?));
        }
        Some((format!("{element}DateTime"), json!(self.point(time)?)))
    }
}

/// Whether an interval is over at a time that nobody knows: its end is there and says nothing (C-CDA: `high nullFlavor="UNK"`).
pub(crate) fn is_over_some_time(time: &Element) -> bool {
    time.child("high").is_some_and(|high| high.attribute("nullFlavor") == "UNK")
}

/// The digits of a TS and its zone.
fn split(value: &str) -> Option<(&str, &str)> {
    let value = value.trim();
    let end = value.find(|letter: char| !(letter.is_ascii_digit() || letter == '.')).unwrap_or(value.len());
    let (digits, zone) = value.split_at(end);
    (!digits.is_empty() && zone.is_ascii()).then_some((digits, zone))
}

/// `-0800` as `-08:00`; `None` for no zone and for what is none.
fn offset(zone: &str) -> Option<String> {
    if zone == "Z" {
        return Some("Z".to_owned());
    }
    let sign = zone.get(..1).filter(|sign| matches!(*sign, "+" | "-"))?;
    let digits: String = zone.get(1..)?.chars().filter(|letter| *letter != ':').collect();
    let (hours, minutes) = match digits.len() {
        2 => (digits.as_str(), "00"),
        4 => digits.split_at(2),
        _ => return None,
    };
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok().filter(|minutes| *minutes < 60)? * 60;
    // FHIR's zones end at 14 hours.
    FixedOffset::east_opt(seconds).filter(|_| seconds <= 14 * 3600)?;
    Some(format!("{sign}{hours}:{minutes}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_keeps_its_precision() {
        let none = Zone::default();
        for (written, read) in [
            ("2023", Some("2023")),
            ("202305", Some("2023-05")),
            ("20230531", Some("2023-05-31")),
            ("202305312205-0500", Some("2023-05-31T22:05:00-05:00")),
            ("20230531220512.1234+0000", Some("2023-05-31T22:05:12.1234+00:00")),
            ("202305312205", Some("2023-05-31")),
            ("2023053122", Some("2023-05-31")),
            ("20231331", None),
            ("20230231", None),
            ("00000000", None),
            ("20230", None),
            ("soon", None),
            ("", None),
            ("2023-05-31", None),
        ] {
            assert_eq!(none.date_time(written).as_deref(), read, "{written}");
        }
    }

    #[test]
    fn a_time_without_a_zone_has_that_of_the_document() {
        let zone = Zone::of("201308151030-0800");
        assert_eq!(zone.date_time("201308151030").as_deref(), Some("2013-08-15T10:30:00-08:00"), "as the guide allows");
        assert_eq!(
            zone.date_time("201308151030+0130").as_deref(),
            Some("2013-08-15T10:30:00+01:30"),
            "its own comes first"
        );
        assert_eq!(
            zone.date_time("201308151030+9900").as_deref(),
            Some("2013-08-15"),
            "none of this world: the day alone"
        );
    }
}
