//! Who has looked at a chart.

use vigil_audit::Outcome;
use vigil_model::{PatientId, PurposeOfUse, Section};
use vigil_policy::Interaction;
use vigil_vault::AccessRecord;

use crate::view::{AccessRow, SectionContent, SectionView};
use crate::{AppError, Workstation, clock};

/// The newest accesses that the page shows.
const MOST_ROWS: u32 = 1000;

impl Workstation {
    /// The access report of one patient, newest first; this look is on record as well.
    pub(crate) fn access_read(&self, patient: &PatientId) -> Result<SectionView, AppError> {
        self.act(Interaction::SectionRead(Section::Access), Some(patient), |tx, present| {
            let rows = tx.accesses(patient, MOST_ROWS)?.iter().map(row).collect();
            let mut content = SectionContent::Access { rows };
            let left = present.unlocked.tail.keep(patient, &mut content);
            Ok(SectionView { content, undecodable: Vec::new(), left, closed: Vec::new() })
        })
    }
}

pub(crate) fn row(access: &AccessRecord) -> AccessRow {
    AccessRow {
        sequence: u32::try_from(access.seq).unwrap_or(u32::MAX),
        recorded: clock::exact_text(&access.at),
        who: access
            .user_display
            .clone()
            .unwrap_or_else(|| if access.user.is_some() { "unknown user" } else { "nobody signed in" }.to_owned()),
        role: access.role.map(|role| role.code().replace('-', " ")).unwrap_or_default(),
        what: what(&access.interaction, access.section),
        purpose: purpose(access.purpose).to_owned(),
        outcome: if access.outcome == Outcome::Success { "done" } else { "refused" }.to_owned(),
    }
}

