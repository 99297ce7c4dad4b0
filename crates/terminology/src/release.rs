//! The form in which a release is kept: text, one concept a line, with what it is before and behind, and a digest over all of it at the end.
//!
//! ```text
//! # vigil-terminology: 1
//! # system: icd-10-cm
//! # source: icd10cm_order_2026.txt
//! A00.0<TAB>Cholera due to Vibrio cholerae 01, biovar cholerae<TAB>kind<TAB>other words
//! # release: 2026
//! # concepts: 74260
//! # sha256: of every byte before this line
//! ```

use std::io::Write;

use sha2::{Digest as _, Sha256};

use crate::{CodeSystem, Concept, Fault};

const FORM: &str = "# vigil-terminology: 1";
const SYSTEM: &str = "# system: ";
const SOURCE: &str = "# source: ";
const RELEASE: &str = "# release: ";
const CONCEPTS: &str = "# concepts: ";
const SHA256: &str = "# sha256: ";

/// A SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Of 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// Which release something is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Of which code system.
    pub system: CodeSystem,
    /// Which.
    pub release: String,
    /// The file that it was read from.
    pub source: String,
    /// How many concepts it has.
    pub concepts: u64,
    /// The digest at its end.
    pub digest: Digest,
}

/// Whether a release may be called so: it goes into the audit log and into every coded entry.
pub(crate) fn is_a_word(release: &str) -> bool {
    let of_a_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    (1..=40).contains(&release.len()) && release.bytes().all(of_a_word)
}

/// Writes it.
pub(crate) struct Writer<W> {
    to: W,
    hash: Sha256,
    pub(crate) concepts: u64,
}

impl<W: Write> Writer<W> {
    pub(crate) fn new(to: W, system: CodeSystem, source: &str) -> Result<Self, Fault> {
        let mut writer = Self { to, hash: Sha256::new(), concepts: 0 };
        let source: String = source.chars().filter(|c| !c.is_control()).take(200).collect();
        writer.line(&format!("{FORM}\n{SYSTEM}{}\n{SOURCE}{source}\n", system.code()))?;
        Ok(writer)
    }

    pub(crate) fn concept(&mut self, concept: &Concept) -> Result<(), Fault> {
        let Concept { code, display, kind, also } = concept;
        self.line(&format!("{code}\t{display}\t{kind}\t{also}\n"))?;
        self.concepts = self.concepts.saturating_add(1);
        Ok(())
    }

    /// The digest of what was written.
    pub(crate) fn end(mut self, release: &str) -> Result<Digest, Fault> {
        let concepts = self.concepts;
        self.line(&format!("{RELEASE}{release}\n{CONCEPTS}{concepts}\n"))?;
        let digest = Digest(self.hash.finalize().into());
        self.to.write_all(format!("{SHA256}{digest}\n").as_bytes())?;
        self.to.flush()?;
        Ok(digest)
    }

    fn line(&mut self, line: &str) -> Result<(), Fault> {
        self.hash.update(line.as_bytes());
        Ok(self.to.write_all(line.as_bytes())?)
    }
}

/// Looks at what is kept, whole: what it is, and the lines of its concepts.
///
/// # Errors
/// [`Fault::NotAsImported`] when a byte of it is another than was written, when it is cut off, or when it is of another form.
pub(crate) fn checked(text: &str) -> Result<Release, Fault> {
    let altered = || Fault::NotAsImported("it was altered or cut off since it was imported");
    let body = text.strip_suffix('\n').ok_or_else(altered)?;
    let at = body.rfind('\n').ok_or_else(altered)?.saturating_add(1);
    let (before, last) = (text.get(..at).ok_or_else(altered)?, body.get(at..).ok_or_else(altered)?);
    let digest = last.strip_prefix(SHA256).and_then(Digest::parse).ok_or_else(altered)?;
    if Digest(Sha256::digest(before.as_bytes()).into()) != digest {
        return Err(altered());
    }
    let other = || Fault::NotAsImported("it was written by another version of Vigil; import the release again");
    if before.lines().next() != Some(FORM) {
        return Err(other());
    }
    let said = |key: &str| before.lines().filter(|line| line.starts_with('#')).find_map(|line| line.strip_prefix(key));
    let release = Release {
        system: said(SYSTEM).and_then(CodeSystem::from_code).ok_or_else(other)?,
        release: said(RELEASE).filter(|release| is_a_word(release)).ok_or_else(other)?.to_owned(),
        source: said(SOURCE).unwrap_or_default().to_owned(),
        concepts: said(CONCEPTS).and_then(|count| count.parse().ok()).ok_or_else(other)?,
        digest,
    };
    let lines = before.lines().filter(|line| !line.starts_with('#')).count();
    if lines as u64 == release.concepts { Ok(release) } else { Err(altered()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> String {
        let mut bytes = Vec::new();
        let mut writer = Writer::new(&mut bytes, CodeSystem::Cvx, "cvx.txt").unwrap();
        for (code, display) in [("03", "MMR"), ("10", "IPV")] {
            writer.concept(&Concept::new(code, display, "Active", "").unwrap()).unwrap();
        }
        let digest = writer.end("2025-07-15").unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(checked(&text).unwrap().digest, digest, "the digest that was told is the one that stands there");
        text
    }

    #[test]
    fn what_was_written_says_what_it_is() {
        let release = checked(&kept()).unwrap();
        assert_eq!((release.system, release.concepts), (CodeSystem::Cvx, 2), "which code system, and how much of it");
        assert_eq!((release.release.as_str(), release.source.as_str()), ("2025-07-15", "cvx.txt"), "which release");
    }

    #[test]
    fn a_byte_that_is_another_and_an_end_that_is_missing_are_noticed() {
        let whole = kept();
        for at in 0..whole.len() {
            let mut bytes = whole.clone().into_bytes();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            assert!(checked(std::str::from_utf8(&bytes).unwrap()).is_err(), "the byte at {at} was altered");
            assert!(checked(&whole[..at]).is_err(), "it was cut off at {at}");
        }
        assert!(checked(&format!("{whole}03\tHepatitis B\t\t\n")).is_err(), "nor is anything added behind the end");
    }

    #[test]
    fn a_release_has_a_word_that_can_stand_in_a_log() {
        assert!(is_a_word("2.81") && is_a_word("11032025"), "as publishers write it");
        for other in ["", "of Ana", "a\nb", &"9".repeat(41)] {
            assert!(!is_a_word(other), "{other:?} is no release");
        }
    }
}
