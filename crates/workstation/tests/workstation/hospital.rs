//! A small hospital: one workstation, its users and three patients.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{TimeDelta, TimeZone, Utc};
use vigil_workstation::posture::{Facts, Platform};
use vigil_workstation::view::{
    AdministratorCreateRequest, Environment, ImportReport, ImportStartRequest, PatientSearchRequest,
    SessionCreateRequest, SessionEndRequest, SessionReauthenticateRequest, SessionView, UserCreateRequest,
};
use vigil_workstation::{
    AppError, BootId, Clock, CustodianChoice, CustodianName, Event, IdleLock, ManagedPolicy, Moment, Purpose, Role,
    Setup, Workstation,
};

pub(crate) const PASSWORD: &str = "a sentence to remember";

/// A clock that stands still until it is moved: milliseconds passed, milliseconds by which the wall clock was set back, and
/// milliseconds that had passed at the last boot.
#[derive(Default)]
pub(crate) struct HandClock(AtomicU64, AtomicU64, AtomicU64);

impl HandClock {
    pub(crate) fn pass(&self, time: Duration) {
        self.0.fetch_add(u64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }

    pub(crate) fn set_wall_forward(&self, time: Duration) {
        self.1.fetch_sub(u64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// The computer starts anew now.
    pub(crate) fn reboot(&self) {
        self.2.store(1_000_000 + self.0.load(Ordering::SeqCst), Ordering::SeqCst);
    }

    pub(crate) fn set_wall_back(&self, time: Duration) {
        self.1.fetch_add(u64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Moment {
        let passed = Duration::from_millis(self.0.load(Ordering::SeqCst));
        let start = Utc.with_ymd_and_hms(2026, 11, 21, 10, 42, 0).unwrap();
        let back = TimeDelta::milliseconds(self.1.load(Ordering::SeqCst).cast_signed());
        let at_boot = Duration::from_millis(self.2.load(Ordering::SeqCst));
        Moment { utc: start + passed - back, since_boot: Duration::from_secs(1000) + passed - at_boot }
    }

    fn boot(&self) -> Option<BootId> {
        BootId::parse(&format!("01900000-0000-7000-8000-{:012}", self.2.load(Ordering::SeqCst)))
    }
}

/// An operating system that says nothing but its name.
pub(crate) struct Silent;

impl Platform for Silent {
    fn facts(&self, _data: &Path) -> Facts {
        Facts::default()
    }

    fn machine(&self) -> Option<String> {
        Some("ward-3".to_owned())
    }
}

pub(crate) struct Hospital {
    pub(crate) station: Arc<Workstation>,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) events: Arc<Mutex<Vec<String>>>,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) policy: ManagedPolicy,
}

impl Hospital {
    /// A workstation that is not set up.
    pub(crate) fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(HandClock::default());
        let events: Arc<Mutex<Vec<String>>> = Arc::default();
        let policy = ManagedPolicy::default();
        let station = open(&folder, &clock, &events, &policy);
        Self { station, clock, events, folder, policy }
    }

    /// Set up, with a physician, a nurse at the front desk, a privacy officer, and three patients. Nobody is signed in.
    pub(crate) fn with_patients() -> Self {
        let hospital = Self::bare();
        hospital.first_administrator();
        for (username, role) in
            [("okafor", Role::Physician), ("lund", Role::FrontDesk), ("weiss", Role::PrivacyOfficer)]
        {
            hospital.station.user_create(new_user(username, role)).unwrap();
        }
        hospital.import(PATIENTS);
        hospital.sign_out();
        hospital
    }

    pub(crate) fn sign_out(&self) {
        self.station.session_end(SessionEndRequest { keep_place: false }).unwrap();
    }

    pub(crate) fn first_administrator(&self) -> SessionView {
        self.station.administrator_create(Self::first_administrator_request()).unwrap()
    }

    pub(crate) fn first_administrator_request() -> AdministratorCreateRequest {
        AdministratorCreateRequest {
            organization: "St. Elsewhere".to_owned(),
            username: "admin".to_owned(),
            display_name: "B. Admin".to_owned(),
            password: PASSWORD.to_owned(),
        }
    }

    pub(crate) fn import(&self, bundle: &str) -> ImportReport {
        let file = self.folder.path().join("bundle.json");
        std::fs::write(&file, bundle).unwrap();
        let paths = vec![file.to_string_lossy().into_owned()];
        self.station.import_run(ImportStartRequest { paths }).unwrap()
    }

    /// One more patient, "Alone, Ann".
    pub(crate) fn import_one_patient(&self) {
        let patient = r#"{"resourceType": "Patient", "id": "p9", "name": [{"family": "Alone", "given": ["Ann"]}], "birthDate": "1980-01-01"}"#;
        let report = self.import(patient);
        assert_eq!(
            report.patients,
            1,
            "{:?}",
            report.problems.iter().map(|problem| &problem.reason).collect::<Vec<_>>()
        );
    }

    /// The password again, for one purpose.
    pub(crate) fn reauthenticate(&self, purpose: Purpose) {
        let request = SessionReauthenticateRequest { purpose, password: PASSWORD.to_owned(), proof: None };
        self.station.session_reauthenticate(request).unwrap();
    }

    pub(crate) fn sign_in(&self, username: &str) -> SessionView {
        self.try_sign_in(username, PASSWORD).unwrap()
    }

    pub(crate) fn try_sign_in(&self, username: &str, password: &str) -> Result<SessionView, AppError> {
        let request = SessionCreateRequest {
            username: username.to_owned(),
            password: password.to_owned(),
            proof: None,
            despite_refusal: None,
        };
        self.station.session_create(request)
    }

    pub(crate) fn search(&self, text: &str) -> Vec<String> {
        let found = self.station.patient_search(PatientSearchRequest { text: text.to_owned() }).unwrap();
        found.rows.into_iter().map(|row| row.name).collect()
    }

    /// A second program in the same data folder; the folder is the first one's.
    pub(crate) fn beside(&self) -> Beside {
        let events: Arc<Mutex<Vec<String>>> = Arc::default();
        Beside { station: open(&self.folder, &self.clock, &events, &self.policy) }
    }

    /// Closes the program and starts it again.
    pub(crate) fn restart(self) -> Self {
        let policy = self.policy.clone();
        self.under(policy)
    }

    /// The same with what the organisation prescribes.
    pub(crate) fn under(self, policy: ManagedPolicy) -> Self {
        self.station.close().unwrap();
        let Self { station, clock, events, folder, .. } = self;
        drop(station);
        let station = open(&folder, &clock, &events, &policy);
        Self { station, clock, events, folder, policy }
    }
}

/// A second program.
pub(crate) struct Beside {
    pub(crate) station: Arc<Workstation>,
}

impl Beside {
    pub(crate) fn sign_in(&self, username: &str) {
        let request = SessionCreateRequest {
            username: username.to_owned(),
            password: PASSWORD.to_owned(),
            proof: None,
            despite_refusal: None,
        };
        self.station.session_create(request).unwrap();
    }
}

pub(crate) fn new_user(username: &str, role: Role) -> UserCreateRequest {
    UserCreateRequest {
        username: username.to_owned(),
        display_name: format!("Dr {}", username.to_uppercase()),
        role,
        password: PASSWORD.to_owned(),
    }
}

fn open(
    folder: &tempfile::TempDir,
    clock: &Arc<HandClock>,
    events: &Arc<Mutex<Vec<String>>>,
    policy: &ManagedPolicy,
) -> Arc<Workstation> {
    let told = Arc::clone(events);
    let setup = Setup {
        data: folder.path().join("data"),
        custodian: CustodianChoice::Named(CustodianName::Software),
        state: None,
        environment: Environment::Training,
        policy: policy.clone(),
        idle_lock: IdleLock::default(),
        platform: Arc::new(Silent),
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        notify: Box::new(move |event| {
            told.lock().unwrap().push(match event {
                Event::SessionChanged(view) => format!("{:?}", view.stage),
                Event::LockWarning(seconds) => format!("warning {seconds:?}"),
                Event::ImportProgressed(progress) => progress.phase,
                Event::BackupProgressed(progress) => progress.phase,
                Event::SyncChanged(view) => format!("sync {:?}", view.link),
            });
        }),
    };
    Arc::new(Workstation::open(setup).unwrap())
}

/// Invented: two look-alikes and one restricted patient.
const PATIENTS: &str = r#"{
  "resourceType": "Bundle", "type": "transaction", "entry": [
    {"fullUrl": "urn:uuid:0b1f6a9e-58a6-4d5c-9f0e-000000000001", "request": {"method": "POST", "url": "Patient"},
     "resource": {"resourceType": "Patient", "id": "p1", "name": [{"use": "official", "family": "Smithson", "given": ["Jane"], "prefix": ["Ms"]}],
       "birthDate": "1945-07-14", "gender": "female", "identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": "004217"}]}},
    {"fullUrl": "urn:uuid:0b1f6a9e-58a6-4d5c-9f0e-000000000002", "request": {"method": "POST", "url": "Patient"},
     "resource": {"resourceType": "Patient", "id": "p2", "name": [{"family": "Smythson", "given": ["Jane"]}], "birthDate": "1954-07-02"}},
    {"fullUrl": "urn:uuid:0b1f6a9e-58a6-4d5c-9f0e-000000000003", "request": {"method": "POST", "url": "Patient"},
     "resource": {"resourceType": "Patient", "id": "p3", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}]},
       "name": [{"family": "Hidden", "given": ["Harold"]}], "birthDate": "1970-01-01"}},
    {"request": {"method": "POST", "url": "DocumentReference"},
     "resource": {"resourceType": "DocumentReference", "id": "n3", "subject": {"reference": "urn:uuid:0b1f6a9e-58a6-4d5c-9f0e-000000000003"}, "status": "current",
       "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "PSYTHPN"}]},
       "type": {"text": "Psychotherapy note"}, "content": [{"attachment": {"contentType": "text/plain", "data": "c2VjcmV0"}}]}},
    {"request": {"method": "POST", "url": "Practitioner"},
     "resource": {"resourceType": "Practitioner", "id": "d1", "name": [{"family": "Okafor", "given": ["Ada"], "prefix": ["Dr"]}]}},
    {"request": {"method": "POST", "url": "AllergyIntolerance"},
     "resource": {"resourceType": "AllergyIntolerance", "id": "a1", "patient": {"reference": "urn:uuid:0b1f6a9e-58a6-4d5c-9f0e-000000000001"},
       "code": {"text": "penicillin"}, "clinicalStatus": {"coding": [{"code": "active"}]}, "verificationStatus": {"coding": [{"code": "confirmed"}]},
       "criticality": "high", "reaction": [{"manifestation": [{"text": "anaphylaxis"}], "severity": "severe"}]}},
    {"request": {"method": "POST", "url": "Condition"},
     "resource": {"resourceType": "Condition", "id": "c1", "subject": {"reference": "urn:uuid:0b1f6a9e-58a6-4d5c-9f0e-000000000001"},
       "code": {"text": "asthma"}, "clinicalStatus": {"coding": [{"code": "active"}]}}},
    {"request": {"method": "POST", "url": "Condition"},
     "resource": {"resourceType": "Condition", "id": "c3", "subject": {"reference": "urn:uuid:0b1f6a9e-58a6-4d5c-9f0e-000000000003"},
       "code": {"text": "secret matter"}, "clinicalStatus": {"coding": [{"code": "active"}]}}}
  ]}"#;
