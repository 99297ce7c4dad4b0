//! The key access log: who used which key, about whom and what for.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

use vigil_model::{PatientId, UserId};
use vigil_policy::Interaction;
use vigil_vault::{KeyUse, KeyUseFilter};

use crate::view::{KeyUseListView, KeyUseRow, KeyUseSearchRequest};
use crate::{AppError, Workstation, access, clock};

/// The newest uses that the page shows.
const MOST_ROWS: u32 = 2000;

impl Workstation {
    /// Reads the key access log, newest first; this look is on record as well.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for a filter that does not do; or a denial.
    pub fn key_use_search(&self, request: KeyUseSearchRequest) -> Result<KeyUseListView, AppError> {
        let filter = filter(&request)?;
        self.act(Interaction::KeyUseSearch, None, |tx, _| {
            let mut uses = tx.key_uses(&filter, MOST_ROWS + 1)?;
            let cut_off = uses.len() > MOST_ROWS as usize;
            uses.truncate(MOST_ROWS as usize);
            Ok(KeyUseListView { rows: uses.iter().map(row).collect(), cut_off })
        })
    }
}

fn filter(request: &KeyUseSearchRequest) -> Result<KeyUseFilter, AppError> {
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let user = given(&request.user_id).map(|id| UserId::parse(&id)).transpose();
    let patient = given(&request.patient_id).map(|id| PatientId::parse(&id)).transpose();
    Ok(KeyUseFilter {
        user: user.map_err(|_| AppError::invalid("this is no user's id"))?,
        patient: patient.map_err(|_| {
            AppError::invalid(
                "a patient's id has 1 to 64 letters, digits, hyphens and dots; it stands in the audit log",
            )
        })?,
        from: clock::day_start(&request.from)?,
        until: clock::day_end(&request.until)?,
    })
}

fn row(used: &KeyUse) -> KeyUseRow {
    let nobody = if used.user.is_some() { "unknown user" } else { "nobody signed in" };
    KeyUseRow {
        sequence: u32::try_from(used.seq).unwrap_or(u32::MAX),
        recorded: clock::exact_text(&used.at),
        who: used.user_display.clone().unwrap_or_else(|| nobody.to_owned()),
        user_id: used.user.map(|user| user.to_string()),
        role: used.role.map(|role| role.code().replace('-', " ")).unwrap_or_default(),
        patient_id: used.patient.as_ref().map(ToString::to_string),
        keys: used.keys.clone(),
        what: access::what(&used.interaction, used.section),
        purpose: access::purpose(used.purpose).to_owned(),
    }
}
