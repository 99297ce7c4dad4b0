//! The emergency account: for the day when nobody can sign in. Two persons open it with a half each; that is an alarm, and
//! afterwards it has to be sealed anew.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

mod words;

use std::path::Path;

use chrono::{Local, TimeDelta};
use serde_json::json;
use vigil_model::{Role, Sensitive, SessionId};
use vigil_policy::{Interaction, Principal};
use vigil_vault::{EmergencyHalf, HalfNumber, emergency_password};
use zeroize::Zeroizing;

use crate::emergency::justified;
use crate::paper::Paper;
use crate::second_factor::Who;
use crate::session::session_request;
use crate::view::{
    EmergencyAccountMakeRequest, EmergencyAccountSealRequest, EmergencyAccountView, EmergencyDraftView,
    EmergencyHalfSaveRequest, EmergencySessionCreateRequest, SessionView,
};
use crate::{AppError, ErrorCode, Purpose, Workstation, clock, lock_of, private_file, qr};

/// How long the account stays open after its first use: the bad day and no longer.
const OPEN_FOR: TimeDelta = TimeDelta::hours(24);
/// A person or an office.
const HOLDER: std::ops::RangeInclusive<usize> = 3..=80;
const PERSONS: std::ops::RangeInclusive<usize> = 5..=200;

/// Two halves that were made and not typed back yet: they open nothing. They go with a lock and with the session.
pub(crate) struct EmergencyDraft {
    session: SessionId,
    halves: [EmergencyHalf; 2],
    holders: [String; 2],
    saved: [bool; 2],
}

impl EmergencyDraft {
    fn view(&self) -> EmergencyDraftView {
        EmergencyDraftView {
            holders: self.holders.to_vec(),
            saved: self.saved.to_vec(),
            ask: self.halves.iter().map(|half| u32::from(asked(half))).collect(),
        }
    }
}

impl Workstation {
    /// How the account stands.
    ///
    /// # Errors
    /// A denial, or that the vault could not be read.
    pub fn emergency_account_read(&self) -> Result<EmergencyAccountView, AppError> {
        let known = self.vault()?.emergency_account()?;
        self.act(Interaction::EmergencyAccountRead, None, |tx, present| {
            let draft = lock_of(&self.emergency_draft)?;
            let draft = draft.as_ref().filter(|draft| draft.session == present.session).map(EmergencyDraft::view);
            let sealed_by = match &known {
                Some(known) => {
                    tx.users()?.into_iter().find(|user| user.id == known.sealed_by).map(|user| user.display_name)
                }
                None => None,
            };
            Ok(EmergencyAccountView {
                sealed: known.as_ref().map(|known| clock::text(&known.sealed_at)),
                sealed_by: sealed_by.unwrap_or_default(),
                opened: known.as_ref().and_then(|known| known.opened_at).map(|at| clock::text(&at)),
                holders: known.map(|known| known.holders.to_vec()).unwrap_or_default(),
                draft,
            })
        })
    }

    /// Makes two new halves. They open nothing before both were written down and typed back.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] unless two different holders are named; [`ErrorCode::ReauthenticationNeeded`]; a denial.
    pub fn emergency_account_make(&self, request: EmergencyAccountMakeRequest) -> Result<EmergencyDraftView, AppError> {
        let holders: Vec<String> = request.holders.iter().map(|holder| holder.trim().to_owned()).collect();
        let holders: [String; 2] = holders.try_into().map_err(|_| AppError::invalid("name two holders"))?;
        let [first, second] = &holders;
        let fits = |holder: &String| HOLDER.contains(&holder.chars().count()) && !holder.chars().any(char::is_control);
        if !fits(first) || !fits(second) || first.to_lowercase() == second.to_lowercase() {
            return Err(AppError::invalid("name two different holders, each with 3 to 80 characters"));
        }
        let present = self.asked(Interaction::EmergencyAccountSeal)?;
        let _consumed = self.reauthenticated(&Who::of(&present), Purpose::Administration)?;
        let halves = [EmergencyHalf::make(HalfNumber::One)?, EmergencyHalf::make(HalfNumber::Two)?];
        let draft = EmergencyDraft { session: present.session, halves, holders, saved: [false, false] };
        let view = draft.view();
        *lock_of(&self.emergency_draft)? = Some(draft);
        // A lock that came meanwhile takes them too.
        match self.present() {
            Ok(now) if now.session == present.session => Ok(view),
            Ok(_) | Err(_) => {
                self.emergency_draft_drop();
                Err(AppError::locked())
            }
        }
    }

