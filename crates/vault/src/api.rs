//! SKELETON: the shape of the public API; the bodies are being written.
#![allow(unused_variables, clippy::needless_pass_by_value, reason = "skeleton")]
use std::io;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use vigil_audit::{Outcome, Verification};
use vigil_model::{
    Demographics, DeviceId, Moment, PatientId, PurposeOfUse, ResourceId, ResourceType, Role, Section, Sensitive, UserId,
};
use vigil_policy::{Denial, Permit};
use zeroize::Zeroizing;

use crate::{Custodian, CustodianKind, OpenError, Undecodable, VaultError};

/// Which kind of installation this is; set once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Real patients.
    Live,
    /// Invented patients.
    Demo,
    /// For learning.
    Training,
}

/// What Argon2id costs; kept with each slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KdfCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl KdfCost {
    /// What every installation uses: 64 MiB, 3 passes, 1 lane.
    pub const STANDARD: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
    /// For tests only: protects nothing.
    pub const CHEAP_FOR_TESTS: Self = Self { memory_kib: 8, passes: 1, lanes: 1 };
}

/// How a vault is set up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The hospital's name; may be empty until the first administrator names it.
    pub organization: String,
    /// Which kind of installation.
    pub environment: Environment,
    /// What passwords cost.
    pub kdf: KdfCost,
}

/// What the frame shows before anyone signs in. No PHI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The hospital's name.
    pub organization: String,
    /// Which kind of installation.
    pub environment: Environment,
}

/// Failed sign-ins under one name, known or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignInFailures {
    /// How many since the last success.
    pub count: u32,
    /// When the last one was.
    pub last: Option<DateTime<Utc>>,
    /// Until when sign-in under this name is refused.
    pub refused_until: Option<DateTime<Utc>>,
}

/// What sign-in needs to know about a user.
#[derive(Clone, Debug)]
pub struct LoginRecord {
    /// The id.
    pub id: UserId,
    /// The role.
    pub role: Role,
    /// `Dr A. OKAFOR`.
    pub display_name: String,
    /// Whether the account is closed.
    pub disabled: bool,
    /// Failed sign-ins.
    pub failures: SignInFailures,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRecord {
    /// The id.
    pub id: UserId,
    /// What they type to sign in.
    pub username: String,
    /// `Dr A. OKAFOR`.
    pub display_name: String,
    /// The role.
    pub role: Role,
    /// Whether the account is closed.
    pub disabled: bool,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// The last sign-in.
    pub last_sign_in: Option<DateTime<Utc>>,
}

/// A user to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// What they type to sign in; compared without case.
    pub username: String,
    /// Their name.
    pub display_name: String,
    /// Their role.
    pub role: Role,
}

/// One patient of the directory.
pub struct DirectoryRow {
    /// Who.
    pub patient: PatientId,
    /// What search and the banner show; `None` inside `Ok` never happens: a patient without demographics has empty ones.
    pub demographics: Result<Demographics, Undecodable>,
    /// Whether the chart is restricted.
    pub restricted: bool,
}

/// A stored resource, opened.
pub struct Stored {
    /// Its type.
    pub resource_type: ResourceType,
    /// Its id.
    pub id: ResourceId,
    /// Its version, from 1.
    pub version: u32,
    /// The JSON text as it was stored.
    pub json: Result<Zeroizing<String>, Undecodable>,
}

/// A resource to be stored.
pub struct ResourcePut<'a> {
    /// Its type.
    pub resource_type: &'a ResourceType,
    /// Its id.
    pub id: &'a ResourceId,
    /// Whose it is; `None`: shared (Practitioner, Organization ...).
    pub patient: Option<&'a PatientId>,
    /// Its JSON.
    pub json: &'a str,
    /// ISO date by which lists sort, or empty.
    pub sort: &'a str,
    /// For a Patient: what search and the banner show.
    pub demographics: Option<&'a Demographics>,
    /// For a Patient: whether the chart is restricted.
    pub restricted: bool,
}

