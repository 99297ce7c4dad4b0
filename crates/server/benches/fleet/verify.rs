//! Verifying a log of a million entries from end to end.

use std::time::Instant;

use vigil_server::audit_log::verify_all;
use vigil_server::intake::receive;

use crate::copy::{Copier, Into};
use crate::report::Report;
use crate::station::{BATCH, Writing};
use crate::support::workstation::morning;
use crate::support::{On, Server};

const ENTRIES: usize = 1_000_000;
const ROUNDS: usize = 3;
/// Rows that are read at once for the floor.
const STRETCH: usize = 50_000;

pub(crate) async fn measure(report: &mut Report) {
    let server = Server::on(On::Postgres).await;
    let mut writing = Writing::enrolled(&server, 1).await;
    for _ in 0..ENTRIES / BATCH {
        let batch = writing.next();
        receive(&server.store, &server.keys, writing.sender, batch, morning()).await.unwrap();
    }
    let log = writing.sender.log.to_string();
    let mut copier = Copier::to(&server.url, Into::Bare).await;
    let (mut ours, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let began = Instant::now();
        for from in (0..ENTRIES).step_by(STRETCH) {
            std::hint::black_box(copier.out(&log, from as u64 + 1, (from + STRETCH) as u64).await);
        }
        floors.push(began.elapsed());
        let began = Instant::now();
        let verified = verify_all(&server.store, &server.keys).await.unwrap();
        ours.push(began.elapsed());
        let sound = verified.iter().all(|log| log.verification.intact());
        assert!(sound && verified[0].verification.entries == ENTRIES as u64, "{verified:?}");
    }
    let what = format!("verification of {ENTRIES} entries, PostgreSQL");
    report.ratio(&what, "COPY of the same rows out of it", &ours, &floors, "<= 5 s");
}
