//! A child's weight, length, BMI and head circumference against the growth standards. What FHIR calls them stands here; the numbers are those
//! of `vigil_clinical::growth`.
//!
//! LOINC codes: FHIR R4 value set observation-vitalsignresult; 8306-3 is "Body height - lying (i.e., body length - typically used for
//! infants)" in the profile hl7.org/fhir/R4/bodyheight.html. Factors of pounds and inches: see `write/measure.rs`.

use serde_json::Value;
use vigil_clinical::growth::{
    Centile, DAYS_OF_A_MONTH, Measure, NotAssessed, Posture, Sex, Standard, centile, curves, sources,
};
use vigil_model::fhir::coding;
use vigil_model::fhir::field::at;

use super::reader::join;
use super::reading::Reading;
use super::subject::Subject;
use crate::view::{GrowthCurve, GrowthPoint, GrowthStandard, GrowthView};

const LOINC: &str = "http://loinc.org";

/// No standard covers more: CDC's last row is that of 240.5 months.
const LAST_DAY: u32 = 7320;

/// The ages in months that a chart shows; the first that holds every value.
const WINDOWS: [(f64, f64); 5] = [(0.0, 24.0), (0.0, 60.0), (0.0, 120.0), (24.0, 240.0), (0.0, 240.0)];

/// The growth behind a series; none when it is about something else, or about nobody who could be a child.
pub(super) fn of(readings: &[Reading<'_>], subject: &Subject) -> Option<GrowthView> {
    let values: Vec<_> = readings.iter().filter(|reading| !reading.is_error()).filter_map(Measured::of).collect();
    let first = values.first()?;
    let ages = || values.iter().filter_map(|value| value.age(subject));
    let view = |not_assessed: &str| GrowthView {
        measure: name(first.measure).to_owned(),
        unit: unit(first.measure).to_owned(),
        sex: subject.sex().map(people).unwrap_or_default().to_owned(),
        standards: Vec::new(),
        not_assessed: not_assessed.to_owned(),
    };
    if !subject.is_born_on_a_known_day() {
        return Some(view("Percentiles are not assessed: the birth date is not known to the day."));
    }
    if ages().all(|(days, _)| days > LAST_DAY) {
        return None;
    }
    let Some(sex) = subject.sex() else {
        return Some(view(
            "Percentiles are not assessed: the tables are for girls and for boys, and the record names neither or two that differ.",
        ));
    };
    let standards: Vec<_> = [Standard::Who, Standard::Cdc]
        .into_iter()
        .filter_map(|standard| assessed(standard, sex, &values, subject))
        .collect();
    if standards.is_empty() {
        return Some(view("Percentiles are not assessed: no table is loaded for these values at these ages."));
    }
    Some(GrowthView { standards, ..view("") })
}

/// One value in the unit of the standards.
struct Measured<'a, 'r> {
    reading: &'a Reading<'r>,
    measure: Measure,
    value: f64,
}

impl<'a, 'r> Measured<'a, 'r> {
    fn of(reading: &'a Reading<'r>) -> Option<Self> {
        let measure = measure(at(&reading.record.json, &["code"])).filter(|_| reading.is_whole())?;
        let number = reading.numbers.first().copied().flatten()?;
        let value = number * factor(measure, reading.unit_key)?;
        Some(Self { reading, measure, value })
    }

    fn age(&self, subject: &Subject) -> Option<(u32, String)> {
        subject.age(&self.reading.when().iso)
    }
}

fn measure(code: &Value) -> Option<Measure> {
    let is = |loinc| coding::has_code(code, LOINC, loinc);
    if is("29463-7") {
        Some(Measure::Weight)
    } else if is("8306-3") {
        Some(Measure::Stature(Posture::Lying))
    } else if is("8302-2") {
        Some(Measure::Stature(Posture::NotSaid))
    } else if is("39156-5") {
        Some(Measure::Bmi)
    } else if is("9843-4") {
        Some(Measure::Head)
    } else {
        None
    }
}

/// What a value is multiplied with to be in kg, cm or kg/m2; none for a unit that is not known here.
fn factor(measure: Measure, unit: &str) -> Option<f64> {
    let factor = match (measure, unit) {
        (Measure::Weight, "kg") | (Measure::Stature(_) | Measure::Head, "cm") | (Measure::Bmi, "kg/m2") => 1.0,
        (Measure::Weight, "g") => 0.001,
        (Measure::Weight, "[lb_av]") => 0.453_592_37,
        (Measure::Stature(_) | Measure::Head, "m") => 100.0,
        (Measure::Stature(_) | Measure::Head, "mm") => 0.1,
        (Measure::Stature(_) | Measure::Head, "[in_i]") => 2.54,
        _ => return None,
    };
    Some(factor)
}

const fn name(measure: Measure) -> &'static str {
    match measure {
        Measure::Weight => "Weight for age",
        Measure::Stature(_) => "Length or height for age",
        Measure::Bmi => "Body mass index for age",
        Measure::Head => "Head circumference for age",
    }
}

