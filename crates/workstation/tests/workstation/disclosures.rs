//! Disclosures and reports as files: what is asked at an export, the accounting of six years, a patient's own report.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::Duration;

use vigil_model::Section;
use vigil_workstation::view::{
    AccessReportSaveRequest, AccessReportSelection, ChartReadRequest, DisclosureAccountingReadRequest,
    DisclosureAccountingSaveRequest, DisclosureAccountingView, OwnAccessReportSaveRequest, PatientExportRequest,
    ReportAbout, ReportColumn, ReportForm, SectionReadRequest,
};
use vigil_workstation::{AppError, DisclosureBasis, ErrorCode, ExportForm};

use crate::hospital::Hospital;

const YEAR: Duration = Duration::from_secs(366 * 24 * 60 * 60);

#[test]
fn an_export_says_who_receives_it_and_what_for_or_is_none() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    for (recipient, purpose) in
        [("", "a court order"), ("  ", "a court order"), ("City court", ""), ("City court", " ")]
    {
        let request = PatientExportRequest { recipient: recipient.to_owned(), purpose: purpose.to_owned(), ..export() };
        let refused = hospital.station.patient_export(request);
        assert_eq!(refused.err().unwrap().code, ErrorCode::Invalid, "{recipient:?} for {purpose:?}");
    }
    let long = PatientExportRequest { recipient: "x".repeat(201), ..export() };
    assert_eq!(hospital.station.patient_export(long).err().unwrap().code, ErrorCode::Invalid, "a name is a name");
    assert!(accounting(&hospital).unwrap().rows.is_empty(), "nothing left");
}

#[test]
fn the_accounting_tells_date_recipient_what_and_why_for_six_years() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    hospital.station.patient_export(export()).unwrap();
    let treatment = PatientExportRequest {
        basis: DisclosureBasis::Treatment,
        recipient: "Harbour General".to_owned(),
        purpose: "referral".to_owned(),
        ..export()
    };
    hospital.station.patient_export(treatment).unwrap();

    let view = accounting(&hospital).unwrap();
    assert_eq!(view.about, "SMITHSON, Jane (Ms), born 14-Jul-1945, MRN 004217");
    let [referral, court] = view.rows.as_slice() else { panic!("two, newest first: {:?}", view.rows) };
    assert_eq!((court.recipient.as_str(), court.address.as_str()), ("City court", "1 Law Street"), "who and where");
    assert_eq!(court.purpose, "a court order of 20-Nov-2026", "what for");
    assert_eq!(court.description, "The whole record as FHIR R4: 3 resources", "what");
    assert!(court.recorded.starts_with("21-Nov-2026") && court.who == "Dr OKAFOR", "when and by whom");
    assert_eq!((court.accountable, referral.accountable), (true, false), "treatment is excepted by the rule, and told");
    assert!(accounting_of(&hospital, "p2").unwrap().rows.is_empty(), "nothing about anybody else");

    for _ in 0..5 {
        hospital.clock.pass(YEAR);
    }
    assert_eq!(accounting(&hospital).unwrap().rows.len(), 2, "within six years");
    hospital.clock.pass(YEAR);
    assert!(accounting(&hospital).unwrap().rows.is_empty(), "and no longer");
}

#[test]
fn the_recipient_is_read_without_the_patients_key() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    hospital.station.patient_export(export()).unwrap();
    // The privacy officer holds no key of any chart.
    let view = accounting(&hospital).unwrap();
    assert_eq!(view.rows[0].recipient, "City court");
}

#[test]
fn files_are_private_new_and_on_record() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    hospital.station.chart_read(ChartReadRequest { patient_id: "p1".to_owned() }).unwrap();
    section(&hospital, Section::Medications);
    hospital.station.patient_export(PatientExportRequest { recipient: "=cmd()".to_owned(), ..export() }).unwrap();
    hospital.sign_in("lund");
    assert!(
        hospital
            .station
            .section_read(SectionReadRequest { patient_id: "p1".to_owned(), section: Section::Problems })
            .is_err()
    );
    hospital.sign_in("weiss");

    let csv = text(&hospital, "accounting.csv", |path| save_accounting(&hospital, ReportForm::Csv, path));
    assert!(csv.contains("\"'=cmd()\"") && csv.contains("\"required by law\",\"yes\""), "no formula: {csv}");
    let pdf = text(&hospital, "accounting.pdf", |path| save_accounting(&hospital, ReportForm::Pdf, path));
    assert!(pdf.starts_with("%PDF-") && pdf.contains("1 Law Street") && pdf.contains("St. Elsewhere"), "on paper");

    let own = text(&hospital, "own.csv", |path| save_own(&hospital, ReportForm::Csv, path));
    for line in [
        "\"Dr OKAFOR (physician)\",\"Opened your record\",\"Treatment\"",
        "\"Dr OKAFOR (physician)\",\"Looked at your medicines\",\"Treatment\"",
        "\"Dr LUND (front desk)\",\"Was refused: Looked at your conditions\"",
        "\"Made a copy of your record that left this workstation\"",
    ] {
        assert!(own.contains(line), "{line} in\n{own}");
    }
    let own = text(&hospital, "own.pdf", |path| save_own(&hospital, ReportForm::Pdf, path));
    assert!(own.starts_with("%PDF-") && own.contains("Opened your record"), "on paper");

    let report = text(&hospital, "report.csv", |path| save_report(&hospital, path));
    assert!(report.contains("\"read medications\"") && report.contains("\"TREAT\""), "{report}");
    let log = text(&hospital, "again.csv", |path| save_report(&hospital, path));
    for word in ["saved an access report", "saved the disclosures"] {
        assert!(log.contains(word), "each file is an entry itself: {word}");
    }

    let path = hospital.folder.path().join("again.csv").to_string_lossy().into_owned();
    let before = entries(&hospital);
    assert_eq!(save_report(&hospital, path).err().unwrap().code, ErrorCode::Invalid, "nothing is written over");
    assert_eq!(entries(&hospital), before + 2, "beside the check itself: the attempt is on record before the file");
}

