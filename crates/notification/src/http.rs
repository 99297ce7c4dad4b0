//! One call over HTTP/1.1: a connection for it alone, no redirects, a bounded answer.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, DATE, HOST, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::dial::{Place, Stream};
use crate::failure::KeyError;
use crate::settings::WebAddress;
use crate::tls::Tls;
use crate::{DeliveryError, settings};

const PROGRAM: &str = concat!("Vigil/", env!("CARGO_PKG_VERSION"));
/// For the body of a good answer.
const BODY: Duration = Duration::from_secs(5);
/// The longest answer that is looked at, in bytes.
const ANSWER: usize = 64 * 1024;

/// Calls one address.
pub(crate) struct Caller {
    address: WebAddress,
    place: Place,
    tls: Tls,
}

/// What is sent.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Caller {
    /// The way to an address. Nothing is sent yet.
    pub(crate) fn new(address: WebAddress, anchor: Option<&std::path::Path>) -> Result<Self, KeyError> {
        let place = Place::new(address.host(), address.port());
        let place = place.ok_or_else(|| KeyError::new("url", "its host is neither a name nor an address"))?;
        Ok(Self { address, place, tls: Tls::new(anchor)? })
    }

    /// Calls, and returns the body of a good answer: nothing, where it is too long or breaks off, for good it was.
    pub(crate) async fn call(&self, call: Call, now: DateTime<Utc>) -> Result<Bytes, DeliveryError> {
        self.place.patiently(self.exchange(call, now)).await
    }

    async fn exchange(&self, call: Call, now: DateTime<Utc>) -> Result<Bytes, DeliveryError> {
        let stream: Box<dyn Stream> = if self.address.is_plain() {
            Box::new(self.place.here().await?)
        } else {
            let stream = self.place.tcp().await?;
            Box::new(self.place.tls(stream, &self.tls, now).await?)
        };
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|error| self.place.failed(&error))?;
        // It ends with this call, however that ends.
        let _driver = Driver(tokio::spawn(connection));
        let response = sender.send_request(self.request(call)?).await.map_err(|error| self.place.failed(&error))?;
        let (head, body) = response.into_parts();
        self.judge(head.status, &head.headers, now)?;
        // The other side has it. What its answer says beside that is good to know, and no reason to send it again.
        let body = timeout(BODY, Limited::new(body, ANSWER).collect()).await;
        Ok(body.ok().and_then(Result::ok).map(|body| body.to_bytes()).unwrap_or_default())
    }

    fn request(&self, call: Call) -> Result<Request<Full<Bytes>>, DeliveryError> {
        let unusable = |_| DeliveryError::permanent(format!("{} cannot be called with these settings", self.place));
        let uri = &self.address.0;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let host = uri.authority().map_or("", |authority| authority.as_str());
        let mut request =
            Request::builder().method(call.method).uri(path).body(Full::new(call.body)).map_err(unusable)?;
        let headers = request.headers_mut();
        *headers = call.headers;
        headers.insert(HOST, HeaderValue::from_str(host).map_err(|error| unusable(error.into()))?);
        headers.insert(USER_AGENT, HeaderValue::from_static(PROGRAM));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        Ok(request)
    }

    fn judge(&self, status: StatusCode, headers: &HeaderMap, now: DateTime<Utc>) -> Result<(), DeliveryError> {
        if status.is_success() {
            return Ok(());
        }
        let said = format!("{} answered {}", self.place, status.as_u16());
        let again =
            matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS);
        if again || status.is_server_error() {
            return Err(DeliveryError { retry_after: retry_after(headers, now), ..DeliveryError::transient(said) });
        }
        Err(DeliveryError::permanent(if status.is_redirection() {
            format!("{said}: redirects are not followed, configure the address that it leads to")
        } else {
            said
        }))
    }
}

struct Driver(JoinHandle<Result<(), hyper::Error>>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// How long the other side asks to wait: seconds, or a date (RFC 9110, 10.2.3), which counts from when it says that it answered, or else
/// from now.
fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let asked = text(RETRY_AFTER)?;
    if let Ok(seconds) = asked.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(asked).ok()?;
    let made = text(DATE).and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or_else(|| now.into());
    Some(until.duration_since(made).unwrap_or_default())
}

/// A header that was configured; a secret one is not shown by whoever prints headers.
pub(crate) fn header(
    key: &'static str,
    name: &str,
    value: &str,
    secret: bool,
) -> Result<(HeaderName, HeaderValue), KeyError> {
    let name =
        HeaderName::from_bytes(name.as_bytes()).map_err(|_| KeyError::new(key, "this is no name of a header"))?;
    if [HOST.as_str(), "content-length", "transfer-encoding", "connection", "content-type"].contains(&name.as_str()) {
        return Err(KeyError::new(key, format!("{name} is set by the program")));
    }
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| KeyError::new(key, format!("what is to stand in {name} may not stand in a header")))?;
    value.set_sensitive(secret);
    Ok((name, value))
}

/// A receipt as it may stand in a log and in the outbox: 128 plain characters at most, or none.
pub(crate) fn receipt(found: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/@+=-".contains(&byte);
    ((1..=128).contains(&found.len()) && found.bytes().all(plain)).then(|| found.to_owned())
}

impl From<settings::Method> for Method {
    fn from(method: settings::Method) -> Self {
        match method {
            settings::Method::Post => Self::POST,
            settings::Method::Put => Self::PUT,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_read_in_seconds_and_as_a_date() {
        let now = "2026-11-29T10:00:00Z".parse().unwrap();
        let wait = |made: Option<&str>, asked: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, asked.parse().unwrap());
            if let Some(made) = made {
                headers.insert(DATE, made.parse().unwrap());
            }
            retry_after(&headers, now)
        };
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(wait(None, "120"), seconds(120), "seconds");
        assert_eq!(
            wait(Some("Sun, 29 Nov 2026 09:00:00 GMT"), "Sun, 29 Nov 2026 09:02:00 GMT"),
            seconds(120),
            "its clock"
        );
        assert_eq!(wait(None, "Sun, 29 Nov 2026 10:02:00 GMT"), seconds(120), "ours");
        assert_eq!(wait(None, "Sun, 29 Nov 2026 09:59:00 GMT"), seconds(0), "one that is over");
        assert_eq!(wait(None, "soon"), None, "neither");
    }

    #[test]
    fn a_receipt_is_an_id_and_no_message() {
        assert_eq!(receipt("SM0123-ab"), Some("SM0123-ab".to_owned()), "an id");
        for bad in ["", "a b", "a\nb", "<b>", &"a".repeat(129)] {
            assert_eq!(receipt(bad), None, "{bad:?}");
        }
    }
}
