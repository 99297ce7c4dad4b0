//! Reading rules. Every key has to be there and none may be that nobody knows: a slip of the pen is no rule of its own.

use std::collections::BTreeSet;

use chrono::{FixedOffset, NaiveTime, TimeDelta};
use toml::{Table, Value};
use vigil_model::Role;

use super::{
    Baseline, BreakGlassBurst, BulkExport, Counts, Door, FailedSignIns, Kind, OffHours, Per, Returns, Rule, RuleError,
    RuleSet, SilentDevice, UnusualVolume,
};
use crate::{Action, FactKind, Severity};

/// The longest that the state remembers single accesses, in hours.
const LONGEST_HOURS: u32 = 24;
/// The longest that it remembers visits and emergencies, in days.
const LONGEST_DAYS: u32 = 56;

const KINDS: [&str; 12] = [
    "unusual-volume",
    "break-glass-burst",
    "vip-access",
    "co-worker-access",
    "repeated-unexplained",
    "off-hours",
    "failed-sign-ins",
    "bulk-export",
    "log-integrity",
    "silent-device",
    "key-event",
    "security-alert",
];

pub(super) fn rule_set(text: &str) -> Result<RuleSet, RuleError> {
    let mut top: Table = text.parse().map_err(|error: toml::de::Error| RuleError::Syntax(error.to_string()))?;
    let Some(Value::Array(written)) = top.remove("rule") else {
        return Err(RuleError::Top { key: "rule".to_owned(), allowed: "a list of [[rule]] is needed".to_owned() });
    };
    let mut keys = Keys { rule: None, table: top, known: Vec::new() };
    let version = keys.whole("version", 1, u32::MAX)?;
    let offset = keys.offset()?;
    keys.end()?;
    let mut rules: Vec<Rule> = Vec::new();
    for (place, value) in written.into_iter().enumerate() {
        let Value::Table(table) = value else {
            return Err(RuleError::Top { key: "rule".to_owned(), allowed: "a list of [[rule]] is needed".to_owned() });
        };
        let one = rule(Keys { rule: Some(format!("number {}", place + 1)), table, known: Vec::new() })?;
        if rules.iter().any(|other| other.id == one.id) {
            return Err(RuleError::Twice(one.id));
        }
        rules.push(one);
    }
    Ok(RuleSet { version, offset, rules })
}

fn rule(mut keys: Keys) -> Result<Rule, RuleError> {
    let id = keys.text("id")?;
    let fits =
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !fits {
        return Err(keys.wrong("id", "1 to 64 of a-z, 0-9 and hyphens"));
    }
    keys.rule = Some(id.clone());
    let enabled = keys.truth("enabled")?;
    let severity = keys.one_of("severity", &Severity::ALL.map(|severity| (severity.code(), severity)))?;
    let action = [Action::Notify, Action::Suspend].map(|action| (action.code(), action));
    let action = keys.one_of("action", &action)?;
    let roles = keys.roles()?;
    let cool_down = keys.hours("cool_down_hours", LONGEST_DAYS * 24)?;
    let kind = kind(&mut keys)?;
    keys.end()?;
    if let (Action::Suspend, Some(reason)) = (action, kind.why_not_suspend()) {
        return Err(RuleError::MayNotSuspend { rule: id, kind: kind.code(), reason });
    }
    Ok(Rule { id, enabled, severity, roles, action, cool_down, kind })
}

