//! Who works where and when, and who the patients are.

use chrono::{DateTime, Datelike, Days, TimeDelta, Utc, Weekday};
use uuid::Builder;
use vigil_model::{DeviceId, PatientId, Role, SessionId, UserId};

use super::Size;
use super::chance::Chance;

/// Patients for each user: those of a few years, most of whom are not in the house.
const PATIENTS_PER_USER: u32 = 40;
/// One in so many is somebody of whom papers write.
const ONE_VIP_IN: u32 = 500;
/// Of so many users in a hundred the hospital has a chart.
const EMPLOYEES_PERCENT: u32 = 60;
/// Users of one ward, clinic or emergency department.
const USERS_PER_UNIT: u32 = 25;
/// Beds of a ward.
const BEDS: u32 = 18;
/// Two weeks of a rota: D is 06 to 14, L is 14 to 22, N is 22 to 06, a dot is off.
const ROTA: &[u8; 14] = b"DDLLNN...DDL..";

/// Where somebody works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Inpatients, around the clock.
    Ward,
    /// Appointments on weekdays.
    Clinic,
    /// Emergencies, around the clock.
    Emergency,
    /// Pharmacy, front desk, billing, administration: weekdays.
    Office,
}

/// Somebody who signs in.
pub(super) struct User {
    pub(super) id: UserId,
    pub(super) role: Role,
    pub(super) place: Place,
    pub(super) unit: usize,
    /// Where in the rota, so that not all are on together.
    pub(super) phase: u32,
    /// Patients who come to them again.
    pub(super) panel: Vec<u32>,
}

/// A ward, a clinic, an emergency department, the offices.
pub(super) struct Unit {
    pub(super) place: Place,
    pub(super) workstations: Vec<usize>,
    /// Who lies there or has come today.
    pub(super) patients: Vec<u32>,
    /// Who was there lately.
    pub(super) former: Vec<u32>,
}

/// A stretch of work, in seconds from the beginning of the day; it may reach into the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    pub(super) from: u32,
    pub(super) until: u32,
    pub(super) on_call: bool,
}

pub(super) struct World {
    pub(super) first_day: DateTime<Utc>,
    pub(super) users: Vec<User>,
    pub(super) units: Vec<Unit>,
    pub(super) workstations: Vec<DeviceId>,
    pub(super) patients: u32,
    vips: u32,
    employees: u32,
}

const HOUR: u32 = 3_600;

impl World {
    pub(super) fn new(size: &Size) -> Self {
        let mut chance = Chance::new(size.seed, 1);
        let patients = size.users * PATIENTS_PER_USER;
        let unit_count = (size.users / USERS_PER_UNIT).max(3);
        let mut units: Vec<Unit> = (0..unit_count)
            .map(|number| Unit {
                // One in eight is an emergency department, three in eight are clinics.
                place: match number % 8 {
                    1 => Place::Emergency,
                    2 | 4 | 6 => Place::Clinic,
                    _ => Place::Ward,
                },
                workstations: Vec::new(),
                patients: Vec::new(),
                former: Vec::new(),
            })
            .collect();
        units.push(Unit { place: Place::Office, workstations: Vec::new(), patients: Vec::new(), former: Vec::new() });
        let workstations: Vec<DeviceId> =
            (0..size.workstations.max(unit_count + 1)).map(|_| DeviceId::from_uuid(id(&mut chance))).collect();
        let all_units = units.len();
        for (number, _) in workstations.iter().enumerate() {
            if let Some(unit) = units.get_mut(number % all_units) {
                unit.workstations.push(number);
            }
        }
        let mut world = Self {
            // A Monday.
            first_day: DateTime::from_timestamp(1_767_571_200, 0).unwrap_or_default(),
            users: Vec::new(),
            units,
            workstations,
            patients,
            vips: (patients / ONE_VIP_IN).max(3),
            employees: size.users * EMPLOYEES_PERCENT / 100,
        };
        world.users = (0..size.users).map(|number| world.user(number, size.users, unit_count, &mut chance)).collect();
        for number in 0..world.units.len() {
            let people = (0..BEDS).map(|_| world.anybody(&mut chance)).collect();
            if let Some(unit) = world.units.get_mut(number) {
                unit.patients = people;
            }
        }
        world
    }

    fn user(&self, number: u32, users: u32, unit_count: u32, chance: &mut Chance) -> User {
        // Shares of a hospital: nurses a good half, physicians a quarter, the rest in offices.
        let share = number * 1_000 / users.max(1);
        let role = match share {
            0..530 => Role::Nurse,
            530..800 => Role::Physician,
            800..845 => Role::Pharmacist,
            845..930 => Role::FrontDesk,
            930..980 => Role::Billing,
            980..990 => Role::PrivacyOfficer,
            _ => Role::Administrator,
        };
        let at_patients = matches!(role, Role::Nurse | Role::Physician);
        let unit = usize::try_from(if at_patients { number % unit_count } else { unit_count }).unwrap_or(0);
        let place = self.units.get(unit).map_or(Place::Office, |unit| unit.place);
        let panel = (0..60).map(|_| self.anybody(chance)).collect();
        User { id: UserId::from_uuid(id(chance)), role, place, unit, phase: number / unit_count * 5 + number, panel }
    }

