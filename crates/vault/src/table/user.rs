//! `user` and `user_slot`.

use rusqlite::{Connection, OptionalExtension, Row, params};
use vigil_model::{DeviceId, Role, Sensitive, UserId};
use vigil_policy::Interaction;

use super::{affiliation, factor, grant, group, recovery, rights, setting, sign_in, time};
use crate::device::DeviceSecrets;
use crate::error::ResultExt as _;
use crate::key::{Kek, PrivateKey, PublicKey, Secret, UserKeys, hmac, tokens_differ};
use crate::open::new_uuid;
use crate::slot::{Owner, Slot};
use crate::{KdfCost, NewUser, RecoveryKey, Tx, UserRecord, Vault, VaultError};

const COLUMNS: &str = "id, username, display_name, role, disabled, created_at, last_sign_in, practitioner,
    EXISTS (SELECT 1 FROM emergency_account WHERE emergency_account.user = user.id)";

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
        self.insert_user(user, password, grants_from)
    }

    /// The same for the emergency account, whose name nobody else can have.
    pub(super) fn user_insert_for_emergency(
        &mut self,
        user: &NewUser,
        password: &Sensitive<String>,
        from: &UserKeys,
    ) -> Result<UserRecord, VaultError> {
        self.may(&[Interaction::EmergencyAccountSeal])?;
        self.insert_user(user, password, Some(from))
    }

    fn insert_user(
        &mut self,
        user: &NewUser,
        password: &Sensitive<String>,
        grants_from: Option<&UserKeys>,
    ) -> Result<UserRecord, VaultError> {
        let username = folded(&user.username);
        if username.is_empty() {
            return Err(VaultError::Invalid("a user name is needed"));
        }
        if by_name(self.sql, &username)?.is_some() {
            return Err(VaultError::UserExists);
        }

        let id = UserId::from_uuid(new_uuid(self.at)?);
        let owner = Owner { device: self.vault.device, user: id };
        let made = Made::for_password(self, owner, password)?;
        self.sql
            .execute(
                "INSERT INTO user (id, username, display_name, role, created_at, public_key, private_key,
                     emergency_public_key, emergency_private_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    id.to_string(),
                    username,
                    user.display_name,
                    user.role.code(),
                    self.now(),
                    made.public.to_bytes(),
                    made.private,
                    made.emergency_public.to_bytes(),
                    made.emergency_private,
                ],
            )
            .doing("making a user")?;
        made.slot.put(self.sql, id, self.now())?;
        vouch(self.sql, self.vault, id)?;
        affiliation::vouch(self.sql, self.vault, id)?;
        rights::changed(self.sql, id)?;
        self.about(format!("user={id} role={}", user.role.code()));
        let receiver = made.receiver(owner, user.role);
        match grants_from {
            None => grant::make_groups(self.sql, self.vault, &receiver, self.now()),
            Some(from) => {
                self.used_group_key(group::GroupKey::Authority)?;
                grant::grant_by_role(self.sql, &receiver, from)
            }
        }
        .inspect_err(|error| self.integrity_failure(error))?;
        by_name(self.sql, &username)?.ok_or(VaultError::Invalid("the user that was made is not there"))
    }

    /// Gives another user a new password, which has to be changed at the next sign-in: a new slot, new key pairs, and the
    /// group keys of the role again. What the user had sealed with the old password is gone, second factors among it.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] for oneself and for a user who is not there; [`VaultError::KeysMissing`] when `from` holds
    /// no authority.
    pub fn user_password_reset(
        &mut self,
        user: UserId,
        password: &Sensitive<String>,
        from: &UserKeys,
    ) -> Result<UserRecord, VaultError> {
        self.may(&[Interaction::UserPasswordReset])?;
        if user == from.user {
            return Err(VaultError::Invalid(
                "nobody resets their own password; change it, or ask another administrator",
            ));
        }
        let owner = Owner { device: self.vault.device, user: from.user };
        let authority = grant::authority(self.sql, owner, &from.private)?;
        self.used_group_key(group::GroupKey::Authority)?;
        let user = by_id(self.sql, user)?.ok_or(VaultError::Invalid("there is no such user"))?;
        if user.emergency_account {
            return Err(VaultError::Invalid("the emergency account has no password but its two halves; seal it anew"));
        }
        self.renew(&user, password, &authority, "administrator")?;
        recovery::require_new_password(self.sql, user.id, self.now())?;
        Ok(user)
    }

    /// New halves for the emergency account.
    pub(super) fn user_renew_for_emergency(
        &mut self,
        user: UserId,
        password: &Sensitive<String>,
        from: &UserKeys,
    ) -> Result<(), VaultError> {
        self.may(&[Interaction::EmergencyAccountSeal])?;
        let owner = Owner { device: self.vault.device, user: from.user };
        let authority = grant::authority(self.sql, owner, &from.private)?;
        self.used_group_key(group::GroupKey::Authority)?;
        let user = by_id(self.sql, user)?.ok_or(VaultError::Tampered("emergency_account"))?;
        self.renew(&user, password, &authority, "emergency-account-seal")
    }

    /// The same with the organisation recovery key in place of an administrator, and for administrators only: they give
    /// the others their passwords.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] for any other user and for another recovery key.
    pub fn user_password_recover(
        &mut self,
        username: &str,
        password: &Sensitive<String>,
        key: &RecoveryKey,
    ) -> Result<UserRecord, VaultError> {
        self.may(&[Interaction::UserPasswordRecover])?;
        let authority = recovery::authority(self.sql, self.vault, key)?;
        let user = by_name(self.sql, username)?.filter(|user| user.role == Role::Administrator);
        let user = user.ok_or(VaultError::Invalid(
            "there is no administrator of this name; the recovery key resets the password of an administrator only",
        ))?;
        self.sql
            .execute("UPDATE user SET disabled = 0 WHERE id = ?1", [user.id.to_string()])
            .doing("opening an administrator's account")?;
        self.renew(&user, password, &authority, "recovery-key")?;
        recovery::require_new_password(self.sql, user.id, self.now())?;
        Ok(user)
    }

    fn renew(
        &mut self,
        user: &UserRecord,
        password: &Sensitive<String>,
        authority: &Secret,
        by: &str,
    ) -> Result<(), VaultError> {
        let doing = "giving a user a new password";
        let owner = Owner { device: self.vault.device, user: user.id };
        let made = Made::for_password(self, owner, password)?;
        self.sql
            .execute(
                "UPDATE user SET public_key = ?2, private_key = ?3, emergency_public_key = ?4, emergency_private_key = ?5
                 WHERE id = ?1",
                params![
                    user.id.to_string(),
                    made.public.to_bytes(),
                    made.private,
                    made.emergency_public.to_bytes(),
                    made.emergency_private,
                ],
            )
            .doing(doing)?;
        self.sql.execute("DELETE FROM user_slot WHERE user = ?1", [user.id.to_string()]).doing(doing)?;
        made.slot.put(self.sql, user.id, self.now())?;
        vouch(self.sql, self.vault, user.id)?;
        // They were sealed under the key pair that is gone.
        factor::forget(self.sql, user.id)?;
        grant::revoke_all(self.sql, owner)?;
        grant::grant_with(self.sql, &made.receiver(owner, user.role), authority)?;
        sign_in::forgive(self.sql, &self.vault.secrets.name_key, &user.username)?;
        self.about(format!("user={} by={by}", user.id));
        Ok(())
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

/// What a password opens, made afresh.
struct Made {
    slot: Slot,
    public: PublicKey,
    private: Vec<u8>,
    emergency_public: PublicKey,
    emergency_private: Vec<u8>,
}

impl Made {
    fn for_password(tx: &Tx<'_>, owner: Owner, password: &Sensitive<String>) -> Result<Self, VaultError> {
        let cost = setting::kdf(tx.sql)?;
        let (slot, keys) = Slot::make(owner, password, cost, &*tx.vault.custodian)?;
        let (private, public) = PrivateKey::make()?;
        let (emergency_private, emergency_public) = PrivateKey::make()?;
        let seal = |key: &Secret, purpose, private: &PrivateKey| {
            Kek::new(key).seal(&place(owner, purpose), private.to_secret().as_slice())
        };
        Ok(Self {
            private: seal(&keys.session, "session", &private)?,
            emergency_private: seal(&keys.emergency, "emergency", &emergency_private)?,
            slot,
            public,
            emergency_public,
        })
    }

    fn receiver(self, owner: Owner, role: Role) -> grant::Receiver {
        grant::Receiver { owner, role, public: self.public, emergency_public: self.emergency_public }
    }
}

impl Slot {
    pub(super) fn put(&self, sql: &Connection, user: UserId, at: i64) -> Result<(), VaultError> {
        sql.execute(
            "INSERT INTO user_slot (user, memory_kib, passes, lanes, salt, session, emergency, made_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                user.to_string(),
                self.cost.memory_kib,
                self.cost.passes,
                self.cost.lanes,
                self.salt,
                self.session,
                self.emergency,
                at,
            ],
        )
        .doing("writing a user's slot")?;
        Ok(())
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

pub(crate) fn by_id(sql: &Connection, user: UserId) -> Result<Option<UserRecord>, VaultError> {
    sql.query_row(&format!("SELECT {COLUMNS} FROM user WHERE id = ?1"), [user.to_string()], raw)
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
    let private = private(sql, owner, session)?;
    let group = grant::group_keys(sql, owner, &private)?;
    Ok(UserKeys::new(owner.user, private, group))
}

/// The private key that the session key of `owner` opens.
pub(super) fn private(sql: &Connection, owner: Owner, session: &Secret) -> Result<PrivateKey, VaultError> {
    private_of(owner, session, &sealed_private(sql, owner)?)
}

fn private_of(owner: Owner, session: &Secret, sealed: &[u8]) -> Result<PrivateKey, VaultError> {
    let private =
        Kek::new(session).open_key(&place(owner, "session"), sealed).map_err(|_| VaultError::Tampered("user"))?;
    PrivateKey::from_secret(&private)
}

fn sealed_private(sql: &Connection, owner: Owner) -> Result<Vec<u8>, VaultError> {
    sql.query_row("SELECT private_key FROM user WHERE id = ?1", [owner.user.to_string()], |row| row.get(0))
        .doing("reading a user's key")
}

/// The private key that the emergency key of `owner` opens.
pub(crate) fn emergency_private(sql: &Connection, owner: Owner, emergency: &Secret) -> Result<PrivateKey, VaultError> {
    let sealed: Vec<u8> = sql
        .query_row("SELECT emergency_private_key FROM user WHERE id = ?1", [owner.user.to_string()], |row| row.get(0))
        .doing("reading a user's key")?;
    let private =
        Kek::new(emergency).open_key(&place(owner, "emergency"), &sealed).map_err(|_| VaultError::Tampered("user"))?;
    PrivateKey::from_secret(&private)
}

/// The form in which user names are compared and stored.
pub(crate) fn folded(username: &str) -> String {
    username.trim().to_lowercase()
}

/// What somebody with the database key alone must not change: who a user is for those who grant keys.
fn vouched(
    sql: &Connection,
    secrets: &DeviceSecrets,
    device: DeviceId,
    user: UserId,
) -> Result<(Role, PublicKey, PublicKey, [u8; 32]), VaultError> {
    let (role, disabled, public, emergency): (String, bool, Vec<u8>, Vec<u8>) = sql
        .query_row(
            "SELECT role, disabled, public_key, emergency_public_key FROM user WHERE id = ?1",
            [user.to_string()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .doing("looking up a user")?;
    let code = hmac(
        &secrets.head_key,
        &[
            b"vigil/user/vouched/v1",
            device.as_uuid().as_bytes(),
            user.as_uuid().as_bytes(),
            role.as_bytes(),
            &[u8::from(disabled)],
            &public,
            &emergency,
        ],
    )?;
    let role = Role::from_code(&role).ok_or(VaultError::Tampered("user"))?;
    Ok((role, PublicKey::from_bytes(&public)?, PublicKey::from_bytes(&emergency)?, code))
}

/// Notes that the role, the state and the public keys of `user` are what this program made them: whoever changes one of
/// them calls this.
pub(super) fn vouch(sql: &Connection, vault: &Vault, user: UserId) -> Result<(), VaultError> {
    vouch_with(sql, &vault.secrets, vault.device, user)
}

/// The same for every user of a database that is older than the code.
pub(crate) fn vouch_for_all(sql: &Connection, secrets: &DeviceSecrets, device: DeviceId) -> Result<(), VaultError> {
    ids(sql, false)?.into_iter().try_for_each(|user| vouch_with(sql, secrets, device, user))
}

fn vouch_with(sql: &Connection, secrets: &DeviceSecrets, device: DeviceId, user: UserId) -> Result<(), VaultError> {
    let (.., code) = vouched(sql, secrets, device, user)?;
    sql.execute("UPDATE user SET vouched = ?2 WHERE id = ?1", params![user.to_string(), code])
        .doing("vouching for a user's public keys")?;
    Ok(())
}

/// A user to whom keys may be sealed.
pub(crate) fn receiver(sql: &Connection, vault: &Vault, user: UserId) -> Result<grant::Receiver, VaultError> {
    let (role, public, emergency_public, code) = vouched(sql, &vault.secrets, vault.device, user)?;
    let known: Option<Vec<u8>> = sql
        .query_row("SELECT vouched FROM user WHERE id = ?1", [user.to_string()], |row| row.get(0))
        .doing("looking up a user")?;
    if known.is_none_or(|known| tokens_differ(&known, &code)) {
        return Err(VaultError::Tampered("user"));
    }
    Ok(grant::Receiver { owner: Owner { device: vault.device, user }, role, public, emergency_public })
}

/// Whether the account is closed, or gone.
pub(crate) fn is_closed(sql: &Connection, user: UserId) -> Result<bool, VaultError> {
    sql.query_row("SELECT NOT EXISTS (SELECT 1 FROM user WHERE id = ?1 AND disabled = 0)", [user.to_string()], |row| {
        row.get(0)
    })
    .doing("looking up a user")
}

/// Everybody, or everybody whose account is open.
pub(super) fn ids(sql: &Connection, open_only: bool) -> Result<Vec<UserId>, VaultError> {
    let ids: Vec<String> = sql
        .prepare_cached("SELECT id FROM user WHERE disabled = 0 OR NOT ?1 ORDER BY id")
        .and_then(|mut statement| statement.query_map([open_only], |row| row.get(0))?.collect())
        .doing("listing users")?;
    ids.iter().map(|id| UserId::parse(id).map_err(|_| VaultError::Tampered("user"))).collect()
}

pub(super) fn place(owner: Owner, purpose: &str) -> String {
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
    practitioner: Option<String>,
    emergency_account: bool,
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
        practitioner: row.get(7)?,
        emergency_account: row.get(8)?,
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
            practitioner: self.practitioner,
            emergency_account: self.emergency_account,
        })
    }
}
