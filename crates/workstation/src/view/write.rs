//! What is written in a chart. Every write names the patient, the chart on the screen, and the version that it is based on.

use serde::{Deserialize, Serialize};
use specta::Type;

use vigil_model::Section;

use super::CodeChoice;

/// A vital sign that can be written here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum VitalSign {
    /// Systolic and diastolic, `120/80`.
    BloodPressure,
    /// Pulse.
    HeartRate,
    /// Respiration.
    RespiratoryRate,
    /// Temperature.
    BodyTemperature,
    /// Oxygen saturation.
    OxygenSaturation,
    /// Oxygen that is breathed in, litres a minute; `0` is air.
    InhaledOxygen,
    /// The level of consciousness, as the letter of ACVPU.
    Consciousness,
    /// Weight.
    BodyWeight,
    /// Height.
    BodyHeight,
}

/// One value as it was typed.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VitalSignEntry {
    /// Of what.
    pub sign: VitalSign,
    /// `120/80`, `36.8`, `V`.
    pub value: String,
    /// The UCUM code of the unit that it was measured in: `[degF]`; empty for what has none.
    pub unit: String,
}

/// Vital signs of one moment.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VitalSignsCreateRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// When they were measured, `2026-11-21T10:42` by the clock of the workstation; none for now.
    pub measured_at: Option<String>,
    /// One or more.
    pub entries: Vec<VitalSignEntry>,
    /// Whoever types has looked again: what is outside of what is held for possible is recorded all the same.
    pub confirmed: bool,
}

/// A vital sign that was wrong: it stays visible as entered in error.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VitalSignCorrectRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// The observation.
    pub id: String,
    /// The version that was read.
    pub version: u32,
    /// What is right, of the same moment; none where nothing was measured.
    pub replacement: Option<VitalSignEntry>,
    /// As for [`VitalSignsCreateRequest::confirmed`].
    pub confirmed: bool,
    /// Why, in words; may be empty.
    pub reason: String,
}

/// A new problem.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConditionCreateRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// What it is called, in words.
    pub text: String,
    /// Since when, `2019`, `2019-05` or `2019-05-03`; may be empty.
    pub onset: String,
    /// More, in words; may be empty.
    pub note: String,
    /// The code that was chosen for it; none for words alone.
    pub code: Option<CodeChoice>,
}

/// What is done with a problem or an allergy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum EntryChange {
    /// Its words change.
    Edit,
    /// It is over.
    Resolve,
    /// It is not over after all.
    Reactivate,
    /// It turned out not to be so.
    Refute,
    /// It was a mistake to write it.
    EnterInError,
}

/// A problem is changed.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConditionUpdateRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// The condition.
    pub id: String,
    /// The version that was read.
    pub version: u32,
    /// What is done.
    pub change: EntryChange,
    /// For [`EntryChange::Edit`]: what it is called. For all others: why, in words; may be empty.
    pub text: String,
    /// For [`EntryChange::Edit`]: since when. For [`EntryChange::Resolve`]: until when; empty for today.
    pub day: String,
    /// For [`EntryChange::Edit`]: the code that was chosen for the words; none leaves it as it is.
    pub code: Option<CodeChoice>,
}

/// How dangerous (FHIR R4 `allergy-intolerance-criticality`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum Criticality {
    /// `low`.
    Low,
    /// `high`.
    High,
    /// `unable-to-assess`.
    UnableToAssess,
}

/// A new allergy or intolerance.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AllergyIntoleranceCreateRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// To what, in words.
    pub agent: String,
    /// What happens, in words; may be empty.
    pub reaction: String,
    /// How dangerous; none where nobody has assessed it.
    pub criticality: Option<Criticality>,
    /// The code that was chosen for what it is to; none for words alone.
    pub code: Option<CodeChoice>,
}

/// That there is no known allergy.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoKnownAllergyCreateRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
}

