//! What a draft holds: its kind, what it follows, and the text under each heading.

use serde::{Deserialize, Serialize};
use vigil_vault::NoteDraft;
use zeroize::Zeroizing;

use super::reading::SignedNote;
use super::template::{Headings, Pulled};
use crate::view::{NoteFollows, NoteKind, NoteRelation, NoteSection};
use crate::{AppError, ErrorCode};

/// So many headings has a note at most.
const MOST_SECTIONS: usize = 40;
/// So many characters has a heading.
const LONGEST_HEADING: usize = 120;
/// So many characters has a note in all: about forty printed pages.
const LONGEST: usize = 100_000;

/// A draft, opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) kind: NoteKind,
    pub(super) follows: Option<NoteFollows>,
    pub(super) sections: Vec<NoteSection>,
}

impl Content {
    pub(super) fn from_template(kind: NoteKind, headings: Headings, pulled: &Pulled) -> Self {
        let section = |(title, pull): &(&str, _)| NoteSection {
            title: (*title).to_owned(),
            text: pulled.under(*pull).to_owned(),
        };
        Self { kind, follows: None, sections: headings.iter().map(section).collect() }
    }

    /// An addendum begins empty, an amendment with what it amends.
    pub(super) fn following(earlier: &SignedNote, follows: NoteFollows) -> Self {
        let sections = match follows.relation {
            NoteRelation::Addendum => vec![NoteSection { title: "Addendum".to_owned(), text: String::new() }],
            NoteRelation::Amendment => earlier.sections.clone(),
        };
        Self { kind: earlier.kind, follows: Some(follows), sections }
    }

    /// # Errors
    /// When it does not open or has no such form.
    pub(super) fn read(draft: &NoteDraft) -> Result<Self, AppError> {
        let text = draft.content.as_ref().map_err(|reason| AppError::new(ErrorCode::Internal, reason.to_string()))?;
        serde_json::from_str(text).map_err(|_| AppError::new(ErrorCode::Internal, "this draft has no known form"))
    }

    pub(super) fn to_text(&self) -> Result<Zeroizing<String>, AppError> {
        let text = serde_json::to_string(self).map(Zeroizing::new);
        text.map_err(|_| AppError::new(ErrorCode::Internal, "this draft has no form"))
    }

    pub(super) fn title(&self) -> String {
        let own = self.kind.title();
        match self.follows.as_ref().map(|follows| follows.relation) {
            Some(NoteRelation::Addendum) => format!("Addendum to: {own}"),
            Some(NoteRelation::Amendment) => format!("Amendment of: {own}"),
            None => own.to_owned(),
        }
    }

    /// The sections that say something, without white space around them.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] when there is none.
    pub(super) fn said(&self) -> Result<Vec<NoteSection>, AppError> {
        let said: Vec<NoteSection> = self
            .sections
            .iter()
            .map(|section| NoteSection { title: section.title.trim().to_owned(), text: trimmed(&section.text) })
            .filter(|section| !section.text.is_empty())
            .collect();
        if said.is_empty() {
            return Err(AppError::invalid("there is nothing in this note to sign; write it first"));
        }
        Ok(said)
    }
}

/// What was typed, in lines that end the same everywhere; tabs are spaces.
///
/// # Errors
/// [`ErrorCode::Invalid`] for more than a note holds and for characters that cannot be shown.
pub(super) fn sections(typed: Vec<NoteSection>) -> Result<Vec<NoteSection>, AppError> {
    if typed.is_empty() || typed.len() > MOST_SECTIONS {
        return Err(AppError::invalid(format!("a note has 1 to {MOST_SECTIONS} headings")));
    }
    let mut length = 0_usize;
    typed
        .into_iter()
        .zip(1..)
        .map(|(section, place): (_, u32)| {
            let title = section.title.trim().to_owned();
            let text = section.text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', "    ");
            if title.is_empty() || title.chars().count() > LONGEST_HEADING || title.chars().any(char::is_control) {
                return Err(AppError::invalid(format!("a heading has 1 to {LONGEST_HEADING} characters, in one line")));
            }
            if text.chars().any(|character| character.is_control() && character != '\n') {
                return Err(AppError::invalid(format!(
                    "the text under heading {place} has characters that cannot be shown"
                )));
            }
            length = length.saturating_add(text.chars().count());
            if length > LONGEST {
                return Err(AppError::invalid(format!("a note has at most {LONGEST} characters; write a second one")));
            }
            Ok(NoteSection { title, text })
        })
        .collect()
}

/// Without empty lines around and white space at the ends of lines; what is indented stays so.
fn trimmed(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(title: &str, text: &str) -> NoteSection {
        NoteSection { title: title.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn what_is_typed_is_taken_in_lines_within_reason() {
        let taken = sections(vec![section(" Plan ", "one\r\n\ttwo\rthree")]).unwrap();
        assert_eq!(taken, [section("Plan", "one\n    two\nthree")], "lines and spaces");
        for (title, text) in [("", "x"), ("a\nb", "x"), ("Plan", "\u{7}"), ("Plan", &"x".repeat(LONGEST + 1) as &str)] {
            assert!(sections(vec![section(title, text)]).is_err(), "{title:?} is refused");
        }
        let two = vec![section("A", &"x".repeat(LONGEST)), section("B", "y")];
        assert!(sections(two).is_err(), "it is the whole note that has a length");
    }

    #[test]
    fn what_says_nothing_is_left_out_and_a_note_without_a_word_is_none() {
        let note = |sections| Content { kind: NoteKind::Soap, follows: None, sections };
        let said = note(vec![section("Subjective", " \n"), section("Plan", "\n  rest  \n\n")]).said().unwrap();
        assert_eq!(said, [section("Plan", "  rest")], "indentation stays");
        assert!(note(vec![section("Plan", "\n ")]).said().is_err(), "nothing to sign");
    }
}
