//! A gateway over HTTPS that keeps what it is sent, answers as it is told to, and can be killed with everything that it is doing.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response};
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpSocket;
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

use super::authority::Files;

/// A call as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Call {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// What a gateway does with a call. Nothing said: it takes it.
#[derive(Clone, Debug)]
pub(crate) enum Then {
    Take,
    /// Breaks the connection before it has kept anything.
    DieBefore,
    /// Keeps the call and breaks the connection: nobody hears that it has it.
    DieAfter,
    /// Refuses with a status and headers.
    Refuse(u16, Vec<(&'static str, String)>),
    /// Takes it and answers with more than anybody reads.
    TalkForEver,
}

/// How a gateway answers a call that it takes: status and body.
pub(crate) type Answer = fn(&Call) -> (u16, String);

/// What survives being killed.
pub(crate) struct Kept {
    pub(crate) calls: Mutex<Vec<Call>>,
    then: Mutex<VecDeque<Then>>,
    answer: Answer,
}

pub(crate) struct Gateway {
    pub(crate) kept: Arc<Kept>,
    port: u16,
    tls: Option<Arc<ServerConfig>>,
    running: Mutex<Option<Runtime>>,
}

impl Gateway {
    /// A gateway with this certificate; without one it speaks plain HTTP.
    pub(crate) fn start(files: Option<&Files>, answer: Answer) -> Self {
        let tls = files.map(|files| {
            let chain = CertificateDer::pem_file_iter(&files.certificate).unwrap().map(Result::unwrap).collect();
            let key = PrivateKeyDer::from_pem_file(&files.key).unwrap();
            let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
            let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
            Arc::new(builder.with_no_client_auth().with_single_cert(chain, key).unwrap())
        });
        let kept = Kept { calls: Mutex::default(), then: Mutex::default(), answer };
        let gateway = Self { kept: Arc::new(kept), port: super::process::free_port(), tls, running: Mutex::default() };
        gateway.run();
        gateway
    }

    pub(crate) fn url(&self, path: &str) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn then(&self, then: Then) {
        self.kept.then.lock().unwrap().push_back(then);
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.kept.calls.lock().unwrap().clone()
    }

    /// Starts it on the same port as before.
    pub(crate) fn run(&self) {
        // Its runtime waits, and none may wait within another: a thread of its own does.
        std::thread::scope(|scope| scope.spawn(|| self.run_alone()).join().unwrap());
    }

    fn run_alone(&self) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let listener = runtime.block_on(async {
            loop {
                let socket = TcpSocket::new_v4().unwrap();
                socket.set_reuseaddr(true).unwrap();
                match socket.bind(address).and_then(|()| socket.listen(64)) {
                    Ok(listener) => return listener,
                    // The one before is still being ended.
                    Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                    Err(error) => panic!("{error}"),
                }
            }
        });
        let (kept, tls) = (Arc::clone(&self.kept), self.tls.clone());
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, tls) = (Arc::clone(&kept), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(TokioIo::new(stream), kept).await,
                        Some(tls) => {
                            if let Ok(stream) = TlsAcceptor::from(tls).accept(stream).await {
                                serve(TokioIo::new(stream), kept).await;
                            }
                        }
                    }
                });
            }
        });
        *self.running.lock().unwrap() = Some(runtime);
    }

    /// Ends it in the middle of whatever it does: every connection breaks.
    pub(crate) fn kill(&self) {
        if let Some(runtime) = self.running.lock().unwrap().take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn serve<S>(stream: TokioIo<S>, kept: Arc<Kept>)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request| take(request, Arc::clone(&kept)));
    // A connection that breaks is what many tests are about.
    let _ = http1::Builder::new().serve_connection(stream, service).await;
}

async fn take(request: Request<Incoming>, kept: Arc<Kept>) -> Result<Response<Full<Bytes>>, io::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let path = head.uri.path_and_query().unwrap().to_string();
    let call = Call {
        method: head.method.to_string(),
        path,
        headers: head.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    let then = kept.then.lock().unwrap().pop_front().unwrap_or(Then::Take);
    let (status, answer) = (kept.answer)(&call);
    let keep = || kept.calls.lock().unwrap().push(call.clone());
    let build = |status: u16, headers: Vec<(&'static str, String)>, body: String| {
        let mut builder = Response::builder().status(status);
        for (name, value) in headers {
            builder = builder.header(name, value);
        }
        builder.body(Full::new(Bytes::from(body))).unwrap()
    };
    match then {
        Then::Take => {
            // Only what is good is kept: a refusal (of a wrong signature, say) is none.
            if status < 300 {
                keep();
            }
            Ok(build(status, vec![], answer))
        }
        Then::DieBefore => Err(io::Error::other("killed")),
        Then::DieAfter => {
            keep();
            Err(io::Error::other("killed"))
        }
        // What it says about it would leak what it was sent, were it repeated.
        Then::Refuse(status, headers) => Ok(build(status, headers, format!("{:?} {}", call.headers, call.body))),
        Then::TalkForEver => {
            keep();
            Ok(build(status, vec![], "x".repeat(1024 * 1024)))
        }
    }
}

/// Kills a gateway and starts it again, as long as work goes on.
pub(crate) async fn while_killed<T>(gateway: &Gateway, work: impl Future<Output = T>) -> T {
    let kills = async {
        for round in 0_u64.. {
            tokio::time::sleep(Duration::from_millis(60 + round * 37 % 90)).await;
            gateway.kill();
            tokio::time::sleep(Duration::from_millis(30 + round * 53 % 60)).await;
            gateway.run();
        }
        std::future::pending::<Infallible>().await
    };
    tokio::select! {
        done = work => done,
        never = kills => match never {},
    }
}
