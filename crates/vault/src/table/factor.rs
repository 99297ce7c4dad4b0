//! `user_factor` and `recovery_code`: the second factors of the users.
//!
//! What a factor rests on (the secret of a TOTP, the public key of a card) is sealed under a key that comes from the
//! user's private key, bound to device, user, number, kind and name: neither the database key nor another user's keys open
//! it, and nobody without the user's password can put one of their own in its place.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};
use vigil_model::{DeviceId, Moment, Sensitive, UserId};
use vigil_policy::{Interaction, Principal};
use zeroize::Zeroizing;

use super::time;
use crate::card::CardKey;
use crate::error::ResultExt as _;
use crate::factor::{Accepted, RECOVERY_CODES, RecoveryCode};
use crate::key::{Kek, Secret, derive};
use crate::{
    Challenge, FactorAccepted, FactorKind, FactorRecord, SignedChallenge, TotpSecret, Tx, UserKeys, VaultError,
};

const COLUMNS: &str = "id, user, kind, name, created_at, last_used";

impl Tx<'_> {
    /// The second factors of the user whose keys these are, oldest first.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit than that of reading one's own; or the database fails.
    pub fn factors(&self) -> Result<Vec<FactorRecord>, VaultError> {
        let user = self.own(Interaction::FactorSearch)?.user;
        list(self.sql, Some(user))
    }

    /// The second factors of everybody, for the list of users.
    ///
    /// # Errors
    /// [`VaultError::OutsidePermit`] with any other permit than that of the list; or the database fails.
    pub fn users_factors(&self) -> Result<BTreeMap<UserId, Vec<FactorRecord>>, VaultError> {
        self.may(&[Interaction::UserSearch, Interaction::AccessRightsRead, Interaction::AccessRightsExport])?;
        let mut all: BTreeMap<UserId, Vec<FactorRecord>> = BTreeMap::new();
        for factor in list(self.sql, None)? {
            all.entry(factor.user).or_default().push(factor);
        }
        Ok(all)
    }

    /// How many recovery codes are left to the user whose keys these are.
    ///
    /// # Errors
    /// As [`Tx::factors`].
    pub fn recovery_codes_left(&self) -> Result<u32, VaultError> {
        let user = self.own(Interaction::FactorSearch)?.user;
        self.sql
            .query_row("SELECT count(*) FROM recovery_code WHERE user = ?1", [user.to_string()], |row| row.get(0))
            .doing("counting recovery codes")
    }

    /// Enrols an authenticator, once `code` shows that it has the secret. That code is used up with it.
    ///
    /// # Errors
    /// [`VaultError::WrongSecondFactor`] for another code; or the database fails.
    pub fn totp_insert(
        &mut self,
        name: &str,
        secret: &TotpSecret,
        code: &Sensitive<String>,
    ) -> Result<FactorRecord, VaultError> {
        self.own(Interaction::FactorCreate)?;
        let step = secret.step_of(code, self.at, None).ok_or(VaultError::WrongSecondFactor)?;
        self.insert(FactorKind::Totp, name, secret.bytes(), step)
    }

    /// Enrols a card, once it has answered a challenge of this program.
    ///
    /// # Errors
    /// [`VaultError::WrongSecondFactor`] for an answer that does not fit; or the database fails.
    pub fn card_insert(
        &mut self,
        key: &CardKey,
        challenge: &Challenge,
        signed: &SignedChallenge,
    ) -> Result<FactorRecord, VaultError> {
        let user = self.own(Interaction::FactorCreate)?.user;
        if challenge.user != user || !key.has_signed(challenge, signed) {
            return Err(VaultError::WrongSecondFactor);
        }
        self.insert(FactorKind::SmartCard, key.name(), key.public_key(), 0)
    }

    /// Uses up a factor that was found right. A step or a recovery code that another process used meanwhile is refused.
    ///
    /// # Errors
    /// [`VaultError::WrongSecondFactor`]; [`VaultError::OutsidePermit`] for another user's; or the database fails.
    pub fn factor_use(&mut self, accepted: &FactorAccepted, purpose: &str) -> Result<(), VaultError> {
        let wanted = match accepted.what {
            Accepted::Code(_) => Interaction::RecoveryCodeVerify,
            Accepted::Step { .. } | Accepted::Signature { .. } => Interaction::FactorVerify,
        };
        let user = self.own(wanted)?.user;
        self.covered(accepted.user == user)?;
        let (doing, user, now) = ("using a second factor", user.to_string(), self.now());
        let (changed, what) = match accepted.what {
            Accepted::Step { factor, step } => {
                let used = self.sql.execute(
                    "UPDATE user_factor SET last_step = ?3, last_used = ?4 WHERE id = ?1 AND user = ?2 AND last_step < ?3",
                    params![factor, user, stored(step), now],
                );
                (used.doing(doing)?, format!("factor={factor} kind=totp"))
            }
            Accepted::Signature { factor } => {
                let used = self.sql.execute(
                    "UPDATE user_factor SET last_used = ?3 WHERE id = ?1 AND user = ?2",
                    params![factor, user, now],
                );
                (used.doing(doing)?, format!("factor={factor} kind=smart-card"))
            }
            Accepted::Code(token) => {
                let used =
                    self.sql.execute("DELETE FROM recovery_code WHERE user = ?1 AND code = ?2", params![user, token]);
                (used.doing(doing)?, "kind=recovery-code".to_owned())
            }
        };
        if changed != 1 {
            return Err(VaultError::WrongSecondFactor);
        }
        self.about(format!("purpose={purpose} {what}"));
        Ok(())
    }

    /// Removes one of one's own factors; with the last one the recovery codes go.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] when there is no such factor; or the database fails.
    pub fn factor_delete(&mut self, id: u32) -> Result<(), VaultError> {
        let user = self.own(Interaction::FactorDelete)?.user;
        let doing = "removing a second factor";
        let removed = self
            .sql
            .execute("DELETE FROM user_factor WHERE id = ?1 AND user = ?2", params![id, user.to_string()])
            .doing(doing)?;
        if removed != 1 {
            return Err(VaultError::Invalid("there is no such second factor"));
        }
        if !any(self.sql, user)? {
            self.sql.execute("DELETE FROM recovery_code WHERE user = ?1", [user.to_string()]).doing(doing)?;
        }
        self.about(format!("factor={id}"));
        Ok(())
    }

    /// Removes every factor and recovery code of another user, who has to enrol anew.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] for oneself; [`VaultError::OutsidePermit`]; or the database fails.
    pub fn user_factors_delete(&mut self, user: UserId) -> Result<(), VaultError> {
        let own = self.own(Interaction::UserFactorDelete)?.user;
        if own == user {
            return Err(VaultError::Invalid("remove your own second factor under My sign-in"));
        }
        let removed = forget(self.sql, user)?;
        self.about(format!("user={user} factors={removed}"));
        Ok(())
    }

    /// Makes recovery codes for the user whose keys these are; those before them are void. This is the only time that they
    /// can be read.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] for a user without a factor; or the database fails.
    pub fn recovery_codes_make(&mut self) -> Result<Vec<Zeroizing<String>>, VaultError> {
        let keys = self.own(Interaction::RecoveryCodeCreate)?;
        if !any(self.sql, keys.user)? {
            return Err(VaultError::Invalid("recovery codes stand in for a second factor; set one up first"));
        }
        let (doing, user, key) = ("making recovery codes", keys.user.to_string(), code_key(keys)?);
        self.sql.execute("DELETE FROM recovery_code WHERE user = ?1", [&user]).doing(doing)?;
        let mut texts = Vec::with_capacity(RECOVERY_CODES);
        for _ in 0..RECOVERY_CODES {
            let code = RecoveryCode::make()?;
            self.sql
                .execute("INSERT INTO recovery_code VALUES (?1, ?2)", params![user, code.token(&key, keys.user)?])
                .doing(doing)?;
            texts.push(code.text());
        }
        self.about(format!("codes={RECOVERY_CODES}"));
        Ok(texts)
    }

    fn insert(&mut self, kind: FactorKind, name: &str, secret: &[u8], step: u64) -> Result<FactorRecord, VaultError> {
        let keys = self.own(Interaction::FactorCreate)?;
        let (doing, user) = ("enrolling a second factor", keys.user.to_string());
        // The number is part of what the seal is bound to, so the row comes first.
        let id: u32 = self
            .sql
            .query_row(
                "INSERT INTO user_factor (user, kind, name, created_at, last_step, sealed)
                 VALUES (?1, ?2, ?3, ?4, ?5, x'') RETURNING id",
                params![user, kind.code(), name, self.now(), stored(step)],
                |row| row.get(0),
            )
            .doing(doing)?;
        let place = place(self.vault.device, keys.user, id, kind, name);
        let sealed = Kek::new(&factor_key(keys)?).seal(&place, secret)?;
        self.sql.execute("UPDATE user_factor SET sealed = ?2 WHERE id = ?1", params![id, sealed]).doing(doing)?;
        self.about(format!("factor={id} kind={}", kind.code()));
        Ok(FactorRecord {
            id,
            user: keys.user,
            kind,
            name: name.to_owned(),
            created_at: time(self.now()),
            last_used: None,
        })
    }
}

