//! Signing in with the server: somebody's first sign-in here, keys that were replaced since the last one, and a password that was changed
//! elsewhere. Without the server, whoever has signed in here before does so again, for the length of the lease.

use vigil_model::wire::{Bytes, DirectoryUser, SignInChallengeRequest, SignInProof, SignInResponse};
use vigil_model::{Sensitive, UserId};
use vigil_policy::{Interaction, Principal};
use vigil_sync::Failure;
use vigil_vault::{ArrivingUser, UserKeys, UserPublicKeys, UserRecord, Vault, VaultError, sign_in_proof};
use zeroize::Zeroizing;

use super::Answer;
use crate::second_factor::Refused;
use crate::session::session_request;
use crate::{AppError, ErrorCode, Workstation};

/// What the server says to a name and a password.
enum Verdict {
    /// It is the one.
    Accepted(SignInResponse),
    /// No such user, another password, or a closed account.
    Denied,
    /// It was not asked, or did not answer.
    OutOfReach,
}

impl Workstation {
    /// Opens a user's keys. Where there is a server in reach, it has the last word about whom its directory names; whoever is here for the
    /// first time becomes a user of this workstation by it.
    ///
    /// Whether a name is known makes no difference to what is done and to how long it takes.
    pub(crate) fn let_in(
        &self,
        vault: &Vault,
        username: &str,
        password: &Sensitive<String>,
    ) -> Result<(UserRecord, UserKeys), Refused> {
        let opened = match vault.unlock(username, password) {
            Err(error) if !matches!(error, VaultError::WrongPassword) => return Err(error.into()),
            opened => opened.ok(),
        };
        if vault.fleet()?.is_none() {
            return opened.ok_or(Refused::Vault(VaultError::WrongPassword));
        }
        match opened {
            Some((user, keys)) if self.named_by_directory(user.id)?.is_none() => Ok((user, keys)),
            Some((user, keys)) => self.let_in_again(vault, password, user, keys),
            None => self.let_in_first(vault, username, password),
        }
    }

    /// Somebody whose password opens their keys here.
    fn let_in_again(
        &self,
        vault: &Vault,
        password: &Sensitive<String>,
        user: UserRecord,
        keys: UserKeys,
    ) -> Result<(UserRecord, UserKeys), Refused> {
        let public = vault.public_keys(user.id)?.ok_or(VaultError::WrongPassword)?;
        let verdict = if self.is_in_reach() {
            self.verdict(vault, &user.username, (password, None), public)?
        } else {
            // Nobody waits for a time-out who can work without.
            Verdict::OutOfReach
        };
        match verdict {
            Verdict::Denied => Err(Refused::Vault(VaultError::WrongPassword)),
            Verdict::OutOfReach => {
                self.within_lease(vault)?;
                Ok((user, keys))
            }
            Verdict::Accepted(granted) => {
                self.heard(vault)?;
                if !vault.group_keys_missing(user.id, &granted.keys)? {
                    return Ok((user, keys));
                }
                self.grants_take(vault, user.id, password, &granted)?;
                Ok(vault.unlock(&user.username, password)?)
            }
        }
    }

    /// Somebody who is not here yet, or under another password.
    fn let_in_first(
        &self,
        vault: &Vault,
        username: &str,
        password: &Sensitive<String>,
    ) -> Result<(UserRecord, UserKeys), Refused> {
        let arriving = ArrivingUser::make()?;
        let public = (arriving.public_key(), arriving.emergency_public_key());
        let granted = match self.verdict(vault, username, (password, None), public)? {
            Verdict::Accepted(granted) => granted,
            Verdict::Denied => return Err(Refused::Vault(VaultError::WrongPassword)),
            Verdict::OutOfReach => return Err(Refused::ServerUnasked),
        };
        let named = self.user_of_directory(vault, granted.user)?;
        let permit = self.permitted(session_request(Interaction::FleetUserCreate, Principal::Workstation))?;
        vault.transaction(permit, None, self.clock.now(), |tx| {
            tx.fleet_user_put(&named, &arriving, password, &granted).map(drop)
        })?;
        Ok(vault.unlock(username, password)?)
    }