    /// Writes the paper of one half as PDF to a new file that only its owner reads. There is no other copy.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] when no halves wait; [`ErrorCode::Invalid`] when the file cannot be written or is there already.
    pub fn emergency_half_save(&self, request: EmergencyHalfSaveRequest) -> Result<EmergencyDraftView, AppError> {
        self.asked(Interaction::EmergencyAccountSeal)?;
        private_file::chosen(Path::new(&request.path))?;
        let at = match request.half {
            1 => 0,
            2 => 1,
            _ => return Err(AppError::invalid("there are half 1 and half 2")),
        };
        let pdf = {
            let draft = lock_of(&self.emergency_draft)?;
            self.half_paper(draft.as_ref().ok_or_else(no_draft)?, at)?
        };
        private_file::write_new(Path::new(&request.path), &pdf)?;
        let mut draft = lock_of(&self.emergency_draft)?;
        let draft = draft.as_mut().ok_or_else(no_draft)?;
        draft.saved.get_mut(at).into_iter().for_each(|saved| *saved = true);
        Ok(draft.view())
    }

    /// Compares what both holders typed with their halves and, when it is right, puts the halves in force. Those before them
    /// open nothing any more.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] naming the half whose group is not what is on the paper; [`ErrorCode::NotFound`] when none wait.
    pub fn emergency_account_seal(&self, request: EmergencyAccountSealRequest) -> Result<SessionView, AppError> {
        let typed: Vec<Zeroizing<String>> = request.groups.into_iter().map(Zeroizing::new).collect();
        let present = self.asked(Interaction::EmergencyAccountSeal)?;
        let draft = {
            let mut waiting = lock_of(&self.emergency_draft)?;
            let draft = waiting.as_ref().filter(|draft| draft.session == present.session).ok_or_else(no_draft)?;
            if !draft.saved.iter().all(|saved| *saved) {
                return Err(AppError::invalid("both papers have to be written first, each for its holder"));
            }
            for (at, half) in draft.halves.iter().enumerate() {
                let text = half.text();
                let group = text.split('-').nth(usize::from(asked(half)) - 1).unwrap_or_default();
                if typed.get(at).is_none_or(|typed| *folded(typed) != *group) {
                    let (number, group) = (at + 1, asked(half));
                    return Err(AppError::invalid(format!(
                        "group {group} of half {number} is not what is on the paper; compare letter by letter"
                    )));
                }
            }
            waiting.take().ok_or_else(no_draft)?
        };
        let put = self.act(Interaction::EmergencyAccountSeal, None, |tx, present| {
            Ok(tx.emergency_account_seal(&draft.halves, &draft.holders, &present.unlocked.keys)?)
        });
        if put.is_err() {
            // Nothing was stored: the papers are as good as they were.
            *lock_of(&self.emergency_draft)? = Some(draft);
        }
        put?;
        self.changed()
    }

    /// Forgets halves that were made and not typed back.
    ///
    /// # Errors
    /// When nobody who may make them is signed in.
    pub fn emergency_account_cancel(&self) -> Result<(), AppError> {
        self.asked(Interaction::EmergencyAccountSeal)?;
        self.emergency_draft_drop();
        Ok(())
    }

    /// Two persons open the account with their halves. The alarm is on record before they are in.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] where none was sealed; [`ErrorCode::Forbidden`] a day after its first use;
    /// [`ErrorCode::Invalid`] for what is no half, and for missing words; [`ErrorCode::WrongPassword`] for other halves;
    /// [`ErrorCode::RefusedForNow`] after too many.
    pub fn emergency_session_create(&self, request: EmergencySessionCreateRequest) -> Result<SessionView, AppError> {
        let (one, two) = (Zeroizing::new(request.half_one), Zeroizing::new(request.half_two));
        let justification = justified(&request.justification)?;
        let persons = request.persons.trim();
        if !PERSONS.contains(&persons.chars().count()) {
            return Err(AppError::invalid("name the two persons who open the account, in 5 to 200 characters"));
        }
        self.turn_away();
        let vault = self.vault()?;
        let account = vault
            .emergency_account()?
            .ok_or_else(|| AppError::new(ErrorCode::NotFound, "no emergency account was sealed at this workstation"))?;
        let now = self.clock.now();
        if account.opened_at.is_some_and(|opened| now.utc - opened >= OPEN_FOR || now.utc < opened) {
            self.record(Interaction::SessionRefuse, Principal::Anonymous)?;
            return Err(AppError::new(
                ErrorCode::Forbidden,
                "the emergency account was used more than a day ago; an administrator has to seal it anew",
            ));
        }
        let password = halves(&one, &two)?;
        let id = self.new_session_id();
        let name = vigil_vault::EMERGENCY_USERNAME;
        let (user, keys) = self.guarded(name, &Principal::Anonymous, |vault| Ok(vault.unlock(name, &password)?))?;
        let permit = self.permitted(session_request(Interaction::EmergencyAccountOpen, Principal::Anonymous))?;
        let words = json!({ "justification": justification, "persons": persons });
        vault.transaction(permit, Some(&keys), now, |tx| tx.emergency_account_opened(request.reason.code(), words))?;
        tracing::error!("the emergency account was opened");
        let entrance = self.entrance(&user, Some(request.reason))?;
        self.arrive(user, keys, true, id, entrance)
    }

