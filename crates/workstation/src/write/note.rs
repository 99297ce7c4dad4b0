//! Notes: begun from a template, stored while they are written, signed, followed by addenda and amendments (ADR 21).
//!
//! A draft is its author's alone. What is signed is a Composition with a signature (Provenance) over exactly that text; it never
//! changes, and whatever is to be said about it afterwards is a note of its own that names it.

mod composition;
mod content;
mod error;
mod reading;
mod signature;
mod template;
mod unsigned;
mod visit;

use serde_json::json;
use vigil_model::{PatientId, Section, UserId};
use vigil_policy::{Interaction, is_allowed};
use vigil_vault::Tx;

use self::composition::Note;
use self::content::Content;
pub(crate) use self::error::InError;
pub(crate) use self::reading::{note_choices, note_view};
use self::signature::Meaning;
pub(crate) use self::template::templates_of;
use super::draft::{Author, Draft, Read};
use super::{Place, resource_id, store};
use crate::act::Present;
use crate::chart_read::{must_exist, patient_id};
use crate::reauthentication::Purpose;
use crate::second_factor::Who;
use crate::view::{
    CosignerView, NoteCosignRequest, NoteDraftCreateRequest, NoteDraftDeleteRequest, NoteDraftReadRequest,
    NoteDraftRow, NoteDraftSavedView, NoteDraftUpdateRequest, NoteDraftView, NoteKind, NoteMarkRequest, NoteMarking,
    NoteSignRequest, WrittenView,
};
use crate::{AppError, ErrorCode, Moment, Workstation, clock, new_uuid};

pub(super) const COMPOSITION: &str = "Composition";

const NO_DRAFT: &str = "there is no such draft of yours in this chart any more; it was signed or thrown away";

impl Workstation {
    /// Begins a note from a template, with what the chart knows put in; or one that follows a signed note. It is stored at once.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for a template that is not the role's, and for a note to be followed that is not signed;
    /// [`ErrorCode::OtherPatient`]; a denial.
    pub fn note_draft_create(&self, request: NoteDraftCreateRequest) -> Result<NoteDraftView, AppError> {
        let place = Place::new(&request.patient_id, &request.chart_on_screen, Section::Documents)?;
        let now = self.clock.now().utc;
        self.writing(Interaction::ResourceCreate(place.section), &place, |tx, present, _| {
            let content = match &request.follows {
                Some(follows) => {
                    let earlier = self.signed_note(tx, present, &place.patient, &follows.id)?;
                    Content::following(&earlier, follows.clone())
                }
                None => {
                    let template = template::of(request.kind, present.role)?;
                    Content::from_template(request.kind, template, &self.pulled(tx, present, &place.patient)?)
                }
            };
            let id = new_uuid(Moment { utc: now, since_boot: std::time::Duration::ZERO }).to_string();
            tx.note_draft_put(&place.patient, &id, content.kind.code(), &content.to_text()?, None)?;
            self.draft_view(tx, present, &place.patient, &id)
        })
    }

    /// Reads a draft of the user.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for one that is not there or is somebody else's; a denial.
    pub fn note_draft_read(&self, request: NoteDraftReadRequest) -> Result<NoteDraftView, AppError> {
        let patient = patient_id(&request.patient_id)?;
        self.act(Interaction::ResourceRead(Section::Documents), Some(&patient), |tx, present| {
            must_exist(tx, present, &patient)?;
            self.draft_view(tx, present, &patient, &request.id)
        })
    }

    /// Stores a draft as it stands now.
    ///
    /// # Errors
    /// [`ErrorCode::VersionConflict`]; [`ErrorCode::NotFound`]; [`ErrorCode::Invalid`] for a text that is too long or cannot be
    /// shown; [`ErrorCode::OtherPatient`]; a denial.
    pub fn note_draft_update(&self, request: NoteDraftUpdateRequest) -> Result<NoteDraftSavedView, AppError> {
        let place = Place::new(&request.patient_id, &request.chart_on_screen, Section::Documents)?;
        let sections = content::sections(request.sections)?;
        let now = self.clock.now().utc;
        self.writing(Interaction::ResourceUpdate(place.section), &place, |tx, _, _| {
            let (_, stored) = own_draft(tx, &place.patient, &request.id)?;
            let kind = stored.kind;
            let text = Content { sections, ..stored }.to_text()?;
            let version = tx.note_draft_put(&place.patient, &request.id, kind.code(), &text, Some(request.version))?;
            Ok(NoteDraftSavedView { version, saved: clock::text(&now) })
        })
    }

