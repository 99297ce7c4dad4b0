//! The server as a newcomer starts it: with a folder and nothing else.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::path::Path;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use vigil_server::clock::Clock;
use vigil_server::config::Config;
use vigil_server::http::Stop;
use vigil_server::installation::Installation;
use vigil_server::server::{Bound, Server};

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_any_setup_is_ready_and_stops_when_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let here = "\"127.0.0.1:0\"";
    let data = folder.path().join("data");
    let text =
        format!("[server]\ndata = {data:?}\n[listen]\nworkstations = {here}\npublic = {here}\noperation = {here}\n");
    let config = Config::parse(&text, Path::new("test.toml")).unwrap();
    let installation = Installation::open(config, Clock::system()).await.unwrap();
    let bound = Bound::to(&installation.config.listen).await.unwrap();
    let [.., operation] = bound.addresses().unwrap();
    let server = Server::new(installation, "https://localhost:8443".to_owned()).unwrap();
    let (stop, (tell, told)) = (Stop::default(), tokio::sync::oneshot::channel());
    let serving = tokio::spawn(server.serve(bound, stop.clone(), move || tell.send(()).unwrap()));
    told.await.unwrap();

    let mut stream = TcpStream::connect(operation).await.unwrap();
    stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "database, master key, disk and clock: {answer}");
    stop.say();
    serving.await.unwrap().unwrap();
}
