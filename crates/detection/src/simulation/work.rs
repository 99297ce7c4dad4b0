//! Honest work, with what no record explains: telephone calls, slips of the pen, colleagues who help out.

use chrono::{DateTime, TimeDelta, Utc};
use vigil_model::Role;

use super::chance::Chance;
use super::pen::{Pen, Sitting};
use super::world::{Place, Shift, User, World, session};
use crate::Basis;

/// Somebody covers for a colleague whose rota nobody has changed: the same few patients, for days.
#[derive(Clone, Default)]
pub(super) struct Cover {
    until: u32,
    patients: Vec<u32>,
}

/// What a working day is made of.
struct Day<'a, 'w> {
    world: &'a World,
    pen: &'a mut Pen<'w>,
    chance: &'a mut Chance,
    day: u32,
    shift: Shift,
    by: Sitting<'a>,
}

/// Everything that one user does on one day, honestly.
pub(super) fn day(
    world: &World,
    user: &User,
    day: u32,
    disaster: bool,
    cover: &mut Cover,
    chance: &mut Chance,
    pen: &mut Pen<'_>,
) {
    let workstation = at_unit(world, user.unit, chance);
    let by = Sitting { user, session: session(chance), workstation };
    match world.shift(user, day) {
        Some(shift) => {
            let mut day = Day { world, pen, chance, day, shift, by };
            day.doors();
            day.work();
            day.noise();
            day.cover(cover);
            day.lists();
            day.emergencies(disaster);
            day.papers();
            day.evening();
        }
        // Some write their letters on a free day.
        None if user.place == Place::Clinic && user.role == Role::Physician && chance.in_1000(30) => {
            let shift = Shift { from: 14 * 3_600, until: 17 * 3_600, on_call: false };
            Day { world, pen, chance, day, shift, by }.letters(shift);
        }
        None => {}
    }
}

fn at_unit(world: &World, unit: usize, chance: &mut Chance) -> usize {
    world.units.get(unit).and_then(|unit| chance.pick(&unit.workstations)).unwrap_or(0)
}

impl Day<'_, '_> {
    fn user(&self) -> &User {
        self.by.user
    }

    /// Some time of the shift.
    fn sometime(&mut self) -> DateTime<Utc> {
        let second = self.chance.whole(self.shift.from + 300, self.shift.until);
        self.world.time(self.day, second)
    }

    fn open(&mut self, at: DateTime<Utc>, patient: u32, basis: Basis) {
        self.pen.chart(self.by, at, patient, basis, None, self.chance);
    }

    fn open_sometime(&mut self, patient: u32, basis: Basis) {
        let at = self.sometime();
        self.open(at, patient, basis);
    }

    fn anybody(&mut self) -> u32 {
        self.world.anybody(self.chance)
    }

    /// Somebody who lies in a unit now, or lay there lately.
    fn of_unit(&mut self, unit: usize, lately: bool) -> u32 {
        let people = self.world.units.get(unit).map(|unit| if lately { &unit.former } else { &unit.patients });
        people.and_then(|people| self.chance.pick(people)).unwrap_or(0)
    }

    /// Signing in, unlocking, and the fingers of tired people.
    fn doors(&mut self) {
        let start = self.world.time(self.day, self.shift.from);
        let slips = if self.chance.in_1000(60) { self.chance.whole(1, 3) } else { 0 };
        for slip in 0..slips {
            self.pen.failure(self.by, start + TimeDelta::seconds(i64::from(slip * 8)), false, None);
        }
        self.pen.session(self.by, "session-create", start + TimeDelta::seconds(60));
        for _ in 0..3 {
            let at = self.sometime();
            let slips = if self.chance.in_1000(40) { self.chance.whole(1, 3) } else { 0 };
            for slip in 1..=slips {
                self.pen.failure(self.by, at - TimeDelta::seconds(i64::from(slip * 8)), true, None);
            }
            self.pen.session(self.by, "session-unlock", at);
        }
        // Every 90 days a new password, which the fingers do not know yet, at one workstation and the next.
        if self.chance.in_1000(11) {
            for _ in 0..self.chance.whole(1, 3) {
                let (workstation, at) = (at_unit(self.world, self.user().unit, self.chance), self.sometime());
                let elsewhere = Sitting { workstation, ..self.by };
                for attempt in 0..self.chance.whole(2, 5) {
                    let names = self.chance.in_1000(500);
                    self.pen.failure(elsewhere, at + TimeDelta::seconds(i64::from(attempt * 15)), names, None);
                }
            }
        }
    }

