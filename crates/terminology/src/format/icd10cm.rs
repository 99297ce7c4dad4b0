//! The order file of ICD-10-CM (`icd10cm_order_2026.txt`), of fixed width: positions 1-5 the order number, 7-13 the code without its dot, 15
//! whether it is valid for use (1) or a header of others (0), 17-76 the short and from 78 the long title.
//!
//! Read in descriptions of the files of April 2025 and 2026 that public repositories keep, with lines of those files; the PDF of CMS itself
//! was not at hand. Headers are left out: they are not valid for use. FHIR writes the code with its dot (`Z00.00` in the examples of US Core).

use crate::Concept;

pub(super) fn line(line: &str) -> Result<Option<Concept>, String> {
    if line.trim().is_empty() {
        return Ok(None);
    }
    let wrong = || "it has no order number, code and flag at the positions 1, 7 and 15".to_owned();
    let (order, code) = (line.get(..5).ok_or_else(wrong)?, line.get(6..13).ok_or_else(wrong)?.trim_end());
    let valid = match line.get(13..16).ok_or_else(wrong)? {
        " 1 " => true,
        " 0 " => false,
        _ => return Err(wrong()),
    };
    let is_code = code.len() >= 3 && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if !order.bytes().all(|byte| byte.is_ascii_digit()) || !is_code {
        return Err(wrong());
    }
    if !valid {
        return Ok(None);
    }
    // By characters: the titles have accents.
    let long: String = line.chars().skip(77).collect();
    Concept::new(&dotted(code), &long, "", "").map(Some)
}

fn dotted(code: &str) -> String {
    match code.split_at_checked(3) {
        Some((category, rest)) if !rest.is_empty() => format!("{category}.{rest}"),
        Some(_) | None => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_gets_its_dot_and_a_header_is_left_out() {
        let cholera = "00002 A000    1 Cholera due to Vibrio cholerae 01, biovar cholerae           Cholera due to Vibrio cholerae 01, biovar cholerae";
        let concept = line(cholera).unwrap().unwrap();
        assert_eq!(
            (concept.code.as_str(), concept.display.as_str()),
            ("A00.0", "Cholera due to Vibrio cholerae 01, biovar cholerae"),
            "the long title"
        );
        let header = "00001 A00     0 Cholera                                                      Cholera";
        assert_eq!(line(header).unwrap(), None, "a header is not valid for use");
        let category = "11230 I10     1 Essential (primary) hypertension                             Essential (primary) hypertension";
        assert_eq!(line(category).unwrap().unwrap().code, "I10", "a category without others has no dot");
    }

    #[test]
    fn another_file_of_the_same_release_is_refused() {
        for other in
            ["A000    Cholera due to Vibrio cholerae 01, biovar cholerae", "<ICD10CM.tabular>", "00002 A000    2 x"]
        {
            assert!(line(other).is_err(), "{other:?} is no line of the order file");
        }
    }
}
