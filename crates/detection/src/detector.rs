//! The state behind the rules, and what one more entry does to it.
//!
//! It does not depend on the rules, so that another version of them starts with the habits of eight weeks. It is bounded: by
//! the time of the entries, and by numbers where somebody could fill it. It holds ids, times and counts, and no random
//! choice: the same entries in the same order give the same findings, across any saving and loading.

pub(crate) mod count;
pub(crate) mod episode;
mod known;
mod repeats;
pub(crate) mod timeline;
pub(crate) mod user;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigil_model::{DeviceId, PatientId, Role, UserId};

use crate::judge::{self, Candidate};
use crate::{DeviceContact, Explained, Fact, Finding, Observation, Outcome, Rule, RuleSet, Subject};
use count::{DAY, DAYS, Days, HOUR, HourCount, Hours};
use episode::Episodes;
use known::Known;
use repeats::Repeats;
use timeline::{Entry, Micros, Timeline};
use user::{Adds, RECENT, UserState, is_remembered};

/// How far a clock may be ahead of the server's before its entries no longer move the stream on.
const AHEAD: Micros = HOUR;
/// The longest cool-down is 56 days; an episode is kept twice as long, for what comes in late.
const EPISODES: Micros = 112 * DAY;

const USERS_MOST: usize = 20_000;
const WATCHED_MOST: usize = 20_000;
const WATCHERS_MOST: usize = 512;
const DOORS_MOST: usize = 20_000;
const FAILURES_MOST: usize = 1_024;

/// A sign-in that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failure {
    pub(crate) account: Option<UserId>,
    pub(crate) place: DeviceId,
}

/// What everybody in a role did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RoleState {
    pub(crate) hours: Hours,
    pub(crate) days: Days,
}

/// Habits, the last hours and what was told already. Feed it every entry that the server takes in, and the time now and then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detector {
    /// How far the stream is.
    newest: Micros,
    /// The server's time, where it was said.
    now: Option<Micros>,
    /// When what is too old was last forgotten.
    swept: Micros,
    users: BTreeMap<UserId, UserState>,
    roles: BTreeMap<Role, RoleState>,
    /// Users who opened the chart of a VIP or co-worker that nothing explains to them.
    watched: BTreeMap<PatientId, Timeline<UserId>>,
    accounts: BTreeMap<UserId, Timeline<Failure>>,
    doors: BTreeMap<DeviceId, Timeline<Failure>>,
    repeats: Repeats,
    episodes: Episodes,
    #[serde(default)]
    known: Known,
}

/// What one entry did to the state.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Noted {
    pub(crate) adds: Option<Adds>,
    pub(crate) emergency: bool,
    pub(crate) export: bool,
    pub(crate) failure: Option<Failure>,
}

impl Detector {
    /// Takes in one entry and says what the rules find. Entries may come late, out of order and twice. Whatever is added to an episode is
    /// said; [`Finding::tells`] is what somebody has to be told of.
    pub fn observe(&mut self, rules: &RuleSet, seen: &Observation) -> Vec<Finding> {
        if !self.repeats.is_new(seen) {
            return Vec::new();
        }
        let at = seen.at.timestamp_micros();
        self.move_on(at);
        let noted = self.note(seen, at);
        let role = seen.actor.map(|actor| actor.role);
        let looking = rules.rules.iter().filter(|rule| rule.enabled && rule.looks_at(role));
        let candidates: Vec<_> =
            looking.filter_map(|rule| Some((rule, judge::entry(self, rules, rule, seen, &noted)?))).collect();
        candidates.into_iter().filter_map(|(rule, candidate)| self.tell(rules, rule, candidate)).collect()
    }

    /// Takes in one entry of the past, of which nothing is to be told: habits, and no episode that would keep another quiet.
    pub fn learn(&mut self, seen: &Observation) {
        if self.repeats.is_new(seen) {
            let at = seen.at.timestamp_micros();
            self.move_on(at);
            self.note(seen, at);
        }
    }

    /// Takes in what the server found.
    pub fn observe_fact(&mut self, rules: &RuleSet, fact: &Fact) -> Vec<Finding> {
        let looking = rules.rules.iter().filter(|rule| rule.enabled);
        let candidates: Vec<_> = looking.filter_map(|rule| Some((rule, judge::fact(rule, fact)?))).collect();
        candidates.into_iter().filter_map(|(rule, candidate)| self.tell(rules, rule, candidate)).collect()
    }

