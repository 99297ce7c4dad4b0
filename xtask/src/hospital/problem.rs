//! The problems that the hospital knows, with their codes, and who gets them when.
//!
//! Sources of the codes, one letter a row: B = Synthea bulk export sample, S = Synthea R4 sample bundles (both in the
//! shared test data), M = Synthea module `copd.json`, O = OHDSI WebAPI concept test data, H = public FHIR problem
//! lists that agree with one another (HAPI and openEHR demos).

use chrono::{Duration, NaiveDate};

use super::chance::Chance;
use super::code::{Code, age, sct, years};
use super::person::Person;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    Hypertension,
    Diabetes,
    Prediabetes,
    KidneyDisease,
    Hyperlipidemia,
    HeartFailure,
    IschemicHeart,
    AtrialFibrillation,
    Asthma,
    ChildhoodAsthma,
    Copd,
    Hypothyroidism,
    KneeArthrosis,
    Osteoporosis,
    Anemia,
    Rhinitis,
    Obesity,
    SleepApnea,
    BackPain,
    Sinusitis,
    Pharyngitis,
    Bronchitis,
    Otitis,
    StrepThroat,
    AnkleSprain,
    Cystitis,
    Appendicitis,
    Laceration,
    Concussion,
    Newborn,
}

impl Problem {
    pub(super) const fn code(self) -> Code {
        match self {
            Self::Hypertension => sct("59621000", "Essential hypertension (disorder)"), // B
            Self::Diabetes => sct("44054006", "Diabetes mellitus type 2 (disorder)"),   // B
            Self::Prediabetes => sct("15777000", "Prediabetes"),                        // B, S
            Self::KidneyDisease => sct("433144002", "Chronic kidney disease stage 3 (disorder)"), // B
            Self::Hyperlipidemia => sct("55822004", "Hyperlipidemia"),                  // B
            Self::HeartFailure => sct("88805009", "Chronic congestive heart failure (disorder)"), // S
            Self::IschemicHeart => sct("414545008", "Ischemic heart disease (disorder)"), // B
            Self::AtrialFibrillation => sct("49436004", "Atrial fibrillation"),         // O
            Self::Asthma => sct("195967001", "Asthma"),                                 // B
            Self::ChildhoodAsthma => sct("233678006", "Childhood asthma"),              // B, S
            Self::Copd => sct("185086009", "Chronic obstructive bronchitis (disorder)"), // M
            Self::Hypothyroidism => sct("40930008", "Hypothyroidism"),                  // H
            Self::KneeArthrosis => sct("239873007", "Osteoarthritis of knee"),          // B, S
            Self::Osteoporosis => sct("64859006", "Osteoporosis (disorder)"),           // B
            Self::Anemia => sct("271737000", "Anemia (disorder)"),                      // B, S
            Self::Rhinitis => sct("367498001", "Seasonal allergic rhinitis"),           // B, S
            Self::Obesity => sct("162864005", "Body mass index 30+ - obesity (finding)"), // B, S
            Self::SleepApnea => sct("78275009", "Obstructive sleep apnea syndrome (disorder)"), // B
            Self::BackPain => sct("278860009", "Chronic low back pain (finding)"),      // B
            Self::Sinusitis => sct("444814009", "Viral sinusitis (disorder)"),          // B, S
            Self::Pharyngitis => sct("195662009", "Acute viral pharyngitis (disorder)"), // B, S
            Self::Bronchitis => sct("10509002", "Acute bronchitis (disorder)"),         // B, S
            Self::Otitis => sct("65363002", "Otitis media"),                            // B, S
            Self::StrepThroat => sct("43878008", "Streptococcal sore throat (disorder)"), // B, S
            Self::AnkleSprain => sct("44465007", "Sprain of ankle"),                    // B, S
            Self::Cystitis => sct("38822007", "Cystitis"),                              // B
            Self::Appendicitis => sct("74400008", "Appendicitis"),                      // S
            Self::Laceration => sct("284549007", "Laceration of hand"),                 // B
            Self::Concussion => sct("62106007", "Concussion with no loss of consciousness"), // B
            Self::Newborn => sct("442311008", "Liveborn born in hospital"), // US Core 9.0.0 encounter-diagnosis-example2
        }
    }

