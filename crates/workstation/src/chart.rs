//! A chart as the screen shows it: FHIR resources in, the views of [`crate::view`] out. Pure: no vault, no clock.
//!
//! Nothing that is stored is left out: a resource that cannot be read is an [`crate::view::UndecodableRow`], a missing name is `Not known`,
//! a record entered in error is shown with that status and sorted last, and [`Section::Other`] shows every type that has no section.

mod allergies;
mod attachment;
mod care_plans;
mod care_team;
mod coverage;
mod devices;
mod documents;
mod dosage;
mod early_warning;
mod encounters;
mod family_history;
mod flag;
mod flags;
mod growth;
mod house;
mod immunizations;
mod markup;
mod medications;
mod observations;
mod other;
mod plain;
mod problems;
mod procedures;
mod product;
mod reader;
mod reading;
#[cfg(test)]
mod real_data;
mod reports;
mod search;
mod social_history;
mod subject;
mod summary;
mod tall_man;
#[cfg(test)]
mod testing;
mod timeline;

use vigil_model::{ResourceType, Section};

use crate::view::{AllergyBanner, ChartHit, DocumentView, SectionContent, SectionView, SeriesView, UndecodableRow};
pub(crate) use allergies::{NO_KNOWN_ALLERGY, denies_allergies, is_active as is_active_allergy};
pub(crate) use attachment::may_have_sections;
pub(crate) use care_team::tell_who_left;
pub(crate) use devices::facts as device_facts;
pub(crate) use documents::document_title;
pub(crate) use encounters::{encounter_class, encounter_words, is_open as is_open_encounter};
pub(crate) use flags::{banner_item as flag_item, is_active as is_active_flag, say_hidden as say_hidden_flag};
pub(crate) use house::plausible;
pub(crate) use observations::{REPLACES, is_vital_sign};
use reader::Chart;
pub(crate) use reader::{NOTE, unreadable};
pub(crate) use social_history::is_social_history;
pub(crate) use subject::Subject;

/// One stored resource, parsed.
pub(crate) struct Record {
    /// The FHIR resource type it is stored as.
    pub(crate) resource_type: String,
    /// Its id.
    pub(crate) id: String,
    /// Its version, from 1.
    pub(crate) version: u32,
    /// The content.
    pub(crate) json: serde_json::Value,
}

/// Finds the display name of what a reference points at outside the chart: `Practitioner/x`, `Organization/y`, `Medication/m`.
pub(crate) trait Names {
    /// The name; none when it is not known here.
    fn display(&self, reference: &str) -> Option<String>;
}

/// The rows of one section: every section but `Access`, which comes from the audit log. Records of types that the section does not show are
/// passed over (they may still name what a row refers to).
pub(crate) fn section(section: Section, records: &[Record], subject: &Subject, names: &dyn Names) -> SectionView {
    let types = section.resource_types();
    let shows = |resource_type: &str| {
        if section == Section::Other { other::shows(resource_type) } else { types.contains(&resource_type) }
    };
    let (chart, undecodable) = Chart::new(records, names, shows);
    let content = match section {
        Section::Summary => SectionContent::Summary(Box::new(summary::content(&chart, records, subject))),
        Section::Timeline => SectionContent::Timeline { rows: timeline::rows(&chart) },
        Section::Problems => SectionContent::Problems { rows: problems::rows(&chart) },
        Section::Allergies => {
            SectionContent::Allergies { banner: allergies::banner(records), rows: allergies::rows(&chart) }
        }
        Section::Medications => SectionContent::Medications { rows: medications::rows(&chart) },
        Section::Vitals => SectionContent::Vitals {
            groups: observations::vitals(chart.of("Observation"), subject),
            warning: early_warning::of(chart.of("Observation"), subject).map(Box::new),
            unloaded: String::new(),
        },
        Section::Results => SectionContent::Results {
            groups: observations::results(chart.of("Observation"), subject),
            reports: reports::rows(&chart),
            unloaded: String::new(),
        },
        Section::Immunizations => SectionContent::Immunizations { rows: immunizations::rows(&chart) },
        Section::Encounters => SectionContent::Encounters { rows: encounters::rows(&chart), colleagues: Vec::new() },
        Section::Procedures => SectionContent::Procedures { rows: procedures::rows(&chart) },
        Section::Documents => {
            SectionContent::Documents { rows: documents::rows(&chart), drafts: Vec::new(), templates: Vec::new() }
        }
        Section::CarePlans => SectionContent::CarePlans { rows: care_plans::rows(&chart) },
        Section::CareTeam => SectionContent::CareTeam { rows: care_team::rows(&chart), colleagues: Vec::new() },
        Section::FamilyHistory => SectionContent::FamilyHistory { rows: family_history::rows(&chart) },
        Section::SocialHistory => SectionContent::SocialHistory { rows: social_history::rows(&chart) },
        Section::Devices => SectionContent::Devices { rows: devices::rows(&chart) },
        Section::Flags => SectionContent::Flags { rows: flags::rows(&chart) },
        Section::Coverage => SectionContent::Coverage { rows: coverage::rows(&chart) },
        Section::Amendments => SectionContent::Amendments {
            rows: crate::write::amendment_rows(records),
            notes: Vec::new(),
            decides: false,
        },
        Section::Other => SectionContent::Other { rows: other::rows(&chart) },
        Section::Access => SectionContent::Access { rows: Vec::new() },
    };
    SectionView { content, undecodable, left: 0, closed: Vec::new() }
}

