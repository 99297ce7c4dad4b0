//! Breaking the glass: one restricted chart, for a coded and a typed reason, after re-authentication, for at most an hour.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use vigil_model::{OverrideReason, PatientId, PurposeOfUse, Sensitive, SessionId, fhir};
use vigil_policy::{Denial, DenialReason, Facts, Interaction, Principal, Request, authorize, may_break_the_glass};
use vigil_vault::EmergencyOpening;

use crate::act::Present;
use crate::chart_read::{must_exist, patient_id};
use crate::patient::{known, name};
use crate::second_factor::{Proof, Who};
use crate::view::{
    ClosedBecause, EmergencyAccessCreateRequest, EmergencyAccessEndRequest, EmergencyAccessResumeRequest,
    EmergencyOfferReadRequest, EmergencyOfferView, EmergencyView,
};
use crate::{AppError, ErrorCode, Moment, Purpose, Workstation, lock_of};

/// How long a justification is, in characters: a sentence, not a letter and not an essay.
const JUSTIFICATION: std::ops::RangeInclusive<usize> = 10..=500;

/// An emergency access of the session: it outlives a lock, the keys that it released do not.
#[derive(Clone)]
pub(crate) struct Glass {
    session: SessionId,
    id: u32,
    patient: PatientId,
    reason: OverrideReason,
    /// Time since boot at which it ends: setting the clock back does not extend it.
    until: Duration,
    /// The same by the wall clock: setting it forward ends it.
    expires_at: DateTime<Utc>,
    /// Whether its keys are here.
    released: bool,
}

impl Glass {
    fn is_over(&self, now: Moment) -> bool {
        now.since_boot >= self.until || now.utc >= self.expires_at
    }

    fn view(&self, now: Moment) -> EmergencyView {
        let left = self.until.saturating_sub(now.since_boot).as_secs();
        EmergencyView { reason: self.reason, seconds_left: u32::try_from(left).unwrap_or(u32::MAX) }
    }
}

/// The words of a justification.
///
/// # Errors
/// [`ErrorCode::Invalid`] for too few or too many.
pub(crate) fn justified(text: &str) -> Result<&str, AppError> {
    let text = text.trim();
    if JUSTIFICATION.contains(&text.chars().count()) {
        return Ok(text);
    }
    let (least, most) = (JUSTIFICATION.start(), JUSTIFICATION.end());
    Err(AppError::invalid(format!("the justification has {least} to {most} characters")))
}

impl Workstation {
    /// What the panel of a closed chart shows. Seeing whose chart it is is an entry like a line of a list.
    ///
    /// # Errors
    /// A denial, or that there is no such patient.
    pub fn emergency_offer_read(&self, request: EmergencyOfferReadRequest) -> Result<EmergencyOfferView, AppError> {
        let patient = patient_id(&request.patient_id)?;
        let (now, kind) = (self.clock.now(), self.kind_of_installation()?);
        self.act(Interaction::PatientSearch, None, |tx, present| {
            must_exist(tx, present, &patient)?;
            let entry = present.unlocked.index.get(&patient).ok_or_else(AppError::no_such_patient)?;
            tx.listed([patient.clone()]);
            let person = &entry.demographics;
            let used = tx.emergency_accesses_since(now.utc - TimeDelta::days(1))?;
            Ok(EmergencyOfferView {
                patient_id: patient.to_string(),
                name: name(entry),
                birth_date: fhir::format_date(&person.birth_date),
                age: fhir::age(&person.birth_date, &now.utc),
                gender: known(&person.gender),
                mrn: known(&person.mrn),
                closed_because: self.closed_because(present, &patient),
                allowed: may_break_the_glass(present.role),
                minutes: self.policy.break_glass_minutes(),
                left_today: self.policy.break_glass_per_day().saturating_sub(used),
                needs_factor: self.policy.sign_in.needs_factor(Purpose::BreakGlass, kind)
                    && !self.in_emergency_account(),
                interrupted: self.glass(present.session, &patient)?.map(|glass| glass.view(now)),
            })
        })
    }

