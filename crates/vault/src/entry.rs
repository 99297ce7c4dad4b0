//! From a permit or a denial to the audit event that records it.

use vigil_audit::{Agent, AuditEvent, KEYS, Kind, Outcome};
use vigil_model::{Moment, PatientId, PurposeOfUse, Section};
use vigil_policy::{Denial, DenialReason, Interaction, Permit, Principal};

use crate::key::Use;

/// What did not authenticate in one table, in one transaction: named by the first of them, so that a damaged key does not
/// leave thousands of alerts.
pub(crate) struct Unauthentic {
    pub(crate) table: &'static str,
    /// `Observation/o3`, a patient's id; empty when the row has no name of its own.
    pub(crate) first: String,
    pub(crate) others: u64,
}

impl std::fmt::Display for Unauthentic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.table)?;
        if !self.first.is_empty() {
            write!(f, " {}", self.first)?;
        }
        if self.others > 0 { write!(f, " and {} more", self.others) } else { Ok(()) }
    }
}

/// What an event will say, taken before the permit is gone.
pub(crate) struct Draft {
    kind: Kind,
    agent: Agent,
    purpose: PurposeOfUse,
    patient: Option<PatientId>,
    section: Option<Section>,
    pub(crate) reason: Option<String>,
    /// What explains the access, behind whatever else the entry says.
    basis: Option<String>,
    outcome: Outcome,
    pub(crate) listed: Vec<u64>,
    pub(crate) detail: Option<String>,
}

impl Draft {
    /// The record of what `permit` allowed, done.
    pub(crate) fn of_permit(permit: &Permit) -> Self {
        let (kind, section) = kind_of(permit.interaction());
        // What succeeds there is the refusal; the sign-in, the call or the reading that it records failed.
        let refused = matches!(
            permit.interaction(),
            Interaction::SessionRefuse
                | Interaction::FactorRefuse
                | Interaction::CallRefuse
                | Interaction::UnusualAccessStepUp
        );
        let outcome = if refused { Outcome::MinorFailure } else { Outcome::Success };
        Self {
            kind,
            agent: agent_of(permit.principal()),
            purpose: permit.purpose(),
            patient: permit.patient().cloned(),
            section,
            reason: None,
            basis: permit.basis(),
            outcome,
            listed: Vec::new(),
            detail: None,
        }
    }

    /// The record that it was allowed and failed.
    pub(crate) fn failed(mut self) -> Self {
        self.outcome = Outcome::SeriousFailure;
        self.reason = Some("failed".to_owned());
        (self.listed, self.detail) = Default::default();
        self
    }

    /// Names the keys that were used, behind whatever else the entry says.
    pub(crate) fn note_keys(&mut self, uses: &[Use]) {
        if uses.is_empty() {
            return;
        }
        let keys: Vec<&str> = uses.iter().map(|used| used.key.as_str()).collect();
        let keys = format!("{KEYS}{}", keys.join(","));
        self.reason = Some(match self.reason.take() {
            Some(reason) => format!("{reason} {keys}"),
            None => keys,
        });
    }

    /// The alert that what `permit` allowed met something that does not authenticate.
    pub(crate) fn of_unauthentic(permit: &Permit, unauthentic: &Unauthentic) -> Self {
        let mut draft = Self::of_permit(permit);
        draft.kind = Kind::INTEGRITY_FAILURE;
        draft.outcome = Outcome::SeriousFailure;
        draft.reason = Some(unauthentic.to_string());
        // What does not authenticate is no access.
        draft.basis = None;
        draft
    }

    /// The record that what `permit` allowed restricted a chart, or lifted its restriction.
    pub(crate) fn of_restriction(permit: &Permit, patient: &PatientId, restricted: bool) -> Self {
        let mut draft = Self::of_permit(permit);
        draft.kind = if restricted { Kind::PATIENT_RESTRICT } else { Kind::PATIENT_RESTRICTION_LIFT };
        draft.patient = Some(patient.clone());
        draft
    }

