//! Cosignatures of witnesses on checkpoints (C2SP tlog-cosignature, `cosignature/v1` with Ed25519).

use base64::prelude::{BASE64_STANDARD, Engine};
use ed25519_dalek::{Signature, SignatureError, Signer as _, SigningKey, VerifyingKey};
use signed_note::{Note, Signer, Verifier, VerifierList, is_key_name_valid, key_id};

/// The algorithm byte of the specification.
const COSIGNATURE_V1: u8 = 4;

/// Why a cosigned checkpoint is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CosignatureError {
    /// The name of a witness has no space and no plus in it; its key is a vkey of type `cosignature/v1`.
    #[error("this is no key of a witness")]
    Key,
    /// It is not a signed note.
    #[error("this is no checkpoint")]
    Malformed,
    /// The witness did not cosign it.
    #[error("this checkpoint was not cosigned by the witness")]
    Unsigned,
}

/// A witness.
pub struct Cosigner {
    name: String,
    key: SigningKey,
}

/// Knows a witness again.
#[derive(Clone)]
pub struct CosignatureVerifier {
    name: String,
    key: VerifyingKey,
}

impl Cosigner {
    /// The witness `name`.
    ///
    /// # Errors
    /// [`CosignatureError::Key`] for a name with a space or a plus in it.
    pub fn new(name: &str, key: &SigningKey) -> Result<Self, CosignatureError> {
        if !is_key_name_valid(name) {
            return Err(CosignatureError::Key);
        }
        Ok(Self { name: name.to_owned(), key: key.clone() })
    }

    /// Its public key as C2SP vkey.
    pub fn vkey(&self) -> String {
        let key = encoded(&self.key.verifying_key());
        format!("{}+{:08x}+{}", self.name, key_id(&self.name, &key), BASE64_STANDARD.encode(key))
    }

    /// The note with the cosignature added, in the place of an earlier one of this witness. `time`: seconds since 1970. Whether it may be
    /// signed is for the caller to know.
    ///
    /// # Errors
    /// [`CosignatureError::Malformed`] when `note` is no signed note.
    pub fn cosign(&self, note: &[u8], time: u64) -> Result<Vec<u8>, CosignatureError> {
        let mut note = Note::from_bytes(note).map_err(|_| CosignatureError::Malformed)?;
        note.add_sigs(&[&Timed { witness: self, time }]).map_err(|_| CosignatureError::Malformed)?;
        Ok(note.to_bytes())
    }
}

impl CosignatureVerifier {
    /// The witness that this vkey names.
    ///
    /// # Errors
    /// [`CosignatureError::Key`]
    pub fn new(vkey: &str) -> Result<Self, CosignatureError> {
        let mut parts = vkey.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(CosignatureError::Key);
        };
        let key = BASE64_STANDARD.decode(key).map_err(|_| CosignatureError::Key)?;
        let right = is_key_name_valid(name) && id == format!("{:08x}", key_id(name, &key));
        let (COSIGNATURE_V1, public) = key.split_first().map(|(kind, public)| (*kind, public)).unwrap_or_default()
        else {
            return Err(CosignatureError::Key);
        };
        let public = public.try_into().map_err(|_| CosignatureError::Key)?;
        let key = VerifyingKey::from_bytes(public).map_err(|_| CosignatureError::Key)?;
        if right { Ok(Self { name: name.to_owned(), key }) } else { Err(CosignatureError::Key) }
    }

    /// When the witness cosigned this note, in seconds since 1970.
    ///
    /// # Errors
    /// [`CosignatureError`]
    pub fn open(&self, note: &[u8]) -> Result<u64, CosignatureError> {
        let note = Note::from_bytes(note).map_err(|_| CosignatureError::Malformed)?;
        let known = VerifierList::new(vec![Box::new(self.clone())]);
        let (signed, _) = note.verify(&known).map_err(|_| CosignatureError::Unsigned)?;
        let time = signed.first().and_then(|signature| signature.signature().first_chunk::<8>());
        time.map(|time| u64::from_be_bytes(*time)).ok_or(CosignatureError::Unsigned)
    }
}

