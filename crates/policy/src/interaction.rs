//! What is asked, and by whom.

use vigil_model::{PatientId, PurposeOfUse, Role, Section, SessionId, UserId};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// Nobody is signed in: first start and sign-in.
    Anonymous,
    /// A user in a role.
    User {
        /// The user.
        id: UserId,
        /// The role that the user signed in with.
        role: Role,
        /// The session.
        session: SessionId,
    },
    /// The workstation itself: an idle lock, a start.
    Workstation,
}

/// What is asked. Each one that reaches the vault leaves exactly one audit entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Interaction {
    /// The program starts.
    WorkstationStart,
    /// The first administrator is made; allowed only while there is no user.
    FirstAdministratorCreate,
    /// A user signs in.
    SessionCreate,
    /// A sign-in or unlock with a wrong name or password.
    SessionRefuse,
    /// The screen locks by hand.
    SessionLock,
    /// The screen locks for want of input.
    SessionIdleLock,
    /// The user who is signed in unlocks.
    SessionUnlock,
    /// The user signs out.
    SessionEnd,
    /// Demographics are opened into the search index, at sign-in and unlock.
    DirectoryRead,
    /// A list of patients is shown.
    PatientSearch,
    /// A chart is opened.
    PatientRead,
    /// One section of a chart is read.
    SectionRead(Section),
    /// One resource, document or series of a chart is read; it belongs to this section.
    ResourceRead(Section),
    /// A patient is exported.
    PatientExport,
    /// A batch of resources is imported.
    ImportCreate,
    /// Users are listed.
    UserSearch,
    /// A user is made.
    UserCreate,
    /// The audit log is verified.
    AuditVerify,
    /// The posture of the workstation is read.
    PostureRead,
    /// An administrator gives another user a new password.
    UserPasswordReset,
    /// A user chooses another password of their own.
    UserPasswordChange,
    /// Whoever holds the organisation recovery key gives an administrator a new password.
    UserPasswordRecover,
    /// The organisation recovery key is made, or replaced by a new one.
    RecoveryKeyCreate,
    /// An administrator decides to go on without one.
    RecoveryKeyDecline,
    /// The device root is gone; the recovery key opens this device's secrets for another one.
    WorkstationRecover,
    /// A backup is written.
    BackupCreate,
    /// A backup takes the place of what was there.
    BackupRestore,
    /// The glass of one restricted chart is broken, or opened again after a lock.
    EmergencyAccessStart,
    /// An emergency access ends: by hand, at its time, or with the session.
    EmergencyAccessStop,
    /// Emergency accesses are listed for review, with what was done in them.
    EmergencyAccessSearch,
    /// One emergency access is reviewed.
    EmergencyAccessReview,
    /// An emergency access went unreviewed for too long, and that is on record: the workstation does that.
    EmergencyAccessEscalate,
    /// One page of an access report is read: who looked at a patient, or what a user did.
    AccessReportRead,
    /// An access report is written to a file, or a patient's own.
    AccessReportExport,
    /// The accounting of a patient's disclosures (45 CFR 164.528) is read.
    DisclosureAccountingRead,
    /// The accounting of a patient's disclosures is written to a file.
    DisclosureAccountingExport,
    /// A password was right and lets nobody in yet: a second factor is asked for, or has to be set up.
    SessionArrive,
    /// The user who is signed in authenticates again, for something that asks for it.
    SessionReauthenticate,
    /// The session has lasted as long as one may: the screen locks until the user authenticates in full.
    SessionExpire,
    /// The user reads how they sign in: their second factors, how many recovery codes are left.
    FactorSearch,
    /// The user enrols a second factor.
    FactorCreate,
    /// A second factor is shown: at sign-in, at unlock, or within the session.
    FactorVerify,
    /// A second factor is refused: a wrong code, one that was used, another card.
    FactorRefuse,
    /// The user removes a second factor of their own.
    FactorDelete,
    /// An administrator removes the second factors and recovery codes of another user.
    UserFactorDelete,
    /// Recovery codes are made; those before them are void.
    RecoveryCodeCreate,
    /// A recovery code is used in place of a second factor.
    RecoveryCodeVerify,
    /// An administrator closes another user's account; the keys that it held are replaced.
    UserDisable,
    /// An administrator opens a closed account again.
    UserEnable,
    /// A user's slot gets a new salt, new keys and today's cost while the password is at hand: the workstation does that.
    UserSlotRenew,
    /// A group's key is replaced, or new keys for all patients or a new database key are asked for.
    KeyRotate,
    /// What lies under former keys is sealed anew, one step of it.
    KeyReseal,
    /// The database goes under a new key, while nobody has it open: the workstation does that.
    DatabaseKeyRotate,
    /// The keys are listed: ids, versions, ages and states.
    KeySearch,
    /// The key access log is read: who used which key, and what for.
    KeyUseSearch,
    /// Somebody asks for the destruction of a patient's keys, and with them of the whole record.
    PatientDestructionRequest,
    /// A second person agrees to it.
    PatientDestructionApprove,
    /// A request is withdrawn before anybody agreed.
    PatientDestructionWithdraw,
    /// Requests are listed, and what became of them.
    PatientDestructionSearch,
    /// What two persons decided is done, here or again in an older copy that came back: the workstation does that.
    PatientDestroy,
}

/// One question to [`crate::authorize`].
#[derive(Clone, Debug)]
pub struct Request {
    /// Who asks.
    pub principal: Principal,
    /// What is asked.
    pub interaction: Interaction,
    /// Whose record it is about, if it is about one.
    pub patient: Option<PatientId>,
    /// Whether that record is restricted.
    pub restricted: bool,
    /// What for.
    pub purpose: PurposeOfUse,
}
