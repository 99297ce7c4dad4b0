//! How long keys are used, and what passwords cost at least.
//!
//! NIST SP 800-57 part 1 (5.3.6) suggests up to two years for what seals data or keys, and one to two for key pairs that
//! keys are granted to; what a former key sealed is still opened with it. The defaults stay within that, and a policy may
//! shorten them, never lengthen them.

use chrono::TimeDelta;
use serde::Deserialize;
use vigil_vault::KdfCost;

/// The longest that a key may seal, in days: two years.
const LONGEST: u32 = 730;

/// The keys of the managed policy about keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct KeyPolicy {
    /// Days after which the database gets a new key, at a start of the program, 1 to 730 [default: 730, for replacing it
    /// writes the whole database anew and nobody can sign in meanwhile; a database of more than 512 MiB waits for
    /// `vigil keys rotate database`].
    pub database_key_days: Option<u32>,
    /// Days after which the keys of groups are replaced: authority, directory, care group and break-glass, 1 to 730
    /// [default: 365, for people come and go, and who leaves unnoticed holds them until then].
    pub group_key_days: Option<u32>,
    /// Days after which a user's slot gets a new salt and new keys at the next sign-in, 1 to 730 [default: 365; the
    /// password stays what it is].
    pub user_slot_days: Option<u32>,
    /// Memory in MiB that Argon2id takes for each password, 64 to 1024 [default: 64]. A slot that costs less is made anew at
    /// the next sign-in.
    pub argon2_memory_mib: Option<u32>,
    /// Passes of Argon2id, 3 to 20 [default: 3].
    pub argon2_passes: Option<u32>,
}

impl KeyPolicy {
    pub(crate) fn database_key(&self) -> TimeDelta {
        days(self.database_key_days, LONGEST)
    }

    pub(crate) fn group_key(&self) -> TimeDelta {
        days(self.group_key_days, 365)
    }

    pub(crate) fn user_slot(&self) -> TimeDelta {
        days(self.user_slot_days, 365)
    }

    /// What a password costs at least; `None`: what the installation was set up with.
    pub(crate) fn password_cost(&self) -> Option<KdfCost> {
        if self.argon2_memory_mib.is_none() && self.argon2_passes.is_none() {
            return None;
        }
        let KdfCost { memory_kib, passes, lanes } = KdfCost::STANDARD;
        Some(KdfCost {
            memory_kib: self.argon2_memory_mib.map_or(memory_kib, |mib| mib.clamp(64, 1024) * 1024),
            passes: self.argon2_passes.map_or(passes, |passes| passes.clamp(3, 20)),
            lanes,
        })
    }
}

fn days(prescribed: Option<u32>, otherwise: u32) -> TimeDelta {
    TimeDelta::days(i64::from(prescribed.unwrap_or(otherwise).clamp(1, LONGEST)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_shortens_and_raises_and_never_the_other_way() {
        let of =
            |database, group| KeyPolicy { database_key_days: database, group_key_days: group, ..KeyPolicy::default() };
        assert_eq!(of(None, None).database_key(), TimeDelta::days(730), "two years");
        assert_eq!(of(None, None).group_key(), TimeDelta::days(365), "one year");
        assert_eq!(of(Some(90), Some(30)).database_key(), TimeDelta::days(90), "shorter is allowed");
        assert_eq!(of(Some(9000), Some(9000)).group_key(), TimeDelta::days(730), "longer than two years is not");
        assert_eq!(of(Some(0), None).database_key(), TimeDelta::days(1), "nor is never");
        assert_eq!(KeyPolicy::default().password_cost(), None, "as the installation was set up");
        let cheap = KeyPolicy { argon2_memory_mib: Some(1), argon2_passes: Some(1), ..KeyPolicy::default() };
        assert_eq!(cheap.password_cost(), Some(KdfCost::STANDARD), "never less than the standard");
    }
}
