//! One-time tokens: an address, a trust anchor and a secret in one line of text.

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use chrono::TimeDelta;
use rustls::pki_types::CertificateDer;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use vigil_audit::{Agent, Outcome};
use zeroize::Zeroizing;

use crate::custody::{CustodyError, random};
use crate::installation::Installation;
use crate::kind;
use crate::store::{EnrolmentToken, StoreError};

/// What a token begins with.
const MARK: &str = "vigil1.";

/// Why no token was made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Random bytes.
    #[error(transparent)]
    Custody(#[from] CustodyError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a one-time token for one workstation, and keeps the hash of its secret. `url`: the origin of the public listener.
///
/// # Errors
/// [`TokenError`]
pub async fn make_token(
    installation: &Installation,
    url: &str,
    anchor: &CertificateDer<'_>,
    valid: TimeDelta,
) -> Result<(EnrolmentToken, Zeroizing<String>), TokenError> {
    let secret = random::<32>()?;
    let now = installation.now();
    let token = EnrolmentToken {
        id: Uuid::now_v7().to_string(),
        made: now.timestamp_micros(),
        expires: (now + valid).timestamp_micros(),
        used_by: None,
    };
    let text = json!({
        "url": url,
        "anchor": BASE64_STANDARD.encode(anchor),
        "id": token.id,
        "secret": BASE64_STANDARD.encode(secret.as_slice()),
    });
    let text = Zeroizing::new(text.to_string());
    let mut tx = installation.store.begin().await?;
    token.insert(&mut tx, Sha256::digest(secret.as_slice()).into()).await?;
    let reason = format!("token={} hours={}", token.id, valid.num_hours());
    let agent = Agent::Operator;
    installation.record(&mut tx, kind::ENROLMENT_TOKEN_CREATE, Outcome::Success, agent, reason, None).await?;
    tx.commit().await?;
    Ok((token, Zeroizing::new(format!("{MARK}{}", BASE64_URL_SAFE_NO_PAD.encode(text.as_bytes())))))
}
