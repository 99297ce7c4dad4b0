//! The way to the second witness: HTTPS, TLS 1.3 alone, one trust anchor, no redirects.

use std::sync::Arc;
use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{Request, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::version::TLS13;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::WitnessReply;
use crate::ca::{TlsFileError, certificates};
use crate::config;

/// For a call, from the connection to the end of its answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest answer: a few lines.
const ANSWER: usize = 64 * 1024;

/// Why there is no way, or why a call came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum WitnessClientError {
    /// The anchor.
    #[error("witness.anchor: {0}")]
    Anchor(#[from] TlsFileError),
    /// A key.
    #[error("witness.key or witness.servers: {0}")]
    Key(#[from] vigil_audit::CosignatureError),
    /// The address.
    #[error("witness.url is no address such as https://witness.example:8444/add-checkpoint")]
    Address,
    /// TLS.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// The connection, or TLS over it.
    #[error("the connection: {0}")]
    Connection(#[from] std::io::Error),
    /// HTTP.
    #[error("HTTP: {0}")]
    Http(#[from] hyper::Error),
    /// The answer.
    #[error("the answer is too long, or breaks off")]
    Answer,
    /// Time.
    #[error("there was no answer within {} seconds", PATIENCE.as_secs())]
    Silent,
}

/// Calls one witness.
pub struct WitnessClient {
    /// What is connected to: host and port.
    address: (String, u16),
    name: ServerName<'static>,
    uri: Uri,
    tls: TlsConnector,
}

impl WitnessClient {
    /// The way to the witness that is configured. Nothing is sent yet.
    ///
    /// # Errors
    /// [`WitnessClientError`]
    pub fn new(witness: &config::FurtherWitness) -> Result<Self, WitnessClientError> {
        let uri: Uri = witness.url.parse().map_err(|_| WitnessClientError::Address)?;
        // An IPv6 address stands in brackets.
        let host = uri.host().ok_or(WitnessClientError::Address)?.trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(host.clone()).map_err(|_| WitnessClientError::Address)?;
        let mut roots = RootCertStore::empty();
        for anchor in certificates(&witness.anchor)? {
            roots.add(anchor)?;
        }
        let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_protocol_versions(&[&TLS13])?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let address = (host, uri.port_u16().unwrap_or(443));
        Ok(Self { address, name, uri, tls: TlsConnector::from(Arc::new(tls)) })
    }

    /// One call of `add-checkpoint`.
    ///
    /// # Errors
    /// [`WitnessClientError`]; whatever the status of the answer is, it is none.
    pub async fn post(&self, body: String) -> Result<WitnessReply, WitnessClientError> {
        timeout(PATIENCE, self.exchange(body)).await.unwrap_or(Err(WitnessClientError::Silent))
    }

    async fn exchange(&self, body: String) -> Result<WitnessReply, WitnessClientError> {
        let (host, port) = &self.address;
        let stream = TcpStream::connect((host.as_str(), *port)).await?;
        let stream = self.tls.connect(self.name.clone(), stream).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let request = Request::post(self.uri.path())
            .header(HOST, self.uri.authority().map_or(host.as_str(), |authority| authority.as_str()))
            .header(CONTENT_TYPE, "text/plain; charset=utf-8")
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| WitnessClientError::Address)?;
        // It ends with the sender.
        tokio::spawn(connection);
        let response = sender.send_request(request).await?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), ANSWER).collect().await;
        let body = body.map_err(|_| WitnessClientError::Answer)?.to_bytes();
        let body = String::from_utf8(body.into()).map_err(|_| WitnessClientError::Answer)?;
        Ok(WitnessReply { status, body })
    }
}
