//! Durable audit entries beside raw appends with fdatasync of as many bytes: alone, a hundred at once, and from many
//! threads.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use vigil_policy::{Denial, Interaction, Principal, Request, authorize};
use vigil_vault::{Environment, KdfCost, Setup, SoftwareCustodian, Vault};
use vigil_workstation::{Moment, PatientId};

use super::report::Report;
use super::station::Station;
use super::{ROUNDS, floor, timed};

const BATCH: usize = 100;
const THREADS: usize = 16;
/// What an entry takes in the log.
const ENTRY: [u8; 312] = [0x5a; 312];

pub(crate) fn measure(folder: &Path, report: &mut Report) {
    let station = Station::new(&folder.join("append"));
    let mut raw = floor::RawLog::at(&folder.join("raw.log"));
    let (mut ours, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS * 200 {
        floors.push(timed(|| raw.append(&ENTRY)));
        ours.push(timed(|| station.refused_call()));
        station.tick();
    }
    report.ratio("one durable audit entry", "append + fdatasync of 312 bytes", &ours, &floors, "<= 2x");

    let vault = vault(&folder.join("batches"));
    let (denials, bytes) = (vec![denial(); BATCH], [ENTRY; BATCH].concat());
    let (mut ours, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS * 40 {
        floors.push(timed(|| raw.append(&bytes)));
        ours.push(timed(|| vault.record_denials(&denials, now()).unwrap()));
        vault.checkpoint_when_due(now()).unwrap();
    }
    let what = format!("{BATCH} audit entries in one durable transaction");
    report.ratio(&what, "append + fdatasync of as many bytes", &ours, &floors, "speed >= 0.4x");

    let (mut ours, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS * 4 {
        floors.push(timed(|| (0..THREADS * 10).for_each(|_| raw.append(&ENTRY))));
        ours.push(timed(|| {
            std::thread::scope(|scope| {
                for _ in 0..THREADS {
                    scope.spawn(|| (0..10).for_each(|_| vault.record_denial(&denial(), now()).unwrap()));
                }
            });
        }));
    }
    let what = format!("{} refusals of {THREADS} threads at once, all durable", THREADS * 10);
    report.ratio(&what, "as many appends + fdatasync, one after the other", &ours, &floors, "");
    report.note("audit log, bytes an entry on disk", station.bytes_per_entry(2_000));
}

pub(crate) fn vault(folder: &Path) -> Vault {
    let custodian = Arc::new(SoftwareCustodian::at(&folder.with_extension("root")));
    let setup =
        Setup { organization: String::new(), environment: Environment::Training, kdf: KdfCost::CHEAP_FOR_TESTS };
    Vault::create(folder, custodian, &setup, now()).unwrap()
}

pub(crate) fn now() -> Moment {
    Moment { utc: chrono::Utc::now(), since_boot: Duration::from_secs(1) }
}

/// A chart is asked for while nobody is signed in.
fn denial() -> Denial {
    let request = Request {
        principal: Principal::Anonymous,
        interaction: Interaction::PatientRead,
        patient: PatientId::parse("p0").ok(),
        restricted: false,
        purpose: vigil_model::PurposeOfUse::Treatment,
        facts: vigil_policy::Facts::default(),
    };
    authorize(request).unwrap_err()
}
