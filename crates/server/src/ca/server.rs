//! The server's own certificate: of its own authority, renewed by itself, or the organisation's from files.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use rcgen::{ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, SanType};
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::{Authority, CaError, SERVER_DAYS, params};
use crate::config::TlsFiles;

/// PEM files that are no certificate and key.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct TlsFileError {
    file: PathBuf,
    reason: String,
}

/// What the listeners show. Replacing it concerns the connections that come after.
#[derive(Debug)]
pub struct ServerCertificate {
    shown: RwLock<Arc<CertifiedKey>>,
}

impl ServerCertificate {
    /// Shows `key` first.
    pub fn new(key: CertifiedKey) -> Arc<Self> {
        Arc::new(Self { shown: RwLock::new(Arc::new(key)) })
    }

    /// Shows `key` from now on.
    pub fn replace(&self, key: CertifiedKey) {
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(key);
    }
}

impl ResolvesServerCert for ServerCertificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Authority {
    /// A certificate for the server under these names, with a key that is never stored. Also when it is to be made anew.
    ///
    /// # Errors
    /// [`CaError`]
    pub fn for_server(&self, names: &[String], now: DateTime<Utc>) -> Result<(CertifiedKey, DateTime<Utc>), CaError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        // Not the authority's own name: OpenSSL takes a certificate whose issuer has its subject for one that signed itself.
        let mut params = params("Vigil server listener", now, SERVER_DAYS)?;
        for name in names {
            params.subject_alt_names.push(match name.parse() {
                Ok(address) => SanType::IpAddress(address),
                Err(_) => SanType::DnsName(name.as_str().try_into()?),
            });
        }
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(&key, &self.issuer()?)?;
        let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signing = any_supported_type(&private).map_err(|_| CaError::Certificate(rcgen::Error::RemoteKeyError))?;
        let chain = vec![certificate.der().clone(), self.certificate().clone()];
        Ok((CertifiedKey::new(chain, signing), now + TimeDelta::days(SERVER_DAYS * 2 / 3)))
    }
}

/// The organisation's certificate, and what workstations are told to trust.
///
/// # Errors
/// [`TlsFileError`]
pub(crate) fn from_files(files: &TlsFiles) -> Result<(CertifiedKey, CertificateDer<'static>), TlsFileError> {
    let chain = certificates(&files.certificate)?;
    let at = |file: &Path, reason: String| TlsFileError { file: file.to_owned(), reason };
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| at(&files.key, error.to_string()))?;
    let signing = any_supported_type(&key).map_err(|error| at(&files.key, error.to_string()))?;
    let key = CertifiedKey::new(chain, signing);
    key.keys_match().map_err(|_| at(&files.key, format!("it is not the key of {}", files.certificate.display())))?;
    let anchor = certificates(&files.anchor)?.into_iter().next();
    let anchor = anchor.ok_or_else(|| at(&files.anchor, "there is no certificate in it".to_owned()))?;
    Ok((key, anchor))
}

pub(crate) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsFileError> {
    let failed = |reason: String| TlsFileError { file: path.to_owned(), reason };
    let read = CertificateDer::pem_file_iter(path).map_err(|error| failed(error.to_string()))?;
    let found = read.collect::<Result<Vec<_>, _>>().map_err(|error| failed(error.to_string()))?;
    if found.is_empty() { Err(failed("there is no certificate in it".to_owned())) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn the_certificate_of_an_own_authority_is_accepted_by_openssl() {
        let now = Utc::now();
        let authority = Authority::make("Vigil server", now).unwrap();
        let (key, _) = authority.for_server(&["localhost".to_owned()], now).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let written = |name: &str, certificate: &CertificateDer<'_>| {
            let file = folder.path().join(name);
            std::fs::write(&file, super::super::pem(certificate)).unwrap();
            file
        };
        let anchor = written("anchor.pem", authority.certificate());
        let shown = written("shown.pem", key.cert.first().unwrap());
        let mut verify = Command::new("openssl");
        verify.args(["verify", "-purpose", "sslserver", "-verify_hostname", "localhost", "-CAfile"]);
        let judged = verify.arg(anchor).arg(shown).output().unwrap();
        assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    }
}
