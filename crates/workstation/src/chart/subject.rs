//! Whether a reference range is meant for this patient: sex and age at the time of the observation.
//!
//! FHIR R4 Observation.referenceRange: several ranges are an OR, several `appliesTo` of one range an AND. Sexes are the codes of the value
//! set referencerange-appliesto (4.0.1) and of the two HL7 code systems of administrative gender. Ends of an age are inclusive and exact
//! (Range: "1.99 is not in the range 2 -> 3"); a missing end sets no bound. What the record does not settle is not known, never guessed.

use std::sync::Arc;

use chrono::{Months, NaiveDate};
use serde_json::Value;
use vigil_clinical::ranges::Ranges;
use vigil_model::fhir::FhirTime;
use vigil_model::fhir::coding;
use vigil_model::fhir::date::Precision;
use vigil_model::fhir::field::{at, items, text};
use vigil_model::fhir::quantity::{number, unit_key};

const BIRTH_SEX: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sex {
    Female,
    Male,
}

/// Whose chart it is, as far as a reference range asks.
#[derive(Default)]
pub(crate) struct Subject {
    sex: Option<Sex>,
    born: Option<Days>,
    house: Option<Arc<Ranges>>,
}

/// Whether a range is for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Yes,
    No,
    Unknown,
}

/// The first and the last day that a date which is known to the day, month or year can mean.
#[derive(Clone, Copy)]
struct Days {
    first: NaiveDate,
    last: NaiveDate,
}

impl Subject {
    /// From the Patient resource. A sex counts only when the record has no second one that differs: which of them a laboratory meant is
    /// not for us to say.
    pub(crate) fn of(patient: &Value) -> Self {
        let stated = match text(patient, "gender") {
            "female" => Some(Sex::Female),
            "male" => Some(Sex::Male),
            _ => None,
        };
        let at_birth = items(patient, "extension").iter().find(|one| text(one, "url") == BIRTH_SEX);
        let differs = match at_birth.map(|one| text(one, "valueCode")) {
            Some("F") => stated != Some(Sex::Female),
            Some("M") => stated != Some(Sex::Male),
            _ => false,
        };
        Self { sex: stated.filter(|_| !differs), born: Days::of(text(patient, "birthDate")), house: None }
    }

    /// The same, with the ranges of this hospital.
    pub(crate) fn of_house(self, house: Option<Arc<Ranges>>) -> Self {
        Self { house, ..self }
    }

    /// The ranges of this hospital, where they are loaded.
    pub(super) fn house(&self) -> Option<&Ranges> {
        self.house.as_deref()
    }

    /// Whether the patient had this age (a Quantity) at the time `made`.
    pub(super) fn has_age(&self, age: &Value, made: &str) -> Fit {
        self.age_is_in(age, false, Days::of(made))
    }

    /// Whether a range is for this patient at the time `made` (FHIR dateTime). A range without conditions is for everybody.
    pub(super) fn fits(&self, range: &Value, made: &str) -> Fit {
        let people = items(range, "appliesTo").iter().map(|people| self.is_one_of(people));
        let age = at(range, &["age"]);
        let made = Days::of(made);
        let ages = [("low", false), ("high", true)].into_iter().filter_map(|(end, is_high)| {
            let bound = age.get(end)?;
            Some(self.age_is_in(bound, is_high, made))
        });
        people.chain(ages).fold(Fit::Yes, Fit::and)
    }

    /// The sex, when the record settles it.
    pub(crate) fn sex(&self) -> Option<vigil_clinical::growth::Sex> {
        self.sex.map(|sex| match sex {
            Sex::Female => vigil_clinical::growth::Sex::Female,
            Sex::Male => vigil_clinical::growth::Sex::Male,
        })
    }

    /// Whether the birth date is known to the day.
    pub(super) fn is_born_on_a_known_day(&self) -> bool {
        self.born.is_some_and(|born| born.first == born.last)
    }

    /// The age in days at the time `made`, when both are known to the day, and in words.
    pub(crate) fn age(&self, made: &str) -> Option<(u32, String)> {
        let (born, made) = (self.born?, Days::of(made)?);
        if born.first != born.last || made.first != made.last {
            return None;
        }
        let days = u32::try_from((made.first - born.first).num_days()).ok()?;
        let at = made.first.and_time(chrono::NaiveTime::MIN).and_utc();
        Some((days, vigil_model::fhir::age(&born.first.to_string(), &at)))
    }

    /// Whether the patient was so many years old at the time `made`, and both are known well enough to say so.
    pub(crate) fn has_reached_for_certain(&self, years: u32, made: &str) -> bool {
        self.has_reached(years, made) == Fit::Yes
    }

