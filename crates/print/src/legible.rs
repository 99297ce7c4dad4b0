//! Text that the fonts can draw. A letter that they lack is written as its code point, and said; a character that draws nothing and
//! moves what others show (a control, an override of the direction of reading) is written so too.

use std::collections::BTreeSet;

use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

use crate::fonts::FONTS;

/// Makes every text of `paper` legible, and tells the code points that were written out.
pub(crate) fn make(paper: &mut Value, missing: &mut BTreeSet<char>) {
    match paper {
        Value::String(text) => *text = written(text, missing),
        Value::Array(values) => values.iter_mut().for_each(|value| make(value, missing)),
        Value::Object(fields) => fields.values_mut().for_each(|value| make(value, missing)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// `U+75C5`.
pub(crate) fn code_point(letter: char) -> String {
    format!("U+{:04X}", u32::from(letter))
}

fn written(text: &str, missing: &mut BTreeSet<char>) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").nfc() {
        match letter {
            '\n' => out.push('\n'),
            '\t' => out.push(' '),
            // Default ignorable: they join, part or choose forms and draw nothing themselves (Unicode, DerivedCoreProperties).
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => out.push(letter),
            letter if !letter.is_control() && !turns(letter) && FONTS.draw(letter) => out.push(letter),
            letter => {
                missing.insert(letter);
                out.push('[');
                out.push_str(&code_point(letter));
                out.push(']');
            }
        }
    }
    out
}

/// Overrides, embeddings and isolates of the direction of reading (Unicode Standard Annex 9, 2.1 to 2.5).
const fn turns(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (String, Vec<String>) {
        let mut missing = BTreeSet::new();
        let out = written(text, &mut missing);
        (out, missing.into_iter().map(code_point).collect())
    }

    #[test]
    fn names_of_many_scripts_are_drawn_as_they_are() {
        for name in [
            "Łukasz",
            "NGUYỄN Thị Hương",
            "ΠΑΠΑΔΟΠΟΥΛΟΣ",
            "Иванова",
            "محمد",
            "כהן",
            "प्रिया",
            "สมชาย",
            "O’Brien–Müller ½ µg ≥",
        ] {
            assert_eq!(of(name), (name.nfc().collect(), vec![]), "{name}");
        }
    }

    #[test]
    fn a_letter_without_a_glyph_is_written_as_its_code_point_and_said() {
        assert_eq!(of("病 A"), ("[U+75C5] A".to_owned(), vec!["U+75C5".to_owned()]));
        assert_eq!(
            of("a\u{202e}b\u{7}"),
            ("a[U+202E]b[U+0007]".to_owned(), vec!["U+0007".to_owned(), "U+202E".to_owned()])
        );
        assert_eq!(of("e\u{301}"), ("é".to_owned(), vec![]), "composed");
    }
}
