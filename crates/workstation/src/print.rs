//! Output on paper. A paper is made in memory from the pages that the role sees, within the transaction of its audit entry, and leaves after
//! that is durable: to a printer through the standard input of the system's own program, or to a new file that its owner alone reads.
//! Nothing is written on the way. docs/adr/0027 says why.
#![expect(clippy::needless_pass_by_value, reason = "a request is used up by the use case that it asks for")]

mod choice;
mod identity;
mod lines;
mod medications;
mod note;
mod printer;
mod visit;

use std::path::Path;

use serde_json::json;
use sha2::{Digest as _, Sha256};
use vigil_model::{PatientId, Role, SessionId, UserId};
use vigil_policy::{Interaction, Principal, Request, is_allowed};
use vigil_print::{Made, Paper, PrintError, Printed, render};
use vigil_vault::Tx;
use zeroize::Zeroizing;

use self::choice::{Choice, What, interaction_of, title_of};
use crate::act::Present;
use crate::chart_read::{must_exist, patient_id};
use crate::ranges::House;
use crate::session::session_request;
use crate::view::{PaperKind, PrintCreateRequest, PrintCreatedView, PrintPreviewView, PrintRequest, PrintersView};
use crate::{AppError, ErrorCode, Workstation, clock, lock_of, private_file};

/// Pages that a preview draws.
const DRAWN: usize = 12;
/// A stack of paper that nobody asks for by a slip of the hand.
const MOST_COPIES: u32 = 20;

/// Every kind, in the order of lists.
const KINDS: [PaperKind; 5] =
    [PaperKind::VisitSummary, PaperKind::MedicationList, PaperKind::Note, PaperKind::Wristband, PaperKind::Labels];

impl Workstation {
    /// The printers of this workstation. Nothing of a record is read.
    ///
    /// # Errors
    /// That nobody is signed in, or that the screen is locked.
    pub fn printer_search(&self) -> Result<PrintersView, AppError> {
        self.refusing("printer_search", || self.present().map(drop))?;
        Ok(printer::all())
    }

    /// Draws a paper as it would be printed.
    ///
    /// # Errors
    /// As [`Self::print_create`].
    pub fn print_preview(&self, request: PrintRequest) -> Result<PrintPreviewView, AppError> {
        let (patient, chart) = (patient_id(&request.patient_id)?, patient_id(&request.chart_on_screen)?);
        let printing = interaction_of(request.kind);
        // Whoever may not print this kind of paper is refused that, and on record with it.
        if self.present().is_ok_and(|present| !papers_of(present.role).contains(&request.kind)) {
            self.act_on_screen(printing, &patient, &chart, |_, _| Ok(()))?;
        }
        let issuer = self.issuer()?;
        self.act_on_screen(Interaction::PrintPreview, &patient, &chart, |tx, present| {
            self.may_print(present, printing, &patient)?;
            let choice = Choice::new(&request)?;
            let printed = self.typeset(tx, present, &choice, &issuer, DRAWN)?;
            tx.detail(json!({ "document": choice.code(), "pages": printed.pages }));
            Ok(PrintPreviewView {
                title: title_of(request.kind).to_owned(),
                pages: u32::try_from(printed.pages).unwrap_or(u32::MAX),
                pictures: printed.pictures,
                missing: printed.missing,
            })
        })
    }

    /// Prints a paper, or saves it to a new file that only its owner reads. The audit entry is durable before it leaves: it says what kind of
    /// paper, how many pages, the digest of the file and where it went; and, where it leaves the house, who gets it and why.
    ///
    /// # Errors
    /// A denial; [`ErrorCode::OtherPatient`]; [`ErrorCode::Invalid`] for a choice that is none, a printer or file that takes nothing;
    /// [`ErrorCode::NotFound`].
    pub fn print_create(&self, request: PrintCreateRequest) -> Result<PrintCreatedView, AppError> {
        let (patient, chart) = (patient_id(&request.patient_id)?, patient_id(&request.chart_on_screen)?);
        let issuer = self.issuer()?;
        let title = title_of(request.kind);
        // Before the transaction, which would hold the database while CUPS is asked; what came of it is told to whoever may print.
        let target = self.present().and_then(|_| Target::new(&request)?.that_takes());
        let (pdf, pages, target) =
            self.act_on_screen(interaction_of(request.kind), &patient, &chart, |tx, present| {
                let (choice, target) = (Choice::new(&request.paper())?, target?);
                let printed = self.typeset(tx, present, &choice, &issuer, 0)?;
                let (pages, pdf) = (printed.pages, Zeroizing::new(printed.pdf));
                let mut disclosure = choice.disclosure.clone();
                if let Some(disclosure) = &mut disclosure {
                    let page = if pages == 1 { "page" } else { "pages" };
                    disclosure.description = format!("{title}, {pages} {page}, {}", target.as_what());
                }
                let output = json!({
                    "document": choice.code(),
                    "pages": pages,
                    "sha256": hex::encode(Sha256::digest(&*pdf)),
                    "to": target.code(),
                    "copies": target.copies(),
                    "purpose": choice.purpose,
                });
                tx.put_on_paper(output, disclosure.as_ref())?;
                Ok((pdf, pages, target))
            })?;
        let to = target.hand_over(&pdf)?;
        Ok(PrintCreatedView { title: title.to_owned(), pages: u32::try_from(pages).unwrap_or(u32::MAX), to })
    }

    /// Whether this kind of paper may be made for this patient: the permit at hand is the one to look at it.
    fn may_print(&self, present: &Present, printing: Interaction, patient: &PatientId) -> Result<(), AppError> {
        let mut asked = self.request(present, printing, Some(patient));
        asked.facts.on_screen = true;
        vigil_policy::authorize(asked).map(drop).map_err(AppError::from)
    }