    /// Anybody of whom there is a chart.
    pub(super) fn anybody(&self, chance: &mut Chance) -> u32 {
        chance.whole(0, self.patients.saturating_sub(1))
    }

    pub(super) const fn is_vip(&self, patient: u32) -> bool {
        patient < self.vips
    }

    pub(super) const fn is_employee(&self, patient: u32) -> bool {
        patient >= self.vips && patient < self.vips + self.employees
    }

    pub(super) fn vip(&self, chance: &mut Chance) -> u32 {
        chance.whole(0, self.vips.saturating_sub(1))
    }

    pub(super) fn employee(&self, chance: &mut Chance) -> u32 {
        chance.whole(self.vips, (self.vips + self.employees).saturating_sub(1))
    }

    pub(super) fn patient_id(number: u32) -> Option<PatientId> {
        PatientId::parse(&format!("p{number}")).ok()
    }

    /// The beginning of a day.
    pub(super) fn day(&self, day: u32) -> DateTime<Utc> {
        self.first_day + Days::new(u64::from(day))
    }

    pub(super) fn time(&self, day: u32, second: u32) -> DateTime<Utc> {
        self.day(day) + TimeDelta::seconds(i64::from(second))
    }

    pub(super) fn is_weekend(&self, day: u32) -> bool {
        // Two bank holidays make one long weekend.
        matches!(self.day(day).weekday(), Weekday::Sat | Weekday::Sun) || matches!(day, 88 | 91)
    }

    /// When somebody works on a day.
    pub(super) fn shift(&self, user: &User, day: u32) -> Option<Shift> {
        let on = |from: u32, until: u32| Some(Shift { from: from * HOUR, until: until * HOUR, on_call: false });
        let weekday = !self.is_weekend(day);
        match (user.role, user.place) {
            (Role::Nurse, Place::Ward | Place::Emergency) | (Role::Physician, Place::Emergency) => {
                let place = usize::try_from((day + user.phase) % 14).unwrap_or(0);
                match ROTA.get(place) {
                    Some(b'D') => on(6, 14),
                    Some(b'L') => on(14, 22),
                    Some(b'N') => on(22, 30),
                    _ => None,
                }
            }
            (Role::Physician, _) if self.is_on_call(user, day) => {
                Some(Shift { from: if weekday { 8 } else { 9 } * HOUR, until: 32 * HOUR, on_call: true })
            }
            // The day after a night on call is off.
            (Role::Physician, _) if day > 0 && self.is_on_call(user, day - 1) => None,
            (Role::Physician, _) if weekday => on(8, 17),
            (Role::Nurse, _) if weekday => on(7, 16),
            (Role::Pharmacist, _) if weekday || (day + user.phase).is_multiple_of(4) => on(8, 17),
            (Role::FrontDesk, _) if weekday => {
                if (day / 7 + user.phase).is_multiple_of(2) {
                    on(7, 15)
                } else {
                    on(10, 18)
                }
            }
            (Role::Billing, _) if weekday => on(8, if self.day(day).day() >= 29 { 20 } else { 16 }),
            (Role::PrivacyOfficer | Role::Administrator, _) if weekday => on(9, 17),
            _ => None,
        }
    }

    fn is_on_call(&self, user: &User, day: u32) -> bool {
        user.place == Place::Ward && (day + user.phase).is_multiple_of(9)
    }

    /// People come and go over night.
    pub(super) fn turn(&mut self, chance: &mut Chance) {
        for number in 0..self.units.len() {
            let new: Vec<Option<u32>> = (0..BEDS).map(|_| chance.in_1000(220).then(|| self.anybody(chance))).collect();
            let Some(unit) = self.units.get_mut(number) else { continue };
            for (bed, new) in unit.patients.iter_mut().zip(new) {
                if let Some(new) = new {
                    unit.former.push(std::mem::replace(bed, new));
                }
            }
            let surplus = unit.former.len().saturating_sub(40);
            unit.former.drain(..surplus);
        }
    }
}

pub(super) fn id(chance: &mut Chance) -> uuid::Uuid {
    Builder::from_random_bytes(chance.bits().to_be_bytes()).into_uuid()
}

pub(super) fn session(chance: &mut Chance) -> SessionId {
    SessionId::from_uuid(id(chance))
}
