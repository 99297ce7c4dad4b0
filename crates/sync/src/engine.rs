//! The engine: one task that joins plan, outbox and client.

mod flight;
mod handle;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::watch;
use tokio::time::sleep;
use zeroize::Zeroizing;

use crate::client::{Client, Dial, Timeouts};
use crate::plan::{Event, Lane, Plan, Standing, Step};
use crate::{Clock, Failure, Identity, Link, Outbox, OutboxError, OutboxState, Random, SyncState, enrolment};
use flight::{Landing, Lines};
use handle::Calls;
pub use handle::Handle;

/// The plan is looked at this often at least: timers of the system stand still while the machine sleeps.
const LOOK: Duration = Duration::from_secs(5);
/// How long what is on its way may take when the program stops.
const STOP: Duration = Duration::from_secs(2);

/// What the engine works with.
#[derive(Clone)]
pub struct Engine {
    /// Keeps the entries.
    pub outbox: Arc<dyn Outbox>,
    /// Opens connections.
    pub dial: Arc<dyn Dial>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
}

type Flight = Pin<Box<dyn Future<Output = Landing> + Send>>;

impl Engine {
    /// Starts it on this runtime. It ends with [`Handle::stop`], or when the last handle is dropped.
    pub fn start(self, runtime: &tokio::runtime::Handle) -> Handle {
        let (calls, called) = Calls::new();
        let (say, state) = watch::channel(SyncState::unknown());
        let task = runtime.spawn(async move { self.run(&called, &say).await });
        Handle::new(calls, state, task)
    }

    async fn run(self, calls: &Calls, say: &watch::Sender<SyncState>) {
        while !calls.are_over() {
            match self.identity().await {
                Ok(Some(identity)) => self.sync(identity, calls, say).await,
                Ok(None) => {
                    say.send_modify(|state| *state = SyncState { link: Link::NotEnrolled, ..SyncState::unknown() });
                    calls.wait(LOOK).await;
                }
                Err(error) => self.fails(&error, calls, say).await,
            }
        }
    }

    async fn fails(&self, error: &OutboxError, calls: &Calls, say: &watch::Sender<SyncState>) {
        tracing::error!(%error, "the outbox cannot be read");
        say.send_modify(|state| state.link.failed(&Failure::from(error), self.clock.now().utc));
        calls.wait(LOOK).await;
    }

    /// Syncs as this identity, until there may be another one.
    async fn sync(&self, mut identity: Identity, calls: &Calls, say: &watch::Sender<SyncState>) {
        let state = match self.look().await {
            Ok(state) => state,
            Err(error) => return self.fails(&error, calls, say).await,
        };
        let lines = match self.lines(&identity) {
            Ok(lines) => lines,
            Err(why) => {
                tracing::error!(%why, "this workstation cannot call the server");
                say.send_modify(|state| state.link = Link::Refused { why });
                return calls.wait(LOOK).await;
            }
        };
        // TLS has the key; nobody else needs it.
        identity.key = Zeroizing::default();
        let now = self.clock.now();
        let plan = Plan::new(standing(&state), identity.directory, self.renews(&identity.chain), now.since_boot);
        let link = say.borrow().link.clone();
        Course { engine: self, plan, lines, identity, state, link, ahead: None, say }.hold(calls).await;
    }

    fn lines(&self, identity: &Identity) -> Result<Lines, Failure> {
        let line = |timeouts| Client::of(identity, Arc::clone(&self.dial), Arc::clone(&self.clock), timeouts);
        Ok(Lines::new(line(Timeouts::MAIN)?, line(Timeouts::URGENT)?))
    }

    /// When to renew, in time since boot. A certificate that cannot be read is renewed now.
    fn renews(&self, chain: &str) -> Duration {
        let now = self.clock.now();
        let wait = enrolment::renewal(chain).and_then(|at| (at - now.utc).to_std().ok()).unwrap_or_default();
        now.since_boot.saturating_add(wait)
    }

    async fn identity(&self) -> Result<Option<Identity>, OutboxError> {
        flight::blocking(&self.outbox, |outbox| outbox.identity()).await
    }

    async fn look(&self) -> Result<OutboxState, OutboxError> {
        flight::blocking(&self.outbox, |outbox| outbox.state()).await
    }
}

/// The sync of one identity.
struct Course<'e> {
    engine: &'e Engine,
    plan: Plan,
    lines: Lines,
    identity: Identity,
    state: OutboxState,
    link: Link,
    ahead: Option<i64>,
    say: &'e watch::Sender<SyncState>,
}