    /// Before the transaction: a file may have to be read for it.
    fn issuer(&self) -> Result<Issuer, AppError> {
        let name = lock_of(&self.session)?.as_ref().map(|session| session.user.display_name.clone());
        let organization = self.vault()?.settings()?.organization;
        Ok(Issuer { name: name.unwrap_or_default(), organization, house: self.house()? })
    }

    /// The paper, set.
    fn typeset(
        &self,
        tx: &Tx<'_>,
        present: &Present,
        choice: &Choice,
        issuer: &Issuer,
        pictures: usize,
    ) -> Result<Printed, AppError> {
        must_exist(tx, present, &choice.patient)?;
        let now = self.clock.now().utc;
        let made = Made {
            organization: issuer.organization.clone(),
            by: format!("{}, {}", issuer.name, present.role.code().replace('-', " ")),
            at: clock::zoned_text(&now),
            purpose: choice.for_whom(),
            utc: clock::parts(&now),
        };
        let paper = match &choice.what {
            What::VisitSummary(encounter) => {
                let content =
                    visit::content(self, tx, present, &choice.patient, encounter.as_ref(), (now, &issuer.house))?;
                Paper::Document(self.document(tx, present, choice, made, content)?)
            }
            What::MedicationList => {
                let content = medications::content(self, tx, present, &choice.patient)?;
                Paper::Document(self.document(tx, present, choice, made, content)?)
            }
            What::Note(id) => {
                let content = note::content(self, tx, present, &choice.patient, id)?;
                Paper::Document(self.document(tx, present, choice, made, content)?)
            }
            What::Wristband(size) => {
                let banner = self.banner(tx, present, &choice.patient)?;
                Paper::Band(identity::band(present, &banner, &choice.patient, *size, made)?)
            }
            What::Labels { sheet, count, skip } => {
                Paper::Labels(identity::labels(present, &choice.patient, *sheet, (*count, *skip), made)?)
            }
        };
        render(&paper, pictures).map_err(AppError::from)
    }
}

/// Who makes a paper, and by what ranges values are marked on it.
struct Issuer {
    name: String,
    organization: String,
    house: House,
}

/// What this role puts on paper.
pub(crate) fn papers_of(role: Role) -> Vec<PaperKind> {
    let nobody = uuid::Uuid::nil();
    let principal = Principal::User { id: UserId::from_uuid(nobody), role, session: SessionId::from_uuid(nobody) };
    let may = |kind: &PaperKind| {
        let mut asked: Request = session_request(interaction_of(*kind), principal.clone());
        asked.patient = PatientId::parse("any").ok();
        asked.facts.on_screen = true;
        is_allowed(&asked)
    };
    KINDS.into_iter().filter(may).collect()
}

/// Where a paper goes.
enum Target {
    Printer { name: String, copies: u32 },
    File(String),
}

impl Target {
    fn new(request: &PrintCreateRequest) -> Result<Self, AppError> {
        match (&request.printer, &request.path) {
            (Some(printer), None) => {
                if !(1..=MOST_COPIES).contains(&request.copies) {
                    return Err(AppError::invalid(format!("print between 1 and {MOST_COPIES} copies at once")));
                }
                printer::named(printer)?;
                Ok(Self::Printer { name: printer.clone(), copies: request.copies })
            }
            (None, Some(path)) => Ok(Self::File(path.clone())),
            _ => Err(AppError::invalid("say where it goes: to a printer or to a file")),
        }
    }

    /// The same once it is known to take a paper, before the entry says that one went there.
    fn that_takes(self) -> Result<Self, AppError> {
        match &self {
            Self::Printer { name, .. } => printer::takes(name)?,
            Self::File(path) => private_file::chosen(Path::new(path))?,
        }
        Ok(self)
    }

    const fn copies(&self) -> u32 {
        match self {
            Self::Printer { copies, .. } => *copies,
            Self::File(_) => 1,
        }
    }

    /// For the entry: a path may be named after somebody.
    fn code(&self) -> String {
        match self {
            Self::Printer { name, .. } => format!("printer {name}"),
            Self::File(_) => "file".to_owned(),
        }
    }

    const fn as_what(&self) -> &'static str {
        match self {
            Self::Printer { .. } => "on paper",
            Self::File(_) => "as a PDF file",
        }
    }

    fn hand_over(self, pdf: &[u8]) -> Result<String, AppError> {
        match self {
            Self::Printer { name, copies } => {
                printer::print(&name, copies, pdf)?;
                Ok(name)
            }
            Self::File(path) => {
                private_file::write_new(Path::new(&path), pdf)?;
                Ok(path)
            }
        }
    }
}

impl PrintCreateRequest {
    fn paper(&self) -> PrintRequest {
        PrintRequest {
            patient_id: self.patient_id.clone(),
            chart_on_screen: self.chart_on_screen.clone(),
            kind: self.kind,
            encounter: self.encounter.clone(),
            note: self.note.clone(),
            purpose: self.purpose,
            basis: self.basis,
            recipient: self.recipient.clone(),
            address: self.address.clone(),
            reason: self.reason.clone(),
            page: self.page,
            band: self.band,
            labels: self.labels,
            count: self.count,
            skip: self.skip,
        }
    }
}

impl From<PrintError> for AppError {
    fn from(error: PrintError) -> Self {
        match error {
            PrintError::DoesNotFit | PrintError::Missing(_) | PrintError::Barcode => Self::invalid(error.to_string()),
            PrintError::Typesetting(_) => Self::new(ErrorCode::Internal, error.to_string()),
        }
    }
}
