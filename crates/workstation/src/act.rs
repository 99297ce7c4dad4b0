//! The only door to patient data: authorize, then run `work` and its audit entry in one transaction. Refusals and
//! failures are audited too.

use std::sync::Arc;

use vigil_model::{Moment, PatientId, PurposeOfUse, Role, Section, SessionId, UserId};
use vigil_policy::{Denial, DenialReason, Facts, Interaction, Permit, Principal, Request, authorize};
use vigil_vault::{Tx, Vault};

use crate::session::{Unlocked, session_request};
use crate::session_upkeep::claims_of;
use crate::{AppError, ErrorCode, Workstation, lock_of};

/// Who asks, taken once per use case, so that a lock or a sign-out in between is noticed.
pub(crate) struct Present {
    pub(crate) user: UserId,
    pub(crate) role: Role,
    pub(crate) session: SessionId,
    pub(crate) unlocked: Arc<Unlocked>,
    /// Whether what is asked is asked in an emergency, through a broken glass.
    pub(crate) emergency: bool,
    /// Whether the account is suspended on this workstation.
    pub(crate) suspended: bool,
}

impl Present {
    pub(crate) const fn principal(&self) -> Principal {
        Principal::User { id: self.user, role: self.role, session: self.session }
    }
}

impl Workstation {
    /// Runs `work` for the user who is signed in.
    ///
    /// # Errors
    /// The denial, the failure of `work`, or that the screen locked while it ran: then nothing is shown.
    pub(crate) fn act<T>(
        &self,
        interaction: Interaction,
        patient: Option<&PatientId>,
        work: impl FnOnce(&mut Tx<'_>, &Present) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        self.act_as(interaction, patient, |_| false, work)
    }

    /// The same for a write in the chart of `patient`, which has to be the one that stands on the screen: as the window said when it
    /// drew it, and as whoever writes says now (`chart`).
    ///
    /// # Errors
    /// As [`Self::act`]; [`ErrorCode::OtherPatient`].
    pub(crate) fn act_on_screen<T>(
        &self,
        interaction: Interaction,
        patient: &PatientId,
        chart: &PatientId,
        work: impl FnOnce(&mut Tx<'_>, &Present) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let on_screen = |present: &Present| chart == patient && present.unlocked.screen.is(patient);
        self.act_as(interaction, Some(patient), on_screen, work)
    }

    /// Whether [`Self::act_on_screen`] would begin, for what comes before it. A refusal is on record, and nothing else.
    ///
    /// # Errors
    /// The denial; [`ErrorCode::OtherPatient`].
    pub(crate) fn may_on_screen(
        &self,
        interaction: Interaction,
        patient: &PatientId,
        chart: &PatientId,
    ) -> Result<(), AppError> {
        let present = self.present_for(interaction, Some(patient))?;
        let mut request = self.request(&present, interaction, Some(patient));
        request.facts.on_screen = chart == patient && present.unlocked.screen.is(patient);
        match authorize(request) {
            Ok(_unused) => Ok(()),
            Err(denial) => {
                self.vault()?.record_denial(&denial, self.clock.now())?;
                Err(denial.into())
            }
        }
    }

    fn act_as<T>(
        &self,
        interaction: Interaction,
        patient: Option<&PatientId>,
        on_screen: impl FnOnce(&Present) -> bool,
        work: impl FnOnce(&mut Tx<'_>, &Present) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let now = self.clock.now();
        let mut present = self.present_for(interaction, patient)?;
        let mut request = self.request(&present, interaction, patient);
        request.facts.on_screen = on_screen(&present);
        present.emergency = request.purpose.overrides();
        self.within_usual(&present, &request)?;
        let answer = match authorize(request) {
            Ok(permit) => {
                let keys = Some(&*present.unlocked.keys);
                let done = self.vault()?.transaction(permit, keys, now, |tx| work(tx, &present));
                done.inspect_err(|error: &AppError| self.end_if_closed(error, present.session))?
            }
            Err(denial) => {
                self.vault()?.record_denial(&denial, now)?;
                return Err(denial.into());
            }
        };
        if self.present()?.session == present.session { Ok(answer) } else { Err(AppError::locked()) }
    }

    /// What is asked, as the policy decides it.
    pub(crate) fn request(&self, present: &Present, interaction: Interaction, patient: Option<&PatientId>) -> Request {
        let restricted =
            patient.and_then(|id| present.unlocked.index.get(id)).is_some_and(|entry| entry.demographics.restricted);
        let emergency = patient.and_then(|id| self.emergency_purpose(present.session, id));
        // A line of a list is decided by the role and the record alone.
        let of = patient.filter(|_| interaction.is_about_a_patient());
        Request {
            principal: present.principal(),
            interaction,
            patient: patient.cloned(),
            restricted,
            purpose: emergency.unwrap_or_else(|| self.ordinary_purpose(present.role, interaction)),
            facts: Facts {
                grant: emergency.is_some(),
                posture: self.posture_met(),
                suspended: present.suspended,
                ..of.map(|patient| self.facts_of(present, patient)).unwrap_or_default()
            },
        }
    }

    /// What is asked for without a broken glass: of the emergency account everything is emergency treatment.
    fn ordinary_purpose(&self, role: Role, interaction: Interaction) -> PurposeOfUse {
        let purpose = purpose_of(role, interaction);
        let emergency = purpose == PurposeOfUse::Treatment && self.in_emergency_account();
        if emergency { PurposeOfUse::EmergencyTreatment } else { purpose }
    }

    /// A permit for work that does not come through [`Self::act`].
    ///
    /// # Errors
    /// The denial.
    pub(crate) fn permitted(&self, request: Request) -> Result<Permit, AppError> {
        permitted(self.vault()?, request, self.clock.now())
    }

    /// The user who asks for this, once what has run out by now is closed; if nobody may ask, the attempt is on record.
    ///
    /// # Errors
    /// That nobody is signed in, or that the screen is locked.
    pub(crate) fn present_for(
        &self,
        interaction: Interaction,
        patient: Option<&PatientId>,
    ) -> Result<Present, AppError> {
        let now = self.clock.now();
        self.lock_if_idle(now);
        self.session_token_upkeep(now, true);
        self.emergency_accesses_expire(now);
        self.forget_destroyed()?;
        match self.present() {
            Ok(present) => Ok(present),
            Err(refusal) => {
                if refusal.code == ErrorCode::PasswordDue {
                    self.record_password_due(interaction, patient)?;
                    return Err(refusal);
                }
                self.record_unattended(interaction, patient)?;
                Err(refusal)
            }
        }
    }

    /// The user who is signed in and not locked, as the session's token says: nothing beside it counts.
    pub(crate) fn present(&self) -> Result<Present, AppError> {
        let (place, now) = (self.token_place()?, self.clock.now());
        let session = lock_of(&self.session)?;
        let session = session.as_ref().ok_or_else(AppError::not_signed_in)?;
        let unlocked = session.unlocked.as_ref().ok_or_else(AppError::locked)?;
        if session.password_due {
            return Err(AppError::password_due());
        }
        let claims = claims_of(session, place, now)?;
        Ok(Present {
            user: claims.user,
            role: claims.role,
            session: claims.session,
            unlocked: Arc::clone(unlocked),
            emergency: false,
            suspended: session.suspension.is_some(),
        })
    }

    /// A call by somebody who has to choose a password first: refused, and on record with who it was.
    fn record_password_due(&self, interaction: Interaction, patient: Option<&PatientId>) -> Result<(), AppError> {
        let principal = {
            let session = lock_of(&self.session)?;
            let session = session.as_ref().ok_or_else(AppError::not_signed_in)?;
            Principal::User { id: session.user.id, role: session.user.role, session: session.id }
        };
        let request = Request { patient: patient.cloned(), ..session_request(interaction, principal) };
        let denial = Denial { request, reason: DenialReason::PasswordDue };
        Ok(self.vault()?.record_denial(&denial, self.clock.now())?)
    }

    /// A call while nobody may see anything: refused, and on record.
    fn record_unattended(&self, interaction: Interaction, patient: Option<&PatientId>) -> Result<(), AppError> {
        let request = Request {
            principal: Principal::Anonymous,
            interaction,
            patient: patient.cloned(),
            restricted: false,
            purpose: PurposeOfUse::Treatment,
            facts: Facts::default(),
        };
        // What the policies leave to nobody in particular, the command line's check of the log, is no page's to call either.
        let denial = match authorize(request.clone()) {
            Err(denial) => denial,
            Ok(_unused) => Denial { request, reason: DenialReason::NotSignedIn },
        };
        Ok(self.vault()?.record_denial(&denial, self.clock.now())?)
    }
}

/// A permit from `vault`'s own side, before the workstation is open. That a policy failed leaves an alert there; any other
/// refusal is the caller's to record.
///
/// # Errors
/// The denial.
pub(crate) fn permitted(vault: &Vault, request: Request, now: Moment) -> Result<Permit, AppError> {
    authorize(request).map_err(|denial| {
        if denial.reason == DenialReason::Evaluation
            && let Err(error) = vault.record_denial(&denial, now)
        {
            tracing::error!(%error, "the access policy failed, and that is not on record");
        }
        denial.into()
    })
}

/// What a role asks for records for.
pub(crate) const fn purpose_of(role: Role, interaction: Interaction) -> PurposeOfUse {
    match (role, interaction) {
        (Role::PrivacyOfficer, _) | (_, Interaction::SectionRead(Section::Access)) => PurposeOfUse::Compliance,
        (Role::Administrator, _) => PurposeOfUse::Administration,
        (Role::Billing, _) => PurposeOfUse::Payment,
        (Role::FrontDesk, _) => PurposeOfUse::Operations,
        (Role::Physician | Role::Nurse | Role::Pharmacist, _) => PurposeOfUse::Treatment,
    }
}