    /// With a lock and with the end of a session.
    pub(crate) fn emergency_draft_drop(&self) {
        match self.emergency_draft.lock() {
            Ok(mut draft) => drop(draft.take()),
            Err(poisoned) => drop(poisoned.into_inner().take()),
        }
    }

    /// Whether it is the emergency account that is signed in.
    pub(crate) fn in_emergency_account(&self) -> bool {
        self.session.lock().is_ok_and(|session| session.as_ref().is_some_and(|one| one.user.emergency_account))
    }

    /// What the user who is signed in typed as their password: for the emergency account both halves, one after the other.
    pub(crate) fn typed(&self, text: String) -> Sensitive<String> {
        if !self.in_emergency_account() {
            return Sensitive::new(text);
        }
        let text = Zeroizing::new(text);
        let all = folded(&text);
        let password = all.split_at_checked(all.len() / 2).and_then(|(one, two)| halves(one, two).ok());
        // What is no pair of halves is a wrong password, and counts as one.
        password.unwrap_or_else(|| Sensitive::new(all.to_string()))
    }

    /// When the emergency account was used, for those who have to seal it anew or to look into it.
    pub(crate) fn emergency_account_used(&self, role: Role) -> Result<Option<String>, AppError> {
        if !matches!(role, Role::Administrator | Role::PrivacyOfficer) {
            return Ok(None);
        }
        let account = self.vault()?.emergency_account()?;
        Ok(account.and_then(|account| account.opened_at).map(|at| clock::text(&at)))
    }

    fn half_paper(&self, draft: &EmergencyDraft, at: usize) -> Result<Zeroizing<Vec<u8>>, AppError> {
        let half = draft.halves.get(at).ok_or_else(no_draft)?;
        let holder = draft.holders.get(at).map(String::as_str).unwrap_or_default();
        let text = half.text();
        let groups: Vec<String> = text.split('-').map(str::to_owned).collect();
        let paper = Paper {
            title: "Emergency account",
            named: &format!("Half {} of 2, held by {holder}", at + 1),
            organization: &self.vault()?.settings()?.organization,
            date: &self.clock.now().utc.with_timezone(&Local).format("%d-%b-%Y").to_string(),
            device: &self.vault()?.device_id().to_string(),
            groups: &groups,
            qr: &qr::rows(&text)?,
            sections: words::SECTIONS,
        };
        Ok(paper.pdf())
    }
}

fn halves(one: &str, two: &str) -> Result<Sensitive<String>, AppError> {
    let half = |number, text: &str, name: &str| {
        EmergencyHalf::parse(number, text).map_err(|error| AppError::invalid(format!("{name}: {error}")))
    };
    let one = half(HalfNumber::One, one, "the first half")?;
    let two = half(HalfNumber::Two, two, "the second half")?;
    Ok(emergency_password(&one, &two))
}

/// What was typed, as the paper has it: O is 0, I and L are 1.
fn folded(typed: &str) -> Zeroizing<String> {
    let letter = |letter: char| match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    Zeroizing::new(typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').map(letter).collect())
}

/// The group that the holder types back, from 1: another one for every half.
fn asked(half: &EmergencyHalf) -> u8 {
    let text = half.text();
    text.bytes().fold(0_u8, u8::wrapping_add) % 6 + 1
}

fn no_draft() -> AppError {
    AppError::new(ErrorCode::NotFound, "no halves are waiting to be typed back; make new ones")
}
