//! What a new password has to be: long, and not one that others would try first (NIST SP 800-63B-4, section 3.1.1.2).
//!
//! No composition rules, no forced change, every character and every space. 15 characters, which the standard asks for
//! where a password is the only factor: here a second factor lets nobody in, but the keys hang on the password alone.

use unicode_normalization::UnicodeNormalization as _;
use vigil_model::Sensitive;
use vigil_vault::NewUser;
use zeroize::Zeroizing;

use crate::AppError;

mod list;

/// Code points after normalisation. The screen says the same (ui/src/lib/words.ts).
const SHORTEST: usize = 15;
/// Longer is no stronger and costs hashing time. The standard asks for at least 64.
const LONGEST: usize = 256;
/// Letters and digits beside the words that anybody would guess for this user.
const LEAST_OF_ONES_OWN: usize = 8;
/// Names shorter than this are part of too many words.
const SHORTEST_NAME: usize = 3;
/// Words that are tried first at any hospital that uses this program.
const OBVIOUS: [&str; 5] = ["vigil", "password", "passwort", "hospital", "clinic"];

/// Whose password it is to be, and where.
pub(crate) struct Context<'a> {
    pub(crate) organization: &'a str,
    pub(crate) user: &'a NewUser,
}

/// Takes a new password or says why not, and what to do.
///
/// # Errors
/// [`crate::ErrorCode::Invalid`] with the reason.
pub(crate) fn check(password: &Sensitive<String>, context: &Context<'_>) -> Result<(), AppError> {
    // EXPOSE: its length and its likeness to names and listed passwords are looked at; nothing of it is kept or shown.
    let folded = folded(password.expose());
    let length = folded.chars().count();
    if length < SHORTEST {
        return Err(AppError::invalid(format!(
            "this password has {length} characters and needs at least {SHORTEST}; a sentence, or four words that do not belong together, is good"
        )));
    }
    if length > LONGEST {
        return Err(AppError::invalid(format!("a password has at most {LONGEST} characters")));
    }
    let refuse = |why: &str| {
        Err(AppError::invalid(format!("{why}; take a sentence, or four words that do not belong together")))
    };
    if names(context).iter().any(|name| folded.contains(name.as_str()) || compact(&folded).contains(&*compact(name))) {
        return refuse("a password does not hold the user name, the person's name or the hospital's name");
    }
    if is_pattern(&compact(&folded)) {
        return refuse("this password repeats a few characters or runs along the alphabet, the digits or the keyboard");
    }
    if is_common(&folded) {
        return refuse("this password is on the list of those that are tried first, or made of two of them");
    }
    if own_part(&folded, context) < LEAST_OF_ONES_OWN {
        return refuse("this password is made of words that anybody would try first for you");
    }
    Ok(())
}

/// NFKC and lower case, as the list is.
fn folded(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.nfkc().flat_map(char::to_lowercase).collect())
}

/// Letters and digits only.
fn compact(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.chars().filter(|letter| letter.is_alphanumeric()).collect())
}

fn names(context: &Context<'_>) -> Vec<Zeroizing<String>> {
    [context.user.username.as_str(), context.user.display_name.as_str(), context.organization]
        .into_iter()
        .map(|name| folded(name.trim()))
        .filter(|name| compact(name).chars().count() >= SHORTEST_NAME)
        .collect()
}

/// How many letters and digits are left without the words that belong to the user, the hospital and the program.
fn own_part(folded: &str, context: &Context<'_>) -> usize {
    let mut rest = Zeroizing::new(folded.to_owned());
    let about =
        [context.user.username.as_str(), context.user.display_name.as_str(), context.organization].map(self::folded);
    let words = about.iter().flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric()));
    for word in words.chain(OBVIOUS).filter(|word| word.chars().count() >= SHORTEST_NAME) {
        rest = Zeroizing::new(rest.replace(word, " "));
    }
    rest.chars().filter(|letter| letter.is_alphanumeric()).count()
}

