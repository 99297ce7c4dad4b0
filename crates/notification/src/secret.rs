//! Secrets: read from files, never shown, wiped when dropped.

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use zeroize::Zeroizing;

use crate::failure::KeyError;

/// The longest secret, in bytes.
const MOST: usize = 4096;

/// A password, token or key.
#[derive(Clone)]
pub(crate) struct Secret(Zeroizing<String>);

impl Secret {
    /// The first line of a file, without the blanks around it.
    pub(crate) fn read(key: &'static str, file: &Path) -> Result<Self, KeyError> {
        let wrong = |what: &dyn fmt::Display| KeyError::new(key, format!("{}: {what}", file.display()));
        // Room for all of it at once: what grows leaves copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(MOST + 1));
        let mut open = File::open(file).map_err(|error| wrong(&error))?.take(MOST as u64 + 1);
        open.read_to_end(&mut bytes).map_err(|error| wrong(&error))?;
        if bytes.len() > MOST {
            return Err(wrong(&"is longer than a secret may be; put it alone on the first line of a file of its own"));
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| wrong(&"is no text"))?;
        let line = text.lines().next().unwrap_or_default().trim();
        if line.is_empty() {
            return Err(wrong(&"is empty; the secret belongs on its first line"));
        }
        if line.chars().any(char::is_control) {
            return Err(wrong(&"has a character that may not stand in a secret"));
        }
        Ok(Self(Zeroizing::new(line.to_owned())))
    }

    /// The secret itself, for whoever sends or uses it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &[u8]) -> Result<Secret, KeyError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        std::fs::write(&file, content).unwrap();
        Secret::read("password_file", &file)
    }

    #[test]
    fn the_first_line_is_the_secret() {
        assert_eq!(read(b"  hunter2 \nnot this\n").unwrap().expose(), "hunter2", "without blanks");
        assert_eq!(format!("{:?}", read(b"hunter2").unwrap()), "Secret", "and is not shown");
    }

    #[test]
    fn what_is_no_secret_is_said_without_it() {
        for bad in [&b""[..], b"\nsecond", &[0xff, 0xfe], b"hun\x07ter", &[b'x'; MOST + 1]] {
            let error = read(bad).unwrap_err();
            assert_eq!(error.key, "password_file", "the key");
            assert!(!error.what.contains("hun") && !error.what.contains("xx"), "{}", error.what);
        }
        let error = Secret::read("token_file", Path::new("/nowhere/token")).unwrap_err();
        assert!(error.what.starts_with("/nowhere/token: "), "{}", error.what);
    }
}
