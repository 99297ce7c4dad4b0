//! The engine of a workstation and the server, each held to what `docs/sync.md` says by the other.

use vigil_sync::{EnrolmentError, Failure, Link, Outbox as _};

use crate::process::Process;
use crate::running::Running;
use crate::station::{Station, Time, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_workstation_enrols_drains_goes_through_an_outage_and_is_revoked() {
    let server = Process::new("");
    assert!(server.start(), "{}", server.said());
    let (token, time) = (server.token(), Time::default());
    let station = Station::enrol(1, &token, &time).await.unwrap();
    let again = Station::enrol(2, &token, &time).await.err();
    assert!(matches!(again, Some(EnrolmentError::TokenRefused { .. })), "a token is good for one: {again:?}");

    station.outbox.write(3_500);
    let handle = station.run();
    station.settle(&handle).await;
    assert_eq!(*station.outbox.batches().borrow(), 4, "in batches of a thousand");

    server.kill();
    station.outbox.write(700);
    let urgent = station.outbox.write_urgent();
    handle.wake_urgent();
    let state = until(&handle, |state| matches!(state.link, Link::Offline { .. })).await;
    assert_eq!((state.waiting, state.urgent), (701, 1), "how much waits");
    assert!(server.start(), "{}", server.said());
    station.settle(&handle).await;
    assert_eq!(urgent, 4_201, "the urgent one is the last");

    let list = server.must(&["device", "list"]);
    assert!(list.contains("enrolled") && list.contains(&station.enrolment.to_string()), "{list}");
    server.must(&["device", "revoke", &station.enrolment.to_string()]);
    station.outbox.write(5);
    handle.wake();
    until(&handle, |state| state.link == Link::Refused { why: Failure::Identity }).await;
    let held = station.outbox.state().unwrap().covered;
    station.outbox.write(5);
    let batch = station.outbox.batch(held + 1, 1_000, usize::MAX).unwrap().unwrap();
    let refused = station.client().push(station.identity().log, batch).await;
    assert_eq!(refused, Err(Failure::Identity), "nothing more is taken");
    handle.stop().await;
    assert_eq!(station.outbox.forged(), 0, "every receipt was the server's");

    let verified = server.must(&["audit", "verify"]);
    let line = format!("{}  {held} entries  intact", station.identity().log);
    assert!(verified.contains(&line) && !verified.contains("NOT INTACT"), "{verified}");
    assert!(verified.lines().count() >= 2, "the server's own log too: {verified}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_a_workstation_that_enrols_again_goes_on() {
    let server = Running::start("").await;
    let first = server.enrol(1).await;
    first.outbox.write(1_200);
    let handle = first.run();
    first.settle(&handle).await;
    let second = Station::enrol_again(first.outbox.station(), &server.token().await, &server.time).await.unwrap();
    assert_eq!((second.next, second.identity().log), (1_201, first.identity().log), "its log is where it was");
    assert_ne!(second.enrolment, first.enrolment, "its identity is new");
    first.outbox.write(1);
    handle.wake();
    until(&handle, |state| state.link == Link::Refused { why: Failure::Identity }).await;
    handle.stop().await;
    second.outbox.write(10);
    let handle = second.run();
    second.settle(&handle).await;
    assert_eq!(*second.outbox.batches().borrow(), 1, "and nothing is sent that the server holds");
    handle.stop().await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_certificate_is_renewed_after_two_thirds_of_its_life_and_the_next_one_is_shown() {
    let server = Running::start("").await;
    let station = server.enrol(1).await;
    let handle = station.run();
    station.settle(&handle).await;
    let (first, ends) = (station.identity().chain, station.identity().certificate_expires);
    assert_eq!(station.outbox.renewed(), 0, "not yet");
    server.time.pass(61);
    let server = server.restart().await;
    handle.wake();
    until(&handle, |state| state.certificate_expires.is_some_and(|at| at > ends)).await;
    assert_eq!(station.outbox.renewed(), 1, "once");
    assert_ne!(station.identity().chain, first, "another one");
    // The first one has ended by then.
    server.time.pass(40);
    let server = server.restart().await;
    station.outbox.write(20);
    handle.wake();
    station.settle(&handle).await;
    handle.stop().await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_urgent_entry_is_there_before_what_waits() {
    let server = Running::start("").await;
    let station = server.enrol(1).await;
    station.outbox.write(2_000);
    let urgent = station.outbox.write_urgent();
    // The urgent lane alone.
    let alerts = station.outbox.urgent(50).unwrap().unwrap();
    station.client().alert(station.identity().log, &alerts).await.unwrap();
    assert_eq!(station.client().device().await.unwrap().next, 1, "nothing came in turn");
    let mut tx = server.installation().store.begin().await.unwrap();
    let alarms = vigil_server::store::Alarm::newest(&mut tx, 10).await.unwrap();
    let raised = alarms.iter().any(|alarm| alarm.seq == Some(urgent) && alarm.log == Some(station.identity().log));
    assert!(raised, "whoever watches sees it: {} alarms", alarms.len());
    drop(tx);
    // The log takes it again, in turn.
    let handle = station.run();
    station.settle(&handle).await;
    assert_eq!(station.client().device().await.unwrap().next, urgent + 1, "and holds it once");
    handle.stop().await;
    server.stop().await;
}
