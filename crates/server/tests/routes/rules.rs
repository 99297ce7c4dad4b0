//! Rules are tried on what was recorded before they decide: how many alarms, and which known misuse is found.

use chrono::TimeDelta;
use vigil_detection::RuleSet;
use vigil_model::wire::{IncidentAct, IncidentFinding};
use vigil_server::channels::Channels;
use vigil_server::desk::{RulesError, put_rules, rule_sets};
use vigil_server::detection::trial;
use vigil_server::incident::{Officer, act};

use crate::growth::{browses, incident, running};

/// The rules that ship, as the next version, without those over many charts.
fn blind() -> String {
    let (head, rules) = RuleSet::DEFAULT.split_once("[[rule]]").unwrap();
    let rules = rules.split("[[rule]]").map(|rule| {
        let many = ["kind = \"unusual-volume\"", "kind = \"repeated-unexplained\""];
        let rule = if many.iter().any(|kind| rule.contains(kind)) {
            rule.replace("enabled = true", "enabled = false")
        } else {
            rule.to_owned()
        };
        format!("[[rule]]{rule}")
    });
    head.replace("\nversion = 1\n", "\nversion = 2\n") + &rules.collect::<String>()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_on_what_was_recorded_says_what_would_be_missed() {
    let running = running().await;
    let (mut ward, https) = running.enrol(1).await;
    browses(&mut ward, &https, 0..40).await;
    let found = incident(&running, "volume-unexplained-far", |row| row.events == 40).await;
    let close =
        IncidentAct::Close { finding: IncidentFinding::Inappropriate, words: "Admitted it in person".to_owned() };
    act(running.installation(), Officer::Operator, found.id, &close, &Channels::default()).await.unwrap();

    let installation = running.installation();
    let refused = put_rules(installation, Officer::Operator, &blind()).await;
    assert!(matches!(refused, Err(RulesError::Untried)), "not before they were tried: {refused:?}");
    let before = rule_sets(installation, Officer::Operator).await.unwrap();
    let table = trial(installation, &blind(), TimeDelta::days(30)).await.unwrap();
    let line = |name: &str| -> Vec<&str> {
        let line = table.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name}: {table}"));
        line.split_whitespace().rev().take(2).collect()
    };
    assert_eq!(line("rule "), ["2", "version"], "{table}");
    assert_eq!(line("volume-unexplained "), ["0", "1"], "{table}");
    assert_eq!(line("volume-unexplained-far"), ["0", "1"], "{table}");
    assert_eq!(line("accounts suspended"), ["0", "1"], "{table}");
    assert_eq!(line("of 1 known misuses found"), ["0", "1"], "{table}");
    assert!(table.contains(" entries of 30 days"), "{table}");
    assert_eq!(rule_sets(installation, Officer::Operator).await.unwrap(), before, "nothing else decides by it");

    let other = blind().replace("most = 15", "most = 16");
    let refused = put_rules(installation, Officer::Operator, &other).await;
    assert!(matches!(refused, Err(RulesError::Untried)), "nor others: {refused:?}");
    assert_eq!(put_rules(installation, Officer::Operator, &blind()).await.unwrap(), 2);
    running.stop().await;
}
