//! The rules: default deny. One table says which sections a role reads, one match says the rest.

use vigil_model::{Role, Section};

use crate::{Denial, DenialReason, Interaction, Permit, Principal, Request};

/// Decides `request`. Whatever is not allowed here is denied.
///
/// # Errors
/// The [`Denial`], to be recorded by the vault.
pub fn authorize(request: Request) -> Result<Permit, Denial> {
    match refusal(&request) {
        None => Ok(Permit::new(request)),
        Some(reason) => Err(Denial { request, reason }),
    }
}

/// The chart sections that `role` reads, in the order of the tabs.
///
/// Minimum necessary (45 CFR 164.502(b)): treatment roles read the clinical chart; the pharmacist without family history;
/// the front desk what it needs to receive a patient; billing what a claim rests on; the privacy officer who has looked;
/// the administrator nothing.
pub fn sections_of(role: Role) -> &'static [Section] {
    use Section::{
        Access, Allergies, CarePlans, Coverage, Devices, Documents, Encounters, Immunizations, Medications, Problems,
        Procedures, Results, Summary, Timeline, Vitals,
    };
    match role {
        Role::Physician | Role::Nurse => &Section::ALL,
        Role::Pharmacist => &[
            Summary,
            Timeline,
            Problems,
            Allergies,
            Medications,
            Vitals,
            Results,
            Immunizations,
            Encounters,
            Procedures,
            Documents,
            CarePlans,
            Devices,
            Access,
        ],
        Role::FrontDesk => &[Encounters, Coverage],
        Role::Billing => &[Problems, Encounters, Procedures, Coverage],
        Role::PrivacyOfficer => &[Access],
        Role::Administrator => &[],
    }
}

/// Whether `role` may override a restriction in an emergency: those who treat.
pub const fn may_break_the_glass(role: Role) -> bool {
    matches!(role, Role::Physician | Role::Nurse | Role::Pharmacist)
}

