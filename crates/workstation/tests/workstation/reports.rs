//! The privacy officer's reports: who looked at a patient, what a user did, and what is worth a second look.

use std::time::Duration;

use vigil_model::{OverrideReason, Section};
use vigil_workstation::view::{
    AccessFlag, AccessReportRequest, AccessReportRow, AccessReportSelection, AccessReportView, ChartReadRequest,
    EmergencyAccessCreateRequest, ReportAbout, ReportColumn, SectionReadRequest,
};
use vigil_workstation::{AppError, ErrorCode, Role};

use crate::hospital::{Hospital, PASSWORD, new_user};

const COLUMNS: [ReportColumn; 9] = [
    ReportColumn::Recorded,
    ReportColumn::Who,
    ReportColumn::Role,
    ReportColumn::Patient,
    ReportColumn::What,
    ReportColumn::Purpose,
    ReportColumn::Outcome,
    ReportColumn::Flags,
    ReportColumn::Entry,
];

#[test]
fn who_looked_at_a_patient_is_told_also_of_a_restricted_one_with_the_purpose() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    chart(&hospital, "p1");
    section(&hospital, "p1", Section::Problems);
    break_glass(&hospital, "p3");
    section(&hospital, "p3", Section::Problems);
    hospital.sign_in("lund");
    assert!(hospital.station.section_read(request("p1", Section::Problems)).is_err(), "the front desk may not");

    hospital.sign_in("weiss");
    let report = read(&hospital, of("p1")).unwrap();
    assert_eq!(report.about, "SMITHSON, Jane (Ms), born 14-Jul-1945, MRN 004217", "whose report it is");
    let lines: Vec<_> =
        report.rows.iter().map(|row| (row.who.as_str(), row.what.as_str(), row.outcome.as_str())).collect();
    assert!(lines.contains(&("Dr OKAFOR", "opened the chart", "done")), "{lines:?}");
    assert!(lines.contains(&("Dr OKAFOR", "read problems", "done")), "{lines:?}");
    assert!(lines.contains(&("Dr LUND", "read problems", "refused")), "refusals count: {lines:?}");
    assert_eq!(usize::try_from(report.total).unwrap(), report.rows.len(), "all of them");

    let restricted = read(&hospital, of("p3")).unwrap();
    let problems = restricted.rows.iter().find(|row| row.what == "read problems").unwrap();
    assert_eq!((problems.purpose_code.as_str(), problems.emergency), ("BTG", true), "through a broken glass");
}

#[test]
fn what_a_user_did_is_told_with_whose_records() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    hospital.search("smithson");
    chart(&hospital, "p1");
    hospital.sign_in("weiss");
    let users = hospital.station.access_report_users().unwrap();
    let user = users.iter().find(|user| user.who == "Dr OKAFOR").unwrap();
    assert_eq!((user.role.as_str(), users.len()), ("physician", 4), "who there is to choose from");
    let selection = about(ReportAbout::User { user_id: user.user_id.clone() });
    let report = read(&hospital, selection.clone()).unwrap();
    assert_eq!(report.about, "Dr OKAFOR, physician");
    let opened = report.rows.iter().find(|row| row.what == "opened the chart").unwrap();
    assert_eq!(opened.patient, "SMITHSON, Jane (Ms)", "whose");
    assert!(
        report.rows.iter().any(|row| row.what == "searched or listed patients" && row.patient.ends_with("of a list"))
    );
    assert!(
        report.rows.iter().any(|row| row.what == "signed in" && row.patient.is_empty()),
        "and what was about nobody"
    );

    // The report named a patient, so that the patient's own report tells of it.
    let seen = read(&hospital, of("p1")).unwrap();
    assert!(
        seen.rows.iter().any(|row| row.what == "read an access report" && row.who == "Dr WEISS"),
        "{:?}",
        seen.rows
    );
}

