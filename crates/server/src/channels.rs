//! The ways by which people and systems are told of incidents, and who is called next when nobody answers.

use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use vigil_model::wire::IncidentSeverity;
use vigil_notification::{
    Channel, ChannelError, ChannelSettings, Escalation, HostName, Notice, NoticeEvent, Severity, SystemName,
};

use crate::config::Config;

/// Why there are no channels.
#[derive(Debug, thiserror::Error)]
pub enum ChannelsError {
    /// The file.
    #[error("alarm.channels: {0}")]
    File(std::io::Error),
    /// What it says.
    #[error("alarm.channels: {0}")]
    Form(toml::de::Error),
    /// One of them.
    #[error("alarm.channels: {0}")]
    Channel(#[from] ChannelError),
    /// Two have one name.
    #[error("alarm.channels: two channels are called {0}")]
    Twice(String),
    /// The server's name.
    #[error("server.name or server.names cannot stand in a message: {0}")]
    Name(String),
}

/// Every channel that is configured. Clones are the same channels.
#[derive(Clone, Default)]
pub struct Channels(Arc<Configured>);

#[derive(Default)]
struct Configured {
    channels: Vec<Channel>,
    escalation: Escalation,
    from: Option<(SystemName, HostName)>,
}

/// The file: `[escalation]`, and one `[[channel]]` for each way.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    escalation: Escalation,
    #[serde(default)]
    channel: Vec<ChannelSettings>,
}

impl Channels {
    /// Reads the file that `alarm.channels` names, with the secrets that it names. `name` and `host`: who speaks.
    ///
    /// # Errors
    /// [`ChannelsError`] names the key and what to do.
    pub fn read(file: &Path, name: &str, host: &str) -> Result<Self, ChannelsError> {
        let text = std::fs::read_to_string(file).map_err(ChannelsError::File)?;
        let written: Written = toml::from_str(&text).map_err(ChannelsError::Form)?;
        let mut channels: Vec<Channel> = Vec::new();
        for settings in written.channel {
            let channel = Channel::new(settings)?;
            if channels.iter().any(|other| other.name() == channel.name()) {
                return Err(ChannelsError::Twice(channel.name().as_str().to_owned()));
            }
            channels.push(channel);
        }
        let system = name.parse::<SystemName>().map_err(|error| ChannelsError::Name(error.to_string()))?;
        let host = host.parse::<HostName>().map_err(|error| ChannelsError::Name(error.to_string()))?;
        Ok(Self(Arc::new(Configured { channels, escalation: written.escalation, from: Some((system, host)) })))
    }

    /// The channels of a configuration; none where it names no file.
    ///
    /// # Errors
    /// [`ChannelsError`]
    pub fn of(config: &Config) -> Result<Self, ChannelsError> {
        let Some(file) = &config.channels else { return Ok(Self::default()) };
        Self::read(file, &config.name, &crate::server::host(config))
    }

    /// The names of those that are told this.
    pub(crate) fn told_of(&self, notice: &Notice) -> Vec<&str> {
        self.0.channels.iter().filter(|channel| channel.serves(notice)).map(|channel| channel.name().as_str()).collect()
    }

    /// The channel with this name.
    pub(crate) fn named(&self, name: &str) -> Option<&Channel> {
        self.0.channels.iter().find(|channel| channel.name().as_str() == name)
    }

    /// Who is called when nobody answers.
    pub(crate) fn escalation(&self) -> &Escalation {
        &self.0.escalation
    }

    /// Who speaks; `None`: nobody is told.
    pub(crate) fn from(&self) -> Option<&(SystemName, HostName)> {
        self.0.from.as_ref()
    }

    /// The names of all.
    pub fn names(&self) -> Vec<&str> {
        self.0.channels.iter().map(|channel| channel.name().as_str()).collect()
    }
}

pub(crate) const fn severity_of(severity: IncidentSeverity) -> Severity {
    match severity {
        IncidentSeverity::Low => Severity::Low,
        IncidentSeverity::Medium => Severity::Medium,
        IncidentSeverity::High => Severity::High,
        IncidentSeverity::Critical => Severity::Critical,
    }
}

pub(crate) fn event_of(code: &str) -> Option<NoticeEvent> {
    [NoticeEvent::Raised, NoticeEvent::Escalated, NoticeEvent::Acknowledged, NoticeEvent::Closed]
        .into_iter()
        .find(|event| event.as_str() == code)
}
