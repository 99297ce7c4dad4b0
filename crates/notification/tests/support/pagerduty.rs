//! An endpoint that does what the Events API v2 of PagerDuty documents: checks the event, and says by which key it knows the alert.

use super::authority::Authority;
use super::gateway::{Call, Gateway};

const KEY: &str = "0123456789abcdef0123456789abcdef";

/// How it answers.
pub(crate) fn answer(call: &Call) -> (u16, String) {
    let event = call.json();
    let text = |pointer: &str| event.pointer(pointer).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let known = text("/routing_key") == KEY && (1..=255).contains(&text("/dedup_key").len());
    let good = match text("/event_action").as_str() {
        "trigger" => {
            let severity = ["critical", "error", "warning", "info"].contains(&text("/payload/severity").as_str());
            severity && !text("/payload/source").is_empty() && (1..=1024).contains(&text("/payload/summary").len())
        }
        "acknowledge" | "resolve" => true,
        _ => false,
    };
    if known && good && call.path == "/v2/enqueue" {
        let key = text("/dedup_key");
        (202, format!(r#"{{"status":"success","message":"Event processed","dedup_key":"{key}"}}"#))
    } else {
        (400, r#"{"status":"invalid event"}"#.to_owned())
    }
}

/// The settings of a channel to it.
pub(crate) fn settings(authority: &Authority, gateway: &Gateway) -> String {
    format!(
        "kind = 'pagerduty'\nname = 'pager'\nlevels = [0, 1]\nurl = '{}'\ntoken_file = '{}'\nanchor = '{}'",
        gateway.url("/v2/enqueue"),
        authority.secret("pagerduty-key", KEY).display(),
        authority.anchor().display()
    )
}
