//! The clock: the only place of the server that reads one.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, Utc};

/// Tells the time. Clones tell the same.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// The system's.
    pub fn system() -> Self {
        Self(Arc::new(Utc::now))
    }

    /// One that tells what `time` says: tests let months pass.
    pub fn told_by(time: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(time))
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }
}

/// RFC 3339, to the second, of microseconds since 1970.
pub(crate) fn rfc3339_of(micros: i64) -> String {
    DateTime::from_timestamp_micros(micros).map(rfc3339).unwrap_or_default()
}

/// RFC 3339, to the second.
pub(crate) fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}
