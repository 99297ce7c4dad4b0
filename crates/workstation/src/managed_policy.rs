//! What the organisation prescribes for its workstations: JSON files that only IT can write.
//!
//! Every `*.json` of the folder is read in the order of the names; a later file wins key by key, as Chromium's managed
//! policies do. A folder that is not there prescribes nothing. A value that cannot be understood stops the program: going
//! on without it might be weaker than what was meant. A key that this version does not know is logged and passed over, so
//! that one file serves workstations of several versions.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{AppError, IdleLock};
pub use custody::CustodyPolicy;
pub use fleet::{FleetPolicy, HostAndPort, Unit};
pub use keys::KeyPolicy;
pub use posture::{PosturePolicy, PostureRule};
pub use relationship::RelationshipPolicy;
pub use sign_in::SignInPolicy;
pub use unusual::UnusualAccessPolicy;

mod custody;
mod fleet;
mod keys;
mod posture;
mod relationship;
mod sign_in;
mod unusual;

/// Whose files are believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyOwner {
    /// Files of root that nobody else may write.
    Root,
    /// Any file: tests.
    Anyone,
}

/// The policy. Each key is documented with what it allows; nothing in it weakens a limit that the program itself has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ManagedPolicy {
    /// Minutes without input until the screen locks, 1 to 15 [default: 15].
    pub auto_lock_minutes: Option<u32>,
    /// Minutes that an emergency access lasts, 1 to 60 [default: 60].
    pub break_glass_minutes: Option<u32>,
    /// Emergency accesses that a user may begin within 24 hours, 1 to 100 [default: 20].
    pub break_glass_per_day: Option<u32>,
    /// Whether an emergency access opens psychotherapy notes and notes of substance use counselling too [default: false].
    pub break_glass_opens_protected_notes: Option<bool>,

    /// After how many days without a backup administrators are warned, 1 to 90 [default: 7].
    pub backup_warn_after_days: Option<u32>,
    /// Whether a smart card that is taken out of its reader locks the screen [default: false].
    pub lock_on_card_removal: Option<bool>,
    /// A part of the name of the readers that count for it, where patients' cards go into others [default: every reader].
    pub lock_on_card_reader: Option<String>,
    /// Which checks of the posture close the sign-in: `{"diskEncryption": "refuse"}` [default: all only warn].
    pub posture: PosturePolicy,

    /// Who may keep the device key.
    #[serde(flatten)]
    pub custody: CustodyPolicy,

    /// How people show who they are.
    #[serde(flatten)]
    pub sign_in: SignInPolicy,

    /// How near care has to be.
    #[serde(flatten)]
    pub relationship: RelationshipPolicy,

    /// How long keys are used, and what passwords cost.
    #[serde(flatten)]
    pub keys: KeyPolicy,

    /// How the server is reached.
    #[serde(flatten)]
    pub fleet: FleetPolicy,

    /// What is usual, before somebody has to show again that it is them.
    #[serde(flatten)]
    pub unusual: UnusualAccessPolicy,

    #[serde(flatten)]
    unknown: Map<String, Value>,
}

impl ManagedPolicy {
    /// Reads the folder.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Internal`] naming the file, what is wrong with it and what to do.
    pub fn read(folder: &Path, owner: PolicyOwner) -> Result<Self, AppError> {
        let mut merged = Map::new();
        let found = files(folder)?;
        if owner == PolicyOwner::Root && !found.is_empty() {
            // Whoever may write the folder can take a file out of it.
            only_root_writes(folder)?;
        }
        for path in found {
            merge(&mut merged, values(&path, owner)?);
        }
        let policy: Self = serde_json::from_value(Value::Object(merged))
            .map_err(|error| unusable(folder, &format!("a value does not do: {error}")))?;
        for key in policy.unknown.keys() {
            tracing::warn!(key, "a managed policy that this version does not know");
        }
        Ok(policy)
    }

    pub(crate) fn idle_lock(&self) -> IdleLock {
        self.auto_lock_minutes.map_or_else(IdleLock::default, IdleLock::after_minutes)
    }
}

impl ManagedPolicy {
    /// A part of the name of the readers whose card locks the screen when it is taken out; `None`: no card does.
    pub fn card_that_locks(&self) -> Option<&str> {
        let locks = self.lock_on_card_removal.unwrap_or(false);
        locks.then(|| self.lock_on_card_reader.as_deref().unwrap_or_default())
    }

    pub(crate) fn break_glass_minutes(&self) -> u32 {
        self.break_glass_minutes.unwrap_or(60).clamp(1, 60)
    }

    pub(crate) fn backup_warn_after_days(&self) -> u32 {
        self.backup_warn_after_days.unwrap_or(7).clamp(1, 90)
    }

    pub(crate) fn break_glass_per_day(&self) -> u32 {
        self.break_glass_per_day.unwrap_or(20).clamp(1, 100)
    }
}

