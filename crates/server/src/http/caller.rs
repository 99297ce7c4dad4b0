//! Who calls: the client certificate says it, and the database is asked whether it still holds.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;
use vigil_model::wire::{POSTURE, QUEUE, UNIT, is_unit};

use super::Outcome;
use crate::server::Server;
use crate::store::{Device, Said, StoreError};

/// For so long an answer of the database holds: a revoked workstation is out after it at the latest.
const HOLDS: Duration = Duration::from_secs(2);
/// A contact is noted once in so many seconds.
const NOTED_SECONDS: i64 = 30;
/// The longest words about a posture.
const POSTURE_LENGTH: usize = 1_000;
/// More callers than any fleet has are not remembered.
const MOST: usize = 10_000;

/// The other end of a connection.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Its address.
    pub address: IpAddr,
    /// SHA-256 of the client certificate, where one was asked for.
    pub certificate: Option<[u8; 32]>,
}

/// The enrolled workstation that calls. There is no other way for a route to learn of a workstation.
#[derive(Clone, Debug)]
pub struct Caller(pub Arc<Device>);

impl std::ops::Deref for Caller {
    type Target = Device;

    fn deref(&self) -> &Device {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Outcome;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Outcome> {
        parts.extensions.get::<Self>().cloned().ok_or(Outcome::NOT_ENROLLED)
    }
}

/// The callers of the last seconds.
#[derive(Default)]
pub(crate) struct Callers(Mutex<HashMap<[u8; 32], Known>>);

/// When it was looked up, and what was found.
type Known = (Instant, Option<Arc<Device>>);

impl Callers {
    async fn find(
        &self,
        server: &Server,
        certificate: [u8; 32],
        said: Option<Said>,
    ) -> Result<Option<Arc<Device>>, StoreError> {
        let now = Instant::now();
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&certificate).cloned();
        if let Some((_, device)) = known.filter(|(asked, _)| now.duration_since(*asked) < HOLDS) {
            return Ok(device);
        }
        let time = server.clock().now();
        let mut tx = server.store().read().await?;
        let found = Device::of_certificate(&mut tx, certificate, time.timestamp_micros()).await?;
        drop(tx);
        if let Some(device) = &found {
            let quiet = (time - TimeDelta::seconds(NOTED_SECONDS)).timestamp_micros();
            // Another posture and another unit are news at once; how much waits is told with the next contact that is noted.
            let news = said.as_ref().is_some_and(|said| {
                said.unit != device.unit || (said.posture.is_some() && said.posture != device.posture)
            });
            if news || device.last_contact.is_none_or(|contact| contact < quiet) {
                let mut tx = server.store().begin().await?;
                Device::heard(&mut tx, device.enrolment, time.timestamp_micros(), None).await?;
                if let Some(said) = &said {
                    Device::said(&mut tx, device.enrolment, said).await?;
                }
                tx.commit().await?;
            }
        }
        let found = found.map(Arc::new);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, (asked, _)| now.duration_since(*asked) < HOLDS);
        }
        known.insert(certificate, (now, found.clone()));
        Ok(found)
    }

    /// How many workstations called within the last moments.
    pub(crate) fn count(&self) -> usize {
        let now = Instant::now();
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .values()
            .filter(|(asked, device)| device.is_some() && now.duration_since(*asked) < Duration::from_secs(60))
            .count()
    }
}

/// What a workstation says of itself; what has another form is left out.
fn said(headers: &HeaderMap) -> Option<Said> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let queue = text(QUEUE)?;
    let (queued, since) = queue.split_once(' ').map_or((queue, None), |(queued, since)| (queued, Some(since)));
    let posture = text(POSTURE).filter(|words| words.len() <= POSTURE_LENGTH);
    let unit = headers.get(UNIT).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    Some(Said {
        queued: queued.parse().ok()?,
        queued_since: since.and_then(|at| at.parse::<DateTime<Utc>>().ok()).map(|at| at.timestamp_micros()),
        posture: posture.map(str::to_owned),
        unit: unit.filter(|name| is_unit(name)).map(str::to_owned),
    })
}

/// Lets enrolled workstations through, so many calls of each in a minute and so many at the same time.
pub(super) async fn enrolled(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let certificate = request.extensions().get::<Peer>().and_then(|peer| peer.certificate);
    let Some(certificate) = certificate else { return Outcome::NOT_ENROLLED.into_response() };
    let said = said(request.headers());
    let device = match server.callers().find(&server, certificate, said).await {
        Ok(Some(device)) => device,
        Ok(None) => {
            metrics::counter!("vigil_calls_refused_total", "reason" => "not-enrolled").increment(1);
            return Outcome::NOT_ENROLLED.into_response();
        }
        Err(error) => return Outcome::from(error).into_response(),
    };
    let _turn = match server.gauges().device(device.enrolment) {
        Ok(turn) => turn,
        Err(outcome) => return outcome.into_response(),
    };
    request.extensions_mut().insert(Caller(device));
    next.run(request).await
}