fn kind(keys: &mut Keys) -> Result<Kind, RuleError> {
    let code = keys.one_of("kind", &KINDS.map(|kind| (kind, kind)))?;
    Ok(match code {
        "unusual-volume" => Kind::UnusualVolume(UnusualVolume {
            counts: keys.counts()?,
            times: keys.whole("times", 1, 100)?,
            floor: keys.whole("floor", 0, 1_000)?,
            baseline: keys.one_of(
                "baseline",
                &[("own", Baseline::Own), ("role", Baseline::Role), ("own-or-role", Baseline::OwnOrRole)],
            )?,
        }),
        "break-glass-burst" => Kind::BreakGlassBurst(BreakGlassBurst {
            most: keys.whole("most", 0, 1_000)?,
            within: keys.hours("within_hours", LONGEST_DAYS * 24)?,
            times: keys.maybe_whole("times", 1, 100)?,
        }),
        "vip-access" => Kind::VipAccess(keys.returns()?),
        "co-worker-access" => Kind::CoWorkerAccess(keys.returns()?),
        "repeated-unexplained" => {
            let returns = keys.returns()?;
            if returns.per == Per::Patient {
                return Err(keys
                    .wrong("per", "user or pair; the users of one patient are counted of VIPs and co-workers alone"));
            }
            Kind::RepeatedUnexplained(returns)
        }
        "off-hours" => Kind::OffHours(OffHours {
            from: keys.time("from")?,
            until: keys.time("until")?,
            weekends: keys.truth("weekends")?,
            most: keys.whole("most", 0, 1_000)?,
            within: keys.hours("within_hours", LONGEST_HOURS)?,
            habit_days: keys.whole("habit_days", 0, LONGEST_DAYS)?,
            explained_most: keys.whole("explained_most", 0, 1_000)?,
        }),
        "failed-sign-ins" => Kind::FailedSignIns(FailedSignIns {
            per: keys.one_of("per", &[("account", Door::Account), ("workstation", Door::Workstation)])?,
            most: keys.whole("most", 0, 1_000)?,
            most_places: keys.whole("most_places", 0, 1_000)?,
            within: TimeDelta::minutes(i64::from(keys.whole("within_minutes", 1, LONGEST_HOURS * 60)?)),
        }),
        "bulk-export" => Kind::BulkExport(BulkExport {
            interactions: keys.words("interactions")?,
            counts: keys.counts()?,
            most: keys.whole("most", 0, 1_000)?,
            within: keys.hours("within_hours", LONGEST_HOURS)?,
        }),
        "log-integrity" => Kind::LogIntegrity(keys.facts()?),
        "silent-device" => Kind::SilentDevice(SilentDevice {
            after: keys.hours("after_hours", 24 * 365)?,
            together: keys.whole("together", 1, 100_000)?,
        }),
        "key-event" => Kind::KeyEvent(keys.words("interactions")?),
        // `one_of` let nothing else through.
        _ => Kind::SecurityAlert(keys.words("except")?),
    })
}

/// The keys of one table, taken out one by one.
struct Keys {
    /// The rule; `None`: the file itself.
    rule: Option<String>,
    table: Table,
    known: Vec<&'static str>,
}

impl Keys {
    fn wrong(&self, key: &str, allowed: impl Into<String>) -> RuleError {
        let (key, allowed) = (key.to_owned(), allowed.into());
        match &self.rule {
            Some(rule) => RuleError::Rule { rule: rule.clone(), key, allowed },
            None => RuleError::Top { key, allowed },
        }
    }

    fn take(&mut self, key: &'static str) -> Option<Value> {
        self.known.push(key);
        self.table.remove(key)
    }

    fn end(self) -> Result<(), RuleError> {
        match self.table.keys().next() {
            None => Ok(()),
            Some(key) => Err(self.wrong(key, format!("no such key here; known are {}", self.known.join(", ")))),
        }
    }

    fn text(&mut self, key: &'static str) -> Result<String, RuleError> {
        match self.take(key) {
            Some(Value::String(text)) => Ok(text),
            _ => Err(self.wrong(key, "a text in quotation marks is needed")),
        }
    }

    fn truth(&mut self, key: &'static str) -> Result<bool, RuleError> {
        match self.take(key) {
            Some(Value::Boolean(truth)) => Ok(truth),
            _ => Err(self.wrong(key, "true or false is needed")),
        }
    }

    fn whole(&mut self, key: &'static str, least: u32, most: u32) -> Result<u32, RuleError> {
        let found = self.maybe_whole(key, least, most)?;
        found.ok_or_else(|| self.wrong(key, format!("a whole number from {least} to {most} is needed")))
    }

