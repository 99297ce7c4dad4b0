//! What one workstation can do with what belongs to another: nothing, and the attempt is on record.

use std::collections::BTreeSet;

use vigil_model::wire::{AUDIT_ID, Batch, Refusal, SEALED_BATCH};
use vigil_server::store::{Alarm, AlarmKind};
use vigil_sync::{Failure, Outbox as _, OutboxError};

use crate::raw::{ask, call, connect, shown, status};
use crate::running::Running;
use crate::station::Station;

/// Two workstations, each with entries of its own that the server holds.
async fn two() -> (Running, Station, Station) {
    let server = Running::start("").await;
    let (one, other) = (server.enrol(1).await, server.enrol(2).await);
    for (station, entries) in [(&one, 30), (&other, 50)] {
        station.outbox.write(entries);
        let handle = station.run();
        station.settle(&handle).await;
        handle.stop().await;
    }
    (server, one, other)
}

async fn alarms(server: &Running) -> BTreeSet<(&'static str, String)> {
    let mut tx = server.installation().store.begin().await.unwrap();
    let alarms = Alarm::newest(&mut tx, 100).await.unwrap();
    alarms.iter().map(|alarm| (alarm.kind.code(), alarm.log.map_or(String::new(), |log| log.to_string()))).collect()
}

/// A batch as it travels, with this certificate, under this audit id.
async fn send(server: &Running, who: &Station, audit_id: &str, batch: &Batch) -> String {
    let identity = who.identity();
    let mut stream = connect(server.ports[0], &identity.anchor, Some(shown(&identity))).await.unwrap();
    let headers = format!("content-type: {SEALED_BATCH}\r\n{AUDIT_ID}: {audit_id}\r\n");
    let body = serde_json::to_vec(batch).unwrap();
    ask(&mut stream, &call("POST", "/v1/log/entries", &headers, &body)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_batch_of_another_is_refused_and_on_record() {
    let (server, one, other) = two().await;
    other.outbox.write(10);
    let theirs = other.outbox.station();
    let captured = theirs.batch(51, 60);
    let (log, their_log) = (one.identity().log, other.identity().log);
    // As it was captured, and as if it were the caller's own turn.
    for from in [51, 31] {
        let batch = Batch { from, ..captured.clone() };
        let refused = one.client().push(log, batch).await;
        let expected = if from == 51 { Refusal::Poison { seq: 51 } } else { Refusal::Poison { seq: 31 } };
        assert_eq!(refused, Err(Failure::Refused(expected)), "sealed for another log, from {from}");
    }
    // Entries that open for nobody need not be opened: hashes alone, under the checkpoint of the other.
    let hashes =
        Batch { entries: (51..=60).map(|seq| theirs.quarantined(seq)).collect(), contexts: Vec::new(), ..captured };
    let refused = one.client().push(log, Batch { from: 31, ..hashes }).await;
    assert_eq!(refused, Err(Failure::Refused(Refusal::Checkpoint)), "signed by another key");
    // Alerts likewise.
    let sealer = theirs.sealer();
    let alerts = vigil_model::wire::Alerts {
        contexts: vec![crate::support::workstation::context(&sealer)],
        entries: vec![(51, theirs.sealed(&sealer, 51))],
    };
    let refused = one.client().alert(log, &alerts).await;
    assert_eq!(refused, Err(Failure::Refused(Refusal::Poison { seq: 51 })), "an alarm of another");

    let (mine, yours) = (one.client().device().await.unwrap(), other.client().device().await.unwrap());
    assert_eq!((mine.next, yours.next), (31, 51), "neither log has moved");
    let alarms = alarms(&server).await;
    for kind in [AlarmKind::Poison, AlarmKind::Checkpoint] {
        assert!(alarms.contains(&(kind.code(), log.to_string())), "{} of the one who tried: {alarms:?}", kind.code());
    }
    assert!(alarms.iter().all(|(_, log)| *log != their_log.to_string()), "the other did nothing: {alarms:?}");
    // Both go on.
    for station in [&one, &other] {
        station.outbox.write(5);
        let handle = station.run();
        station.settle(&handle).await;
        handle.stop().await;
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_captured_batch_that_is_sent_again_is_recognised() {
    let (server, one, other) = two().await;
    one.outbox.write(20);
    let captured = one.outbox.station().batch(31, 50);
    let first = one.client().push(one.identity().log, captured.clone()).await.unwrap();
    assert_eq!((first.next, first.known), (51, 0), "new");
    for _ in 0..3 {
        let again = one.client().push(one.identity().log, captured.clone()).await.unwrap();
        assert_eq!((again.next, again.known), (51, 20), "known, each of them");
    }
    let stolen = other.client().push(other.identity().log, captured).await;
    assert!(matches!(stolen, Err(Failure::Refused(_))), "by another it is none at all: {stolen:?}");
    let verified =
        vigil_server::audit_log::verify_all(&server.installation().store, &server.installation().keyring.keys);
    let verified = verified.await.unwrap();
    assert!(verified.iter().all(|log| log.verification.intact()), "{verified:?}");
    let sizes: BTreeSet<u64> = verified.iter().map(|log| log.verification.entries).collect();
    assert!(sizes.contains(&50), "each once: {sizes:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_of_another_acknowledges_nothing() {
    let (server, one, other) = two().await;
    let theirs = other.client().receipt().await.unwrap();
    one.outbox.write(40);
    let before = one.outbox.state().unwrap();
    assert!(matches!(one.outbox.receipt(&theirs), Err(OutboxError::Forged)), "the server's, and about another log");
    assert_eq!(one.outbox.state().unwrap(), before, "nothing is taken for safe");
    let own = one.client().receipt().await.unwrap();
    assert!(one.outbox.receipt(&own).is_ok() && one.outbox.state().unwrap().covered == 30, "its own is");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_entry_of_another_does_not_record_the_call() {
    let (server, one, other) = two().await;
    one.outbox.write(1);
    let batch = one.outbox.station().batch(31, 31);
    let (log, their_log) = (one.identity().log, other.identity().log);
    for id in [
        format!("{their_log}.31"),
        "anything".to_owned(),
        format!("{log}."),
        format!("{log}.0x1f"),
        format!("{log}.31.1"),
    ] {
        let refused = send(&server, &one, &id, &batch).await;
        assert_eq!(status(&refused), "403", "{id}: {refused}");
        assert!(refused.contains("Audit trail required"), "{refused}");
    }
    assert_eq!(one.client().device().await.unwrap().next, 31, "nothing was taken");
    let taken = send(&server, &one, &format!("{log}.31"), &batch).await;
    assert_eq!(status(&taken), "200", "its own: {taken}");
    server.stop().await;
}