/// A short piece over and over, or a run along an order that everybody knows, in either direction.
fn is_pattern(text: &str) -> bool {
    let letters: Zeroizing<Vec<char>> = Zeroizing::new(text.chars().collect());
    let count = letters.len();
    let repeats = |unit: usize| letters.iter().zip(letters.iter().skip(unit)).all(|(left, right)| left == right);
    if (1..=count / 2).any(repeats) {
        return true;
    }
    ORDERS.iter().any(|order| {
        // Two rounds, so that a run may begin anywhere and go over the end.
        let forwards = order.repeat(8);
        let backwards: String = forwards.chars().rev().collect();
        forwards.contains(text) || backwards.contains(text)
    })
}

/// The alphabet, the digits, and the rows and columns of keyboards.
const ORDERS: [&str; 8] = [
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
    "1234567890",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
];

/// On the list; or a listed one with digits and signs around it; or two listed ones together.
fn is_common(folded: &str) -> bool {
    if list::holds(folded) {
        return true;
    }
    let core = folded.trim_matches(|letter: char| !letter.is_alphabetic());
    if core.chars().count() >= 4 && list::holds(core) {
        return true;
    }
    [compact(folded), compact(core)].iter().any(|text| {
        list::holds(text)
            || text.char_indices().skip(4).any(|(at, _)| {
                let (left, right) = text.split_at(at);
                right.chars().count() >= 4 && list::holds(left) && list::holds(right)
            })
    })
}

#[cfg(test)]
mod tests {
    use vigil_model::Role;

    use super::*;

    #[test]
    fn a_sentence_is_good_and_so_is_every_script() {
        for good in [
            "correct horse battery sentence",
            "a sentence to remember",
            "quiet-meadow-17-owls",
            "plain-harbour-44-lamps",
            "amber-kettle-willow-north-42",
            "пароль не должен быть коротким",
            "日本語でも長ければ問題ありません",
            "        spaces count        too ",
            "ALLCAPITALSANDNODIGITSATALL",
            "l;kj23 98sdf ;lkj",
        ] {
            assert_eq!(verdict(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn length_is_counted_in_characters_after_normalisation() {
        assert!(verdict("fourteen chars").unwrap_err().contains("has 14 characters and needs at least 15"), "14");
        assert_eq!(verdict("fifteen letters"), Ok(()), "15");
        // 13 letters, one of them with an accent of its own.
        assert!(verdict("cafe\u{301} in leeds").unwrap_err().contains("has 13 characters"), "one letter, not two");
        let long = "the ferry to the outer islands leaves before the bakery opens its green shutters";
        assert!(long.len() > 64 && verdict(long).is_ok(), "64 and more are taken");
        assert!(verdict(&"sentence ".repeat(40)).is_err(), "but not without an end");
    }

    #[test]
    fn what_everybody_tries_is_refused_with_the_reason() {
        for (bad, reason) in [
            ("passwordpassword", "repeats"),
            ("aaaaaaaaaaaaaaaaaaaa", "repeats"),
            ("abcabcabcabcabcabc", "repeats"),
            ("12345678901234567890", "repeats"),
            ("qwertyuiopasdfghjkl", "runs along"),
            ("lkjhgfdsapoiuytrewq", "runs along"),
            ("abcdefghijklmnopqrst", "runs along"),
            ("1qaz2wsx3edc4rfv5tgb", "runs along"),
            ("iloveyou1234567", "list"),
            ("ILoveYou1234567", "list"),
            ("sunshine-chocolate", "list"),
            ("123456 sunshine 2024!", "list"),
            ("okafor-summer-1998", "user name"),
            ("we are st elsewhere", "hospital"),
            ("Dr A. Okafor 12345", "name"),
            ("vigil password hospital", "anybody would try"),
            ("hospital 2024 x!!!", "anybody would try"),
        ] {
            let said = verdict(bad).expect_err(bad);
            assert!(said.contains(reason) && said.contains("take a sentence"), "{bad}: {said}");
            assert!(!said.contains(bad), "the password itself is not said");
        }
    }

    fn verdict(text: &str) -> Result<(), String> {
        let user =
            NewUser { username: "okafor".to_owned(), display_name: "Dr A. OKAFOR".to_owned(), role: Role::Physician };
        let context = Context { organization: "St. Elsewhere", user: &user };
        check(&Sensitive::new(text.to_owned()), &context).map_err(|error| error.message)
    }
}
