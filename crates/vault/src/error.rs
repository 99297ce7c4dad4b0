//! Why the vault did not open, and why it did not do what was asked. No message names a patient.

use std::path::PathBuf;

use crate::CustodianError;

/// Why the vault did not open. None of these ever recreates or overwrites a file.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no vault here.
    #[error(
        "there is no Vigil data in {path}: {what} is missing; restore the folder from its backup, or set this workstation up"
    )]
    Missing {
        /// The data folder.
        path: PathBuf,
        /// Which file.
        what: &'static str,
    },
    /// `create` found something.
    #[error("{path} already holds Vigil data; nothing was changed. Open it, or name an empty folder")]
    AlreadyExists {
        /// The data folder.
        path: PathBuf,
    },
    /// The custodian's key is not the key of this data.
    #[error(
        "the key does not fit the data in {path}; nothing was changed. Sign in to the operating system as the user who set \
         this workstation up, or put back the TPM or token that it was set up with; where that key is gone for good, `vigil \
         recover` opens the data with the organisation recovery key"
    )]
    WrongKey {
        /// The data folder.
        path: PathBuf,
    },
    /// `device.json` was sealed by another kind of custodian than the one that is asked.
    #[error(
        "{path} was sealed by another custodian ({sealed_by}) than the one that is named for it, the {named}; nothing was \
         changed. Restore the whole data folder from one backup"
    )]
    OtherCustodian {
        /// The file.
        path: PathBuf,
        /// The code that the file carries.
        sealed_by: String,
        /// Who was asked.
        named: &'static str,
    },
    /// The key fits but the file is damaged.
    #[error("{path} is damaged and was left as it is; restore it from its backup and keep this copy for recovery")]
    Corrupt {
        /// The file.
        path: PathBuf,
    },
    /// Somebody put an unencrypted database there.
    #[error(
        "{path} is not encrypted, so Vigil did not write it and does not open it; find out who put it there, then restore the backup"
    )]
    Plaintext {
        /// The file.
        path: PathBuf,
    },
    /// A newer Vigil wrote it.
    #[error("{path} was written by a newer Vigil (layout {found}, this program knows {known}); update this program")]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// The layout found.
        found: u32,
        /// The newest layout that this program knows.
        known: u32,
    },
    /// The custodian did not give the key.
    #[error(
        "the device key could not be used: {0}. Where it is gone for good, `vigil recover` opens the data with the \
         organisation recovery key"
    )]
    Custodian(#[from] CustodianError),
    /// The organisation recovery key is asked for and there is none.
    #[error("{path} was set up without an organisation recovery key, so none opens it; nothing was changed")]
    NoRecoveryKey {
        /// The data folder or the backup.
        path: PathBuf,
    },
    /// It is another paper.
    #[error(
        "this is not the recovery key of {path}; nothing was changed. Look for the paper that is named {wanted} at its top"
    )]
    OtherRecoveryKey {
        /// The data folder or the backup.
        path: PathBuf,
        /// The name of the right paper.
        wanted: String,
    },
    /// Somebody else has the folder.
    #[error("another Vigil uses {path}; close its window, or let its command end, then try again")]
    InUse {
        /// The data folder.
        path: PathBuf,
    },
    /// What was recovered or restored is not sound.
    #[error("{path} is not used: {reason}. Nothing was changed")]
    NotSound {
        /// The data folder or the backup.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// Somebody has to say first that this is meant.
    #[error("{path} is not used: {reason}. Nothing was changed")]
    Declined {
        /// The data folder or the backup.
        path: PathBuf,
        /// What stands in the way, and what to do.
        reason: String,
    },
    /// The program was built without SQLCipher; it would write plaintext.
    #[error("this build of Vigil has no SQLCipher and refuses to store anything; install a proper build")]
    NoCipher,
    /// A file could not be read or written.
    #[error(
        "{path} could not be read or written ({source}); check its owner (it must be yours), its mode (0600) and the disk"
    )]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// SQLite failed in another way.
    #[error("the database in {path} could not be opened; close other programs that use it and try again")]
    Database {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: rusqlite::Error,
    },
    /// A step of setting up failed.
    #[error("the vault could not be set up: {0}")]
    Setup(#[from] VaultError),
}

