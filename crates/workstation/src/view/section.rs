//! What each chart section shows. One row is one thing; dates carry a text and an ISO form to sort by.

use serde::{Deserialize, Serialize};
use specta::Type;
use vigil_model::Section;

/// A moment or a period's start: what to show and what to sort by.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct When {
    /// ISO 8601 as far as known (`1998`, `1998-03`, `1998-03-02`, or date and time); empty when not known.
    pub iso: String,
    /// `02-Mar-1998`, `21-Nov-2026 10:42`, `Mar-1998`, `1998`; `Not known` when empty.
    pub text: String,
}

/// A section that was read.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SectionView {
    /// The rows.
    pub content: SectionContent,
    /// Resources that could not be read: shown as rows of their own, never left out.
    pub undecodable: Vec<UndecodableRow>,
    /// How many more rows there are, for which `section_rest_read` asks.
    pub left: u32,
    /// What of these resources is not shown to the role of the user, in words.
    pub closed: Vec<String>,
}

/// The rows of a section behind those of its [`SectionView`].
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SectionRest {
    /// The rows.
    pub content: SectionContent,
}

/// The rows of one section.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(tag = "section", rename_all = "kebab-case")]
pub enum SectionContent {
    /// What matters first.
    Summary(Box<SummaryContent>),
    /// Everything by date, newest first.
    Timeline {
        /// The rows.
        rows: Vec<TimelineRow>,
    },
    /// Active first, then newest first.
    Problems {
        /// The rows.
        rows: Vec<ProblemRow>,
    },
    /// Most dangerous first.
    Allergies {
        /// The state of the whole list.
        banner: super::AllergyBanner,
        /// The rows.
        rows: Vec<AllergyRow>,
    },
    /// Active first.
    Medications {
        /// The rows.
        rows: Vec<MedicationRow>,
    },
    /// One row per vital sign.
    Vitals {
        /// The rows.
        groups: Vec<ObservationGroup>,
        /// The early-warning score; none where nothing that it counts was measured at a known time.
        warning: Option<Box<super::EarlyWarningView>>,
        /// That no ranges of this hospital are loaded, or that they are not used; empty where they are.
        unloaded: String,
    },
    /// One row per analyte, then the reports.
    Results {
        /// The rows.
        groups: Vec<ObservationGroup>,
        /// Diagnostic reports and imaging studies, newest first.
        reports: Vec<PlainRow>,
        /// As of the vital signs.
        unloaded: String,
    },
    /// Newest first.
    Immunizations {
        /// The rows.
        rows: Vec<PlainRow>,
    },
    /// Newest first.
    Encounters {
        /// The rows.
        rows: Vec<EncounterRow>,
        /// The clinicians of this workstation whom an encounter can be with, besides whoever asks.
        colleagues: Vec<ColleagueView>,
    },
    /// Newest first.
    Procedures {
        /// The rows.
        rows: Vec<PlainRow>,
    },
    /// Newest first.
    Documents {
        /// The rows.
        rows: Vec<DocumentRow>,
        /// The user's own notes in this chart that are not signed yet.
        drafts: Vec<super::NoteDraftRow>,
        /// What the user may begin a note from.
        templates: Vec<super::NoteTemplateView>,
    },
    /// Plans and goals.
    CarePlans {
        /// The rows.
        rows: Vec<PlainRow>,
    },
    /// Who takes part now first, then newest.
    CareTeam {
        /// One row for each member of each team.
        rows: Vec<CareTeamRow>,
        /// The users of this workstation who can be made members: those whom the charts know, and not whoever asks.
        colleagues: Vec<ColleagueView>,
    },
    /// By relative.
    FamilyHistory {
        /// The rows.
        rows: Vec<PlainRow>,
    },
    /// The latest of each kind first, then earlier ones.
    SocialHistory {
        /// The rows.
        rows: Vec<PlainRow>,
    },
    /// Devices.
    Devices {
        /// The rows.
        rows: Vec<PlainRow>,
    },
    /// Active first.
    Flags {
        /// The rows.
        rows: Vec<PlainRow>,
    },
    /// Coverage first, then claims, newest first.
    Coverage {
        /// The rows.
        rows: Vec<PlainRow>,
    },
    /// What the patient asks to be amended, open requests first.
    Amendments {
        /// The rows.
        rows: Vec<super::AmendmentRow>,
        /// The signed notes that a request or a decision can name.
        notes: Vec<super::NoteChoice>,
        /// Whether the user decides.
        decides: bool,
    },
    /// Every type that no other section shows.
    Other {
        /// The rows.
        rows: Vec<PlainRow>,
    },
    /// Who looked at this chart, newest first.
    Access {
        /// The rows.
        rows: Vec<super::AccessRow>,
    },
}

