//! The network between workstation and server: in memory, with real TLS, and as bad as a test wants it.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, DuplexStream, ReadBuf, duplex};
use tokio_rustls::TlsAcceptor;
use vigil_sync::client::{Boxed, Stream};
use vigil_sync::{Clock, Dial};

use super::pki::{Pki, Shown};
use super::server::Server;

/// Where a connection breaks: after so many bytes in each direction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    pub(crate) up: usize,
    pub(crate) down: usize,
}

impl Cut {
    pub(crate) const NEVER: Self = Self { up: usize::MAX, down: usize::MAX };
}

/// How the server behaves below HTTP.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    /// For a certificate of the fleet.
    Certificate,
    /// For none.
    Nothing,
    /// For one of another fleet.
    Other,
}

pub(crate) struct Net {
    pki: Arc<Pki>,
    server: Arc<Server>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

struct State {
    shown: Shown,
    asks: Asks,
    cuts: VecDeque<Cut>,
    /// The next connections meet something that speaks another protocol, and says this.
    babble: VecDeque<Vec<u8>>,
    down: bool,
    dialled: u64,
    /// Bytes of the last connection, up and down.
    moved: Arc<Mutex<Moved>>,
}

#[derive(Clone, Default)]
pub(crate) struct Moved {
    pub(crate) up: Vec<u8>,
    pub(crate) down: Vec<u8>,
}

impl Net {
    pub(crate) fn new(pki: Arc<Pki>, server: Arc<Server>, clock: Arc<dyn Clock>) -> Self {
        let state = State {
            shown: Shown::Right,
            asks: Asks::Certificate,
            cuts: VecDeque::new(),
            babble: VecDeque::new(),
            down: false,
            dialled: 0,
            moved: Arc::default(),
        };
        Self { pki, server, clock, state: Mutex::new(state) }
    }

    pub(crate) fn show(&self, shown: Shown) {
        self.state.lock().unwrap().shown = shown;
    }

    pub(crate) fn ask(&self, asks: Asks) {
        self.state.lock().unwrap().asks = asks;
    }

    pub(crate) fn cut(&self, cut: Cut) {
        self.state.lock().unwrap().cuts.push_back(cut);
    }

    pub(crate) fn babble(&self, said: Vec<u8>) {
        self.state.lock().unwrap().babble.push_back(said);
    }

    pub(crate) fn down(&self, down: bool) {
        self.state.lock().unwrap().down = down;
    }

    pub(crate) fn dialled(&self) -> u64 {
        self.state.lock().unwrap().dialled
    }

    pub(crate) fn moved(&self) -> Moved {
        let moved = Arc::clone(&self.state.lock().unwrap().moved);
        let moved = moved.lock().unwrap();
        moved.clone()
    }

    fn acceptor(&self, shown: Shown, asks: Asks) -> TlsAcceptor {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder =
            ServerConfig::builder_with_details(Arc::clone(&provider), Arc::new(Wall(Arc::clone(&self.clock))))
                .with_protocol_versions(&[&rustls::version::TLS13])
                .unwrap();
        let stranger = super::pki::Authority::new("another fleet");
        let builder = match asks {
            Asks::Nothing => builder.with_no_client_auth(),
            Asks::Certificate | Asks::Other => {
                let mut roots = RootCertStore::empty();
                let root = if asks == Asks::Other { &stranger.der } else { &self.pki.workstations.der };
                roots.add(root.clone()).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
                builder.with_client_cert_verifier(verifier)
            }
        };
        let (certificate, key) = self.pki.server(shown);
        let mut config = builder.with_single_cert(vec![certificate], key).unwrap();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        config.send_tls13_tickets = 0;
        TlsAcceptor::from(Arc::new(config))
    }
}

impl Dial for Net {
    fn dial<'a>(&'a self, host: &'a str, port: u16) -> Boxed<'a> {
        assert!(host == super::HOST && (port == 8443 || port == 8444), "no other address: {host}:{port}");
        let mut state = self.state.lock().unwrap();
        state.dialled += 1;
        if state.down {
            return Box::pin(async { Err(io::ErrorKind::ConnectionRefused.into()) });
        }
        let cut = state.cuts.pop_front().unwrap_or(Cut::NEVER);
        state.moved = Arc::default();
        let (near, mut far) = duplex(64 * 1024);
        if let Some(said) = state.babble.pop_front() {
            tokio::spawn(async move {
                let mut heard = [0; 1024];
                let _ = far.read(&mut heard).await;
                let _ = far.write_all(&said).await;
            });
        } else {
            // The listener for everybody else asks for no certificate.
            let asks = if port == 8444 { Asks::Nothing } else { state.asks };
            let acceptor = self.acceptor(state.shown, asks);
            let server = Arc::clone(&self.server);
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(far).await else { return };
                let service = service_fn(move |request| Arc::clone(&server).answer(request));
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
        let near = Line { near: Some(near), cut, moved: Arc::clone(&state.moved) };
        Box::pin(async move { Ok(Box::new(near) as Box<dyn Stream>) })
    }
}

/// A connection that breaks.
struct Line {
    near: Option<DuplexStream>,
    cut: Cut,
    moved: Arc<Mutex<Moved>>,
}

fn reset<T>() -> Poll<io::Result<T>> {
    Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let left = self.cut.down - self.moved.lock().unwrap().down.len();
        if left == 0 {
            self.near = None;
        }
        let Some(near) = &mut self.near else { return reset() };
        let mut part = vec![0; left.min(buf.remaining())];
        let mut part = ReadBuf::new(&mut part);
        match Pin::new(near).poll_read(cx, &mut part) {
            Poll::Ready(Ok(())) => {
                buf.put_slice(part.filled());
                self.moved.lock().unwrap().down.extend_from_slice(part.filled());
                Poll::Ready(Ok(()))
            }
            other => other,
        }
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let left = self.cut.up - self.moved.lock().unwrap().up.len();
        if left == 0 {
            self.near = None;
        }
        let Some(near) = &mut self.near else { return reset() };
        let bytes = &bytes[..bytes.len().min(left)];
        let sent = Pin::new(near).poll_write(cx, bytes);
        if let Poll::Ready(Ok(sent)) = sent {
            self.moved.lock().unwrap().up.extend_from_slice(&bytes[..sent]);
        }
        sent
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.near {
            Some(near) => Pin::new(near).poll_flush(cx),
            None => reset(),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.near {
            Some(near) => Pin::new(near).poll_shutdown(cx),
            None => reset(),
        }
    }
}

/// The clock of the tests, for TLS.
struct Wall(Arc<dyn Clock>);

impl rustls::time_provider::TimeProvider for Wall {
    fn current_time(&self) -> Option<rustls::pki_types::UnixTime> {
        let seconds = u64::try_from(self.0.now().utc.timestamp()).ok()?;
        Some(rustls::pki_types::UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds)))
    }
}

impl std::fmt::Debug for Wall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Wall")
    }
}