/// A later value takes the place of an earlier one; of an object, each of its keys does: a ward that loosens one check of
/// the posture does not take back the others.
fn merge(merged: &mut Map<String, Value>, later: Map<String, Value>) {
    for (key, value) in later {
        match (merged.get_mut(&key), value) {
            (Some(Value::Object(earlier)), Value::Object(later)) => earlier.extend(later),
            (_, value) => {
                merged.insert(key, value);
            }
        }
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, AppError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unusable(folder, &error.to_string())),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unusable(folder, &error.to_string()))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn values(path: &Path, owner: PolicyOwner) -> Result<Map<String, Value>, AppError> {
    if owner == PolicyOwner::Root {
        only_root_writes(path)?;
    }
    let bytes = fs::read(path).map_err(|error| unusable(path, &error.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|error| unusable(path, &format!("no JSON object: {error}")))
}

#[cfg(unix)]
fn only_root_writes(path: &Path) -> Result<(), AppError> {
    use std::os::unix::fs::MetadataExt as _;
    let found = fs::metadata(path).map_err(|error| unusable(path, &error.to_string()))?;
    if found.uid() != 0 || found.mode() & 0o022 != 0 {
        return Err(unusable(path, "somebody else than root may write it; chown root and chmod go-w"));
    }
    Ok(())
}

#[cfg(not(unix))]
fn only_root_writes(_path: &Path) -> Result<(), AppError> {
    Ok(())
}

fn unusable(path: &Path, reason: &str) -> AppError {
    AppError::unusable(format!("the managed policy {} cannot be used: {reason}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_prescribed_where_there_is_no_folder() {
        let folder = tempfile::tempdir().unwrap();
        let policy = ManagedPolicy::read(&folder.path().join("absent"), PolicyOwner::Root).unwrap();
        assert_eq!(policy, ManagedPolicy::default(), "the program's own limits");
    }

    #[test]
    fn later_files_win_and_unknown_keys_are_passed_over() {
        let policy = read(&[
            ("10-base.json", r#"{"autoLockMinutes": 10, "ofTheFuture": 1}"#),
            ("20-ward.json", r#"{"autoLockMinutes": 3}"#),
        ]);
        assert_eq!(policy.unwrap().idle_lock(), IdleLock::after_minutes(3), "the ward's file comes later");
    }

    #[test]
    fn a_section_takes_its_keys_and_leaves_the_others() {
        let policy = read(&[(
            "10-base.json",
            r#"{"custodians": ["tpm", "os-keystore"], "tpmTcti": "device:/dev/tpm0", "autoLockMinutes": 5, "ofTheFuture": 1}"#,
        )])
        .unwrap();
        assert_eq!(policy.custody.order(), [crate::CustodianName::Tpm, crate::CustodianName::OsKeystore], "the order");
        assert_eq!(policy.custody.tcti(), "device:/dev/tpm0", "the TPM");
        assert_eq!(policy.unknown.keys().collect::<Vec<_>>(), ["ofTheFuture"], "only what nobody knows is unknown");
        assert!(read(&[("10-base.json", r#"{"custodians": ["hsm"]}"#)]).is_err(), "a custodian that there is not");
    }

    #[test]
    fn a_later_file_changes_one_check_of_the_posture_and_leaves_the_others() {
        let policy = read(&[
            ("10-base.json", r#"{"posture": {"diskEncryption": "refuse", "swap": "refuse"}}"#),
            ("20-ward.json", r#"{"posture": {"swap": "warn"}}"#),
        ])
        .unwrap();
        let rule = |check| policy.posture.rule(check);
        assert_eq!(rule(crate::posture::CheckId::DiskEncryption), PostureRule::Refuse, "nobody took it back");
        assert_eq!(rule(crate::posture::CheckId::Swap), PostureRule::Warn, "the ward did");
    }

    #[test]
    fn a_value_that_cannot_be_understood_stops_the_program() {
        let error = read(&[("10-base.json", r#"{"autoLockMinutes": "soon"}"#)]).unwrap_err();
        assert!(error.message.contains("a value does not do"), "{error}");
        let error = read(&[("10-base.json", "{")]).unwrap_err();
        assert!(error.message.contains("10-base.json") && error.message.contains("line 1"), "{error}");
    }

    #[test]
    #[cfg(unix)]
    fn a_file_that_others_may_write_is_not_believed() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("10-base.json");
        fs::write(&path, "{}").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        let error = ManagedPolicy::read(folder.path(), PolicyOwner::Root).unwrap_err();
        assert!(error.message.contains("somebody else than root"), "{error}");
    }

    fn read(files: &[(&str, &str)]) -> Result<ManagedPolicy, AppError> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        ManagedPolicy::read(folder.path(), PolicyOwner::Anyone)
    }
}
