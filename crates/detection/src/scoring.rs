//! What rules are worth: recorded or simulated months are replayed through them, and the alarms are counted.

mod table;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use vigil_model::DeviceId;

use crate::simulation::{Arrival, Labelled, Misuse, Planted};
use crate::{Detector, EventId, Explained, Finding, RuleSet, Subject};

/// What one rule did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleScore {
    /// Episodes that it told of.
    pub alarms: u64,
    /// Of these, those of which at least half of the entries shown belong to what is planted.
    pub true_alarms: u64,
    /// Which of the planted they belong to, by place in the list.
    pub found: BTreeSet<u32>,
}

impl RuleScore {
    /// Alarms about honest people.
    pub const fn false_alarms(&self) -> u64 {
        self.alarms.saturating_sub(self.true_alarms)
    }
}

/// What a rule set did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// The version of the rules.
    pub rules_version: u32,
    /// What is planted; empty for recorded months of which nobody knows.
    pub planted: Vec<Planted>,
    /// By rule, in the order of the rules; those that are switched off are left out.
    pub rules: Vec<(String, RuleScore)>,
    /// Entries.
    pub entries: u64,
    /// From the first to the last, by the entries' own time.
    pub span: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// The share of explained accesses in the last eight weeks.
    pub explained: Explained,
    /// Which of the planted have done anything by the end.
    pub acted: BTreeSet<u32>,
    /// How long each of the planted that was found had gone on by then.
    pub until_found: BTreeMap<u32, TimeDelta>,
}

impl Score {
    /// Days, at least one.
    pub fn days(&self) -> u64 {
        let days = self.span.map_or(1, |(from, to)| ((to - from).num_hours() + 12).div_euclid(24).max(1));
        u64::try_from(days).unwrap_or(1)
    }

    /// All rules together.
    pub fn total(&self) -> RuleScore {
        let mut total = RuleScore::default();
        for (_, rule) in &self.rules {
            total.alarms += rule.alarms;
            total.true_alarms += rule.true_alarms;
            total.found.extend(&rule.found);
        }
        total
    }

    /// How many of a kind were found by any rule, and how many did anything.
    pub fn recall(&self, misuse: Misuse) -> (usize, usize) {
        self.recall_of(&self.total().found, misuse, None)
    }

    /// The same of those alone who are careful, or are not.
    pub fn recall_where(&self, misuse: Misuse, careful: bool) -> (usize, usize) {
        self.recall_of(&self.total().found, misuse, Some(careful))
    }

    /// What one rule did; nothing where it is off.
    pub fn rule(&self, id: &str) -> RuleScore {
        self.rules.iter().find(|(rule, _)| rule == id).map(|(_, score)| score.clone()).unwrap_or_default()
    }

    fn recall_of(&self, found: &BTreeSet<u32>, misuse: Misuse, careful: Option<bool>) -> (usize, usize) {
        let is_of = |planted: &Planted| planted.misuse == misuse && careful.is_none_or(|is| planted.careful == is);
        let of_kind = self.planted.iter().zip(0_u32..).filter(|(planted, _)| is_of(planted));
        let all: Vec<u32> = of_kind.map(|(_, number)| number).filter(|number| self.acted.contains(number)).collect();
        (all.iter().filter(|number| found.contains(number)).count(), all.len())
    }
}

/// Replays what reached the server through `rules`.
pub fn replay(rules: &RuleSet, planted: &[Planted], arrivals: impl IntoIterator<Item = Arrival>) -> Score {
    let mut run = Run::new(rules);
    for arrival in arrivals {
        run.take(planted, &arrival);
    }
    run.score(planted)
}

/// Two rule sets over the same months.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What differs, rule by rule: `+ id`, `- id`, `~ id`.
    pub changes: Vec<String>,
    /// The rules that run now.
    pub old: Score,
    /// Those that are to take their place.
    pub new: Score,
}

impl Comparison {
    /// The planted that the old rules find and the new ones do not: what somebody would be blind to.
    pub fn lost(&self) -> BTreeSet<u32> {
        self.old.total().found.difference(&self.new.total().found).copied().collect()
    }
}

/// Replays the same months through both.
pub fn compare(
    old: &RuleSet,
    new: &RuleSet,
    planted: &[Planted],
    arrivals: impl IntoIterator<Item = Arrival>,
) -> Comparison {
    let (mut before, mut after) = (Run::new(old), Run::new(new));
    for arrival in arrivals {
        before.take(planted, &arrival);
        after.take(planted, &arrival);
    }
    Comparison { changes: new.changes(old), old: before.score(planted), new: after.score(planted) }
}

/// The score as plain text.
pub fn report(score: &Score) -> String {
    table::score(score)
}

