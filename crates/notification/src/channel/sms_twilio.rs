//! SMS through Twilio, or a gateway with its interface.
//!
//! `POST /2010-04-01/Accounts/{AccountSid}/Messages.json` with a form of `To`, `Body` and `From` or `MessagingServiceSid`, and HTTP Basic
//! authentication by the account and its token, or by an API key and its secret; a good answer is JSON with the `sid` of the message
//! (<https://www.twilio.com/docs/messaging/api/message-resource>, <https://www.twilio.com/docs/usage/requests-to-twilio>).
//!
//! That resource documents no key by which a repeat is known, so an answer that is lost on its way is an SMS that comes twice. It is the
//! same text with the same number of the alarm.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use hyper::Method;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{gateway, recipients};
use crate::failure::KeyError;
use crate::http::{Call, Caller, header, receipt};
use crate::memo::Memo;
use crate::secret::Secret;
use crate::settings::{SmsTwilioSettings, Telephone, WebAddress};
use crate::{Delivered, DeliveryError, Notice, words};

const USUAL: &str = "https://api.twilio.com";

pub(super) struct SmsTwilio {
    caller: Caller,
    headers: HeaderMap,
    /// The field that says where it comes from, and its value.
    from: (&'static str, String),
    to: Vec<Telephone>,
    memo: Memo,
}

/// Of the answer, what matters here.
#[derive(Deserialize)]
struct Message {
    sid: String,
}

impl SmsTwilio {
    pub(super) fn new(settings: SmsTwilioSettings) -> Result<Self, KeyError> {
        recipients(&settings.to)?;
        let from = match (settings.from, settings.messaging_service_sid) {
            (Some(telephone), None) => ("From", telephone.as_str().to_owned()),
            (None, Some(service)) => ("MessagingServiceSid", service.as_str().to_owned()),
            (Some(_), Some(_)) | (None, None) => {
                return Err(KeyError::new(
                    "from",
                    "either from or messaging_service_sid has to be named, and not both",
                ));
            }
        };
        let base = settings.url.map_or_else(|| USUAL.to_owned(), |url| url.0.to_string());
        let path = format!("2010-04-01/Accounts/{}/Messages.json", settings.account_sid.as_str());
        let url = format!("{}/{path}", base.trim_end_matches('/'));
        let url = if base.contains('?') { None } else { WebAddress::try_from(url).ok() };
        let url = url.ok_or_else(|| KeyError::new("url", "this is no address such as https://api.twilio.com"))?;
        let user = settings.key_sid.as_ref().unwrap_or(&settings.account_sid);
        let token = Secret::read("token_file", &settings.token_file)?;
        // EXPOSE: the gateway knows us by it; the header is marked as one that is not shown.
        let pair = Zeroizing::new(format!("{}:{}", user.as_str(), token.expose()));
        let basic = format!("Basic {}", STANDARD.encode(pair.as_bytes()));
        let (_, basic) = header("token_file", AUTHORIZATION.as_str(), &basic, true)?;
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, basic);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let caller = Caller::new(url, settings.anchor.as_deref())?;
        Ok(Self { caller, headers, from, to: settings.to, memo: Memo::default() })
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
        let (field, from) = &self.from;
        let text = words::line(notice);
        let form = [("To", telephone.as_str()), (field, from), ("Body", &text)];
        let form =
            serde_urlencoded::to_string(form).map_err(|_| DeliveryError::permanent("the form cannot be written"))?;
        let call = Call { method: Method::POST, headers: self.headers.clone(), body: Bytes::from(form) };
        let answer = self.caller.call(call, now).await?;
        let message = serde_json::from_slice::<Message>(&answer).ok();
        Ok(message.and_then(|message| receipt(&message.sid)))
    }
}
