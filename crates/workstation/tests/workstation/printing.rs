//! Output on paper: who prints what, what stands on it, where it goes, and what stays on record.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use vigil_workstation::view::{
    BandStock, DisclosureAccountingReadRequest, DisclosureRow, LabelStock, NoteMarkRequest, NoteMarking, PageSize,
    PaperKind, PaperPurpose, PrintCreateRequest, PrintCreatedView, PrintRequest, SectionContent, SectionReadRequest,
    SectionView,
};
use vigil_workstation::{AppError, DisclosureBasis, ErrorCode, Purpose};

use crate::hospital::Hospital;
use crate::notes::{at_the_chart, begin, come, show, signed};

const LABELS: LabelStock = LabelStock {
    sheet_width: 2100,
    sheet_height: 2970,
    columns: 3,
    rows: 8,
    label_width: 700,
    label_height: 370,
    left: 0,
    top: 5,
    gutter: 0,
};

fn asked(kind: PaperKind) -> PrintRequest {
    let identity = matches!(kind, PaperKind::Wristband | PaperKind::Labels);
    PrintRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        kind,
        encounter: None,
        note: None,
        purpose: if identity { PaperPurpose::Care } else { PaperPurpose::Patient },
        basis: None,
        recipient: String::new(),
        address: String::new(),
        reason: String::new(),
        page: PageSize::A4,
        band: BandStock { length: 2540, breadth: 250 },
        labels: LABELS,
        count: 5,
        skip: 0,
    }
}

/// Saves it; the file's words.
fn saved(hospital: &Hospital, name: &str, request: PrintRequest) -> Result<String, AppError> {
    let path = hospital.folder.path().join(name);
    create(hospital, request, None, Some(path.to_string_lossy().into_owned()))?;
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{name} is its owner's");
    Ok(words(&std::fs::read(path).unwrap()))
}

fn create(
    hospital: &Hospital,
    request: PrintRequest,
    printer: Option<String>,
    path: Option<String>,
) -> Result<PrintCreatedView, AppError> {
    let PrintRequest { patient_id, chart_on_screen, kind, encounter, note, purpose, basis, .. } = request;
    let PrintRequest { recipient, address, reason, page, band, labels, count, skip, .. } = request;
    hospital.station.print_create(PrintCreateRequest {
        patient_id,
        chart_on_screen,
        kind,
        encounter,
        note,
        purpose,
        basis,
        recipient,
        address,
        reason,
        page,
        band,
        labels,
        count,
        skip,
        printer,
        path,
        copies: 1,
    })
}

fn words(pdf: &[u8]) -> String {
    let mut child = Command::new("pdftotext")
        .args(["-raw", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("`cargo xtask system` installs poppler-utils");
    let (mut stdin, pdf) = (child.stdin.take().unwrap(), pdf.to_vec());
    let writer = std::thread::spawn(move || stdin.write_all(&pdf));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    // The watermark is turned, and so each of its letters is a word.
    String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn accounting(hospital: &Hospital) -> Vec<DisclosureRow> {
    hospital.sign_out();
    hospital.sign_in("weiss");
    let request = DisclosureAccountingReadRequest { patient_id: "p1".to_owned() };
    hospital.station.disclosure_accounting_read(request).unwrap().rows
}

fn accesses(hospital: &Hospital) -> Vec<(String, String)> {
    let request = SectionReadRequest { patient_id: "p1".to_owned(), section: vigil_model::Section::Access };
    let SectionView { content: SectionContent::Access { rows }, .. } = hospital.station.section_read(request).unwrap()
    else {
        panic!("the access list")
    };
    rows.into_iter().map(|row| (row.what, row.outcome)).collect()
}

#[test]
fn a_visit_summary_says_what_was_found_and_what_stands_on_every_page() {
    let hospital = at_the_chart();
    signed(&hospital, "Wheezing #less* since $Monday$.");
    let paper = saved(&hospital, "visit.pdf", asked(PaperKind::VisitSummary)).unwrap();
    for wanted in [
        "SMITHSON, Jane (Ms)",
        "14-Jul-1945",
        "004217",
        "St. Elsewhere",
        "Dr OKAFOR, physician",
        "21-Nov-2026",
        "For the patient",
        "Page 1 of",
        "P A T I E N T C O P Y",
        "penicillin",
        "anaphylaxis",
        "asthma",
        "Wheezing #less* since $Monday$.",
        "the text is what was signed",
    ] {
        assert!(paper.contains(wanted), "{wanted}:\n{paper}");
    }
}

#[test]
fn the_medication_list_is_for_the_patient_in_the_words_of_the_screen() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    let medicine = |id: &str, name: &str, status: &str| {
        format!(
            r#"{{"resourceType": "MedicationRequest", "id": "{id}", "status": "{status}", "intent": "order", "subject": {{"reference": "Patient/p1"}},
              "medicationCodeableConcept": {{"text": "{name}"}}, "authoredOn": "2026-11-02",
              "dosageInstruction": [{{"route": {{"text": "oral"}}, "timing": {{"repeat": {{"frequency": 2, "period": 1, "periodUnit": "d"}}}},
                "doseAndRate": [{{"doseQuantity": {{"value": 5.0, "unit": "mg"}}}}]}}]}}"#
        )
    };
    for (id, name, status) in [
        ("m1", "warfarin", "active"),
        ("m2", "heparin", "stopped"),
        ("m3", "aspirin", "completed"),
        ("m4", "nothing", "entered-in-error"),
    ] {
        hospital.import(&medicine(id, name, status));
    }
    hospital.sign_out();
    come(&hospital, "okafor", "p1");
    let paper = saved(&hospital, "list.pdf", asked(PaperKind::MedicationList)).unwrap();
    let (now, rest) = paper.split_once("Not taken now").unwrap_or_else(|| panic!("what was stopped: {paper}"));
    assert!(now.contains("Medicines taken now"), "{paper}");
    assert!(now.contains("DOSE 5 mg – oral – 2 times per day"), "no trailing zero, words and no symbols: {paper}");
    assert!(rest.contains("stopped") && rest.contains("eparin"), "{paper}");
    assert!(rest.contains("1 medicine that was completed is not listed here"), "what is left out is said: {paper}");
    assert!(!paper.contains("nothing"), "a mistake is no medicine: {paper}");
}

