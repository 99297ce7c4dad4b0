//! What the operating system says. `None` and `NotKnown` mean that it does not say.

use std::path::Path;

use chrono::NaiveDate;

/// Asks the operating system. An answer that does not come within seconds is none.
pub trait Platform: Send + Sync {
    /// Everything that is known now about the computer, this process and the data folder.
    fn facts(&self, data: &Path) -> Facts;

    /// What the computer calls itself, for the audit log.
    fn machine(&self) -> Option<String> {
        None
    }
}

/// The answers.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The volume that holds the data folder.
    pub data_volume: Volume,
    /// Each swap area; empty: there is none.
    pub swap: Option<Vec<SwapArea>>,
    /// What a crash of this process leaves behind.
    pub core_dumps: Option<CoreDumps>,
    /// Which memory is kept from swap space.
    pub key_memory: Option<KeyMemory>,
    /// Who may attach to whom.
    pub attaching: Option<Attaching>,
    /// This process.
    pub process: Option<ProcessState>,
    /// Who can tell that the screen has to be locked.
    pub screen_lock: Option<ScreenLock>,
    /// Name and support.
    pub system: OperatingSystem,
    /// Whether the clock follows a time server.
    pub clock_synchronized: Option<bool>,
    /// The data folder.
    pub data_files: Option<Files>,
    /// The program and the folders above it.
    pub program_files: Option<Files>,
    /// Room on the volume of the data folder.
    pub space: Option<Space>,
}

/// Whether what is stored there is encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Volume {
    /// Encrypted, by what.
    Encrypted(String),
    /// Stored as it is, on which device.
    Plain(String),
    /// In memory only.
    Memory,
    /// The system does not say, and why not.
    NotKnown(String),
}

impl Default for Volume {
    fn default() -> Self {
        Self::NotKnown("this system was not asked".to_owned())
    }
}

/// One swap area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwapArea {
    /// The device or file.
    pub name: String,
    /// Where it lies; [`Volume::Memory`] for one that is compressed in memory.
    pub on: Volume,
}

/// What a crash leaves behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoreDumps {
    /// The largest core file in bytes; `None`: no limit.
    pub limit: Option<u64>,
    /// Which mappings a dump would hold (core(5), `coredump_filter`); 0 is none.
    pub filter: u32,
    /// Whether the kernel may dump this process at all.
    pub dumpable: bool,
    /// What the system does with dumps (`core_pattern`).
    pub pattern: String,
}

/// Which memory is kept from swap space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyMemory {
    /// All of this process.
    Everything,
    /// The pages of the keys; the limit in KiB is too small for more.
    Keys {
        /// The system's limit.
        limit_kib: u64,
    },
    /// Nothing; the limit in KiB.
    Nothing {
        /// The system's limit.
        limit_kib: u64,
    },
}

/// Who may attach to whom (`kernel.yama.ptrace_scope`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attaching {
    /// Every program to every other of the same user.
    SameUser,
    /// A program to those that it started.
    Descendants,
    /// Administrators of the system only.
    Administrators,
    /// Nobody.
    Nobody,
}

/// This process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessState {
    /// The process that traces this one.
    pub traced_by: Option<u32>,
    /// Libraries that were forced into it: names of variables and files.
    pub injected: Vec<String>,
}

/// Who can tell that the screen has to be locked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScreenLock {
    /// logind: lock, sleep, another session.
    pub logind: bool,
    /// A screen saver of the desktop.
    pub screen_saver: bool,
}

/// The operating system, in its own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperatingSystem {
    /// `Debian GNU/Linux 12 (bookworm)`.
    pub name: Option<String>,
    /// The last day of its support.
    pub support_ends: Option<NaiveDate>,
}

/// Files that somebody else than their owner, or the wrong owner, can reach: `path: what is wrong`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// How many were looked at.
    pub looked_at: usize,
    /// What is wrong; at most a few are named.
    pub loose: Vec<String>,
    /// What the user of Vigil himself may change though he need not.
    pub own: Vec<String>,
}

/// Room on a volume, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// For ordinary users.
    pub free: u64,
    /// All of it.
    pub total: u64,
}
