//! What workstation and server say to each other, as JSON. `docs/sync.md` tells the story.
//!
//! Pure data: nobody here seals, signs or sends. Bytes travel as base64 (RFC 4648, with padding), times as RFC 3339.

mod bytes;
mod desk;
mod device;
mod directory;
mod entries;
mod sign_in;

pub use bytes::Bytes;
pub use desk::{
    BreachAssessment, DeliveryState, DeskSession, DeskSessionRequest, FleetActivity, FleetDevice, HourCount, Incident,
    IncidentAct, IncidentEvent, IncidentFigures, IncidentFinding, IncidentList, IncidentSeverity, IncidentState,
    IncidentStep, IncidentSubject, IncidentSummary, Person, RuleSetUpdate, RuleSetVersion, RuleSets, UnitCount,
    UserCount, WorkstationCount,
};
pub use device::{Certificate, CertificateRequest, DeviceState, EnrolmentRequest, EnrolmentResponse, SealKey};
pub use directory::{Directory, DirectorySuspension, DirectoryTeam, DirectoryUser, SignedDirectory};
pub use entries::{Alerts, Batch, Context, Entry, Receipt, Refusal};
pub use sign_in::{
    GroupKeyHolding, GroupKeySealed, KeyDeposit, SignInChallenge, SignInChallengeRequest, SignInProof, SignInResponse,
};

/// The header that names the audit entry which records a call; every route that carries health information asks for it. Its
/// value is a FHIR `id`: `<device>.<number of the entry>` where a workstation calls.
pub const AUDIT_ID: &str = "x-hipaa-audit-id";

/// The header in which a workstation says how many entries wait on it, and behind a space since when the oldest does (RFC 3339).
pub const QUEUE: &str = "x-vigil-queue";

/// The header in which a workstation says what of its posture is not as it should be: `diskEncryption=fail swap=unknown`, or `ok`.
pub const POSTURE: &str = "x-vigil-posture";

/// The header in which a workstation says at which unit it stands, as the organisation calls it (UTF-8): a ward, a clinic, a department. It
/// speaks of the workstation, and of no patient.
pub const UNIT: &str = "x-vigil-unit";

/// The longest name of a unit, in bytes.
pub const UNIT_LENGTH: usize = 64;

/// Whether this may be the name of a unit: something, no longer than [`UNIT_LENGTH`], of one line and without spaces around it.
pub fn is_unit(name: &str) -> bool {
    !name.is_empty() && name.len() <= UNIT_LENGTH && name.trim() == name && !name.contains(char::is_control)
}

/// The media type of a sealed [`Batch`].
pub const SEALED_BATCH: &str = "application/vnd.vigil.batch+json";

/// The most entries of one [`Batch`].
pub const BATCH_ENTRIES: usize = 1_000;

/// The longest body of a [`Batch`], in bytes.
pub const BATCH_BYTES: usize = 4 * 1024 * 1024;
