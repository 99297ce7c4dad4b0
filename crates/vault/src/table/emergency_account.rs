//! `emergency_account`: which user it is, who holds its halves, and whether it was used.

use rusqlite::{Connection, OptionalExtension, params};
use vigil_model::{Role, UserId};
use vigil_policy::Interaction;

use super::time;
use crate::error::ResultExt as _;
use crate::{EmergencyAccount, EmergencyHalf, NewUser, Tx, UserKeys, VaultError, emergency_password};

const READING: &str = "reading how the emergency account stands";
const WRITING: &str = "sealing the emergency account";
/// The user name of the emergency account: what nobody else can be called, for theirs have no blank.
pub const USERNAME: &str = "emergency account";
const DISPLAY_NAME: &str = "Emergency account";

impl Tx<'_> {
    /// Gives the emergency account two new halves, and makes it if there is none. The halves before them open nothing more.
    ///
    /// # Errors
    /// [`VaultError::KeysMissing`] when `from` holds no authority; or the database fails.
    pub fn emergency_account_seal(
        &mut self,
        halves: &[EmergencyHalf; 2],
        holders: &[String; 2],
        from: &UserKeys,
    ) -> Result<(), VaultError> {
        self.may(&[Interaction::EmergencyAccountSeal])?;
        let [one, two] = halves;
        let password = emergency_password(one, two);
        let known = read(self.sql)?;
        let account = match &known {
            Some(known) => {
                self.user_renew_for_emergency(known.user, &password, from)?;
                known.user
            }
            None => {
                let account = NewUser {
                    username: USERNAME.to_owned(),
                    display_name: DISPLAY_NAME.to_owned(),
                    // Who treats; what the role may is what it may.
                    role: Role::Physician,
                };
                self.user_insert_for_emergency(&account, &password, from)?.id
            }
        };
        let [first, second] = holders;
        self.sql
            .execute(
                "INSERT OR REPLACE INTO emergency_account (one, user, sealed_at, sealed_by, holder_one, holder_two)
                 VALUES (1, ?1, ?2, ?3, ?4, ?5)",
                params![account.to_string(), self.now(), from.user.to_string(), first, second],
            )
            .doing(WRITING)?;
        self.about(format!("user={account} {}", if known.is_some() { "sealed=anew" } else { "sealed=first" }));
        Ok(())
    }

    /// Notes that the account is used. Within the transaction of its alarm.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit; [`VaultError::Invalid`] when there is none.
    pub fn emergency_account_opened(&mut self, reason: &str, words: serde_json::Value) -> Result<(), VaultError> {
        self.may(&[Interaction::EmergencyAccountOpen])?;
        let account = read(self.sql)?.ok_or(VaultError::Invalid("there is no emergency account"))?;
        self.sql
            .execute("UPDATE emergency_account SET opened_at = coalesce(opened_at, ?1)", [self.now()])
            .doing("noting that the emergency account is used")?;
        self.detail(words);
        self.about(format!("critical user={} reason={reason}", account.user));
        Ok(())
    }
}

/// A row as it is stored: user, when and by whom it was sealed, the two holders, when it was opened.
type Stored = (String, i64, String, [String; 2], Option<i64>);

pub(crate) fn read(sql: &Connection) -> Result<Option<EmergencyAccount>, VaultError> {
    let row: Option<Stored> = sql
        .query_row(
            "SELECT user, sealed_at, sealed_by, holder_one, holder_two, opened_at FROM emergency_account",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, [row.get(3)?, row.get(4)?], row.get(5)?)),
        )
        .optional()
        .doing(READING)?;
    let tampered = |_| VaultError::Tampered("emergency_account");
    row.map(|(user, sealed_at, sealed_by, holders, opened_at)| {
        Ok(EmergencyAccount {
            user: UserId::parse(&user).map_err(tampered)?,
            sealed_at: time(sealed_at),
            sealed_by: UserId::parse(&sealed_by).map_err(tampered)?,
            holders,
            opened_at: opened_at.map(time),
        })
    })
    .transpose()
}
