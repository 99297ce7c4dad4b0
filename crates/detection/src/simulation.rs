//! An invented hospital whose months are replayed through rules: honest work with its noise, and misuse that is planted.
//!
//! Everything follows from the seed, on every machine. Nobody in it exists. What it claims about hospitals is in `world.rs`
//! (who works when), `work.rs` (what they open and why) and `misuse.rs` (what is planted); the numbers are set so that about
//! 95 in 100 accesses are explained, a little more than the 94 of Fabbri and LeFevre (PVLDB 5(1), 2011). They are assumptions: a
//! hospital tests its rules against its own recorded months as well.

mod chance;
mod misuse;
mod pen;
mod stream;
mod work;
mod world;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigil_model::{DeviceId, UserId};

use crate::{DeviceContact, Fact, Observation};

pub use stream::Months;

/// How large, how long, and which of all such hospitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Users of all roles.
    pub users: u32,
    /// Workstations.
    pub workstations: u32,
    /// Days.
    pub days: u32,
    /// Planted users of each kind of misuse; every second one is careful and does little at a time.
    pub planted: u32,
    /// The seed.
    pub seed: u64,
}

impl Size {
    /// 500 users, 100 workstations, six months.
    pub const fn full(seed: u64) -> Self {
        Self { users: 500, workstations: 100, days: 182, planted: 8, seed }
    }

    /// Small enough for every run of the tests: 60 users, 12 workstations, nine weeks.
    pub const fn small(seed: u64) -> Self {
        Self { users: 60, workstations: 12, days: 63, planted: 2, seed }
    }
}

/// What is planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Misuse {
    /// Opens dozens of charts within an hour.
    VolumeBrowser,
    /// Opens the charts of VIPs, one here and one there.
    VipCurious,
    /// Opens the chart of one person again and again: a co-worker, or a neighbour.
    Watcher,
    /// Works by day and browses in the evening or on Sundays.
    OffHoursBrowser,
    /// Breaks the glass without an emergency.
    BreakGlassAbuser,
    /// Opens a few charts more than the work asks for, every day, for weeks.
    SlowExfiltrator,
    /// Many look at the chart of one VIP, once each, in the days when it is in the papers.
    VipCrowd,
    /// Tries passwords for one account at several workstations.
    PasswordGuesser,
    /// A workstation is carried away.
    StolenWorkstation,
    /// A log is rebuilt.
    ForkedLog,
}

impl Misuse {
    /// Every kind, the five snoopers first.
    pub const ALL: [Self; 10] = [
        Self::VolumeBrowser,
        Self::VipCurious,
        Self::Watcher,
        Self::OffHoursBrowser,
        Self::BreakGlassAbuser,
        Self::SlowExfiltrator,
        Self::VipCrowd,
        Self::PasswordGuesser,
        Self::StolenWorkstation,
        Self::ForkedLog,
    ];

    /// Its name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::VolumeBrowser => "volume-browser",
            Self::VipCurious => "vip-curious",
            Self::Watcher => "watcher",
            Self::OffHoursBrowser => "off-hours-browser",
            Self::BreakGlassAbuser => "break-glass-abuser",
            Self::SlowExfiltrator => "slow-exfiltrator",
            Self::VipCrowd => "vip-crowd",
            Self::PasswordGuesser => "password-guesser",
            Self::StolenWorkstation => "stolen-workstation",
            Self::ForkedLog => "forked-log",
        }
    }
}

/// One thing that is planted: one person, one crowd, one machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    /// What.
    pub misuse: Misuse,
    /// Whether it is done so carefully that little of it shows.
    pub careful: bool,
    /// Who; empty for what is done to machines and by whoever stands at the door.
    pub users: Vec<UserId>,
    /// Which workstation, where it is carried away.
    pub device: Option<DeviceId>,
}

/// An entry, and which of the planted it belongs to; `None`: it is honest, or nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labelled {
    /// The entry.
    pub seen: Observation,
    /// The place in the list of what is planted.
    pub planted: Option<u32>,
}

/// What reaches the server, in the order in which it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// An entry.
    Entry(Labelled),
    /// Something that the server finds, and which of the planted it belongs to.
    Fact(Fact, Option<u32>),
    /// The time, with when every workstation was last heard of.
    Time(DateTime<Utc>, Vec<DeviceContact>),
}
