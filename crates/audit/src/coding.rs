//! The codes of an audit event: one row per thing that Vigil records.
//!
//! DICOM codes and their meanings: DICOM PS3.16 CID 400 "Audit Event ID" and CID 401 "Audit Event Type Code".
//! `rest`: FHIR R4 code system `audit-event-type`; subtypes `read`, `search-type`, `create`, `update`: `restful-interaction`.
//! Actions: FHIR R4 `audit-event-action`, where a search is an execution (E).

/// FHIR `AuditEvent.action`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// C
    Create,
    /// R
    Read,
    /// U
    Update,
    /// D
    Delete,
    /// E
    Execute,
}

impl Action {
    /// The FHIR code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Create => "C",
            Self::Read => "R",
            Self::Update => "U",
            Self::Delete => "D",
            Self::Execute => "E",
        }
    }
}

/// What kind of event: Vigil's own word for it and the codes that the world understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Vigil's word (`patient-read`).
    pub interaction: &'static str,
    /// `AuditEvent.type` code.
    pub r#type: &'static str,
    /// `AuditEvent.subtype` code; empty when there is none.
    pub subtype: &'static str,
    /// `AuditEvent.action`.
    pub action: Action,
}

const APPLICATION_ACTIVITY: &str = "110100";
const AUDIT_LOG_USED: &str = "110101";
const EXPORT: &str = "110106";
const IMPORT: &str = "110107";
const SECURITY_ALERT: &str = "110113";
const USER_AUTHENTICATION: &str = "110114";
const APPLICATION_START: &str = "110120";
const LOGIN: &str = "110122";
const LOGOUT: &str = "110123";
const SECURITY_CONFIGURATION: &str = "110129";
const USE_OF_RESTRICTED_FUNCTION: &str = "110132";
const OBJECT_SECURITY_ATTRIBUTES_CHANGED: &str = "110135";
const USER_SECURITY_ATTRIBUTES_CHANGED: &str = "110137";
const EMERGENCY_OVERRIDE_STARTED: &str = "110127";
const EMERGENCY_OVERRIDE_STOPPED: &str = "110138";
const REST: &str = "rest";

