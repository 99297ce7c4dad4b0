//! What goes wrong, as FHIR `OperationOutcome`. Its words are fixed: of a call nothing comes back but the name of a search parameter.

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use vigil_model::wire::Refusal;

use crate::search::SearchError;
use crate::store::StoreError;

/// The media type of FHIR resources.
pub(crate) const FHIR_JSON: &str = "application/fhir+json";

/// The extension that carries a [`Refusal`].
const REFUSAL: &str = "urn:vigil:refusal";

/// Why a call was not answered.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The status.
    pub status: StatusCode,
    /// FHIR `issue-type`.
    pub code: &'static str,
    /// For people.
    pub text: &'static str,
    /// Which search parameter, and what it may be. Without values.
    diagnostics: Option<String>,
    refusal: Option<Refusal>,
    retry_after: Option<u64>,
}

impl Outcome {
    /// An outcome of these words.
    pub const fn new(status: StatusCode, code: &'static str, text: &'static str) -> Self {
        Self { status, code, text, diagnostics: None, refusal: None, retry_after: None }
    }

    /// 403 for a call that names no audit entry.
    pub const AUDIT_ID: Self = Self::new(StatusCode::FORBIDDEN, "forbidden", "Audit trail required");
    /// 403 for a certificate that is not, or no longer, one of the fleet.
    pub const NOT_ENROLLED: Self = Self::new(StatusCode::FORBIDDEN, "forbidden", "This workstation is not enrolled");
    /// 403.
    pub const FORBIDDEN: Self = Self::new(StatusCode::FORBIDDEN, "forbidden", "This is not allowed");
    /// 401 for a token of enrolment or access that does not hold.
    pub const UNKNOWN_TOKEN: Self = Self::new(StatusCode::UNAUTHORIZED, "login", "The token does not hold");
    /// 404.
    pub const NOT_FOUND: Self = Self::new(StatusCode::NOT_FOUND, "not-found", "There is nothing here");
    /// 405.
    pub const METHOD: Self =
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "not-supported", "This method is not allowed here");
    /// 413.
    pub const TOO_LARGE: Self = Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-long", "The body is too large");
    /// 415.
    pub const MEDIA_TYPE: Self = Self::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "not-supported",
        "The body has another media type than this route reads",
    );
    /// 408.
    pub const TOO_SLOW: Self = Self::new(StatusCode::REQUEST_TIMEOUT, "timeout", "The body came too slowly");
    /// 400.
    pub const MALFORMED: Self =
        Self::new(StatusCode::BAD_REQUEST, "structure", "The call does not have the form that is asked for");
    /// 500.
    pub const FAULT: Self = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "exception", "The server failed");

    /// 429, with the seconds to wait.
    pub fn too_many(retry_after: u64) -> Self {
        let text = "Too many calls";
        Self { retry_after: Some(retry_after), ..Self::new(StatusCode::TOO_MANY_REQUESTS, "throttled", text) }
    }

    /// 503, with the seconds to wait.
    pub fn unavailable(retry_after: u64) -> Self {
        let text = "The server cannot answer at the moment";
        Self { retry_after: Some(retry_after), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "transient", text) }
    }

    /// What a workstation acts on.
    pub fn refused(refusal: Refusal) -> Self {
        let (status, code, text) = match &refusal {
            Refusal::Gap { .. } => (StatusCode::CONFLICT, "conflict", "The batch begins after what is expected"),
            Refusal::Conflict { .. } => (StatusCode::CONFLICT, "conflict", "Another entry is held under this number"),
            Refusal::Checkpoint => {
                (StatusCode::UNPROCESSABLE_ENTITY, "invariant", "The checkpoint does not fit the entries")
            }
            Refusal::Poison { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "invalid", "An entry does not open"),
            Refusal::Unsealed => (StatusCode::BAD_REQUEST, "security", "The body is not sealed"),
        };
        Self { refusal: Some(refusal), ..Self::new(status, code, text) }
    }

    fn json(&self) -> serde_json::Value {
        let mut issue = json!({ "severity": "error", "code": self.code, "details": { "text": self.text } });
        let refusal = self.refusal.as_ref().and_then(|refusal| serde_json::to_string(refusal).ok());
        if let (Some(words), Some(issue)) = (&self.diagnostics, issue.as_object_mut()) {
            issue.insert("diagnostics".to_owned(), json!(words));
        }
        if let (Some(text), Some(issue)) = (refusal, issue.as_object_mut()) {
            issue.insert("extension".to_owned(), json!([{ "url": REFUSAL, "valueString": text }]));
        }
        json!({ "resourceType": "OperationOutcome", "issue": [issue] })
    }
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.json().to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(FHIR_JSON));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<SearchError> for Outcome {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Parameter(words) => Self {
                diagnostics: Some(words),
                ..Self::new(StatusCode::BAD_REQUEST, "invalid", "A parameter of the search is not understood")
            },
            SearchError::Cursor => {
                Self::new(StatusCode::BAD_REQUEST, "invalid", "The link to this page is not valid here; search anew")
            }
            SearchError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Outcome {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the database did not do what a call asked for");
        if error.is_transient() { Self::unavailable(2) } else { Self::FAULT }
    }
}

impl From<crate::custody::CustodyError> for Outcome {
    fn from(error: crate::custody::CustodyError) -> Self {
        tracing::error!(%error, "the custodian did not do what a call asked for");
        Self::FAULT
    }
}
