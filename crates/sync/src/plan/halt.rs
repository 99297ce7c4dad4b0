//! When a person has to look before entries are sent again.

/// Why entries are sent no more. All of them are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    /// The server holds another entry under this number.
    #[error("the server holds another entry {0} of this workstation: the log was forked or rebuilt")]
    Conflict(u64),
    /// The server holds more than there is.
    #[error(
        "the server holds entries up to {held}, and this workstation has {entries}: an older copy of its vault was put back"
    )]
    RolledBack {
        /// The last that the server holds.
        held: u64,
        /// Entries in the log.
        entries: u64,
    },
    /// The server lost what it had cosigned, and the outbox has it no more.
    #[error(
        "the server lost entries {from} to {to}, which it had confirmed: export this workstation's log and hand it in"
    )]
    ServerLost {
        /// The first.
        from: u64,
        /// The last.
        to: u64,
    },
    /// The server does not accept the workstation's checkpoint.
    #[error("the server does not accept this workstation's checkpoints: its log is not the one that was enrolled")]
    Checkpoint,
}
