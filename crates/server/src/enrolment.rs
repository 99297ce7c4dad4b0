//! How a workstation becomes one of the fleet, and stays it.

mod token;

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use vigil_audit::{Agent, CheckpointVerifier, Outcome as Went, TextVerifier};
use vigil_model::DeviceId;
use vigil_model::wire::{Certificate, CertificateRequest, EnrolmentRequest, EnrolmentResponse};

use crate::ca::{Issued, RefusedRequest, SigningRequest};
use crate::clock::rfc3339;
use crate::http::{Caller, Outcome};
use crate::keyring::KeyringError;
use crate::kind;
use crate::server::Server;
use crate::server_keys::origin;
use crate::store::{
    Alarm, AlarmKind, Device, DeviceCertificate, DirectorySettings, EnrolmentToken, Log, NewDevice, Spent, Tx,
};

pub use token::{TokenError, make_token};

/// The kind of the note by which a workstation proves that it holds its log's key.
const PROOF: &str = "vigil/enrolment";
/// A clock that differs more is an alarm; the workstation is enrolled all the same.
const CLOCK_SECONDS: i64 = 120;
/// The longest name of a machine or version that is kept.
const LONGEST: usize = 128;

/// Enrols the workstation that shows a one-time token. A second enrolment of the same log revokes the first.
///
/// # Errors
/// [`Outcome`]; the token is not spent then, unless it was before.
pub(crate) async fn enrol(
    server: &Server,
    request: EnrolmentRequest,
    address: IpAddr,
) -> Result<EnrolmentResponse, Outcome> {
    let installation = server.installation();
    let now = installation.now();
    let csr = read(&request.csr)?;
    if !holds_its_key(&request) {
        return Err(Outcome::new(
            axum::http::StatusCode::FORBIDDEN,
            "security",
            "The proof was not made with the key of the log",
        ));
    }
    let enrolment = DeviceId::from_uuid(Uuid::now_v7());
    let mut tx = server.store().begin().await?;
    let secret = Sha256::digest(request.secret.as_ref()).into();
    if EnrolmentToken::spend(&mut tx, secret, enrolment, now.timestamp_micros()).await? == Spent::Refused {
        drop(tx);
        return Err(refuse(server, "token", address).await);
    }
    let Some(held) = Log::enrol(&mut tx, &installation.keyring.keys, request.log, &request.verifier_key).await? else {
        drop(tx);
        refuse(server, "log-of-another-key", address).await;
        return Err(Outcome::new(axum::http::StatusCode::CONFLICT, "conflict", "The log is held under another key"));
    };
    let issued = issue(server, &csr, enrolment, now)?;
    let replaced =
        Device::all(&mut tx).await?.iter().any(|device| device.log == request.log && device.revoked.is_none());
    let device = NewDevice {
        enrolment,
        log: request.log,
        verifier_key: request.verifier_key,
        host: short(&request.host),
        version: short(&request.version),
        enrolled: now.timestamp_micros(),
    };
    Device::insert(&mut tx, &device, &kept(&issued, now)).await?;
    if replaced {
        // The directory names the enrolments that are revoked.
        DirectorySettings::advance(&mut tx).await?;
    }
    let clock_ahead = note_clock(&mut tx, &request.time, enrolment, request.log, now).await?;
    let again = if replaced { " again" } else { "" };
    let reason = format!("enrolment={enrolment} log={} clock-ahead={clock_ahead}{again}", request.log);
    let agent = Agent::Device { id: enrolment };
    installation.record(&mut tx, kind::DEVICE_ENROL, Went::Success, agent, reason, Some(address.to_string())).await?;
    tx.commit().await?;
    tracing::info!(%enrolment, log = %request.log, "a workstation was enrolled");
    metrics::counter!("vigil_enrolments_total").increment(1);
    Ok(EnrolmentResponse {
        enrolment,
        certificate: Certificate { chain: issued.chain, expires: rfc3339(issued.expires) },
        server: server.url().to_owned(),
        witness_key: installation.keyring.keys.witness_key(),
        directory_key: installation.keyring.directory_key.clone(),
        seal_key: installation.keyring.seal_key.clone(),
        next: held.saturating_add(1),
        clock_ahead,
    })
}

