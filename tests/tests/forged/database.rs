//! The database of a software custodian, opened as whoever copied the data folder can: with the key that the custodian gives out.

use anyhow::{Context, Result};
use rusqlite::Connection;
use serde_json::Value;
use std::fs;
use vigil_tests::hospital::Hospital;
use vigil_vault::{Custodian as _, SoftwareCustodian};

/// Opens it beside the program, which goes on.
pub(crate) fn open(hospital: &Hospital) -> Result<Connection> {
    let data = hospital.home.data();
    let device: Value = serde_json::from_slice(&fs::read(data.join("device.json"))?)?;
    let of_device = |name: &str| device.get(name).and_then(Value::as_str).with_context(|| format!("no {name}"));
    let sealed = hex::decode(of_device("sealed")?)?;
    let purpose = format!("vigil/device/v1|{}", of_device("device")?);
    let secrets = SoftwareCustodian::at(&data.join("device.root")).open(&purpose, &sealed)?;
    let connection = Connection::open(data.join("vigil.db"))?;
    let key = hex::encode(secrets.first_chunk::<32>().context("the secrets are too short")?);
    connection.execute_batch(&format!("PRAGMA key = \"x'{key}'\"; PRAGMA cipher_hmac_algorithm = HMAC_SHA256;"))?;
    Ok(connection)
}
