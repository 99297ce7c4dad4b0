//! A small honest server: opens, chains, compares, cosigns. Faults make it hostile, one call each.

mod drip;
pub(crate) mod enrolment;
mod intake;
mod sign_in;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use http_body_util::BodyExt as _;
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, StatusCode};
use serde_json::json;
use vigil_audit::{Cosigner, EntryOpener, seal_key_pair};
use vigil_model::wire::{AUDIT_ID, Alerts, Batch, Certificate, CertificateRequest, Receipt, Refusal, SEALED_BATCH};
use vigil_sync::Clock;

use super::pki::Pki;
use super::{log, start};
use drip::Drip;
use intake::Intake;

/// What goes wrong with the next call for entries.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// Entries are taken, and no answer comes.
    HangAfterCommit,
    /// Entries are taken, and the connection ends.
    CutAfterCommit,
    /// An answer of this status.
    Status(u16),
    /// The same, with seconds to wait.
    Busy(u64),
    /// 429 until a date, so many seconds after the answer.
    BusyUntil(u64),
    /// A refusal.
    Refuse(Refusal),
    /// A good answer with this body.
    Say(&'static str, Vec<u8>),
    /// The receipt of somebody who is not the witness.
    Forged,
    /// A receipt of another log.
    OtherLog,
    /// The receipt of an earlier batch.
    Old,
    /// An answer that comes byte by byte.
    Drip,
    /// An answer that stops in the middle.
    Stall,
    /// The right receipt, which claims to be longer than the memory of the world.
    Huge,
    /// The right receipt, longer than any answer may be; its length is said first, or not.
    Long { said: bool },
    /// Another place.
    Redirect,
    /// Entries are taken after so long.
    Slow(Duration),
    /// More entries than this are too many, from now on.
    Most(usize),
}

pub(crate) struct Server {
    opener: EntryOpener,
    public: [u8; 32],
    cosigner: Cosigner,
    clock: Arc<dyn Clock>,
    pki: Arc<Pki>,
    state: Mutex<State>,
    busy: AtomicUsize,
    most_at_once: AtomicUsize,
}

#[derive(Default)]
pub(super) struct State {
    intake: Intake,
    faults: VecDeque<Fault>,
    alert_faults: VecDeque<Fault>,
    most: Option<usize>,
    alerts: Vec<(u64, Duration)>,
    receipts: Vec<Receipt>,
    directory: u64,
    seal_key: u32,
    calls: Vec<String>,
    bodies: Vec<Vec<u8>>,
    expects: Option<u64>,
    confused: bool,
    named: Vec<(String, Option<String>)>,
    enrols: enrolment::Enrols,
}

