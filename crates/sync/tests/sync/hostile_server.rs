//! A server that fails and lies. After each: every entry is there once, in order, and nothing was deleted too early.

use std::time::Duration;

use tokio::time::Instant;
use vigil_model::wire::Refusal;
use vigil_sync::plan::Halt;
use vigil_sync::{Failure, Link};

use crate::support::server::Fault;
use crate::support::{Hospital, until};

#[tokio::test(start_paused = true)]
async fn entries_reach_an_honest_server() {
    let hospital = Hospital::new(2_500);
    hospital.drain().await;
    assert_eq!(hospital.outbox.deleted(), 2_500, "and the outbox is empty");
    assert_eq!(hospital.server.calls("/v1/log/entries"), 3, "in batches of a thousand");
}

#[tokio::test(start_paused = true)]
async fn whatever_one_answer_is_nothing_is_lost_or_doubled() {
    let huge = vec![b' '; 1_100_000];
    let faults = [
        Fault::HangAfterCommit,
        Fault::CutAfterCommit,
        Fault::Status(500),
        Fault::Status(502),
        Fault::Status(404),
        Fault::Busy(3),
        Fault::Busy(u64::MAX),
        Fault::BusyUntil(3),
        Fault::Refuse(Refusal::Gap { next: 1 }),
        Fault::Refuse(Refusal::Gap { next: 2 }),
        Fault::Refuse(Refusal::Checkpoint),
        Fault::Refuse(Refusal::Unsealed),
        Fault::Refuse(Refusal::Poison { seq: 9_999 }),
        Fault::Say("application/json", b"garbage".to_vec()),
        Fault::Say("application/json", b"{}".to_vec()),
        Fault::Say("text/html", b"<h1>Welcome to our hotel</h1>".to_vec()),
        Fault::Say("application/json", huge),
        Fault::Forged,
        Fault::OtherLog,
        Fault::Old,
        Fault::Drip,
        Fault::Stall,
        Fault::Long { said: true },
        Fault::Long { said: false },
        Fault::Redirect,
        Fault::Slow(Duration::from_secs(60)),
        Fault::Slow(Duration::from_secs(600)),
        Fault::Most(100),
    ];
    for fault in faults {
        println!("{:.60}", format!("{fault:?}"));
        let hospital = Hospital::new(1_200);
        hospital.server.fault(fault.clone());
        hospital.drain().await;
        assert_eq!(hospital.server.faults_left(), 0, "it happened: {fault:?}");
        assert_eq!(hospital.outbox.deleted(), 1_200, "all went through after {:.60}", format!("{fault:?}"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_patience_gets_it() {
    for busy in [Fault::Busy(100), Fault::BusyUntil(100)] {
        let hospital = Hospital::new(10);
        hospital.server.fault(busy.clone());
        let began = Instant::now();
        hospital.drain().await;
        let waited = began.elapsed().as_secs();
        assert!((100..110).contains(&waited), "as long as it asked for: {waited} s after {busy:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn all_of_it_one_after_the_other() {
    let hospital = Hospital::new(0);
    let handle = hospital.run();
    for round in 0..20 {
        for fault in [
            Fault::CutAfterCommit,
            Fault::Old,
            Fault::Status(500),
            Fault::Forged,
            Fault::Say("application/json", b"[]".to_vec()),
            Fault::HangAfterCommit,
            Fault::Busy(round),
            Fault::OtherLog,
            Fault::Drip,
        ] {
            hospital.outbox.write(7);
            hospital.server.fault(fault);
            handle.wake();
            hospital.settle(&handle).await;
        }
    }
    handle.stop().await;
    assert_eq!(hospital.server.faults_left(), 0, "all of it happened");
    hospital.judge();
}

#[tokio::test(start_paused = true)]
async fn a_forged_receipt_deletes_nothing() {
    for fault in [Fault::Forged, Fault::OtherLog] {
        let hospital = Hospital::new(10);
        hospital.server.fault(fault.clone());
        let handle = hospital.run();
        until(&handle, |state| state.link == Link::Refused { why: Failure::Forged }).await;
        assert_eq!((hospital.outbox.deleted(), hospital.outbox.covered()), (0, 0), "{fault:?} covers nothing");
        assert_eq!(hospital.outbox.forged(), 1, "and was seen for what it is");
        handle.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_too_long_or_too_slow_is_not_taken() {
    let cases = [
        (Fault::Huge, Failure::TooLong, 1),
        (Fault::Long { said: true }, Failure::TooLong, 1),
        (Fault::Long { said: false }, Failure::TooLong, 1),
        (Fault::Stall, Failure::TimedOut, 31),
        (Fault::Drip, Failure::TimedOut, 121),
    ];
    for (fault, expected, seconds) in cases {
        let hospital = Hospital::new(10);
        hospital.server.fault(fault.clone());
        let handle = hospital.run();
        until(&handle, |state| matches!(&state.link, Link::Offline { why, .. } if *why == expected)).await;
        let gone = hospital.clock.now().utc - crate::support::start();
        assert!(gone.num_seconds() <= seconds, "{fault:?} is given up after {seconds} seconds: {gone}");
        assert_eq!(hospital.outbox.covered(), 0, "and says nothing: {fault:?}");
        hospital.settle(&handle).await;
        handle.stop().await;
        hospital.judge();
    }
}

#[tokio::test(start_paused = true)]
async fn a_conflict_stops_and_keeps_everything() {
    let hospital = Hospital::new(5);
    hospital.drain().await;
    hospital.outbox.fork(8);
    let handle = hospital.run();
    until(&handle, |state| matches!(state.link, Link::Conflict(Halt::Conflict(1)))).await;
    let sent = hospital.server.calls("/v1/log/entries");
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    assert_eq!(hospital.server.calls("/v1/log/entries"), sent, "an hour later nothing more was sent");
    assert_eq!(hospital.outbox.deleted(), 0, "and everything is kept");
    assert!(hospital.server.calls("/v1/directory") > 100, "the directory comes all the same");
    handle.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_behind_the_server_is_said() {
    let hospital = Hospital::new(5);
    hospital.server.claim(100);
    let handle = hospital.run();
    let state = until(&handle, |state| matches!(state.link, Link::Conflict(_))).await;
    assert_eq!(state.link, Link::Conflict(Halt::RolledBack { held: 99, entries: 5 }), "an older copy was put back");
    handle.stop().await;
}

#[tokio::test(start_paused = true)]
async fn what_a_server_says_of_another_log_is_not_believed() {
    let hospital = Hospital::new(5);
    hospital.server.confuse();
    hospital.server.claim(100);
    let handle = hospital.run();
    until(&handle, |_| hospital.outbox.covered() == 5).await;
    let state = until(&handle, |_| hospital.server.calls("/v1/device") > 3).await;
    assert!(!matches!(state.link, Link::Conflict(_)), "nothing is given up for it: {state:?}");
    assert_eq!(hospital.outbox.seal_keys().len(), 0, "and no key is taken");
    handle.stop().await;
    hospital.judge();
}

#[tokio::test(start_paused = true)]
async fn a_server_that_lost_entries_is_said_until_a_person_acts() {
    let hospital = Hospital::new(50);
    hospital.drain().await;
    hospital.server.lose(20);
    hospital.outbox.write(5);
    let handle = hospital.run();
    let state = until(&handle, |state| matches!(state.link, Link::Conflict(_))).await;
    assert_eq!(state.link, Link::Conflict(Halt::ServerLost { from: 21, to: 50 }), "what it had confirmed");
    assert_eq!(state.waiting, 5, "the others wait");
    handle.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_poison_entry_stays_behind_and_the_rest_flows_on() {
    let hospital = Hospital::new(1_500);
    hospital.outbox.sicken(700);
    hospital.outbox.spoil(900);
    hospital.drain().await;
    assert!(hospital.outbox.is_quarantined(700), "it never opened");
    assert!(!hospital.outbox.is_quarantined(900), "it opened when it was sealed anew");
    assert_eq!(hospital.outbox.resealed(), [700, 700, 900], "twice, and once");
}

#[tokio::test(start_paused = true)]
async fn an_urgent_poison_entry_holds_nobody_up() {
    let hospital = Hospital::new(3);
    let sick = hospital.outbox.write_urgent();
    hospital.outbox.sicken(sick);
    let well = hospital.outbox.write_urgent();
    hospital.drain().await;
    assert!(hospital.outbox.is_quarantined(sick), "kept back");
    assert!(!hospital.outbox.is_quarantined(well), "the other one is not at fault");
}

#[tokio::test(start_paused = true)]
async fn what_the_server_held_already_is_not_sent_again() {
    let hospital = Hospital::new(100);
    hospital.server.fault(Fault::HangAfterCommit);
    let handle = hospital.run();
    hospital.settle(&handle).await;
    handle.stop().await;
    assert_eq!(hospital.server.calls("/v1/log/receipt"), 1, "the receipt was asked for");
    assert_eq!(hospital.server.calls("/v1/log/entries"), 1, "instead");
    hospital.judge();
}

#[tokio::test(start_paused = true)]
async fn a_captured_body_is_ciphertext() {
    let hospital = Hospital::new(200);
    hospital.drain().await;
    let bodies = hospital.server.bodies();
    let event = String::from_utf8(hospital.outbox.events()[0].clone()).unwrap();
    let fields = event.split(['"', ',', ':', '{', '}']).filter(|word| word.len() > 3 && word.parse::<f64>().is_err());
    let fields: Vec<&str> = fields.collect();
    assert!(fields.len() >= 5, "an event has fields: {fields:?}");
    for body in &bodies {
        let text = String::from_utf8_lossy(body);
        for field in &fields {
            assert!(!text.contains(field), "{field} of an event stands in a body in the clear");
        }
    }
    let moved = hospital.net.moved();
    let seen = |bytes: &[u8]| bytes.windows(20).any(|part| part == b"application/vnd.vigi");
    assert!(!seen(&moved.up) && !moved.up.is_empty(), "and on the line not even a header");
}
