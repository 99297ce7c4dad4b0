//! The frame of a chart: the banner and what its tabs hold.

use serde::{Deserialize, Serialize};
use specta::Type;
use vigil_model::Section;

/// One patient.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChartReadRequest {
    /// The patient.
    pub patient_id: String,
}

/// Which chart the window shows.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChartShowRequest {
    /// The patient; none while no chart is shown.
    pub patient_id: Option<String>,
}

/// One section of one patient's chart.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SectionReadRequest {
    /// The patient.
    pub patient_id: String,
    /// The section.
    pub section: Section,
}

/// The rest of a section whose first part was read.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SectionRestReadRequest {
    /// The patient.
    pub patient_id: String,
    /// The section.
    pub section: Section,
}

/// All values of one observation code of one patient.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SeriesReadRequest {
    /// The patient.
    pub patient_id: String,
    /// The key of an [`super::ObservationGroup`].
    pub key: String,
}

/// One resource of one patient.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResourceReadRequest {
    /// The patient.
    pub patient_id: String,
    /// The FHIR resource type.
    pub resource_type: String,
    /// Its id.
    pub id: String,
}

/// A chart that was opened.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChartView {
    /// Whose chart it is.
    pub banner: BannerView,
    /// The tabs this user may see.
    pub tabs: Vec<SectionTab>,
    /// Sections that exist and are hidden from this role, in words; care could depend on knowing that.
    pub hidden: Vec<String>,
    /// When this user last opened this chart before, `21-Nov 10:42`.
    pub last_opened: Option<String>,
    /// The emergency access through which it is open.
    pub emergency: Option<super::EmergencyView>,
    /// The sections in which this user writes.
    pub written: Vec<Section>,
}

/// One tab.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SectionTab {
    /// The section.
    pub section: Section,
    /// How many resources it holds; none where counting makes no sense.
    pub count: Option<u32>,
}

/// The fixed banner: name, birth date, gender, number, always in this order (NHS CUI PAB-0016).
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BannerView {
    /// The patient.
    pub patient_id: String,
    /// `SMITH, Jane (Ms)` (PAB-0049 to 0053).
    pub name: String,
    /// `14-Jul-1945`, or `Not known` (PAB-0019).
    pub birth_date: String,
    /// `81y`, `5m`, `12d`; age at death when deceased; empty when not known.
    pub age: String,
    /// `female`, or `Not known`.
    pub gender: String,
    /// The medical record number, or `Not known`.
    pub mrn: String,
    /// `02-Mar-2020` when the patient has died, `date not known` when only that is known.
    pub deceased: Option<String>,
    /// The allergies, in one of exactly four states (PAB-0064).
    pub allergies: AllergyBanner,
    /// The patient flags that stand.
    pub flags: FlagsBanner,
    /// Whether the record is restricted.
    pub restricted: bool,
    /// Names of similar patients at this workstation, `SMYTH, Janet 02-Jul-1954`: look twice.
    pub look_alikes: Vec<String>,
}

/// The four allergy states: never blank.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum AllergyBanner {
    /// `penicillin (anaphylaxis)`, most dangerous first.
    Known {
        /// The agents.
        items: Vec<String>,
    },
    /// Somebody recorded that there are none.
    NoKnown,
    /// Nobody recorded anything.
    NotRecorded,
    /// They could not be read.
    Unavailable,
    /// This role does not see allergies (PAB-0008).
    Hidden,
}

/// The patient flags that stand: never blank, and never fewer than there are without saying so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum FlagsBanner {
    /// They were read.
    Read {
        /// Those that this role sees.
        items: Vec<FlagItem>,
        /// How many more stand that this role does not see.
        hidden: u32,
        /// How many there are that cannot be read: nobody knows whether they stand.
        unread: u32,
    },
    /// They could not be read.
    Unavailable,
    /// This role does not see flags.
    Hidden,
}

/// One patient flag.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FlagItem {
    /// What it is about, for a sign beside the words.
    pub sign: FlagSign,
    /// `Fall risk`, `Contact isolation`.
    pub text: String,
}

/// What a patient flag is about (FHIR R4 `flag-category`), most pressing first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum FlagSign {
    /// `advance-directive`.
    AdvanceDirective,
    /// `contact`.
    Contact,
    /// `safety`.
    Safety,
    /// Any other category, or none.
    Other,
}