    /// Takes in the server's time and when each workstation was last heard of. Call it every few minutes: from then on no
    /// workstation whose clock is ahead makes the habits of others look old.
    pub fn tick(&mut self, rules: &RuleSet, now: DateTime<Utc>, devices: &[DeviceContact]) -> Vec<Finding> {
        let at = now.timestamp_micros();
        self.now = Some(at);
        self.newest = self.newest.min(at.saturating_add(AHEAD));
        let looking = rules.rules.iter().filter(|rule| rule.enabled);
        let candidates: Vec<_> = looking
            .flat_map(|rule| judge::silence(rule, now, devices).into_iter().map(move |found| (rule, found)))
            .collect();
        candidates.into_iter().filter_map(|(rule, candidate)| self.tell(rules, rule, candidate)).collect()
    }

    /// A suspension of this user was lifted: the charts of the hours before are settled, and counting begins anew (ADR 16).
    pub fn begin_anew(&mut self, user: UserId, at: DateTime<Utc>) {
        if let Some(state) = self.users.get_mut(&user) {
            state.anew = state.anew.max(Some(at.timestamp_micros()));
        }
    }

    /// The share of explained accesses in the hours that begin from `from` until before `until`; the last eight weeks are known.
    pub fn explained(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> Explained {
        self.roles.values().map(|role| share(&role.hours, from, until)).fold(Explained::default(), |all, one| all + one)
    }

    /// The same of everybody in a role.
    pub fn explained_of_role(&self, role: Role, from: DateTime<Utc>, until: DateTime<Utc>) -> Explained {
        self.roles.get(&role).map(|role| share(&role.hours, from, until)).unwrap_or_default()
    }

    /// The same of one user.
    pub fn explained_of_user(&self, user: UserId, from: DateTime<Utc>, until: DateTime<Utc>) -> Explained {
        self.users.get(&user).map(|user| share(&user.hours, from, until)).unwrap_or_default()
    }

    /// The same of each hour, by its beginning.
    pub fn explained_by_hour(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> BTreeMap<DateTime<Utc>, Explained> {
        let mut hours = BTreeMap::new();
        for (hour, count) in self.roles.values().flat_map(|role| role.hours.range(range(from, until))) {
            let at = DateTime::from_timestamp(hour.saturating_mul(3600), 0).unwrap_or_default();
            let sum: &mut Explained = hours.entry(at).or_default();
            *sum = *sum + count.share();
        }
        hours
    }

    pub(crate) fn user(&self, id: UserId) -> Option<&UserState> {
        self.users.get(&id)
    }

    pub(crate) fn role(&self, role: Role) -> Option<&RoleState> {
        self.roles.get(&role)
    }

    pub(crate) fn watchers(&self, patient: &PatientId) -> Option<&Timeline<UserId>> {
        self.watched.get(patient)
    }

    pub(crate) fn failures_of(&self, account: UserId) -> Option<&Timeline<Failure>> {
        self.accounts.get(&account)
    }

    pub(crate) fn failures_at(&self, place: DeviceId) -> Option<&Timeline<Failure>> {
        self.doors.get(&place)
    }

    /// How far the stream is.
    fn move_on(&mut self, at: Micros) {
        let most = self.now.map_or(at, |now| at.min(now.saturating_add(AHEAD)));
        self.newest = self.newest.max(most);
        if self.newest - self.swept < HOUR {
            return;
        }
        self.swept = self.newest;
        for user in self.users.values_mut() {
            user.forget(self.newest);
        }
        let oldest = self.newest.saturating_sub(DAYS * DAY);
        self.users.retain(|_, user| user.heard >= oldest);
        for role in self.roles.values_mut() {
            role.hours = role.hours.split_off(&oldest.div_euclid(HOUR));
            role.days = role.days.split_off(&oldest.div_euclid(DAY));
        }
        let recent = self.newest.saturating_sub(RECENT);
        forget(&mut self.watched, oldest);
        forget(&mut self.accounts, recent);
        forget(&mut self.doors, recent);
        self.episodes.forget(self.newest.saturating_sub(EPISODES));
        self.known.forget(recent);
    }

    fn note(&mut self, seen: &Observation, at: Micros) -> Noted {
        let mut noted = Noted::default();
        if seen.is_failed_sign_in() {
            noted.failure = Some(self.failure(seen, at));
        }
        let Some(actor) = seen.actor else { return noted };
        let newest = self.newest;
        bound(&mut self.users, &actor.id, USERS_MOST, |user| user.heard);
        let user = self.users.entry(actor.id).or_default();
        user.heard = user.heard.max(at.min(newest));
        let role = self.roles.entry(actor.role).or_default();
        let day = at.div_euclid(DAY);
        let mut works = false;
        let (mut visits, mut emergencies) = (0, 0);
        if let Some((_, patient)) = seen.opening() {
            let adds = user.open(seen, patient, at, newest);
            if adds.hour != HourCount::default() {
                role.hours.entry(at.div_euclid(HOUR)).or_default().add(adds.hour);
            }
            visits = u32::from(adds.visit);
            noted.adds = Some(adds);
            works = true;
            if adds.visit && (seen.vip || seen.employee) {
                bound(&mut self.watched, patient, WATCHED_MOST, Timeline::newest);
                let entry = Entry { at, seen: newest, id: seen.id(), value: actor.id };
                self.watched.entry(patient.clone()).or_default().insert(entry, WATCHERS_MOST);
            }
        }
        if seen.outcome == Outcome::Success {
            if seen.interaction == "emergency-access-start" {
                user.emergency(seen, at, newest);
                emergencies = 1;
                noted.emergency = true;
                works = true;
            }
            noted.export = user.export(seen, at, newest);
        }
        if works && is_remembered(at, newest) {
            let own = user.days.entry(day).or_default();
            let active = u32::from(own.active == 0);
            own.active = 1;
            let of_role = role.days.entry(day).or_default();
            of_role.active = of_role.active.saturating_add(active);
            for count in [own, of_role] {
                count.visits = count.visits.saturating_add(visits);
                count.emergencies = count.emergencies.saturating_add(emergencies);
            }
        }
        noted
    }

    fn failure(&mut self, seen: &Observation, at: Micros) -> Failure {
        let account = seen.actor.map(|actor| actor.id).or(seen.account);
        let failure = Failure { account, place: seen.device.unwrap_or(seen.log) };
        let entry = || Entry { at, seen: self.newest, id: seen.id(), value: failure };
        if let Some(account) = account {
            bound(&mut self.accounts, &account, DOORS_MOST, Timeline::newest);
            self.accounts.entry(account).or_default().insert(entry(), FAILURES_MOST);
        }
        bound(&mut self.doors, &failure.place, DOORS_MOST, Timeline::newest);
        self.doors.entry(failure.place).or_default().insert(entry(), FAILURES_MOST);
        failure
    }

    fn tell(&mut self, rules: &RuleSet, rule: &Rule, found: Candidate) -> Option<Finding> {
        let part = found.part.as_ref().map(|part| format!(":{part}")).unwrap_or_default();
        let thing = format!("{}:{}{part}", rule.id, found.subject);
        let cool_down = rule.cool_down.num_microseconds().unwrap_or(Micros::MAX);
        // What somebody does after their suspension was lifted is another episode.
        let settled = match &found.subject {
            Subject::User(user) => self.users.get(user).and_then(|user| user.anew).filter(|anew| *anew < found.since),
            Subject::Device(_) | Subject::Patient(_) | Subject::Fleet => None,
        };
        let count = found.grows.then_some(found.figures.count);
        let episode = self.episodes.find(&thing, found.at, count, cool_down, settled)?;
        let fresh = self.known.fresh(&episode.key, found.at, &found.evidence);
        if !episode.tells && fresh.is_empty() {
            return None;
        }
        let evidence = if episode.tells { found.evidence } else { fresh };
        Some(Finding {
            rule: rule.id.clone(),
            rules_version: rules.version,
            severity: rule.severity,
            subject: found.subject,
            key: episode.key,
            tells: episode.tells,
            at: DateTime::from_timestamp_micros(found.at).unwrap_or_default(),
            patients: evidence.iter().filter_map(|one| one.patient.clone()).collect(),
            evidence: evidence.into_iter().map(|one| one.id).collect(),
            figures: found.figures,
            action: rule.action,
        })
    }
}

/// Makes room for `key` where there is none: what is least recent goes.
fn bound<K: Ord + Clone, V>(map: &mut BTreeMap<K, V>, key: &K, most: usize, last: impl Fn(&V) -> Micros) {
    if map.len() >= most && !map.contains_key(key) {
        let oldest = map.iter().min_by_key(|(_, value)| last(value)).map(|(key, _)| key.clone());
        oldest.and_then(|oldest| map.remove(&oldest));
    }
}

fn forget<K: Ord, T>(map: &mut BTreeMap<K, Timeline<T>>, before: Micros) {
    for timeline in map.values_mut() {
        timeline.forget(before);
    }
    map.retain(|_, timeline| !timeline.is_empty());
}

fn share(hours: &Hours, from: DateTime<Utc>, until: DateTime<Utc>) -> Explained {
    hours.range(range(from, until)).map(|(_, count)| count.share()).fold(Explained::default(), |all, one| all + one)
}

/// The hours that begin from `from` until before `until`.
fn range(from: DateTime<Utc>, until: DateTime<Utc>) -> std::ops::Range<i64> {
    let first = |at: DateTime<Utc>| (at + TimeDelta::seconds(3599)).timestamp().div_euclid(3600);
    first(from)..first(until).max(first(from))
}