/// What was done, in words.
pub(crate) fn what(interaction: &str, section: Option<Section>) -> String {
    let section = section.map(|section| section.code().replace('-', " "));
    match (interaction, section) {
        ("patient-read", _) => "opened the chart".to_owned(),
        ("patient-search", _) => "saw the name in a list".to_owned(),
        ("panel-search", _) => "saw the name among the own patients".to_owned(),
        ("ward-search", _) => "saw the name in the ward list".to_owned(),
        ("appointment-search", _) => "saw the name in the schedule".to_owned(),
        ("claim-search", _) => "saw the name among the claims".to_owned(),
        ("medication-request-search", _) => "saw the name among the prescriptions".to_owned(),
        ("patient-create", _) => "registered the patient".to_owned(),
        ("patient-update", _) => "changed who the patient is".to_owned(),
        ("composition-search", _) => "saw the name among the notes to sign".to_owned(),
        ("section-read", Some(section)) => format!("read {section}"),
        ("resource-read", Some(section)) => format!("read one entry of {section}"),
        ("resource-create", Some(section)) => format!("wrote in {section}"),
        ("task-search", _) => "saw the name among the amendments to decide".to_owned(),
        ("document-review", _) => "compared a document from elsewhere with the chart".to_owned(),
        ("document-import", _) => "took entries of a document from elsewhere into the chart".to_owned(),
        ("composition-nullify", _) => "marked a note of somebody else as entered in error".to_owned(),
        ("resource-update", Some(section)) => format!("changed an entry of {section}"),
        ("patient-export", _) => "exported the chart".to_owned(),
        ("visit-summary-print", _) => "printed a visit summary".to_owned(),
        ("medication-list-print", _) => "printed the medication list".to_owned(),
        ("composition-print", _) => "printed a note".to_owned(),
        ("patient-label-print", _) => "printed an identity band or labels".to_owned(),
        ("print-preview", _) => "looked at a document before printing".to_owned(),
        ("import-create", _) => "imported records".to_owned(),
        ("terminology-create", _) => "imported a code system or ranges".to_owned(),
        ("patient-restrict", _) => "restricted the chart".to_owned(),
        ("patient-restriction-lift", _) => "lifted the restriction".to_owned(),
        ("emergency-access-start", _) => "broke the glass".to_owned(),
        ("emergency-access-stop", _) => "ended the emergency access".to_owned(),
        ("emergency-access-search", _) => "reviewed emergency accesses".to_owned(),
        ("patient-destruction-request", _) => "asked for the destruction of the record".to_owned(),
        ("patient-destruction-approve", _) => "agreed to the destruction of the record".to_owned(),
        ("patient-destruction-withdraw", _) => "withdrew the destruction of the record".to_owned(),
        ("patient-destroy", _) => "destroyed the record".to_owned(),
        ("unusual-access-step-up", _) => "was asked for the password: more charts than usual".to_owned(),
        ("user-suspend", _) => "suspended an account: far more charts than usual".to_owned(),
        ("user-suspension-search", _) => "listed the suspended accounts".to_owned(),
        ("user-suspension-lift", _) => "lifted a suspension".to_owned(),
        ("fleet-desk-open", _) => "opened the desk of the fleet".to_owned(),
        ("incident-search", _) => "listed the incidents of the fleet".to_owned(),
        ("incident-read", _) => "read an incident".to_owned(),
        ("incident-update", _) => "acknowledged or escalated an incident, or suspended its account".to_owned(),
        ("incident-decide", _) => "worked on a case".to_owned(),
        ("incident-export", _) => "saved the evidence of an incident".to_owned(),
        ("fleet-device-search", _) => "listed the workstations of the fleet".to_owned(),
        ("fleet-access-search", _) => "searched the entries of every workstation".to_owned(),
        ("fleet-activity-read", _) => "read the figures of the fleet".to_owned(),
        ("detection-rule-search", _) => "read the rules of the fleet".to_owned(),
        ("detection-rule-update", _) => "changed the rules of the fleet".to_owned(),
        ("resource-destroy", _) => "destroyed one entry of the record".to_owned(),
        ("emergency-access-escalate", _) => "noted that a review is overdue".to_owned(),
        ("emergency-account-read", _) => "looked at the emergency account".to_owned(),
        ("emergency-account-seal", _) => "sealed the emergency account".to_owned(),
        ("emergency-account-open", _) => "opened the emergency account".to_owned(),
        ("access-report-read", _) => "read an access report".to_owned(),
        ("access-report-export", _) => "saved an access report".to_owned(),
        ("access-rights-read", _) => "read the access rights".to_owned(),
        ("access-rights-export", _) => "saved the access rights".to_owned(),
        ("disclosure-accounting-read", _) => "read the disclosures".to_owned(),
        ("disclosure-accounting-export", _) => "saved the disclosures".to_owned(),
        ("emergency-access-review", _) => "reviewed an emergency access".to_owned(),
        ("session-create", _) => "signed in".to_owned(),
        ("session-arrive", _) => "gave the right password".to_owned(),
        ("call-refuse", _) => "called the program in a way that it refuses".to_owned(),
        ("session-unlock", _) => "unlocked the screen".to_owned(),
        ("session-end", _) => "signed out".to_owned(),
        ("session-lock", _) => "locked the screen".to_owned(),
        ("session-idle-lock", _) => "left the screen to lock".to_owned(),
        ("session-expire", _) => "reached the session's end".to_owned(),
        ("session-revoke", _) => "was locked or signed out by the workstation".to_owned(),
        ("factor-verify", _) => "showed the second factor".to_owned(),
        ("factor-refuse", _) => "gave a wrong second factor".to_owned(),
        ("preference-update", _) => "changed how the screen looks".to_owned(),
        ("factor-search", _) => "looked at the own sign-in".to_owned(),
        ("user-search", _) => "listed the users".to_owned(),
        ("key-search", _) => "listed the keys".to_owned(),
        ("key-use-search", _) => "read the key access log".to_owned(),
        ("posture-read", _) => "looked at the device".to_owned(),
        ("backup-create", _) => "wrote a backup".to_owned(),
        ("session-reauthenticate", _) => "signed in anew".to_owned(),
        ("directory-read", _) => "opened the list of patients".to_owned(),
        ("user-create", _) => "made a user".to_owned(),
        ("user-update", _) => "changed a user".to_owned(),
        ("team-search", _) => "listed the teams".to_owned(),
        ("team-create", _) => "made a team".to_owned(),
        ("team-update", _) => "changed a team".to_owned(),
        ("team-delete", _) => "dissolved a team".to_owned(),
        ("user-password-reset", _) => "gave a new password".to_owned(),
        ("user-password-change", _) => "changed the own password".to_owned(),
        ("user-disable", _) => "closed an account".to_owned(),
        ("user-enable", _) => "opened an account".to_owned(),
        ("recovery-key-create", _) => "made a recovery key".to_owned(),
        ("key-rotate", _) => "replaced a group key".to_owned(),
        ("key-reseal", _) => "sealed records anew".to_owned(),
        ("database-key-rotate", _) => "replaced the database key".to_owned(),
        ("audit-verify", _) => "checked the audit log".to_owned(),
        ("integrity-failure", _) => "met a record that was changed outside Vigil".to_owned(),
        ("policy-failure", _) => "met an access policy that could not be evaluated".to_owned(),
        (other, _) => other.replace('-', " "),
    }
}

pub(crate) const fn purpose(purpose: PurposeOfUse) -> &'static str {
    match purpose {
        PurposeOfUse::Treatment => "treatment",
        PurposeOfUse::Payment => "payment",
        PurposeOfUse::Operations => "operations",
        PurposeOfUse::Administration => "administration",
        PurposeOfUse::Compliance => "compliance",
        PurposeOfUse::BreakTheGlass => "break the glass",
        PurposeOfUse::EmergencyTreatment => "emergency treatment",
    }
}
