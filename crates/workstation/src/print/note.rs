//! A note that was signed here, with whoever signed it, what followed it and what was asked to be amended in it. A draft is no record of
//! anything and is not printed.

use sha2::{Digest as _, Sha256};
use vigil_model::{PatientId, ResourceId, ResourceType};
use vigil_print::{Block, Line, Span};
use vigil_vault::Tx;

use super::lines::{Content, facts, plain, point};
use crate::act::Present;
use crate::chart;
use crate::chart_read::{WITHHELD, records};
use crate::names::SharedNames;
use crate::view::{
    AmendmentRow, AmendmentStatus, DocumentView, LineFate, NoteErrorView, NoteRelation, NoteSection, NoteSignatureView,
    NoteView, RelatedNoteView, SignatureCheck,
};
use crate::write::note_view;
use crate::{AppError, ErrorCode, Workstation};

const COMPOSITION: &str = "Composition";

pub(super) fn content(
    station: &Workstation,
    tx: &Tx<'_>,
    present: &Present,
    patient: &PatientId,
    id: &ResourceId,
) -> Result<Content, AppError> {
    let (about, digest, note) = read(station, tx, present, patient, id)?;
    let mut content = Content::default();
    put(&mut content, &about, &digest, &note);
    Ok(content)
}

/// The note, the digest of its text as it is stored, which is what the signatures cover, and what is beyond its text.
pub(super) fn read(
    station: &Workstation,
    tx: &Tx<'_>,
    present: &Present,
    patient: &PatientId,
    id: &ResourceId,
) -> Result<(DocumentView, String, NoteView), AppError> {
    let none = || {
        AppError::new(
            ErrorCode::NotFound,
            "there is no such note that was signed here; a draft is printed once it is signed",
        )
    };
    let kind = ResourceType::parse(COMPOSITION).map_err(|error| AppError::invalid(error.to_string()))?;
    let stored = tx.resource(patient, &kind, id)?.ok_or_else(none)?;
    let digest = match &stored.json {
        Ok(text) => hex::encode(Sha256::digest(text.as_bytes())),
        Err(undecodable) => return Err(AppError::new(ErrorCode::Internal, undecodable.to_string())),
    };
    let (records, _) = records(vec![stored]);
    let record = records.first().ok_or_else(none)?;
    if station.is_withheld(present, COMPOSITION, &record.json) {
        return Err(AppError::new(ErrorCode::Restricted, WITHHELD));
    }
    let about = chart::document(record, &SharedNames::new(tx));
    let note = note_view(station, tx, present, patient, id.as_str())?.ok_or_else(none)?;
    Ok((about, digest, note))
}

/// Writes it down: what can mislead comes first.
pub(super) fn put(content: &mut Content, about: &DocumentView, digest: &str, note: &NoteView) {
    let in_error = note.error.as_ref().filter(|error| error.check == SignatureCheck::Intact);
    let mut blocks = vec![facts(&[("Written", &about.when.text), ("By", &about.author)])];
    if let Some(error) = in_error {
        blocks.push(error_notice(error));
    }
    if note.signatures.iter().any(|one| one.check == SignatureCheck::Broken) {
        blocks.push(notice("THIS IS NOT WHAT WAS SIGNED. The text or a signature under it was changed outside Vigil. Do not rely on it."));
    }
    for one in &note.followers {
        let what = match (is_in_error(one), one.relation) {
            (true, _) => "Followed by a note that was entered in error",
            (false, NoteRelation::Addendum) => "Added to",
            (false, NoteRelation::Amendment) => "AMENDED: read what stands below for what counts",
        };
        blocks.push(notice(&format!("{what} by {} on {}", one.author, one.when)));
    }
    blocks.extend(text_of(&note.sections, in_error.is_some()));
    blocks.extend(signatures(&note.signatures));
    if let Some(wanted) = &note.wanted {
        blocks.push(notice(&format!("Waits for the signature of {}", wanted.name)));
    }
    blocks.push(facts(&[("Digest of what was signed", &format!("SHA-256 {digest}"))]));
    content.section(&about.title, blocks);
    for one in &note.followers {
        let relation = match one.relation {
            NoteRelation::Addendum => "Addendum",
            NoteRelation::Amendment => "Amendment",
        };
        content.section(&format!("{relation} by {}, {}", one.author, one.when), related(one));
    }
    if !note.requests.is_empty() {
        content.section("What the patient asked to be amended", note.requests.iter().flat_map(asked).collect());
    }
    if !note.changes.is_empty() {
        let lines = note.changes.iter().filter(|change| change.change != LineFate::Kept).map(|change| {
            let (word, struck) = if change.change == LineFate::Added { ("Added", false) } else { ("Removed", true) };
            Line {
                spans: vec![
                    Span { text: word.to_owned(), strong: true },
                    Span { text: change.line.clone(), strong: false },
                ],
                detail: String::new(),
                struck,
            }
        });
        content.section("What this amendment changed", vec![Block::List { lines: lines.collect() }]);
    }
    if let Some(original) = &note.original {
        content.section(
            &format!("The original by {}, {}, as it was signed", original.author, original.when),
            related(original),
        );
    }
}

