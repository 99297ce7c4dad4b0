//! A chart as the screen shows it: FHIR resources in, the views of [`crate::view`] out. Pure: no vault, no clock.

use chrono::{DateTime, Utc};
use vigil_model::{ResourceType, Section};

use crate::view::{AllergyBanner, DocumentView, SectionView, SeriesView};

/// One stored resource, parsed.
pub(crate) struct Record {
    /// The FHIR resource type it is stored as.
    pub(crate) resource_type: String,
    /// Its id.
    pub(crate) id: String,
    /// The version at this workstation.
    #[expect(dead_code, reason = "rows name type and id; the raw view reads the version from the vault")]
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
/// passed over.
pub(crate) fn section(section: Section, records: &[Record], names: &dyn Names, now: DateTime<Utc>) -> SectionView {
    let _ = (section, records, names, now);
    SectionView { content: crate::view::SectionContent::Other { rows: Vec::new() }, undecodable: Vec::new() }
}

/// The state of the allergy list for the banner: never blank.
pub(crate) fn allergy_banner(records: &[Record]) -> AllergyBanner {
    let _ = records;
    AllergyBanner::Unavailable
}

/// All values of one group of observations; none when the key names no group.
pub(crate) fn series(records: &[Record], key: &str) -> Option<SeriesView> {
    let _ = (records, key);
    None
}

/// The text of a document, report or note.
pub(crate) fn document(record: &Record, names: &dyn Names) -> DocumentView {
    let _ = (record, names);
    DocumentView { title: String::new(), when: crate::view::When::default(), author: String::new(), text: String::new(), unreadable: None }
}

/// What the tab of a section counts; none where only reading the records would tell.
pub(crate) fn tab_count(section: Section, counts: &[(ResourceType, u32)]) -> Option<u32> {
    let _ = (section, counts);
    None
}
