//! A workstation of the fleet: enrolled with a token by its own client, synced by its own engine.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use vigil_audit::{SealPublicKey, TextSigner};
use vigil_model::Moment;
use vigil_sync::client::{Client, Timeouts};
use vigil_sync::enrolment::{Applicant, PROOF, enrol};
use vigil_sync::{
    Dial, Direct, Engine, EnrolmentError, Failure, Handle, Identity, Link, Outbox as _, SyncState, Token,
};

use crate::outbox::MemoryOutbox;
use crate::support::seal_key;
use crate::support::workstation::Workstation;

/// Longer than anything takes that comes at all.
const PATIENCE: Duration = Duration::from_secs(120);

/// The system's time and as many days as a test let pass. Clones are the same time.
#[derive(Clone, Default)]
pub(crate) struct Time(Arc<AtomicI64>);

impl Time {
    /// Lets days pass.
    pub(crate) fn pass(&self, days: i64) {
        self.0.fetch_add(days, Ordering::Relaxed);
    }

    fn now(&self) -> DateTime<Utc> {
        Utc::now() + TimeDelta::days(self.0.load(Ordering::Relaxed))
    }

    pub(crate) fn of_server(&self) -> vigil_server::clock::Clock {
        let time = self.clone();
        vigil_server::clock::Clock::told_by(move || time.now())
    }

    pub(crate) fn of_workstation(&self) -> Arc<dyn vigil_sync::Clock> {
        let time = self.clone();
        Arc::new(move || {
            let utc = time.now();
            Moment { utc, since_boot: (utc - DateTime::UNIX_EPOCH).to_std().unwrap() }
        })
    }
}

/// One workstation.
pub(crate) struct Station {
    pub(crate) outbox: Arc<MemoryOutbox>,
    pub(crate) dial: Arc<dyn Dial>,
    pub(crate) clock: Arc<dyn vigil_sync::Clock>,
    /// Its identity in the fleet, as `vigil-server device list` shows it.
    pub(crate) enrolment: vigil_model::DeviceId,
    /// The number that the server expected when the workstation was enrolled.
    pub(crate) next: u64,
}

impl Station {
    /// Enrols the workstation with this number.
    pub(crate) async fn enrol(number: u8, token: &str, time: &Time) -> Result<Self, EnrolmentError> {
        Self::enrol_again(Workstation::new(number, &seal_key()), token, time).await
    }

    /// Enrols a workstation that has a log.
    pub(crate) async fn enrol_again(mut own: Workstation, token: &str, time: &Time) -> Result<Self, EnrolmentError> {
        let (dial, clock): (Arc<dyn Dial>, _) = (Arc::new(Direct), time.of_workstation());
        let token = Token::parse(token)?;
        let verifier_key = own.verifier_key();
        let applicant = Applicant { log: own.log, verifier_key: &verifier_key, host: "ward", version: "0.1.0" };
        let signer = TextSigner::new(&format!("vigil/{}", own.log), &own.key).unwrap();
        let sign = |kind: &str, body: &str| {
            assert_eq!(kind, PROOF, "nothing else is signed");
            signer.sign(kind, body).ok()
        };
        let enrolled = enrol(&token, &applicant, sign, Arc::clone(&dial), Arc::clone(&clock)).await?;
        let response = enrolled.response;
        own.seal = SealPublicKey::from_bytes(response.seal_key.public.as_ref()).unwrap();
        let identity = Identity {
            server: response.server,
            anchor: token.anchor().to_vec(),
            chain: response.certificate.chain,
            key: enrolled.key,
            certificate_expires: response.certificate.expires.parse().unwrap(),
            seal_key: response.seal_key.id,
            directory: 0,
            log: own.log,
        };
        let outbox = Arc::new(MemoryOutbox::new(own, identity, &response.witness_key, &response.directory_key));
        Ok(Self { outbox, dial, clock, enrolment: response.enrolment, next: response.next })
    }

    /// Starts the engine.
    pub(crate) fn run(&self) -> Handle {
        let seed = AtomicU64::new(self.enrolment.as_uuid().as_u64_pair().1);
        let random = move || {
            let number = seed.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            (number ^ number >> 31).wrapping_mul(0xbf58_476d_1ce4_e5b9)
        };
        let (outbox, dial) = (Arc::clone(&self.outbox), Arc::clone(&self.dial));
        let engine = Engine { outbox, dial, clock: Arc::clone(&self.clock), random: Arc::new(random) };
        engine.start(&tokio::runtime::Handle::current())
    }

    /// The client alone, without an engine.
    pub(crate) fn client(&self) -> Client {
        self.client_of(&self.identity()).unwrap()
    }

    /// The client, with another identity.
    pub(crate) fn client_of(&self, identity: &Identity) -> Result<Client, Failure> {
        Client::of(identity, Arc::clone(&self.dial), Arc::clone(&self.clock), Timeouts::MAIN)
    }

    pub(crate) fn identity(&self) -> Identity {
        self.outbox.identity().unwrap().unwrap()
    }

    /// Waits until everything that was written has a receipt, and every urgent entry was delivered.
    pub(crate) async fn settle(&self, handle: &Handle) {
        let settled = |state: &SyncState| {
            let held = self.outbox.state().unwrap();
            let done = held.covered == held.entries && held.urgent == 0;
            done && state.waiting == 0 && state.urgent == 0 && state.link == Link::Connected
        };
        until(handle, settled).await;
    }
}

/// Waits for a state.
pub(crate) async fn until(handle: &Handle, wanted: impl Fn(&SyncState) -> bool) -> SyncState {
    let mut state = handle.state();
    let found = tokio::time::timeout(PATIENCE, state.wait_for(wanted)).await.map(|found| found.unwrap().clone());
    found.unwrap_or_else(|_| panic!("it never came: {:?}", handle.state().borrow()))
}
