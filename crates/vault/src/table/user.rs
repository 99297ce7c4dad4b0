//! `user` and `user_slot`.

use rusqlite::{Connection, OptionalExtension, Row, params};
use vigil_model::{Role, Sensitive, UserId};
use vigil_policy::Interaction;

use super::{grant, setting, time};
use crate::error::ResultExt as _;
use crate::key::{Kek, PrivateKey, Secret, UserKeys};
use crate::open::new_uuid;
use crate::slot::{Owner, Slot};
use crate::{KdfCost, NewUser, Tx, UserRecord, VaultError};

const COLUMNS: &str = "id, username, display_name, role, disabled, created_at, last_sign_in";

impl Tx<'_> {
    /// Makes a user: slot, two key pairs, and the group keys of the role.
    ///
    /// `grants_from` are the keys of the administrator who makes the user; `None` for the first administrator only, with
    /// whom the group keys are made.
    ///
    /// # Errors
    /// [`VaultError::UserExists`]; [`VaultError::KeysMissing`] when `grants_from` cannot grant; or the database fails.
    pub fn user_insert(
        &mut self,
        user: &NewUser,
        password: &Sensitive<String>,
        grants_from: Option<&UserKeys>,
    ) -> Result<UserRecord, VaultError> {
        let first = self.permit.interaction() == Interaction::FirstAdministratorCreate;
        self.may(&[Interaction::FirstAdministratorCreate, Interaction::UserCreate])?;
        self.covered(first == grants_from.is_none())?;
        self.covered(!first || (user.role == Role::Administrator && !any(self.sql)?))?;
        let username = folded(&user.username);
        if username.is_empty() {
            return Err(VaultError::Invalid("a user name is needed"));
        }
        if by_name(self.sql, &username)?.is_some() {
            return Err(VaultError::UserExists);
        }

        let id = UserId::from_uuid(new_uuid(self.at)?);
        let owner = Owner { device: self.vault.device, user: id };
        let cost = setting::kdf(self.sql)?;
        let (slot, keys) = Slot::make(owner, password, cost, &*self.vault.custodian)?;
        let (private, public) = PrivateKey::make()?;
        let (emergency_private, emergency_public) = PrivateKey::make()?;
        let sealed = Kek::new(&keys.session).seal(&place(owner, "session"), private.to_secret().as_slice())?;
        let emergency =
            Kek::new(&keys.emergency).seal(&place(owner, "emergency"), emergency_private.to_secret().as_slice())?;
        self.sql
            .execute(
                "INSERT INTO user VALUES (?1, ?2, ?3, ?4, 0, ?5, NULL, ?6, ?7, ?8, ?9)",
                params![
                    id.to_string(),
                    username,
                    user.display_name,
                    user.role.code(),
                    self.now(),
                    public.to_bytes(),
                    sealed,
                    emergency_public.to_bytes(),
                    emergency,
                ],
            )
            .doing("making a user")?;
        self.sql
            .execute(
                "INSERT INTO user_slot VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    id.to_string(),
                    slot.cost.memory_kib,
                    slot.cost.passes,
                    slot.cost.lanes,
                    slot.salt,
                    slot.session,
                    slot.emergency,
                ],
            )
            .doing("making a user")?;
        let receiver = grant::Receiver { owner, role: user.role, public, emergency_public };
        match grants_from {
            None => grant::make_groups(self.sql, &self.vault.secrets, &receiver)?,
            Some(from) => grant::grant_by_role(self.sql, &receiver, from)?,
        }
        by_name(self.sql, &username)?.ok_or(VaultError::Invalid("the user that was made is not there"))
    }

    /// Every user by name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn users(&self) -> Result<Vec<UserRecord>, VaultError> {
        let doing = "listing users";
        let mut statement =
            self.sql.prepare_cached(&format!("SELECT {COLUMNS} FROM user ORDER BY username")).doing(doing)?;
        let users = statement.query_map([], raw).doing(doing)?;
        users.map(|row| row.doing(doing).and_then(RawUser::parse)).collect()
    }
}

pub(crate) fn any(sql: &Connection) -> Result<bool, VaultError> {
    sql.query_row("SELECT EXISTS (SELECT 1 FROM user)", [], |row| row.get(0)).doing("looking for users")
}

pub(crate) fn by_name(sql: &Connection, username: &str) -> Result<Option<UserRecord>, VaultError> {
    sql.query_row(&format!("SELECT {COLUMNS} FROM user WHERE username = ?1"), [folded(username)], raw)
        .optional()
        .doing("looking up a user")?
        .map(RawUser::parse)
        .transpose()
}

/// The name of a user, for reports.
pub(crate) fn display_name(sql: &Connection, user: UserId) -> Result<Option<String>, VaultError> {
    sql.prepare_cached("SELECT display_name FROM user WHERE id = ?1")
        .and_then(|mut statement| statement.query_row([user.to_string()], |row| row.get(0)).optional())
        .doing("looking up a user")
}

pub(crate) fn slot(sql: &Connection, user: UserId) -> Result<Slot, VaultError> {
    sql.query_row(
        "SELECT memory_kib, passes, lanes, salt, session, emergency FROM user_slot WHERE user = ?1",
        [user.to_string()],
        |row| {
            let cost = KdfCost { memory_kib: row.get(0)?, passes: row.get(1)?, lanes: row.get(2)? };
            Ok(Slot { cost, salt: row.get(3)?, session: row.get(4)?, emergency: row.get(5)? })
        },
    )
    .doing("reading a user's slot")
}

/// What the session key of `owner` opens.
pub(crate) fn keys(sql: &Connection, owner: Owner, session: &Secret) -> Result<UserKeys, VaultError> {
    let sealed: Vec<u8> = sql
        .query_row("SELECT private_key FROM user WHERE id = ?1", [owner.user.to_string()], |row| row.get(0))
        .doing("reading a user's key")?;
    let private =
        Kek::new(session).open_key(&place(owner, "session"), &sealed).map_err(|_| VaultError::Tampered("user"))?;
    let private = PrivateKey::from_secret(&private)?;
    let directory = grant::directory(sql, owner, &private)?;
    let general = grant::care_group(sql, owner, &private)?;
    Ok(UserKeys::new(owner.user, private, directory, general))
}

/// The form in which user names are compared and stored.
pub(crate) fn folded(username: &str) -> String {
    username.trim().to_lowercase()
}

fn place(owner: Owner, purpose: &str) -> String {
    format!("vigil/user-key/v1|{}|{}|{purpose}", owner.device, owner.user)
}

struct RawUser {
    id: String,
    username: String,
    display_name: String,
    role: String,
    disabled: bool,
    created_at: i64,
    last_sign_in: Option<i64>,
}

fn raw(row: &Row<'_>) -> rusqlite::Result<RawUser> {
    Ok(RawUser {
        id: row.get(0)?,
        username: row.get(1)?,
        display_name: row.get(2)?,
        role: row.get(3)?,
        disabled: row.get(4)?,
        created_at: row.get(5)?,
        last_sign_in: row.get(6)?,
    })
}

impl RawUser {
    fn parse(self) -> Result<UserRecord, VaultError> {
        Ok(UserRecord {
            id: UserId::parse(&self.id).map_err(|_| VaultError::Tampered("user"))?,
            username: self.username,
            display_name: self.display_name,
            role: Role::from_code(&self.role).ok_or(VaultError::Tampered("user"))?,
            disabled: self.disabled,
            created_at: time(self.created_at),
            last_sign_in: self.last_sign_in.map(time),
        })
    }
}
