//! What of the social history is observed, as US Core has it.
//!
//! Codes as in the examples of US Core 9.0.0 (HL7/US-Core): 72166-2 `some-day-smoker.json`, 11331-6 `Observation-alcohol-use-status.json`,
//! 11341-5 `observation-occupation.json`, 105045-9 `e-cig-user.json`; displays of the findings from its value set
//! us-core-observation-smokingstatus 3.1.1 (hl7.org/fhir/us/core/STU3.1.1), which has these eight codes of SNOMED CT by agreement between
//! SNOMED International and HL7; no other content of SNOMED CT comes with the program. For substance use the examples have a code of SNOMED
//! CT alone, so that stays words.

use serde_json::{Value, json};

use crate::view::SocialTopic;

const LOINC: &str = "http://loinc.org";

/// LOINC: tobacco smoking status.
pub(super) const SMOKING_STATUS: &str = "72166-2";

impl SocialTopic {
    /// Code and display of a smoking status.
    const fn smoking(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::SmokesEveryDay => ("449868002", "Current every day smoker"),
            Self::SmokesSomeDays => ("428041000124106", "Current some day smoker"),
            Self::FormerSmoker => ("8517006", "Former smoker"),
            Self::NeverSmoker => ("266919005", "Never smoker"),
            Self::SmokerStatusUnknown => ("77176002", "Smoker, current status unknown"),
            Self::UnknownIfEverSmoked => ("266927001", "Unknown if ever smoked"),
            Self::HeavySmoker => ("428071000124103", "Current Heavy tobacco smoker"),
            Self::LightSmoker => ("428061000124105", "Current Light tobacco smoker"),
            Self::ElectronicCigarettes | Self::Alcohol | Self::Substances | Self::Occupation | Self::Other => {
                return None;
            }
        })
    }

    /// The finding that it is by itself, a CodeableConcept; none of what is written in words.
    pub(super) fn finding(self) -> Option<Value> {
        let (code, display) = self.smoking()?;
        // The US edition, which has the codes of six digits more.
        let (system, version) = ("http://snomed.info/sct", "http://snomed.info/sct/731000124108");
        let coding = json!({ "system": system, "version": version, "code": code, "display": display });
        Some(json!({ "coding": [coding], "text": display }))
    }

    /// LOINC and words of what is observed; none of what whoever writes names.
    const fn asked(self) -> Option<(Option<&'static str>, &'static str)> {
        Some(match self {
            Self::ElectronicCigarettes => (Some("105045-9"), "Electronic cigarette status"),
            Self::Alcohol => (Some("11331-6"), "History of Alcohol use"),
            Self::Occupation => (Some("11341-5"), "History of Occupation"),
            Self::Substances => (None, "Substance use"),
            Self::Other => return None,
            Self::SmokesEveryDay
            | Self::SmokesSomeDays
            | Self::FormerSmoker
            | Self::NeverSmoker
            | Self::SmokerStatusUnknown
            | Self::UnknownIfEverSmoked
            | Self::HeavySmoker
            | Self::LightSmoker => (Some(SMOKING_STATUS), "Tobacco smoking status"),
        })
    }

    /// What is observed, a CodeableConcept; none of what whoever writes names.
    pub(super) fn code(self) -> Option<Value> {
        let (code, words) = self.asked()?;
        Some(match code {
            Some(code) => json!({ "coding": [{ "system": LOINC, "code": code, "display": words }], "text": words }),
            None => json!({ "text": words }),
        })
    }

    /// In words, with what was found: `Tobacco smoking status: Former smoker`.
    pub(super) fn line(self, named: &str, found: &str) -> String {
        let what = self.asked().map_or(named, |(_, words)| words);
        format!("{what}: {}", self.smoking().map_or(found, |(_, display)| display))
    }
}

/// The category of all of them, a list of one CodeableConcept.
pub(super) fn categories() -> Value {
    let (code, display) = ("social-history", "Social History");
    let system = "http://terminology.hl7.org/CodeSystem/observation-category";
    json!([{ "coding": [{ "system": system, "code": code, "display": display }], "text": display }])
}