/// A kind of entry that is written in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// A medicine that is taken (MedicationStatement).
    Medicine,
    /// An immunization.
    Immunization,
    /// A procedure.
    Procedure,
    /// What a relative had (FamilyMemberHistory).
    FamilyHistory,
    /// A device.
    Device,
    /// A goal.
    Goal,
    /// A patient flag.
    Flag,
    /// A visit or a stay.
    Encounter,
    /// What is observed of how the patient lives (Observation, category `social-history`).
    SocialHistory,
    /// A member of the care team (CareTeam).
    CareTeamMember,
}

/// What of the social history is observed. The first eight are the smoking statuses of US Core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum SocialTopic {
    /// Current every day smoker.
    SmokesEveryDay,
    /// Current some day smoker.
    SmokesSomeDays,
    /// Former smoker.
    FormerSmoker,
    /// Never smoker.
    NeverSmoker,
    /// Smoker, current status unknown.
    SmokerStatusUnknown,
    /// Unknown if ever smoked.
    UnknownIfEverSmoked,
    /// Current heavy tobacco smoker.
    HeavySmoker,
    /// Current light tobacco smoker.
    LightSmoker,
    /// Electronic cigarettes, in words.
    ElectronicCigarettes,
    /// Alcohol, in words.
    Alcohol,
    /// Other substances, in words.
    Substances,
    /// Occupation, in words.
    Occupation,
    /// Anything else: what is observed has a name, and a code of LOINC if one is chosen.
    Other,
}

/// The class of an encounter (HL7 v3 ActCode, value set `ActEncounterCode`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum EncounterClass {
    /// `AMB`.
    Ambulatory,
    /// `EMER`.
    Emergency,
    /// `IMP`.
    Inpatient,
    /// `HH`.
    HomeHealth,
    /// `VR`.
    Virtual,
}

/// What a patient flag warns of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum FlagKind {
    /// The patient may fall.
    FallRisk,
    /// Isolation: contact.
    ContactIsolation,
    /// Isolation: droplets.
    DropletIsolation,
    /// Isolation: by the air.
    AirborneIsolation,
    /// Another precaution, in words of one's own.
    Precaution,
    /// Code status, in words: `Do not resuscitate`.
    CodeStatus,
    /// Anything else that is clinical, in words of one's own.
    Other,
}

/// A relative (HL7 v3 RoleCode, value set `v3-FamilyMember`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum Relative {
    /// `MTH`.
    Mother,
    /// `FTH`.
    Father,
    /// `SIS`.
    Sister,
    /// `BRO`.
    Brother,
    /// `DAUC`.
    Daughter,
    /// `SONC`.
    Son,
    /// `GRMTH`.
    Grandmother,
    /// `GRFTH`.
    Grandfather,
    /// `AUNT`.
    Aunt,
    /// `UNCLE`.
    Uncle,
}

/// A new entry.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryCreateRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// Of which kind.
    pub kind: EntryKind,
    /// What it is, in words; of [`EntryKind::FamilyHistory`] what the relative had. May be empty for a flag that has a
    /// name; of [`EntryKind::Encounter`] its reason, which may be empty; of [`EntryKind::SocialHistory`] what is observed, of
    /// [`SocialTopic::Other`] alone; of [`EntryKind::CareTeamMember`] the name of somebody who is no user here.
    pub text: String,
    /// Since when, when, or for a goal until when: `2019`, `2019-05` or `2019-05-03`; may be empty. Of a device: when it was made.
    /// Of an encounter: when it began, a day or `2026-11-21T10:42` by the clock of the workstation, empty for now.
    pub day: String,
    /// Dosage, lot number, site, at what age, serial number, the finding, the role; may be empty.
    pub detail: String,
    /// For [`EntryKind::FamilyHistory`]: who.
    pub relative: Option<Relative>,
    /// For [`EntryKind::Flag`]: of what it warns.
    pub flag: Option<FlagKind>,
    /// For [`EntryKind::Encounter`]: its class.
    pub class: Option<EncounterClass>,
    /// For [`EntryKind::SocialHistory`]: of what.
    pub social: Option<SocialTopic>,
    /// For [`EntryKind::CareTeamMember`]: the id of the user who is meant; none for somebody outside. For [`EntryKind::Encounter`]: the
    /// clinician whom it is with.
    pub member: Option<String>,
    /// For [`EntryKind::Device`]: its UDI as it was typed or scanned; none where it has none, or nobody knows it.
    pub udi: Option<String>,
    /// More, in words; may be empty.
    pub note: String,
    /// The code that was chosen for a medicine, a vaccine, a procedure or an observation; none for words alone.
    pub code: Option<CodeChoice>,
}

