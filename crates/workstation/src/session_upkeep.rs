//! Keeping a session to its token and to its account: renewed by activity, locked when the token is not accepted any more,
//! ended when the account was closed or has another role.

use vigil_model::{DeviceId, Role, SessionId, UserId};
use vigil_policy::{Interaction, Principal, scopes_of};
use vigil_vault::{AccountStanding, VaultError};

use crate::session::{Session, session_request};
use crate::session_token::{Claims, LIFETIME, Place, Refusal, SessionToken, TokenKey};
use crate::{AppError, ErrorCode, Moment, Workstation, lock_of};

/// What is to be done about the token now.
enum Due {
    Nothing,
    /// It is not accepted.
    Lock(Refusal, Principal),
    /// The account is looked at; the token is renewed too, if somebody was active.
    Look {
        user: UserId,
        role: Role,
        session: SessionId,
        renew: bool,
    },
}

impl Workstation {
    /// Makes the token of a session that begins, or comes back after a lock.
    pub(crate) fn session_token(&self, user: UserId, role: Role, session: SessionId) -> Result<SessionToken, AppError> {
        let standing = self.vault()?.account_standing(user)?;
        let AccountStanding::Open { role: held, epoch } = standing else { return Err(AppError::not_signed_in()) };
        if held != role {
            return Err(VaultError::RoleChanged.into());
        }
        self.token_for(user, role, session, epoch)
    }

    fn token_for(&self, user: UserId, role: Role, session: SessionId, epoch: i64) -> Result<SessionToken, AppError> {
        let failed = || AppError::new(ErrorCode::Internal, "no session token could be made; restart the program");
        if self.token_key.get().is_none() {
            // Two at once: one of them is kept.
            let _ = self.token_key.set(TokenKey::make().ok_or_else(failed)?);
        }
        let (place, now) = (self.token_place()?, self.clock.now());
        let scope = scopes_of(role).join(" ");
        let claims = Claims::at(now, (user, role, session), place, scope, epoch);
        let key = self.token_key.get().ok_or_else(failed)?;
        key.issue(&claims, place, now).map_err(|refusal| {
            tracing::error!(%refusal, "a session token that was just made is not accepted");
            failed()
        })
    }

    pub(crate) fn token_place(&self) -> Result<Place, AppError> {
        let device: DeviceId = self.vault()?.device_id();
        Ok(Place { device, boot: self.clock.boot() })
    }

    /// Looks after the token of the session; `active`: somebody is at work now. Called every second, at input, and by every
    /// use case.
    pub(crate) fn session_token_upkeep(&self, now: Moment, active: bool) {
        match self.token_due(now, active) {
            Ok(Due::Nothing) => {}
            Ok(Due::Lock(refusal, principal)) => self.lock_because(refusal, &principal),
            Ok(Due::Look { user, role, session, renew }) => self.look_at_the_account(now, (user, role, session), renew),
            Err(error) => tracing::error!(code = ?error.code, "the session token could not be looked after"),
        }
    }

    /// Whether the token has become old, so that somebody who comes back renews it at once.
    pub(crate) fn token_is_late(&self, now: Moment) -> bool {
        let Ok(session) = self.session.lock() else { return false };
        session.as_ref().and_then(|session| session.token.as_ref()).is_some_and(|token| token.is_late(now))
    }

    fn token_due(&self, now: Moment, active: bool) -> Result<Due, AppError> {
        let Some(place) = self.vault.get().map(|_| self.token_place()).transpose()? else { return Ok(Due::Nothing) };
        let session = lock_of(&self.session)?;
        let Some(session) = session.as_ref().filter(|session| session.unlocked.is_some()) else {
            return Ok(Due::Nothing);
        };
        let principal = || Principal::User { id: session.user.id, role: session.user.role, session: session.id };
        let Some(token) = &session.token else { return Ok(Due::Lock(Refusal::Form, principal())) };
        let claims = match token.claims(session.id, place, now) {
            Ok(claims) => claims,
            // Somebody was active after it was made, and less than its time ago: time went on before the next look at it, as
            // while the computer slept. The idle lock counts from that input, and is not to come earlier.
            Err(Refusal::Expired)
                if session.last_input > token.issued()
                    && now.since_boot.saturating_sub(session.last_input) < LIFETIME =>
            {
                let (user, role, session) = (session.user.id, session.user.role, session.id);
                return Ok(Due::Look { user, role, session, renew: true });
            }
            Err(refusal) => return Ok(Due::Lock(refusal, principal())),
        };
        let active = active || session.last_input > token.issued();
        let renew = active && token.is_renewable(now);
        if !renew && !token.is_to_be_looked_after(now) {
            return Ok(Due::Nothing);
        }
        Ok(Due::Look { user: claims.user, role: claims.role, session: session.id, renew })
    }

