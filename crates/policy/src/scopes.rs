//! The scopes of each role, and what an interaction demands of them.

use std::collections::HashMap;
use std::sync::LazyLock;

use vigil_model::{Role, Section};

use crate::engine::Answer;
use crate::question::{Question, Subject, Who};
use crate::scope::{Context, Cruds, Resources, Scope};
use crate::{DenialReason, Interaction};

/// The scopes of each role.
pub(crate) const SCOPES: &str = include_str!("../policies/scopes.txt");

static OF_ROLES: LazyLock<Result<HashMap<Role, Vec<Scope>>, String>> = LazyLock::new(|| read(SCOPES));

/// Whether the scopes of whoever asks cover what is asked. If they could not be read, nothing is covered. Scopes bind users:
/// nobody else reads a record.
pub(crate) fn answer(question: &Question) -> Answer {
    let (Who::User(role), Subject::Nobody(interaction) | Subject::Patient(interaction, _)) =
        (question.who, question.subject)
    else {
        return Ok(());
    };
    let Ok(of_roles) = &*OF_ROLES else { return Err(DenialReason::Evaluation) };
    let scopes = of_roles.get(&role).map_or(&[] as &[Scope], Vec::as_slice);
    if demands(interaction).iter().all(|demand| demand.is_covered(scopes)) { Ok(()) } else { Err(DenialReason::Scope) }
}

/// The scopes of a role as `scopes.txt` writes them; none if they could not be read.
pub fn scopes_of(role: Role) -> Vec<&'static str> {
    if OF_ROLES.is_err() {
        return Vec::new();
    }
    let words = SCOPES.lines().flat_map(|line| line.split('#').next().unwrap_or_default().split_whitespace());
    let of_role = words.skip_while(|word| word.strip_suffix(':') != Some(role.code())).skip(1);
    of_role.take_while(|word| !word.ends_with(':')).collect()
}

/// What an interaction is in FHIR's terms.
#[derive(Debug)]
struct Demand {
    context: Context,
    resources: Resources,
    letters: Cruds,
}

impl Demand {
    /// Scopes add up: `r` and `s` of one type are its `rs`. One that is narrowed by parameters covers a part only.
    fn is_covered(&self, scopes: &[Scope]) -> bool {
        let covers = |scope: &&Scope| {
            let context =
                scope.context == self.context || (self.context == Context::Patient && scope.context == Context::User);
            let resources = scope.resources == Resources::Every || scope.resources == self.resources;
            context && resources && scope.parameters.is_empty()
        };
        let letters = scopes.iter().filter(covers).fold(Cruds::default(), |sum, scope| sum.or(scope.letters));
        letters.include(self.letters)
    }
}

/// Pages of several types of which people write one; on every other page they write what it shows.
const WRITTEN: [(Section, &str); 4] = [
    (Section::Documents, "Composition"),
    (Section::Medications, "MedicationStatement"),
    (Section::Devices, "Device"),
    (Section::CarePlans, "Goal"),
];

