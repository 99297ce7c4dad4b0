//! A gateway of Twilio's interface.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::authority::Authority;
use super::gateway::{Call, Gateway};

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const TOKEN: &str = "twilio-token-5up3r";

/// How it answers: account and token, a form, a telephone that exists.
pub(crate) fn answer(call: &Call) -> (u16, String) {
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

/// The form that it was sent.
pub(crate) fn form(call: &Call) -> Vec<(String, String)> {
    assert_eq!(call.header("content-type"), "application/x-www-form-urlencoded", "a form");
    serde_urlencoded::from_str(&call.body).unwrap()
}

/// The settings of a channel to it.
pub(crate) fn settings(authority: &Authority, gateway: &Gateway, to: &[&str]) -> String {
    format!(
        "kind = 'sms-twilio'\nname = 'sms'\nlevels = [0]\nurl = '{}'\naccount_sid = '{ACCOUNT}'\ntoken_file = '{}'\n\
         from = '+15005550006'\nto = {to:?}\nanchor = '{}'",
        gateway.url(""),
        authority.secret("twilio-token", TOKEN).display(),
        authority.anchor().display()
    )
}
