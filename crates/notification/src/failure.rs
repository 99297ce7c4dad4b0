//! What a delivery comes to, and why a channel cannot be made. No text here holds a secret or what the other side wrote.

use std::fmt;
use std::time::Duration;

/// The other side has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// What the other side calls it, where it says so: the id of an SMS, the queue id of a mail.
    pub receipt: Option<String>,
}

/// The other side does not have it, or does not say that it has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct DeliveryError {
    /// Whether it may work by itself later: silence, a connection that broke, "try again". What somebody has to mend is not transient.
    pub transient: bool,
    /// How long the other side asks to wait.
    pub retry_after: Option<Duration>,
    /// Who said what, such as `sms.example:443 answered 503`: for logs and for people.
    pub what: String,
}

impl DeliveryError {
    /// It may work later.
    pub(crate) fn transient(what: impl fmt::Display) -> Self {
        Self { transient: true, retry_after: None, what: what.to_string() }
    }

    /// Somebody has to mend it.
    pub(crate) fn permanent(what: impl fmt::Display) -> Self {
        Self { transient: false, ..Self::transient(what) }
    }
}

/// Why a channel cannot be made of its settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("channel {channel}: {key}: {what}")]
pub struct ChannelError {
    /// Its name.
    pub channel: String,
    /// The key that is wrong.
    pub key: &'static str,
    /// What is wrong with it, and what to do.
    pub what: String,
}

/// What is wrong with a key, before it is known whose key it is.
#[derive(Debug)]
pub(crate) struct KeyError {
    pub(crate) key: &'static str,
    pub(crate) what: String,
}

impl KeyError {
    pub(crate) fn new(key: &'static str, what: impl fmt::Display) -> Self {
        Self { key, what: what.to_string() }
    }

    pub(crate) fn of(self, channel: impl fmt::Display) -> ChannelError {
        ChannelError { channel: channel.to_string(), key: self.key, what: self.what }
    }
}