    /// Seen again and again for it.
    pub(super) const fn is_followed(self) -> bool {
        matches!(
            self,
            Self::Hypertension
                | Self::Diabetes
                | Self::KidneyDisease
                | Self::HeartFailure
                | Self::IschemicHeart
                | Self::AtrialFibrillation
                | Self::Asthma
                | Self::ChildhoodAsthma
                | Self::Copd
                | Self::Hypothyroidism
        )
    }
}

/// One problem in one life.
pub(super) struct Course {
    pub(super) id: String,
    pub(super) problem: Problem,
    pub(super) onset: NaiveDate,
    pub(super) abatement: Option<NaiveDate>,
}

impl Course {
    pub(super) fn is_active(&self, on: NaiveDate) -> bool {
        self.onset <= on && self.abatement.is_none_or(|end| on < end)
    }
}

/// Years since the problem began, if it was there on that day.
pub(super) fn since(courses: &[Course], problem: Problem, on: NaiveDate) -> Option<f64> {
    courses.iter().find(|course| course.problem == problem && course.is_active(on)).map(|course| age(course.onset, on))
}

/// The lasting problems: each has its chance and the span of ages at which it begins.
pub(super) fn lasting(person: &Person, chance: &mut Chance) -> Vec<Course> {
    use Problem as P;
    let now = age(person.birth, person.end);
    let old = |from: f64, per_year: f64, most: f64| ((now - from) * per_year).clamp(0.0, most);
    let mut found = Vec::new();
    let mut onset = |problem: P, probability: f64, from: f64, chance: &mut Chance| {
        let latest = now - 0.05;
        if !chance.happens(probability) || from >= latest {
            return None;
        }
        let at = person.birth + years(chance.between(from, latest));
        found.push((problem, at));
        Some(at)
    };
    if now < 18.0 {
        onset(P::ChildhoodAsthma, if now > 4.0 { 0.14 } else { 0.0 }, 3.0, chance);
        onset(P::Rhinitis, if now > 6.0 { 0.15 } else { 0.0 }, 5.0, chance);
    } else {
        onset(P::Hypertension, old(32.0, 0.014, 0.62), 32.0, chance);
        onset(P::Hyperlipidemia, old(35.0, 0.012, 0.5), 35.0, chance);
        let diabetes = onset(P::Diabetes, old(36.0, 0.008, 0.26), 36.0, chance);
        let kidney = if diabetes.is_some() { 0.4 } else { old(66.0, 0.012, 0.2) };
        onset(P::KidneyDisease, kidney, 58.0, chance);
        onset(P::IschemicHeart, old(52.0, 0.008, 0.2), 52.0, chance);
        onset(P::HeartFailure, old(60.0, 0.008, 0.2), 62.0, chance);
        onset(P::AtrialFibrillation, old(58.0, 0.006, 0.16), 60.0, chance);
        onset(P::Copd, old(48.0, 0.006, 0.14), 48.0, chance);
        onset(P::Asthma, 0.07, 16.0, chance);
        onset(P::Hypothyroidism, if person.female { old(40.0, 0.006, 0.16) } else { 0.02 }, 38.0, chance);
        onset(P::KneeArthrosis, old(50.0, 0.01, 0.3), 50.0, chance);
        onset(P::Osteoporosis, if person.female { old(60.0, 0.014, 0.34) } else { 0.02 }, 60.0, chance);
        onset(P::Rhinitis, 0.13, 15.0, chance);
        onset(P::SleepApnea, old(40.0, 0.004, 0.08), 40.0, chance);
        onset(P::BackPain, 0.1, 28.0, chance);
        onset(P::Anemia, 0.06, 20.0, chance);
    }
    let mut courses: Vec<Course> = Vec::new();
    for (problem, at) in found {
        // Childhood asthma is outgrown by some, anaemia is treated; the rest stays.
        let lasts = if problem == P::Anemia {
            Some(Duration::days(chance.whole(120, 420)))
        } else if problem == P::ChildhoodAsthma && chance.happens(0.3) {
            Some(Duration::days(chance.whole(900, 2400)))
        } else {
            None
        };
        let abatement = lasts.map(|time| at + time).filter(|end| *end < person.end);
        courses.push(Course { id: chance.id(), problem, onset: at, abatement });
    }
    prediabetes_before_diabetes(&mut courses, person, chance);
    if now >= 20.0 && person.body.index(now) >= 30.0 {
        let at = person.end - years(chance.between(0.5, (now - 18.0).min(9.0)));
        courses.push(Course { id: chance.id(), problem: P::Obesity, onset: at, abatement: None });
    }
    courses
}

