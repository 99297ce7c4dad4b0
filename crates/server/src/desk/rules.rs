//! The rules, with their versions.

use axum::http::StatusCode;
use vigil_audit::Outcome as Went;
use vigil_detection::RuleSet;
use vigil_model::wire::{RuleSetVersion, RuleSets};

use crate::clock::rfc3339_of;
use crate::http::Outcome;
use crate::incident::{IncidentError, Officer};
use crate::installation::Installation;
use crate::kind;
use crate::store::rule_trial::were_tried;
use crate::store::{RuleSetRow, StoreError};

/// Why the rules stay as they are.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// They are none.
    #[error(transparent)]
    Rules(#[from] vigil_detection::RuleError),
    /// The number is taken.
    #[error("version {0} is kept with other rules, or a newer one decides; give these the next number")]
    Version(u64),
    /// Nobody knows what they would find.
    #[error(
        "nobody has tried exactly these rules: run `vigil-server rule try` with them, on recorded months or with --simulated, and read what it says"
    )]
    Untried,
    /// The role may not.
    #[error("this is for a privacy officer to decide")]
    Role,
}

impl From<RulesError> for Outcome {
    fn from(error: RulesError) -> Self {
        match error {
            RulesError::Store(error) => error.into(),
            RulesError::Rules(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "The rules are not well formed")
            }
            RulesError::Version(_) => Self::new(
                StatusCode::CONFLICT,
                "conflict",
                "Other rules are kept under this version, or a newer one decides",
            ),
            RulesError::Untried => Self::new(
                StatusCode::CONFLICT,
                "conflict",
                "Nobody has tried exactly these rules: `vigil-server rule try` does, on recorded months or with --simulated",
            ),
            RulesError::Role => {
                Self::new(StatusCode::FORBIDDEN, "forbidden", "This is for a privacy officer to decide")
            }
        }
    }
}

/// The rules that decide, and every version.
///
/// # Errors
/// [`IncidentError`]
pub async fn rule_sets(installation: &Installation, officer: Officer) -> Result<RuleSets, IncidentError> {
    let mut tx = installation.store.begin().await?;
    let active = RuleSetRow::active(&mut tx).await?;
    let versions = RuleSetRow::all(&mut tx).await?.into_iter().map(|row| RuleSetVersion {
        version: row.version,
        made: rfc3339_of(row.made),
        active: row.active.map(rfc3339_of),
    });
    let rules = RuleSets {
        active: active.as_ref().map_or(0, |row| row.version),
        versions: versions.collect(),
        rules: active.map_or_else(String::new, |row| row.rules),
    };
    let reason = format!("version={}", rules.active);
    installation.record(&mut tx, kind::RULE_SEARCH, Went::Success, officer.agent(), reason, None).await?;
    tx.commit().await?;
    Ok(rules)
}

/// Lets other rules decide from now on; the former stay kept. Their version is greater than every one before, or one that was kept
/// with the same text. Whatever has not decided before was tried, with exactly this text.
///
/// # Errors
/// [`RulesError`]
pub async fn put_rules(installation: &Installation, officer: Officer, text: &str) -> Result<u64, RulesError> {
    if !officer.decides() {
        return Err(RulesError::Role);
    }
    let version = u64::from(RuleSet::parse(text)?.version);
    let mut tx = installation.store.begin().await?;
    let kept = RuleSetRow::all(&mut tx).await?;
    let again = kept.iter().any(|row| row.version == version && row.rules == text);
    if !again && kept.iter().any(|row| row.version >= version) {
        return Err(RulesError::Version(version));
    }
    let has_decided = kept.iter().any(|row| row.version == version && row.rules == text && row.active.is_some());
    if !has_decided && !were_tried(&mut tx, text).await? {
        return Err(RulesError::Untried);
    }
    RuleSetRow::activate(&mut tx, version, text, installation.now().timestamp_micros()).await?;
    let reason = format!("version={version}");
    installation.record(&mut tx, kind::RULE_UPDATE, Went::Success, officer.agent(), reason, None).await?;
    tx.commit().await?;
    Ok(version)
}
