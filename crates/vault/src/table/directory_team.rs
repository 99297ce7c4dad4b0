//! The teams of the server's directory in `team` and `team_member`.

use rusqlite::params;
use vigil_model::fhir::reference;
use vigil_model::wire::DirectoryTeam;
use vigil_model::{TeamId, UserId};

use super::{affiliation, rights, team, user};
use crate::error::ResultExt as _;
use crate::{TeamRecord, Tx, VaultError};

const WRITING: &str = "taking over a team of the fleet";

impl Tx<'_> {
    /// Makes the directory's teams those of this workstation, and dissolves those that it has no longer. Members who are not users here
    /// join when they come. A team that was made here keeps its members, and gives its name up where the directory has a team of that
    /// name. Returns the teams that changed.
    pub(super) fn follow_teams(&mut self, directory: &[DirectoryTeam]) -> Result<Vec<TeamId>, VaultError> {
        let held = self.read_teams()?;
        let mut wanted = Vec::with_capacity(directory.len());
        for said in directory {
            wanted.push(self.wanted(said)?);
        }
        let gone = held.iter().filter(|team| team.by_server && !wanted.iter().any(|said| said.id == team.id));
        let renamed = held.iter().filter(|team| !team.by_server && wanted.iter().any(|said| said.name == team.name));
        let changed: Vec<&TeamRecord> = wanted.iter().filter(|said| !held.contains(said)).collect();
        let former: Vec<&TeamRecord> =
            held.iter().filter(|team| changed.iter().any(|said| said.id == team.id)).collect();
        let (gone, renamed): (Vec<_>, Vec<_>) = (gone.collect(), renamed.collect());

        let touched = gone.iter().chain(&renamed).chain(&changed).chain(&former);
        let mut concerned: Vec<UserId> = touched.flat_map(|team| team.members.iter().copied()).collect();
        concerned.sort_unstable();
        concerned.dedup();
        // Looked at while they are still as they were vouched for.
        let mut sound = Vec::with_capacity(concerned.len());
        for member in concerned {
            match self.affiliation(member) {
                Ok(_) => sound.push(member),
                // It left an alert, and nothing decides by what is not vouched for; the rest of the directory must not wait for it.
                Err(VaultError::Tampered(_)) => {}
                Err(error) => return Err(error),
            }
        }
        for team in &gone {
            self.write_members(team.id, &[])?;
            self.sql.execute("DELETE FROM team WHERE id = ?1", [team.id.to_string()]).doing(WRITING)?;
        }
        for team in &renamed {
            let taken = |name: &String| held.iter().chain(&wanted).any(|other| other.name == *name);
            let names = std::iter::once(format!("{} (this workstation)", team.name))
                .chain((2..).map(|number| format!("{} (this workstation, {number})", team.name)));
            let name = names.into_iter().find(|name| !taken(name)).unwrap_or_else(|| team.id.to_string());
            self.write_name(team.id, &name)?;
        }
        // Teams may swap their names: none is in the way of another meanwhile.
        for team in &former {
            self.write_name(team.id, &team.id.to_string())?;
        }
        for team in &changed {
            self.sql
                .execute(
                    "INSERT INTO team (id, name, reference, by_server) VALUES (?1, ?2, ?3, 1)
                     ON CONFLICT (id) DO UPDATE SET name = excluded.name, reference = excluded.reference, by_server = 1",
                    params![team.id.to_string(), team.name, team.reference],
                )
                .doing(WRITING)?;
            self.write_members(team.id, &team.members)?;
        }
        for member in &sound {
            affiliation::vouch(self.sql, self.vault, *member)?;
            rights::changed(self.sql, *member)?;
        }
        let mut ids: Vec<TeamId> = gone.iter().chain(&renamed).chain(&changed).map(|team| team.id).collect();
        ids.sort_unstable();
        Ok(ids)
    }

    /// A team of the directory as it is to be here: with the members who are users of this workstation.
    fn wanted(&self, said: &DirectoryTeam) -> Result<TeamRecord, VaultError> {
        let mut members = Vec::with_capacity(said.members.len());
        for member in &said.members {
            if user::by_id(self.sql, *member)?.is_some() {
                members.push(*member);
            }
        }
        members.sort_unstable_by_key(ToString::to_string);
        members.dedup();
        // What is none stands for nothing in the charts; the server takes none in.
        let reference = said.reference.as_deref().and_then(reference::normalised).filter(|it| team::is_reference(it));
        Ok(TeamRecord { id: said.id, name: said.name.clone(), reference, members, by_server: true })
    }

    fn write_name(&self, team: TeamId, name: &str) -> Result<(), VaultError> {
        self.sql
            .execute("UPDATE team SET name = ?2 WHERE id = ?1", params![team.to_string(), name])
            .map(drop)
            .doing(WRITING)
    }

    fn write_members(&self, team: TeamId, members: &[UserId]) -> Result<(), VaultError> {
        let team = team.to_string();
        self.sql.execute("DELETE FROM team_member WHERE team = ?1", [&team]).doing(WRITING)?;
        for member in members {
            self.sql
                .execute("INSERT INTO team_member (team, user) VALUES (?1, ?2)", params![team, member.to_string()])
                .doing(WRITING)?;
        }
        Ok(())
    }
}
