//! A medicine's name of RxNorm, taken apart for reading: what it is, how strong, in which form.
//!
//! RxNorm builds the name of a clinical drug from ingredients, strengths and dose form ("Acetaminophen 500 MG Oral Tablet \[Tylenol\]":
//! nlm.nih.gov/research/umls/rxnorm/overview.html). An amount (`0.3 ML`, `24 HR`) and a number of approval (`NDA020800`) may stand before
//! the ingredient, where a reader looks for the name. The parts are the words of the record: moved, never changed, and none is left out. A
//! name that is not built so stays in one piece.

use crate::view::MedicineParts;

/// What RxNorm measures in; only to see where a strength begins and ends.
const MEASURES: [&str; 18] = [
    "MG", "MCG", "G", "GM", "ML", "L", "UNT", "MEQ", "MMOL", "MOL", "ACTUAT", "HR", "CELLS", "BAU", "PNU", "MCI",
    "SQCM", "%",
];

/// The parts of a name; none when it is not built like one of RxNorm, or has only one ingredient and form to be read already.
pub(super) fn parts(name: &str) -> Option<MedicineParts> {
    let (rest, brand) = match name.strip_suffix(']').and_then(|inner| inner.rsplit_once(" [")) {
        Some((rest, brand)) => (rest, brand),
        None => (name, ""),
    };
    let words: Vec<&str> = rest.split(' ').collect();
    let (approval, words) = match words.as_slice() {
        [first, rest @ ..] if is_approval(first) => (*first, rest),
        all => ("", all),
    };
    let (amount, words) = match words {
        [number, unit, rest @ ..] if is_number(number) && is_measure(unit) => (format!("{number} {unit}"), rest),
        all => (String::new(), all),
    };
    // With several ingredients each keeps its strength beside it; the form comes after the last.
    let last = words.iter().rposition(|word| *word == "/").map_or(0, |slash| slash + 1);
    let strength = words.windows(2).enumerate().skip(last).find_map(|(at, pair)| match pair {
        [number, unit] if at > last && is_number(number) && is_strength(unit) => Some(at),
        _ => None,
    })?;
    let form = words.get(strength + 2..)?.join(" ");
    let several = last > 0;
    let ingredient = words.get(..if several { strength + 2 } else { strength })?.join(" ");
    Some(MedicineParts {
        ingredient,
        brand: brand.to_owned(),
        strength: if several { String::new() } else { words.get(strength..strength + 2)?.join(" ") },
        form,
        amount,
        approval: approval.to_owned(),
    })
}

/// In the order of reading, for one line of text.
pub(super) fn in_words(parts: &MedicineParts) -> String {
    let MedicineParts { ingredient, brand, strength, form, amount, approval } = parts;
    let brand = if brand.is_empty() { String::new() } else { format!("[{brand}]") };
    super::reader::join([ingredient, &brand, strength, form, amount, approval], " ")
}

/// Applications at the FDA: new drugs, generics, biologics.
fn is_approval(word: &str) -> bool {
    ["ANDA", "NDA", "BLA"].iter().any(|kind| {
        word.strip_prefix(kind)
            .is_some_and(|number| number.len() >= 5 && number.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

fn is_number(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit()) && word.parse::<f64>().is_ok()
}

fn is_measure(word: &str) -> bool {
    MEASURES.contains(&word)
}

/// `MG`, `MG/ML`, `MG/ACTUAT`.
fn is_strength(word: &str) -> bool {
    word.split('/').all(is_measure)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Ingredient, brand, strength, form, amount and approval.
    fn read(name: &str) -> Option<[String; 6]> {
        let parts = parts(name)?;
        Some([parts.ingredient, parts.brand, parts.strength, parts.form, parts.amount, parts.approval])
    }

    #[test]
    fn the_names_of_the_synthea_data_are_read_as_name_strength_and_form() {
        for (name, expected) in [
            (
                "NDA020800 0.3 ML EPINEPHrine 1 MG/ML Auto-Injector",
                ["EPINEPHrine", "", "1 MG/ML", "Auto-Injector", "0.3 ML", "NDA020800"],
            ),
            (
                "Vitamin B 12 5 MG/ML Injectable Solution",
                ["Vitamin B 12", "", "5 MG/ML", "Injectable Solution", "", ""],
            ),
            (
                "24 HR metoprolol succinate 100 MG Extended Release Oral Tablet [Toprol]",
                ["metoprolol succinate", "Toprol", "100 MG", "Extended Release Oral Tablet", "24 HR", ""],
            ),
            ("Hydrochlorothiazide 25 MG", ["Hydrochlorothiazide", "", "25 MG", "", "", ""]),
            (
                "Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet",
                ["Amoxicillin 250 MG / Clavulanate 125 MG", "", "", "Oral Tablet", "", ""],
            ),
            (
                "200 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler",
                ["Albuterol", "", "0.09 MG/ACTUAT", "Metered Dose Inhaler", "200 ACTUAT", ""],
            ),
            (
                "insulin human, isophane 70 UNT/ML / Regular Insulin, Human 30 UNT/ML Injectable Suspension [Humulin]",
                [
                    "insulin human, isophane 70 UNT/ML / Regular Insulin, Human 30 UNT/ML",
                    "Humulin",
                    "",
                    "Injectable Suspension",
                    "",
                    "",
                ],
            ),
        ] {
            assert_eq!(read(name).unwrap(), expected, "{name}");
        }
    }

    #[test]
    fn a_name_that_is_not_built_so_stays_in_one_piece() {
        for name in [
            "Lasix 40mg",
            "Diazepam [Valium]",
            "Carbamazepine[Tegretol]",
            "Levora 0.15/30 28 Day Pack",
            "aspirin",
            "",
            "10 MG",
        ] {
            assert_eq!(read(name), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn every_word_is_in_a_part_once(words in proptest::collection::vec("[A-Za-z]{1,6}|[0-9]{1,3}|MG|MG/ML|ML|/|NDA[0-9]{6}|\\[X\\]", 0..9)) {
            let name = words.join(" ");
            if let Some(parts) = parts(&name) {
                let mut before: Vec<&str> = name.split(' ').collect();
                let read = in_words(&parts);
                let mut after: Vec<&str> = read.split(' ').collect();
                before.sort_unstable();
                after.sort_unstable();
                prop_assert_eq!(before, after, "moved, and nothing else");
            }
        }
    }
}
