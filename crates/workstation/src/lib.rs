//! The use cases of a Vigil workstation: no window, no SQL.
//!
//! [`Workstation`] is the only place where deciding (`vigil-policy`) and storing (`vigil-vault`) meet. Every use case that
//! touches a record goes through `Workstation::act`: authorize, then one transaction with its audit entry.
//!
//! # Terminology
//! - **session**: one stay of a user, from sign-in to sign-out; it survives a lock.
//! - **arrival**: somebody whose password was right and of whom something is still asked; not in a session yet.
//! - **second factor**: what is shown beside the password: a code, a recovery code, a card.
//! - **unlocked**: what exists only between sign-in or unlock and the next lock: the user's keys and the patient index.
//! - **place**: where the user was on the screen, as the screen wrote it: routes, ids and the user's own typed text; sealed with the user's keys.

mod access;
mod access_flag;
mod access_report;
mod access_rights;
mod account;
mod act;
mod acvpu;
mod arrival;
mod audit_log;
mod backup;
mod banner;
mod call;
mod chart;
mod chart_read;
mod chart_search;
mod clock;
mod csv;
mod custodian;
mod destruction;
mod disclosure;
mod doctor;
mod emergency;
mod emergency_account;
mod emergency_review;
mod error;
mod escalation;
mod export;
mod fleet;
mod import;
mod importing;
mod index;
mod key_upkeep;
mod key_use;
mod keys;
mod lock;
mod managed_policy;
mod names;
mod on_screen;
mod own_sign_in;
mod paper;
mod password;
mod password_rules;
mod patient;
mod patient_export;
mod pdf;
pub mod posture;
mod preference;
mod print;
mod private_file;
mod qr;
mod ranges;
mod reauthentication;
mod recover;
mod recovery;
mod registration;
mod relationship;
mod restore;
mod roster;
mod second_factor;
mod session;
mod session_token;
mod session_upkeep;
mod setup;
mod suspension;
mod tail;
mod team;
mod terminology;
mod throttle;
mod udi;
mod unusual;
mod user;
mod user_update;
pub mod view;
mod worklist;
mod write;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

pub use clock::Clock;
pub use custodian::{CustodianChoice, CustodianName, Custody};
pub use doctor::Depth;
pub use error::{AppError, ErrorCode};
pub use lock::IdleLock;
pub use managed_policy::{
    CustodyPolicy, FleetPolicy, HostAndPort, KeyPolicy, ManagedPolicy, PolicyOwner, PosturePolicy, PostureRule,
    RelationshipPolicy, SignInPolicy, Unit, UnusualAccessPolicy,
};
pub use patient_export::ExportForm;
pub use reauthentication::Purpose;
pub use restore::{RestoreAuthority, RestoreRequest};
pub use second_factor::FactorKind;
pub use setup::Setup;
pub use terminology::{TerminologyImport, TerminologyProgress};
pub use vigil_model::{
    BootId, DestructionReason, DeviceId, DisclosureBasis, Moment, OverrideReason, PatientId, Role, UserId,
};
pub use vigil_vault::BackupProgress as RestoreProgress;
pub use vigil_vault::{BackupProgress, RotationProgress, wipe_stack};
use vigil_vault::{CardReader, Vault};

use crate::arrival::Arrival;
use crate::backup::BackupTask;
use crate::emergency::Glass;
use crate::emergency_account::EmergencyDraft;
use crate::importing::ImportTask;
use crate::key_upkeep::Upkeep;
use crate::own_sign_in::Offer;
use crate::recovery::RecoveryDraft;
use crate::session::Session;
use crate::unusual::Watch;

/// What the core tells whoever shows it. States and ids, never content.
#[derive(Clone)]
pub enum Event {
    /// Somebody signed in or out, or the screen locked or unlocked.
    SessionChanged(Box<view::SessionView>),
    /// Seconds until the lock; `None` when input came and the warning is over.
    LockWarning(Option<u32>),
    /// An import went on or ended (without its report).
    ImportProgressed(view::ImportProgress),
    /// A backup went on or ended.
    BackupProgressed(view::BackupProgress),
    /// Workstation and server stand differently.
    SyncChanged(Box<view::SyncView>),
}

/// One workstation: its vault, who sits at it, and the time.
pub struct Workstation {
    data: PathBuf,
    custodian: CustodianChoice,
    state: Option<PathBuf>,
    /// Why earlier custodians of the order were passed over, when this program set the workstation up.
    passed_over: OnceLock<Vec<String>>,
    environment: view::Environment,
    vault: OnceLock<Vault>,
    clock: Arc<dyn Clock>,
    policy: ManagedPolicy,
    idle_lock: IdleLock,
    notify: Box<dyn Fn(Event) + Send + Sync>,
    session: Mutex<Option<Session>>,
    /// Signs and verifies session tokens: made with the first one, gone with the program.
    token_key: OnceLock<session_token::TokenKey>,
    /// Why the last one ended or locked, where nobody at the screen did it.
    notice: Mutex<Option<String>>,
    arrival: Mutex<Option<Arrival>>,
    offer: Mutex<Option<Offer>>,
    cards: OnceLock<CardReader>,
    /// The places, sealed, of users who left them for somebody else to sign in.
    parked: Mutex<HashMap<UserId, Vec<u8>>>,
    glasses: Mutex<Vec<Glass>>,
    platform: Arc<dyn posture::Platform>,
    /// As it was found last.
    posture: Mutex<posture::Posture>,
    line: fleet::Line,
    import: Mutex<Option<ImportTask>>,
    /// How far reading a document from elsewhere is.
    document: write::DocumentReading,
    /// The code systems that were searched since the program started.
    terminologies: terminology::Kept,
    /// The ranges of this hospital, once somebody asked for them.
    ranges: ranges::Kept,
    backup: Mutex<Option<BackupTask>>,
    recovery: Mutex<Option<RecoveryDraft>>,
    emergency_draft: Mutex<Option<EmergencyDraft>>,
    upkeep: Mutex<Upkeep>,
    /// When it was looked last whether a review is overdue, since boot.
    escalation: Mutex<Option<Duration>>,
    /// The last hour of whoever opened charts since the program started, signed out or not.
    watches: Mutex<HashMap<UserId, Watch>>,
}

/// A part of the core that a panic left half done is not used again; the caller gets an error instead.
fn lock_of<T>(mutex: &Mutex<T>) -> Result<std::sync::MutexGuard<'_, T>, AppError> {
    mutex
        .lock()
        .map_err(|_| AppError::new(ErrorCode::Internal, "the program failed before; close it and start it again"))
}

/// Milliseconds are enough for ids and far too coarse for secrets.
fn new_uuid(at: Moment) -> uuid::Uuid {
    let since_1970 = Duration::from_millis(u64::try_from(at.utc.timestamp_millis()).unwrap_or(0));
    let stamp = uuid::Timestamp::from_unix(uuid::NoContext, since_1970.as_secs(), since_1970.subsec_nanos());
    uuid::Uuid::new_v7(stamp)
}
