//! The formats of the official release files, one module each.

mod cvx;
mod icd10cm;
mod loinc;
mod rxnorm;
mod snomed;

use crate::{CodeSystem, Concept};

/// How the lines of a release file are read.
pub(crate) enum Format {
    Icd10Cm,
    Loinc(loinc::Loinc),
    RxNorm,
    Cvx(cvx::Cvx),
    Snomed(snomed::Snomed),
}

impl Format {
    pub(crate) fn of(system: CodeSystem) -> Self {
        match system {
            CodeSystem::Icd10Cm => Self::Icd10Cm,
            CodeSystem::Loinc => Self::Loinc(loinc::Loinc::default()),
            CodeSystem::RxNorm => Self::RxNorm,
            CodeSystem::Cvx => Self::Cvx(cvx::Cvx::default()),
            CodeSystem::Snomed => Self::Snomed(snomed::Snomed::default()),
        }
    }

    /// The concept of a line; `None` for a line without one that is in use.
    ///
    /// # Errors
    /// Why the format has no such line.
    pub(crate) fn line(&mut self, line: &str) -> Result<Option<Concept>, String> {
        match self {
            Self::Icd10Cm => icd10cm::line(line),
            Self::Loinc(loinc) => loinc.line(line),
            Self::RxNorm => rxnorm::line(line),
            Self::Cvx(cvx) => cvx.line(line),
            Self::Snomed(snomed) => snomed.line(line),
        }
    }

    /// The file is at its end.
    ///
    /// # Errors
    /// That it ends within a record.
    pub(crate) fn end(&self) -> Result<(), String> {
        match self {
            Self::Loinc(loinc) => loinc.end(),
            Self::Icd10Cm | Self::RxNorm | Self::Cvx(_) | Self::Snomed(_) => Ok(()),
        }
    }

    /// Which release it is, as far as the lines or the name of the file say so.
    pub(crate) fn release(&self, name: &str) -> Option<String> {
        match self {
            Self::Icd10Cm => number_in(name, 4),
            Self::Loinc(loinc) => loinc.release(),
            Self::RxNorm => None,
            Self::Cvx(cvx) => cvx.release(),
            Self::Snomed(_) => number_in(name, 8),
        }
    }

    /// What a release is called with this code system.
    pub(crate) const fn release_example(&self) -> &'static str {
        match self {
            Self::Icd10Cm => "2026",
            Self::Loinc(_) => "2.81",
            Self::RxNorm => "11032025, the date of the release",
            Self::Cvx(_) => "2025-07-15",
            Self::Snomed(_) => "20260101, the date of the release",
        }
    }
}

/// The last number of so many digits in a name.
fn number_in(name: &str, digits: usize) -> Option<String> {
    let mut numbers = name.split(|c: char| !c.is_ascii_digit());
    numbers.rfind(|number| number.len() == digits).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_which_release_it_is() {
        assert_eq!(number_in("icd10cm_order_2026.txt", 4).as_deref(), Some("2026"), "a year");
        assert_eq!(number_in("icd10cm-order-April-2026.txt", 4).as_deref(), Some("2026"), "as of April");
        assert_eq!(number_in("GPS_20260101.txt", 8).as_deref(), Some("20260101"), "a date");
        assert_eq!(number_in("order.txt", 4), None, "or does not");
    }
}
