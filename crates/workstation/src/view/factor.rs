//! Second factors, authenticating again, and how one signs in oneself.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::{FactorKind, Purpose};

/// What is shown beside the password.
#[derive(Deserialize, Type)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FactorProof {
    /// The six digits of an authenticator app.
    Code {
        /// As typed.
        code: String,
    },
    /// A recovery code.
    RecoveryCode {
        /// As typed.
        code: String,
    },
    /// The card in the reader.
    SmartCard {
        /// The card's PIN.
        pin: String,
    },
}

/// The second factor of somebody whose password was right.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FactorVerifyRequest {
    /// What is shown.
    pub proof: FactorProof,
}

/// Authenticates again within the session.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionReauthenticateRequest {
    /// What for.
    pub purpose: Purpose,
    /// The password.
    pub password: String,
    /// The second factor, where one is asked for.
    pub proof: Option<FactorProof>,
}

/// How the user signs in.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OwnSignInView {
    /// What the user types to sign in.
    pub username: String,
    /// Second factors, oldest first.
    pub factors: Vec<FactorView>,
    /// How many recovery codes are left.
    pub recovery_codes_left: u32,
    /// Whether the user must have a second factor here.
    pub required: bool,
    /// Whether smart cards are set up here.
    pub smart_cards: bool,
}

/// One second factor.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FactorView {
    /// Its number on this workstation.
    pub id: u32,
    /// Which kind.
    pub kind: FactorKind,
    /// `Authenticator app`; for a card its certificate's subject and its key's fingerprint.
    pub name: String,
    /// When it was enrolled, `21-Nov-2026 10:42`.
    pub created: String,
    /// When it was used last.
    pub last_used: Option<String>,
}

/// A secret for an authenticator app: to scan, or to type. It is shown this once.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TotpOfferView {
    /// Base 32 in groups of four.
    pub text: String,
    /// The same, and what belongs to it, as a QR code: one text per row, `1` is dark, without the quiet zone.
    pub qr: Vec<String>,
}

/// The first code of the authenticator that was offered.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FactorCreateRequest {
    /// Six digits.
    pub code: String,
}

/// Registers the card in the reader.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CardEnrolRequest {
    /// The card's PIN.
    pub pin: String,
}

/// A second factor that was just enrolled.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FactorCreatedView {
    /// The factor.
    pub factor: FactorView,
    /// Recovery codes, made with the first factor and shown this once; else empty.
    pub codes: Vec<String>,
}

/// Removes one of one's own second factors.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FactorDeleteRequest {
    /// Which one.
    pub id: u32,
}

/// New recovery codes, shown this once.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCodesView {
    /// `K7QF2-9XMRD` and so on; each opens once.
    pub codes: Vec<String>,
}

/// Removes the second factors of another user.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserFactorDeleteRequest {
    /// Whose.
    pub user_id: String,
}
