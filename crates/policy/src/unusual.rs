//! Whether a user opens more charts than is usual: exact integers, no clock, no store (ADR 16).
//!
//! What counts is the number of different patients whose chart somebody opened within 60 minutes. What is usual is the mean
//! of the hours around this hour of the week in the last eight weeks: the user's own, or that of their role on this
//! workstation where that is more. Three times as many is allowed; one patient more asks for password and second factor.

use std::fmt;

use vigil_model::{Role, Section};

use crate::{Interaction, Principal, Request};

/// More than so many times the usual asks for an authentication (security reference: 3.0 times is allowed, 3.01 is not).
pub const STEP_UP_ABOVE: u32 = 3;
/// More than so many times the usual, refused attempts among it, suspends: twice that.
pub const SUSPEND_ABOVE: u32 = 6;
/// Fewer hours with an open chart than this are no habit: a cold start.
pub const FEWEST_HOURS: u64 = 6;

/// What was done in the past: patients, summed over the hours in which there was any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// Different patients of each hour, summed.
    pub patients: u64,
    /// Hours in which a chart was opened. A role's are summed over its users.
    pub hours: u64,
}

impl Past {
    const fn is_habit(self) -> bool {
        self.hours >= FEWEST_HOURS
    }
}

/// Patients in an hour that are usual: a fraction, kept as such.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usual {
    patients: u64,
    hours: u64,
}

impl Usual {
    /// What is usual for a user of whom `own` is known, in a role of which `role` is known.
    ///
    /// - With a habit of their own: the greater of the two means, so that a quiet week locks out nobody whose colleagues work.
    /// - Without one (a cold start): the mean of the role alone.
    /// - In any case at least `least`, which alone counts where the role has no habit either.
    pub fn of(own: Past, role: Past, least: u32) -> Self {
        let habits = [own, role].into_iter().filter(|past| past.is_habit());
        habits.fold(Self { patients: u64::from(least), hours: 1 }, |most, past| {
            let mean = Self { patients: past.patients, hours: past.hours };
            if mean.is_more_than(most) { mean } else { most }
        })
    }

    /// Sum of patients and number of hours, for the record.
    pub const fn parts(self) -> (u64, u64) {
        (self.patients, self.hours)
    }

    /// The same from the record; no hours are no fraction.
    pub const fn from_parts(patients: u64, hours: u64) -> Option<Self> {
        if hours == 0 { None } else { Some(Self { patients, hours }) }
    }

    /// The most patients that are not more than `times` the usual.
    pub fn most(self, times: u32) -> u32 {
        let most = u128::from(self.patients) * u128::from(times) / u128::from(self.hours);
        u32::try_from(most).unwrap_or(u32::MAX)
    }

    fn is_more_than(self, other: Self) -> bool {
        u128::from(self.patients) * u128::from(other.hours) > u128::from(other.patients) * u128::from(self.hours)
    }

    /// Whether `count` is more than `times` the usual beyond `base`. Exactly as many is not more.
    fn is_exceeded(self, count: u32, base: u32, times: u32) -> bool {
        let hours = u128::from(self.hours);
        u128::from(count) * hours > u128::from(base) * hours + u128::from(times) * u128::from(self.patients)
    }
}

/// Whole where it is; else with one decimal, cut off.
impl fmt::Display for Usual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rest = self.patients % self.hours;
        write!(f, "{}", self.patients / self.hours)?;
        if rest == 0 { Ok(()) } else { write!(f, ".{}", u128::from(rest) * 10 / u128::from(self.hours)) }
    }
}

/// The last 60 minutes of a user, the chart that is asked for among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hour {
    /// Different patients whose chart was opened.
    pub opened: u32,
    /// The same with those whose chart was refused meanwhile: a script that goes on asking is no better for being refused.
    pub asked: u32,
    /// How many had been opened when the user authenticated again for more; `None`: not within this hour.
    pub stepped_up_at: Option<u32>,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing.
    Usual,
    /// The user has to show again that it is them.
    StepUp,
    /// The account is suspended on this workstation.
    Suspend,
}

/// Judges one more chart. An authentication lets as many patients more pass as are usual in an hour, and no more.
pub fn judge(hour: Hour, usual: Usual) -> Verdict {
    if usual.is_exceeded(hour.asked.max(hour.opened), 0, SUSPEND_ABOVE) {
        return Verdict::Suspend;
    }
    if !usual.is_exceeded(hour.opened, 0, STEP_UP_ABOVE) {
        return Verdict::Usual;
    }
    match hour.stepped_up_at {
        None => Verdict::StepUp,
        Some(at) if usual.is_exceeded(hour.opened, at, 1) => Verdict::Suspend,
        Some(_) => Verdict::Usual,
    }
}

