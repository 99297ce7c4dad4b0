//! Opening the desk, and who a token belongs to.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use chrono::TimeDelta;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use vigil_audit::{Agent, Outcome as Went};
use vigil_model::SessionId;
use vigil_model::wire::{DeskSession, DeskSessionRequest};

use crate::clock::rfc3339;
use crate::custody::random;
use crate::http::{Caller, Outcome};
use crate::incident::{Officer, may_work_at_the_desk};
use crate::kind;
use crate::server::Server;
use crate::store::desk_session::{self, DeskSessionRow};
use crate::store::{directory, suspension};

/// As the session of a workstation: 15 minutes (NIST SP 800-63B, AAL3).
const MINUTES: i64 = 15;
/// What a token begins with.
const MARK: &str = "vdt1.";

/// Opens the desk for whoever shows the password of a privacy officer or administrator.
pub(crate) async fn open(server: &Server, caller: &Caller, asked: &DeskSessionRequest) -> Result<DeskSession, Outcome> {
    let installation = server.installation();
    let mut tx = server.store().begin().await?;
    let user = crate::sign_in::accepted(server, &mut tx, caller, &asked.username, asked.proof.as_ref()).await?;
    let Some((user, proof)) = user else {
        tx.commit().await?;
        return Err(crate::sign_in::REFUSED);
    };
    let device = Agent::Device { id: caller.enrolment };
    let suspended = suspension::standing(&mut tx).await?.contains_key(&user.id.to_string());
    if proof.due || suspended || !may_work_at_the_desk(user.role) {
        let reason = format!("user={} role={}", user.id, user.role.code());
        installation.record(&mut tx, kind::DESK_OPEN, Went::MinorFailure, device, reason, None).await?;
        tx.commit().await?;
        return Err(Outcome::FORBIDDEN);
    }
    let now = installation.now();
    let expires = now + TimeDelta::minutes(MINUTES);
    let token = format!("{MARK}{}", BASE64_URL_SAFE_NO_PAD.encode(random::<32>()?.as_slice()));
    let session = SessionId::from_uuid(Uuid::now_v7());
    let row = DeskSessionRow { user: user.id, enrolment: caller.enrolment, session };
    desk_session::insert(&mut tx, hash(&token), &row, now.timestamp_micros(), expires.timestamp_micros()).await?;
    let agent = Agent::User { id: user.id, role: user.role, session };
    let reason = format!("enrolment={}", caller.enrolment);
    installation.record(&mut tx, kind::DESK_OPEN, Went::Success, agent, reason, None).await?;
    tx.commit().await?;
    Ok(DeskSession { token, expires: rfc3339(expires), user: user.id, role: user.role })
}

/// Who works with this token at this workstation; the account is as the directory has it now.
pub(crate) async fn officer_of(server: &Server, caller: &Caller, token: &str) -> Result<Officer, Outcome> {
    let now = server.clock().now().timestamp_micros();
    let mut tx = server.store().read().await?;
    let row = desk_session::find(&mut tx, hash(token), now).await?;
    let row = row.filter(|row| row.enrolment == caller.enrolment).ok_or(Outcome::UNKNOWN_TOKEN)?;
    let user = directory::user(&mut tx, row.user).await?.ok_or(Outcome::UNKNOWN_TOKEN)?;
    let suspended = suspension::standing(&mut tx).await?.contains_key(&user.id.to_string());
    if user.disabled || suspended || !may_work_at_the_desk(user.role) {
        return Err(Outcome::FORBIDDEN);
    }
    Ok(Officer::User { id: user.id, role: user.role, session: row.session })
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
