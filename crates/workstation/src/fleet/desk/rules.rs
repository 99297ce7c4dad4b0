//! The rules that raise incidents: reading them, and letting others decide.

use serde_json::json;
use vigil_model::wire::{RuleSetUpdate, RuleSets};
use vigil_policy::Interaction;

use super::time::{ServerTime, small};
use crate::view::{DetectionRuleUpdateRequest, DetectionRulesVersion, DetectionRulesView};
use crate::{AppError, Workstation};

/// The longest text of rules, in bytes.
const LONGEST: usize = 256 * 1024;

impl Workstation {
    /// Reads the rules that decide, and which versions there were.
    ///
    /// # Errors
    /// A denial; [`crate::ErrorCode::ReauthenticationNeeded`]; [`crate::ErrorCode::ServerOutOfReach`].
    pub fn detection_rule_search(&self) -> Result<DetectionRulesView, AppError> {
        let rules = self.at_the_desk(Interaction::DetectionRuleSearch, json!({}), async |client, call| {
            client.desk_rules(call).await
        })?;
        Ok(view(rules))
    }

    /// Lets other rules decide from now on; the former stay kept at the server.
    ///
    /// # Errors
    /// As [`Self::detection_rule_search`]; [`crate::ErrorCode::Invalid`] for a text that is too long or no rules;
    /// [`crate::ErrorCode::VersionConflict`] where their version is not greater than every one before.
    pub fn detection_rule_update(&self, request: DetectionRuleUpdateRequest) -> Result<DetectionRulesView, AppError> {
        self.asked(Interaction::DetectionRuleUpdate)?;
        if request.rules.len() > LONGEST {
            return Err(AppError::invalid(format!("rules have at most {LONGEST} bytes")));
        }
        let about = json!({ "bytes": request.rules.len() });
        let update = RuleSetUpdate { rules: request.rules };
        let rules = self.at_the_desk(Interaction::DetectionRuleUpdate, about, async |client, call| {
            client.desk_rules_put(call, &update).await
        })?;
        Ok(view(rules))
    }
}

fn view(rules: RuleSets) -> DetectionRulesView {
    DetectionRulesView {
        active: small(rules.active),
        versions: rules
            .versions
            .iter()
            .map(|one| DetectionRulesVersion {
                version: small(one.version),
                made: ServerTime::of(&one.made).words(),
                active: one.active.as_deref().map(|at| ServerTime::of(at).words()),
            })
            .collect(),
        rules: rules.rules,
    }
}
