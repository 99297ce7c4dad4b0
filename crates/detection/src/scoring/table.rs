//! Scores as plain text, to be read in a terminal.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::TimeDelta;

use super::{Comparison, RuleScore, Score};
use crate::simulation::Misuse;

/// Alarms a day with two decimals, in whole numbers.
fn per_day(alarms: u64, days: u64) -> String {
    let hundredths = alarms.saturating_mul(100).checked_div(days).unwrap_or(0);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

pub(super) fn score(score: &Score) -> String {
    let mut text = String::new();
    head(&mut text, score);
    let days = score.days();
    line(&mut text, ["rule", "alarms", "a day", "false", "false a day", "found"]);
    for (id, rule) in &score.rules {
        row(&mut text, score, id, rule, days);
    }
    row(&mut text, score, "all rules", &score.total(), days);
    if !score.planted.is_empty() {
        text.push('\n');
        line(&mut text, ["planted", "found", "of", "", "median days until", "of the careful"]);
        for misuse in Misuse::ALL {
            let ((found, all), (careful, all_careful)) = (score.recall(misuse), score.recall_where(misuse, true));
            if all > 0 {
                let (after, careful) = (median(score, misuse), format!("{careful}/{all_careful}"));
                line(&mut text, [misuse.code(), &found.to_string(), &all.to_string(), "", &after, &careful]);
            }
        }
    }
    text
}

pub(super) fn comparison(both: &Comparison) -> String {
    let (old, new) = (&both.old, &both.new);
    let mut text = String::new();
    head(&mut text, new);
    let versions = format!("version {} against {}", new.rules_version, old.rules_version);
    let changes = if both.changes.is_empty() { "no rule differs".to_owned() } else { both.changes.join(", ") };
    written(writeln!(text, "{versions}: {changes}\n"));
    line(&mut text, ["rule", "alarms", "before", "false", "before", "found (before)"]);
    let ids: BTreeSet<&String> = old.rules.iter().chain(&new.rules).map(|(id, _)| id).collect();
    for id in ids {
        let (was, is) = (old.rule(id), new.rule(id));
        let found = format!("{} ({})", of_all(new, &is), of_all(old, &was));
        let numbers = [is.alarms, was.alarms, is.false_alarms(), was.false_alarms()].map(|number| number.to_string());
        line(&mut text, [id, &numbers[0], &numbers[1], &numbers[2], &numbers[3], &found]);
    }
    let (was, is) = (old.total(), new.total());
    let numbers = [is.alarms, was.alarms, is.false_alarms(), was.false_alarms()].map(|number| number.to_string());
    let found = format!("{} ({})", of_all(new, &is), of_all(old, &was));
    line(&mut text, ["all rules", &numbers[0], &numbers[1], &numbers[2], &numbers[3], &found]);
    let lost = both.lost();
    if !lost.is_empty() {
        let names = new.planted.iter().zip(0_u32..).filter(|(_, number)| lost.contains(number));
        let names: Vec<String> =
            names.map(|(planted, number)| format!("{} ({number})", planted.misuse.code())).collect();
        written(writeln!(text, "\nNo longer found: {}", names.join(", ")));
    }
    text
}

fn head(text: &mut String, score: &Score) {
    let days = score.days();
    written(writeln!(text, "{} entries of {days} days; explained: {}\n", score.entries, score.explained));
}

fn row(text: &mut String, score: &Score, id: &str, rule: &RuleScore, days: u64) {
    let found = of_all(score, rule);
    let (alarms, wrong) = (rule.alarms, rule.false_alarms());
    line(text, [id, &alarms.to_string(), &per_day(alarms, days), &wrong.to_string(), &per_day(wrong, days), &found]);
}

/// `watcher 3/4, vip-curious 1/4`.
fn of_all(score: &Score, rule: &RuleScore) -> String {
    let kinds = Misuse::ALL.into_iter().filter_map(|misuse| {
        let (found, all) = score.recall_of(&rule.found, misuse, None);
        (found > 0).then(|| format!("{} {found}/{all}", misuse.code()))
    });
    let kinds: Vec<String> = kinds.collect();
    if kinds.is_empty() { "-".to_owned() } else { kinds.join(", ") }
}

fn median(score: &Score, misuse: Misuse) -> String {
    let of_kind = score.planted.iter().zip(0_u32..).filter(|(planted, _)| planted.misuse == misuse);
    let mut times: Vec<TimeDelta> = of_kind.filter_map(|(_, number)| score.until_found.get(&number)).copied().collect();
    times.sort_unstable();
    times.get(times.len() / 2).map_or_else(|| "-".to_owned(), |time| time.num_days().to_string())
}

fn line(text: &mut String, cells: [&str; 6]) {
    let [id, a, b, c, d, last] = cells;
    let padded = format!("{id:<24}{a:>8}{b:>8}{c:>8}{d:>19}  {last}");
    written(writeln!(text, "{}", padded.trim_end()));
}

/// Writing into a text does not fail.
const fn written(_done: std::fmt::Result) {}
