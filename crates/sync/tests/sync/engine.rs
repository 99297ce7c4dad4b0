//! What the engine does all day.

use std::time::Duration;

use tokio::time::Instant;
use vigil_sync::{Link, Outbox as _};

use crate::support::server::Fault;
use crate::support::{Hospital, until};

#[tokio::test(start_paused = true)]
async fn an_urgent_entry_passes_a_hundred_thousand_that_wait() {
    let hospital = Hospital::new(100_000);
    for _ in 0..100 {
        hospital.server.fault(Fault::Slow(Duration::from_secs(20)));
    }
    let handle = hospital.run();
    tokio::time::sleep(Duration::from_secs(307)).await;
    let written = hospital.clock.now().since_boot;
    let seq = hospital.outbox.write_urgent();
    handle.wake_urgent();
    until(&handle, |_| !hospital.server.alerts().is_empty()).await;
    let (came, at) = hospital.server.alerts()[0];
    assert_eq!(came, seq, "the urgent one");
    assert!(at - written < Duration::from_secs(5), "within five seconds: {:?}", at - written);
    let state = until(&handle, |_| true).await;
    assert!(state.waiting > 50_000, "whatever waits before it: {}", state.waiting);
    hospital.settle(&handle).await;
    handle.stop().await;
    hospital.judge();
}

#[tokio::test(start_paused = true)]
async fn an_urgent_entry_gets_through_between_failures() {
    let hospital = Hospital::new(10);
    let handle = hospital.run();
    hospital.settle(&handle).await;
    for _ in 0..3 {
        hospital.server.alert_fault(Fault::Status(503));
    }
    hospital.server.alert_fault(Fault::CutAfterCommit);
    // The main lane hangs meanwhile.
    hospital.server.fault(Fault::Slow(Duration::from_secs(100)));
    let written = hospital.clock.now().since_boot;
    let seq = hospital.outbox.write_urgent();
    handle.wake_urgent();
    until(&handle, |_| !hospital.server.alerts().is_empty()).await;
    let alerts = hospital.server.alerts();
    assert_eq!(alerts[0].0, seq, "it came");
    assert!(alerts[0].1 - written < Duration::from_secs(25), "five tries, five seconds apart at most: {alerts:?}");
    hospital.settle(&handle).await;
    handle.stop().await;
    hospital.judge();
}

