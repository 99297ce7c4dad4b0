//! A device as FHIR has it: what somebody calls it, and what its UDI says (FHIR R4 Device, `udiCarrier`).

use serde_json::{Value, json};

use super::super::draft::set;
use crate::AppError;
use crate::udi::{self, Udi};

/// A UDI that was typed from the label, or scanned.
pub(super) struct Carrier {
    udi: Udi,
    scanned: bool,
}

impl Carrier {
    /// None where nothing was typed. `year` is the year now.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub(super) fn parse(typed: &str, year: i32) -> Result<Option<Self>, AppError> {
        if typed.trim().is_empty() {
            return Ok(None);
        }
        let udi = udi::parse(typed, year).map_err(|fault| AppError::invalid(fault.to_string()))?;
        // Nobody types a symbology identifier or a separator.
        let scanned = typed.trim_start().starts_with(']') || typed.contains(udi::SEPARATOR);
        Ok(Some(Self { udi, scanned }))
    }

    /// Refuses what is typed beside the UDI and stands in it.
    pub(super) fn stands_alone(&self, serial: &str, made: &str) -> Result<(), AppError> {
        let contradicts = |typed: &str, known: &str| !typed.is_empty() && typed != known;
        if contradicts(serial, &self.udi.serial) || contradicts(made, &self.udi.made) {
            return Err(AppError::invalid(
                "serial number and day of manufacture are taken from the UDI, and these are others; leave both fields empty",
            ));
        }
        Ok(())
    }

    pub(super) fn line(&self, called: &str) -> String {
        format!("{called}, {} UDI, device identifier {}", self.udi.agency.name(), self.udi.device_identifier)
    }

    pub(super) fn put(&self, device: &mut Value) {
        let Udi { agency, readable, device_identifier, lot, serial, made, expires, distinct } = &self.udi;
        let carrier = json!({
            "deviceIdentifier": device_identifier, "issuer": agency.issuer(),
            "jurisdiction": "http://hl7.org/fhir/NamingSystem/fda-udi", "carrierHRF": readable,
            "entryType": if self.scanned { "barcode" } else { "manual" },
        });
        set(device, "udiCarrier", json!([carrier]));
        for (element, value) in [
            ("distinctIdentifier", distinct),
            ("manufactureDate", made),
            ("expirationDate", expires),
            ("lotNumber", lot),
            ("serialNumber", serial),
        ] {
            if !value.is_empty() {
                set(device, element, json!(value));
            }
        }
    }
}
