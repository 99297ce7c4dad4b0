//! A workstation to measure.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use vigil_model::Section;
use vigil_workstation::posture::{Facts, Platform};
use vigil_workstation::view::{
    AccessReportRequest, AccessReportSelection, AdministratorCreateRequest, ChartReadRequest, Environment,
    FleetJoinRequest, ImportStartRequest, PatientExportRequest, PatientSearchRequest, SectionReadRequest,
    SessionCreateRequest, SessionEndRequest, UserCreateRequest,
};
use vigil_workstation::{
    Clock, CustodianChoice, CustodianName, DisclosureBasis, ExportForm, IdleLock, ManagedPolicy, Moment, Role, Setup,
    UserId, Workstation,
};

const PASSWORD: &str = "a sentence to remember";

/// Nobody is asked: what is measured waits for no other program.
struct NoPlatform;

impl Platform for NoPlatform {
    fn facts(&self, _data: &Path) -> Facts {
        Facts::default()
    }
}

struct RunClock(Instant);

impl Clock for RunClock {
    fn now(&self) -> Moment {
        Moment { utc: chrono::Utc::now(), since_boot: Duration::from_secs(1) + self.0.elapsed() / 1_000 }
    }
}

pub(crate) struct Station {
    workstation: Arc<Workstation>,
    data: std::path::PathBuf,
}

impl Station {
    pub(crate) fn new(folder: &Path) -> Self {
        let workstation = open(folder);
        let first = AdministratorCreateRequest {
            organization: "Bench".to_owned(),
            username: "admin".to_owned(),
            display_name: "Admin".to_owned(),
            password: PASSWORD.to_owned(),
        };
        workstation.administrator_create(first).unwrap();
        let physician = UserCreateRequest {
            username: "physician".to_owned(),
            display_name: "Physician".to_owned(),
            role: Role::Physician,
            password: PASSWORD.to_owned(),
        };
        workstation.user_create(physician).unwrap();
        Self { workstation, data: folder.to_owned() }
    }

    /// The workstation that is there.
    pub(crate) fn at(folder: &Path) -> Self {
        Self { workstation: open(folder), data: folder.to_owned() }
    }

    /// Ends the program: the last connection writes the log back.
    pub(crate) fn close(self) {
        drop(self);
    }

    pub(crate) fn sign_in(&self, username: &str) {
        let request = SessionCreateRequest {
            username: username.to_owned(),
            password: PASSWORD.to_owned(),
            proof: None,
            despite_refusal: None,
        };
        self.workstation.session_create(request).unwrap();
    }

    pub(crate) fn sign_out(&self) {
        self.workstation.session_end(SessionEndRequest { keep_place: false }).unwrap();
    }

    pub(crate) fn import(&self, file: &Path) {
        let paths = vec![file.to_string_lossy().into_owned()];
        let report = self.workstation.import_run(ImportStartRequest { paths }).unwrap();
        assert!(report.problems.is_empty(), "every invented resource is sound");
    }

    pub(crate) fn import_lines(&self, file: &Path, lines: &[String]) {
        std::fs::write(file, lines.join("\n")).unwrap();
        self.import(file);
    }

    /// Joins the fleet of the server that made this token. Nothing is sent before [`Self::start_engine`].
    pub(crate) fn join(&self, token: &str) {
        self.workstation.fleet_join(FleetJoinRequest { token: token.to_owned() }).unwrap();
    }

    pub(crate) fn start_engine(&self) {
        self.workstation.sync_start().unwrap();
    }

    /// How many entries the server has not confirmed.
    pub(crate) fn waiting(&self) -> u32 {
        self.workstation.sync_read().unwrap().waiting
    }

    /// What a clinician's day is made of, as `docs/benchmarks.md` assumes it: for each chart two searches and six pages.
    pub(crate) fn work(&self) {
        for patient in 0..20 {
            let patient_id = format!("p{patient}");
            self.search("smith");
            self.search("jo");
            self.workstation.chart_read(ChartReadRequest { patient_id: patient_id.clone() }).unwrap();
            for section in [Section::Problems, Section::Medications, Section::Vitals, Section::Results] {
                let request = SectionReadRequest { patient_id: patient_id.clone(), section };
                self.workstation.section_read(request).unwrap();
            }
            self.tick();
        }
    }

    pub(crate) fn user(&self, username: &str, role: Role) {
        let request = UserCreateRequest {
            username: username.to_owned(),
            display_name: username.to_owned(),
            role,
            password: PASSWORD.to_owned(),
        };
        self.workstation.user_create(request).unwrap();
    }

    pub(crate) fn id_of(&self, username: &str) -> UserId {
        UserId::parse(&self.workstation.user_named(username).unwrap().id).unwrap()
    }

    /// The first page of a report; how many rows it has.
    pub(crate) fn report(&self, selection: AccessReportSelection) -> u32 {
        let request = AccessReportRequest { selection, offset: 0, up_to: None };
        self.workstation.access_report_read(request).unwrap().total
    }

    pub(crate) fn search(&self, text: &str) {
        self.workstation.patient_search(PatientSearchRequest { text: text.to_owned() }).unwrap();
    }

    /// What a second's timer does.
    pub(crate) fn tick(&self) {
        self.workstation.tick();
    }

    /// Every resource of the chart, decrypted, as text.
    pub(crate) fn export_chart(&self, patient: &str) {
        let text = self
            .workstation
            .patient_export(PatientExportRequest {
                patient_id: patient.to_owned(),
                form: ExportForm::Ndjson,
                basis: DisclosureBasis::Treatment,
                recipient: "the next hospital".to_owned(),
                address: String::new(),
                purpose: "measured".to_owned(),
            })
            .unwrap();
        assert!(text.len() > 100_000, "the whole chart");
    }

    pub(crate) fn read_results(&self, patient: &str) {
        let request = SectionReadRequest { patient_id: patient.to_owned(), section: Section::Results };
        self.workstation.section_read(request).unwrap();
    }

    /// A call that leaves one audit entry and does nothing else: the administrator asks for a chart.
    pub(crate) fn refused_call(&self) {
        assert!(self.workstation.chart_read(ChartReadRequest { patient_id: "p0".to_owned() }).is_err(), "refused");
    }

    /// What an entry costs on disk, the write-ahead log written back: the last connection does that when it closes.
    pub(crate) fn bytes_per_entry(self, entries: usize) -> f64 {
        let data = self.data.clone();
        let closed = |station: Self| {
            drop(station);
            std::fs::metadata(data.join("vigil.db")).unwrap().len() as f64
        };
        let before = closed(self);
        let station = Self::at(&data);
        station.sign_in("admin");
        for _ in 0..entries {
            station.refused_call();
        }
        (closed(station) - before) / entries as f64
    }
}

fn open(folder: &Path) -> Arc<Workstation> {
    let setup = Setup {
        data: folder.to_owned(),
        custodian: CustodianChoice::Named(CustodianName::Software),
        state: None,
        environment: Environment::Training,
        policy: ManagedPolicy::default(),
        idle_lock: IdleLock::default(),
        platform: Arc::new(NoPlatform),
        clock: Arc::new(RunClock(Instant::now())),
        notify: Box::new(|_| {}),
    };
    Arc::new(Workstation::open(setup).unwrap())
}
