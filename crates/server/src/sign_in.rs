//! The first sign-in of a user on a workstation: the proof of a password for the keys that the directory grants.
//!
//! A name that does not exist is answered like a wrong password: the same steps, the same words, the same entry in the log.

mod lockout;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use vigil_audit::{Agent, Outcome as Went};
use vigil_model::UserId;
use vigil_model::wire::{DirectoryUser, SignInChallenge, SignInProof, SignInResponse};

use crate::custody::{Purpose, same};
use crate::directory::{LANES, MEMORY, PASSES};
use crate::http::{Caller, Outcome};
use crate::key_authority::{self, KeyError, UserKeys};
use crate::kind;
use crate::server::Server;
use crate::store::directory::{folded, user_named};
use crate::store::{Tx, UserProof};

pub(crate) use lockout::Lockout;

/// 401: the same whatever was wrong.
pub(crate) const REFUSED: Outcome =
    Outcome::new(axum::http::StatusCode::UNAUTHORIZED, "login", "The name or the password is not the right one");
/// The longest name that is looked at.
const LONGEST: usize = 64;

/// How to stretch the password of this name. A name that does not exist has an answer too, and always the same.
pub(crate) async fn challenge(server: &Server, username: &str) -> Result<SignInChallenge, Outcome> {
    if username.len() > LONGEST {
        return Err(Outcome::MALFORMED);
    }
    let invented = server.installation().master.code(Purpose::Salts, &[folded(username).as_bytes()])?;
    let mut tx = server.store().read().await?;
    let (_, proof) = known(&mut tx, username).await?;
    let invented = SignInChallenge {
        salt: invented.first_chunk::<16>().map(|salt| salt.to_vec()).unwrap_or_default().into(),
        memory: MEMORY,
        passes: PASSES,
        lanes: LANES,
    };
    Ok(proof.map_or(invented, |proof| SignInChallenge {
        salt: proof.salt.into(),
        memory: proof.memory,
        passes: proof.passes,
        lanes: proof.lanes,
    }))
}

/// Hands out what the directory grants the user on the caller's log.
pub(crate) async fn sign_in(server: &Server, caller: &Caller, shown: &SignInProof) -> Result<SignInResponse, Outcome> {
    let installation = server.installation();
    let mut tx = server.store().begin().await?;
    let accepted = accepted(server, &mut tx, caller, &shown.username, shown.proof.as_ref()).await?;
    let Some((user, mut proof)) = accepted else {
        tx.commit().await?;
        return Err(REFUSED);
    };
    let agent = Agent::Device { id: caller.enrolment };
    let mut password_due = proof.due;
    if let Some(new) = &shown.new_proof {
        let hash = Sha256::digest(new.as_ref());
        if new.as_ref().len() != 32 || same(&hash, &proof.hash) {
            return Err(Outcome::MALFORMED);
        }
        proof = UserProof { hash: hash.to_vec(), due: false, changed: installation.now().timestamp_micros(), ..proof };
        proof.put(&mut tx, user.id).await?;
        password_due = false;
    }
    let mut keys = Vec::new();
    if !password_due {
        let to = UserKeys { session: shown.public_key.as_ref(), emergency: shown.emergency_public_key.as_ref() };
        let (sealed, made) =
            key_authority::grants(installation, &mut tx, caller.log, &user, &to).await.map_err(refused)?;
        if made {
            let reason = format!("log={}", caller.log);
            let created = kind::GROUP_KEY_CREATE;
            installation.record(&mut tx, created, Went::Success, Agent::Server, reason, None).await?;
        }
        let names = sealed.iter().map(|key| format!("{}/{}", key.group, key.version)).collect::<Vec<_>>().join(",");
        let reason = format!("user={} log={} {}{names}", user.id, caller.log, vigil_audit::KEYS);
        installation.record(&mut tx, kind::GROUP_KEY_GRANT, Went::Success, agent, reason, None).await?;
        keys = sealed;
    }
    let reason = format!("user={}{}", user.id, if password_due { " password-due" } else { "" });
    installation.record(&mut tx, kind::FIRST_SIGN_IN, Went::Success, agent, reason, None).await?;
    tx.commit().await?;
    Ok(SignInResponse { user: user.id, password_due, keys })
}

/// The user whose password the proof shows; that it was refused is on record, and the caller commits.
pub(crate) async fn accepted(
    server: &Server,
    tx: &mut Tx,
    caller: &Caller,
    username: &str,
    shown: &[u8],
) -> Result<Option<(DirectoryUser, UserProof)>, Outcome> {
    if username.len() > LONGEST {
        return Err(Outcome::MALFORMED);
    }
    // Another spelling of the same name is no new set of attempts.
    let name = Sha256::digest(folded(username).as_bytes()).into();
    server.gauges().sign_in(name)?;
    let (user, proof) = known(tx, username).await?;
    let expected = proof.as_ref().map_or_else(|| vec![0; 32], |proof| proof.hash.clone());
    let right = same(&expected, &Sha256::digest(shown));
    let locked = server.lockout().is_locked(name);
    match (user, proof) {
        (Some(user), Some(proof)) if right && !locked && !user.disabled => {
            server.lockout().passed(name);
            Ok(Some((user, proof)))
        }
        (user, _) => {
            server.lockout().failed(name);
            let who = user.map_or_else(|| "unknown".to_owned(), |user| user.id.to_string());
            let reason = format!("user={who}{}", if locked { " locked" } else { "" });
            let agent = Agent::Device { id: caller.enrolment };
            let installation = server.installation();
            installation.record(tx, kind::FIRST_SIGN_IN, Went::MinorFailure, agent, reason, None).await?;
            Ok(None)
        }
    }
}

/// User and proof; the same number of questions whether the name exists or not.
async fn known(tx: &mut Tx, username: &str) -> Result<(Option<DirectoryUser>, Option<UserProof>), Outcome> {
    let user = user_named(tx, username).await?;
    let id = user.as_ref().map_or_else(|| UserId::from_uuid(Uuid::nil()), |user| user.id);
    let proof = UserProof::find(tx, id).await?;
    Ok((user, proof))
}

/// Why keys were not handed out or taken in, for whoever asked.
pub(crate) fn refused(error: KeyError) -> Outcome {
    match error {
        KeyError::Store(error) => error.into(),
        KeyError::Custody(error) => error.into(),
        KeyError::Malformed => Outcome::MALFORMED,
        KeyError::Conflict => {
            Outcome::new(axum::http::StatusCode::CONFLICT, "conflict", "Another key is held under this version")
        }
    }
}
