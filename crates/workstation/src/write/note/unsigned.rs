//! What the user has left to sign: own drafts, and notes of others that wait for their signature.

use serde_json::json;
use vigil_model::PatientId;
use vigil_policy::{Interaction, is_allowed};

use crate::act::Present;
use crate::patient::{Opened, row};
use crate::view::{CosignRow, NoteKind, PatientRow, UnsignedNoteRow, UnsignedNotesView};
use crate::{AppError, Workstation, clock};

impl Workstation {
    /// The user's unsigned notes, the oldest first. Everybody on the list is on its entry.
    ///
    /// # Errors
    /// A denial, or that the audit entry could not be written: then no list is given.
    pub fn unsigned_note_search(&self) -> Result<UnsignedNotesView, AppError> {
        let now = self.clock.now().utc;
        self.act(Interaction::CompositionSearch, None, |tx, present| {
            let (drafts, requests) = (tx.note_drafts()?, tx.cosign_requests()?);
            let opened: Opened = tx.last_opened(present.user, 500)?.into_iter().collect();
            let names: Vec<(vigil_model::UserId, String)> =
                tx.users()?.into_iter().map(|user| (user.id, user.display_name)).collect();
            let patient_row = |patient: &PatientId| self.listed_row(present, patient, &opened, now);
            let title = |code: &str| NoteKind::from_code(code).map_or("Note", NoteKind::title).to_owned();
            let view = UnsignedNotesView {
                drafts: drafts
                    .into_iter()
                    .filter_map(|draft| {
                        Some(UnsignedNoteRow {
                            patient: patient_row(&draft.patient)?,
                            id: draft.id,
                            title: title(&draft.kind),
                            began: clock::text(&draft.began_at),
                            saved: clock::text(&draft.changed_at),
                        })
                    })
                    .collect(),
                cosign: requests
                    .into_iter()
                    .filter_map(|request| {
                        let by = names.iter().find(|(id, _)| *id == request.asked_by);
                        Some(CosignRow {
                            patient: patient_row(&request.patient)?,
                            id: request.composition.to_string(),
                            title: title(&request.kind),
                            asked_by: by.map_or_else(|| "Unknown user".to_owned(), |(_, name)| name.clone()),
                            asked: clock::text(&request.asked_at),
                        })
                    })
                    .collect(),
            };
            let listed = view.drafts.iter().map(|row| &row.patient).chain(view.cosign.iter().map(|row| &row.patient));
            tx.listed(listed.filter_map(|row| PatientId::parse(&row.patient_id).ok()).collect::<Vec<_>>());
            tx.detail(json!({ "list": "notes to sign" }));
            Ok(view)
        })
    }

    /// The patient's line, where the policies let them stand in a list of this user.
    pub(crate) fn listed_row(
        &self,
        present: &Present,
        patient: &PatientId,
        opened: &Opened,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Option<PatientRow> {
        let entry = present.unlocked.index.get(patient)?;
        let lists = is_allowed(&self.request(present, Interaction::PatientSearch, Some(patient)));
        lists.then(|| row(entry, present, opened, now))
    }
}
