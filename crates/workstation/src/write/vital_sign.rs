//! A vital sign as FHIR has it. Pure: what was typed in, the Observation out.
//!
//! LOINC codes: FHIR R4 value set observation-vitalsignresult (hl7.org/fhir/R4/valueset-observation-vitalsignresult.html) and the
//! profile on it (hl7.org/fhir/R4/observation-vitalsigns.html). Units: UCUM, as FHIR R4 binds them in ucum-vitals-common,
//! ucum-bodytemp (`Cel`, `[degF]`), ucum-bodyweight (`kg`, `[lb_av]`) and, for the length, the vital signs guide of HL7 (centimetres
//! or inches). Oxygen that is breathed in: LOINC 3151-8 in `L/min`, as in the US Core Pulse Oximetry Profile. Consciousness: `acvpu`.
//!
//! What cannot be is refused by definition alone: a share above 100 %, a diastolic pressure (the lowest of a beat) above the systolic
//! one (the highest), a body without weight or height. What is hardly possible is asked about (`possible.rs`).

use serde_json::{Value, json};
use vigil_clinical::growth::{Measure, Posture};
use vigil_model::fhir::coding;
use vigil_model::fhir::field::at;
use vigil_model::fhir::json::number_as_written;

use super::draft::set;
use super::measure::Measured;
use crate::AppError;
use crate::acvpu::{ACVPU, Level, SNOMED};
use crate::view::{VitalSign, VitalSignEntry};

const LOINC: &str = "http://loinc.org";
const UCUM: &str = "http://unitsofmeasure.org";
const SYSTOLIC: (&str, &str) = ("8480-6", "Systolic blood pressure");
const DIASTOLIC: (&str, &str) = ("8462-4", "Diastolic blood pressure");

/// How one vital sign is coded.
struct Coded {
    system: &'static str,
    code: &'static str,
    name: &'static str,
    /// The unit that is stored: its UCUM code, and how people write it.
    unit: (&'static str, &'static str),
    /// Another unit in which it may be measured.
    other_unit: Option<(&'static str, &'static str)>,
    whole: bool,
}

const ALL: [VitalSign; 9] = [
    VitalSign::BloodPressure,
    VitalSign::HeartRate,
    VitalSign::RespiratoryRate,
    VitalSign::BodyTemperature,
    VitalSign::OxygenSaturation,
    VitalSign::InhaledOxygen,
    VitalSign::Consciousness,
    VitalSign::BodyWeight,
    VitalSign::BodyHeight,
];

const fn coded(sign: VitalSign) -> Coded {
    let (code, name, unit, other_unit, whole) = match sign {
        VitalSign::BloodPressure => ("85354-9", "Blood pressure", ("mm[Hg]", "mmHg"), None, true),
        VitalSign::HeartRate => ("8867-4", "Heart rate", ("/min", "/min"), None, true),
        VitalSign::RespiratoryRate => ("9279-1", "Respiratory rate", ("/min", "/min"), None, true),
        VitalSign::BodyTemperature => ("8310-5", "Body temperature", ("Cel", "°C"), Some(("[degF]", "°F")), false),
        VitalSign::OxygenSaturation => ("2708-6", "Oxygen saturation", ("%", "%"), None, false),
        VitalSign::InhaledOxygen => ("3151-8", "Inhaled oxygen flow rate", ("L/min", "L/min"), None, false),
        VitalSign::Consciousness => (ACVPU, "Level of consciousness (ACVPU)", ("", ""), None, false),
        VitalSign::BodyWeight => ("29463-7", "Body weight", ("kg", "kg"), Some(("[lb_av]", "lb")), false),
        VitalSign::BodyHeight => ("8302-2", "Body height", ("cm", "cm"), Some(("[in_i]", "in")), false),
    };
    let system = if matches!(sign, VitalSign::Consciousness) { SNOMED } else { LOINC };
    Coded { system, code, name, unit, other_unit, whole }
}

impl Coded {
    fn wrong(&self, what: &str) -> AppError {
        AppError::invalid(format!("{}: {what}", self.name))
    }