impl<'a> Tx<'a> {
    /// The keys of the user whom the permit names, for this interaction.
    fn own(&self, interaction: Interaction) -> Result<&'a UserKeys, VaultError> {
        self.may(&[interaction])?;
        let keys = self.keys.ok_or(VaultError::KeysMissing)?;
        let same = matches!(self.permit.principal(), Principal::User { id, .. } if *id == keys.user);
        self.covered(same)?;
        Ok(keys)
    }
}

/// Whether a user has a factor.
pub(crate) fn any(sql: &Connection, user: UserId) -> Result<bool, VaultError> {
    sql.query_row("SELECT EXISTS (SELECT 1 FROM user_factor WHERE user = ?1)", [user.to_string()], |row| row.get(0))
        .doing("looking for a second factor")
}

/// Removes everything that a user has for a second factor; returns how many factors there were.
pub(super) fn forget(sql: &Connection, user: UserId) -> Result<usize, VaultError> {
    let doing = "removing second factors";
    sql.execute("DELETE FROM recovery_code WHERE user = ?1", [user.to_string()]).doing(doing)?;
    sql.execute("DELETE FROM user_factor WHERE user = ?1", [user.to_string()]).doing(doing)
}

/// The step of the factor that `code` is, if it comes after every step that was used.
pub(crate) fn check_code(
    sql: &Connection,
    device: DeviceId,
    keys: &UserKeys,
    code: &Sensitive<String>,
    at: Moment,
) -> Result<Accepted, VaultError> {
    for (factor, secret) in opened(sql, device, keys, FactorKind::Totp)? {
        let secret = TotpSecret::from_bytes(&secret).ok_or(VaultError::Tampered("user_factor"))?;
        if let Some(step) = secret.step_of(code, at, Some(factor.last_step)) {
            return Ok(Accepted::Step { factor: factor.id, step });
        }
    }
    Err(VaultError::WrongSecondFactor)
}

