//! `vigil doctor`: what stands around the data, and the data themselves, looked at from outside. Nothing is changed, nobody
//! signs in, and what does not open is said with its reason.

pub use vigil_vault::Depth;
use vigil_vault::{AuditHead, Contents, Inspection, OpenError, Vault};

use crate::custodian::Custodians;
use crate::posture::{Check, CheckId, CheckState, Installation, assess, check_view};
use crate::view::{DoctorView, Environment};
use crate::{AppError, Setup, Workstation, clock};

/// At most so many damaged pages are named.
const NAMED: usize = 5;

impl Workstation {
    /// Looks at everything. `policy` says that the managed policy could not be used; then that of `setup` is none.
    pub fn doctor(setup: &Setup, policy: Option<&AppError>, depth: Depth) -> DoctorView {
        let facts = setup.platform.facts(&setup.data);
        let at = setup.clock.now().utc;
        let looked = look(setup, depth);
        let contents = looked.as_ref().ok().and_then(|found| found.inspection.contents.as_ref().ok());
        let of = Installation {
            custodian: looked.as_ref().ok().map(|found| found.custodian),
            environment: contents.map_or(setup.environment, environment),
            recovery: contents.and_then(|contents| contents.recovery.clone()),
            idle_lock_minutes: setup.idle_lock.min(setup.policy.idle_lock()).minutes(),
            today: at.date_naive(),
        };
        let mut checks = of_the_data(&looked);
        checks.push(match policy {
            None => Check::ok(CheckId::ManagedPolicy, "it is understood, or there is none"),
            Some(error) => {
                Check::fail(CheckId::ManagedPolicy, error.message.clone(), "mend the file; Vigil does not start before")
            }
        });
        checks.extend(assess(&facts, &of));
        let rules = &setup.policy.posture;
        let checks: Vec<_> = checks.iter().map(|check| check_view(check, rules)).collect();
        let refuses = checks.iter().any(|check| check.refuses);
        let any = |state| checks.iter().any(|check| check.state == state);
        let verdict = if refuses || any(CheckState::Fail) {
            CheckState::Fail
        } else if any(CheckState::Warn) || any(CheckState::Unknown) {
            CheckState::Warn
        } else {
            CheckState::Ok
        };
        DoctorView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data: setup.data.display().to_string(),
            checked_at: clock::text(&at),
            verdict,
            refuses,
            checks,
        }
    }
}

struct Looked {
    custodian: (&'static str, bool),
    inspection: Inspection,
}

enum NotLooked {
    NothingThere,
    Refused(String),
}

fn look(setup: &Setup, depth: Depth) -> Result<Looked, NotLooked> {
    if !Vault::exists(&setup.data) {
        return Err(NotLooked::NothingThere);
    }
    let custodians = Custodians { data: &setup.data, state: setup.state.as_deref(), policy: &setup.policy.custody };
    let custodian = custodians.of_installation().map_err(|error| NotLooked::Refused(error.message))?;
    let kind = custodian.kind();
    let inspection = Vault::inspect(&setup.data, &*custodian, depth)
        .map_err(|error: OpenError| NotLooked::Refused(error.to_string()))?;
    Ok(Looked { custodian: (kind.display(), kind.is_weak()), inspection })
}

const fn environment(contents: &Contents) -> Environment {
    match contents.settings.environment {
        vigil_vault::Environment::Live => Environment::Live,
        vigil_vault::Environment::Demo => Environment::Demo,
        vigil_vault::Environment::Training => Environment::Training,
    }
}

/// The vault, its pages, the head of its log, its layout.
fn of_the_data(looked: &Result<Looked, NotLooked>) -> Vec<Check> {
    let program = env!("CARGO_PKG_VERSION");
    let found = match looked {
        Ok(found) => &found.inspection,
        Err(NotLooked::NothingThere) => {
            let advice = "open Vigil and make its first administrator, or name the data folder with --data";
            return vec![
                Check::ok(CheckId::Version, format!("Vigil {program}")),
                Check::warn(CheckId::Vault, "this workstation is not set up", advice),
            ];
        }
        Err(NotLooked::Refused(why)) => {
            return vec![
                Check::ok(CheckId::Version, format!("Vigil {program}")),
                Check::fail(
                    CheckId::Vault,
                    format!("it does not open: {why}"),
                    "do as it says, then look again; nothing was changed",
                ),
            ];
        }
    };
    let (layout, newest) = found.layout;
    let version = format!("Vigil {program}, layout {layout} of the data");
    let mut checks = vec![if layout == newest {
        Check::ok(CheckId::Version, version)
    } else {
        Check::ok(CheckId::Version, format!("{version}; the next start brings it to layout {newest}"))
    }];
    let restore = "stop, keep this copy, and restore the backup";
    match &found.contents {
        Ok(contents) => {
            let who = if contents.has_users { "" } else { "; nobody can sign in yet" };
            checks.push(Check::ok(CheckId::Vault, format!("it opens: {}{who}", contents.settings.organization)));
            checks.push(audit_log(contents));
        }
        Err(error) => {
            checks.push(Check::fail(CheckId::Vault, format!("it opens and cannot be read: {error}"), restore))
        }
    }
    checks.push(match &found.damaged_pages {
        None => Check::unknown(CheckId::Database, "not looked at", "run `vigil doctor` without --quick"),
        Some(pages) if pages.is_empty() => Check::ok(CheckId::Database, "every page authenticates"),
        Some(pages) => {
            let named = pages.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
            let more = pages.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            Check::fail(CheckId::Database, format!("damaged, or changed outside Vigil: {named}{more}"), restore)
        }
    });
    checks
}

fn audit_log(contents: &Contents) -> Check {
    let id = CheckId::AuditLog;
    let advice = "run `vigil audit verify`, keep this workstation as it is, and call the privacy officer";
    match contents.audit_head {
        AuditHead::Sound => {
            Check::ok(id, format!("{} entries; its head is the one that this device wrote last", contents.entries))
        }
        AuditHead::Forged => Check::fail(id, "its head was not written by this device", advice),
        AuditHead::RolledBack(found) => Check::fail(
            id,
            format!(
                "it is older than this device remembers, or another one: {} entries here, {} remembered",
                found.found, found.remembered
            ),
            advice,
        ),
    }
}
