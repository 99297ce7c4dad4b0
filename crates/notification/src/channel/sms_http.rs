//! SMS through a gateway that takes JSON over HTTP: whatever its fields are called, the settings have the body.

mod template;

use chrono::{DateTime, Utc};
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::{gateway, recipients};
use crate::failure::KeyError;
use crate::http::{Call, Caller, header, receipt};
use crate::memo::Memo;
use crate::secret::Secret;
use crate::settings::{SmsHttpSettings, Telephone};
use crate::{Delivered, DeliveryError, Notice, words};
use template::Template;

/// A gateway may know a repeat by it (draft-ietf-httpapi-idempotency-key-header); another ignores it.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

pub(super) struct SmsHttp {
    caller: Caller,
    method: hyper::Method,
    headers: HeaderMap,
    body: Template,
    receipt: Option<String>,
    to: Vec<Telephone>,
    memo: Memo,
}

impl SmsHttp {
    pub(super) fn new(settings: SmsHttpSettings) -> Result<Self, KeyError> {
        recipients(&settings.to)?;
        let headers = headers(&settings)?;
        let pointer = |pointer: &String| pointer.is_empty() || pointer.starts_with('/');
        if !settings.receipt.as_ref().is_none_or(pointer) {
            return Err(KeyError::new("receipt", "this is no JSON pointer such as /messages/0/id"));
        }
        Ok(Self {
            caller: Caller::new(settings.url, settings.anchor.as_deref())?,
            method: settings.method.into(),
            headers,
            body: Template::parse(&settings.body)?,
            receipt: settings.receipt,
            to: settings.to,
            memo: Memo::default(),
        })
    }

    pub(super) async fn deliver(&self, notice: &Notice, now: DateTime<Utc>) -> Result<Delivered, DeliveryError> {
        gateway::to_each(&self.to, &self.memo, notice, |telephone| self.send(notice, telephone, now)).await
    }

    async fn send(
        &self,
        notice: &Notice,
        telephone: &Telephone,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, DeliveryError> {
        let key = gateway::key(notice, telephone).to_string();
        let body = self.body.fill(telephone.as_str(), &words::line(notice), &key);
        let mut headers = self.headers.clone();
        if let Ok(key) = HeaderValue::from_str(&key) {
            headers.insert(IDEMPOTENCY_KEY, key);
        }
        let call = Call { method: self.method.clone(), headers, body: Bytes::from(body) };
        let answer = self.caller.call(call, now).await?;
        Ok(self.receipt.as_ref().and_then(|pointer| named(&answer, pointer)))
    }
}

fn headers(settings: &SmsHttpSettings) -> Result<HeaderMap, KeyError> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in &settings.headers {
        let (name, value) = header("headers", name, value, false)?;
        headers.insert(name, value);
    }
    let Some(file) = &settings.token_file else {
        if settings.token_header.is_some() || settings.token_prefix.is_some() {
            return Err(KeyError::new(
                "token_file",
                "the file with the token that belongs into the header is not named",
            ));
        }
        return Ok(headers);
    };
    let name = settings.token_header.as_deref().unwrap_or(AUTHORIZATION.as_str());
    let usual = if name.eq_ignore_ascii_case(AUTHORIZATION.as_str()) { "Bearer " } else { "" };
    let prefix = settings.token_prefix.as_deref().unwrap_or(usual);
    // EXPOSE: the gateway knows us by it; the header is marked as one that is not shown.
    let value = format!("{prefix}{}", Secret::read("token_file", file)?.expose());
    let (name, value) = header("token_header", name, &value, true)?;
    headers.insert(name, value);
    Ok(headers)
}

/// What the gateway calls the message.
fn named(answer: &[u8], pointer: &str) -> Option<String> {
    let answer: Value = serde_json::from_slice(answer).ok()?;
    let found = answer.pointer(pointer)?;
    let text = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
    receipt(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_asked_for_an_id_and_nothing_else() {
        assert_eq!(named(br#"{"messages":[{"id":"m-7"}]}"#, "/messages/0/id"), Some("m-7".to_owned()), "a string");
        assert_eq!(named(br#"{"id":12}"#, "/id"), Some("12".to_owned()), "a number");
        assert_eq!(named(br#"{"id":"to Jane Roe"}"#, "/id"), None, "a sentence is no id");
        assert_eq!(named(b"<html>", "/id"), None, "no JSON");
    }
}
