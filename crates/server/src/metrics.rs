//! What the server counts, as Prometheus text. No label names a patient, a user or a workstation.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::http::Outcome;
use crate::server::{Server, readiness};
use crate::store::{Alarm, Device, Log, LogState};

/// One recorder for the process: servers that run in one test share it.
static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
/// Seconds.
const LATENCIES: [f64; 9] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];
/// Workstations that were silent for longer, in hours.
const SILENT: [i64; 3] = [1, 24, 72];

/// Begins to count.
pub(crate) fn begin() {
    RECORDER.get_or_init(|| {
        let builder = PrometheusBuilder::new();
        let builder = builder.set_buckets_for_metric(Matcher::Full("vigil_http_seconds".to_owned()), &LATENCIES);
        builder.ok()?.install_recorder().ok()
    });
}

/// Everything, as it is now.
pub(crate) async fn render(server: &Server) -> Result<String, Outcome> {
    let Some(Some(recorder)) = RECORDER.get() else { return Err(Outcome::unavailable(1)) };
    let mut tx = server.store().read().await?;
    let devices = Device::all(&mut tx).await?;
    for (kind, number) in Alarm::counts(&mut tx).await? {
        metrics::gauge!("vigil_alarms", "kind" => kind.code())
            .set(count(usize::try_from(number).unwrap_or(usize::MAX)));
    }
    let logs = Log::all(&mut tx).await?;
    drop(tx);
    let forked = logs.iter().filter(|log| log.state == LogState::Forked).count();
    metrics::gauge!("vigil_logs_forked").set(count(forked));
    if server.config().witness.is_some() {
        let behind = logs.iter().filter(|log| log.checkpoint_size > log.witnessed_size).count();
        metrics::gauge!("vigil_logs_unwitnessed").set(count(behind));
    }
    let ready = readiness(server).await;
    let parts =
        [("database", ready.database), ("master-key", ready.master_key), ("disk", ready.disk), ("clock", ready.clock)];
    for (part, is_well) in parts {
        metrics::gauge!("vigil_ready", "part" => part).set(f64::from(u8::from(is_well)));
    }
    let now = server.clock().now().timestamp_micros();
    let enrolled = devices.iter().filter(|device| device.revoked.is_none()).collect::<Vec<_>>();
    metrics::gauge!("vigil_devices_enrolled").set(count(enrolled.len()));
    metrics::gauge!("vigil_devices_calling").set(count(server.callers().count()));
    let ages = enrolled.iter().filter_map(|device| device.last_contact).map(|contact| seconds(now - contact));
    metrics::gauge!("vigil_last_contact_age_seconds_max").set(ages.clone().fold(0.0, f64::max));
    for hours in SILENT {
        let silent = ages.clone().filter(|age| *age > seconds(hours * 3_600_000_000)).count();
        metrics::gauge!("vigil_devices_silent", "hours" => hours.to_string()).set(count(silent));
    }
    let queued = enrolled.iter().filter_map(|device| device.queued).sum::<u64>();
    metrics::gauge!("vigil_queued_entries").set(count(usize::try_from(queued).unwrap_or(usize::MAX)));
    let waiting = enrolled.iter().filter_map(|device| device.queued_since).map(|since| seconds(now - since));
    metrics::gauge!("vigil_queue_age_seconds_max").set(waiting.fold(0.0, f64::max));
    let ahead = enrolled.iter().filter_map(|device| device.clock_ahead).map(|ahead| seconds(ahead.abs() * 1_000_000));
    metrics::gauge!("vigil_clock_difference_seconds_max").set(ahead.fold(0.0, f64::max));
    let expires = enrolled.iter().filter_map(|device| device.certificate_expires).map(|expires| seconds(expires - now));
    if let Some(soonest) = expires.reduce(f64::min) {
        metrics::gauge!("vigil_device_certificate_seconds_left_min").set(soonest);
    }
    Ok(recorder.render())
}

/// Whether what was counted is to be put in order: the recorder keeps samples until then.
pub(crate) fn upkeep() {
    if let Some(Some(recorder)) = RECORDER.get() {
        recorder.run_upkeep();
    }
}

#[expect(clippy::cast_precision_loss, reason = "a gauge shows it, nothing is computed with it")]
fn seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}

#[expect(clippy::cast_precision_loss, reason = "a gauge shows it, nothing is computed with it")]
fn count(number: usize) -> f64 {
    number as f64
}
