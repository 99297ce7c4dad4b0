//! One connection to the TPM: the storage key, the installation's key under it, the NV index with the mark.
//!
//! Every command that carries a secret runs in a session that is salted to the storage key and encrypts its parameters, so
//! that whoever only listens on the bus of the chip reads neither codes nor marks.

use std::fs::OpenOptions;
use std::io;
use std::str::FromStr as _;

use tss_esapi::attributes::{NvIndexAttributesBuilder, ObjectAttributesBuilder, SessionAttributesBuilder};
use tss_esapi::constants::{SessionType, response_code::Tss2ResponseCodeKind};
use tss_esapi::handles::{KeyHandle, NvIndexHandle, NvIndexTpmHandle, ObjectHandle, TpmHandle};
use tss_esapi::interface_types::algorithm::{HashingAlgorithm, PublicAlgorithm};
use tss_esapi::interface_types::ecc::EccCurve;
use tss_esapi::interface_types::resource_handles::{Hierarchy, NvAuth, Provision};
use tss_esapi::interface_types::session_handles::AuthSession;
use tss_esapi::structures::{
    Auth, Digest, EccPoint, KeyedHashScheme, MaxBuffer, MaxNvBuffer, NvPublicBuilder, Private, Public, PublicBuilder,
    PublicEccParametersBuilder, PublicKeyedHashParameters, SymmetricDefinition, SymmetricDefinitionObject,
};
use tss_esapi::traits::{Marshall as _, UnMarshall as _};
use tss_esapi::{Context, Error, TctiNameConf};
use zeroize::Zeroizing;

use super::super::mac::DeviceMac;
use super::super::{CustodianError, CustodianKind, Mark};
use super::key_file::KeyFile;
use super::{KIND, mark_from_bytes, mark_to_bytes};
use crate::key::{Secret, random};

/// The NV indices that the TCG's "Registry of Reserved TPM 2.0 Handles and Localities" leaves to the owner.
const OWNER_INDICES: std::ops::Range<u32> = 0x0180_0000..0x01C0_0000;
/// Indices tried before giving up; two installations that draw the same one are next to impossible.
const TRIES: u32 = 8;
const MARK_BYTES: u16 = 40;
/// The label under which the key makes the password of its NV index; of the length of the other labels.
const MARK_PASSWORD: &[u8; 30] = b"vigil/custodian/device/mark/v1";

pub(super) struct Chip {
    context: Context,
    storage: KeyHandle,
    session: Option<AuthSession>,
    key: Option<KeyHandle>,
}

impl Chip {
    /// Connects and makes the storage key, which comes out the same every time until the TPM is cleared.
    pub(super) fn connect(tcti: &str) -> Result<Self, CustodianError> {
        reachable(tcti)?;
        let name = TctiNameConf::from_str(tcti).map_err(|_| said(&format!("{tcti} is no address of a TPM")))?;
        let mut context = Context::new(name).map_err(|error| said(&format!("at {tcti}: {error}")))?;
        let template = storage_template().map_err(failed)?;
        let storage = context
            .execute_with_nullauth_session(|context| {
                context.create_primary(Hierarchy::Owner, template, None, None, None, None)
            })
            .map_err(owner_failed)?
            .key_handle;
        let session = context
            .start_auth_session(
                Some(storage),
                None,
                None,
                SessionType::Hmac,
                SymmetricDefinition::AES_128_CFB,
                HashingAlgorithm::Sha256,
            )
            .map_err(failed)?;
        let both = SessionAttributesBuilder::new().with_decrypt(true).with_encrypt(true).build();
        let session = session.ok_or_else(|| said("it opened no session"))?;
        context.tr_sess_set_attributes(session, both.0, both.1).map_err(failed)?;
        Ok(Self { context, storage, session: Some(session), key: None })
    }

    /// Makes a new key; it is not loaded yet.
    pub(super) fn make(&mut self) -> Result<KeyFile, CustodianError> {
        let (storage, template) = (self.storage, key_template().map_err(failed)?);
        let made = self
            .context
            .execute_with_session(self.session, |context| context.create(storage, template, None, None, None, None))
            .map_err(failed)?;
        Ok(KeyFile::new(&made.out_public.marshall().map_err(failed)?, made.out_private.value()))
    }

