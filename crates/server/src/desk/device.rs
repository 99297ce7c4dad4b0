//! The workstations of the fleet.

use std::collections::HashMap;

use vigil_audit::Outcome as Went;
use vigil_model::wire::FleetDevice;

use crate::clock::rfc3339_of;
use crate::incident::{IncidentError, Officer};
use crate::installation::Installation;
use crate::kind;
use crate::store::{Device, Log, LogState};

/// Every enrolment, newest first: version, last contact, queue, log.
///
/// # Errors
/// [`IncidentError`]; what could not be put on record is not shown.
pub async fn devices(installation: &Installation, officer: Officer) -> Result<Vec<FleetDevice>, IncidentError> {
    let mut tx = installation.store.begin().await?;
    let logs: HashMap<_, _> = Log::all(&mut tx).await?.into_iter().map(|log| (log.id, log)).collect();
    let devices: Vec<FleetDevice> = Device::all(&mut tx)
        .await?
        .into_iter()
        .map(|device| {
            let log = logs.get(&device.log);
            FleetDevice {
                enrolment: device.enrolment,
                log: device.log,
                host: device.host,
                version: device.version,
                enrolled: rfc3339_of(device.enrolled),
                revoked: device.revoked.map(rfc3339_of),
                last_contact: device.last_contact.map(rfc3339_of),
                clock_ahead: device.clock_ahead,
                certificate_expires: device.certificate_expires.map(rfc3339_of),
                queued: device.queued,
                queued_since: device.queued_since.map(rfc3339_of),
                entries: log.map_or(0, |log| log.size),
                forked: log.is_some_and(|log| log.state == LogState::Forked),
                posture: device.posture,
                unit: device.unit,
            }
        })
        .collect();
    let reason = format!("devices={}", devices.len());
    installation.record(&mut tx, kind::DEVICE_SEARCH, Went::Success, officer.agent(), reason, None).await?;
    tx.commit().await?;
    Ok(devices)
}
