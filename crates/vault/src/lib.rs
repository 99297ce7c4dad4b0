//! The encrypted database and every key: the only crate that knows SQL. [`Vault::transaction`] is its only door, and it
//! opens for a [`vigil_policy::Permit`] alone.
//!
//! # Terminology
//! - **custodian**: who keeps the device root: the operating system's keystore, or a file (`software`).
//! - **slot**: a user's sealed key, opened by the password together with the custodian.
//! - **KEK / CEK**: a key that seals keys / a key that seals one version of one record.
//! - **care group, break-glass**: key pairs; whoever writes needs the public half only, members hold the private half.
//! - **mark**: size and root of the audit log that the custodian remembers, so that an older copy is noticed.

mod custodian;
mod device;
mod entry;
mod error;
mod file;
mod key;
mod log;
mod open;
mod record;
mod schema;
mod slot;
mod table;
mod tx;
mod vault;

#[cfg(target_os = "linux")]
pub use custodian::secret_service::SecretServiceCustodian;
pub use custodian::software::SoftwareCustodian;
pub use custodian::{Custodian, CustodianError, CustodianKind, Mark};
pub use error::{OpenError, Undecodable, VaultError};
pub use key::UserKeys;
pub use record::{
    AccessRecord, DirectoryRow, Environment, LoginRecord, NewUser, PutOutcome, ResourcePut, Settings, Setup,
    SignInFailures, Stored, UserRecord,
};
pub use slot::KdfCost;
pub use tx::Tx;
pub use vault::Vault;
pub use vigil_audit::{Finding, Outcome, Verification};
