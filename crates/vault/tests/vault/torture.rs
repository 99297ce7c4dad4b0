//! SIGKILL at any moment of writes, reads, changes of keys, backups and migration. What a killed program acknowledged is
//! there exactly once, the log verifies, the database opens, and nothing is half done.
//!
//! `VIGIL_TORTURE_KILLS` and `VIGIL_TORTURE_SEED` say how many and which; `cargo xtask torture` sets them.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use vigil_model::Role;
use vigil_policy::{Interaction, Principal, authorize};
use vigil_vault::{Backup, GroupKey, KdfCost, RotationCause, SoftwareCustodian, Vault};

use crate::hospital::{Hospital, PASSWORD, at, custodian, kind, password, permit, pid, request, rid};

const FOLDER: &str = "VIGIL_TORTURE_FOLDER";
const SEED: &str = "VIGIL_TORTURE_SEED";
const KILLS: &str = "VIGIL_TORTURE_KILLS";
/// After so many kills the hospital is a new one whose database has an older layout.
const ROUND: u64 = 20;

/// SplitMix64: the same seed, the same course.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

fn note(number: u64) -> String {
    format!(r#"{{"resourceType":"Observation","note":"written as {number}"}}"#)
}

fn acknowledge(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\nACK {line}").unwrap();
    out.flush().unwrap();
}

#[test]
#[ignore = "runs in a program of its own that is killed"]
fn worker() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).unwrap());
    let seed: u64 = std::env::var(SEED).unwrap().parse().unwrap();
    let keeper = || -> std::sync::Arc<dyn vigil_vault::Custodian> {
        std::sync::Arc::new(SoftwareCustodian::at(&folder.join("device-root")))
    };
    let data = folder.join("data");
    let mut chance = Chance(seed);
    let mut vault = Vault::open(&data, keeper()).unwrap();
    acknowledge("open");
    let (admin, mut keys) = vault.unlock("root", &password(PASSWORD)).unwrap();
    let (nurse, mut nurse_keys) = vault.unlock("nurse", &password(PASSWORD)).unwrap();
    let step = |interaction| permit(&admin, interaction, None);
    for turn in 0_u64.. {
        match chance.below(20) {
            0..=8 => {
                let number = seed.wrapping_mul(1_000_000).wrapping_add(turn) % 1_000_000_000_000;
                let (id, json) = (format!("k{number}"), note(number));
                vault
                    .transaction(step(Interaction::ImportCreate), Some(&keys), at(1), |tx| {
                        tx.resource_put(&vigil_vault::ResourcePut {
                            resource_type: &kind("Observation"),
                            id: &rid(&id),
                            patient: Some(&pid("open")),
                            json: &json,
                            sort: "",
                            demographics: None,
                            restricted: false,
                        })
                    })
                    .unwrap();
                acknowledge(&format!("write {number}"));
            }
            9..=11 => {
                let reading = permit(&nurse, Interaction::PatientRead, Some("open"));
                vault.transaction(reading, Some(&nurse_keys), at(2), |tx| tx.resource_counts(&pid("open"))).unwrap();
                acknowledge("read");
            }
            12 | 13 => {
                let key = GroupKey::ALL[chance.below(4) as usize];
                vault
                    .transaction(step(Interaction::KeyRotate), Some(&keys), at(3), |tx| {
                        tx.group_key_rotate(key, RotationCause::Demand, &keys)
                    })
                    .unwrap();
                acknowledge("rotate");
            }
            14 | 15 => {
                vault
                    .transaction(step(Interaction::KeyReseal), Some(&keys), at(4), |tx| {
                        let directory = tx.directory_reseal(3)?;
                        if directory.is_none() { tx.patients_reseal(3, &keys) } else { Ok(directory) }
                    })
                    .unwrap();
            }
            16 => {
                vault
                    .transaction(step(Interaction::KeyRotate), Some(&keys), at(5), |tx| tx.patient_keys_rotate())
                    .unwrap();
                let renew = authorize(request(Principal::Workstation, Interaction::UserSlotRenew, None)).unwrap();
                vault.slot_renew(renew, nurse.id, &password(PASSWORD), KdfCost::CHEAP_FOR_TESTS, at(6)).unwrap();
                acknowledge("slot");
            }
            17 => {
                let to = folder.join(format!("backup-{seed}-{turn}"));
                vault.backup(step(Interaction::BackupCreate), at(7), &to, None, &mut |_| true).unwrap();
                acknowledge(&format!("backup {}", to.display()));
            }
            18 => vault.checkpoint(at(8)).unwrap(),
            _ => {
                drop((keys, nurse_keys, vault));
                let new = authorize(request(Principal::Workstation, Interaction::DatabaseKeyRotate, None)).unwrap();
                vault = Vault::database_key_rotate(&data, keeper(), new, RotationCause::Schedule, at(9), &mut |_| true)
                    .unwrap();
                acknowledge("database");
                keys = vault.unlock("root", &password(PASSWORD)).unwrap().1;
                nurse_keys = vault.unlock("nurse", &password(PASSWORD)).unwrap().1;
            }
        }
    }
}

