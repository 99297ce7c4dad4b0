//! Makes `src/password_rules/common.bin` from two lists, one password a line: `LONG SHORT OUT`. See `src/password_rules/SOURCES.md`.
#![allow(clippy::unwrap_used, missing_docs, reason = "a tool for developers may fail loudly")]

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization as _;

fn main() {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let [long, short, out] = paths.as_slice() else { panic_usage() };
    let mut keys = BTreeSet::new();
    for (path, shortest) in [(long, 15), (short, 4)] {
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let folded: String = line.nfkc().flat_map(char::to_lowercase).collect();
            if folded.chars().count() >= shortest {
                keys.insert(*Sha256::digest(folded.as_bytes()).first_chunk::<5>().unwrap());
            }
        }
    }
    std::fs::write(out, keys.into_iter().flatten().collect::<Vec<u8>>()).unwrap();
}

fn panic_usage() -> ! {
    eprintln!("say LONG SHORT OUT");
    std::process::exit(2)
}
