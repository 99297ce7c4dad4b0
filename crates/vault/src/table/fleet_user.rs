//! Users of the server's directory in `user`, `user_slot`, `user_grant` and `group_key`.

use rusqlite::{Connection, OptionalExtension, params};
use vigil_audit::SealPublicKey;
use vigil_model::wire::{Bytes, Directory, DirectoryUser, GroupKeySealed, KeyDeposit, SignInResponse};
use vigil_model::{Sensitive, UserId};
use vigil_policy::Interaction;

use super::group::{self, GroupKey};
use super::{affiliation, directory, factor, grant, recovery, rights, sign_in, user};
use crate::error::ResultExt as _;
use crate::fleet_user::{ArrivingUser, DirectoryApplied, Granted};
use crate::key::{Kek, PrivateKey, PublicKey, Secret};
use crate::slot::{Owner, Slot};
use crate::{Tx, UserKeys, UserRecord, VaultError};

const WRITING: &str = "taking over a user of the fleet";

impl Tx<'_> {
    /// Makes a user of the server's directory one of this workstation: a slot for the password, the key pairs that the server sealed to,
    /// and the group keys that it granted. Where the workstation has no group keys yet, these are its first.
    ///
    /// A user who is here already, under another password than the one that the server accepted, is given slot and pairs anew; what was
    /// sealed under the former ones is gone, second factors among it, as after an administrator's reset.
    ///
    /// # Errors
    /// [`VaultError::UserExists`] when the name is somebody else's here; [`VaultError::Forged`] for an answer about somebody else and for
    /// a key that does not open or is another than the workstation's; [`VaultError::OutsidePermit`] with any other permit; or the
    /// database fails.
    pub fn fleet_user_put(
        &mut self,
        user: &DirectoryUser,
        arriving: &ArrivingUser,
        password: &Sensitive<String>,
        granted: &SignInResponse,
    ) -> Result<UserRecord, VaultError> {
        self.may(&[Interaction::FleetUserCreate])?;
        if granted.user != user.id {
            return Err(VaultError::Forged("a user of the directory"));
        }
        let username = user::folded(&user.username);
        let known = user::by_id(self.sql, user.id)?;
        if user::by_name(self.sql, &username)?.is_some_and(|other| other.id != user.id) {
            return Err(VaultError::UserExists);
        }
        let owner = Owner { device: self.vault.device, user: user.id };
        let cost = super::setting::kdf(self.sql)?;
        let (slot, slot_keys) = Slot::make(owner, password, cost, &*self.vault.custodian)?;
        let seal = |key: &Secret, purpose, private: &PrivateKey| {
            Kek::new(key).seal(&user::place(owner, purpose), private.to_secret().as_slice())
        };
        let private = seal(&slot_keys.session, "session", &arriving.private)?;
        let emergency_private = seal(&slot_keys.emergency, "emergency", &arriving.emergency_private)?;
        let (public, emergency_public) = (arriving.public.to_bytes(), arriving.emergency_public.to_bytes());
        let id = user.id.to_string();
        if known.is_some() {
            self.sql
                .execute(
                    "UPDATE user SET public_key = ?2, private_key = ?3, emergency_public_key = ?4, emergency_private_key = ?5
                     WHERE id = ?1",
                    params![id, public, private, emergency_public, emergency_private],
                )
                .doing(WRITING)?;
            self.sql.execute("DELETE FROM user_slot WHERE user = ?1", [&id]).doing(WRITING)?;
            // They were sealed under the pairs that are gone.
            factor::forget(self.sql, user.id)?;
            grant::revoke_all(self.sql, owner)?;
            sign_in::forgive(self.sql, &self.vault.secrets.name_key, &username)?;
        } else {
            self.sql
                .execute(
                    "INSERT INTO user (id, username, display_name, role, disabled, created_at, public_key, private_key,
                         emergency_public_key, emergency_private_key, practitioner)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                    params![
                        id,
                        username,
                        user.display_name,
                        user.role.code(),
                        user.disabled,
                        self.now(),
                        public,
                        private,
                        emergency_public,
                        emergency_private,
                        user.practitioner,
                    ],
                )
                .doing(WRITING)?;
            affiliation::vouch(self.sql, self.vault, user.id)?;
            if let Some(directory) = directory::read(self.sql, self.vault)? {
                self.follow_teams(&directory.teams)?;
            }
            if let Some(under) = &user.suspended {
                self.suspend_by_server(user.id, under)?;
            }
        }
        slot.put(self.sql, user.id, self.now())?;
        user::vouch(self.sql, self.vault, user.id)?;
        rights::changed(self.sql, user.id)?;
        if granted.password_due {
            recovery::require_new_password(self.sql, user.id, self.now())?;
        }
        let taken = self.take_grants(owner, (&arriving.private, &arriving.emergency_private), &granted.keys)?;
        let what = if known.is_some() { " password=replaced" } else { "" };
        self.about(format!("user={} role={} by=server{what}{taken}", user.id, user.role.code()));
        user::by_name(self.sql, &username)?.ok_or(VaultError::Invalid("the user that was made is not there"))
    }

    /// Group keys that the server granted a user of this workstation anew.
    ///
    /// # Errors
    /// As [`Tx::fleet_user_put`], and [`VaultError::WrongPassword`].
    pub fn fleet_grants_put(
        &mut self,
        user: UserId,
        password: &Sensitive<String>,
        keys: &[GroupKeySealed],
    ) -> Result<(), VaultError> {
        self.may(&[Interaction::FleetUserCreate])?;
        let owner = Owner { device: self.vault.device, user };
        let opened = user::slot(self.sql, user)?.open_both(owner, password, &*self.vault.custodian)?;
        let private = user::private(self.sql, owner, &opened.session)?;
        let emergency = user::emergency_private(self.sql, owner, &opened.emergency)?;
        let about = self.take_grants(owner, (&private, &emergency), keys)?;
        group::changed(self.sql)?;
        self.about(format!("user={user} by=server{about}"));
        Ok(())
    }

    /// The group keys of a workstation that was set up alone, sealed to the server, which grants them from now on. Nothing changes here.
    ///
    /// # Errors
    /// [`VaultError::KeysMissing`] when `from` holds no authority; [`VaultError::Invalid`] without a fleet; or the database fails.
    pub fn key_deposit(&mut self, from: &UserKeys) -> Result<KeyDeposit, VaultError> {
        self.may(&[Interaction::KeyDeposit])?;
        let device = self.vault.device;
        let fleet = super::fleet::read(self.sql, self.vault)?
            .ok_or(VaultError::Invalid("this workstation belongs to no fleet"))?;
        let sealing = |_| VaultError::Cryptography("sealing to the server");
        let server = SealPublicKey::from_bytes(fleet.seal_key.public.as_ref()).map_err(sealing)?;
        let authority = grant::authority(self.sql, Owner { device, user: from.user }, &from.private)?;
        self.used_group_key(GroupKey::Authority)?;
        let mut groups = Vec::new();
        for key in [GroupKey::Directory, GroupKey::CareGroup, GroupKey::BreakGlass] {
            let (version, secret) = group::held(self.sql, device, key, &authority)?;
            self.used_group_key(key)?;
            let public = match key {
                GroupKey::Directory | GroupKey::Authority => None,
                GroupKey::CareGroup | GroupKey::BreakGlass => {
                    Some(Bytes(PrivateKey::from_secret(&secret)?.public().to_bytes().to_vec()))
                }
            };
            let sealed = server.seal_deposit(device, key.id(), version, &secret).map_err(sealing)?;
            groups.push(GroupKeySealed { group: key.id().to_owned(), version, public, sealed: Bytes(sealed) });
        }
        self.about(format!("server={}", fleet.server));
        Ok(KeyDeposit { key: fleet.seal_key.id, groups })
    }

    /// Does what the directory says of the users and teams of this workstation. What it says of others is looked up when they come.
    ///
    /// A user whose account is closed loses every group key at once, and the session ends at its next look at the account. The keys
    /// themselves are replaced by the server, and reach the workstation with the next sign-in of somebody who holds them.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit; or the database fails.
    pub fn directory_apply(&mut self, directory: &Directory) -> Result<DirectoryApplied, VaultError> {
        self.may(&[Interaction::DirectoryApply])?;
        let mut applied = DirectoryApplied::default();
        for said in &directory.users {
            let Some(known) = user::by_id(self.sql, said.id)? else { continue };
            let owner = Owner { device: self.vault.device, user: said.id };
            let id = said.id.to_string();
            let change = |column: &str, value: &dyn rusqlite::ToSql| {
                self.sql
                    .execute(&format!("UPDATE user SET {column} = ?2 WHERE id = ?1"), params![id, value])
                    .map(drop)
                    .doing(WRITING)
            };
            if known.display_name != said.display_name {
                change("display_name", &said.display_name)?;
            }
            if known.practitioner != said.practitioner {
                // Looked at while it is still as it was vouched for.
                self.affiliation(said.id)?;
                change("practitioner", &said.practitioner)?;
                affiliation::vouch(self.sql, self.vault, said.id)?;
            }
            if known.disabled != said.disabled {
                change("disabled", &said.disabled)?;
                if said.disabled {
                    grant::revoke_all(self.sql, owner)?;
                    applied.closed.push(said.id);
                } else {
                    applied.opened.push(said.id);
                }
            }
            if known.role != said.role {
                change("role", &said.role.code())?;
                for key in GroupKey::ALL.into_iter().filter(|key| !grant::keys_of(said.role).contains(key)) {
                    grant::revoke(self.sql, owner, key)?;
                }
                applied.roles.push(said.id);
            }
            match &said.suspended {
                Some(under) => {
                    if self.suspend_by_server(said.id, under)? {
                        applied.suspended.push(said.id);
                    }
                }
                None => {
                    if self.lift_by_server(said.id)? {
                        applied.lifted.push(said.id);
                    }
                }
            }
            if known.disabled != said.disabled || known.role != said.role {
                user::vouch(self.sql, self.vault, said.id)?;
                rights::changed(self.sql, said.id)?;
            }
        }
        applied.teams = self.follow_teams(&directory.teams)?;
        if !applied.is_empty() {
            group::changed(self.sql)?;
        }
        self.about(format!(
            "directory={}{}{}{}{}{}{}",
            directory.version,
            list("closed", &applied.closed),
            list("opened", &applied.opened),
            list("roles", &applied.roles),
            list("suspended", &applied.suspended),
            list("lifted", &applied.lifted),
            list("teams", &applied.teams),
        ));
        Ok(applied)
    }

    /// Stores what the server granted. Returns what the entry says of keys that took the place of others.
    fn take_grants(
        &mut self,
        owner: Owner,
        private: (&PrivateKey, &PrivateKey),
        keys: &[GroupKeySealed],
    ) -> Result<String, VaultError> {
        let mut about = String::new();
        for key in keys.iter().filter(|key| !is_public_half(key)) {
            let granted = opened(owner, private, key)?;
            // The server grants every version, oldest first, for it does not know how far this workstation has come.
            if known_version(self.sql, granted.group)?.is_some_and(|known| known > granted.version) {
                continue;
            }
            about.push_str(&self.group_key_taken(owner, private, &granted)?);
            self.sql
                .execute(
                    "INSERT OR REPLACE INTO user_grant (user, key, sealed, version) VALUES (?1, ?2, ?3, ?4)",
                    params![owner.user.to_string(), granted.group.id(), granted.sealed, granted.version],
                )
                .doing(WRITING)?;
        }
        // Newest first: what this workstation has none of begins with it. A newer version comes with whoever holds the former one.
        for key in keys.iter().rev().filter(|key| is_public_half(key)) {
            let forged = || VaultError::Forged("a group key");
            let pair = [GroupKey::CareGroup, GroupKey::BreakGlass].into_iter().find(|pair| pair.id() == key.group);
            let (group, public) = (pair.ok_or_else(forged)?, key.public.as_ref().ok_or_else(forged)?);
            let public = PublicKey::from_bytes(public.as_ref()).map_err(|_| forged())?;
            if key.version == 0 {
                return Err(forged());
            }
            if known_version(self.sql, group)?.is_none() {
                group::insert_version(self.sql, self.vault, group, key.version, Some(&public), self.now())?;
                about.push_str(&format!(" public={}/{}", group.id(), key.version));
            }
        }
        Ok(about)
    }

    /// The group's key as this workstation has it becomes the one that was granted: its first, the same, or a newer one.
    fn group_key_taken(
        &mut self,
        owner: Owner,
        private: (&PrivateKey, &PrivateKey),
        granted: &Granted,
    ) -> Result<String, VaultError> {
        let (sql, vault, at) = (self.sql, self.vault, self.now());
        let Granted { group: key, version, public, secret, .. } = granted;
        let Some(known) = known_version(sql, *key)? else {
            group::insert_version(sql, vault, *key, *version, public.as_ref(), at)?;
            return Ok(format!(" key={}/{version}", key.id()));
        };
        if let Some(public) = public
            && known == *version
            && group::public_key(sql, &vault.secrets, vault.device, *key)?.1.to_bytes() != public.to_bytes()
        {
            return Err(VaultError::Forged("a group key"));
        }
        if known == *version {
            return Ok(String::new());
        }
        let former = if *key == GroupKey::BreakGlass { private.1 } else { private.0 };
        let (former_version, former) = grant::open(sql, owner, *key, former)?.ok_or(VaultError::KeysMissing)?;
        if former_version != known {
            return Err(VaultError::KeysMissing);
        }
        match (key, public) {
            (GroupKey::Directory, _) => {
                let kept = group::seal_former(vault.device, *key, former_version, &former, secret)?;
                group::replace(sql, vault, *key, *version, (None, &[]), Some(&kept), at)?;
                self.directory_reseal_begin(*version)?;
            }
            (GroupKey::CareGroup | GroupKey::BreakGlass, Some(public)) => {
                group::replace(sql, vault, *key, *version, (Some(public), &[]), None, at)?;
                super::wrapping::reseal_all(sql, *key, &PrivateKey::from_secret(&former)?, (*version, public))?;
            }
            (GroupKey::CareGroup | GroupKey::BreakGlass, None) | (GroupKey::Authority, _) => {
                return Err(VaultError::Forged("a group key"));
            }
        }
        group::changed(sql)?;
        Ok(format!(" rotated={}/{version}", key.id()))
    }
}

