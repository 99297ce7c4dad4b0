//! What the laboratory can measure: codes, units, reference ranges of adults, critical limits.
//!
//! Every range has a source, named at its row; an analyte whose range was found nowhere has none, and children and
//! people of other or unknown gender get none where the range is of adults or of one sex.
//! Codes and panels: US Core 9.0.0 examples and the Synthea R4 sample bundles; 3016-3: Synthea module hypothyroidism;
//! 6301-6: FHIR Japan Core style example and several lists that agree.
//!
//! Sources of ranges and limits:
//! - UC: US Core 9.0.0 example Observation named at the row
//! - EC: eCampusOntario Pressbooks, Clinical Cases, "Laboratory Tests Reference Ranges"
//! - BT: "Lower and Higher ranges of lab tests for adults" (blood-test.biz)
//! - AMA: American Medical Association Family Medical Guide, liver tests
//! - ABIM: American Board of Internal Medicine, exam reference ranges (serum albumin)
//! - HO: "What is a comprehensive metabolic panel" (healthyoptions.com.ph)
//! - MM: Merck Manual, consumer version, desirable lipid levels
//! - KD: K/DOQI stages of chronic kidney disease (Diabetes Care, table 13)
//! - ML: MedlinePlus TSH range (quoted by reference.com)
//! - RV: Ridgeview Medical Center test catalog LAB2436, PT/INR
//! - AR: ARUP critical values list, rev. 26, April 2017
//! - ST: Starling Physicians laboratory critical results

use super::code::{Code, loinc};

/// Low and high end; both ends belong to the normal range.
pub(super) type Range = (Option<f64>, Option<f64>);

#[derive(Clone, Copy)]
pub(super) enum Normal {
    Unknown,
    Adult(f64, f64),
    AtMost(f64),
    AtLeast(f64),
    /// Men low and high, women low and high.
    BySex((f64, f64), (f64, f64)),
}

#[derive(Clone, Copy)]
pub(super) struct Analyte {
    /// What people call it.
    pub(super) name: &'static str,
    pub(super) code: Code,
    pub(super) unit: &'static str,
    pub(super) decimals: u8,
    pub(super) normal: Normal,
    /// Critical below the first, above the second.
    pub(super) critical: Range,
}

const fn analyte(
    name: &'static str,
    code: Code,
    unit: &'static str,
    decimals: u8,
    normal: Normal,
    critical: Range,
) -> Analyte {
    Analyte { name, code, unit, decimals, normal, critical }
}

const NONE: Range = (None, None);
use Normal::{Adult, AtLeast, AtMost, BySex, Unknown};

#[rustfmt::skip]
mod rows {
    use super::{Adult, Analyte, AtLeast, AtMost, BySex, NONE, Unknown, analyte, loinc};

    // UC serum-sodium; AR < 120, > 160
    pub(in super::super) const SODIUM: Analyte = analyte("Sodium", loinc("2951-2", "Sodium SerPl-sCnc"), "mmol/L", 0, Adult(135.0, 145.0), (Some(120.0), Some(160.0)));
    // UC serum-potassium; AR < 3.0, > 6.1
    pub(in super::super) const POTASSIUM: Analyte = analyte("Potassium", loinc("2823-3", "Potassium SerPl-sCnc"), "mmol/L", 1, Adult(3.5, 5.5), (Some(3.0), Some(6.1)));
    // UC serum-chloride
    pub(in super::super) const CHLORIDE: Analyte = analyte("Chloride", loinc("2075-0", "Chloride SerPl-sCnc"), "mmol/L", 0, Adult(95.0, 105.0), NONE);
    // UC serum-co2; AR < 10, > 40
    pub(in super::super) const BICARBONATE: Analyte = analyte("Carbon dioxide", loinc("2028-9", "CO2 SerPl-sCnc"), "mmol/L", 0, Adult(22.0, 29.0), (Some(10.0), Some(40.0)));
    // UC serum-bun
    pub(in super::super) const UREA: Analyte = analyte("Urea nitrogen (BUN)", loinc("3094-0", "BUN SerPl-mCnc"), "mg/dL", 0, Adult(5.0, 20.0), NONE);
    // BT (US Core's serum-creatinine 0.2-0.6 is an infant's)
    pub(in super::super) const CREATININE: Analyte = analyte("Creatinine", loinc("2160-0", "Creat SerPl-mCnc"), "mg/dL", 2, BySex((0.6, 1.2), (0.5, 1.1)), NONE);
    // KD: below 60 for three months is chronic kidney disease
    pub(in super::super) const FILTRATION: Analyte = analyte("Estimated GFR", loinc("33914-3", "Estimated Glomerular Filtration Rate"), "mL/min/{1.73_m2}", 0, AtLeast(60.0), NONE);
    // UC serum-calcium; AR < 6.0, > 13.0
    pub(in super::super) const CALCIUM: Analyte = analyte("Calcium", loinc("17861-6", "Calcium SerPl-mCnc"), "mg/dL", 1, Adult(8.5, 10.5), (Some(6.0), Some(13.0)));
    // BT fasting (US Core's serum-glucose 40-109 is an infant's); AR < 40, > 450
    pub(in super::super) const GLUCOSE: Analyte = analyte("Glucose, fasting", loinc("2345-7", "Glucose SerPl-mCnc"), "mg/dL", 0, Adult(70.0, 99.0), (Some(40.0), Some(450.0)));
    // BT: below 5.7 %
    pub(in super::super) const A1C: Analyte = analyte("Hemoglobin A1c", loinc("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood"), "%", 1, AtMost(5.6), NONE);
    // No range with a source
    pub(in super::super) const ALBUMIN_IN_URINE: Analyte = analyte("Microalbumin/creatinine in urine", loinc("14959-1", "Microalbumin Creatinine Ratio"), "mg/g", 0, Unknown, NONE);

