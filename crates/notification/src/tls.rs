//! TLS: version 1.3 alone, certificates always verified, and by the clock that was passed in.
//!
//! Trust is the system's store, which the hospital's IT looks after and puts its own authorities into, or the `anchor` of a channel and
//! nothing else.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::time_provider::TimeProvider;
use rustls::version::TLS13;
use rustls::{ClientConfig, RootCertStore};
use zeroize::Zeroizing;

use crate::failure::KeyError;

/// Whom a channel trusts, and what it calls itself with.
pub(crate) struct Tls {
    roots: Arc<RootCertStore>,
    own: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>,
}

impl Tls {
    /// Trusts the authorities of a PEM file, or those of the system.
    pub(crate) fn new(anchor: Option<&Path>) -> Result<Self, KeyError> {
        let roots = match anchor {
            Some(file) => of_file(file)?,
            None => of_system()?,
        };
        Ok(Self { roots: Arc::new(roots), own: None })
    }

    /// Shows this certificate to whoever asks for one.
    pub(crate) fn with_certificate(mut self, certificate: &Path, key: &Path) -> Result<Self, KeyError> {
        let chain = certificates("certificate", certificate)?;
        let wrong = |what: &dyn fmt::Display| KeyError::new("key_file", format!("{}: {what}", key.display()));
        let text = Zeroizing::new(std::fs::read(key).map_err(|error| wrong(&error))?);
        // What the parser says may quote the file.
        let own =
            PrivateKeyDer::from_pem_slice(&text).map_err(|_| wrong(&"there is no private key in PEM form in it"))?;
        let provider = aws_lc_rs::default_provider();
        CertifiedKey::from_der(chain.clone(), own.clone_key(), &provider)
            .map_err(|_| wrong(&"the key is not usable, or does not belong to the certificate"))?;
        self.own = Some((chain, own));
        Ok(self)
    }

    /// The configuration of one connection that is made at this time.
    pub(crate) fn config(&self, now: DateTime<Utc>) -> Result<ClientConfig, rustls::Error> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_details(provider, Arc::new(At(now)))
            .with_protocol_versions(&[&TLS13])?
            .with_root_certificates(Arc::clone(&self.roots));
        let mut config = match &self.own {
            None => builder.with_no_client_auth(),
            Some((chain, key)) => builder.with_client_auth_cert(chain.clone(), key.clone_key())?,
        };
        config.resumption = Resumption::disabled();
        Ok(config)
    }
}

fn of_file(file: &Path) -> Result<RootCertStore, KeyError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates("anchor", file)? {
        let wrong = |_| KeyError::new("anchor", format!("{}: a certificate in it is not usable", file.display()));
        roots.add(certificate).map_err(wrong)?;
    }
    Ok(roots)
}

fn of_system() -> Result<RootCertStore, KeyError> {
    let mut roots = RootCertStore::empty();
    // What a system's store holds is not all of today: what is not usable is left out, as everybody does.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        let what = "the system has no certificate authorities; install its package (Debian: ca-certificates), or name a PEM file";
        return Err(KeyError::new("anchor", what));
    }
    Ok(roots)
}

fn certificates(key: &'static str, file: &Path) -> Result<Vec<CertificateDer<'static>>, KeyError> {
    let wrong = |what: &dyn fmt::Display| KeyError::new(key, format!("{}: {what}", file.display()));
    let text = std::fs::read(file).map_err(|error| wrong(&error))?;
    let all = CertificateDer::pem_slice_iter(&text).collect::<Result<Vec<_>, _>>();
    let all = all.map_err(|_| wrong(&"is no PEM file"))?;
    if all.is_empty() { Err(wrong(&"there is no certificate in PEM form in it")) } else { Ok(all) }
}

/// The time that was passed in.
#[derive(Debug)]
struct At(DateTime<Utc>);

impl TimeProvider for At {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.timestamp()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}
