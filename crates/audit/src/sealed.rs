//! Entries sealed to the central server when they are written: whoever carries them reads nothing.
//!
//! HPKE (RFC 9180) in base mode with X25519, HKDF-SHA-256 and AES-256-GCM makes one context for each start of the program; its exporter
//! gives the key of the entries. An own encapsulation for every entry would cost both sides a curve multiplication each.
//! **Do not modify**: outboxes hold what is sealed so, and servers open it.

use std::cell::RefCell;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{
    Deserializable, Kem, OpModeR, OpModeS, Serializable, setup_receiver, setup_sender, single_shot_open,
    single_shot_seal,
};
use serde::{Deserialize, Serialize};
use vigil_model::wire::Bytes;
use vigil_model::{DeviceId, PatientId};
use zeroize::Zeroizing;
use zstd::bulk::{Compressor, Decompressor};

const INFO: &[u8] = b"vigil/outbox/v1";
/// What a deposited key is sealed with.
const DEPOSIT: &[u8] = b"vigil/deposit/v1";
const EXPORT: &[u8] = b"vigil/outbox/entry";
/// What an opened entry may be at most, in bytes: a list of every patient of a large import still fits.
const LONGEST: usize = 4 * 1024 * 1024;
const LEVEL: i32 = 1;

/// What lies beside an entry and goes with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beside {
    /// The patients behind [`crate::AuditEvent::listed`], with the workstation's numbers of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub listed: Vec<(u64, PatientId)>,
    /// The detail as it is sealed on the workstation, under a key that the server may hold for the fleet and does not use here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Bytes>,
}

impl Beside {
    fn is_empty(&self) -> bool {
        self.listed.is_empty() && self.detail.is_none()
    }
}

/// An entry and what lies beside it, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The canonical bytes.
    pub event: Vec<u8>,
    /// What lies beside.
    pub beside: Beside,
}

/// A sealed entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The number that made its nonce.
    pub nonce: u64,
    /// Ciphertext and tag.
    pub bytes: Vec<u8>,
}

/// Why sealing or opening failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnsealError {
    /// A key or an encapsulated key is none.
    #[error("this is no key that entries are sealed to")]
    Key,
    /// It was sealed to somebody else, as another entry, or it was changed.
    #[error("this entry does not open")]
    Tampered,
    /// It opens, and what is in it is no entry.
    #[error("what was sealed is no audit entry")]
    Malformed,
}

/// The server's public key, which entries are sealed to.
#[derive(Clone)]
pub struct SealPublicKey(<X25519HkdfSha256 as Kem>::PublicKey);

impl SealPublicKey {
    /// From its 32 bytes.
    ///
    /// # Errors
    /// [`UnsealError::Key`]
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, UnsealError> {
        Deserializable::from_bytes(bytes).map(Self).map_err(|_| UnsealError::Key)
    }

    /// Its 32 bytes.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes().into()
    }

    /// Seals a group key that a workstation hands to the server (HPKE, single shot): encapsulated key, ciphertext, tag.
    ///
    /// # Errors
    /// [`UnsealError::Key`]
    pub fn seal_deposit(
        &self,
        log: DeviceId,
        group: &str,
        version: u32,
        secret: &[u8; 32],
    ) -> Result<Vec<u8>, UnsealError> {
        let (encapsulated, ciphertext) = single_shot_seal::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &self.0,
            DEPOSIT,
            secret,
            &deposit_place(log, group, version),
        )
        .map_err(|_| UnsealError::Key)?;
        Ok([encapsulated.to_bytes().as_slice(), &ciphertext].concat())
    }
}

/// The pair of this seed (RFC 9180, DeriveKeyPair): the half that opens, and the half that seals.
pub fn seal_key_pair(seed: &[u8; 32]) -> (EntryOpener, SealPublicKey) {
    let (private, public) = X25519HkdfSha256::derive_keypair(seed);
    (EntryOpener(private), SealPublicKey(public))
}

/// Seals the entries of one log: one context.
pub struct EntrySealer {
    log: DeviceId,
    encapsulated: [u8; 32],
    cipher: Aes256Gcm,
    next: AtomicU64,
}

