//! How a workstation becomes one of the fleet, and stays one: `docs/sync.md`, "Enrolment".

mod certificate;
mod token;

use std::sync::Arc;

use chrono::SecondsFormat;
use sha2::{Digest as _, Sha256};
use vigil_audit::{CosignatureVerifier, SealPublicKey, TextVerifier};
use vigil_model::DeviceId;
use vigil_model::wire::{Certificate, CertificateRequest, EnrolmentRequest, EnrolmentResponse};
use zeroize::Zeroizing;

use crate::client::{Client, Dial, Timeouts, Trust, is_origin};
use crate::{Clock, Failure};
pub use certificate::renewal;
use certificate::{check, make_request};
pub use token::{InvalidToken, Token};

/// The first line of what the log's key signs.
pub const PROOF: &str = "vigil/enrolment";

/// The workstation is one of the fleet.
pub struct Enrolled {
    /// What the server answered; checked.
    pub response: EnrolmentResponse,
    /// The private key of the certificate, PKCS#8 DER.
    pub key: Zeroizing<Vec<u8>>,
}

/// What a workstation says of itself.
pub struct Applicant<'a> {
    /// Its log.
    pub log: DeviceId,
    /// The key that signs its checkpoints (C2SP vkey).
    pub verifier_key: &'a str,
    /// What the machine calls itself.
    pub host: &'a str,
    /// The program's version.
    pub version: &'a str,
}

/// Why a workstation was not enrolled.
#[derive(Debug, thiserror::Error)]
pub enum EnrolmentError {
    /// The token is none.
    #[error(transparent)]
    Token(#[from] InvalidToken),
    /// No key or request could be made.
    #[error("no key could be made for this workstation's certificate")]
    Key,
    /// The log's key did not sign.
    #[error("the key of this workstation's log did not sign the enrolment; is the vault open?")]
    Unsigned,
    /// The server does not take the token.
    #[error(
        "{server} does not accept this token: it was used, or is older than a day; ask for a new one (vigil-server device token)"
    )]
    TokenRefused {
        /// Where.
        server: String,
    },
    /// The call failed.
    #[error("{server}: {why}")]
    Call {
        /// Where.
        server: String,
        /// Why.
        #[source]
        why: Failure,
    },
    /// The answer cannot be used.
    #[error("{server} answered with {what} that cannot be used; nothing was kept; tell whoever runs the server")]
    Answer {
        /// Where.
        server: String,
        /// What is wrong.
        what: &'static str,
    },
}

/// Enrols a workstation: makes a key, proves that the log is its own, asks, and checks the answer. `sign` makes the C2SP signed note
/// of a kind and a body with the log's key.
///
/// # Errors
/// [`EnrolmentError`]; nothing has to be undone.
pub async fn enrol(
    token: &Token,
    applicant: &Applicant<'_>,
    sign: impl FnOnce(&str, &str) -> Option<String>,
    dial: Arc<dyn Dial>,
    clock: Arc<dyn Clock>,
) -> Result<Enrolled, EnrolmentError> {
    let server = token.url().to_owned();
    let (csr, key) = make_request().ok_or(EnrolmentError::Key)?;
    let digest = hex::encode(Sha256::digest(csr.as_bytes()));
    let proof = sign(PROOF, &format!("{}\n{digest}", applicant.log)).ok_or(EnrolmentError::Unsigned)?;
    let request = EnrolmentRequest {
        secret: token.secret().clone(),
        log: applicant.log,
        verifier_key: applicant.verifier_key.to_owned(),
        csr,
        proof,
        host: applicant.host.to_owned(),
        version: applicant.version.to_owned(),
        time: clock.now().utc.to_rfc3339_opts(SecondsFormat::Millis, true),
    };
    let trust = Trust::anonymous(token.anchor().to_vec());
    let asked = match Client::new(&server, &trust, dial, Arc::clone(&clock), Timeouts::MAIN) {
        Ok(mut client) => client.enrol(&request).await,
        Err(why) => Err(why),
    };
    let response = asked.map_err(|why| {
        let server = server.clone();
        if why == Failure::Identity {
            EnrolmentError::TokenRefused { server }
        } else {
            EnrolmentError::Call { server, why }
        }
    })?;
    match flaw(&response, &key, &clock, token.anchor()) {
        None => Ok(Enrolled { response, key }),
        Some(what) => Err(EnrolmentError::Answer { server, what }),
    }
}

/// The next certificate, with a new key (PKCS#8 DER).
///
/// # Errors
/// [`Failure`]; [`Failure::Malformed`] for a certificate that cannot be used.
pub async fn renew(
    client: &mut Client,
    clock: &Arc<dyn Clock>,
    anchor: &[u8],
) -> Result<(Certificate, Zeroizing<Vec<u8>>), Failure> {
    let (csr, key) = make_request().ok_or(Failure::Unusable)?;
    let certificate = client.certificate(&CertificateRequest { csr }).await?;
    check(&certificate, &key, clock, anchor).ok_or(Failure::Malformed)?;
    Ok((certificate, key))
}

fn flaw(
    response: &EnrolmentResponse,
    key: &Zeroizing<Vec<u8>>,
    clock: &Arc<dyn Clock>,
    anchor: &[u8],
) -> Option<&'static str> {
    if !is_origin(&response.server) {
        return Some("an address");
    }
    if check(&response.certificate, key, clock, anchor).is_none() {
        return Some("a certificate");
    }
    if CosignatureVerifier::new(&response.witness_key).is_err() {
        return Some("a key for receipts");
    }
    if TextVerifier::new(&response.directory_key).is_err() {
        return Some("a key for the directory");
    }
    SealPublicKey::from_bytes(response.seal_key.public.as_ref()).err().map(|_| "a key for entries")
}
