//! What there is to do, and when it is due.

use std::time::Duration;

use super::{DEVICE_EVERY, DIRECTORY_EVERY};
use crate::backoff::Backoff;

/// Where a step runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Everything in its turn.
    Main,
    /// Urgent entries.
    Urgent,
}

/// One thing that is done again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// [`super::Step::AskDevice`]
    Device,
    /// [`super::Step::AskReceipt`]
    Receipt,
    /// [`super::Step::Renew`]
    Renew,
    /// [`super::Step::AskDirectory`]
    Directory,
    /// [`super::Step::Push`]
    Push,
    /// [`super::Step::Reseal`] and [`super::Step::Quarantine`] in the main lane.
    Repair,
    /// [`super::Step::PushUrgent`]
    Urgent,
    /// [`super::Step::Reseal`] and [`super::Step::Quarantine`] in the urgent lane.
    UrgentRepair,
}

impl Duty {
    /// Where it runs.
    pub const fn lane(self) -> Lane {
        match self {
            Self::Device | Self::Receipt | Self::Renew | Self::Directory | Self::Push | Self::Repair => Lane::Main,
            Self::Urgent | Self::UrgentRepair => Lane::Urgent,
        }
    }
}

/// When something is due, and how it went.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Due {
    at: Option<Duration>,
    backoff: Backoff,
}

impl Due {
    const fn at(at: Duration) -> Self {
        Self { at: Some(at), backoff: Backoff::NONE }
    }

    fn when(&self) -> Option<Duration> {
        self.at.map(|at| at.max(self.backoff.until()))
    }
}

/// The duties of both lanes.
#[derive(Debug)]
pub(super) struct Duties {
    device: Due,
    receipt: Due,
    renew: Due,
    directory: Due,
    push: Due,
    main: Option<Duty>,
    urgent: Option<Duty>,
}

impl Duties {
    pub(super) fn new(renew: Duration, now: Duration) -> Self {
        Self {
            device: Due::at(now),
            receipt: Due::default(),
            renew: Due::at(renew),
            directory: Due::at(now),
            push: Due::at(now),
            main: None,
            urgent: None,
        }
    }

    pub(super) const fn is_busy(&self, lane: Lane) -> bool {
        match lane {
            Lane::Main => self.main.is_some(),
            Lane::Urgent => self.urgent.is_some(),
        }
    }

    pub(super) fn begin(&mut self, duty: Duty) {
        *self.busy(duty.lane()) = Some(duty);
    }

    /// Whether this was on its way; what nobody asked for changes nothing.
    pub(super) fn end(&mut self, duty: Duty) -> bool {
        let busy = self.busy(duty.lane());
        let was = *busy == Some(duty);
        if was {
            *busy = None;
        }
        was
    }

    fn busy(&mut self, lane: Lane) -> &mut Option<Duty> {
        match lane {
            Lane::Main => &mut self.main,
            Lane::Urgent => &mut self.urgent,
        }
    }

    /// The main lane's first duty that is due.
    pub(super) fn due(&self, now: Duration, pushes: bool) -> Option<Duty> {
        self.main_lane(pushes).find(|(_, due)| due.when().is_some_and(|when| when <= now)).map(|(duty, _)| duty)
    }

    pub(super) fn earliest(&self, pushes: bool) -> Option<Duration> {
        self.main_lane(pushes).filter_map(|(_, due)| due.when()).min()
    }

    fn main_lane(&self, pushes: bool) -> impl Iterator<Item = (Duty, &Due)> {
        let all = [
            (Duty::Device, &self.device),
            (Duty::Receipt, &self.receipt),
            (Duty::Renew, &self.renew),
            (Duty::Directory, &self.directory),
            (Duty::Push, &self.push),
        ];
        all.into_iter().filter(move |(duty, _)| pushes || *duty != Duty::Push)
    }

    /// The back-off of a duty of the main lane.
    pub(super) fn backoff(&mut self, duty: Duty) -> &mut Backoff {
        match duty {
            Duty::Device => &mut self.device.backoff,
            Duty::Receipt => &mut self.receipt.backoff,
            Duty::Renew => &mut self.renew.backoff,
            Duty::Directory => &mut self.directory.backoff,
            Duty::Push | Duty::Repair | Duty::Urgent | Duty::UrgentRepair => &mut self.push.backoff,
        }
    }

    /// The server is there again: what failed before says nothing any more.
    pub(super) fn begin_anew(&mut self) {
        for due in [&mut self.device, &mut self.receipt, &mut self.renew, &mut self.directory, &mut self.push] {
            due.backoff.reset();
        }
    }

    /// Whoever was away asks first how it stands: what was sent last may have arrived.
    pub(super) fn device_is_due(&mut self, now: Duration) {
        self.device.at = Some(now);
    }

    pub(super) fn device_answered(&mut self, now: Duration) {
        self.device = Due::at(now.saturating_add(DEVICE_EVERY));
    }

    pub(super) fn directory_answered(&mut self, now: Duration) {
        self.directory = Due::at(now.saturating_add(DIRECTORY_EVERY));
    }

    /// Another directory was announced. One that does not come is not asked for without a pause.
    pub(super) fn directory_is_due(&mut self, now: Duration) {
        let asked = self.directory.at.map(|next| next.saturating_sub(DIRECTORY_EVERY)).unwrap_or_default();
        let soon = now.max(asked.saturating_add(Duration::from_secs(1)));
        self.directory.at = Some(self.directory.at.map_or(soon, |at| at.min(soon)));
    }

    pub(super) fn renewed(&mut self, renew: Duration) {
        self.renew = Due::at(renew);
    }

    pub(super) fn receipt_is_due(&mut self, now: Duration) {
        self.receipt.at = Some(now);
    }

    pub(super) fn receipt_answered(&mut self) {
        self.receipt.at = None;
    }
}
