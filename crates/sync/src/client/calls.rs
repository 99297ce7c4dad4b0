//! The calls of an enrolled workstation (`docs/sync.md`).

use std::borrow::Cow;

use hyper::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use vigil_model::DeviceId;
use vigil_model::wire::{
    AUDIT_ID, Alerts, BATCH_BYTES, Batch, Certificate, CertificateRequest, DeviceState, EnrolmentRequest,
    EnrolmentResponse, Receipt, SEALED_BATCH, SignedDirectory,
};

use super::{Ask, Client};
use crate::Failure;

/// The longest answer.
pub(super) const ANSWER: usize = 1024 * 1024;
/// The longest directory.
const DIRECTORY: usize = 16 * 1024 * 1024;

impl Client {
    /// How the server sees this workstation.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn device(&mut self) -> Result<DeviceState, Failure> {
        self.call(&get("/v1/device")).await?.json()
    }

    /// The newest receipt.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn receipt(&mut self) -> Result<Receipt, Failure> {
        self.call(&get("/v1/log/receipt")).await?.json()
    }

    /// Sends entries; the answer says what the server holds.
    ///
    /// # Errors
    /// [`Failure`]; [`Failure::TooLarge`] without a call when the batch is longer than any may be.
    pub async fn push(&mut self, log: DeviceId, batch: Batch) -> Result<Receipt, Failure> {
        let entries = u64::try_from(batch.entries.len()).unwrap_or(u64::MAX);
        let last = batch.from.saturating_add(entries).saturating_sub(1);
        let ask = post("/v1/log/entries", SEALED_BATCH, &batch)?.about(log, last);
        // The body is enough; the batch is not kept beside it.
        drop(batch);
        if ask.body.len() > BATCH_BYTES {
            return Err(Failure::TooLarge);
        }
        self.call(&ask).await?.json()
    }

    /// Sends urgent entries.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn alert(&mut self, log: DeviceId, alerts: &Alerts) -> Result<(), Failure> {
        let last = alerts.entries.last().map_or(0, |(seq, _)| *seq);
        let ask = post("/v1/log/alerts", SEALED_BATCH, alerts)?.about(log, last);
        if ask.body.len() > BATCH_BYTES {
            return Err(Failure::TooLarge);
        }
        self.call(&ask).await?.empty()
    }

    /// The directory, unless its version is still this one.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn directory(&mut self, held: u64) -> Result<Option<SignedDirectory>, Failure> {
        let mut ask = get("/v1/directory");
        ask.most = DIRECTORY;
        ask.headers.push(("if-none-match", format!("\"{held}\"")));
        let answer = self.call(&ask).await?;
        if answer.status == StatusCode::NOT_MODIFIED { Ok(None) } else { answer.json().map(Some) }
    }

    /// The next certificate.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn certificate(&mut self, request: &CertificateRequest) -> Result<Certificate, Failure> {
        self.send("/v1/device/certificate", request).await
    }

    /// Enrols a workstation.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn enrol(&mut self, request: &EnrolmentRequest) -> Result<EnrolmentResponse, Failure> {
        self.send("/v1/enrolment", request).await
    }

    async fn send<T: DeserializeOwned>(&mut self, path: &'static str, body: &impl Serialize) -> Result<T, Failure> {
        self.call(&post(path, JSON, body)?).await?.json()
    }
}

pub(super) const JSON: &str = "application/json";

pub(super) fn get(path: impl Into<Cow<'static, str>>) -> Ask {
    Ask { method: Method::GET, path: path.into(), headers: Vec::new(), body: Vec::new().into(), most: ANSWER }
}

pub(super) fn post(
    path: impl Into<Cow<'static, str>>,
    media_type: &str,
    body: &impl Serialize,
) -> Result<Ask, Failure> {
    let body = serde_json::to_vec(body).map_err(|_| Failure::Unusable)?.into();
    let headers = vec![("content-type", media_type.to_owned())];
    Ok(Ask { method: Method::POST, path: path.into(), headers, body, most: ANSWER })
}

impl Ask {
    /// Names the audit entry that records the call.
    pub(super) fn about(mut self, log: DeviceId, seq: u64) -> Self {
        self.headers.push((AUDIT_ID, format!("{log}.{seq}")));
        self
    }
}
