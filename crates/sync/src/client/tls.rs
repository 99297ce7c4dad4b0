//! TLS: version 1.3, one anchor, the workstation's certificate.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustls::client::{ResolvesClientCert, Resumption};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::time_provider::TimeProvider;
use rustls::version::TLS13;
use rustls::{ClientConfig, RootCertStore, SignatureScheme};
use zeroize::Zeroizing;

use crate::{Clock, Failure, Identity};

/// Whom a client trusts, and what it calls itself with.
#[derive(Clone)]
pub struct Trust {
    anchor: Vec<u8>,
    own: Option<(String, Zeroizing<Vec<u8>>)>,
}

impl Trust {
    /// Of an enrolled workstation.
    pub fn of(identity: &Identity) -> Self {
        Self { anchor: identity.anchor.clone(), own: Some((identity.chain.clone(), identity.key.clone())) }
    }

    /// This anchor (DER) alone, with no certificate of one's own.
    pub const fn anonymous(anchor: Vec<u8>) -> Self {
        Self { anchor, own: None }
    }

    pub(super) const fn is_enrolled(&self) -> bool {
        self.own.is_some()
    }
}

/// The configuration for this trust.
pub(super) fn config(trust: &Trust, clock: Arc<dyn Clock>) -> Result<ClientConfig, Failure> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(trust.anchor.clone())).map_err(|_| Failure::Unusable)?;
    let provider = provider();
    let builder = ClientConfig::builder_with_details(Arc::clone(&provider), Arc::new(Wall(clock)))
        .with_protocol_versions(&[&TLS13])
        .map_err(|_| Failure::Unusable)?
        .with_root_certificates(roots);
    let mut config = match &trust.own {
        None => builder.with_no_client_auth(),
        Some((chain, key)) => builder.with_client_cert_resolver(Arc::new(Own(certified(chain, key, &provider)?))),
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // Every connection shows the certificate anew.
    config.resumption = Resumption::disabled();
    Ok(config)
}

/// The cryptography behind TLS.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// The certificates of a PEM text.
pub(crate) fn certificates(pem: &str) -> Option<Vec<CertificateDer<'static>>> {
    let all = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<Vec<_>, _>>().ok()?;
    Some(all).filter(|all| !all.is_empty())
}

/// Certificate and key, if they belong together.
pub(crate) fn certified(
    chain: &str,
    key: &Zeroizing<Vec<u8>>,
    provider: &CryptoProvider,
) -> Result<Arc<CertifiedKey>, Failure> {
    let chain = certificates(chain).ok_or(Failure::Unusable)?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.to_vec()));
    CertifiedKey::from_der(chain, key, provider).map(Arc::new).map_err(|_| Failure::Unusable)
}

/// Shows the workstation's certificate to whoever asks.
struct Own(Arc<CertifiedKey>);

impl ResolvesClientCert for Own {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

impl fmt::Debug for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Own")
    }
}

/// Whether the server asked for the certificate, for one connection.
pub(super) struct Watch(Arc<Watched>);

#[derive(Debug)]
struct Watched {
    inner: Arc<dyn ResolvesClientCert>,
    asked: AtomicBool,
}

impl ResolvesClientCert for Watched {
    fn resolve(&self, hints: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        self.inner.resolve(hints, schemes)
    }

    fn has_certs(&self) -> bool {
        self.inner.has_certs()
    }
}

impl Watch {
    /// The same configuration for one connection, and the watch over it.
    pub(super) fn over(config: &ClientConfig) -> (Arc<ClientConfig>, Self) {
        let mut config = config.clone();
        let watched =
            Arc::new(Watched { inner: Arc::clone(&config.client_auth_cert_resolver), asked: AtomicBool::new(false) });
        config.client_auth_cert_resolver = Arc::clone(&watched) as Arc<dyn ResolvesClientCert>;
        (Arc::new(config), Self(watched))
    }

    /// Whether the server asked.
    pub(super) fn asked(&self) -> bool {
        self.0.asked.load(Ordering::Relaxed)
    }
}

/// Certificates are judged by the clock that was passed in.
pub(crate) struct Wall(pub(crate) Arc<dyn Clock>);

impl TimeProvider for Wall {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().utc.timestamp()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

impl fmt::Debug for Wall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wall")
    }
}
