//! The floors: the least that a machine can do for the same purpose.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use rusqlite::Connection;

/// Plain SQLite, a rowid table with an index by patient, durable, 500 rows a commit, then closed. The text is in memory and
/// nobody looks into it: the least of all.
pub(crate) fn insert_plain(path: &Path, lines: &[String]) {
    let plain = Plain::empty(path);
    plain.insert(lines.iter().map(|line| ("chart", line.as_str())));
}

/// What any importer has to do, and nothing more: reads the file line by line, parses each line to find type, id and patient,
/// and inserts the text into plain SQLite, findable by id and by patient, durable, 500 rows a commit, then closed.
pub(crate) fn import_plain(path: &Path, file: &Path) {
    let database = Connection::open(path).unwrap();
    database
        .execute_batch(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-262144;
             CREATE TABLE resource (row INTEGER PRIMARY KEY, type TEXT, id TEXT, patient TEXT, json TEXT);
             CREATE UNIQUE INDEX by_id ON resource (type, id);
             CREATE INDEX by_patient ON resource (patient);",
        )
        .unwrap();
    let mut lines = BufReader::new(File::open(file).unwrap()).lines().map(Result::unwrap).peekable();
    while lines.peek().is_some() {
        let transaction = database.unchecked_transaction().unwrap();
        {
            let mut insert = transaction
                .prepare_cached("INSERT INTO resource (type, id, patient, json) VALUES (?1, ?2, ?3, ?4)")
                .unwrap();
            for line in lines.by_ref().take(500) {
                let resource: serde_json::Value = serde_json::from_str(&line).unwrap();
                let id = resource["id"].as_str().unwrap();
                let patient = resource["subject"]["reference"].as_str().map_or(id, |text| &text["Patient/".len()..]);
                insert.execute([resource["resourceType"].as_str().unwrap(), id, patient, &line]).unwrap();
            }
        }
        transaction.commit().unwrap();
    }
}

/// A plain database.
pub(crate) struct Plain(Connection);

impl Plain {
    fn empty(path: &Path) -> Self {
        let plain = Self::at(path);
        plain
            .0
            .execute_batch(
                "CREATE TABLE resource (id INTEGER PRIMARY KEY, patient TEXT, json TEXT);
                 CREATE INDEX by_patient ON resource (patient);",
            )
            .unwrap();
        plain
    }

    /// The database that is there; its cache is empty.
    pub(crate) fn at(path: &Path) -> Self {
        let database = Connection::open(path).unwrap();
        database.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-262144;").unwrap();
        Self(database)
    }

    /// A database with these resources in the order in which they came, each with its patient.
    pub(crate) fn with(path: &Path, lines: &[(String, String)]) -> Self {
        let plain = Self::empty(path);
        plain.insert(lines.iter().map(|(patient, line)| (patient.as_str(), line.as_str())));
        plain
    }

    fn insert<'l>(&self, lines: impl Iterator<Item = (&'l str, &'l str)>) {
        let mut lines = lines.peekable();
        while lines.peek().is_some() {
            let transaction = self.0.unchecked_transaction().unwrap();
            {
                let mut insert =
                    transaction.prepare_cached("INSERT INTO resource (patient, json) VALUES (?1, ?2)").unwrap();
                for (patient, line) in lines.by_ref().take(500) {
                    insert.execute([patient, line]).unwrap();
                }
            }
            transaction.commit().unwrap();
        }
    }

    /// Reads every resource of the chart; how many there are.
    pub(crate) fn read_chart(&self, patient: &str) -> usize {
        let mut select = self.0.prepare_cached("SELECT json FROM resource WHERE patient = ?1").unwrap();
        let rows = select.query_map([patient], |row| row.get::<_, String>(0)).unwrap();
        rows.map(|row| usize::from(!row.unwrap().is_empty())).sum()
    }
}

/// A file to which entries are appended and flushed.
pub(crate) struct RawLog(File);

impl RawLog {
    pub(crate) fn at(path: &Path) -> Self {
        Self(File::create(path).unwrap())
    }

    pub(crate) fn append(&mut self, entry: &[u8]) {
        self.0.write_all(entry).unwrap();
        self.0.sync_data().unwrap();
    }
}

/// One key derivation with the parameters of a user slot.
pub(crate) fn argon2id() -> [u8; 32] {
    let params = argon2::Params::new(64 * 1024, 3, 1, Some(32)).unwrap();
    let mut key = [0; 32];
    argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password_into(b"a sentence to remember", b"sixteen bytes !!", &mut key)
        .unwrap();
    key
}
