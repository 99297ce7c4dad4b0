//! What to do next: decided from what happened, with the time since boot and chance passed in.
//!
//! Two lanes run beside each other, each with one call at most on its way: urgent entries have one of their own, so that nothing that
//! waits or hangs before them holds them up. Everything else takes turns in the main lane.

mod duty;
mod halt;
mod happened;
mod repair;
mod size;

use std::time::Duration;

use crate::Failure;
use crate::backoff::Backoff;
use duty::Duties;
pub use duty::{Duty, Lane};
pub use halt::Halt;
use repair::Repairs;
pub use size::BatchSize;

/// No wait is longer.
pub const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// The longest wait of urgent entries while the server answers.
pub const URGENT_WAIT: Duration = Duration::from_secs(5);
/// The longest wait of urgent entries while it does not.
pub const URGENT_WAIT_OFFLINE: Duration = Duration::from_secs(30);
/// How often the directory is asked for.
pub const DIRECTORY_EVERY: Duration = Duration::from_secs(20);
/// How often the server is asked how it sees this workstation.
pub const DEVICE_EVERY: Duration = Duration::from_secs(3600);

/// How much the outbox holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Entries in the log.
    pub entries: u64,
    /// The newest receipt covers the entries up to this number.
    pub covered: u64,
    /// Urgent entries that were not delivered.
    pub urgent: u64,
}

/// What happened. Whoever tells of an answer or a failure looks at the outbox first and tells of that before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The outbox was looked at: entries, urgent ones too, may have been written.
    Written(Standing),
    /// The server said how it sees the workstation.
    Device {
        /// The number that it expects next.
        next: u64,
        /// The version of its directory.
        directory: u64,
    },
    /// A receipt came, was verified and is kept.
    Receipt {
        /// The number that the server expects next.
        next: u64,
        /// The version of its directory.
        directory: u64,
    },
    /// The directory that is held is the newest one, and this is its version.
    Directory {
        /// The version.
        version: u64,
    },
    /// There is a new certificate, to be renewed at this time.
    Renewed {
        /// Time since boot.
        renew: Duration,
    },
    /// Urgent entries were delivered.
    Delivered,
    /// An entry was sealed anew, or is in quarantine, as this lane had asked.
    Repaired(Lane),
    /// The outbox had nothing to give for this.
    Nothing(Duty),
    /// Something failed.
    Failed {
        /// What.
        duty: Duty,
        /// Why.
        failure: Failure,
        /// The numbers of the entries that it carried, first and last.
        carried: Option<(u64, u64)>,
    },
    /// An administrator acted: try again what was given up.
    Retry,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send the urgent entries.
    PushUrgent,
    /// Send entries.
    Push {
        /// From this number on.
        from: u64,
        /// How many at most.
        size: BatchSize,
    },
    /// Ask how the server sees this workstation.
    AskDevice,
    /// Ask for the newest receipt.
    AskReceipt,
    /// Ask for the directory, if its version is not this one.
    AskDirectory {
        /// The version that is held.
        held: u64,
    },
    /// Ask for the next certificate.
    Renew,
    /// Seal an entry anew.
    Reseal(Lane, u64),
    /// Keep an entry back.
    Quarantine(Lane, u64, &'static str),
    /// Entries are sent no more until an administrator acts. Said once.
    GiveUp(Halt),
    /// Nothing before this time.
    Wait(Duration),
}

/// The plan.
#[derive(Debug)]
pub struct Plan {
    standing: Standing,
    directory: u64,
    duties: Duties,
    main: Backoff,
    urgent: Backoff,
    /// Whether the last that was heard of the server is an answer.
    answers: bool,
    size: BatchSize,
    repairs: Repairs,
    /// What was covered when the last batch or question for a receipt went out.
    covered_before: u64,
    /// Where the server wants to have entries again that it had cosigned.
    back: Option<u64>,
    lost: Option<(u64, u64)>,
    halt: Option<Halt>,
    halt_said: bool,
}

impl Plan {
    /// The plan of a workstation that starts: the version of its directory, when its certificate is to be renewed.
    pub fn new(standing: Standing, directory: u64, renew: Duration, now: Duration) -> Self {
        Self {
            standing,
            directory,
            duties: Duties::new(renew, now),
            main: Backoff::default(),
            urgent: Backoff::default(),
            answers: false,
            size: BatchSize::LARGEST,
            repairs: Repairs::default(),
            covered_before: standing.covered,
            back: None,
            lost: None,
            halt: None,
            halt_said: false,
        }
    }

    /// The entries that the server cosigned and lost, first and last, while it has not got them back.
    pub const fn lost(&self) -> Option<(u64, u64)> {
        self.lost
    }

    /// Why entries are sent no more.
    pub const fn halt(&self) -> Option<Halt> {
        self.halt
    }

    /// What to do next. Every step but [`Step::Wait`] and [`Step::GiveUp`] is answered with an [`Event`] when it is done.
    pub fn next(&mut self, now: Duration) -> Step {
        if let Some(halt) = self.halt
            && !self.halt_said
        {
            self.halt_said = true;
            return Step::GiveUp(halt);
        }
        if !self.duties.is_busy(Lane::Urgent)
            && let Some(step) = self.urgent_step(now)
        {
            return step;
        }
        if !self.duties.is_busy(Lane::Main)
            && let Some(step) = self.main_step(now)
        {
            return step;
        }
        Step::Wait(self.until(now))
    }

    fn urgent_step(&mut self, now: Duration) -> Option<Step> {
        if let Some(step) = self.repairs.begin(Lane::Urgent) {
            self.duties.begin(Duty::UrgentRepair);
            return Some(step);
        }
        if self.standing.urgent == 0 || self.urgent.until() > now {
            return None;
        }
        self.duties.begin(Duty::Urgent);
        Some(Step::PushUrgent)
    }

    fn main_step(&mut self, now: Duration) -> Option<Step> {
        if let Some(step) = self.repairs.begin(Lane::Main) {
            self.duties.begin(Duty::Repair);
            return Some(step);
        }
        if self.main.until() > now {
            return None;
        }
        let pushes = self.pushes();
        let duty = self.duties.due(now, pushes)?;
        self.duties.begin(duty);
        self.covered_before = self.standing.covered;
        Some(match duty {
            Duty::Device => Step::AskDevice,
            Duty::Receipt => Step::AskReceipt,
            Duty::Renew => Step::Renew,
            Duty::Directory => Step::AskDirectory { held: self.directory },
            Duty::Push | Duty::Urgent | Duty::Repair | Duty::UrgentRepair => {
                Step::Push { from: self.from(), size: self.size }
            }
        })
    }

    const fn pushes(&self) -> bool {
        self.halt.is_none() && (self.standing.entries > self.standing.covered || self.back.is_some())
    }

    /// Never beyond the first entry that no receipt covers.
    fn from(&self) -> u64 {
        let first = self.standing.covered.saturating_add(1);
        self.back.map_or(first, |back| back.min(first))
    }

    fn until(&self, now: Duration) -> Duration {
        let mut until = now.saturating_add(LONGEST_WAIT);
        if !self.duties.is_busy(Lane::Urgent) && self.standing.urgent > 0 {
            until = until.min(self.urgent.until());
        }
        if !self.duties.is_busy(Lane::Main)
            && let Some(due) = self.duties.earliest(self.pushes())
        {
            until = until.min(due.max(self.main.until()));
        }
        until.max(now)
    }
}