    fn work(&mut self) {
        let (unit, place) = (self.user().unit, self.user().place);
        match (self.user().role, place) {
            (Role::Nurse, Place::Ward) => {
                for _ in 0..6 {
                    let patient = self.of_unit(unit, false);
                    for _ in 0..self.chance.whole(2, 4) {
                        self.open_sometime(patient, Basis::CareTeam);
                    }
                }
                for _ in 0..2 {
                    let patient = self.of_unit(unit, false);
                    self.open_sometime(patient, Basis::Shift);
                }
            }
            (Role::Physician, Place::Ward) => self.ward_round(unit),
            (_, Place::Emergency) => {
                for _ in 0..self.chance.whole(10, 18) {
                    let patient = self.anybody();
                    self.open_sometime(patient, Basis::Encounter);
                }
            }
            (_, Place::Clinic) => {
                for _ in 0..self.chance.whole(11, 16) {
                    let known = self.chance.in_1000(600);
                    let panel = if known { self.chance.pick(&self.by.user.panel) } else { None };
                    let patient = panel.unwrap_or_else(|| self.world.anybody(self.chance));
                    self.open_sometime(patient, Basis::Appointment);
                }
            }
            (Role::Pharmacist, _) => self.many(70, 110, Basis::Order),
            (Role::FrontDesk, _) => self.many(40, 70, Basis::Appointment),
            (Role::Billing, _) => self.many(30, 50, Basis::Encounter),
            (Role::Physician | Role::Nurse | Role::PrivacyOfficer | Role::Administrator, _) => {}
        }
    }

    fn many(&mut self, low: u32, high: u32, basis: Basis) {
        for _ in 0..self.chance.whole(low, high) {
            let patient = self.anybody();
            self.open_sometime(patient, basis);
        }
    }

    fn ward_round(&mut self, unit: usize) {
        let start = self.world.time(self.day, self.shift.from);
        for number in 0..self.chance.whole(10, 15) {
            let patient = self.of_unit(unit, false);
            self.open(start + TimeDelta::minutes(i64::from(5 + number * 6)), patient, Basis::CareTeam);
        }
        for _ in 0..8 {
            let patient = self.of_unit(unit, false);
            self.open_sometime(patient, Basis::CareTeam);
        }
        for _ in 0..2 {
            let patient = self.anybody();
            self.open_sometime(patient, Basis::Referral);
        }
        if self.shift.on_call {
            // The wards of others by night. Of three rotas in ten nobody has told the computer.
            let basis = if self.chance.in_1000(700) { Basis::Shift } else { Basis::None };
            for _ in 0..self.chance.whole(5, 14) {
                let ward = usize::try_from(self.chance.whole(0, 40)).unwrap_or(0) % self.world.units.len().max(1);
                let patient = self.of_unit(ward, false);
                let at = self.world.time(self.day, self.chance.whole(18 * 3_600, self.shift.until));
                self.open(at, patient, basis);
            }
        }
    }

    /// What nothing explains, and is honest.
    fn noise(&mut self) {
        let unit = self.user().unit;
        let (calls, slips) = match self.user().role {
            Role::Nurse => (700, 100),
            Role::Physician => (900, 150),
            Role::Pharmacist => (900, 200),
            Role::FrontDesk => (2_800, 400),
            Role::Billing => (600, 200),
            Role::PrivacyOfficer | Role::Administrator => (0, 0),
        };
        for _ in 0..self.times(calls) {
            // Somebody calls about a patient who went home, or who has never been here.
            let patient = if self.chance.in_1000(700) { self.of_unit(unit, true) } else { self.anybody() };
            self.open_sometime(patient, Basis::None);
        }
        for _ in 0..self.times(slips) {
            let patient = self.anybody();
            self.open_sometime(patient, Basis::None);
        }
        // How did it go on with somebody? One looks again after days.
        if self.user().role == Role::Physician && self.chance.in_1000(150) {
            let patient = self.chance.pick(&self.by.user.panel).unwrap_or(0);
            self.open_sometime(patient, Basis::None);
        }
        // A colleague in the house asks for their own result.
        if self.chance.in_1000(6) && !matches!(self.user().role, Role::PrivacyOfficer | Role::Administrator) {
            let patient = self.world.employee(self.chance);
            self.open_sometime(patient, Basis::None);
        }
        // Helping out on another ward for the shift.
        if self.user().role == Role::Nurse && self.chance.in_1000(15) {
            let ward = usize::try_from(self.chance.whole(0, 40)).unwrap_or(0) % self.world.units.len().max(1);
            for _ in 0..self.chance.whole(4, 7) {
                let patient = self.of_unit(ward, false);
                self.open_sometime(patient, Basis::None);
                self.open_sometime(patient, Basis::None);
            }
        }
    }

    /// So many in a thousand: the whole thousands, and one more by chance.
    fn times(&mut self, per_1000: u32) -> u32 {
        per_1000 / 1_000 + u32::from(self.chance.in_1000(per_1000 % 1_000))
    }

