//! Checkpoints: C2SP tlog-checkpoint text in a C2SP signed note, signed by the device.

use base64::prelude::{BASE64_STANDARD, Engine};
use ed25519_dalek::SigningKey;
use signed_note::{Note, StandardSigner, StandardVerifier, VerifierList, new_ed25519_verifier_key};
use tlog_tiles::{Checkpoint, Hash};
use zeroize::Zeroizing;

/// Size and root that a device has signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedRoot {
    /// How many entries.
    pub size: u64,
    /// The Merkle root over them.
    pub root: [u8; 32],
}

/// Why a checkpoint is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// It is not a signed note with a checkpoint in it.
    #[error("this is no checkpoint")]
    Malformed,
    /// It was not signed by the device's key.
    #[error("this checkpoint was not signed by this device")]
    Unsigned,
    /// It belongs to another log.
    #[error("this checkpoint belongs to another log")]
    OtherLog,
}

/// Signs the checkpoints of one log.
pub struct CheckpointSigner {
    origin: String,
    signer: StandardSigner,
}

impl CheckpointSigner {
    /// The signer of the log `origin`.
    ///
    /// # Errors
    /// [`CheckpointError::Malformed`] when `origin` is empty or has a space or a plus in it.
    pub fn new(origin: &str, key: &SigningKey) -> Result<Self, CheckpointError> {
        let signer = standard_signer(origin, key)?;
        Ok(Self { origin: origin.to_owned(), signer })
    }

    /// The signed note for this size and root.
    ///
    /// # Errors
    /// [`CheckpointError::Malformed`]; in practice never.
    pub fn sign(&self, size: u64, root: [u8; 32]) -> Result<Vec<u8>, CheckpointError> {
        let text = Checkpoint::new(&self.origin, size, Hash(root), "").map_err(|_| CheckpointError::Malformed)?;
        let mut note = Note::new(&text.to_bytes(), &[]).map_err(|_| CheckpointError::Malformed)?;
        note.add_sigs(&[&self.signer]).map_err(|_| CheckpointError::Malformed)?;
        Ok(note.to_bytes())
    }
}

/// The note crate takes its keys only in the encoded form of the specification: algorithm byte 1, then the seed.
pub(crate) fn standard_signer(name: &str, key: &SigningKey) -> Result<StandardSigner, CheckpointError> {
    let public = verifier_key(name, key);
    let id = public.split('+').nth(1).ok_or(CheckpointError::Malformed)?;
    let mut bytes = Zeroizing::new([1_u8; 33]);
    bytes.iter_mut().skip(1).zip(key.as_bytes()).for_each(|(to, from)| *to = *from);
    let seed = Zeroizing::new(BASE64_STANDARD.encode(bytes.as_slice()));
    let encoded = Zeroizing::new(format!("PRIVATE+KEY+{name}+{id}+{}", seed.as_str()));
    StandardSigner::new(&encoded).map_err(|_| CheckpointError::Malformed)
}

/// The public key in the encoded form of the signed-note specification (`origin+id+key`).
fn verifier_key(origin: &str, key: &SigningKey) -> String {
    new_ed25519_verifier_key(origin, &key.verifying_key())
}

/// Checks the checkpoints of one log.
pub struct CheckpointVerifier {
    origin: String,
    key: String,
}

impl CheckpointVerifier {
    /// The verifier that fits [`CheckpointSigner::new`] with the same arguments.
    pub fn new(origin: &str, key: &SigningKey) -> Self {
        Self { origin: origin.to_owned(), key: verifier_key(origin, key) }
    }

    /// The verifier of the log that this C2SP vkey names.
    ///
    /// # Errors
    /// [`CheckpointError::Malformed`] when it is no Ed25519 vkey.
    pub fn from_key(vkey: &str) -> Result<Self, CheckpointError> {
        let verifier = StandardVerifier::new(vkey).map_err(|_| CheckpointError::Malformed)?;
        Ok(Self { origin: signed_note::Verifier::name(&verifier).to_owned(), key: vkey.to_owned() })
    }

    /// The log that it verifies.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The public key for other people's tools.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Size and root, if the device signed this note.
    ///
    /// # Errors
    /// [`CheckpointError`]
    pub fn open(&self, note: &[u8]) -> Result<SignedRoot, CheckpointError> {
        let verifier = StandardVerifier::new(&self.key).map_err(|_| CheckpointError::Malformed)?;
        let note = Note::from_bytes(note).map_err(|_| CheckpointError::Malformed)?;
        note.verify(&VerifierList::new(vec![Box::new(verifier)])).map_err(|_| CheckpointError::Unsigned)?;
        let mut text = note.text().to_vec();
        text.push(b'\n');
        let checkpoint =
            Checkpoint::from_reader(&mut text.as_slice(), false).map_err(|_| CheckpointError::Malformed)?;
        if checkpoint.origin() != self.origin {
            return Err(CheckpointError::OtherLog);
        }
        Ok(SignedRoot { size: checkpoint.size(), root: checkpoint.hash().0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_opens_for_its_own_log_and_key_only() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let note = CheckpointSigner::new("vigil/device-a", &key).unwrap().sign(5, [9; 32]).unwrap();
        let own = CheckpointVerifier::new("vigil/device-a", &key);
        assert_eq!(own.open(&note), Ok(SignedRoot { size: 5, root: [9; 32] }), "its own log");
        let other_log = CheckpointVerifier::new("vigil/device-b", &key);
        assert_eq!(other_log.open(&note), Err(CheckpointError::Unsigned), "another log");
        let other_key = CheckpointVerifier::new("vigil/device-a", &SigningKey::from_bytes(&[8; 32]));
        assert_eq!(other_key.open(&note), Err(CheckpointError::Unsigned), "another key");
    }

    #[test]
    fn a_changed_checkpoint_is_refused() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let note = CheckpointSigner::new("vigil/device-a", &key).unwrap().sign(5, [9; 32]).unwrap();
        let changed = String::from_utf8(note).unwrap().replacen("\n5\n", "\n4\n", 1);
        let verifier = CheckpointVerifier::new("vigil/device-a", &key);
        assert_eq!(verifier.open(changed.as_bytes()), Err(CheckpointError::Unsigned), "size 5 became 4");
    }

    #[test]
    fn frozen_checkpoint() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let note = CheckpointSigner::new("vigil/device-a", &key).unwrap().sign(5, [9; 32]).unwrap();
        let text = String::from_utf8(note).unwrap();
        assert!(
            text.starts_with(
                "vigil/device-a\n5\nCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=\n\n\u{2014} vigil/device-a "
            ),
            "C2SP checkpoint form: {text}"
        );
    }
}
