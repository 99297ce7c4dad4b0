//! Text as the index compares it.

pub(super) use vigil_model::fold::compact;
pub(crate) use vigil_model::fold::{fold, words};

/// Which of a to z occur (bit 26: any digit, bit 27: anything else).
pub(super) fn letters(word: &str) -> u32 {
    word.bytes().fold(0, |set, b| {
        set | match b {
            b'a'..=b'z' => 1 << (b - b'a'),
            b'0'..=b'9' => 1 << 26,
            _ => 1 << 27,
        }
    })
}
