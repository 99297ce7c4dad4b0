//! SMS, with a gateway of Twilio's interface and with one that has fields of its own.

use vigil_notification::Notice;

use crate::support::authority::{Authority, Shown};
use crate::support::gateway::{Gateway, Then, while_killed};
use crate::support::{all_forms, assert_no_phi, channel, count, drain, notice, now, sms_gateway, twilio};

const TEXT: &str = "Vigil: high alarm 1001 (unusual-volume). Open the privacy desk.";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_sms_goes_through_twilios_interface() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), twilio::answer);
    let channel = channel(&twilio::settings(&authority, &gateway, &["+41441234567", "+41441234568"]));
    let delivered = channel.deliver(&notice(1), now()).await.unwrap();
    assert_eq!(delivered.receipt, Some(format!("SM{0} SM{0}", TEXT.len())), "what the gateway calls them");
    let forms = gateway.calls().iter().map(twilio::form).collect::<Vec<_>>();
    let to = forms.iter().map(|form| form[0].1.as_str()).collect::<Vec<_>>();
    assert!(to.contains(&"+41441234567") && to.contains(&"+41441234568"), "each its own: {to:?}");
    assert!(forms.iter().all(|form| form.contains(&("Body".to_owned(), TEXT.to_owned()))), "{forms:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_sms_goes_through_a_gateway_with_fields_of_its_own() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), sms_gateway::answer);
    let channel = channel(&sms_gateway::settings(&authority, &gateway));
    let delivered = channel.deliver(&notice(1), now()).await.unwrap();
    assert_eq!(delivered.receipt.as_deref(), Some("m-77"), "what the gateway calls it");
    let call = gateway.calls().remove(0);
    let message = &call.json()["messages"][0];
    assert_eq!(message["to"], "+41441234567", "{message}");
    assert_eq!(message["text"], TEXT, "{message}");
    assert_eq!(message["ref"], call.header("idempotency-key"), "what repeats are known by: {message}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_is_killed_again_and_again_loses_nothing() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), sms_gateway::answer);
    let channel = channel(&sms_gateway::settings(&authority, &gateway));
    let sent = (1..=80).map(notice).collect::<Vec<_>>();
    (0..3).for_each(|_| gateway.then(Then::DieAfter));
    let attempts = while_killed(&gateway, drain(&channel, &sent)).await;
    let key = |notice: &Notice| uuid::Uuid::new_v5(&notice.id, sms_gateway::TELEPHONE.as_bytes()).to_string();
    let received = gateway.calls().iter().map(|call| call.header("idempotency-key").to_owned()).collect::<Vec<_>>();
    let repeats = count(&sent, &received, key);
    assert!(repeats >= 3, "three answers were lost at least: {repeats}");
    println!("{} SMS in {attempts} attempts, {repeats} of them twice", sent.len());
}

/// Twilio's interface has no key by which a repeat is known: the number of the alarm in the text is all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_of_twilio_is_an_sms_that_comes_twice() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), twilio::answer);
    let channel = channel(&twilio::settings(&authority, &gateway, &["+41441234567"]));
    let sent = (1..=40).map(notice).collect::<Vec<_>>();
    gateway.then(Then::DieAfter);
    while_killed(&gateway, drain(&channel, &sent)).await;
    let alarm = |text: &str| text.split(' ').nth(3).unwrap().to_owned();
    let received = gateway.calls().iter().map(|call| alarm(&twilio::form(call)[2].1)).collect::<Vec<_>>();
    let repeats = count(&sent, &received, |notice| notice.incident.to_string());
    assert!(repeats >= 1, "one answer was lost at least: {repeats}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_an_sms_is_not_sent_it_again_for_the_sake_of_others() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), twilio::answer);
    let channel = channel(&twilio::settings(&authority, &gateway, &["+41441234567", "+15005550001"]));
    for attempt in 1..=3 {
        let error = channel.deliver(&notice(1), now()).await.unwrap_err();
        assert!(!error.transient, "the number is wrong: {error}");
        assert!(error.what.ends_with("answered 400 (1 of 2 telephones)"), "attempt {attempt}: {error}");
        assert!(!error.what.contains("+15005550001"), "nothing of the answer: {error}");
    }
    assert_eq!(gateway.calls().len(), 1, "the other has it once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_beside_the_server_may_speak_plain_http() {
    let authority = Authority::new();
    let gateway = Gateway::start(None, sms_gateway::answer);
    let text = sms_gateway::settings(&authority, &gateway);
    assert!(text.contains("url = 'http://127.0.0.1:"), "in the clear, on this machine: {text}");
    channel(&text).deliver(&notice(1), now()).await.unwrap();
    channel(&text.replace("http://127.0.0.1:", "http://localhost:")).deliver(&notice(2), now()).await.unwrap();
    assert_eq!(gateway.calls().len(), 2, "both");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_sms_says_which_patient() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), sms_gateway::answer);
    let channel = channel(&sms_gateway::settings(&authority, &gateway));
    let all = all_forms();
    drain(&channel, &all).await;
    assert_eq!(gateway.calls().len(), all.len(), "every form");
    for call in gateway.calls() {
        assert_no_phi(&format!("{:?} {} {}", call.headers, call.path, call.body));
        let text = call.json()["messages"][0]["text"].as_str().unwrap().to_owned();
        assert!(text.len() <= 160 && text.is_ascii(), "one SMS: {text}");
    }
}
