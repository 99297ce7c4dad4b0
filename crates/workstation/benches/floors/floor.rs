//! The floors: the least that a machine can do for the same purpose.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use rusqlite::Connection;

/// Plain SQLite, a rowid table with an index by patient, durable, 500 rows a commit, then closed. The text is in memory and
/// nobody looks into it: the least of all.
pub(crate) fn insert_plain(path: &Path, lines: &[String]) {
    let plain = Plain::empty(path);
    plain.insert(lines);
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
        let database = Connection::open(path).unwrap();
        database
            .execute_batch(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-262144;
                 CREATE TABLE resource (id INTEGER PRIMARY KEY, patient TEXT, json TEXT);
                 CREATE INDEX by_patient ON resource (patient);",
            )
            .unwrap();
        Self(database)
    }

    /// A database that holds one chart.
    pub(crate) fn with(path: &Path, lines: &[String]) -> Self {
        let plain = Self::empty(path);
        plain.insert(lines);
        plain
    }

    fn insert(&self, lines: &[String]) {
        for batch in lines.chunks(500) {
            let transaction = self.0.unchecked_transaction().unwrap();
            {
                let mut insert =
                    transaction.prepare_cached("INSERT INTO resource (patient, json) VALUES ('chart', ?1)").unwrap();
                for line in batch {
                    insert.execute([line]).unwrap();
                }
            }
            transaction.commit().unwrap();
        }
    }

    /// Reads every resource of the chart; how many there are.
    pub(crate) fn read_chart(&self) -> usize {
        let mut select = self.0.prepare_cached("SELECT json FROM resource WHERE patient = 'chart'").unwrap();
        let rows = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
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
