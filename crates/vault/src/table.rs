//! One module per table, each with the SQL of its table and nothing else.

pub(crate) mod access;
mod access_report;
mod account;
pub(crate) mod affiliation;
mod amendment;
pub(crate) mod destruction;
pub(crate) mod device_key;
pub(crate) mod directory;
mod directory_team;
mod disclosure;
pub(crate) mod emergency;
pub(crate) mod emergency_account;
mod erase;
pub(crate) mod factor;
pub(crate) mod fleet;
pub(crate) mod fleet_user;
pub(crate) mod grant;
pub(crate) mod group;
mod identifier;
mod key_list;
mod key_use;
mod last_use;
mod note;
pub(crate) mod outbox;
mod password;
pub(crate) mod patient;
mod preference;
pub(crate) mod recovery;
mod reseal;
mod resource;
mod rights;
mod rights_report;
mod roster;
pub(crate) mod rotation;
pub(crate) mod setting;
pub(crate) mod sign_in;
pub(crate) mod slot;
pub(crate) mod suspension;
mod team;
pub(crate) mod terminology;
pub(crate) mod tombstone;
pub(crate) mod user;
pub(crate) mod usual;
pub(crate) mod worklist;
mod wrapping;

use chrono::{DateTime, Utc};

/// A time from a table; one that is out of range is as old as can be.
pub(crate) fn time(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}