impl SectionContent {
    /// Which section it is.
    pub const fn section(&self) -> Section {
        match self {
            Self::Summary(_) => Section::Summary,
            Self::Timeline { .. } => Section::Timeline,
            Self::Problems { .. } => Section::Problems,
            Self::Allergies { .. } => Section::Allergies,
            Self::Medications { .. } => Section::Medications,
            Self::Vitals { .. } => Section::Vitals,
            Self::Results { .. } => Section::Results,
            Self::Immunizations { .. } => Section::Immunizations,
            Self::Encounters { .. } => Section::Encounters,
            Self::Procedures { .. } => Section::Procedures,
            Self::Documents { .. } => Section::Documents,
            Self::CarePlans { .. } => Section::CarePlans,
            Self::CareTeam { .. } => Section::CareTeam,
            Self::FamilyHistory { .. } => Section::FamilyHistory,
            Self::SocialHistory { .. } => Section::SocialHistory,
            Self::Devices { .. } => Section::Devices,
            Self::Flags { .. } => Section::Flags,
            Self::Coverage { .. } => Section::Coverage,
            Self::Other { .. } => Section::Other,
            Self::Amendments { .. } => Section::Amendments,
            Self::Access { .. } => Section::Access,
        }
    }

    /// How many rows there are, of a section that is one list; 0 of others.
    pub(crate) const fn rows(&self) -> usize {
        match self {
            Self::Timeline { rows } => rows.len(),
            Self::Encounters { rows, .. } => rows.len(),
            Self::Medications { rows } => rows.len(),
            Self::Documents { rows, .. } => rows.len(),
            Self::Immunizations { rows }
            | Self::Procedures { rows }
            | Self::SocialHistory { rows }
            | Self::Coverage { rows }
            | Self::Other { rows } => rows.len(),
            Self::Access { rows } => rows.len(),
            Self::Summary(_)
            | Self::Problems { .. }
            | Self::Allergies { .. }
            | Self::Vitals { .. }
            | Self::Results { .. }
            | Self::CarePlans { .. }
            | Self::CareTeam { .. }
            | Self::FamilyHistory { .. }
            | Self::Devices { .. }
            | Self::Flags { .. }
            | Self::Amendments { .. } => 0,
        }
    }

    /// Takes off the rows behind the first `at`, of a section that is one list and can be long; none when there are no more.
    pub(crate) fn split_off(&mut self, at: usize) -> Option<Self> {
        if self.rows() <= at {
            return None;
        }
        match self {
            Self::Timeline { rows } => Some(Self::Timeline { rows: rows.split_off(at) }),
            Self::Encounters { rows, .. } => {
                Some(Self::Encounters { rows: rows.split_off(at), colleagues: Vec::new() })
            }
            Self::Medications { rows } => Some(Self::Medications { rows: rows.split_off(at) }),
            Self::Documents { rows, .. } => {
                Some(Self::Documents { rows: rows.split_off(at), drafts: Vec::new(), templates: Vec::new() })
            }
            Self::Immunizations { rows } => Some(Self::Immunizations { rows: rows.split_off(at) }),
            Self::Procedures { rows } => Some(Self::Procedures { rows: rows.split_off(at) }),
            Self::SocialHistory { rows } => Some(Self::SocialHistory { rows: rows.split_off(at) }),
            Self::Coverage { rows } => Some(Self::Coverage { rows: rows.split_off(at) }),
            Self::Other { rows } => Some(Self::Other { rows: rows.split_off(at) }),
            Self::Access { rows } => Some(Self::Access { rows: rows.split_off(at) }),
            Self::Summary(_)
            | Self::Problems { .. }
            | Self::Allergies { .. }
            | Self::Vitals { .. }
            | Self::Results { .. }
            | Self::CarePlans { .. }
            | Self::CareTeam { .. }
            | Self::FamilyHistory { .. }
            | Self::Devices { .. }
            | Self::Flags { .. }
            | Self::Amendments { .. } => None,
        }
    }
}

