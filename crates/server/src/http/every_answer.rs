//! What every answer has: headers, a place in the metrics, and an `OperationOutcome` even after a fault.

use std::panic::AssertUnwindSafe;

use axum::extract::{MatchedPath, Request};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, header::X_FRAME_OPTIONS};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use tokio::time::Instant;

use super::Outcome;

pub(super) async fn every_answer(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    // The template, never the path: a path may be anything.
    let route = request.extensions().get::<MatchedPath>().map_or("none".to_owned(), |path| path.as_str().to_owned());
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response = answered.unwrap_or_else(|_| {
        tracing::error!(route, "a route panicked");
        Outcome::FAULT.into_response()
    });
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    let status = response.status().as_u16().to_string();
    // Methods that HTTP does not know would make labels without end.
    let method = if matches!(method.as_str(), "GET" | "POST" | "HEAD") {
        method.as_str().to_owned()
    } else {
        "other".to_owned()
    };
    metrics::histogram!("vigil_http_seconds", "route" => route, "method" => method, "status" => status)
        .record(began.elapsed().as_secs_f64());
    response
}
