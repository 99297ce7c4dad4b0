//! The templates: what each kind of note is called and coded as, its headings, and what the chart puts under them.
//!
//! The codes of document types are LOINC's, as US Core's Clinical Notes and the C-CDA document templates use them.

use vigil_model::{PatientId, Role, Section};
use vigil_vault::Tx;

use crate::act::Present;
use crate::chart::{self, Subject};
use crate::chart_read::records;
use crate::names::SharedNames;
use crate::view::{AllergyBanner, NoteKind, NoteTemplateView, SectionContent, SummaryContent};
use crate::{AppError, Workstation};

/// So many active problems, medicines and vital signs are put into a note; more are counted.
const MOST_LINES: usize = 12;

/// What stands under a heading before anybody has typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pull {
    /// Nothing.
    Nothing,
    /// The latest vital signs.
    Vitals,
    /// Active problems.
    Problems,
    /// Allergies and active medicines.
    AllergiesAndMedicines,
}

/// The headings of a template.
pub(super) type Headings = &'static [(&'static str, Pull)];

const PROGRESS: Headings =
    &[("Interval history", Pull::Nothing), ("Findings", Pull::Vitals), ("Assessment and plan", Pull::Nothing)];
const SOAP: Headings = &[
    ("Subjective", Pull::Nothing),
    ("Objective", Pull::Vitals),
    ("Assessment", Pull::Problems),
    ("Plan", Pull::Nothing),
];
const HISTORY_AND_PHYSICAL: Headings = &[
    ("Chief complaint", Pull::Nothing),
    ("History of present illness", Pull::Nothing),
    ("Past medical history", Pull::Problems),
    ("Allergies and medicines", Pull::AllergiesAndMedicines),
    ("Family and social history", Pull::Nothing),
    ("Physical examination", Pull::Vitals),
    ("Assessment and plan", Pull::Nothing),
];
const DISCHARGE: Headings = &[
    ("Reason for admission", Pull::Nothing),
    ("Hospital course", Pull::Nothing),
    ("Diagnoses", Pull::Problems),
    ("Allergies and medicines at discharge", Pull::AllergiesAndMedicines),
    ("Condition at discharge", Pull::Vitals),
    ("Instructions and follow-up", Pull::Nothing),
];
const NURSING: Headings =
    &[("Observations", Pull::Vitals), ("Care given", Pull::Nothing), ("Response and handover", Pull::Nothing)];
const TELEPHONE: Headings =
    &[("Caller and reason", Pull::Nothing), ("What was said", Pull::Nothing), ("Advice and follow-up", Pull::Nothing)];

impl NoteKind {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::Progress, Self::Soap, Self::HistoryAndPhysical, Self::Discharge, Self::Nursing, Self::Telephone];

    /// The code in the database. **Do not modify**.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Progress => "progress",
            Self::Soap => "soap",
            Self::HistoryAndPhysical => "history-and-physical",
            Self::Discharge => "discharge",
            Self::Nursing => "nursing",
            Self::Telephone => "telephone",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What such a note is called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Progress => "Progress note",
            Self::Soap => "Progress note (SOAP)",
            Self::HistoryAndPhysical => "History and physical",
            Self::Discharge => "Discharge summary",
            Self::Nursing => "Nursing note",
            Self::Telephone => "Telephone note",
        }
    }

    /// LOINC code and display of the document type.
    pub(super) const fn loinc(self) -> (&'static str, &'static str) {
        match self {
            Self::Progress | Self::Soap => ("11506-3", "Progress note"),
            Self::HistoryAndPhysical => ("34117-2", "History and physical note"),
            Self::Discharge => ("18842-5", "Discharge summary"),
            Self::Nursing => ("34746-8", "Nurse Note"),
            Self::Telephone => ("34748-4", "Telephone encounter Note"),
        }
    }

    const fn headings(self) -> Headings {
        match self {
            Self::Progress => PROGRESS,
            Self::Soap => SOAP,
            Self::HistoryAndPhysical => HISTORY_AND_PHYSICAL,
            Self::Discharge => DISCHARGE,
            Self::Nursing => NURSING,
            Self::Telephone => TELEPHONE,
        }
    }

    /// Whose note it is.
    const fn is_of(self, role: Role) -> bool {
        match role {
            Role::Physician => !matches!(self, Self::Nursing),
            Role::Nurse => matches!(self, Self::Nursing | Self::Telephone),
            Role::Pharmacist => matches!(self, Self::Progress | Self::Telephone),
            Role::FrontDesk | Role::Billing | Role::PrivacyOfficer | Role::Administrator => false,
        }
    }
}

