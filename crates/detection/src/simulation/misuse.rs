//! What is planted, and on which days. Whoever is planted works honestly besides.

use chrono::{DateTime, TimeDelta, Utc};
use vigil_model::Role;

use super::chance::Chance;
use super::pen::{Pen, Sitting};
use super::world::{Place, User, World, session};
use super::{Misuse, Planted, Size};
use crate::Basis;

/// One planted thing and its plan.
pub(super) struct Plan {
    number: u32,
    pub(super) misuse: Misuse,
    /// Places in the list of users.
    users: Vec<usize>,
    /// The first day, and how long it goes on.
    pub(super) first: u32,
    days: u32,
    /// Little at a time.
    careful: bool,
    /// Every second one of the careful, and of the others, does it in another way.
    other_way: bool,
    /// Whose chart, where it is one.
    target: u32,
    /// At which workstation, where it is one.
    pub(super) workstation: usize,
}

/// Plans everything that is planted.
pub(super) fn plan(world: &World, size: &Size, chance: &mut Chance) -> (Vec<Plan>, Vec<Planted>) {
    let mut free: Vec<usize> = (0..world.users.len()).collect();
    let mut plans: Vec<Plan> = Vec::new();
    for misuse in Misuse::ALL {
        let (count, crowd) = match misuse {
            Misuse::VipCrowd => (size.planted.div_ceil(4), 7),
            Misuse::StolenWorkstation | Misuse::ForkedLog => (1, 0),
            Misuse::VolumeBrowser
            | Misuse::VipCurious
            | Misuse::Watcher
            | Misuse::OffHoursBrowser
            | Misuse::BreakGlassAbuser
            | Misuse::SlowExfiltrator
            | Misuse::PasswordGuesser => (size.planted, 1),
        };
        for place in 0..count {
            let can_be_careful = !matches!(misuse, Misuse::VipCrowd | Misuse::StolenWorkstation | Misuse::ForkedLog);
            let (careful, other_way) = (can_be_careful && place % 2 == 1, place / 2 % 2 == 1);
            let users: Vec<usize> = (0..crowd).filter_map(|_| take(world, misuse, &mut free, chance)).collect();
            // Habits are known by then, and there is time left to find it.
            let first = chance.whole(size.days * 45 / 100, size.days * 70 / 100);
            let number = u32::try_from(plans.len()).unwrap_or(0);
            let days = match misuse {
                Misuse::VipCurious if !careful => 21,
                Misuse::VipCrowd => 5,
                Misuse::BreakGlassAbuser => 28,
                Misuse::StolenWorkstation | Misuse::ForkedLog | Misuse::PasswordGuesser => 1,
                Misuse::VipCurious
                | Misuse::VolumeBrowser
                | Misuse::Watcher
                | Misuse::OffHoursBrowser
                | Misuse::SlowExfiltrator => 56,
            };
            // One watches a co-worker, another a neighbour.
            let (vip, co_worker) = (misuse == Misuse::VipCrowd, misuse == Misuse::Watcher && !other_way);
            let target = if vip {
                world.vip(chance)
            } else if co_worker {
                world.employee(chance)
            } else {
                world.anybody(chance)
            };
            let last = u32::try_from(world.workstations.len()).unwrap_or(1).saturating_sub(1);
            let workstation = usize::try_from(chance.whole(0, last)).unwrap_or(0);
            plans.push(Plan { number, misuse, careful, other_way, users, first, days, target, workstation });
        }
    }
    let id = |place: &usize| world.users.get(*place).map(|user| user.id);
    let planted = plans.iter().map(|plan| Planted {
        misuse: plan.misuse,
        careful: plan.careful,
        // Whoever is attacked has done nothing.
        users: if plan.misuse == Misuse::PasswordGuesser {
            Vec::new()
        } else {
            plan.users.iter().filter_map(id).collect()
        },
        device: world.workstations.get(plan.workstation).copied().filter(|_| plan.misuse == Misuse::StolenWorkstation),
    });
    let planted = planted.collect();
    (plans, planted)
}

/// Somebody who could do that and does nothing else of the kind.
fn take(world: &World, misuse: Misuse, free: &mut Vec<usize>, chance: &mut Chance) -> Option<usize> {
    let could = |user: &User| {
        let by_day = matches!(user.place, Place::Office | Place::Clinic);
        let at_beds = matches!(user.role, Role::Physician | Role::Nurse) && user.place != Place::Emergency;
        !matches!(user.role, Role::PrivacyOfficer | Role::Administrator)
            && (misuse != Misuse::OffHoursBrowser || by_day)
            && (misuse != Misuse::BreakGlassAbuser || at_beds)
    };
    let able: Vec<usize> = free.iter().copied().filter(|place| world.users.get(*place).is_some_and(could)).collect();
    let taken = chance.pick(&able)?;
    free.retain(|place| *place != taken);
    Some(taken)
}

