//! Measures the SQLCipher settings that docs/adr/0002-sqlcipher-settings.md chooses between. Rounds are interleaved, so
//! that a busy machine hits every setting alike; the figures are medians.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a measurement, not the program"
)]

use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

const ROWS: i64 = 20_000;
const CHART: i64 = 500;
const ROUNDS: usize = 7;

struct Setting {
    name: &'static str,
    pragmas: &'static str,
}

const SETTINGS: [Setting; 6] = [
    Setting { name: "plain SQLite", pragmas: "" },
    Setting { name: "HMAC-SHA512", pragmas: "PRAGMA cipher_hmac_algorithm = HMAC_SHA512;" },
    Setting { name: "HMAC-SHA256", pragmas: "PRAGMA cipher_hmac_algorithm = HMAC_SHA256;" },
    Setting { name: "HMAC-SHA1", pragmas: "PRAGMA cipher_hmac_algorithm = HMAC_SHA1;" },
    Setting {
        name: "HMAC-SHA512, memory security",
        pragmas: "PRAGMA cipher_hmac_algorithm = HMAC_SHA512; PRAGMA cipher_memory_security = ON;",
    },
    Setting {
        name: "HMAC-SHA256, memory security",
        pragmas: "PRAGMA cipher_hmac_algorithm = HMAC_SHA256; PRAGMA cipher_memory_security = ON;",
    },
];

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let mut figures = vec![[const { Vec::new() }; 4]; SETTINGS.len()];
    for round in 0..ROUNDS {
        for (number, setting) in SETTINGS.iter().enumerate() {
            let path = folder.path().join(format!("{number}-{round}.db"));
            let open = || {
                let connection = Connection::open(&path).unwrap();
                if !setting.pragmas.is_empty() {
                    let key = "00112233445566778899aabbccddeeff".repeat(2);
                    connection.execute_batch(&format!("PRAGMA key = \"x'{key}'\";")).unwrap();
                }
                connection
                    .execute_batch(&format!(
                        "{} PRAGMA cache_size = -262144; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
                        setting.pragmas
                    ))
                    .unwrap();
                connection
            };
            let connection = open();
            connection.execute_batch("CREATE TABLE record (row INTEGER PRIMARY KEY, content BLOB NOT NULL);").unwrap();
            figures[number][0].push(timed(|| insert(&connection)));
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
            drop(connection);
            let connection = open();
            figures[number][1].push(timed(|| chart(&connection)));
            figures[number][2].push(timed(|| chart(&connection)));
            let commits = 50;
            figures[number][3].push(timed(|| commit(&connection, commits)) / commits);
            drop(connection);
            std::fs::remove_file(&path).unwrap();
        }
    }
    println!("| setting | insert {ROWS} rows | chart of {CHART}, first touch | again | durable commit |");
    println!("|---|---|---|---|---|");
    for (setting, figures) in SETTINGS.iter().zip(&mut figures) {
        let [insert, cold, warm, commit] = figures.each_mut().map(|times| median(times));
        println!(
            "| {} | {:.0} ms | {:.2} ms | {:.2} ms | {:.0} us |",
            setting.name,
            insert.as_secs_f64() * 1e3,
            cold.as_secs_f64() * 1e3,
            warm.as_secs_f64() * 1e3,
            commit.as_secs_f64() * 1e6
        );
    }
}

fn insert(connection: &Connection) {
    let content = [7_u8; 900];
    let sql = connection.unchecked_transaction().unwrap();
    let mut statement = sql.prepare("INSERT INTO record VALUES (?1, ?2)").unwrap();
    for row in 0..ROWS {
        statement.execute(params![row, content]).unwrap();
    }
    drop(statement);
    sql.commit().unwrap();
}

fn chart(connection: &Connection) {
    let mut statement = connection.prepare_cached("SELECT content FROM record WHERE row BETWEEN ?1 AND ?2").unwrap();
    let mut rows = statement.query([9_000, 9_000 + CHART - 1]).unwrap();
    let mut bytes = 0;
    while let Some(row) = rows.next().unwrap() {
        bytes += row.get_ref(0).unwrap().as_blob().unwrap().len();
    }
    assert_eq!(bytes, 900 * usize::try_from(CHART).unwrap(), "every row was read");
}

fn commit(connection: &Connection, times: u32) {
    for number in 0..times {
        let row = ROWS + i64::from(number);
        connection.prepare_cached("INSERT INTO record VALUES (?1, zeroblob(300))").unwrap().execute([row]).unwrap();
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
