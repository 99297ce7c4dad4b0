//! What leaves the central server when an alarm is raised: mail, SMS, a signed webhook, PagerDuty, syslog for a SIEM or an audit record
//! repository.
//!
//! The server decides that something is to be told, keeps it until it is delivered, and calls [`Channel::deliver`]; [`plan`] says when to
//! try again and when the next level is told. This crate knows no database, reads no clock and has no source of chance.
//!
//! # What no message holds
//! A [`Notice`] has no room for a patient, a name or a sentence, and the words of every message come from this crate. Whoever gets one
//! knows that there is an alarm, of which rule and how grave, and opens the privacy desk. Programs are also told the opaque id of the user
//! or device that it is about.
//!
//! # What no error holds
//! Neither secrets, nor what the other side wrote: a place, a code, and a reason.
//!
//! # Terminology
//! - *alarm*: what a rule found, with a number; *incident* in the words of others.
//! - *notice*: one thing that happened to an alarm.
//! - *channel*: one way to tell it, *level*: who is told, the next when nobody has answered.
//! - *receipt*: what the other side calls the message that it took.

mod channel;
mod dial;
mod failure;
mod http;
mod memo;
mod names;
mod notice;
pub mod plan;
mod secret;
pub mod settings;
mod tls;
mod words;

pub use channel::Channel;
pub use failure::{ChannelError, Delivered, DeliveryError};
pub use names::{ChannelName, HostName, NameError, RuleId, SystemName};
pub use notice::{Notice, NoticeEvent, Severity, SubjectKind};
pub use plan::Escalation;
pub use settings::ChannelSettings;
