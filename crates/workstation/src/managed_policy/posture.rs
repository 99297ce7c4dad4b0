//! Which checks of the posture close the sign-in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

use crate::posture::CheckId;

/// What happens when a check is not ok.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum PostureRule {
    /// It is shown.
    #[default]
    Warn,
    /// Nobody but an administrator signs in; docs/adr/0012 says who comes in all the same.
    Refuse,
}

/// The key `posture` of the managed policy: `{"diskEncryption": "refuse", "swap": "warn"}` [default: `warn` for each].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "BTreeMap<String, Value>")]
pub struct PosturePolicy(BTreeMap<&'static str, PostureRule>);

impl PosturePolicy {
    /// What happens when this check is not ok.
    pub fn rule(&self, check: CheckId) -> PostureRule {
        self.0.get(check.key()).copied().unwrap_or_default()
    }

    /// Whether any check can close the sign-in.
    pub(crate) fn refuses_anything(&self) -> bool {
        self.0.values().any(|rule| *rule == PostureRule::Refuse)
    }
}

impl TryFrom<BTreeMap<String, Value>> for PosturePolicy {
    type Error = String;

    fn try_from(found: BTreeMap<String, Value>) -> Result<Self, String> {
        let mut rules = BTreeMap::new();
        for (key, value) in found {
            let Some(check) = CheckId::ALL_OF_POLICY.into_iter().find(|check| check.key() == key) else {
                tracing::warn!(key, "a check of the managed policy's posture that this version does not know");
                continue;
            };
            let rule = serde_json::from_value(value).map_err(|_| format!("posture.{key} is `warn` or `refuse`"))?;
            rules.insert(check.key(), rule);
        }
        Ok(Self(rules))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_warns_unless_the_policy_refuses_and_what_nobody_knows_is_passed_over() {
        let policy = read(r#"{"diskEncryption": "refuse", "swap": "warn", "ofTheFuture": "isolate"}"#).unwrap();
        assert_eq!(policy.rule(CheckId::DiskEncryption), PostureRule::Refuse);
        assert_eq!(policy.rule(CheckId::Swap), PostureRule::Warn);
        assert_eq!(policy.rule(CheckId::DeviceKey), PostureRule::Warn, "not named");
        assert!(policy.refuses_anything() && !PosturePolicy::default().refuses_anything());
    }

    #[test]
    fn a_rule_that_cannot_be_understood_is_a_mistake() {
        let error = read(r#"{"swap": "forbid"}"#).unwrap_err().to_string();
        assert!(error.contains("posture.swap is `warn` or `refuse`"), "{error}");
    }

    fn read(text: &str) -> serde_json::Result<PosturePolicy> {
        serde_json::from_str(text)
    }
}