fn refusal(request: &Request) -> Option<DenialReason> {
    let role = match &request.principal {
        Principal::Anonymous | Principal::Workstation => return unattended_refusal(request.interaction),
        Principal::User { role, .. } => *role,
    };
    let about_a_patient = |section: Option<Section>| {
        let sections = sections_of(role);
        let may = section.map_or(!sections.is_empty(), |section| sections.contains(&section));
        if !may {
            return Some(DenialReason::Role);
        }
        if request.patient.is_none() {
            return Some(DenialReason::NoPatient);
        }
        // The access report names no clinical fact, and a restricted chart is where it is needed most.
        if request.restricted && section != Some(Section::Access) && !request.purpose.overrides() {
            return Some(DenialReason::Restricted);
        }
        if request.purpose.overrides() && !may_break_the_glass(role) {
            return Some(DenialReason::Role);
        }
        None
    };
    let only = |roles: &[Role]| if roles.contains(&role) { None } else { Some(DenialReason::Role) };
    match request.interaction {
        Interaction::SessionCreate
        | Interaction::SessionRefuse
        | Interaction::SessionLock
        | Interaction::SessionIdleLock
        | Interaction::SessionUnlock
        | Interaction::SessionEnd
        | Interaction::UserPasswordChange
        | Interaction::SessionArrive
        | Interaction::SessionReauthenticate
        | Interaction::SessionExpire
        | Interaction::FactorSearch
        | Interaction::FactorCreate
        | Interaction::FactorVerify
        | Interaction::FactorRefuse
        | Interaction::FactorDelete
        | Interaction::RecoveryCodeCreate
        | Interaction::RecoveryCodeVerify => None,
        Interaction::WorkstationStart
        | Interaction::FirstAdministratorCreate
        | Interaction::UserPasswordRecover
        | Interaction::WorkstationRecover
        | Interaction::BackupRestore
        | Interaction::UserSlotRenew
        | Interaction::DatabaseKeyRotate
        | Interaction::EmergencyAccessEscalate
        | Interaction::PatientDestroy => Some(DenialReason::Role),
        Interaction::DirectoryRead | Interaction::PatientSearch => {
            if sections_of(role).is_empty() {
                Some(DenialReason::Role)
            } else {
                None
            }
        }
        // Opening a chart shows banner and tabs; the privacy officer opens the access report of a restricted one too.
        Interaction::PatientRead if role == Role::PrivacyOfficer => about_a_patient(Some(Section::Access)),
        Interaction::PatientRead => about_a_patient(None),
        Interaction::SectionRead(section) | Interaction::ResourceRead(section) => about_a_patient(Some(section)),
        Interaction::PatientExport => match only(&[Role::Physician, Role::PrivacyOfficer]) {
            None if request.patient.is_none() => Some(DenialReason::NoPatient),
            // An emergency opens a chart to be read, not to be carried away.
            None if request.restricted => Some(DenialReason::Restricted),
            other => other,
        },
        Interaction::ImportCreate
        | Interaction::UserSearch
        | Interaction::UserCreate
        | Interaction::UserPasswordReset
        | Interaction::UserFactorDelete
        | Interaction::RecoveryKeyCreate
        | Interaction::RecoveryKeyDecline
        | Interaction::PostureRead
        | Interaction::BackupCreate
        | Interaction::UserDisable
        | Interaction::UserEnable
        | Interaction::KeyRotate
        | Interaction::KeyReseal => only(&[Role::Administrator]),
        Interaction::AuditVerify
        | Interaction::KeySearch
        | Interaction::KeyUseSearch
        | Interaction::PatientDestructionSearch => only(&[Role::Administrator, Role::PrivacyOfficer]),
        // Whether the record is restricted makes no difference: nobody reads it. That two persons decide is the vault's to see.
        Interaction::PatientDestructionRequest
        | Interaction::PatientDestructionApprove
        | Interaction::PatientDestructionWithdraw => match only(&[Role::Administrator, Role::PrivacyOfficer]) {
            None if request.patient.is_none() => Some(DenialReason::NoPatient),
            other => other,
        },
        Interaction::EmergencyAccessStart => match request {
            _ if !may_break_the_glass(role) => Some(DenialReason::Role),
            Request { patient: None, .. } => Some(DenialReason::NoPatient),
            Request { restricted: false, .. } => Some(DenialReason::NotRestricted),
            Request { .. } => None,
        },
        Interaction::EmergencyAccessStop => match request {
            _ if !may_break_the_glass(role) => Some(DenialReason::Role),
            Request { patient: None, .. } => Some(DenialReason::NoPatient),
            Request { .. } => None,
        },
        // A report about a user names no patient; it names no clinical fact, so that a restricted record is no exception.
        Interaction::EmergencyAccessSearch
        | Interaction::EmergencyAccessReview
        | Interaction::AccessReportRead
        | Interaction::AccessReportExport => only(&[Role::PrivacyOfficer]),
        Interaction::DisclosureAccountingRead | Interaction::DisclosureAccountingExport => {
            match only(&[Role::PrivacyOfficer]) {
                None if request.patient.is_none() => Some(DenialReason::NoPatient),
                other => other,
            }
        }
    }
}

/// What may happen while nobody is signed in.
fn unattended_refusal(interaction: Interaction) -> Option<DenialReason> {
    match interaction {
        Interaction::WorkstationStart
        | Interaction::FirstAdministratorCreate
        | Interaction::SessionRefuse
        | Interaction::SessionIdleLock
        | Interaction::AuditVerify
        | Interaction::UserPasswordRecover
        | Interaction::WorkstationRecover
        | Interaction::BackupRestore
        | Interaction::UserSlotRenew
        | Interaction::DatabaseKeyRotate
        | Interaction::EmergencyAccessEscalate
        | Interaction::PatientDestroy => None,
        Interaction::SessionCreate
        | Interaction::SessionLock
        | Interaction::SessionUnlock
        | Interaction::SessionEnd
        | Interaction::DirectoryRead
        | Interaction::PatientSearch
        | Interaction::PatientRead
        | Interaction::SectionRead(_)
        | Interaction::ResourceRead(_)
        | Interaction::PatientExport
        | Interaction::ImportCreate
        | Interaction::UserSearch
        | Interaction::UserCreate
        | Interaction::UserPasswordReset
        | Interaction::UserPasswordChange
        | Interaction::RecoveryKeyCreate
        | Interaction::RecoveryKeyDecline
        | Interaction::BackupCreate
        | Interaction::PostureRead
        | Interaction::EmergencyAccessStart
        | Interaction::EmergencyAccessStop
        | Interaction::EmergencyAccessSearch
        | Interaction::EmergencyAccessReview
        | Interaction::AccessReportRead
        | Interaction::AccessReportExport
        | Interaction::DisclosureAccountingRead
        | Interaction::DisclosureAccountingExport
        | Interaction::SessionArrive
        | Interaction::SessionReauthenticate
        | Interaction::SessionExpire
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
        | Interaction::KeyRotate
        | Interaction::KeyReseal
        | Interaction::KeySearch
        | Interaction::KeyUseSearch
        | Interaction::PatientDestructionRequest
        | Interaction::PatientDestructionApprove
        | Interaction::PatientDestructionWithdraw
        | Interaction::PatientDestructionSearch => Some(DenialReason::NotSignedIn),
    }
}

