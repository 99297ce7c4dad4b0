//! Whoever is slow, loud or large takes nothing from the others.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use vigil_model::wire::{AUDIT_ID, SEALED_BATCH};

use crate::raw::{answer, ask, call, connect, shown, status};
use crate::running::Running;
use crate::station::Station;

/// Whoever is cut off is cut off long before this.
const LONG: Duration = Duration::from_secs(60);

async fn open(server: &Running, station: &Station) -> tokio_rustls::client::TlsStream<TcpStream> {
    let identity = station.identity();
    connect(server.ports[0], &identity.anchor, Some(shown(&identity))).await.unwrap()
}

/// Writes a byte at a time until the other end has had enough; what it said.
async fn drip(mut stream: tokio_rustls::client::TlsStream<TcpStream>, bytes: &[u8]) -> String {
    let dripped = async {
        for byte in bytes.iter().cycle() {
            // A tick of the sender's, not a wait for the server.
            tokio::time::sleep(Duration::from_millis(20)).await;
            if stream.write_all(&[*byte]).await.is_err() || stream.flush().await.is_err() {
                break;
            }
            let mut first = [0];
            if let Ok(read) = timeout(Duration::from_millis(1), stream.read(&mut first)).await {
                let rest = answer(&mut stream).await.unwrap_or_default();
                return format!("{}{rest}", String::from_utf8_lossy(&first[..read.unwrap_or_default()]));
            }
        }
        String::new()
    };
    timeout(LONG, dripped).await.expect("whoever drips is cut off")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_client_is_cut_off_wherever_it_is_slow() {
    let server = Running::start("[limits]\npatience_seconds = 1\nslowest_bytes = 65536").await;
    let station = server.enrol(1).await;
    // One that says nothing, on each listener.
    for port in server.ports {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let heard = timeout(LONG, stream.read_to_end(&mut Vec::new())).await;
        assert!(heard.is_ok(), "port {port}: whoever says nothing is cut off");
    }
    // One that stops in the middle of a head, and one that never stops.
    let mut stream = open(&server, &station).await;
    stream.write_all(b"GET /v1/device HTTP/1.1\r\nhost: local").await.unwrap();
    let said = timeout(LONG, answer(&mut stream)).await.expect("half a head").unwrap_or_default();
    assert!(!said.starts_with("HTTP/1.1 200"), "{said}");
    let said = drip(open(&server, &station).await, b"x-a: b\r\n").await;
    assert!(!said.starts_with("HTTP/1.1 200"), "a head byte by byte: {said}");
    // The same with a body.
    let log = station.identity().log;
    let head = format!(
        "POST /v1/log/entries HTTP/1.1\r\nhost: localhost\r\ncontent-type: {SEALED_BATCH}\r\n{AUDIT_ID}: {log}.1\r\n\
         content-length: 4000000\r\nconnection: close\r\n\r\n"
    );
    let mut stream = open(&server, &station).await;
    stream.write_all(head.as_bytes()).await.unwrap();
    let said = timeout(LONG, answer(&mut stream)).await.expect("no body").unwrap();
    assert_eq!(status(&said), "408", "a body that does not come: {said}");
    let mut stream = open(&server, &station).await;
    stream.write_all(head.as_bytes()).await.unwrap();
    let said = drip(stream, b" ").await;
    assert_eq!(status(&said), "408", "a body byte by byte: {said}");
    // Whoever is not slow has noticed nothing.
    station.outbox.write(1_000);
    let handle = station.run();
    station.settle(&handle).await;
    handle.stop().await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn there_are_so_many_connections_and_the_next_one_waits_for_its_place() {
    let server = Running::start("[limits]\nconnections = 16\npatience_seconds = 120").await;
    let station = server.enrol(1).await;
    let mut kept = Vec::new();
    for _ in 0..16 {
        kept.push(open(&server, &station).await);
    }
    let (port, identity) = (server.ports[0], station.identity());
    let mut late = tokio::spawn(async move {
        let mut stream = connect(port, &identity.anchor, Some(shown(&identity))).await.unwrap();
        ask(&mut stream, &call("GET", "/v1/device", "", b"")).await.unwrap()
    });
    // The other listeners have places of their own: this answer comes while all of these are taken.
    let mut public = connect(server.ports[1], &station.identity().anchor, None).await.unwrap();
    let said = ask(&mut public, &call("GET", "/healthz", "", b"")).await.unwrap();
    assert_eq!(status(&said), "200", "{said}");
    assert!(timeout(Duration::from_millis(200), &mut late).await.is_err(), "every place is taken");
    drop(kept.pop());
    let said = timeout(LONG, late).await.expect("a place became free").unwrap();
    assert_eq!(status(&said), "200", "{said}");
    drop(kept);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workstation_that_calls_too_often_is_told_when_to_come_back_and_starves_nobody() {
    let server = Running::start("[limits]\ndevice_calls_per_minute = 10").await;
    let (loud, quiet) = (server.enrol(1).await, server.enrol(2).await);
    let one = async |station: &Station| {
        let mut stream = open(&server, station).await;
        ask(&mut stream, &call("GET", "/v1/device", "", b"")).await.unwrap()
    };
    let mut answers = Vec::new();
    for _ in 0..30 {
        answers.push(one(&loud).await);
    }
    let taken = answers.iter().filter(|said| status(said) == "200").count();
    let refused: Vec<_> = answers.iter().filter(|said| status(said) == "429").collect();
    assert!((10..20).contains(&taken) && taken + refused.len() == 30, "ten, and what the time gave: {taken}");
    for said in refused {
        let seconds = said.lines().find_map(|line| line.strip_prefix("retry-after: ")).unwrap();
        assert!((1..=7).contains(&seconds.parse::<u64>().unwrap()), "the next one comes in six seconds: {seconds}");
        assert!(said.contains("\"OperationOutcome\""), "{said}");
    }
    assert_eq!(status(&one(&quiet).await), "200", "the other one is answered");
    assert_eq!(
        loud.client().device().await.err().map(|why| matches!(why, vigil_sync::Failure::Busy(Some(_)))),
        Some(true),
        "its engine understands"
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let server = Running::start("").await;
    let station = server.enrol(1).await;
    let log = station.identity().log;
    let head = |path: &str, headers: &str, length: usize| {
        format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n"
        )
    };
    let batch = format!("content-type: {SEALED_BATCH}\r\n{AUDIT_ID}: {log}.1\r\n");
    let json = "content-type: application/json\r\n";
    let limits = [
        ("/v1/log/entries", batch.as_str(), 4 << 20),
        ("/v1/log/alerts", batch.as_str(), 4 << 20),
        ("/v1/device/certificate", json, 64 << 10),
    ];
    for (path, headers, most) in limits {
        let mut stream = open(&server, &station).await;
        // The head alone: the answer does not wait for a body.
        let said = ask(&mut stream, head(path, headers, most + 1).as_bytes()).await.unwrap();
        assert_eq!(status(&said), "413", "{path}: {said}");
        // One that does not say its length is counted.
        let mut stream = open(&server, &station).await;
        let begins = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ntransfer-encoding: chunked\r\n{headers}\r\n"
        );
        let chunk = [format!("{:x}\r\n", most + 1).into_bytes(), vec![b' '; most + 1]].concat();
        let said = ask(&mut stream, &[begins.into_bytes(), chunk].concat()).await.unwrap();
        assert_eq!(status(&said), "413", "{path}, in pieces: {said}");
        // What just fits is read, and found to be none.
        let mut stream = open(&server, &station).await;
        let said = ask(&mut stream, &call("POST", path, headers, &vec![b' '; most])).await.unwrap();
        assert_eq!(status(&said), "400", "{path}: {said}");
    }
    let mut public = connect(server.ports[1], &station.identity().anchor, None).await.unwrap();
    let said = ask(&mut public, head("/v1/enrolment", json, (64 << 10) + 1).as_bytes()).await.unwrap();
    assert_eq!(status(&said), "413", "{said}");
    server.stop().await;
}
