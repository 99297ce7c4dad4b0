//! One step, done: what it brings is an event for the plan.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::Mutex;
use vigil_model::wire::Receipt;

use super::{Engine, time};
use crate::client::Client;
use crate::plan::{BatchSize, Duty, Event, Lane, Step};
use crate::{Failure, Identity, Outbox, OutboxError, enrolment};

/// Urgent entries that are sent at once.
const URGENT: usize = 50;

/// What came of a step.
pub(super) struct Landing {
    pub(super) event: Event,
    pub(super) server_time: Option<DateTime<Utc>>,
    pub(super) seal_key: Option<u32>,
}

impl From<Event> for Landing {
    fn from(event: Event) -> Self {
        Self { event, server_time: None, seal_key: None }
    }
}

/// A client for each lane. Each lane has one call at a time, so that nobody waits for a lock.
#[derive(Clone)]
pub(super) struct Lines {
    main: Arc<Mutex<Client>>,
    urgent: Arc<Mutex<Client>>,
}

impl Lines {
    pub(super) fn new(main: Client, urgent: Client) -> Self {
        Self { main: Arc::new(Mutex::new(main)), urgent: Arc::new(Mutex::new(urgent)) }
    }
}

/// Why a step failed, and which entries it carried.
struct Lost {
    failure: Failure,
    carried: Option<(u64, u64)>,
}

impl From<Failure> for Lost {
    fn from(failure: Failure) -> Self {
        Self { failure, carried: None }
    }
}

impl From<OutboxError> for Lost {
    fn from(error: OutboxError) -> Self {
        tracing::error!(%error, "the outbox did not do what was asked");
        Failure::from(&error).into()
    }
}

/// Does one step.
pub(super) async fn fly(engine: &Engine, lines: &Lines, identity: &Identity, step: Step) -> Landing {
    let (duty, done) = match step {
        Step::PushUrgent => (Duty::Urgent, push_urgent(engine, lines, identity).await),
        Step::Push { from, size } => (Duty::Push, push(engine, lines, identity, from, size).await),
        Step::AskDevice => (Duty::Device, ask_device(engine, lines, identity).await),
        Step::AskReceipt => (Duty::Receipt, ask_receipt(engine, lines).await),
        Step::AskDirectory { held } => (Duty::Directory, ask_directory(engine, lines, held).await),
        Step::Renew => (Duty::Renew, renew(engine, lines, identity).await),
        Step::Reseal(lane, seq) => (repair(lane), reseal(engine, lane, seq).await),
        Step::Quarantine(lane, seq, why) => (repair(lane), quarantine(engine, lane, seq, why).await),
        Step::GiveUp(_) | Step::Wait(_) => (Duty::Repair, Ok(Event::Repaired(Lane::Main).into())),
    };
    done.unwrap_or_else(|Lost { failure, carried }| Event::Failed { duty, failure, carried }.into())
}

const fn repair(lane: Lane) -> Duty {
    match lane {
        Lane::Main => Duty::Repair,
        Lane::Urgent => Duty::UrgentRepair,
    }
}

async fn push(
    engine: &Engine,
    lines: &Lines,
    identity: &Identity,
    from: u64,
    size: BatchSize,
) -> Result<Landing, Lost> {
    let batch = blocking(&engine.outbox, move |outbox| outbox.batch(from, size.entries, size.bytes)).await?;
    let Some(batch) = batch.filter(|batch| batch.from == from && !batch.entries.is_empty()) else {
        return Ok(Event::Nothing(Duty::Push).into());
    };
    let entries = u64::try_from(batch.entries.len()).unwrap_or(u64::MAX);
    let carried = Some((from, from.saturating_add(entries).saturating_sub(1)));
    let lost = |failure| Lost { failure, carried };
    tell(engine, lines).await?;
    let receipt = lines.main.lock().await.push(identity.log, batch).await.map_err(lost)?;
    keep(engine, receipt).await.map_err(|Lost { failure, .. }| lost(failure))
}

async fn ask_receipt(engine: &Engine, lines: &Lines) -> Result<Landing, Lost> {
    tell(engine, lines).await?;
    let receipt = lines.main.lock().await.receipt().await?;
    keep(engine, receipt).await
}

