//! What this crate's use of the logs leaves in the server's own. The codes are those of `vigil_audit::Kind`.

use vigil_audit::{Action, Kind};

const AUDIT_LOG_USED: &str = "110101";
const EXPORT: &str = "110106";
const SECURITY_ALERT: &str = "110113";
const USE_OF_RESTRICTED_FUNCTION: &str = "110132";

const fn kind(interaction: &'static str, r#type: &'static str, subtype: &'static str, action: Action) -> Kind {
    Kind { interaction, r#type, subtype, action }
}

/// A caller did what it must not.
pub(crate) const VIOLATION: Kind = kind("violation", SECURITY_ALERT, USE_OF_RESTRICTED_FUNCTION, Action::Execute);
/// The audit log is searched.
pub(crate) const AUDIT_EVENT_SEARCH: Kind = kind("audit-event-search", AUDIT_LOG_USED, "search-type", Action::Execute);
/// One audit event is read.
pub(crate) const AUDIT_EVENT_READ: Kind = kind("audit-event-read", AUDIT_LOG_USED, "read", Action::Read);
/// A log leaves the server.
pub(crate) const AUDIT_EXPORT: Kind = kind("audit-export", EXPORT, "", Action::Read);
/// A month that was kept for as long as is asked is let go.
pub(crate) const AUDIT_RETENTION: Kind = kind("audit-retention", EXPORT, "", Action::Delete);