struct Timed<'w> {
    witness: &'w Cosigner,
    time: u64,
}

impl Signer for Timed<'_> {
    fn name(&self) -> &str {
        &self.witness.name
    }

    fn key_id(&self) -> u32 {
        key_id(&self.witness.name, &encoded(&self.witness.key.verifying_key()))
    }

    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, SignatureError> {
        let signature = self.witness.key.try_sign(&message(self.time, text))?;
        Ok([self.time.to_be_bytes().as_slice(), &signature.to_bytes()].concat())
    }
}

impl Verifier for CosignatureVerifier {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        key_id(&self.name, &encoded(&self.key))
    }

    fn verify(&self, text: &[u8], signature: &[u8]) -> bool {
        let Some((time, signature)) = signature.split_first_chunk::<8>() else { return false };
        let message = message(u64::from_be_bytes(*time), text);
        Signature::from_slice(signature).is_ok_and(|signature| self.key.verify_strict(&message, &signature).is_ok())
    }
}

fn encoded(key: &VerifyingKey) -> Vec<u8> {
    [&[COSIGNATURE_V1], key.as_bytes().as_slice()].concat()
}

fn message(time: u64, text: &[u8]) -> Vec<u8> {
    [format!("cosignature/v1\ntime {time}\n").as_bytes(), text].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CheckpointSigner, CheckpointVerifier};

    #[test]
    fn a_cosigned_checkpoint_is_still_the_devices() {
        let device = SigningKey::from_bytes(&[7; 32]);
        let note = CheckpointSigner::new("vigil/device-a", &device).unwrap().sign(5, [9; 32]).unwrap();
        let witness = Cosigner::new("vigil.example/witness", &SigningKey::from_bytes(&[8; 32])).unwrap();
        let cosigned = witness.cosign(&note, 1_795_910_400).unwrap();
        let own = CheckpointVerifier::new("vigil/device-a", &device);
        assert_eq!(own.open(&cosigned).unwrap().size, 5, "the device's signature stands");
        let verifier = CosignatureVerifier::new(&witness.vkey()).unwrap();
        assert_eq!(verifier.open(&cosigned), Ok(1_795_910_400), "and the witness's says when");
        assert_eq!(verifier.open(&note), Err(CosignatureError::Unsigned), "without it");
        let changed = String::from_utf8(cosigned).unwrap().replacen("\n5\n", "\n6\n", 1);
        assert_eq!(verifier.open(changed.as_bytes()), Err(CosignatureError::Unsigned), "of another size");
    }

    #[test]
    fn a_second_cosignature_of_the_same_witness_takes_the_place_of_the_first() {
        let device = SigningKey::from_bytes(&[7; 32]);
        let note = CheckpointSigner::new("vigil/device-a", &device).unwrap().sign(5, [9; 32]).unwrap();
        let witness = Cosigner::new("w", &SigningKey::from_bytes(&[8; 32])).unwrap();
        let twice = witness.cosign(&witness.cosign(&note, 1).unwrap(), 2).unwrap();
        assert_eq!(String::from_utf8(twice.clone()).unwrap().matches("\u{2014} w ").count(), 1, "one line");
        assert_eq!(CosignatureVerifier::new(&witness.vkey()).unwrap().open(&twice), Ok(2), "the newer");
    }

    #[test]
    fn a_key_of_another_kind_is_none_of_a_witness() {
        let key = SigningKey::from_bytes(&[8; 32]);
        let standard = crate::TextSigner::vkey("w", &key);
        assert!(CosignatureVerifier::new(&standard).is_err(), "a plain Ed25519 key");
        let own = Cosigner::new("w", &key).unwrap().vkey();
        assert!(CosignatureVerifier::new(&own.replacen("w+", "v+", 1)).is_err(), "another name with the same id");
        assert!(CosignatureVerifier::new("w").is_err(), "a name alone");
    }
}
