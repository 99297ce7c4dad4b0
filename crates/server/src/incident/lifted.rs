//! A suspension of the whole fleet that a supervisor has lifted at a workstation, beside the user, is lifted everywhere.

use chrono::{DateTime, Utc};
use vigil_audit::{Agent, Outcome as Went};
use vigil_model::UserId;

use crate::installation::Installation;
use crate::kind;
use crate::store::incident::put_step;
use crate::store::{DirectorySettings, StoreError, suspension};

/// As the entry of the workstation says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lift {
    /// The number of the suspension.
    pub(crate) number: u64,
    /// Whose account.
    pub(crate) account: UserId,
    /// Who lifted it: the workstation's policies let nobody lift their own.
    pub(crate) by: UserId,
}

impl Lift {
    /// Reads the reason of a `user-suspension-lift`; `None`: it was of the workstation's own, or says nothing that can be used.
    pub(crate) fn read(by: Option<&str>, reason: Option<&str>) -> Option<Self> {
        let value = |key: &str| reason?.split(' ').find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
        let account = UserId::parse(value("user")?).ok()?;
        let by = UserId::parse(by?).ok().filter(|by| *by != account)?;
        Some(Self { number: value("server")?.parse().ok()?, account, by })
    }
}

/// Lifts it, if it stands; whether it stood.
///
/// # Errors
/// [`StoreError`]
pub(crate) async fn lifted(installation: &Installation, lift: Lift, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let at = now.timestamp_micros();
    let mut tx = installation.store.begin().await?;
    // A number of somebody else's lifts nothing.
    if suspension::user_of(&mut tx, lift.number).await? != Some(lift.account) {
        return Ok(false);
    }
    let Some(incident) = suspension::lift(&mut tx, lift.account, Some(lift.by), at).await? else { return Ok(false) };
    DirectorySettings::advance(&mut tx).await?;
    put_step(&mut tx, incident, at, Some(lift.by), "suspension-lifted", None).await?;
    let reason = format!("incident={incident} user={} by={}", lift.account, lift.by);
    let (kind, agent) = (kind::ACCOUNT_SUSPENSION_LIFT, Agent::Server);
    installation.record(&mut tx, kind, Went::Success, agent, reason, None).await?;
    tx.commit().await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "01900000-0000-7000-8000-000000000001";
    const OTHER: &str = "01900000-0000-7000-8000-000000000002";

    #[test]
    fn a_lift_of_the_server_s_suspension_by_somebody_else_is_one() {
        let reason = format!("user={ONE} suspension=3 server=7");
        let lift = Lift::read(Some(OTHER), Some(&reason)).unwrap();
        assert_eq!((lift.number, lift.account.to_string(), lift.by.to_string()), (7, ONE.into(), OTHER.into()));
        assert_eq!(Lift::read(Some(ONE), Some(&reason)), None, "nobody lifts their own");
        assert_eq!(Lift::read(Some(OTHER), Some(&format!("user={ONE} suspension=3"))), None, "the workstation's own");
        assert_eq!(Lift::read(None, Some(&reason)), None, "by nobody");
        assert_eq!(Lift::read(Some(OTHER), None), None, "without words");
    }
}
