//! Rules tried on months of an invented hospital, in which it is known who does what they must not.

use vigil_detection::RuleSet;
use vigil_detection::scoring::{compare, comparison_report};
use vigil_detection::simulation::{Arrival, Months, Size};

use super::trial::{TrialError, deciding, keep};
use crate::installation::Installation;
use crate::intake::on_a_thread;
use crate::store::rule_trial::TriedOn;

/// Users to a workstation, and to each planted user of every kind.
const TO_A_WORKSTATION: u32 = 5;
const TO_A_PLANTED: u32 = 60;

/// Which invented hospital. The same numbers are the same hospital on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hospital {
    /// Users of all roles, ten at least.
    pub users: u32,
    /// Days. Rules that compare with what is usual know nothing in the first weeks.
    pub days: u32,
    /// The seed.
    pub seed: u64,
}

impl Hospital {
    fn size(self) -> Size {
        let users = self.users.max(10);
        Size {
            users,
            workstations: (users / TO_A_WORKSTATION).max(2),
            days: self.days,
            planted: (users / TO_A_PLANTED).max(1),
            seed: self.seed,
        }
    }
}

/// How many alarms the rules with this text raise in the hospital, beside the rules that decide, how many of them are false, which planted misuse
/// each finds, and what would no longer be found. Nothing is raised. That they were tried is kept. `day` hears of each day that has passed.
///
/// # Errors
/// [`TrialError`]
pub async fn trial_simulated(
    installation: &Installation,
    text: &str,
    hospital: Hospital,
    mut day: impl FnMut(u32) + Send + 'static,
) -> Result<String, TrialError> {
    let new = RuleSet::parse(text)?;
    let old = deciding(&mut installation.store.read().await?).await?;
    let report = on_a_thread(move || {
        let months = Months::new(hospital.size());
        let planted = months.planted().to_vec();
        let mut began = None;
        let mut passed = 0;
        let told = months.inspect(|arrival| {
            if let Arrival::Time(now, _) = arrival {
                let days = (*now - *began.get_or_insert(*now)).num_days();
                let days = u32::try_from(days).unwrap_or(0).min(hospital.days);
                while passed < days {
                    passed += 1;
                    day(passed);
                }
            }
        });
        comparison_report(&compare(&old, &new, &planted, told))
    });
    let report = report.await.map_err(|_| TrialError::CutOff)?;
    keep(installation, text, TriedOn::Simulated).await?;
    Ok(report)
}
