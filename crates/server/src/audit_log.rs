//! The server's own audit log, and what is done with the logs that it holds: verification and export.

mod export;
pub(crate) mod kind;
mod page;
mod record;
mod verify;

pub(crate) use page::read as log_rows;

pub use export::{ExportError, ExportFolder, export_tiles};
pub use record::{Draft, Recorded, record};
pub use verify::{VerifiedLog, verify_all, verify_log};
