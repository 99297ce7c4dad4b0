//! Amendments that patients ask for: recorded, decided in time, disagreed with, answered, and told with what they are about.

use std::time::Duration;

use vigil_model::Section;
use vigil_workstation::view::{
    AmendmentAcceptRequest, AmendmentCreateRequest, AmendmentDenyRequest, AmendmentDisagreeRequest,
    AmendmentExtendRequest, AmendmentRebutRequest, AmendmentRow, AmendmentStatus, DenialGround, NoteChoice,
    NoteFollows, NoteKind, NoteRelation, SectionContent, SectionReadRequest,
};
use vigil_workstation::{AppError, ErrorCode, ExportForm, Purpose};

use crate::hospital::Hospital;
use crate::note_errors::exported;
use crate::notes::{at_the_chart, begin, come, documents, keep, leave_to, note, show, sign, signed};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn ask(hospital: &Hospital, note: Option<&str>, asked: &str) -> Result<Vec<String>, AppError> {
    let request = AmendmentCreateRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        note: note.map(str::to_owned),
        about: "Smoking".to_owned(),
        asked: asked.to_owned(),
        received: String::new(),
    };
    hospital.station.amendment_create(request).map(|written| written.lines)
}

fn accept(hospital: &Hospital, row: &AmendmentRow, amendment: Option<&str>) -> Result<Vec<String>, AppError> {
    let request = AmendmentAcceptRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        id: row.id.clone(),
        version: row.version,
        done: "The note was amended".to_owned(),
        amendment: amendment.map(str::to_owned),
    };
    hospital.station.amendment_accept(request).map(|written| written.lines)
}

fn deny(hospital: &Hospital, row: &AmendmentRow) -> Result<Vec<String>, AppError> {
    let request = AmendmentDenyRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        id: row.id.clone(),
        version: row.version,
        ground: DenialGround::AccurateAndComplete,
        basis: "You told us so twice.".to_owned(),
        contact: "Privacy officer, 555-0100".to_owned(),
    };
    hospital.station.amendment_deny(request).map(|written| written.lines)
}

fn disagree(hospital: &Hospital, id: &str) -> Result<Vec<String>, AppError> {
    let request = AmendmentDisagreeRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        id: id.to_owned(),
        statement: "I never said so".to_owned(),
        received: String::new(),
    };
    hospital.station.amendment_disagree(request).map(|written| written.lines)
}

fn read(hospital: &Hospital) -> (Vec<AmendmentRow>, Vec<NoteChoice>, bool) {
    let request = SectionReadRequest { patient_id: "p1".to_owned(), section: Section::Amendments };
    let content = hospital.station.section_read(request).unwrap().content;
    let SectionContent::Amendments { rows, notes, decides } = content else { panic!("amendments") };
    (rows, notes, decides)
}

fn first(hospital: &Hospital) -> AmendmentRow {
    read(hospital).0.remove(0)
}

#[test]
fn a_request_is_recorded_by_the_front_desk_which_is_shown_no_word_of_it_and_decides_nothing() {
    let hospital = at_the_chart();
    leave_to(&hospital, "lund");
    ask(&hospital, None, "I never smoked").unwrap();
    let (rows, notes, decides) = read(&hospital);
    assert_eq!((rows[0].asked.as_deref(), rows[0].about.as_deref()), (None, None), "what was typed is clinical");
    assert_eq!((rows[0].status, decides, notes.len()), (AmendmentStatus::Open, false, 0), "how far it is, is not");
    assert_eq!(accept(&hospital, &rows[0], None).unwrap_err().code, ErrorCode::Forbidden, "to decide is a physician's");
    assert_eq!(deny(&hospital, &rows[0]).unwrap_err().code, ErrorCode::Forbidden, "whatever is decided");
    assert_eq!(
        ask(&hospital, Some("n1"), "x").unwrap_err().code,
        ErrorCode::NotFound,
        "it names no note it cannot read"
    );
    assert_eq!(
        hospital.station.amendment_due_search().err().unwrap().code,
        ErrorCode::Forbidden,
        "nor is it the list's"
    );
    leave_to(&hospital, "okafor");
    let (rows, _, decides) = read(&hospital);
    assert_eq!((rows[0].asked.as_deref(), decides), (Some("I never smoked"), true), "a physician reads and decides");
    leave_to(&hospital, "moreau");
    let request = SectionReadRequest { patient_id: "p1".to_owned(), section: Section::Amendments };
    assert_eq!(
        hospital.station.section_read(request).err().unwrap().code,
        ErrorCode::Forbidden,
        "a pharmacist reads none"
    );
}

#[test]
fn a_request_is_on_the_list_until_it_is_decided_and_overdue_when_its_day_is_over() {
    let hospital = at_the_chart();
    ask(&hospital, None, "I never smoked").unwrap();
    let due = || hospital.station.amendment_due_search().unwrap().rows;
    assert_eq!((due().len(), due()[0].overdue), (1, false), "it waits");
    assert_eq!(due()[0].due, first(&hospital).due.text, "with its day");
    hospital.sign_out();
    hospital.clock.pass(DAY * 60);
    come(&hospital, "okafor", "p1");
    assert!(!due()[0].overdue, "sixty days after it was received is in time");
    hospital.sign_out();
    hospital.clock.pass(DAY);
    come(&hospital, "weiss", "p1");
    assert!(due()[0].overdue, "a day later is not, and the privacy officer sees it");
    let request = SectionReadRequest { patient_id: "p1".to_owned(), section: Section::Amendments };
    assert_eq!(
        hospital.station.section_read(request).err().unwrap().code,
        ErrorCode::Forbidden,
        "but not what it says"
    );
    leave_to(&hospital, "okafor");
    deny(&hospital, &first(&hospital)).unwrap();
    assert!(due().is_empty(), "decided");
}

