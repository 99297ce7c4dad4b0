//! PagerDuty, with an endpoint that does what the Events API v2 documents: checks the event, opens, acknowledges and resolves alerts by
//! `dedup_key`.

use std::collections::BTreeMap;

use vigil_notification::{Notice, NoticeEvent, Severity};

use crate::support::authority::{Authority, Shown};
use crate::support::gateway::{Gateway, Then, while_killed};
use crate::support::pagerduty::{answer, settings};
use crate::support::{all_forms, assert_no_phi, channel, count, drain, notice, now};

/// What PagerDuty has made of the events: the state of each alert, and how many events it has had.
fn alerts(gateway: &Gateway) -> BTreeMap<String, (&'static str, usize)> {
    let mut alerts = BTreeMap::new();
    for call in gateway.calls() {
        let event = call.json();
        let key = event["dedup_key"].as_str().unwrap().to_owned();
        let alert = alerts.entry(key).or_insert(("none", 0));
        alert.1 += 1;
        alert.0 = match event["event_action"].as_str().unwrap() {
            "trigger" => "triggered",
            "acknowledge" => "acknowledged",
            _ => "resolved",
        };
    }
    alerts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn raising_acknowledging_and_closing_are_one_alert() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), answer);
    let channel = channel(&settings(&authority, &gateway));
    let steps = [
        (NoticeEvent::Raised, "triggered"),
        (NoticeEvent::Escalated, "triggered"),
        (NoticeEvent::Acknowledged, "acknowledged"),
        (NoticeEvent::Closed, "resolved"),
    ];
    for (count, (event, state)) in (1..).zip(steps) {
        let delivered = channel.deliver(&Notice { event, ..notice(1) }, now()).await.unwrap();
        assert_eq!(delivered.receipt.as_deref(), Some("vigil/st-anna/1001"), "{event:?}");
        assert_eq!(alerts(&gateway), [("vigil/st-anna/1001".to_owned(), (state, count))].into(), "{event:?}");
    }
    let raised = gateway.calls()[0].json();
    assert_eq!(raised["payload"]["severity"], "error", "{raised}");
    assert_eq!(raised["payload"]["source"], "vigil.hospital.example", "{raised}");
    assert_eq!(raised["payload"]["timestamp"], "2026-11-30T02:45:10.000Z", "{raised}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endpoint_that_is_killed_again_and_again_has_one_alert_of_each() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), answer);
    let channel = channel(&settings(&authority, &gateway));
    let sent = (1..=60).map(notice).collect::<Vec<_>>();
    (0..5).for_each(|_| gateway.then(Then::DieAfter));
    let attempts = while_killed(&gateway, drain(&channel, &sent)).await;
    let key = |notice: &Notice| format!("vigil/st-anna/{}", notice.incident);
    let received = gateway.calls().into_iter().map(|call| call.json()["dedup_key"].as_str().unwrap().to_owned());
    let repeats = count(&sent, &received.collect::<Vec<_>>(), key);
    assert!(repeats >= 5, "five answers were lost at least: {repeats}");
    let alerts = alerts(&gateway);
    assert_eq!(alerts.len(), sent.len(), "one alert of each, for PagerDuty itself drops repeats");
    println!("{} events in {attempts} attempts, {repeats} of them twice", sent.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_is_accepted_and_none_says_which_patient() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), answer);
    let channel = channel(&settings(&authority, &gateway));
    let all = all_forms();
    drain(&channel, &all).await;
    let calls = gateway.calls();
    assert_eq!(calls.len(), all.len(), "every form");
    calls.iter().for_each(|call| assert_no_phi(&call.body));
    assert_eq!(Severity::ALL.len(), 4, "and every severity among them");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_key_is_a_reason_to_call_somebody() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), answer);
    let text = settings(&authority, &gateway);
    authority.secret("pagerduty-key", "fedcba9876543210fedcba9876543210");
    let refused = channel(&text).deliver(&notice(1), now()).await.unwrap_err();
    assert!(!refused.transient && refused.what.ends_with("answered 400"), "{refused}");
}