#[test]
fn every_column_sorts_both_ways_and_loses_no_row() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    for patient in ["p2", "p1"] {
        chart(&hospital, patient);
        section(&hospital, patient, Section::Problems);
    }
    hospital.search("smythson");
    hospital.sign_in("weiss");
    let okafor =
        hospital.station.access_report_users().unwrap().into_iter().find(|user| user.who == "Dr OKAFOR").unwrap();
    for subject in [of("p1"), about(ReportAbout::User { user_id: okafor.user_id })] {
        let first = read(&hospital, subject.clone()).unwrap();
        for sort in COLUMNS {
            for descending in [false, true] {
                let selection = AccessReportSelection { sort, descending, ..subject.clone() };
                let report = page(&hospital, selection, 0, Some(first.up_to)).unwrap();
                let mut entries: Vec<u32> = report.rows.iter().map(|row| row.sequence).collect();
                let keys: Vec<String> = report.rows.iter().map(|row| key(row, sort)).collect();
                let ordered = keys.is_sorted_by(|a, b| if descending { a >= b } else { a <= b });
                assert!(ordered, "{sort:?}, descending {descending}: {keys:?}");
                entries.sort_unstable();
                let mut all: Vec<u32> = first.rows.iter().map(|row| row.sequence).collect();
                all.sort_unstable();
                assert_eq!(entries, all, "{sort:?}: the same rows");
            }
        }
    }
}

#[test]
fn a_period_and_the_flags_narrow_a_report_and_both_are_counted() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("admin");
    let namesake = vigil_workstation::view::UserCreateRequest {
        display_name: "Jane SMITHSON".to_owned(),
        ..new_user("jane", Role::Nurse)
    };
    hospital.station.user_create(namesake).unwrap();
    hospital.import(LABELLED);
    hospital.sign_in("okafor");
    chart(&hospital, "p1");
    let refused = hospital.station.chart_read(ChartReadRequest { patient_id: "v1".to_owned() }).err().unwrap();
    assert_eq!(refused.code, ErrorCode::Restricted, "a VIP's chart, to somebody who is not known to treat them");
    hospital.sign_in("jane");
    chart(&hospital, "p1");
    hospital.sign_in("weiss");

    let report = read(&hospital, of("p1")).unwrap();
    let flags = |who: &str| {
        let row = report.rows.iter().find(|row| row.who == who && row.what == "opened the chart").unwrap();
        row.flags.iter().map(|flag| flag.kind).collect::<Vec<_>>()
    };
    assert_eq!(flags("Jane SMITHSON"), [AccessFlag::SameName, AccessFlag::CoWorker], "her own name");
    assert_eq!(flags("Dr OKAFOR"), [AccessFlag::CoWorker], "a colleague's record, as far as the name tells");
    let vip = read(&hospital, of("v1")).unwrap();
    assert!(vip.rows.iter().all(|row| row.flags.iter().any(|flag| flag.kind == AccessFlag::Vip)), "a label");
    let plain = read(&hospital, of("p2")).unwrap();
    assert_eq!(plain.flagged, 0, "nothing about the third");

    let users = hospital.station.access_report_users().unwrap();
    let okafor = users.into_iter().find(|user| user.who == "Dr OKAFOR").unwrap();
    let done = about(ReportAbout::User { user_id: okafor.user_id });
    let all = read(&hospital, done.clone()).unwrap();
    let flagged = read(&hospital, AccessReportSelection { flagged_only: true, ..done }).unwrap();
    assert!(flagged.total > 0 && flagged.total < all.total, "{} of {}", flagged.total, all.total);
    assert_eq!(flagged.total, all.flagged, "as many as were counted");
    assert!(flagged.rows.iter().all(|row| !row.flags.is_empty()), "and nothing else");

    let later = AccessReportSelection { from: "2099-01-01".to_owned(), ..of("p1") };
    assert_eq!(read(&hospital, later).unwrap().total, 0, "nothing happened then");
    let wrong = AccessReportSelection { until: "tomorrow".to_owned(), ..of("p1") };
    assert_eq!(read(&hospital, wrong).err().unwrap().code, ErrorCode::Invalid, "a day is a day");
}

