//! How a connection to the server is opened: directly, or through a proxy that was configured.

use std::io;
use std::pin::Pin;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The longest answer of a proxy.
const PROXY_ANSWER: usize = 8 * 1024;

/// Bytes in both directions.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A stream of any kind, to come.
pub type Boxed<'a> = Pin<Box<dyn Future<Output = io::Result<Box<dyn Stream>>> + Send + 'a>>;

/// Opens connections.
pub trait Dial: Send + Sync {
    /// Bytes to and from this port of this host.
    fn dial<'a>(&'a self, host: &'a str, port: u16) -> Boxed<'a>;
}

/// Over TCP, without a proxy, whatever the environment says.
pub struct Direct;

impl Dial for Direct {
    fn dial<'a>(&'a self, host: &'a str, port: u16) -> Boxed<'a> {
        Box::pin(async move { Ok(Box::new(tcp(host, port).await?) as Box<dyn Stream>) })
    }
}

/// Through an HTTP proxy (`CONNECT`), which sees ciphertext alone.
pub struct Proxy {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl Dial for Proxy {
    fn dial<'a>(&'a self, host: &'a str, port: u16) -> Boxed<'a> {
        Box::pin(async move {
            let mut stream = tcp(&self.host, self.port).await?;
            let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
            let ask = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n");
            stream.write_all(ask.as_bytes()).await?;
            let mut answer = Vec::new();
            // Byte by byte: what follows the head belongs to TLS.
            while !answer.ends_with(b"\r\n\r\n") {
                if answer.len() == PROXY_ANSWER {
                    return Err(io::ErrorKind::InvalidData.into());
                }
                answer.push(stream.read_u8().await?);
            }
            match status(&answer) {
                // Any status of success opens the way (RFC 9110, 9.3.6).
                Some(200..=299) => Ok(Box::new(stream) as Box<dyn Stream>),
                Some(status) => Err(io::Error::new(io::ErrorKind::ConnectionRefused, ProxyRefused(status))),
                None => Err(io::ErrorKind::ConnectionRefused.into()),
            }
        })
    }
}

/// What a proxy answered that does not open the way.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the proxy answered with status {0}")]
pub(super) struct ProxyRefused(pub(super) u16);

/// The status in the head of an answer; `None`: this is no HTTP.
fn status(head: &[u8]) -> Option<u16> {
    let rest = head.strip_prefix(b"HTTP/1.1 ").or_else(|| head.strip_prefix(b"HTTP/1.0 "))?;
    let (digits, [b' ' | b'\r', ..]) = rest.split_first_chunk::<3>()? else { return None };
    std::str::from_utf8(digits).ok()?.parse().ok()
}

async fn tcp(host: &str, port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
