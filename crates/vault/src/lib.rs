//! The encrypted database and every key: the only crate that knows SQL. [`Vault::transaction`] is its only door, and it
//! opens for a [`vigil_policy::Permit`] alone.
//!
//! # Terminology
//! - **custodian**: who keeps the device root: a TPM, a PKCS#11 token, the operating system's keystore, or a file (`software`).
//! - **slot**: a user's sealed key, opened by the password together with the custodian.
//! - **KEK / CEK**: a key that seals keys / a key that seals one version of one record.
//! - **care group, break-glass**: key pairs; whoever writes needs the public half only, members hold the private half.
//! - **escrow**: what is sealed to the organisation recovery key, whose private half is on paper only.
//! - **tombstone**: what is left of a patient whose keys two persons had destroyed: ids, times, a code.
//! - **second factor**: what a user shows beside the password; a check, not a key.
//! - **fleet**: the workstations of one server; **outbox**: the entries that wait for it.
//! - **mark**: size and root of the audit log that the custodian remembers, so that an older copy is noticed.

mod ahead;
mod backup;
mod beside;
mod card;
mod crash;
mod crockford;
mod custodian;
mod database_key;
mod denials;
mod destruction;
mod device;
mod emergency;
mod emergency_account;
mod entry;
mod error;
mod factor;
mod file;
mod fleet;
mod fleet_user;
mod free_space;
mod header;
mod in_use;
mod inspect;
mod key;
mod keys;
mod log;
mod open;
mod origin;
mod outbox;
mod password;
mod record;
mod recover;
mod recovery;
mod report;
mod reserve;
mod rollback;
mod rotation;
mod schema;
mod slot;
mod stack;
mod suspension;
mod table;
mod text;
mod tx;
mod vault;

pub use backup::{Backup, BackupContent, BackupProgress, GoOn, Judge, Restored};
pub use card::{CardError, CardKey, CardReader, TriesLeft};
pub use custodian::os_keystore::OsKeystoreCustodian;
pub use custodian::pkcs11::{Pkcs11Custodian, Pkcs11Place};
pub use custodian::software::SoftwareCustodian;
#[cfg(target_os = "linux")]
pub use custodian::tpm::TpmCustodian;
pub use custodian::{Custodian, CustodianError, CustodianKind, Mark};
pub use destruction::{DestroyedResource, Destruction, DestructionState, Tombstone};
pub use emergency::{EmergencyAccess, EmergencyKey, EmergencyOpening, EmergencyReview};
pub use emergency_account::{EmergencyAccount, EmergencyHalf, EmergencyHalfError, HalfNumber, emergency_password};
pub use error::{OpenError, Undecodable, VaultError};
pub use factor::{Challenge, FactorAccepted, FactorKind, FactorRecord, FactorShown, SignedChallenge, TotpSecret};
pub use fleet::{Fleet, FleetContact, FleetIdentity};
pub use fleet_user::{ArrivingUser, DirectoryApplied, UserPublicKeys, sign_in_proof};
pub use inspect::{AuditHead, Contents, Depth, Inspection};
pub use key::UserKeys;
pub use keys::{DatabaseKeyAge, GroupKeyAge, KeyKeeper, KeyKind, KeyList, KeyRecord, KeyState, KeyUse, KeyUseFilter};
pub use origin::ProgramOrigin;
pub use outbox::OutboxState;
pub use password::OwnSlot;
pub use record::{
    AccessRecord, AccountStanding, AmendmentDue, CosignRequest, DirectoryRow, Environment, LoginRecord, NewUser,
    NoteDraft, NoteDraftRow, PatientWrite, PutOutcome, RecoveryState, ResourcePut, ResourceVersion, ResourceWrite,
    ReviewsDue, Settings, Setup, SignInFailures, Stored, TeamChange, TeamRecord, TerminologyRecord, UserChange,
    UserRecord, WorklistRow, WrittenVersion,
};
pub use recover::Recovered;
pub use recovery::{RECOVERY_KEY_GROUPS, RecoveryKey, RecoveryKeyError};
pub use report::{AuditWord, DisclosureRecord, IndexedAccess, ReportFilter, ReportRecord, ReportSubject, RightsRecord};
pub use rollback::Rollback;
pub use rotation::{RotationCause, RotationProgress};
pub use slot::KdfCost;
pub use stack::wipe as wipe_stack;
pub use suspension::{StandingSuspension, Suspension, SuspensionLift};
pub use table::emergency_account::USERNAME as EMERGENCY_USERNAME;
pub use table::group::GroupKey;
pub use table::slot::SlotAge;
pub use table::worklist::WorklistSpan;
pub use text::Text;
pub use tx::Tx;
pub use vault::{Vault, Written};
pub use vigil_audit::{Finding, Outcome, Verification};
