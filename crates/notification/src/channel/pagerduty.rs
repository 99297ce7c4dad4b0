//! PagerDuty Events API v2 (<https://developer.pagerduty.com/docs/events-api-v2-overview>, <https://developer.pagerduty.com/docs/send-alert-event>).
//!
//! An alarm is one alert there: all its notices have the same `dedup_key`, so that what is raised twice stays one alert, and what is
//! acknowledged or closed here is so there. 202 is a good answer; 429 and 5xx are tried again, 400 is not.

use chrono::{DateTime, SecondsFormat, Utc};
use hyper::Method;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::failure::KeyError;
use crate::http::{Call, Caller, receipt};
use crate::secret::Secret;
use crate::settings::{PagerDutySettings, WebAddress};
use crate::{Delivered, DeliveryError, Notice, NoticeEvent, Severity, words};

const USUAL: &str = "https://events.pagerduty.com/v2/enqueue";

pub(super) struct PagerDuty {
    caller: Caller,
    key: Secret,
}

/// Of the answer, what matters here.
#[derive(Deserialize)]
struct Answer {
    dedup_key: String,
}

impl PagerDuty {
    pub(super) fn new(settings: PagerDutySettings) -> Result<Self, KeyError> {
        let usual = || WebAddress::try_from(USUAL.to_owned()).map_err(|what| KeyError::new("url", what));
        let url = settings.url.map_or_else(usual, Ok)?;
        let key = Secret::read("token_file", &settings.token_file)?;
        Ok(Self { caller: Caller::new(url, settings.anchor.as_deref())?, key })
    }

    pub(super) async fn deliver(&self, notice: &Notice, now: DateTime<Utc>) -> Result<Delivered, DeliveryError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        // EXPOSE: PagerDuty knows the service by it; it belongs into the body.
        let body = Bytes::from(event(notice, self.key.expose()).to_string());
        let answer = self.caller.call(Call { method: Method::POST, headers, body }, now).await?;
        let answer = serde_json::from_slice::<Answer>(&answer).ok();
        Ok(Delivered { receipt: answer.and_then(|answer| receipt(&answer.dedup_key)) })
    }
}

/// 255 characters at most.
fn dedup_key(notice: &Notice) -> String {
    format!("vigil/{}/{}", notice.hospital, notice.incident)
}

fn event(notice: &Notice, routing_key: &str) -> Value {
    let action = match notice.event {
        NoticeEvent::Raised | NoticeEvent::Escalated => "trigger",
        NoticeEvent::Acknowledged => "acknowledge",
        NoticeEvent::Closed => "resolve",
    };
    let mut event = json!({ "routing_key": routing_key, "event_action": action, "dedup_key": dedup_key(notice) });
    if notice.event.asks() {
        let payload = json!({
            "summary": words::line(notice),
            "source": notice.server.as_str(),
            "severity": severity(notice.severity),
            "timestamp": notice.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            "component": "vigil-server",
            "group": notice.hospital.as_str(),
            "class": notice.rule.as_str(),
            "custom_details": {
                "notice": notice.id,
                "alarm": notice.incident,
                "level": notice.level,
                "about": notice.subject_kind.as_str(),
                "subject": notice.told_subject(),
                "suspended": notice.suspended,
            },
        });
        if let Some(fields) = event.as_object_mut() {
            fields.insert("client".to_owned(), json!("Vigil"));
            fields.insert("payload".to_owned(), payload);
        }
    }
    event
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "info",
        Severity::Medium => "warning",
        Severity::High => "error",
        Severity::Critical => "critical",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::tests::notice;

    #[test]
    fn what_happens_to_an_alarm_happens_to_one_alert() {
        let of = |kind| event(&notice(kind, Severity::High), "k");
        let wanted = [
            (NoticeEvent::Raised, "trigger"),
            (NoticeEvent::Escalated, "trigger"),
            (NoticeEvent::Acknowledged, "acknowledge"),
            (NoticeEvent::Closed, "resolve"),
        ];
        for (kind, action) in wanted {
            let event = of(kind);
            assert_eq!(event["event_action"], action, "{kind:?}");
            assert_eq!(event["dedup_key"], "vigil/st-anna/123", "{kind:?}");
            assert_eq!(event.get("payload").is_some(), kind.asks(), "what is needed to open one: {kind:?}");
        }
    }

    #[test]
    fn the_longest_event_keeps_to_the_limits() {
        let mut longest = notice(NoticeEvent::Escalated, Severity::Critical);
        longest.hospital = "h".repeat(64).parse().unwrap();
        longest.incident = u64::MAX;
        assert!(dedup_key(&longest).len() <= 255, "the key");
        assert!(words::line(&longest).len() <= 1024, "the summary");
    }
}