    /// Throws a draft of the user away.
    ///
    /// # Errors
    /// As [`Self::note_draft_update`].
    pub fn note_draft_delete(&self, request: NoteDraftDeleteRequest) -> Result<(), AppError> {
        let place = Place::new(&request.patient_id, &request.chart_on_screen, Section::Documents)?;
        self.writing(Interaction::ResourceUpdate(place.section), &place, |tx, _, _| {
            own_draft(tx, &place.patient, &request.id)?;
            Ok(tx.note_draft_delete(&place.patient, &request.id, request.version)?)
        })
    }

    /// Signs a draft as it was stored last: it becomes a note, with the signature of whoever is signed in.
    ///
    /// # Errors
    /// [`ErrorCode::ReauthenticationNeeded`]: each signature asks for password and, by policy, second factor; else as
    /// [`Self::note_draft_update`], and [`ErrorCode::Invalid`] for a note without a word.
    pub fn note_sign(&self, request: NoteSignRequest) -> Result<WrittenView, AppError> {
        let place = Place::new(&request.patient_id, &request.chart_on_screen, Section::Documents)?;
        let cosigner = request.cosigner.as_deref().map(user_id).transpose()?;
        let encounter = request.encounter.as_deref().map(resource_id).transpose()?;
        let now = self.clock.now().utc;
        self.signing(Interaction::ResourceCreate(place.section), &place, |tx, present, author| {
            let (version, content) = own_draft(tx, &place.patient, &request.id)?;
            if version != request.version {
                return Err(vigil_vault::VaultError::VersionConflict { newest: version }.into());
            }
            let encounter = match &encounter {
                Some(id) => {
                    let began = tx.note_draft(&place.patient, &request.id)?.map_or(now, |draft| draft.row.began_at);
                    Some(visit::chosen(self, tx, present, &place.patient, began, id)?)
                }
                None => None,
            };
            if let Some(follows) = &content.follows {
                // It may have been marked as entered in error since the draft was begun.
                self.signed_note(tx, present, &place.patient, &follows.id)?;
            }
            let asked = cosigner.map(|id| cosigner_of(tx, present, id)).transpose()?;
            let note = Note::new(&content, author, present.user, asked.as_ref(), now)?;
            let draft = Draft::new(COMPOSITION, now, note.elements(&place.patient, encounter))?;
            let signature = self.signature(&draft, present.user, Meaning::Author, now)?;
            let id = draft.id().clone();
            let provenance = Draft::new(signature::PROVENANCE, now, signature.elements(author, Meaning::Author))?;
            store(tx, &place.patient, vec![draft, provenance])?;
            if let Some(asked) = &asked {
                tx.cosign_ask(&place.patient, &id, content.kind.code(), user_id(&asked.id)?)?;
            }
            tx.note_draft_delete(&place.patient, &request.id, version)?;
            let mut lines = vec![format!("{}, signed", note.title())];
            lines.extend(asked.map(|asked| format!("{} is asked to sign too", asked.name)));
            Ok(WrittenView { lines })
        })
    }

    /// Signs a note of somebody else that asks for it.
    ///
    /// # Errors
    /// As [`Self::note_sign`]; [`ErrorCode::Invalid`] when the note does not ask for the user's signature, or has it already, or is
    /// not what its author signed.
    pub fn note_cosign(&self, request: NoteCosignRequest) -> Result<WrittenView, AppError> {
        let place = Place::new(&request.patient_id, &request.chart_on_screen, Section::Documents)?;
        let now = self.clock.now().utc;
        self.signing(Interaction::ResourceCreate(place.section), &place, |tx, present, author| {
            let note = self.signed_note(tx, present, &place.patient, &request.id)?;
            if note.wanted().is_none_or(|wanted| wanted.id != present.user.to_string()) {
                return Err(AppError::invalid("this note does not wait for your signature"));
            }
            let signature = self.signature(&note.draft, present.user, Meaning::Verifier, now)?;
            let provenance = Draft::new(signature::PROVENANCE, now, signature.elements(author, Meaning::Verifier))?;
            store(tx, &place.patient, vec![provenance])?;
            tx.cosign_done(&place.patient, &resource_id(&request.id)?)?;
            Ok(WrittenView { lines: vec![format!("{}, cosigned", note.title())] })
        })
    }