#[cfg(test)]
mod tests {
    use vigil_model::{PatientId, PurposeOfUse, SessionId, UserId};

    use super::*;

    #[test]
    fn an_administrator_sees_no_chart_and_no_patient_list() {
        for section in Section::ALL {
            let denied = ask(Role::Administrator, Interaction::SectionRead(section), false);
            assert_eq!(denied, Some(DenialReason::Role), "the administrator must not read {section:?}");
        }
        assert_eq!(ask(Role::Administrator, Interaction::PatientSearch, false), Some(DenialReason::Role), "nor a list");
        assert_eq!(ask(Role::Administrator, Interaction::PatientRead, false), Some(DenialReason::Role), "nor a banner");
    }

    #[test]
    fn a_restricted_chart_stays_closed_to_every_role_but_for_its_access_report() {
        for role in Role::ALL {
            for section in Section::ALL.into_iter().filter(|section| *section != Section::Access) {
                let answer = ask(role, Interaction::SectionRead(section), true);
                assert!(answer.is_some(), "{role:?} must not read {section:?} of a restricted chart");
            }
        }
        assert_eq!(
            ask(Role::PrivacyOfficer, Interaction::SectionRead(Section::Access), true),
            None,
            "who looked is open"
        );
    }

    #[test]
    fn a_broken_glass_opens_a_restricted_chart_to_those_who_treat_and_to_nobody_else() {
        for role in Role::ALL {
            for purpose in [PurposeOfUse::BreakTheGlass, PurposeOfUse::EmergencyTreatment] {
                let denied = ask_for(role, Interaction::SectionRead(Section::Summary), true, purpose);
                let treats = [Role::Physician, Role::Nurse, Role::Pharmacist].contains(&role);
                assert_eq!(denied.is_none(), treats, "{role:?} in an emergency ({purpose:?})");
            }
            let start = ask(role, Interaction::EmergencyAccessStart, true);
            assert_eq!(start.is_none(), may_break_the_glass(role), "{role:?} breaking the glass");
        }
        let needless = ask(Role::Physician, Interaction::EmergencyAccessStart, false);
        assert_eq!(needless, Some(DenialReason::NotRestricted), "an open chart needs no emergency");
        let beyond = ask_for(
            Role::Pharmacist,
            Interaction::SectionRead(Section::FamilyHistory),
            true,
            PurposeOfUse::BreakTheGlass,
        );
        assert_eq!(beyond, Some(DenialReason::Role), "the glass opens what the role reads elsewhere, no more");
    }

    #[test]
    fn only_the_privacy_officer_reviews() {
        for role in Role::ALL {
            let expected = if role == Role::PrivacyOfficer { None } else { Some(DenialReason::Role) };
            assert_eq!(ask(role, Interaction::EmergencyAccessReview, false), expected, "{role:?} reviewing");
            assert_eq!(ask(role, Interaction::EmergencyAccessSearch, false), expected, "{role:?} listing");
        }
    }

    #[test]
    fn only_the_privacy_officer_reads_and_writes_reports_also_about_restricted_records() {
        use Interaction::{AccessReportExport, AccessReportRead, DisclosureAccountingExport, DisclosureAccountingRead};
        for interaction in [AccessReportRead, AccessReportExport, DisclosureAccountingRead, DisclosureAccountingExport]
        {
            for role in Role::ALL {
                let expected = if role == Role::PrivacyOfficer { None } else { Some(DenialReason::Role) };
                for restricted in [false, true] {
                    assert_eq!(ask(role, interaction, restricted), expected, "{role:?}: {interaction:?}");
                }
            }
            for principal in [Principal::Anonymous, Principal::Workstation] {
                let purpose = PurposeOfUse::Compliance;
                let request = Request { principal, interaction, patient: None, restricted: false, purpose };
                let reason = authorize(request).err().map(|denial| denial.reason);
                assert_eq!(reason, Some(DenialReason::NotSignedIn), "{interaction:?} is somebody's");
            }
        }
    }

