//! Recovery codes: for the day when the phone or the card is not at hand. Each opens once.

use vigil_model::UserId;
use zeroize::Zeroizing;

use crate::VaultError;
use crate::crockford::ALPHABET;
use crate::key::{Secret, hmac, random};

/// How many are made at once.
pub(crate) const RECOVERY_CODES: usize = 10;

/// 10 letters are 50 bits: beyond guessing at a screen that slows down, and the stored form is keyed.
const LETTERS: usize = 10;

/// One code, in hand.
pub(crate) struct RecoveryCode(Zeroizing<[u8; LETTERS]>);

impl RecoveryCode {
    pub(crate) fn make() -> Result<Self, VaultError> {
        let drawn = Zeroizing::new(random::<LETTERS>()?);
        let mut letters = Zeroizing::new([0; LETTERS]);
        for (to, from) in letters.iter_mut().zip(drawn.iter()) {
            // 256 is a multiple of 32: every letter is as likely as another.
            *to = ALPHABET.get(usize::from(from % 32)).copied().unwrap_or_default();
        }
        Ok(Self(letters))
    }

    /// Reads what was typed: without regard to case, spaces and hyphens; O is 0, I and L are 1.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut letters = Zeroizing::new([0; LETTERS]);
        let mut at = 0;
        for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'-') {
            let letter = match byte.to_ascii_uppercase() {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                other if ALPHABET.contains(&other) => other,
                _ => return None,
            };
            *letters.get_mut(at)? = letter;
            at += 1;
        }
        (at == LETTERS).then_some(Self(letters))
    }

    /// For paper: `K7QF2-9XMRD`.
    pub(crate) fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(LETTERS + 1));
        for (at, letter) in self.0.iter().enumerate() {
            if at == LETTERS / 2 {
                text.push('-');
            }
            text.push(char::from(*letter));
        }
        text
    }

    /// The stored form: keyed, so that whoever has the database alone cannot even try. **Do not modify**.
    pub(crate) fn token(&self, key: &Secret, user: UserId) -> Result<[u8; 32], VaultError> {
        hmac(key, &[b"vigil/recovery-code/v1", user.as_uuid().as_bytes(), self.0.as_slice()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_again_as_people_type_it() {
        let code = RecoveryCode::make().unwrap();
        let text = code.text();
        assert_eq!((text.len(), text.find('-')), (LETTERS + 1, Some(5)), "two groups of five");
        let typed = text.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        let read = RecoveryCode::parse(&typed).unwrap();
        assert_eq!(*read.0, *code.0, "lower case, a space, o for 0 and l for 1");
        for bad in ["", "123456", "K7QF2-9XMRDX", "K7QF2-9XMR", "K7QF2-9XMR\u{fc}", "UUUUU-UUUUU"] {
            assert!(RecoveryCode::parse(bad).is_none(), "{bad:?} is none");
        }
    }

    #[test]
    fn the_stored_form_depends_on_the_key_and_on_the_user() {
        let code = RecoveryCode::parse("K7QF2-9XMRD").unwrap();
        let user = |last: u8| UserId::from_uuid(uuid::Uuid::from_bytes([last; 16]));
        let key = |last: u8| Zeroizing::new([last; 32]);
        let token = code.token(&key(1), user(1)).unwrap();
        assert_ne!(token, code.token(&key(2), user(1)).unwrap(), "another key");
        assert_ne!(token, code.token(&key(1), user(2)).unwrap(), "another user");
        assert_eq!(hex::encode(token), FROZEN, "databases hold this form");
    }

    const FROZEN: &str = "b53eb17d58f2af2eedd39c600e549b2346c525d61eb5059dfc1abc727e0cf8c4";
}