impl Server {
    pub(crate) fn new(clock: Arc<dyn Clock>, pki: Arc<Pki>) -> Self {
        let (opener, public) = seal_key_pair(&[5; 32]);
        let cosigner = Cosigner::new("vigil.example/witness", &SigningKey::from_bytes(&[8; 32])).unwrap();
        let state = State { directory: 1, seal_key: 1, ..State::default() };
        Self {
            opener,
            public: public.to_bytes(),
            cosigner,
            clock,
            pki,
            state: Mutex::new(state),
            busy: AtomicUsize::new(0),
            most_at_once: AtomicUsize::new(0),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) const fn seal_key(&self) -> [u8; 32] {
        self.public
    }

    pub(crate) fn witness_key(&self) -> String {
        self.cosigner.vkey()
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.state().faults.push_back(fault);
    }

    pub(crate) fn alert_fault(&self, fault: Fault) {
        self.state().alert_faults.push_back(fault);
    }

    pub(crate) fn publish_directory(&self, version: u64) {
        self.state().directory = version;
    }

    pub(crate) fn rotate_seal_key(&self, id: u32) {
        self.state().seal_key = id;
    }

    /// From now on `GET /v1/device` speaks of another log.
    pub(crate) fn confuse(&self) {
        self.state().confused = true;
    }

    /// From now on `GET /v1/device` says this number is expected.
    pub(crate) fn claim(&self, next: u64) {
        self.state().expects = Some(next);
    }

    /// Loses what came after this entry.
    pub(crate) fn lose(&self, after: u64) {
        self.state().intake.truncate(after);
    }

    /// The entries, in order; `None`: by its hash alone.
    pub(crate) fn events(&self) -> Vec<Option<Vec<u8>>> {
        self.state().intake.events.clone()
    }

    pub(crate) fn cosigned(&self) -> u64 {
        self.state().intake.cosigned
    }

    /// Numbers of the urgent entries, and when they came, in time since boot.
    pub(crate) fn alerts(&self) -> Vec<(u64, Duration)> {
        self.state().alerts.clone()
    }

    pub(crate) fn calls(&self, path: &str) -> usize {
        self.state().calls.iter().filter(|call| *call == path).count()
    }

    /// The calls of sign-ins, and the audit entry that each named.
    pub(crate) fn named(&self) -> Vec<(String, Option<String>)> {
        self.state().named.clone()
    }

    /// How the next enrolment is answered.
    pub(crate) fn enrols(&self, how: enrolment::Enrols) {
        self.state().enrols = how;
    }

    pub(crate) fn bodies(&self) -> Vec<Vec<u8>> {
        self.state().bodies.clone()
    }

    pub(crate) fn faults_left(&self) -> usize {
        self.state().faults.len()
    }

    pub(crate) fn on_their_way(&self) -> usize {
        self.busy.load(Ordering::SeqCst)
    }

    pub(crate) fn most_at_once(&self) -> usize {
        self.most_at_once.load(Ordering::SeqCst)
    }

    pub(crate) async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Result<Response<Drip>, Cut> {
        let (head, body) = request.into_parts();
        let header = |name: &str| head.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let body = body.collect().await.map_err(|_| Cut)?.to_bytes();
        let path = head.uri.path().to_owned();
        self.state().calls.push(path.clone());
        match path.as_str() {
            "/v1/log/entries" => {
                let batch: Batch = serde_json::from_slice(&body).unwrap();
                let last = batch.from + u64::try_from(batch.entries.len()).unwrap() - 1;
                assert_eq!(header(AUDIT_ID), Some(format!("{}.{last}", log())), "the call names its audit entry");
                assert_eq!(header("content-type").as_deref(), Some(SEALED_BATCH), "and its media type");
                self.state().bodies.push(body.to_vec());
                let busy = Busy::new(&self);
                let answer = self.entries(batch).await;
                drop(busy);
                answer
            }
            "/v1/log/alerts" => {
                let alerts: Alerts = serde_json::from_slice(&body).unwrap();
                assert!(header(AUDIT_ID).is_some(), "the call names its audit entry");
                self.alert(&alerts)
            }
            "/v1/log/receipt" => Ok(good(&self.receipt(0))),
            "/v1/device" => Ok(good(&self.device())),
            "/v1/device/certificate" => {
                let request: CertificateRequest = serde_json::from_slice(&body).unwrap();
                let chain = self.pki.sign(&request.csr);
                Ok(good(&Certificate { chain, expires: "2027-02-01T00:00:00Z".to_owned() }))
            }
            "/v1/enrolment" => Ok(enrolment::answer(&self, &body)),
            "/v1/sign-in/challenge" | "/v1/sign-in" | "/v1/keys" => {
                self.state().named.push((path.clone(), header(AUDIT_ID)));
                Ok(sign_in::answer(head.method.as_str(), &path, &body))
            }
            "/v1/directory" => {
                let version = self.state().directory;
                if header("if-none-match") == Some(format!("\"{version}\"")) {
                    return Ok(plain(304, Vec::new()));
                }
                Ok(good(&json!({ "note": version.to_string(), "directory": "{}" })))
            }
            _ => Ok(plain(404, Vec::new())),
        }
    }

    fn device(&self) -> serde_json::Value {
        let state = self.state();
        let next = state.expects.unwrap_or(state.intake.next());
        let other = "01900000-0000-7000-8000-000000000002";
        json!({
            "enrolment": log(), "log": if state.confused { json!(other) } else { json!(log()) }, "next": next, "certificate_expires": "2027-02-01T00:00:00Z",
            "seal_key": { "id": state.seal_key, "public": vigil_model::wire::Bytes(self.public.to_vec()) },
            "directory": state.directory, "time": self.clock.now().utc.to_rfc3339(),
        })
    }

    fn receipt(&self, known: u64) -> Receipt {
        let mut state = self.state();
        let receipt = Receipt {
            next: state.intake.next(),
            known,
            checkpoint: state.intake.checkpoint.clone(),
            directory: state.directory,
            time: (self.clock.now().utc - chrono::TimeDelta::seconds(30)).to_rfc3339(),
        };
        state.receipts.push(receipt.clone());
        receipt
    }

    async fn entries(&self, batch: Batch) -> Result<Response<Drip>, Cut> {
        let fault = self.state().faults.pop_front();
        match &fault {
            Some(Fault::Status(status)) => return Ok(plain(*status, b"<h1>oh</h1>".to_vec())),
            Some(Fault::Busy(seconds)) => {
                let mut answer = plain(429, Vec::new());
                answer.headers_mut().insert("retry-after", (*seconds).into());
                return Ok(answer);
            }
            Some(Fault::BusyUntil(seconds)) => {
                let mut answer = plain(429, Vec::new());
                // Of a server whose clock is years behind.
                let made = chrono::DateTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000);
                for (name, at) in [("date", made), ("retry-after", made + Duration::from_secs(*seconds))] {
                    let date = at.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
                    answer.headers_mut().insert(name, date.parse().unwrap());
                }
                return Ok(answer);
            }
            Some(Fault::Refuse(refusal)) => return Ok(refused(refusal)),
            Some(Fault::Say(media_type, body)) => return Ok(said(200, media_type, body.clone())),
            Some(Fault::Redirect) => {
                let mut answer = plain(307, Vec::new());
                answer.headers_mut().insert("location", "https://elsewhere.example/".parse().unwrap());
                return Ok(answer);
            }
            Some(Fault::Slow(time)) => tokio::time::sleep(*time).await,
            Some(Fault::Most(most)) => self.state().most = Some(*most),
            Some(Fault::Old) => {
                // The batch is not taken; what comes is an answer of before.
                let old = self.state().receipts.first().cloned();
                return Ok(good(&old.unwrap_or_else(|| self.receipt(0))));
            }
            _ => {}
        }
        if self.state().most.is_some_and(|most| batch.entries.len() > most) {
            return Ok(plain(413, Vec::new()));
        }
        let taken = self.state().intake.take(&batch, &self.opener, &self.cosigner);
        let known = match taken {
            Ok(known) => known,
            Err(refusal) => return Ok(refused(&refusal)),
        };
        let mut receipt = self.receipt(known);
        match fault {
            Some(Fault::HangAfterCommit) => std::future::pending().await,
            Some(Fault::CutAfterCommit) => Err(Cut),
            Some(Fault::Forged) => {
                let stranger = Cosigner::new("vigil.example/witness", &SigningKey::from_bytes(&[9; 32])).unwrap();
                receipt.checkpoint = Some(self.state().intake.cosigned_by(&stranger, &super::log_key()));
                Ok(good(&receipt))
            }
            Some(Fault::OtherLog) => {
                let other = SigningKey::from_bytes(&[6; 32]);
                receipt.checkpoint = Some(self.state().intake.cosigned_by(&self.cosigner, &other));
                Ok(good(&receipt))
            }
            Some(Fault::Drip) => Ok(good(&receipt).map(|body| body.slow(Duration::from_secs(5)))),
            Some(Fault::Stall) => Ok(good(&receipt).map(|body| body.slow(Duration::from_secs(1_000_000)))),
            Some(Fault::Huge) => Ok(good(&receipt).map(|body| body.claiming(1 << 60))),
            Some(Fault::Long { said }) => {
                let mut body = serde_json::to_vec(&receipt).unwrap();
                body.resize(1_100_000, b' ');
                let answer = self::said(200, "application/json", body);
                Ok(if said { answer } else { answer.map(Drip::unsaid) })
            }
            _ => Ok(good(&receipt)),
        }
    }