    /// Breaks the glass. The audit entry is durable before the key is released.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for a justification that does not do; [`ErrorCode::WrongPassword`];
    /// [`ErrorCode::Forbidden`] for a role that may not, a chart that is not restricted, and past the day's limit.
    pub fn emergency_access_create(&self, request: EmergencyAccessCreateRequest) -> Result<EmergencyView, AppError> {
        let (password, proof) = (self.typed(request.password), request.proof.map(Proof::from));
        let patient = patient_id(&request.patient_id)?;
        let justification = justified(&request.justification)?;
        let present = self.present_for(Interaction::EmergencyAccessStart, Some(&patient))?;
        self.allowed_to_start(&present, &patient, request.reason.purpose())?;
        let key = self.emergency_key(&present, &password, proof)?;

        let now = self.clock.now();
        let minutes = self.policy.break_glass_minutes();
        let expires_at = now.utc + TimeDelta::minutes(i64::from(minutes));
        let permit = self.permitted(self.emergency_request(&present, &patient, request.reason.purpose()))?;
        let opening = EmergencyOpening { reason: request.reason, justification, expires_at };
        let keys = &present.unlocked.keys;
        let id = self.vault()?.emergency_access_start(permit, keys, &key, now, Some(&opening))?;
        let glass = Glass {
            session: present.session,
            id: id.ok_or_else(AppError::stopped)?,
            patient,
            reason: request.reason,
            until: now.since_boot + Duration::from_secs(60 * u64::from(minutes)),
            expires_at,
            released: true,
        };
        self.keep_glass(&present, glass)
    }

    /// Opens an access again that a lock interrupted; its time goes on running as it was.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] when there is none; else as [`Self::emergency_access_create`].
    pub fn emergency_access_resume(&self, request: EmergencyAccessResumeRequest) -> Result<EmergencyView, AppError> {
        let (password, proof) = (self.typed(request.password), request.proof.map(Proof::from));
        let patient = patient_id(&request.patient_id)?;
        let present = self.present_for(Interaction::EmergencyAccessStart, Some(&patient))?;
        self.must_break_glasses(&present, Interaction::EmergencyAccessStart, &patient)?;
        let found = self.glass(present.session, &patient)?;
        let glass = found.ok_or_else(|| {
            AppError::new(ErrorCode::NotFound, "the emergency access is over; a new one needs a new reason")
        })?;
        let key = self.emergency_key(&present, &password, proof)?;
        let permit = self.permitted(self.emergency_request(&present, &patient, glass.reason.purpose()))?;
        self.vault()?.emergency_access_start(permit, &present.unlocked.keys, &key, self.clock.now(), None)?;
        self.keep_glass(&present, Glass { released: true, ..glass })
    }

    /// Ends an access before its time.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] when there is none; or the audit entry cannot be written: the keys are gone all the same.
    pub fn emergency_access_end(&self, request: EmergencyAccessEndRequest) -> Result<(), AppError> {
        let patient = patient_id(&request.patient_id)?;
        let present = self.present_for(Interaction::EmergencyAccessStop, Some(&patient))?;
        self.must_break_glasses(&present, Interaction::EmergencyAccessStop, &patient)?;
        let glass = {
            let mut glasses = lock_of(&self.glasses)?;
            let at = glasses.iter().position(|one| one.session == present.session && one.patient == patient);
            at.map(|at| glasses.remove(at))
        };
        let glass =
            glass.ok_or_else(|| AppError::new(ErrorCode::NotFound, "there is no emergency access to this chart"))?;
        self.stop(&glass, &present.principal(), Some(&present))?;
        self.changed()?;
        Ok(())
    }

    /// The purpose that an open glass gives to what is asked about a patient.
    pub(crate) fn emergency_purpose(&self, session: SessionId, patient: &PatientId) -> Option<PurposeOfUse> {
        let glass = self.glass(session, patient).ok().flatten()?;
        glass.released.then(|| glass.reason.purpose())
    }

