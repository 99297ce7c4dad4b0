//! The signed webhook, with a receiver that checks every signature.

use std::process::Command;

use chrono::TimeDelta;
use vigil_notification::Notice;

use crate::support::authority::{Authority, Shown};
use crate::support::gateway::{Call, Gateway, Then, while_killed};
use crate::support::process::PYTHON;
use crate::support::webhook::{KEY, settings};
use crate::support::{all_forms, assert_no_phi, channel, count, drain, notice, now, webhook};

fn answer(call: &Call) -> (u16, String) {
    webhook::answer(call, now())
}

fn id(notice: &Notice) -> String {
    notice.id.to_string()
}

fn ids(gateway: &Gateway) -> Vec<String> {
    gateway.calls().iter().map(|call| call.header("webhook-id").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_believes_the_signature_and_reads_the_alarm() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), answer);
    let channel = channel(&settings(&authority, &gateway));
    channel.deliver(&notice(1), now()).await.unwrap();
    let calls = gateway.calls();
    let (call, body) = (&calls[0], calls[0].json());
    assert_eq!(call.path, "/hook?ward=3", "path and query");
    assert_eq!(call.header("content-type"), "application/json", "JSON");
    assert_eq!(call.header("webhook-timestamp"), now().timestamp().to_string(), "the time of the attempt");
    assert_eq!(body["type"], "alarm.raised", "{body}");
    assert_eq!(body["timestamp"], "2026-11-30T02:45:10.000Z", "the time of the event: {body}");
    assert_eq!(body["data"]["alarm"], 1001, "{body}");
    assert!(body["data"]["subject"].is_null(), "a patient is not named: {body}");
}

/// Python's `hmac` over the bytes that came in: not the library that signed them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_signature_is_what_another_program_makes_of_it() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), answer);
    channel(&settings(&authority, &gateway)).deliver(&notice(1), now()).await.unwrap();
    let call = gateway.calls().remove(0);
    let program = "import base64, hashlib, hmac, sys\n\
                   key, signed = base64.b64decode(sys.argv[1]), '.'.join(sys.argv[2:5]).encode()\n\
                   print('v1,' + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode())";
    let output = Command::new(PYTHON)
        .args(["-c", program, KEY, call.header("webhook-id"), call.header("webhook-timestamp"), &call.body])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), call.header("webhook-signature"), "the same");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_keys_are_exchanged_both_sign() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), answer);
    let new = authority.secret("new", "whsec_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaA=");
    let text = settings(&authority, &gateway);
    let text = text.replace("secret_file", "previous_secret_file") + &format!("secret_file = '{}'\n", new.display());
    channel(&text).deliver(&notice(1), now()).await.unwrap();
    assert_eq!(gateway.calls()[0].header("webhook-signature").split(' ').count(), 2, "two signatures");
    let alone = format!(
        "{}secret_file = '{}'\n",
        settings(&authority, &gateway).split("secret_file").next().unwrap(),
        new.display()
    );
    let alone = alone + &format!("anchor = '{}'\n", authority.anchor().display());
    let refused = channel(&alone).deliver(&notice(2), now()).await.unwrap_err();
    assert!(
        !refused.transient && refused.what.ends_with("answered 401"),
        "the new key alone is not known yet: {refused}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_is_killed_again_and_again_loses_nothing() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), answer);
    let channel = channel(&settings(&authority, &gateway));
    let sent = (1..=80).map(notice).collect::<Vec<_>>();
    let attempts = while_killed(&gateway, drain(&channel, &sent)).await;
    assert!(attempts > sent.len(), "it was away: {attempts} attempts");
    let repeats = count(&sent, &ids(&gateway), id);
    println!("{} calls in {attempts} attempts, {repeats} of them twice", sent.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_a_repeat_with_the_same_id_and_a_new_signature() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), answer);
    let channel = channel(&settings(&authority, &gateway));
    gateway.then(Then::DieBefore);
    gateway.then(Then::DieAfter);
    let sent = [notice(1)];
    for attempt in ["before", "after"] {
        let error = channel.deliver(&sent[0], now()).await.unwrap_err();
        assert!(error.transient, "died {attempt}: {error}");
    }
    channel.deliver(&sent[0], now() + TimeDelta::seconds(90)).await.unwrap();
    assert_eq!(count(&sent, &ids(&gateway), id), 1, "one repeat");
    let calls = gateway.calls();
    assert_ne!(calls[0].header("webhook-signature"), calls[1].header("webhook-signature"), "each attempt has its time");
    assert_eq!(calls[0].body, calls[1].body, "the message is the same");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_is_told_apart() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), answer);
    let channel = channel(&settings(&authority, &gateway));
    let refuse = |status, name, value: &str| Then::Refuse(status, vec![(name, value.to_owned())]);
    let seconds = |seconds| Some(std::time::Duration::from_secs(seconds));
    for (then, transient, wait) in [
        (refuse(503, "retry-after", "120"), true, seconds(120)),
        (refuse(429, "retry-after", "7"), true, seconds(7)),
        (refuse(500, "x-nothing", "x"), true, None),
        (refuse(408, "x-nothing", "x"), true, None),
        (refuse(400, "retry-after", "7"), false, None),
        (refuse(410, "x-nothing", "x"), false, None),
        (refuse(302, "location", "https://elsewhere.example/"), false, None),
    ] {
        gateway.then(then.clone());
        let error = channel.deliver(&notice(1), now()).await.unwrap_err();
        assert_eq!((error.transient, error.retry_after), (transient, wait), "{then:?}: {error}");
        assert!(!error.what.contains("webhook") && !error.what.contains("elsewhere"), "nothing of the body: {error}");
    }
    assert!(gateway.calls().is_empty(), "and no redirect was followed");
    gateway.then(Then::TalkForEver);
    channel.deliver(&notice(2), now()).await.unwrap();
    assert_eq!(gateway.calls().len(), 1, "who talks too much has it all the same");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_says_which_patient() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), answer);
    let channel = channel(&settings(&authority, &gateway));
    let all = all_forms();
    drain(&channel, &all).await;
    let calls = gateway.calls();
    assert_eq!(calls.len(), all.len(), "every form");
    calls.iter().for_each(|call| assert_no_phi(&format!("{:?} {} {}", call.headers, call.path, call.body)));
}