    /// Loads the key; [`CustodianError::Refused`] when another TPM made it, or this one before it was cleared.
    pub(super) fn load(&mut self, key: &KeyFile) -> Result<(), CustodianError> {
        let refused = |_| CustodianError::Refused(KIND);
        let public = Public::unmarshall(&key.public()?).map_err(refused)?;
        let private = Private::try_from(key.private()?).map_err(refused)?;
        let storage = self.storage;
        let loaded = self.context.execute_with_session(self.session, |context| context.load(storage, private, public));
        let refusals = [
            Tss2ResponseCodeKind::Integrity,
            Tss2ResponseCodeKind::Size,
            Tss2ResponseCodeKind::Insufficient,
            Tss2ResponseCodeKind::Value,
            Tss2ResponseCodeKind::Binding,
        ];
        match loaded {
            Ok(handle) => self.key = Some(handle),
            Err(error) if refusals.iter().any(|kind| is(error, *kind)) => return Err(CustodianError::Refused(KIND)),
            Err(error) => return Err(failed(error)),
        }
        Ok(())
    }

    /// Makes an NV index for the mark and says which; only who has the key can use it.
    pub(super) fn mark_define(&mut self) -> Result<u32, CustodianError> {
        let drawn = u32::from_be_bytes(random().map_err(|error| said(&error.to_string()))?);
        let count = OWNER_INDICES.end - OWNER_INDICES.start;
        for index in (0..TRIES).map(|next| OWNER_INDICES.start + drawn.wrapping_add(next) % count) {
            let password = self.mark_password()?;
            let define =
                |context: &mut Context| context.nv_define_space(Provision::Owner, Some(password), public(index)?);
            match self.context.execute_with_session(self.session, define) {
                Ok(_) => return Ok(index),
                Err(error) if is(error, Tss2ResponseCodeKind::NvDefined) => {}
                Err(error) => return Err(owner_failed(error)),
            }
        }
        Err(said("no NV index is free"))
    }

    pub(super) fn mark_remove(&mut self, index: u32) -> Result<(), CustodianError> {
        if let Some(handle) = self.mark_handle(index)? {
            let undefine = |context: &mut Context| context.nv_undefine_space(Provision::Owner, handle);
            self.context.execute_with_session(self.session, undefine).map_err(owner_failed)?;
        }
        Ok(())
    }

    /// The mark; none when none was written, or when somebody removed the index.
    pub(super) fn mark(&mut self, index: u32) -> Result<Option<Mark>, CustodianError> {
        let Some(handle) = self.mark_handle(index)? else { return Ok(None) };
        let (about, _) =
            self.context.execute_without_session(|context| context.nv_read_public(handle)).map_err(failed)?;
        if !about.attributes().written() {
            return Ok(None);
        }
        let read = |context: &mut Context| context.nv_read(NvAuth::NvIndex(handle), handle, MARK_BYTES, 0);
        let bytes = self.context.execute_with_session(self.session, read).map_err(failed)?;
        mark_from_bytes(bytes.value()).map(Some)
    }

    pub(super) fn mark_set(&mut self, index: u32, mark: &Mark) -> Result<(), CustodianError> {
        let handle = self.mark_handle(index)?.ok_or_else(|| said("somebody removed the NV index of the mark"))?;
        let bytes = MaxNvBuffer::try_from(mark_to_bytes(mark)).map_err(failed)?;
        let write = |context: &mut Context| context.nv_write(NvAuth::NvIndex(handle), handle, bytes, 0);
        self.context.execute_with_session(self.session, write).map_err(failed)
    }

    fn mark_handle(&mut self, index: u32) -> Result<Option<NvIndexHandle>, CustodianError> {
        let index = NvIndexTpmHandle::new(index).map_err(|_| CustodianError::Refused(KIND))?;
        let found =
            self.context.execute_without_session(|context| context.tr_from_tpm_public(TpmHandle::NvIndex(index)));
        let handle: ObjectHandle = match found {
            Ok(handle) => handle,
            Err(error) if is(error, Tss2ResponseCodeKind::Handle) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let password = self.mark_password()?;
        self.context.tr_set_auth(handle, password).map_err(failed)?;
        Ok(Some(NvIndexHandle::from(handle)))
    }

    /// Hex, because a TPM drops zeros at the end of a password.
    fn mark_password(&mut self) -> Result<Auth, CustodianError> {
        let code = self.mac(MARK_PASSWORD)?;
        let half = code.split_at(code.len() / 2).0;
        Auth::try_from(hex::encode(half).into_bytes()).map_err(failed)
    }
}

impl DeviceMac for Chip {
    const KIND: CustodianKind = KIND;