/// The templates of a role.
pub(crate) fn templates_of(role: Role) -> Vec<NoteTemplateView> {
    let own = NoteKind::ALL.into_iter().filter(|kind| kind.is_of(role));
    own.map(|kind| NoteTemplateView { kind, title: kind.title().to_owned() }).collect()
}

/// The headings of a kind that is the role's.
pub(super) fn of(kind: NoteKind, role: Role) -> Result<Headings, AppError> {
    if kind.is_of(role) {
        return Ok(kind.headings());
    }
    Err(AppError::invalid("this kind of note is written by others; choose one of the list"))
}

/// What the chart puts into a note.
#[derive(Default)]
pub(super) struct Pulled {
    vitals: String,
    problems: String,
    allergies_and_medicines: String,
}

impl Pulled {
    pub(super) fn under(&self, pull: Pull) -> &str {
        match pull {
            Pull::Nothing => "",
            Pull::Vitals => &self.vitals,
            Pull::Problems => &self.problems,
            Pull::AllergiesAndMedicines => &self.allergies_and_medicines,
        }
    }
}

impl Workstation {
    /// The first page of the chart, as a note puts it. What could not be read is said, not left out.
    pub(super) fn pulled(&self, tx: &Tx<'_>, present: &Present, patient: &PatientId) -> Result<Pulled, AppError> {
        let (records, mut unread) = records(tx.resources(patient, Section::Summary.resource_types())?);
        let records = self.withheld(present, records, &mut unread);
        let view = chart::section(Section::Summary, &records, &Subject::default(), &SharedNames::new(tx));
        let SectionContent::Summary(summary) = view.content else { return Ok(Pulled::default()) };
        Ok(pulled(&summary, unread.len() + view.undecodable.len()))
    }
}

fn pulled(summary: &SummaryContent, unread: usize) -> Pulled {
    let vitals = summary.vitals.iter().filter(|group| group.status != "entered-in-error").map(|group| {
        let unit = if group.unit.is_empty() { String::new() } else { format!(" {}", group.unit) };
        format!("- {}: {}{unit} ({})", group.name, group.value, group.when.text)
    });
    let problems = summary.problems.iter().map(|problem| format!("- {}", problem.name));
    let allergies = match &summary.allergies {
        AllergyBanner::Known { items } => format!("Allergies: {}", items.join(", ")),
        AllergyBanner::NoKnown => "No known allergies".to_owned(),
        AllergyBanner::NotRecorded => "Allergies not recorded".to_owned(),
        AllergyBanner::Unavailable | AllergyBanner::Hidden => "Allergies could not be read".to_owned(),
    };
    let medicines = summary.medications.iter().map(|medicine| {
        let told = [&medicine.dose, &medicine.route, &medicine.frequency];
        let told: Vec<&str> = told.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        let how = if told.is_empty() { medicine.text.clone() } else { told.join(", ") };
        if how.is_empty() { format!("- {}", medicine.name) } else { format!("- {}: {how}", medicine.name) }
    });
    let medicines = lines(medicines, unread);
    Pulled {
        vitals: lines(vitals, unread),
        problems: lines(problems, unread),
        allergies_and_medicines: format!("{allergies}\n{medicines}").trim_end().to_owned(),
    }
}

/// At most so many lines; how many more there are, and that something could not be read.
fn lines(all: impl Iterator<Item = String>, unread: usize) -> String {
    let all: Vec<String> = all.collect();
    let more = all.len().saturating_sub(MOST_LINES);
    let mut lines: Vec<String> = all.into_iter().take(MOST_LINES).collect();
    if more > 0 {
        lines.push(format!("- and {more} more in the chart"));
    }
    if unread > 0 {
        lines.push(format!("- {unread} entries of the chart could not be read"));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_headings_a_code_and_somebody_who_writes_it() {
        for kind in NoteKind::ALL {
            assert!(kind.headings().len() >= 3, "{kind:?} has headings");
            assert_eq!(NoteKind::from_code(kind.code()), Some(kind), "its code leads back to it");
            assert!(Role::ALL.into_iter().any(|role| kind.is_of(role)), "somebody writes {kind:?}");
        }
        assert!(of(NoteKind::Discharge, Role::Nurse).is_err(), "to discharge is not a nurse's");
        assert!(templates_of(Role::Billing).is_empty(), "billing writes no notes");
    }

    #[test]
    fn what_is_more_than_a_note_holds_is_counted_and_what_was_not_read_is_said() {
        let text = lines((0..14).map(|at| format!("- {at}")), 2);
        assert!(text.contains("- 11\n- and 2 more in the chart"), "twelve lines, then how many more: {text}");
        assert!(text.ends_with("- 2 entries of the chart could not be read"), "never a silent gap: {text}");
    }
}
