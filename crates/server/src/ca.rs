//! The certificate authorities: one for workstations, one for the server itself. Neither signs for the other.

mod request;
mod server;

use chrono::{DateTime, TimeDelta, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, SanType, SerialNumber, SubjectPublicKeyInfo,
};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use vigil_model::DeviceId;
use zeroize::Zeroizing;

use crate::custody::{CustodyError, random};

pub use request::{RefusedRequest, SigningRequest};
pub use server::{ServerCertificate, TlsFileError};
pub(crate) use server::{certificates, from_files};

/// How long a workstation's certificate is valid.
pub const DEVICE_DAYS: i64 = 90;
/// How long the server's own is valid; it is made anew after two thirds of it.
pub const SERVER_DAYS: i64 = 30;
const AUTHORITY_DAYS: i64 = 3_650;
/// Certificates begin a little earlier, for clocks that are behind.
const LEEWAY_MINUTES: i64 = 60;

/// Why a certificate was not made or read.
#[derive(Debug, thiserror::Error)]
pub enum CaError {
    /// The library refused.
    #[error("a certificate could not be made: {0}")]
    Certificate(#[from] rcgen::Error),
    /// Random bytes, or the custodian.
    #[error(transparent)]
    Custody(#[from] CustodyError),
    /// A time that no certificate can hold.
    #[error("a time is outside of what a certificate can say")]
    Time,
}

/// An authority: its certificate and its private key.
pub struct Authority {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

/// A certificate that was issued to a workstation.
pub struct Issued {
    /// The certificate and the authority's, PEM.
    pub chain: String,
    /// SHA-256 of the certificate's DER.
    pub fingerprint: [u8; 32],
    /// Its serial number, in hex.
    pub serial: String,
    /// When it ends.
    pub expires: DateTime<Utc>,
}

impl Authority {
    /// A new one.
    ///
    /// # Errors
    /// [`CaError`]
    pub fn make(name: &str, now: DateTime<Utc>) -> Result<Self, CaError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = params(name, now, AUTHORITY_DAYS)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = params.self_signed(&key)?.der().clone();
        Ok(Self { certificate, key })
    }

    /// The one that was kept as certificate and private key (PKCS #8).
    ///
    /// # Errors
    /// [`CaError`]
    pub fn from_parts(certificate: Vec<u8>, key: &Zeroizing<Vec<u8>>) -> Result<Self, CaError> {
        let key =
            KeyPair::from_pkcs8_der_and_sign_algo(&PrivatePkcs8KeyDer::from(key.as_slice()), &PKCS_ECDSA_P256_SHA256)?;
        Ok(Self { certificate: CertificateDer::from(certificate), key })
    }

    /// Its certificate.
    pub const fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// Its private key (PKCS #8), to be wrapped.
    pub fn private_key(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.key.serialize_der())
    }

    /// A certificate for the workstation with this enrolment: it may call itself with it, and nothing else.
    ///
    /// # Errors
    /// [`CaError`]
    pub fn issue(&self, request: &SigningRequest, enrolment: DeviceId, now: DateTime<Utc>) -> Result<Issued, CaError> {
        let mut params = params(&format!("Vigil workstation {enrolment}"), now, DEVICE_DAYS)?;
        let name = format!("urn:uuid:{enrolment}").try_into()?;
        params.subject_alt_names = vec![SanType::URI(name)];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.use_authority_key_identifier_extension = true;
        let serial = params.serial_number.as_ref().map(|serial| hex::encode(serial.to_bytes())).unwrap_or_default();
        let public = SubjectPublicKeyInfo::from_der(request.public_key())?;
        let certificate = params.signed_by(&public, &self.issuer()?)?;
        Ok(Issued {
            chain: format!("{}{}", certificate.pem(), pem(&self.certificate)),
            fingerprint: fingerprint(certificate.der()),
            serial,
            expires: now + TimeDelta::days(DEVICE_DAYS),
        })
    }

    fn issuer(&self) -> Result<Issuer<'static, &KeyPair>, CaError> {
        Ok(Issuer::from_ca_cert_der(&self.certificate, &self.key)?)
    }
}

/// SHA-256 of a certificate's DER.
pub fn fingerprint(certificate: &CertificateDer<'_>) -> [u8; 32] {
    Sha256::digest(certificate).into()
}

/// A certificate as PEM.
pub fn pem(certificate: &CertificateDer<'_>) -> String {
    use base64::prelude::{BASE64_STANDARD, Engine};
    let text = BASE64_STANDARD.encode(certificate);
    let mut out = String::from("-----BEGIN CERTIFICATE-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(64).unwrap_or((rest, ""));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str("-----END CERTIFICATE-----\n");
    out
}

fn params(name: &str, now: DateTime<Utc>, days: i64) -> Result<CertificateParams, CaError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = instant(now - TimeDelta::minutes(LEEWAY_MINUTES))?;
    params.not_after = instant(now + TimeDelta::days(days))?;
    let mut serial = *random::<16>()?;
    // A positive number.
    if let Some(first) = serial.first_mut() {
        *first = (*first & 0x7f) | 0x40;
    }
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    Ok(params)
}

fn instant(time: DateTime<Utc>) -> Result<OffsetDateTime, CaError> {
    OffsetDateTime::from_unix_timestamp(time.timestamp()).map_err(|_| CaError::Time)
}
