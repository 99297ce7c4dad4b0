//! The rules over the stream of every log: what they find becomes incidents within a second or two of the entries' arrival.
//!
//! One process of several reads the stream at a time. What the rules remember is saved now and then together with how far they have read;
//! whoever takes the stream over reads again from there. A finding carries the key of its episode, so that what is found again is the same
//! incident, and what follows from one - messages, a suspension - follows once.

mod growth;
mod memory;
mod reading;
mod simulated;
mod trial;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use vigil_detection::{DeviceContact, Finding, RuleSet};

use crate::channels::Channels;
use crate::incident::{lifted, raise};
use crate::installation::Installation;
use crate::intake::note_gaps;
use crate::store::rules::{Held, hold_stream, release_stream, save_stream_state, stream_state};
use crate::store::{Device, RuleSetRow, StoreError};
use memory::Memory;
pub use simulated::{Hospital, trial_simulated};
pub use trial::{TrialError, trial};

/// A process that says nothing for so long has given the stream up.
const HOLDS: TimeDelta = TimeDelta::seconds(15);
/// What is remembered is saved so often.
const SAVED: TimeDelta = TimeDelta::minutes(2);
/// Silent workstations, and gaps of logs, are looked for so often.
const TICK: TimeDelta = TimeDelta::seconds(60);
/// How often the stream is looked at when nobody says that something has come.
pub(crate) const EVERY: Duration = Duration::from_millis(500);

/// What explains an access, as the reason of its entry says it.
pub(crate) fn basis_of(reason: &str) -> Option<&str> {
    reason.split(' ').find_map(|word| word.strip_prefix("basis="))
}

/// The reading of the stream by one process.
pub struct Detection {
    holder: String,
    memory: Option<Memory>,
    saved: DateTime<Utc>,
    ticked: DateTime<Utc>,
}

/// What one look at the stream did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Whether this process has the stream.
    pub holds: bool,
    /// How many entries were read.
    pub read: u64,
    /// Whether more are there.
    pub more: bool,
    /// How many incidents were raised.
    pub raised: u64,
}

impl Detection {
    /// A reader that has read nothing yet. `holder`: unlike that of every other process.
    pub fn new(holder: String) -> Self {
        Self { holder, memory: None, saved: DateTime::UNIX_EPOCH, ticked: DateTime::UNIX_EPOCH }
    }

    /// Reads what has come, and raises what the rules find.
    ///
    /// # Errors
    /// [`StoreError`]; what was read is read again then.
    pub async fn step(&mut self, installation: &Installation, channels: &Channels) -> Result<Step, StoreError> {
        let done = self.try_step(installation, channels).await;
        if done.is_err() {
            // The rules have seen entries whose findings were not kept.
            self.memory = None;
        }
        done
    }

    async fn try_step(&mut self, installation: &Installation, channels: &Channels) -> Result<Step, StoreError> {
        let now = installation.now();
        let Some(rules) = self.take_hold(installation, now).await? else { return Ok(Step::default()) };
        let Some(memory) = self.memory.as_mut() else { return Ok(Step::default()) };

        let ticks = now - self.ticked >= TICK;
        if ticks {
            // The process that reads the stream looks, so that one does.
            note_gaps(&installation.store, &installation.keyring.keys, now).await?;
        }
        let mut tx = installation.store.read().await?;
        let read = reading::read(&mut tx, memory, installation.keyring.keys.own_log()).await?;
        let contacts = if ticks { contacts(&mut tx).await? } else { Vec::new() };
        drop(tx);

        for (user, at) in &read.lifted {
            memory.detector.begin_anew(*user, *at);
        }
        let mut findings = Vec::new();
        // The past is learnt from when the rules begin, and raises nothing.
        let began = memory.began;
        for observation in &read.observations {
            if observation.at < began {
                memory.detector.learn(observation);
            } else {
                findings.extend(memory.detector.observe(&rules, observation));
            }
        }
        for fact in &read.facts {
            findings.extend(memory.detector.observe_fact(&rules, fact));
        }
        if ticks {
            findings.extend(memory.detector.tick(&rules, now, &contacts));
            self.ticked = now;
        }
        memory.advance(&read);

        let mut step = Step { holds: true, read: read.observations.len() as u64, more: read.more, raised: 0 };
        step.raised = keep(installation, channels, &growth::together(findings), now).await?;
        for lift in &read.lifts {
            lifted(installation, *lift, now).await?;
        }
        if now - self.saved >= SAVED {
            self.save(installation, now).await?;
        }
        Ok(step)
    }

    /// The rules that decide, if this process has the stream.
    async fn take_hold(
        &mut self,
        installation: &Installation,
        now: DateTime<Utc>,
    ) -> Result<Option<RuleSet>, StoreError> {
        let mut tx = installation.store.begin().await?;
        let until = (now + HOLDS).timestamp_micros();
        let held = hold_stream(&mut tx, &self.holder, now.timestamp_micros(), until).await?;
        match (held, &self.memory) {
            (None, _) => self.memory = None,
            (Some(Held::Still), Some(_)) => {}
            (Some(_), _) => {
                self.memory = Some(match stream_state(&mut tx).await? {
                    Some(saved) => Memory::from_bytes(&saved)?,
                    None => Memory::begin(&mut tx, now).await?,
                });
            }
        }
        let rules = match (&self.memory, RuleSetRow::active(&mut tx).await?) {
            (None, _) => None,
            (Some(_), Some(row)) => {
                let broken = |_| StoreError::Corrupt("the rules that are kept are none");
                Some(RuleSet::parse(&row.rules).map_err(broken)?)
            }
            (Some(_), None) => {
                let rules = RuleSet::default_rules();
                let (version, at) = (u64::from(rules.version), now.timestamp_micros());
                RuleSetRow::activate(&mut tx, version, RuleSet::DEFAULT, at).await?;
                Some(rules)
            }
        };
        tx.commit().await?;
        Ok(rules)
    }

    async fn save(&mut self, installation: &Installation, now: DateTime<Utc>) -> Result<(), StoreError> {
        let Some(memory) = &self.memory else { return Ok(()) };
        let bytes = memory.to_bytes()?;
        let mut tx = installation.store.begin().await?;
        save_stream_state(&mut tx, &bytes).await?;
        tx.commit().await?;
        self.saved = now;
        Ok(())
    }

    /// Saves what is remembered and gives the stream to whoever wants it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn stop(&mut self, installation: &Installation) -> Result<(), StoreError> {
        self.save(installation, installation.now()).await?;
        let mut tx = installation.store.begin().await?;
        release_stream(&mut tx, &self.holder).await?;
        tx.commit().await?;
        self.memory = None;
        Ok(())
    }
}

/// Every finding in a transaction of its own, so that one that cannot be kept keeps none from being kept before it.
async fn keep(
    installation: &Installation,
    channels: &Channels,
    findings: &[Finding],
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let mut raised = 0;
    for finding in findings {
        let mut tx = installation.store.begin().await?;
        if raise(installation, &mut tx, channels, finding, now).await? {
            raised += 1;
        }
        tx.commit().await?;
    }
    Ok(raised)
}

/// When each workstation was last heard of.
async fn contacts(tx: &mut crate::store::Tx) -> Result<Vec<DeviceContact>, StoreError> {
    let devices = Device::all(tx).await?;
    let standing = devices.into_iter().filter(|device| device.revoked.is_none());
    let contact = |device: Device| {
        let last = DateTime::from_timestamp_micros(device.last_contact.unwrap_or(device.enrolled))?;
        Some(DeviceContact { device: device.log, last })
    };
    Ok(standing.filter_map(contact).collect())
}