/// The caller's next certificate. The one before holds until it ends.
///
/// # Errors
/// [`Outcome`]
pub(crate) async fn renew(
    server: &Server,
    caller: &Caller,
    request: &CertificateRequest,
) -> Result<Certificate, Outcome> {
    let now = server.clock().now();
    let issued = issue(server, &read(&request.csr)?, caller.enrolment, now)?;
    let mut tx = server.store().begin().await?;
    Device::insert_certificate(&mut tx, caller.enrolment, &kept(&issued, now)).await?;
    let agent = Agent::Device { id: caller.enrolment };
    let reason = format!("enrolment={} serial={}", caller.enrolment, issued.serial);
    server.installation().record(&mut tx, kind::DEVICE_CERTIFICATE_RENEW, Went::Success, agent, reason, None).await?;
    tx.commit().await?;
    Ok(Certificate { chain: issued.chain, expires: rfc3339(issued.expires) })
}

/// Whether the proof is a note by the log's key over the log's id and this signing request, and the key is named after the log.
fn holds_its_key(request: &EnrolmentRequest) -> bool {
    let named =
        CheckpointVerifier::from_key(&request.verifier_key).is_ok_and(|key| key.origin() == origin(request.log));
    let said = format!("{}\n{}", request.log, hex::encode(Sha256::digest(request.csr.as_bytes())));
    let proof = TextVerifier::new(&request.verifier_key).and_then(|key| key.open(PROOF, &request.proof));
    named && proof.is_ok_and(|text| text.body() == said)
}

fn read(csr: &str) -> Result<SigningRequest, Outcome> {
    SigningRequest::read(csr).map_err(|error| {
        let text = match error {
            RefusedRequest::Malformed => "This is no certificate signing request in PEM",
            RefusedRequest::Curve => "The key of the certificate signing request is not on the curve P-256",
            RefusedRequest::Unsigned => "The certificate signing request was not signed with its own key",
        };
        Outcome::new(axum::http::StatusCode::BAD_REQUEST, "invalid", text)
    })
}

fn issue(server: &Server, csr: &SigningRequest, enrolment: DeviceId, now: DateTime<Utc>) -> Result<Issued, Outcome> {
    let authority = server.installation().keyring.device_authority();
    let issued = authority.and_then(|authority| authority.issue(csr, enrolment, now).map_err(KeyringError::Ca));
    issued.map_err(|error| {
        tracing::error!(%error, "a certificate could not be issued");
        Outcome::FAULT
    })
}

fn kept(issued: &Issued, now: DateTime<Utc>) -> DeviceCertificate {
    DeviceCertificate {
        fingerprint: issued.fingerprint,
        serial: issued.serial.clone(),
        issued: now.timestamp_micros(),
        expires: issued.expires.timestamp_micros(),
    }
}

/// Seconds that the workstation's clock is ahead. A time that is none is one that differs.
async fn note_clock(
    tx: &mut Tx,
    time: &str,
    enrolment: DeviceId,
    log: DeviceId,
    now: DateTime<Utc>,
) -> Result<i64, Outcome> {
    let told = DateTime::parse_from_rfc3339(time).map_err(|_| Outcome::MALFORMED)?;
    let ahead = told.to_utc().signed_duration_since(now);
    let seconds = ahead.num_seconds();
    Device::heard(tx, enrolment, now.timestamp_micros(), Some(seconds)).await?;
    if ahead.abs() > TimeDelta::seconds(CLOCK_SECONDS) {
        let note = format!("enrolment={enrolment} ahead={seconds}");
        let alarm = Alarm { at: now.timestamp_micros(), kind: AlarmKind::Clock, log: Some(log), seq: None, note };
        alarm.raise(tx).await?;
    }
    Ok(seconds)
}

/// An enrolment that was refused is on record; whoever asked is not told why.
async fn refuse(server: &Server, why: &str, address: IpAddr) -> Outcome {
    metrics::counter!("vigil_enrolments_refused_total").increment(1);
    tracing::warn!(why, "an enrolment was refused");
    let recorded = async {
        let mut tx = server.store().begin().await?;
        let (reason, address) = (why.to_owned(), Some(address.to_string()));
        let installation = server.installation();
        let kind = kind::DEVICE_ENROL_REFUSE;
        installation.record(&mut tx, kind, Went::MinorFailure, Agent::Anonymous, reason, address).await?;
        tx.commit().await
    };
    recorded.await.map_or_else(Outcome::from, |()| Outcome::UNKNOWN_TOKEN)
}

fn short(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(LONGEST).collect()
}