/// What is done with such an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum EntryStep {
    /// A medicine is stopped, a device taken out of use, a goal reached, a flag taken down, an encounter closed, a member leaves.
    End,
    /// A device is in use again.
    Resume,
    /// It was a mistake to write it.
    EnterInError,
    /// What it says becomes what [`EntryEdit`] says.
    Edit,
}

/// What of an entry becomes another. What is empty stays as it is.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryEdit {
    /// As for [`EntryCreateRequest::text`].
    pub text: String,
    /// As for [`EntryCreateRequest::day`].
    pub day: String,
    /// As for [`EntryCreateRequest::detail`].
    pub detail: String,
    /// For a smoking status: which it is.
    pub social: Option<SocialTopic>,
    /// The code that was chosen for the words.
    pub code: Option<CodeChoice>,
}

/// Such an entry is changed.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryUpdateRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// Of which kind.
    pub kind: EntryKind,
    /// The resource.
    pub id: String,
    /// The version that was read.
    pub version: u32,
    /// What is done.
    pub step: EntryStep,
    /// For [`EntryStep::Edit`]: what it becomes.
    pub edit: Option<EntryEdit>,
    /// Why, in words; may be empty.
    pub text: String,
}

/// An allergy is changed.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AllergyIntoleranceUpdateRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// The allergy.
    pub id: String,
    /// The version that was read.
    pub version: u32,
    /// What is done.
    pub change: EntryChange,
    /// For [`EntryChange::Edit`]: to what. For all others: why, in words; may be empty.
    pub text: String,
    /// For [`EntryChange::Edit`]: how dangerous; none leaves it as it is.
    pub criticality: Option<Criticality>,
    /// For [`EntryChange::Edit`]: the code that was chosen for the words; none leaves it as it is.
    pub code: Option<CodeChoice>,
}

/// An earlier version is stored again as the newest.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResourceRestoreRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
    /// The FHIR resource type.
    pub resource_type: String,
    /// Its id.
    pub id: String,
    /// The newest version, as it was read.
    pub version: u32,
    /// The version that comes back.
    pub restore: u32,
    /// The page that it stands on, of a type that several pages show; none for the page where it is written.
    pub section: Option<Section>,
}

/// What was stored.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WrittenView {
    /// In words, one line for each entry: `Heart rate 72 /min`.
    pub lines: Vec<String>,
}

/// What was written last in a chart is taken back.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WriteUndoRequest {
    /// The patient.
    pub patient_id: String,
    /// The patient whose chart stands on the screen.
    pub chart_on_screen: String,
}

/// The versions of one resource.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HistoryView {
    /// Newest first.
    pub versions: Vec<VersionView>,
    /// What of them is not shown to the role of the user, in words.
    pub closed: Vec<String>,
}

/// One version.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct VersionView {
    /// Its number, from 1.
    pub version: u32,
    /// When it was written, `21-Nov-2026 10:42`; `Not known` for what came with an import.
    pub at: String,
    /// Who wrote it, by name, or `An import`.
    pub who: String,
    /// In which role; empty where that is not known.
    pub role: String,
    /// What is different from the version before; empty for the first.
    pub changes: Vec<ElementChange>,
    /// Why it cannot be shown, if it cannot.
    pub unreadable: Option<String>,
}

/// One element that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ElementChange {
    /// Its path in FHIR: `clinicalStatus.coding[0].code`.
    pub element: String,
    /// As it was; empty where it was not there.
    pub before: String,
    /// As it is; empty where it is gone.
    pub after: String,
}
