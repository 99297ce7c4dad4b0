//! The demo hospital: invented patients written as FHIR R4 files, the same bytes for the same seed and day.
//!
//! Shared resources (organizations, places, practitioners) are one collection bundle, `hospital.json`; the charts are
//! one NDJSON file per resource type. No clinical fact in here is from memory: every code, range and dose stands in a
//! table whose rows name the source that was read. What is invented is the people and how ill they are.

mod allergy;
mod care;
mod chance;
mod chart;
mod code;
mod cover;
mod drug;
mod growth;
mod laboratory;
mod names;
mod note;
mod person;
mod prescribing;
mod problem;
mod procedure;
mod referral;
mod results;
mod roster;
mod sheaf;
mod staff;
mod today;
mod vaccine;
mod visit;
mod vital_signs;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use chrono::NaiveDate;

use chance::Chance;
use sheaf::Sheaf;
use staff::Staff;

/// How many patients a hospital has when nobody says.
pub(crate) const PATIENTS: usize = 400;

/// What was written.
#[derive(Debug)]
pub(crate) struct Summary {
    /// How many patients.
    pub(crate) patients: usize,
    /// The files, in the order in which they are to be imported.
    pub(crate) files: Vec<PathBuf>,
    /// How many resources of each type the charts hold.
    pub(crate) resources: BTreeMap<String, usize>,
}

/// Writes a hospital of `patients` into `out`, which is made if it is not there.
pub(crate) fn generate(seed: u64, patients: usize, today: NaiveDate, out: &Path) -> Result<Summary> {
    generate_with(seed, patients, None, today, out)
}

/// As [`generate`], with one more patient who has `heavy` encounters and five times as many observations.
pub(crate) fn generate_with(
    seed: u64,
    patients: usize,
    heavy: Option<usize>,
    today: NaiveDate,
    out: &Path,
) -> Result<Summary> {
    ensure!(patients > 0, "a hospital without patients: ask for at least 1");
    fs::create_dir_all(out).with_context(|| format!("making the folder {}", out.display()))?;
    let staff = Staff::new(&mut Chance::new(seed, 0));
    let shared = out.join("hospital.json");
    let bytes = serde_json::to_vec_pretty(&staff.bundle(&roster::shifts(&staff, today)))?;
    fs::write(&shared, bytes).with_context(|| format!("writing {}", shared.display()))?;

    let mut sheaf = Sheaf::new(out);
    let ordinary = (0..patients).map(|number| (number, None));
    let loaded = heavy.map(|visits| (HEAVY, Some(visits)));
    let mut written = 0;
    for (number, visits) in ordinary.chain(loaded) {
        let stream = u64::try_from(number)? + 1;
        for resource in chart::write(number, visits, today, &staff, &mut Chance::new(seed, stream)) {
            sheaf.put(&resource)?;
        }
        written += 1;
    }
    let (charts, resources) = sheaf.finish()?;
    let files = std::iter::once(shared).chain(charts).collect();
    Ok(Summary { patients: written, files, resources })
}

/// The heavy patient's number: beyond every ordinary one, so that nobody shares their dice.
const HEAVY: usize = 1_000_000;

/// `xtask hospital --out DIR [--patients N] [--seed S] [--today YYYY-MM-DD] [--heavy ENCOUNTERS]`
pub(crate) fn command(arguments: &[String]) -> Result<()> {
    let (mut out, mut patients, mut seed, mut heavy) = (None, PATIENTS, 1, None);
    let mut today = chrono::Utc::now().date_naive();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let value = words.next().with_context(|| format!("hospital: {word} needs a value"))?;
        let whole = || value.parse::<usize>().with_context(|| format!("hospital: {word} takes a whole number"));
        match word.as_str() {
            "--out" => out = Some(PathBuf::from(value)),
            "--patients" => patients = whole()?,
            "--heavy" => heavy = Some(whole()?),
            "--seed" => seed = value.parse().with_context(|| format!("hospital: {word} takes a whole number"))?,
            "--today" => today = value.parse().with_context(|| format!("hospital: {word} takes a date, YYYY-MM-DD"))?,
            _ => bail!("hospital: {word} is not known; use --out, --patients, --seed, --today, --heavy"),
        }
    }
    let out = out.context("hospital: say where with --out DIR")?;
    let summary = generate_with(seed, patients, heavy, today, &out)?;
    let mut screen = std::io::stdout().lock();
    writeln!(screen, "{} patients in {}", summary.patients, out.display())?;
    for (resource_type, count) in &summary.resources {
        writeln!(screen, "{count:>8} {resource_type}")?;
    }
    Ok(())
}
