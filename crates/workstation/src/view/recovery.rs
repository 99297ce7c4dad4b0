//! The organisation recovery key, and passwords that are given, chosen and recovered.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Where the workstation stands with its organisation recovery key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum RecoveryStage {
    /// There is one.
    Made,
    /// Nobody has decided yet.
    Missing,
    /// An administrator decided to go on without.
    Declined,
    /// `device.json` and the database name different ones: a new one has to be made.
    Broken,
}

/// What is known of the organisation recovery key. Nothing of the key itself.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryView {
    /// Where the workstation stands.
    pub stage: RecoveryStage,
    /// The name at the top of the paper.
    pub fingerprint: Option<String>,
    /// When it was made, `21-Nov-2026 10:42`.
    pub made: Option<String>,
}

/// A new recovery key, for the one time that it is shown: the only key that ever crosses to the screen.
#[derive(Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryKeyView {
    /// The name at the top of the paper.
    pub fingerprint: String,
    /// The hospital's name.
    pub organization: String,
    /// `21-Nov-2026`.
    pub date: String,
    /// The key: groups of four letters and digits.
    pub groups: Vec<String>,
    /// The same as a QR code: one text per row, `1` is dark.
    pub qr: Vec<String>,
    /// The numbers of the two groups that are typed back, from 1.
    pub ask: Vec<u32>,
}

/// Asks for a new recovery key.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecoveryKeyCreateRequest {
    /// The administrator's password again; not asked for while nobody has decided yet.
    pub password: Option<String>,
}

/// The two groups, typed back from the paper.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecoveryKeyConfirmRequest {
    /// In the order in which they were asked for.
    pub groups: Vec<String>,
}

/// Gives another user a new password.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserPasswordResetRequest {
    /// The user.
    pub user_id: String,
    /// For their next sign-in; they choose another one then.
    pub password: String,
}

/// Chooses another password of one's own.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserPasswordChangeRequest {
    /// The password as it is.
    pub current: String,
    /// The new one.
    pub password: String,
}

/// Gives an administrator a new password with the organisation recovery key.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserPasswordRecoverRequest {
    /// The administrator.
    pub username: String,
    /// The key from the paper, as it was typed or scanned.
    pub recovery_key: String,
    /// For the next sign-in; the administrator chooses another one then.
    pub password: String,
}

/// What a recovery of the workstation found.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WorkstationRecoverView {
    /// Who keeps the device key now.
    pub custodian: String,
    /// What the audit log shows that was done to it, one line each; empty when it is whole.
    pub findings: Vec<String>,
}
