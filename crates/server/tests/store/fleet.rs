//! Many workstations, several processes, and a database that goes away.

use std::collections::HashMap;
use std::sync::Arc;

use vigil_audit::{Agent, Kind, Outcome};
use vigil_model::PurposeOfUse;
use vigil_server::audit_log::{Draft, record, verify_all};
use vigil_server::intake::{IntakeError, receive};
use vigil_server::store::Store;

use crate::support::postgres::Cluster;
use crate::support::workstation::{Workstation, morning};
use crate::support::{On, Server};

/// Sends everything that a workstation has, in batches, and goes on where the server says.
async fn drain(stores: &[Store], server: &Server, sender: vigil_server::intake::Sender, station: &Workstation) {
    let mut next = 1;
    for turn in 0_usize.. {
        if next > station.len() {
            return;
        }
        let batch = station.batch(next, station.len().min(next + 19));
        let store = &stores[turn % stores.len()];
        match receive(store, &server.keys, sender, batch, morning()).await {
            Ok(receipt) => next = receipt.next,
            Err(IntakeError::Store(error)) if error.is_transient() => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_share_fifty_workstations() {
    let server = Arc::new(Server::on(On::Postgres).await);
    let stores = Arc::new([server.store.clone(), server.second().await]);
    let mut sending = Vec::new();
    for number in 1..=50 {
        let (mut station, sender) = server.enrol(number).await;
        station.write(100);
        // Both processes get every batch: the second arrival is known.
        for shift in 0..2 {
            let (server, stores, station) = (Arc::clone(&server), Arc::clone(&stores), station.clone());
            sending.push(tokio::spawn(async move {
                let stores = if shift == 0 { stores.to_vec() } else { stores.iter().rev().cloned().collect() };
                drain(&stores, &server, sender, &station).await;
            }));
        }
    }
    for sent in sending {
        sent.await.unwrap();
    }
    assert_eq!(server.count("SELECT COUNT(*) FROM audit_event").await, 5_000, "each once");
    let verified = verify_all(&server.store, &server.keys).await.unwrap();
    assert_eq!(verified.len(), 50, "every log");
    assert!(verified.iter().all(|log| log.verification.intact() && log.verification.entries == 100), "{verified:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_goes_away_under_load_and_nothing_is_lost_or_doubled() {
    let cluster = Arc::new(Cluster::start());
    let server = Arc::new(Server::at(cluster.database(), tempfile::tempdir().unwrap()).await);
    let mut sending = Vec::new();
    let (tell, mut told) = tokio::sync::mpsc::channel::<()>(1_024);
    for number in 1..=8 {
        let (mut station, sender) = server.enrol(number).await;
        station.write(400);
        let (server, tell) = (Arc::clone(&server), tell.clone());
        sending.push(tokio::spawn(async move {
            let mut receipts = HashMap::new();
            let mut next = 1;
            while next <= station.len() {
                let batch = station.batch(next, station.len().min(next + 9));
                match receive(&server.store, &server.keys, sender, batch, morning()).await {
                    Ok(receipt) => {
                        assert!(receipts.insert(receipt.next, ()).is_none(), "it never goes back");
                        next = receipt.next;
                        let _ = tell.try_send(());
                    }
                    Err(IntakeError::Store(error)) => assert!(error.is_transient(), "{error}"),
                    Err(error) => panic!("{error}"),
                }
            }
            station.log
        }));
    }
    drop(tell);
    for _ in 0..3 {
        // In the middle of the load: after some receipts, whatever else is under way.
        for _ in 0..10 {
            told.recv().await.unwrap();
        }
        let cluster = Arc::clone(&cluster);
        tokio::task::spawn_blocking(move || {
            cluster.crash();
            cluster.run();
        })
        .await
        .unwrap();
    }
    for sent in sending {
        sent.await.unwrap();
    }
    assert_eq!(server.count("SELECT COUNT(*) FROM audit_event").await, 3_200, "each once");
    let verified = verify_all(&server.store, &server.keys).await.unwrap();
    assert!(verified.iter().all(|log| log.verification.intact() && log.verification.entries == 400), "{verified:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_made_while_the_server_itself_writes_into_it() {
    let server = Arc::new(Server::on(On::Postgres).await);
    let mut writing = Vec::new();
    for number in 1..=8 {
        let (mut station, sender) = server.enrol(number).await;
        station.write(40);
        let stores = [server.store.clone(), server.second().await];
        let sending = Arc::clone(&server);
        writing.push(tokio::spawn(async move { drain(&stores, &sending, sender, &station).await }));
        let recording = Arc::clone(&server);
        writing.push(tokio::spawn(async move {
            for _ in 0..20 {
                record_start(&recording).await;
            }
        }));
    }
    for written in writing {
        written.await.unwrap();
    }
    assert_eq!(server.count("SELECT COUNT(*) FROM audit_event_2026_11").await, 320 + 160, "all of it in its month");
    assert_eq!(server.count("SELECT COUNT(*) FROM audit_event_other").await, 0, "nothing stayed behind");
}

/// An entry of the server's own log.
async fn record_start(server: &Server) {
    let draft = Draft {
        kind: Kind::WORKSTATION_START,
        outcome: Outcome::Success,
        agent: Agent::Server,
        purpose: PurposeOfUse::Administration,
        patient: None,
        reason: None,
        request: None,
        address: None,
    };
    let mut tx = server.store.begin().await.unwrap();
    record(&mut tx, &server.keys, draft, morning()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_start_at_once_on_an_empty_database() {
    let url = Cluster::shared().database();
    let opening = (0..6).map(|_| {
        let url = url.clone();
        tokio::spawn(async move { Store::open(&url.parse().unwrap(), None).await.map(drop) })
    });
    for opened in opening.collect::<Vec<_>>() {
        opened.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_of_another_month_has_its_own_partition_and_one_of_no_time_has_a_place() {
    let server = Server::on(On::Postgres).await;
    let (mut station, sender) = server.enrol(1).await;
    station.write(3);
    for (seq, at) in [(1, "2025-02-03T00:00:00Z"), (2, "2199-01-01T00:00:00Z")] {
        let mut event = vigil_audit::AuditEvent::parse(&station.entries[seq - 1].0).unwrap();
        event.at = at.parse().unwrap();
        station.entries[seq - 1].0 = event.canonical().unwrap();
    }
    receive(&server.store, &server.keys, sender, station.batch(1, 3), morning()).await.unwrap();
    for (table, rows) in [("audit_event_2025_02", 1), ("audit_event_2026_11", 1), ("audit_event_other", 1)] {
        assert_eq!(server.count(&format!("SELECT COUNT(*) FROM {table}")).await, rows, "{table}");
    }
    assert_eq!(server.count("SELECT COUNT(*) FROM audit_event_2027_01").await, 0, "made ahead");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_database_is_ciphertext_and_opens_under_its_key_alone() {
    let server = Server::on(On::Sqlite).await;
    let (mut station, sender) = server.enrol(1).await;
    station.write_one(Kind::PATIENT_READ);
    receive(&server.store, &server.keys, sender, station.batch(1, 1), morning()).await.unwrap();
    server.store.close().await;
    for file in std::fs::read_dir(server.folder.path()).unwrap().flatten() {
        let bytes = std::fs::read(file.path()).unwrap();
        for word in [b"SQLite format 3".as_slice(), b"patient-read", b"audit_event"] {
            assert!(
                memchr::memmem::find(&bytes, word).is_none(),
                "{:?} in {:?}",
                String::from_utf8_lossy(word),
                file.path()
            );
        }
    }
    let wrong = zeroize::Zeroizing::new([8; 32]);
    let url = server.url.parse().unwrap();
    let refused = Store::open(&url, Some(&wrong)).await.err();
    assert!(matches!(refused, Some(vigil_server::store::StoreError::Locked)), "{refused:?}");
    assert!(Store::open(&url, None).await.is_err(), "without a key");
    server.second().await;
}
