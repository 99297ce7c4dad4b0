//! A network that breaks and lies, and servers that are not ours. Real TLS all the way.

use std::time::Duration;

use vigil_sync::{Distrust, Failure, Link};

use crate::support::net::{Asks, Cut};
use crate::support::pki::Shown;
use crate::support::server::Fault;
use crate::support::{Hospital, until};

/// TLS sets up within so many bytes; what follows is looked at byte by byte.
const STRIDE: usize = 61;

#[tokio::test(start_paused = true)]
async fn cut_after_any_byte_of_the_requests() {
    let whole = calm().await.up;
    let mut cuts = 0;
    for up in offsets(whole) {
        let hospital = Hospital::new(3);
        hospital.net.cut(Cut { up, ..Cut::NEVER });
        hospital.drain().await;
        assert_eq!(hospital.outbox.deleted(), 3, "cut after {up} of {whole} bytes up");
        cuts += u64::from(hospital.net.dialled() > 1);
    }
    assert!(cuts > 1_000, "the connection was cut, and another one made: {cuts} of {whole} bytes");
}

#[tokio::test(start_paused = true)]
async fn cut_after_any_byte_of_the_answers() {
    let whole = calm().await.down;
    let mut cuts = 0;
    for down in offsets(whole) {
        let hospital = Hospital::new(3);
        hospital.net.cut(Cut { down, ..Cut::NEVER });
        hospital.drain().await;
        assert_eq!(hospital.outbox.deleted(), 3, "cut after {down} of {whole} bytes down");
        cuts += u64::from(hospital.net.dialled() > 1);
    }
    assert!(cuts > 1_000, "the connection was cut, and another one made: {cuts} of {whole} bytes");
}

#[tokio::test(start_paused = true)]
async fn cut_again_and_again_a_little_later_each_time() {
    let hospital = Hospital::new(300);
    for up in (0..20_000).step_by(997) {
        hospital.net.cut(Cut { up, down: up * 2 });
    }
    hospital.drain().await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_not_ours_gets_nothing() {
    let cases = [
        (Shown::UnknownAuthority, Distrust::Issuer),
        (Shown::Expired, Distrust::Time),
        (Shown::WrongHost, Distrust::Host),
    ];
    for (shown, why) in cases {
        let hospital = Hospital::new(10);
        hospital.net.show(shown);
        let why = Link::Refused { why: Failure::Untrusted(why) };
        refused_then_right(&hospital, &why, |hospital| hospital.net.show(Shown::Right)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_no_certificate_is_not_ours() {
    let hospital = Hospital::new(10);
    hospital.net.ask(Asks::Nothing);
    let why = Link::Refused { why: Failure::Untrusted(Distrust::Protocol) };
    refused_then_right(&hospital, &why, |hospital| hospital.net.ask(Asks::Certificate)).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_our_certificate_is_asked_rarely() {
    let hospital = Hospital::new(10);
    hospital.net.ask(Asks::Other);
    let handle = hospital.run();
    until(&handle, |state| state.link == Link::Refused { why: Failure::Identity }).await;
    let before = hospital.net.dialled();
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    let calls = hospital.net.dialled() - before;
    assert!((10..=25).contains(&calls), "every few minutes: {calls} in an hour");
    hospital.net.ask(Asks::Certificate);
    hospital.settle(&handle).await;
    handle.stop().await;
    hospital.judge();
}

#[tokio::test(start_paused = true)]
async fn a_server_of_tls_1_2_is_refused() {
    let hospital = Hospital::new(10);
    // ServerHello of TLS 1.2: TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, no extensions.
    let mut hello = vec![0x16, 3, 3, 0, 42, 2, 0, 0, 38, 3, 3];
    hello.extend_from_slice(&[7; 32]);
    hello.extend_from_slice(&[0, 0xc0, 0x2b, 0]);
    hospital.net.babble(hello);
    let why = Link::Refused { why: Failure::Untrusted(Distrust::Protocol) };
    refused_then_right(&hospital, &why, |_| {}).await;
}

#[tokio::test(start_paused = true)]
async fn whatever_else_answers_gets_nothing() {
    let babble: [&[u8]; 5] =
        [b"", b"HTTP/1.1 200 OK\r\n\r\n", b"SSH-2.0-OpenSSH_9\r\n", &[0; 600], &[0x16, 3, 3, 0xff, 0xff]];
    for said in babble {
        let hospital = Hospital::new(10);
        hospital.net.babble(said.to_vec());
        hospital.drain().await;
        assert!(hospital.net.dialled() >= 2, "the right one is found afterwards");
    }
}

#[tokio::test(start_paused = true)]
async fn a_week_without_a_server() {
    let hospital = Hospital::new(10);
    hospital.net.down(true);
    let handle = hospital.run();
    for _ in 0..7 {
        tokio::time::sleep(Duration::from_secs(24 * 3_600)).await;
        hospital.outbox.write(400);
        handle.wake();
    }
    let state = until(&handle, |state| state.waiting == 2_810).await;
    let Link::Offline { since, why: Failure::Unreachable } = state.link else { panic!("{:?}", state.link) };
    assert_eq!(since, crate::support::start(), "since the beginning");
    let asked = hospital.net.dialled();
    assert!((1_000..20_000).contains(&asked), "never more than five minutes apart, and no storm: {asked}");
    hospital.net.down(false);
    hospital.settle(&handle).await;
    handle.stop().await;
    hospital.judge();
}

#[tokio::test(start_paused = true)]
async fn a_server_behind_a_dead_line_is_given_up_in_time() {
    let hospital = Hospital::new(10);
    hospital.server.fault(Fault::HangAfterCommit);
    let handle = hospital.run();
    until(&handle, |state| matches!(&state.link, Link::Offline { why: Failure::TimedOut, .. })).await;
    let gone = hospital.clock.now().utc - crate::support::start();
    assert!(gone.num_seconds() <= 120, "two minutes at most: {gone}");
    handle.stop().await;
}

/// Nothing of an entry goes out before the server is the right one; then everything does.
async fn refused_then_right(hospital: &Hospital, why: &Link, right: impl FnOnce(&Hospital)) {
    let handle = hospital.run();
    until(&handle, |state| state.link == *why).await;
    assert!(
        hospital.server.calls("/v1/log/entries") == 0 && hospital.outbox.deleted() == 0,
        "nothing was sent: {why:?}"
    );
    right(hospital);
    hospital.settle(&handle).await;
    handle.stop().await;
    hospital.judge();
}

/// Bytes of a connection on which everything goes well.
struct Bytes {
    up: usize,
    down: usize,
}

async fn calm() -> Bytes {
    let hospital = Hospital::new(3);
    hospital.drain().await;
    let moved = hospital.net.moved();
    Bytes { up: moved.up.len(), down: moved.down.len() }
}

/// In strides while TLS is set up, then every byte, and a little beyond.
fn offsets(whole: usize) -> impl Iterator<Item = usize> {
    let tls = whole.saturating_sub(1_500);
    (0..tls).step_by(STRIDE).chain(tls..whole + 3)
}
