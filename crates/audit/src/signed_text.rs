//! Short texts that somebody signed: a C2SP signed note whose first line says what it is.

use ed25519_dalek::SigningKey;
use signed_note::{Note, StandardSigner, StandardVerifier, VerifierList, new_ed25519_verifier_key};

use crate::checkpoint::standard_signer;

/// Why a signed text is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignedTextError {
    /// It is not a signed note, or its text is not of that kind.
    #[error("this is no signed note of that kind")]
    Malformed,
    /// It was not signed by this key.
    #[error("this note was not signed by the key that is expected")]
    Unsigned,
}

/// What was signed, verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedText(String);

impl SignedText {
    /// Everything after the first line.
    pub fn body(&self) -> &str {
        &self.0
    }
}

/// Signs texts.
pub struct TextSigner(StandardSigner);

impl TextSigner {
    /// The signer `name`, which has no space and no plus in it.
    ///
    /// # Errors
    /// [`SignedTextError::Malformed`] for another name.
    pub fn new(name: &str, key: &SigningKey) -> Result<Self, SignedTextError> {
        standard_signer(name, key).map(Self).map_err(|_| SignedTextError::Malformed)
    }

    /// The public key as C2SP vkey.
    pub fn vkey(name: &str, key: &SigningKey) -> String {
        new_ed25519_verifier_key(name, &key.verifying_key())
    }

    /// The signed note of this kind and body.
    ///
    /// # Errors
    /// [`SignedTextError::Malformed`] when `kind` has a line feed in it or a text has a control character.
    pub fn sign(&self, kind: &str, body: &str) -> Result<String, SignedTextError> {
        if kind.contains('\n') {
            return Err(SignedTextError::Malformed);
        }
        let text = format!("{kind}\n{body}\n");
        let mut note = Note::new(text.as_bytes(), &[]).map_err(|_| SignedTextError::Malformed)?;
        note.add_sigs(&[&self.0]).map_err(|_| SignedTextError::Malformed)?;
        String::from_utf8(note.to_bytes()).map_err(|_| SignedTextError::Malformed)
    }
}

/// Verifies them.
pub struct TextVerifier(String);

impl TextVerifier {
    /// The verifier of this C2SP vkey.
    ///
    /// # Errors
    /// [`SignedTextError::Malformed`] when it is no Ed25519 vkey.
    pub fn new(vkey: &str) -> Result<Self, SignedTextError> {
        StandardVerifier::new(vkey).map_err(|_| SignedTextError::Malformed)?;
        Ok(Self(vkey.to_owned()))
    }

    /// The text of a note of this kind that the key signed.
    ///
    /// # Errors
    /// [`SignedTextError`]
    pub fn open(&self, kind: &str, note: &str) -> Result<SignedText, SignedTextError> {
        let verifier = StandardVerifier::new(&self.0).map_err(|_| SignedTextError::Malformed)?;
        let note = Note::from_bytes(note.as_bytes()).map_err(|_| SignedTextError::Malformed)?;
        note.verify(&VerifierList::new(vec![Box::new(verifier)])).map_err(|_| SignedTextError::Unsigned)?;
        let text = std::str::from_utf8(note.text()).map_err(|_| SignedTextError::Malformed)?;
        let (first, body) = text.split_once('\n').ok_or(SignedTextError::Malformed)?;
        if first != kind {
            return Err(SignedTextError::Malformed);
        }
        Ok(SignedText(body.strip_suffix('\n').unwrap_or(body).to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_opens_for_its_kind_and_key_alone() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let note =
            TextSigner::new("vigil/directory", &key).unwrap().sign("vigil/directory", "{\"version\":1}").unwrap();
        let verifier = TextVerifier::new(&TextSigner::vkey("vigil/directory", &key)).unwrap();
        assert_eq!(verifier.open("vigil/directory", &note).unwrap().body(), "{\"version\":1}", "its own");
        assert_eq!(verifier.open("vigil/enrolment", &note), Err(SignedTextError::Malformed), "as something else");
        let changed = note.replacen("version\":1", "version\":2", 1);
        assert_eq!(verifier.open("vigil/directory", &changed), Err(SignedTextError::Unsigned), "changed");
        let other = TextSigner::vkey("vigil/directory", &SigningKey::from_bytes(&[4; 32]));
        let other = TextVerifier::new(&other).unwrap();
        assert_eq!(other.open("vigil/directory", &note), Err(SignedTextError::Unsigned), "another key");
    }

    #[test]
    fn a_body_of_several_lines_comes_back_as_it_was() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let note = TextSigner::new("vigil/a", &key).unwrap().sign("vigil/enrolment", "one\ntwo").unwrap();
        let verifier = TextVerifier::new(&TextSigner::vkey("vigil/a", &key)).unwrap();
        assert_eq!(verifier.open("vigil/enrolment", &note).unwrap().body(), "one\ntwo", "both lines");
    }
}
