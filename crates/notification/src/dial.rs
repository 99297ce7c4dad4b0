//! Connections: TCP, and TLS over it. What goes wrong is told in words, and whether it may heal by itself.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rustls::pki_types::ServerName;
use rustls::{AlertDescription, CertificateError};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::DeliveryError;
use crate::tls::Tls;

/// For a delivery to one recipient, from the connection to the end of the answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// What is talked through.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// Where a connection goes.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    host: String,
    port: u16,
    name: ServerName<'static>,
}

impl Place {
    /// A host, by its name or address.
    pub(crate) fn new(host: &str, port: u16) -> Option<Self> {
        let name = ServerName::try_from(host.to_owned()).ok()?;
        Some(Self { host: host.to_owned(), port, name })
    }

    /// Connects without TLS.
    pub(crate) async fn tcp(&self) -> Result<TcpStream, DeliveryError> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(|error| self.failed(&error))?;
        // A message is small, and the answer is waited for.
        stream.set_nodelay(true).map_err(|error| self.failed(&error))?;
        Ok(stream)
    }

    /// Connects without TLS to this machine, and to no other whatever its name leads to.
    pub(crate) async fn here(&self) -> Result<TcpStream, DeliveryError> {
        let stream = self.tcp().await?;
        let peer = stream.peer_addr().map_err(|error| self.failed(&error))?;
        if !is_here(peer.ip()) {
            return Err(DeliveryError::permanent(format!("{self} is not on this machine: https is needed")));
        }
        Ok(stream)
    }

    /// Begins TLS.
    pub(crate) async fn tls(
        &self,
        stream: TcpStream,
        tls: &Tls,
        now: DateTime<Utc>,
    ) -> Result<TlsStream<TcpStream>, DeliveryError> {
        let config = tls.config(now).map_err(|error| DeliveryError::permanent(format!("TLS: {error}")))?;
        let connector = TlsConnector::from(Arc::new(config));
        connector.connect(self.name.clone(), stream).await.map_err(|error| self.failed(&error))
    }

    /// What a fault of a connection comes to.
    pub(crate) fn failed(&self, error: &(dyn StdError + 'static)) -> DeliveryError {
        let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
        while let Some(found) = cause {
            let inner = found.downcast_ref::<io::Error>().and_then(|error| error.get_ref());
            let inner = inner.map(|inner| inner as &(dyn StdError + 'static));
            if let Some(tls) = inner.unwrap_or(found).downcast_ref::<rustls::Error>() {
                return self.distrusted(tls);
            }
            cause = inner.or_else(|| found.source());
        }
        // Refused, unreachable, not found, reset, ended: all of it may be otherwise in a minute.
        DeliveryError::transient(format!("{self}: {error}"))
    }

    fn distrusted(&self, error: &rustls::Error) -> DeliveryError {
        if let rustls::Error::AlertReceived(AlertDescription::ProtocolVersion) | rustls::Error::PeerIncompatible(_) =
            error
        {
            let what =
                format!("{self} and this server have no TLS in common: TLS 1.3 is spoken here, and nothing older");
            return DeliveryError::permanent(what);
        }
        // A certificate that has run out is renewed, an authority that is missing is added: the message waits for it.
        DeliveryError::transient(if let rustls::Error::InvalidCertificate(certificate) = error {
            format!("{self}: {}", of_certificate(certificate))
        } else if let rustls::Error::AlertReceived(alert) = error {
            format!("{self} refused the connection: {alert:?}")
        } else {
            format!("{self}: TLS: {error}")
        })
    }

    /// Runs a delivery for as long as it may take.
    pub(crate) async fn patiently<T>(
        &self,
        work: impl Future<Output = Result<T, DeliveryError>>,
    ) -> Result<T, DeliveryError> {
        let silent = |_| Err(DeliveryError::transient(format!("{self} was silent for {} seconds", PATIENCE.as_secs())));
        timeout(PATIENCE, work).await.unwrap_or_else(silent)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

fn is_here(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

fn of_certificate(error: &CertificateError) -> &'static str {
    let name = matches!(error, CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. });
    let time = matches!(
        error,
        CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. }
    );
    match (name, time) {
        (true, _) => "its certificate is for another name",
        (_, true) => "its certificate has run out, or is not valid yet",
        (false, false) => "its certificate is not from an authority that is trusted here (see `anchor`)",
    }
}