    /// Marks a signed note as entered in error: it was written in the wrong chart, or is about what did not happen. The note stays as it
    /// was signed; nobody takes the mark back.
    ///
    /// # Errors
    /// As [`Self::note_sign`]; [`ErrorCode::Forbidden`] for the note of somebody else that is marked as one's own, and for that of somebody
    /// else at all unless the role may; [`ErrorCode::Invalid`] without a reason, and for a note that is marked already.
    pub fn note_mark_in_error(&self, request: NoteMarkRequest) -> Result<WrittenView, AppError> {
        let place = Place::new(&request.patient_id, &request.chart_on_screen, Section::Documents)?;
        let (now, reason) = (self.clock.now().utc, error::reason(&request.reason)?);
        // Whose note it is stands in it: the permit is for what is claimed, and the claim is held against the note.
        let interaction = match request.whose {
            NoteMarking::Own => Interaction::ResourceCreate(place.section),
            NoteMarking::Another => Interaction::CompositionNullify,
        };
        self.signing(interaction, &place, |tx, present, author| {
            let note = self.signed_note(tx, present, &place.patient, &request.id)?;
            if note.is_by(present.user) != (request.whose == NoteMarking::Own) {
                return Err(AppError::new(
                    ErrorCode::Forbidden,
                    "this note is somebody else's than was said; read it again",
                ));
            }
            let mark = self.mark(&note.draft, (present.user, author), &reason, now)?;
            store(tx, &place.patient, vec![mark])?;
            tx.cosign_withdraw(&place.patient, note.draft.id())?;
            Ok(WrittenView { lines: vec![format!("{}, marked as entered in error", note.title())] })
        })
    }

    /// [`Self::writing`] for what asks for a signature. Whoever may not write is refused before anything is asked.
    fn signing<T>(
        &self,
        interaction: Interaction,
        place: &Place,
        work: impl FnOnce(&mut Tx<'_>, &Present, &Author) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let present = self.present_for(interaction, Some(&place.patient))?;
        let mut asked = self.request(&present, interaction, Some(&place.patient));
        asked.facts.on_screen = place.chart == place.patient && present.unlocked.screen.is(&place.patient);
        if is_allowed(&asked) {
            let _consumed = self.reauthenticated(&Who::of(&present), Purpose::Signing)?;
        }
        self.writing(interaction, place, work)
    }

    fn draft_view(
        &self,
        tx: &mut Tx<'_>,
        present: &Present,
        patient: &PatientId,
        id: &str,
    ) -> Result<NoteDraftView, AppError> {
        let draft = tx.note_draft(patient, id)?.ok_or_else(|| AppError::new(ErrorCode::NotFound, NO_DRAFT))?;
        let content = Content::read(&draft)?;
        tx.detail(json!({ "draft": id }));
        let title = content.title();
        let encounters = visit::choices(self, tx, present, patient, draft.row.began_at)?;
        Ok(NoteDraftView {
            id: draft.row.id,
            version: draft.row.version,
            kind: content.kind,
            title,
            follows: content.follows,
            sections: content.sections,
            began: clock::text(&draft.row.began_at),
            saved: clock::text(&draft.row.changed_at),
            cosigners: cosigners(tx, present)?,
            encounters,
        })
    }
}

/// The user's drafts in the chart that the permit is for.
pub(crate) fn draft_rows(tx: &Tx<'_>) -> Result<Vec<NoteDraftRow>, AppError> {
    let rows = tx.note_drafts()?.into_iter().filter_map(|row| {
        let kind = NoteKind::from_code(&row.kind)?;
        Some(NoteDraftRow {
            id: row.id,
            kind,
            title: kind.title().to_owned(),
            began: clock::text(&row.began_at),
            saved: clock::text(&row.changed_at),
        })
    });
    Ok(rows.collect())
}

fn own_draft(tx: &mut Tx<'_>, patient: &PatientId, id: &str) -> Result<(u32, Content), AppError> {
    let draft = tx.note_draft(patient, id)?.ok_or_else(|| AppError::new(ErrorCode::NotFound, NO_DRAFT))?;
    Ok((draft.row.version, Content::read(&draft)?))
}

/// Who may be asked to sign a note too: everybody else who is a physician here.
fn cosigners(tx: &Tx<'_>, present: &Present) -> Result<Vec<CosignerView>, AppError> {
    let mut cosigners: Vec<CosignerView> = tx
        .users()?
        .into_iter()
        .filter(|user| user.role == vigil_model::Role::Physician && !user.disabled && user.id != present.user)
        .map(|user| CosignerView { id: user.id.to_string(), name: user.display_name })
        .collect();
    cosigners.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
    Ok(cosigners)
}

fn cosigner_of(tx: &Tx<'_>, present: &Present, id: UserId) -> Result<CosignerView, AppError> {
    let wanted = id.to_string();
    let found = cosigners(tx, present)?.into_iter().find(|cosigner| cosigner.id == wanted);
    found.ok_or_else(|| AppError::invalid("this user cannot be asked to sign; choose somebody of the list"))
}

fn user_id(text: &str) -> Result<UserId, AppError> {
    UserId::parse(text).map_err(|error| AppError::invalid(error.to_string()))
}
