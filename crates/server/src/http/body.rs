//! Bodies: so large at most, so slow at most.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout};

use super::Outcome;
use crate::server::Server;

/// The longest body of a route that takes a few fields.
pub(crate) const SMALL: usize = 64 * 1024;

/// A body of at most [`SMALL`] bytes, as JSON of `T`; whatever else it is, is refused.
pub(crate) struct Sent<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Server> for Sent<T> {
    type Rejection = Outcome;

    async fn from_request(request: Request, server: &Server) -> Result<Self, Outcome> {
        if media_type(request.headers()) != "application/json" {
            return Err(Outcome::MEDIA_TYPE);
        }
        let bytes = read(request.into_body(), SMALL, server).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|_| Outcome::MALFORMED)
    }
}

/// The media type of a body, without parameters, in small letters; empty when there is none.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Reads a body of at most `most` bytes. One that comes more slowly than the limits allow is cut off.
///
/// # Errors
/// [`Outcome::TOO_LARGE`], [`Outcome::TOO_SLOW`], or [`Outcome::MALFORMED`] when it ends too early.
pub(crate) async fn read(mut body: Body, most: usize, server: &Server) -> Result<Bytes, Outcome> {
    use hyper::body::Body as _;
    if body.size_hint().lower() > most as u64 {
        return Err(Outcome::TOO_LARGE);
    }
    let limits = &server.config().limits;
    let patience = Duration::from_secs(limits.patience_seconds);
    let began = Instant::now();
    let mut read = Vec::new();
    loop {
        let frame = match timeout(patience, body.frame()).await {
            Err(_) => return Err(Outcome::TOO_SLOW),
            Ok(None) => return Ok(read.into()),
            Ok(Some(Err(_))) => return Err(Outcome::MALFORMED),
            Ok(Some(Ok(frame))) => frame,
        };
        let Ok(part) = frame.into_data() else { continue };
        if read.len() + part.len() > most {
            return Err(Outcome::TOO_LARGE);
        }
        read.extend_from_slice(&part);
        let over = began.elapsed().saturating_sub(patience);
        if over.as_secs().saturating_mul(limits.slowest_bytes) > read.len() as u64 {
            return Err(Outcome::TOO_SLOW);
        }
    }
}
