//! Connections: accepted, secured, bounded in number and time, and ended in order.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use super::Peer;
use crate::config::Limits;

/// A connection on which nothing moves for so long ends.
const IDLE: Duration = Duration::from_secs(90);
/// The longest head of a call, in bytes.
const HEAD: usize = 32 * 1024;
/// After an accept that failed for want of files.
const BREATH: Duration = Duration::from_millis(100);

/// Tells every listener to stop. It is said once.
#[derive(Clone)]
pub struct Stop(watch::Sender<bool>);

impl Default for Stop {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Stop {
    /// Says it.
    pub fn say(&self) {
        self.0.send_replace(true);
    }

    /// Waits until it is said.
    pub async fn said(&self) {
        let mut listening = self.0.subscribe();
        // The sender lives as long as `self`.
        let _ = listening.wait_for(|said| *said).await;
    }
}

/// One listener.
pub struct Listening {
    /// What metrics call it.
    pub name: &'static str,
    /// Bound.
    pub listener: TcpListener,
    /// `None`: in the clear.
    pub tls: Option<TlsAcceptor>,
    /// What it answers.
    pub router: Router,
}

impl Listening {
    /// Answers until it is told to stop; then calls that run are finished, for as long as the limits say.
    pub async fn serve(self, limits: Limits, stop: Stop) {
        let Self { name, listener, tls, router } = self;
        let places = Arc::new(Semaphore::new(limits.connections));
        let patience = Duration::from_secs(limits.patience_seconds);
        let mut connections = JoinSet::new();
        loop {
            let place = tokio::select! {
                () = stop.said() => break,
                // The semaphore is never closed.
                place = Arc::clone(&places).acquire_owned() => place,
            };
            let accepted = tokio::select! {
                () = stop.said() => break,
                accepted = listener.accept() => accepted,
            };
            while connections.try_join_next().is_some() {}
            let (stream, address) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    if !of_one_connection(&error) {
                        tracing::warn!(listener = name, %error, "no connection could be accepted");
                        sleep(BREATH).await;
                    }
                    continue;
                }
            };
            let (tls, router, stop) = (tls.clone(), router.clone(), stop.clone());
            connections.spawn(async move {
                let _place = place;
                metrics::gauge!("vigil_connections", "listener" => name).increment(1.0);
                answer(name, stream, address, tls, router, patience, &stop).await;
                metrics::gauge!("vigil_connections", "listener" => name).decrement(1.0);
            });
        }
        drop(listener);
        let ended = timeout(Duration::from_secs(limits.stop_seconds), async {
            while connections.join_next().await.is_some() {}
        });
        if ended.await.is_err() {
            tracing::warn!(listener = name, left = connections.len(), "calls were cut off");
            connections.shutdown().await;
        }
    }
}

/// Whether an accept failed for the one connection that was accepted.
fn of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}

async fn answer(
    name: &'static str,
    stream: TcpStream,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
    router: Router,
    patience: Duration,
    stop: &Stop,
) {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_read_timeout(Some(IDLE));
    stream.set_write_timeout(Some(IDLE));
    let mut peer = Peer { address: address.ip(), certificate: None };
    let Some(tls) = tls else { return converse(Box::pin(stream), peer, router, patience, stop).await };
    match timeout(patience, tls.accept(Box::pin(stream))).await {
        Ok(Ok(stream)) => {
            let shown = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
            peer.certificate = shown.map(crate::ca::fingerprint);
            converse(stream, peer, router, patience, stop).await;
        }
        Ok(Err(error)) => {
            metrics::counter!("vigil_handshakes_refused_total", "listener" => name).increment(1);
            tracing::debug!(listener = name, %error, "a handshake was refused");
        }
        Err(_) => metrics::counter!("vigil_handshakes_refused_total", "listener" => name).increment(1),
    }
}

async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: Peer,
    router: Router,
    patience: Duration,
    stop: &Stop,
) {
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(peer.clone());
        let router = router.clone();
        async move {
            Ok::<_, Infallible>(
                router.oneshot(request.map(axum::body::Body::new)).await.unwrap_or_else(|never| match never {}),
            )
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => return note(ended),
        () = stop.said() => connection.as_mut().graceful_shutdown(),
    }
    note(connection.await);
}

fn note(ended: Result<(), hyper::Error>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
