//! A signed note as it is read: with its signatures, and with every note that it follows or that follows it.

use serde_json::Value;
use similar::{ChangeTag, TextDiff};
use vigil_model::fhir::date::format_date;
use vigil_model::fhir::field::text;
use vigil_model::{PatientId, ResourceType, Section, UserId};
use vigil_policy::{Interaction, is_allowed, sections_written_by};
use vigil_vault::{Stored, Tx};

use super::composition::{asked, follows, kind, sections};
use super::error::{Mark, mark_on};
use super::signature::{PROVENANCE, Under, under};
use super::{COMPOSITION, Read, resource_id};
use crate::act::Present;
use crate::chart::document_title;
use crate::chart_read::{WITHHELD, records};
use crate::view::{
    CosignerView, LineChange, LineFate, NoteChoice, NoteFollows, NoteKind, NoteMarking, NoteRelation, NoteSection,
    NoteSignatureView, NoteView, RelatedNoteView, SignatureCheck,
};
use crate::write::amendment::about_note;
use crate::write::draft::Draft;
use crate::{AppError, ErrorCode, Workstation};

/// A note of this chart that was signed here.
pub(super) struct SignedNote {
    pub(super) kind: NoteKind,
    pub(super) sections: Vec<NoteSection>,
    /// As it stands.
    pub(super) draft: Draft,
    json: Value,
    signatures: Vec<Under>,
    mark: Option<Mark>,
}

impl SignedNote {
    pub(super) fn title(&self) -> &str {
        text(&self.json, "title")
    }

    /// Whose signature is asked for and not there.
    pub(super) fn wanted(&self) -> Option<CosignerView> {
        asked(&self.json).filter(|asked| !self.signatures.iter().any(|one| one.by.id == asked.id))
    }

    /// Whether it was entered in error.
    pub(super) fn is_in_error(&self) -> bool {
        self.mark.as_ref().is_some_and(|mark| mark.check == SignatureCheck::Intact)
    }

    /// Whether `user` wrote and signed it.
    pub(super) fn is_by(&self, user: UserId) -> bool {
        self.signatures.iter().any(|one| !one.cosigned && one.by.id == user.to_string())
    }

    /// Whether every signature holds.
    fn is_whole(&self) -> bool {
        !self.signatures.is_empty() && self.signatures.iter().all(|one| one.check != SignatureCheck::Broken)
    }

    fn follows(&self) -> Option<NoteFollows> {
        follows(&self.json)
    }

    fn signature_views(&self) -> Vec<NoteSignatureView> {
        let view = |one: &Under| NoteSignatureView {
            who: if one.by.name.is_empty() { "Not known".to_owned() } else { one.by.name.clone() },
            when: format_date(&one.when),
            cosigned: one.cosigned,
            check: one.check,
        };
        self.signatures.iter().map(view).collect()
    }

    fn related(&self, relation: NoteRelation) -> RelatedNoteView {
        RelatedNoteView {
            id: self.draft.id().to_string(),
            relation,
            title: self.title().to_owned(),
            when: format_date(text(&self.json, "date")),
            author: self.signatures.first().map(|one| one.by.name.clone()).unwrap_or_default(),
            sections: self.sections.clone(),
            signatures: self.signature_views(),
            error: self.mark.as_ref().map(Mark::view),
        }
    }
}