    fn number(&self, text: &str) -> Result<Measured, AppError> {
        let like = if self.whole { "write a whole number, like 72" } else { "write a number with a point, like 36.8" };
        Measured::parse(text).filter(|value| value.is_whole() || !self.whole).ok_or_else(|| self.wrong(like))
    }

    /// A value in the unit that is stored, and what was typed where that is another.
    fn quantity(&self, entry: &VitalSignEntry) -> Result<(Measured, Option<String>), AppError> {
        let typed = self.number(&entry.value)?;
        match self.other_unit {
            _ if entry.unit == self.unit.0 => Ok((typed, None)),
            Some((code, shown)) if entry.unit == code => {
                let value = typed.converted(code).ok_or_else(|| self.wrong("this cannot be; look at the unit"))?;
                Ok((value, Some(format!("{} {shown}", typed.text))))
            }
            _ => Err(self.wrong("this unit is not known here")),
        }
    }
}

/// Which of them an observation is.
pub(crate) fn vital_sign_of(observation: &Value) -> Option<VitalSign> {
    let code = at(observation, &["code"]);
    ALL.into_iter().find(|sign| {
        let of = coded(*sign);
        coding::has_code(code, of.system, of.code)
    })
}

/// What a vital sign that came with its code alone is called here.
pub(crate) fn vital_sign_name(concept: &Value) -> Option<&'static str> {
    let signs = ALL.into_iter().map(coded).map(|of| (of.system, of.code, of.name));
    let parts = [SYSTOLIC, DIASTOLIC].into_iter().map(|(code, name)| (LOINC, code, name));
    signs.chain(parts).find(|(system, code, _)| coding::has_code(concept, system, code)).map(|(.., name)| name)
}

/// What was measured or seen.
enum Reading {
    /// In the unit that is stored, and what was typed, where it was converted.
    Quantity(Measured, Option<String>),
    Pressure {
        systolic: Measured,
        diastolic: Measured,
    },
    Level(&'static Level),
}

/// A value that was typed and can be.
pub(super) struct Typed {
    sign: VitalSign,
    reading: Reading,
}

impl Typed {
    /// Reads one value.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] with what is wrong in words; the value is not repeated.
    pub(super) fn parse(entry: &VitalSignEntry) -> Result<Self, AppError> {
        let of = coded(entry.sign);
        let reading = match entry.sign {
            VitalSign::BloodPressure => pressure(&of, entry)?,
            VitalSign::Consciousness => level(&of, entry)?,
            VitalSign::HeartRate
            | VitalSign::RespiratoryRate
            | VitalSign::BodyTemperature
            | VitalSign::OxygenSaturation
            | VitalSign::InhaledOxygen
            | VitalSign::BodyWeight
            | VitalSign::BodyHeight => {
                let (value, typed) = of.quantity(entry)?;
                if entry.sign == VitalSign::OxygenSaturation && value.exceeds_all() {
                    return Err(of.wrong("a saturation is at most 100 %"));
                }
                if matches!(entry.sign, VitalSign::BodyWeight | VitalSign::BodyHeight) && value.is_zero() {
                    return Err(of.wrong("it cannot be nothing"));
                }
                Reading::Quantity(value, typed)
            }
        };
        Ok(Self { sign: entry.sign, reading })
    }

    pub(super) const fn sign(&self) -> VitalSign {
        self.sign
    }

    pub(super) const fn name(&self) -> &'static str {
        coded(self.sign).name
    }