    // EC; ST <= 1.0, >= 25.0
    pub(in super::super) const LEUKOCYTES: Analyte = analyte("Leukocytes", loinc("6690-2", "Leukocytes [#/volume] in Blood by Automated count"), "10*3/uL", 1, Adult(4.5, 11.0), (Some(1.1), Some(24.9)));
    // EC
    pub(in super::super) const ERYTHROCYTES: Analyte = analyte("Erythrocytes", loinc("789-8", "Erythrocytes [#/volume] in Blood by Automated count"), "10*6/uL", 2, BySex((4.5, 5.9), (4.1, 5.1)), NONE);
    // EC; ST <= 7.0
    pub(in super::super) const HEMOGLOBIN: Analyte = analyte("Hemoglobin", loinc("718-7", "Hemoglobin [Mass/volume] in Blood"), "g/dL", 1, BySex((14.0, 17.5), (12.3, 15.3)), (Some(7.1), None));
    // EC
    pub(in super::super) const HEMATOCRIT: Analyte = analyte("Hematocrit", loinc("4544-3", "Hematocrit [Volume Fraction] of Blood by Automated count"), "%", 1, BySex((41.5, 50.4), (35.9, 44.6)), NONE);
    // EC
    pub(in super::super) const CELL_VOLUME: Analyte = analyte("MCV", loinc("787-2", "MCV [Entitic volume] by Automated count"), "fL", 1, Adult(80.0, 96.0), NONE);
    // EC; ST <= 20, >= 1000
    pub(in super::super) const PLATELETS: Analyte = analyte("Platelets", loinc("777-3", "Platelets [#/volume] in Blood by Automated count"), "10*3/uL", 0, Adult(150.0, 450.0), (Some(21.0), Some(999.0)));

    // MM: less than 200, 100, 150; more than 40
    pub(in super::super) const CHOLESTEROL: Analyte = analyte("Total cholesterol", loinc("2093-3", "Total Cholesterol"), "mg/dL", 0, AtMost(199.0), NONE);
    pub(in super::super) const LDL: Analyte = analyte("LDL cholesterol", loinc("18262-6", "Low Density Lipoprotein Cholesterol"), "mg/dL", 0, AtMost(99.0), NONE);
    pub(in super::super) const HDL: Analyte = analyte("HDL cholesterol", loinc("2085-9", "High Density Lipoprotein Cholesterol"), "mg/dL", 0, AtLeast(41.0), NONE);
    pub(in super::super) const TRIGLYCERIDES: Analyte = analyte("Triglycerides", loinc("2571-8", "Triglycerides"), "mg/dL", 0, AtMost(149.0), NONE);