    /// Whether the patient was so many years old at the time `made`.
    pub(super) fn has_reached(&self, years: u32, made: &str) -> Fit {
        let (Some(born), Some(made)) = (self.born, Days::of(made)) else { return Fit::Unknown };
        let reached = |day: NaiveDate| day.checked_add_months(Months::new(years.saturating_mul(12)));
        match (reached(born.first), reached(born.last)) {
            (_, Some(latest)) if made.first >= latest => Fit::Yes,
            (Some(earliest), _) if made.last < earliest => Fit::No,
            _ => Fit::Unknown,
        }
    }

    fn is_one_of(&self, people: &Value) -> Fit {
        match (self.sex, sex_of(people)) {
            (Some(own), Some(wanted)) if own == wanted => Fit::Yes,
            (Some(_), Some(_)) => Fit::No,
            _ => Fit::Unknown,
        }
    }

    fn age_is_in(&self, bound: &Value, is_high: bool, made: Option<Days>) -> Fit {
        let (Some(born), Some(made)) = (self.born, made) else { return Fit::Unknown };
        let (Some(earliest), Some(latest)) = (reached(born.first, bound), reached(born.last, bound)) else {
            return Fit::Unknown;
        };
        let (surely, surely_not) = if is_high {
            (made.last <= earliest, made.first > latest)
        } else {
            (made.first >= latest, made.last < earliest)
        };
        match (surely, surely_not) {
            (true, _) => Fit::Yes,
            (_, true) => Fit::No,
            _ => Fit::Unknown,
        }
    }
}

impl Fit {
    pub(super) const fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }
}

impl Days {
    fn of(date: &str) -> Option<Self> {
        let time = FhirTime::parse(date)?;
        let first = time.first_day();
        let months = match time.precision() {
            Precision::Year => 12,
            Precision::Month => 1,
            Precision::Day | Precision::Time => return Some(Self { first, last: first }),
        };
        Some(Self { first, last: first.checked_add_months(Months::new(months))?.pred_opt()? })
    }
}

/// The sex that a population is, when it is nothing but that.
fn sex_of(people: &Value) -> Option<Sex> {
    let coded =
        items(people, "coding").iter().find_map(|coding| match (text(coding, "system"), text(coding, "code")) {
            ("http://snomed.info/sct", "248152002")
            | ("http://hl7.org/fhir/administrative-gender", "female")
            | ("http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender", "F") => Some(Sex::Female),
            ("http://snomed.info/sct", "248153007")
            | ("http://hl7.org/fhir/administrative-gender", "male")
            | ("http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender", "M") => Some(Sex::Male),
            _ => None,
        });
    coded.or_else(|| match coding::display(people).trim().to_ascii_lowercase().as_str() {
        "female" => Some(Sex::Female),
        "male" => Some(Sex::Male),
        _ => None,
    })
}