impl EntrySealer {
    /// A new context, with randomness of the operating system.
    ///
    /// # Errors
    /// [`UnsealError::Key`] when the key is none.
    pub fn new(public: &SealPublicKey, log: DeviceId) -> Result<Self, UnsealError> {
        let (encapsulated, context) =
            setup_sender::<AesGcm256, HkdfSha256, X25519HkdfSha256>(&OpModeS::Base, &public.0, INFO)
                .map_err(|_| UnsealError::Key)?;
        let mut key = Zeroizing::new([0_u8; 32]);
        context.export(EXPORT, key.as_mut_slice()).map_err(|_| UnsealError::Key)?;
        let cipher = Aes256Gcm::new_from_slice(key.as_slice()).map_err(|_| UnsealError::Key)?;
        Ok(Self { log, encapsulated: encapsulated.to_bytes().into(), cipher, next: AtomicU64::new(0) })
    }

    /// What whoever opens needs.
    pub const fn encapsulated(&self) -> &[u8; 32] {
        &self.encapsulated
    }

    /// Seals entry `seq`. Sealing the same entry again gives other bytes.
    ///
    /// # Errors
    /// [`UnsealError::Malformed`] for an entry that is too long to be opened again.
    pub fn seal(&self, seq: u64, event: &[u8], beside: &Beside) -> Result<Sealed, UnsealError> {
        let mut plain = Zeroizing::new(event.to_vec());
        if !beside.is_empty() {
            plain.push(b'\n');
            serde_json::to_writer(&mut *plain, beside).map_err(|_| UnsealError::Malformed)?;
        }
        if plain.len() > LONGEST {
            return Err(UnsealError::Malformed);
        }
        let packed = Zeroizing::new(packed(&plain)?);
        let nonce = self.next.fetch_add(1, Ordering::Relaxed);
        let payload = Payload { msg: &packed, aad: &place(self.log, seq) };
        let bytes = self.cipher.encrypt(&nonce_of(nonce), payload).map_err(|_| UnsealError::Malformed)?;
        Ok(Sealed { nonce, bytes })
    }
}

/// The server's private key; wiped when dropped.
pub struct EntryOpener(<X25519HkdfSha256 as Kem>::PrivateKey);

impl EntryOpener {
    /// Opens what one context of this log sealed.
    ///
    /// # Errors
    /// [`UnsealError::Key`] when `encapsulated` is none.
    pub fn context(&self, encapsulated: &[u8], log: DeviceId) -> Result<ContextOpener, UnsealError> {
        let encapsulated = Deserializable::from_bytes(encapsulated).map_err(|_| UnsealError::Key)?;
        let context =
            setup_receiver::<AesGcm256, HkdfSha256, X25519HkdfSha256>(&OpModeR::Base, &self.0, &encapsulated, INFO)
                .map_err(|_| UnsealError::Key)?;
        let mut key = Zeroizing::new([0_u8; 32]);
        context.export(EXPORT, key.as_mut_slice()).map_err(|_| UnsealError::Key)?;
        let cipher = Aes256Gcm::new_from_slice(key.as_slice()).map_err(|_| UnsealError::Key)?;
        Ok(ContextOpener { log, cipher })
    }
}

impl EntryOpener {
    /// Opens what [`SealPublicKey::seal_deposit`] sealed for the same place.
    ///
    /// # Errors
    /// [`UnsealError::Tampered`] and [`UnsealError::Malformed`].
    pub fn open_deposit(
        &self,
        log: DeviceId,
        group: &str,
        version: u32,
        sealed: &[u8],
    ) -> Result<Zeroizing<[u8; 32]>, UnsealError> {
        let (encapsulated, ciphertext) = sealed.split_first_chunk::<32>().ok_or(UnsealError::Malformed)?;
        let encapsulated = Deserializable::from_bytes(encapsulated).map_err(|_| UnsealError::Malformed)?;
        let opened = single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &self.0,
            &encapsulated,
            DEPOSIT,
            ciphertext,
            &deposit_place(log, group, version),
        )
        .map(Zeroizing::new)
        .map_err(|_| UnsealError::Tampered)?;
        opened.as_slice().try_into().map(Zeroizing::new).map_err(|_| UnsealError::Malformed)
    }
}

