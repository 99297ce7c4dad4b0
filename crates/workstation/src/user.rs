//! Users: the administrator makes them; unique names, no default password.

use vigil_model::{Role, Sensitive};
use vigil_policy::Interaction;
use vigil_vault::{NewUser, UserRecord};

use crate::password_rules::{self, Context};
use crate::session::user_view;
use crate::view::{UserCreateRequest, UserView};
use crate::{AppError, Purpose, Workstation};

impl Workstation {
    /// Lists the users.
    ///
    /// # Errors
    /// A denial, or that the vault could not be read.
    pub fn user_search(&self) -> Result<Vec<UserView>, AppError> {
        self.act(Interaction::UserSearch, None, |tx, _| {
            let factors = tx.users_factors()?;
            let kinds = |user: &UserRecord| {
                factors.get(&user.id).into_iter().flatten().map(|factor| factor.kind.into()).collect()
            };
            Ok(tx.users()?.iter().map(|user| UserView { factors: kinds(user), ..user_view(user) }).collect())
        })
    }

    /// Makes a user.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for a name or password that does not do, or a name that is taken.
    pub fn user_create(&self, request: UserCreateRequest) -> Result<UserView, AppError> {
        let user = checked(&request.username, &request.display_name, request.role)?;
        let password = Sensitive::new(request.password);
        let organization = self.vault()?.settings()?.organization;
        password_rules::check(&password, &Context { organization: &organization, user: &user })?;
        self.act_reauthenticated(Purpose::Administration, Interaction::UserCreate, None, |tx, present| {
            Ok(user_view(&tx.user_insert(&user, &password, Some(&present.unlocked.keys))?))
        })
    }
}

/// A user's names, checked.
pub(crate) fn checked(username: &str, display_name: &str, role: Role) -> Result<NewUser, AppError> {
    let username = username.trim();
    let fits = (2..=64).contains(&username.len())
        && username.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    if !fits {
        return Err(AppError::invalid("a user name has 2 to 64 letters, digits, dots, hyphens or underscores"));
    }
    let display_name = display_name.trim();
    if display_name.is_empty() || display_name.chars().count() > 120 || display_name.chars().any(char::is_control) {
        return Err(AppError::invalid("a person's name has 1 to 120 characters"));
    }
    Ok(NewUser { username: username.to_lowercase(), display_name: display_name.to_owned(), role })
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