/// The day on which somebody born on `born` reaches an age; none for an age that is not a whole number of days, weeks, months or years.
fn reached(born: NaiveDate, age: &Value) -> Option<NaiveDate> {
    if !text(age, "comparator").is_empty() {
        return None;
    }
    let value = number(at(age, &["value"])).filter(|value| value.fract() == 0.0 && (0.0..=36_525.0).contains(value))?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and within a century of days")]
    let value = value as u32;
    match unit_key(age) {
        "a" | "a_j" | "a_g" | "year" | "years" | "yr" | "yrs" | "y" => born.checked_add_months(Months::new(value * 12)),
        "mo" | "mo_j" | "mo_g" | "month" | "months" => born.checked_add_months(Months::new(value)),
        "wk" | "week" | "weeks" => born.checked_add_days(chrono::Days::new(u64::from(value) * 7)),
        "d" | "day" | "days" => born.checked_add_days(chrono::Days::new(u64::from(value))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn jane() -> Subject {
        Subject::of(&json!({ "gender": "female", "birthDate": "1960-03-15" }))
    }

    fn aged(low: Option<u32>, high: Option<u32>, unit: &str) -> Value {
        let end = |value: Option<u32>| value.map(|value| json!({ "value": value, "code": unit }));
        let ends =
            [("low", end(low)), ("high", end(high))].into_iter().filter_map(|(key, end)| Some((key.to_owned(), end?)));
        json!({ "age": Value::Object(ends.collect()) })
    }

    #[test]
    fn a_sex_fits_by_code_or_word_and_everything_else_is_not_known() {
        let snomed =
            |code: &str| json!({ "appliesTo": [{ "coding": [{ "system": "http://snomed.info/sct", "code": code }] }] });
        assert_eq!(jane().fits(&snomed("248152002"), ""), Fit::Yes, "female");
        assert_eq!(jane().fits(&snomed("248153007"), ""), Fit::No, "male");
        assert_eq!(jane().fits(&snomed("77386006"), ""), Fit::Unknown, "pregnant is not in the Patient");
        assert_eq!(jane().fits(&json!({ "appliesTo": [{ "text": "Female" }] }), ""), Fit::Yes, "in words");
        assert_eq!(
            jane().fits(&json!({ "appliesTo": [{ "text": "female" }, { "text": "diabetic" }] }), ""),
            Fit::Unknown,
            "both have to hold"
        );
        assert_eq!(
            jane().fits(&json!({ "appliesTo": [{ "text": "male" }, { "text": "diabetic" }] }), ""),
            Fit::No,
            "one does not"
        );
        assert_eq!(jane().fits(&json!({}), ""), Fit::Yes, "for everybody");
    }

    #[test]
    fn a_sex_that_the_record_doubts_decides_nothing() {
        let female = json!({ "appliesTo": [{ "text": "female" }] });
        for patient in [
            json!({ "gender": "female", "extension": [{ "url": BIRTH_SEX, "valueCode": "M" }] }),
            json!({ "gender": "other", "extension": [{ "url": BIRTH_SEX, "valueCode": "F" }] }),
            json!({ "gender": "unknown" }),
            json!({}),
        ] {
            assert_eq!(Subject::of(&patient).fits(&female, ""), Fit::Unknown, "{patient}");
        }
        let sure = json!({ "gender": "female", "extension": [{ "url": BIRTH_SEX, "valueCode": "F" }] });
        assert_eq!(Subject::of(&sure).fits(&female, ""), Fit::Yes, "both say the same");
    }

    #[test]
    fn the_age_is_that_at_the_time_of_the_observation_with_inclusive_ends() {
        for (range, made, fit) in [
            (aged(Some(18), None, "a"), "1978-03-14", Fit::No),
            (aged(Some(18), None, "a"), "1978-03-15", Fit::Yes),
            (aged(None, Some(65), "years"), "2025-03-15", Fit::Yes),
            (aged(None, Some(65), "years"), "2025-03-16T10:00:00Z", Fit::No),
            (aged(Some(18), Some(65), "a"), "2000-01-01", Fit::Yes),
            (aged(Some(18), Some(65), "a"), "2025", Fit::Unknown),
            (aged(Some(18), None, "a"), "2025", Fit::Yes),
            (aged(Some(18), None, "a"), "", Fit::Unknown),
            (aged(Some(2), Some(4), "wk"), "1960-04-01", Fit::Yes),
            (aged(None, Some(6), "mo"), "1960-09-16", Fit::No),
            (aged(None, Some(6), "fortnights"), "1960-09-16", Fit::Unknown),
        ] {
            assert_eq!(jane().fits(&range, made), fit, "{range} at {made}");
        }
        let born_in_a_year = Subject::of(&json!({ "birthDate": "1960" }));
        assert_eq!(born_in_a_year.fits(&aged(Some(18), None, "a"), "1978-06-01"), Fit::Unknown, "17 or 18");
        assert_eq!(born_in_a_year.fits(&aged(Some(18), None, "a"), "1979-01-01"), Fit::Yes, "18 whatever the day was");
    }

    #[test]
    fn an_age_is_told_only_of_days_that_are_known() {
        let born = |date: &str| Subject::of(&json!({ "birthDate": date }));
        let age = |date: &str, made: &str| born(date).age(made);
        assert_eq!(age("2024-01-31", "2024-03-01"), Some((30, "4w 2d".to_owned())), "over the end of a February");
        assert_eq!(age("2024-01-31", "2024-01-31T09:30:00+02:00"), Some((0, "0d".to_owned())), "the day of birth");
        assert_eq!(age("2024-01-31", "2024-01-30"), None, "nothing is measured before birth");
        assert_eq!((age("2024-01", "2024-03-01"), age("2024-01-31", "2024-03")), (None, None), "a month is no day");
        for (date, made, fit) in [
            ("2010-05-01", "2026-04-30", Fit::No),
            ("2010-05-01", "2026-05-01T00:10:00Z", Fit::Yes),
            ("2010", "2026-05-01", Fit::Unknown),
            ("2010", "2027-01-01", Fit::Yes),
            ("", "2027-01-01", Fit::Unknown),
        ] {
            assert_eq!(born(date).has_reached(16, made), fit, "16 years after {date} on {made}");
        }
    }
}
