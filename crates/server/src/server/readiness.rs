//! Whether the server can do its work.

use std::time::Duration;

use chrono::TimeZone as _;
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use super::Server;

const PATIENCE: Duration = Duration::from_secs(5);
/// Before this the clock was never set.
const YEAR: i32 = 2026;

/// What was looked at.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Readiness {
    /// The database answers, with the schema of this program.
    pub(crate) database: bool,
    /// The custodian answers with the same master key.
    pub(crate) master_key: bool,
    /// There is room on the disk of the data folder.
    pub(crate) disk: bool,
    /// The clock was set.
    pub(crate) clock: bool,
}

impl Readiness {
    /// Whether all of it is well.
    pub(crate) const fn is_ready(&self) -> bool {
        self.database && self.master_key && self.disk && self.clock
    }
}

pub(crate) async fn readiness(server: &Server) -> Readiness {
    let database = timeout(PATIENCE, server.store().ready()).await.is_ok_and(|answer| answer.is_ok());
    let master = server.installation().master.clone();
    let master_key = timeout(PATIENCE, tokio::task::spawn_blocking(move || master.answers().is_ok()));
    let master_key = master_key.await.is_ok_and(|answer| answer.unwrap_or(false));
    let free = rustix::fs::statvfs(&server.config().data);
    let least = server.config().limits.free_disk_mib.saturating_mul(1024 * 1024);
    let disk = free.is_ok_and(|about| about.f_bavail.saturating_mul(about.f_frsize) >= least);
    let set = chrono::Utc.with_ymd_and_hms(YEAR, 1, 1, 0, 0, 0).single();
    let clock = set.is_some_and(|set| server.clock().now() >= set);
    Readiness { database, master_key, disk, clock }
}