    /// The record of a refusal.
    pub(crate) fn of_denial(denial: &Denial) -> Self {
        let (kind, section) = kind_of(denial.request.interaction);
        Self {
            kind,
            agent: agent_of(&denial.request.principal),
            purpose: denial.request.purpose,
            patient: denial.request.patient.clone(),
            section,
            reason: Some(denial.reason.code().to_owned()),
            // Of the others nobody asks whether something explained it.
            basis: if denial.reason == DenialReason::NoRelationship { denial.request.basis() } else { None },
            outcome: Outcome::MinorFailure,
            listed: Vec::new(),
            detail: None,
        }
    }

    /// The alert that a policy could not be evaluated: what was asked is in the refusal beside it.
    pub(crate) fn of_policy_failure(denial: &Denial) -> Self {
        let mut draft = Self::of_denial(denial);
        draft.kind = Kind::POLICY_FAILURE;
        draft.basis = None;
        draft.outcome = Outcome::SeriousFailure;
        draft
    }

    /// The event as entry `seq`.
    pub(crate) fn event(&self, seq: u64, at: Moment) -> AuditEvent {
        let mut event = AuditEvent::new(seq, at.utc, self.kind, self.outcome, self.agent, self.purpose);
        event.patient.clone_from(&self.patient);
        event.section = self.section;
        event.reason = match (&self.reason, &self.basis) {
            (Some(reason), Some(basis)) => Some(format!("{reason} {basis}")),
            (reason, basis) => reason.clone().or_else(|| basis.clone()),
        };
        event.listed.clone_from(&self.listed);
        event.detail.clone_from(&self.detail);
        event
    }
}

const fn agent_of(principal: &Principal) -> Agent {
    match principal {
        Principal::Anonymous => Agent::Anonymous,
        Principal::Workstation => Agent::Workstation,
        Principal::User { id, role, session } => Agent::User { id: *id, role: *role, session: *session },
    }
}

