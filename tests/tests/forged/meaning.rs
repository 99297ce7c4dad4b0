//! What each field of a command means: found by its name, or by its type's and its own.

use anyhow::{Result, bail};

/// What a text or a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A patient's id.
    Patient,
    /// A user's id.
    User,
    /// The type of a resource, beside [`Self::ResourceId`].
    ResourceType,
    /// The id of a resource within its type.
    ResourceId,
    /// The id of a resource of this type.
    Child(&'static str),
    /// The patient whose chart the page says stands on the screen: beside [`Self::Patient`], who is written about.
    OnScreen,
    /// Type and id: `Condition/c1`.
    ResourceName,
    /// Which series of a patient.
    Series,
    /// The number of an emergency access.
    EmergencyAccess,
    /// The number of a request for destruction.
    Destruction,
    /// The number of one's own second factor.
    Factor,
    /// The password of whoever calls.
    Password,
    /// A file that is not there yet.
    NewFile,
    /// Files that are read.
    File,
    /// Words, and what does for them.
    Words(&'static str),
    /// Two different words.
    Pair(&'static str, &'static str),
    /// Words that are given although they may be absent.
    Given(&'static str),
    /// A number, and what does for it.
    Number(u32),
    /// One of a list of words that are all tried.
    EveryWord,
}

/// A team is nobody's secret; who may change one is what is tried.
const NO_TEAM: Meaning = Meaning::Words("01990000-0000-7000-8000-000000000000");

/// The id of a note that nobody has begun.
const NO_DRAFT: Meaning = Meaning::Words("01990000-0000-7000-8000-000000000000");

const MEANINGS: &[(&str, Meaning)] = &[
    ("patientId", Meaning::Patient),
    ("userId", Meaning::User),
    ("memberIds", Meaning::User),
    ("UserDisableRequest.id", Meaning::User),
    ("UserUpdateRequest.id", Meaning::User),
    ("teamIds", NO_TEAM),
    ("TeamPutRequest.id", NO_TEAM),
    ("TeamDeleteRequest.id", NO_TEAM),
    ("ResourceReadRequest.resourceType", Meaning::ResourceType),
    ("ResourceReadRequest.id", Meaning::ResourceId),
    ("chartOnScreen", Meaning::OnScreen),
    ("version", Meaning::Number(1)),
    ("restore", Meaning::Number(1)),
    ("measuredAt", Meaning::Words("2026-05-01T10:00")),
    ("VitalSignEntry.value", Meaning::Words("120/80")),
    ("VitalSignEntry.unit", Meaning::Words("mm[Hg]")),
    ("VitalSignCorrectRequest.id", Meaning::Child("Observation")),
    ("VitalSignCorrectRequest.reason", Meaning::Words("Digits swapped")),
    ("ConditionCreateRequest.text", Meaning::Words("Forged problem")),
    ("onset", Meaning::Words("2019")),
    ("ConditionUpdateRequest.id", Meaning::Child("Condition")),
    ("ConditionUpdateRequest.text", Meaning::Words("Forged problem")),
    ("ConditionUpdateRequest.day", Meaning::Words("")),
    ("agent", Meaning::Words("Forged agent")),
    ("reaction", Meaning::Words("")),
    ("AllergyIntoleranceUpdateRequest.id", Meaning::Child("AllergyIntolerance")),
    ("AllergyIntoleranceUpdateRequest.text", Meaning::Words("Forged agent")),
    ("ResourceRestoreRequest.resourceType", Meaning::ResourceType),
    ("ResourceRestoreRequest.id", Meaning::ResourceId),
    ("despite", Meaning::Patient),
    ("PersonFields.family", Meaning::Words("Forgedson")),
    ("PersonFields.given", Meaning::Words("Ann")),
    ("birthDate", Meaning::Words("1961-02-03")),
    ("PersonFields.phone", Meaning::Words("")),
    ("street", Meaning::Words("")),
    ("city", Meaning::Words("")),
    ("PersonFields.state", Meaning::Words("")),
    ("postalCode", Meaning::Words("")),
    ("country", Meaning::Words("")),
    ("mrn", Meaning::Words("")),
    ("EntryCreateRequest.kind", Meaning::EveryWord),
    ("EntryUpdateRequest.kind", Meaning::EveryWord),
    ("PrintRequest.kind", Meaning::EveryWord),
    ("PrintCreateRequest.kind", Meaning::EveryWord),
    ("encounter", Meaning::Words("none")),
    ("PrintRequest.note", NO_DRAFT),
    ("PrintCreateRequest.note", NO_DRAFT),
    ("recipient", Meaning::Words("Forged court")),
    ("address", Meaning::Words("")),
    ("PrintRequest.reason", Meaning::Words("Order 12")),
    ("PrintCreateRequest.reason", Meaning::Words("Order 12")),
    ("length", Meaning::Number(2540)),
    ("breadth", Meaning::Number(250)),
    ("sheetWidth", Meaning::Number(2100)),
    ("sheetHeight", Meaning::Number(2970)),
    ("columns", Meaning::Number(3)),
    ("rows", Meaning::Number(8)),
    ("labelWidth", Meaning::Number(700)),
    ("labelHeight", Meaning::Number(370)),
    ("left", Meaning::Number(0)),
    ("top", Meaning::Number(5)),
    ("gutter", Meaning::Number(0)),
    ("count", Meaning::Number(3)),
    ("skip", Meaning::Number(0)),
    ("copies", Meaning::Number(1)),
    // No file and no printer: what leaves is tried in tests/tests/printing.rs.
    ("printer", Meaning::Words("none")),
    ("relative", Meaning::Given("mother")),
    ("EntryCreateRequest.flag", Meaning::Given("precaution")),
    ("EntryCreateRequest.class", Meaning::Given("ambulatory")),
    ("EntryCreateRequest.text", Meaning::Words("Forged entry")),
    ("EntryCreateRequest.day", Meaning::Words("2019")),
    ("detail", Meaning::Words("Forged")),
    ("EntryCreateRequest.social", Meaning::Given("other")),
    ("EntryEdit.social", Meaning::Given("other")),
    // Somebody outside, by name: who names a user names a colleague and nobody's record.
    ("member", Meaning::Words("none")),
    ("udi", Meaning::Words("(01)51022222233336")),
    ("EntryEdit.text", Meaning::Words("Forged entry")),
    ("EntryEdit.day", Meaning::Words("2019")),
    // What codes there are is nobody's secret; a release that is not loaded has none.
    ("TerminologySearchRequest.kind", Meaning::EveryWord),
    ("CodeChoice.system", Meaning::Words("icd-10-cm")),
    ("CodeChoice.code", Meaning::Words("I10")),
    ("EntryUpdateRequest.id", Meaning::Words("none")),
    ("EntryUpdateRequest.text", Meaning::Words("Forged entry")),
    // A draft is its author's alone, and so is a signature that is asked for: there is none of anybody's here.
    ("NoteDraftReadRequest.id", NO_DRAFT),
    ("NoteDraftUpdateRequest.id", NO_DRAFT),
    ("NoteDraftDeleteRequest.id", NO_DRAFT),
    ("NoteSignRequest.id", NO_DRAFT),
    ("NoteCosignRequest.id", NO_DRAFT),
    ("NoteMarkRequest.id", NO_DRAFT),
    ("whose", Meaning::EveryWord),
    ("NoteMarkRequest.reason", Meaning::Words("Written in the wrong chart")),
    ("NoteFollows.id", NO_DRAFT),
    ("AmendmentCreateRequest.note", NO_DRAFT),
    ("AmendmentCreateRequest.about", Meaning::Words("Smoking")),
    ("AmendmentCreateRequest.asked", Meaning::Words("I never smoked")),
    ("received", Meaning::Words("")),
    ("AmendmentExtendRequest.id", NO_DRAFT),
    ("AmendmentExtendRequest.until", Meaning::Words("2026-12-31")),
    ("AmendmentExtendRequest.delay", Meaning::Words("The author is away")),
    ("AmendmentAcceptRequest.id", NO_DRAFT),
    ("AmendmentAcceptRequest.done", Meaning::Words("The note was amended")),
    ("AmendmentAcceptRequest.amendment", NO_DRAFT),
    ("AmendmentDenyRequest.id", NO_DRAFT),
    ("ground", Meaning::EveryWord),
    ("AmendmentDenyRequest.basis", Meaning::Words("It is what was said")),
    ("AmendmentDenyRequest.contact", Meaning::Words("Privacy officer, 555-0100")),
    ("AmendmentDisagreeRequest.id", NO_DRAFT),
    ("AmendmentDisagreeRequest.statement", Meaning::Words("I never said so")),
    ("AmendmentRebutRequest.id", NO_DRAFT),
    ("AmendmentRebutRequest.rebuttal", Meaning::Words("It was said twice")),
    ("cosigner", Meaning::User),
    ("NoteSection.title", Meaning::Words("Plan")),
    ("NoteSection.text", Meaning::Words("Forged plan")),
    ("DestructionRequest.resource", Meaning::ResourceName),
    ("SeriesReadRequest.key", Meaning::Series),
    ("EmergencyAccessReviewRequest.id", Meaning::EmergencyAccess),
    ("DestructionDecideRequest.id", Meaning::Destruction),
    ("FactorDeleteRequest.id", Meaning::Factor),
    ("section", Meaning::EveryWord),
    ("current", Meaning::Password),
    ("password", Meaning::Password),
    ("AdministratorCreateRequest.password", Meaning::Words("marble-evening-47-kites")),
    ("UserCreateRequest.password", Meaning::Words("marble-evening-47-kites")),
    ("UserPasswordResetRequest.password", Meaning::Words("marble-evening-47-kites")),
    ("UserPasswordRecoverRequest.password", Meaning::Words("marble-evening-47-kites")),
    ("DocumentReviewRequest.path", Meaning::File),
    // Which review: there is none here.
    ("DocumentTakeRequest.review", Meaning::Words("0000")),
    ("taken", Meaning::Number(0)),
    ("DocumentTakeRequest.reason", Meaning::Words("The name was misspelt")),
    ("path", Meaning::NewFile),
    ("paths", Meaning::File),
    ("token", Meaning::Words("vigil1.e30")),
    ("suggestedName", Meaning::Words("report.csv")),
    ("username", Meaning::Words("forged")),
    ("worklist", Meaning::EveryWord),
    ("day", Meaning::Given("2026-05-01")),
    ("holders", Meaning::Pair("Pharmacy safe", "Office of the director")),
    ("persons", Meaning::Words("A. Vega and B. Lindh")),
    ("half", Meaning::Number(1)),
    ("halfOne", Meaning::Words("AAAA-AAAA")),
    ("halfTwo", Meaning::Words("AAAA-AAAA")),
    ("SuspensionLiftRequest.id", Meaning::Number(1)),
    ("SuspensionLiftRequest.reason", Meaning::Words("Covered two wards alone tonight")),
    ("SuspensionSupervisedLiftRequest.reason", Meaning::Words("Covered two wards alone tonight")),
    // Incidents are the server's, by number, and so is where a search goes on; there is no server here.
    ("FleetAccessSearchRequest.after", Meaning::Words("date=ge2026-05-01&_cursor=AAAA")),
    ("IncidentReadRequest.id", Meaning::Number(1)),
    ("IncidentUpdateRequest.id", Meaning::Number(1)),
    ("IncidentDecideRequest.id", Meaning::Number(1)),
    ("IncidentExportRequest.id", Meaning::Number(1)),
    ("step", Meaning::EveryWord),
    ("nature", Meaning::Words("Names and birth dates of twelve patients")),
    ("BreachAssessmentRequest.recipient", Meaning::Words("An employee without a part in the care")),
    ("acquired", Meaning::Words("The charts were opened and read")),
    ("mitigated", Meaning::Words("The employee has signed that nothing was kept")),
    ("discovered", Meaning::Words("2026-05-01")),
    ("rules", Meaning::Words("version = 2")),
    ("name", Meaning::Words("Forged team")),
    ("practitioner", Meaning::Words("")),
    ("reference", Meaning::Words("")),
    ("displayName", Meaning::Words("F. ORGED")),
    ("organization", Meaning::Words("Forged Hospital")),
    ("place", Meaning::Words("/home")),
    ("text", Meaning::Words("birkenfels")),
    ("justification", Meaning::Words("Found unconscious in the waiting room")),
    ("words", Meaning::Words("Order of the court, file 4711")),
    ("note", Meaning::Words("Nothing to follow up")),
    ("code", Meaning::Words("000000")),
    ("pin", Meaning::Words("0000")),
    ("groups", Meaning::Words("AAAA")),
    ("recoveryKey", Meaning::Words("AAAA-AAAA")),
    ("KeyRotateRequest.key", Meaning::Words("database")),
    ("from", Meaning::Words("")),
    ("until", Meaning::Words("")),
    ("offset", Meaning::Number(0)),
    ("upTo", Meaning::Number(1)),
    // As the driver of the window needs it: it aims at the usual size and looks for English words.
    ("zoomPercent", Meaning::Number(100)),
    ("language", Meaning::Words("en")),
];

/// What a field means.
///
/// # Errors
/// For one that is new: what to do.
pub(crate) fn meaning_of(owner: &str, field: &str) -> Result<Meaning> {
    let of_type = format!("{owner}.{field}");
    let find = |wanted: &str| MEANINGS.iter().find(|(name, _)| *name == wanted).map(|(_, meaning)| *meaning);
    match find(&of_type).or_else(|| find(field)) {
        Some(meaning) => Ok(meaning),
        None => bail!(
            "`{of_type}` is new: say in tests/tests/forged/meaning.rs what it means, so that it is tried with what is another's"
        ),
    }
}