const fn unit(measure: Measure) -> &'static str {
    match measure {
        Measure::Weight => "kg",
        Measure::Stature(_) | Measure::Head => "cm",
        Measure::Bmi => "kg/m²",
    }
}

const fn people(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "girls",
        Sex::Male => "boys",
    }
}

/// The values against one standard; none when it covers none of them.
fn assessed(standard: Standard, sex: Sex, values: &[Measured<'_, '_>], subject: &Subject) -> Option<GrowthStandard> {
    let mut points = Vec::new();
    let mut left_out = LeftOut::default();
    for value in values {
        let Some((days, age)) = value.age(subject) else {
            left_out.no_day += 1;
            continue;
        };
        match centile(standard, value.measure, sex, days, value.value) {
            Ok(found) => points.push(point(value, days, age, &found)),
            Err(NotAssessed::Age) => left_out.age += 1,
            Err(NotAssessed::Posture) => left_out.posture += 1,
            Err(NotAssessed::Value | NotAssessed::Table) => left_out.other += 1,
        }
    }
    let (first, last) = (points.first()?.months, points.last()?.months);
    let measure = values.first()?.measure;
    // The curves are those of how a child is measured at that age, however these values were.
    let drawn = if matches!(measure, Measure::Stature(_)) { Measure::Stature(Posture::NotSaid) } else { measure };
    let (from, to) = WINDOWS.into_iter().find(|(from, to)| *from <= first && last <= *to).unwrap_or((0.0, 240.5));
    let months = covered(standard, drawn, sex, from, to);
    let curves = curves(standard, drawn, sex, &months, standard.percentiles());
    Some(GrowthStandard {
        name: match standard {
            Standard::Who => "WHO",
            Standard::Cdc => "CDC",
        }
        .to_owned(),
        sources: sources(standard, drawn, &months)
            .into_iter()
            .map(|source| format!("{}. {}. Read from {}", source.title, source.publisher, source.read))
            .collect(),
        months,
        curves: curves
            .into_iter()
            .map(|curve| GrowthCurve { percentile: format!("{:.0}", curve.percentile), values: curve.values })
            .collect(),
        points,
        left_out: left_out.in_words(),
    })
}

/// The ages between two, as far as the standard has tables: half months of small children, months of others.
fn covered(standard: Standard, measure: Measure, sex: Sex, from: f64, to: f64) -> Vec<f64> {
    let step = if to > 60.0 { 1.0 } else { 0.5 };
    let ages = std::iter::successors(Some(from), |age| Some(age + step)).take_while(|age| *age <= to);
    let ages: Vec<f64> = ages.collect();
    let median = curves(standard, measure, sex, &ages, &[50.0]);
    let has_table =
        |index: &usize| median.first().and_then(|curve| curve.values.get(*index)).is_some_and(Option::is_some);
    let first = (0..ages.len()).find(has_table).unwrap_or_default();
    let last = (0..ages.len()).rev().find(has_table).unwrap_or_default();
    ages.get(first..=last).unwrap_or_default().to_vec()
}

fn point(value: &Measured<'_, '_>, days: u32, age: String, found: &Centile) -> GrowthPoint {
    let text = value.reading.value();
    let unit = value.reading.unit();
    GrowthPoint {
        id: value.reading.record.id.clone(),
        when: value.reading.when(),
        age,
        months: f64::from(days) / DAYS_OF_A_MONTH,
        value: value.value,
        text: join([text, unit], " "),
        percentile: percentile(found),
        z: format!("{:+.2}", found.z),
    }
}

/// The WHO derives percentiles within three standard deviations alone ("Computation of centiles and z-scores"); beyond them stands the score.
fn percentile(found: &Centile) -> String {
    match found.z {
        z if z > 3.0 => "above 99.9".to_owned(),
        z if z < -3.0 => "below 0.1".to_owned(),
        _ if (1.0..=99.0).contains(&found.percentile) => format!("{:.0}", found.percentile),
        _ => format!("{:.1}", found.percentile),
    }
}

/// How many values have no percentile, by the reason.
#[derive(Default)]
struct LeftOut {
    age: u32,
    posture: u32,
    no_day: u32,
    other: u32,
}

