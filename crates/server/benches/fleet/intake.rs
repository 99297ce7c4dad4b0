//! Taking in batches of 1,000 sealed entries: opened, chained, compared with their checkpoint, durable, cosigned.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use vigil_server::intake::receive;

use crate::copy::{Copier, Into, Rows};
use crate::report::Report;
use crate::station::{BATCH, Writing};
use crate::support::workstation::morning;
use crate::support::{On, Server};

/// Batches of a run.
const BATCHES: usize = 40;
/// Workstations that send at once.
const AT_ONCE: u8 = 4;

pub(crate) async fn measure(report: &mut Report) {
    alone(report).await;
    at_once(report).await;
    embedded(report).await;
}

async fn alone(report: &mut Report) {
    let server = Server::on(On::Postgres).await;
    let mut writing = Writing::enrolled(&server, 1).await;
    let (mut indexed, mut bare) =
        (Copier::to(&server.url, Into::Indexed).await, Copier::to(&server.url, Into::Bare).await);
    let (mut ours, mut floors, mut bares) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..BATCHES {
        let (took, rows) = taken(&server, &mut writing, &mut indexed).await;
        ours.push(took);
        floors.push(copied(&mut indexed, Into::Indexed, rows.clone()).await);
        bares.push(copied(&mut bare, Into::Bare, rows).await);
    }
    let what = format!("a batch of {BATCH} entries taken in, PostgreSQL");
    report.ratio(&what, "COPY of the same rows, same keys and indexes", &ours, &floors, "speed >= 0.5x");
    report.ratio("the same", "COPY of the same rows into bare tables", &ours, &bares, "");
    report.note("entries a second, one workstation", BATCH as f64 / crate::median(&ours).as_secs_f64(), "");
}

/// How long the next batch took, and the rows that it made.
async fn taken(server: &Server, writing: &mut Writing, copier: &mut Copier) -> (Duration, Rows) {
    let batch = writing.next();
    let (from, log) = (batch.from, writing.sender.log.to_string());
    let began = Instant::now();
    let receipt = receive(&server.store, &server.keys, writing.sender, batch, morning()).await.unwrap();
    let took = began.elapsed();
    (took, copier.out(&log, from, receipt.next - 1).await)
}

async fn copied(copier: &mut Copier, into: Into, rows: Rows) -> Duration {
    let began = Instant::now();
    copier.copy(into, rows).await;
    began.elapsed()
}

/// Several workstations at once, beside as many COPYs at once.
async fn at_once(report: &mut Report) {
    let server = Server::on(On::Postgres).await;
    let (mut ours, mut floors) = (Vec::new(), Vec::new());
    let (mut writing, mut copiers) = (Vec::new(), Vec::new());
    for number in 1..=AT_ONCE {
        writing.push(Writing::enrolled(&server, number).await);
        copiers.push(Copier::to(&server.url, Into::Indexed).await);
    }
    for _ in 0..BATCHES / 2 {
        let batches: Vec<_> = writing.iter_mut().map(|writing| (writing.sender, writing.next())).collect();
        let ranges: Vec<_> = batches.iter().map(|(sender, batch)| (sender.log.to_string(), batch.from)).collect();
        let mut receiving = JoinSet::new();
        let began = Instant::now();
        for (sender, batch) in batches {
            let (store, keys) = (server.store.clone(), server.keys.clone());
            receiving.spawn(async move { receive(&store, &keys, sender, batch, morning()).await.unwrap() });
        }
        receiving.join_all().await;
        ours.push(began.elapsed());
        let mut rows = Vec::new();
        for ((log, from), copier) in ranges.into_iter().zip(&mut copiers) {
            rows.push(copier.out(&log, from, from + BATCH as u64 - 1).await);
        }
        let mut copying = JoinSet::new();
        let began = Instant::now();
        for (mut copier, rows) in copiers.drain(..).zip(rows) {
            copying.spawn(async move {
                copier.copy(Into::Indexed, rows).await;
                copier
            });
        }
        copiers = copying.join_all().await;
        floors.push(began.elapsed());
    }
    let what = format!("{AT_ONCE} such batches at once, PostgreSQL");
    report.ratio(&what, "as many COPYs at once, same keys and indexes", &ours, &floors, "");
    let entries = BATCH as f64 * f64::from(AT_ONCE);
    report.note(&format!("entries a second, {AT_ONCE} workstations"), entries / crate::median(&ours).as_secs_f64(), "");
}

async fn embedded(report: &mut Report) {
    let server = Server::on(On::Sqlite).await;
    let mut writing = Writing::enrolled(&server, 1).await;
    let mut ours = Vec::new();
    for _ in 0..BATCHES {
        let batch = writing.next();
        let began = Instant::now();
        receive(&server.store, &server.keys, writing.sender, batch, morning()).await.unwrap();
        ours.push(began.elapsed());
    }
    report.duration(&format!("a batch of {BATCH} entries taken in, embedded database"), &ours, "");
}
