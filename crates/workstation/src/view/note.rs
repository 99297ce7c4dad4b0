//! Notes: templates, drafts, signed notes with what follows them, and what is left to sign.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::PatientRow;

/// A kind of note, each with a template of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// Progress note.
    Progress,
    /// Progress note in the form subjective, objective, assessment, plan.
    Soap,
    /// History and physical.
    HistoryAndPhysical,
    /// Discharge summary.
    Discharge,
    /// Nurse note.
    Nursing,
    /// Telephone encounter note.
    Telephone,
}

/// A template that the user may begin a note from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NoteTemplateView {
    /// The kind.
    pub kind: NoteKind,
    /// `Progress note`.
    pub title: String,
}

/// One heading of a note and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoteSection {
    /// `Subjective`.
    pub title: String,
    /// Text in lines; may be empty while it is a draft.
    pub text: String,
}

/// How a note stands to an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum NoteRelation {
    /// It adds to it.
    Addendum,
    /// It says what the earlier one should have said; both stay.
    Amendment,
}

/// The signed note that a new one follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoteFollows {
    /// The Composition.
    pub id: String,
    /// How.
    pub relation: NoteRelation,
}

/// A note is begun.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoteDraftCreateRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// The template; of one that follows another note, the kind of that note counts.
    pub kind: NoteKind,
    /// The note that it follows; none for one of its own.
    pub follows: Option<NoteFollows>,
}

/// A draft is read.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoteDraftReadRequest {
    /// The patient.
    pub patient_id: String,
    /// The draft.
    pub id: String,
}

/// Somebody who may be asked to sign too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CosignerView {
    /// The user.
    pub id: String,
    /// As the workstation knows them.
    pub name: String,
}

/// A draft.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NoteDraftView {
    /// Its id.
    pub id: String,
    /// Its version, for the next change.
    pub version: u32,
    /// The kind.
    pub kind: NoteKind,
    /// `Progress note`, `Addendum to: Progress note`.
    pub title: String,
    /// The note that it follows.
    pub follows: Option<NoteFollows>,
    /// In the order of the template.
    pub sections: Vec<NoteSection>,
    /// When it was begun.
    pub began: String,
    /// When it was stored last.
    pub saved: String,
    /// Who may be asked to sign too, by name.
    pub cosigners: Vec<CosignerView>,
    /// The encounters that it may belong to: those that go on, and those that ended since it was begun. One alone is meant; of
    /// several the author says which.
    pub encounters: Vec<NoteEncounterView>,
}

/// An encounter that a note may belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NoteEncounterView {
    /// The Encounter.
    pub id: String,
    /// `Inpatient encounter since 18-Nov-2026 08:00`.
    pub words: String,
    /// Whether the author takes part in it.
    pub own: bool,
}

/// A draft has changed.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoteDraftUpdateRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// The draft.
    pub id: String,
    /// The version that was read or stored last.
    pub version: u32,
    /// All of it.
    pub sections: Vec<NoteSection>,
}

/// A draft was stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NoteDraftSavedView {
    /// Its version now.
    pub version: u32,
    /// When, `10:42`.
    pub saved: String,
}

/// A draft is thrown away.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoteDraftDeleteRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// The draft.
    pub id: String,
    /// The version that was read or stored last.
    pub version: u32,
}

/// A draft is signed as it was stored last. Whoever is signed in signs.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoteSignRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// The draft.
    pub id: String,
    /// The version that was read or stored last: that one is signed and no other.
    pub version: u32,
    /// The user who is asked to sign too; none where nobody is.
    pub cosigner: Option<String>,
    /// The encounter that it belongs to, one of [`NoteDraftView::encounters`]; none where it belongs to none.
    pub encounter: Option<String>,
}

/// A signed note is signed by a second person.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoteCosignRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// The Composition.
    pub id: String,
}

/// Whose note is marked as entered in error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum NoteMarking {
    /// The user's own.
    Own,
    /// Somebody else's.
    Another,
}