    fn cover(&mut self, cover: &mut Cover) {
        let covers = self.user().role == Role::Physician && self.user().place != Place::Emergency;
        if covers && cover.until <= self.day && self.chance.in_1000(4) {
            let patients = (0..self.chance.whole(3, 6)).map(|_| self.world.anybody(self.chance)).collect();
            *cover = Cover { until: self.day + self.chance.whole(3, 6), patients };
        }
        if self.day < cover.until {
            for patient in cover.patients.clone() {
                self.open_sometime(patient, Basis::None);
            }
        }
    }

    /// Lists that are worked off in one go: recalls, vaccinations, letters. Most of them are explained, some are not: a study,
    /// a review of quality.
    fn lists(&mut self) {
        let role = self.user().role;
        if matches!(role, Role::PrivacyOfficer | Role::Administrator) {
            return;
        }
        let (explained, unexplained) = (self.chance.in_1000(8), self.chance.in_100_000(20));
        if !explained && !unexplained {
            return;
        }
        let start = self.sometime();
        for number in 0..self.chance.whole(25, 60) {
            let nothing = unexplained || self.chance.in_1000(60);
            let (patient, basis) = (self.anybody(), if nothing { Basis::None } else { Basis::Encounter });
            self.open(start + TimeDelta::seconds(i64::from(number * 55)), patient, basis);
        }
    }

    fn emergencies(&mut self, disaster: bool) {
        let in_1000 = match (self.user().role, self.user().place) {
            (Role::Physician, Place::Emergency) => 60,
            (Role::Nurse, Place::Emergency) => 20,
            (Role::Physician, Place::Ward) if self.shift.on_call => 60,
            (Role::Physician, Place::Ward | Place::Clinic | Place::Office) => 3,
            (Role::Nurse, Place::Ward | Place::Clinic | Place::Office) => 1,
            (
                Role::Pharmacist | Role::FrontDesk | Role::Billing | Role::PrivacyOfficer | Role::Administrator,
                Place::Ward | Place::Clinic | Place::Emergency | Place::Office,
            ) => 0,
        };
        if self.chance.in_1000(in_1000) {
            let (at, patient) = (self.sometime(), self.anybody());
            self.pen.emergency(self.by, at, patient, None);
        }
        // A bus has had an accident: within hours everybody in the emergency department breaks the glass for strangers.
        if disaster
            && self.user().place == Place::Emergency
            && (self.shift.from..self.shift.until).contains(&(15 * 3_600))
        {
            for _ in 0..self.chance.whole(2, 5) {
                let (at, patient) = (self.world.time(self.day, self.chance.whole(14, 17) * 3_600), self.anybody());
                self.pen.emergency(self.by, at, patient, None);
            }
        }
    }

    fn papers(&mut self) {
        let role = self.user().role;
        let exports = if role == Role::FrontDesk && self.chance.in_1000(5) {
            self.chance.whole(6, 10)
        } else if role == Role::FrontDesk && self.chance.in_1000(300) {
            self.chance.whole(1, 2)
        } else {
            u32::from(role == Role::Physician && self.chance.in_1000(20))
        };
        for _ in 0..exports {
            let (at, patient) = (self.sometime(), self.anybody());
            self.pen.export(self.by, "patient-export", at, (patient, Basis::Appointment), None);
        }
        let prints = match (role, self.user().place) {
            (Role::Nurse, Place::Ward | Place::Emergency) => self.chance.whole(2, 6),
            (Role::Physician, Place::Clinic) => self.chance.whole(6, 14),
            _ => 0,
        };
        for _ in 0..prints {
            let (at, patient) = (self.sometime(), self.of_unit(self.by.user.unit, false));
            self.pen.export(self.by, "visit-summary-print", at, (patient, Basis::CareTeam), None);
        }
    }

    /// Letters that were left over from the day.
    fn evening(&mut self) {
        if self.user().place == Place::Clinic && self.user().role == Role::Physician && self.chance.in_1000(100) {
            self.letters(Shift { from: 18 * 3_600, until: 21 * 3_600, on_call: false });
        }
        // The accounts of the month, a delivery that was late.
        if self.user().place == Place::Office && self.chance.in_1000(15) {
            let basis = if self.chance.in_1000(900) { Basis::Encounter } else { Basis::None };
            self.shift = Shift { from: self.shift.until, until: self.shift.until + 3 * 3_600, on_call: false };
            self.many(2, 8, basis);
        }
    }

    fn letters(&mut self, when: Shift) {
        self.shift = when;
        for _ in 0..self.chance.whole(3, 8) {
            let basis = if self.chance.in_1000(940) { Basis::CareTeam } else { Basis::None };
            let patient = self.chance.pick(&self.by.user.panel).unwrap_or(0);
            self.open_sometime(patient, basis);
        }
    }
}
