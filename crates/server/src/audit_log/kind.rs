//! What the server records in its own log. The codes are those of `vigil_audit::Kind`.

use vigil_audit::{Action, Kind};

const APPLICATION_ACTIVITY: &str = "110100";
const AUDIT_LOG_USED: &str = "110101";
const EXPORT: &str = "110106";
const IMPORT: &str = "110107";
const SECURITY_ALERT: &str = "110113";
const USER_AUTHENTICATION: &str = "110114";
const APPLICATION_START: &str = "110120";
const LOGIN: &str = "110122";
const SECURITY_CONFIGURATION: &str = "110129";
const USE_OF_RESTRICTED_FUNCTION: &str = "110132";
const USER_SECURITY_ATTRIBUTES_CHANGED: &str = "110137";

const fn kind(interaction: &'static str, r#type: &'static str, subtype: &'static str, action: Action) -> Kind {
    Kind { interaction, r#type, subtype, action }
}

/// The server starts.
pub const SERVER_START: Kind = kind("server-start", APPLICATION_ACTIVITY, APPLICATION_START, Action::Execute);
/// A one-time token is made.
pub const TOKEN_CREATE: Kind = kind("token-create", SECURITY_ALERT, SECURITY_CONFIGURATION, Action::Create);
/// A workstation enrols, or is refused.
pub const DEVICE_ENROL: Kind = kind("device-enrol", SECURITY_ALERT, SECURITY_CONFIGURATION, Action::Create);
/// A workstation gets its next certificate.
pub const CERTIFICATE_RENEW: Kind = kind("certificate-renew", SECURITY_ALERT, SECURITY_CONFIGURATION, Action::Update);
/// An enrolment is revoked.
pub const DEVICE_REVOKE: Kind = kind("device-revoke", SECURITY_ALERT, SECURITY_CONFIGURATION, Action::Delete);
/// Another system is let in.
pub const CLIENT_CREATE: Kind = kind("client-create", SECURITY_ALERT, SECURITY_CONFIGURATION, Action::Create);
/// It is let in no longer.
pub const CLIENT_REVOKE: Kind = kind("client-revoke", SECURITY_ALERT, SECURITY_CONFIGURATION, Action::Delete);
/// Another system asks for an access token.
pub const ACCESS_TOKEN_CREATE: Kind = kind("access-token-create", USER_AUTHENTICATION, LOGIN, Action::Execute);
/// The directory is changed.
pub const DIRECTORY_UPDATE: Kind =
    kind("directory-update", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Update);
/// A user signs in on a workstation for the first time, or is refused.
pub const FIRST_SIGN_IN: Kind = kind("first-sign-in", USER_AUTHENTICATION, LOGIN, Action::Execute);
/// Group keys are handed in by a workstation that was set up alone.
pub const KEY_DEPOSIT: Kind = kind("key-deposit", SECURITY_ALERT, SECURITY_CONFIGURATION, Action::Create);
/// Group keys are sealed to a user.
pub const KEY_GRANT: Kind = kind("key-grant", SECURITY_ALERT, USE_OF_RESTRICTED_FUNCTION, Action::Read);
/// A group's key is replaced.
pub const KEY_ROTATE: Kind = Kind::KEY_ROTATE;
/// The master key is used or replaced.
pub const MASTER_KEY_USE: Kind = kind("master-key-use", SECURITY_ALERT, USE_OF_RESTRICTED_FUNCTION, Action::Execute);
/// The audit log is searched.
pub const AUDIT_EVENT_SEARCH: Kind = kind("audit-event-search", AUDIT_LOG_USED, "search-type", Action::Execute);
/// One audit event is read.
pub const AUDIT_EVENT_READ: Kind = kind("audit-event-read", AUDIT_LOG_USED, "read", Action::Read);
/// The audit log is verified.
pub const AUDIT_VERIFY: Kind = Kind::AUDIT_VERIFY;
/// A log leaves the server.
pub const AUDIT_EXPORT: Kind = kind("audit-export", EXPORT, "", Action::Read);
/// Months that were kept for as long as is asked are let go.
pub const AUDIT_RETENTION: Kind = kind("audit-retention", EXPORT, "", Action::Delete);
/// A backup is written.
pub const BACKUP_CREATE: Kind = Kind::BACKUP_CREATE;
/// A backup takes the place of an empty database.
pub const BACKUP_RESTORE: Kind = kind("backup-restore", IMPORT, "", Action::Execute);
/// A caller did what it must not.
pub const VIOLATION: Kind = kind("violation", SECURITY_ALERT, USE_OF_RESTRICTED_FUNCTION, Action::Execute);
/// Something that the server holds does not verify.
pub const INTEGRITY_FAILURE: Kind = Kind::INTEGRITY_FAILURE;
