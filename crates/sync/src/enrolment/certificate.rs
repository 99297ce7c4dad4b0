//! The workstation's certificate: how it is asked for, checked and when it is renewed.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rcgen::{CertificateParams, DistinguishedName, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::server::WebPkiClientVerifier;
use rustls::time_provider::TimeProvider as _;
use vigil_model::wire::Certificate;
use x509_parser::parse_x509_certificate;
use zeroize::Zeroizing;

use crate::Clock;
use crate::client::tls::{Wall, certificates, certified, provider};

/// A signing request (PEM) and the new P-256 key behind it (PKCS#8 DER). The certificate's name is the server's business.
pub(super) fn make_request() -> Option<(String, Zeroizing<Vec<u8>>)> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).ok()?;
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    let csr = params.serialize_request(&key).and_then(|request| request.pem()).ok()?;
    Some((csr, Zeroizing::new(key.serialize_der())))
}

/// Whether the certificate fits the key, is for clients, and leads to the anchor or to the authority that came with it.
pub(super) fn check(
    certificate: &Certificate,
    key: &Zeroizing<Vec<u8>>,
    clock: &Arc<dyn Clock>,
    anchor: &[u8],
) -> Option<()> {
    let provider = provider();
    certified(&certificate.chain, key, &provider).ok()?;
    DateTime::parse_from_rfc3339(&certificate.expires).ok()?;
    let chain = certificates(&certificate.chain)?;
    let (own, above) = chain.split_first()?;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(anchor)).ok()?;
    if let Some(authority) = above.last() {
        roots.add(authority.clone()).ok()?;
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().ok()?;
    // A clock that differs is reported, not fatal: it is judged at a time at which it is valid.
    let (from, until) = validity(own)?;
    let now = clock.now().utc.clamp(from, until);
    let now = Wall(Arc::new(move || vigil_model::Moment { utc: now, since_boot: std::time::Duration::ZERO }));
    verifier.verify_client_cert(own, above, now.current_time()?).ok().map(|_| ())
}

/// When the certificate of this chain (PEM) is to be renewed: after two thirds of its life.
pub fn renewal(chain: &str) -> Option<DateTime<Utc>> {
    let chain = certificates(chain)?;
    let (from, until) = validity(chain.first()?)?;
    Some(from + (until - from) * 2 / 3)
}

fn validity(certificate: &CertificateDer<'_>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let (_, certificate) = parse_x509_certificate(certificate).ok()?;
    let time = |time: &x509_parser::time::ASN1Time| DateTime::from_timestamp(time.timestamp(), 0);
    let validity = certificate.validity();
    Some((time(&validity.not_before)?, time(&validity.not_after)?)).filter(|(from, until)| from < until)
}
