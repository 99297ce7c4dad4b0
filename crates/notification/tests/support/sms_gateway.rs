//! A gateway for SMS with fields of its own, and a header for its key.

use super::authority::Authority;
use super::gateway::{Call, Gateway};

const KEY: &str = "gateway-key-5up3r";
/// Whom the channel goes to.
pub(crate) const TELEPHONE: &str = "+41441234567";

/// How it answers.
pub(crate) fn answer(call: &Call) -> (u16, String) {
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

/// The settings of a channel to it.
pub(crate) fn settings(authority: &Authority, gateway: &Gateway) -> String {
    format!(
        "kind = 'sms-http'\nname = 'sms'\nlevels = [0]\nurl = '{}'\nmethod = 'PUT'\nheaders = {{ x-unit = 'privacy' }}\n\
         token_header = 'x-api-key'\ntoken_file = '{}'\nreceipt = '/messages/0/id'\nto = ['{TELEPHONE}']\nanchor = '{}'\n\
         body = '{{\"messages\":[{{\"to\":\"{{to}}\",\"text\":\"{{text}}\",\"ref\":\"{{id}}\"}}]}}'",
        gateway.url("/send"),
        authority.secret("token", KEY).display(),
        authority.anchor().display()
    )
}
