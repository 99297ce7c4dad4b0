//! Which rules were tried.

use sha2::{Digest as _, Sha256};

use super::StoreError;
use super::sql::{Tx, values};

/// What rules are tried on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TriedOn {
    /// What workstations wrote.
    Recorded,
    /// An invented hospital.
    Simulated,
}

impl TriedOn {
    const fn code(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Simulated => "simulated",
        }
    }
}

/// Keeps that these rules were tried.
pub(crate) async fn tried(tx: &mut Tx, rules: &str, on: TriedOn, now: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO rule_trial (digest, months, at) VALUES ($1, $2, $3) ON CONFLICT (digest, months) DO UPDATE SET at = $3";
    tx.execute("keeping a trial of rules", sql, &values![digest(rules), on.code(), now]).await.map(drop)
}

/// Whether exactly these rules were tried.
pub(crate) async fn were_tried(tx: &mut Tx, rules: &str) -> Result<bool, StoreError> {
    let sql = "SELECT COUNT(*) FROM rule_trial WHERE digest = $1";
    Ok(tx.one("looking for a trial of rules", sql, &values![digest(rules)]).await?.int(0)? > 0)
}

/// A file and a field of a form end their lines as they do: that makes no other rules.
fn digest(rules: &str) -> String {
    let mut hash = Sha256::new();
    for line in rules.trim_end().lines() {
        hash.update(line);
        hash.update("\n");
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn the_ends_of_lines_make_no_other_rules_and_every_character_does() {
        assert_eq!(digest("a = 1\r\nb = 2\r\n\r\n"), digest("a = 1\nb = 2"));
        assert_ne!(digest("a = 1\nb = 2"), digest("a = 1\nb = 3"));
        assert_ne!(digest("a = 1\nb = 2"), digest("a = 1 b = 2"));
    }
}
