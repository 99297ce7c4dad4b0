//! The clear text of a record.

use std::fmt;
use std::ops::Deref;

use zeroize::Zeroize as _;

use crate::Undecodable;

/// The clear text of a record: not printable, wiped when dropped.
///
/// It is wiped as one piece. Types that own a list wipe it element by element, which for a chart takes as long as opening it.
pub struct Text(String);

impl Text {
    /// The bytes as text; they are wiped when they are none.
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Result<Self, Undecodable> {
        String::from_utf8(bytes).map(Self).map_err(|error| {
            wipe(error.into_bytes());
            Undecodable::Malformed
        })
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(..)")
    }
}

impl Drop for Text {
    fn drop(&mut self) {
        wipe(std::mem::take(&mut self.0).into_bytes());
    }
}

/// What was there and what the buffer could hold beyond it: sealed bytes are opened in place and are longer than their text.
fn wipe(mut bytes: Vec<u8>) {
    bytes.spare_capacity_mut().zeroize();
    bytes.as_mut_slice().zeroize();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_text_and_does_not_print_itself() {
        let text = Text::from_bytes("Müller".into()).unwrap();
        assert_eq!(&*text, "Müller", "the text");
        assert_eq!(format!("{text:?}"), "Text(..)", "nothing of it reaches a log");
        assert_eq!(Text::from_bytes(vec![0xff]).err(), Some(Undecodable::Malformed), "bytes that are no text");
    }
}
