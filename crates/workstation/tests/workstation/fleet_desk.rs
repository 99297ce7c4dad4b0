//! The desk over the whole fleet, at a workstation and with the real server: who opens it, what it shows, and a case from its alarm to its end.

use std::collections::HashSet;
use std::thread::sleep;
use std::time::{Duration, Instant};

use vigil_model::OverrideReason;
use vigil_workstation::view::{
    ActivityPeriod, BreachAssessmentRequest, CaseDecision, CaseFinding, ChartReadRequest, DetectionRuleUpdateRequest,
    EmergencyAccessCreateRequest, FleetAccessAbout, FleetAccessSearchRequest, FleetActivityRequest, IncidentAbout,
    IncidentDecideRequest, IncidentExportRequest, IncidentListView, IncidentReadRequest, IncidentSearchRequest,
    IncidentStage, IncidentStep, IncidentUpdateRequest, IncidentView, SessionReauthenticateRequest,
    SessionUnlockRequest, Stage,
};
use vigil_workstation::{AppError, ErrorCode, FleetPolicy, ManagedPolicy, Purpose, Role};

use crate::central_server::CentralServer;
use crate::fleet::{CHOSEN, choose, delivered, join};
use crate::hospital::Hospital;

/// Where it stands, in a word that is not ASCII.
const UNIT: &str = "Station 3 Süd";

/// A workstation of a fleet, with a user of the directory signed in who has chosen a password.
fn ward(username: &str, role: Role) -> (Hospital, CentralServer) {
    let mut policy = ManagedPolicy::default();
    policy.fleet = FleetPolicy { unit: Some(UNIT.to_owned().try_into().unwrap()), ..FleetPolicy::default() };
    let hospital = Hospital::with_patients().under(policy);
    let server = CentralServer::start(&hospital.clock);
    hospital.station.sync_start().unwrap();
    join(&hospital, &server);
    arrive(&hospital, &server, "n.lund", Role::Nurse);
    arrive(&hospital, &server, username, role);
    delivered(&hospital.station);
    (hospital, server)
}

fn arrive(hospital: &Hospital, server: &CentralServer, username: &str, role: Role) {
    let first = server.user(username, role);
    hospital.try_sign_in(username, &first).unwrap();
    choose(hospital, &first, CHOSEN);
}

fn open(hospital: &Hospital, password: &str) -> Result<(), AppError> {
    let request =
        SessionReauthenticateRequest { purpose: Purpose::FleetDesk, password: password.to_owned(), proof: None };
    hospital.station.session_reauthenticate(request)
}

fn list(hospital: &Hospital) -> Result<IncidentListView, AppError> {
    hospital.station.incident_search(IncidentSearchRequest { stage: None })
}

fn update(hospital: &Hospital, id: u32, step: IncidentStep, words: &str) -> Result<IncidentView, AppError> {
    hospital.station.incident_update(IncidentUpdateRequest { id, step, words: words.to_owned() })
}

fn decide(hospital: &Hospital, id: u32, decision: CaseDecision) -> Result<IncidentView, AppError> {
    hospital.station.incident_decide(IncidentDecideRequest { id, decision })
}

fn code<T>(answer: Result<T, AppError>) -> ErrorCode {
    answer.err().expect("it is refused").code
}

#[test]
fn the_desk_opens_to_the_password_alone_and_closes_with_the_screen_or_its_time() {
    let (hospital, server) = ward("p.weil", Role::PrivacyOfficer);
    server.incident("n.lund", &["p1"]);
    assert_eq!(code(list(&hospital)), ErrorCode::ReauthenticationNeeded, "a session is not enough");
    assert_eq!(code(open(&hospital, "not the password")), ErrorCode::WrongPassword);
    assert_eq!(code(list(&hospital)), ErrorCode::ReauthenticationNeeded, "nor is a wrong one");
    open(&hospital, CHOSEN).unwrap();
    assert_eq!(list(&hospital).unwrap().rows.len(), 1);

    hospital.station.session_lock().unwrap();
    assert_eq!(code(list(&hospital)), ErrorCode::Locked);
    hospital.station.session_unlock(SessionUnlockRequest { password: CHOSEN.to_owned(), proof: None }).unwrap();
    assert_eq!(code(list(&hospital)), ErrorCode::ReauthenticationNeeded, "what opened it went with the keys");

    open(&hospital, CHOSEN).unwrap();
    for _ in 0..2 {
        hospital.clock.pass(Duration::from_secs(8 * 60));
        hospital.station.input();
    }
    assert_eq!(code(list(&hospital)), ErrorCode::ReauthenticationNeeded, "a quarter of an hour is over");
}

