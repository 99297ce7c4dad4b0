//! Passwords that are tried first: those of 15 characters and more that leaked most often, and short ones that longer ones
//! are made of. Sources and licences: `SOURCES.md` beside this file.

use sha2::{Digest, Sha256};

/// The first 5 bytes of SHA-256 of each, sorted. Made by `examples/common_passwords.rs`. By 40 bits one password in three
/// million is refused without being on the list, and what is on it cannot be read from the program.
static KEYS: &[u8] = include_bytes!("common.bin");

/// Whether `folded` (NFKC, lower case) is on the list.
pub(super) fn holds(folded: &str) -> bool {
    let digest = Sha256::digest(folded.as_bytes());
    let (keys, _) = KEYS.as_chunks::<5>();
    digest.first_chunk::<5>().is_some_and(|key| keys.binary_search(key).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_and_in_order() {
        let (keys, rest) = KEYS.as_chunks::<5>();
        assert!(rest.is_empty(), "only whole keys");
        assert!(keys.len() > 350_000, "about 357,000 of them: {}", keys.len());
        assert!(keys.is_sorted_by(|left, right| left < right), "sorted, or looking up finds nothing");
    }

    #[test]
    fn it_holds_what_its_sources_hold_and_nothing_else() {
        let leaked = ["iloveyou1234567", "qwertyuiopasdfghjkl", "interpalspassword", "correcthorsebatterystaple"];
        for listed in leaked.into_iter().chain(["sunshine"]) {
            assert!(holds(listed), "{listed} leaked");
        }
        for other in ["quiet-meadow-17-owls", "correct horse battery sentence", "SUNSHINE", ""] {
            assert!(!holds(other), "{other:?} is not on the list as it stands");
        }
    }
}
