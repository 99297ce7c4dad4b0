//! The characters of a file: what a byte order mark or the XML declaration says, UTF-8 where neither says anything
//! (XML 1.0, appendix F).

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::Fault;

/// The text of `bytes`.
///
/// # Errors
/// [`Fault::Encoding`] for a name that is none, and for bytes that are not of it: a name misread is worse than a document not read.
pub(crate) fn text(bytes: &[u8]) -> Result<String, Fault> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if bytes.starts_with(&[b'<', 0]) => UTF_16LE,
        None if bytes.starts_with(&[0, b'<']) => UTF_16BE,
        None => declared(bytes)?,
    };
    let (text, _, wrong) = encoding.decode(bytes);
    if wrong {
        return Err(Fault::Encoding(encoding.name().to_owned()));
    }
    Ok(text.into_owned())
}

/// The encoding that the XML declaration names. ISO-8859-1 is read as Windows-1252, as the web does: its letters are the same, and where
/// they differ it is the latter that was meant.
fn declared(bytes: &[u8]) -> Result<&'static Encoding, Fault> {
    let head = bytes.get(..bytes.len().min(256)).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let Some(declaration) = head.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split("?>").next()) else {
        return Ok(UTF_8);
    };
    let Some(named) = declaration.split("encoding").nth(1) else { return Ok(UTF_8) };
    let named = named.trim_start().trim_start_matches('=').trim_start();
    let quote = named.chars().next().filter(|quote| matches!(quote, '"' | '\''));
    let name = quote.and_then(|quote| named.get(1..)?.split(quote).next()).unwrap_or_default();
    match Encoding::for_label(name.as_bytes()) {
        // Such a text would not have been legible so far: the declaration is in single bytes.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Ok(UTF_8),
        Some(encoding) => Ok(encoding),
        None => Err(Fault::Encoding(name.chars().filter(char::is_ascii_graphic).take(40).collect())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_in_the_encoding_that_it_names() {
        let latin = b"<?xml version='1.0' encoding=\"ISO-8859-1\"?><a>M\xfcller</a>";
        assert!(text(latin).unwrap().contains("Müller"), "Latin 1");
        let wide: Vec<u8> = "\u{feff}<a>Müller</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&wide).unwrap(), "<a>Müller</a>", "UTF-16 with a mark");
        let wide: Vec<u8> = "<a>Müller</a>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text(&wide).unwrap(), "<a>Müller</a>", "and without");
        assert_eq!(text("\u{feff}<a>é</a>".as_bytes()).unwrap(), "<a>é</a>", "UTF-8 with a mark");
    }

    #[test]
    fn what_is_not_in_its_encoding_is_not_guessed() {
        assert!(
            matches!(text(b"<?xml version='1.0' encoding='utf-8'?><a>M\xfcller</a>"), Err(Fault::Encoding(_))),
            "wrong bytes"
        );
        assert!(
            matches!(text(b"<?xml version='1.0' encoding='klingon'?><a/>"), Err(Fault::Encoding(_))),
            "an unknown name"
        );
        assert!(
            text(b"<?xml version='1.0' encoding='UTF-16'?><a/>").unwrap().ends_with("<a/>"),
            "single bytes that claim to be two"
        );
    }
}
