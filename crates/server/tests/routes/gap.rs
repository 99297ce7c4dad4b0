//! A gap in a log that stays open becomes an incident about the workstation, once.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use vigil_audit::{Kind, SealPublicKey};
use vigil_model::DeviceId;
use vigil_model::wire::Alerts;
use vigil_server::channels::Channels;
use vigil_server::clock::Clock;
use vigil_server::config::Config;
use vigil_server::detection::Detection;
use vigil_server::installation::Installation;
use vigil_server::intake::{Sender, receive_alerts};
use vigil_server::store::incident::{IncidentRow, SubjectRow};
use vigil_server::store::{Device, DeviceCertificate, Log, NewDevice};

use crate::support::workstation::{Workstation, context};

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_that_stays_open_becomes_an_incident_about_the_workstation() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("[server]\ndata = {:?}\nnames = [\"localhost\"]\n", folder.path().join("data"));
    let config = Config::parse(&text, Path::new("test.toml")).unwrap();
    let (began, passed) = ("2026-11-30T08:00:00Z".parse::<DateTime<Utc>>().unwrap(), Arc::new(AtomicI64::new(0)));
    let minutes = Arc::clone(&passed);
    let clock = Clock::told_by(move || began + TimeDelta::minutes(passed.load(Ordering::SeqCst)));
    let installation = Installation::open(config, clock).await.unwrap();
    let (store, keys) = (&installation.store, &installation.keyring.keys);

    let seal = SealPublicKey::from_bytes(installation.keyring.seal_key.public.as_ref()).unwrap();
    let mut station = Workstation::new(1, &seal);
    let enrolment = DeviceId::parse("01900000-0000-7000-8000-000000001001").unwrap();
    let mut tx = store.begin().await.unwrap();
    Log::enrol(&mut tx, keys, station.log, &station.verifier_key()).await.unwrap();
    let device = NewDevice {
        enrolment,
        log: station.log,
        verifier_key: station.verifier_key(),
        host: "ward-1".to_owned(),
        version: "0.1.0".to_owned(),
        enrolled: began.timestamp_micros(),
    };
    let expires = (began + TimeDelta::days(90)).timestamp_micros();
    let certificate =
        DeviceCertificate { fingerprint: [1; 32], serial: "01".to_owned(), issued: device.enrolled, expires };
    Device::insert(&mut tx, &device, &certificate).await.unwrap();
    tx.commit().await.unwrap();

    let mut detection = Detection::new("reader".to_owned());
    let mut step = async |minute: i64| {
        minutes.store(minute, Ordering::SeqCst);
        detection.step(&installation, &Channels::default()).await.unwrap().raised
    };
    assert_eq!(step(0).await, 0, "the rules begin");
    station.write(5);
    station.write_one(Kind::EMERGENCY_ACCESS_START);
    let sealer = station.sealer();
    let alerts = Alerts { contexts: vec![context(&sealer)], entries: vec![(6, station.sealed(&sealer, 6))] };
    let sender = Sender { enrolment, log: station.log };
    receive_alerts(store, keys, sender, alerts, began + TimeDelta::minutes(1)).await.unwrap();
    assert_eq!(step(2).await, 0, "what was before it may still come");
    let mut tx = store.begin().await.unwrap();
    Device::heard(&mut tx, enrolment, (began + TimeDelta::minutes(61)).timestamp_micros(), None).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(step(62).await, 1, "it was an hour");
    assert_eq!(step(64).await, 0, "once");
    let mut tx = store.read().await.unwrap();
    let all = IncidentRow::all(&mut tx, None, 10).await.unwrap();
    let found: Vec<_> = all.iter().map(|row| (row.rule.as_str(), &row.subject)).collect();
    assert_eq!(found, [("log-integrity", &SubjectRow::Workstation(station.log))]);
    let evidence = all[0].evidence(&mut tx, 10).await.unwrap();
    assert_eq!(evidence, [(station.log, 1)], "the first number that has not come");
    drop(tx);
    installation.store.close().await;
}
