//! A note as FHIR: a Composition with a narrative under each heading, and back.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use vigil_model::fhir::field::{at, first, items, text};
use vigil_model::{PatientId, UserId};

use super::COMPOSITION;
use super::content::Content;
use crate::view::{CosignerView, NoteFollows, NoteKind, NoteRelation, NoteSection};
use crate::write::draft::Author;
use crate::{AppError, clock};

/// The system of the codes of note kinds: two of them share one LOINC code.
const KIND: &str = "urn:vigil:note-kind";
const LOINC: &str = "http://loinc.org";
const OPENS: &str = "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>";
const CLOSES: &str = "</p></div>";
const LINE: &str = "</p><p>";

/// A note that is about to be signed.
pub(super) struct Note {
    title: String,
    elements: Value,
}

impl Note {
    /// # Errors
    /// When there is nothing in it.
    pub(super) fn new(
        content: &Content,
        author: &Author,
        user: UserId,
        cosigner: Option<&CosignerView>,
        now: DateTime<Utc>,
    ) -> Result<Self, AppError> {
        let (title, (code, display)) = (content.title(), content.kind.loinc());
        let date = clock::fhir_text(&now);
        let party = identified(author.reference(), &user.to_string());
        let mut attesters = vec![json!({ "mode": "professional", "time": date, "party": party })];
        // Without a time: asked for, and not given yet. It is given by a signature of its own, for the note never changes.
        attesters.extend(cosigner.map(|cosigner| {
            json!({ "mode": "professional", "party": identified(json!({ "display": cosigner.name }), &cosigner.id) })
        }));
        let section = |section: NoteSection| {
            let lines: Vec<String> = section.text.lines().map(escaped).collect();
            let div = format!("{OPENS}{}{CLOSES}", lines.join(LINE));
            json!({ "title": section.title, "text": { "status": "additional", "div": div } })
        };
        let sections: Vec<Value> = content.said()?.into_iter().map(section).collect();
        let mut elements = json!({
            "status": "final",
            "type": { "coding": [
                { "system": LOINC, "code": code, "display": display },
                { "system": KIND, "code": content.kind.code() },
            ], "text": content.kind.title() },
            "date": date,
            "author": [party],
            "title": match content.follows.as_ref().map(|follows| follows.relation) {
                Some(NoteRelation::Addendum) => "Addendum",
                Some(NoteRelation::Amendment) => "Amendment",
                None => content.kind.title(),
            },
            "attester": attesters,
            "section": sections,
        });
        if let (Some(follows), Some(elements)) = (&content.follows, elements.as_object_mut()) {
            let code = match follows.relation {
                NoteRelation::Addendum => "appends",
                NoteRelation::Amendment => "replaces",
            };
            let target = format!("{COMPOSITION}/{}", follows.id);
            elements
                .insert("relatesTo".to_owned(), json!([{ "code": code, "targetReference": { "reference": target } }]));
        }
        Ok(Self { title, elements })
    }

    pub(super) fn title(&self) -> &str {
        &self.title
    }

    /// `encounter` is a Reference to the one that it belongs to.
    pub(super) fn elements(&self, patient: &PatientId, encounter: Option<Value>) -> Value {
        let mut elements = self.elements.clone();
        if let Some(elements) = elements.as_object_mut() {
            elements.insert("subject".to_owned(), json!({ "reference": format!("Patient/{patient}") }));
            elements.extend(encounter.map(|encounter| ("encounter".to_owned(), encounter)));
        }
        elements
    }
}

/// A reference to a person that says which user of Vigil it is.
pub(super) fn identified(mut reference: Value, user: &str) -> Value {
    if let Some(reference) = reference.as_object_mut() {
        let identifier = json!({ "system": "urn:ietf:rfc:3986", "value": format!("urn:uuid:{user}") });
        reference.insert("identifier".to_owned(), identifier);
    }
    reference
}

/// The user of Vigil that a reference names, and by what name.
pub(super) fn user_of(reference: &Value) -> Option<CosignerView> {
    let id = text(at(reference, &["identifier"]), "value").strip_prefix("urn:uuid:")?;
    Some(CosignerView { id: id.to_owned(), name: text(reference, "display").to_owned() })
}

