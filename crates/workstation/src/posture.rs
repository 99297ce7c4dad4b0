//! The posture of a workstation: what around the program protects the data, or does not.
//!
//! [`Platform`] gathers what the operating system says ([`Facts`]); `assess` turns it into [`Check`]s and does no I/O;
//! the managed policy says which of them only warn and which close the sign-in. What the system does not say is not known,
//! never guessed. The reasons for what a refusal leaves open are in docs/adr/0012.

mod check;
mod facts;
mod gate;
mod rule;

pub use check::{Check, CheckId, CheckState};
pub use facts::{
    Attaching, CoreDumps, Facts, Files, KeyMemory, OperatingSystem, Platform, ProcessState, ScreenLock, Space,
    SwapArea, Volume,
};
pub(crate) use gate::Entrance;

use chrono::{DateTime, NaiveDate, Utc};
use vigil_policy::Interaction;
use vigil_vault::RecoveryState;

use crate::managed_policy::PosturePolicy;
use crate::view::{Environment, PostureCheckView, PostureView};
use crate::{AppError, Workstation, clock};

/// What the workstation itself knows.
pub(crate) struct Installation {
    /// In words, and whether it protects nothing by itself; `None`: not chosen yet.
    pub(crate) custodian: Option<(&'static str, bool)>,
    pub(crate) environment: Environment,
    /// `None`: there is no vault, or it does not open.
    pub(crate) recovery: Option<RecoveryState>,
    pub(crate) idle_lock_minutes: u32,
    pub(crate) today: NaiveDate,
}

/// The last assessment.
#[derive(Default)]
pub(crate) struct Posture {
    pub(crate) checks: Vec<Check>,
    pub(crate) at: Option<DateTime<Utc>>,
}

/// Every check, in the order in which they are shown. Pure.
pub(crate) fn assess(facts: &Facts, of: &Installation) -> Vec<Check> {
    vec![
        rule::disk_encryption(facts),
        rule::swap(facts),
        rule::device_key(of),
        rule::recovery_key(of),
        rule::screen_lock(facts, of),
        rule::memory_lock(facts),
        rule::core_dumps(facts),
        rule::attaching(facts),
        rule::process_environment(facts),
        rule::file_permissions(facts),
        rule::program(facts),
        rule::operating_system(facts, of.today),
        rule::system_clock(facts),
        rule::free_space(facts),
    ]
}

impl Workstation {
    /// The posture as it is now, asked anew.
    ///
    /// # Errors
    /// A denial, or that the audit entry could not be written.
    pub fn posture_read(&self) -> Result<PostureView, AppError> {
        self.act(Interaction::PostureRead, None, |_, _| Ok(()))?;
        self.posture_refresh(&self.platform.facts(&self.data))?;
        let posture = crate::lock_of(&self.posture)?;
        Ok(view(&posture, &self.policy.posture))
    }

    /// Assesses what was found and keeps it for the sign-in.
    pub(crate) fn posture_refresh(&self, facts: &Facts) -> Result<(), AppError> {
        let at = self.clock.now().utc;
        let checks = assess(facts, &self.installation(at)?);
        *crate::lock_of(&self.posture)? = Posture { checks, at: Some(at) };
        Ok(())
    }

    /// What is not as it should be, for the desk of the fleet; `ok` when nothing is. `None`: it was not assessed.
    pub(crate) fn posture_words(&self) -> Option<String> {
        let posture = crate::lock_of(&self.posture).ok()?;
        posture.at?;
        let words = words(&posture.checks);
        Some(if words.is_empty() { "ok".to_owned() } else { words })
    }

    fn installation(&self, at: DateTime<Utc>) -> Result<Installation, AppError> {
        let vault = self.vault.get();
        let environment = self.frame()?.environment;
        Ok(Installation {
            custodian: vault.map(|vault| (vault.custodian_kind().display(), vault.custodian_kind().is_weak())),
            environment,
            recovery: vault.map(vigil_vault::Vault::recovery_state).transpose()?,
            idle_lock_minutes: self.idle_lock().minutes(),
            today: at.date_naive(),
        })
    }
}

/// The assessment for people.
pub(crate) fn view(posture: &Posture, policy: &PosturePolicy) -> PostureView {
    let refused = gate::refused(&posture.checks, policy);
    PostureView {
        checked_at: posture.at.as_ref().map(clock::text).unwrap_or_default(),
        refuses: !refused.is_empty(),
        checks: posture.checks.iter().map(|check| check_view(check, policy)).collect(),
    }
}

pub(crate) fn check_view(check: &Check, policy: &PosturePolicy) -> PostureCheckView {
    let rule = policy.rule(check.id);
    PostureCheckView {
        id: check.id,
        name: check.id.name().to_owned(),
        state: check.state,
        found: check.found.clone(),
        why: check.id.why().to_owned(),
        advice: check.advice.clone(),
        rule,
        refuses: gate::refuses(check, rule),
    }
}

/// What is not as it should be, for the audit log: `diskEncryption=fail swap=unknown`.
pub(crate) fn words(checks: &[Check]) -> String {
    let odd = checks.iter().filter(|check| check.state != CheckState::Ok);
    odd.map(|check| format!("{}={}", check.id.key(), check.state.code())).collect::<Vec<_>>().join(" ")
}
