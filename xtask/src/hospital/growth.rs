//! How tall and heavy a body is at an age. Medians of published tables; what lies between two rows is interpolated.

/// (age in years, boys cm, girls cm).
/// Birth to 6 years: K. S. Berger, The Developing Person Through the Life Span, 9th ed., appendix "Height Gains from
/// Birth to Age 18", 50th percentile. Boys from 7: WHO growth reference 2007, 50th percentile (momasquad.com, "Growth
/// chart children"). Girls' adult height (64 inches, reached at about 15): netcitymall.com and parents.com, CDC charts.
/// The girls' rows at 10 and 12 are interpolated between their neighbours.
const HEIGHTS: [(f64, f64, f64); 16] = [
    (0.0, 50.5, 49.9),
    (0.25, 61.1, 59.5),
    (0.5, 67.8, 65.9),
    (0.75, 72.3, 70.4),
    (1.0, 76.1, 74.3),
    (1.5, 82.4, 80.9),
    (2.0, 87.6, 86.5),
    (3.0, 94.9, 94.1),
    (4.0, 102.9, 101.6),
    (5.0, 109.9, 108.4),
    (6.0, 116.1, 114.6),
    (10.0, 137.8, 135.9),
    (12.0, 149.1, 146.6),
    (15.0, 169.0, 162.6),
    (17.0, 175.2, 162.6),
    (19.0, 176.5, 162.6),
];

/// (age in years, kg). "Normal Range of Resting Values" by age, weight column (qureshiuniversity.com, "Age-Appropriate
/// Vital Signs").
const WEIGHTS: [(f64, f64); 8] =
    [(0.0, 3.5), (0.5, 7.0), (1.0, 10.0), (3.0, 14.0), (5.0, 18.0), (10.0, 33.0), (12.0, 40.0), (14.0, 50.0)];

const LAST_CHILD_WEIGHT: (f64, f64) = (14.0, 50.0);
const ADULT: f64 = 18.0;

/// What makes this body differ from the median one.
pub(super) struct Body {
    pub(super) female: bool,
    /// Times the median height and, in childhood, weight.
    pub(super) stature: f64,
    pub(super) heaviness: f64,
    /// Body mass index at 18 and what each later year adds to it.
    pub(super) index_at_18: f64,
    pub(super) index_per_year: f64,
}

impl Body {
    pub(super) fn height(&self, age: f64) -> f64 {
        let rows = HEIGHTS.map(|(at, boys, girls)| (at, if self.female { girls } else { boys }));
        interpolate(&rows, age) * self.stature
    }

    pub(super) fn weight(&self, age: f64) -> f64 {
        let child = interpolate(&WEIGHTS, age) * self.heaviness;
        if age <= LAST_CHILD_WEIGHT.0 {
            return child;
        }
        let metres = self.height(ADULT.max(age)) / 100.0;
        let index = (self.index_at_18 + (age - ADULT).max(0.0) * self.index_per_year).clamp(16.5, 46.0);
        let adult = index * metres * metres;
        let share = ((age - LAST_CHILD_WEIGHT.0) / (ADULT - LAST_CHILD_WEIGHT.0)).min(1.0);
        LAST_CHILD_WEIGHT.1 * self.heaviness * (1.0 - share) + adult * share
    }

    pub(super) fn index(&self, age: f64) -> f64 {
        let metres = self.height(age) / 100.0;
        self.weight(age) / (metres * metres)
    }
}

/// The value at `x` of the broken line through `rows`; flat before the first and after the last row.
fn interpolate(rows: &[(f64, f64)], x: f64) -> f64 {
    let mut before: Option<(f64, f64)> = None;
    for &(at, value) in rows {
        if x <= at {
            return match before {
                Some((from, start)) => start + (value - start) * (x - from) / (at - from),
                None => value,
            };
        }
        before = Some((at, value));
    }
    before.map_or(0.0, |(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_grows_every_year_and_an_adult_keeps_its_height() {
        for female in [true, false] {
            let body = Body { female, stature: 1.0, heaviness: 1.0, index_at_18: 23.0, index_per_year: 0.1 };
            for year in 0..14 {
                let age = f64::from(year);
                assert!(body.height(age + 1.0) > body.height(age), "taller at {} than at {year}", year + 1);
                assert!(body.weight(age + 1.0) > body.weight(age), "heavier at {} than at {year}", year + 1);
            }
            assert!((body.height(30.0) - body.height(70.0)).abs() < f64::EPSILON, "adults do not grow");
        }
    }
}