impl Course<'_> {
    async fn hold(mut self, calls: &Calls) {
        if !matches!(self.link, Link::Connected | Link::Offline { .. }) {
            self.link = Link::Connecting;
        }
        let (mut main, mut urgent): (Option<Flight>, Option<Flight>) = (None, None);
        loop {
            self.publish();
            let now = self.engine.clock.now().since_boot;
            let step = self.plan.next(now);
            if let Step::GiveUp(halt) = step {
                tracing::error!(%halt, "entries are sent no more");
                continue;
            }
            let Step::Wait(until) = step else {
                let flight = Some(self.take_off(step));
                match lane(&step) {
                    Lane::Main => main = flight,
                    Lane::Urgent => urgent = flight,
                }
                continue;
            };
            let landing = tokio::select! {
                biased;
                () = calls.over() => {
                    // What is on its way may end; what it would have said is asked for again after the next start.
                    let flights = async { landed(&mut main).await; landed(&mut urgent).await; };
                    let _ = tokio::time::timeout(STOP, flights).await;
                    return;
                }
                landing = ready(&mut urgent) => { urgent = None; Some(landing) }
                landing = ready(&mut main) => { main = None; Some(landing) }
                () = calls.called() => None,
                () = sleep(until.saturating_sub(now).min(LOOK)) => None,
            };
            if calls.take_retry() {
                self.tell(Event::Retry);
            }
            if self.land(landing).await || calls.take_enrolled() {
                return;
            }
        }
    }

    /// Begins a step.
    fn take_off(&self, step: Step) -> Flight {
        let (engine, lines) = (self.engine.clone(), self.lines.clone());
        let identity = self.identity.clone();
        Box::pin(async move { flight::fly(&engine, &lines, &identity, step).await })
    }

    /// Takes in what came of a step, after a look at the outbox. `true`: there is a new certificate.
    async fn land(&mut self, landing: Option<Landing>) -> bool {
        match self.engine.look().await {
            Ok(state) => self.state = state,
            Err(error) => tracing::warn!(%error, "the outbox cannot be read"),
        }
        self.tell(Event::Written(standing(&self.state)));
        let Some(landing) = landing else { return false };
        let utc = self.engine.clock.now().utc;
        if let Some(time) = landing.server_time {
            self.ahead = Some((utc - time).num_seconds());
        }
        match &landing.event {
            Event::Failed { failure, duty, .. } => {
                tracing::warn!(?duty, %failure, "a step of the sync failed");
                self.link.failed(failure, utc);
            }
            Event::Device { .. } | Event::Receipt { .. } | Event::Delivered | Event::Renewed { .. } => {
                self.link.connected()
            }
            Event::Directory { version } => {
                self.identity.directory = *version;
                self.link.connected();
            }
            Event::Written(_) | Event::Repaired(_) | Event::Nothing(_) | Event::Retry => {}
        }
        let renewed = matches!(landing.event, Event::Renewed { .. });
        if let Some(seal_key) = landing.seal_key {
            self.identity.seal_key = seal_key;
        }
        self.tell(landing.event);
        renewed
    }

    fn tell(&mut self, event: Event) {
        let now = self.engine.clock.now().since_boot;
        self.plan.on(event, now, self.engine.random.number());
    }

    fn publish(&self) {
        let state = SyncState {
            link: self.plan.halt().map_or_else(|| self.link.clone(), Link::Conflict),
            waiting: self.state.entries.saturating_sub(self.state.covered),
            oldest: self.state.oldest,
            last_receipt: self.state.last_receipt,
            urgent: self.state.urgent,
            quarantined: self.state.quarantined,
            lost: self.plan.lost(),
            clock_ahead: self.ahead,
            certificate_expires: Some(self.identity.certificate_expires),
        };
        self.say.send_if_modified(|said| {
            let changed = *said != state;
            *said = state;
            changed
        });
    }
}

const fn lane(step: &Step) -> Lane {
    match step {
        Step::PushUrgent => Lane::Urgent,
        Step::Reseal(lane, _) | Step::Quarantine(lane, _, _) => *lane,
        Step::Push { .. }
        | Step::AskDevice
        | Step::AskReceipt
        | Step::AskDirectory { .. }
        | Step::Renew
        | Step::GiveUp(_)
        | Step::Wait(_) => Lane::Main,
    }
}

fn standing(state: &OutboxState) -> Standing {
    Standing { entries: state.entries, covered: state.covered, urgent: state.urgent }
}

/// What a flight brings; never, where there is none.
async fn ready(flight: &mut Option<Flight>) -> Landing {
    match flight {
        Some(flight) => flight.await,
        None => std::future::pending().await,
    }
}

/// The end of a flight, where there is one.
async fn landed(flight: &mut Option<Flight>) {
    if let Some(flight) = flight.take() {
        flight.await;
    }
}

/// A time of the server's.
fn time(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.to_utc())
}