/// The interactions of a role that count: opening a chart. Who oversees reads who has looked, which is no chart; exporting
/// one counts for everybody.
pub const fn counted(role: Role) -> &'static [&'static str] {
    match role {
        Role::PrivacyOfficer | Role::Administrator => &["patient-export"],
        Role::Physician | Role::Nurse | Role::Pharmacist | Role::FrontDesk | Role::Billing => {
            &["patient-read", "section-read", "resource-read", "patient-export"]
        }
    }
}

/// Whether `request` counts. An emergency access has its own limit and its own review.
pub fn counts(request: &Request) -> bool {
    let Principal::User { role, .. } = request.principal else { return false };
    request.patient.is_some()
        && !request.purpose.overrides()
        && !matches!(request.interaction, Interaction::SectionRead(Section::Access))
        && counted(role).contains(&request.interaction.code())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use vigil_model::{PatientId, PurposeOfUse, SessionId, UserId};

    use super::*;
    use crate::Facts;

    const LEAST: u32 = 20;

    #[test]
    fn three_times_the_usual_is_allowed_and_one_patient_more_is_not() {
        // patients, hours of the past; the most that is allowed
        for (patients, hours, most) in
            [(30, 1, 90), (240, 8, 90), (241, 8, 90), (243, 8, 91), (200, 6, 100), (199, 6, 99)]
        {
            let usual = Usual { patients, hours };
            assert_eq!(
                judge(opened(most), usual),
                Verdict::Usual,
                "{most} where {usual} is usual: not more than 3.0 times"
            );
            assert_eq!(judge(opened(most + 1), usual), Verdict::StepUp, "{} where {usual} is usual", most + 1);
            assert_eq!(usual.most(STEP_UP_ABOVE), most, "and it is said so");
        }
        // 3.01 times: 301 patients where 100 are usual; 3.0 times is 300.
        let hundred = Usual { patients: 800, hours: 8 };
        assert_eq!(
            (judge(opened(300), hundred), judge(opened(301), hundred)),
            (Verdict::Usual, Verdict::StepUp),
            "3.01"
        );
    }

    #[test]
    fn twice_that_suspends_whatever_was_shown_and_refused_attempts_count_there() {
        let usual = Usual { patients: 20, hours: 1 };
        let asked = |opened, asked| judge(Hour { opened, asked, stepped_up_at: None }, usual);
        assert_eq!(asked(61, 120), Verdict::StepUp, "six times, refused ones among them");
        assert_eq!(asked(61, 121), Verdict::Suspend, "one more");
        assert_eq!(asked(1, 121), Verdict::Suspend, "whatever was opened");
        let shown = Hour { opened: 121, asked: 121, stepped_up_at: Some(120) };
        assert_eq!(judge(shown, usual), Verdict::Suspend, "nor does an authentication carry beyond it");
    }

    #[test]
    fn an_authentication_carries_as_far_as_another_usual_hour() {
        let usual = Usual { patients: 20, hours: 1 };
        let shown = |opened| judge(Hour { opened, asked: opened, stepped_up_at: Some(60) }, usual);
        assert_eq!(shown(61), Verdict::Usual, "the one that was asked about");
        assert_eq!(shown(80), Verdict::Usual, "and nineteen more");
        assert_eq!(shown(81), Verdict::Suspend, "who goes on after that is stopped");
    }

    #[test]
    fn a_cold_start_goes_by_the_role_and_without_one_by_the_floor() {
        let (none, few) = (Past::default(), Past { patients: 500, hours: FEWEST_HOURS - 1 });
        let role = Past { patients: 240, hours: 8 };
        assert_eq!(Usual::of(none, role, LEAST).parts(), (240, 8), "somebody new: as the colleagues");
        assert_eq!(Usual::of(few, role, LEAST).parts(), (240, 8), "few hours are no habit, however busy");
        assert_eq!(Usual::of(few, none, LEAST).parts(), (20, 1), "nor without colleagues");
        assert_eq!(Usual::of(none, few, LEAST).parts(), (20, 1), "a role that is new here has none either");
    }

    #[test]
    fn a_quiet_week_locks_out_no_surgeon() {
        let quiet = Past { patients: 8, hours: 8 };
        assert_eq!(
            Usual::of(quiet, Past { patients: 300, hours: 10 }, LEAST).to_string(),
            "30",
            "the colleagues count"
        );
        assert_eq!(Usual::of(quiet, quiet, LEAST).to_string(), "20", "and where they rest too, the floor");
    }

    #[test]
    fn a_surgeon_with_a_busy_thursday_is_judged_by_thursdays() {
        // Outpatients on Thursday morning: 45 an hour, eight weeks long, the hour before and the hour after.
        let thursdays = Past { patients: 24 * 45, hours: 24 };
        let others = Past { patients: 24 * 45 + 100 * 4, hours: 124 };
        let usual = Usual::of(thursdays, others, LEAST);
        assert_eq!(usual.to_string(), "45", "their own, which is more than the role's");
        assert_eq!(judge(opened(135), usual), Verdict::Usual, "a Thursday with three times as many");
        assert_eq!(judge(opened(136), usual), Verdict::StepUp, "and one more");
    }

    #[test]
    fn it_is_written_as_people_read_it() {
        let words = |patients, hours| Usual { patients, hours }.to_string();
        assert_eq!((words(20, 1), words(41, 6), words(40, 6)), ("20".into(), "6.8".into(), "6.6".into()), "means");
        assert_eq!(Usual::from_parts(3, 0), None, "no hours are no mean");
    }

    #[test]
    fn charts_count_and_lists_reports_and_emergencies_do_not() {
        let of = |role, interaction, purpose| {
            counts(&Request {
                principal: Principal::User {
                    id: UserId::from_uuid(uuid::Uuid::nil()),
                    role,
                    session: SessionId::from_uuid(uuid::Uuid::nil()),
                },
                interaction,
                patient: PatientId::parse("p1").ok(),
                restricted: false,
                purpose,
                facts: Facts::default(),
            })
        };
        let treat = PurposeOfUse::Treatment;
        assert!(of(Role::Nurse, Interaction::PatientRead, treat), "a chart");
        assert!(of(Role::Billing, Interaction::SectionRead(Section::Coverage), treat), "a page of it");
        assert!(of(Role::Physician, Interaction::ResourceRead(Section::Results), treat), "an entry of it");
        assert!(of(Role::Physician, Interaction::PatientExport, treat), "the whole of it");
        assert!(!of(Role::Physician, Interaction::PatientSearch, treat), "a list");
        assert!(!of(Role::Physician, Interaction::SectionRead(Section::Access), treat), "who has looked");
        assert!(!of(Role::Physician, Interaction::PatientRead, PurposeOfUse::BreakTheGlass), "an emergency");
        let compliance = PurposeOfUse::Compliance;
        assert!(!of(Role::PrivacyOfficer, Interaction::PatientRead, compliance), "what a report is opened from");
        assert!(of(Role::PrivacyOfficer, Interaction::PatientExport, compliance), "but whoever carries charts away");
    }

    #[test]
    fn the_codes_are_those_of_interactions() {
        let codes: Vec<&str> = Interaction::all().map(Interaction::code).collect();
        for role in Role::ALL {
            assert!(counted(role).iter().all(|code| codes.contains(code)), "{role:?}: a word that nothing has");
        }
    }

    fn opened(opened: u32) -> Hour {
        Hour { opened, asked: opened, stepped_up_at: None }
    }

    fn past() -> impl Strategy<Value = Past> {
        (0..2_000_u64, 0..40_u64).prop_map(|(patients, hours)| Past { patients, hours })
    }

    proptest! {
        #[test]
        fn more_patients_are_never_judged_milder(
            (own, role, least) in (past(), past(), 1..100_u32),
            (opened, refused, more, more_refused) in (0..2_000_u32, 0..500_u32, 0..500_u32, 0..500_u32),
            stepped_up_at in prop::option::of(0..500_u32),
        ) {
            let usual = Usual::of(own, role, least);
            let before = judge(Hour { opened, asked: opened + refused, stepped_up_at }, usual);
            let opened = opened + more;
            let after = judge(Hour { opened, asked: opened + refused + more_refused, stepped_up_at }, usual);
            prop_assert!(after >= before, "{after:?} after {before:?}");
        }

        #[test]
        fn a_greater_past_is_never_judged_harder(
            (own, role, least) in (past(), past(), 1..100_u32),
            (busier, opened) in (0..500_u64, 0..2_000_u32),
        ) {
            let then = judge(super::tests::opened(opened), Usual::of(own, role, least));
            let own = Past { patients: own.patients + busier, ..own };
            prop_assert!(judge(super::tests::opened(opened), Usual::of(own, role, least)) <= then);
        }

        #[test]
        fn the_floor_is_the_least_that_is_usual(own in past(), role in past(), least in 1..100_u32) {
            let usual = Usual::of(own, role, least);
            prop_assert!(usual.most(1) >= least);
            prop_assert_eq!(judge(super::tests::opened(3 * least), usual), Verdict::Usual);
        }
    }
}