#[test]
fn a_case_is_worked_on_from_its_alarm_to_its_end() {
    let (hospital, server) = ward("p.weil", Role::PrivacyOfficer);
    let id = server.incident("n.lund", &["p1", "elsewhere-7"]);
    open(&hospital, CHOSEN).unwrap();
    let row = list(&hospital).unwrap().rows.remove(0);
    assert_eq!((row.id, row.stage, row.figures.count, row.figures.limit), (id, IncidentStage::Open, 41, 36));
    assert!(matches!(&row.subject, IncidentAbout::User { who, .. } if who == "Dr N.LUND"), "{:?}", row.subject);

    let view = hospital.station.incident_read(IncidentReadRequest { id }).unwrap();
    assert_eq!(view.events.len(), 3, "with its entries");
    let known: Vec<_> = view.patients.iter().map(|one| (one.patient_id.as_str(), one.patient.as_deref())).collect();
    let jane = "SMITHSON, Jane (Ms), born 14-Jul-1945, MRN 004217";
    assert_eq!(known, [("elsewhere-7", None), ("p1", Some(jane))], "names are this workstation's own");
    assert!(view.assignable.iter().any(|one| one.who == "Dr P.WEIL"), "{:?}", view.assignable);

    let view = update(&hospital, id, IncidentStep::Acknowledge, "").unwrap();
    assert_eq!(view.row.assigned.unwrap().who, "Dr P.WEIL");
    assert_eq!(code(update(&hospital, id, IncidentStep::Acknowledge, "")), ErrorCode::VersionConflict, "once");
    assert_eq!(code(update(&hospital, id, IncidentStep::Suspend, "short")), ErrorCode::Invalid, "without a reason");
    let view = update(&hospital, id, IncidentStep::Suspend, "Forty charts and no reason for one").unwrap();
    assert!(view.row.suspended, "on every workstation");
    assert!(
        !update(&hospital, id, IncidentStep::LiftSuspension, "Talked to her and to the ward").unwrap().row.suspended
    );

    let assessment = BreachAssessmentRequest {
        nature: "Names and birth dates of two patients".to_owned(),
        recipient: "A nurse without a part in their care".to_owned(),
        acquired: "The charts were opened and read".to_owned(),
        mitigated: "She has stated that she kept nothing".to_owned(),
        breach: true,
        discovered: "2026-11-21".to_owned(),
    };
    let view = decide(&hospital, id, CaseDecision::Assess { assessment }).unwrap();
    assert_eq!(view.row.notify_by.as_deref(), Some("20-Jan-2027"), "sixty days after the discovery");
    assert_eq!(view.row.notify_days, Some(60));
    assert_eq!(view.assessment.unwrap().by.as_deref(), Some("Dr P.WEIL"));
    decide(&hospital, id, CaseDecision::Comment { words: "The head of the ward was told".to_owned() }).unwrap();
    let closing = CaseDecision::Close { finding: CaseFinding::Inappropriate, words: "Curiosity, admitted".to_owned() };
    let view = decide(&hospital, id, closing).unwrap();
    assert_eq!((view.row.stage, view.row.finding), (IncidentStage::Closed, Some(CaseFinding::Inappropriate)));
    let done: Vec<&str> = view.history.iter().map(|step| step.what.as_str()).collect();
    assert_eq!(done, ["acknowledged", "suspended", "suspension-lifted", "assessed", "commented", "closed"]);
    assert_eq!(view.history.last().unwrap().words.as_deref(), Some("Curiosity, admitted"));

    let path = hospital.folder.path().join("evidence.tar").to_string_lossy().into_owned();
    let export = || hospital.station.incident_export(IncidentExportRequest { id, path: path.clone() });
    export().unwrap();
    assert!(std::fs::read(&path).unwrap().len() > 1024, "a tar archive");
    assert_eq!(code(export()), ErrorCode::Invalid, "and it is never written over");
    assert!(hospital.station.audit_verify_unattended().unwrap().intact, "all of it in a log that is whole");
}