#[test]
fn who_may_not_read_it_may_not_print_it_nor_look_at_it_before() {
    let hospital = at_the_chart();
    hospital.sign_out();
    come(&hospital, "lund", "p1");
    for kind in [PaperKind::VisitSummary, PaperKind::MedicationList, PaperKind::Note] {
        let request = PrintRequest { note: Some("n1".to_owned()), ..asked(kind) };
        assert_eq!(hospital.station.print_preview(request.clone()).unwrap_err().code, ErrorCode::Forbidden, "{kind:?}");
        assert_eq!(saved(&hospital, "no.pdf", request).unwrap_err().code, ErrorCode::Forbidden, "{kind:?}");
    }
    assert!(!hospital.folder.path().join("no.pdf").exists(), "no file");
    let band = saved(&hospital, "band.pdf", asked(PaperKind::Wristband)).unwrap();
    for wanted in ["SMITHSON", "Jane", "14-Jul-1945", "004217", "see chart"] {
        assert!(band.contains(wanted), "{wanted}: {band}");
    }
    assert!(
        !band.contains("penicillin") && !band.contains("81y"),
        "four identifiers, and no detail of an alert: {band}"
    );
    let sheet = saved(&hospital, "labels.pdf", asked(PaperKind::Labels)).unwrap();
    assert_eq!(sheet.matches("MRN 004217").count(), 5, "{sheet}");
    hospital.sign_out();
    hospital.sign_in("weiss");
    show(&hospital, "p1");
    let said = accesses(&hospital);
    let has = |what: &str, outcome: &str| said.iter().any(|(a, b)| a == what && b == outcome);
    assert!(
        has("printed the medication list", "refused") && has("printed an identity band or labels", "done"),
        "{said:?}"
    );
}

#[test]
fn nothing_is_printed_of_a_chart_that_is_not_on_the_screen_or_is_restricted() {
    let hospital = at_the_chart();
    let other = |patient: &str, chart: &str| PrintRequest {
        patient_id: patient.to_owned(),
        chart_on_screen: chart.to_owned(),
        ..asked(PaperKind::MedicationList)
    };
    for (patient, chart) in [("p2", "p2"), ("p2", "p1"), ("p1", "p2")] {
        let refused = saved(&hospital, "no.pdf", other(patient, chart)).unwrap_err();
        assert_eq!(refused.code, ErrorCode::OtherPatient, "{patient} while {chart} is said to stand there");
        let refused = hospital.station.print_preview(other(patient, chart)).unwrap_err();
        assert_eq!(refused.code, ErrorCode::OtherPatient, "nor looked at");
    }
    assert_eq!(saved(&hospital, "no.pdf", other("p3", "p3")).unwrap_err().code, ErrorCode::Restricted);
    assert!(!hospital.folder.path().join("no.pdf").exists(), "no file");
}

