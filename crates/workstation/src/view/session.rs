//! Sign-in, lock and users.

use serde::{Deserialize, Serialize};
use specta::Type;
use vigil_model::{OverrideReason, Section};

use super::{FactorProof, PostureRefusalView, PreferencesView, RecoveryStage, SuspensionNoteView, UserView, Worklist};

/// Where the workstation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// No user exists yet: the first administrator is made.
    FirstStart,
    /// Nobody is signed in.
    SignedOut,
    /// The password was right; the second factor is asked for.
    FactorAsked,
    /// The user must set up a second factor before anything else.
    FactorEnrolment,
    /// A user is signed in and the keys are here.
    Unlocked,
    /// A user is signed in and the keys are gone.
    Locked,
}

/// Which kind of installation this is; never to be confused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum Environment {
    /// Real patients.
    Live,
    /// Invented patients.
    Demo,
    /// For learning.
    Training,
}

/// The state that the frame around every page shows.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// Where the workstation stands.
    pub stage: Stage,
    /// Who is signed in (also while locked).
    pub user: Option<UserView>,
    /// Since when, `21-Nov 10:42`.
    pub signed_in_at: Option<String>,
    /// Minutes without input until the lock.
    pub idle_lock_minutes: u32,
    /// Live, demo or training.
    pub environment: Environment,
    /// The hospital's name.
    pub organization: String,
    /// Who keeps the device key: `TPM`, `PKCS#11 token`, `OS keystore`, `software`.
    pub custodian: String,
    /// True when that custodian protects nothing by itself (demo and tests only); always shown.
    pub custodian_is_weak: bool,
    /// Whether every sign-in here needs a second factor, so that the page asks for it without telling who has one.
    pub factor_at_sign_in: bool,
    /// Whether the user who is signed in and locked needs the second factor to unlock.
    pub factor_at_unlock: bool,
    /// Whether smart cards are set up here.
    pub smart_cards: bool,
    /// How the user who is signed in likes the screen, also while locked.
    pub preferences: PreferencesView,
    /// What the signed-in user may do.
    pub may: Abilities,
    /// Whether the user's password was given by somebody else: nothing may be done before another one is chosen.
    pub password_due: bool,
    /// Why a session ended or the screen locked, where nobody at the screen did it; until somebody signs in or unlocks.
    pub notice: Option<String>,
    /// Why the account of whoever is signed in is suspended on this workstation, if it is; also while locked.
    pub suspension: Option<SuspensionNoteView>,
    /// For those who can lift it: how many accounts are suspended here.
    pub suspended_accounts: Option<u32>,
    /// For an administrator: where the workstation stands with its recovery key.
    pub recovery: Option<RecoveryStage>,
    /// For a privacy officer: the emergency accesses that wait for a review.
    pub reviews: Option<ReviewsDueView>,
    /// For administrators and privacy officers: since when the emergency account has to be sealed anew, for it was used.
    pub emergency_account_used: Option<String>,
    /// What closes the sign-in to everybody but administrators; empty when it is open, and while somebody is signed in.
    pub refusals: Vec<PostureRefusalView>,
    /// The program's version.
    pub version: String,
}

/// How the review of emergency accesses stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewsDueView {
    /// Nobody has reviewed these.
    pub unreviewed: u32,
    /// And these for more than 72 hours.
    pub overdue: u32,
}

/// What the signed-in user may do. The screen shows nothing else; the core decides again at each call.
#[derive(Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Abilities {
    /// Search patients and open charts.
    pub search_patients: bool,
    /// Registering patients, and changing who they are.
    pub register_patients: bool,
    /// Writing notes: what is left to sign is listed.
    pub write_notes: bool,
    /// Seeing which amendments wait for a decision.
    pub list_amendments: bool,
    /// Chart sections, in the order of the tabs.
    pub sections: Vec<Section>,
    /// Import files.
    pub import: bool,
    /// Create and list users.
    pub administer_users: bool,
    /// Write backups and make the recovery key.
    pub back_up: bool,
    /// Verify the audit log.
    pub verify_audit: bool,
    /// Review emergency accesses.
    pub review_emergency_access: bool,
    /// Read reports about accesses and disclosures.
    pub read_reports: bool,
    /// Read what each user may do.
    pub read_rights: bool,
    /// See what protects this workstation and what does not.
    pub read_posture: bool,
    /// List the keys and read the key access log.
    pub see_keys: bool,
    /// Replace keys.
    pub rotate_keys: bool,
    /// Ask for the destruction of a record, and agree to it as the second person.
    pub destroy_records: bool,
    /// The worklists of the role, the one that it begins with first.
    pub worklists: Vec<Worklist>,
    /// See whose account is suspended on this workstation, and lift that.
    pub lift_suspensions: bool,
    /// What the user puts on paper, in the order of lists.
    pub print: Vec<super::PaperKind>,
    /// Joining the fleet of a central server, and looking after the connection to it.
    pub join_fleet: bool,
    /// Working at the desk over the whole fleet: incidents, workstations, figures, rules.
    pub oversee_fleet: bool,
    /// Deciding what a case is: comments, assessments, findings, evidence, rules.
    pub decide_cases: bool,
}

/// First start: the hospital and its first administrator.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdministratorCreateRequest {
    /// The hospital's name.
    pub organization: String,
    /// What they type to sign in.
    pub username: String,
    /// Their name.
    pub display_name: String,
    /// As the password rules say.
    pub password: String,
}

/// A sign-in.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionCreateRequest {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: String,
    /// The second factor, where the page asks for both at once.
    #[serde(default)]
    pub proof: Option<FactorProof>,
    /// Why it cannot wait, where the posture of the workstation closes the sign-in; for those who treat.
    #[serde(default)]
    pub despite_refusal: Option<OverrideReason>,
}

/// An unlock by the user who is signed in.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionUnlockRequest {
    /// The password.
    pub password: String,
    /// The second factor, where it is asked for.
    #[serde(default)]
    pub proof: Option<FactorProof>,
}

/// The end of a session.
#[derive(Clone, Copy, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionEndRequest {
    /// Whether the place waits for this user's next sign-in (somebody else takes over), or is forgotten (the user leaves).
    pub keep_place: bool,
}

/// Where the user is, so that an unlock brings it back: routes, ids and the user's own typed text. The core seals it with the user's keys
/// and refuses more than 16 KiB.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlaceUpdateRequest {
    /// The screen's own notation.
    pub place: String,
}

/// The audit log, checked.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuditVerifyView {
    /// Whether nothing was found.
    pub intact: bool,
    /// How many entries there are.
    pub entries: u32,
    /// The Merkle root (RFC 6962), hex.
    pub root: String,
    /// What was found, in words, one line each.
    pub findings: Vec<String>,
}
