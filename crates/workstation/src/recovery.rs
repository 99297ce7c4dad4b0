//! The organisation recovery key: made, shown once, typed back, kept on paper only; or declined.

mod words;

use std::path::Path;

use chrono::Local;
use vigil_model::{Sensitive, SessionId};
use vigil_policy::Interaction;
use vigil_vault::{RecoveryKey, RecoveryState};
use zeroize::Zeroizing;

use crate::act::Present;
use crate::paper::Paper;
use crate::second_factor::Who;
use crate::view::{
    RecoveryKeyConfirmRequest, RecoveryKeyCreateRequest, RecoveryKeyView, RecoveryStage, RecoveryView, SessionView,
};
use crate::{AppError, ErrorCode, Purpose, Workstation, clock, lock_of, private_file, qr};

/// A key that was made and not typed back yet: it opens nothing. It goes with a lock and with the session.
pub(crate) struct RecoveryDraft {
    session: SessionId,
    key: RecoveryKey,
    date: String,
}

impl Workstation {
    /// Where this workstation stands; for the administrator who is signed in.
    ///
    /// # Errors
    /// A denial, or that the vault could not be read.
    pub fn recovery_read(&self) -> Result<RecoveryView, AppError> {
        self.asked(Interaction::RecoveryKeyCreate)?;
        self.recovery_state()
    }

    /// The same for the command line, where nobody signs in: it shows no record and nothing of a key.
    ///
    /// # Errors
    /// When the vault cannot be read.
    pub fn recovery_state(&self) -> Result<RecoveryView, AppError> {
        let state = self.vault()?.recovery_state()?;
        let (fingerprint, made) = match &state {
            RecoveryState::Made { fingerprint, at } => (Some(fingerprint.clone()), Some(clock::text(at))),
            RecoveryState::Missing | RecoveryState::Declined | RecoveryState::Broken => (None, None),
        };
        Ok(RecoveryView { stage: stage_of(&state), fingerprint, made })
    }

    /// Makes a new key and shows it: the one time that it is shown. It opens nothing before it was typed back.
    ///
    /// # Errors
    /// A denial; [`ErrorCode::WrongPassword`].
    pub fn recovery_key_make(&self, request: RecoveryKeyCreateRequest) -> Result<RecoveryKeyView, AppError> {
        let password = request.password.map(Sensitive::new);
        let present = self.asked(Interaction::RecoveryKeyCreate)?;
        let _consumed = self.reauthenticated(&Who::of(&present), Purpose::Administration)?;
        // Right after the first sign-in nobody is asked for what they just typed.
        if self.vault()?.recovery_state()? != RecoveryState::Missing {
            let password = password.ok_or_else(|| AppError::invalid("type your password again"))?;
            self.confirm_password(&present, &password)?;
        }
        let date = self.clock.now().utc.with_timezone(&Local).format("%d-%b-%Y").to_string();
        let draft = RecoveryDraft { session: present.session, key: RecoveryKey::make()?, date };
        let view = self.shown(&draft)?;
        *lock_of(&self.recovery)? = Some(draft);
        // A lock that came meanwhile has taken the session's keys; it takes this one too.
        match self.present() {
            Ok(now) if now.session == present.session => Ok(view),
            Ok(_) | Err(_) => {
                self.recovery_draft_drop();
                Err(AppError::locked())
            }
        }
    }

    /// Writes the paper as PDF to a new file that only its owner reads (mode 0600). There is no other copy.
    ///
    /// # Errors
    /// When no key is waiting, or the file cannot be written or is there already.
    pub fn recovery_key_save(&self, path: &Path) -> Result<(), AppError> {
        self.asked(Interaction::RecoveryKeyCreate)?;
        private_file::chosen(path)?;
        let pdf = {
            let draft = lock_of(&self.recovery)?;
            self.paper(draft.as_ref().ok_or_else(no_draft)?)?
        };
        private_file::write_new(path, &pdf)
    }