/// The state of the allergy list for the banner: never blank. [`AllergyBanner::Hidden`] is for the caller, who knows the role.
pub(crate) fn allergy_banner(records: &[Record]) -> AllergyBanner {
    allergies::banner(records)
}

/// What of a chart matches what was typed, best first, and what could not be searched.
pub(crate) fn search(
    records: &[Record],
    subject: &Subject,
    names: &dyn Names,
    text: &str,
) -> (Vec<ChartHit>, Vec<UndecodableRow>) {
    let (chart, undecodable) = Chart::new(records, names, |_| true);
    (search::hits(&chart, subject, text), undecodable)
}

/// All values of one group of observations; none when the key names no group.
pub(crate) fn series(records: &[Record], subject: &Subject, key: &str) -> Option<SeriesView> {
    observations::series(records, subject, key)
}

/// The text of a document, report or note.
pub(crate) fn document(record: &Record, names: &dyn Names) -> DocumentView {
    documents::view(record, names)
}

/// What a resource is called.
pub(crate) fn called(resource: &serde_json::Value) -> String {
    reader::called(resource)
}

/// The readable text of a narrative.
pub(crate) fn narrative(div: &str) -> String {
    markup::to_text(div)
}

/// A directory that is not asked: a row counts whoever it names.
struct Nobody;

impl Names for Nobody {
    fn display(&self, _reference: &str) -> Option<String> {
        None
    }
}

/// How many rows a section has whose tab can be counted by reading only; none for a page that is no list.
pub(crate) fn tab_count_by_reading(section: Section, records: &[Record]) -> Option<u32> {
    let SectionView { content, undecodable, .. } = self::section(section, records, &Subject::default(), &Nobody);
    let rows = match content {
        SectionContent::Vitals { groups, .. } => groups.len(),
        SectionContent::Results { groups, reports, .. } => groups.len() + reports.len(),
        SectionContent::Documents { rows, .. } => rows.len(),
        SectionContent::Medications { rows } => rows.len(),
        SectionContent::CareTeam { rows, .. } => rows.len(),
        SectionContent::SocialHistory { rows } => rows.len(),
        SectionContent::Amendments { rows, .. } => rows.len(),
        SectionContent::Summary(_)
        | SectionContent::Timeline { .. }
        | SectionContent::Problems { .. }
        | SectionContent::Allergies { .. }
        | SectionContent::Immunizations { .. }
        | SectionContent::Encounters { .. }
        | SectionContent::Procedures { .. }
        | SectionContent::CarePlans { .. }
        | SectionContent::FamilyHistory { .. }
        | SectionContent::Devices { .. }
        | SectionContent::Flags { .. }
        | SectionContent::Coverage { .. }
        | SectionContent::Other { .. }
        | SectionContent::Access { .. } => return None,
    };
    u32::try_from(rows + undecodable.len()).ok()
}

/// What the tab of a section counts: its rows. None where only reading the records tells (see [`tab_count_by_reading`]): vital signs and results
/// share one type, a report is a document only when it presents a form, and an unused Medication is a row.
pub(crate) fn tab_count(section: Section, counts: &[(ResourceType, u32)]) -> Option<u32> {
    let has =
        |resource_type: &str| counts.iter().any(|(counted, count)| counted.as_str() == resource_type && *count > 0);
    let needs_reading = match section {
        Section::Summary
        | Section::Vitals
        | Section::Results
        | Section::CareTeam
        | Section::SocialHistory
        | Section::Amendments
        | Section::Access => true,
        Section::Documents => has("DiagnosticReport"),
        Section::Medications => has("Medication"),
        Section::Timeline
        | Section::Problems
        | Section::Allergies
        | Section::Immunizations
        | Section::Encounters
        | Section::Procedures
        | Section::CarePlans
        | Section::FamilyHistory
        | Section::Devices
        | Section::Flags
        | Section::Coverage
        | Section::Other => false,
    };
    if needs_reading {
        return None;
    }
    let types = section.resource_types();
    let is_shown = |resource_type: &str| {
        if section == Section::Other { other::shows(resource_type) } else { types.contains(&resource_type) }
    };
    let counted = counts.iter().filter(|(resource_type, _)| is_shown(resource_type.as_str())).map(|(_, count)| *count);
    Some(counted.fold(0, u32::saturating_add))
}
