//! `suspension`: whose account is suspended on this workstation, over which numbers, and who lifted it.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::json;
use vigil_model::wire::DirectorySuspension;
use vigil_model::{Role, UserId};
use vigil_policy::Interaction;
use vigil_policy::unusual::{Hour, Usual};

use super::access::{bring_up_to, open_detail};
use super::{time, user, usual};
use crate::error::ResultExt as _;
use crate::{StandingSuspension, Suspension, SuspensionLift, Tx, Undecodable, VaultError, log};

const READING: &str = "reading suspensions";
const WRITING: &str = "recording a suspension";
/// How many hours before it a suspension shows.
const HOURS_SHOWN: i32 = 24;

impl Tx<'_> {
    /// Says over which numbers a chart did not open before its user authenticates again.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit.
    pub fn unusual_access(&mut self, hour: Hour, usual: Usual) -> Result<(), VaultError> {
        self.may(&[Interaction::UnusualAccessStepUp])?;
        self.about(numbers(hour, usual));
        Ok(())
    }

    /// Suspends the account of a user on this workstation. One that is suspended already stays so.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any permit but the workstation's own; or the database fails.
    pub fn user_suspend(&mut self, user: UserId, hour: Hour, usual: Usual) -> Result<(), VaultError> {
        self.may(&[Interaction::UserSuspend])?;
        self.about(format!("severity=critical user={user} {}", numbers(hour, usual)));
        if of(self.sql, user)?.is_some() {
            return Ok(());
        }
        let (patients, hours) = usual.parts();
        self.sql
            .execute(
                "INSERT INTO suspension (user, at, opened, asked, usual_patients, usual_hours, entry)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    user.to_string(),
                    self.now(),
                    hour.opened,
                    hour.asked,
                    patients,
                    hours,
                    log::next_seq(self.sql)?
                ],
            )
            .doing(WRITING)?;
        Ok(())
    }

    /// Every suspension, those that are not lifted first, then the newest.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit; or the database fails.
    pub fn suspensions(&self, limit: u32) -> Result<Vec<Suspension>, VaultError> {
        self.may(&[Interaction::UserSuspensionSearch])?;
        bring_up_to(self.sql, log::next_seq(self.sql)?.saturating_sub(1))?;
        let rows: Vec<Raw> = self
            .sql
            .prepare_cached(
                "SELECT s.id, s.user, u.role, s.at, s.opened, s.asked, s.usual_patients, s.usual_hours, s.lifted_by,
                        s.lifted_at, s.lift_entry, s.incident
                 FROM suspension AS s JOIN user AS u ON u.id = s.user
                 ORDER BY s.lifted_at IS NOT NULL, s.at DESC, s.id DESC LIMIT ?1",
            )
            .and_then(|mut statement| statement.query_map([limit], raw)?.collect())
            .doing(READING)?;
        rows.into_iter().map(|row| self.suspension(row)).collect()
    }

    /// Lifts a suspension, for a reason that is sealed beside the entry. Whoever lifts it is not whose account it is.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit and for one's own account; [`VaultError::Invalid`] when there is
    /// none with this number that is not lifted; or the database fails.
    pub fn suspension_lift(&mut self, id: u32, reason: &str) -> Result<UserId, VaultError> {
        self.may(&[Interaction::UserSuspensionLift])?;
        let found: Option<(String, Option<u64>)> = self
            .sql
            .query_row("SELECT user, server FROM suspension WHERE id = ?1 AND lifted_at IS NULL", [id], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()
            .doing(READING)?;
        let (user, server) = found.ok_or(VaultError::Invalid("this suspension is lifted already, or there is none"))?;
        let user = UserId::parse(&user).map_err(|_| VaultError::Tampered("suspension"))?;
        let by = self.permit_user()?;
        self.covered(by != user)?;
        // The server reads in its log that it is lifted, and lifts it everywhere.
        let server = server.map(|number| format!(" server={number}")).unwrap_or_default();
        self.about(format!("user={user} suspension={id}{server}"));
        self.detail(json!({ "reason": reason }));
        self.sql
            .execute(
                "UPDATE suspension SET lifted_by = ?2, lifted_at = ?3, lift_entry = ?4 WHERE id = ?1",
                params![id, by.to_string(), self.now(), log::next_seq(self.sql)?],
            )
            .doing(WRITING)?;
        Ok(user)
    }

    /// The number of the suspension that a user's account is under, to lift it.
    ///
    /// # Errors
    /// As [`Self::suspension_lift`].
    pub fn suspension_number(&self, user: UserId) -> Result<u32, VaultError> {
        self.may(&[Interaction::UserSuspensionLift])?;
        self.sql
            .query_row(
                "SELECT max(id) FROM suspension WHERE user = ?1 AND lifted_at IS NULL",
                [user.to_string()],
                |row| row.get::<_, Option<u32>>(0),
            )
            .doing(READING)?
            .ok_or(VaultError::Invalid("this account is not suspended here"))
    }

    /// Suspends the account of a user whom the directory says to be suspended, once for each suspension of the server: one that a supervisor
    /// has lifted here stays lifted. Whether it was done now.
    pub(super) fn suspend_by_server(&self, user: UserId, said: &DirectorySuspension) -> Result<bool, VaultError> {
        let id = user.to_string();
        let known: bool = self
            .sql
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM suspension WHERE user = ?1 AND server = ?2)",
                params![id, said.id],
                |row| row.get(0),
            )
            .doing(READING)?;
        if known {
            return Ok(false);
        }
        self.lift_by_server(user)?;
        let entry = log::next_seq(self.sql)?;
        self.sql
            .execute(
                "INSERT INTO suspension (user, at, opened, asked, usual_patients, usual_hours, entry, server, incident)
                 VALUES (?1, ?2, 0, 0, 0, 1, ?3, ?4, ?5)",
                params![id, self.now(), entry, said.id, said.incident],
            )
            .doing(WRITING)?;
        Ok(true)
    }

    /// Lifts what the server suspended and does not say any more; whether there was any.
    pub(super) fn lift_by_server(&self, user: UserId) -> Result<bool, VaultError> {
        let lifted = self
            .sql
            .execute(
                "UPDATE suspension SET lifted_at = ?2, lift_entry = ?3
                 WHERE user = ?1 AND server IS NOT NULL AND lifted_at IS NULL",
                params![user.to_string(), self.now(), log::next_seq(self.sql)?],
            )
            .doing(WRITING)?;
        Ok(lifted > 0)
    }

    fn suspension(&self, row: Raw) -> Result<Suspension, VaultError> {
        let tampered = || VaultError::Tampered("suspension");
        let user = UserId::parse(&row.user).map_err(|_| tampered())?;
        let role = Role::from_code(&row.role).ok_or_else(tampered)?;
        let lift = match (row.lifted_by, row.lifted_at, row.lift_entry) {
            (Some(by), Some(at), Some(entry)) => {
                let by = UserId::parse(&by).map_err(|_| tampered())?;
                let detail = open_detail(self, entry)?;
                let reason = detail.and_then(|detail| {
                    detail.get("reason").and_then(|text| text.as_str()).map(str::to_owned).ok_or(Undecodable::Malformed)
                });
                let by_display = user::display_name(self.sql, by)?;
                Some(SuspensionLift { by: Some(by), by_display, at: time(at), reason })
            }
            (None, Some(at), _) => {
                let reason = Ok("Lifted at the desk of the central server".to_owned());
                Some(SuspensionLift { by: None, by_display: None, at: time(at), reason })
            }
            _ => None,
        };
        let at = time(row.at);
        Ok(Suspension {
            id: row.id,
            user,
            user_display: user::display_name(self.sql, user)?,
            at,
            incident: row.incident,
            hour: row.hour,
            usual: row.usual.ok_or_else(tampered)?,
            hours_before: usual::hourly(self.sql, user, role, at, HOURS_SHOWN)?,
            lift,
        })
    }
}

