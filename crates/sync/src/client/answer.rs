//! The server's answer: so large and so slow at most.

use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::Response;
use hyper::StatusCode;
use hyper::body::{Body as _, Incoming};
use hyper::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use vigil_model::wire::Refusal;

use super::fault;
use crate::Failure;

/// The extension of an `OperationOutcome` that says what to do.
const REFUSAL: &str = "urn:vigil:refusal";
/// The longest text of a refusal, in characters.
const WORDS: usize = 400;

/// Status and body.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    media_type: String,
    retry_after: Option<Duration>,
    body: Vec<u8>,
}

impl Answer {
    pub(super) async fn read(response: Response<Incoming>, most: usize, read: Duration) -> Result<Self, Failure> {
        let (head, mut incoming) = response.into_parts();
        let declared = usize::try_from(incoming.size_hint().lower()).unwrap_or(usize::MAX);
        if declared > most {
            return Err(Failure::TooLong);
        }
        let mut body = Vec::with_capacity(declared);
        while let Some(frame) = timeout(read, incoming.frame()).await.map_err(|_| Failure::TimedOut)? {
            let frame = frame.map_err(|error| fault::in_exchange(&error))?;
            let Ok(part) = frame.into_data() else { continue };
            if body.len().saturating_add(part.len()) > most {
                return Err(Failure::TooLong);
            }
            body.extend_from_slice(&part);
        }
        let media_type = text(&head.headers, CONTENT_TYPE.as_str()).split(';').next().unwrap_or_default();
        let media_type = media_type.trim().to_ascii_lowercase();
        Ok(Self { status: head.status, media_type, retry_after: retry_after(&head.headers), body })
    }

    #[cfg(test)]
    pub(super) fn of(status: u16, body: &str) -> Self {
        let media_type = "application/json".to_owned();
        Self { status: StatusCode::from_u16(status).unwrap(), media_type, retry_after: None, body: body.into() }
    }

    /// The JSON of a good answer.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        if self.status != StatusCode::OK {
            return Err(self.failure());
        }
        if self.media_type != "application/json" {
            return Err(Failure::Malformed);
        }
        serde_json::from_slice(&self.body).map_err(|_| Failure::Malformed)
    }

    /// The bytes of a good answer of this media type.
    pub(super) fn bytes(self, media_type: &str) -> Result<Vec<u8>, Failure> {
        if self.status != StatusCode::OK {
            return Err(self.failure());
        }
        if self.media_type == media_type { Ok(self.body) } else { Err(Failure::Malformed) }
    }

    /// What the server says of a refusal, for people; it is another machine's text, so its length and its signs are bounded.
    pub(super) fn words(&self) -> Option<String> {
        let outcome: OperationOutcome = serde_json::from_slice(&self.body).ok()?;
        let issue = outcome.issue.into_iter().next()?;
        let text = issue.details.map(|details| details.text);
        let said: Vec<String> = text.into_iter().chain(issue.diagnostics).collect();
        let plain = said.join(": ").replace(char::is_control, " ");
        let plain: String = plain.trim().chars().take(WORDS).collect();
        (outcome.resource_type == "OperationOutcome" && !plain.is_empty()).then_some(plain)
    }

    /// A good answer without a body.
    pub(super) fn empty(&self) -> Result<(), Failure> {
        if self.status == StatusCode::NO_CONTENT { Ok(()) } else { Err(self.failure()) }
    }

    /// What an answer that is not good says.
    pub(super) fn failure(&self) -> Failure {
        if let Some(refusal) = refusal(&self.body) {
            return Failure::Refused(refusal);
        }
        match self.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Failure::Identity,
            StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge,
            StatusCode::REQUEST_TIMEOUT => Failure::TimedOut,
            StatusCode::TOO_MANY_REQUESTS => Failure::Busy(self.retry_after),
            StatusCode::SERVICE_UNAVAILABLE if self.retry_after.is_some() => Failure::Busy(self.retry_after),
            status if status.is_success() => Failure::Malformed,
            status => Failure::Status(status.as_u16()),
        }
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// How long the server asks to wait: seconds, or a date (RFC 9110, 10.2.3). A date counts from when the answer was made, by the same
/// clock: the workstation's may differ. One that is over asks for nothing.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let asked = text(headers, RETRY_AFTER.as_str());
    if let Ok(seconds) = asked.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(asked).ok()?;
    let made = httpdate::parse_http_date(text(headers, DATE.as_str())).ok()?;
    Some(until.duration_since(made).unwrap_or_default())
}

