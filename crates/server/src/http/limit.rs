//! How many calls: of one workstation, of one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use vigil_model::DeviceId;

use super::{Outcome, Peer};
use crate::config::Limits;
use crate::server::Server;

/// What was called lately.
pub(crate) struct Gauges {
    devices: DefaultKeyedRateLimiter<DeviceId>,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    names: DefaultKeyedRateLimiter<[u8; 32]>,
    running: Arc<Mutex<HashMap<DeviceId, usize>>>,
    most: usize,
}

/// One of the calls of a workstation that run. Dropping it ends it.
pub(super) struct Turn {
    device: DeviceId,
    running: Arc<Mutex<HashMap<DeviceId, usize>>>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = running.get_mut(&self.device) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                running.remove(&self.device);
            }
        }
    }
}

impl Gauges {
    pub(crate) fn new(limits: &Limits) -> Self {
        let quota = |calls| Quota::per_minute(NonZeroU32::new(calls).unwrap_or(NonZeroU32::MIN));
        Self {
            devices: RateLimiter::keyed(quota(limits.device_calls_per_minute)),
            addresses: RateLimiter::keyed(quota(limits.address_calls_per_minute)),
            names: RateLimiter::keyed(quota(SIGN_INS_PER_MINUTE)),
            running: Arc::default(),
            most: limits.calls_per_device,
        }
    }

    pub(super) fn device(&self, device: DeviceId) -> Result<Turn, Outcome> {
        admitted(&self.devices, &device)?;
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let count = running.entry(device).or_insert(0);
        if *count >= self.most {
            return Err(refused(1));
        }
        *count += 1;
        Ok(Turn { device, running: Arc::clone(&self.running) })
    }

    /// One attempt to sign in under the name with this hash.
    pub(crate) fn sign_in(&self, name: [u8; 32]) -> Result<(), Outcome> {
        admitted(&self.names, &name)
    }

    /// Forgets whoever has not called for long enough.
    pub(crate) fn forget(&self) {
        self.devices.retain_recent();
        self.addresses.retain_recent();
        self.names.retain_recent();
    }
}

/// Attempts to sign in under one name, from all workstations together.
const SIGN_INS_PER_MINUTE: u32 = 10;

fn admitted<K: Eq + std::hash::Hash + Clone>(gauge: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), Outcome> {
    gauge.check_key(key).map_err(|later| refused(later.wait_time_from(DefaultClock::default().now()).as_secs() + 1))
}

fn refused(seconds: u64) -> Outcome {
    metrics::counter!("vigil_calls_refused_total", "reason" => "too-many").increment(1);
    Outcome::too_many(seconds)
}

/// Lets so many calls of one address through.
pub(super) async fn of_address(State(server): State<Server>, request: Request, next: Next) -> Response {
    let Some(peer) = request.extensions().get::<Peer>() else { return Outcome::FAULT.into_response() };
    match admitted(&server.gauges().addresses, &peer.address) {
        Ok(()) => next.run(request).await,
        Err(outcome) => outcome.into_response(),
    }
}