#[test]
fn nobody_but_the_privacy_officer_writes_a_report() {
    let hospital = Hospital::with_patients();
    for user in ["okafor", "lund", "admin"] {
        hospital.sign_in(user);
        let path = |name: &str| hospital.folder.path().join(name).to_string_lossy().into_owned();
        let answers = [
            save_accounting(&hospital, ReportForm::Csv, path("a")),
            save_own(&hospital, ReportForm::Pdf, path("b")),
            save_report(&hospital, path("c")),
        ];
        for answer in answers {
            assert_eq!(answer.err().unwrap().code, ErrorCode::Forbidden, "{user}");
        }
        assert!(["a", "b", "c"].iter().all(|name| !hospital.folder.path().join(name).exists()), "{user}: no file");
    }
}

#[test]
fn a_patient_summary_is_a_document_and_a_disclosure_that_says_so() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    let request = PatientExportRequest { form: ExportForm::Summary, ..export() };
    let document: serde_json::Value =
        serde_json::from_slice(&hospital.station.patient_export(request).unwrap()).unwrap();
    assert_eq!(
        (&document["type"], &document["entry"][1]["resource"]["id"]),
        (&"document".into(), &"p1".into()),
        "whose"
    );
    let rows = accounting(&hospital).unwrap().rows;
    assert!(rows[0].description.starts_with("A patient summary"), "what was given away: {}", rows[0].description);
}

fn export() -> PatientExportRequest {
    PatientExportRequest {
        patient_id: "p1".to_owned(),
        form: ExportForm::Bundle,
        basis: DisclosureBasis::RequiredByLaw,
        recipient: "City court".to_owned(),
        address: "1 Law Street".to_owned(),
        purpose: "a court order of 20-Nov-2026".to_owned(),
    }
}

fn accounting(hospital: &Hospital) -> Result<DisclosureAccountingView, AppError> {
    accounting_of(hospital, "p1")
}

fn accounting_of(hospital: &Hospital, patient: &str) -> Result<DisclosureAccountingView, AppError> {
    hospital.sign_in("weiss");
    hospital.station.disclosure_accounting_read(DisclosureAccountingReadRequest { patient_id: patient.to_owned() })
}

fn save_accounting(hospital: &Hospital, form: ReportForm, path: String) -> Result<(), AppError> {
    let request = DisclosureAccountingSaveRequest { patient_id: "p1".to_owned(), form, path };
    hospital.station.disclosure_accounting_save(request).map(drop)
}

fn save_own(hospital: &Hospital, form: ReportForm, path: String) -> Result<(), AppError> {
    let (from, until) = (String::new(), String::new());
    let request = OwnAccessReportSaveRequest { patient_id: "p1".to_owned(), from, until, form, path };
    hospital.station.own_access_report_save(request).map(drop)
}

fn save_report(hospital: &Hospital, path: String) -> Result<(), AppError> {
    let selection = AccessReportSelection {
        about: ReportAbout::Patient { patient_id: "p1".to_owned() },
        from: String::new(),
        until: String::new(),
        flagged_only: false,
        sort: ReportColumn::Recorded,
        descending: true,
    };
    hospital.station.access_report_save(AccessReportSaveRequest { selection, path }).map(drop)
}

/// What was written, which nobody else reads.
fn text(hospital: &Hospital, name: &str, write: impl FnOnce(String) -> Result<(), AppError>) -> String {
    let path: PathBuf = hospital.folder.path().join(name);
    write(path.to_string_lossy().into_owned()).unwrap();
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{name} is its owner's");
    String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned()
}

fn section(hospital: &Hospital, section: Section) {
    hospital.station.section_read(SectionReadRequest { patient_id: "p1".to_owned(), section }).unwrap();
}

fn entries(hospital: &Hospital) -> u32 {
    hospital.station.audit_verify_unattended().unwrap().entries
}