/// A resource that is stored but could not be opened or understood.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UndecodableRow {
    /// The FHIR resource type.
    pub resource_type: String,
    /// Its id.
    pub id: String,
    /// Why, in a sentence.
    pub reason: String,
}

/// The first page of a chart.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SummaryContent {
    /// Active problems.
    pub problems: Vec<ProblemRow>,
    /// The allergy state.
    pub allergies: super::AllergyBanner,
    /// Active allergies.
    pub allergy_rows: Vec<AllergyRow>,
    /// Active medicines.
    pub medications: Vec<MedicationRow>,
    /// The latest vital signs.
    pub vitals: Vec<ObservationGroup>,
    /// The latest results, abnormal first, at most 12.
    pub results: Vec<ObservationGroup>,
    /// The latest encounters, at most 5.
    pub encounters: Vec<EncounterRow>,
    /// Active care plans.
    pub care_plans: Vec<PlainRow>,
    /// The latest of each kind of social history, at most 6.
    pub social_history: Vec<PlainRow>,
}

/// One member of a care team.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CareTeamRow {
    /// The id of the CareTeam.
    pub id: String,
    /// The version that this was read from: a change is based on it.
    pub version: u32,
    /// The row's place among the members of its team, from 0.
    pub place: u32,
    /// Who.
    pub member: String,
    /// In which role, in words; empty where that is not known.
    pub role: String,
    /// What the team is called; empty for one that has no name.
    pub team: String,
    /// Since when.
    pub start: When,
    /// Until when.
    pub end: When,
    /// `active`, `inactive` ..., of the team; `left` of a member whose time in it is over.
    pub status: String,
    /// Notes.
    pub note: String,
    /// Whether it is the team's only member, so that what is done with the row is done with the team.
    pub alone: bool,
}

/// A user who can be made a member of a care team, or whom an encounter can be with.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ColleagueView {
    /// The user's id.
    pub id: String,
    /// By name.
    pub name: String,
    /// In which role here.
    pub role: String,
}

/// One line of the timeline.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TimelineRow {
    /// The resource's type.
    pub resource_type: String,
    /// The resource's id.
    pub id: String,
    /// When.
    pub when: When,
    /// `Encounter`, `Problem`, `Procedure` ...
    pub kind: String,
    /// What.
    pub title: String,
    /// More.
    pub detail: String,
}

/// One problem (FHIR Condition).
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProblemRow {
    /// The id.
    pub id: String,
    /// The version that this was read from: a change is based on it.
    pub version: u32,
    /// What it is called.
    pub name: String,
    /// `44054006 SNOMED CT`; empty when uncoded.
    pub code: String,
    /// `active`, `resolved` ...; `Not known` when absent.
    pub clinical_status: String,
    /// Whether it counts as active (active, recurrence, relapse).
    pub active: bool,
    /// `confirmed`, `provisional` ...; empty when absent.
    pub verification_status: String,
    /// `problem-list-item`, `encounter-diagnosis` in words.
    pub category: String,
    /// In words; empty when absent.
    pub severity: String,
    /// When it began.
    pub onset: When,
    /// When it ended.
    pub abatement: When,
    /// Notes.
    pub note: String,
}

