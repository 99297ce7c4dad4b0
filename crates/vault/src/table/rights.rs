//! Changing what another user is: name, role, practitioner, teams; with what a change of the role means for the keys.

use rusqlite::{Connection, params};
use serde_json::json;
use vigil_model::fhir::reference;
use vigil_model::{Role, UserId};
use vigil_policy::Interaction;

use super::affiliation::{self, Affiliation};
use super::group::{self, GroupKey};
use super::{grant, team, user};
use crate::error::ResultExt as _;
use crate::{Tx, UserChange, UserKeys, UserRecord, VaultError, log};

impl Tx<'_> {
    /// Changes another user. With another role the user's session ends at its next request; every group key that the new
    /// role does not hold is taken back and replaced, as when an account is closed, and those of the new role are granted. All of
    /// it or nothing. The entry says what was before and after: codes and ids in the clear, names and references sealed.
    ///
    /// Demographics that lie under a former directory key are sealed anew afterwards, as after [`Tx::user_disable`].
    ///
    /// # Errors
    /// [`VaultError::OwnRights`] for oneself; [`VaultError::Invalid`] for a user or team who is not there, a reference to
    /// something else than a practitioner, a change that is none, and the last administrator; [`VaultError::KeysMissing`]
    /// when `from` holds no authority; [`VaultError::Tampered`] when the user was changed outside Vigil.
    pub fn user_update(
        &mut self,
        user: UserId,
        change: &UserChange,
        from: &UserKeys,
    ) -> Result<UserRecord, VaultError> {
        self.may(&[Interaction::UserUpdate])?;
        if user == from.user {
            return Err(VaultError::OwnRights);
        }
        let before = user::by_id(self.sql, user)?.ok_or(VaultError::Invalid("there is no such user"))?;
        if before.emergency_account {
            return Err(VaultError::Invalid("the emergency account is what it is; seal it anew, or close it"));
        }
        practitioner_checked(change.practitioner.as_deref())?;
        // Looked at while both are still as they were vouched for.
        user::receiver(self.sql, self.vault, user).inspect_err(|error| self.integrity_failure(error))?;
        let known = self.affiliation(user)?;

        let mut about = format!("user={user}");
        if change.role != before.role {
            about.push_str(&format!(" role={}>{}", before.role.code(), change.role.code()));
            about.push_str(&self.role_changed(&before, change.role, from)?);
        }
        if change.display_name != before.display_name {
            about.push_str(" name=changed");
            self.sql
                .execute(
                    "UPDATE user SET display_name = ?2 WHERE id = ?1",
                    params![user.to_string(), change.display_name],
                )
                .doing("changing a user's name")?;
        }
        about.push_str(&self.affiliation_changed(user, &known, change)?);
        if about == format!("user={user}") {
            return Err(VaultError::Invalid("nothing of this user was changed"));
        }
        changed(self.sql, user)?;
        let after = user::by_id(self.sql, user)?.ok_or(VaultError::Invalid("there is no such user"))?;
        let now = self.affiliation(user)?;
        self.detail(json!({ "before": sealed_of(&before, &known), "after": sealed_of(&after, &now) }));
        self.about(about);
        Ok(after)
    }

    /// Gives a user another role, with its keys. Returns what the entry says of the keys.
    fn role_changed(&mut self, user: &UserRecord, role: Role, from: &UserKeys) -> Result<String, VaultError> {
        if user.role == Role::Administrator && !user.disabled && !another_administrator(self.sql, user.id)? {
            return Err(VaultError::Invalid("this is the last administrator; make another one first"));
        }
        let held = self.granted_to(user.id)?;
        let lost: Vec<GroupKey> = held.into_iter().filter(|key| !grant::keys_of(role).contains(key)).collect();
        self.sql
            .execute("UPDATE user SET role = ?2 WHERE id = ?1", params![user.id.to_string(), role.code()])
            .doing("changing a user's role")?;
        user::vouch(self.sql, self.vault, user.id)?;
        let receiver = user::receiver(self.sql, self.vault, user.id)?;
        let mut about = String::new();
        for key in lost {
            grant::revoke(self.sql, receiver.owner, key)?;
            let version = self.replace_group_key(key, from)?;
            about.push_str(&format!(" rotated={}/{version}", key.id()));
        }
        // A closed account holds nothing; it gets the keys of its role when it is opened.
        if !user.disabled {
            self.used_group_key(GroupKey::Authority)?;
            grant::grant_by_role(self.sql, &receiver, from)?;
        }
        // Also where no key was replaced: the session has to notice.
        group::changed(self.sql)?;
        Ok(about)
    }

    /// Links a user to a practitioner and to teams. Returns what the entry says of it.
    fn affiliation_changed(
        &self,
        user: UserId,
        known: &Affiliation,
        change: &UserChange,
    ) -> Result<String, VaultError> {
        let doing = "changing who a user is in the charts";
        let mut about = String::new();
        if change.practitioner != known.practitioner {
            about.push_str(match (&known.practitioner, &change.practitioner) {
                (None, _) => " practitioner=linked",
                (Some(_), None) => " practitioner=unlinked",
                (Some(_), Some(_)) => " practitioner=changed",
            });
            self.sql
                .execute(
                    "UPDATE user SET practitioner = ?2 WHERE id = ?1",
                    params![user.to_string(), change.practitioner],
                )
                .doing(doing)?;
        }
        let (add, remove) = difference(&known.teams.iter().map(|team| team.id).collect::<Vec<_>>(), &change.teams);
        let by_server = self.read_teams()?.into_iter().filter(|team| team.by_server).map(|team| team.id);
        if by_server.into_iter().any(|team| add.contains(&team) || remove.contains(&team)) {
            return Err(team::BY_SERVER);
        }
        for team in &remove {
            self.sql
                .execute(
                    "DELETE FROM team_member WHERE team = ?1 AND user = ?2",
                    params![team.to_string(), user.to_string()],
                )
                .doing(doing)?;
        }
        for team in &add {
            let put = self
                .sql
                .execute(
                    "INSERT INTO team_member SELECT id, ?2 FROM team WHERE id = ?1",
                    params![team.to_string(), user.to_string()],
                )
                .doing(doing)?;
            if put == 0 {
                return Err(VaultError::Invalid("there is no such team"));
            }
        }
        about.push_str(&said("teams", &add, &remove));
        affiliation::vouch(self.sql, self.vault, user)?;
        Ok(about)
    }
}