/// A signed note is marked as entered in error. Whoever is signed in signs the mark.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoteMarkRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// The Composition.
    pub id: String,
    /// Whose note it is, as the screen says; the core looks.
    pub whose: NoteMarking,
    /// Why it does not count.
    pub reason: String,
}

/// That a note was entered in error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NoteErrorView {
    /// Who said so.
    pub who: String,
    /// `21-Nov-2026 10:42`.
    pub when: String,
    /// Why.
    pub reason: String,
    /// Whether the mark holds. Unless it does, the note counts.
    pub check: SignatureCheck,
}

/// A draft of the user in a chart.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NoteDraftRow {
    /// Its id.
    pub id: String,
    /// The kind.
    pub kind: NoteKind,
    /// `Progress note`.
    pub title: String,
    /// When it was begun.
    pub began: String,
    /// When it was stored last.
    pub saved: String,
}

/// What came of looking at a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureCheck {
    /// The text is what was signed.
    Intact,
    /// It is not, or the signature is none.
    Broken,
    /// It was made with a key that this workstation does not know.
    NotKnown,
}

/// One signature under a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NoteSignatureView {
    /// Who.
    pub who: String,
    /// `21-Nov-2026 10:42`.
    pub when: String,
    /// Whether as a second person.
    pub cosigned: bool,
    /// Whether it holds.
    pub check: SignatureCheck,
}

/// A note that follows the one that is shown, or that is followed by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RelatedNoteView {
    /// The Composition.
    pub id: String,
    /// How the later one stands to the earlier.
    pub relation: NoteRelation,
    /// `Progress note`.
    pub title: String,
    /// When it was signed.
    pub when: String,
    /// By whom it was written.
    pub author: String,
    /// Under its headings.
    pub sections: Vec<NoteSection>,
    /// Under it.
    pub signatures: Vec<NoteSignatureView>,
    /// That it was entered in error.
    pub error: Option<NoteErrorView>,
}

/// A line of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LineChange {
    /// What became of it.
    pub change: LineFate,
    /// The line.
    pub line: String,
}

/// What became of a line from the earlier to the later note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum LineFate {
    /// It stands in both.
    Kept,
    /// It stands in the earlier alone.
    Removed,
    /// It stands in the later alone.
    Added,
}

/// What a note is beyond its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NoteView {
    /// Under its headings.
    pub sections: Vec<NoteSection>,
    /// The author's first.
    pub signatures: Vec<NoteSignatureView>,
    /// Whose signature is still asked for.
    pub wanted: Option<CosignerView>,
    /// Whether it is the user's to give.
    pub may_cosign: bool,
    /// Whether the user may write an addendum or an amendment.
    pub may_follow: bool,
    /// Whether the user may mark it as entered in error, and as whose.
    pub may_mark: Option<NoteMarking>,
    /// That it was entered in error.
    pub error: Option<NoteErrorView>,
    /// What the patient asked to be amended in it, and what became of that.
    pub requests: Vec<super::AmendmentRow>,
    /// The note that it follows.
    pub original: Option<RelatedNoteView>,
    /// Of an amendment: what it changed, line by line.
    pub changes: Vec<LineChange>,
    /// The notes that follow it, oldest first.
    pub followers: Vec<RelatedNoteView>,
}

/// A draft somewhere.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UnsignedNoteRow {
    /// Whose chart.
    pub patient: PatientRow,
    /// The draft.
    pub id: String,
    /// `Progress note`.
    pub title: String,
    /// When it was begun.
    pub began: String,
    /// When it was stored last.
    pub saved: String,
}

/// A signed note that waits for the user's signature.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CosignRow {
    /// Whose chart.
    pub patient: PatientRow,
    /// The Composition.
    pub id: String,
    /// `Progress note`.
    pub title: String,
    /// Who asks.
    pub asked_by: String,
    /// Since when.
    pub asked: String,
}

/// What the user has left to sign, the oldest first.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UnsignedNotesView {
    /// Own drafts.
    pub drafts: Vec<UnsignedNoteRow>,
    /// Notes of others.
    pub cosign: Vec<CosignRow>,
}