    /// As people write it.
    pub(super) const fn unit(&self) -> &'static str {
        coded(self.sign).unit.1
    }

    /// The numbers in the unit that is stored: systolic before diastolic.
    pub(super) fn values(&self) -> Vec<f64> {
        match &self.reading {
            Reading::Quantity(value, _) => vec![value.number()],
            Reading::Pressure { systolic, diastolic } => vec![systolic.number(), diastolic.number()],
            Reading::Level(_) => Vec::new(),
        }
    }

    /// Each number with its code of LOINC, in the unit of UCUM that is stored.
    pub(super) fn coded_values(&self) -> Vec<(&'static str, &'static str, f64)> {
        let Coded { code, unit: (unit, _), .. } = coded(self.sign);
        let pressure = matches!(self.sign, VitalSign::BloodPressure);
        let codes = if pressure { vec![SYSTOLIC.0, DIASTOLIC.0] } else { vec![code] };
        codes.into_iter().zip(self.values()).map(|(code, value)| (code, unit, value)).collect()
    }

    /// What of a child's growth it is.
    pub(super) const fn growth(&self) -> Option<Measure> {
        if matches!(self.sign, VitalSign::BodyWeight) {
            Some(Measure::Weight)
        } else if matches!(self.sign, VitalSign::BodyHeight) {
            Some(Measure::Stature(Posture::NotSaid))
        } else {
            None
        }
    }

    /// `Blood pressure 120/80 mmHg`, `Body temperature 37 °C (typed as 98.6 °F)`, `Level of consciousness (ACVPU): Alert`.
    pub(super) fn line(&self) -> String {
        let Coded { name, unit: (_, unit), .. } = coded(self.sign);
        match &self.reading {
            Reading::Quantity(value, None) => format!("{name} {} {unit}", value.text),
            Reading::Quantity(value, Some(typed)) => format!("{name} {} {unit} (typed as {typed})", value.text),
            Reading::Pressure { systolic, diastolic } => format!("{name} {}/{} {unit}", systolic.text, diastolic.text),
            Reading::Level(level) => format!("{name}: {}", level.words),
        }
    }

    /// The elements of the Observation that say what was measured.
    pub(super) fn elements(&self) -> Value {
        let Coded { system, code, name, unit: (unit_code, unit), .. } = coded(self.sign);
        let quantity = |value: &Measured| json!({ "value": number_as_written(&value.text), "unit": unit, "system": UCUM, "code": unit_code });
        let mut elements = json!({
            "status": "final",
            "category": [{ "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs", "display": "Vital Signs"
            }] }],
            "code": concept(system, code, name),
        });
        match &self.reading {
            Reading::Quantity(value, typed) => {
                set(&mut elements, "valueQuantity", quantity(value));
                if let Some(typed) = typed {
                    set(&mut elements, "note", json!([{ "text": format!("Measured as {typed}") }]));
                }
            }
            Reading::Pressure { systolic, diastolic } => {
                let part = |(code, name), value| json!({ "code": concept(LOINC, code, name), "valueQuantity": quantity(value) });
                set(&mut elements, "component", json!([part(SYSTOLIC, systolic), part(DIASTOLIC, diastolic)]));
            }
            Reading::Level(level) => {
                set(&mut elements, "valueCodeableConcept", concept(SNOMED, level.code, level.words));
            }
        }
        elements
    }
}

fn concept(system: &str, code: &str, name: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code }], "text": name })
}

fn pressure(of: &Coded, entry: &VitalSignEntry) -> Result<Reading, AppError> {
    let parts = entry.value.split_once('/').ok_or_else(|| of.wrong("write both values, like 120/80"))?;
    let (systolic, diastolic) = (of.number(parts.0)?, of.number(parts.1)?);
    if entry.unit != of.unit.0 {
        return Err(of.wrong("this unit is not known here"));
    }
    if diastolic.exceeds(&systolic) {
        return Err(of.wrong("the diastolic value cannot be above the systolic one; look whether they are swapped"));
    }
    Ok(Reading::Pressure { systolic, diastolic })
}

