//! How a user likes the screen: chosen once, there at every sign-in.

use std::collections::HashSet;

use serde_json::json;
use vigil_policy::Interaction;
use vigil_vault::Tx;

use crate::view::{PreferencesView, SessionView};
use crate::{AppError, Workstation, lock_of};

/// A language tag of this length names language, script and region.
const LONGEST_TAG: usize = 35;

impl Workstation {
    /// Takes what the user has chosen; the session tells the screen.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for a size that there is not, a section named twice, and what is no language tag; when nobody is
    /// signed in.
    pub fn preferences_update(&self, request: PreferencesView) -> Result<SessionView, AppError> {
        check(&request)?;
        let stored = serde_json::to_vec(&request).map_err(|_| AppError::invalid("these preferences have no form"))?;
        self.act(Interaction::PreferenceUpdate, None, |tx, _| {
            tx.preferences_put(&stored)?;
            tx.detail(
                json!({ "colours": request.colours, "zoom": request.zoom_percent, "language": request.language }),
            );
            Ok(())
        })?;
        if let Some(session) = lock_of(&self.session)?.as_mut() {
            session.preferences = request;
        }
        self.changed()
    }
}

/// What the user of this transaction has chosen. What cannot be read is as if nothing was chosen: it costs nobody the sign-in.
pub(crate) fn read(tx: &Tx<'_>) -> Result<PreferencesView, vigil_vault::VaultError> {
    let stored = tx.preferences()?;
    let chosen = stored.and_then(|stored| serde_json::from_slice::<PreferencesView>(&stored).ok());
    Ok(chosen.filter(|chosen| check(chosen).is_ok()).unwrap_or_default())
}

fn check(chosen: &PreferencesView) -> Result<(), AppError> {
    let zoom = chosen.zoom_percent;
    if !(80..=200).contains(&zoom) || !zoom.is_multiple_of(10) {
        return Err(AppError::invalid("everything is shown at 80 to 200 percent, in steps of ten"));
    }
    let tag = &chosen.language;
    if tag.len() > LONGEST_TAG || !tag.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-') {
        return Err(AppError::invalid("a language is named by its tag, such as en or de"));
    }
    let mut seen = HashSet::new();
    if !chosen.first_sections.iter().all(|section| seen.insert(*section)) {
        return Err(AppError::invalid("a section can stand in one place alone"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use vigil_model::Section;

    use super::*;

    #[test]
    fn what_no_screen_can_show_is_refused() {
        let usual = PreferencesView::default;
        assert!(check(&usual()).is_ok(), "nothing chosen");
        for zoom_percent in [0, 70, 105, 210, u16::MAX] {
            assert!(check(&PreferencesView { zoom_percent, ..usual() }).is_err(), "{zoom_percent} percent");
        }
        for language in ["de_AT", "<b>", "a-language-tag-that-is-longer-than-any"] {
            assert!(check(&PreferencesView { language: language.to_owned(), ..usual() }).is_err(), "{language}");
        }
        let first_sections = vec![Section::Results, Section::Vitals, Section::Results];
        assert!(check(&PreferencesView { first_sections, ..usual() }).is_err(), "one section twice");
    }
}
