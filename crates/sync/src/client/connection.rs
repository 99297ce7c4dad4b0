//! One connection, one call at a time.

use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{ACCEPT, HOST, USER_AGENT};
use hyper::{Request, Response, body::Incoming};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::answer::Answer;
use super::origin::Origin;
use super::tls::Watch;
use super::{Ask, Dial, fault};
use crate::{Distrust, Failure};

const PROGRAM: &str = concat!("Vigil/", env!("CARGO_PKG_VERSION"));
/// How long the end of a connection may take to say why it ended.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// A connection that stands.
pub(super) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    driver: JoinHandle<Result<(), hyper::Error>>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Connection {
    /// Opens one. Where the workstation is enrolled, a server that does not ask for its certificate is not the right one.
    pub(super) async fn open(
        origin: &Origin,
        tls: &ClientConfig,
        enrolled: bool,
        dial: &dyn Dial,
    ) -> Result<Self, Failure> {
        let stream = dial.dial(&origin.host, origin.port).await.map_err(|error| fault::in_dialling(&error))?;
        let (config, watch) = Watch::over(tls);
        let stream = TlsConnector::from(config)
            .connect(origin.name.clone(), stream)
            .await
            .map_err(|error| fault::in_handshake(&error))?;
        if enrolled && !watch.asked() {
            return Err(Failure::Untrusted(Distrust::Protocol));
        }
        let (sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|error| fault::in_exchange(&error))?;
        Ok(Self { sender, driver: tokio::spawn(connection) })
    }

    pub(super) fn is_open(&self) -> bool {
        !self.sender.is_closed()
    }

    /// Sends one request and reads the whole answer.
    pub(super) async fn send(
        &mut self,
        origin: &Origin,
        ask: &Ask,
        said: &[(&'static str, String)],
        read: Duration,
    ) -> Result<Answer, Failure> {
        match self.answer(request(origin, ask, said)?, ask.most, read).await {
            Err(Failure::Cut) => Err(self.last_words().await),
            other => other,
        }
    }

    async fn answer(&mut self, request: Request<Full<Bytes>>, most: usize, read: Duration) -> Result<Answer, Failure> {
        self.sender.ready().await.map_err(|error| fault::in_exchange(&error))?;
        let sent: Result<Response<Incoming>, _> = self.sender.send_request(request).await;
        let response = sent.map_err(|error| fault::in_exchange(&error))?;
        Answer::read(response, most, read).await
    }

    /// Why the connection was cut, where whoever read from it knows better: a server says after the handshake that it refuses a
    /// certificate, and what was being written fails first.
    async fn last_words(&mut self) -> Failure {
        match timeout(LAST_WORDS, &mut self.driver).await {
            Ok(Ok(Err(error))) => fault::in_exchange(&error),
            Ok(Ok(Ok(())) | Err(_)) | Err(_) => Failure::Cut,
        }
    }
}

fn request(origin: &Origin, ask: &Ask, said: &[(&'static str, String)]) -> Result<Request<Full<Bytes>>, Failure> {
    let mut request = Request::builder()
        .method(&ask.method)
        .uri(ask.path.as_ref())
        .header(HOST, origin.authority())
        .header(USER_AGENT, PROGRAM)
        .header(ACCEPT, "application/json");
    for (name, value) in ask.headers.iter().chain(said) {
        request = request.header(*name, value);
    }
    request.body(Full::new(ask.body.clone())).map_err(|_| Failure::Unusable)
}
