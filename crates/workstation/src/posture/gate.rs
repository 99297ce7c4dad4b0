//! What a posture that the policy refuses leaves open: administrators, who mend it, and treatment that cannot wait.
//!
//! Whoever is signed in already may unlock: a refusal never takes a chart out of somebody's hands.

use vigil_model::{OverrideReason, SessionId};
use vigil_policy::{Interaction, Posture, Principal, is_allowed, may_break_the_glass};
use vigil_vault::UserRecord;

use super::{Check, CheckId, CheckState};
use crate::managed_policy::{PosturePolicy, PostureRule};
use crate::session::session_request;
use crate::view::PostureRefusalView;
use crate::{AppError, ErrorCode, Workstation, lock_of};

/// How somebody comes in.
#[derive(Clone)]
pub(crate) enum Entrance {
    /// Through the open door.
    Ordinary,
    /// Past a refusal: which checks refused, and why somebody could not wait.
    Despite {
        /// `diskEncryption swap`.
        refused: String,
        /// Why.
        reason: OverrideReason,
    },
}

/// Whether this check closes the sign-in. A policy that asks for a property gets it or nothing: what is weaker than it could
/// be, or not known, is not what was asked for.
pub(super) fn refuses(check: &Check, rule: PostureRule) -> bool {
    rule == PostureRule::Refuse && check.state != CheckState::Ok
}

/// The checks that close the sign-in.
pub(super) fn refused<'a>(checks: &'a [Check], policy: &PosturePolicy) -> Vec<&'a Check> {
    checks.iter().filter(|check| refuses(check, policy.rule(check.id))).collect()
}

/// Whether the access policy lets this user in although the posture is refused, for an emergency's sake or as they are.
fn comes_in_despite(user: &UserRecord, reason: Option<OverrideReason>) -> bool {
    let session = SessionId::from_uuid(uuid::Uuid::nil());
    let principal = Principal::User { id: user.id, role: user.role, session };
    let mut request = session_request(Interaction::SessionCreate, principal);
    request.purpose = reason.map_or(request.purpose, OverrideReason::purpose);
    request.facts.posture = Some(Posture::Refused);
    is_allowed(&request)
}

impl Workstation {
    /// What the policies are told of the posture; `None` where the organisation refuses nothing over it.
    pub(crate) fn posture_met(&self) -> Option<Posture> {
        if !self.policy.posture.refuses_anything() {
            return None;
        }
        let posture = self.posture.lock().ok()?;
        let met = refused(&posture.checks, &self.policy.posture).is_empty();
        Some(if met { Posture::Met } else { Posture::Refused })
    }

    /// What closes the sign-in, for the page of the sign-in.
    pub(crate) fn posture_refusals(&self) -> Result<Vec<PostureRefusalView>, AppError> {
        let posture = lock_of(&self.posture)?;
        let refused = refused(&posture.checks, &self.policy.posture);
        Ok(refused
            .into_iter()
            .map(|check| PostureRefusalView {
                name: check.id.name().to_owned(),
                found: check.found.clone(),
                advice: check.advice.clone().unwrap_or_default(),
            })
            .collect())
    }

    /// Whether this user, whose password was right, may come in.
    ///
    /// # Errors
    /// [`ErrorCode::PostureRefused`]: an administrator has to mend it, or somebody who treats has to say why it cannot wait.
    pub(crate) fn entrance(&self, user: &UserRecord, reason: Option<OverrideReason>) -> Result<Entrance, AppError> {
        if !self.policy.posture.refuses_anything() {
            return Ok(Entrance::Ordinary);
        }
        // Somebody may have mended it, or broken it, since the last look.
        self.posture_refresh(&self.platform.facts(&self.data))?;
        let (keys, names) = {
            let posture = lock_of(&self.posture)?;
            let refused = refused(&posture.checks, &self.policy.posture);
            let joined = |word: fn(CheckId) -> &'static str, by: &str| {
                refused.iter().map(|check| word(check.id)).collect::<Vec<_>>().join(by)
            };
            (joined(CheckId::key, " "), joined(CheckId::name, ", "))
        };
        if keys.is_empty() || comes_in_despite(user, None) {
            return Ok(Entrance::Ordinary);
        }
        if let Some(reason) = reason.filter(|reason| comes_in_despite(user, Some(*reason))) {
            return Ok(Entrance::Despite { refused: keys, reason });
        }
        let treats = may_break_the_glass(user.role);
        self.record_posture_refusal(user, &keys)?;
        let way_on = if treats {
            "tell an administrator; where treatment cannot wait, choose the reason below and sign in again"
        } else {
            "tell an administrator"
        };
        Err(AppError::new(
            ErrorCode::PostureRefused,
            format!(
                "this workstation is not as your organisation requires ({names}), so only administrators sign in; {way_on}"
            ),
        ))
    }

    /// The refusal, in the name of the user whose password was right.
    fn record_posture_refusal(&self, user: &UserRecord, refused: &str) -> Result<(), AppError> {
        let now = self.clock.now();
        let session = vigil_model::SessionId::from_uuid(crate::new_uuid(now));
        let principal = Principal::User { id: user.id, role: user.role, session };
        let permit = self.permitted(session_request(Interaction::SessionRefuse, principal))?;
        Ok(self.vault()?.transaction(permit, None, now, |tx| tx.posture_noted(&format!("refused: {refused}")))?)
    }
}