fn start(folder: &Path, seed: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "torture::worker", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .env(SEED, seed.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Lets a worker work until a moment that chance gives, and kills it; what it acknowledged, and what it complained of.
fn killed(folder: &Path, seed: u64, chance: &mut Chance) -> (Vec<String>, String) {
    let mut worker = start(folder, seed);
    let (sender, lines) = channel();
    let out = worker.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            if let Some(acknowledged) = line.strip_prefix("ACK ") {
                let _ = sender.send(acknowledged.to_owned());
            }
        }
    });
    let mut errors = worker.stderr.take().unwrap();
    let complaints = std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = std::io::Read::read_to_end(&mut errors, &mut text);
        String::from_utf8_lossy(&text).into_owned()
    });
    let mut acknowledged = Vec::new();
    // One in four dies before it said a word, while it opens and migrates; the others within or after some of their work.
    let words = if chance.below(4) == 0 { 0 } else { chance.below(30) };
    while (acknowledged.len() as u64) < words {
        match lines.recv_timeout(Duration::from_secs(60)) {
            Ok(line) => acknowledged.push(line),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    // The moment itself: a time and not an event, for it has to fall into the middle of things.
    let moment = Duration::from_micros(chance.below(if words == 0 { 400_000 } else { 40_000 }));
    while let Ok(line) = lines.recv_timeout(moment) {
        acknowledged.push(line);
        if chance.below(2) == 0 {
            break;
        }
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
    reader.join().unwrap();
    acknowledged.extend(lines.try_iter());
    let complaints = complaints.join().unwrap();
    (acknowledged, complaints.lines().filter(|line| line.contains("panicked")).collect::<Vec<_>>().join("\n"))
}

/// What has to be true after each kill.
struct Oracle {
    written: BTreeMap<u64, ()>,
    reads: u64,
}

impl Oracle {
    fn judge(&self, hospital: &Hospital, which: &str) {
        let vault = Vault::open(&hospital.data(), custodian(&hospital.folder));
        let vault = vault.unwrap_or_else(|error| panic!("{which}: the database does not open: {error}"));
        let (nurse, keys) = vault.unlock("nurse", &password(PASSWORD)).unwrap();
        let look = permit(&nurse, Interaction::SectionRead(vigil_model::Section::Vitals), Some("open"));
        let stored = vault.transaction(look, Some(&keys), at(20), |tx| tx.resources(&pid("open"), &["Observation"]));
        let mut found: BTreeMap<String, u32> = BTreeMap::new();
        for one in stored.unwrap() {
            let id = one.id.to_string();
            let json = one.json.unwrap_or_else(|error| panic!("{which}: {id} does not open: {error}"));
            if let Some(number) = id.strip_prefix('k') {
                assert_eq!(*json, note(number.parse().unwrap()), "{which}: {id} is what was written");
            }
            *found.entry(id).or_default() += 1;
        }
        for number in self.written.keys() {
            assert_eq!(found.get(&format!("k{number}")), Some(&1), "{which}: {number} was acknowledged");
        }
        let mut names = Vec::new();
        let directory = permit(&nurse, Interaction::DirectoryRead, None);
        vault
            .transaction(directory, Some(&keys), at(21), |tx| {
                tx.directory(|row| names.push(row.demographics.map(|found| found.family.clone())))
            })
            .unwrap();
        assert!(names.iter().all(Result::is_ok), "{which}: demographics open: {names:?}");
        let log = vault.audit_verify().unwrap();
        assert!(log.findings.is_empty(), "{which}: the log verifies: {:?}", log.findings);
        assert!(vault.rollback().unwrap().is_none(), "{which}: nothing went back");
        drop(vault);
        let raw = hospital.raw();
        let reads: u64 = raw
            .query_row(
                r#"SELECT count(*) FROM audit_entry WHERE CAST(event AS TEXT) LIKE '%"is":"patient-read"%'"#,
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert!(reads >= self.reads, "{which}: {} reads were acknowledged, {reads} are on record", self.reads);
        let check: String = raw.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(check, "ok", "{which}: the tables are whole");
        for name in std::fs::read_dir(hospital.data()).unwrap().map(|entry| entry.unwrap().file_name()) {
            let name = name.to_string_lossy().into_owned();
            assert!(!name.starts_with("vigil.db.next"), "{which}: {name} is left behind");
        }
    }
}

/// A hospital whose database has the layout before keys had versions.
fn older_hospital() -> Hospital {
    let mut hospital = Hospital::with_patients();
    drop(hospital.hire("nurse", Role::Nurse));
    hospital.import(|tx| tx.identifier_put("urn:mrn", "M-1", &kind("Patient"), &rid("open"))).unwrap();
    hospital.vault.checkpoint(at(10)).unwrap();
    // Another vault takes its place in the test, so that the folder is nobody's.
    let elsewhere = Hospital::new();
    hospital.vault = elsewhere.vault;
    hospital.admin_keys = elsewhere.admin_keys;
    let raw = hospital.raw();
    let tables: Vec<String> = {
        let mut statement =
            raw.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").unwrap();
        let names = statement.query_map([], |row| row.get(0)).unwrap();
        names.map(Result::unwrap).collect()
    };
    raw.execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM group_key WHERE id = 'authority';").unwrap();
    for table in tables {
        let Some((_, columns)) = LAYOUT_3.iter().find(|(name, _)| *name == table) else {
            raw.execute_batch(&format!("DROP TABLE {table}")).unwrap();
            continue;
        };
        let mut statement = raw.prepare(&format!("SELECT name FROM pragma_table_info('{table}')")).unwrap();
        let names: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        drop(statement);
        for name in names.iter().filter(|name| !columns.split(' ').any(|known| known == *name)) {
            raw.execute_batch(&format!("ALTER TABLE {table} DROP COLUMN {name}")).unwrap();
        }
    }
    let later: Vec<String> = {
        let mut statement = raw
            .prepare(
                "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND name <> 'resource_by_id'",
            )
            .unwrap();
        let names = statement.query_map([], |row| row.get(0)).unwrap();
        names.map(Result::unwrap).collect()
    };
    for index in later {
        raw.execute_batch(&format!("DROP INDEX {index}")).unwrap();
    }
    raw.pragma_update(None, "user_version", 3).unwrap();
    raw.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(raw);
    hospital
}

/// The tables and columns of the third layout.
const LAYOUT_3: &[(&str, &str)] = &[
    ("setting", "name value"),
    (
        "user",
        "id username display_name role disabled created_at last_sign_in public_key private_key emergency_public_key emergency_private_key",
    ),
    ("user_slot", "user memory_kib passes lanes salt session emergency"),
    ("sign_in_failure", "name count last refused_until"),
    ("group_key", "id public_key public_mac held"),
    ("user_grant", "user key sealed"),
    ("patient", "number id restricted version demographics"),
    ("wrapping_key", "id recipient sealed"),
    ("patient_key", "patient version recipient wrapping sealed"),
    ("resource_type", "number name"),
    ("resource_count", "patient type count next"),
    ("resource", "row type id version key_version sort digest content"),
    ("resource_history", "type id version patient key_version replaced_at content"),
    ("identifier", "token type id"),
    ("audit_entry", "seq event hashes detail"),
    ("audit_head", "one size frontier mac"),
    ("audit_checkpoint", "size note"),
    ("audit_index", "one size"),
    ("audit_patient", "patient seq"),
    ("audit_opened", "user patient at"),
    ("recovery_key", "one public_key authority made_at"),
    ("password_reset", "user at"),
    (
        "emergency_access",
        "id user patient reason started_at expires_at start_entry ended_at end_entry reviewer reviewed_at verdict review_entry",
    ),
];

#[test]
fn a_database_of_an_older_layout_opens_and_its_keys_can_be_replaced() {
    let hospital = older_hospital();
    let vault = Vault::open(&hospital.data(), custodian(&hospital.folder)).unwrap();
    let (admin, keys) = vault.unlock("root", &password(PASSWORD)).unwrap();
    for key in GroupKey::ALL {
        let version = vault
            .transaction(permit(&admin, Interaction::KeyRotate, None), Some(&keys), at(30), |tx| {
                tx.group_key_rotate(key, RotationCause::Demand, &keys)
            })
            .unwrap();
        assert_eq!(version, 2, "{key:?} of before is the first version");
    }
    let links = vault.transaction(crate::hospital::start(), None, at(31), |tx| tx.actor_references(admin.id)).unwrap();
    assert_eq!(links, None, "nobody is linked to a practitioner, and that is vouched for");
    drop((keys, vault));
    Oracle { written: BTreeMap::new(), reads: 0 }.judge(&hospital, "after the migration");
}

#[test]
fn killed_at_any_moment_it_loses_nothing_that_it_acknowledged() {
    let number = |name: &str, otherwise| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(otherwise);
    let (kills, seed): (u64, u64) = (number(KILLS, 20), number(SEED, 1));
    let mut chance = Chance(seed);
    let mut hospital = older_hospital();
    let mut oracle = Oracle { written: BTreeMap::new(), reads: 0 };
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for kill in 1..=kills {
        if kill % ROUND == 0 {
            hospital = older_hospital();
            oracle = Oracle { written: BTreeMap::new(), reads: 0 };
        }
        let (acknowledged, complaints) =
            killed(hospital.folder.path(), seed.wrapping_mul(7919).wrapping_add(kill), &mut chance);
        let which = format!("kill {kill} of seed {seed}");
        assert_eq!(complaints, "", "{which}: it was killed, it did not fail");
        for line in &acknowledged {
            let (what, rest) = line.split_once(' ').unwrap_or((line, ""));
            *seen.entry(what.to_owned()).or_default() += 1;
            match what {
                "write" => drop(oracle.written.insert(rest.parse().unwrap(), ())),
                "read" => oracle.reads += 1,
                "backup" => {
                    Backup::open(Path::new(rest)).unwrap_or_else(|error| panic!("{which}: a backup: {error}"));
                    std::fs::remove_file(rest).unwrap();
                }
                _ => {}
            }
        }
        oracle.judge(&hospital, &which);
        if kill % 50 == 0 {
            println!("{kill} of {kills} kills: {seen:?}");
        }
    }
    println!("{kills} kills of seed {seed}, acknowledged and all there: {seen:?}");
    assert!(seen.get("write").is_some_and(|count| *count >= kills / 2), "it was at work when it died: {seen:?}");
}
