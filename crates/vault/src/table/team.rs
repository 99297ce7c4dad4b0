//! `team` and `team_member`: users who look after the same patients, and what stands for them in the charts.

use rusqlite::params;
use serde_json::json;
use vigil_model::fhir::reference;
use vigil_model::{TeamId, UserId};
use vigil_policy::Interaction;

use super::{affiliation, rights, user};
use crate::error::ResultExt as _;
use crate::open::new_uuid;
use crate::{TeamChange, TeamRecord, Tx, UserKeys, VaultError};

const READING: &str = "reading teams";
const WRITING: &str = "writing a team";
pub(super) const BY_SERVER: VaultError = VaultError::Invalid(
    "this team is one of the server's directory and is looked after there (vigil-server team --help)",
);

impl Tx<'_> {
    /// Every team by name.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with a permit that is about no users; or the database fails.
    pub fn teams(&self) -> Result<Vec<TeamRecord>, VaultError> {
        self.may(&[
            Interaction::TeamSearch,
            Interaction::TeamCreate,
            Interaction::TeamUpdate,
            Interaction::TeamDelete,
            Interaction::UserSearch,
            Interaction::UserUpdate,
        ])?;
        self.read_teams()
    }

    /// Makes a team.
    ///
    /// # Errors
    /// [`VaultError::OwnRights`] when one is a member oneself; [`VaultError::Invalid`] for a name that is taken, a reference
    /// to something that no team is, a member who is not there.
    pub fn team_create(&mut self, change: &TeamChange, from: &UserKeys) -> Result<TeamRecord, VaultError> {
        self.may(&[Interaction::TeamCreate])?;
        let id = TeamId::from_uuid(new_uuid(self.at)?);
        let empty = TeamRecord { id, name: String::new(), reference: None, members: Vec::new(), by_server: false };
        let about = self.team_change(&empty, change, from)?;
        self.about(format!("team={id}{about}"));
        self.team(id)
    }

    /// Changes a team: its name, what stands for it in the charts, its members.
    ///
    /// # Errors
    /// [`VaultError::OwnRights`] for a team that one is a member of, before or after; else as [`Tx::team_create`], and for a
    /// change that is none.
    pub fn team_update(&mut self, id: TeamId, change: &TeamChange, from: &UserKeys) -> Result<TeamRecord, VaultError> {
        self.may(&[Interaction::TeamUpdate])?;
        let before = self.team(id)?;
        let about = self.team_change(&before, change, from)?;
        if about.is_empty() {
            return Err(VaultError::Invalid("nothing of this team was changed"));
        }
        self.about(format!("team={id}{about}"));
        self.team(id)
    }

    /// Dissolves a team: its members are members no more.
    ///
    /// # Errors
    /// As [`Tx::team_update`].
    pub fn team_delete(&mut self, id: TeamId, from: &UserKeys) -> Result<(), VaultError> {
        self.may(&[Interaction::TeamDelete])?;
        let before = self.team(id)?;
        let nothing = TeamChange { name: before.name.clone(), reference: None, members: Vec::new() };
        let about = self.team_change(&before, &nothing, from)?;
        self.sql.execute("DELETE FROM team WHERE id = ?1", [id.to_string()]).doing(WRITING)?;
        self.about(format!("team={id}{about}"));
        Ok(())
    }

    /// Writes a team as it is to be. Whoever was or becomes a member is checked before and vouched for after. Returns what
    /// the entry says of it.
    fn team_change(&mut self, before: &TeamRecord, change: &TeamChange, from: &UserKeys) -> Result<String, VaultError> {
        if before.by_server {
            return Err(BY_SERVER);
        }
        reference_checked(change.reference.as_deref())?;
        let (add, remove) = rights::difference(&before.members, &change.members);
        let mut concerned = [before.members.as_slice(), &add].concat();
        concerned.sort_unstable();
        if concerned.contains(&from.user) {
            return Err(VaultError::OwnRights);
        }
        for member in &concerned {
            user::by_id(self.sql, *member)?.ok_or(VaultError::Invalid("there is no such user"))?;
            self.affiliation(*member)?;
        }
        let taken = self.read_teams()?.into_iter().any(|team| team.id != before.id && team.name == change.name);
        if taken {
            return Err(VaultError::Invalid("there is a team of this name"));
        }
        let id = before.id.to_string();
        self.sql
            .execute(
                "INSERT INTO team (id, name, reference) VALUES (?1, ?2, ?3)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, reference = excluded.reference",
                params![id, change.name, change.reference],
            )
            .doing(WRITING)?;
        for member in &remove {
            self.sql
                .execute("DELETE FROM team_member WHERE team = ?1 AND user = ?2", params![id, member.to_string()])
                .doing(WRITING)?;
        }
        for member in &add {
            self.sql
                .execute("INSERT INTO team_member (team, user) VALUES (?1, ?2)", params![id, member.to_string()])
                .doing(WRITING)?;
        }
        for member in &concerned {
            affiliation::vouch(self.sql, self.vault, *member)?;
            rights::changed(self.sql, *member)?;
        }
        let mut about = rights::said("members", &add, &remove);
        if change.name != before.name {
            about.push_str(" name=changed");
        }
        if change.reference != before.reference {
            about.push_str(" reference=changed");
        }
        self.detail(json!({
            "before": { "name": before.name, "reference": before.reference },
            "after": { "name": change.name, "reference": change.reference },
        }));
        Ok(about)
    }

    fn team(&self, id: TeamId) -> Result<TeamRecord, VaultError> {
        let found = self.read_teams()?.into_iter().find(|team| team.id == id);
        found.ok_or(VaultError::Invalid("there is no such team"))
    }

    pub(super) fn read_teams(&self) -> Result<Vec<TeamRecord>, VaultError> {
        let teams: Vec<(String, String, Option<String>, bool)> = self
            .sql
            .prepare_cached("SELECT id, name, reference, by_server FROM team ORDER BY name")
            .and_then(|mut statement| {
                statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?.collect()
            })
            .doing(READING)?;
        let team = |(id, name, reference, by_server): (String, String, Option<String>, bool)| {
            let members: Vec<String> = self
                .sql
                .prepare_cached("SELECT user FROM team_member WHERE team = ?1 ORDER BY user")
                .and_then(|mut statement| statement.query_map([&id], |row| row.get(0))?.collect())
                .doing(READING)?;
            let member = |id: String| UserId::parse(&id).map_err(|_| VaultError::Tampered("team_member"));
            Ok(TeamRecord {
                id: TeamId::parse(&id).map_err(|_| VaultError::Tampered("team"))?,
                name,
                reference,
                by_server,
                members: members.into_iter().map(member).collect::<Result<_, _>>()?,
            })
        };
        teams.into_iter().map(team).collect()
    }
}

fn reference_checked(text: Option<&str>) -> Result<(), VaultError> {
    if text.is_none_or(is_reference) {
        return Ok(());
    }
    Err(VaultError::Invalid(
        "a team stands for an organisation, a location or a care team, by a reference such as Organization/abc or Location?identifier=system|value",
    ))
}

/// Whether a normalised reference may stand for a team.
pub(super) fn is_reference(text: &str) -> bool {
    rights::is_normalised(text) && ["Organization", "Location", "CareTeam"].contains(&reference::kind(text))
}