/// Opens the entries of one context, in any order.
#[derive(Clone)]
pub struct ContextOpener {
    log: DeviceId,
    cipher: Aes256Gcm,
}

impl ContextOpener {
    /// Entry `seq`.
    ///
    /// # Errors
    /// [`UnsealError::Tampered`] and [`UnsealError::Malformed`].
    pub fn open(&self, seq: u64, nonce: u64, sealed: &[u8]) -> Result<Opened, UnsealError> {
        let payload = Payload { msg: sealed, aad: &place(self.log, seq) };
        let packed = self.cipher.decrypt(&nonce_of(nonce), payload).map_err(|_| UnsealError::Tampered)?;
        let mut plain = unpacked(&Zeroizing::new(packed))?;
        let Some(end) = plain.iter().position(|byte| *byte == b'\n') else {
            return Ok(Opened { event: plain, beside: Beside::default() });
        };
        let beside = plain.split_off(end);
        let beside = beside.get(1..).unwrap_or_default();
        Ok(Opened { event: plain, beside: serde_json::from_slice(beside).map_err(|_| UnsealError::Malformed)? })
    }
}

fn place(log: DeviceId, seq: u64) -> Vec<u8> {
    format!("vigil/outbox/v1|{log}|{seq}").into_bytes()
}

fn deposit_place(log: DeviceId, group: &str, version: u32) -> Vec<u8> {
    format!("vigil/deposit/v1|{log}|{group}|{version}").into_bytes()
}

fn nonce_of(number: u64) -> Nonce<aes_gcm::aead::consts::U12> {
    let mut nonce = [0_u8; 12];
    nonce.iter_mut().skip(4).zip(number.to_be_bytes()).for_each(|(to, from)| *to = from);
    nonce.into()
}

thread_local! {
    // The dictionary is digested once for each thread, not once for each entry.
    static PACKER: RefCell<io::Result<Compressor<'static>>> =
        RefCell::new(Compressor::with_dictionary(LEVEL, DICTIONARY));
    static UNPACKER: RefCell<io::Result<Decompressor<'static>>> = RefCell::new(Decompressor::with_dictionary(DICTIONARY));
}

fn packed(plain: &[u8]) -> Result<Vec<u8>, UnsealError> {
    let pack = |packer: &RefCell<io::Result<Compressor<'static>>>| match &mut *packer.borrow_mut() {
        Ok(packer) => packer.compress(plain).map_err(|_| UnsealError::Malformed),
        Err(_) => Err(UnsealError::Malformed),
    };
    PACKER.with(pack)
}

fn unpacked(packed: &[u8]) -> Result<Vec<u8>, UnsealError> {
    let length = zstd::zstd_safe::get_frame_content_size(packed).ok().flatten().ok_or(UnsealError::Malformed)?;
    // What it claims is reserved before it is read.
    let length = usize::try_from(length).ok().filter(|length| *length <= LONGEST).ok_or(UnsealError::Malformed)?;
    let unpack = |unpacker: &RefCell<io::Result<Decompressor<'static>>>| match &mut *unpacker.borrow_mut() {
        Ok(unpacker) => unpacker.decompress(packed, length).map_err(|_| UnsealError::Malformed),
        Err(_) => Err(UnsealError::Malformed),
    };
    UNPACKER.with(unpack)
}

