//! A hospital in memory: certificates, an outbox, an honest server that can be told to be hostile, and a network between them.

pub(crate) mod net;
pub(crate) mod outbox;
pub(crate) mod pki;
pub(crate) mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use ed25519_dalek::SigningKey;
use tokio::time::Instant;
use vigil_model::{DeviceId, Moment};
use vigil_sync::{Clock, Engine, Handle, Identity, Link, Outbox as _, SyncState};

use net::Net;
use outbox::MemoryOutbox;
use pki::Pki;
use server::Server;

/// The host of the server.
pub(crate) const HOST: &str = "vigil.example";

/// The log of the workstation.
pub(crate) fn log() -> DeviceId {
    DeviceId::parse("01900000-0000-7000-8000-000000000001").unwrap()
}

/// The key that signs its checkpoints.
pub(crate) fn log_key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// When the tests begin.
pub(crate) fn start() -> DateTime<Utc> {
    "2026-11-29T10:00:00Z".parse().unwrap()
}

/// The time of tokio, which passes when nobody has anything to do.
pub(crate) fn clock() -> Arc<dyn Clock> {
    let began = Instant::now();
    Arc::new(move || {
        let gone = began.elapsed();
        Moment { utc: start() + gone, since_boot: Duration::from_secs(100) + gone }
    })
}

/// Everything together.
pub(crate) struct Hospital {
    pub(crate) pki: Arc<Pki>,
    pub(crate) server: Arc<Server>,
    pub(crate) outbox: Arc<MemoryOutbox>,
    pub(crate) net: Arc<Net>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Hospital {
    /// A workstation with so many entries, enrolled.
    pub(crate) fn new(entries: u64) -> Self {
        let (clock, pki) = (clock(), Arc::new(Pki::new()));
        let server = Arc::new(Server::new(Arc::clone(&clock), Arc::clone(&pki)));
        let outbox = Arc::new(MemoryOutbox::new(identity(&pki), &server));
        outbox.write(entries);
        let net = Arc::new(Net::new(Arc::clone(&pki), Arc::clone(&server), Arc::clone(&clock)));
        Self { pki, server, outbox, net, clock }
    }

    /// Starts the engine.
    pub(crate) fn run(&self) -> Handle {
        let seed = AtomicU64::new(0x9e37_79b9_7f4a_7c15);
        let random = move || {
            let number = seed.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            (number ^ number >> 31).wrapping_mul(0xbf58_476d_1ce4_e5b9)
        };
        let (outbox, dial, clock) = (Arc::clone(&self.outbox), Arc::clone(&self.net), Arc::clone(&self.clock));
        let engine = Engine { outbox, dial, clock, random: Arc::new(random) };
        engine.start(&tokio::runtime::Handle::current())
    }

    /// Runs until everything has a receipt, then holds both sides against each other.
    pub(crate) async fn drain(&self) {
        let handle = self.run();
        self.settle(&handle).await;
        handle.stop().await;
        self.judge();
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

    /// Every entry is at the server exactly once and in order, and nothing was deleted before a valid receipt.
    pub(crate) fn judge(&self) {
        let written = self.outbox.events();
        let held = self.server.events();
        assert_eq!(held.len(), written.len(), "as many at the server as were written");
        for (seq, (held, written)) in (1_u64..).zip(held.iter().zip(&written)) {
            let same = held.as_ref().is_none_or(|held| held == written);
            assert!(same, "entry {seq} is at its place, unchanged");
            assert_eq!(
                held.is_none(),
                self.outbox.is_quarantined(seq),
                "entry {seq}: by its hash alone if it stayed behind"
            );
        }
        assert!(
            self.outbox.deleted() <= self.server.cosigned(),
            "nothing was deleted before the server had cosigned it"
        );
        assert!(self.server.most_at_once() <= 1, "one batch at a time");
    }
}

/// Waits for a state, for a day at most.
pub(crate) async fn until(handle: &Handle, wanted: impl Fn(&SyncState) -> bool) -> SyncState {
    let mut state = handle.state();
    let day = Duration::from_secs(24 * 3_600);
    let found = tokio::time::timeout(day, state.wait_for(wanted)).await.map(|found| found.unwrap().clone());
    found.unwrap_or_else(|_| panic!("it never came: {:?}", handle.state().borrow()))
}

/// What the workstation is in the fleet.
pub(crate) fn identity(pki: &Pki) -> Identity {
    let (chain, key) = pki.workstation();
    Identity {
        server: format!("https://{HOST}:8443"),
        anchor: pki.anchor(),
        chain,
        key: key.into(),
        certificate_expires: "2027-02-01T00:00:00Z".parse().unwrap(),
        seal_key: 1,
        directory: 0,
        log: log(),
    }
}
