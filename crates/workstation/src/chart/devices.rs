//! Devices, implanted or used.

use serde_json::Value;
use vigil_model::fhir::coding;
use vigil_model::fhir::date::format_date;
use vigil_model::fhir::field::{at, first, items, text};

use super::reader::{Chart, concepts, earliest_known, join, labelled, notes, qualified, title, when, when_choice};
use super::{Record, plain};
use crate::view::PlainRow;

/// Active first, then newest.
pub(super) fn rows(chart: &Chart<'_>) -> Vec<PlainRow> {
    let used = chart.of("DeviceUseStatement").map(|record| used(chart, record));
    plain::sorted(chart.of("Device").map(device).chain(used).collect())
}

/// A Device says what it is; when it was implanted stands in a Procedure or a DeviceUseStatement, so `when` stays unknown here.
fn device(record: &Record) -> PlainRow {
    let device = &record.json;
    let carriers = items(device, "udiCarrier").iter().map(|carrier| match text(carrier, "carrierHRF") {
        "" => text(carrier, "deviceIdentifier"),
        readable => readable,
    });
    let dated = |label, key| labelled(label, format_date(text(device, key)));
    let detail = join(
        [
            labelled("UDI", join(carriers, ", ")),
            text(device, "manufacturer").to_owned(),
            labelled("model", text(device, "modelNumber")),
            labelled("lot", text(device, "lotNumber")),
            labelled("serial", text(device, "serialNumber")),
            dated("made", "manufactureDate"),
            dated("expires", "expirationDate"),
            notes(device, "note"),
        ],
        ", ",
    );
    let mut row = plain::row(record, "type", when(""), detail);
    row.title = title(device, [device_name(device), coding::display(at(device, &["type"]))]);
    row.status = qualified(&row.status, &concepts(device, "statusReason"));
    row
}

fn used(chart: &Chart<'_>, record: &Record) -> PlainRow {
    let statement = &record.json;
    let detail = join(
        [
            labelled("for", chart.reasons(statement)),
            labelled("at", coding::display(at(statement, &["bodySite"]))),
            notes(statement, "note"),
        ],
        ", ",
    );
    let mut row = plain::row(
        record,
        "code",
        earliest_known([when_choice(statement, "timing"), when(text(statement, "recordedOn"))]),
        detail,
    );
    row.title = title(statement, [chart.name_of(statement, at(statement, &["device"])).as_str()]);
    row
}

fn device_name(device: &Value) -> &str {
    let names = items(device, "deviceName");
    let friendly = names
        .iter()
        .find(|name| text(name, "type") == "user-friendly-name")
        .unwrap_or_else(|| first(device, "deviceName"));
    text(friendly, "name")
}