    /// What is left of an open glass.
    pub(crate) fn emergency_view(&self, session: SessionId, patient: &PatientId) -> Option<EmergencyView> {
        let glass = self.glass(session, patient).ok().flatten()?;
        glass.released.then(|| glass.view(self.clock.now()))
    }

    /// Ends what has run out; called every second and before every use case.
    pub(crate) fn emergency_accesses_expire(&self, now: Moment) {
        let over: Vec<Glass> = match self.glasses.lock() {
            Ok(mut glasses) => glasses.extract_if(.., |glass| glass.is_over(now)).collect(),
            Err(_) => Vec::new(),
        };
        self.stop_all(over);
    }

    /// Ends every access of the session that is signed out.
    pub(crate) fn emergency_accesses_end(&self, session: SessionId, principal: &Principal) {
        let ended: Vec<Glass> = match self.glasses.lock() {
            Ok(mut glasses) => glasses.extract_if(.., |glass| glass.session == session).collect(),
            Err(_) => Vec::new(),
        };
        for glass in ended {
            if let Err(error) = self.stop(&glass, principal, None) {
                tracing::error!(code = ?error.code, "the end of an emergency access is not on record");
            }
        }
    }

    /// Ends every access to a record that was destroyed.
    pub(crate) fn emergency_accesses_end_of(&self, gone: &HashSet<PatientId>) {
        let ended: Vec<Glass> = match self.glasses.lock() {
            Ok(mut glasses) => glasses.extract_if(.., |glass| gone.contains(&glass.patient)).collect(),
            Err(_) => Vec::new(),
        };
        self.stop_all(ended);
    }

    /// The keys went with the lock; each access asks for the password again.
    pub(crate) fn emergency_accesses_lock(&self) {
        if let Ok(mut glasses) = self.glasses.lock() {
            glasses.iter_mut().for_each(|glass| glass.released = false);
        }
    }

    fn stop_all(&self, over: Vec<Glass>) {
        if over.is_empty() {
            return;
        }
        let session = self.session.lock().ok().and_then(|session| {
            let session = session.as_ref()?;
            let principal = Principal::User { id: session.user.id, role: session.user.role, session: session.id };
            Some((session.id, principal))
        });
        let present = self.present().ok();
        for glass in over {
            let Some((_, principal)) = session.as_ref().filter(|(id, _)| *id == glass.session) else { continue };
            if let Err(error) = self.stop(&glass, principal, present.as_ref()) {
                tracing::error!(code = ?error.code, "the end of an emergency access is not on record");
            }
        }
        // The screen learns that a chart closed under it.
        if let Err(error) = self.changed() {
            tracing::error!(code = ?error.code, "the screen was not told that an emergency access ended");
        }
    }

    /// Takes the keys back first, then says so to the log.
    fn stop(&self, glass: &Glass, principal: &Principal, present: Option<&Present>) -> Result<(), AppError> {
        let vault = self.vault()?;
        if let Some(present) = present {
            vault.emergency_keys_withdraw(&present.unlocked.keys, &glass.patient)?;
        }
        let permit = self.permitted(Request {
            principal: principal.clone(),
            interaction: Interaction::EmergencyAccessStop,
            patient: Some(glass.patient.clone()),
            restricted: true,
            purpose: glass.reason.purpose(),
            facts: Facts { grant: true, ..Facts::default() },
        })?;
        vault.transaction(permit, None, self.clock.now(), |tx| Ok::<_, AppError>(tx.emergency_access_stop(glass.id)?))
    }

    /// Refuses, on record, a role that breaks no glass, before anything is said of an access.
    fn must_break_glasses(
        &self,
        present: &Present,
        interaction: Interaction,
        patient: &PatientId,
    ) -> Result<(), AppError> {
        if may_break_the_glass(present.role) {
            return Ok(());
        }
        let request = self.request(present, interaction, Some(patient));
        let denial = Denial { request, reason: DenialReason::Role };
        self.vault()?.record_denial(&denial, self.clock.now())?;
        Err(denial.into())
    }

