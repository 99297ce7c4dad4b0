//! SMS, with a gateway of Twilio's interface and with one that has fields of its own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use vigil_notification::Notice;

use crate::support::authority::{Authority, Shown};
use crate::support::gateway::{Call, Gateway, Then, while_killed};
use crate::support::{all_forms, assert_no_phi, channel, count, drain, notice, now};

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const TOKEN: &str = "twilio-token-5up3r";
const KEY: &str = "gateway-key-5up3r";
const TEXT: &str = "Vigil: high alarm 1001 (unusual-volume). Open the privacy desk.";

/// A gateway of Twilio's interface: account and token, a form, a telephone that exists.
fn twilio(call: &Call) -> (u16, String) {
    let basic = format!("Basic {}", STANDARD.encode(format!("{ACCOUNT}:{TOKEN}")));
    if call.header("authorization") != basic {
        return (401, r#"{"code":20003,"message":"Authenticate"}"#.to_owned());
    }
    let form = form(call);
    let field = |name: &str| form.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone());
    let path = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json");
    let whole = field("From").is_some() && field("Body").is_some_and(|body| !body.is_empty());
    if call.path != path || call.method != "POST" || !whole || form.len() != 3 {
        return (400, r#"{"code":21601}"#.to_owned());
    }
    if field("To").as_deref() == Some("+15005550001") {
        return (400, r#"{"code":21211,"message":"The 'To' number +15005550001 is not valid"}"#.to_owned());
    }
    (201, json!({ "sid": format!("SM{}", field("Body").unwrap().len()), "status": "queued" }).to_string())
}

fn form(call: &Call) -> Vec<(String, String)> {
    assert_eq!(call.header("content-type"), "application/x-www-form-urlencoded", "a form");
    serde_urlencoded::from_str(&call.body).unwrap()
}

/// A gateway with fields of its own, and a header for its key.
fn other(call: &Call) -> (u16, String) {
    let message = call.json();
    let whole = message["messages"][0]["to"].is_string() && message["messages"][0]["text"].is_string();
    if call.header("x-api-key") != KEY || call.header("x-unit") != "privacy" {
        (403, String::new())
    } else if whole && call.method == "PUT" {
        (200, r#"{"messages":[{"id":"m-77","status":"accepted"}]}"#.to_owned())
    } else {
        (422, String::new())
    }
}

fn twilio_settings(authority: &Authority, gateway: &Gateway, to: &[&str]) -> String {
    format!(
        "kind = 'sms-twilio'\nname = 'sms'\nlevels = [0]\nurl = '{}'\naccount_sid = '{ACCOUNT}'\ntoken_file = '{}'\n\
         from = '+15005550006'\nto = {to:?}\nanchor = '{}'",
        gateway.url(""),
        authority.secret("token", TOKEN).display(),
        authority.anchor().display()
    )
}

fn other_settings(authority: &Authority, gateway: &Gateway) -> String {
    format!(
        "kind = 'sms-http'\nname = 'sms'\nlevels = [0]\nurl = '{}'\nmethod = 'PUT'\nheaders = {{ x-unit = 'privacy' }}\n\
         token_header = 'x-api-key'\ntoken_file = '{}'\nreceipt = '/messages/0/id'\nto = ['+41441234567']\nanchor = '{}'\n\
         body = '{{\"messages\":[{{\"to\":\"{{to}}\",\"text\":\"{{text}}\",\"ref\":\"{{id}}\"}}]}}'",
        gateway.url("/send"),
        authority.secret("token", KEY).display(),
        authority.anchor().display()
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_sms_goes_through_twilios_interface() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), twilio);
    let channel = channel(&twilio_settings(&authority, &gateway, &["+41441234567", "+41441234568"]));
    let delivered = channel.deliver(&notice(1), now()).await.unwrap();
    assert_eq!(delivered.receipt, Some(format!("SM{0} SM{0}", TEXT.len())), "what the gateway calls them");
    let forms = gateway.calls().iter().map(form).collect::<Vec<_>>();
    let to = forms.iter().map(|form| form[0].1.as_str()).collect::<Vec<_>>();
    assert!(to.contains(&"+41441234567") && to.contains(&"+41441234568"), "each its own: {to:?}");
    assert!(forms.iter().all(|form| form.contains(&("Body".to_owned(), TEXT.to_owned()))), "{forms:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_sms_goes_through_a_gateway_with_fields_of_its_own() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), other);
    let channel = channel(&other_settings(&authority, &gateway));
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
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), other);
    let channel = channel(&other_settings(&authority, &gateway));
    let sent = (1..=80).map(notice).collect::<Vec<_>>();
    (0..3).for_each(|_| gateway.then(Then::DieAfter));
    let attempts = while_killed(&gateway, drain(&channel, &sent)).await;
    let key = |notice: &Notice| uuid::Uuid::new_v5(&notice.id, b"+41441234567").to_string();
    let received = gateway.calls().iter().map(|call| call.header("idempotency-key").to_owned()).collect::<Vec<_>>();
    let repeats = count(&sent, &received, key);
    assert!(repeats >= 3, "three answers were lost at least: {repeats}");
    println!("{} SMS in {attempts} attempts, {repeats} of them twice", sent.len());
}

/// Twilio's interface has no key by which a repeat is known: the number of the alarm in the text is all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_of_twilio_is_an_sms_that_comes_twice() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), twilio);
    let channel = channel(&twilio_settings(&authority, &gateway, &["+41441234567"]));
    let sent = (1..=40).map(notice).collect::<Vec<_>>();
    gateway.then(Then::DieAfter);
    while_killed(&gateway, drain(&channel, &sent)).await;
    let alarm = |text: &str| text.split(' ').nth(3).unwrap().to_owned();
    let received = gateway.calls().iter().map(|call| alarm(&form(call)[2].1)).collect::<Vec<_>>();
    let repeats = count(&sent, &received, |notice| notice.incident.to_string());
    assert!(repeats >= 1, "one answer was lost at least: {repeats}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_an_sms_is_not_sent_it_again_for_the_sake_of_others() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), twilio);
    let channel = channel(&twilio_settings(&authority, &gateway, &["+41441234567", "+15005550001"]));
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
    let gateway = Gateway::start(None, other);
    let text = other_settings(&authority, &gateway);
    assert!(text.contains("url = 'http://127.0.0.1:"), "in the clear, on this machine: {text}");
    channel(&text).deliver(&notice(1), now()).await.unwrap();
    channel(&text.replace("http://127.0.0.1:", "http://localhost:")).deliver(&notice(2), now()).await.unwrap();
    assert_eq!(gateway.calls().len(), 2, "both");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_sms_says_which_patient() {
    let authority = Authority::new();
    let gateway = Gateway::start(Some(&authority.receiver(Shown::Right)), other);
    let channel = channel(&other_settings(&authority, &gateway));
    let all = all_forms();
    drain(&channel, &all).await;
    assert_eq!(gateway.calls().len(), all.len(), "every form");
    for call in gateway.calls() {
        assert_no_phi(&format!("{:?} {} {}", call.headers, call.path, call.body));
        let text = call.json()["messages"][0]["text"].as_str().unwrap().to_owned();
        assert!(text.len() <= 160 && text.is_ascii(), "one SMS: {text}");
    }
}
