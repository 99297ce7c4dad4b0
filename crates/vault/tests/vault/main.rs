//! The vault from outside: real SQLCipher files in temporary folders.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::wildcard_enum_match_arm,
    reason = "tests"
)]

mod access;
mod access_report;
mod backup;
#[cfg(target_os = "linux")]
mod card;
mod custody;
mod destruction;
mod emergency;
mod factor;
mod fleet_user;
mod hospital;
mod inspect;
mod leak;
mod notes;
mod opening;
#[cfg(target_os = "linux")]
mod os_keystore;
mod outbox;
mod permits;
#[cfg(target_os = "linux")]
mod pkcs11;
mod preferences;
mod records;
mod recovery;
mod resource_destruction;
mod rights;
mod rotation;
mod sealing;
mod sign_in;
mod small_disk;
mod suspension;
mod tamper;
#[cfg(unix)]
mod terminology;
mod torture;
#[cfg(target_os = "linux")]
mod tpm;
mod transaction;
mod ward;
mod worklist;
mod writing;
