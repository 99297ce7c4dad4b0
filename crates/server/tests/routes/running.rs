//! A server that runs, and workstations that enrolled with it.

use std::net::SocketAddr;
use std::path::Path;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use chrono::{TimeDelta, Utc};
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::pki_types::CertificateDer;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::task::JoinHandle;
use vigil_audit::{SealPublicKey, TextSigner};
use vigil_server::clock::Clock;
use vigil_server::config::Config;
use vigil_server::http::Stop;
use vigil_server::installation::Installation;
use vigil_server::oauth::add_client;
use vigil_server::server::{Bound, Server, ServerError};

use crate::https::Https;
use crate::support::workstation::Workstation;

/// The header that names the caller's audit entry.
pub(crate) const AUDIT: (&str, &str) = ("x-hipaa-audit-id", "01900000-0000-7000-8000-0000000000aa");
/// The same of the workstation with number 1, which names an entry of its own log.
pub(crate) const OF_FIRST: (&str, &str) = ("x-hipaa-audit-id", "01900000-0000-7000-8000-000000000001.1");

pub(crate) struct Running {
    pub(crate) server: Server,
    /// Workstations, public, operation.
    pub(crate) addresses: [SocketAddr; 3],
    _folder: tempfile::TempDir,
    stop: Stop,
    serving: JoinHandle<Result<(), ServerError>>,
}

/// An installation in a new folder. `more`: further sections of its configuration.
pub(crate) async fn installation(more: &str) -> (Installation, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let here = "\"127.0.0.1:0\"";
    let text = format!(
        "[server]\ndata = {data:?}\nnames = [\"localhost\"]\n[listen]\nworkstations = {here}\npublic = {here}\n\
         operation = {here}\n[limits]\naddress_calls_per_minute = 100000\ndevice_calls_per_minute = 100000\n{more}"
    );
    let config = Config::parse(&text, Path::new("test.toml")).unwrap();
    (Installation::open(config, Clock::system()).await.unwrap(), folder)
}

impl Running {
    pub(crate) async fn start() -> Self {
        let (installation, folder) = installation("").await;
        Self::of(installation, folder).await
    }

    pub(crate) async fn of(installation: Installation, folder: tempfile::TempDir) -> Self {
        let bound = Bound::to(&installation.config.listen).await.unwrap();
        let addresses = bound.addresses().unwrap();
        let server = Server::new(installation, format!("https://localhost:{}", addresses[0].port())).unwrap();
        let (stop, (tell, told)) = (Stop::default(), tokio::sync::oneshot::channel());
        let serving = tokio::spawn(server.clone().serve(bound, stop.clone(), move || tell.send(()).unwrap()));
        told.await.unwrap();
        Self { server, addresses, _folder: folder, stop, serving }
    }

    pub(crate) fn installation(&self) -> &Installation {
        self.server.installation()
    }

    pub(crate) fn anchor(&self) -> CertificateDer<'static> {
        self.installation().keyring.server_authority.certificate().clone()
    }

    /// Somebody without a certificate.
    pub(crate) fn stranger(&self) -> Https {
        Https::to(self.addresses[1], &self.anchor(), None)
    }

    /// A workstation that enrols, and how it calls.
    pub(crate) async fn enrol(&self, number: u8) -> (Workstation, Https) {
        let authority = self.anchor();
        let token =
            vigil_server::enrolment::make_token(self.installation(), "https://x", &authority, TimeDelta::hours(1));
        let (_, token) = token.await.unwrap();
        let token = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(token.strip_prefix("vigil1.").unwrap()).unwrap();
        let token: Value = serde_json::from_slice(&token).unwrap();
        let seal = SealPublicKey::from_bytes(self.installation().keyring.seal_key.public.as_ref()).unwrap();
        let workstation = Workstation::new(number, &seal);
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let csr = CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
        let signer = TextSigner::new(&format!("vigil/{}", workstation.log), &workstation.key).unwrap();
        let said = format!("{}\n{}", workstation.log, hex::encode(Sha256::digest(csr.as_bytes())));
        let request = json!({
            "secret": token["secret"],
            "log": workstation.log,
            "verifier_key": workstation.verifier_key(),
            "csr": csr,
            "proof": signer.sign("vigil/enrolment", &said).unwrap(),
            "host": format!("ward-{number}"),
            "version": "0.1.0",
            "time": Utc::now().to_rfc3339(),
        });
        let json = [("content-type", "application/json")];
        let answer = self.stranger().post("/v1/enrolment", &json, request.to_string()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let chain = answer.json()["certificate"]["chain"].as_str().unwrap().to_owned();
        let https = Https::to(self.addresses[0], &self.anchor(), Some((&chain, key.serialize_der())));
        (workstation, https)
    }

    /// Writes so many entries on a workstation and brings them in.
    pub(crate) async fn bring(&self, workstation: &mut Workstation, https: &Https, count: usize) {
        let from = workstation.len() + 1;
        workstation.write(count);
        let batch = workstation.batch(from, workstation.len());
        let audit_id = format!("{}.{}", workstation.log, workstation.len());
        let headers = [(AUDIT.0, audit_id.as_str()), ("content-type", vigil_model::wire::SEALED_BATCH)];
        let answer = https.post("/v1/log/entries", &headers, serde_json::to_vec(&batch).unwrap()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    /// Another system: its id, and what it writes into `authorization`.
    pub(crate) async fn client(&self) -> (String, String) {
        let (client, secret) = add_client(self.installation(), "desk").await.unwrap();
        let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{}", client.id, *secret)));
        let form = [("content-type", "application/x-www-form-urlencoded"), ("authorization", basic.as_str())];
        let answer = self.stranger().post("/oauth2/token", &form, "grant_type=client_credentials").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        (client.id, format!("Bearer {}", answer.json()["access_token"].as_str().unwrap()))
    }

    /// The newest entries of the server's own log, newest first: interaction and reason.
    pub(crate) async fn own_log(&self) -> Vec<(String, String)> {
        let keys = &self.installation().keyring.keys;
        let searcher = vigil_server::search::Searcher {
            agent: vigil_audit::Agent::Operator,
            address: None,
            request: None,
            strict: true,
            log: Some(keys.own_log()),
            base: String::new(),
        };
        let found = vigil_server::search::search(&self.installation().store, keys, &searcher, &[], Utc::now()).await;
        let found = found.unwrap();
        let entries = found["entry"].as_array().unwrap().iter().map(|entry| entry["resource"].clone());
        entries.map(|event| (event["subtype"].to_string(), event.to_string())).collect()
    }

    pub(crate) async fn stop(self) {
        self.stop.say();
        self.serving.await.unwrap().unwrap();
    }
}
