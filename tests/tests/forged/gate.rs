//! What stands before each command: which question the policies answer about a call of it.

use super::policy::Policy;
use anyhow::{Result, bail, ensure};
use serde_json::Value;
use vigil_tests::command::Command;

/// What stands before a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    /// The policies, asked about this interaction.
    Asks(&'static str),
    /// The same, for a command that has the name of its interaction.
    AsksItself,
    /// The policies, asked about one page of the chart; which one the call says.
    Page,
    /// The policies, asked about the page that shows a resource of this type.
    PageOfResource,
    /// The policies, asked about this interaction on this page of the chart.
    OnPage(&'static str, &'static str),
    /// The same on the page of the kind of entry that the call names.
    Entry(&'static str),
    /// The policies, asked about a note of one's own or of somebody else, as the call says.
    Marks,
    /// The policies, asked about the page in which a resource of this type is written.
    Restores,
    /// The policies, asked about the kind of paper that the call names.
    Paper,
    /// The policies, asked about the list that the call names.
    List,
    /// Somebody who may do one of these.
    One(&'static [&'static str]),
    /// Somebody is signed in and not locked: it is about what is their own.
    Own,
    /// Somebody is signed in, locked or not: whoever supervises them shows who they are.
    AtTheScreen,
    /// Refused with this code in every state that these tests come to.
    Never(&'static str),
    /// Everybody: it tells nothing and changes nothing, or changes who is signed in.
    Everybody,
}

/// A command that has not the name of an interaction needs a line here.
const GATES: &[(&str, Gate)] = &[
    ("emergency_account_make", Gate::Asks("emergency-account-seal")),
    ("emergency_half_save", Gate::Asks("emergency-account-seal")),
    ("emergency_account_cancel", Gate::Asks("emergency-account-seal")),
    // None is sealed here.
    ("emergency_session_create", Gate::Never("not-found")),
    ("worklist_search", Gate::List),
    // About no record, and not on record.
    ("printer_search", Gate::Own),
    ("print_preview", Gate::Paper),
    ("print_create", Gate::Paper),
    ("suspension_search", Gate::Asks("user-suspension-search")),
    ("suspension_lift", Gate::Asks("user-suspension-lift")),
    ("suspension_supervised_lift", Gate::AtTheScreen),
    ("session_read", Gate::Everybody),
    ("session_create", Gate::Everybody),
    ("session_unlock", Gate::Everybody),
    ("session_lock", Gate::Everybody),
    ("session_end", Gate::Everybody),
    ("session_place_read", Gate::Own),
    ("session_place_update", Gate::Own),
    ("preferences_update", Gate::Own),
    ("administrator_create", Gate::Never("forbidden")),
    ("factor_verify", Gate::Never("not-signed-in")),
    ("session_enter", Gate::Never("not-signed-in")),
    ("workstation_recover", Gate::Never("internal")),
    ("user_password_recover", Gate::Never("invalid")),
    ("patient_recent", Gate::Asks("patient-search")),
    ("chart_read", Gate::Asks("patient-read")),
    ("chart_search", Gate::OnPage("section-read", "summary")),
    ("section_read", Gate::Page),
    ("team_put", Gate::Asks("team-create")),
    ("section_rest_read", Gate::Own),
    ("observation_series_read", Gate::PageOfResource),
    ("document_read", Gate::PageOfResource),
    ("resource_read", Gate::PageOfResource),
    // It says what the window draws, which is not on record; a chart that was not opened is not taken.
    ("chart_show", Gate::Own),
    // About no record, and not on record; who is not signed in is refused.
    ("terminology_search", Gate::Own),
    ("patient_demographics_read", Gate::Asks("patient-update")),
    ("vital_signs_create", Gate::OnPage("resource-create", "vitals")),
    ("vital_sign_correct", Gate::OnPage("resource-update", "vitals")),
    ("condition_create", Gate::OnPage("resource-create", "problems")),
    ("condition_update", Gate::OnPage("resource-update", "problems")),
    ("allergy_intolerance_create", Gate::OnPage("resource-create", "allergies")),
    ("no_known_allergy_create", Gate::OnPage("resource-create", "allergies")),
    ("allergy_intolerance_update", Gate::OnPage("resource-update", "allergies")),
    ("note_draft_create", Gate::OnPage("resource-create", "documents")),
    ("note_draft_read", Gate::OnPage("resource-read", "documents")),
    ("note_draft_update", Gate::OnPage("resource-update", "documents")),
    ("note_draft_delete", Gate::OnPage("resource-update", "documents")),
    ("note_sign", Gate::OnPage("resource-create", "documents")),
    ("note_cosign", Gate::OnPage("resource-create", "documents")),
    ("note_mark_in_error", Gate::Marks),
    ("amendment_create", Gate::OnPage("resource-create", "amendments")),
    ("amendment_extend", Gate::OnPage("resource-update", "amendments")),
    ("amendment_accept", Gate::OnPage("resource-update", "amendments")),
    ("amendment_deny", Gate::OnPage("resource-update", "amendments")),
    ("amendment_disagree", Gate::OnPage("resource-create", "amendments")),
    ("amendment_rebut", Gate::OnPage("resource-update", "amendments")),
    ("amendment_due_search", Gate::Asks("task-search")),
    ("unsigned_note_search", Gate::Asks("composition-search")),
    ("entry_create", Gate::Entry("resource-create")),
    ("entry_update", Gate::Entry("resource-update")),
    ("resource_history_read", Gate::PageOfResource),
    ("resource_restore", Gate::Restores),
    // What it takes back is what this session wrote; there is none here.
    ("write_undo", Gate::Own),
    ("document_choose", Gate::Asks("document-review")),
    ("document_review", Gate::Asks("document-review")),
    // How far one's own reading is; it tells nothing of what is read.
    ("document_progress_read", Gate::Own),
    ("document_cancel", Gate::Own),
    ("document_take", Gate::OnPage("document-import", "documents")),
    ("import_choose", Gate::Asks("import-create")),
    ("import_start", Gate::Asks("import-create")),
    ("import_progress_read", Gate::Asks("import-create")),
    ("import_cancel", Gate::Asks("import-create")),
    ("emergency_offer_read", Gate::Asks("patient-search")),
    ("emergency_access_create", Gate::Asks("emergency-access-start")),
    ("emergency_access_resume", Gate::Asks("emergency-access-start")),
    ("emergency_access_end", Gate::Asks("emergency-access-stop")),
    ("access_rights_save", Gate::Asks("access-rights-export")),
    (
        "save_choose",
        Gate::One(&[
            "backup-create",
            "recovery-key-create",
            "emergency-account-seal",
            "access-rights-export",
            "access-report-export",
            "disclosure-accounting-export",
            "incident-export",
            "medication-list-print",
            "patient-label-print",
        ]),
    ),
    ("recovery_read", Gate::Asks("recovery-key-create")),
    ("recovery_key_make", Gate::Asks("recovery-key-create")),
    ("recovery_key_save", Gate::Asks("recovery-key-create")),
    ("recovery_key_confirm", Gate::Asks("recovery-key-create")),
    ("recovery_key_cancel", Gate::Asks("recovery-key-create")),
    ("backup_status_read", Gate::Asks("backup-create")),
    ("backup_start", Gate::Asks("backup-create")),
    ("backup_progress_read", Gate::Asks("backup-create")),
    ("backup_cancel", Gate::Asks("backup-create")),
    ("own_sign_in_read", Gate::Asks("factor-search")),
    ("totp_offer", Gate::Asks("factor-create")),
    // States and numbers, no name and no record: the status bar shows them while locked, too.
    ("sync_read", Gate::Everybody),
    ("sync_retry", Gate::Asks("fleet-join")),
    ("card_enrol", Gate::Asks("factor-create")),
    ("key_reseal_pause", Gate::Asks("key-rotate")),
    ("access_report_users", Gate::Asks("access-report-read")),
    ("access_report_save", Gate::Asks("access-report-export")),
    ("own_access_report_save", Gate::Asks("access-report-export")),
    ("disclosure_accounting_save", Gate::Asks("disclosure-accounting-export")),
];

/// What stands before a command.
///
/// # Errors
/// For a command that is new: what to do.
pub(crate) fn gate_of(command: &str, policy: &Policy) -> Result<Gate> {
    if let Some((_, gate)) = GATES.iter().find(|(name, _)| *name == command) {
        return Ok(*gate);
    }
    ensure!(
        policy.knows(&command.replace('_', "-")),
        "{command} is new and has not the name of an interaction: say in tests/tests/forged/gate.rs what stands before it"
    );
    Ok(Gate::AsksItself)
}

/// What the policies say to a call: `allow`, or why not.
pub(crate) fn answer(
    policy: &Policy,
    command: &Command,
    gate: Gate,
    call: &Value,
    restricted: bool,
    role: &str,
) -> Result<String> {
    let text = |name: &str| call.pointer(&format!("/request/{name}")).and_then(Value::as_str).unwrap_or_default();
    let own = command.name.replace('_', "-");
    let pages = match (command.name.as_str(), text("resourceType")) {
        ("observation_series_read", _) | ("resource_read" | "resource_history_read", "Observation") => {
            vec!["results", "vitals", "social-history"]
        }
        ("document_read", _) | ("resource_read" | "resource_history_read", "DocumentReference") => vec!["documents"],
        ("resource_read" | "resource_history_read", "Condition") => vec!["problems"],
        _ => vec![],
    };
    let first = |mut answers: Vec<&str>| {
        let allowed = answers.iter().position(|answer| *answer == "allow").unwrap_or_default();
        answers.swap_remove(allowed).to_owned()
    };
    Ok(match gate {
        Gate::Asks(interaction) => policy.answer(interaction, "-", restricted, role)?.to_owned(),
        Gate::AsksItself => policy.answer(&own, "-", restricted, role)?.to_owned(),
        Gate::Page => policy.answer("section-read", text("section"), restricted, role)?.to_owned(),
        Gate::PageOfResource => {
            let answers = pages.iter().map(|page| policy.answer("resource-read", page, restricted, role));
            first(answers.collect::<Result<_>>()?)
        }
        Gate::OnPage(interaction, page) => policy.answer(interaction, page, restricted, role)?.to_owned(),
        Gate::Entry(interaction) => {
            let page = match text("kind") {
                "medicine" => "medications",
                "immunization" => "immunizations",
                "procedure" => "procedures",
                "family-history" => "family-history",
                "device" => "devices",
                "goal" => "care-plans",
                "flag" => "flags",
                "encounter" => "encounters",
                "social-history" => "social-history",
                "care-team-member" => "care-team",
                other => {
                    bail!("the kind {other} is new: say in tests/tests/forged/gate.rs on which page it is written")
                }
            };
            policy.answer(interaction, page, restricted, role)?.to_owned()
        }
        Gate::Marks => match text("whose") {
            "own" => policy.answer("resource-create", "documents", restricted, role)?.to_owned(),
            "another" => policy.answer("composition-nullify", "-", restricted, role)?.to_owned(),
            other => bail!("a note of {other} is new: say in tests/tests/forged/gate.rs what is asked about it"),
        },
        Gate::Restores => {
            let page = match text("resourceType") {
                "Condition" => "problems",
                "Observation" => "vitals",
                _ => "other",
            };
            policy.answer("resource-update", page, restricted, role)?.to_owned()
        }
        Gate::Paper => {
            let interaction = match text("kind") {
                "visit-summary" => "visit-summary-print",
                "medication-list" => "medication-list-print",
                "note" => "composition-print",
                "wristband" | "labels" => "patient-label-print",
                other => bail!("the paper {other} is new: say in tests/tests/forged/gate.rs what is asked about it"),
            };
            policy.answer(interaction, "-", restricted, role)?.to_owned()
        }
        Gate::List => {
            let interaction = match text("worklist") {
                "panel" => "panel-search",
                "ward" => "ward-search",
                "schedule" => "appointment-search",
                "prescriptions" => "medication-request-search",
                "claims" => "claim-search",
                other => bail!("the list {other} is new: say in tests/tests/forged/gate.rs what is asked about it"),
            };
            policy.answer(interaction, "-", restricted, role)?.to_owned()
        }
        Gate::One(interactions) => {
            let answers = interactions.iter().map(|interaction| policy.answer(interaction, "-", restricted, role));
            first(answers.collect::<Result<_>>()?)
        }
        Gate::Own | Gate::AtTheScreen | Gate::Never(_) | Gate::Everybody => "allow".to_owned(),
    })
}