/// What a put did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PutOutcome {
    /// It is new.
    Created,
    /// It replaced another version, which is kept in the history.
    Updated,
    /// It was there already, the same.
    Unchanged,
}

/// One line of the access report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRecord {
    /// The number of the audit entry.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; `None`: nobody was signed in, or the workstation itself.
    pub user: Option<UserId>,
    /// Their name, if the user is known here.
    pub user_display: Option<String>,
    /// In which role.
    pub role: Option<Role>,
    /// What (`patient-read`, `section-read`, `import-create` ...).
    pub interaction: String,
    /// Which page of the chart.
    pub section: Option<Section>,
    /// What for.
    pub purpose: PurposeOfUse,
    /// How it went.
    pub outcome: Outcome,
    /// True when the patient was one of several named by a list or a batch.
    pub listed: bool,
}

/// What a signed-in user can open. Not printable, not copyable, wiped when dropped.
pub struct UserKeys {
    _private: (),
}

/// The encrypted database of one workstation.
pub struct Vault {
    _private: (),
}

impl Vault {
    /// Makes a vault in `dir`, which must hold none.
    pub fn create(dir: &Path, custodian: Arc<dyn Custodian>, setup: &Setup, at: Moment) -> Result<Self, OpenError> { todo!() }
    /// Opens the vault in `dir`.
    pub fn open(dir: &Path, custodian: Arc<dyn Custodian>) -> Result<Self, OpenError> { todo!() }
    /// Whether there is a vault in `dir`, or a part of one.
    pub fn exists(dir: &Path) -> bool { todo!() }
    /// Which workstation this is.
    pub fn device_id(&self) -> DeviceId { todo!() }
    /// Organization and environment.
    pub fn settings(&self) -> Result<Settings, VaultError> { todo!() }
    /// Who keeps the device root.
    pub fn custodian_kind(&self) -> CustodianKind { todo!() }
    /// The only door.
    pub fn transaction<T, E: From<VaultError>>(
        &self,
        permit: Permit,
        keys: Option<&UserKeys>,
        at: Moment,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> { todo!() }
    /// Records a refusal.
    pub fn record_denial(&self, denial: &Denial, at: Moment) -> Result<(), VaultError> { todo!() }
    /// Whether anyone can sign in yet.
    pub fn has_users(&self) -> Result<bool, VaultError> { todo!() }
    /// What sign-in needs to know about a name.
    pub fn login_record(&self, username: &str) -> Result<Option<LoginRecord>, VaultError> { todo!() }
    /// Failed sign-ins under a name, known or not.
    pub fn sign_in_failures(&self, username: &str) -> Result<SignInFailures, VaultError> { todo!() }
    /// Opens a user's keys: one Argon2id run, outside the database lock; the same work for an unknown name.
    pub fn unlock(&self, username: &str, password: &Sensitive<String>) -> Result<(UserRecord, UserKeys), VaultError> { todo!() }
    /// Reads the whole audit log and names what was done to it.
    pub fn audit_verify(&self) -> Result<Verification, VaultError> { todo!() }
    /// Signs a checkpoint and raises the custodian's mark.
    pub fn checkpoint(&self, at: Moment) -> Result<(), VaultError> { todo!() }
    /// Writes the log as FHIR AuditEvent NDJSON; itself audited. Returns how many.
    pub fn audit_export(&self, permit: Permit, at: Moment, out: &mut dyn io::Write) -> Result<u64, VaultError> { todo!() }
}

/// One transaction; made by [`Vault::transaction`] only.
pub struct Tx<'a> {
    _private: PhantomData<&'a ()>,
}

