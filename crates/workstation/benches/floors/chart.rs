//! 500 resources of one chart, sealed, beside a plain rowid table that holds the same: alone and among other charts, and
//! both at the first touch (empty page cache, the file in the system's cache) and warm.

use std::path::Path;

use super::report::Report;
use super::station::Station;
use super::{ROUNDS, data, floor, timed};

/// A chart and its patient.
const RESOURCES: usize = 499;

pub(crate) fn measure(folder: &Path, report: &mut Report) {
    for (name, patients) in [("alone", 1), ("one of 100, whose resources came in turn", 100)] {
        let lines = data::round_robin(patients, patients * RESOURCES);
        let file = folder.join("chart.ndjson");
        std::fs::write(&file, lines.join("\n")).unwrap();
        let data = folder.join(format!("chart-{patients}"));
        let station = Station::new(&data);
        station.sign_in("admin");
        station.import(&file);
        station.sign_in("physician");
        let of_patients = |(position, line)| (data::owner(position, patients), line);
        let lines: Vec<_> = lines.into_iter().enumerate().map(of_patients).collect();
        let place = folder.join(format!("chart-{patients}.db"));
        let plain = floor::Plain::with(&place, &lines);
        let what = format!("chart of 500, {name}");
        warm(&what, &station, &plain, report);
        station.close();
        drop(plain);
        first_touch(&what, &data, &place, report);
    }
}

fn warm(what: &str, station: &Station, plain: &floor::Plain, report: &mut Report) {
    let (mut read, mut section, mut floors) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS * 20 {
        floors.push(timed(|| assert!(plain.read_chart("p0") >= RESOURCES)));
        read.push(timed(|| station.export_chart("p0")));
        section.push(timed(|| station.read_results("p0")));
        station.tick();
    }
    let floor = "plain SQLite, rowid table, warm";
    report.ratio(&format!("{what}, warm: open, decrypt, durable audit entry"), floor, &read, &floors, "<= 3x");
    report.duration(&format!("{what}, warm: the results page, ready to draw"), &section, "");
}

fn first_touch(what: &str, data: &Path, place: &Path, report: &mut Report) {
    let (mut read, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS * 4 {
        let plain = floor::Plain::at(place);
        floors.push(timed(|| assert!(plain.read_chart("p0") >= RESOURCES)));
        let station = Station::at(data);
        station.sign_in("physician");
        read.push(timed(|| station.export_chart("p0")));
        station.close();
    }
    let floor = "plain SQLite, rowid table, first touch";
    report.ratio(&format!("{what}, first touch: the same"), floor, &read, &floors, "<= 3x");
}
