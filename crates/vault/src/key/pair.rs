//! Key pairs for granting: HPKE (RFC 9180) with X25519, HKDF-SHA-256 and AES-256-GCM.

use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal};
use zeroize::Zeroizing;

use super::{Secret, random};
use crate::{Undecodable, VaultError};

const INFO: &[u8] = b"vigil/grant/v1";
const ENCAPSULATED: usize = 32;

/// The half that seals.
pub(crate) struct PublicKey(<X25519HkdfSha256 as Kem>::PublicKey);

/// The half that opens; wiped when dropped.
pub(crate) struct PrivateKey(<X25519HkdfSha256 as Kem>::PrivateKey);

impl PublicKey {
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, VaultError> {
        Deserializable::from_bytes(bytes).map(Self).map_err(|_| VaultError::Cryptography("a public key"))
    }

    pub(crate) fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes().into()
    }

    /// Seals `secret` so that only the other half opens it: `encapsulated key | ciphertext | tag`.
    pub(crate) fn seal(&self, bound_to: &str, secret: &Secret) -> Result<Vec<u8>, VaultError> {
        self.seal_bytes(bound_to, secret.as_slice())
    }

    /// The same for a secret of any length.
    pub(crate) fn seal_bytes(&self, bound_to: &str, secret: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (encapsulated, ciphertext) = single_shot_seal::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &self.0,
            INFO,
            secret,
            bound_to.as_bytes(),
        )
        .map_err(|_| VaultError::Cryptography("granting a key"))?;
        Ok([encapsulated.to_bytes().as_slice(), &ciphertext].concat())
    }
}

impl PrivateKey {
    /// A new pair.
    pub(crate) fn make() -> Result<(Self, PublicKey), VaultError> {
        Ok(Self::from_seed(&Zeroizing::new(random()?)))
    }

    /// The pair of this seed (RFC 9180, DeriveKeyPair).
    pub(crate) fn from_seed(seed: &Secret) -> (Self, PublicKey) {
        let (private, public) = X25519HkdfSha256::derive_keypair(seed.as_slice());
        (Self(private), PublicKey(public))
    }

    pub(crate) fn from_secret(secret: &Secret) -> Result<Self, VaultError> {
        Deserializable::from_bytes(secret.as_slice()).map(Self).map_err(|_| VaultError::Cryptography("a private key"))
    }

    /// The other half.
    pub(crate) fn public(&self) -> PublicKey {
        PublicKey(X25519HkdfSha256::sk_to_pk(&self.0))
    }

    pub(crate) fn to_secret(&self) -> Secret {
        Zeroizing::new(self.0.to_bytes().into())
    }

    /// Opens what was sealed for this pair and this place.
    pub(crate) fn open(&self, bound_to: &str, sealed: &[u8]) -> Result<Secret, Undecodable> {
        let secret = self.open_bytes(bound_to, sealed)?;
        secret.as_slice().try_into().map(Zeroizing::new).map_err(|_| Undecodable::Malformed)
    }

    /// The same for a secret of any length.
    pub(crate) fn open_bytes(&self, bound_to: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Undecodable> {
        let (encapsulated, ciphertext) = sealed.split_first_chunk::<ENCAPSULATED>().ok_or(Undecodable::Malformed)?;
        let encapsulated = Deserializable::from_bytes(encapsulated).map_err(|_| Undecodable::Malformed)?;
        single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &self.0,
            &encapsulated,
            INFO,
            ciphertext,
            bound_to.as_bytes(),
        )
        .map(Zeroizing::new)
        .map_err(|_| Undecodable::Tampered)
    }
}