/// What the entries of a hospital's day have in common. **Do not modify**: it is part of the form.
const DICTIONARY: &[u8] = include_bytes!("sealed.dictionary");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AuditEvent, Kind};

    fn log(number: u8) -> DeviceId {
        DeviceId::parse(&format!("01900000-0000-7000-8000-00000000000{number}")).unwrap()
    }

    fn event() -> Vec<u8> {
        let at = "2026-11-29T10:00:00Z".parse().unwrap();
        let purpose = vigil_model::PurposeOfUse::Administration;
        let (outcome, agent) = (crate::Outcome::Success, crate::Agent::Workstation);
        AuditEvent::new(7, at, Kind::WORKSTATION_START, outcome, agent, purpose).canonical().unwrap()
    }

    #[test]
    fn an_entry_opens_as_itself_and_nowhere_else() {
        let (opener, public) = seal_key_pair(&[5; 32]);
        let sealer = EntrySealer::new(&public, log(1)).unwrap();
        let patient = PatientId::parse("p-1").unwrap();
        let beside = Beside { listed: vec![(3, patient)], detail: Some(Bytes(vec![0, 10, 255])) };
        let sealed = sealer.seal(7, &event(), &beside).unwrap();
        let context = opener.context(sealer.encapsulated(), log(1)).unwrap();
        let opened = context.open(7, sealed.nonce, &sealed.bytes).unwrap();
        assert_eq!(opened, Opened { event: event(), beside }, "both come back");
        assert_eq!(context.open(8, sealed.nonce, &sealed.bytes), Err(UnsealError::Tampered), "as another entry");
        assert_eq!(context.open(7, sealed.nonce + 1, &sealed.bytes), Err(UnsealError::Tampered), "with another nonce");
        let elsewhere = opener.context(sealer.encapsulated(), log(2)).unwrap();
        assert_eq!(elsewhere.open(7, sealed.nonce, &sealed.bytes), Err(UnsealError::Tampered), "in another log");
        let (other, _) = seal_key_pair(&[6; 32]);
        let other = other.context(sealer.encapsulated(), log(1)).unwrap();
        assert_eq!(other.open(7, sealed.nonce, &sealed.bytes), Err(UnsealError::Tampered), "with another key");
    }

    #[test]
    fn nothing_of_an_entry_stands_in_the_clear_and_it_is_packed() {
        let (_, public) = seal_key_pair(&[5; 32]);
        let sealer = EntrySealer::new(&public, log(1)).unwrap();
        let sealed = sealer.seal(7, &event(), &Beside::default()).unwrap();
        assert!(!sealed.bytes.windows(7).any(|bytes| bytes == b"HSYSADM"), "the purpose");
        assert!(sealed.bytes.len() < event().len() / 2, "{} of {} bytes", sealed.bytes.len(), event().len());
        let again = sealer.seal(7, &event(), &Beside::default()).unwrap();
        assert_ne!(again.nonce, sealed.nonce, "a nonce is never used twice, not for the same entry either");
    }

    #[test]
    fn a_deposited_key_opens_in_its_place_alone() {
        let (opener, public) = seal_key_pair(&[5; 32]);
        let sealed = public.seal_deposit(log(1), "directory", 2, &[9; 32]).unwrap();
        assert_eq!(*opener.open_deposit(log(1), "directory", 2, &sealed).unwrap(), [9; 32], "its own");
        for (at, group, version) in [(log(2), "directory", 2), (log(1), "break-glass", 2), (log(1), "directory", 1)] {
            assert_eq!(
                opener.open_deposit(at, group, version, &sealed),
                Err(UnsealError::Tampered),
                "{group} {version}"
            );
        }
    }

    #[test]
    fn frozen_form() {
        let key: [u8; 32] = hex::decode("1f2e3d4c5b6a79880716253443526170f0e1d2c3b4a5968778695a4b3c2d1e0f")
            .unwrap()
            .try_into()
            .unwrap();
        let (opener, _) = seal_key_pair(&key);
        let context = opener.context(&hex::decode(ENCAPSULATED).unwrap(), log(1)).unwrap();
        let opened = context.open(7, 0, &hex::decode(SEALED).unwrap()).unwrap();
        assert_eq!(opened.event, event(), "outboxes hold what was sealed so");
    }

    const ENCAPSULATED: &str = "9d326859af8cf48819b4fe9bf90b7dc1b96892cecd99418e715463e0c904293f";
    const SEALED: &str =
        concat!("8eebd6f106b345f27040f5654ece94ba956f52a67871ee9d3e4fb3d6fbd26891f8cc7e42ae07ba00", "5b6cd4ba",);

    #[test]
    fn an_entry_that_claims_to_be_huge_is_refused_before_it_is_read() {
        let mut packer = Compressor::new(1).unwrap();
        let packed = packer.compress(&vec![0; LONGEST + 1]).unwrap();
        assert!(packed.len() < 4096, "a bomb is small");
        assert_eq!(unpacked(&packed), Err(UnsealError::Malformed), "longer than any entry");
    }
}
