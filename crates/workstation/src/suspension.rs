//! Accounts that are suspended on this workstation: the list for those who oversee, and the two ways to lift one.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use vigil_model::{Role, Sensitive, UserId};
use vigil_policy::unusual::STEP_UP_ABOVE;
use vigil_policy::{Interaction, authorize, is_allowed, may_break_the_glass};
use vigil_vault::{DirectoryApplied, Suspension, SuspensionLift, UserRecord};

use crate::second_factor::{Proof, Who};
use crate::session::session_request;
use crate::view::{
    SessionView, SuspensionLiftRequest, SuspensionLiftView, SuspensionListView, SuspensionNoteView, SuspensionRow,
    SuspensionSupervisedLiftRequest,
};
use crate::{AppError, Purpose, Workstation, clock, lock_of};

/// The newest that the page shows.
const MOST_ROWS: u32 = 200;
/// How long a reason is, in characters.
const REASON: std::ops::RangeInclusive<usize> = 10..=500;

/// Whether `role` can lift a suspension.
pub(crate) fn may_lift(role: Role) -> bool {
    let who = Who {
        user: UserId::from_uuid(uuid::Uuid::nil()),
        role,
        session: vigil_model::SessionId::from_uuid(uuid::Uuid::nil()),
    };
    is_allowed(&session_request(Interaction::UserSuspensionLift, who.principal()))
}

impl Workstation {
    /// Lists suspensions with the numbers that led to them. Looking is on record as well.
    ///
    /// # Errors
    /// A denial, or that the audit entry could not be written.
    pub fn suspension_search(&self) -> Result<SuspensionListView, AppError> {
        self.act(Interaction::UserSuspensionSearch, None, |tx, present| {
            let rows: Vec<_> = tx.suspensions(MOST_ROWS)?.iter().map(|one| row(one, present.user)).collect();
            let open = rows.iter().filter(|row| row.lift.is_none()).count();
            Ok(SuspensionListView { rows, open: u32::try_from(open).unwrap_or(u32::MAX) })
        })
    }

    /// Lifts a suspension, after a fresh authentication and for a reason; never one's own.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for a reason that does not do and for what is lifted already;
    /// [`crate::ErrorCode::ReauthenticationNeeded`]; [`crate::ErrorCode::Forbidden`].
    pub fn suspension_lift(&self, request: SuspensionLiftRequest) -> Result<SuspensionListView, AppError> {
        let reason = checked(&request.reason)?;
        let user =
            self.act_reauthenticated(Purpose::UnusualAccess, Interaction::UserSuspensionLift, None, |tx, _| {
                Ok(tx.suspension_lift(request.id, reason)?)
            })?;
        self.forget_watch(user)?;
        self.suspension_search()
    }

    /// Lifts the suspension of whoever is signed in at this screen, locked or not: a supervisor beside them shows who they are
    /// and says why. It is the supervisor's act; the user's own password is asked for as ever.
    ///
    /// # Errors
    /// [`crate::ErrorCode::WrongPassword`], [`crate::ErrorCode::RefusedForNow`] as at a sign-in;
    /// [`crate::ErrorCode::FactorNeeded`]; [`crate::ErrorCode::Forbidden`] for a role that may not and for the user themselves;
    /// [`crate::ErrorCode::Invalid`].
    pub fn suspension_supervised_lift(
        &self,
        request: SuspensionSupervisedLiftRequest,
    ) -> Result<SessionView, AppError> {
        let (password, proof) = (Sensitive::new(request.password), request.proof.map(Proof::from));
        let reason = checked(&request.reason)?;
        let (user, session) = self.refusing("suspension_supervised_lift", || {
            let session = lock_of(&self.session)?;
            let session = session.as_ref().ok_or_else(AppError::not_signed_in)?;
            if session.suspension.is_none() {
                return Err(AppError::invalid("the account of whoever is signed in here is not suspended"));
            }
            Ok((session.user.id, session.id))
        })?;
        let visit = self.new_session_id();
        let anybody = vigil_policy::Principal::Anonymous;
        let (supervisor, keys) = self.guarded(&request.username, &anybody, |vault| {
            let (supervisor, keys) = vault.unlock(&request.username, &password)?;
            let who = Who { user: supervisor.id, role: supervisor.role, session: visit };
            if vault.has_factor(supervisor.id)? {
                self.factor_shown(&who, &keys, proof, Purpose::Administration)?;
            } else if self.must_have_factor(supervisor.role)? {
                return Err(AppError::factor_needed().into());
            }
            Ok((supervisor, keys))
        })?;
        let vault = self.vault()?;
        if vault.must_choose_password(supervisor.id)? {
            return Err(AppError::password_due());
        }
        let now = self.clock.now();
        let who = Who { user: supervisor.id, role: supervisor.role, session: visit };
        match authorize(session_request(Interaction::UserSuspensionLift, who.principal())) {
            Ok(permit) => vault.transaction(permit, Some(&keys), now, |tx| {
                let id = tx.suspension_number(user)?;
                tx.suspension_lift(id, reason).map(drop)
            })?,
            Err(denial) => {
                vault.record_denial(&denial, now)?;
                return Err(denial.into());
            }
        }
        self.forget_watch(user)?;
        if let Some(session) = lock_of(&self.session)?.as_mut().filter(|one| one.id == session) {
            session.suspension = None;
        }
        self.changed()
    }