fn related(note: &RelatedNoteView) -> Vec<Block> {
    let mut blocks = Vec::new();
    if let Some(error) = note.error.as_ref().filter(|error| error.check == SignatureCheck::Intact) {
        blocks.push(error_notice(error));
    }
    blocks.extend(text_of(&note.sections, is_in_error(note)));
    blocks.extend(signatures(&note.signatures));
    blocks
}

fn is_in_error(note: &RelatedNoteView) -> bool {
    note.error.as_ref().is_some_and(|error| error.check == SignatureCheck::Intact)
}

fn notice(text: &str) -> Block {
    Block::Notice { text: text.to_owned() }
}

fn error_notice(error: &NoteErrorView) -> Block {
    notice(&format!(
        "ENTERED IN ERROR. This note does not count. {} said so on {}: {}",
        error.who, error.when, error.reason
    ))
}

/// The text under its headings; of a note in error it is struck out.
pub(super) fn text_of(sections: &[NoteSection], struck: bool) -> Vec<Block> {
    sections
        .iter()
        .filter(|section| !section.text.trim().is_empty())
        .flat_map(|section| {
            [Block::Heading { text: section.title.clone() }, Block::Text { text: section.text.clone(), struck }]
        })
        .collect()
}

fn signatures(all: &[NoteSignatureView]) -> Vec<Block> {
    let line = |one: &NoteSignatureView| {
        let check = match one.check {
            SignatureCheck::Intact => "the text is what was signed",
            SignatureCheck::Broken => "THIS IS NOT WHAT WAS SIGNED",
            SignatureCheck::NotKnown => {
                "signed with a key that this workstation does not know, so it cannot be checked"
            }
        };
        let role = if one.cosigned { "cosigned" } else { "author" };
        point(&format!("Signed by {}", one.who), &[role, &one.when, check], "")
    };
    if all.is_empty() {
        return vec![notice("Not signed")];
    }
    vec![Block::List { lines: all.iter().map(line).collect() }]
}

fn asked(row: &AmendmentRow) -> Vec<Block> {
    let status = match row.status {
        AmendmentStatus::Open => format!("not decided yet, due by {}", row.due.text),
        AmendmentStatus::Extended => format!("not decided yet, extended to {}", row.due.text),
        AmendmentStatus::Accepted => "accepted: the record was amended".to_owned(),
        AmendmentStatus::Denied => "denied".to_owned(),
    };
    let mut blocks = vec![facts(&[
        ("Received", &row.received.text),
        ("About", row.about.as_deref().unwrap_or_default()),
        ("Asked", row.asked.as_deref().unwrap_or("hidden from the role of who printed this")),
        ("State", &status),
        ("Ground", &row.ground),
    ])];
    if let Some(decision) = &row.decision {
        let text = decision.text.as_deref().unwrap_or("hidden from the role of who printed this");
        blocks.push(plain(&format!("Decided by {}, {}: {text}", decision.who, decision.when)));
    }
    if let Some(disagreement) = &row.disagreement {
        let text = disagreement.statement.text.as_deref().unwrap_or("hidden from the role of who printed this");
        blocks.push(plain(&format!("The patient disagrees, {}: {text}", disagreement.statement.when)));
        if let Some(rebuttal) = &disagreement.rebuttal {
            let text = rebuttal.text.as_deref().unwrap_or("hidden from the role of who printed this");
            blocks.push(plain(&format!("Answered by {}, {}: {text}", rebuttal.who, rebuttal.when)));
        }
    }
    blocks
}