impl Kind {
    const fn new(interaction: &'static str, r#type: &'static str, subtype: &'static str, action: Action) -> Self {
        Self { interaction, r#type, subtype, action }
    }

    /// The program starts.
    pub const WORKSTATION_START: Self =
        Self::new("workstation-start", APPLICATION_ACTIVITY, APPLICATION_START, Action::Execute);
    /// The first administrator is made.
    pub const FIRST_ADMINISTRATOR_CREATE: Self =
        Self::new("first-administrator-create", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Create);
    /// A user signs in.
    pub const SESSION_CREATE: Self = Self::new("session-create", USER_AUTHENTICATION, LOGIN, Action::Execute);
    /// A sign-in or unlock fails.
    pub const SESSION_REFUSE: Self = Self::new("session-refuse", USER_AUTHENTICATION, LOGIN, Action::Execute);
    /// A call from the window is refused before any use case.
    pub const CALL_REFUSE: Self = Self::new("call-refuse", SECURITY_ALERT, USE_OF_RESTRICTED_FUNCTION, Action::Execute);
    /// The screen is locked by hand: the keys are gone, as at a logout.
    pub const SESSION_LOCK: Self = Self::new("session-lock", USER_AUTHENTICATION, LOGOUT, Action::Execute);
    /// The screen locks for want of input.
    pub const SESSION_IDLE_LOCK: Self = Self::new("session-idle-lock", USER_AUTHENTICATION, LOGOUT, Action::Execute);
    /// The user comes back.
    pub const SESSION_UNLOCK: Self = Self::new("session-unlock", USER_AUTHENTICATION, LOGIN, Action::Execute);
    /// The user signs out.
    pub const SESSION_END: Self = Self::new("session-end", USER_AUTHENTICATION, LOGOUT, Action::Execute);
    /// Demographics are opened into the search index.
    pub const DIRECTORY_READ: Self = Self::new("directory-read", REST, "search-type", Action::Execute);
    /// A list of patients is shown.
    pub const PATIENT_SEARCH: Self = Self::new("patient-search", REST, "search-type", Action::Execute);
    /// The patients of a user are listed.
    pub const PANEL_SEARCH: Self = Self::new("panel-search", REST, "search-type", Action::Execute);
    /// Those who are in the house are listed.
    pub const WARD_SEARCH: Self = Self::new("ward-search", REST, "search-type", Action::Execute);
    /// Appointments are listed.
    pub const APPOINTMENT_SEARCH: Self = Self::new("appointment-search", REST, "search-type", Action::Execute);
    /// Claims are listed.
    pub const CLAIM_SEARCH: Self = Self::new("claim-search", REST, "search-type", Action::Execute);
    /// Prescriptions are listed.
    pub const MEDICATION_REQUEST_SEARCH: Self =
        Self::new("medication-request-search", REST, "search-type", Action::Execute);
    /// Notes that are not signed are listed.
    pub const COMPOSITION_SEARCH: Self = Self::new("composition-search", REST, "search-type", Action::Execute);
    /// Amendments that wait for a decision are listed.
    pub const TASK_SEARCH: Self = Self::new("task-search", REST, "search-type", Action::Execute);
    /// A signed note of somebody else is marked as entered in error.
    pub const COMPOSITION_NULLIFY: Self = Self::new("composition-nullify", REST, "create", Action::Create);
    /// A document from elsewhere is compared with a chart and reviewed.
    pub const DOCUMENT_REVIEW: Self = Self::new("document-review", REST, "read", Action::Read);
    /// What a document from elsewhere says is taken into a chart.
    pub const DOCUMENT_IMPORT: Self = Self::new("document-import", REST, "create", Action::Create);
    /// A chart is opened.
    pub const PATIENT_READ: Self = Self::new("patient-read", REST, "read", Action::Read);
    /// A section of a chart is read.
    pub const SECTION_READ: Self = Self::new("section-read", REST, "search-type", Action::Execute);
    /// One resource of a chart is read.
    pub const RESOURCE_READ: Self = Self::new("resource-read", REST, "read", Action::Read);
    /// A resource of a chart is written.
    pub const RESOURCE_CREATE: Self = Self::new("resource-create", REST, "create", Action::Create);
    /// A resource of a chart gets a new version.
    pub const RESOURCE_UPDATE: Self = Self::new("resource-update", REST, "update", Action::Update);
    /// A patient is registered.
    pub const PATIENT_CREATE: Self = Self::new("patient-create", REST, "create", Action::Create);
    /// Who a patient is changes.
    pub const PATIENT_UPDATE: Self = Self::new("patient-update", REST, "update", Action::Update);
    /// A patient is exported.
    pub const PATIENT_EXPORT: Self = Self::new("patient-export", EXPORT, "read", Action::Read);
    /// A visit summary is printed, or saved to be printed.
    pub const VISIT_SUMMARY_PRINT: Self = Self::new("visit-summary-print", EXPORT, "read", Action::Read);
    /// The same of the medication list.
    pub const MEDICATION_LIST_PRINT: Self = Self::new("medication-list-print", EXPORT, "read", Action::Read);
    /// The same of a note.
    pub const COMPOSITION_PRINT: Self = Self::new("composition-print", EXPORT, "read", Action::Read);
    /// The same of an identity band or labels.
    pub const PATIENT_LABEL_PRINT: Self = Self::new("patient-label-print", EXPORT, "read", Action::Read);
    /// A document is looked at before it is printed.
    pub const PRINT_PREVIEW: Self = Self::new("print-preview", REST, "read", Action::Read);
    /// A batch of resources is imported.
    pub const IMPORT_CREATE: Self = Self::new("import-create", IMPORT, "create", Action::Create);
    /// A release of a code system is imported.
    pub const TERMINOLOGY_CREATE: Self = Self::new("terminology-create", IMPORT, "create", Action::Create);
    /// A chart becomes restricted: its keys are taken from the care group.
    pub const PATIENT_RESTRICT: Self =
        Self::new("patient-restrict", SECURITY_ALERT, OBJECT_SECURITY_ATTRIBUTES_CHANGED, Action::Update);
    /// The restriction of a chart is lifted: its keys go to the care group again.
    pub const PATIENT_RESTRICTION_LIFT: Self =
        Self::new("patient-restriction-lift", SECURITY_ALERT, OBJECT_SECURITY_ATTRIBUTES_CHANGED, Action::Update);
    /// Users are listed.
    pub const USER_SEARCH: Self = Self::new("user-search", REST, "search-type", Action::Execute);
    /// A user is made.
    pub const USER_CREATE: Self =
        Self::new("user-create", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Create);
    /// An administrator changes another user.
    pub const USER_UPDATE: Self =
        Self::new("user-update", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Update);
    /// Teams are listed.
    pub const TEAM_SEARCH: Self = Self::new("team-search", REST, "search-type", Action::Execute);
    /// A team is made: its members may be let see more.
    pub const TEAM_CREATE: Self =
        Self::new("team-create", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Create);
    /// A team is changed.
    pub const TEAM_UPDATE: Self =
        Self::new("team-update", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Update);
    /// A team is dissolved.
    pub const TEAM_DELETE: Self =
        Self::new("team-delete", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Delete);
    /// An administrator gives another user a new password.
    pub const USER_PASSWORD_RESET: Self =
        Self::new("user-password-reset", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Update);
    /// A user chooses another password of their own.
    pub const USER_PASSWORD_CHANGE: Self =
        Self::new("user-password-change", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Update);
    /// The recovery key gives an administrator a new password.
    pub const USER_PASSWORD_RECOVER: Self =
        Self::new("user-password-recover", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Update);
    /// The organisation recovery key is made.
    pub const RECOVERY_KEY_CREATE: Self =
        Self::new("recovery-key-create", SECURITY_ALERT, SECURITY_CONFIGURATION, Action::Create);
    /// The workstation goes on without one.
    pub const RECOVERY_KEY_DECLINE: Self =
        Self::new("recovery-key-decline", SECURITY_ALERT, SECURITY_CONFIGURATION, Action::Update);
    /// An account is closed.
    pub const USER_DISABLE: Self =
        Self::new("user-disable", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Update);
    /// A closed account is opened.
    pub const USER_ENABLE: Self =
        Self::new("user-enable", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Update);
    /// A chart does not open before its user authenticates again: more charts than usual.
    pub const UNUSUAL_ACCESS_STEP_UP: Self = Self::new("unusual-access-step-up", SECURITY_ALERT, "", Action::Execute);
    /// A user's account is suspended on the workstation: far more charts than usual.
    pub const USER_SUSPEND: Self =
        Self::new("user-suspend", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Update);
    /// Suspensions are listed.
    pub const USER_SUSPENSION_SEARCH: Self =
        Self::new("user-suspension-search", AUDIT_LOG_USED, "search-type", Action::Execute);
    /// A suspension is lifted.
    pub const USER_SUSPENSION_LIFT: Self =
        Self::new("user-suspension-lift", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Update);
    /// The workstation becomes one of a fleet.
    pub const FLEET_JOIN: Self = Self::new("fleet-join", SECURITY_ALERT, SECURITY_CONFIGURATION, Action::Execute);
    /// The server's directory is taken over.
    pub const DIRECTORY_APPLY: Self =
        Self::new("directory-apply", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Update);
    /// The server is asked who signs in.
    pub const FLEET_SIGN_IN: Self = Self::new("fleet-sign-in", USER_AUTHENTICATION, LOGIN, Action::Execute);
    /// A user of the server's directory signs in here for the first time.
    pub const FLEET_USER_CREATE: Self =
        Self::new("fleet-user-create", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Create);
    /// Group keys are handed to the server.
    pub const KEY_DEPOSIT: Self = Self::new("key-deposit", SECURITY_ALERT, SECURITY_CONFIGURATION, Action::Execute);
    /// An entry that the server cannot open stays behind.
    pub const OUTBOX_QUARANTINE: Self =
        Self::new("outbox-quarantine", SECURITY_ALERT, SECURITY_CONFIGURATION, Action::Execute);
    /// The desk over the fleet is asked for.
    pub const FLEET_DESK_OPEN: Self = Self::new("fleet-desk-open", USER_AUTHENTICATION, LOGIN, Action::Execute);
    /// Incidents of the fleet are listed.
    pub const INCIDENT_SEARCH: Self = Self::new("incident-search", AUDIT_LOG_USED, "search-type", Action::Execute);
    /// One incident is read.
    pub const INCIDENT_READ: Self = Self::new("incident-read", AUDIT_LOG_USED, "read", Action::Read);
    /// Something urgent is done about an incident.
    pub const INCIDENT_UPDATE: Self = Self::new("incident-update", AUDIT_LOG_USED, "update", Action::Update);
    /// A case is worked on.
    pub const INCIDENT_DECIDE: Self = Self::new("incident-decide", AUDIT_LOG_USED, "update", Action::Update);
    /// The evidence of an incident leaves the workstation.
    pub const INCIDENT_EXPORT: Self = Self::new("incident-export", EXPORT, "", Action::Read);
    /// The workstations of the fleet are listed.
    pub const FLEET_DEVICE_SEARCH: Self = Self::new("fleet-device-search", REST, "search-type", Action::Execute);
    /// Figures over the accesses of the fleet are read.
    pub const FLEET_ACTIVITY_READ: Self = Self::new("fleet-activity-read", AUDIT_LOG_USED, "read", Action::Read);
    /// Entries of every log of the fleet are searched.
    pub const FLEET_ACCESS_SEARCH: Self = Self::new("fleet-access-search", AUDIT_LOG_USED, "read", Action::Read);
    /// The rules that raise incidents are read.
    pub const DETECTION_RULE_SEARCH: Self = Self::new("detection-rule-search", REST, "search-type", Action::Execute);
    /// Other rules raise incidents.
    pub const DETECTION_RULE_UPDATE: Self =
        Self::new("detection-rule-update", SECURITY_ALERT, SECURITY_CONFIGURATION, Action::Update);
    /// A user's slot gets new keys.
    pub const USER_SLOT_RENEW: Self =
        Self::new("user-slot-renew", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Update);
    /// A key is replaced.
    pub const KEY_ROTATE: Self = Self::new("key-rotate", SECURITY_ALERT, SECURITY_CONFIGURATION, Action::Update);
    /// What lies under former keys is sealed anew.
    pub const KEY_RESEAL: Self = Self::new("key-reseal", SECURITY_ALERT, SECURITY_CONFIGURATION, Action::Update);
    /// The database key is replaced.
    pub const DATABASE_KEY_ROTATE: Self =
        Self::new("database-key-rotate", SECURITY_ALERT, SECURITY_CONFIGURATION, Action::Update);
    /// Keys are listed.
    pub const KEY_SEARCH: Self = Self::new("key-search", REST, "search-type", Action::Execute);
    /// The key access log is read: a part of the audit log.
    pub const KEY_USE_SEARCH: Self = Self::new("key-use-search", AUDIT_LOG_USED, "", Action::Read);
    /// The destruction of a patient's keys is asked for.
    pub const PATIENT_DESTRUCTION_REQUEST: Self =
        Self::new("patient-destruction-request", SECURITY_ALERT, USE_OF_RESTRICTED_FUNCTION, Action::Execute);
    /// A second person agrees to it.
    pub const PATIENT_DESTRUCTION_APPROVE: Self =
        Self::new("patient-destruction-approve", SECURITY_ALERT, USE_OF_RESTRICTED_FUNCTION, Action::Execute);
    /// The request is withdrawn.
    pub const PATIENT_DESTRUCTION_WITHDRAW: Self =
        Self::new("patient-destruction-withdraw", SECURITY_ALERT, USE_OF_RESTRICTED_FUNCTION, Action::Execute);
    /// Requests are listed.
    pub const PATIENT_DESTRUCTION_SEARCH: Self =
        Self::new("patient-destruction-search", REST, "search-type", Action::Execute);
    /// The keys of a patient are destroyed.
    pub const PATIENT_DESTROY: Self =
        Self::new("patient-destroy", SECURITY_ALERT, USE_OF_RESTRICTED_FUNCTION, Action::Delete);
    /// One resource of a record that stays is destroyed.
    pub const RESOURCE_DESTROY: Self =
        Self::new("resource-destroy", SECURITY_ALERT, USE_OF_RESTRICTED_FUNCTION, Action::Delete);
    /// The recovery key opens the device's secrets.
    pub const WORKSTATION_RECOVER: Self =
        Self::new("workstation-recover", SECURITY_ALERT, USE_OF_RESTRICTED_FUNCTION, Action::Execute);
    /// A backup is written: what it holds leaves the workstation, sealed.
    pub const BACKUP_CREATE: Self = Self::new("backup-create", EXPORT, "", Action::Read);
    /// A backup takes the place of what was there.
    pub const BACKUP_RESTORE: Self = Self::new("backup-restore", IMPORT, "", Action::Execute);
    /// Something that is sealed did not authenticate when it was opened: it was changed, moved or swapped outside Vigil.
    pub const INTEGRITY_FAILURE: Self = Self::new("integrity-failure", SECURITY_ALERT, "", Action::Execute);
    /// An access policy could not be evaluated, so that what was asked was denied.
    pub const POLICY_FAILURE: Self = Self::new("policy-failure", SECURITY_ALERT, "", Action::Execute);
    /// The audit log is verified or exported.
    pub const AUDIT_VERIFY: Self = Self::new("audit-verify", AUDIT_LOG_USED, "", Action::Read);
    /// The posture of the workstation is read.
    pub const POSTURE_READ: Self = Self::new("posture-read", APPLICATION_ACTIVITY, "", Action::Read);
    /// The glass of one chart is broken (FHIR R4's own example of an AuditEvent for break-glass has these codes).
    pub const EMERGENCY_ACCESS_START: Self =
        Self::new("emergency-access-start", SECURITY_ALERT, EMERGENCY_OVERRIDE_STARTED, Action::Execute);
    /// An emergency access ends.
    pub const EMERGENCY_ACCESS_STOP: Self =
        Self::new("emergency-access-stop", SECURITY_ALERT, EMERGENCY_OVERRIDE_STOPPED, Action::Execute);
    /// Emergency accesses are listed.
    pub const EMERGENCY_ACCESS_SEARCH: Self =
        Self::new("emergency-access-search", AUDIT_LOG_USED, "search-type", Action::Execute);
    /// An emergency access is reviewed.
    pub const EMERGENCY_ACCESS_REVIEW: Self =
        Self::new("emergency-access-review", AUDIT_LOG_USED, "create", Action::Create);
    /// An emergency access went unreviewed for too long.
    pub const EMERGENCY_ACCESS_ESCALATE: Self =
        Self::new("emergency-access-escalate", SECURITY_ALERT, "", Action::Execute);
    /// It is read how the emergency account stands.
    pub const EMERGENCY_ACCOUNT_READ: Self =
        Self::new("emergency-account-read", APPLICATION_ACTIVITY, "", Action::Read);
    /// The emergency account gets new halves.
    pub const EMERGENCY_ACCOUNT_SEAL: Self =
        Self::new("emergency-account-seal", SECURITY_ALERT, SECURITY_CONFIGURATION, Action::Update);
    /// The emergency account is used: an alarm.
    pub const EMERGENCY_ACCOUNT_OPEN: Self =
        Self::new("emergency-account-open", SECURITY_ALERT, EMERGENCY_OVERRIDE_STARTED, Action::Execute);
    /// A page of an access report is read: a part of the audit log.
    pub const ACCESS_REPORT_READ: Self =
        Self::new("access-report-read", AUDIT_LOG_USED, "search-type", Action::Execute);
    /// An access report leaves the workstation.
    pub const ACCESS_REPORT_EXPORT: Self = Self::new("access-report-export", EXPORT, "", Action::Read);
    /// What each user may do is read; it tells of the log when they were here.
    pub const ACCESS_RIGHTS_READ: Self =
        Self::new("access-rights-read", AUDIT_LOG_USED, "search-type", Action::Execute);
    /// The same leaves the workstation.
    pub const ACCESS_RIGHTS_EXPORT: Self = Self::new("access-rights-export", EXPORT, "", Action::Read);
    /// The accounting of a patient's disclosures is read: a part of the audit log.
    pub const DISCLOSURE_ACCOUNTING_READ: Self =
        Self::new("disclosure-accounting-read", AUDIT_LOG_USED, "search-type", Action::Execute);
    /// The accounting of a patient's disclosures leaves the workstation.
    pub const DISCLOSURE_ACCOUNTING_EXPORT: Self = Self::new("disclosure-accounting-export", EXPORT, "", Action::Read);
    /// A password was right and lets nobody in yet.
    pub const SESSION_ARRIVE: Self = Self::new("session-arrive", USER_AUTHENTICATION, LOGIN, Action::Execute);
    /// The user authenticates again within the session.
    pub const SESSION_REAUTHENTICATE: Self =
        Self::new("session-reauthenticate", USER_AUTHENTICATION, LOGIN, Action::Execute);
    /// The session has lasted as long as one may: the keys are gone, as at a logout.
    pub const SESSION_EXPIRE: Self = Self::new("session-expire", USER_AUTHENTICATION, LOGOUT, Action::Execute);
    /// The session's token is not accepted any more, or its account is not what it says.
    pub const SESSION_REVOKE: Self = Self::new("session-revoke", SECURITY_ALERT, "", Action::Execute);
    /// The user reads how they sign in.
    pub const FACTOR_SEARCH: Self = Self::new("factor-search", REST, "search-type", Action::Execute);
    /// The user changes how the screen looks to them.
    pub const PREFERENCE_UPDATE: Self = Self::new("preference-update", REST, "update", Action::Update);
    /// A second factor is enrolled.
    pub const FACTOR_CREATE: Self =
        Self::new("factor-create", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Create);
    /// A second factor is shown.
    pub const FACTOR_VERIFY: Self = Self::new("factor-verify", USER_AUTHENTICATION, LOGIN, Action::Execute);
    /// A second factor is refused.
    pub const FACTOR_REFUSE: Self = Self::new("factor-refuse", USER_AUTHENTICATION, LOGIN, Action::Execute);
    /// The user removes a second factor of their own.
    pub const FACTOR_DELETE: Self =
        Self::new("factor-delete", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Delete);
    /// An administrator removes the second factors of another user.
    pub const USER_FACTOR_DELETE: Self =
        Self::new("user-factor-delete", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Delete);
    /// Recovery codes are made.
    pub const RECOVERY_CODE_CREATE: Self =
        Self::new("recovery-code-create", SECURITY_ALERT, USER_SECURITY_ATTRIBUTES_CHANGED, Action::Create);
    /// A recovery code takes the place of a second factor.
    pub const RECOVERY_CODE_VERIFY: Self =
        Self::new("recovery-code-verify", USER_AUTHENTICATION, LOGIN, Action::Execute);
}

/// Code system and display of a type or subtype code.
pub(crate) fn meaning(code: &str) -> (&'static str, &'static str) {
    const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
    const TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type";
    const INTERACTION: &str = "http://hl7.org/fhir/restful-interaction";
    match code {
        APPLICATION_ACTIVITY => (DCM, "Application Activity"),
        AUDIT_LOG_USED => (DCM, "Audit Log Used"),
        EXPORT => (DCM, "Export"),
        IMPORT => (DCM, "Import"),
        SECURITY_ALERT => (DCM, "Security Alert"),
        USER_AUTHENTICATION => (DCM, "User Authentication"),
        APPLICATION_START => (DCM, "Application Start"),
        LOGIN => (DCM, "Login"),
        LOGOUT => (DCM, "Logout"),
        SECURITY_CONFIGURATION => (DCM, "Security Configuration"),
        USE_OF_RESTRICTED_FUNCTION => (DCM, "Use of Restricted Function"),
        OBJECT_SECURITY_ATTRIBUTES_CHANGED => (DCM, "Object Security Attributes Changed"),
        USER_SECURITY_ATTRIBUTES_CHANGED => (DCM, "User Security Attributes Changed"),
        EMERGENCY_OVERRIDE_STARTED => (DCM, "Emergency Override Started"),
        EMERGENCY_OVERRIDE_STOPPED => (DCM, "Emergency Override Stopped"),
        REST => (TYPE, "Restful Operation"),
        "read" => (INTERACTION, "read"),
        "search-type" => (INTERACTION, "search-type"),
        "create" => (INTERACTION, "create"),
        _ => (DCM, ""),
    }
}