    fn mac(&mut self, message: &[u8]) -> Result<Secret, CustodianError> {
        let key: ObjectHandle = self.key.ok_or(CustodianError::KeyMissing(KIND))?.into();
        let message = MaxBuffer::try_from(message.to_vec()).map_err(failed)?;
        let code = self
            .context
            .execute_with_session(self.session, |context| context.hmac(key, message, HashingAlgorithm::Sha256))
            .map_err(failed)?;
        code.value().try_into().map(Zeroizing::new).map_err(|_| said("its code has another length"))
    }
}

/// Looks whether the device is there before the TSS does, which prints its complaints to standard error.
fn reachable(tcti: &str) -> Result<(), CustodianError> {
    let Some(path) = tcti.strip_prefix("device:") else { return Ok(()) };
    match OpenOptions::new().read(true).write(true).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(said(&format!("there is no {path}"))),
        Err(error) => Err(said(&format!("{path}: {error}"))),
    }
}

/// What no key of ours may lack: the TPM makes it itself, and it can be moved to no other TPM.
fn of_this_tpm() -> ObjectAttributesBuilder {
    ObjectAttributesBuilder::new()
        .with_fixed_tpm(true)
        .with_fixed_parent(true)
        .with_sensitive_data_origin(true)
        .with_user_with_auth(true)
        .with_no_da(true)
}

/// A storage key on P-256 with AES-128, which every PC's TPM has.
fn storage_template() -> Result<Public, Error> {
    let attributes = of_this_tpm().with_restricted(true).with_decrypt(true).build()?;
    let parameters = PublicEccParametersBuilder::new_restricted_decryption_key(
        SymmetricDefinitionObject::AES_128_CFB,
        EccCurve::NistP256,
    );
    PublicBuilder::new()
        .with_public_algorithm(PublicAlgorithm::Ecc)
        .with_name_hashing_algorithm(HashingAlgorithm::Sha256)
        .with_object_attributes(attributes)
        .with_ecc_parameters(parameters.build()?)
        .with_ecc_unique_identifier(EccPoint::default())
        .build()
}

/// An HMAC key that the TPM makes itself and that can be moved to no other TPM (`fixedTPM`).
fn key_template() -> Result<Public, Error> {
    let attributes = of_this_tpm().with_sign_encrypt(true).build()?;
    PublicBuilder::new()
        .with_public_algorithm(PublicAlgorithm::KeyedHash)
        .with_name_hashing_algorithm(HashingAlgorithm::Sha256)
        .with_object_attributes(attributes)
        .with_keyed_hash_parameters(PublicKeyedHashParameters::new(KeyedHashScheme::HMAC_SHA_256))
        .with_keyed_hash_unique_identifier(Digest::default())
        .build()
}

fn public(index: u32) -> Result<tss_esapi::structures::NvPublic, Error> {
    let attributes =
        NvIndexAttributesBuilder::new().with_auth_read(true).with_auth_write(true).with_no_da(true).build()?;
    NvPublicBuilder::new()
        .with_nv_index(NvIndexTpmHandle::new(index)?)
        .with_index_name_algorithm(HashingAlgorithm::Sha256)
        .with_index_attributes(attributes)
        .with_data_area_size(MARK_BYTES.into())
        .build()
}

fn is(error: Error, kind: Tss2ResponseCodeKind) -> bool {
    matches!(error, Error::Tss2Error(code) if code.kind() == Some(kind))
}

fn owner_failed(error: Error) -> CustodianError {
    if is(error, Tss2ResponseCodeKind::BadAuth) || is(error, Tss2ResponseCodeKind::AuthFail) {
        return said("its owner hierarchy has a password; Vigil needs one without");
    }
    failed(error)
}

fn failed(error: Error) -> CustodianError {
    said(&error.to_string())
}

fn said(reason: &str) -> CustodianError {
    CustodianError::Failed { kind: KIND, reason: reason.to_owned() }
}
