//! Enrolment and certificates.

use serde::{Deserialize, Serialize};

use super::Bytes;
use crate::DeviceId;

/// A workstation asks to be one of the fleet. It comes over TLS without a client certificate; the one-time token speaks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EnrolmentRequest {
    /// The secret of the one-time token.
    pub secret: Bytes,
    /// The workstation's own id: its log's.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub log: DeviceId,
    /// The key that signs its checkpoints (C2SP vkey).
    pub verifier_key: String,
    /// Certificate signing request, PEM.
    pub csr: String,
    /// A C2SP signed note by that key over the text `vigil/enrolment`, the log's id and the SHA-256 of `csr` in hex, one to a line:
    /// whoever enrols a log holds its key.
    pub proof: String,
    /// What the machine calls itself. For people; nothing depends on it.
    pub host: String,
    /// The program's version.
    pub version: String,
    /// The workstation's clock, RFC 3339. One that differs is reported.
    pub time: String,
}

/// The workstation is one of the fleet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolmentResponse {
    /// Its identity in the fleet: new with every enrolment.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub enrolment: DeviceId,
    /// What it calls itself with from now on.
    pub certificate: Certificate,
    /// The origin of the listener for enrolled workstations, such as `https://vigil.example:8443`.
    pub server: String,
    /// The key that cosigns checkpoints (C2SP vkey, type `cosignature/v1`).
    pub witness_key: String,
    /// The key that signs the directory (C2SP vkey, Ed25519).
    pub directory_key: String,
    /// What entries are sealed to.
    pub seal_key: SealKey,
    /// The number that the server expects next of this log.
    pub next: u64,
    /// Seconds that the workstation's clock is ahead of the server's.
    pub clock_ahead: i64,
}

/// A client certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Certificate {
    /// The certificate and what leads from it to the trust anchor, PEM.
    pub chain: String,
    /// When it ends, RFC 3339.
    pub expires: String,
}

/// A workstation asks for its next certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CertificateRequest {
    /// Certificate signing request, PEM.
    pub csr: String,
}

/// A public key of the server that entries are sealed to: X25519 for HPKE (RFC 9180).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SealKey {
    /// Its id.
    pub id: u32,
    /// 32 bytes.
    pub public: Bytes,
}

/// How the server sees the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeviceState {
    /// The identity that its certificate names.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub enrolment: DeviceId,
    /// Its log.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub log: DeviceId,
    /// The number that is expected next.
    pub next: u64,
    /// When its certificate ends, RFC 3339.
    pub certificate_expires: String,
    /// What entries are to be sealed to from now on.
    pub seal_key: SealKey,
    /// The newest version of the directory.
    pub directory: u64,
    /// The server's clock, RFC 3339.
    pub time: String,
}
