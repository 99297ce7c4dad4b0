//! What the server writes into its own audit log. Codes: see `vigil_audit::Kind`.

use vigil_audit::{Action, Kind};

const SECURITY_ALERT: &str = "110113";
const SECURITY_CONFIGURATION: &str = "110129";
const USER_SECURITY_ATTRIBUTES_CHANGED: &str = "110137";
const USE_OF_RESTRICTED_FUNCTION: &str = "110132";
const APPLICATION_ACTIVITY: &str = "110100";
const NODE_AUTHENTICATION: &str = "110126";

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
/// The directory is changed from the command line.
pub(crate) const DIRECTORY_UPDATE: Kind =
    security("directory-update", USER_SECURITY_ATTRIBUTES_CHANGED, Action::Update);
