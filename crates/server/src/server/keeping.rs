//! How long entries are kept.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::Server;
use crate::http::Stop;

const EVERY: Duration = Duration::from_secs(60 * 60);

/// Once in an hour: months that were kept for long enough are archived and let go.
pub(super) async fn keeping(server: Server, stop: Stop) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.said() => return,
            _ = ticks.tick() => {}
        }
        match server.let_months_go().await {
            Ok(months) => {
                for gone in months {
                    metrics::counter!("vigil_months_archived_total").increment(1);
                    tracing::info!(month = gone.month, entries = gone.entries, "a month was archived and let go");
                }
            }
            Err(error) => {
                metrics::counter!("vigil_retention_failed_total").increment(1);
                tracing::error!(%error, "months that were kept for long enough could not be archived; they stay");
            }
        }
    }
}
