//! The privacy officer's reports over a log of a million entries: each column sorts all of them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use vigil_model::{PurposeOfUse, Section, SessionId, UserId};
use vigil_policy::{Denial, DenialReason, Interaction, Principal, Request};
use vigil_vault::{SoftwareCustodian, Vault};
use vigil_workstation::view::{AccessReportSelection, ReportAbout, ReportColumn};
use vigil_workstation::{Moment, PatientId, Role};

use super::report::Report;
use super::station::Station;
use super::{data, memory, timed};

const ENTRIES: usize = 1_000_000;
/// Refusals in one transaction; they are entries as any other.
const BATCH: usize = 10_000;
const PATIENTS: usize = 2_000;
const COLUMNS: [(&str, ReportColumn); 9] = [
    ("time", ReportColumn::Recorded),
    ("user", ReportColumn::Who),
    ("role", ReportColumn::Role),
    ("patient", ReportColumn::Patient),
    ("what", ReportColumn::What),
    ("purpose", ReportColumn::Purpose),
    ("outcome", ReportColumn::Outcome),
    ("flags", ReportColumn::Flags),
    ("entry", ReportColumn::Entry),
];

pub(crate) fn measure(folder: &Path, report: &mut Report) {
    let place = folder.join("report");
    let station = Station::new(&place);
    station.user("privacy", Role::PrivacyOfficer);
    station.sign_in("admin");
    let file = folder.join("report.ndjson");
    data::write(&file, data::chart_by_chart(PATIENTS, PATIENTS));
    station.import(&file);
    let user = station.id_of("physician");
    station.close();

    let vault = Vault::open(&place, Arc::new(SoftwareCustodian::at(&place.join("device.root")))).unwrap();
    for batch in 0..ENTRIES / BATCH {
        let denials: Vec<Denial> = (0..BATCH).map(|at| denial(user, batch * BATCH + at)).collect();
        vault.record_denials(&denials, now()).unwrap();
        vault.checkpoint_when_due(now()).unwrap();
    }
    drop(vault);

    let station = Station::at(&place);
    station.sign_in("privacy");
    let before = memory::restart_peak();
    for (name, sort) in COLUMNS {
        let mut times = Vec::new();
        for descending in [false, true, false] {
            times.push(timed(|| {
                let about = ReportAbout::User { user_id: user.to_string() };
                let (from, until) = (String::new(), String::new());
                let selection = AccessReportSelection { about, from, until, flagged_only: false, sort, descending };
                assert!(station.report(selection) as usize >= ENTRIES, "all of them");
            }));
        }
        report.duration(&format!("what one user did, {ENTRIES} entries by {name}"), &times, "< 3 s");
    }
    report.note("the same, MB of memory at its peak beyond what was in use", ((memory::peak() - before) >> 10) as f64);
}

fn denial(user: UserId, at: usize) -> Denial {
    let sections = Section::ALL;
    let request = Request {
        principal: Principal::User { id: user, role: Role::Physician, session: SessionId::from_uuid(*user.as_uuid()) },
        interaction: Interaction::SectionRead(sections[at % sections.len()]),
        patient: PatientId::parse(&format!("p{}", at % PATIENTS)).ok(),
        restricted: false,
        purpose: PurposeOfUse::Treatment,
        facts: vigil_policy::Facts::default(),
    };
    Denial { request, reason: DenialReason::Role }
}

fn now() -> Moment {
    Moment { utc: chrono::Utc::now(), since_boot: Duration::from_secs(1) }
}