const fn kind_of(interaction: Interaction) -> (Kind, Option<Section>) {
    match interaction {
        Interaction::WorkstationStart => (Kind::WORKSTATION_START, None),
        Interaction::FirstAdministratorCreate => (Kind::FIRST_ADMINISTRATOR_CREATE, None),
        Interaction::SessionCreate => (Kind::SESSION_CREATE, None),
        Interaction::SessionRefuse => (Kind::SESSION_REFUSE, None),
        Interaction::CallRefuse => (Kind::CALL_REFUSE, None),
        Interaction::SessionLock => (Kind::SESSION_LOCK, None),
        Interaction::SessionIdleLock => (Kind::SESSION_IDLE_LOCK, None),
        Interaction::SessionUnlock => (Kind::SESSION_UNLOCK, None),
        Interaction::SessionEnd => (Kind::SESSION_END, None),
        Interaction::DirectoryRead => (Kind::DIRECTORY_READ, None),
        Interaction::PatientSearch => (Kind::PATIENT_SEARCH, None),
        Interaction::PanelSearch => (Kind::PANEL_SEARCH, None),
        Interaction::WardSearch => (Kind::WARD_SEARCH, None),
        Interaction::AppointmentSearch => (Kind::APPOINTMENT_SEARCH, None),
        Interaction::ClaimSearch => (Kind::CLAIM_SEARCH, None),
        Interaction::MedicationRequestSearch => (Kind::MEDICATION_REQUEST_SEARCH, None),
        Interaction::CompositionSearch => (Kind::COMPOSITION_SEARCH, None),
        Interaction::TaskSearch => (Kind::TASK_SEARCH, None),
        Interaction::CompositionNullify => (Kind::COMPOSITION_NULLIFY, Some(Section::Documents)),
        Interaction::PatientRead => (Kind::PATIENT_READ, None),
        Interaction::SectionRead(section) => (Kind::SECTION_READ, Some(section)),
        Interaction::ResourceRead(section) => (Kind::RESOURCE_READ, Some(section)),
        Interaction::DocumentReview => (Kind::DOCUMENT_REVIEW, Some(Section::Documents)),
        Interaction::DocumentImport(section) => (Kind::DOCUMENT_IMPORT, Some(section)),
        Interaction::ResourceCreate(section) => (Kind::RESOURCE_CREATE, Some(section)),
        Interaction::ResourceUpdate(section) => (Kind::RESOURCE_UPDATE, Some(section)),
        Interaction::PatientCreate => (Kind::PATIENT_CREATE, None),
        Interaction::PatientUpdate => (Kind::PATIENT_UPDATE, None),
        Interaction::PatientExport => (Kind::PATIENT_EXPORT, None),
        Interaction::VisitSummaryPrint => (Kind::VISIT_SUMMARY_PRINT, Some(Section::Summary)),
        Interaction::MedicationListPrint => (Kind::MEDICATION_LIST_PRINT, Some(Section::Medications)),
        Interaction::CompositionPrint => (Kind::COMPOSITION_PRINT, Some(Section::Documents)),
        Interaction::PatientLabelPrint => (Kind::PATIENT_LABEL_PRINT, None),
        Interaction::PrintPreview => (Kind::PRINT_PREVIEW, None),
        Interaction::ImportCreate => (Kind::IMPORT_CREATE, None),
        Interaction::TerminologyCreate => (Kind::TERMINOLOGY_CREATE, None),
        Interaction::UserSearch => (Kind::USER_SEARCH, None),
        Interaction::UserCreate => (Kind::USER_CREATE, None),
        Interaction::UserUpdate => (Kind::USER_UPDATE, None),
        Interaction::TeamSearch => (Kind::TEAM_SEARCH, None),
        Interaction::TeamCreate => (Kind::TEAM_CREATE, None),
        Interaction::TeamUpdate => (Kind::TEAM_UPDATE, None),
        Interaction::TeamDelete => (Kind::TEAM_DELETE, None),
        Interaction::AuditVerify => (Kind::AUDIT_VERIFY, None),
        Interaction::PostureRead => (Kind::POSTURE_READ, None),
        Interaction::UserPasswordReset => (Kind::USER_PASSWORD_RESET, None),
        Interaction::UserPasswordChange => (Kind::USER_PASSWORD_CHANGE, None),
        Interaction::UserPasswordRecover => (Kind::USER_PASSWORD_RECOVER, None),
        Interaction::RecoveryKeyCreate => (Kind::RECOVERY_KEY_CREATE, None),
        Interaction::RecoveryKeyDecline => (Kind::RECOVERY_KEY_DECLINE, None),
        Interaction::WorkstationRecover => (Kind::WORKSTATION_RECOVER, None),
        Interaction::BackupCreate => (Kind::BACKUP_CREATE, None),
        Interaction::BackupRestore => (Kind::BACKUP_RESTORE, None),
        Interaction::EmergencyAccessStart => (Kind::EMERGENCY_ACCESS_START, None),
        Interaction::EmergencyAccessStop => (Kind::EMERGENCY_ACCESS_STOP, None),
        Interaction::EmergencyAccessSearch => (Kind::EMERGENCY_ACCESS_SEARCH, None),
        Interaction::EmergencyAccessReview => (Kind::EMERGENCY_ACCESS_REVIEW, None),
        Interaction::EmergencyAccessEscalate => (Kind::EMERGENCY_ACCESS_ESCALATE, None),
        Interaction::EmergencyAccountRead => (Kind::EMERGENCY_ACCOUNT_READ, None),
        Interaction::EmergencyAccountSeal => (Kind::EMERGENCY_ACCOUNT_SEAL, None),
        Interaction::EmergencyAccountOpen => (Kind::EMERGENCY_ACCOUNT_OPEN, None),
        Interaction::AccessReportRead => (Kind::ACCESS_REPORT_READ, None),
        Interaction::AccessReportExport => (Kind::ACCESS_REPORT_EXPORT, None),
        Interaction::AccessRightsRead => (Kind::ACCESS_RIGHTS_READ, None),
        Interaction::AccessRightsExport => (Kind::ACCESS_RIGHTS_EXPORT, None),
        Interaction::DisclosureAccountingRead => (Kind::DISCLOSURE_ACCOUNTING_READ, None),
        Interaction::DisclosureAccountingExport => (Kind::DISCLOSURE_ACCOUNTING_EXPORT, None),
        Interaction::SessionArrive => (Kind::SESSION_ARRIVE, None),
        Interaction::SessionReauthenticate => (Kind::SESSION_REAUTHENTICATE, None),
        Interaction::SessionExpire => (Kind::SESSION_EXPIRE, None),
        Interaction::SessionRevoke => (Kind::SESSION_REVOKE, None),
        Interaction::PreferenceUpdate => (Kind::PREFERENCE_UPDATE, None),
        Interaction::FactorSearch => (Kind::FACTOR_SEARCH, None),
        Interaction::FactorCreate => (Kind::FACTOR_CREATE, None),
        Interaction::FactorVerify => (Kind::FACTOR_VERIFY, None),
        Interaction::FactorRefuse => (Kind::FACTOR_REFUSE, None),
        Interaction::FactorDelete => (Kind::FACTOR_DELETE, None),
        Interaction::UserFactorDelete => (Kind::USER_FACTOR_DELETE, None),
        Interaction::RecoveryCodeCreate => (Kind::RECOVERY_CODE_CREATE, None),
        Interaction::RecoveryCodeVerify => (Kind::RECOVERY_CODE_VERIFY, None),
        Interaction::UserDisable => (Kind::USER_DISABLE, None),
        Interaction::UserEnable => (Kind::USER_ENABLE, None),
        Interaction::UserSlotRenew => (Kind::USER_SLOT_RENEW, None),
        Interaction::KeyRotate => (Kind::KEY_ROTATE, None),
        Interaction::KeyReseal => (Kind::KEY_RESEAL, None),
        Interaction::DatabaseKeyRotate => (Kind::DATABASE_KEY_ROTATE, None),
        Interaction::KeySearch => (Kind::KEY_SEARCH, None),
        Interaction::KeyUseSearch => (Kind::KEY_USE_SEARCH, None),
        Interaction::PatientDestructionRequest => (Kind::PATIENT_DESTRUCTION_REQUEST, None),
        Interaction::PatientDestructionApprove => (Kind::PATIENT_DESTRUCTION_APPROVE, None),
        Interaction::PatientDestructionWithdraw => (Kind::PATIENT_DESTRUCTION_WITHDRAW, None),
        Interaction::PatientDestructionSearch => (Kind::PATIENT_DESTRUCTION_SEARCH, None),
        Interaction::PatientDestroy => (Kind::PATIENT_DESTROY, None),
        Interaction::ResourceDestroy => (Kind::RESOURCE_DESTROY, None),
        Interaction::UnusualAccessStepUp => (Kind::UNUSUAL_ACCESS_STEP_UP, None),
        Interaction::UserSuspend => (Kind::USER_SUSPEND, None),
        Interaction::UserSuspensionSearch => (Kind::USER_SUSPENSION_SEARCH, None),
        Interaction::FleetJoin => (Kind::FLEET_JOIN, None),
        Interaction::DirectoryApply => (Kind::DIRECTORY_APPLY, None),
        Interaction::FleetSignIn => (Kind::FLEET_SIGN_IN, None),
        Interaction::FleetUserCreate => (Kind::FLEET_USER_CREATE, None),
        Interaction::KeyDeposit => (Kind::KEY_DEPOSIT, None),
        Interaction::OutboxQuarantine => (Kind::OUTBOX_QUARANTINE, None),
        Interaction::FleetDeskOpen => (Kind::FLEET_DESK_OPEN, None),
        Interaction::IncidentSearch => (Kind::INCIDENT_SEARCH, None),
        Interaction::IncidentRead => (Kind::INCIDENT_READ, None),
        Interaction::IncidentUpdate => (Kind::INCIDENT_UPDATE, None),
        Interaction::IncidentDecide => (Kind::INCIDENT_DECIDE, None),
        Interaction::IncidentExport => (Kind::INCIDENT_EXPORT, None),
        Interaction::FleetDeviceSearch => (Kind::FLEET_DEVICE_SEARCH, None),
        Interaction::FleetActivityRead => (Kind::FLEET_ACTIVITY_READ, None),
        Interaction::FleetAccessSearch => (Kind::FLEET_ACCESS_SEARCH, None),
        Interaction::DetectionRuleSearch => (Kind::DETECTION_RULE_SEARCH, None),
        Interaction::DetectionRuleUpdate => (Kind::DETECTION_RULE_UPDATE, None),
        Interaction::UserSuspensionLift => (Kind::USER_SUSPENSION_LIFT, None),
    }
}
