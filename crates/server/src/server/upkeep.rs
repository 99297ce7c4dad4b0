//! What the server does by itself.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::{Server, names};
use crate::http::Stop;

const EVERY: Duration = Duration::from_secs(60);

/// Once in a minute: the server's certificate, the record of key uses, what the limits remember.
pub(super) async fn upkeep(server: Server, stop: Stop) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut renew = server.0.renew;
    loop {
        tokio::select! {
            () = stop.said() => return,
            _ = ticks.tick() => {}
        }
        server.gauges().forget();
        crate::metrics::upkeep();
        if let Err(error) = server.installation().record_key_uses().await {
            tracing::error!(%error, "the uses of the master key could not be recorded");
        }
        let now = server.clock().now();
        if renew.is_some_and(|at| at <= now) {
            let authority = &server.installation().keyring.server_authority;
            match authority.for_server(&names(server.config()), now) {
                Ok((key, next)) => {
                    server.0.shown.replace(key);
                    renew = Some(next);
                    tracing::info!("the server's certificate was renewed");
                }
                Err(error) => tracing::error!(%error, "the server's certificate could not be renewed"),
            }
        }
    }
}
