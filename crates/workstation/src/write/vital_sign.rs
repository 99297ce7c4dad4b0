//! A vital sign as FHIR has it. Pure: what was typed in, the Observation out.
//!
//! LOINC codes: FHIR R4 value set observation-vitalsignresult (hl7.org/fhir/R4/valueset-observation-vitalsignresult.html) and the
//! profile on it (hl7.org/fhir/R4/observation-vitalsigns.html). Units: UCUM, as FHIR R4 binds them in ucum-vitals-common,
//! ucum-bodytemp (`Cel`, `[degF]`), ucum-bodyweight (`kg`, `[lb_av]`) and, for the length, the vital signs guide of HL7 (centimetres
//! or inches).
//!
//! What cannot be is refused by definition alone: a share above 100 %, a diastolic pressure (the lowest of a beat) above the systolic
//! one (the highest), a body without weight or height. No range of what is plausible is loaded.

use serde_json::{Value, json};
use vigil_model::fhir::coding;
use vigil_model::fhir::field::at;
use vigil_model::fhir::json::number_as_written;

use super::draft::set;
use super::measure::Measured;
use crate::AppError;
use crate::view::{VitalSign, VitalSignEntry};

const LOINC: &str = "http://loinc.org";
const UCUM: &str = "http://unitsofmeasure.org";
const SYSTOLIC: (&str, &str) = ("8480-6", "Systolic blood pressure");
const DIASTOLIC: (&str, &str) = ("8462-4", "Diastolic blood pressure");

/// How one vital sign is coded.
struct Coded {
    loinc: &'static str,
    name: &'static str,
    /// The unit that is stored: its UCUM code, and how people write it.
    unit: (&'static str, &'static str),
    /// Another unit in which it may be measured.
    other_unit: Option<(&'static str, &'static str)>,
    whole: bool,
}

const ALL: [VitalSign; 7] = [
    VitalSign::BloodPressure,
    VitalSign::HeartRate,
    VitalSign::RespiratoryRate,
    VitalSign::BodyTemperature,
    VitalSign::OxygenSaturation,
    VitalSign::BodyWeight,
    VitalSign::BodyHeight,
];

const fn coded(sign: VitalSign) -> Coded {
    let (loinc, name, unit, other_unit, whole) = match sign {
        VitalSign::BloodPressure => ("85354-9", "Blood pressure", ("mm[Hg]", "mmHg"), None, true),
        VitalSign::HeartRate => ("8867-4", "Heart rate", ("/min", "/min"), None, true),
        VitalSign::RespiratoryRate => ("9279-1", "Respiratory rate", ("/min", "/min"), None, true),
        VitalSign::BodyTemperature => ("8310-5", "Body temperature", ("Cel", "°C"), Some(("[degF]", "°F")), false),
        VitalSign::OxygenSaturation => ("2708-6", "Oxygen saturation", ("%", "%"), None, false),
        VitalSign::BodyWeight => ("29463-7", "Body weight", ("kg", "kg"), Some(("[lb_av]", "lb")), false),
        VitalSign::BodyHeight => ("8302-2", "Body height", ("cm", "cm"), Some(("[in_i]", "in")), false),
    };
    Coded { loinc, name, unit, other_unit, whole }
}

/// Which of them an observation is.
pub(crate) fn vital_sign_of(observation: &Value) -> Option<VitalSign> {
    let code = at(observation, &["code"]);
    ALL.into_iter().find(|sign| coding::has_code(code, LOINC, coded(*sign).loinc))
}

/// A value that was typed and can be.
#[derive(Debug)]
pub(super) struct Typed {
    sign: VitalSign,
    /// In the unit that is stored; of a blood pressure the systolic one.
    value: Measured,
    diastolic: Option<Measured>,
    /// What was typed, where it was converted.
    typed: Option<String>,
}