#[test]
fn workstations_figures_and_rules_are_read_and_rules_are_changed() {
    let (hospital, server) = ward("p.weil", Role::PrivacyOfficer);
    open(&hospital, CHOSEN).unwrap();
    let devices = hospital.station.fleet_device_search().unwrap().rows;
    let [device] = devices.as_slice() else { panic!("one workstation, and not {}", devices.len()) };
    assert!(device.this && device.host == "ward-3" && device.entries > 10 && !device.forked, "the one that is sat at");
    let month = FleetActivityRequest { period: ActivityPeriod::Month };
    let figures = hospital.station.fleet_activity_read(month).unwrap();
    assert!(figures.until_epoch - figures.from_epoch > 29.0 * 86_400.0);

    assert_eq!(device.unit.as_deref(), Some(UNIT), "where it stands");
    hospital.sign_in("okafor");
    chart(&hospital, "p1").unwrap();
    hospital.sign_out();
    delivered(&hospital.station);
    hospital.clock.pass(Duration::from_secs(1));
    hospital.try_sign_in("p.weil", CHOSEN).unwrap();
    open(&hospital, CHOSEN).unwrap();
    let figures = hospital.station.fleet_activity_read(month).unwrap();
    let units: Vec<_> = figures.units.iter().map(|one| (one.unit.as_deref(), one.accesses)).collect();
    assert_eq!(units, [(Some(UNIT), 1)], "and what is opened there counts there");

    let rules = hospital.station.detection_rule_search().unwrap();
    assert!(rules.rules.contains("volume-unexplained"), "{}", rules.rules);
    let put = |rules: String| hospital.station.detection_rule_update(DetectionRuleUpdateRequest { rules });
    assert_eq!(code(put("no rules".to_owned())), ErrorCode::Invalid);
    let next = rules.active + 1;
    let text = rules.rules.replacen(&format!("version = {}", rules.active), &format!("version = {next}"), 1);
    let untried = put(text.clone()).err().unwrap();
    assert_eq!(untried.code, ErrorCode::VersionConflict);
    assert!(untried.message.contains("vigil-server rule try"), "what to do: {untried}");
    server.try_rules(&text);
    assert_eq!(put(text).unwrap().active, next);
}

#[test]
fn an_administrator_sees_no_patient_and_decides_no_case_and_nobody_else_sees_anything() {
    let (hospital, server) = ward("a.boss", Role::Administrator);
    let id = server.incident("n.lund", &["p1"]);
    open(&hospital, CHOSEN).unwrap();
    let view = hospital.station.incident_read(IncidentReadRequest { id }).unwrap();
    assert!(view.patients.is_empty() && view.events.iter().all(|event| event.patient_id.is_none()));
    let comment = || CaseDecision::Comment { words: "Words that are not theirs to add".to_owned() };
    assert_eq!(code(decide(&hospital, id, comment())), ErrorCode::Forbidden);
    let search = FleetAccessSearchRequest {
        about: FleetAccessAbout::Everybody,
        period: ActivityPeriod::Day,
        emergencies: false,
        after: None,
    };
    assert_eq!(code(hospital.station.fleet_access_search(search)), ErrorCode::Forbidden);
    let export = IncidentExportRequest { id, path: "/tmp/never.tar".to_owned() };
    assert_eq!(code(hospital.station.incident_export(export)), ErrorCode::Forbidden);
    update(&hospital, id, IncidentStep::Acknowledge, "").unwrap();

    hospital.sign_in("okafor");
    assert_eq!(code(list(&hospital)), ErrorCode::Forbidden, "a physician does not work at the desk");
    assert_eq!(code(open(&hospital, crate::hospital::PASSWORD)), ErrorCode::Forbidden);
    hospital.sign_in("weiss");
    let alone = open(&hospital, crate::hospital::PASSWORD).err().unwrap();
    assert_eq!(alone.code, ErrorCode::WrongPassword, "one of this workstation alone");
    assert!(alone.message.contains("not of the server"), "{alone}");
}

