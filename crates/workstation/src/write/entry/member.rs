//! Whom a care team can have as a member: a user of this workstation whom the charts know, or somebody outside by name.
//!
//! A member who is a user opens the chart from then on (`relationship.rs`), so nobody makes themselves one: somebody else does (ADR 30).

use vigil_model::{Role, Section, UserId};
use vigil_policy::{Denial, DenialReason, Interaction, authorize};
use vigil_vault::{Tx, VaultError};

use super::super::Place;
use crate::act::Present;
use crate::view::ColleagueView;
use crate::{AppError, ErrorCode, Workstation};

/// A user who becomes a member.
pub(in super::super) struct Member {
    pub(super) reference: String,
    pub(super) name: String,
    pub(super) role: &'static str,
}

/// The users who can be made members: those who treat, whom the charts know as a Practitioner, and who are not whoever asks.
pub(crate) fn colleagues_of(tx: &Tx<'_>, present: &Present) -> Result<Vec<ColleagueView>, AppError> {
    let own = own_practitioner(tx, present.user)?;
    let mut colleagues: Vec<ColleagueView> = Vec::new();
    for user in tx.users()? {
        // Whose entry does not verify is nobody's colleague; the vault left an alert.
        let Ok(Some(references)) = tx.actor_references(user.id) else { continue };
        let treats = matches!(user.role, Role::Physician | Role::Nurse | Role::Pharmacist);
        if treats && !user.disabled && user.id != present.user && references.first() != own.as_ref() {
            let role = user.role.code().replace('-', " ");
            colleagues.push(ColleagueView { id: user.id.to_string(), name: user.display_name, role });
        }
    }
    colleagues.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
    Ok(colleagues)
}

/// The user with this id as a member.
///
/// # Errors
/// [`ErrorCode::Invalid`] for somebody who is none of [`colleagues_of`].
pub(in super::super) fn member_of(tx: &Tx<'_>, present: &Present, id: UserId) -> Result<Member, AppError> {
    let wanted = id.to_string();
    let known = colleagues_of(tx, present)?.into_iter().find(|colleague| colleague.id == wanted);
    let user = tx.users()?.into_iter().find(|user| user.id == id);
    let reference = tx.actor_references(id)?.and_then(|references| references.into_iter().next());
    match (known, user, reference) {
        (Some(known), Some(user), Some(reference)) => {
            Ok(Member { reference, name: known.name, role: user.role.code() })
        }
        _ => Err(AppError::invalid(
            "this user cannot be made a member: the account is closed, or it is linked to nobody whom the charts know; choose somebody of the list",
        )),
    }
}

fn own_practitioner(tx: &Tx<'_>, user: UserId) -> Result<Option<String>, VaultError> {
    Ok(tx.actor_references(user)?.and_then(|references| references.into_iter().next()))
}

impl Workstation {
    /// Separation of duties: nobody makes themselves a member. Refused, and on record.
    ///
    /// # Errors
    /// The denial; or that nobody is signed in.
    pub(in super::super) fn not_oneself(&self, place: &Place, member: UserId) -> Result<(), AppError> {
        let interaction = Interaction::ResourceCreate(Section::CareTeam);
        let present = self.present_for(interaction, Some(&place.patient))?;
        if present.user != member {
            return Ok(());
        }
        let mut request = self.request(&present, interaction, Some(&place.patient));
        request.facts.on_screen = place.chart == place.patient && present.unlocked.screen.is(&place.patient);
        let denial = match authorize(request.clone()) {
            // Whoever may not do it at all is told that.
            Err(denial) => denial,
            Ok(_unused) => Denial { request, reason: DenialReason::OwnRights },
        };
        self.vault()?.record_denial(&denial, self.clock.now())?;
        Err(denial.into())
    }

    /// Refuses a version of a CareTeam by which whoever stores it would become a member: an earlier one comes back, or a mistake is none.
    ///
    /// # Errors
    /// [`ErrorCode::Forbidden`].
    pub(in super::super) fn gains_nothing(
        &self,
        tx: &Tx<'_>,
        present: &Present,
        before: &serde_json::Value,
        after: &serde_json::Value,
    ) -> Result<(), AppError> {
        let Some(own) = tx.actor_references(present.user)? else { return Ok(()) };
        let now = self.clock.now().utc;
        let stands = |team| crate::relationship::makes_a_member(team, &own, now, &self.policy.relationship);
        if stands(after) && !stands(before) {
            let why =
                "nobody makes themselves a member of a care team; somebody else who treats this patient has to do it";
            return Err(AppError::new(ErrorCode::Forbidden, why));
        }
        Ok(())
    }
}

/// The id of a user.
pub(in super::super) fn user_id(text: &str) -> Result<UserId, AppError> {
    UserId::parse(text).map_err(|error| AppError::invalid(error.to_string()))
}
