//! Who is refused in the handshake, and who right after it. Beside each stands one who is not.

use std::process::{Command, Stdio};
use std::sync::Arc;

use chrono::Utc;
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::AlertDescription;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject as _};
use vigil_model::DeviceId;
use vigil_server::ca::{Authority, SigningRequest};
use vigil_sync::client::{Boxed, Stream};
use vigil_sync::{Dial, Distrust, Failure, Identity, Link};

use crate::raw::{Shown, greet, shown};
use crate::running::Running;
use crate::station::until;

/// A certificate that this authority issues to a workstation at this time.
fn issued(authority: &Authority, enrolment: DeviceId, at: chrono::DateTime<Utc>) -> Shown {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let csr = CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
    let issued = authority.issue(&SigningRequest::read(&csr).unwrap(), enrolment, at).unwrap();
    let chain = CertificateDer::pem_slice_iter(issued.chain.as_bytes()).map(Result::unwrap).collect();
    (chain, PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der())))
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_that_are_not_of_the_fleet_end_the_handshake() {
    let server = Running::start("").await;
    let station = server.enrol(1).await;
    let (port, identity) = (server.ports[0], station.identity());
    let greet = |shown| greet(port, &identity.anchor, shown);
    let good = || Some(shown(&identity));
    assert_eq!(greet(good()).await, Ok("200".to_owned()), "the workstation itself");

    assert_eq!(greet(None).await, Err(AlertDescription::CertificateRequired), "no certificate");
    let keyring = &server.installation().keyring;
    let own = keyring.device_authority().unwrap();
    let of = |authority: &Authority| issued(authority, station.enrolment, Utc::now());
    let stranger = Authority::make("Strangers", Utc::now()).unwrap();
    assert_eq!(greet(Some(of(&stranger))).await, Err(AlertDescription::UnknownCA), "another authority");
    let impostor = Authority::make("Vigil workstations", Utc::now()).unwrap();
    let refused = greet(Some(of(&impostor))).await.unwrap_err();
    let known = [AlertDescription::UnknownCA, AlertDescription::DecryptError, AlertDescription::BadCertificate];
    assert!(known.contains(&refused), "another authority of the same name: {refused:?}");
    let other = Running::start("").await;
    let theirs = other.enrol(1).await;
    let refused = greet(Some(shown(&theirs.identity()))).await.unwrap_err();
    assert!(known.contains(&refused), "a workstation of another fleet: {refused:?}");
    let refused = greet(Some(of(&keyring.server_authority))).await.unwrap_err();
    assert!(known.contains(&refused), "the authority for the server makes no workstations: {refused:?}");

    assert_eq!(greet(Some(of(own))).await, Ok("403".to_owned()), "one that nobody enrolled is nobody");

    server.time.pass(89);
    assert_eq!(greet(good()).await, Ok("200".to_owned()), "until it ends");
    server.time.pass(2);
    assert_eq!(greet(good()).await, Err(AlertDescription::CertificateExpired), "and not after");
    server.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_the_one_gets_nothing() {
    let (server, other) = (Running::start("").await, Running::start("").await);
    let station = server.enrol(1).await;
    let asked = |identity: Identity| {
        let client = station.client_of(&identity);
        async { client.unwrap().device().await.map(drop) }
    };
    let at = |host: &str, port: u16| Identity { server: format!("https://{host}:{port}"), ..station.identity() };
    assert_eq!(asked(at("localhost", server.ports[0])).await, Ok(()), "the server, by its name");
    assert_eq!(asked(at("127.0.0.1", server.ports[0])).await, Ok(()), "and by its address");
    let wrong = asked(at("localhost", other.ports[0])).await;
    assert_eq!(wrong, Err(Failure::Untrusted(Distrust::Issuer)), "another server");
    let public = asked(at("localhost", server.ports[1])).await;
    assert_eq!(public, Err(Failure::Untrusted(Distrust::Protocol)), "the listener that asks for no certificate");

    // Somebody answers names falsely.
    let misled: Arc<dyn Dial> = Arc::new(To(server.ports[0]));
    let (clock, timeouts) = (Arc::clone(&station.clock), vigil_sync::Timeouts::MAIN);
    let identity = at("vigil.elsewhere.example", server.ports[0]);
    let mut client = vigil_sync::Client::of(&identity, misled, clock, timeouts).unwrap();
    assert_eq!(client.device().await.err(), Some(Failure::Untrusted(Distrust::Host)), "another host");

    server.time.pass(31);
    let late = asked(at("localhost", server.ports[0])).await;
    assert_eq!(late, Err(Failure::Untrusted(Distrust::Time)), "a certificate of the server that has ended");
    server.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workstation_that_is_revoked_is_out_on_the_connection_that_it_has() {
    let server = Running::start("[limits]\ndevice_calls_per_minute = 100_000").await;
    let (station, neighbour) = (server.enrol(1).await, server.enrol(2).await);
    let dialled = Arc::new(Counted::default());
    let client = |station: &crate::station::Station| {
        let dial: Arc<dyn Dial> = Arc::<Counted>::clone(&dialled);
        let clock = Arc::clone(&station.clock);
        vigil_sync::Client::of(&station.identity(), dial, clock, vigil_sync::Timeouts::MAIN).unwrap()
    };
    let (mut revoked, mut other) = (client(&station), client(&neighbour));
    assert!(revoked.device().await.is_ok() && other.device().await.is_ok(), "both are of the fleet");
    let handle = station.run();
    station.settle(&handle).await;

    let mut tx = server.installation().store.begin().await.unwrap();
    assert!(vigil_server::store::Device::revoke(&mut tx, station.enrolment, 1).await.unwrap(), "revoked");
    tx.commit().await.unwrap();
    // Answers of the database hold for two seconds.
    let refused = async { while revoked.device().await.is_ok() {} };
    tokio::time::timeout(std::time::Duration::from_secs(30), refused).await.expect("it is refused in the end");
    assert_eq!(revoked.device().await.err(), Some(Failure::Identity), "refused");
    assert!(other.device().await.is_ok(), "the other one goes on");
    assert_eq!(dialled.0.load(std::sync::atomic::Ordering::Relaxed), 2, "on the connections that stood");
    handle.wake();
    until(&handle, |state| state.link == Link::Refused { why: Failure::Identity }).await;
    handle.stop().await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_older_than_tls_1_3_is_refused_on_both_listeners() {
    let server = Running::start("").await;
    for port in [server.ports[0], server.ports[1]] {
        let (new, old) = (openssl(port, "-tls1_3"), openssl(port, "-tls1_2"));
        assert!(new.contains("TLSv1.3, Cipher is TLS_"), "TLS 1.3: {new}");
        assert!(old.contains("alert protocol version"), "TLS 1.2: {old}");
        assert!(old.contains("Cipher is (NONE)"), "nothing was agreed on: {old}");
    }
    server.stop().await;
}

/// What the tool of other people says of a handshake with this version.
fn openssl(port: u16, version: &str) -> String {
    let answer = Command::new("openssl")
        .args(["s_client", "-connect", &format!("127.0.0.1:{port}"), version])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    [answer.stdout, answer.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat()
}

/// Leads to this port of the loopback, whoever is asked for.
struct To(u16);

impl Dial for To {
    fn dial<'a>(&'a self, _host: &'a str, _port: u16) -> Boxed<'a> {
        Box::pin(async {
            Ok(Box::new(tokio::net::TcpStream::connect(("127.0.0.1", self.0)).await?) as Box<dyn Stream>)
        })
    }
}

/// Counts the connections.
#[derive(Default)]
struct Counted(std::sync::atomic::AtomicUsize);

impl Dial for Counted {
    fn dial<'a>(&'a self, host: &'a str, port: u16) -> Boxed<'a> {
        self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        vigil_sync::Direct.dial(host, port)
    }
}
