//! Writes the entries of an invented day.

use chrono::{DateTime, TimeDelta, Utc};
use vigil_model::{DeviceId, PurposeOfUse, Section, SessionId};

use super::Labelled;
use super::chance::Chance;
use super::world::{User, World};
use crate::{Actor, Basis, Observation, Outcome};

/// Pages that are read after a chart was opened.
const PAGES: [Section; 4] = [Section::Results, Section::Medications, Section::Documents, Section::Vitals];

/// Somebody at a workstation.
#[derive(Clone, Copy)]
pub(super) struct Sitting<'w> {
    pub(super) user: &'w User,
    pub(super) session: SessionId,
    pub(super) workstation: usize,
}

/// Entries that are not numbered yet: a log numbers them in the order of its clock.
pub(super) struct Draft {
    pub(super) workstation: usize,
    pub(super) entry: Labelled,
}

pub(super) struct Pen<'w> {
    pub(super) world: &'w World,
    pub(super) drafts: Vec<Draft>,
}

impl Pen<'_> {
    /// A chart is opened, and a page or two of it.
    pub(super) fn chart(
        &mut self,
        by: Sitting<'_>,
        at: DateTime<Utc>,
        patient: u32,
        basis: Basis,
        planted: Option<u32>,
        chance: &mut Chance,
    ) {
        let Some(mut seen) = self.of(by, "patient-read", at) else { return };
        seen.patient = World::patient_id(patient);
        seen.basis = Some(basis);
        seen.vip = self.world.is_vip(patient);
        seen.employee = self.world.is_employee(patient);
        let pages = chance.whole(0, 2);
        let mut page = seen.clone();
        self.push(by.workstation, seen, planted);
        for number in 1..=pages {
            page.interaction = "section-read".to_owned();
            page.section = chance.pick(&PAGES);
            page.at = at + TimeDelta::seconds(i64::from(number * 25));
            self.push(by.workstation, page.clone(), planted);
        }
    }

    /// The glass of a chart is broken, the chart is read, and the access ends.
    pub(super) fn emergency(&mut self, by: Sitting<'_>, at: DateTime<Utc>, patient: u32, planted: Option<u32>) {
        for (interaction, minutes, alert) in
            [("emergency-access-start", 0, true), ("patient-read", 1, false), ("emergency-access-stop", 20, true)]
        {
            let Some(mut seen) = self.of(by, interaction, at + TimeDelta::minutes(minutes)) else { return };
            seen.patient = World::patient_id(patient);
            seen.purpose = Some(PurposeOfUse::BreakTheGlass);
            seen.security_alert = alert;
            seen.basis = (!alert).then_some(Basis::None);
            self.push(by.workstation, seen, planted);
        }
    }

    /// A chart or a paper leaves the workstation.
    pub(super) fn export(
        &mut self,
        by: Sitting<'_>,
        interaction: &str,
        at: DateTime<Utc>,
        (patient, basis): (u32, Basis),
        planted: Option<u32>,
    ) {
        let Some(mut seen) = self.of(by, interaction, at) else { return };
        seen.patient = World::patient_id(patient);
        seen.basis = Some(basis);
        self.push(by.workstation, seen, planted);
    }

    /// A sign-in, or the end of one.
    pub(super) fn session(&mut self, by: Sitting<'_>, interaction: &str, at: DateTime<Utc>) {
        if let Some(seen) = self.of(by, interaction, at) {
            self.push(by.workstation, seen, None);
        }
    }

    /// A refused unlock names the user; a refused sign-in names nobody, for the name may be wrong.
    pub(super) fn failure(&mut self, by: Sitting<'_>, at: DateTime<Utc>, names: bool, planted: Option<u32>) {
        let Some(mut seen) = self.of(by, "session-refuse", at) else { return };
        seen.outcome = Outcome::Refused;
        if !names {
            seen.actor = None;
        }
        self.push(by.workstation, seen, planted);
    }

    /// The server refuses a first sign-in at a workstation; it knows whose account it was about.
    pub(super) fn first_sign_in_refused(&mut self, by: Sitting<'_>, at: DateTime<Utc>, planted: Option<u32>) {
        let Some(mut seen) = self.of(by, "first-sign-in", at) else { return };
        seen.outcome = Outcome::Refused;
        seen.actor = None;
        seen.account = Some(by.user.id);
        seen.device = Some(seen.log);
        self.push(by.workstation, seen, planted);
    }

    fn of(&self, by: Sitting<'_>, interaction: &str, at: DateTime<Utc>) -> Option<Observation> {
        let log: DeviceId = *self.world.workstations.get(by.workstation)?;
        Some(Observation {
            at,
            log,
            seq: 0,
            interaction: interaction.to_owned(),
            outcome: Outcome::Success,
            security_alert: false,
            purpose: Some(PurposeOfUse::Treatment),
            actor: Some(Actor { id: by.user.id, role: by.user.role, session: Some(by.session) }),
            device: None,
            account: None,
            patient: None,
            section: None,
            basis: None,
            vip: false,
            employee: false,
        })
    }

    fn push(&mut self, workstation: usize, seen: Observation, planted: Option<u32>) {
        self.drafts.push(Draft { workstation, entry: Labelled { seen, planted } });
    }
}
