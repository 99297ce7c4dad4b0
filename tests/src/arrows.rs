//! The dependency arrows between the members of the workspace, and which of them the design has.

use anyhow::Result;
use cargo_metadata::{DependencyKind, MetadataCommand};
use std::path::Path;

/// One arrow.
pub struct Arrow {
    /// The member.
    pub who: String,
    /// The crate that it needs.
    pub what: String,
    /// Whether it is needed by what is shipped, and not by tests and benches alone.
    pub shipped: bool,
}

/// Every arrow that the design has, as `(who needs, what)`. A new crate or arrow needs an ADR first.
pub const ALLOWED: [(&str, &[&str]); 16] = [
    ("vigil-model", &[]),
    ("vigil-policy", &["vigil-model"]),
    ("vigil-audit", &["vigil-model"]),
    // Clinical numbers and their sources: it needs nobody, and nobody but the workstation needs it.
    ("vigil-clinical", &[]),
    // Paper knows a plain document, nothing of what it is about.
    ("vigil-print", &[]),
    // Code systems compare text as the patient index does.
    ("vigil-terminology", &["vigil-model"]),
    // A document of somebody else becomes resources of a chart: it names the pages that they belong to.
    ("vigil-ccda", &["vigil-model"]),
    ("vigil-vault", &["vigil-model", "vigil-policy", "vigil-audit"]),
    (
        "vigil-workstation",
        &[
            "vigil-model",
            "vigil-policy",
            "vigil-audit",
            "vigil-clinical",
            "vigil-print",
            "vigil-terminology",
            "vigil-ccda",
            "vigil-vault",
            "vigil-sync",
        ],
    ),
    ("vigil-sync", &["vigil-model", "vigil-audit"]),
    // Rules over the accesses compare as the policies do; messages know no health information, and nobody of this house.
    ("vigil-detection", &["vigil-model", "vigil-policy"]),
    ("vigil-notification", &[]),
    ("vigil-server", &["vigil-model", "vigil-policy", "vigil-audit", "vigil-detection", "vigil-notification"]),
    // The shell names roles and sections in its commands, so it may know the model; everything else it asks the workstation for.
    ("vigil", &["vigil-model", "vigil-workstation"]),
    // Journeys and the project's own commands run the built program; what they ship links none of it.
    ("vigil-tests", &[]),
    ("xtask", &[]),
];

/// Arrows of tests alone. An attacker who has the database key opens the database with the vault's own custodian; whatever
/// the attacked program does is still seen from outside. The server is tried with the engine that workstations run, and the use cases of
/// a fleet with the real server: what each holds the other to is shown by neither alone.
pub const ALLOWED_IN_TESTS: [(&str, &str); 3] =
    [("vigil-tests", "vigil-vault"), ("vigil-server", "vigil-sync"), ("vigil-workstation", "vigil-server")];

/// Crates that only one member may know in what is shipped. A bench may open a plain SQLite to measure its floor.
pub const KEPT_INSIDE: [(&str, &str); 6] = [
    ("rusqlite", "vigil-vault"),
    // The server's own database; its SQLite is SQLCipher too.
    ("sqlx", "vigil-server"),
    ("tauri", "vigil"),
    ("tauri-specta", "vigil"),
    ("gtk", "vigil"),
    ("webkit2gtk", "vigil"),
];

/// The members and their direct dependencies of every kind, as cargo sees them.
pub fn of_workspace(manifest: &Path) -> Result<(Vec<String>, Vec<Arrow>)> {
    let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec()?;
    let members = metadata.packages.iter().map(|package| package.name.to_string()).collect();
    let arrows = metadata.packages.iter().flat_map(|package| {
        package.dependencies.iter().map(|dependency| Arrow {
            who: package.name.to_string(),
            what: dependency.name.clone(),
            shipped: dependency.kind != DependencyKind::Development,
        })
    });
    Ok((members, arrows.collect()))
}

/// Names each member and arrow that the design does not have.
pub fn findings(members: &[String], arrows: &[Arrow]) -> Vec<String> {
    let mut findings = Vec::new();
    for member in members {
        if allowed(member).is_none() {
            findings.push(format!(
                "{member} is no room of the house: a new crate needs an ADR and a line in tests/src/arrows.rs"
            ));
        }
    }
    for Arrow { who, what, shipped } in arrows {
        let inside = members.contains(what);
        let tests_alone = !shipped && ALLOWED_IN_TESTS.contains(&(who.as_str(), what.as_str()));
        if inside && !tests_alone && !allowed(who).is_some_and(|allowed| allowed.contains(&what.as_str())) {
            findings.push(format!("{who} may not need {what}: the design has no such arrow"));
        }
        for (kept, room) in KEPT_INSIDE {
            if *shipped && what == kept && who != room {
                findings.push(format!("{who} may not need {kept}: only {room} knows it"));
            }
        }
    }
    findings
}

fn allowed(member: &str) -> Option<&'static [&'static str]> {
    ALLOWED.iter().find(|(name, _)| *name == member).map(|(_, allowed)| *allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_that_points_up_is_refused() {
        let found = findings(&members(), &[arrow("vigil-policy", "vigil-vault")]);
        assert_eq!(found.len(), 1, "policy decides and must not see the vault: {found:?}");
    }

    #[test]
    fn a_way_around_the_workstation_is_refused() {
        let found = findings(&members(), &[arrow("vigil", "vigil-vault")]);
        assert_eq!(found.len(), 1, "the shell reaches the vault through the workstation only: {found:?}");
    }

    #[test]
    fn sql_outside_the_vault_is_refused() {
        let found = findings(&members(), &[arrow("vigil-workstation", "rusqlite")]);
        assert_eq!(found.len(), 1, "only the vault knows SQL: {found:?}");
    }

    #[test]
    fn an_arrow_of_tests_is_refused_in_what_is_shipped() {
        let in_tests = |shipped| Arrow { shipped, ..arrow("vigil-tests", "vigil-vault") };
        assert!(findings(&members(), &[in_tests(false)]).is_empty(), "an attacker in a test may have the database key");
        assert_eq!(
            findings(&members(), &[in_tests(true)]).len(),
            1,
            "the journeys themselves know nothing of the vault"
        );
    }

    #[test]
    fn a_crate_that_nobody_drew_is_refused() {
        let found = findings(&["vigil-common".to_owned()], &[]);
        assert_eq!(found.len(), 1, "a new crate needs an ADR: {found:?}");
    }

    #[test]
    fn the_arrows_of_the_design_pass() {
        let drawn = ALLOWED.iter().flat_map(|(who, what)| what.iter().map(|what| arrow(who, what)));
        assert!(findings(&members(), &drawn.collect::<Vec<_>>()).is_empty(), "the design allows its own arrows");
    }

    fn members() -> Vec<String> {
        ALLOWED.iter().map(|(name, _)| (*name).to_owned()).collect()
    }

    fn arrow(who: &str, what: &str) -> Arrow {
        Arrow { who: who.to_owned(), what: what.to_owned(), shipped: true }
    }
}