impl Workstation {
    /// A signed note that is about to be followed, cosigned or marked: one that counts.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`]; [`ErrorCode::Invalid`] for what is no note signed here, or is not what was signed.
    pub(super) fn signed_note(
        &self,
        tx: &Tx<'_>,
        present: &Present,
        patient: &PatientId,
        id: &str,
    ) -> Result<SignedNote, AppError> {
        let type_of = ResourceType::parse(COMPOSITION).map_err(|error| AppError::invalid(error.to_string()))?;
        let stored = tx.resource(patient, &type_of, &resource_id(id)?)?;
        let stored =
            stored.ok_or_else(|| AppError::new(ErrorCode::NotFound, "there is no such note in this chart any more"))?;
        let note = self.note_of(&stored, &provenances(tx, patient)?)?;
        let note = note.ok_or_else(|| AppError::invalid("this is no note that was signed here"))?;
        if self.is_withheld(present, COMPOSITION, &note.json) {
            return Err(AppError::new(ErrorCode::Restricted, WITHHELD));
        }
        if !note.is_whole() {
            return Err(AppError::invalid(
                "this note is not what was signed; tell whoever looks after the workstation",
            ));
        }
        if note.is_in_error() {
            return Err(AppError::invalid("this note was entered in error; nothing follows it, write a new one"));
        }
        Ok(note)
    }

    /// What is stored as a note with its signatures; none where there is none under it.
    fn note_of(&self, stored: &Stored, provenances: &[Value]) -> Result<Option<SignedNote>, AppError> {
        let Ok(read) = Read::new(stored) else { return Ok(None) };
        let Some(kind) = kind(&read.json) else { return Ok(None) };
        let (id, key) = (stored.id.to_string(), self.vault()?.log_verifier_key());
        let signatures = provenances.iter().filter_map(|one| under(one, &id, read.text(), &key));
        // The author's first, then in the order in which they came.
        let mut signatures: Vec<Under> = signatures.collect();
        signatures.sort_by(|a, b| (a.cosigned, &a.when).cmp(&(b.cosigned, &b.when)));
        if signatures.is_empty() {
            return Ok(None);
        }
        let mark = mark_on(provenances, &id, read.text(), &key);
        let (sections, json, draft) =
            (sections(&read.json), read.json.clone(), Draft::as_it_stands(COMPOSITION, read)?);
        Ok(Some(SignedNote { kind, sections, draft, json, signatures, mark }))
    }
}

/// What a Composition is beyond its text; none of one that was not signed here.
///
/// # Errors
/// When the database fails.
pub(crate) fn note_view(
    station: &Workstation,
    tx: &Tx<'_>,
    present: &Present,
    patient: &PatientId,
    id: &str,
) -> Result<Option<NoteView>, AppError> {
    let notes = notes(station, tx, present, patient)?;
    let Some(note) = notes.iter().find(|note| note.draft.id().as_str() == id) else { return Ok(None) };
    let follows = note.follows();
    let earlier = follows.as_ref().and_then(|follows| {
        let found = notes.iter().find(|earlier| earlier.draft.id().as_str() == follows.id)?;
        Some((found, follows.relation))
    });
    let mut followers: Vec<(&SignedNote, NoteRelation)> = notes
        .iter()
        .filter_map(|other| other.follows().filter(|follows| follows.id == id).map(|one| (other, one.relation)))
        .collect();
    // The date has seconds; ids that were made here have milliseconds at their head (UUID version 7, RFC 9562).
    followers.sort_by_key(|(one, _)| (text(&one.json, "date").to_owned(), one.draft.id().clone()));
    let wanted = note.wanted();
    let writes = sections_written_by(present.role).contains(&Section::Documents);
    let counts = note.is_whole() && !note.is_in_error();
    let mut marks_another = station.request(present, Interaction::CompositionNullify, Some(patient));
    marks_another.facts.on_screen = true;
    Ok(Some(NoteView {
        sections: note.sections.clone(),
        signatures: note.signature_views(),
        may_cosign: writes && counts && wanted.as_ref().is_some_and(|wanted| wanted.id == present.user.to_string()),
        wanted: wanted.filter(|_| !note.is_in_error()),
        may_follow: writes && counts,
        may_mark: match (note.is_by(present.user), counts) {
            (true, true) if writes => Some(NoteMarking::Own),
            (false, true) if is_allowed(&marks_another) => Some(NoteMarking::Another),
            _ => None,
        },
        error: note.mark.as_ref().map(Mark::view),
        requests: about_note(&records(tx.resources(patient, &["Task"])?).0, id),
        changes: match earlier {
            Some((earlier, NoteRelation::Amendment)) => changes(&earlier.sections, &note.sections),
            Some((_, NoteRelation::Addendum)) | None => Vec::new(),
        },
        original: earlier.map(|(earlier, relation)| earlier.related(relation)),
        followers: followers.into_iter().map(|(follower, relation)| follower.related(relation)).collect(),
    }))
}

