//! A receiver of signed webhooks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::authority::Authority;
use super::gateway::{Call, Gateway};

pub(crate) const KEY: &str = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwBBBBBBBBBBA=";

/// As a receiver has it: the signature over what came in, and a time of the five minutes around `now`.
pub(crate) fn is_signed(call: &Call, now: DateTime<Utc>) -> bool {
    let (id, second) = (call.header("webhook-id"), call.header("webhook-timestamp"));
    let mut mac = Hmac::<Sha256>::new_from_slice(&STANDARD.decode(KEY).unwrap()).unwrap();
    mac.update(format!("{id}.{second}.{}", call.body).as_bytes());
    let wanted = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    let age = now.timestamp() - second.parse::<i64>().unwrap();
    age.abs() <= 300 && call.header("webhook-signature").split(' ').any(|found| found == wanted)
}

/// How it answers at this time.
pub(crate) fn answer(call: &Call, now: DateTime<Utc>) -> (u16, String) {
    if is_signed(call, now) && call.method == "POST" { (204, String::new()) } else { (401, String::new()) }
}

/// The settings of a channel to it.
pub(crate) fn settings(authority: &Authority, gateway: &Gateway) -> String {
    let secret = authority.secret("webhook-secret", &format!("whsec_{KEY}"));
    format!(
        "kind = 'webhook'\nname = 'hook'\nlevels = [0]\nurl = '{}'\nsecret_file = '{}'\nanchor = '{}'\n",
        gateway.url("/hook?ward=3"),
        secret.display(),
        authority.anchor().display()
    )
}