impl Tx<'_> {
    /// Names the hospital; with the first administrator only.
    pub fn organization_set(&mut self, organization: &str) -> Result<(), VaultError> { todo!() }
    /// Makes a user; `grants_from` are the administrator's keys, `None` only for the first administrator.
    pub fn user_insert(&mut self, user: &NewUser, password: &Sensitive<String>, grants_from: Option<&UserKeys>) -> Result<UserRecord, VaultError> { todo!() }
    /// Every user by name.
    pub fn users(&self) -> Result<Vec<UserRecord>, VaultError> { todo!() }
    /// Notes a sign-in and forgets the failures before it.
    pub fn signed_in(&mut self, user: UserId) -> Result<(), VaultError> { todo!() }
    /// Counts a failed sign-in under a name, known or not.
    pub fn sign_in_failure(&mut self, username: &str) -> Result<SignInFailures, VaultError> { todo!() }
    /// Refuses sign-in under a name until then.
    pub fn sign_in_refuse(&mut self, username: &str, until: DateTime<Utc>) -> Result<(), VaultError> { todo!() }
    /// Every patient.
    pub fn directory(&self, visit: impl FnMut(DirectoryRow)) -> Result<(), VaultError> { todo!() }
    /// The demographics of the permit's patient.
    pub fn demographics(&self, patient: &PatientId) -> Result<Option<DirectoryRow>, VaultError> { todo!() }
    /// How many resources of each type; nothing is decrypted.
    pub fn resource_counts(&self, patient: &PatientId) -> Result<Vec<(ResourceType, u32)>, VaultError> { todo!() }
    /// The patient's resources of these types, newest first within each type.
    pub fn resources(&self, patient: &PatientId, types: &[&str]) -> Result<Vec<Stored>, VaultError> { todo!() }
    /// One resource of the patient.
    pub fn resource(&self, patient: &PatientId, r#type: &ResourceType, id: &ResourceId) -> Result<Option<Stored>, VaultError> { todo!() }
    /// Every resource of the patient, one after the other.
    pub fn all_resources(&self, patient: &PatientId, visit: impl FnMut(Stored)) -> Result<(), VaultError> { todo!() }
    /// A resource that belongs to no patient.
    pub fn shared_resource(&self, r#type: &ResourceType, id: &ResourceId) -> Result<Option<Stored>, VaultError> { todo!() }
    /// Every resource that belongs to no patient, one after the other.
    pub fn shared_resources(&self, visit: impl FnMut(Stored)) -> Result<(), VaultError> { todo!() }
    /// Stores a resource.
    pub fn resource_put(&mut self, put: &ResourcePut<'_>) -> Result<PutOutcome, VaultError> { todo!() }
    /// Makes a resource findable by an identifier; only a keyed digest is stored.
    pub fn identifier_put(&mut self, system: &str, value: &str, r#type: &ResourceType, id: &ResourceId) -> Result<(), VaultError> { todo!() }
    /// The one resource with this identifier; `None` when there is none or more than one.
    pub fn identifier_find(&self, system: Option<&str>, value: &str, r#type: &ResourceType) -> Result<Option<ResourceId>, VaultError> { todo!() }
    /// Whether a resource is stored.
    pub fn resource_exists(&self, r#type: &ResourceType, id: &ResourceId) -> Result<bool, VaultError> { todo!() }
    /// Names the patients of a list that is shown, so that "who looked" finds them.
    pub fn listed(&mut self, patients: impl IntoIterator<Item = PatientId>) { todo!() }
    /// What the entry should remember beyond codes and ids: sealed; the log holds a salted commitment to it.
    pub fn detail(&mut self, json: serde_json::Value) { todo!() }
    /// Who looked at the patient, newest first.
    pub fn accesses(&self, patient: &PatientId, limit: u32) -> Result<Vec<AccessRecord>, VaultError> { todo!() }
    /// The charts that the permit's user opened, newest first, one line per patient.
    pub fn last_opened(&self, user: UserId, limit: u32) -> Result<Vec<(PatientId, DateTime<Utc>)>, VaultError> { todo!() }
}