pub(crate) fn check_recovery_code(
    sql: &Connection,
    _device: DeviceId,
    keys: &UserKeys,
    code: &Sensitive<String>,
) -> Result<Accepted, VaultError> {
    // EXPOSE: what was typed is looked up by its keyed form.
    let code = RecoveryCode::parse(code.expose()).ok_or(VaultError::WrongSecondFactor)?;
    let token = code.token(&code_key(keys)?, keys.user)?;
    let known: bool = sql
        .query_row(
            "SELECT EXISTS (SELECT 1 FROM recovery_code WHERE user = ?1 AND code = ?2)",
            params![keys.user.to_string(), token],
            |row| row.get(0),
        )
        .doing("looking for a recovery code")?;
    if known { Ok(Accepted::Code(token)) } else { Err(VaultError::WrongSecondFactor) }
}

pub(crate) fn check_signature(
    sql: &Connection,
    device: DeviceId,
    keys: &UserKeys,
    challenge: &Challenge,
    signed: &SignedChallenge,
) -> Result<Accepted, VaultError> {
    for (factor, public_key) in opened(sql, device, keys, FactorKind::SmartCard)? {
        if CardKey::enrolled(factor.name, &public_key).has_signed(challenge, signed) {
            return Ok(Accepted::Signature { factor: factor.id });
        }
    }
    Err(VaultError::WrongSecondFactor)
}