/// Why the vault did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Wrong name or password; never says which.
    #[error("wrong user name or password")]
    WrongPassword,
    /// A second factor that is wrong, or that was used before.
    #[error("this second factor does not fit, or it was used before")]
    WrongSecondFactor,
    /// The work touched a record, or did something, that its permit does not cover.
    #[error("the request reached for a record that it has no permit for; nothing was done")]
    OutsidePermit,
    /// The keys that are needed are not here (locked, or the role does not hold them).
    #[error("the key that is needed is not at hand; sign in or unlock first")]
    KeysMissing,
    /// The account was closed while the session went on.
    #[error("this account was closed by an administrator; nothing was done")]
    AccountClosed,
    /// The user name is taken.
    #[error("this user name is taken; choose another one")]
    UserExists,
    /// An id, name or number does not fit.
    #[error("{0}")]
    Invalid(&'static str),
    /// Somebody else has written this resource since it was read: nothing of theirs is lost.
    #[error(
        "this entry was changed in the meantime (version {newest} is the newest now); nothing was stored. Read it again, then decide"
    )]
    VersionConflict {
        /// The version that stands now.
        newest: u32,
    },
    /// Whoever changes what users may do would change what they may do themselves.
    #[error("nobody changes their own rights; ask another administrator")]
    OwnRights,
    /// An administrator gave the user another role while the session went on.
    #[error("your role was changed by an administrator; sign in again to go on")]
    RoleChanged,
    /// Whoever asked for something that takes two persons would be the second one as well.
    #[error(
        "it takes a second person: not the one who asked, not another account of theirs, and not an account that was made later"
    )]
    SamePerson,
    /// Two persons had this resource destroyed.
    #[error("this entry was destroyed on {}; nothing is taken in under its type and id", .at.format("%Y-%m-%d"))]
    ResourceDestroyed {
        /// When.
        at: chrono::DateTime<chrono::Utc>,
    },
    /// Two persons had this patient's keys destroyed.
    #[error("the record of this patient was destroyed on {}; nothing of it is left here, and nothing is taken in under its id", .at.format("%Y-%m-%d"))]
    Destroyed {
        /// When.
        at: chrono::DateTime<chrono::Utc>,
    },
    /// What is sealed in this table does not authenticate: it was changed, moved or swapped.
    #[error(
        "a sealed value in {0} does not authenticate: it was changed outside Vigil; verify the audit log and restore the backup"
    )]
    Tampered(&'static str),
    /// What came from the server was not signed by whom it says, or is about another log.
    #[error(
        "{0} from the server is not what it says: it was not taken, and nothing was deleted; tell whoever runs the server"
    )]
    Forged(&'static str),
    /// The disk has no more left than what is kept for the audit log and for emergencies.
    #[error(
        "the disk is nearly full, and what is left is kept for the audit log: no record opens before there is room. Tell IT; in an \
         emergency, break the glass"
    )]
    DiskReserved,
    /// The audit entry could not be written, so nothing was done and nothing is shown.
    #[error(
        "the audit log cannot be written, so nothing was done; check disk space and run `vigil audit verify`, then try again"
    )]
    AuditUnavailable(#[source] Box<VaultError>),
    /// The custodian did not do its part.
    #[error("the device key could not be used: {0}")]
    Custodian(#[from] CustodianError),
    /// SQLite failed.
    #[error("the database failed while {doing}; try again, and restore the backup if it persists")]
    Database {
        /// What it was doing.
        doing: &'static str,
        /// The cause.
        source: rusqlite::Error,
    },
    /// A page of the database is damaged.
    #[error("the database is damaged (found while {doing}); stop, keep this copy and restore the backup")]
    Damaged {
        /// What it was doing.
        doing: &'static str,
    },
    /// A file of the data folder, or a backup, could not be written or read.
    #[error("{doing} failed ({source}); check the disk, its free space and who may write there")]
    Disk {
        /// What was being done.
        doing: &'static str,
        /// The cause.
        source: std::io::Error,
    },
    /// Somebody stopped it.
    #[error("it was stopped before its end; nothing of it was kept")]
    Cancelled,
    /// Writing the export failed.
    #[error("the export could not be written; check the disk and the target folder")]
    Export(#[source] std::io::Error),
    /// The operating system gave no random bytes, or a primitive refused its input.
    #[error("a cryptographic step failed ({0}); restart the workstation and try again")]
    Cryptography(&'static str),
}

/// Why a stored resource cannot be shown. It is shown as undecodable, never left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undecodable {
    /// The user's keys do not open it.
    #[error("your keys do not open this record")]
    NoKey,
    /// It does not authenticate.
    #[error("this record was changed outside Vigil or is damaged")]
    Tampered,
    /// It was destroyed with the patient's record.
    #[error("this was destroyed together with the patient's record")]
    Destroyed,
    /// What was sealed is not what it should be.
    #[error("this record was stored in a form that cannot be read")]
    Malformed,
}

/// Says what the database was doing when it failed.
pub(crate) fn db(doing: &'static str) -> impl Fn(rusqlite::Error) -> VaultError {
    move |source| match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => VaultError::Damaged { doing },
        _ => VaultError::Database { doing, source },
    }
}

/// The same as a suffix.
pub(crate) trait ResultExt<T> {
    /// Says what the database was doing if it failed.
    fn doing(self, doing: &'static str) -> Result<T, VaultError>;
}

impl<T> ResultExt<T> for rusqlite::Result<T> {
    fn doing(self, doing: &'static str) -> Result<T, VaultError> {
        self.map_err(db(doing))
    }
}