    /// Compares the two groups with the key and, when they are right, puts it in force. The key before it, if there was
    /// one, opens neither this device nor later backups any more.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] naming the group that is not what is on the paper; [`ErrorCode::NotFound`] when no key waits.
    pub fn recovery_key_confirm(&self, request: RecoveryKeyConfirmRequest) -> Result<SessionView, AppError> {
        let typed: Vec<Zeroizing<String>> = request.groups.into_iter().map(Zeroizing::new).collect();
        let present = self.asked(Interaction::RecoveryKeyCreate)?;
        let draft = {
            let mut waiting = lock_of(&self.recovery)?;
            let draft = waiting.as_ref().filter(|draft| draft.session == present.session).ok_or_else(no_draft)?;
            let asked = draft.key.groups_to_ask();
            for (at, number) in asked.into_iter().enumerate() {
                let group = draft.key.group(number).unwrap_or_default();
                let same = typed.get(at).is_some_and(|typed| folded(typed) == *group);
                if !same {
                    return Err(AppError::invalid(format!(
                        "group {number} is not what is on the paper; compare letter by letter"
                    )));
                }
            }
            waiting.take().ok_or_else(no_draft)?
        };
        let put = self.act(Interaction::RecoveryKeyCreate, None, |tx, present| {
            Ok(tx.recovery_key_put(&draft.key, &present.unlocked.keys)?)
        });
        if put.is_err() {
            // Nothing was stored: the paper is as good as it was.
            *lock_of(&self.recovery)? = Some(draft);
        }
        put?;
        self.changed()
    }

    /// Forgets a key that was made and not typed back.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub fn recovery_key_cancel(&self) -> Result<(), AppError> {
        self.asked(Interaction::RecoveryKeyCreate)?;
        self.recovery_draft_drop();
        Ok(())
    }

    /// Goes on without a key: on record, and shown to administrators from then on.
    ///
    /// # Errors
    /// A denial, or that the entry could not be written.
    pub fn recovery_key_decline(&self) -> Result<SessionView, AppError> {
        self.act_reauthenticated(Purpose::Administration, Interaction::RecoveryKeyDecline, None, |tx, _| {
            Ok(tx.recovery_key_decline()?)
        })?;
        self.recovery_draft_drop();
        self.changed()
    }

    /// With a lock and with the end of a session.
    pub(crate) fn recovery_draft_drop(&self) {
        match self.recovery.lock() {
            Ok(mut draft) => drop(draft.take()),
            Err(poisoned) => drop(poisoned.into_inner().take()),
        }
    }

    /// Whether the user who is present may do this; nothing is done and nothing recorded but a refusal.
    pub(crate) fn asked(&self, interaction: Interaction) -> Result<Present, AppError> {
        let present = self.present_for(interaction, None)?;
        match vigil_policy::authorize(crate::session::session_request(interaction, present.principal())) {
            Ok(_asked_only) => Ok(present),
            Err(denial) => {
                self.vault()?.record_denial(&denial, self.clock.now())?;
                Err(denial.into())
            }
        }
    }

    fn shown(&self, draft: &RecoveryDraft) -> Result<RecoveryKeyView, AppError> {
        let text = draft.key.text();
        Ok(RecoveryKeyView {
            fingerprint: draft.key.fingerprint()?,
            organization: self.vault()?.settings()?.organization,
            date: draft.date.clone(),
            groups: text.split('-').map(str::to_owned).collect(),
            qr: qr::rows(&text)?,
            ask: draft.key.groups_to_ask().into_iter().filter_map(|number| u32::try_from(number).ok()).collect(),
        })
    }

    fn paper(&self, draft: &RecoveryDraft) -> Result<Zeroizing<Vec<u8>>, AppError> {
        let shown = self.shown(draft)?;
        let paper = Paper {
            title: "Organisation recovery key",
            named: &format!("Name of this key: {}", shown.fingerprint),
            organization: &shown.organization,
            date: &shown.date,
            device: &self.vault()?.device_id().to_string(),
            groups: &shown.groups,
            qr: &shown.qr,
            sections: words::SECTIONS,
        };
        Ok(paper.pdf())
    }
}

/// What was typed, as the paper has it: O is 0, I and L are 1.
fn folded(typed: &str) -> String {
    let letter = |letter: char| match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').map(letter).collect()
}

pub(crate) const fn stage_of(state: &RecoveryState) -> RecoveryStage {
    match state {
        RecoveryState::Made { .. } => RecoveryStage::Made,
        RecoveryState::Missing => RecoveryStage::Missing,
        RecoveryState::Declined => RecoveryStage::Declined,
        RecoveryState::Broken => RecoveryStage::Broken,
    }
}

/// Reads what was typed or scanned.
pub(crate) fn parse_key(text: String) -> Result<RecoveryKey, AppError> {
    let text = Zeroizing::new(text);
    RecoveryKey::parse(&text).map_err(|error| AppError::invalid(error.to_string()))
}

fn no_draft() -> AppError {
    AppError::new(ErrorCode::NotFound, "no recovery key is waiting to be typed back; make a new one")
}