impl Typed {
    /// Reads one value.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] with what is wrong in words; the value is not repeated.
    pub(super) fn parse(entry: &VitalSignEntry) -> Result<Self, AppError> {
        let Coded { name, unit, other_unit, whole, .. } = coded(entry.sign);
        let wrong = |what: &str| AppError::invalid(format!("{name}: {what}"));
        let number = |text: &str| {
            let value = Measured::parse(text).ok_or_else(|| {
                wrong(if whole { "write a whole number, like 72" } else { "write a number with a point, like 36.8" })
            })?;
            if whole && !value.is_whole() { Err(wrong("write a whole number, like 72")) } else { Ok(value) }
        };
        if entry.sign == VitalSign::BloodPressure {
            let parts = entry.value.split_once('/').ok_or_else(|| wrong("write both values, like 120/80"))?;
            let (systolic, diastolic) = (number(parts.0)?, number(parts.1)?);
            if entry.unit != unit.0 {
                return Err(wrong("this unit is not known here"));
            }
            if diastolic.exceeds(&systolic) {
                return Err(wrong(
                    "the diastolic value cannot be above the systolic one; look whether they are swapped",
                ));
            }
            return Ok(Self { sign: entry.sign, value: systolic, diastolic: Some(diastolic), typed: None });
        }
        let typed = number(&entry.value)?;
        let (value, typed) = match other_unit {
            _ if entry.unit == unit.0 => (typed, None),
            Some((code, shown)) if entry.unit == code => {
                let value = typed.converted(code).ok_or_else(|| wrong("this cannot be; look at the unit"))?;
                (value, Some(format!("{} {shown}", typed.text)))
            }
            _ => return Err(wrong("this unit is not known here")),
        };
        if entry.sign == VitalSign::OxygenSaturation && value.exceeds_all() {
            return Err(wrong("a saturation is at most 100 %"));
        }
        if matches!(entry.sign, VitalSign::BodyWeight | VitalSign::BodyHeight) && value.is_zero() {
            return Err(wrong("it cannot be nothing"));
        }
        Ok(Self { sign: entry.sign, value, diastolic: None, typed })
    }

    pub(super) const fn sign(&self) -> VitalSign {
        self.sign
    }

    /// `Blood pressure 120/80 mmHg`, `Body temperature 37 °C (typed as 98.6 °F)`.
    pub(super) fn line(&self) -> String {
        let Coded { name, unit, .. } = coded(self.sign);
        let diastolic = self.diastolic.as_ref().map(|value| format!("/{}", value.text)).unwrap_or_default();
        let typed = self.typed.as_ref().map(|typed| format!(" (typed as {typed})")).unwrap_or_default();
        format!("{name} {}{diastolic} {}{typed}", self.value.text, unit.1)
    }

    /// The elements of the Observation that say what was measured.
    pub(super) fn elements(&self) -> Value {
        let Coded { loinc, name, unit: (code, unit), .. } = coded(self.sign);
        let quantity = |value: &Measured| json!({ "value": number_as_written(&value.text), "unit": unit, "system": UCUM, "code": code });
        let concept = |code: &str, name: &str| json!({ "coding": [{ "system": LOINC, "code": code }], "text": name });
        let mut elements = json!({
            "status": "final",
            "category": [{ "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs", "display": "Vital Signs"
            }] }],
            "code": concept(loinc, name),
        });
        match &self.diastolic {
            Some(diastolic) => {
                set(
                    &mut elements,
                    "component",
                    json!([
                        { "code": concept(SYSTOLIC.0, SYSTOLIC.1), "valueQuantity": quantity(&self.value) },
                        { "code": concept(DIASTOLIC.0, DIASTOLIC.1), "valueQuantity": quantity(diastolic) },
                    ]),
                );
            }
            None => set(&mut elements, "valueQuantity", quantity(&self.value)),
        }
        if let Some(typed) = &self.typed {
            set(&mut elements, "note", json!([{ "text": format!("Measured as {typed}") }]));
        }
        elements
    }
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
        for sign in ALL {
            let value = if sign == VitalSign::BloodPressure { "120/80" } else { "98" };
            let elements = typed(sign, value, coded(sign).unit.0).unwrap().elements();
            assert_eq!(vital_sign_of(&elements), Some(sign), "what is written is known again");
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
            (VitalSign::BodyWeight, "0", "kg", "nothing"),
            (VitalSign::BodyHeight, "0.0", "[in_i]", "nothing"),
        ] {
            let refused = typed(sign, value, unit).unwrap_err();
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
        ] {
            assert!(typed(sign, value, unit).is_ok(), "{value} can be, however rare");
        }
    }
}
