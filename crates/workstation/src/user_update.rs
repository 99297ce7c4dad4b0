//! Changing what another user is: name, role, practitioner, teams. Nobody changes their own.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use vigil_model::fhir::{reference, worklist};
use vigil_model::{TeamId, UserId};
use vigil_policy::{Denial, DenialReason, Interaction, authorize};
use vigil_vault::UserChange;

use crate::account::user_id;
use crate::session::user_view;
use crate::user::checked_display_name;
use crate::view::{UserUpdateRequest, UserView};
use crate::{AppError, Purpose, Workstation};

impl Workstation {
    /// Changes another user. With another role the keys are those of that role from now on, what the former one alone held is
    /// replaced, and the user's session ends at its next request.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Forbidden`] for oneself; [`crate::ErrorCode::Invalid`] for what is no reference, no team, and no
    /// change; [`crate::ErrorCode::ReauthenticationNeeded`]; or a denial.
    pub fn user_update(&self, request: UserUpdateRequest) -> Result<UserView, AppError> {
        let id = user_id(&request.id)?;
        self.not_of_the_directory(id)?;
        let change = UserChange {
            display_name: checked_display_name(&request.display_name)?,
            role: request.role,
            practitioner: normalised(&request.practitioner)?,
            teams: request.team_ids.iter().map(|id| team_id(id)).collect::<Result<_, _>>()?,
        };
        self.not_ones_own(Interaction::UserUpdate, &[id])?;
        let user =
            self.act_reauthenticated(Purpose::Administration, Interaction::UserUpdate, None, |tx, present| {
                Ok(tx.user_update(id, &change, &present.unlocked.keys)?)
            })?;
        // The demographics that lie under a former directory key are sealed anew from now on.
        self.keys_work_is_there();
        Ok(user_view(&user))
    }

    /// Separation of duties: what is asked would change the rights of whoever asks. Refused, and on record.
    ///
    /// # Errors
    /// The denial; or that nobody is signed in.
    pub(crate) fn not_ones_own(&self, interaction: Interaction, users: &[UserId]) -> Result<(), AppError> {
        let present = self.present_for(interaction, None)?;
        if !users.contains(&present.user) {
            return Ok(());
        }
        let request = self.request(&present, interaction, None);
        let denial = match authorize(request.clone()) {
            // Whoever may not do it at all is told that.
            Err(denial) => denial,
            Ok(_unused) => Denial { request, reason: DenialReason::OwnRights },
        };
        self.vault()?.record_denial(&denial, self.clock.now())?;
        Err(denial.into())
    }
}

/// A reference to staff or a place as charts have it; empty: none.
pub(crate) fn normalised(text: &str) -> Result<Option<String>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let normalised = reference::normalised(text).filter(|reference| worklist::is_actor(reference)).ok_or_else(|| {
        AppError::invalid(
            "a reference is written like Practitioner/abc, Organization/abc or Practitioner?identifier=system|value",
        )
    })?;
    Ok(Some(normalised))
}

pub(crate) fn team_id(text: &str) -> Result<TeamId, AppError> {
    TeamId::parse(text).map_err(|_| AppError::invalid("this is no team's id"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_taken_in_every_form_that_charts_have() {
        let of = |text: &str| normalised(text).unwrap();
        assert_eq!(of("  "), None, "none");
        assert_eq!(of(" https://x.example/fhir/Practitioner/p1/_history/2 ").unwrap(), "Practitioner/p1");
        assert_eq!(of("Practitioner?identifier=urn:npi|9").unwrap(), "Practitioner?identifier=urn:npi|9");
        assert!(normalised("Dr Lee").is_err(), "a name is no reference");
        assert!(normalised("Patient/p1").is_err(), "a patient is nobody's practitioner");
    }
}