#[test]
fn the_time_is_extended_once_and_the_list_knows() {
    let hospital = at_the_chart();
    ask(&hospital, None, "I never smoked").unwrap();
    let extend = |days: u64| {
        let row = first(&hospital);
        let due = chrono::NaiveDate::parse_from_str(&row.due.iso, "%Y-%m-%d").unwrap();
        let until = due.checked_add_days(chrono::Days::new(days)).unwrap().format("%Y-%m-%d").to_string();
        let request = AmendmentExtendRequest {
            patient_id: "p1".to_owned(),
            chart_on_screen: "p1".to_owned(),
            id: row.id,
            version: row.version,
            until,
            delay: "The author is away".to_owned(),
        };
        hospital.station.amendment_extend(request)
    };
    assert_eq!(extend(31).err().unwrap().code, ErrorCode::Invalid, "by no more than thirty days");
    extend(30).unwrap();
    let row = first(&hospital);
    assert_eq!((row.status, row.delay.as_str()), (AmendmentStatus::Extended, "The author is away"), "and why");
    assert_eq!(hospital.station.amendment_due_search().unwrap().rows[0].due, row.due.text, "the list has the new day");
    assert_eq!(extend(1).err().unwrap().code, ErrorCode::Invalid, "once");
}

#[test]
fn a_denial_is_disagreed_with_and_answered_and_all_of_it_stands_with_the_note_and_in_an_export() {
    let hospital = at_the_chart();
    let id = signed(&hospital, "Smokes");
    ask(&hospital, Some(&id), "I never smoked").unwrap();
    let row = first(&hospital);
    assert_eq!(disagree(&hospital, &row.id).unwrap_err().code, ErrorCode::Invalid, "nothing was denied yet");
    deny(&hospital, &row).unwrap();
    assert_eq!(
        deny(&hospital, &row).unwrap_err().code,
        ErrorCode::VersionConflict,
        "who has not read it decides nothing"
    );
    let row = first(&hospital);
    assert_eq!(accept(&hospital, &row, None).unwrap_err().code, ErrorCode::Invalid, "it is decided once");
    let decision = row.decision.unwrap();
    assert_eq!(decision.who, "Dr OKAFOR", "by whom");
    assert!(decision.text.unwrap().contains("You told us so twice."), "in the words that the patient is given");
    disagree(&hospital, &row.id).unwrap();
    assert_eq!(disagree(&hospital, &row.id).unwrap_err().code, ErrorCode::Invalid, "one statement");
    let statement = first(&hospital).disagreement.unwrap();
    let rebuttal = AmendmentRebutRequest {
        patient_id: "p1".to_owned(),
        chart_on_screen: "p1".to_owned(),
        id: statement.id,
        version: statement.version,
        rebuttal: "It was said on two days".to_owned(),
    };
    hospital.station.amendment_rebut(rebuttal).unwrap();

    let requests = note(&hospital, &id).requests;
    assert_eq!(requests.len(), 1, "the note tells of it");
    let disagreement = requests[0].disagreement.clone().unwrap();
    assert_eq!(disagreement.statement.text.as_deref(), Some("I never said so"), "with the statement");
    assert_eq!(disagreement.rebuttal.unwrap().text.as_deref(), Some("It was said on two days"), "and the rebuttal");
    let tasks: Vec<_> =
        exported(&hospital, ExportForm::Bundle).into_iter().filter(|one| one["resourceType"] == "Task").collect();
    let about = format!("Composition/{id}");
    assert_eq!(tasks.len(), 2, "request and statement go with whatever is disclosed");
    assert!(tasks.iter().all(|task| task["focus"]["reference"] == about), "each naming what it is about");
}

#[test]
fn an_accepted_request_names_the_note_that_amends_what_it_is_about() {
    let hospital = at_the_chart();
    let (id, other) = (signed(&hospital, "Smokes"), signed(&hospital, "Something else"));
    ask(&hospital, Some(&id), "I never smoked").unwrap();
    let follows = NoteFollows { id: id.clone(), relation: NoteRelation::Amendment };
    let draft = begin(&hospital, NoteKind::Progress, Some(follows)).unwrap();
    let version = keep(&hospital, &draft, 1, "Never smoked").unwrap();
    hospital.reauthenticate(Purpose::Signing);
    sign(&hospital, &draft.id, version, None).unwrap();
    let amendment = documents(&hospital).0.into_iter().find(|row| row.title.contains("Amendment")).unwrap().id;
    let row = first(&hospital);
    let refused = accept(&hospital, &row, Some(&other)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid, "a note that follows another is none");
    accept(&hospital, &row, Some(&amendment)).unwrap();
    let row = first(&hospital);
    assert_eq!((row.status, row.amendment.as_deref()), (AmendmentStatus::Accepted, Some(amendment.as_str())), "linked");
    assert_eq!(note(&hospital, &id).requests[0].amendment.as_deref(), Some(amendment.as_str()), "from the note too");
}

#[test]
fn a_request_is_written_in_the_chart_on_the_screen_alone() {
    let hospital = at_the_chart();
    show(&hospital, "p2");
    assert_eq!(ask(&hospital, None, "x").unwrap_err().code, ErrorCode::OtherPatient, "p2 is on the screen");
    show(&hospital, "p1");
    assert_eq!(ask(&hospital, None, "  ").unwrap_err().code, ErrorCode::Invalid, "nothing was asked");
}