fn level(of: &Coded, entry: &VitalSignEntry) -> Result<Reading, AppError> {
    if entry.unit != of.unit.0 {
        return Err(of.wrong("it has no unit"));
    }
    Level::typed(&entry.value).map(Reading::Level).ok_or_else(|| of.wrong("write one of the letters A, C, V, P, U"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorCode;

    fn typed(sign: VitalSign, value: &str, unit: &str) -> Result<Typed, AppError> {
        Typed::parse(&VitalSignEntry { sign, value: value.to_owned(), unit: unit.to_owned() })
    }

    #[test]
    fn what_was_typed_is_coded_as_the_profile_says() {
        let pressure = typed(VitalSign::BloodPressure, "120/80", "mm[Hg]").unwrap();
        assert_eq!(pressure.line(), "Blood pressure 120/80 mmHg", "in words");
        let elements = pressure.elements();
        assert!(coding::has_code(&elements["code"], LOINC, "85354-9"), "the panel");
        let codes = [0, 1].map(|at| elements["component"][at]["code"]["coding"][0]["code"].clone());
        assert_eq!(codes, [json!("8480-6"), json!("8462-4")], "systolic, then diastolic");
        assert_eq!(elements["component"][0]["valueQuantity"]["code"], "mm[Hg]", "in UCUM");
        assert!(elements.get("valueQuantity").is_none(), "a panel has no value of its own");

        let fever = typed(VitalSign::BodyTemperature, "101.3", "[degF]").unwrap();
        assert_eq!(fever.line(), "Body temperature 38.5 °C (typed as 101.3 °F)", "what was typed stays visible");
        assert_eq!(fever.elements()["valueQuantity"]["code"], "Cel", "one unit for the course");
        assert_eq!(fever.elements()["note"][0]["text"], "Measured as 101.3 °F", "and the measured one is kept");

        let voice = typed(VitalSign::Consciousness, "v", "").unwrap();
        assert_eq!(voice.line(), "Level of consciousness (ACVPU): Responds to voice", "in words");
        assert_eq!(Level::observed(&voice.elements()).map(|level| level.letter), Some("V"), "the score reads it");
        for sign in ALL {
            let value = if sign == VitalSign::BloodPressure {
                "120/80"
            } else if sign == VitalSign::Consciousness {
                "A"
            } else {
                "98"
            };
            let elements = typed(sign, value, coded(sign).unit.0).unwrap().elements();
            assert_eq!(vital_sign_of(&elements), Some(sign), "what is written is known again");
            let bare = json!({ "coding": elements["code"]["coding"] });
            assert_eq!(vital_sign_name(&bare), elements["code"]["text"].as_str(), "and named by its code alone");
            assert!(crate::chart::is_vital_sign(&elements), "{sign:?} stands among the vital signs");
        }
    }

    #[test]
    fn what_cannot_be_is_refused_and_not_repeated() {
        for (sign, value, unit, why) in [
            (VitalSign::HeartRate, "7x2", "/min", "whole number"),
            (VitalSign::HeartRate, "-72", "/min", "whole number"),
            (VitalSign::HeartRate, "72.5", "/min", "whole number"),
            (VitalSign::BloodPressure, "135", "mm[Hg]", "both values"),
            (VitalSign::BloodPressure, "75/135", "mm[Hg]", "swapped"),
            (VitalSign::BloodPressure, "135/75", "kPa", "unit"),
            (VitalSign::BodyTemperature, "36,8", "Cel", "point"),
            (VitalSign::BodyTemperature, "36.8", "K", "unit"),
            (VitalSign::BodyTemperature, "31", "[degF]", "look at the unit"),
            (VitalSign::OxygenSaturation, "100.5", "%", "at most 100 %"),
            (VitalSign::InhaledOxygen, "2", "%", "unit"),
            (VitalSign::Consciousness, "drowsy", "", "A, C, V, P, U"),
            (VitalSign::Consciousness, "98", "%", "no unit"),
            (VitalSign::BodyWeight, "0", "kg", "nothing"),
            (VitalSign::BodyHeight, "0.0", "[in_i]", "nothing"),
        ] {
            let refused = typed(sign, value, unit).map(|typed| typed.line()).unwrap_err();
            assert!(
                refused.code == ErrorCode::Invalid && refused.message.contains(why),
                "{value}: {}",
                refused.message
            );
            assert!(!refused.message.contains(value), "an error does not repeat what is in a chart");
        }
        for (sign, value, unit) in [
            (VitalSign::OxygenSaturation, "100", "%"),
            (VitalSign::BloodPressure, "80/80", "mm[Hg]"),
            (VitalSign::HeartRate, "0", "/min"),
            (VitalSign::InhaledOxygen, "0", "L/min"),
            (VitalSign::Consciousness, "U", ""),
        ] {
            assert!(typed(sign, value, unit).is_ok(), "{value} can be, however rare");
        }
    }
}
