//! A call of a program of the hospital, signed as Standard Webhooks 1.0.0 has it
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).
//!
//! `webhook-id` stays the same over all attempts, `webhook-timestamp` is the second of the attempt, and `webhook-signature` is `v1,` and the
//! base64 of HMAC-SHA256 over `id.timestamp.body`; while keys are exchanged there are two, with a space between them. The body is a "thin"
//! payload: `type`, `timestamp` and `data`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use hyper::Method;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::json;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::failure::KeyError;
use crate::http::{Call, Caller};
use crate::secret::Secret;
use crate::settings::WebhookSettings;
use crate::{Delivered, DeliveryError, Notice, words};

pub(super) struct Webhook {
    caller: Caller,
    keys: Vec<Key>,
}

struct Key(Zeroizing<Vec<u8>>);

impl Webhook {
    pub(super) fn new(settings: WebhookSettings) -> Result<Self, KeyError> {
        let mut keys = vec![Key::parse("secret_file", &Secret::read("secret_file", &settings.secret_file)?)?];
        if let Some(file) = &settings.previous_secret_file {
            keys.push(Key::parse("previous_secret_file", &Secret::read("previous_secret_file", file)?)?);
        }
        Ok(Self { caller: Caller::new(settings.url, settings.anchor.as_deref())?, keys })
    }

    pub(super) async fn deliver(&self, notice: &Notice, now: DateTime<Utc>) -> Result<Delivered, DeliveryError> {
        let body = body(notice);
        let (id, second) = (notice.id.to_string(), now.timestamp().to_string());
        let signatures = self.keys.iter().map(|key| key.sign(&id, &second, &body)).collect::<Result<Vec<_>, _>>()?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let named = [("webhook-id", id), ("webhook-timestamp", second), ("webhook-signature", signatures.join(" "))];
        for (name, value) in named {
            let value =
                HeaderValue::from_str(&value).map_err(|_| DeliveryError::permanent("the call cannot be signed"))?;
            headers.insert(name, value);
        }
        self.caller.call(Call { method: Method::POST, headers, body: Bytes::from(body) }, now).await?;
        Ok(Delivered { receipt: None })
    }
}

impl Key {
    /// `whsec_` and base64 of 24 to 64 bytes.
    fn parse(key: &'static str, secret: &Secret) -> Result<Self, KeyError> {
        let what = "this is no key of a webhook: whsec_ and the base64 of 24 to 64 random bytes, as \
                    `echo whsec_$(openssl rand -base64 32)` makes one";
        // EXPOSE: it becomes the key that calls are signed with.
        let coded = secret.expose().strip_prefix("whsec_");
        let key_bytes = coded.and_then(|coded| STANDARD.decode(coded).ok()).map(Zeroizing::new);
        let key_bytes = key_bytes.filter(|bytes| (24..=64).contains(&bytes.len()));
        key_bytes.map(Self).ok_or_else(|| KeyError::new(key, what))
    }

    fn sign(&self, id: &str, second: &str, body: &str) -> Result<String, DeliveryError> {
        let unusable = |_| DeliveryError::permanent("the call cannot be signed");
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).map_err(unusable)?;
        [id, ".", second, ".", body].into_iter().for_each(|part| mac.update(part.as_bytes()));
        Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    }
}

fn body(notice: &Notice) -> String {
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Millis, true);
    json!({
        "type": format!("alarm.{}", notice.event.as_str()),
        "timestamp": time(notice.at),
        "data": {
            "notice": notice.id,
            "alarm": notice.incident,
            "severity": notice.severity.as_str(),
            "rule": notice.rule.as_str(),
            "opened": time(notice.opened),
            "level": notice.level,
            "about": notice.subject_kind.as_str(),
            "subject": notice.told_subject(),
            "suspended": notice.suspended,
            "system": notice.hospital.as_str(),
            "server": notice.server.as_str(),
            "text": words::line(notice),
        },
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Result<Key, KeyError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        std::fs::write(&file, text).unwrap();
        Key::parse("secret_file", &Secret::read("secret_file", &file).unwrap())
    }

    #[test]
    fn a_call_is_signed_as_the_specification_has_it() {
        let key = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", r#"{"test": 2432232314}"#).unwrap();
        assert_eq!(
            signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            "the vector of the reference libraries"
        );
    }

    #[test]
    fn what_is_no_key_is_refused_and_not_shown() {
        for bad in ["hunter2hunter2hunter2hunter2", "whsec_aHVudGVyMg==", "whsec_hunter2!"] {
            let error = key(bad).err().unwrap();
            assert!(error.what.contains("openssl rand") && !error.what.contains("hunter2"), "{}", error.what);
        }
    }
}
