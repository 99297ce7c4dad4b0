//! What the server writes into its own audit log. Codes: see `vigil_audit::Kind`.

use vigil_audit::{Action, Kind};

const SECURITY_ALERT: &str = "110113";
const SECURITY_CONFIGURATION: &str = "110129";
const USER_SECURITY_ATTRIBUTES_CHANGED: &str = "110137";
const USE_OF_RESTRICTED_FUNCTION: &str = "110132";
const APPLICATION_ACTIVITY: &str = "110100";
const NODE_AUTHENTICATION: &str = "110126";
/// DICOM CID 401: "Security Alert" without a narrower code is a use of a restricted function.
const SECURITY_ALERT_OTHER: &str = USE_OF_RESTRICTED_FUNCTION;

const fn security(interaction: &'static str, subtype: &'static str, action: Action) -> Kind {
    Kind { interaction, r#type: SECURITY_ALERT, subtype, action }
}

/// The server starts.
pub(crate) const SERVER_START: Kind =
    Kind { interaction: "server-start", r#type: APPLICATION_ACTIVITY, subtype: "110120", action: Action::Execute };
/// The server stops.
pub(crate) const SERVER_STOP: Kind =
    Kind { interaction: "server-stop", r#type: APPLICATION_ACTIVITY, subtype: "110121", action: Action::Execute };
/// Keys that are derived from the master key were used.
pub(crate) const MASTER_KEY_USE: Kind = security("master-key-use", USE_OF_RESTRICTED_FUNCTION, Action::Execute);
/// A one-time token is made.
pub(crate) const ENROLMENT_TOKEN_CREATE: Kind =
    security("enrolment-token-create", SECURITY_CONFIGURATION, Action::Create);
/// A workstation becomes one of the fleet.
pub(crate) const DEVICE_ENROL: Kind = security("device-enrol", SECURITY_CONFIGURATION, Action::Create);
/// An enrolment is refused.
pub(crate) const DEVICE_ENROL_REFUSE: Kind = security("device-enrol-refuse", NODE_AUTHENTICATION, Action::Execute);
/// A workstation gets its next certificate.
pub(crate) const DEVICE_CERTIFICATE_RENEW: Kind =
    security("device-certificate-renew", SECURITY_CONFIGURATION, Action::Update);
/// A workstation is no longer one of the fleet.
pub(crate) const DEVICE_REVOKE: Kind = security("device-revoke", SECURITY_CONFIGURATION, Action::Delete);
/// A call is refused for what it is.
pub(crate) const CALL_REFUSE: Kind = security("call-refuse", USE_OF_RESTRICTED_FUNCTION, Action::Execute);
/// Another system is made known.
pub(crate) const CLIENT_CREATE: Kind = security("client-create", SECURITY_CONFIGURATION, Action::Create);
/// Another system is no longer known.
pub(crate) const CLIENT_REVOKE: Kind = security("client-revoke", SECURITY_CONFIGURATION, Action::Delete);
/// A key of the server's own gets a successor.
pub(crate) const SERVER_KEY_ROTATE: Kind = security("server-key-rotate", SECURITY_CONFIGURATION, Action::Update);
/// Another system gets an access token.
pub(crate) const CLIENT_AUTHENTICATE: Kind = security("client-authenticate", NODE_AUTHENTICATION, Action::Execute);
/// A user proves who it is at the first sign-in on a workstation.
pub(crate) const FIRST_SIGN_IN: Kind =
    Kind { interaction: "first-sign-in", r#type: "110114", subtype: "110122", action: Action::Execute };
/// Keys of groups are handed out to a user on a workstation.
pub(crate) const GROUP_KEY_GRANT: Kind = security("group-key-grant", USER_SECURITY_ATTRIBUTES_CHANGED, Action::Execute);
/// Keys of groups are made for a log that has none.
pub(crate) const GROUP_KEY_CREATE: Kind = security("group-key-create", SECURITY_CONFIGURATION, Action::Create);
/// A workstation hands its keys of groups in.
pub(crate) const GROUP_KEY_DEPOSIT: Kind = security("group-key-deposit", SECURITY_CONFIGURATION, Action::Create);
/// A group gets a new key, for somebody has left it.
pub(crate) const GROUP_KEY_ROTATE: Kind = security("group-key-rotate", SECURITY_CONFIGURATION, Action::Update);
/// A rule found something.
pub(crate) const INCIDENT_RAISE: Kind = security("incident-raise", SECURITY_ALERT_OTHER, Action::Create);
/// Somebody opens the desk over the fleet.
pub(crate) const DESK_OPEN: Kind =
    Kind { interaction: "desk-open", r#type: "110114", subtype: "110122", action: Action::Execute };
/// Incidents are listed.
pub(crate) const INCIDENT_SEARCH: Kind = desk("incident-search", Action::Execute);
/// An incident is read.
pub(crate) const INCIDENT_READ: Kind = desk("incident-read", Action::Read);
/// Something is done about an incident.
pub(crate) const INCIDENT_UPDATE: Kind = desk("incident-update", Action::Update);
/// The evidence of an incident is taken away.
pub(crate) const EVIDENCE_EXPORT: Kind = desk("evidence-export", Action::Read);
/// The workstations of the fleet are listed.
pub(crate) const DEVICE_SEARCH: Kind = desk("device-search", Action::Execute);
/// Figures over the accesses of the fleet are read.
pub(crate) const ACTIVITY_READ: Kind = desk("activity-read", Action::Read);
/// The rules are read.
pub(crate) const RULE_SEARCH: Kind = desk("rule-search", Action::Execute);
/// Other rules decide.
pub(crate) const RULE_UPDATE: Kind = security("rule-update", SECURITY_CONFIGURATION, Action::Update);
/// An account is suspended on every workstation.
pub(crate) const ACCOUNT_SUSPEND: Kind = security("account-suspend", USER_SECURITY_ATTRIBUTES_CHANGED, Action::Update);
/// The suspension of an account is lifted.
pub(crate) const ACCOUNT_SUSPENSION_LIFT: Kind =
    security("account-suspension-lift", USER_SECURITY_ATTRIBUTES_CHANGED, Action::Update);

/// Use of the audit log (DICOM 110101), as every reading of it.
const fn desk(interaction: &'static str, action: Action) -> Kind {
    Kind { interaction, r#type: "110101", subtype: "", action }
}

/// The directory is changed from the command line.
pub(crate) const DIRECTORY_UPDATE: Kind =
    security("directory-update", USER_SECURITY_ATTRIBUTES_CHANGED, Action::Update);
