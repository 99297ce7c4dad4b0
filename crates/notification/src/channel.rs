//! One way out, made of its settings.

mod gateway;
mod pagerduty;
mod sms_http;
mod sms_twilio;
mod smtp;
mod syslog;
mod webhook;

use std::fmt;

use chrono::{DateTime, Utc};

use crate::failure::KeyError;
use crate::settings::Levels;
use crate::{ChannelError, ChannelName, ChannelSettings, Delivered, DeliveryError, Notice, Severity};

/// A channel: takes notices, one delivery at a time or several.
///
/// Every protocol here promises that a message arrives **at least** once, and none that it arrives once alone: an answer that is lost looks
/// like a message that is lost. What the other side can drop a repeat by is the same for every attempt:
///
/// | Kind | Repeats are known by |
/// |---|---|
/// | `smtp` | `Message-ID` |
/// | `sms-http` | the header `idempotency-key`, and `{id}` in the body |
/// | `sms-twilio` | nothing: the interface of Messages has no such key. A person sees the number of the alarm |
/// | `webhook` | `webhook-id` |
/// | `pagerduty` | `dedup_key`: PagerDuty itself makes one alert of them |
/// | `syslog-cef` | `externalId`; the whole message is the same, byte for byte |
/// | `syslog-dicom` | the detail `Notice`; the whole message is the same, byte for byte |
///
/// The notices of one alarm go to a channel in their order, each when the one before has been delivered or given up: PagerDuty opens a new
/// alert for what was raised after it was closed.
pub struct Channel {
    name: ChannelName,
    levels: Levels,
    minimum: Severity,
    way: Way,
}

enum Way {
    Smtp(smtp::Smtp),
    SmsHttp(sms_http::SmsHttp),
    SmsTwilio(sms_twilio::SmsTwilio),
    Webhook(webhook::Webhook),
    PagerDuty(pagerduty::PagerDuty),
    Syslog(syslog::Syslog),
}

impl Channel {
    /// Makes a channel: reads its secrets and certificates. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ChannelError`] names the key and what to do.
    pub fn new(settings: ChannelSettings) -> Result<Self, ChannelError> {
        let (name, levels, minimum) = settings.common();
        let (name, levels) = (name.clone(), levels.clone());
        let way = Way::new(settings).map_err(|error| error.of(&name))?;
        Ok(Self { name, levels, minimum, way })
    }

    /// What it is called in the configuration.
    pub const fn name(&self) -> &ChannelName {
        &self.name
    }

    /// Whether a notice goes this way: its level is one of the channel's and it is grave enough. That an alarm is acknowledged or closed is
    /// told to whoever may have been told of it, which is every level up to the one that it has reached.
    pub fn serves(&self, notice: &Notice) -> bool {
        let level = if notice.event.asks() { self.levels.has(notice.level) } else { self.levels.reach(notice.level) };
        level && notice.severity >= self.minimum
    }

    /// Delivers a notice once. `now` is what messages are dated with, signatures and certificates are judged by.
    ///
    /// It takes half a minute at most, and may be dropped at any time: then nobody knows whether the message arrived, as after an error.
    ///
    /// # Errors
    /// [`DeliveryError`] says whether to try again; [`crate::plan`] says when.
    pub async fn deliver(&self, notice: &Notice, now: DateTime<Utc>) -> Result<Delivered, DeliveryError> {
        match &self.way {
            Way::Smtp(way) => way.deliver(notice, now).await,
            Way::SmsHttp(way) => way.deliver(notice, now).await,
            Way::SmsTwilio(way) => way.deliver(notice, now).await,
            Way::Webhook(way) => way.deliver(notice, now).await,
            Way::PagerDuty(way) => way.deliver(notice, now).await,
            Way::Syslog(way) => way.deliver(notice, now).await,
        }
    }
}

/// Without what it knows.
impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Way {
    fn new(settings: ChannelSettings) -> Result<Self, KeyError> {
        Ok(match settings {
            ChannelSettings::Smtp(settings) => Self::Smtp(smtp::Smtp::new(settings)?),
            ChannelSettings::SmsHttp(settings) => Self::SmsHttp(sms_http::SmsHttp::new(settings)?),
            ChannelSettings::SmsTwilio(settings) => Self::SmsTwilio(sms_twilio::SmsTwilio::new(settings)?),
            ChannelSettings::Webhook(settings) => Self::Webhook(webhook::Webhook::new(settings)?),
            ChannelSettings::PagerDuty(settings) => Self::PagerDuty(pagerduty::PagerDuty::new(settings)?),
            ChannelSettings::SyslogCef(settings) => {
                Self::Syslog(syslog::Syslog::new(&settings, syslog::Language::Cef)?)
            }
            ChannelSettings::SyslogDicom(settings) => {
                Self::Syslog(syslog::Syslog::new(&settings, syslog::Language::Dicom)?)
            }
        })
    }
}

/// The addresses of a channel: some, not too many, none twice.
fn recipients<T: PartialEq>(all: &[T]) -> Result<(), KeyError> {
    const MOST: usize = 20;
    if all.is_empty() || all.len() > MOST {
        return Err(KeyError::new("to", format!("1 to {MOST} addresses, here are {}", all.len())));
    }
    for (before, one) in all.iter().enumerate() {
        if all.iter().take(before).any(|other| other == one) {
            return Err(KeyError::new("to", format!("address {} stands there twice", before.saturating_add(1))));
        }
    }
    Ok(())
}