impl Plan {
    /// What it adds to a day.
    pub(super) fn day(&self, world: &World, day: u32, chance: &mut Chance, pen: &mut Pen<'_>) {
        if !(self.first..self.first + self.days).contains(&day) {
            return;
        }
        for user in self.users.iter().filter_map(|place| world.users.get(*place)) {
            self.of_user(world, user, day, chance, pen);
        }
    }

    /// On how many working days in a thousand (off hours: on how many days), and how many charts then, from and to.
    const fn habit(&self) -> (u32, u32, u32) {
        match (self.misuse, self.careful) {
            (Misuse::VolumeBrowser, false) => (100, 15, 60),
            (Misuse::VolumeBrowser, true) => (100, 5, 12),
            (Misuse::VipCurious, false) => (220, 1, 1),
            (Misuse::VipCurious, true) => (50, 1, 1),
            (Misuse::VipCrowd, _) => (500, 1, 1),
            (Misuse::Watcher, false) => (250, 1, 1),
            (Misuse::Watcher, true) => (70, 1, 1),
            (Misuse::OffHoursBrowser, false) => (150, 3, 8),
            (Misuse::OffHoursBrowser, true) => (100, 1, 3),
            // Some now and then in a burst.
            (Misuse::BreakGlassAbuser, false) => (500, 1, if self.other_way { 2 } else { 6 }),
            (Misuse::BreakGlassAbuser, true) => (80, 1, 1),
            (Misuse::SlowExfiltrator, false) => (1_000, 2, 5),
            (Misuse::SlowExfiltrator, true) => (1_000, 1, 1),
            (Misuse::PasswordGuesser | Misuse::StolenWorkstation | Misuse::ForkedLog, _) => (0, 0, 0),
        }
    }

    fn of_user(&self, world: &World, user: &User, day: u32, chance: &mut Chance, pen: &mut Pen<'_>) {
        let workstations = world.units.get(user.unit).map(|unit| unit.workstations.as_slice()).unwrap_or_default();
        let by = Sitting { user, session: session(chance), workstation: chance.pick(workstations).unwrap_or(0) };
        if self.misuse == Misuse::PasswordGuesser {
            return self.guess(world, by, day, chance, pen);
        }
        let (in_1000, least, most) = self.habit();
        let hours = if self.misuse == Misuse::OffHoursBrowser {
            // After work, or on a day off.
            Some((20 * 3_600, 22 * 3_600))
        } else {
            world.shift(user, day).map(|shift| (shift.from + 600, shift.until - 3_600))
        };
        let Some((from, until)) = hours.filter(|_| chance.in_1000(in_1000)) else { return };
        let start = chance.whole(from, until);
        for number in 0..chance.whole(least, most) {
            let second = match self.misuse {
                Misuse::VolumeBrowser => start + number * 50,
                Misuse::OffHoursBrowser => start + number * 240,
                Misuse::VipCurious
                | Misuse::Watcher
                | Misuse::BreakGlassAbuser
                | Misuse::SlowExfiltrator
                | Misuse::VipCrowd
                | Misuse::PasswordGuesser
                | Misuse::StolenWorkstation
                | Misuse::ForkedLog => chance.whole(from, until),
            };
            self.look(world, by, world.time(day, second), chance, pen);
        }
    }

    /// One chart.
    fn look(&self, world: &World, by: Sitting<'_>, at: DateTime<Utc>, chance: &mut Chance, pen: &mut Pen<'_>) {
        let label = Some(self.number);
        let patient = match self.misuse {
            Misuse::VipCurious => world.vip(chance),
            Misuse::Watcher | Misuse::VipCrowd => self.target,
            Misuse::VolumeBrowser
            | Misuse::OffHoursBrowser
            | Misuse::BreakGlassAbuser
            | Misuse::SlowExfiltrator
            | Misuse::PasswordGuesser
            | Misuse::StolenWorkstation
            | Misuse::ForkedLog => world.anybody(chance),
        };
        if self.misuse == Misuse::BreakGlassAbuser {
            return pen.emergency(by, at, patient, label);
        }
        pen.chart(by, at, patient, Basis::None, label, chance);
        // Some carry away what they see.
        if self.misuse == Misuse::VolumeBrowser && !self.other_way {
            let at = at + TimeDelta::seconds(20);
            pen.export(by, "patient-export", at, (patient, Basis::None), label);
        }
    }

    /// Six passwords at each of four workstations; whoever is careful tries one workstation.
    fn guess(&self, world: &World, by: Sitting<'_>, day: u32, chance: &mut Chance, pen: &mut Pen<'_>) {
        let start = chance.whole(8 * 3_600, 20 * 3_600);
        for place in 0..if self.careful { 1 } else { 4_u32 } {
            let offset = usize::try_from(place).unwrap_or(0);
            let workstation = (self.workstation + offset) % world.workstations.len().max(1);
            for attempt in 0..6 {
                let at = world.time(day, start + place * 400 + attempt * 20);
                pen.first_sign_in_refused(Sitting { workstation, ..by }, at, Some(self.number));
            }
        }
    }

    pub(super) const fn number(&self) -> u32 {
        self.number
    }
}
