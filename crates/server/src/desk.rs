//! The desk of whoever oversees the fleet: privacy officers and administrators at a workstation, with a session of their own at the server.
//!
//! A certificate says which machine calls and not who sits at it. So the user shows the password (as at a first sign-in), and gets a token
//! that holds at this workstation for a quarter of an hour; each call looks the account up anew.

mod activity;
mod device;
mod rules;
mod session;

pub use activity::{Period, activity};
pub use device::devices;
pub use rules::{RulesError, put_rules, rule_sets};
pub(crate) use session::{officer_of, open};
