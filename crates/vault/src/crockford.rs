//! Crockford's base 32 (crockford.com/base32.html): no I, L, O or U, so that what is read from paper is read one way only.

use zeroize::Zeroizing;

pub(crate) const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Letters between two hyphens.
pub(crate) const GROUP: usize = 4;

/// `bytes` as letters, in groups of four with hyphens between. Their number of bits is a multiple of five.
pub(crate) fn letters(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 2 + 1));
    let (mut held, mut bits, mut letters) = (Zeroizing::new(0_u16), 0_u32, 0_usize);
    for byte in bytes {
        *held = (*held << 8) | u16::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            let letter = ALPHABET.get(usize::from(*held >> bits)).copied().unwrap_or_default();
            if letters > 0 && letters.is_multiple_of(GROUP) {
                text.push('-');
            }
            text.push(char::from(letter));
            letters += 1;
            *held &= (1 << bits) - 1;
        }
    }
    text
}

/// Reads what was typed or scanned: without regard to case, spaces and hyphens; O is 0, I and L are 1. `None`: too short, too
/// long, or with a letter that is none.
pub(crate) fn bytes<const N: usize>(text: &str) -> Option<Zeroizing<[u8; N]>> {
    let mut bytes = Zeroizing::new([0_u8; N]);
    let (mut held, mut bits, mut at) = (Zeroizing::new(0_u16), 0_u32, 0_usize);
    for letter in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'-') {
        *held = (*held << 5) | u16::from(value_of(letter)?);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            let [_, byte] = (*held >> bits).to_be_bytes();
            *bytes.get_mut(at)? = byte;
            at += 1;
            *held &= (1 << bits) - 1;
        }
    }
    (at == N && bits == 0).then_some(bytes)
}

fn value_of(letter: u8) -> Option<u8> {
    let letter = match letter.to_ascii_uppercase() {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    };
    ALPHABET.iter().position(|known| *known == letter).and_then(|at| u8::try_from(at).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again_as_people_type_it() {
        let text = letters(&[0, 68, 50, 20, 199]);
        assert_eq!(text.as_str(), "0123-4567", "the alphabet in its order");
        assert_eq!(bytes::<5>("o i-2 3 4567").as_deref(), Some(&[0, 68, 50, 20, 199]), "O for 0, I for 1");
        assert_eq!(bytes::<5>("0123456"), None, "too short");
        assert_eq!(bytes::<5>("0123456789"), None, "too long");
        assert_eq!(bytes::<5>("U1234567"), None, "there is no U");
    }
}
