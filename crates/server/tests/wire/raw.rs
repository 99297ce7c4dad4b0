//! Calls without the workstation's client: TLS with any certificate or none, and bytes as they are.

use std::io;
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, pem::PemObject as _};
use rustls::version::TLS13;
use rustls::{AlertDescription, ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use vigil_sync::Identity;

/// A certificate with what leads to its authority, and its key.
pub(crate) type Shown = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// What an enrolled workstation shows.
pub(crate) fn shown(identity: &Identity) -> Shown {
    let chain = CertificateDer::pem_slice_iter(identity.chain.as_bytes()).map(Result::unwrap).collect();
    (chain, PrivateKeyDer::from(PrivatePkcs8KeyDer::from(identity.key.to_vec())))
}

/// The other end of TLS for whoever shows this.
pub(crate) fn connector(anchor: &[u8], shown: Option<Shown>) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(anchor.to_vec())).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_protocol_versions(&[&TLS13]).unwrap();
    let builder = builder.with_root_certificates(roots);
    let config = match shown {
        None => builder.with_no_client_auth(),
        Some((chain, key)) => builder.with_client_auth_cert(chain, key).unwrap(),
    };
    TlsConnector::from(Arc::new(config))
}

/// A connection on which TLS stands, as far as this side can tell.
pub(crate) async fn connect(port: u16, anchor: &[u8], shown: Option<Shown>) -> io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    connector(anchor, shown).connect(ServerName::try_from("localhost").unwrap(), stream).await
}

/// The whole answer to one call.
pub(crate) async fn ask(stream: &mut TlsStream<TcpStream>, call: &[u8]) -> io::Result<String> {
    // Whoever is refused may hear of it while it still writes; what it hears is what counts.
    let _ = stream.write_all(call).await;
    // What TLS still holds is not sent by reading.
    let _ = stream.flush().await;
    answer(stream).await
}

/// What comes until the server hangs up.
pub(crate) async fn answer(stream: &mut TlsStream<TcpStream>) -> io::Result<String> {
    let mut heard = Vec::new();
    match stream.read_to_end(&mut heard).await {
        // It need not say goodbye after it has answered.
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof && heard.is_empty() => Err(error),
        _ => Ok(String::from_utf8_lossy(&heard).into_owned()),
    }
}

/// The status of an answer, such as `200`.
pub(crate) fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

/// A call with this body, after which the server hangs up.
pub(crate) fn call(method: &str, path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// `GET /v1/device` with this certificate: the status, or the alert that ended the handshake.
pub(crate) async fn greet(port: u16, anchor: &[u8], shown: Option<Shown>) -> Result<String, AlertDescription> {
    let asked = async {
        let mut stream = connect(port, anchor, shown).await?;
        ask(&mut stream, &call("GET", "/v1/device", "", b"")).await
    };
    match asked.await {
        Ok(answer) => Ok(status(&answer).to_owned()),
        Err(error) => match error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::AlertReceived(alert)) => Err(*alert),
            other => panic!("no alert: {error}, {other:?}"),
        },
    }
}