    #[test]
    fn an_accounting_is_about_a_patient_and_a_report_may_be_about_a_user() {
        let without_patient = |interaction| {
            let id = UserId::from_uuid(uuid::Uuid::nil());
            let session = SessionId::from_uuid(uuid::Uuid::nil());
            let principal = Principal::User { id, role: Role::PrivacyOfficer, session };
            let purpose = PurposeOfUse::Compliance;
            let request = Request { principal, interaction, patient: None, restricted: false, purpose };
            authorize(request).err().map(|denial| denial.reason)
        };
        for interaction in [Interaction::DisclosureAccountingRead, Interaction::DisclosureAccountingExport] {
            assert_eq!(without_patient(interaction), Some(DenialReason::NoPatient), "{interaction:?} of nobody");
        }
        assert_eq!(without_patient(Interaction::AccessReportRead), None, "what a user did");
    }

    #[test]
    fn an_escalation_is_the_workstations_and_nobody_elses() {
        for role in Role::ALL {
            let answer = ask(role, Interaction::EmergencyAccessEscalate, false);
            assert_eq!(answer, Some(DenialReason::Role), "{role:?} cannot say that it was escalated");
        }
        let request = Request {
            principal: Principal::Workstation,
            interaction: Interaction::EmergencyAccessEscalate,
            patient: PatientId::parse("p1").ok(),
            restricted: true,
            purpose: PurposeOfUse::Compliance,
        };
        assert!(authorize(request).is_ok(), "the workstation notices by itself");
    }

    #[test]
    fn nobody_signed_in_reaches_no_patient() {
        for interaction in [
            Interaction::PatientSearch,
            Interaction::PatientRead,
            Interaction::DirectoryRead,
            Interaction::SectionRead(Section::Summary),
            Interaction::ImportCreate,
            Interaction::PatientExport,
        ] {
            let request = Request {
                principal: Principal::Anonymous,
                interaction,
                patient: PatientId::parse("p1").ok(),
                restricted: false,
                purpose: PurposeOfUse::Treatment,
            };
            let reason = authorize(request).err().map(|denial| denial.reason);
            assert_eq!(reason, Some(DenialReason::NotSignedIn), "{interaction:?} needs a user");
        }
    }

    #[test]
    fn only_administrators_import_and_make_users() {
        for role in Role::ALL {
            let expected = if role == Role::Administrator { None } else { Some(DenialReason::Role) };
            assert_eq!(ask(role, Interaction::ImportCreate, false), expected, "{role:?} importing");
            assert_eq!(ask(role, Interaction::UserCreate, false), expected, "{role:?} making users");
        }
    }

    #[test]
    fn recovery_and_backup_are_an_administrators_and_no_session_recovers() {
        use Interaction::{
            BackupCreate, BackupRestore, RecoveryKeyCreate, RecoveryKeyDecline, UserPasswordRecover, UserPasswordReset,
            WorkstationRecover,
        };
        for role in Role::ALL {
            let expected = if role == Role::Administrator { None } else { Some(DenialReason::Role) };
            for interaction in [UserPasswordReset, RecoveryKeyCreate, RecoveryKeyDecline, BackupCreate] {
                assert_eq!(ask(role, interaction, false), expected, "{role:?}: {interaction:?}");
            }
            for interaction in [UserPasswordRecover, WorkstationRecover, BackupRestore] {
                let expected = Some(DenialReason::Role);
                assert_eq!(
                    ask(role, interaction, false),
                    expected,
                    "{role:?}: {interaction:?} needs the paper, not a role"
                );
            }
        }
    }

    #[test]
    fn everybody_chooses_their_own_password_and_nobody_who_is_not_signed_in() {
        for role in Role::ALL {
            assert_eq!(ask(role, Interaction::UserPasswordChange, false), None, "{role:?}");
        }
        let request = Request {
            principal: Principal::Anonymous,
            interaction: Interaction::UserPasswordChange,
            patient: None,
            restricted: false,
            purpose: PurposeOfUse::Administration,
        };
        let reason = authorize(request).err().map(|denial| denial.reason);
        assert_eq!(reason, Some(DenialReason::NotSignedIn), "whose password would it be?");
    }