/// The notes of a chart that a request or a decision can name: those that count, the newest first.
///
/// # Errors
/// When the database fails.
pub(crate) fn note_choices(
    station: &Workstation,
    tx: &Tx<'_>,
    present: &Present,
    patient: &PatientId,
) -> Result<Vec<NoteChoice>, AppError> {
    let mut notes = notes(station, tx, present, patient)?;
    notes.retain(|note| note.is_whole() && !note.is_in_error());
    notes.sort_by_key(|note| std::cmp::Reverse((text(&note.json, "date").to_owned(), note.draft.id().clone())));
    let choice = |note: SignedNote| NoteChoice {
        id: note.draft.id().to_string(),
        title: format!("{}, {}", document_title(&note.json), format_date(text(&note.json, "date"))),
        follows: note.follows().map(|follows| follows.id),
    };
    Ok(notes.into_iter().map(choice).collect())
}

/// Every note of a chart that was signed here and is open to the user.
fn notes(
    station: &Workstation,
    tx: &Tx<'_>,
    present: &Present,
    patient: &PatientId,
) -> Result<Vec<SignedNote>, AppError> {
    let provenances = provenances(tx, patient)?;
    let mut notes = Vec::new();
    for stored in tx.resources(patient, &[COMPOSITION])? {
        if provenances.is_empty() {
            break;
        }
        let note = station.note_of(&stored, &provenances)?;
        notes.extend(note.filter(|note| !station.is_withheld(present, COMPOSITION, &note.json)));
    }
    Ok(notes)
}

pub(super) fn provenances(tx: &Tx<'_>, patient: &PatientId) -> Result<Vec<Value>, AppError> {
    let stored = tx.resources(patient, &[PROVENANCE])?;
    Ok(stored.iter().filter_map(|stored| Read::new(stored).ok()).map(|read| read.json).collect())
}

/// What became of each line, headings included.
fn changes(before: &[NoteSection], after: &[NoteSection]) -> Vec<LineChange> {
    let (before, after) = (in_lines(before), in_lines(after));
    TextDiff::from_lines(&before, &after)
        .iter_all_changes()
        .map(|change| LineChange {
            change: match change.tag() {
                ChangeTag::Equal => LineFate::Kept,
                ChangeTag::Delete => LineFate::Removed,
                ChangeTag::Insert => LineFate::Added,
            },
            line: change.value().trim_end_matches('\n').to_owned(),
        })
        .collect()
}

fn in_lines(sections: &[NoteSection]) -> String {
    sections.iter().map(|section| format!("{}:\n{}\n", section.title, section.text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_amendment_changed_is_told_line_by_line() {
        let sections = |text: &str| vec![NoteSection { title: "Plan".to_owned(), text: text.to_owned() }];
        let told: Vec<(LineFate, String)> = changes(&sections("rest\n5 mg"), &sections("rest\n50 mg\ncome back"))
            .into_iter()
            .map(|change| (change.change, change.line))
            .collect();
        let expected = [
            (LineFate::Kept, "Plan:"),
            (LineFate::Kept, "rest"),
            (LineFate::Removed, "5 mg"),
            (LineFate::Added, "50 mg"),
            (LineFate::Added, "come back"),
        ]
        .map(|(fate, line)| (fate, line.to_owned()));
        assert_eq!(told, expected, "in the order of reading");
    }
}
