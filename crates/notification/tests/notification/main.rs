//! Every channel against receivers that are not ours: aiosmtpd, rsyslog, openssl, and gateways over HTTPS that check what they are sent.
//! They are killed while messages come in, started again, and counted out: none is missing, and of those that came twice each says so.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod pagerduty;
mod secrets;
mod settings;
mod sms;
mod smtp;
#[path = "../support/mod.rs"]
mod support;
mod syslog;
mod trust;
mod webhook;
