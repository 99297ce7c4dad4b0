//! TLS 1.3 and nothing older; what speaks older versions is not compiled in.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::time_provider::TimeProvider;
use rustls::version::TLS13;
use rustls::{RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;

use crate::ca::ServerCertificate;
use crate::clock::Clock;

/// Why TLS could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The library refused.
    #[error("TLS could not be set up: {0}")]
    Rustls(#[from] rustls::Error),
    /// No client certificate could ever hold.
    #[error("TLS could not be set up: {0}")]
    Verifier(#[from] rustls::server::VerifierBuilderError),
}

/// For enrolled workstations: without a certificate of one of `authorities` that is valid by `clock` the handshake ends.
///
/// # Errors
/// [`TlsError`]
pub fn for_workstations<'a>(
    shown: Arc<ServerCertificate>,
    authorities: impl IntoIterator<Item = &'a CertificateDer<'static>>,
    clock: Clock,
) -> Result<TlsAcceptor, TlsError> {
    let mut roots = RootCertStore::empty();
    for authority in authorities {
        roots.add(authority.clone())?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build()?;
    let config = ServerConfig::builder_with_details(provider, Arc::new(Wall(clock)))
        .with_protocol_versions(&[&TLS13])?
        .with_client_cert_verifier(verifier)
        .with_cert_resolver(shown);
    Ok(finish(config))
}

/// For everybody else.
///
/// # Errors
/// [`TlsError`]
pub fn for_everybody(shown: Arc<ServerCertificate>) -> Result<TlsAcceptor, TlsError> {
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_protocol_versions(&[&TLS13])?
        .with_no_client_auth()
        .with_cert_resolver(shown);
    Ok(finish(config))
}

/// Certificates are judged by the server's clock.
struct Wall(Clock);

impl TimeProvider for Wall {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().timestamp()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

impl fmt::Debug for Wall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wall")
    }
}

fn finish(mut config: ServerConfig) -> TlsAcceptor {
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}
