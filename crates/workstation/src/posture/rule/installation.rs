//! What Vigil itself has there.

use vigil_vault::RecoveryState;

use crate::posture::{Check, CheckId, Facts, Files, Installation};
use crate::view::Environment;

pub(in crate::posture) fn device_key(of: &Installation) -> Check {
    let id = CheckId::DeviceKey;
    let advice = "set the workstation up with a TPM, a PKCS#11 token or the system's keystore";
    match (of.custodian, of.environment) {
        (None, _) => Check::unknown(id, "nobody keeps it yet: the workstation is not set up, or does not open", advice),
        (Some((who, false)), _) => Check::ok(id, format!("kept by: {who}")),
        (Some((who, true)), Environment::Live) => {
            Check::fail(id, format!("kept by: {who}, which protects nothing"), advice)
        }
        (Some((who, true)), Environment::Demo | Environment::Training) => {
            Check::warn(id, format!("kept by: {who}, which protects nothing; no real patient may come here"), advice)
        }
    }
}

pub(in crate::posture) fn recovery_key(of: &Installation) -> Check {
    let id = CheckId::RecoveryKey;
    let advice = "have an administrator make a recovery key and keep the paper elsewhere";
    match &of.recovery {
        None => Check::unknown(id, "the workstation is not set up, or does not open", advice),
        Some(RecoveryState::Made { fingerprint, at }) => {
            Check::ok(id, format!("there is one, named {fingerprint}, made on {}", at.format("%d-%b-%Y")))
        }
        Some(RecoveryState::Missing) => Check::warn(id, "there is none", advice),
        Some(RecoveryState::Declined) => {
            Check::warn(id, "there is none: an administrator decided to go on without", advice)
        }
        Some(RecoveryState::Broken) => {
            Check::fail(id, "the data folder names two different ones", "have an administrator make a new one")
        }
    }
}

pub(in crate::posture) fn file_permissions(facts: &Facts) -> Check {
    let id = CheckId::FilePermissions;
    match &facts.data_files {
        None => Check::unknown(id, "there is no data folder yet, or it cannot be read", "look at it after the set-up"),
        Some(Files { loose, looked_at, .. }) if loose.is_empty() => {
            Check::ok(id, format!("only its owner reaches it ({looked_at} files and folders)"))
        }
        Some(Files { loose, .. }) => Check::fail(
            id,
            loose.join("; "),
            "give the folder and its files to the user of Vigil and close them to others (0700, 0600)",
        ),
    }
}

pub(in crate::posture) fn program(facts: &Facts) -> Check {
    let id = CheckId::Program;
    match &facts.program_files {
        None => Check::unknown(id, "this system was not asked", "look who may write the program"),
        Some(Files { loose, .. }) if !loose.is_empty() => {
            Check::fail(id, loose.join("; "), "install Vigil from its package, which belongs to root")
        }
        Some(Files { own, .. }) if !own.is_empty() => Check::warn(
            id,
            format!("the user of Vigil may change it: {}", own.join("; ")),
            "install Vigil from its package, which belongs to root",
        ),
        Some(_) => Check::ok(id, "only administrators of the system may change it"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posture::CheckState;

    #[test]
    fn a_key_in_a_file_fails_where_real_patients_are() {
        let state = |custodian, environment| device_key(&of(custodian, environment, None)).state;
        assert_eq!(state(Some(("TPM", false)), Environment::Live), CheckState::Ok);
        assert_eq!(state(Some(("software", true)), Environment::Live), CheckState::Fail);
        assert_eq!(state(Some(("software", true)), Environment::Demo), CheckState::Warn);
        assert_eq!(state(None, Environment::Live), CheckState::Unknown);
    }

    #[test]
    fn a_recovery_key_that_was_declined_is_still_missing() {
        let state = |recovery| recovery_key(&of(None, Environment::Live, recovery)).state;
        assert_eq!(state(Some(RecoveryState::Declined)), CheckState::Warn);
        assert_eq!(state(Some(RecoveryState::Broken)), CheckState::Fail);
        assert_eq!(state(None), CheckState::Unknown);
    }

    #[test]
    fn a_file_that_others_reach_fails_and_a_program_of_the_user_warns() {
        let files = |loose: &[&str], own: &[&str]| {
            let all = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
            Some(Files { looked_at: 3, loose: all(loose), own: all(own) })
        };
        let data = |data_files| file_permissions(&Facts { data_files, ..Facts::default() }).state;
        assert_eq!((data(files(&[], &[])), data(files(&["vigil.db: 0644"], &[]))), (CheckState::Ok, CheckState::Fail));
        let program = |program_files| super::program(&Facts { program_files, ..Facts::default() }).state;
        assert_eq!(program(files(&[], &[])), CheckState::Ok);
        assert_eq!(program(files(&[], &["/home/a/vigil"])), CheckState::Warn);
        assert_eq!(program(files(&["/usr: 0777"], &[])), CheckState::Fail);
    }

    fn of(
        custodian: Option<(&'static str, bool)>,
        environment: Environment,
        recovery: Option<RecoveryState>,
    ) -> Installation {
        Installation { custodian, environment, recovery, idle_lock_minutes: 15, today: "2026-11-25".parse().unwrap() }
    }
}