    /// What a user is told about the suspension of their account, if there is one.
    pub(crate) fn suspension_note(&self, user: &UserRecord) -> Result<Option<SuspensionNoteView>, AppError> {
        let found = self.vault()?.suspension_of(user.id)?;
        Ok(found.map(|found| SuspensionNoteView {
            since: clock::text(&found.since),
            incident: found.incident.map(|number| number.to_string()),
            opened: found.hour.opened,
            asked: found.hour.asked,
            usual: found.usual.to_string(),
            emergency: may_break_the_glass(user.role),
        }))
    }
}

impl Workstation {
    /// Lets the session follow what the directory says of its user's suspension: suspended it locks at once, keys first.
    pub(crate) fn suspensions_follow(&self, applied: &DirectoryApplied) -> Result<(), AppError> {
        let account = lock_of(&self.session)?.as_ref().map(|session| session.user.clone());
        let Some(account) = account else { return Ok(()) };
        if applied.suspended.contains(&account.id) {
            self.lock_and(|_| Ok(()))?;
        } else if !applied.lifted.contains(&account.id) {
            return Ok(());
        }
        let note = self.suspension_note(&account)?;
        if let Some(session) = lock_of(&self.session)?.as_mut().filter(|session| session.user.id == account.id) {
            session.suspension = note;
        }
        if applied.lifted.contains(&account.id) {
            self.forget_watch(account.id)?;
        }
        self.changed().map(drop)
    }
}

fn checked(reason: &str) -> Result<&str, AppError> {
    let reason = reason.trim();
    if REASON.contains(&reason.chars().count()) {
        return Ok(reason);
    }
    Err(AppError::invalid(format!("the reason has {} to {} characters", REASON.start(), REASON.end())))
}

fn row(suspension: &Suspension, reader: UserId) -> SuspensionRow {
    SuspensionRow {
        id: suspension.id,
        who: who(suspension.user_display.as_deref()),
        since: clock::exact_text(&suspension.at),
        incident: suspension.incident.map(|number| number.to_string()),
        opened: suspension.hour.opened,
        asked: suspension.hour.asked,
        usual: suspension.usual.to_string(),
        allowed: suspension.usual.most(STEP_UP_ABOVE),
        hours_before: suspension.hours_before.clone(),
        own: suspension.user == reader,
        lift: suspension.lift.as_ref().map(lift),
    }
}

fn lift(lift: &SuspensionLift) -> SuspensionLiftView {
    SuspensionLiftView {
        who: if lift.by.is_none() { "the central server".to_owned() } else { who(lift.by_display.as_deref()) },
        at: clock::exact_text(&lift.at),
        reason: lift.reason.clone().unwrap_or_else(|reason| format!("Not readable: {reason}")),
    }
}

fn who(display: Option<&str>) -> String {
    display.unwrap_or("unknown user").to_owned()
}
