//! Names that sound or look alike: the patients to tell apart twice.

use rapidfuzz::distance::osa;
use vigil_model::Demographics;

use super::text::fold;

/// The sound of a name: American Soundex (US National Archives, "The Soundex Indexing System") of the family name and of
/// the first given name; 0 when either is missing.
pub(super) fn of_name(family: &str, given: &str) -> u64 {
    let first = given.split_whitespace().next().unwrap_or_default();
    match (soundex(&fold(family)), soundex(&fold(first))) {
        (0, _) | (_, 0) => 0,
        (family, given) => (u64::from(family) << 32) | u64::from(given),
    }
}

/// A family name and the first given name, folded.
pub(super) struct Name {
    family: String,
    first: String,
}

impl Name {
    pub(super) fn of(person: &Demographics) -> Self {
        Self { family: fold(&person.family), first: fold(person.given.split_whitespace().next().unwrap_or_default()) }
    }

    /// Whether two names of the same sound are close enough to be mistaken: at most two slips apart in all.
    pub(super) fn is_similar(&self, other: &Self) -> bool {
        let slips = |a: &str, b: &str| osa::distance(a.chars(), b.chars());
        slips(&self.family, &other.family) + slips(&self.first, &other.first) <= 2
    }
}

/// Letter and three digits packed into a number; 0 for a name without a Latin letter.
fn soundex(word: &str) -> u32 {
    let mut letters = word.bytes().filter(u8::is_ascii_lowercase);
    let Some(first) = letters.next() else { return 0 };
    let mut code = u32::from(first);
    let mut digits = 0;
    let mut previous = digit(first);
    for letter in letters {
        let current = digit(letter);
        // h and w do not part equal codes; vowels do.
        if current != 0 && current != previous && digits < 3 {
            code = (code << 4) | current;
            digits += 1;
        }
        if !matches!(letter, b'h' | b'w') {
            previous = current;
        }
    }
    code << (4 * (3 - digits))
}

const fn digit(letter: u8) -> u32 {
    match letter {
        b'b' | b'f' | b'p' | b'v' => 1,
        b'c' | b'g' | b'j' | b'k' | b'q' | b's' | b'x' | b'z' => 2,
        b'd' | b't' => 3,
        b'l' => 4,
        b'm' | b'n' => 5,
        b'r' => 6,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples that the National Archives give.
    #[test]
    fn soundex_agrees_with_the_published_examples() {
        let code = |letter: char, digits: u32| {
            let hex = ((digits / 100) << 8) | ((digits / 10 % 10) << 4) | (digits % 10);
            (u32::from(letter) << 12) | hex
        };
        for (name, expected) in [
            ("washington", code('w', 252)),
            ("lee", code('l', 0)),
            ("gutierrez", code('g', 362)),
            ("pfister", code('p', 236)),
            ("jackson", code('j', 250)),
            ("tymczak", code('t', 522)),
            ("ashcraft", code('a', 261)),
        ] {
            assert_eq!(soundex(name), expected, "{name}");
        }
    }

    #[test]
    fn smith_and_smyth_are_alike_and_smith_and_jones_are_not() {
        let name = |family: &str, given: &str| {
            let mut person = Demographics::default();
            family.clone_into(&mut person.family);
            given.clone_into(&mut person.given);
            Name::of(&person)
        };
        assert_eq!(of_name("SMITH", "Jane"), of_name("Smyth", "Jaine"), "one sound");
        assert!(name("Smith", "Jane").is_similar(&name("Smyth", "Jane")), "one slip apart");
        assert!(!name("Smith", "Jane").is_similar(&name("Jones", "Jane")), "far apart");
    }
}