#[test]
fn what_leaves_the_house_says_to_whom_and_why_and_is_accounted_for() {
    let hospital = at_the_chart();
    let to = |recipient: &str, reason: &str, basis| PrintRequest {
        purpose: PaperPurpose::Other,
        recipient: recipient.to_owned(),
        reason: reason.to_owned(),
        basis,
        ..asked(PaperKind::MedicationList)
    };
    let law = Some(DisclosureBasis::RequiredByLaw);
    for request in [to("", "order 12", law), to("City court", " ", law), to("City court", "order 12", None)] {
        assert_eq!(saved(&hospital, "no.pdf", request).unwrap_err().code, ErrorCode::Invalid);
    }
    assert!(!hospital.folder.path().join("no.pdf").exists(), "nothing left");
    let paper = saved(&hospital, "court.pdf", to("City court", "order 12", law)).unwrap();
    assert!(paper.contains("For City court") && paper.contains("D I S C L O S E D C O P Y"), "{paper}");
    saved(&hospital, "own.pdf", asked(PaperKind::MedicationList)).unwrap();
    let care = PrintRequest { purpose: PaperPurpose::Care, ..asked(PaperKind::MedicationList) };
    saved(&hospital, "care.pdf", care).unwrap();
    saved(&hospital, "band.pdf", asked(PaperKind::Wristband)).unwrap();
    let again = saved(&hospital, "own.pdf", asked(PaperKind::MedicationList)).unwrap_err();
    assert_eq!(again.code, ErrorCode::Invalid, "nothing is written over, and that it was meant to leave is on record");

    let rows = accounting(&hospital);
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.recipient.as_str(), row.purpose.as_str(), row.description.as_str(), row.accountable))
        .collect();
    let own = ("The patient", "For the patient", "Medication list, 1 page, as a PDF file", false);
    let court = ("City court", "order 12", "Medication list, 1 page, as a PDF file", true);
    assert_eq!(told, [own, own, court], "what was for care in the house was disclosed to nobody");
}

#[test]
fn a_note_is_printed_with_its_signatures_once_it_is_signed_and_struck_out_when_it_was_an_error() {
    let hospital = at_the_chart();
    let draft = begin(&hospital, vigil_workstation::view::NoteKind::Progress, None).unwrap();
    let note = |id: &str| PrintRequest { note: Some(id.to_owned()), ..asked(PaperKind::Note) };
    assert_eq!(
        saved(&hospital, "no.pdf", note(&draft.id)).unwrap_err().code,
        ErrorCode::NotFound,
        "a draft is no record"
    );
    assert_eq!(saved(&hospital, "no.pdf", asked(PaperKind::Note)).unwrap_err().code, ErrorCode::Invalid, "which one?");
    let id = signed(&hospital, "Afebrile.");
    let paper = saved(&hospital, "note.pdf", note(&id)).unwrap();
    for wanted in ["Afebrile.", "Signed by Dr OKAFOR", "the text is what was signed", "SHA-256 "] {
        assert!(paper.contains(wanted), "{wanted}:\n{paper}");
    }
    hospital.reauthenticate(Purpose::Signing);
    let mark = NoteMarkRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        id: id.clone(),
        whose: NoteMarking::Own,
        reason: "another patient".to_owned(),
    };
    hospital.station.note_mark_in_error(mark).unwrap();
    let paper = saved(&hospital, "error.pdf", note(&id)).unwrap();
    assert!(
        paper.contains("ENTERED IN ERROR. This note does not count.") && paper.contains("another patient"),
        "{paper}"
    );
}

#[test]
fn a_preview_is_drawn_from_memory_and_on_record_as_what_it_is() {
    let hospital = at_the_chart();
    let view = hospital.station.print_preview(asked(PaperKind::MedicationList)).unwrap();
    assert_eq!((view.title.as_str(), view.pages, view.pictures.len()), ("Medication list", 1, 1));
    assert!(view.pictures[0].starts_with("<svg"), "a picture");
    hospital.sign_out();
    hospital.sign_in("weiss");
    show(&hospital, "p1");
    let said = accesses(&hospital);
    assert!(said.iter().any(|(what, _)| what == "looked at a document before printing"), "{said:?}");
    assert!(!said.iter().any(|(what, _)| what == "printed the medication list"), "nothing was printed: {said:?}");
}

#[test]
fn a_printer_that_is_not_there_is_said_before_anything_is_on_record_as_printed() {
    let hospital = at_the_chart();
    for printer in ["no-such-printer", "-oraw", "a b"] {
        let refused = create(&hospital, asked(PaperKind::MedicationList), Some(printer.to_owned()), None).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Invalid, "{printer}");
    }
    let nowhere = create(&hospital, asked(PaperKind::MedicationList), None, None).unwrap_err();
    assert_eq!(nowhere.code, ErrorCode::Invalid);
    assert!(accounting(&hospital).is_empty(), "nothing left");
}