/// The suspension that a user's account is under.
pub(crate) fn of(sql: &Connection, user: UserId) -> Result<Option<StandingSuspension>, VaultError> {
    let row: Option<(i64, Hour, Option<Usual>, Option<u64>)> = sql
        .prepare_cached(
            "SELECT at, opened, asked, usual_patients, usual_hours, incident FROM suspension
             WHERE user = ?1 AND lifted_at IS NULL ORDER BY id DESC LIMIT 1",
        )
        .and_then(|mut statement| {
            let read = |row: &Row<'_>| {
                let hour = Hour { opened: row.get(1)?, asked: row.get(2)?, stepped_up_at: None };
                Ok((row.get(0)?, hour, Usual::from_parts(row.get(3)?, row.get(4)?), row.get(5)?))
            };
            statement.query_row([user.to_string()], read).optional()
        })
        .doing(READING)?;
    row.map(|(at, hour, usual, incident)| {
        let usual = usual.ok_or(VaultError::Tampered("suspension"))?;
        Ok(StandingSuspension { since: time(at), incident, hour, usual })
    })
    .transpose()
}

/// How many accounts are suspended.
pub(crate) fn count(sql: &Connection) -> Result<u32, VaultError> {
    sql.query_row("SELECT count(DISTINCT user) FROM suspension WHERE lifted_at IS NULL", [], |row| row.get(0))
        .doing(READING)
}

/// In the clear: counts alone.
fn numbers(hour: Hour, usual: Usual) -> String {
    let Hour { opened, asked, .. } = hour;
    if asked > opened {
        format!("count={opened} asked={asked} usual={usual}")
    } else {
        format!("count={opened} usual={usual}")
    }
}

struct Raw {
    id: u32,
    user: String,
    role: String,
    at: i64,
    hour: Hour,
    usual: Option<Usual>,
    lifted_by: Option<String>,
    lifted_at: Option<i64>,
    lift_entry: Option<u64>,
    incident: Option<u64>,
}

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok(Raw {
        id: row.get(0)?,
        user: row.get(1)?,
        role: row.get(2)?,
        at: row.get(3)?,
        hour: Hour { opened: row.get(4)?, asked: row.get(5)?, stepped_up_at: None },
        usual: Usual::from_parts(row.get(6)?, row.get(7)?),
        lifted_by: row.get(8)?,
        lifted_at: row.get(9)?,
        lift_entry: row.get(10)?,
        incident: row.get(11)?,
    })
}
