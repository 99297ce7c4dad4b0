//! Somebody on the way in: the password was right, and something is still asked of them before anything is in reach.
//!
//! Nobody is signed in meanwhile: no use case finds a session, so that nothing has to be denied page by page.

use std::sync::Arc;
use std::time::Duration;

use vigil_model::SessionId;
use vigil_policy::Interaction;
use vigil_vault::{UserKeys, UserRecord};

use crate::posture::Entrance;
use crate::reauthentication::Fresh;
use crate::second_factor::{Proof, Who};
use crate::session::Session;
use crate::view::{FactorVerifyRequest, SessionView, Stage};
use crate::{AppError, ErrorCode, Event, Moment, Purpose, Workstation, lock_of, new_uuid};

/// How long somebody may stay on the way in, setting up an authenticator among it.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// One arrival. The session's id is given already, so that the audit log shows what belongs together.
#[derive(Clone)]
pub(crate) struct Arrival {
    pub(crate) user: UserRecord,
    pub(crate) session: SessionId,
    pub(crate) keys: Arc<UserKeys>,
    /// Whether a second factor was shown.
    pub(crate) factor: bool,
    /// Whether one was enrolled just now, so that recovery codes are on the screen.
    pub(crate) enrolled: bool,
    /// Through the open door, or past a refusal of the posture.
    entrance: Entrance,
    until: Duration,
}

impl Arrival {
    pub(crate) fn who(&self) -> Who {
        Who { user: self.user.id, role: self.user.role, session: self.session }
    }
}

impl Workstation {
    /// Takes in somebody whose password, and factor if one was shown, was right: signs them in, or asks for what is missing.
    /// Whoever was signed in before is signed out.
    pub(crate) fn arrive(
        &self,
        user: UserRecord,
        keys: UserKeys,
        factor: bool,
        id: SessionId,
        entrance: Entrance,
    ) -> Result<SessionView, AppError> {
        let before = lock_of(&self.session)?.as_ref().map(|session| session.user.id);
        if let Some(before) = before {
            // Somebody who has to come in anew finds their own place again; nobody finds another one's.
            self.end(before == user.id)?;
        }
        let until = self.clock.now().since_boot + PATIENCE;
        let arrival = Arrival { user, session: id, keys: Arc::new(keys), factor, enrolled: false, entrance, until };
        if self.asked_of(&arrival)? != Stage::Unlocked {
            // Somebody who goes no further has shown a right password all the same.
            self.record(Interaction::SessionArrive, arrival.who().principal())?;
        }
        self.proceed(arrival)
    }

    /// A new id for a session.
    pub(crate) fn new_session_id(&self) -> SessionId {
        SessionId::from_uuid(new_uuid(self.clock.now()))
    }

    /// Shows the second factor of somebody who is on the way in.
    ///
    /// # Errors
    /// [`ErrorCode::WrongPassword`]; [`ErrorCode::RefusedForNow`]; [`ErrorCode::NotSignedIn`] when it took too long.
    pub fn factor_verify(&self, request: FactorVerifyRequest) -> Result<SessionView, AppError> {
        let proof = Proof::from(request.proof);
        let arrival = self.refusing("factor_verify", || self.arrival())?;
        let who = arrival.who();
        self.guarded(&arrival.user.username, &who.principal(), |_| {
            self.factor_shown(&who, &arrival.keys, Some(proof), Purpose::SignIn)
        })?;
        self.proceed(Arrival { factor: true, ..arrival })
    }

    /// Goes in, once a second factor is enrolled and the recovery codes are written down.
    ///
    /// # Errors
    /// [`ErrorCode::FactorNeeded`] as long as there is none.
    pub fn session_enter(&self) -> Result<SessionView, AppError> {
        let arrival = self.refusing("session_enter", || self.arrival())?;
        self.proceed(Arrival { enrolled: false, ..arrival })
    }

    fn proceed(&self, arrival: Arrival) -> Result<SessionView, AppError> {
        if self.asked_of(&arrival)? != Stage::Unlocked {
            *lock_of(&self.arrival)? = Some(arrival);
            return self.changed();
        }
        let password_due = self.vault()?.must_choose_password(arrival.user.id)?;
        let unlocked = self.enter(
            &arrival.user,
            arrival.session,
            Arc::clone(&arrival.keys),
            Interaction::SessionCreate,
            &arrival.entrance,
        )?;
        let token = self.session_token(arrival.user.id, arrival.user.role, arrival.session)?;
        let now = self.clock.now();
        let suspension = self.suspension_note(&arrival.user)?;
        let place = self.parked_place(&arrival.user.id)?;
        let session = Session {
            id: arrival.session,
            user: arrival.user,
            signed_in_at: now,
            authenticated: now.since_boot,
            fresh: Some(Fresh::new(Purpose::SignIn, arrival.factor, now)),
            last_input: now.since_boot,
            warned: false,
            place,
            preferences: unlocked.preferences.clone(),
            password_due,
            token: Some(token),
            suspension,
            unlocked: Some(unlocked),
        };
        *lock_of(&self.arrival)? = None;
        *lock_of(&self.notice)? = None;
        *lock_of(&self.session)? = Some(session);
        self.changed()
    }

    /// What is still asked of somebody on the way in; [`Stage::Unlocked`]: nothing.
    pub(crate) fn asked_of(&self, arrival: &Arrival) -> Result<Stage, AppError> {
        if arrival.enrolled {
            return Ok(Stage::FactorEnrolment);
        }
        Ok(match self.vault()?.has_factor(arrival.user.id)? {
            true if !arrival.factor => Stage::FactorAsked,
            false if !arrival.user.emergency_account && self.must_have_factor(arrival.user.role)? => {
                Stage::FactorEnrolment
            }
            _ => Stage::Unlocked,
        })
    }

    /// Who is on the way in.
    pub(crate) fn arrival(&self) -> Result<Arrival, AppError> {
        self.arrival_expires(self.clock.now());
        lock_of(&self.arrival)?.clone().ok_or_else(|| {
            AppError::new(ErrorCode::NotSignedIn, "nobody is on the way in at this workstation; sign in again")
        })
    }

    /// Sends away who took too long.
    pub(crate) fn arrival_expires(&self, now: Moment) {
        let over =
            self.arrival.lock().is_ok_and(|mut arrival| arrival.take_if(|one| now.since_boot >= one.until).is_some());
        if over {
            self.forget_offer();
            if let Ok(view) = self.session_view() {
                (self.notify)(Event::SessionChanged(Box::new(view)));
            }
        }
    }

    /// Sends away whoever is on the way in.
    pub(crate) fn turn_away(&self) {
        if let Ok(mut arrival) = self.arrival.lock() {
            *arrival = None;
        }
        self.forget_offer();
    }
}
