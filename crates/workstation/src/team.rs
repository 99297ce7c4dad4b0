//! Teams: users who look after the same patients, and what stands for them in the charts.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use vigil_policy::Interaction;
use vigil_vault::{TeamChange, TeamRecord};

use crate::account::user_id;
use crate::user_update::{normalised, team_id};
use crate::view::{TeamDeleteRequest, TeamPutRequest, TeamView};
use crate::{AppError, Purpose, Workstation};

impl Workstation {
    /// Lists the teams.
    ///
    /// # Errors
    /// A denial, or that the vault could not be read.
    pub fn team_search(&self) -> Result<Vec<TeamView>, AppError> {
        self.act(Interaction::TeamSearch, None, |tx, _| Ok(tx.teams()?.iter().map(view).collect()))
    }

    /// Makes a team, or changes the one that the request names.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Forbidden`] for a team of one's own; [`crate::ErrorCode::Invalid`] for a name that is taken, a
    /// reference that no team has, a team or a member of the server's directory, and no change; [`crate::ErrorCode::ReauthenticationNeeded`]; or a denial.
    pub fn team_put(&self, request: TeamPutRequest) -> Result<TeamView, AppError> {
        let name = request.name.trim();
        if name.is_empty() || name.chars().count() > 120 || name.chars().any(char::is_control) {
            return Err(AppError::invalid("a team's name has 1 to 120 characters"));
        }
        let change = TeamChange {
            name: name.to_owned(),
            reference: normalised(&request.reference)?,
            members: request.member_ids.iter().map(|id| user_id(id)).collect::<Result<_, _>>()?,
        };
        for member in &change.members {
            self.not_of_the_directory(*member)?;
        }
        let id = request.id.as_deref().map(team_id).transpose()?;
        let interaction = if id.is_some() { Interaction::TeamUpdate } else { Interaction::TeamCreate };
        self.not_ones_own(interaction, &change.members)?;
        self.act_reauthenticated(Purpose::Administration, interaction, None, |tx, present| {
            let keys = &present.unlocked.keys;
            Ok(view(&match id {
                Some(id) => tx.team_update(id, &change, keys)?,
                None => tx.team_create(&change, keys)?,
            }))
        })
    }

    /// Dissolves a team.
    ///
    /// # Errors
    /// As [`Self::team_put`].
    pub fn team_delete(&self, request: TeamDeleteRequest) -> Result<(), AppError> {
        let id = team_id(&request.id)?;
        self.act_reauthenticated(Purpose::Administration, Interaction::TeamDelete, None, |tx, present| {
            Ok(tx.team_delete(id, &present.unlocked.keys)?)
        })
    }
}

fn view(team: &TeamRecord) -> TeamView {
    TeamView {
        id: team.id.to_string(),
        name: team.name.clone(),
        reference: team.reference.clone(),
        by_server: team.by_server,
        member_ids: team.members.iter().map(ToString::to_string).collect(),
    }
}
