//! Devices, implanted or used.

use serde_json::Value;
use vigil_model::fhir::coding;
use vigil_model::fhir::date::format_date;
use vigil_model::fhir::field::{at, first, items, text};

use super::reader::{Chart, concepts, earliest_known, join, labelled, notes, qualified, title, when, when_choice};
use super::{Record, plain};
use crate::udi::{self, Agency, Udi};
use crate::view::{PlainFact, PlainRow};

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

/// What a Device says of itself, part by part: the parts of its UDI are those of 45 CFR 170.315(a)(14). `year` is the year now. What the
/// resource says of its own counts; what stands in the UDI alone is read from it, and where both differ both are told.
pub(crate) fn facts(device: &Value, year: i32) -> Vec<PlainFact> {
    let mut facts = Vec::new();
    let mut fact = |label: &str, value: String| {
        if !value.is_empty() {
            facts.push(PlainFact { label: label.to_owned(), value });
        }
    };
    let carrier = first(device, "udiCarrier");
    let readable = text(carrier, "carrierHRF");
    let parsed = (!readable.is_empty()).then(|| udi::parse(readable, year));
    let udi = parsed.as_ref().and_then(|parsed| parsed.as_ref().ok());
    let both = |own: &str, from_udi: &str| match (own, from_udi) {
        (own, "") => own.to_owned(),
        ("", from_udi) => from_udi.to_owned(),
        (own, from_udi) if own == from_udi => own.to_owned(),
        (own, from_udi) => format!("{own}; the UDI says {from_udi}"),
    };
    let of = |part: fn(&Udi) -> &String| udi.map(part).map_or("", String::as_str);
    fact("UDI", readable.to_owned());
    if let Some(Err(fault)) = &parsed {
        fact("UDI is odd", fault.to_string());
    }
    let agency = Agency::of_issuer(text(carrier, "issuer")).or_else(|| udi.map(|udi| udi.agency));
    fact("Issuing agency", agency.map(Agency::name).unwrap_or_default().to_owned());
    fact("Device identifier", both(text(carrier, "deviceIdentifier"), of(|udi| &udi.device_identifier)));
    fact("Lot or batch", both(text(device, "lotNumber"), of(|udi| &udi.lot)));
    fact("Serial number", both(text(device, "serialNumber"), of(|udi| &udi.serial)));
    // A moment and its day are no contradiction.
    let dated = |key: &str, from_udi: &str| {
        let own = text(device, key);
        let from_udi = if own.starts_with(from_udi) { "" } else { from_udi };
        both(&format_date(own), &format_date(from_udi))
    };
    fact("Made", dated("manufactureDate", of(|udi| &udi.made)));
    fact("Expires", dated("expirationDate", of(|udi| &udi.expires)));
    fact("Distinct identification code", both(text(device, "distinctIdentifier"), of(|udi| &udi.distinct)));
    fact("Manufacturer", text(device, "manufacturer").to_owned());
    fact("Model", text(device, "modelNumber").to_owned());
    facts
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(device: &Value) -> Vec<(String, String)> {
        facts(device, 2026).into_iter().map(|fact| (fact.label, fact.value)).collect()
    }

    fn value<'f>(facts: &'f [(String, String)], label: &str) -> &'f str {
        facts.iter().find(|(known, _)| known == label).map_or("", |(_, value)| value.as_str())
    }

    #[test]
    fn what_stands_in_the_udi_alone_is_read_from_it() {
        let facts = said(
            &json!({ "udiCarrier": [{ "carrierHRF": "(01)51022222233336(11)141231(17)150707(10)A213B1(21)1234" }] }),
        );
        for (label, known) in [
            ("Issuing agency", "GS1"),
            ("Device identifier", "51022222233336"),
            ("Lot or batch", "A213B1"),
            ("Serial number", "1234"),
            ("Made", "31-Dec-2014"),
            ("Expires", "07-Jul-2015"),
        ] {
            assert_eq!(value(&facts, label), known, "{label}");
        }
    }

    #[test]
    fn a_contradiction_and_an_odd_udi_are_told_and_nothing_is_chosen() {
        let device = json!({
            "udiCarrier": [{ "carrierHRF": "(01)51022222233336(10)A213B1(17)150707" }],
            "lotNumber": "B9", "expirationDate": "2015-07-07T23:58:16-04:00",
        });
        let facts = said(&device);
        assert_eq!(value(&facts, "Lot or batch"), "B9; the UDI says A213B1");
        assert_eq!(value(&facts, "Expires"), "07-Jul-2015 23:58", "a time of day more is no contradiction");
        // US Core's knee: a device identifier of twelve digits.
        let knee = json!({
            "udiCarrier": [{ "deviceIdentifier": "987979879879", "carrierHRF": "(01)987979879879(11)191015(17)220101(10)M320(21)AC221" }],
            "lotNumber": "M320",
        });
        let facts = said(&knee);
        assert!(value(&facts, "UDI is odd").contains("at character 5"), "{facts:?}");
        assert_eq!(
            (value(&facts, "Device identifier"), value(&facts, "Lot or batch")),
            ("987979879879", "M320"),
            "as it came"
        );
    }
}
