//! The code systems that Vigil knows.
//!
//! URIs: FHIR R4, hl7.org/fhir/R4/terminologies-systems.html, and the CodeSystem resources of `fhir.tx.support.r4`. How a release is written
//! as `Coding.version`: terminology.hl7.org/RxNorm.html (`07092014`); hl7.org/fhir/R4/snomedct.html (the URI of an edition and its date).

/// A code system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CodeSystem {
    /// ICD-10-CM: diagnoses.
    Icd10Cm,
    /// LOINC: observations.
    Loinc,
    /// RxNorm: medicines and their ingredients.
    RxNorm,
    /// CVX: vaccines.
    Cvx,
    /// SNOMED CT, as far as the Global Patient Set has it.
    Snomed,
}

/// The International Edition, whose concepts the Global Patient Set lists (SNOMED CT URI Standard, section 2.1).
const SNOMED_INTERNATIONAL: &str = "http://snomed.info/sct/900000000000207008/version/";

impl CodeSystem {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Icd10Cm, Self::Loinc, Self::RxNorm, Self::Cvx, Self::Snomed];

    /// Its word on the command line, in file names and in the audit log.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Icd10Cm => "icd-10-cm",
            Self::Loinc => "loinc",
            Self::RxNorm => "rxnorm",
            Self::Cvx => "cvx",
            Self::Snomed => "snomed-gps",
        }
    }

    /// The code system with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|system| system.code() == code)
    }

    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Icd10Cm => "ICD-10-CM",
            Self::Loinc => "LOINC",
            Self::RxNorm => "RxNorm",
            Self::Cvx => "CVX",
            Self::Snomed => "SNOMED CT",
        }
    }

    /// `Coding.system`.
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Icd10Cm => "http://hl7.org/fhir/sid/icd-10-cm",
            Self::Loinc => "http://loinc.org",
            Self::RxNorm => "http://www.nlm.nih.gov/research/umls/rxnorm",
            Self::Cvx => "http://hl7.org/fhir/sid/cvx",
            Self::Snomed => "http://snomed.info/sct",
        }
    }

    /// `Coding.version` of a release.
    pub fn coding_version(self, release: &str) -> String {
        match self {
            Self::Snomed => format!("{SNOMED_INTERNATIONAL}{release}"),
            Self::Icd10Cm | Self::Loinc | Self::RxNorm | Self::Cvx => release.to_owned(),
        }
    }

    /// The file of a release that is read, for messages.
    pub const fn release_file(self) -> &'static str {
        match self {
            Self::Icd10Cm => "the order file, icd10cm_order_2026.txt or the like",
            Self::Loinc => "Loinc.csv of the folder LoincTable",
            Self::RxNorm => "RXNCONSO.RRF of the folder rrf",
            Self::Cvx => "cvx.txt, the code set separated by bars",
            Self::Snomed => "the tab-separated file of the Global Patient Set",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_system_has_a_word_of_its_own() {
        for system in CodeSystem::ALL {
            assert_eq!(CodeSystem::from_code(system.code()), Some(system), "{system:?}");
        }
        assert_eq!(CodeSystem::from_code("icd-9-cm"), None, "none that is not known");
    }

    #[test]
    fn a_snomed_release_is_a_uri_and_every_other_its_own_word() {
        assert_eq!(
            CodeSystem::Snomed.coding_version("20260101"),
            "http://snomed.info/sct/900000000000207008/version/20260101",
            "an edition and a date"
        );
        assert_eq!(CodeSystem::Icd10Cm.coding_version("2026"), "2026", "a fiscal year");
    }
}