    /// Replaces the password of a user of the directory at the server, which has to be in reach; what it grants for the new one.
    ///
    /// # Errors
    /// [`ErrorCode::RefusedForNow`] without the server; [`ErrorCode::WrongPassword`] when it does not accept the current one.
    pub(crate) fn password_change_at_server(
        &self,
        user: &UserRecord,
        current: &Sensitive<String>,
        password: &Sensitive<String>,
    ) -> Result<Option<SignInResponse>, AppError> {
        let vault = self.vault()?;
        if self.named_by_directory(user.id)?.is_none() {
            return Ok(None);
        }
        let public = vault.public_keys(user.id)?.ok_or_else(AppError::not_signed_in)?;
        match self.verdict(vault, &user.username, (current, Some(password)), public)? {
            Verdict::Accepted(granted) => Ok(Some(granted)),
            Verdict::Denied => Err(AppError::wrong_password()),
            Verdict::OutOfReach => Err(AppError::new(
                ErrorCode::RefusedForNow,
                "your password is the server's, which is out of reach now; it stays as it is. Try again once this workstation is connected",
            )),
        }
    }

    /// Takes over what the server granted somebody who is here already.
    pub(crate) fn grants_take(
        &self,
        vault: &Vault,
        user: UserId,
        password: &Sensitive<String>,
        granted: &SignInResponse,
    ) -> Result<(), AppError> {
        let permit = self.permitted(session_request(Interaction::FleetUserCreate, Principal::Workstation))?;
        Ok(vault
            .transaction(permit, None, self.clock.now(), |tx| tx.fleet_grants_put(user, password, &granted.keys))?)
    }

    /// The user as the newest directory names them.
    fn user_of_directory(&self, vault: &Vault, user: UserId) -> Result<DirectoryUser, AppError> {
        let named = match self.named_by_directory(user)? {
            Some(named) => Some(named),
            None => self.directory_fresh(vault)?.and_then(|now| now.users.into_iter().find(|one| one.id == user)),
        };
        named.ok_or_else(|| {
            AppError::unusable("the server knows you, and its directory does not name you yet; try again in a minute")
        })
    }

    /// Asks the server about a name and a password: the password stays here, and what shows that it is known goes there. That it is asked
    /// is on record before.
    fn verdict(
        &self,
        vault: &Vault,
        username: &str,
        (password, new): (&Sensitive<String>, Option<&Sensitive<String>>),
        (public_key, emergency_public_key): UserPublicKeys,
    ) -> Result<Verdict, AppError> {
        let permit = self.permitted(session_request(Interaction::FleetSignIn, Principal::Workstation))?;
        let entry = vault.transaction(permit, None, self.clock.now(), |tx| tx.entry_number())?;
        let username = username.to_owned();
        let answer = self.ask(vault, async |client, log| {
            let request = SignInChallengeRequest { username: username.clone() };
            let challenge = client.sign_in_challenge(log, entry, &request).await?;
            let shown = |password: &Sensitive<String>| {
                sign_in_proof(password, &challenge).map(|proof| bytes(&proof)).map_err(|_| Failure::Malformed)
            };
            let proof = SignInProof {
                username,
                proof: shown(password)?,
                new_proof: new.map(shown).transpose()?,
                public_key: Bytes(public_key.to_vec()),
                emergency_public_key: Bytes(emergency_public_key.to_vec()),
            };
            client.sign_in(log, entry, &proof).await
        })?;
        match answer {
            Answer::Said(Some(granted)) => Ok(Verdict::Accepted(granted)),
            Answer::Said(None) => Ok(Verdict::Denied),
            // Not to be taken for a server that is away: whoever asks too often would get around its word.
            Answer::None(Failure::Busy(_)) => Err(AppError::new(
                ErrorCode::RefusedForNow,
                "the server was asked about this name too often; wait a minute and try again",
            )),
            Answer::None(_) => Ok(Verdict::OutOfReach),
        }
    }
}

fn bytes(proof: &Zeroizing<[u8; 32]>) -> Bytes {
    Bytes(proof.to_vec())
}