    fn maybe_whole(&mut self, key: &'static str, least: u32, most: u32) -> Result<Option<u32>, RuleError> {
        let Some(value) = self.take(key) else { return Ok(None) };
        let whole = value.as_integer().and_then(|whole| u32::try_from(whole).ok());
        match whole.filter(|whole| (least..=most).contains(whole)) {
            Some(whole) => Ok(Some(whole)),
            None => Err(self.wrong(key, format!("a whole number from {least} to {most} is needed"))),
        }
    }

    fn hours(&mut self, key: &'static str, most: u32) -> Result<TimeDelta, RuleError> {
        Ok(TimeDelta::hours(i64::from(self.whole(key, 1, most)?)))
    }

    fn one_of<T: Copy>(&mut self, key: &'static str, allowed: &[(&'static str, T)]) -> Result<T, RuleError> {
        let written = self.take(key);
        let found = written.as_ref().and_then(Value::as_str);
        let value = allowed.iter().find(|(code, _)| Some(*code) == found).map(|(_, value)| *value);
        value.ok_or_else(|| {
            let codes: Vec<&str> = allowed.iter().map(|(code, _)| *code).collect();
            self.wrong(key, format!("one of {} is needed", codes.join(", ")))
        })
    }

    fn words(&mut self, key: &'static str) -> Result<BTreeSet<String>, RuleError> {
        let wrong = |keys: &Self| keys.wrong(key, "a list of texts in quotation marks is needed");
        let Some(Value::Array(list)) = self.take(key) else { return Err(wrong(self)) };
        let word = |value: &Value| value.as_str().filter(|word| !word.is_empty()).map(str::to_owned);
        list.iter().map(|value| word(value).ok_or_else(|| wrong(self))).collect()
    }

    fn coded<T: Ord>(
        &self,
        key: &'static str,
        words: BTreeSet<String>,
        all: &[&'static str],
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<BTreeSet<T>, RuleError> {
        let one =
            |word: String| read(&word).ok_or_else(|| self.wrong(key, format!("{word} is none of {}", all.join(", "))));
        words.into_iter().map(one).collect()
    }

    fn roles(&mut self) -> Result<Option<BTreeSet<Role>>, RuleError> {
        if !self.table.contains_key("roles") {
            self.known.push("roles");
            return Ok(None);
        }
        let words = self.words("roles")?;
        if words.is_empty() {
            return Err(self.wrong("roles", "at least one role is needed; without the key all are looked at"));
        }
        self.coded("roles", words, &Role::ALL.map(Role::code), Role::from_code).map(Some)
    }

    fn facts(&mut self) -> Result<BTreeSet<FactKind>, RuleError> {
        let words = self.words("facts")?;
        let all: Vec<&str> = FactKind::ALL.iter().map(|kind| kind.code()).collect();
        self.coded("facts", words, &all, FactKind::from_code)
    }

    fn counts(&mut self) -> Result<Counts, RuleError> {
        self.one_of(
            "counts",
            &[("all", Counts::All), ("unexplained", Counts::Unexplained), ("not-explained", Counts::NotExplained)],
        )
    }

    fn returns(&mut self) -> Result<Returns, RuleError> {
        let per = self.one_of("per", &[("user", Per::User), ("pair", Per::Pair), ("patient", Per::Patient)])?;
        let times = self.maybe_whole("times", 1, 100)?;
        if times.is_some() && per != Per::User {
            return Err(self.wrong("times", "colleagues are compared with per = \"user\" alone"));
        }
        let (most, within_days) = (self.whole("most", 0, 1_000)?, self.whole("within_days", 1, LONGEST_DAYS)?);
        Ok(Returns { per, most, within_days, times })
    }

    fn time(&mut self, key: &'static str) -> Result<NaiveTime, RuleError> {
        let text = self.text(key)?;
        NaiveTime::parse_from_str(&text, "%H:%M").map_err(|_| self.wrong(key, "a time such as \"20:00\" is needed"))
    }

    fn offset(&mut self) -> Result<FixedOffset, RuleError> {
        const KEY: &str = "utc_offset_minutes";
        let minutes =
            self.take(KEY).and_then(|value| value.as_integer()).filter(|minutes| (-720..=840).contains(minutes));
        let offset = minutes.and_then(|minutes| FixedOffset::east_opt(i32::try_from(minutes * 60).ok()?));
        offset.ok_or_else(|| self.wrong(KEY, "whole minutes from -720 to 840 are needed, without summer time"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        version = 3
        utc_offset_minutes = 60
        [[rule]]
        id = "many"
        kind = "unusual-volume"
        enabled = true
        severity = "high"
        action = "suspend"
        roles = ["nurse"]
        cool_down_hours = 12
        counts = "unexplained"
        times = 3
        floor = 4
        baseline = "own-or-role"
    "#;

    fn error(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from), "{from} is in the sample");
        RuleSet::parse(&GOOD.replace(from, to)).unwrap_err().to_string()
    }

    #[test]
    fn the_default_rules_are_accepted() {
        let rules = RuleSet::parse(RuleSet::DEFAULT).unwrap();
        assert_eq!(rules, RuleSet::default_rules(), "and are what a hospital starts with");
        let missing: Vec<&str> =
            KINDS.into_iter().filter(|kind| !rules.rules.iter().any(|rule| rule.kind.code() == *kind)).collect();
        assert!(missing.is_empty(), "a kind without a rule: {missing:?}");
    }

    #[test]
    fn a_mistake_is_answered_with_the_rule_the_key_and_what_is_allowed() {
        assert!(RuleSet::parse(GOOD).is_ok(), "the sample itself");
        assert_eq!(error("\"high\"", "\"bad\""), "rule many: severity: one of low, medium, high, critical is needed");
        assert_eq!(error("times = 3", "times = 3.01"), "rule many: times: a whole number from 1 to 100 is needed");
        assert_eq!(error("floor = 4", ""), "rule many: floor: a whole number from 0 to 1000 is needed");
        assert!(error("floor = 4", "floor = 4\nflor = 5").starts_with("rule many: flor: no such key here"), "a slip");
        assert!(error("\"nurse\"", "\"wizard\"").starts_with("rule many: roles: wizard is none of physician, nurse"));
        assert!(error("unusual-volume", "magic").starts_with("rule many: kind: one of unusual-volume"));
        assert_eq!(error("version = 3", "version = 0"), "version: a whole number from 1 to 4294967295 is needed");
        assert!(error("version = 3", "version = 3\nother = 1").starts_with("other: no such key here"));
        assert!(error("id = \"many\"", "").starts_with("rule number 1: id:"), "one without a name is counted");
        let rule = GOOD.split("[[rule]]").nth(1).unwrap();
        let twice = RuleSet::parse(&format!("{GOOD}\n[[rule]]{rule}")).unwrap_err();
        assert_eq!(twice, RuleError::Twice("many".to_owned()));
        assert!(matches!(RuleSet::parse("version ="), Err(RuleError::Syntax(_))));
    }

    #[test]
    fn wrong_passwords_never_suspend_anybody() {
        let text = r#"
            version = 1
            utc_offset_minutes = 0
            [[rule]]
            id = "doors"
            kind = "failed-sign-ins"
            enabled = false
            severity = "high"
            action = "suspend"
            cool_down_hours = 1
            per = "account"
            most = 10
            most_places = 2
            within_minutes = 60
        "#;
        let refused = RuleSet::parse(text).unwrap_err().to_string();
        assert!(refused.contains("can only notify") && refused.contains("locked out"), "{refused}");
        assert!(RuleSet::parse(&text.replace("suspend", "notify")).is_ok(), "told of, it may be");
    }

    #[test]
    fn nothing_can_be_written_that_touches_emergency_access() {
        assert_eq!(
            error("\"suspend\"", "\"end-emergency-access\""),
            "rule many: action: one of notify, suspend is needed"
        );
        let burst = r#"kind = "break-glass-burst"
            most = 3
            within_hours = 12"#;
        let volume = GOOD.split("counts").next().unwrap().replace("kind = \"unusual-volume\"", burst);
        let refused = RuleSet::parse(&volume).unwrap_err().to_string();
        assert!(refused.contains("emergency access is reviewed afterwards"), "{refused}");
    }
}
