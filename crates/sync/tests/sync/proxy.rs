//! A proxy between workstation and server (`CONNECT`): it sees where the way leads, and ciphertext.

use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use vigil_sync::client::{Client, Proxy, Timeouts};
use vigil_sync::{Dial, Failure};

use crate::support::{HOST, Hospital, identity};

/// A proxy on the loopback that answers the first head with `answer`, then carries what comes to the hospital and back; the head it got.
async fn proxy(hospital: &Hospital, answer: Vec<u8>) -> (Proxy, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let net = Arc::clone(&hospital.net);
    let heard = tokio::spawn(async move {
        let (mut near, _) = listener.accept().await.unwrap();
        let head = head(&mut near).await;
        near.write_all(&answer).await.unwrap();
        let mut far = net.dial(HOST, 8443).await.unwrap();
        // Whoever hangs up first ends it.
        let _ = copy_bidirectional(&mut near, &mut far).await;
        head
    });
    (Proxy { host: "127.0.0.1".to_owned(), port }, heard)
}

async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

fn client(hospital: &Hospital, proxy: Proxy) -> Client {
    Client::of(&identity(&hospital.pki), Arc::new(proxy), Arc::clone(&hospital.clock), Timeouts::MAIN).unwrap()
}

#[tokio::test]
async fn calls_go_through_a_proxy_that_reads_nothing() {
    for answer in [
        "HTTP/1.1 200 Connection established\r\n\r\n",
        "HTTP/1.0 200 OK\r\nProxy-Agent: x\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
    ] {
        let hospital = Hospital::new(0);
        let (proxy, heard) = proxy(&hospital, answer.into()).await;
        let mut client = client(&hospital, proxy);
        assert!(client.device().await.is_ok(), "after {answer:?}");
        drop(client);
        let head = heard.await.unwrap();
        assert_eq!(head, format!("CONNECT {HOST}:8443 HTTP/1.1\r\nHost: {HOST}:8443\r\n\r\n"), "the way, no more");
        let moved = String::from_utf8_lossy(&hospital.net.moved().up).into_owned();
        assert!(!moved.is_empty() && !moved.contains("/v1/device"), "the proxy carried ciphertext");
    }
}

#[tokio::test]
async fn a_proxy_that_refuses_or_babbles_is_no_way_to_the_server() {
    let endless = [b"HTTP/1.1 200 OK\r\n".as_slice(), &[b'x'; 20_000]].concat();
    let answers = [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n".to_vec(), Failure::Proxy(407)),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n".to_vec(), Failure::Proxy(502)),
        (b"HTTP/1.1 2000 OK\r\n\r\n".to_vec(), Failure::Unreachable),
        (b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n".to_vec(), Failure::Proxy(302)),
        (b"SSH-2.0-OpenSSH\r\n\r\n".to_vec(), Failure::Unreachable),
        (endless, Failure::Unreachable),
    ];
    for (answer, why) in answers {
        let hospital = Hospital::new(0);
        let (proxy, _heard) = proxy(&hospital, answer.clone()).await;
        let failed = client(&hospital, proxy).device().await.err();
        assert_eq!(failed, Some(why), "{:.40}", String::from_utf8_lossy(&answer));
        assert_eq!(hospital.server.calls("/v1/device"), 0, "nothing was asked");
    }
}

#[tokio::test]
async fn where_no_proxy_listens_there_is_no_way_around_it() {
    let hospital = Hospital::new(0);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let failed = client(&hospital, Proxy { host: "127.0.0.1".to_owned(), port }).device().await.err();
    assert_eq!(failed, Some(Failure::Unreachable), "the proxy is not there");
    assert_eq!(hospital.net.dialled(), 0, "and nobody else was called");
}