    /// Reads the account anew. One that cannot be read renews nothing, so that the session ends with its token.
    fn look_at_the_account(&self, now: Moment, who: (UserId, Role, SessionId), renew: bool) {
        let (user, role, session) = who;
        let looked =
            self.vault().and_then(|vault| Ok((vault.account_standing(user)?, vault.must_choose_password(user)?)));
        let (standing, password_due) = match looked {
            Ok(looked) => looked,
            Err(error) => {
                tracing::warn!(code = ?error.code, "the account of the session could not be read; its token is not renewed");
                return;
            }
        };
        let epoch = match standing {
            AccountStanding::Open { role: held, epoch } if held == role => epoch,
            AccountStanding::Open { .. } => {
                return self.end_because(who, "role-changed", &VaultError::RoleChanged);
            }
            AccountStanding::Closed => return self.end_because(who, "account-closed", &VaultError::AccountClosed),
            AccountStanding::Tampered => {
                return self.end_because(who, "account-tampered", &VaultError::Tampered("user"));
            }
        };
        let fresh = if renew { self.token_for(user, role, session, epoch).map(Some) } else { Ok(None) };
        let fresh = fresh.unwrap_or_else(|error| {
            tracing::warn!(code = ?error.code, "the session token is not renewed");
            None
        });
        let due = {
            let Ok(mut held) = self.session.lock() else { return };
            let Some(held) = held.as_mut().filter(|held| held.id == session && held.unlocked.is_some()) else { return };
            match (fresh, &mut held.token) {
                (Some(fresh), token) => *token = Some(fresh),
                (None, Some(token)) => token.looked(now),
                (None, None) => {}
            }
            let due = password_due && !held.password_due;
            held.password_due |= password_due;
            due
        };
        if due && let Err(error) = self.changed() {
            tracing::error!(code = ?error.code, "the screen was not told that a password is due");
        }
    }

    /// The token is not accepted: the screen locks, says why, and the session goes on after an unlock.
    fn lock_because(&self, refusal: Refusal, principal: &Principal) {
        tracing::warn!(%refusal, "the session token is not accepted");
        self.notice_put(refusal.notice());
        self.revoked(principal.clone(), refusal.code(), None);
        if let Err(error) = self.lock_after_refusal() {
            tracing::error!(code = ?error.code, "the lock is not on record");
        }
    }

    /// The account is not what the token says: the session is over.
    fn end_because(&self, (user, role, session): (UserId, Role, SessionId), code: &'static str, why: &VaultError) {
        let ours = self.session.lock().is_ok_and(|now| now.as_ref().is_some_and(|now| now.id == session));
        if !ours {
            return;
        }
        self.notice_put(&why.to_string());
        self.revoked(Principal::User { id: user, role, session }, code, Some(why));
        if let Err(error) = self.end(false).and_then(|()| self.changed().map(drop)) {
            tracing::error!(code = ?error.code, "the end of a session is not on record");
        }
    }

    /// Looks at the account of the session at once, locked or not: something was said about users.
    pub(crate) fn account_look(&self, now: Moment) {
        let who = match self.session.lock() {
            Ok(session) => session.as_ref().map(|session| (session.user.id, session.user.role, session.id)),
            Err(_) => None,
        };
        if let Some(who) = who {
            self.look_at_the_account(now, who, false);
        }
    }

    pub(crate) fn notice_put(&self, text: &str) {
        if let Ok(mut notice) = self.notice.lock() {
            *notice = Some(text.to_owned());
        }
    }

    fn revoked(&self, principal: Principal, code: &'static str, why: Option<&VaultError>) {
        let recorded = self.permitted(session_request(Interaction::SessionRevoke, principal)).and_then(|permit| {
            self.vault()?.transaction(permit, None, self.clock.now(), |tx| -> Result<(), AppError> {
                if let Some(why) = why {
                    tx.integrity_failure(why);
                }
                Ok(tx.session_revoked(code)?)
            })
        });
        if let Err(error) = recorded {
            tracing::error!(code = ?error.code, "it is not on record why a session locked or ended");
        }
    }
}

/// What a session says of who is at work: its token's claims and nothing else.
pub(crate) fn claims_of(session: &Session, place: Place, now: Moment) -> Result<&Claims, AppError> {
    let token = session.token.as_ref().ok_or_else(AppError::locked)?;
    token.claims(session.id, place, now).map_err(|refusal| {
        tracing::warn!(%refusal, "the session token is not accepted");
        AppError::locked()
    })
}