    fn alert(&self, alerts: &Alerts) -> Result<Response<Drip>, Cut> {
        let fault = self.state().alert_faults.pop_front();
        match fault {
            Some(Fault::Status(status)) => return Ok(plain(status, Vec::new())),
            Some(Fault::CutAfterCommit) => return Err(Cut),
            _ => {}
        }
        let now = self.clock.now().since_boot;
        let mut state = self.state();
        if let Err(refusal) = intake::opens(alerts, &self.opener) {
            return Ok(refused(&refusal));
        }
        state.alerts.extend(alerts.entries.iter().map(|(seq, _)| (*seq, now)));
        Ok(plain(204, Vec::new()))
    }
}

/// One call for entries that is on its way.
struct Busy<'s>(&'s Server);

impl<'s> Busy<'s> {
    fn new(server: &'s Server) -> Self {
        let now = server.busy.fetch_add(1, Ordering::SeqCst) + 1;
        server.most_at_once.fetch_max(now, Ordering::SeqCst);
        Self(server)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The server ends the connection.
#[derive(Debug)]
pub(crate) struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cut")
    }
}

impl std::error::Error for Cut {}

impl From<Infallible> for Cut {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

fn good(body: &impl serde::Serialize) -> Response<Drip> {
    said(200, "application/json", serde_json::to_vec(body).unwrap())
}

fn plain(status: u16, body: Vec<u8>) -> Response<Drip> {
    said(status, "text/html", body)
}

fn said(status: u16, media_type: &str, body: Vec<u8>) -> Response<Drip> {
    let builder = Response::builder().status(StatusCode::from_u16(status).unwrap()).header("content-type", media_type);
    builder.body(Drip::whole(Bytes::from(body))).unwrap()
}

fn refused(refusal: &Refusal) -> Response<Drip> {
    let status = match refusal {
        Refusal::Gap { .. } | Refusal::Conflict { .. } => 409,
        Refusal::Checkpoint | Refusal::Poison { .. } => 422,
        Refusal::Unsealed => 400,
    };
    let extension = json!([{ "url": "urn:vigil:refusal", "valueString": serde_json::to_string(refusal).unwrap() }]);
    let issue = json!([{ "severity": "error", "code": "conflict", "extension": extension }]);
    let outcome = json!({ "resourceType": "OperationOutcome", "issue": issue });
    said(status, "application/fhir+json", serde_json::to_vec(&outcome).unwrap())
}

/// The time that the server's cosignatures name.
fn cosigned_at() -> u64 {
    u64::try_from(start().timestamp()).unwrap()
}
