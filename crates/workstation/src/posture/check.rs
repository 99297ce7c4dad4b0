//! One check and what came out of it.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What is checked. Its code is also its key in the managed policy (`"posture": {"diskEncryption": "refuse"}`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CheckId {
    /// The volume that holds the data folder.
    DiskEncryption,
    /// Swap space.
    Swap,
    /// Who keeps the device key.
    DeviceKey,
    /// The organisation recovery key.
    RecoveryKey,
    /// What locks the screen.
    ScreenLock,
    /// Pages that hold keys.
    MemoryLock,
    /// What a crash leaves behind.
    CoreDumps,
    /// Who may attach to processes of the same user.
    Attaching,
    /// A debugger, or libraries forced into the process.
    ProcessEnvironment,
    /// The files of the data folder.
    FilePermissions,
    /// The program's own files.
    Program,
    /// Whether the system still gets security updates.
    OperatingSystem,
    /// Whether the clock follows a time server.
    SystemClock,
    /// Room on the volume of the data folder.
    FreeSpace,
    /// Whether the vault opens.
    Vault,
    /// Whether every page of the database authenticates.
    Database,
    /// The head of the audit log.
    AuditLog,
    /// The program's version and the layout of the data.
    Version,
    /// Whether the managed policy can be used.
    ManagedPolicy,
}

impl CheckId {
    /// Every check that the managed policy may name: those that are looked at before somebody signs in.
    pub const ALL_OF_POLICY: [Self; 14] = [
        Self::DiskEncryption,
        Self::Swap,
        Self::DeviceKey,
        Self::RecoveryKey,
        Self::ScreenLock,
        Self::MemoryLock,
        Self::CoreDumps,
        Self::Attaching,
        Self::ProcessEnvironment,
        Self::FilePermissions,
        Self::Program,
        Self::OperatingSystem,
        Self::SystemClock,
        Self::FreeSpace,
    ];

    /// The code.
    pub const fn key(self) -> &'static str {
        match self {
            Self::DiskEncryption => "diskEncryption",
            Self::Swap => "swap",
            Self::DeviceKey => "deviceKey",
            Self::RecoveryKey => "recoveryKey",
            Self::ScreenLock => "screenLock",
            Self::MemoryLock => "memoryLock",
            Self::CoreDumps => "coreDumps",
            Self::Attaching => "attaching",
            Self::ProcessEnvironment => "processEnvironment",
            Self::FilePermissions => "filePermissions",
            Self::Program => "program",
            Self::OperatingSystem => "operatingSystem",
            Self::SystemClock => "systemClock",
            Self::FreeSpace => "freeSpace",
            Self::Vault => "vault",
            Self::Database => "database",
            Self::AuditLog => "auditLog",
            Self::Version => "version",
            Self::ManagedPolicy => "managedPolicy",
        }
    }

    /// What people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DiskEncryption => "Disk encryption",
            Self::Swap => "Swap space",
            Self::DeviceKey => "Device key",
            Self::RecoveryKey => "Recovery key",
            Self::ScreenLock => "Screen lock",
            Self::MemoryLock => "Memory of keys",
            Self::CoreDumps => "Core dumps",
            Self::Attaching => "Other programs of the user",
            Self::ProcessEnvironment => "Debuggers and injected libraries",
            Self::FilePermissions => "Data folder",
            Self::Program => "Program files",
            Self::OperatingSystem => "Operating system",
            Self::SystemClock => "Clock",
            Self::FreeSpace => "Free space",
            Self::Vault => "Vault",
            Self::Database => "Database pages",
            Self::AuditLog => "Audit log",
            Self::Version => "Version",
            Self::ManagedPolicy => "Managed policy",
        }
    }

    /// Why it matters.
    pub const fn why(self) -> &'static str {
        match self {
            Self::DiskEncryption => {
                "The database is encrypted by itself; the disk's own encryption also covers what other programs and the \
                 system write, and keeps another system from being started on this disk."
            }
            Self::Swap => "What is swapped out stays on the disk after the lock and after the computer is off.",
            Self::DeviceKey => {
                "It ties the data to this device. A key in a file protects nothing from who reads the disk."
            }
            Self::RecoveryKey => "Without it nothing opens the data once the device key is lost.",
            Self::ScreenLock => "An unattended screen shows a patient's data to whoever passes by.",
            Self::MemoryLock => "A key in memory that the system may swap out can end up on the disk.",
            Self::CoreDumps => "A dump of a crashed program holds what it held in memory.",
            Self::Attaching => {
                "A program of the same user that may attach to others reads what the page shows. Vigil closes its own process; \
                 only the system can close those of the web view."
            }
            Self::ProcessEnvironment => "Who debugs the program or forces a library into it sees all that it sees.",
            Self::FilePermissions => "Other users of this computer must not read or change the data.",
            Self::Program => "Who can change the program can make it do anything.",
            Self::OperatingSystem => "A system without security updates protects nothing above it for long.",
            Self::SystemClock => "Entries in charts and in the audit log carry its time.",
            Self::FreeSpace => "Without room no audit entry can be written, and then nothing is shown.",
            Self::Vault => "It holds the charts, the keys and the audit log.",
            Self::Database => "A damaged page is found here before somebody needs it.",
            Self::AuditLog => "It proves who saw and did what. `vigil audit verify` checks every entry.",
            Self::Version => "Data of a newer program does not open in an older one.",
            Self::ManagedPolicy => {
                "It holds what the organisation prescribes; Vigil does not start without understanding it."
            }
        }
    }
}

/// What came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum CheckState {
    /// As it should be.
    Ok,
    /// Weaker than it could be.
    Warn,
    /// Not as it should be.
    Fail,
    /// The system does not say.
    Unknown,
}

impl CheckState {
    /// The code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Which.
    pub id: CheckId,
    /// What came out.
    pub state: CheckState,
    /// What was found, in words. Names of devices and folders of the system, never of a patient.
    pub found: String,
    /// What to do; `None` when nothing has to be done.
    pub advice: Option<String>,
}

impl Check {
    pub(crate) fn ok(id: CheckId, found: impl Into<String>) -> Self {
        Self { id, state: CheckState::Ok, found: found.into(), advice: None }
    }

    pub(crate) fn warn(id: CheckId, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { id, state: CheckState::Warn, found: found.into(), advice: Some(advice.into()) }
    }

    pub(crate) fn fail(id: CheckId, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { id, state: CheckState::Fail, found: found.into(), advice: Some(advice.into()) }
    }

    pub(crate) fn unknown(id: CheckId, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { id, state: CheckState::Unknown, found: found.into(), advice: Some(advice.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_the_code_that_crosses_to_the_screen() {
        for id in CheckId::ALL_OF_POLICY {
            assert_eq!(serde_json::to_value(id).unwrap(), id.key(), "one name for one thing");
        }
    }
}