/// One allergy or intolerance.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AllergyRow {
    /// The id.
    pub id: String,
    /// The version that this was read from: a change is based on it.
    pub version: u32,
    /// The agent.
    pub agent: String,
    /// Code and system; empty when uncoded.
    pub code: String,
    /// `food`, `medication`, `environment`, `biologic`, joined.
    pub category: String,
    /// `allergy` or `intolerance`; empty when absent.
    pub kind: String,
    /// `high`, `low`, `unable-to-assess`; empty when absent.
    pub criticality: String,
    /// Reactions in words with severity: `anaphylaxis (severe)`.
    pub reactions: Vec<String>,
    /// `active`, `inactive`, `resolved`; `Not known` when absent.
    pub clinical_status: String,
    /// `confirmed`, `refuted`, `entered-in-error` ...
    pub verification_status: String,
    /// When it was recorded.
    pub recorded: When,
}

/// One medicine. Rendered by the CUI rules: names never cut, `DOSE` before the dose.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MedicationRow {
    /// The resource's type (request, statement, administration, dispense).
    pub resource_type: String,
    /// The id.
    pub id: String,
    /// The version that this was read from: a change is based on it.
    pub version: u32,
    /// The name in full, Tall Man lettering applied.
    pub name: String,
    /// The words of the name in the order of reading, when it is built like a name of RxNorm.
    pub parts: Option<MedicineParts>,
    /// Code and system; empty when uncoded.
    pub code: String,
    /// `DOSE` part without the word: `500 mg`; empty when not structured.
    pub dose: String,
    /// `oral`; empty when absent.
    pub route: String,
    /// `2 times per day`; empty when absent.
    pub frequency: String,
    /// The dosage as text, when that is all there is.
    pub text: String,
    /// `active`, `stopped` ...
    pub status: String,
    /// Whether it counts as active.
    pub active: bool,
    /// `order`, `plan` ... for requests.
    pub intent: String,
    /// When it was ordered or taken.
    pub when: When,
    /// Who ordered it, by name.
    pub requester: String,
    /// Why, in words.
    pub reason: String,
    /// Notes.
    pub note: String,
}

/// The words of a medicine's name, moved and not changed; what it does not have is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MedicineParts {
    /// What it is; of several ingredients each with its strength.
    pub ingredient: String,
    /// The brand.
    pub brand: String,
    /// How strong: `1 MG/ML`.
    pub strength: String,
    /// `Auto-Injector`.
    pub form: String,
    /// How much there is in one: `0.3 ML`, `24 HR`.
    pub amount: String,
    /// The number of its approval: `NDA020800`.
    pub approval: String,
}

/// All values of one kind of observation: the latest as a number, the trend as a line.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ObservationGroup {
    /// What to ask a series for: code, system and unit.
    pub key: String,
    /// The name.
    pub name: String,
    /// The code, `8480-6 LOINC`; empty when uncoded.
    pub code: String,
    /// `laboratory`, `vital-signs`, `survey` ...
    pub category: String,
    /// The latest value, as text: `7.2`, `120 / 80`, `Positive`.
    pub value: String,
    /// Its unit; empty for text values.
    pub unit: String,
    /// Its flag.
    pub flag: Flag,
    /// The range as text: `3.5 to 5.1`; empty when the data has none.
    pub range: String,
    /// When it was measured.
    pub when: When,
    /// How many values there are.
    pub count: u32,
    /// `final`, `preliminary`, `entered-in-error` ...
    pub status: String,
    /// Up to 24 latest numeric values, oldest first, for the sparkline; empty for text.
    // For the exporter a float may be null (NaN); these are finite numbers.
    #[specta(type = Vec<i32>)]
    pub trend: Vec<f64>,
    /// The latest resource's id.
    pub id: String,
}

/// Normal or not, as the data says (interpretation) or as its own reference range shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum Flag {
    /// Neither an interpretation nor a range.
    #[default]
    None,
    /// Within the range.
    Normal,
    /// `A`.
    Abnormal,
    /// `L`.
    Low,
    /// `H`.
    High,
    /// `AA`: critical without a direction.
    CriticalAbnormal,
    /// `LL`.
    CriticalLow,
    /// `HH`.
    CriticalHigh,
}

