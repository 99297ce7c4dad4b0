//! Folding text so that it compares as people mean it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, without accents; letters that do not decompose (ß, ø, ł ...) as they are usually typed.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        // Most names are, and decomposing them would find nothing.
        let kept = text.chars().filter(|c| !matches!(c, '\'' | '`'));
        return kept.map(|c| c.to_ascii_lowercase()).collect();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            // O'Brien, O’Brien and OBrien are one name.
            '\'' | '’' | '`' => {}
            _ => folded.push(c),
        }
    }
    folded
}

/// The words of a text, folded: split at everything that is neither letter nor digit.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect::<Vec<_>>()
        .into_iter()
}

/// An identifier without what people leave out: letters and digits only, folded.
pub fn compact(identifier: &str) -> String {
    fold(identifier).chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_apostrophes_do_not_matter() {
        assert_eq!(fold("Agustín FONSECA"), "agustin fonseca", "an accent is rarely typed");
        assert_eq!(fold("Weiß"), fold("WEISS"), "sharp s is typed as ss");
        assert_eq!(fold("O’Brien"), fold("OBrien"), "nor is an apostrophe");
    }
}