impl LeftOut {
    fn in_words(&self) -> String {
        let one = |count: u32, why: &str| match count {
            0 => String::new(),
            1 => format!("1 value {why}"),
            _ => format!("{count} values {why}"),
        };
        let parts = [
            one(self.age, "at an age that these tables do not cover"),
            one(self.posture, "measured in a way that these tables do not have at that age"),
            one(self.no_day, "whose day is not known"),
            one(self.other, "that cannot be compared"),
        ];
        match join(parts, ", ") {
            none if none.is_empty() => none,
            some => format!("Without a percentile: {some}."),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Record;
    use super::super::reading::readings;
    use super::super::testing::record;
    use super::*;

    fn child(gender: &str) -> Subject {
        Subject::of(&json!({ "gender": gender, "birthDate": "2024-05-01" }))
    }

    fn value(loinc: &str, date: &str, value: f64, unit: &str) -> Record {
        record(
            json!({ "resourceType": "Observation", "id": format!("o-{date}"), "status": "final", "effectiveDateTime": date,
            "code": { "coding": [{ "system": LOINC, "code": loinc }] },
            "valueQuantity": { "value": value, "unit": unit, "code": unit } }),
        )
    }

    fn growth(records: &[Record], subject: &Subject) -> Option<GrowthView> {
        let all: Vec<_> = records.iter().flat_map(readings).collect();
        of(&all, subject)
    }

    #[test]
    fn a_weight_stands_among_the_curves_of_both_standards() {
        // 365 days: the worked example of `vigil_clinical` (9 kg, a girl, z = 0.049).
        let view = growth(&[value("29463-7", "2025-05-01", 9.0, "kg")], &child("female")).unwrap();
        assert_eq!(
            (view.measure.as_str(), view.sex.as_str(), view.unit.as_str()),
            ("Weight for age", "girls", "kg"),
            "says what"
        );
        let names: Vec<_> = view.standards.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["WHO", "CDC"], "each by itself");
        let who = &view.standards[0];
        assert_eq!(
            (who.points[0].percentile.as_str(), who.points[0].z.as_str()),
            ("52", "+0.05"),
            "the worked example"
        );
        assert_eq!(who.points[0].age, "12m", "the age as the banner writes it");
        assert_eq!((who.months.first(), who.months.last()), (Some(&0.0), Some(&24.0)), "the chart of small children");
        assert_eq!(who.curves.len(), 5, "3, 15, 50, 85, 97");
        assert!(who.curves.iter().all(|curve| curve.values.len() == who.months.len()), "one value for each age");
        assert!(
            who.sources.iter().all(|source| source.contains("PyPI")),
            "the source stands with it: {:?}",
            who.sources
        );
    }

    #[test]
    fn grams_pounds_and_inches_are_the_same_child() {
        let z = |loinc, number, unit| {
            let view = growth(&[value(loinc, "2025-05-01", number, unit)], &child("female")).unwrap();
            view.standards[0].points[0].z.clone()
        };
        assert_eq!(z("29463-7", 9.0, "kg"), z("29463-7", 9000.0, "g"), "grams");
        assert_eq!(z("29463-7", 9.0, "kg"), z("29463-7", 19.841_604, "[lb_av]"), "pounds");
        assert_eq!(z("8302-2", 76.2, "cm"), z("8302-2", 30.0, "[in_i]"), "inches");
        assert!(
            growth(&[value("29463-7", "2025-05-01", 9.0, "stone")], &child("female")).is_none(),
            "another unit is not guessed at"
        );
    }

    #[test]
    fn without_a_sex_or_a_day_of_birth_nothing_is_assessed_and_it_says_why() {
        let weight = [value("29463-7", "2025-05-01", 9.0, "kg")];
        for gender in ["other", "unknown"] {
            let view = growth(&weight, &child(gender)).unwrap();
            assert!(view.standards.is_empty() && view.not_assessed.contains("girls and for boys"), "{gender}");
        }
        let view = growth(&weight, &Subject::of(&json!({ "gender": "female", "birthDate": "2024" }))).unwrap();
        assert!(view.standards.is_empty() && view.not_assessed.contains("birth date"), "a year is no age");
    }

    #[test]
    fn an_adult_and_another_measure_have_no_growth() {
        let adult = Subject::of(&json!({ "gender": "male", "birthDate": "1960-03-15" }));
        assert!(growth(&[value("29463-7", "2025-05-01", 82.0, "kg")], &adult).is_none(), "an adult");
        assert!(growth(&[value("8867-4", "2025-05-01", 120.0, "/min")], &child("male")).is_none(), "a pulse");
    }

    #[test]
    fn values_that_no_table_covers_are_counted() {
        let head = [value("9843-4", "2025-05-01", 46.0, "cm"), value("9843-4", "2034-05-01", 53.0, "cm")];
        let view = growth(&head, &child("male")).unwrap();
        assert_eq!(view.standards[0].points.len(), 1, "the head of a school child is in no table");
        assert!(view.standards[0].left_out.contains("1 value at an age"), "{}", view.standards[0].left_out);
    }

    #[test]
    fn a_mistake_is_not_plotted() {
        let mut wrong = value("29463-7", "2025-05-01", 90.0, "kg");
        wrong.json["status"] = json!("entered-in-error");
        let view = growth(&[wrong, value("29463-7", "2025-06-01", 9.4, "kg")], &child("male")).unwrap();
        assert_eq!(view.standards[0].points.len(), 1, "only the value that stands");
    }

    #[test]
    fn beyond_three_deviations_the_percentile_is_a_bound_and_the_score_stays() {
        let view = growth(&[value("29463-7", "2025-05-01", 5.0, "kg")], &child("female")).unwrap();
        let point = &view.standards[0].points[0];
        assert_eq!(point.percentile, "below 0.1", "no digits that nobody derived");
        assert!(point.z.starts_with("-4") || point.z.starts_with("-3"), "{}", point.z);
    }
}