/// ` closed=<id>,<id>`, or nothing.
fn list<T: ToString>(word: &str, ids: &[T]) -> String {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    if ids.is_empty() { String::new() } else { format!(" {word}={}", ids.join(",")) }
}

fn known_version(sql: &Connection, key: GroupKey) -> Result<Option<u32>, VaultError> {
    sql.query_row("SELECT version FROM group_key WHERE id = ?1", [key.id()], |row| row.get(0)).optional().doing(WRITING)
}

/// Whether the user lacks one of the keys that the server granted, in its newest version.
pub(crate) fn keys_missing(sql: &Connection, user: UserId, granted: &[GroupKeySealed]) -> Result<bool, VaultError> {
    for key in granted.iter().filter(|key| !is_public_half(key)) {
        let held: bool = sql
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM user_grant AS g JOIN group_key AS k ON k.id = g.key
                 WHERE g.user = ?1 AND g.key = ?2 AND g.version = k.version AND g.version >= ?3)",
                params![user.to_string(), key.group, key.version],
                |row| row.get(0),
            )
            .doing("reading what a user holds")?;
        if !held {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Given to whoever does not hold the key, and writes what its holders read.
fn is_public_half(key: &GroupKeySealed) -> bool {
    key.sealed.as_ref().is_empty()
}

/// A grant that opens and is for this user.
fn opened(
    owner: Owner,
    (private, emergency): (&PrivateKey, &PrivateKey),
    key: &GroupKeySealed,
) -> Result<Granted, VaultError> {
    let forged = || VaultError::Forged("a group key");
    let group = GroupKey::from_id(&key.group).filter(|group| *group != GroupKey::Authority).ok_or_else(forged)?;
    let private = if group == GroupKey::BreakGlass { emergency } else { private };
    let secret = private.open(&grant::place(owner, group, key.version), key.sealed.as_ref()).map_err(|_| forged())?;
    let public = key.public.as_ref().map(|public| PublicKey::from_bytes(public.as_ref())).transpose()?;
    // A public half that is not the other one's would have this workstation seal to a key that nobody holds.
    if let Some(public) = &public
        && PrivateKey::from_secret(&secret)?.public().to_bytes() != public.to_bytes()
    {
        return Err(forged());
    }
    let pair = matches!(group, GroupKey::CareGroup | GroupKey::BreakGlass);
    if pair != public.is_some() || key.version == 0 {
        return Err(forged());
    }
    Ok(Granted { group, version: key.version, public, sealed: key.sealed.0.clone(), secret })
}