    // AMA
    pub(in super::super) const ALT: Analyte = analyte("ALT", loinc("1742-6", "Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma"), "U/L", 0, Adult(5.0, 35.0), NONE);
    pub(in super::super) const AST: Analyte = analyte("AST", loinc("1920-8", "Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma"), "U/L", 0, Adult(10.0, 34.0), NONE);
    pub(in super::super) const PHOSPHATASE: Analyte = analyte("Alkaline phosphatase", loinc("6768-6", "Alkaline phosphatase [Enzymatic activity/volume] in Serum or Plasma"), "U/L", 0, Adult(40.0, 157.0), NONE);
    // HO
    pub(in super::super) const BILIRUBIN: Analyte = analyte("Bilirubin, total", loinc("1975-2", "Bilirubin.total [Mass/volume] in Serum or Plasma"), "mg/dL", 1, Adult(0.3, 1.9), NONE);
    pub(in super::super) const PROTEIN: Analyte = analyte("Protein, total", loinc("2885-2", "Protein [Mass/volume] in Serum or Plasma"), "g/dL", 1, Adult(6.0, 8.3), NONE);
    // ABIM
    pub(in super::super) const ALBUMIN: Analyte = analyte("Albumin", loinc("1751-7", "Albumin [Mass/volume] in Serum or Plasma"), "g/dL", 1, Adult(3.5, 5.5), NONE);

    // ML
    pub(in super::super) const THYROTROPIN: Analyte = analyte("TSH", loinc("3016-3", "Thyrotropin [Units/volume] in Serum or Plasma"), "m[IU]/L", 2, Adult(0.4, 4.0), NONE);
    // RV: 2.0-3.0 under treatment of chronic atrial fibrillation; > 4.5 is critical
    pub(in super::super) const INR: Analyte = analyte("INR", loinc("6301-6", "INR in Platelet poor plasma by Coagulation assay"), "{INR}", 1, Adult(2.0, 3.0), (None, Some(4.5)));
    // No range with a source
    pub(in super::super) const NT_PROBNP: Analyte = analyte("NT-proBNP", loinc("33762-6", "NT-proBNP"), "pg/mL", 0, Unknown, NONE);
}
pub(super) use rows::*;

pub(super) const BASIC_PANEL: Code = loinc("24321-2", "Basic metabolic 2000 panel - Serum or Plasma"); // US Core metabolic-panel
pub(super) const FULL_PANEL: Code = loinc("24323-8", "Comprehensive metabolic 2000 panel - Serum or Plasma"); // Synthea R4
pub(super) const BLOOD_COUNT: Code = loinc("58410-2", "CBC panel - Blood by Automated count"); // US Core cbc
pub(super) const LIPID_PANEL: Code = loinc("57698-3", "Lipid Panel"); // Synthea R4

impl Analyte {
    /// The range that holds for this person, if one is known.
    pub(super) fn range(&self, gender: &str, years_old: f64) -> Option<Range> {
        if years_old < 18.0 {
            return None;
        }
        match (self.normal, gender) {
            (Unknown, _) => None,
            (Adult(low, high), _) => Some((Some(low), Some(high))),
            (AtMost(high), _) => Some((None, Some(high))),
            (AtLeast(low), _) => Some((Some(low), None)),
            (BySex((low, high), _), "male") | (BySex(_, (low, high)), "female") => Some((Some(low), Some(high))),
            (BySex(..), _) => None,
        }
    }

    /// v3-ObservationInterpretation code and display for a value: critical, outside or inside its range.
    pub(super) fn interpretation(&self, value: f64, range: Range) -> (&'static str, &'static str) {
        let below = |limit: Option<f64>| limit.is_some_and(|limit| value < limit);
        let above = |limit: Option<f64>| limit.is_some_and(|limit| value > limit);
        if below(self.critical.0) {
            ("LL", "Critical low")
        } else if above(self.critical.1) {
            ("HH", "Critical high")
        } else if below(range.0) {
            ("L", "Low")
        } else if above(range.1) {
            ("H", "High")
        } else {
            ("N", "Normal")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_on_the_limit_is_normal_and_the_next_one_is_not() {
        let range = POTASSIUM.range("female", 40.0).unwrap();
        let of = |value: f64| POTASSIUM.interpretation(value, range).0;
        assert_eq!(
            [of(2.9), of(3.0), of(3.5), of(5.5), of(5.6), of(6.2)],
            ["LL", "L", "N", "N", "H", "HH"],
            "potassium"
        );
    }

    #[test]
    fn a_range_of_one_sex_or_of_adults_is_not_given_to_others() {
        assert_eq!(CREATININE.range("other", 40.0), None, "no range for an unknown body");
        assert_eq!(SODIUM.range("male", 9.0), None, "no adult range for a child");
    }
}
