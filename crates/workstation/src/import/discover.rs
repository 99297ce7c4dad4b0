//! Which files an import reads.

use std::fs;
use std::path::{Path, PathBuf};

/// A file to read, or why something that was named is not read.
pub(super) type Discovered = Result<PathBuf, (PathBuf, String)>;

/// The files behind `paths`: files as they are named, folders with everything below them, sorted. In folders only `.json`,
/// `.ndjson` and `.jsonl` count, and links are passed over: they could lead out of the folder that was chosen.
pub(super) fn discover(paths: &[PathBuf]) -> Vec<Discovered> {
    let mut found = Vec::new();
    for path in paths {
        match fs::metadata(path) {
            Ok(kind) if kind.is_dir() => folder(path, &mut found),
            Ok(kind) if kind.is_file() && is_fhir(path) => found.push(Ok(path.clone())),
            Ok(kind) if kind.is_file() => {
                let reason =
                    "skipped: only .json, .ndjson and .jsonl files are imported; rename it if it is one of them";
                found.push(Err((path.clone(), reason.to_owned())));
            }
            Ok(_) => found.push(Err((path.clone(), "skipped: neither a file nor a folder".to_owned()))),
            Err(error) => found.push(Err((path.clone(), unreadable(&error)))),
        }
    }
    found
}

/// Says why a file could not be read.
pub(super) fn unreadable(error: &std::io::Error) -> String {
    format!("it could not be read ({}); check that it is there and may be read", error.kind())
}

fn folder(path: &Path, found: &mut Vec<Discovered>) {
    let mut inside: Vec<PathBuf> =
        match fs::read_dir(path).and_then(|entries| entries.map(|e| e.map(|e| e.path())).collect()) {
            Ok(inside) => inside,
            Err(error) => return found.push(Err((path.to_owned(), unreadable(&error)))),
        };
    inside.sort();
    for path in inside {
        match fs::symlink_metadata(&path) {
            Ok(kind) if kind.is_dir() => folder(&path, found),
            Ok(kind) if kind.is_file() && is_fhir(&path) => found.push(Ok(path)),
            Ok(_) => {}
            Err(error) => found.push(Err((path, unreadable(&error)))),
        }
    }
}

fn is_fhir(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ["json", "ndjson", "jsonl"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// Whether the file's name says that it has one resource per line.
pub(super) fn is_named_lines(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ending.eq_ignore_ascii_case("ndjson") || ending.eq_ignore_ascii_case("jsonl")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_read_in_order_and_other_files_count_only_when_named() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("b")).unwrap();
        for name in ["c.json", "b/a.NDJSON", "a.jsonl", "notes.txt"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let found = discover(&[dir.path().to_owned(), dir.path().join("notes.txt"), dir.path().join("gone.json")]);
        let names: Vec<_> =
            found.iter().flatten().map(|p| p.strip_prefix(dir.path()).unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["a.jsonl", "b/a.NDJSON", "c.json"], "sorted, and the text file is not among them");
        assert_eq!(found.iter().filter(|f| f.is_err()).count(), 2, "what was named and cannot be read is said");
    }

    #[cfg(unix)]
    #[test]
    fn links_in_a_folder_are_not_followed() {
        let (dir, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(outside.path().join("x.json"), "").unwrap();
        std::os::unix::fs::symlink(outside.path(), dir.path().join("link")).unwrap();
        std::os::unix::fs::symlink(dir.path(), dir.path().join("loop")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("x.json"), dir.path().join("x.json")).unwrap();
        assert!(discover(&[dir.path().to_owned()]).is_empty(), "a link may lead out of the folder, or round in it");
    }
}
