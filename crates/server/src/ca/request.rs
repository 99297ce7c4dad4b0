//! Certificate signing requests.

use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::oid_registry::OID_EC_P256;
use x509_parser::pem::parse_x509_pem;
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::PublicKey;

/// The longest that is read.
const LONGEST: usize = 8 * 1024;

/// Why a request is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefusedRequest {
    /// It is no PEM with a signing request in it.
    #[error("this is no certificate signing request in PEM")]
    Malformed,
    /// Its key is not on P-256.
    #[error("the key of the certificate signing request is not on the curve P-256")]
    Curve,
    /// It was not signed with its own key.
    #[error("the certificate signing request was not signed with its own key")]
    Unsigned,
}

/// A request whose signature holds. Only its key is taken from it; what the certificate says is the authority's business.
pub struct SigningRequest(Vec<u8>);

impl SigningRequest {
    /// Reads PEM.
    ///
    /// # Errors
    /// [`RefusedRequest`]
    pub fn read(text: &str) -> Result<Self, RefusedRequest> {
        if text.len() > LONGEST {
            return Err(RefusedRequest::Malformed);
        }
        let (_, pem) = parse_x509_pem(text.as_bytes()).map_err(|_| RefusedRequest::Malformed)?;
        if pem.label != "CERTIFICATE REQUEST" {
            return Err(RefusedRequest::Malformed);
        }
        let (_, request) = X509CertificationRequest::from_der(&pem.contents).map_err(|_| RefusedRequest::Malformed)?;
        let key = &request.certification_request_info.subject_pki;
        let curve = key.algorithm.parameters.as_ref().and_then(|parameters| parameters.as_oid().ok());
        let on_curve = matches!(key.parsed(), Ok(PublicKey::EC(_))) && curve.is_some_and(|curve| curve == OID_EC_P256);
        if !on_curve {
            return Err(RefusedRequest::Curve);
        }
        request.verify_signature().map_err(|_| RefusedRequest::Unsigned)?;
        Ok(Self(key.raw.to_vec()))
    }

    /// The public key (SubjectPublicKeyInfo, DER).
    pub fn public_key(&self) -> &[u8] {
        &self.0
    }
}