/// The outbox judges the receipt, keeps it and deletes what it covers.
async fn keep(engine: &Engine, receipt: Receipt) -> Result<Landing, Lost> {
    let event = Event::Receipt { next: receipt.next, directory: receipt.directory };
    let server_time = time(&receipt.time);
    blocking(&engine.outbox, move |outbox| outbox.receipt(&receipt)).await?;
    Ok(Landing { event, server_time, seal_key: None })
}

async fn push_urgent(engine: &Engine, lines: &Lines, identity: &Identity) -> Result<Landing, Lost> {
    let alerts = blocking(&engine.outbox, |outbox| outbox.urgent(URGENT)).await?;
    let Some(alerts) = alerts.filter(|alerts| !alerts.entries.is_empty()) else {
        return Ok(Event::Nothing(Duty::Urgent).into());
    };
    let seqs: Vec<u64> = alerts.entries.iter().map(|(seq, _)| *seq).collect();
    let carried = seqs.iter().min().copied().zip(seqs.iter().max().copied());
    let sent = lines.urgent.lock().await.alert(identity.log, &alerts).await;
    sent.map_err(|failure| Lost { failure, carried })?;
    blocking(&engine.outbox, move |outbox| outbox.urgent_delivered(&seqs)).await?;
    Ok(Event::Delivered.into())
}

/// What the desk of the fleet shows of this workstation goes with the next call.
async fn tell(engine: &Engine, lines: &Lines) -> Result<(), Lost> {
    let said = blocking(&engine.outbox, |outbox| Ok((outbox.state()?, outbox.posture(), outbox.unit()))).await?;
    let (state, posture, unit) = said;
    lines.main.lock().await.tell(&state, &posture, unit);
    Ok(())
}

async fn ask_device(engine: &Engine, lines: &Lines, identity: &Identity) -> Result<Landing, Lost> {
    tell(engine, lines).await?;
    let device = lines.main.lock().await.device().await?;
    if device.log != identity.log {
        return Err(Failure::Malformed.into());
    }
    let seal_key = device.seal_key.id;
    if seal_key != identity.seal_key {
        blocking(&engine.outbox, move |outbox| outbox.seal_key(&device.seal_key)).await?;
    }
    let event = Event::Device { next: device.next, directory: device.directory };
    Ok(Landing { event, server_time: time(&device.time), seal_key: Some(seal_key) })
}

async fn ask_directory(engine: &Engine, lines: &Lines, held: u64) -> Result<Landing, Lost> {
    let signed = lines.main.lock().await.directory(held).await?;
    let at = engine.clock.now().utc;
    let version = blocking(&engine.outbox, move |outbox| {
        let version = signed.map_or(Ok(held), |signed| outbox.directory(&signed))?;
        outbox.contact(at)?;
        Ok(version)
    });
    Ok(Event::Directory { version: version.await? }.into())
}

async fn renew(engine: &Engine, lines: &Lines, identity: &Identity) -> Result<Landing, Lost> {
    let mut line = lines.main.lock().await;
    let (certificate, key) = enrolment::renew(&mut line, &engine.clock, &identity.anchor).await?;
    let renew = engine.renews(&certificate.chain);
    blocking(&engine.outbox, move |outbox| outbox.certificate(&certificate, &key)).await?;
    Ok(Event::Renewed { renew }.into())
}

async fn reseal(engine: &Engine, lane: Lane, seq: u64) -> Result<Landing, Lost> {
    blocking(&engine.outbox, move |outbox| outbox.reseal(seq)).await?;
    Ok(Event::Repaired(lane).into())
}

async fn quarantine(engine: &Engine, lane: Lane, seq: u64, why: &'static str) -> Result<Landing, Lost> {
    tracing::error!(seq, why, "an audit entry stays behind in quarantine");
    blocking(&engine.outbox, move |outbox| outbox.quarantine(seq, why)).await?;
    Ok(Event::Repaired(lane).into())
}

/// Asks the outbox on a thread that may block.
pub(super) async fn blocking<T: Send + 'static>(
    outbox: &Arc<dyn Outbox>,
    work: impl FnOnce(&dyn Outbox) -> Result<T, OutboxError> + Send + 'static,
) -> Result<T, OutboxError> {
    let outbox = Arc::clone(outbox);
    let done = tokio::task::spawn_blocking(move || work(outbox.as_ref())).await;
    done.unwrap_or_else(|error| Err(OutboxError::Unavailable(Box::new(error))))
}
