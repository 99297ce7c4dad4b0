//! What idle workstations cost the server in memory: a process of its own, each workstation enrolled, with a certificate of its own.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use chrono::TimeDelta;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio_rustls::TlsConnector;
use vigil_audit::TextSigner;
use vigil_model::DeviceId;
use vigil_server::clock::Clock;
use vigil_server::config::Config;
use vigil_server::enrolment::make_token;
use vigil_server::installation::Installation;

use crate::report::Report;

const WORKSTATIONS: usize = 1_000;

type Calling = SendRequest<Full<Bytes>>;

pub(crate) async fn measure(report: &mut Report) {
    let folder = tempfile::tempdir().unwrap();
    let (config, ports) = configured(folder.path());
    let server = started(&config).await;
    let installation =
        Installation::open(Config::load(Some(config.as_path()), []).unwrap(), Clock::system()).await.unwrap();
    let anchor = installation.keyring.server_authority.certificate().clone();
    let mut identities = Vec::new();
    for _ in 0..WORKSTATIONS {
        identities.push(enrolled(&installation, &anchor, ports[1]).await);
    }
    let before = resident(&server);
    let mut after = Vec::new();
    for _ in 0..2 {
        let mut calling = Vec::new();
        for identity in &identities {
            let mut call = connected(ports[0], &anchor, Some(identity)).await;
            let (status, _) = called(&mut call, "GET", "/v1/device", "").await;
            assert_eq!(status, 200);
            calling.push(call);
        }
        after.push(resident(&server));
        assert!(calling.iter().all(|call| !call.is_closed()), "all are connected at once");
    }
    let each = |after: u64| after.saturating_sub(before) as f64 * 1024.0 / WORKSTATIONS as f64;
    report.note("memory of the server before, MiB", before as f64 / 1024.0, "");
    report.note(&format!("the same, {WORKSTATIONS} workstations connected, MiB"), after[0] as f64 / 1024.0, "bounded");
    report.note("bytes a connection", each(after[0]), "");
    report.note("bytes a connection, all connected anew", each(after[1]), "the same");
}

/// A configuration, and the ports of workstations, of everybody else and of operation.
fn configured(folder: &Path) -> (std::path::PathBuf, [u16; 3]) {
    // Held at once, so that none comes twice.
    let held = [(); 3].map(|()| std::net::TcpListener::bind("127.0.0.1:0").unwrap());
    let ports = held.map(|listener| listener.local_addr().unwrap().port());
    let [workstations, public, operation] = ports.map(|port| format!("\"127.0.0.1:{port}\""));
    let config = folder.join("server.toml");
    let text = format!(
        "[server]\ndata = {:?}\nnames = [\"localhost\"]\n[listen]\nworkstations = {workstations}\npublic = {public}\n\
         operation = {operation}\n[limits]\naddress_calls_per_minute = 100000\npatience_seconds = 120\n",
        folder.join("data")
    );
    std::fs::write(&config, text).unwrap();
    (config, ports)
}

async fn started(config: &Path) -> Child {
    let mut server = Command::new(env!("CARGO_BIN_EXE_vigil-server"))
        .arg("--config")
        .arg(config)
        .arg("serve")
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stderr.take().unwrap()).lines();
    loop {
        let line = lines.next_line().await.unwrap().expect("it says that it answers");
        if line.contains("the server answers") {
            break;
        }
    }
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    server
}

/// Resident memory, in KiB.
fn resident(server: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id().unwrap())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// A certificate's chain and its private key.
struct Identity {
    chain: String,
    key: Vec<u8>,
}

async fn enrolled(installation: &Installation, anchor: &CertificateDer<'static>, public: u16) -> Identity {
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
    let (_, token) = make_token(installation, "https://localhost", anchor, TimeDelta::hours(1)).await.unwrap();
    let token = BASE64_URL_SAFE_NO_PAD.decode(token.strip_prefix("vigil1.").unwrap()).unwrap();
    let token: Value = serde_json::from_slice(&token).unwrap();
    let log = DeviceId::from_uuid(uuid::Uuid::now_v7());
    let (name, signing) = (format!("vigil/{log}"), ed25519_dalek::SigningKey::from_bytes(&[3; 32]));
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let csr = CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
    let said = format!("{log}\n{}", hex::encode(Sha256::digest(csr.as_bytes())));
    let request = json!({
        "secret": token["secret"],
        "log": log,
        "verifier_key": TextSigner::vkey(&name, &signing),
        "csr": csr,
        "proof": TextSigner::new(&name, &signing).unwrap().sign("vigil/enrolment", &said).unwrap(),
        "host": "ward",
        "version": "0.1.0",
        "time": chrono::Utc::now().to_rfc3339(),
    });
    let mut call = connected(public, anchor, None).await;
    let (status, answer) = called(&mut call, "POST", "/v1/enrolment", &request.to_string()).await;
    assert_eq!(status, 200, "{answer}");
    Identity { chain: answer["certificate"]["chain"].as_str().unwrap().to_owned(), key: key.serialize_der() }
}

async fn connected(port: u16, anchor: &CertificateDer<'static>, identity: Option<&Identity>) -> Calling {
    let mut roots = RootCertStore::empty();
    roots.add(anchor.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(roots);
    let config = match identity {
        Some(Identity { chain, key }) => {
            let chain = CertificateDer::pem_slice_iter(chain.as_bytes()).map(Result::unwrap).collect();
            let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.clone()));
            config.with_client_auth_cert(chain, key).unwrap()
        }
        None => config.with_no_client_auth(),
    };
    let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect("localhost".try_into().unwrap(), stream).await.unwrap();
    let (calling, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    calling
}

async fn called(call: &mut Calling, method: &str, path: &str, body: &str) -> (u16, Value) {
    let request = hyper::Request::builder().method(method).uri(path).header("host", "localhost");
    let request = request.header("content-type", "application/json");
    let answer = call.send_request(request.body(Full::new(Bytes::from(body.to_owned()))).unwrap()).await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}
