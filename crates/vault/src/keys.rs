//! The keys as people see them: ids, versions, ages and states. Nothing in here is secret.

use chrono::{DateTime, Utc};
use vigil_model::{PatientId, PurposeOfUse, Role, Section, UserId};

use crate::error::ResultExt as _;
use crate::{GroupKey, RotationCause, RotationProgress, Vault, VaultError, table};

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Encrypts the pages of the database.
    Database,
    /// Signs checkpoints of the audit log.
    Signing,
    /// Opens the groups' keys for granting.
    Authority,
    /// Seals demographics and what belongs to no patient.
    Directory,
    /// The care group's key pair.
    CareGroup,
    /// The break-glass group's key pair.
    BreakGlass,
    /// A user's slot: what the password and the device root open together.
    UserSlot,
    /// Stand between a group's key pair and patient keys.
    Wrapping,
    /// Seal the content of charts.
    Patient,
    /// The public half of the organisation recovery key.
    Recovery,
}

impl KeyKind {
    /// The word on the command line and on the screen.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Signing => "signing",
            Self::Authority => "authority",
            Self::Directory => "directory",
            Self::CareGroup => "care-group",
            Self::BreakGlass => "break-glass",
            Self::UserSlot => "user-slot",
            Self::Wrapping => "wrapping",
            Self::Patient => "patient",
            Self::Recovery => "recovery",
        }
    }
}

/// NIST SP 800-57 part 1, section 7, as far as it occurs here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It seals.
    Active,
    /// It opens what was sealed before (deactivated).
    DecryptOnly,
    /// It is gone.
    Destroyed,
}

impl KeyState {
    /// The word on the command line and on the screen.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::DecryptOnly => "decrypt-only",
            Self::Destroyed => "destroyed",
        }
    }
}

/// Who keeps a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKeeper {
    /// The custodian of the device root.
    Custodian,
    /// Each member holds it, sealed to a public key of theirs.
    Members,
    /// The user's password and the custodian together.
    PasswordAndCustodian,
    /// A group's key pair.
    Group,
    /// The version after it.
    NextVersion,
    /// Paper in a safe.
    Paper,
    /// Nobody.
    Nobody,
}

/// One key, or several that differ in nothing but their number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its id, as the key access log names it, without the version.
    pub id: String,
    /// What it is for.
    pub kind: KeyKind,
    /// Its version, from 1.
    pub version: u32,
    /// Its state.
    pub state: KeyState,
    /// Who keeps it.
    pub keeper: KeyKeeper,
    /// When it was made; of several, the oldest. `None`: before ages were noted.
    pub made_at: Option<DateTime<Utc>>,
    /// When another version took its place.
    pub replaced_at: Option<DateTime<Utc>>,
    /// How many keys this line stands for.
    pub count: u64,
}

/// Every key, and what is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyList {
    /// The keys.
    pub keys: Vec<KeyRecord>,
    /// What is being sealed anew under a new directory key.
    pub directory: Option<RotationProgress>,
    /// What is being sealed anew under new patient keys.
    pub patients: Option<RotationProgress>,
    /// A new database key is made at the next start.
    pub database_at_start: bool,
    /// A device that held the keys was lost then: every group key that is older is due.
    pub exposed_at: Option<DateTime<Utc>>,
}

/// Which uses of keys are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyUseFilter {
    /// Of this user only.
    pub user: Option<UserId>,
    /// About this patient only.
    pub patient: Option<PatientId>,
    /// From then on.
    pub from: Option<DateTime<Utc>>,
    /// Before then.
    pub until: Option<DateTime<Utc>>,
}

/// Keys that were opened or used, for one patient and purpose in one session, at their first use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// The number of the audit entry.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; `None`: the workstation itself.
    pub user: Option<UserId>,
    /// Their name, if the user is known here.
    pub user_display: Option<String>,
    /// In which role.
    pub role: Option<Role>,
    /// Whose record.
    pub patient: Option<PatientId>,
    /// Which keys: id and version.
    pub keys: Vec<String>,
    /// What was being done.
    pub interaction: String,
    /// Which page of the chart.
    pub section: Option<Section>,
    /// What for.
    pub purpose: PurposeOfUse,
}

/// A group's key and when it was made; `None`: before ages were noted.
pub type GroupKeyAge = (GroupKey, Option<DateTime<Utc>>);

/// How old the database key is, and whether somebody asked for a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatabaseKeyAge {
    /// When it was made; `None`: before ages were noted.
    pub made_at: Option<DateTime<Utc>>,
    /// Why a new one is asked for, if it is.
    pub asked: Option<RotationCause>,
}

impl Vault {
    /// How old the groups' keys are. No permit: ages name nobody, and the workstation looks at them by itself.
    ///
    /// # Errors
    /// When the database fails.
    pub fn group_key_ages(&self) -> Result<Vec<GroupKeyAge>, VaultError> {
        let connection = self.lock();
        let doing = "reading the ages of the groups' keys";
        let mut statement = connection.prepare("SELECT id, made_at FROM group_key ORDER BY id").doing(doing)?;
        let found: rusqlite::Result<Vec<(String, i64)>> =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).doing(doing)?.collect();
        let found = found.doing(doing)?.into_iter();
        Ok(found.filter_map(|(id, at)| Some((GroupKey::from_id(&id)?, made(at)))).collect())
    }

    /// When a device that held the keys was lost last: every group key that is older is due.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keys_exposed_at(&self) -> Result<Option<DateTime<Utc>>, VaultError> {
        Ok(table::rotation::exposed_at(&self.lock())?.and_then(made))
    }

    /// Whether something is being sealed anew: under a new directory key, and under new patient keys.
    ///
    /// # Errors
    /// When the database fails.
    pub fn resealing(&self) -> Result<(bool, bool), VaultError> {
        let connection = self.lock();
        let of = |kind: &str| {
            connection
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM key_rotation WHERE kind = ?1)")
                .and_then(|mut statement| statement.query_row([kind], |row| row.get(0)))
                .doing("looking whether something is being sealed anew")
        };
        Ok((of("directory")?, of("patients")?))
    }

    /// How large the database is, without its write-ahead log.
    ///
    /// # Errors
    /// When the file cannot be looked at.
    pub fn database_bytes(&self) -> Result<u64, VaultError> {
        let doing = "looking at the database file";
        let found = std::fs::metadata(self.dir.join(crate::header::DATABASE_FILE));
        found.map(|found| found.len()).map_err(|source| VaultError::Disk { doing, source })
    }

    /// How old the database key is.
    ///
    /// # Errors
    /// When the database fails.
    pub fn database_key_age(&self) -> Result<DatabaseKeyAge, VaultError> {
        let connection = self.lock();
        Ok(DatabaseKeyAge {
            made_at: table::device_key::database_made_at(&connection)?.and_then(made),
            asked: table::rotation::database_key_asked(&connection)?,
        })
    }
}

/// 0 stands for a time before ages were noted.
pub(crate) fn made(at: i64) -> Option<DateTime<Utc>> {
    (at > 0).then(|| table::time(at))
}
