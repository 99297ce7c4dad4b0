//! Somebody who has the keys of both authorities sits between workstation and server, and reads along: what a batch carries is
//! ciphertext all the same.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::sync::{Arc, Mutex};

use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD, Engine as _};
use chrono::Utc;
use memchr::memmem;
use rustls::pki_types::ServerName;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex, split};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, TlsConnector};
use vigil_audit::AuditEvent;
use vigil_model::PatientId;
use vigil_server::ca::ServerCertificate;
use vigil_server::http::for_workstations;
use vigil_sync::client::{Boxed, Stream};
use vigil_sync::{Dial, Outbox as _};

use crate::raw::{connector, shown};
use crate::running::Running;
use crate::station::Station;

/// The reader.
pub(crate) struct Reader {
    acceptor: TlsAcceptor,
    upstream: TlsConnector,
    port: u16,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Reader {
    /// Between this workstation and its server.
    pub(crate) fn between(server: &Running, station: &Station) -> Self {
        let keyring = &server.installation().keyring;
        let (key, _) = keyring.server_authority.for_server(&["localhost".to_owned()], Utc::now()).unwrap();
        let authorities = keyring.device_authorities.iter().map(vigil_server::ca::Authority::certificate);
        let acceptor = for_workstations(ServerCertificate::new(key), authorities, server.time.of_server()).unwrap();
        let identity = station.identity();
        let upstream = connector(&identity.anchor, Some(shown(&identity)));
        Self { acceptor, upstream, port: server.ports[0], heard: Arc::default() }
    }

    /// Everything that the workstation said.
    pub(crate) fn heard(&self) -> Vec<u8> {
        self.heard.lock().unwrap().clone()
    }
}

impl Dial for Reader {
    fn dial<'a>(&'a self, _host: &'a str, _port: u16) -> Boxed<'a> {
        let (near, far) = duplex(64 * 1024);
        let (acceptor, upstream, heard, port) =
            (self.acceptor.clone(), self.upstream.clone(), Arc::clone(&self.heard), self.port);
        tokio::spawn(async move {
            let near = acceptor.accept(far).await.unwrap();
            let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let server = upstream.connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap();
            let ((mut said, mut back), (mut answered, mut on)) = (split(near), split(server));
            let up = async move {
                let mut part = vec![0; 16 * 1024];
                while let Ok(length @ 1..) = said.read(&mut part).await {
                    heard.lock().unwrap().extend_from_slice(&part[..length]);
                    on.write_all(&part[..length]).await.unwrap();
                    on.flush().await.unwrap();
                }
            };
            let down = tokio::io::copy(&mut answered, &mut back);
            tokio::select! {
                () = up => {}
                _ = down => {}
            }
        });
        Box::pin(async move { Ok(Box::new(near) as Box<dyn Stream>) })
    }
}

/// The bodies of what was heard, by the length that each head names: path and body.
pub(crate) fn bodies(heard: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut rest = heard;
    let mut found = Vec::new();
    while let Some(end) = memmem::find(rest, b"\r\n\r\n") {
        let head = String::from_utf8(rest[..end].to_vec()).unwrap();
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
        let (body, after) = rest[end + 4..].split_at(length);
        found.push((head.split(' ').nth(1).unwrap().to_owned(), body.to_vec()));
        rest = after;
    }
    found
}

/// The words of `wanted` that are in `bytes`: as they are, or behind base64, hex or compression, one in the other.
fn leaked(bytes: &[u8], wanted: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut layers = vec![(bytes.to_vec(), 0)];
    while let Some((layer, depth)) = layers.pop() {
        found.extend(wanted.iter().filter(|word| memmem::find(&layer, word.as_bytes()).is_some()).cloned());
        if depth == 4 {
            continue;
        }
        let deeper = strings(&layer).into_iter().flat_map(|text| decoded(&text)).chain(inflated(&layer));
        layers.extend(deeper.map(|layer| (layer, depth + 1)));
    }
    found
}

/// What may be text in another coding: the strings of JSON, or all of it.
fn strings(bytes: &[u8]) -> Vec<String> {
    fn walk(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) => found.push(text.clone()),
            Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
            Value::Object(members) => members.values().for_each(|member| walk(member, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut found = Vec::new();
    match (serde_json::from_slice(bytes), std::str::from_utf8(bytes)) {
        (Ok(value), _) => walk(&value, &mut found),
        (Err(_), Ok(text)) => found.push(text.to_owned()),
        (Err(_), Err(_)) => {}
    }
    found
}

fn decoded(text: &str) -> Vec<Vec<u8>> {
    let text = text.trim();
    let coded =
        [BASE64_STANDARD.decode(text), BASE64_STANDARD_NO_PAD.decode(text), BASE64_URL_SAFE_NO_PAD.decode(text)];
    coded.into_iter().flatten().chain(hex::decode(text)).collect()
}

/// With the dictionary of sealed entries, without one, and by the older formats.
fn inflated(bytes: &[u8]) -> Vec<Vec<u8>> {
    const MOST: u64 = 1024 * 1024;
    let dictionary: &[u8] = include_bytes!("../../../audit/src/sealed.dictionary");
    let read = |reader: &mut dyn std::io::Read| {
        let mut plain = Vec::new();
        // What is cut off in the middle tells as much as it tells.
        let _ = reader.take(MOST).read_to_end(&mut plain);
        Some(plain).filter(|plain| !plain.is_empty())
    };
    let with = zstd::stream::read::Decoder::with_dictionary(bytes, dictionary).ok();
    let without = zstd::stream::read::Decoder::new(bytes).ok();
    let zlib = read(&mut flate2::read::ZlibDecoder::new(bytes));
    let deflate = read(&mut flate2::read::DeflateDecoder::new(bytes));
    let gzip = read(&mut flate2::read::GzDecoder::new(bytes));
    let all =
        [with.and_then(|mut zstd| read(&mut zstd)), without.and_then(|mut zstd| read(&mut zstd)), zlib, deflate, gzip];
    all.into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_was_captured_with_the_authority_trusted_is_ciphertext() {
    let server = Running::start("").await;
    let mut station = server.enrol(1).await;
    station.outbox.write(200);
    let marked = PatientId::parse("patient-of-this-test-4711").unwrap();
    station.outbox.change(|event, beside| {
        event.patient = Some(marked.clone());
        beside.listed = vec![(1, marked.clone())];
    });
    let written = station.outbox.station().entries[0].0.clone();
    let event = AuditEvent::parse(&written).unwrap();
    let (user, role) = event.agent.user().unwrap();
    let wanted = [marked.as_str(), &user.to_string(), &event.interaction, role.code()].map(str::to_owned);

    // The same search finds each of them, wherever it hides, in what was not sealed.
    let mut zstd =
        zstd::bulk::Compressor::with_dictionary(1, include_bytes!("../../../audit/src/sealed.dictionary")).unwrap();
    let packed = zstd.compress(&written).unwrap();
    for (how, hidden) in [
        ("raw", written.clone()),
        ("base64", BASE64_STANDARD.encode(&written).into_bytes()),
        ("hex", hex::encode(&written).into_bytes()),
        ("compressed", packed.clone()),
        ("compressed, in base64, in JSON", serde_json::to_vec(&[BASE64_STANDARD.encode(&packed)]).unwrap()),
    ] {
        assert_eq!(leaked(&hidden, &wanted), BTreeSet::from(wanted.clone()), "{how}");
    }

    let reader = Arc::new(Reader::between(&server, &station));
    station.dial = reader.clone();
    let handle = station.run();
    station.settle(&handle).await;
    handle.stop().await;
    let urgent = station.outbox.write_urgent();
    let alerts = station.outbox.urgent(1).unwrap().unwrap();
    station.client().alert(station.identity().log, &alerts).await.unwrap();
    assert_eq!(urgent, 201, "an urgent one too");
    let heard = reader.heard();
    let bodies = bodies(&heard);
    for path in ["/v1/log/entries", "/v1/log/alerts"] {
        let (_, body) = bodies.iter().find(|(at, _)| at == path).unwrap();
        assert_eq!(leaked(body, &wanted), BTreeSet::new(), "{path}: {} bytes", body.len());
    }
    // Nor do heads and paths say anything of it.
    assert_eq!(leaked(&heard, &wanted), BTreeSet::new(), "all that was said");
    server.stop().await;
}
