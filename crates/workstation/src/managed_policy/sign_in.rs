//! How people show who they are.

use std::path::PathBuf;

use serde::Deserialize;
use vigil_model::Role;
use vigil_policy::may_break_the_glass;

use crate::Purpose;
use crate::view::Environment;

/// The longest that a session lasts without both factors again, in hours (NIST SP 800-63B, AAL3, and FedRAMP IA-11).
const LONGEST_SESSION_HOURS: u32 = 12;

/// The keys of the managed policy about sign-in. Where a key is absent a live installation asks for the second factor, and a
/// demonstration or training does not: nothing in it is worth a telephone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SignInPolicy {
    /// Whether signing in needs a second factor [default: true where patients are real].
    pub second_factor_for_sign_in: Option<bool>,
    /// Whether breaking the glass does [default: true where patients are real].
    pub second_factor_for_break_glass: Option<bool>,
    /// Whether signing a record does [default: true where patients are real].
    pub second_factor_for_signing: Option<bool>,
    /// Whether an administrator's acts do: users, passwords, second factors, recovery key, backup, key rotation,
    /// destruction and the desk over the fleet [default: true where patients are real].
    pub second_factor_for_administration: Option<bool>,
    /// Whether unlocking after an idle lock does, within the session's hours [default: false; ADR 11].
    pub second_factor_for_unlock: Option<bool>,
    /// Hours after which a session needs everything again that a sign-in needs, 1 to 12 [default: 12].
    pub session_hours: Option<u32>,
    /// The whole path of the PKCS#11 library of the staff's smart cards; absent: no cards.
    pub smart_card_module: Option<PathBuf>,
}

impl SignInPolicy {
    /// Whether `purpose` needs a second factor.
    pub(crate) fn needs_factor(&self, purpose: Purpose, environment: Environment) -> bool {
        let said = match purpose {
            Purpose::SignIn => self.second_factor_for_sign_in,
            Purpose::BreakGlass => self.second_factor_for_break_glass,
            Purpose::Signing => self.second_factor_for_signing,
            Purpose::Administration | Purpose::Destruction | Purpose::FleetDesk => {
                self.second_factor_for_administration
            }
            // Whoever has one shows it; nobody is made to have one for this alone.
            Purpose::OwnSignIn | Purpose::UnusualAccess => Some(false),
        };
        said.unwrap_or(environment == Environment::Live)
    }

    /// Whether somebody in `role` must have a second factor: whatever they may need one for, they need one before.
    pub(crate) fn must_have_factor(&self, role: Role, environment: Environment) -> bool {
        Purpose::ALL.into_iter().any(|purpose| {
            let concerned = match purpose {
                Purpose::SignIn => true,
                Purpose::BreakGlass | Purpose::Signing => may_break_the_glass(role),
                Purpose::Administration => role == Role::Administrator,
                Purpose::Destruction | Purpose::FleetDesk => matches!(role, Role::Administrator | Role::PrivacyOfficer),
                Purpose::OwnSignIn | Purpose::UnusualAccess => false,
            };
            concerned && self.needs_factor(purpose, environment)
        })
    }

    pub(crate) fn unlock_needs_factor(&self) -> bool {
        self.second_factor_for_unlock.unwrap_or(false)
    }

    pub(crate) fn session_hours(&self) -> u32 {
        self.session_hours.unwrap_or(LONGEST_SESSION_HOURS).clamp(1, LONGEST_SESSION_HOURS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_patients_are_real_everything_needs_it_and_elsewhere_nothing() {
        let policy = SignInPolicy::default();
        for purpose in [Purpose::SignIn, Purpose::BreakGlass, Purpose::Signing, Purpose::Administration] {
            assert!(policy.needs_factor(purpose, Environment::Live), "{purpose:?} on a ward");
            assert!(!policy.needs_factor(purpose, Environment::Demo), "{purpose:?} in a demonstration");
            assert!(!policy.needs_factor(purpose, Environment::Training), "{purpose:?} in training");
        }
    }

    #[test]
    fn each_purpose_is_set_by_itself() {
        let policy = SignInPolicy {
            second_factor_for_sign_in: Some(false),
            second_factor_for_break_glass: Some(false),
            second_factor_for_signing: Some(false),
            ..SignInPolicy::default()
        };
        assert!(policy.needs_factor(Purpose::Administration, Environment::Live), "what was not named stays");
        assert!(policy.must_have_factor(Role::Administrator, Environment::Live), "who administers has one");
        assert!(
            policy.must_have_factor(Role::PrivacyOfficer, Environment::Live),
            "and who may have a record destroyed"
        );
        for role in [Role::Physician, Role::Nurse, Role::FrontDesk] {
            assert!(!policy.must_have_factor(role, Environment::Live), "{role:?} has nothing to show it for");
        }
        let policy = SignInPolicy {
            second_factor_for_sign_in: Some(false),
            second_factor_for_signing: Some(false),
            ..SignInPolicy::default()
        };
        assert!(policy.must_have_factor(Role::Nurse, Environment::Live), "before the emergency, not in it");
        assert!(!policy.must_have_factor(Role::Billing, Environment::Live), "who breaks no glass needs none");
        let policy = SignInPolicy { second_factor_for_break_glass: Some(true), ..SignInPolicy::default() };
        assert!(
            policy.needs_factor(Purpose::BreakGlass, Environment::Training),
            "and for practice it can be asked for"
        );
    }

    #[test]
    fn a_session_is_made_shorter_and_never_longer() {
        let hours = |hours| SignInPolicy { session_hours: Some(hours), ..SignInPolicy::default() }.session_hours();
        assert_eq!((hours(8), hours(24), hours(0)), (8, 12, 1), "8, 24 and 0 hours");
        assert_eq!(SignInPolicy::default().session_hours(), 12, "nothing said");
    }
}