    #[test]
    fn everybody_looks_after_their_own_sign_in_and_an_administrator_after_that_of_others() {
        use Interaction::{
            FactorCreate, FactorDelete, FactorRefuse, FactorSearch, FactorVerify, RecoveryCodeCreate,
            RecoveryCodeVerify, SessionArrive, SessionExpire, SessionReauthenticate, UserFactorDelete,
        };
        let own = [
            FactorCreate,
            FactorDelete,
            FactorRefuse,
            FactorSearch,
            FactorVerify,
            RecoveryCodeCreate,
            RecoveryCodeVerify,
            SessionArrive,
            SessionExpire,
            SessionReauthenticate,
        ];
        for role in Role::ALL {
            for interaction in own {
                assert_eq!(ask(role, interaction, false), None, "{role:?}: {interaction:?}");
            }
            let expected = if role == Role::Administrator { None } else { Some(DenialReason::Role) };
            assert_eq!(ask(role, UserFactorDelete, false), expected, "{role:?} removing another one's factor");
        }
        for interaction in own.into_iter().chain([UserFactorDelete]) {
            for principal in [Principal::Anonymous, Principal::Workstation] {
                let purpose = PurposeOfUse::Administration;
                let request = Request { principal, interaction, patient: None, restricted: false, purpose };
                let reason = authorize(request).err().map(|denial| denial.reason);
                assert_eq!(reason, Some(DenialReason::NotSignedIn), "{interaction:?} is somebody's");
            }
        }
    }

    #[test]
    fn keys_are_an_administrators_to_change_and_a_privacy_officers_to_look_at() {
        use Interaction::{
            DatabaseKeyRotate, KeyReseal, KeyRotate, KeySearch, KeyUseSearch, UserDisable, UserEnable, UserSlotRenew,
        };
        for role in Role::ALL {
            let administers = role == Role::Administrator;
            for interaction in [KeyRotate, KeyReseal, UserDisable, UserEnable] {
                assert_eq!(ask(role, interaction, false).is_none(), administers, "{role:?}: {interaction:?}");
            }
            for interaction in [KeySearch, KeyUseSearch] {
                let looks = administers || role == Role::PrivacyOfficer;
                assert_eq!(ask(role, interaction, false).is_none(), looks, "{role:?}: {interaction:?}");
            }
            for interaction in [UserSlotRenew, DatabaseKeyRotate] {
                let answer = ask(role, interaction, false);
                assert_eq!(answer, Some(DenialReason::Role), "the workstation itself does it, not {role:?}");
            }
        }
    }

    #[test]
    fn a_record_is_destroyed_by_administrators_and_privacy_officers_and_never_without_its_patient() {
        use Interaction::{
            PatientDestroy, PatientDestructionApprove, PatientDestructionRequest, PatientDestructionSearch,
            PatientDestructionWithdraw,
        };
        for role in Role::ALL {
            let may = matches!(role, Role::Administrator | Role::PrivacyOfficer);
            for interaction in [
                PatientDestructionRequest,
                PatientDestructionApprove,
                PatientDestructionWithdraw,
                PatientDestructionSearch,
            ] {
                assert_eq!(ask(role, interaction, true).is_none(), may, "{role:?}: {interaction:?}");
            }
            let answer = ask(role, PatientDestroy, false);
            assert_eq!(answer, Some(DenialReason::Role), "the workstation does it after two persons, not {role:?}");
        }
        let nobody = |interaction| {
            let id = UserId::from_uuid(uuid::Uuid::nil());
            let session = SessionId::from_uuid(uuid::Uuid::nil());
            let principal = Principal::User { id, role: Role::Administrator, session };
            let purpose = PurposeOfUse::Administration;
            authorize(Request { principal, interaction, patient: None, restricted: false, purpose }).err()
        };
        for interaction in [PatientDestructionRequest, PatientDestructionApprove, PatientDestructionWithdraw] {
            let reason = nobody(interaction).map(|denial| denial.reason);
            assert_eq!(reason, Some(DenialReason::NoPatient), "{interaction:?} is about somebody");
        }
    }

    fn ask(role: Role, interaction: Interaction, restricted: bool) -> Option<DenialReason> {
        ask_for(role, interaction, restricted, PurposeOfUse::Treatment)
    }

    fn ask_for(role: Role, interaction: Interaction, restricted: bool, purpose: PurposeOfUse) -> Option<DenialReason> {
        let id = UserId::from_uuid(uuid::Uuid::nil());
        let session = SessionId::from_uuid(uuid::Uuid::nil());
        let request = Request {
            principal: Principal::User { id, role, session },
            interaction,
            patient: PatientId::parse("p1").ok(),
            restricted,
            purpose,
        };
        authorize(request).err().map(|denial| denial.reason)
    }
}
