//! One code and what it is called.

/// Codes are at most so long: SNOMED CT identifiers have 18 digits.
const LONGEST_CODE: usize = 24;
/// Names are at most so long. RxNorm has some of about 3,000 characters, of packs.
const LONGEST_DISPLAY: usize = 4_000;

/// A concept of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concept {
    /// Its code, as `Coding.code` has it.
    pub code: String,
    /// What it is called, as `Coding.display` has it.
    pub display: String,
    /// What it is, in the code system's own word: the semantic tag of SNOMED CT, the term type of RxNorm, the status of a vaccine; may be
    /// empty.
    pub kind: String,
    /// Other words that it is found by; may be empty.
    pub also: String,
}

impl Concept {
    /// A concept of a line, without white space around its parts.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(crate) fn new(code: &str, display: &str, kind: &str, also: &str) -> Result<Self, String> {
        let [code, display, kind, also] = [code, display, kind, also].map(str::trim);
        if code.is_empty() || code.len() > LONGEST_CODE || !code.bytes().all(is_of_a_code) {
            return Err("what stands in the place of the code is none".to_owned());
        }
        if display.is_empty() || display.chars().count() > LONGEST_DISPLAY {
            return Err(format!("the code {code} has no name, or one of more than {LONGEST_DISPLAY} characters"));
        }
        let clean = |text: &str| text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        Ok(Self { code: code.to_owned(), display: clean(display), kind: clean(kind), also: clean(also) })
    }
}

const fn is_of_a_code(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_concept_has_a_code_and_a_name_on_one_line() {
        let concept = Concept::new(" J45.909 ", "Unspecified asthma,\tuncomplicated", "", "").unwrap();
        assert_eq!(
            (concept.code.as_str(), concept.display.as_str()),
            ("J45.909", "Unspecified asthma, uncomplicated"),
            "no tab is left that would part it"
        );
        for (code, display) in [("", "Asthma"), ("J45 909", "Asthma"), ("#J45", "Asthma"), ("J45", " ")] {
            assert!(Concept::new(code, display, "", "").is_err(), "{code:?} {display:?} is none");
        }
    }
}