fn demands(interaction: Interaction) -> Vec<Demand> {
    let of = |context, name: &str, letters| {
        // A type that is none of FHIR's is covered by every type alone.
        let resources = Resources::of(name).unwrap_or(Resources::Every);
        vec![Demand { context, resources, letters }]
    };
    let every = |letters| vec![Demand { context: Context::Patient, resources: Resources::Every, letters }];
    let page = |section: Section, letters| {
        if section == Section::Other {
            return every(letters);
        }
        // Who has looked is told by the audit log.
        let types = if section == Section::Access { &["AuditEvent"] } else { section.resource_types() };
        types.iter().flat_map(|name| of(Context::Patient, name, letters)).collect()
    };
    let written = |section: Section, letters| match WRITTEN.iter().find(|(page, _)| *page == section) {
        Some((_, name)) => of(Context::Patient, name, letters),
        None => page(section, letters),
    };
    match interaction {
        Interaction::SectionRead(section) => page(section, Cruds::SEARCH),
        Interaction::ResourceRead(section) => page(section, Cruds::READ),
        Interaction::CompositionSearch => of(Context::User, "Composition", Cruds::SEARCH),
        Interaction::TaskSearch => of(Context::User, "Task", Cruds::SEARCH),
        Interaction::CompositionNullify => of(Context::Patient, "Composition", Cruds::UPDATE),
        Interaction::ResourceCreate(section) => written(section, Cruds::CREATE),
        Interaction::DocumentImport(Section::Documents) => of(Context::Patient, "DocumentReference", Cruds::CREATE),
        Interaction::DocumentImport(Section::Results) => ["Observation", "DiagnosticReport"]
            .into_iter()
            .flat_map(|name| of(Context::Patient, name, Cruds::CREATE))
            .collect(),
        Interaction::DocumentImport(section) => written(section, Cruds::CREATE),
        Interaction::DocumentReview => of(Context::Patient, "DocumentReference", Cruds::READ),
        Interaction::ResourceUpdate(section) => written(section, Cruds::UPDATE),
        Interaction::DirectoryRead | Interaction::PatientSearch => of(Context::User, "Patient", Cruds::SEARCH),
        Interaction::PanelSearch => ["CareTeam", "Encounter", "Appointment"]
            .into_iter()
            .flat_map(|name| of(Context::User, name, Cruds::SEARCH))
            .collect(),
        Interaction::WardSearch => of(Context::User, "Encounter", Cruds::SEARCH),
        Interaction::AppointmentSearch => of(Context::User, "Appointment", Cruds::SEARCH),
        Interaction::ClaimSearch => of(Context::User, "Claim", Cruds::SEARCH),
        Interaction::MedicationRequestSearch => of(Context::User, "MedicationRequest", Cruds::SEARCH),
        Interaction::PatientRead => of(Context::Patient, "Patient", Cruds::READ),
        Interaction::PatientCreate => of(Context::User, "Patient", Cruds::CREATE),
        Interaction::PatientUpdate => of(Context::Patient, "Patient", Cruds::UPDATE),
        Interaction::VisitSummaryPrint => page(Section::Summary, Cruds::READ.or(Cruds::SEARCH)),
        Interaction::MedicationListPrint => page(Section::Medications, Cruds::READ.or(Cruds::SEARCH)),
        Interaction::CompositionPrint => of(Context::Patient, "Composition", Cruds::READ),
        Interaction::PatientLabelPrint | Interaction::PrintPreview => of(Context::Patient, "Patient", Cruds::READ),
        Interaction::PatientExport => every(Cruds::READ.or(Cruds::SEARCH)),
        Interaction::PatientDestructionRequest
        | Interaction::PatientDestructionApprove
        | Interaction::PatientDestructionWithdraw => of(Context::Patient, "Patient", Cruds::DELETE),
        Interaction::AuditVerify
        | Interaction::KeyUseSearch
        | Interaction::EmergencyAccessSearch
        | Interaction::UserSuspensionSearch
        | Interaction::IncidentSearch
        | Interaction::FleetActivityRead
        | Interaction::FleetAccessSearch
        | Interaction::AccessReportRead
        | Interaction::AccessReportExport => of(Context::User, "AuditEvent", Cruds::SEARCH),
        Interaction::DisclosureAccountingRead | Interaction::DisclosureAccountingExport => {
            of(Context::Patient, "AuditEvent", Cruds::SEARCH)
        }
        Interaction::EmergencyAccessReview
        | Interaction::IncidentRead
        | Interaction::IncidentUpdate
        | Interaction::IncidentDecide
        | Interaction::IncidentExport => of(Context::User, "AuditEvent", Cruds::READ),
        // What is no resource of FHIR, or nobody's request.
        Interaction::WorkstationStart
        | Interaction::FirstAdministratorCreate
        | Interaction::SessionCreate
        | Interaction::SessionRefuse
        | Interaction::CallRefuse
        | Interaction::SessionLock
        | Interaction::SessionIdleLock
        | Interaction::SessionUnlock
        | Interaction::SessionEnd
        | Interaction::ImportCreate
        | Interaction::TerminologyCreate
        | Interaction::UserSearch
        | Interaction::UserCreate
        | Interaction::UserUpdate
        | Interaction::TeamSearch
        | Interaction::AccessRightsRead
        | Interaction::AccessRightsExport
        | Interaction::TeamCreate
        | Interaction::TeamUpdate
        | Interaction::TeamDelete
        | Interaction::PostureRead
        | Interaction::UserPasswordReset
        | Interaction::UserPasswordChange
        | Interaction::UserPasswordRecover
        | Interaction::RecoveryKeyCreate
        | Interaction::RecoveryKeyDecline
        | Interaction::WorkstationRecover
        | Interaction::BackupCreate
        | Interaction::BackupRestore
        | Interaction::EmergencyAccessStart
        | Interaction::EmergencyAccessStop
        | Interaction::EmergencyAccessEscalate
        | Interaction::EmergencyAccountRead
        | Interaction::EmergencyAccountSeal
        | Interaction::EmergencyAccountOpen
        | Interaction::UnusualAccessStepUp
        | Interaction::UserSuspend
        | Interaction::UserSuspensionLift
        | Interaction::FleetJoin
        | Interaction::DirectoryApply
        | Interaction::FleetSignIn
        | Interaction::FleetUserCreate
        | Interaction::KeyDeposit
        | Interaction::OutboxQuarantine
        | Interaction::FleetDeskOpen
        | Interaction::FleetDeviceSearch
        | Interaction::DetectionRuleSearch
        | Interaction::DetectionRuleUpdate
        | Interaction::SessionArrive
        | Interaction::SessionReauthenticate
        | Interaction::SessionExpire
        | Interaction::SessionRevoke
        | Interaction::PreferenceUpdate
        | Interaction::FactorSearch
        | Interaction::FactorCreate
        | Interaction::FactorVerify
        | Interaction::FactorRefuse
        | Interaction::FactorDelete
        | Interaction::UserFactorDelete
        | Interaction::RecoveryCodeCreate
        | Interaction::RecoveryCodeVerify
        | Interaction::UserDisable
        | Interaction::UserEnable
        | Interaction::UserSlotRenew
        | Interaction::KeyRotate
        | Interaction::KeyReseal
        | Interaction::DatabaseKeyRotate
        | Interaction::KeySearch
        | Interaction::PatientDestructionSearch
        | Interaction::PatientDestroy
        | Interaction::ResourceDestroy => Vec::new(),
    }
}