fn prediabetes_before_diabetes(courses: &mut Vec<Course>, person: &Person, chance: &mut Chance) {
    let diabetes = courses.iter().find(|course| course.problem == Problem::Diabetes).map(|course| course.onset);
    match diabetes {
        Some(turned) => {
            let onset = turned - years(chance.between(1.0, 4.0));
            courses.push(Course { id: chance.id(), problem: Problem::Prediabetes, onset, abatement: Some(turned) });
        }
        None if age(person.birth, person.end) > 45.0 && chance.happens(0.14) => {
            let onset = person.end - years(chance.between(0.5, 6.0));
            courses.push(Course { id: chance.id(), problem: Problem::Prediabetes, onset, abatement: None });
        }
        None => {}
    }
}

/// Short illnesses and injuries between `first` and the end: (problem, chance per year, youngest, oldest, days it lasts).
const PASSING: [(Problem, f64, f64, f64, i64, i64); 10] = [
    (Problem::Otitis, 0.35, 0.4, 7.0, 8, 21),
    (Problem::Sinusitis, 0.12, 4.0, 110.0, 7, 21),
    (Problem::Pharyngitis, 0.12, 3.0, 110.0, 6, 14),
    (Problem::StrepThroat, 0.06, 4.0, 30.0, 9, 14),
    (Problem::Bronchitis, 0.08, 10.0, 110.0, 8, 25),
    (Problem::AnkleSprain, 0.05, 10.0, 70.0, 14, 42),
    (Problem::Cystitis, 0.09, 16.0, 100.0, 4, 12),
    (Problem::Laceration, 0.035, 5.0, 95.0, 14, 28),
    (Problem::Concussion, 0.012, 6.0, 60.0, 20, 60),
    (Problem::Appendicitis, 0.004, 8.0, 50.0, 20, 40),
];

pub(super) fn passing(person: &Person, first: NaiveDate, chance: &mut Chance) -> Vec<Course> {
    let mut courses = Vec::new();
    let mut year = first;
    while year < person.end {
        let until = (year + years(1.0)).min(person.end);
        for (problem, probability, youngest, oldest, least, most) in PASSING {
            let years_old = age(person.birth, year);
            let only_women = problem == Problem::Cystitis && !person.female;
            let twice = problem == Problem::Appendicitis && courses.iter().any(|c: &Course| c.problem == problem);
            if only_women || twice || !(youngest..oldest).contains(&years_old) || !chance.happens(probability) {
                continue;
            }
            let onset = chance.day(year, until - Duration::days(1));
            let end = onset + Duration::days(chance.whole(least, most));
            courses.push(Course {
                id: chance.id(),
                problem,
                onset,
                abatement: Some(end).filter(|end| *end < person.end),
            });
        }
        year = until;
    }
    courses
}
