//! The HTTPS client: TLS 1.3 alone, one trust anchor, one connection, HTTP/1.1, no redirects.

mod answer;
mod calls;
mod connection;
mod desk;
mod dial;
mod fault;
mod origin;
mod sign_in;
pub(crate) mod tls;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use chrono::SecondsFormat;
use hyper::body::Bytes;
use hyper::{Method, StatusCode};
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;
use vigil_model::wire::{POSTURE, QUEUE, UNIT};

use crate::{Clock, Failure, Identity, OutboxState};
use answer::Answer;
use connection::Connection;
pub use desk::{DeskAnswer, DeskCall, DeskRefusal};
pub use dial::{Boxed, Dial, Direct, Proxy, Stream};
use origin::Origin;
pub use tls::Trust;

/// Whether this is the origin of a server: `https`, host and port, and nothing else.
pub(crate) fn is_origin(text: &str) -> bool {
    Origin::parse(text).is_some()
}

/// How long a call may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until TLS stands.
    pub connect: Duration,
    /// Between two parts of an answer.
    pub read: Duration,
    /// All in all, the sending too.
    pub total: Duration,
}

impl Timeouts {
    /// For everything that waits its turn.
    pub const MAIN: Self =
        Self { connect: Duration::from_secs(10), read: Duration::from_secs(30), total: Duration::from_secs(120) };
    /// For urgent entries.
    pub const URGENT: Self =
        Self { connect: Duration::from_secs(5), read: Duration::from_secs(10), total: Duration::from_secs(15) };
}

/// What is asked of the server.
struct Ask {
    method: Method,
    path: Cow<'static, str>,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
    /// The longest answer, in bytes.
    most: usize,
}

/// Talks to one server, one call at a time.
pub struct Client {
    origin: Origin,
    tls: Arc<ClientConfig>,
    /// Whether the server has to ask for the workstation's certificate.
    enrolled: bool,
    dial: Arc<dyn Dial>,
    timeouts: Timeouts,
    kept: Option<Connection>,
    /// What the workstation says of itself, in the headers of every call.
    said: Vec<(&'static str, String)>,
}

impl Client {
    /// A client of the server at `origin`, such as `https://vigil.example:8443`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Failure::Unusable`] when the origin is none, or anchor, certificate or key are none.
    pub fn new(
        origin: &str,
        trust: &Trust,
        dial: Arc<dyn Dial>,
        clock: Arc<dyn Clock>,
        timeouts: Timeouts,
    ) -> Result<Self, Failure> {
        let origin = Origin::parse(origin).ok_or(Failure::Unusable)?;
        let tls = Arc::new(tls::config(trust, clock)?);
        Ok(Self { origin, tls, enrolled: trust.is_enrolled(), dial, timeouts, kept: None, said: Vec::new() })
    }

    /// The client of an enrolled workstation.
    ///
    /// # Errors
    /// [`Failure::Unusable`]
    pub fn of(
        identity: &Identity,
        dial: Arc<dyn Dial>,
        clock: Arc<dyn Clock>,
        timeouts: Timeouts,
    ) -> Result<Self, Failure> {
        Self::new(&identity.server, &Trust::of(identity), dial, clock, timeouts)
    }

    /// Lets every call from now on say how much waits here, how the workstation is and where it stands.
    pub(crate) fn tell(&mut self, state: &OutboxState, posture: &str, unit: Option<String>) {
        let waiting = state.entries.saturating_sub(state.covered);
        let since = state.oldest.filter(|_| waiting > 0);
        let since = since.map(|at| format!(" {}", at.to_rfc3339_opts(SecondsFormat::Secs, true))).unwrap_or_default();
        self.said = vec![(QUEUE, format!("{waiting}{since}"))];
        if !posture.is_empty() {
            self.said.push((POSTURE, posture.to_owned()));
        }
        self.said.extend(unit.map(|unit| (UNIT, unit)));
    }

    async fn call(&mut self, ask: &Ask) -> Result<Answer, Failure> {
        let total = self.timeouts.total;
        let answer = timeout(total, self.exchange(ask)).await.unwrap_or(Err(Failure::TimedOut));
        if answer.is_err() {
            self.kept = None;
        }
        answer
    }

    async fn exchange(&mut self, ask: &Ask) -> Result<Answer, Failure> {
        if let Some(mut kept) = self.kept.take().filter(Connection::is_open) {
            match kept.send(&self.origin, ask, &self.said, self.timeouts.read).await {
                // The server may close what was idle for long at any time; all calls may be made twice.
                Err(Failure::Cut) => {}
                other => return self.keep(kept, other),
            }
        }
        let opening = Connection::open(&self.origin, &self.tls, self.enrolled, self.dial.as_ref());
        let mut fresh = timeout(self.timeouts.connect, opening).await.unwrap_or(Err(Failure::TimedOut))?;
        let answer = fresh.send(&self.origin, ask, &self.said, self.timeouts.read).await;
        self.keep(fresh, answer)
    }

    fn keep(&mut self, connection: Connection, answer: Result<Answer, Failure>) -> Result<Answer, Failure> {
        if answer.as_ref().is_ok_and(|answer| answer.status != StatusCode::SWITCHING_PROTOCOLS) {
            self.kept = Some(connection);
        }
        answer
    }
}