#[test]
fn the_pages_of_a_long_report_belong_together_while_the_log_grows() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    for _ in 0..510 {
        hospital.search("smythson");
    }
    hospital.sign_in("weiss");
    let selection = AccessReportSelection { sort: ReportColumn::Entry, descending: true, ..of("p2") };
    let first = read(&hospital, selection.clone()).unwrap();
    assert_eq!((first.rows.len(), first.total > 510), (500, true), "one page of {}", first.total);
    // Reading it was an access to the patient itself.
    let second = page(&hospital, selection.clone(), 500, Some(first.up_to)).unwrap();
    assert_eq!(second.total, first.total, "the same report");
    let last = first.rows.last().unwrap().sequence;
    assert!(second.rows.iter().all(|row| row.sequence < last), "it goes on where the first page ended");
    assert_eq!(first.rows.len() + second.rows.len(), usize::try_from(first.total).unwrap(), "and nothing is missing");
    let anew = read(&hospital, selection).unwrap();
    assert_eq!(anew.total, first.total + 2, "each page was on record");
}

#[test]
fn nobody_but_the_privacy_officer_reads_a_report() {
    let hospital = Hospital::with_patients();
    for user in ["okafor", "lund", "admin"] {
        hospital.sign_in(user);
        assert_eq!(read(&hospital, of("p1")).err().unwrap().code, ErrorCode::Forbidden, "{user}");
        assert_eq!(
            hospital.station.access_report_users().err().unwrap().code,
            ErrorCode::Forbidden,
            "{user}: the users"
        );
    }
    hospital.sign_in("weiss");
    hospital.station.session_lock().unwrap();
    assert_eq!(read(&hospital, of("p1")).err().unwrap().code, ErrorCode::Locked, "nor over a lock");
}

/// What a column is sorted by, as far as the row shows it.
fn key(row: &AccessReportRow, column: ReportColumn) -> String {
    match column {
        ReportColumn::Recorded | ReportColumn::Entry => format!("{:09}", row.sequence),
        ReportColumn::Who => row.who.to_lowercase(),
        ReportColumn::Role => row.role.clone(),
        ReportColumn::Patient => {
            if row.patient_id.is_some() {
                row.patient.to_lowercase()
            } else {
                String::new()
            }
        }
        ReportColumn::What => row.what.clone(),
        ReportColumn::Purpose => row.purpose.clone(),
        ReportColumn::Outcome => row.outcome.clone(),
        ReportColumn::Flags => row.flags.len().to_string(),
    }
}

fn of(patient: &str) -> AccessReportSelection {
    about(ReportAbout::Patient { patient_id: patient.to_owned() })
}

fn about(about: ReportAbout) -> AccessReportSelection {
    AccessReportSelection {
        about,
        from: String::new(),
        until: String::new(),
        flagged_only: false,
        sort: ReportColumn::Recorded,
        descending: true,
    }
}

fn read(hospital: &Hospital, selection: AccessReportSelection) -> Result<AccessReportView, AppError> {
    page(hospital, selection, 0, None)
}

fn page(
    hospital: &Hospital,
    selection: AccessReportSelection,
    offset: u32,
    up_to: Option<u32>,
) -> Result<AccessReportView, AppError> {
    hospital.station.access_report_read(AccessReportRequest { selection, offset, up_to })
}

fn chart(hospital: &Hospital, patient: &str) {
    hospital.station.chart_read(ChartReadRequest { patient_id: patient.to_owned() }).unwrap();
}

fn request(patient: &str, section: Section) -> SectionReadRequest {
    SectionReadRequest { patient_id: patient.to_owned(), section }
}

fn section(hospital: &Hospital, patient: &str, section: Section) {
    hospital.station.section_read(request(patient, section)).unwrap();
}

fn break_glass(hospital: &Hospital, patient: &str) {
    hospital.clock.pass(Duration::from_secs(1));
    let request = EmergencyAccessCreateRequest {
        patient_id: patient.to_owned(),
        reason: OverrideReason::ContinuityOfCare,
        justification: "unconscious in the emergency room".to_owned(),
        password: PASSWORD.to_owned(),
        proof: None,
    };
    hospital.station.emergency_access_create(request).unwrap();
}

/// Invented: a patient who is labelled a celebrity.
const LABELLED: &str = r#"{"resourceType": "Patient", "id": "v1",
  "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "CEL"}]},
  "name": [{"family": "Famous", "given": ["Fiona"]}], "birthDate": "1980-01-01"}"#;
