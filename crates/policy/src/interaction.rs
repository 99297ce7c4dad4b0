//! What is asked: every interaction, in FHIR's words (`read`, `search`, `create`) or the session's.

use vigil_model::Section;

/// What is asked, listed once: the variant, the code that the Cedar action has too, and whether it is about one patient.
macro_rules! interactions {
    (
        of_a_section { $($(#[$section_doc:meta])* $section:ident = $section_code:literal;)* }
        $($(#[$doc:meta])* $name:ident = $code:literal, about $about:ident;)*
    ) => {
        /// What is asked. Each one that reaches the vault leaves exactly one audit entry.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Interaction {
            $($(#[$section_doc])* $section(Section),)*
            $($(#[$doc])* $name,)*
        }

        impl Interaction {
            /// Every interaction, those of a section once for each.
            pub fn all() -> impl Iterator<Item = Self> {
                let of_a_section = Section::ALL.into_iter().flat_map(|section| [$(Self::$section(section)),*]);
                of_a_section.chain([$(Self::$name),*])
            }

            /// The code, which is the id of the Cedar action too.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$section(_) => $section_code,)*
                    $(Self::$name => $code,)*
                }
            }

            /// The page of the chart that it is about.
            pub const fn section(self) -> Option<Section> {
                match self {
                    $(Self::$section(section) => Some(section),)*
                    $(Self::$name => None,)*
                }
            }

            /// Whether it is about one patient.
            pub const fn is_about_a_patient(self) -> bool {
                match self {
                    $(Self::$section(_) => true,)*
                    $(Self::$name => about!($about),)*
                }
            }
        }
    };
}

/// `about a_patient` or `about nobody`.
macro_rules! about {
    (a_patient) => {
        true
    };
    (nobody) => {
        false
    };
}

interactions! {
    of_a_section {
        /// One section of a chart is read.
        SectionRead = "section-read";
        /// One resource, document or series of a chart is read; it belongs to this section.
        ResourceRead = "resource-read";
        /// A resource of a chart is written that was not there before; it belongs to this section.
        ResourceCreate = "resource-create";
        /// A resource of a chart gets a new version: it is changed, ended, marked as entered in error or restored.
        ResourceUpdate = "resource-update";
        /// What a document from elsewhere says is taken into this page of a chart.
        DocumentImport = "document-import";
    }
    /// The program starts.
    WorkstationStart = "workstation-start", about nobody;
    /// The first administrator is made; allowed only while there is no user.
    FirstAdministratorCreate = "first-administrator-create", about nobody;
    /// A user signs in.
    SessionCreate = "session-create", about nobody;
    /// A sign-in or unlock with a wrong name or password.
    SessionRefuse = "session-refuse", about nobody;
    /// A call from the window is refused before any use case: it is malformed, or there is nobody who could make it.
    CallRefuse = "call-refuse", about nobody;
    /// The screen locks by hand.
    SessionLock = "session-lock", about nobody;
    /// The screen locks for want of input.
    SessionIdleLock = "session-idle-lock", about nobody;
    /// The user who is signed in unlocks.
    SessionUnlock = "session-unlock", about nobody;
    /// The user signs out.
    SessionEnd = "session-end", about nobody;
    /// Demographics are opened into the search index, at sign-in and unlock.
    DirectoryRead = "directory-read", about nobody;
    /// A list of patients is shown.
    PatientSearch = "patient-search", about nobody;
    /// The patients with whom the user has to do are listed.
    PanelSearch = "panel-search", about nobody;
    /// Those who are in the house are listed.
    WardSearch = "ward-search", about nobody;
    /// Appointments of a day are listed.
    AppointmentSearch = "appointment-search", about nobody;
    /// Claims are listed.
    ClaimSearch = "claim-search", about nobody;
    /// Prescriptions are listed.
    MedicationRequestSearch = "medication-request-search", about nobody;
    /// The user's own notes that are not signed are listed, and those of others that wait for their signature.
    CompositionSearch = "composition-search", about nobody;
    /// Amendments that patients ask for and nobody has decided yet are listed.
    TaskSearch = "task-search", about nobody;
    /// A signed note of somebody else is marked as entered in error.
    CompositionNullify = "composition-nullify", about a_patient;
    /// A document from elsewhere is compared with a chart and reviewed.
    DocumentReview = "document-review", about a_patient;
    /// A chart is opened.
    PatientRead = "patient-read", about a_patient;
    /// A patient is registered.
    PatientCreate = "patient-create", about a_patient;
    /// Who a patient is changes: name, birth date, address.
    PatientUpdate = "patient-update", about a_patient;
    /// A patient is exported.
    PatientExport = "patient-export", about a_patient;
    /// A visit summary is printed, or saved to be printed.
    VisitSummaryPrint = "visit-summary-print", about a_patient;
    /// The same of the medication list.
    MedicationListPrint = "medication-list-print", about a_patient;
    /// The same of a note.
    CompositionPrint = "composition-print", about a_patient;
    /// The same of an identity band or labels.
    PatientLabelPrint = "patient-label-print", about a_patient;
    /// A document is looked at before it is printed.
    PrintPreview = "print-preview", about a_patient;
    /// A batch of resources is imported.
    ImportCreate = "import-create", about nobody;
    /// A release of a code system takes the place of the one before, or the ranges of this hospital do.
    TerminologyCreate = "terminology-create", about nobody;
    /// Users are listed.
    UserSearch = "user-search", about nobody;
    /// A user is made.
    UserCreate = "user-create", about nobody;
    /// An administrator changes another user: name, role, practitioner, teams.
    UserUpdate = "user-update", about nobody;
    /// Teams are listed.
    TeamSearch = "team-search", about nobody;
    /// A team is made.
    TeamCreate = "team-create", about nobody;
    /// A team is changed: name, members, what stands for it in the charts.
    TeamUpdate = "team-update", about nobody;
    /// A team is dissolved.
    TeamDelete = "team-delete", about nobody;
    /// The audit log is verified.
    AuditVerify = "audit-verify", about nobody;
    /// The posture of the workstation is read.
    PostureRead = "posture-read", about nobody;
    /// An administrator gives another user a new password.
    UserPasswordReset = "user-password-reset", about nobody;
    /// A user chooses another password of their own.
    UserPasswordChange = "user-password-change", about nobody;
    /// Whoever holds the organisation recovery key gives an administrator a new password.
    UserPasswordRecover = "user-password-recover", about nobody;
    /// The organisation recovery key is made, or replaced by a new one.
    RecoveryKeyCreate = "recovery-key-create", about nobody;
    /// An administrator decides to go on without one.
    RecoveryKeyDecline = "recovery-key-decline", about nobody;
    /// The device root is gone; the recovery key opens this device's secrets for another one.
    WorkstationRecover = "workstation-recover", about nobody;
    /// A backup is written.
    BackupCreate = "backup-create", about nobody;
    /// A backup takes the place of what was there.
    BackupRestore = "backup-restore", about nobody;
    /// The glass of one restricted chart is broken, or opened again after a lock.
    EmergencyAccessStart = "emergency-access-start", about a_patient;
    /// An emergency access ends: by hand, at its time, or with the session.
    EmergencyAccessStop = "emergency-access-stop", about a_patient;
    /// Emergency accesses are listed for review, with what was done in them.
    EmergencyAccessSearch = "emergency-access-search", about nobody;
    /// One emergency access is reviewed.
    EmergencyAccessReview = "emergency-access-review", about nobody;
    /// An emergency access went unreviewed for too long, and that is on record: the workstation does that.
    EmergencyAccessEscalate = "emergency-access-escalate", about a_patient;
    /// It is read how the emergency account stands.
    EmergencyAccountRead = "emergency-account-read", about nobody;
    /// The emergency account gets two new halves.
    EmergencyAccountSeal = "emergency-account-seal", about nobody;
    /// Two persons open the emergency account.
    EmergencyAccountOpen = "emergency-account-open", about nobody;
    /// One page of an access report is read: who looked at a patient, or what a user did.
    AccessReportRead = "access-report-read", about nobody;
    /// An access report is written to a file, or a patient's own.
    AccessReportExport = "access-report-export", about nobody;
    /// The access-rights report is read: what each user may do.
    AccessRightsRead = "access-rights-read", about nobody;
    /// The access-rights report is written to a file.
    AccessRightsExport = "access-rights-export", about nobody;
    /// The accounting of a patient's disclosures (45 CFR 164.528) is read.
    DisclosureAccountingRead = "disclosure-accounting-read", about a_patient;
    /// The accounting of a patient's disclosures is written to a file.
    DisclosureAccountingExport = "disclosure-accounting-export", about a_patient;
    /// A password was right and lets nobody in yet: a second factor is asked for, or has to be set up.
    SessionArrive = "session-arrive", about nobody;
    /// The user who is signed in authenticates again, for something that asks for it.
    SessionReauthenticate = "session-reauthenticate", about nobody;
    /// The session has lasted as long as one may: the screen locks until the user authenticates in full.
    SessionExpire = "session-expire", about nobody;
    /// A session locks or ends because its token is not accepted, or because the account is not what the token says.
    SessionRevoke = "session-revoke", about nobody;
    /// The user changes how the screen looks to them: colours, size, which sections come first.
    PreferenceUpdate = "preference-update", about nobody;
    /// The user reads how they sign in: their second factors, how many recovery codes are left.
    FactorSearch = "factor-search", about nobody;
    /// The user enrols a second factor.
    FactorCreate = "factor-create", about nobody;
    /// A second factor is shown: at sign-in, at unlock, or within the session.
    FactorVerify = "factor-verify", about nobody;
    /// A second factor is refused: a wrong code, one that was used, another card.
    FactorRefuse = "factor-refuse", about nobody;
    /// The user removes a second factor of their own.
    FactorDelete = "factor-delete", about nobody;
    /// An administrator removes the second factors and recovery codes of another user.
    UserFactorDelete = "user-factor-delete", about nobody;
    /// Recovery codes are made; those before them are void.
    RecoveryCodeCreate = "recovery-code-create", about nobody;
    /// A recovery code is used in place of a second factor.
    RecoveryCodeVerify = "recovery-code-verify", about nobody;
    /// An administrator closes another user's account; the keys that it held are replaced.
    UserDisable = "user-disable", about nobody;
    /// An administrator opens a closed account again.
    UserEnable = "user-enable", about nobody;
    /// A user's slot gets a new salt, new keys and today's cost while the password is at hand: the workstation does that.
    UserSlotRenew = "user-slot-renew", about nobody;
    /// A group's key is replaced, or new keys for all patients or a new database key are asked for.
    KeyRotate = "key-rotate", about nobody;
    /// What lies under former keys is sealed anew, one step of it.
    KeyReseal = "key-reseal", about nobody;
    /// The database goes under a new key, while nobody has it open: the workstation does that.
    DatabaseKeyRotate = "database-key-rotate", about nobody;
    /// The keys are listed: ids, versions, ages and states.
    KeySearch = "key-search", about nobody;
    /// The key access log is read: who used which key, and what for.
    KeyUseSearch = "key-use-search", about nobody;
    /// Somebody asks for the destruction of a patient's keys, and with them of the whole record.
    PatientDestructionRequest = "patient-destruction-request", about a_patient;
    /// A second person agrees to it.
    PatientDestructionApprove = "patient-destruction-approve", about a_patient;
    /// A request is withdrawn before anybody agreed.
    PatientDestructionWithdraw = "patient-destruction-withdraw", about a_patient;
    /// Requests are listed, and what became of them.
    PatientDestructionSearch = "patient-destruction-search", about nobody;
    /// What two persons decided is done, here or again in an older copy that came back: the workstation does that.
    PatientDestroy = "patient-destroy", about a_patient;
    /// The same for one resource of a record that stays.
    ResourceDestroy = "resource-destroy", about a_patient;
    /// A chart does not open because the user has opened more than is usual within the hour, until they authenticate again.
    UnusualAccessStepUp = "unusual-access-step-up", about a_patient;
    /// A user's account is suspended on this workstation for opening far more than that: the workstation does that.
    UserSuspend = "user-suspend", about nobody;
    /// Suspensions are listed, with the numbers that led to them.
    UserSuspensionSearch = "user-suspension-search", about nobody;
    /// Somebody who oversees lifts a suspension.
    UserSuspensionLift = "user-suspension-lift", about nobody;
    /// The workstation becomes one of a fleet.
    FleetJoin = "fleet-join", about nobody;
    /// The server's directory takes the place of the one before.
    DirectoryApply = "directory-apply", about nobody;
    /// The server is asked whether a password is right, and for the keys that its directory grants.
    FleetSignIn = "fleet-sign-in", about nobody;
    /// A user whom the server's directory names signs in here for the first time.
    FleetUserCreate = "fleet-user-create", about nobody;
    /// The group keys of a workstation that was set up alone are handed to the server.
    KeyDeposit = "key-deposit", about nobody;
    /// The server cannot open an entry: it stays behind, and its hash goes in its place.
    OutboxQuarantine = "outbox-quarantine", about nobody;
    /// The server is asked to open the desk over the whole fleet.
    FleetDeskOpen = "fleet-desk-open", about nobody;
    /// Incidents of the whole fleet are listed.
    IncidentSearch = "incident-search", about nobody;
    /// One incident is read, with what belongs to it.
    IncidentRead = "incident-read", about nobody;
    /// Something urgent is done about an incident: it is acknowledged or escalated, or its account suspended or let go.
    IncidentUpdate = "incident-update", about nobody;
    /// A case is worked on: assigned, commented, assessed, closed or opened anew.
    IncidentDecide = "incident-decide", about nobody;
    /// The evidence of an incident is written to a file.
    IncidentExport = "incident-export", about nobody;
    /// The workstations of the fleet are listed.
    FleetDeviceSearch = "fleet-device-search", about nobody;
    /// Figures over the accesses of the whole fleet are read.
    FleetActivityRead = "fleet-activity-read", about nobody;
    /// Entries of every log of the fleet are searched: who looked at a patient, what a user did.
    FleetAccessSearch = "fleet-access-search", about nobody;
    /// The rules that raise incidents are read.
    DetectionRuleSearch = "detection-rule-search", about nobody;
    /// Other rules raise incidents from then on.
    DetectionRuleUpdate = "detection-rule-update", about nobody;
}