pub(crate) fn card_keys(sql: &Connection, device: DeviceId, keys: &UserKeys) -> Result<Vec<CardKey>, VaultError> {
    let cards = opened(sql, device, keys, FactorKind::SmartCard)?;
    Ok(cards.into_iter().map(|(factor, key)| CardKey::enrolled(factor.name, &key)).collect())
}

struct Sealed {
    id: u32,
    name: String,
    last_step: u64,
    sealed: Vec<u8>,
}

/// A row and what was sealed in it.
type Opened = (Sealed, Zeroizing<Vec<u8>>);

/// Every factor of one kind of a user, opened. One that does not open refuses all of them: it was put there by somebody.
fn opened(sql: &Connection, device: DeviceId, keys: &UserKeys, kind: FactorKind) -> Result<Vec<Opened>, VaultError> {
    let doing = "reading second factors";
    let mut statement = sql
        .prepare_cached("SELECT id, name, last_step, sealed FROM user_factor WHERE user = ?1 AND kind = ?2 ORDER BY id")
        .doing(doing)?;
    let rows = statement
        .query_map(params![keys.user.to_string(), kind.code()], |row| {
            let step: i64 = row.get(2)?;
            Ok(Sealed { id: row.get(0)?, name: row.get(1)?, last_step: step.unsigned_abs(), sealed: row.get(3)? })
        })
        .doing(doing)?;
    let kek = Kek::new(&factor_key(keys)?);
    let mut all = Vec::new();
    for row in rows {
        let row = row.doing(doing)?;
        let place = place(device, keys.user, row.id, kind, &row.name);
        let secret = kek.open(&place, &row.sealed).map_err(|_| VaultError::Tampered("user_factor"))?;
        all.push((row, secret));
    }
    Ok(all)
}

fn list(sql: &Connection, user: Option<UserId>) -> Result<Vec<FactorRecord>, VaultError> {
    let doing = "listing second factors";
    let mut statement = sql
        .prepare_cached(&format!("SELECT {COLUMNS} FROM user_factor WHERE ?1 IS NULL OR user = ?1 ORDER BY id"))
        .doing(doing)?;
    let rows = statement.query_map([user.map(|user| user.to_string())], raw).doing(doing)?;
    rows.map(|row| row.doing(doing)?.ok_or(VaultError::Tampered("user_factor"))).collect()
}

fn raw(row: &Row<'_>) -> rusqlite::Result<Option<FactorRecord>> {
    let (user, kind): (String, String) = (row.get(1)?, row.get(2)?);
    let (created_at, last_used): (i64, Option<i64>) = (row.get(4)?, row.get(5)?);
    let (Ok(user), Some(kind)) = (UserId::parse(&user), FactorKind::from_code(&kind)) else { return Ok(None) };
    Ok(Some(FactorRecord {
        id: row.get(0)?,
        user,
        kind,
        name: row.get(3)?,
        created_at: time(created_at),
        last_used: last_used.map(time),
    }))
}

/// The key under which a user's factors are sealed. It goes with the user's key pair: a password reset, which makes a new
/// pair, leaves no factor behind.
fn factor_key(keys: &UserKeys) -> Result<Secret, VaultError> {
    derive(keys.private.to_secret().as_slice(), "vigil/factor/seal/v1")
}

fn code_key(keys: &UserKeys) -> Result<Secret, VaultError> {
    derive(keys.private.to_secret().as_slice(), "vigil/factor/recovery-code/v1")
}

/// **Do not modify**: factors are bound to this text.
fn place(device: DeviceId, user: UserId, id: u32, kind: FactorKind, name: &str) -> String {
    format!("vigil/factor/v1|{device}|{user}|{id}|{}|{name}", kind.code())
}

/// Steps are half-minutes since 1970: they fit for longer than the sun burns.
fn stored(step: u64) -> i64 {
    i64::try_from(step).unwrap_or(i64::MAX)
}
