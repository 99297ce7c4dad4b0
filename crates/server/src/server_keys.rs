//! The keys that a running server works with, out of their wrapping.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use vigil_audit::{
    CheckpointError, CheckpointSigner, CheckpointVerifier, CosignatureError, CosignatureVerifier, Cosigner, EntryOpener,
};
use vigil_model::DeviceId;
use zeroize::Zeroizing;

use crate::intake::ContextCache;
use crate::store::HeadKey;

/// What [`Keys`] are made of.
pub struct KeyMaterial {
    /// The id of the server's own log.
    pub own_log: DeviceId,
    /// Signs the checkpoints of the server's own log.
    pub log_key: SigningKey,
    /// What the witness calls itself, such as `vigil.example/witness`.
    pub witness_name: String,
    /// Cosigns the checkpoints of every log.
    pub witness_key: SigningKey,
    /// Open what was sealed to the server, by the ids of their public halves.
    pub seal: Vec<(u32, EntryOpener)>,
    /// Authenticates the heads of the logs.
    pub head: Zeroizing<[u8; 32]>,
    /// Authenticates where a search goes on.
    pub cursor: Zeroizing<[u8; 32]>,
}

/// The keys of a running server.
pub struct Keys {
    own_log: DeviceId,
    signer: CheckpointSigner,
    own_verifier: CheckpointVerifier,
    witness_name: String,
    cosigner: Cosigner,
    cosignature: CosignatureVerifier,
    seal: BTreeMap<u32, EntryOpener>,
    head: HeadKey,
    cursor: Zeroizing<[u8; 32]>,
    contexts: ContextCache,
}

/// A name or a key is none.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// Of the server's own log.
    #[error("the server's own log: {0}")]
    Log(#[from] CheckpointError),
    /// Of the witness.
    #[error("the witness: {0}")]
    Witness(#[from] CosignatureError),
}

impl Keys {
    /// The keys, ready for use.
    ///
    /// # Errors
    /// [`KeysError`] when the name of the witness has a space or a plus in it.
    pub fn new(material: KeyMaterial) -> Result<Self, KeysError> {
        let KeyMaterial { own_log, log_key, witness_name, witness_key, seal, head, cursor } = material;
        let origin = origin(own_log);
        let cosigner = Cosigner::new(&witness_name, &witness_key)?;
        Ok(Self {
            own_log,
            signer: CheckpointSigner::new(&origin, &log_key)?,
            own_verifier: CheckpointVerifier::new(&origin, &log_key),
            cosignature: CosignatureVerifier::new(&cosigner.vkey())?,
            witness_name,
            cosigner,
            seal: seal.into_iter().collect(),
            head: HeadKey::new(head),
            cursor,
            contexts: ContextCache::default(),
        })
    }

    /// The id of the server's own log.
    pub const fn own_log(&self) -> DeviceId {
        self.own_log
    }

    /// The key that verifies the server's own checkpoints (C2SP vkey).
    pub fn own_verifier_key(&self) -> &str {
        self.own_verifier.key()
    }

    /// The witness's public key (C2SP vkey, `cosignature/v1`).
    pub fn witness_key(&self) -> String {
        self.cosigner.vkey()
    }

    /// What the witness calls itself.
    pub(crate) fn witness_name(&self) -> &str {
        &self.witness_name
    }

    pub(crate) const fn signer(&self) -> &CheckpointSigner {
        &self.signer
    }

    pub(crate) const fn cosigner(&self) -> &Cosigner {
        &self.cosigner
    }

    pub(crate) const fn cosignature(&self) -> &CosignatureVerifier {
        &self.cosignature
    }

    pub(crate) fn opener(&self, id: u32) -> Option<&EntryOpener> {
        self.seal.get(&id)
    }

    pub(crate) const fn head(&self) -> &HeadKey {
        &self.head
    }

    pub(crate) fn cursor(&self) -> &[u8; 32] {
        &self.cursor
    }

    pub(crate) const fn contexts(&self) -> &ContextCache {
        &self.contexts
    }
}

/// What a log calls itself (C2SP: origin).
pub(crate) fn origin(log: DeviceId) -> String {
    format!("vigil/{log}")
}
