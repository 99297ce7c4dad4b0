//! The use cases, with a real vault in a temporary folder and a clock that the test moves.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "tests"
)]

mod amendments;
mod auditors;
mod backup;
mod calls;
mod care_team;
mod central_server;
mod chart;
mod custody;
mod destruction;
mod disclosures;
mod documents;
mod emergency;
mod emergency_account;
mod encounters;
mod entries;
mod factor;
mod fhir_validator;
mod flags;
mod fleet;
mod fleet_desk;
mod hospital;
mod keys;
mod lock;
mod note_errors;
mod notes;
mod posture;
mod preferences;
mod printing;
mod ranges;
mod recovery;
mod registration;
mod relationship;
mod reports;
mod sign_in;
mod terminology;
mod tokens;
mod unusual;
mod users;
mod writing;
