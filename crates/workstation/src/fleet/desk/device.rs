//! The workstations of the fleet.

use chrono::{DateTime, Utc};
use serde_json::json;
use vigil_model::DeviceId;
use vigil_model::wire::FleetDevice;
use vigil_policy::Interaction;

use super::time::{ServerTime, small};
use crate::view::{FleetDeviceListView, FleetDeviceRow};
use crate::{AppError, Workstation, clock};

/// A clock that differs by less is none that anybody has to set.
const CLOCK: u64 = 60;

impl Workstation {
    /// Lists the workstations of the fleet: version, last contact, queue, log.
    ///
    /// # Errors
    /// A denial; [`crate::ErrorCode::ReauthenticationNeeded`]; [`crate::ErrorCode::ServerOutOfReach`].
    pub fn fleet_device_search(&self) -> Result<FleetDeviceListView, AppError> {
        let devices = self.at_the_desk(Interaction::FleetDeviceSearch, json!({}), async |client, call| {
            client.desk_devices(call).await
        })?;
        let (now, own) = (self.clock.now().utc, self.vault()?.device_id());
        let rows = devices.into_iter().map(|device| row(device, own, now)).collect();
        Ok(FleetDeviceListView { rows, as_of: clock::text(&now) })
    }
}

fn row(device: FleetDevice, own: DeviceId, now: DateTime<Utc>) -> FleetDeviceRow {
    let words = |at: &Option<String>| at.as_deref().map(|at| ServerTime::of(at).words());
    let ago = |at: &Option<String>| at.as_deref().map(|at| ServerTime::of(at).minutes_ago(now));
    let certificate = device.certificate_expires.as_deref().map(ServerTime::of);
    FleetDeviceRow {
        enrolment: device.enrolment.to_string(),
        log: device.log.to_string(),
        this: device.log == own && device.revoked.is_none(),
        enrolled: ServerTime::of(&device.enrolled).words(),
        revoked: words(&device.revoked),
        last_contact: words(&device.last_contact),
        silent_minutes: ago(&device.last_contact),
        clock_ahead: device
            .clock_ahead
            .filter(|ahead| ahead.unsigned_abs() >= CLOCK)
            .map(|ahead| i32::try_from(ahead).unwrap_or(if ahead < 0 { i32::MIN } else { i32::MAX })),
        certificate_expires: certificate.as_ref().map(ServerTime::words),
        certificate_days: certificate.as_ref().and_then(|at| at.days_left(now)),
        queued: small(device.queued.unwrap_or_default()),
        queued_minutes: ago(&device.queued_since),
        entries: small(device.entries),
        forked: device.forked,
        posture: device.posture.as_deref().unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        unit: device.unit,
        host: device.host,
        version: device.version,
    }
}
