//! Users: the administrator makes them; unique names, no default password.

use vigil_model::{Role, Sensitive};
use vigil_policy::Interaction;
use vigil_vault::NewUser;

use crate::session::user_view;
use crate::view::{UserCreateRequest, UserView};
use crate::{AppError, Workstation};

/// NIST SP 800-63B 5.1.1.2 asks for 8; a shared workstation without a second factor gets 12.
const SHORTEST_PASSWORD: usize = 12;
/// Longer is no stronger and costs hashing time.
const LONGEST_PASSWORD: usize = 256;

impl Workstation {
    /// Lists the users.
    ///
    /// # Errors
    /// A denial, or that the vault could not be read.
    pub fn user_search(&self) -> Result<Vec<UserView>, AppError> {
        self.act(Interaction::UserSearch, None, |tx, _| Ok(tx.users()?.iter().map(user_view).collect()))
    }

    /// Makes a user.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for a name or password that does not do, or a name that is taken.
    pub fn user_create(&self, request: UserCreateRequest) -> Result<UserView, AppError> {
        let user = checked(&request.username, &request.display_name, request.role)?;
        let password = Sensitive::new(request.password);
        check_password(&password, &user)?;
        self.act(Interaction::UserCreate, None, |tx, present| {
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

/// Length over composition (NIST SP 800-63B): long enough, and not the name itself.
pub(crate) fn check_password(password: &Sensitive<String>, user: &NewUser) -> Result<(), AppError> {
    // EXPOSE: its length and its likeness to the name are looked at; nothing of it is kept or shown.
    let text = password.expose();
    let length = text.chars().count();
    if length < SHORTEST_PASSWORD {
        return Err(AppError::invalid(format!(
            "a password has at least {SHORTEST_PASSWORD} characters; a sentence is good"
        )));
    }
    if length > LONGEST_PASSWORD {
        return Err(AppError::invalid(format!("a password has at most {LONGEST_PASSWORD} characters")));
    }
    let folded = text.to_lowercase();
    let first = folded.chars().next();
    if folded.contains(&user.username) || folded.chars().all(|c| Some(c) == first) {
        return Err(AppError::invalid("a password is neither the user name nor one character over and over"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_not_the_name() {
        let user = checked("A.Okafor", "Dr A. OKAFOR", Role::Physician).unwrap();
        let verdict = |text: &str| check_password(&Sensitive::new(text.to_owned()), &user).is_ok();
        assert!(verdict("correct horse battery"), "a sentence is good");
        assert!(!verdict("short"), "too short");
        assert!(!verdict("a.okafor-a.okafor"), "the user name");
        assert!(!verdict("aaaaaaaaaaaaaaa"), "one character");
    }

    #[test]
    fn a_user_name_is_compared_without_case_and_takes_no_spaces() {
        assert_eq!(checked(" A.Okafor ", "x", Role::Nurse).unwrap().username, "a.okafor", "one person, one name");
        for bad in ["", "a", "a b", "ä.b", "a/b"] {
            assert!(checked(bad, "x", Role::Nurse).is_err(), "{bad:?} is no user name");
        }
    }
}
