//! The drugs that the hospital prescribes, with their doses.
//!
//! Codes and displays: B = Synthea bulk export sample, S = Synthea R4 sample bundles, M = Synthea modules (the file is
//! named), V = VistA and Synthea lists that agree (855332, 308136). Doses: as the same sample prescribes, or the page
//! named at the row. Where no dose was found in a source, the row has words instead of numbers.

use super::allergy::Agent;
use super::code::{Code, rxnorm};

#[derive(Clone, Copy)]
pub(super) enum Dose {
    /// Amount and unit, times per period, period and its unit (h or d), what the label adds.
    Regular { amount: f64, unit: &'static str, times: u32, every: u32, period: &'static str, how: &'static str },
    /// As needed: amount and unit if a source gives one.
    Needed { amount: Option<(f64, &'static str)>, how: &'static str },
    /// Only words.
    Words(&'static str),
}

#[derive(Clone, Copy)]
pub(super) struct Drug {
    pub(super) code: Code,
    pub(super) dose: Dose,
    pub(super) oral: bool,
    /// Whoever is allergic to one of these does not get it.
    pub(super) avoid: &'static [Agent],
}

const fn daily(code: Code, amount: f64, unit: &'static str, times: u32, how: &'static str) -> Drug {
    Drug { code, dose: Dose::Regular { amount, unit, times, every: 1, period: "d", how }, oral: true, avoid: &[] }
}

const fn needed(code: Code, how: &'static str, oral: bool, avoid: &'static [Agent]) -> Drug {
    Drug { code, dose: Dose::Needed { amount: None, how }, oral, avoid }
}

const PENICILLINS: &[Agent] = &[Agent::Penicillin];
const PAINKILLERS: &[Agent] = &[Agent::Ibuprofen, Agent::Aspirin];

#[rustfmt::skip]
mod rows {
    use super::{Dose, Drug, PAINKILLERS, PENICILLINS, daily, needed, rxnorm};

    pub(in super::super) const LISINOPRIL_10: Drug = daily(rxnorm("314076", "lisinopril 10 MG Oral Tablet"), 10.0, "mg", 1, ""); // B, dose B
    pub(in super::super) const LISINOPRIL_20: Drug = daily(rxnorm("314077", "lisinopril 20 MG Oral Tablet"), 20.0, "mg", 1, ""); // M chf_meds_hfref_nyha2, dose M
    pub(in super::super) const LOSARTAN: Drug = daily(rxnorm("979492", "losartan potassium 50 MG Oral Tablet"), 50.0, "mg", 1, ""); // M chf_meds_hfref_nyha2, dose M
    pub(in super::super) const HYDROCHLOROTHIAZIDE: Drug = daily(rxnorm("310798", "Hydrochlorothiazide 25 MG Oral Tablet"), 25.0, "mg", 1, ""); // B, dose B
    pub(in super::super) const AMLODIPINE: Drug = daily(rxnorm("308136", "amLODIPine 2.5 MG Oral Tablet"), 2.5, "mg", 1, ""); // V; dose: drugs.com amlodipine, geriatric initial
    pub(in super::super) const METOPROLOL: Drug = daily(rxnorm("866412", "24 HR metoprolol succinate 100 MG Extended Release Oral Tablet"), 100.0, "mg", 1, ""); // B; dose S (866414)
    pub(in super::super) const CARVEDILOL: Drug = daily(rxnorm("200033", "carvedilol 25 MG Oral Tablet"), 25.0, "mg", 2, ""); // M chf_meds_hfref_nyha2, dose M
    pub(in super::super) const FUROSEMIDE: Drug = daily(rxnorm("313988", "Furosemide 40 MG Oral Tablet"), 40.0, "mg", 2, ""); // M chf_meds_hfref_nyha2, dose M
    pub(in super::super) const SPIRONOLACTONE: Drug = daily(rxnorm("313096", "spironolactone 25 MG Oral Tablet"), 25.0, "mg", 1, ""); // M chf_meds_hfref_nyha2, dose M
    pub(in super::super) const SIMVASTATIN: Drug = daily(rxnorm("314231", "Simvastatin 10 MG Oral Tablet"), 10.0, "mg", 1, ""); // B, dose B
    pub(in super::super) const METFORMIN: Drug = daily(rxnorm("860975", "24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet"), 500.0, "mg", 1, "with the evening meal"); // B, S; dose: metformin ER label (Granules, DailyMed), starting dose
    pub(in super::super) const WARFARIN: Drug = daily(rxnorm("855332", "warfarin sodium 5 MG Oral Tablet"), 5.0, "mg", 1, "adjusted to INR"); // V; dose: drugs.com warfarin, 2 to 10 mg once a day
    pub(in super::super) const LEVOTHYROXINE: Drug = daily(rxnorm("966222", "Levothyroxine Sodium 0.075 MG Oral Tablet"), 0.075, "mg", 1, ""); // M hypothyroidism, dose M
    pub(in super::super) const IRON: Drug = daily(rxnorm("310325", "ferrous sulfate 325 MG Oral Tablet"), 325.0, "mg", 1, ""); // B; dose: American Gastroenterological Association, once daily (droracle.ai 256536)
    pub(in super::super) const ALENDRONATE: Drug = daily(rxnorm("904419", "Alendronic acid 10 MG Oral Tablet"), 10.0, "mg", 1, "at least 30 minutes before the first food of the day"); // B; dose: wholehealthmd.com alendronate, treatment of osteoporosis
    pub(in super::super) const ASPIRIN: Drug = Drug { avoid: PAINKILLERS, ..daily(rxnorm("243670", "Aspirin 81 MG Oral Tablet"), 81.0, "mg", 1, "") }; // B, S; dose: 75 to 162 mg daily after ischemic heart disease (droracle.ai 472117)
    pub(in super::super) const AMOXICILLIN: Drug = Drug { avoid: PENICILLINS, ..daily(rxnorm("308192", "Amoxicillin 500 MG Oral Tablet"), 500.0, "mg", 3, "Take at regular intervals. Complete the prescribed course unless otherwise directed") }; // B, dose B
    pub(in super::super) const CO_AMOXICLAV: Drug = Drug { code: rxnorm("562251", "Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet"), dose: Dose::Regular { amount: 1.0, unit: "tablet", times: 1, every: 8, period: "h", how: "at the start of a meal" }, oral: true, avoid: PENICILLINS }; // B, S; dose: Augmentin label (globalrph.com)
    pub(in super::super) const PENICILLIN: Drug = Drug { code: rxnorm("834061", "Penicillin V Potassium 250 MG Oral Tablet"), dose: Dose::Regular { amount: 250.0, unit: "mg", times: 1, every: 8, period: "h", how: "for 10 days" }, oral: true, avoid: PENICILLINS }; // B; dose: drugs.com penicillin V, streptococcal infection
    pub(in super::super) const ACETAMINOPHEN: Drug = needed(rxnorm("313782", "Acetaminophen 325 MG Oral Tablet"), "for pain or fever", true, &[]); // B, S: as needed, no dose given
    pub(in super::super) const IBUPROFEN: Drug = needed(rxnorm("310965", "Ibuprofen 200 MG Oral Tablet"), "for pain", true, PAINKILLERS); // B, S: as needed
    pub(in super::super) const NAPROXEN: Drug = needed(rxnorm("849574", "Naproxen sodium 220 MG Oral Tablet"), "for joint pain", true, PAINKILLERS); // B, S: as needed
    pub(in super::super) const LORATADINE: Drug = needed(rxnorm("665078", "Loratadine 5 MG Chewable Tablet"), "for hay fever", true, &[]); // S: as needed
    pub(in super::super) const EPINEPHRINE: Drug = needed(rxnorm("1870230", "NDA020800 0.3 ML Epinephrine 1 MG/ML Auto-Injector"), "for a severe allergic reaction", false, &[]); // B, S: as needed
    pub(in super::super) const ALBUTEROL: Drug = Drug { code: rxnorm("745679", "200 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler"), dose: Dose::Needed { amount: Some((2.0, "inhalations")), how: "for wheezing, every 4 to 6 hours at most" }, oral: false, avoid: &[] }; // S; dose: albuterol HFA label (druglib.com)
    pub(in super::super) const FLUTICASONE: Drug = Drug { code: rxnorm("895994", "120 ACTUAT Fluticasone propionate 0.044 MG/ACTUAT Metered Dose Inhaler"), dose: Dose::Words("Use as written in the asthma plan"), oral: false, avoid: &[] }; // S
    pub(in super::super) const INSULIN: Drug = Drug { code: rxnorm("106892", "insulin isophane, human 70 UNT/ML / insulin, regular, human 30 UNT/ML Injectable Suspension [Humulin]"), dose: Dose::Words("Inject as written in the diabetes plan"), oral: false, avoid: &[] }; // B
    pub(in super::super) const NITROGLYCERIN: Drug = Drug { code: rxnorm("705129", "Nitroglycerin 0.4 MG/ACTUAT Mucosal Spray"), dose: Dose::Needed { amount: None, how: "for chest pain" }, oral: false, avoid: &[] }; // B
    pub(in super::super) const OXYCODONE: Drug = Drug { code: rxnorm("1049221", "Acetaminophen 325 MG / oxyCODONE Hydrochloride 5 MG Oral Tablet"), dose: Dose::Regular { amount: 1.0, unit: "tablet", times: 1, every: 6, period: "h", how: "" }, oral: true, avoid: &[] }; // S, dose S
}
pub(super) use rows::*;