/// What kind of note a Composition is; none of one that did not come from here.
pub(super) fn kind(note: &Value) -> Option<NoteKind> {
    let codings = items(at(note, &["type"]), "coding");
    let own = codings.iter().find(|coding| text(coding, "system") == KIND)?;
    NoteKind::from_code(text(own, "code"))
}

/// The note that it follows, and how.
pub(super) fn follows(note: &Value) -> Option<NoteFollows> {
    let related = first(note, "relatesTo");
    let relation = match text(related, "code") {
        "appends" => NoteRelation::Addendum,
        "replaces" => NoteRelation::Amendment,
        _ => return None,
    };
    let reference = text(at(related, &["targetReference"]), "reference");
    let id = reference.strip_prefix(COMPOSITION)?.strip_prefix('/')?;
    Some(NoteFollows { id: id.to_owned(), relation })
}

/// Who is asked to sign too.
pub(super) fn asked(note: &Value) -> Option<CosignerView> {
    let attesters = items(note, "attester");
    attesters.iter().find(|attester| text(attester, "time").is_empty()).and_then(|one| user_of(at(one, &["party"])))
}

/// The text under each heading, word for word.
pub(super) fn sections(note: &Value) -> Vec<NoteSection> {
    let section = |section: &Value| NoteSection {
        title: text(section, "title").to_owned(),
        text: lines(text(at(section, &["text"]), "div")),
    };
    items(note, "section").iter().map(section).collect()
}

/// The text of a narrative: of one that was written here exactly as it was typed.
fn lines(div: &str) -> String {
    let own = div.strip_prefix(OPENS).and_then(|rest| rest.strip_suffix(CLOSES));
    match own.map(|text| text.split(LINE).map(plain).collect::<Option<Vec<_>>>()) {
        Some(Some(lines)) => lines.join("\n"),
        Some(None) | None => crate::chart::narrative(div),
    }
}

fn escaped(line: &str) -> String {
    line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The text of a line; none when there is markup in it.
fn plain(line: &str) -> Option<String> {
    let is_plain = !line.contains(['<', '>']);
    is_plain.then(|| line.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(text: &str) -> Value {
        let sections = vec![NoteSection { title: "Plan".to_owned(), text: text.to_owned() }];
        let follows = Some(NoteFollows { id: "n1".to_owned(), relation: NoteRelation::Amendment });
        let content = Content { kind: NoteKind::Soap, follows, sections };
        let author = Author::new("Dr A".to_owned(), None);
        let user = UserId::parse("01900000-0000-7000-8000-000000000001").unwrap();
        let asked = CosignerView { id: "01900000-0000-7000-8000-000000000002".to_owned(), name: "Dr B".to_owned() };
        let note = Note::new(&content, &author, user, Some(&asked), DateTime::UNIX_EPOCH).unwrap();
        note.elements(&PatientId::parse("p1").unwrap(), None)
    }

    #[test]
    fn a_note_is_read_as_it_was_written() {
        let typed = "Na < 120 & \"rising\" > 110\n\n    - indented &lt; not markup\n<b>no markup</b>";
        let note = note(typed);
        assert_eq!(sections(&note)[0].text, typed, "word for word, line for line");
        assert_eq!(kind(&note), Some(NoteKind::Soap), "two kinds share a LOINC code");
        let follows = follows(&note).unwrap();
        assert_eq!((follows.id.as_str(), follows.relation), ("n1", NoteRelation::Amendment), "what it follows");
        assert_eq!(asked(&note).unwrap().name, "Dr B", "who is asked to sign too");
    }

    #[test]
    fn a_narrative_from_elsewhere_is_reduced_to_text() {
        assert_eq!(lines("<div><p>one</p><ul><li>two</li></ul></div>"), "one\n\n- two", "markup is never shown");
        let odd = format!("{OPENS}a <script>x</script>b{CLOSES}");
        assert!(!lines(&odd).contains("script"), "nor in what looks like ours: {}", lines(&odd));
    }
}