#[tokio::test(start_paused = true)]
async fn the_directory_is_asked_for_every_twenty_seconds_and_at_once_when_there_is_another() {
    let hospital = Hospital::new(1);
    let handle = hospital.run();
    hospital.settle(&handle).await;
    let before = hospital.server.calls("/v1/directory");
    tokio::time::sleep(Duration::from_secs(200)).await;
    let asked = hospital.server.calls("/v1/directory") - before;
    assert!((9..=11).contains(&asked), "every twenty seconds: {asked} in 200");
    assert!(hospital.outbox.contacts() > 9, "and the lease begins anew each time");
    tokio::time::sleep(Duration::from_secs(3)).await;
    hospital.server.publish_directory(2);
    hospital.outbox.write(1);
    handle.wake();
    let began = Instant::now();
    hospital.settle(&handle).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(began.elapsed() < Duration::from_secs(5), "long before it is asked for anyway");
    assert_eq!(hospital.outbox.directory_version(), 2, "the receipt had named it");
    handle.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_new_key_for_entries_is_taken_over() {
    let hospital = Hospital::new(1);
    hospital.server.rotate_seal_key(2);
    let handle = hospital.run();
    hospital.settle(&handle).await;
    tokio::time::sleep(Duration::from_secs(2 * 3_600)).await;
    assert_eq!(hospital.outbox.seal_keys(), [2], "once");
    handle.stop().await;
}

#[tokio::test(start_paused = true)]
async fn the_certificate_is_renewed_after_two_thirds_of_its_life() {
    let hospital = Hospital::new(1);
    // Valid for six hours: two thirds are over in two.
    hospital.outbox.show(hospital.pki.short_lived(2, 4));
    let handle = hospital.run();
    hospital.settle(&handle).await;
    tokio::time::sleep(Duration::from_secs(2 * 3_600 - 60)).await;
    assert_eq!((hospital.outbox.renewed(), hospital.net.dialled()), (0, 1), "not yet");
    tokio::time::sleep(Duration::from_secs(120)).await;
    assert_eq!(hospital.outbox.renewed(), 1, "once");
    assert_eq!(hospital.net.dialled(), 2, "and the new one is shown at once");
    tokio::time::sleep(Duration::from_secs(4 * 3_600)).await;
    hospital.outbox.write(1);
    handle.wake();
    hospital.settle(&handle).await;
    assert_eq!(hospital.outbox.renewed(), 1, "the next one lives for months");
    handle.stop().await;
    hospital.judge();
}

#[tokio::test(start_paused = true)]
async fn it_says_how_it_stands() {
    let hospital = Hospital::new(12);
    hospital.net.down(true);
    let handle = hospital.run();
    let state = until(&handle, |state| matches!(state.link, Link::Offline { .. })).await;
    assert_eq!((state.waiting, state.oldest), (12, Some(crate::support::start())), "how many wait, since when");
    assert_eq!(state.last_receipt, None, "and there is no receipt");
    hospital.net.down(false);
    hospital.settle(&handle).await;
    let state = until(&handle, |_| true).await;
    assert_eq!(state.clock_ahead, Some(30), "the server's clock is half a minute behind");
    assert!(
        state.last_receipt.is_some() && state.certificate_expires.is_some(),
        "the receipt, the certificate: {state:?}"
    );
    handle.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_workstation_outside_of_the_fleet_waits_until_it_is_in() {
    let hospital = Hospital::new(2);
    hospital.outbox.leave_the_fleet(true);
    let handle = hospital.run();
    until(&handle, |state| state.link == Link::NotEnrolled).await;
    assert_eq!(hospital.net.dialled(), 0, "nobody is called");
    hospital.outbox.leave_the_fleet(false);
    handle.enrolled();
    until(&handle, |state| state.waiting == 0 && state.link == Link::Connected).await;
    hospital.outbox.leave_the_fleet(true);
    handle.enrolled();
    until(&handle, |state| state.link == Link::NotEnrolled).await;
    handle.stop().await;
}

#[tokio::test(start_paused = true)]
async fn it_stops_within_two_seconds() {
    let hospital = Hospital::new(2);
    hospital.server.fault(Fault::HangAfterCommit);
    let handle = hospital.run();
    while hospital.server.on_their_way() == 0 {
        tokio::task::yield_now().await;
    }
    let began = Instant::now();
    handle.stop().await;
    assert!(began.elapsed() <= Duration::from_millis(2_300), "whatever is on its way: {:?}", began.elapsed());
    assert_eq!(hospital.outbox.state().unwrap().covered, 0, "and what was on its way is sent again");
    hospital.drain().await;
}

#[tokio::test(start_paused = true)]
async fn it_stops_when_nobody_holds_it() {
    let hospital = Hospital::new(2);
    hospital.server.fault(Fault::HangAfterCommit);
    let handle = hospital.run();
    while hospital.server.on_their_way() == 0 {
        tokio::task::yield_now().await;
    }
    let mut state = handle.state();
    drop(handle);
    let ended = async { while state.changed().await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(3), ended).await.expect("the engine ended, and what was on its way");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_was_closed_while_it_was_idle_is_no_failure() {
    let hospital = Hospital::new(1);
    let handle = hospital.run();
    hospital.settle(&handle).await;
    hospital.server.fault(Fault::CutAfterCommit);
    hospital.outbox.write(1);
    handle.wake();
    hospital.settle(&handle).await;
    assert_eq!(hospital.net.dialled(), 2, "another one was opened");
    assert_eq!(hospital.server.calls("/v1/device"), 1, "and nobody took it for an absence");
    handle.stop().await;
    hospital.judge();
}
