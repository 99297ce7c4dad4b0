//! Other systems that search the audit log: OAuth 2 client credentials (RFC 6749), with access tokens that are opaque to everybody else.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use vigil_audit::{Agent, Outcome};
use zeroize::Zeroizing;

use crate::custody::{CustodyError, Purpose, random, same};
use crate::installation::Installation;
use crate::kind;
use crate::store::{Client, StoreError};

/// The only scope that there is (SMART 2): read and search audit events.
pub const SCOPE: &str = "system/AuditEvent.rs";
/// How long an access token holds.
pub const SECONDS: i64 = 300;
/// What a token begins with.
const MARK: &str = "vat1";

/// Why a client did not get what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum OauthError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The custodian.
    #[error(transparent)]
    Custody(#[from] CustodyError),
    /// It is unknown or revoked, or its secret is another.
    #[error("the client is unknown, or its secret is another")]
    Client,
    /// It may not ask for this.
    #[error("the client may not ask for this scope")]
    Scope,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    client: String,
    scope: String,
    audience: String,
    expires: i64,
}

/// Makes a client known; its secret is in the answer and nowhere else.
///
/// # Errors
/// [`OauthError`]
pub async fn add_client(installation: &Installation, name: &str) -> Result<(Client, Zeroizing<String>), OauthError> {
    let secret = Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(random::<32>()?.as_slice()));
    let client = Client {
        id: Uuid::now_v7().to_string(),
        name: name.to_owned(),
        scopes: SCOPE.to_owned(),
        made: installation.now().timestamp_micros(),
        revoked: None,
    };
    let mut tx = installation.store.begin().await?;
    client.insert(&mut tx, &Sha256::digest(secret.as_bytes())).await?;
    let reason = format!("client={} scope={SCOPE}", client.id);
    installation.record(&mut tx, kind::CLIENT_CREATE, Outcome::Success, Agent::Operator, reason, None).await?;
    tx.commit().await?;
    Ok((client, secret))
}

/// Revokes a client; whether it was one that was not revoked. The tokens that it holds are of no use from then on.
///
/// # Errors
/// [`OauthError`]
pub async fn revoke_client(installation: &Installation, id: &str) -> Result<bool, OauthError> {
    let mut tx = installation.store.begin().await?;
    if !Client::revoke(&mut tx, id, installation.now().timestamp_micros()).await? {
        return Ok(false);
    }
    let reason = format!("client={id}");
    installation.record(&mut tx, kind::CLIENT_REVOKE, Outcome::Success, Agent::Operator, reason, None).await?;
    tx.commit().await?;
    Ok(true)
}

/// An access token for a client that shows its secret. `scope`: what it asks for; empty is everything that it may have.
///
/// # Errors
/// [`OauthError`]
pub(crate) async fn token(
    installation: &Installation,
    id: &str,
    secret: &str,
    scope: &str,
    address: String,
) -> Result<String, OauthError> {
    let now = installation.now();
    let mut tx = installation.store.begin().await?;
    let found = Client::find(&mut tx, id).await?;
    let hash = found.as_ref().map_or_else(|| vec![0; 32], |(_, hash)| hash.clone());
    let right = same(&hash, &Sha256::digest(secret.as_bytes()));
    let client = found.map(|(client, _)| client).filter(|client| right && client.revoked.is_none());
    let went = if client.is_some() { Outcome::Success } else { Outcome::MinorFailure };
    let known = client.as_ref().and_then(|client| client.id.parse().ok());
    let agent = known.map_or(Agent::Anonymous, |id| Agent::Client { id });
    let reason = client.as_ref().map_or_else(|| "client=unknown".to_owned(), |client| format!("client={}", client.id));
    installation.record(&mut tx, kind::CLIENT_AUTHENTICATE, went, agent, reason, Some(address)).await?;
    tx.commit().await?;
    let client = client.ok_or(OauthError::Client)?;
    let granted = |asked: &str| client.scopes.split(' ').any(|scope| scope == asked);
    if !scope.split(' ').filter(|scope| !scope.is_empty()).all(granted) {
        return Err(OauthError::Scope);
    }
    let claims = Claims {
        client: client.id.clone(),
        scope: SCOPE.to_owned(),
        audience: audience(installation),
        expires: (now + TimeDelta::seconds(SECONDS)).timestamp(),
    };
    let claims = serde_json::to_vec(&claims).map_err(|_| CustodyError::Cryptography("an access token"))?;
    let code = installation.master.code(Purpose::AccessTokens, &[&claims])?;
    let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    Ok(format!("{MARK}.{}.{}", encode(&claims), encode(&code)))
}

/// The client whose token this is, if it holds now for `scope` and the client is still known.
///
/// # Errors
/// [`OauthError`] when the database or the custodian fails.
pub async fn client_of(
    installation: &Installation,
    token: &str,
    scope: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>, OauthError> {
    let mut parts = token.split('.');
    let (Some(MARK), Some(claims), Some(code), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Ok(None);
    };
    let (Ok(claims), Ok(code)) = (BASE64_URL_SAFE_NO_PAD.decode(claims), BASE64_URL_SAFE_NO_PAD.decode(code)) else {
        return Ok(None);
    };
    if !same(&installation.master.code(Purpose::AccessTokens, &[&claims])?, &code) {
        return Ok(None);
    }
    let Ok(claims) = serde_json::from_slice::<Claims>(&claims) else { return Ok(None) };
    let holds = claims.expires > now.timestamp() && claims.audience == audience(installation);
    if !holds || !claims.scope.split(' ').any(|granted| granted == scope) {
        return Ok(None);
    }
    let mut tx = installation.store.read().await?;
    let known = Client::find(&mut tx, &claims.client).await?.filter(|(client, _)| client.revoked.is_none());
    Ok(known.map(|(client, _)| client.id))
}

/// A token is for one installation.
fn audience(installation: &Installation) -> String {
    installation.keyring.keys.own_log().to_string()
}
