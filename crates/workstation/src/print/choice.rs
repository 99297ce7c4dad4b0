//! What was chosen to be printed, once it is understood.

use vigil_model::{Disclosure, DisclosureBasis, PatientId, ResourceId};
use vigil_policy::Interaction;
use vigil_print::{Sheet, Size};

use crate::chart_read::patient_id;
use crate::view::{BandStock, LabelStock, PageSize, PaperKind, PaperPurpose, PrintRequest};
use crate::write::resource_id;
use crate::{AppError, disclosure};

/// Labels that are printed at once.
const MOST_LABELS: u32 = 200;

pub(super) struct Choice {
    pub(super) patient: PatientId,
    pub(super) what: What,
    pub(super) page: Size,
    pub(super) purpose: PaperPurpose,
    /// What is said of it where it leaves those who treat the patient here.
    pub(super) disclosure: Option<Disclosure>,
}

pub(super) enum What {
    VisitSummary(Option<ResourceId>),
    MedicationList,
    Note(ResourceId),
    Wristband(Size),
    Labels { sheet: Sheet, count: usize, skip: usize },
}

impl What {
    pub(super) const fn kind(&self) -> PaperKind {
        match self {
            Self::VisitSummary(_) => PaperKind::VisitSummary,
            Self::MedicationList => PaperKind::MedicationList,
            Self::Note(_) => PaperKind::Note,
            Self::Wristband(_) => PaperKind::Wristband,
            Self::Labels { .. } => PaperKind::Labels,
        }
    }
}

/// What asks the policies.
pub(super) const fn interaction_of(kind: PaperKind) -> Interaction {
    match kind {
        PaperKind::VisitSummary => Interaction::VisitSummaryPrint,
        PaperKind::MedicationList => Interaction::MedicationListPrint,
        PaperKind::Note => Interaction::CompositionPrint,
        PaperKind::Wristband | PaperKind::Labels => Interaction::PatientLabelPrint,
    }
}

/// What it is called.
pub(super) const fn title_of(kind: PaperKind) -> &'static str {
    match kind {
        PaperKind::VisitSummary => "Visit summary",
        PaperKind::MedicationList => "Medication list",
        PaperKind::Note => "Note",
        PaperKind::Wristband => "Wristband",
        PaperKind::Labels => "Labels",
    }
}

impl Choice {
    pub(super) fn new(request: &PrintRequest) -> Result<Self, AppError> {
        let kind = request.kind;
        let what = match kind {
            PaperKind::VisitSummary => What::VisitSummary(request.encounter.as_deref().map(resource_id).transpose()?),
            PaperKind::MedicationList => What::MedicationList,
            PaperKind::Note => {
                let note = request.note.as_deref();
                What::Note(resource_id(note.ok_or_else(|| AppError::invalid("choose the note that is printed"))?)?)
            }
            PaperKind::Wristband => What::Wristband(band(request.band)?),
            PaperKind::Labels => labels(request)?,
        };
        if matches!(kind, PaperKind::Wristband | PaperKind::Labels) && request.purpose != PaperPurpose::Care {
            return Err(AppError::invalid("wristbands and labels are for care"));
        }
        let disclosure = match (request.purpose, request.basis) {
            (PaperPurpose::Care, _) => None,
            (PaperPurpose::Patient, _) => Some(Disclosure {
                basis: DisclosureBasis::Individual,
                recipient: "The patient".to_owned(),
                address: String::new(),
                purpose: "For the patient".to_owned(),
                description: String::new(),
            }),
            (PaperPurpose::Other, None) => return Err(AppError::invalid("say on what ground somebody else gets it")),
            (PaperPurpose::Other, Some(basis)) => {
                Some(disclosure::said(basis, &request.recipient, &request.address, &request.reason)?)
            }
        };
        let (width, height) = match request.page {
            PageSize::A4 => (210.0, 297.0),
            PageSize::Letter => (215.9, 279.4),
        };
        Ok(Self {
            patient: patient_id(&request.patient_id)?,
            what,
            page: Size { width, height },
            purpose: request.purpose,
            disclosure,
        })
    }

    /// For the entry.
    pub(super) const fn code(&self) -> &'static str {
        match self.what.kind() {
            PaperKind::VisitSummary => "visit-summary",
            PaperKind::MedicationList => "medication-list",
            PaperKind::Note => "note",
            PaperKind::Wristband => "wristband",
            PaperKind::Labels => "labels",
        }
    }

    /// At the foot of every page.
    pub(super) fn for_whom(&self) -> String {
        match (&self.disclosure, self.purpose) {
            (Some(disclosure), PaperPurpose::Other) => format!("For {}", disclosure.recipient),
            (_, PaperPurpose::Patient) => "For the patient".to_owned(),
            (_, PaperPurpose::Care | PaperPurpose::Other) => "For care here".to_owned(),
        }
    }

    /// Across every page: a copy is none of the chart, and who got it can be told from it.
    pub(super) const fn watermark(&self) -> &'static str {
        match self.purpose {
            PaperPurpose::Patient => "PATIENT COPY",
            PaperPurpose::Care => "WORKING COPY",
            PaperPurpose::Other => "DISCLOSED COPY",
        }
    }
}

/// Millimetres.
fn millimetres(tenths: u32) -> f64 {
    f64::from(tenths) / 10.0
}

fn band(stock: BandStock) -> Result<Size, AppError> {
    if !(800..=4000).contains(&stock.length) || !(120..=600).contains(&stock.breadth) {
        return Err(AppError::invalid("a band is 80 to 400 mm long and 12 to 60 mm broad"));
    }
    Ok(Size { width: millimetres(stock.length), height: millimetres(stock.breadth) })
}

fn labels(request: &PrintRequest) -> Result<What, AppError> {
    let stock: LabelStock = request.labels;
    let room = |pieces: u32, one: u32, before: u32, between: u32| {
        pieces
            .saturating_mul(one)
            .saturating_add(before)
            .saturating_add(between.saturating_mul(pieces.saturating_sub(1)))
    };
    let fits = (1..=20).contains(&stock.columns)
        && (1..=50).contains(&stock.rows)
        && (200..=5000).contains(&stock.label_width)
        && (100..=5000).contains(&stock.label_height)
        && stock.sheet_width <= 5000
        && stock.sheet_height <= 5000
        && room(stock.columns, stock.label_width, stock.left, stock.gutter) <= stock.sheet_width
        && room(stock.rows, stock.label_height, stock.top, 0) <= stock.sheet_height;
    if !fits {
        return Err(AppError::invalid("labels of this size do not stand on this sheet; look at the numbers again"));
    }
    if !(1..=MOST_LABELS).contains(&request.count) {
        return Err(AppError::invalid(format!("print between 1 and {MOST_LABELS} labels at once")));
    }
    if request.skip >= stock.columns.saturating_mul(stock.rows) {
        return Err(AppError::invalid("no label is left on this sheet; begin a new one"));
    }
    let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    Ok(What::Labels {
        sheet: Sheet {
            page: Size { width: millimetres(stock.sheet_width), height: millimetres(stock.sheet_height) },
            columns: count(stock.columns),
            rows: count(stock.rows),
            label: Size { width: millimetres(stock.label_width), height: millimetres(stock.label_height) },
            left: millimetres(stock.left),
            top: millimetres(stock.top),
            gutter: millimetres(stock.gutter),
        },
        count: count(request.count),
        skip: count(request.skip),
    })
}