/// The comparison as plain text.
pub fn comparison_report(comparison: &Comparison) -> String {
    table::comparison(comparison)
}

/// One replay.
struct Run<'r> {
    rules: &'r RuleSet,
    detector: Detector,
    scores: BTreeMap<String, RuleScore>,
    told: BTreeMap<String, bool>,
    /// Entries that belong to what is planted.
    labels: BTreeMap<EventId, u32>,
    /// When each of the planted began, and when it was found.
    began: BTreeMap<u32, DateTime<Utc>>,
    found: BTreeMap<u32, DateTime<Utc>>,
    acted: BTreeSet<u32>,
    entries: u64,
    span: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl<'r> Run<'r> {
    fn new(rules: &'r RuleSet) -> Self {
        Self {
            rules,
            detector: Detector::default(),
            scores: BTreeMap::new(),
            told: BTreeMap::new(),
            labels: BTreeMap::new(),
            began: BTreeMap::new(),
            found: BTreeMap::new(),
            // A workstation that is carried away writes no entry about it.
            acted: BTreeSet::new(),
            entries: 0,
            span: None,
        }
    }

    fn take(&mut self, planted: &[Planted], arrival: &Arrival) {
        match arrival {
            Arrival::Entry(Labelled { seen, planted: label }) => {
                self.entries += 1;
                let (from, to) = self.span.unwrap_or((seen.at, seen.at));
                self.span = Some((from.min(seen.at), to.max(seen.at)));
                if let Some(label) = label {
                    self.labels.insert(seen.id(), *label);
                    self.acted.insert(*label);
                    let began = self.began.entry(*label).or_insert(seen.at);
                    *began = seen.at.min(*began);
                }
                let findings = self.detector.observe(self.rules, seen);
                self.count(&findings, |_| None);
            }
            Arrival::Fact(fact, label) => {
                let findings = self.detector.observe_fact(self.rules, fact);
                self.acted.extend(label);
                self.count(&findings, |_| *label);
            }
            Arrival::Time(now, contacts) => {
                let findings = self.detector.tick(self.rules, *now, contacts);
                self.count(&findings, |finding| match &finding.subject {
                    Subject::Device(device) => gone(planted, *device),
                    Subject::User(_) | Subject::Patient(_) | Subject::Fleet => None,
                });
            }
        }
    }

    /// Counts findings. `label` says what they belong to where no entry does.
    fn count(&mut self, findings: &[Finding], label: impl Fn(&Finding) -> Option<u32>) {
        // What is added to an episode is no alarm of its own.
        for finding in findings.iter().filter(|finding| finding.tells) {
            let labels: Vec<u32> = finding.evidence.iter().filter_map(|id| self.labels.get(id)).copied().collect();
            let half = !labels.is_empty() && labels.len() * 2 >= finding.evidence.len();
            let found: BTreeSet<u32> = labels.into_iter().filter(|_| half).chain(label(finding)).collect();
            let score = self.scores.entry(finding.rule.clone()).or_default();
            let is_true = !found.is_empty();
            match self.told.insert(finding.key.clone(), is_true) {
                None => {
                    score.alarms += 1;
                    score.true_alarms += u64::from(is_true);
                }
                // An episode that grows may show only then what it is.
                Some(was) => {
                    score.true_alarms = score.true_alarms + u64::from(is_true && !was) - u64::from(was && !is_true)
                }
            }
            for one in found {
                self.found.entry(one).or_insert(finding.at);
                score.found.insert(one);
            }
        }
    }

    fn score(mut self, planted: &[Planted]) -> Score {
        let (from, to) = self.span.unwrap_or_default();
        let gone = planted.iter().zip(0_u32..).filter(|(planted, _)| planted.device.is_some());
        self.acted.extend(gone.map(|(_, number)| number));
        let until_found = self.found.iter().map(|(number, found)| {
            let began = self.began.get(number).copied().unwrap_or(*found);
            (*number, (*found - began).max(TimeDelta::zero()))
        });
        let on = self.rules.rules.iter().filter(|rule| rule.enabled);
        let mut scores = self.scores;
        Score {
            rules_version: self.rules.version,
            planted: planted.to_vec(),
            until_found: until_found.collect(),
            acted: self.acted,
            rules: on.map(|rule| (rule.id.clone(), scores.remove(&rule.id).unwrap_or_default())).collect(),
            entries: self.entries,
            span: self.span,
            explained: self.detector.explained(from, to),
        }
    }
}

/// Which of the planted this workstation was carried away by.
fn gone(planted: &[Planted], device: DeviceId) -> Option<u32> {
    planted.iter().zip(0_u32..).find(|(planted, _)| planted.device == Some(device)).map(|(_, number)| number)
}
