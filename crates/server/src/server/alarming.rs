//! The rules at work, and the messages that follow.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

use super::Server;
use crate::delivery::{deliver_due, escalate_due};
use crate::detection::{Detection, EVERY};
use crate::http::Stop;

/// Messages are looked for so often, when nobody says that one was queued.
const DELIVER: Duration = Duration::from_millis(500);

/// Reads the stream as soon as something has come in here, and twice in a second for what came in elsewhere.
pub(super) async fn detecting(server: Server, stop: Stop) {
    let mut detection = Detection::new(Uuid::now_v7().to_string());
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.said() => break,
            () = server.0.arrived.notified() => {}
            _ = ticks.tick() => {}
        }
        match detection.step(server.installation(), server.channels()).await {
            Ok(step) => {
                metrics::counter!("vigil_entries_judged_total").increment(step.read);
                if step.raised > 0 {
                    server.0.queued.notify_one();
                }
                if step.more {
                    server.0.arrived.notify_one();
                }
            }
            Err(error) => tracing::error!(%error, "the rules could not read the stream; they read it again"),
        }
    }
    if let Err(error) = detection.stop(server.installation()).await {
        tracing::warn!(%error, "where the rules are could not be saved; they read a part of the stream again");
    }
}

/// Sends what is queued. It is a task of its own: a receiver that answers slowly holds up no rule.
pub(super) async fn delivering(server: Server, stop: Stop) {
    let mut ticks = interval(DELIVER);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.said() => return,
            () = server.0.queued.notified() => {}
            _ = ticks.tick() => {}
        }
        let (installation, channels) = (server.installation(), server.channels());
        if let Err(error) = escalate_due(installation, channels).await {
            tracing::error!(%error, "incidents that nobody has answered could not be escalated");
        }
        if let Err(error) = deliver_due(installation, channels).await {
            tracing::error!(%error, "messages could not be sent; they stay queued");
        }
    }
}