    /// Asks the policy before the password is asked for, so that a refusal is on record as what it is.
    fn allowed_to_start(&self, present: &Present, patient: &PatientId, purpose: PurposeOfUse) -> Result<(), AppError> {
        let now = self.clock.now();
        let known = present.unlocked.index.get(patient).is_some();
        match authorize(self.emergency_request(present, patient, purpose)) {
            Ok(_asked_only) if known => {}
            Err(denial) if known || denial.reason != DenialReason::NotRestricted => {
                self.vault()?.record_denial(&denial, now)?;
                return Err(denial.into());
            }
            Ok(_) | Err(_) => return Err(AppError::no_such_patient()),
        }
        let used = self.act(Interaction::PatientSearch, None, |tx, _| {
            tx.listed([patient.clone()]);
            Ok(tx.emergency_accesses_since(now.utc - TimeDelta::days(1))?)
        })?;
        let most = self.policy.break_glass_per_day();
        if used >= most {
            let request = self.emergency_request(present, patient, purpose);
            self.vault()?.record_denial(&Denial { request, reason: DenialReason::DailyLimit }, now)?;
            let message = format!(
                "you have opened {used} charts in an emergency within 24 hours, and {most} is the limit; call the \
                 privacy officer or a colleague"
            );
            return Err(AppError::new(ErrorCode::Forbidden, message));
        }
        Ok(())
    }

    /// Both factors in one go: the password makes the key, and it is not given out before the second factor was right.
    fn emergency_key(
        &self,
        present: &Present,
        password: &Sensitive<String>,
        proof: Option<Proof>,
    ) -> Result<vigil_vault::EmergencyKey, AppError> {
        let needed = self.needs_factor(Purpose::BreakGlass)?;
        if needed && !self.vault()?.has_factor(present.user)? {
            return Err(AppError::factor_needed());
        }
        let username = self.username()?;
        self.guarded(&username, &present.principal(), |vault| {
            let key = vault.emergency_key(&username, password)?;
            if needed {
                self.factor_shown(&Who::of(present), &present.unlocked.keys, proof, Purpose::BreakGlass)?;
            }
            Ok(key)
        })
    }

    /// Why the chart does not open in the ordinary way; `None`: it does.
    fn closed_because(&self, present: &Present, patient: &PatientId) -> Option<ClosedBecause> {
        match authorize(self.request(present, Interaction::PatientRead, Some(patient))) {
            Err(Denial { reason: DenialReason::NoRelationship, .. }) => Some(ClosedBecause::NoRelationship),
            Err(Denial { reason: DenialReason::Restricted, .. }) => Some(ClosedBecause::Restricted),
            _ => None,
        }
    }

    fn emergency_request(&self, present: &Present, patient: &PatientId, purpose: PurposeOfUse) -> Request {
        let entry = present.unlocked.index.get(patient);
        Request {
            principal: present.principal(),
            interaction: Interaction::EmergencyAccessStart,
            patient: Some(patient.clone()),
            restricted: entry.is_some_and(|entry| entry.demographics.restricted),
            purpose,
            facts: Facts { suspended: present.suspended, ..self.facts_of(present, patient) },
        }
    }

    /// Keeps an open glass, unless the screen locked meanwhile: then its keys went with the others.
    fn keep_glass(&self, present: &Present, glass: Glass) -> Result<EmergencyView, AppError> {
        let view = glass.view(self.clock.now());
        {
            let mut glasses = lock_of(&self.glasses)?;
            glasses.retain(|one| one.session != glass.session || one.patient != glass.patient);
            let still_here = self.present().is_ok_and(|now| std::sync::Arc::ptr_eq(&now.unlocked, &present.unlocked));
            glasses.push(Glass { released: still_here, ..glass });
        }
        self.changed()?;
        Ok(view)
    }

    fn glass(&self, session: SessionId, patient: &PatientId) -> Result<Option<Glass>, AppError> {
        let now = self.clock.now();
        let glasses = lock_of(&self.glasses)?;
        let mine = glasses.iter().find(|one| one.session == session && one.patient == *patient);
        Ok(mine.filter(|glass| !glass.is_over(now)).cloned())
    }
}
