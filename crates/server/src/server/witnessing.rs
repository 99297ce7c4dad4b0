//! The second witness is shown what has grown.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::Server;
use crate::http::Stop;

const EVERY: Duration = Duration::from_secs(60);

/// Once in a minute. It is a task of its own: a witness that answers slowly holds up nothing else.
pub(super) async fn witnessing(server: Server, stop: Stop) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.said() => return,
            _ = ticks.tick() => {}
        }
        let done = match server.be_witnessed().await {
            Ok(Some(done)) => done,
            Ok(None) => return,
            Err(error) => {
                tracing::error!(%error, "the logs could not be shown to the second witness");
                continue;
            }
        };
        for (went, count) in [("cosigned", done.cosigned), ("contradicted", done.contradicted), ("failed", done.failed)]
        {
            metrics::counter!("vigil_witness_logs_total", "went" => went).increment(count);
        }
        if done.contradicted > 0 {
            tracing::error!(logs = done.contradicted, "the second witness holds another history; see the alarms");
        }
    }
}