/// FHIR R4 `OperationOutcome`, as far as it matters here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OperationOutcome {
    resource_type: String,
    issue: Vec<Issue>,
}

#[derive(Deserialize)]
struct Issue {
    #[serde(default)]
    extension: Vec<Extension>,
    details: Option<Details>,
    diagnostics: Option<String>,
}

#[derive(Deserialize)]
struct Details {
    text: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extension {
    url: String,
    value_string: Option<String>,
}

fn refusal(body: &[u8]) -> Option<Refusal> {
    let outcome: OperationOutcome = serde_json::from_slice(body).ok()?;
    if outcome.resource_type != "OperationOutcome" {
        return None;
    }
    let extension =
        outcome.issue.into_iter().flat_map(|issue| issue.extension).find(|extension| extension.url == REFUSAL)?;
    serde_json::from_str(&extension.value_string?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer::of(status, body)
    }

    #[test]
    fn a_refusal_is_read_from_its_extension_alone() {
        let outcome = |url: &str| {
            format!(
                r#"{{"resourceType":"OperationOutcome","issue":[{{"severity":"error","code":"conflict",
                "extension":[{{"url":"{url}","valueString":"{{\"refusal\":\"gap\",\"next\":7}}"}}]}}]}}"#
            )
        };
        let found = answer(409, &outcome(REFUSAL)).failure();
        assert_eq!(found, Failure::Refused(Refusal::Gap { next: 7 }), "typed");
        assert_eq!(answer(409, &outcome("urn:other")).failure(), Failure::Status(409), "another extension");
        assert_eq!(answer(409, "<html>").failure(), Failure::Status(409), "no FHIR");
    }

    #[test]
    fn a_wait_is_read_in_seconds_and_as_a_date() {
        let wait = |made: Option<&str>, asked: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, asked.parse().unwrap());
            if let Some(made) = made {
                headers.insert(DATE, made.parse().unwrap());
            }
            retry_after(&headers)
        };
        let made = Some("Sun, 29 Nov 2026 10:00:00 GMT");
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(wait(None, "120"), seconds(120), "seconds");
        assert_eq!(wait(made, "Sun, 29 Nov 2026 10:02:00 GMT"), seconds(120), "a date");
        assert_eq!(wait(made, "Sunday, 29-Nov-26 10:02:00 GMT"), seconds(120), "in the form of RFC 850");
        assert_eq!(wait(made, "Sun, 29 Nov 2026 09:59:00 GMT"), seconds(0), "one that is over");
        assert_eq!(wait(None, "Sun, 29 Nov 2026 10:02:00 GMT"), None, "a date that counts from nowhere");
        assert_eq!(wait(made, "soon"), None, "neither");
        assert_eq!(wait(made, "-5"), None, "nor");
    }

    #[test]
    fn a_good_status_with_another_body_is_not_good() {
        assert_eq!(answer(200, "{}").json::<Vec<u8>>(), Err(Failure::Malformed), "another shape");
        assert_eq!(answer(204, "").json::<Vec<u8>>(), Err(Failure::Malformed), "nothing");
        let page = Answer { media_type: "text/html".to_owned(), ..answer(200, "[]") };
        assert_eq!(page.json::<Vec<u8>>(), Err(Failure::Malformed), "the page of a portal");
        assert_eq!(answer(302, "").json::<Vec<u8>>(), Err(Failure::Status(302)), "a redirect is not followed");
    }
}