/// One observation code over time.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SeriesView {
    /// The name.
    pub name: String,
    /// The code.
    pub code: String,
    /// The one unit of every value (a second unit is a second series).
    pub unit: String,
    /// `Systolic`, `Diastolic`, or one empty name.
    pub lines: Vec<String>,
    /// Oldest first.
    pub points: Vec<SeriesPoint>,
    /// The range of the latest value that has one.
    pub range_low: Option<f64>,
    /// See `range_low`.
    pub range_high: Option<f64>,
    /// Where the range comes from, in words; empty when there is none.
    pub range_source: String,
    /// Which vital sign it is, where one can be written here.
    pub vital_sign: Option<super::VitalSign>,
    /// The child's growth; none for what no growth standard is about, and for adults.
    pub growth: Option<super::GrowthView>,
}

/// One moment of a series.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SeriesPoint {
    /// The resource's id.
    pub id: String,
    /// The version that this was read from: a correction is based on it.
    pub version: u32,
    /// When.
    pub when: When,
    /// Seconds since 1970 UTC, for the axis.
    // See `ObservationGroup::trend`.
    #[specta(type = i32)]
    pub epoch_seconds: f64,
    /// One value per line; none where this moment has no number.
    pub values: Vec<Option<f64>>,
    /// The value as text.
    pub text: String,
    /// Its flag.
    pub flag: Flag,
    /// The range as text.
    pub range: String,
    /// The status.
    pub status: String,
    /// Of one that was entered in error, the value that replaces it; else empty.
    pub replacement: String,
}

/// One visit or stay.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EncounterRow {
    /// The id.
    pub id: String,
    /// The version that this was read from: a change is based on it.
    pub version: u32,
    /// Begin.
    pub start: When,
    /// End.
    pub end: When,
    /// What kind, in words.
    pub kind: String,
    /// `ambulatory`, `inpatient` ...
    pub class: String,
    /// Why.
    pub reason: String,
    /// Who, by name.
    pub practitioner: String,
    /// Where.
    pub place: String,
    /// `finished` ...
    pub status: String,
}

/// One document or note.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DocumentRow {
    /// The resource's type.
    pub resource_type: String,
    /// The id.
    pub id: String,
    /// The title.
    pub title: String,
    /// When.
    pub when: When,
    /// Who wrote it.
    pub author: String,
    /// `current`, `superseded` ...
    pub status: String,
    /// `text/plain` ...; empty when nothing is attached.
    pub content_type: String,
    /// Whether the text can be shown here.
    pub readable: bool,
    /// The encounter that it belongs to, in words; empty where it says none.
    pub encounter: String,
}

/// One document's text.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DocumentView {
    /// The title.
    pub title: String,
    /// When.
    pub when: When,
    /// Who wrote it.
    pub author: String,
    /// The text; markup is reduced to text before it gets here.
    pub text: String,
    /// Why there is no text, when there is none.
    pub unreadable: Option<String>,
    /// The encounter that it belongs to, in words; empty where it says none.
    pub encounter: String,
    /// What it is beyond its text, of a note that was signed here.
    pub note: Option<super::NoteView>,
    /// Its sections, of a document that came from elsewhere with sections; then there is no text.
    pub parts: Vec<super::DocumentPart>,
}

/// A row of a plain list.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PlainRow {
    /// The resource's type.
    pub resource_type: String,
    /// The id.
    pub id: String,
    /// The version that this was read from: a change is based on it.
    pub version: u32,
    /// What it is.
    pub title: String,
    /// Code and system; empty when uncoded.
    pub code: String,
    /// When.
    pub when: When,
    /// The status in words.
    pub status: String,
    /// More, in words.
    pub detail: String,
    /// What of it has a name of its own, for whoever opens it: the parts of a UDI.
    pub facts: Vec<PlainFact>,
}

/// One thing that is known of something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PlainFact {
    /// What.
    pub label: String,
    /// In words.
    pub value: String,
}

/// One resource as it is stored.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ResourceView {
    /// The FHIR resource type.
    pub resource_type: String,
    /// The id.
    pub id: String,
    /// The version at this workstation, from 1.
    pub version: u32,
    /// The JSON, indented.
    pub json: String,
    /// What of it is not shown to the role of the user, in words.
    pub closed: Vec<String>,
}
