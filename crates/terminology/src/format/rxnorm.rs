//! The names of RxNorm (`RXNCONSO.RRF`): 18 fields, a bar behind each (NLM, RxNorm Technical Documentation, RXNCONSO.RRF: RXCUI, LAT, TS, LUI,
//! STT, SUI, ISPREF, RXAUI, SAUI, SCUI, SDUI, SAB, TTY, CODE, STR, SRL, SUPPRESS, CVF).
//!
//! A code of RxNorm in FHIR is an RXCUI of SAB=RXNORM (terminology.hl7.org/RxNorm.html). Term types: those of US Core's Medication Clinical
//! Drug, and those of the substances that allergies are to (hl7.org/fhir/us/daf ValueSet daf-core-substance-rxnorm). What is suppressed in any
//! way (SUPPRESS other than N) is left out.

use crate::Concept;

const TERM_TYPES: [&str; 12] = ["SCD", "SBD", "GPCK", "BPCK", "SCDG", "SBDG", "SCDF", "SBDF", "IN", "PIN", "MIN", "BN"];

pub(super) fn line(line: &str) -> Result<Option<Concept>, String> {
    if line.is_empty() {
        return Ok(None);
    }
    let fields: Vec<&str> = line.split('|').collect();
    let [rxcui, lat, _, _, _, _, _, _, _, _, _, sab, tty, _, name, _, suppress, _, ..] = fields.as_slice() else {
        return Err("it has fewer than the 18 fields of RXNCONSO.RRF between bars".to_owned());
    };
    if rxcui.is_empty() || !rxcui.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("it does not begin with an RXCUI, which is a number".to_owned());
    }
    if *sab != "RXNORM" || *lat != "ENG" || *suppress != "N" || !TERM_TYPES.contains(tty) {
        return Ok(None);
    }
    Concept::new(rxcui, name, tty, "").map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(sab: &str, tty: &str, suppress: &str) -> String {
        format!("1191|ENG||||||829||1191||{sab}|{tty}|1191|aspirin||{suppress}|4096|")
    }

    #[test]
    fn the_names_of_rxnorm_itself_are_taken() {
        let aspirin = line(&row("RXNORM", "IN", "N")).unwrap().unwrap();
        assert_eq!((aspirin.code.as_str(), aspirin.display.as_str(), aspirin.kind.as_str()), ("1191", "aspirin", "IN"));
        for (sab, tty, suppress) in [("MMSL", "IN", "N"), ("RXNORM", "TMSY", "N"), ("RXNORM", "IN", "O")] {
            assert_eq!(line(&row(sab, tty, suppress)).unwrap(), None, "{sab} {tty} {suppress} is left out");
        }
    }

    #[test]
    fn another_file_of_the_release_is_refused() {
        assert!(line("1191||A|829|4096|").is_err() && line("aspirin").is_err(), "it has other fields");
    }
}