/// Reads `role:` and the scopes of that role, until the next one.
fn read(text: &str) -> Result<HashMap<Role, Vec<Scope>>, String> {
    let mut of_roles: HashMap<Role, Vec<Scope>> = HashMap::new();
    let mut role = None;
    for (at, line) in (1..).zip(text.lines()) {
        for word in line.split('#').next().unwrap_or_default().split_whitespace() {
            let said = |what: &dyn std::fmt::Display| format!("scopes.txt:{at}: {what}");
            if let Some(code) = word.strip_suffix(':') {
                role = Some(Role::from_code(code).ok_or_else(|| said(&format!("{code:?} is no role")))?);
                continue;
            }
            let role = role.ok_or_else(|| said(&"no role was named before the scopes"))?;
            of_roles.entry(role).or_default().push(word.parse().map_err(|error| said(&error))?);
        }
    }
    Ok(of_roles)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::ScopeError;

    #[test]
    fn the_scopes_of_every_role_are_read() {
        let of_roles = read(SCOPES).unwrap_or_else(|fault| panic!("{fault}"));
        for role in Role::ALL {
            assert!(of_roles.get(&role).is_some_and(|scopes| !scopes.is_empty()), "{role:?} has some");
            let written: Vec<Scope> = scopes_of(role).into_iter().map(|scope| scope.parse().unwrap()).collect();
            assert_eq!(of_roles.get(&role), Some(&written), "and they are told as they are written");
        }
    }

    #[test]
    fn what_is_wrong_with_a_line_is_said_with_its_number() {
        let said = |text| read(text).unwrap_err();
        assert_eq!(said("user/Patient.rs"), "scopes.txt:1: no role was named before the scopes");
        assert_eq!(said("nurse:\nsurgeon: user/Patient.rs"), "scopes.txt:2: \"surgeon\" is no role");
        let wide_open = said("nurse:\n user/*.cruds");
        assert_eq!(wide_open, format!("scopes.txt:2: {}", "user/*.cruds".parse::<Scope>().unwrap_err()));
    }

    #[test]
    fn scopes_add_up_and_what_is_narrowed_covers_nothing_whole() {
        let covered = |scopes: &str, demand: &Demand| {
            let scopes: Result<Vec<Scope>, ScopeError> = scopes.split(' ').map(str::parse).collect();
            demand.is_covered(&scopes.unwrap())
        };
        let both = Demand {
            context: Context::Patient,
            resources: Resources::of("Observation").unwrap(),
            letters: Cruds::READ.or(Cruds::SEARCH),
        };
        assert!(covered("patient/Observation.rs", &both), "as it is");
        assert!(covered("patient/Observation.r patient/Observation.s", &both), "in two");
        assert!(covered("user/Observation.rs", &both), "what is open to the user is open in one chart");
        assert!(covered("patient/*.rs", &both), "by a star");
        assert!(!covered("patient/Observation.r", &both), "not without the search");
        assert!(!covered("patient/Condition.rs", &both), "not of another type");
        assert!(!covered("system/Observation.rs", &both), "not without a user");
        assert!(!covered("patient/Observation.rs?category=laboratory", &both), "not by a part of them");
        let list = Demand { context: Context::User, ..both };
        assert!(!covered("patient/Observation.rs", &list), "one chart is not all of them");
        let every = Demand { resources: Resources::Every, ..list };
        assert!(!covered("user/Observation.rs", &every) && covered("user/*.rs", &every), "every type takes the star");
    }

    #[test]
    fn what_a_page_shows_are_types_of_fhir() {
        for section in Section::ALL {
            for name in section.resource_types() {
                assert!(Resources::of(name).is_ok(), "{section:?} shows {name}");
            }
        }
    }
}
