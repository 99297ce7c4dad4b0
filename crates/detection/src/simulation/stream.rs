//! Months of entries in the order in which they reach the server. No more than a few days are held in memory.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

use super::chance::Chance;
use super::misuse::{Plan, plan};
use super::pen::{Draft, Pen};
use super::work::{self, Cover};
use super::world::{Place, World};
use super::{Arrival, Labelled, Misuse, Planted, Size};
use crate::{DeviceContact, Fact, FactKind};

/// The server looks who was last heard of, so often a day.
const LOOKS: i64 = 4;

/// The months of one hospital: an iterator over what reaches its server.
pub struct Months {
    size: Size,
    world: World,
    plans: Vec<Plan>,
    planted: Vec<Planted>,
    covers: Vec<Cover>,
    /// From when to when a workstation has no network.
    offline: Vec<Option<(DateTime<Utc>, DateTime<Utc>)>>,
    numbers: Vec<u64>,
    day: u32,
    /// What has not reached the server yet: when it will, and what.
    under_way: Vec<(DateTime<Utc>, Draft)>,
    ready: VecDeque<Arrival>,
}

impl Months {
    /// The months of the hospital with this size and seed.
    pub fn new(size: Size) -> Self {
        let world = World::new(&size);
        let (plans, planted) = plan(&world, &size, &mut Chance::new(size.seed, 2));
        Self {
            size,
            plans,
            planted,
            covers: vec![Cover::default(); world.users.len()],
            offline: vec![None; world.workstations.len()],
            numbers: vec![0; world.workstations.len()],
            world,
            day: 0,
            under_way: Vec::new(),
            ready: VecDeque::new(),
        }
    }

    /// What is planted.
    pub fn planted(&self) -> &[Planted] {
        &self.planted
    }

    /// The people who sign in.
    pub fn users(&self) -> usize {
        self.world.users.len()
    }

    fn live(&mut self) {
        let day = self.day;
        let mut chance = Chance::new(self.size.seed, (u64::from(day) << 8) | 16);
        self.world.turn(&mut chance);
        for offline in &mut self.offline {
            if offline.is_none_or(|(_, until)| until < self.world.day(day)) {
                let from = self.world.time(day, 10 * 3_600);
                *offline = chance.in_1000(1).then(|| (from, from + TimeDelta::hours(i64::from(chance.whole(12, 168)))));
            }
        }
        let mut pen = Pen { world: &self.world, drafts: Vec::new() };
        for (number, (user, cover)) in self.world.users.iter().zip(&mut self.covers).enumerate() {
            let stream = (u64::try_from(number).unwrap_or(0) << 32) | (u64::from(day) << 8) | 17;
            let mut chance = Chance::new(self.size.seed, stream);
            work::day(&self.world, user, day, day == self.size.days * 55 / 100, cover, &mut chance, &mut pen);
        }
        for plan in &self.plans {
            let stream = (u64::from(plan.number()) << 32) | (u64::from(day) << 8) | 18;
            plan.day(&self.world, day, &mut Chance::new(self.size.seed, stream), &mut pen);
        }
        let drafts = pen.drafts;
        for draft in drafts {
            let at = draft.entry.seen.at;
            if self.stolen(draft.workstation).is_some_and(|since| since <= at) {
                continue;
            }
            let offline = self.offline.get(draft.workstation).copied().flatten();
            let arrives = offline.filter(|(from, until)| (*from..*until).contains(&at)).map_or(at, |(_, until)| until);
            self.under_way.push((arrives, draft));
        }
    }

    /// Since when a workstation is gone.
    fn stolen(&self, workstation: usize) -> Option<DateTime<Utc>> {
        let gone = |plan: &&Plan| plan.misuse == Misuse::StolenWorkstation && plan.workstation == workstation;
        self.plans.iter().find(gone).map(|plan| self.world.time(plan.first, 18 * 3_600))
    }

    /// Moves what arrives on this day to what is ready; after the last day everything.
    fn arrive(&mut self) {
        let (start, end) = (self.world.day(self.day), self.world.day(self.day + 1));
        let is_last = self.day + 1 >= self.size.days;
        let (mut now, later): (Vec<_>, Vec<_>) =
            self.under_way.drain(..).partition(|(arrives, _)| is_last || *arrives < end);
        self.under_way = later;
        // A stable order: a log keeps its own.
        now.sort_by_key(|(arrives, draft)| (*arrives, draft.entry.seen.at));
        let mut looks: VecDeque<DateTime<Utc>> =
            (0..LOOKS).map(|look| start + TimeDelta::hours(24 / LOOKS * look)).collect();
        for (arrives, draft) in now {
            while let Some(look) = looks.front().copied().filter(|look| *look <= arrives) {
                looks.pop_front();
                self.look(look);
            }
            self.deliver(draft);
        }
        while let Some(look) = looks.pop_front() {
            self.look(look);
        }
        let forked = self.plans.iter().find(|plan| plan.misuse == Misuse::ForkedLog && plan.first == self.day);
        if let Some(plan) = forked {
            let log = self.world.workstations.get(plan.workstation).copied();
            let fact = Fact { at: end, kind: FactKind::Conflict, log, seq: Some(1) };
            self.ready.push_back(Arrival::Fact(fact, Some(plan.number())));
        }
    }

    fn deliver(&mut self, draft: Draft) {
        let Some(number) = self.numbers.get_mut(draft.workstation) else { return };
        *number += 1;
        let Labelled { mut seen, planted } = draft.entry;
        seen.seq = *number;
        self.ready.push_back(Arrival::Entry(Labelled { seen, planted }));
    }

    fn look(&mut self, now: DateTime<Utc>) {
        let last = |(number, device): (usize, &vigil_model::DeviceId)| {
            let mut last = self.switched_on(number, now);
            if let Some((from, _)) =
                self.offline.get(number).copied().flatten().filter(|(from, until)| *from <= now && now < *until)
            {
                last = last.min(from);
            }
            if let Some(since) = self.stolen(number) {
                last = last.min(since);
            }
            DeviceContact { device: *device, last }
        };
        let contacts = self.world.workstations.iter().enumerate().map(last).collect();
        self.ready.push_back(Arrival::Time(now, contacts));
    }

    /// When a workstation was last switched on: those of clinics and offices rest at night and on weekends.
    fn switched_on(&self, workstation: usize, now: DateTime<Utc>) -> DateTime<Utc> {
        let unit = self.world.units.iter().find(|unit| unit.workstations.contains(&workstation));
        if !unit.is_some_and(|unit| matches!(unit.place, Place::Clinic | Place::Office)) {
            return now;
        }
        let days = (0..=self.day).rev().filter(|day| !self.world.is_weekend(*day));
        let mut closings = days.map(|day| self.world.time(day, 18 * 3_600 + 1_800));
        let opened = |closing: &DateTime<Utc>| *closing - TimeDelta::hours(12) <= now;
        closings.find(opened).map_or(self.world.first_day, |closing| closing.min(now))
    }
}

impl Iterator for Months {
    type Item = Arrival;

    fn next(&mut self) -> Option<Arrival> {
        while self.ready.is_empty() {
            if self.day >= self.size.days {
                return None;
            }
            self.live();
            self.arrive();
            self.day += 1;
        }
        self.ready.pop_front()
    }
}
