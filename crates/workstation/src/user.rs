//! Users: the administrator makes them; unique names, no default password.

use chrono::{DateTime, Utc};
use vigil_model::{Role, Sensitive};
use vigil_policy::Interaction;
use vigil_vault::{NewUser, UserRecord};

use crate::password_rules::{self, Context};
use crate::session::user_view;
use crate::view::{UserCreateRequest, UserView};
use crate::{AppError, Purpose, Workstation, clock};

/// After how many days an account that nobody uses is marked. A rule of this house: what to do about it is the
/// organisation's.
const UNUSED_DAYS: u32 = 90;

impl Workstation {
    /// Lists the users.
    ///
    /// # Errors
    /// A denial, or that the vault could not be read.
    pub fn user_search(&self) -> Result<Vec<UserView>, AppError> {
        let now = self.clock.now().utc;
        self.act(Interaction::UserSearch, None, |tx, _| {
            let factors = tx.users_factors()?;
            let kinds = |user: &UserRecord| {
                factors.get(&user.id).into_iter().flatten().map(|factor| factor.kind.into()).collect()
            };
            let (last_use, teams) = (tx.users_last_use()?, tx.teams()?);
            let team_ids = |user: &UserRecord| {
                teams.iter().filter(|team| team.members.contains(&user.id)).map(|team| team.id.to_string()).collect()
            };
            let view = |user: &UserRecord| {
                let used = last_use.get(&user.id).copied();
                UserView {
                    factors: kinds(user),
                    team_ids: team_ids(user),
                    last_use: used.as_ref().map(clock::text),
                    unused_days: unused_days(user, used, now),
                    ..user_view(user)
                }
            };
            Ok(tx.users()?.iter().map(view).collect())
        })
    }

    /// Makes a user.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for a name or password that does not do, or a name that is taken.
    pub fn user_create(&self, request: UserCreateRequest) -> Result<UserView, AppError> {
        let user = checked(&request.username, &request.display_name, request.role)?;
        let password = Sensitive::new(request.password);
        if self.vault()?.fleet()?.is_some() {
            return Err(AppError::invalid(
                "users of a fleet are made at its server (vigil-server user add), and sign in at every workstation",
            ));
        }
        let organization = self.vault()?.settings()?.organization;
        password_rules::check(&password, &Context { organization: &organization, user: &user })?;
        self.act_reauthenticated(Purpose::Administration, Interaction::UserCreate, None, |tx, present| {
            Ok(user_view(&tx.user_insert(&user, &password, Some(&present.unlocked.keys))?))
        })
    }
}

/// For how many days nobody used an open account, where that is too long: somebody may have left, and an account that nobody
/// uses is one that nobody misses when somebody else does.
pub(crate) fn unused_days(user: &UserRecord, used: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<u32> {
    let days = (now - used.unwrap_or(user.created_at).max(user.created_at)).num_days();
    u32::try_from(days).ok().filter(|days| !user.disabled && *days >= UNUSED_DAYS)
}

/// A user's names, checked.
pub(crate) fn checked(username: &str, display_name: &str, role: Role) -> Result<NewUser, AppError> {
    let username = username.trim();
    let fits = (2..=64).contains(&username.len())
        && username.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    if !fits {
        return Err(AppError::invalid("a user name has 2 to 64 letters, digits, dots, hyphens or underscores"));
    }
    Ok(NewUser { username: username.to_lowercase(), display_name: checked_display_name(display_name)?, role })
}

/// A person's name, checked.
pub(crate) fn checked_display_name(display_name: &str) -> Result<String, AppError> {
    let display_name = display_name.trim();
    if display_name.is_empty() || display_name.chars().count() > 120 || display_name.chars().any(char::is_control) {
        return Err(AppError::invalid("a person's name has 1 to 120 characters"));
    }
    Ok(display_name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_name_is_compared_without_case_and_takes_no_spaces() {
        assert_eq!(checked(" A.Okafor ", "x", Role::Nurse).unwrap().username, "a.okafor", "one person, one name");
        for bad in ["", "a", "a b", "ä.b", "a/b"] {
            assert!(checked(bad, "x", Role::Nurse).is_err(), "{bad:?} is no user name");
        }
    }
}