/// Lets a minute pass, in which a workstation asks for the directory, and waits for the screen to lock by itself.
fn locked(hospital: &Hospital) {
    hospital.clock.pass(Duration::from_secs(60));
    let begun = Instant::now();
    while hospital.station.session_read().unwrap().stage != Stage::Locked {
        assert!(begun.elapsed() < Duration::from_secs(60), "a suspension is there with the next directory");
        sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_suspension_is_on_every_workstation_within_a_minute_and_breaking_the_glass_stays() {
    let (desk, server) = ward("p.weil", Role::PrivacyOfficer);
    let id = server.incident("n.lund", &["p1"]);
    let wards = [Hospital::with_patients(), Hospital::with_patients()];
    for ward in &wards {
        ward.station.sync_start().unwrap();
        join(ward, &server);
        ward.try_sign_in("n.lund", CHOSEN).unwrap();
        chart(ward, "p1").unwrap();
    }
    open(&desk, CHOSEN).unwrap();
    update(&desk, id, IncidentStep::Suspend, "Forty charts and no reason for one").unwrap();
    for ward in &wards {
        locked(ward);
        ward.station.session_unlock(SessionUnlockRequest { password: CHOSEN.to_owned(), proof: None }).unwrap();
        assert_eq!(code(chart(ward, "p1")), ErrorCode::Restricted, "no chart opens as it did");
        let request = EmergencyAccessCreateRequest {
            patient_id: "p1".to_owned(),
            reason: OverrideReason::EmergencyTreatment,
            justification: "She does not breathe and I am alone".to_owned(),
            password: CHOSEN.to_owned(),
            proof: None,
        };
        ward.station.emergency_access_create(request).unwrap();
        chart(ward, "p1").unwrap();
        delivered(&ward.station);
    }

    let search = |about, emergencies| {
        let request = FleetAccessSearchRequest { about, period: ActivityPeriod::Day, emergencies, after: None };
        desk.station.fleet_access_search(request).unwrap().rows
    };
    let patient = |id: &str| FleetAccessAbout::Patient { patient_id: id.to_owned() };
    let broken = search(FleetAccessAbout::Everybody, true);
    assert_eq!(broken.len(), 2, "each workstation's emergency is seen at the desk");
    assert!(
        broken.iter().all(|row| row.who.as_deref() == Some("Dr N.LUND") && row.patient_id.as_deref() == Some("p1"))
    );
    let logs: HashSet<&str> = broken.iter().map(|row| row.log.as_str()).collect();
    assert_eq!(logs.len(), 2, "with where it was");
    let looked = search(patient("p1"), false);
    let opened = looked.iter().filter(|row| row.what.contains("chart") && row.outcome == "done").count();
    assert!(opened >= 4, "who looked at a patient anywhere: {opened}");
    assert_eq!(looked[0].patient.as_deref(), Some("SMITHSON, Jane (Ms)"), "by the name that is known here");
    assert!(search(patient("nobody"), false).is_empty());
    let user = looked.iter().find(|row| row.who.as_deref() == Some("Dr N.LUND")).map(|row| row.sequence);
    assert!(user.is_some(), "and by whom");
    let bad = FleetAccessSearchRequest {
        about: FleetAccessAbout::User { user_id: "nobody".to_owned() },
        period: ActivityPeriod::Day,
        emergencies: false,
        after: None,
    };
    assert_eq!(code(desk.station.fleet_access_search(bad)), ErrorCode::Invalid);
}

#[test]
fn a_search_over_the_fleet_goes_on_page_by_page_and_to_its_end() {
    let (hospital, _server) = ward("p.weil", Role::PrivacyOfficer);
    hospital.sign_in("okafor");
    for _ in 0..120 {
        chart(&hospital, "p1").unwrap();
    }
    hospital.sign_out();
    delivered(&hospital.station);
    hospital.try_sign_in("p.weil", CHOSEN).unwrap();
    open(&hospital, CHOSEN).unwrap();
    let everything = FleetAccessSearchRequest {
        about: FleetAccessAbout::Everybody,
        period: ActivityPeriod::Month,
        emergencies: false,
        after: None,
    };
    let newest = hospital.station.fleet_access_search(everything).unwrap();
    assert_eq!(newest.rows.len(), 100, "a page of whatever happened");
    let mut request = FleetAccessSearchRequest {
        about: FleetAccessAbout::Patient { patient_id: "p1".to_owned() },
        period: ActivityPeriod::Month,
        emergencies: false,
        after: None,
    };
    let mut seen = HashSet::new();
    let mut pages = 0;
    loop {
        let page = hospital.station.fleet_access_search(request.clone()).unwrap();
        seen.extend(page.rows.into_iter().map(|row| (row.log, row.sequence)));
        pages += 1;
        request.after = page.next;
        if request.after.is_none() {
            break;
        }
    }
    assert!(pages >= 2 && seen.len() >= 120, "{} entries on {pages} pages, each once", seen.len());
    request.after = Some("_cursor=forged".to_owned());
    assert_eq!(code(hospital.station.fleet_access_search(request)), ErrorCode::Invalid, "a page that nobody was given");
}

fn chart(hospital: &Hospital, id: &str) -> Result<(), AppError> {
    hospital.station.chart_read(ChartReadRequest { patient_id: id.to_owned() }).map(drop)
}

#[test]
fn without_a_server_it_is_said_so() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("weiss");
    assert_eq!(code(list(&hospital)), ErrorCode::ServerOutOfReach, "there is none");

    let (hospital, mut server) = ward("p.weil", Role::PrivacyOfficer);
    open(&hospital, CHOSEN).unwrap();
    server.down();
    assert_eq!(code(list(&hospital)), ErrorCode::ServerOutOfReach, "it is away");
    assert_eq!(code(open(&hospital, CHOSEN)), ErrorCode::ServerOutOfReach);
}
