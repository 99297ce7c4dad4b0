//! The one list of commands and events. `ui/src/api/bindings.ts` is written from it and a test fails when they drift.

use tauri_specta::{Builder, collect_commands, collect_events};

use crate::commands::{
    amendment, backup, chart, desk, destruction, document, emergency, emergency_account, factor, import, keys, note,
    patient, print, recovery, report, session, suspension, sync, terminology, user, write,
};
use crate::events::{BackupProgressed, ImportProgressed, LockWarning, SessionChanged, SyncChanged};

/// Everything that crosses between the window and the core.
pub fn builder() -> Builder<tauri::Wry> {
    Builder::<tauri::Wry>::new()
        .commands(collect_commands![
            session::session_read,
            session::administrator_create,
            session::session_create,
            session::session_unlock,
            session::session_lock,
            session::session_end,
            session::session_place_read,
            session::session_place_update,
            session::preferences_update,
            factor::factor_verify,
            factor::session_enter,
            factor::session_reauthenticate,
            factor::own_sign_in_read,
            factor::totp_offer,
            factor::factor_create,
            factor::card_enrol,
            factor::factor_delete,
            factor::recovery_code_create,
            factor::user_factor_delete,
            user::user_search,
            user::user_create,
            user::user_update,
            user::team_search,
            user::team_put,
            user::team_delete,
            user::user_disable,
            user::user_enable,
            patient::patient_search,
            patient::patient_recent,
            patient::worklist_search,
            patient::patient_create,
            patient::patient_demographics_read,
            patient::patient_update,
            chart::chart_read,
            chart::chart_search,
            chart::section_read,
            chart::section_rest_read,
            chart::observation_series_read,
            chart::document_read,
            chart::resource_read,
            write::chart_show,
            write::vital_signs_create,
            write::vital_sign_correct,
            write::condition_create,
            write::condition_update,
            write::allergy_intolerance_create,
            write::no_known_allergy_create,
            write::allergy_intolerance_update,
            write::entry_create,
            document::document_choose,
            document::document_review,
            document::document_progress_read,
            document::document_cancel,
            document::document_take,
            write::entry_update,
            write::resource_history_read,
            write::resource_restore,
            write::write_undo,
            terminology::terminology_search,
            note::note_draft_create,
            note::note_draft_read,
            note::note_draft_update,
            note::note_draft_delete,
            note::note_sign,
            note::note_cosign,
            note::note_mark_in_error,
            note::unsigned_note_search,
            amendment::amendment_create,
            amendment::amendment_extend,
            amendment::amendment_accept,
            amendment::amendment_deny,
            amendment::amendment_disagree,
            amendment::amendment_rebut,
            amendment::amendment_due_search,
            emergency::emergency_offer_read,
            emergency::emergency_access_create,
            emergency::emergency_access_resume,
            emergency::emergency_access_end,
            emergency::emergency_access_search,
            emergency::emergency_access_review,
            emergency_account::emergency_account_read,
            emergency_account::emergency_account_make,
            emergency_account::emergency_half_save,
            emergency_account::emergency_account_seal,
            emergency_account::emergency_account_cancel,
            emergency_account::emergency_session_create,
            import::import_choose,
            import::import_start,
            import::import_progress_read,
            import::import_cancel,
            user::audit_verify,
            recovery::save_choose,
            recovery::recovery_read,
            recovery::recovery_key_make,
            recovery::recovery_key_save,
            recovery::recovery_key_confirm,
            recovery::recovery_key_cancel,
            recovery::recovery_key_decline,
            recovery::workstation_recover,
            recovery::user_password_recover,
            recovery::user_password_reset,
            recovery::user_password_change,
            backup::backup_status_read,
            backup::backup_start,
            backup::backup_progress_read,
            backup::backup_cancel,
            user::posture_read,
            keys::key_search,
            keys::key_rotate,
            keys::key_reseal_pause,
            keys::key_use_search,
            print::printer_search,
            print::print_preview,
            print::print_create,
            report::access_report_read,
            report::access_report_users,
            report::access_report_save,
            report::own_access_report_save,
            report::access_rights_read,
            report::access_rights_save,
            report::disclosure_accounting_read,
            report::disclosure_accounting_save,
            destruction::patient_destruction_search,
            destruction::patient_destruction_request,
            destruction::patient_destruction_approve,
            destruction::patient_destruction_withdraw,
            suspension::suspension_search,
            suspension::suspension_lift,
            suspension::suspension_supervised_lift,
            sync::sync_read,
            sync::sync_retry,
            sync::fleet_join,
            sync::key_deposit,
            desk::incident_search,
            desk::incident_read,
            desk::incident_update,
            desk::incident_decide,
            desk::incident_export,
            desk::fleet_device_search,
            desk::fleet_activity_read,
            desk::fleet_access_search,
            desk::detection_rule_search,
            desk::detection_rule_update,
        ])
        .events(collect_events![SessionChanged, LockWarning, ImportProgressed, BackupProgressed, SyncChanged])
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use specta_typescript::Typescript;

    const HEADER: &str = "// Written by `cargo xtask bindings` from the Rust types. Do not edit.\n/* eslint-disable */\n// @ts-nocheck\n";

    #[test]
    fn bindings_are_up_to_date() {
        let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/api/bindings.ts");
        let fresh = tempfile::tempdir().unwrap().keep().join("bindings.ts");
        super::builder().export(Typescript::default().header(HEADER), &fresh).expect("the bindings can be exported");
        let wanted = std::fs::read_to_string(&fresh).unwrap();
        std::fs::remove_dir_all(fresh.parent().unwrap()).unwrap();
        if std::env::var_os("VIGIL_WRITE_BINDINGS").is_some() {
            std::fs::write(&committed, &wanted).unwrap();
        }
        let found = std::fs::read_to_string(&committed).unwrap_or_default();
        assert!(found == wanted, "ui/src/api/bindings.ts is not what the Rust types say; run `cargo xtask bindings`");
    }

    #[test]
    fn every_command_is_listed_and_granted_to_the_window_main_and_no_other_is() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(root.join("src/bindings.rs")).unwrap();
        let list = source.split("collect_commands![").nth(1).unwrap().split(']').next().unwrap();
        let mut commands: Vec<&str> = list
            .split(',')
            .filter_map(|path| path.trim().rsplit("::").next())
            .filter(|name| !name.is_empty())
            .collect();
        commands.sort_unstable();

        let listed = std::fs::read_to_string(root.join("commands.txt")).unwrap();
        let mut listed: Vec<&str> = listed.lines().collect();
        listed.sort_unstable();
        assert_eq!(commands, listed, "commands.txt must name the commands of the program");

        let capability: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(root.join("capabilities/main.json")).unwrap()).unwrap();
        assert_eq!(capability["windows"], serde_json::json!(["main"]), "granted to the window main alone");
        let mut granted: Vec<String> = capability["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|permission| permission.as_str()?.strip_prefix("allow-").map(|name| name.replace('-', "_")))
            .collect();
        granted.sort_unstable();
        assert_eq!(granted, commands, "every command is granted, and nothing else");
    }
}
