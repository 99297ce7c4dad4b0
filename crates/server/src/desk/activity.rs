//! Figures over the accesses of the fleet: what the plots of the desk draw.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use vigil_audit::Outcome as Went;
use vigil_model::UserId;
use vigil_model::wire::{FleetActivity, HourCount, Person, UnitCount, UserCount, WorkstationCount};

use crate::clock::rfc3339_of;
use crate::incident::{IncidentError, Officer};
use crate::installation::Installation;
use crate::kind;
use crate::store::incident::raised_by_day;
use crate::store::{Device, StoreError, activity as counted, directory};

const CORRUPT: StoreError = StoreError::Corrupt("a user of an entry is none");
/// Microseconds.
const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// From when (inclusive) until when (exclusive).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Inclusive.
    pub from: DateTime<Utc>,
    /// Exclusive.
    pub until: DateTime<Utc>,
}

/// The figures of a period.
///
/// # Errors
/// [`IncidentError`]; what could not be put on record is not shown.
pub async fn activity(
    installation: &Installation,
    officer: Officer,
    period: Period,
) -> Result<FleetActivity, IncidentError> {
    let (from, until) = (period.from.timestamp_micros(), period.until.timestamp_micros());
    let mut tx = installation.store.begin().await?;
    let names = directory::display_names(&mut tx).await?;
    let mut places: HashMap<_, (String, Option<String>)> = HashMap::new();
    for device in Device::all(&mut tx).await? {
        places.entry(device.log).or_insert((device.host, device.unit));
    }
    let mut figures = FleetActivity::default();
    for (hour, count) in counted::by_hour(&mut tx, from, until).await? {
        figures.accesses = figures.accesses.saturating_add(count.known());
        figures.explained = figures.explained.saturating_add(count.explained);
        let (accesses, unexplained) = (count.all, count.unexplained);
        figures.hours.push(HourCount { hour: rfc3339_of(hour.saturating_mul(HOUR)), accesses, unexplained });
    }
    for (user, role, count, patients) in counted::by_user(&mut tx, from, until).await? {
        let id = UserId::parse(&user).map_err(|_| CORRUPT)?;
        let user = Person { id, name: names.get(&user).cloned().unwrap_or_default() };
        let (accesses, unexplained) = (count.all, count.unexplained);
        figures.users.push(UserCount { user, role, accesses, unexplained, patients });
    }
    let mut units: BTreeMap<Option<String>, (u64, u64)> = BTreeMap::new();
    for (log, count) in counted::by_log(&mut tx, from, until).await? {
        let (host, unit) = places.get(&log).cloned().unwrap_or_default();
        let (accesses, unexplained) = units.entry(unit).or_default();
        *accesses = accesses.saturating_add(count.all);
        *unexplained = unexplained.saturating_add(count.unexplained);
        figures.workstations.push(WorkstationCount { host, accesses: count.all, unexplained: count.unexplained });
    }
    figures.units =
        units.into_iter().map(|(unit, (accesses, unexplained))| UnitCount { unit, accesses, unexplained }).collect();
    figures.units.sort_by_key(|one| std::cmp::Reverse(one.accesses));
    figures.emergencies =
        counted::emergencies(&mut tx, from, until).await?.into_iter().map(|(at, n)| (day(at), n)).collect();
    figures.incidents =
        raised_by_day(&mut tx, from, until).await?.into_iter().map(|(at, rule, n)| (day(at), rule, n)).collect();
    let reason = format!("from={} until={}", rfc3339_of(from), rfc3339_of(until));
    installation.record(&mut tx, kind::ACTIVITY_READ, Went::Success, officer.agent(), reason, None).await?;
    tx.commit().await?;
    Ok(figures)
}

/// `YYYY-MM-DD` (UTC).
fn day(number: i64) -> String {
    rfc3339_of(number.saturating_mul(DAY)).chars().take(10).collect()
}
