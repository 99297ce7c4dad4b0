//! Figures over the accesses of the whole fleet.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::json;
use vigil_model::wire::{FleetActivity, HourCount, UnitCount, UserCount, WorkstationCount};
use vigil_policy::Interaction;

use super::names::or_id;
use super::time::{ServerTime, day_words, epoch_of, small};
use crate::view::{
    ActivityDay, ActivityHour, ActivityIncidents, ActivityPeriod, ActivityUnit, ActivityUser, ActivityWorkstation,
    FleetActivityRequest, FleetActivityView,
};
use crate::{AppError, Workstation, clock};

impl Workstation {
    /// Reads the figures of the last day, week or month, until now.
    ///
    /// # Errors
    /// A denial; [`crate::ErrorCode::ReauthenticationNeeded`]; [`crate::ErrorCode::ServerOutOfReach`].
    pub fn fleet_activity_read(&self, request: FleetActivityRequest) -> Result<FleetActivityView, AppError> {
        let period = request.period;
        let until = self.clock.now().utc;
        let from = until - length(period);
        let about = json!({ "from": clock::fhir_text(&from), "until": clock::fhir_text(&until) });
        let figures = self.at_the_desk(Interaction::FleetActivityRead, about, async |client, call| {
            client.desk_activity(call, from, until).await
        })?;
        Ok(view(figures, period, from, until))
    }
}

pub(super) const fn length(period: ActivityPeriod) -> TimeDelta {
    match period {
        ActivityPeriod::Day => TimeDelta::hours(24),
        ActivityPeriod::Week => TimeDelta::days(7),
        ActivityPeriod::Month => TimeDelta::days(30),
    }
}

fn view(
    figures: FleetActivity,
    period: ActivityPeriod,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> FleetActivityView {
    FleetActivityView {
        period,
        from: clock::text(&from),
        until: clock::text(&until),
        from_epoch: epoch_of(from),
        until_epoch: epoch_of(until),
        explained: small(figures.explained),
        accesses: small(figures.accesses),
        hours: figures.hours.iter().map(hour).collect(),
        users: figures.users.into_iter().map(user).collect(),
        workstations: figures.workstations.into_iter().map(workstation).collect(),
        units: figures.units.into_iter().map(unit).collect(),
        emergencies: figures
            .emergencies
            .iter()
            .map(|(day, count)| ActivityDay { day: day_words(day), epoch_seconds: begin(day), count: small(*count) })
            .collect(),
        incidents: figures
            .incidents
            .into_iter()
            .map(|(day, rule, count)| ActivityIncidents {
                day: day_words(&day),
                epoch_seconds: begin(&day),
                rule,
                count: small(count),
            })
            .collect(),
    }
}

fn hour(of: &HourCount) -> ActivityHour {
    let hour = ServerTime::of(&of.hour);
    ActivityHour {
        hour: hour.words(),
        epoch_seconds: hour.epoch(),
        accesses: small(of.accesses),
        unexplained: small(of.unexplained),
    }
}

fn user(of: UserCount) -> ActivityUser {
    ActivityUser {
        user_id: of.user.id.to_string(),
        who: or_id(of.user.name, of.user.id),
        role: of.role.replace('-', " "),
        accesses: small(of.accesses),
        unexplained: small(of.unexplained),
        patients: small(of.patients),
    }
}

fn workstation(of: WorkstationCount) -> ActivityWorkstation {
    ActivityWorkstation { host: of.host, accesses: small(of.accesses), unexplained: small(of.unexplained) }
}

fn unit(of: UnitCount) -> ActivityUnit {
    ActivityUnit { unit: of.unit, accesses: small(of.accesses), unexplained: small(of.unexplained) }
}

/// When a day of UTC begins.
fn begin(day: &str) -> f64 {
    day.parse::<NaiveDate>().map_or(0.0, |day| epoch_of(day.and_time(NaiveTime::MIN).and_utc()))
}
