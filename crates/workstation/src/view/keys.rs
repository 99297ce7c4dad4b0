//! Keys and the key access log. Nothing in here is secret.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Which keys are listed.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeySearchRequest {
    /// Patient keys one by one instead of counted.
    pub each_patient: bool,
}

/// Every key, and what is under way.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeyListView {
    /// The keys.
    pub rows: Vec<KeyRow>,
    /// What is being sealed anew; `None`: nothing.
    pub under_way: Option<KeyProgressView>,
    /// A new database key is made when the program starts next.
    pub database_at_start: bool,
}

/// How far a change of keys has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeyProgressView {
    /// `Directory` or `Patient records`.
    pub what: String,
    /// Rows done.
    pub done: u32,
    /// Of so many.
    pub total: u32,
    /// It waits until somebody lets it go on.
    pub paused: bool,
}

/// One key, or several that differ in nothing but their number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeyRow {
    /// Its id, as the key access log names it, without the version.
    pub id: String,
    /// `database`, `signing`, `authority`, `directory`, `care-group`, `break-glass`, `user-slot`, `wrapping`, `patient`,
    /// `recovery`.
    pub kind: String,
    /// What it is for, in words.
    pub purpose: String,
    /// Its version, from 1.
    pub version: u32,
    /// `active`, `decrypt-only`, `destroyed`.
    pub state: String,
    /// Who keeps it, in words.
    pub custodian: String,
    /// `21-Nov-2026 10:42`; `None`: before ages were noted, or several.
    pub made: Option<String>,
    /// Days since then.
    pub age_days: Option<u32>,
    /// When it is replaced next, or what replaces it; `None`: not at all.
    pub next_rotation: Option<String>,
    /// Its time is over.
    pub due: bool,
    /// How many keys this line stands for.
    pub count: u32,
}

/// A key to be replaced.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyRotateRequest {
    /// `authority`, `directory`, `care-group/general`, `break-glass`, `patient` (all of them), or `database` (at the next
    /// start).
    pub key: String,
}

/// Whether what is under way waits.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyResealPauseRequest {
    /// It waits; else it goes on.
    pub paused: bool,
}

/// Which uses of keys are asked for.
#[derive(Default, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyUseSearchRequest {
    /// Of the user with this id only; empty: everybody.
    pub user_id: String,
    /// About the patient with this id only; empty: all.
    pub patient_id: String,
    /// From the beginning of this day on (`2026-11-21`); empty: from the first entry.
    pub from: String,
    /// Until the end of this day; empty: until now.
    pub until: String,
}

/// The key access log.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeyUseListView {
    /// Newest first.
    pub rows: Vec<KeyUseRow>,
    /// There are more than are shown; ask for a shorter period.
    pub cut_off: bool,
}

/// Keys that were opened or used, at their first use for one patient and purpose in one session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeyUseRow {
    /// The number of the audit entry.
    pub sequence: u32,
    /// `21-Nov-2026 10:42:07`.
    pub recorded: String,
    /// Who.
    pub who: String,
    /// Their id, to ask for them alone; `None`: the workstation itself.
    pub user_id: Option<String>,
    /// In which role.
    pub role: String,
    /// Whose record, by id; `None`: nobody's.
    pub patient_id: Option<String>,
    /// Which keys: id and version.
    pub keys: Vec<String>,
    /// What was being done.
    pub what: String,
    /// What for.
    pub purpose: String,
}