/// Notes that the entry of this transaction changes what a user may do.
pub(super) fn changed(sql: &Connection, user: UserId) -> Result<(), VaultError> {
    sql.execute("UPDATE user SET rights_entry = ?2 WHERE id = ?1", params![user.to_string(), log::next_seq(sql)?])
        .doing("noting a change of a user's rights")?;
    Ok(())
}

/// What is added to `before` and taken from it to come to `after`, each once.
pub(super) fn difference<T: Copy + Ord>(before: &[T], after: &[T]) -> (Vec<T>, Vec<T>) {
    let missing = |of: &[T], there: &[T]| {
        let mut missing: Vec<T> = of.iter().copied().filter(|one| !there.contains(one)).collect();
        missing.sort_unstable();
        missing.dedup();
        missing
    };
    (missing(after, before), missing(before, after))
}

/// ` teams=+<id>,-<id>`, or nothing.
pub(super) fn said<T: std::fmt::Display>(what: &str, add: &[T], remove: &[T]) -> String {
    let signed = |sign: char, ids: &[T]| ids.iter().map(|id| format!("{sign}{id}")).collect::<Vec<_>>();
    let all = [signed('+', add), signed('-', remove)].concat();
    if all.is_empty() { String::new() } else { format!(" {what}={}", all.join(",")) }
}

fn another_administrator(sql: &Connection, than: UserId) -> Result<bool, VaultError> {
    sql.query_row(
        "SELECT EXISTS (SELECT 1 FROM user WHERE role = ?1 AND disabled = 0 AND id <> ?2)",
        params![Role::Administrator.code(), than.to_string()],
        |row| row.get(0),
    )
    .doing("looking for another administrator")
}

/// What the entry says under the directory key.
fn sealed_of(user: &UserRecord, affiliation: &Affiliation) -> serde_json::Value {
    let teams: Vec<&str> = affiliation.teams.iter().map(|team| team.name.as_str()).collect();
    json!({
        "name": user.display_name,
        "role": user.role.code(),
        "practitioner": affiliation.practitioner,
        "teams": teams,
    })
}

fn practitioner_checked(practitioner: Option<&str>) -> Result<(), VaultError> {
    let Some(practitioner) = practitioner else { return Ok(()) };
    if is_normalised(practitioner) && ["Practitioner", "PractitionerRole"].contains(&reference::kind(practitioner)) {
        return Ok(());
    }
    Err(VaultError::Invalid(
        "a user is linked to a practitioner by a reference such as Practitioner/abc or Practitioner?identifier=system|value",
    ))
}

/// As it is compared with those of charts.
pub(super) fn is_normalised(text: &str) -> bool {
    let fits = text.len() <= 512 && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    fits && reference::normalised(text).as_deref() == Some(text)
}
