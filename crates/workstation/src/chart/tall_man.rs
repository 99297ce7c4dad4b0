//! Tall Man lettering: capitals that tell look-alike drug names apart. Only listed names are changed, and only as they are shown.
//!
//! Version of the table: FDA and ISMP Lists of Look-Alike Drug Names with Recommended Tall Man Letters, as published at
//! `ismp.org/recommendations/tall-man-letters-list` (2023, table 1, the part that is free to read: acetaZOLAMIDE to hydrALAZINE) and, for the rest of the
//! FDA list and the generic names that ISMP adds, as reprinted in Nursing 2009 (`nursingcenter.com`, article 840580) and in ISMP's own sheet of 2008.
//! Names that the 2023 list may have added since are not here, brand names are left out. Where the sources differ (CISplatin), the newer counts.

const NAMES: [&str; 74] = [
    // FDA
    "acetaZOLAMIDE",
    "acetoHEXAMIDE",
    "buPROPion",
    "busPIRone",
    "chlorproMAZINE",
    "chlorproPAMIDE",
    "CISplatin",
    "CARBOplatin",
    "clomiPHENE",
    "clomiPRAMINE",
    "cycloSERINE",
    "cycloSPORINE",
    "DAUNOrubicin",
    "dimenhyDRINATE",
    "diphenhydrAMINE",
    "DOBUTamine",
    "DOPamine",
    "DOXOrubicin",
    "glipiZIDE",
    "glyBURIDE",
    "hydrALAZINE",
    "hydrOXYzine",
    "medroxyPROGESTERone",
    "methylPREDNISolone",
    "methylTESTOSTERone",
    "niCARdipine",
    "NIFEdipine",
    "predniSONE",
    "prednisoLONE",
    "sulfADIAZINE",
    "sulfiSOXAZOLE",
    "TOLAZamide",
    "TOLBUTamide",
    "vinBLAStine",
    "vinCRIStine",
    // ISMP
    "ALPRAZolam",
    "LORazepam",
    "amLODIPine",
    "aMILoride",
    "azaCITIDine",
    "azaTHIOprine",
    "ceFAZolin",
    "cefTRIAXone",
    "chlordiazePOXIDE",
    "clonazePAM",
    "cloNIDine",
    "DACTINomycin",
    "DAPTOmycin",
    "ePHEDrine",
    "EPINEPHrine",
    "fentaNYL",
    "SUFentanil",
    "FLUoxetine",
    "DULoxetine",
    "guanFACINE",
    "guaiFENesin",
    "HYDROcodone",
    "oxyCODONE",
    "HYDROmorphone",
    "IDArubicin",
    "inFLIXimab",
    "riTUXimab",
    "metFORMIN",
    "metroNIDAZOLE",
    "niMODipine",
    "OLANZapine",
    "QUEtiapine",
    "OXcarbazepine",
    "carBAMazepine",
    "PARoxetine",
    "PENTobarbital",
    "PHENobarbital",
    "quiNINE",
    "quiNIDine",
];

/// `name` with every listed drug name in it written in Tall Man letters; all else stays as the record has it.
pub(super) fn apply(name: &str) -> String {
    let mut shown = String::with_capacity(name.len());
    let mut rest = name;
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        shown.push_str(listed(word).unwrap_or(word));
        let separators = after.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(after.len());
        let (separator, next) = after.split_at(separators);
        shown.push_str(separator);
        rest = next;
    }
    shown
}

fn listed(word: &str) -> Option<&'static str> {
    if word.len() < 7 {
        return None;
    }
    NAMES.iter().find(|name| name.eq_ignore_ascii_case(word)).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn listed_names_get_their_letters_and_nothing_else_changes() {
        assert_eq!(apply("Hydralazine 25 MG Oral Tablet"), "hydrALAZINE 25 MG Oral Tablet", "a listed name");
        assert_eq!(apply("amlodipine/benazepril"), "amLODIPine/benazepril", "in a combination");
        assert_eq!(apply("Lisinopril 10 MG"), "Lisinopril 10 MG", "not listed");
        assert_eq!(apply("prednisolonealcohol"), "prednisolonealcohol", "a longer word is another name");
    }

    #[test]
    fn every_name_stands_once_and_is_long_enough_to_be_found() {
        for (index, name) in NAMES.iter().enumerate() {
            assert!(name.len() >= 7, "{name} is shorter than the shortest name that is looked up");
            assert!(!NAMES[index + 1..].iter().any(|other| other.eq_ignore_ascii_case(name)), "{name} stands twice");
        }
    }

    proptest! {
        #[test]
        fn only_the_case_of_a_name_can_change(name in ".{0,40}") {
            prop_assert!(apply(&name).eq_ignore_ascii_case(&name), "letters are never added or lost");
        }
    }
}
