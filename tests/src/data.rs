//! Finds the FHIR test data that lies outside the repository.

use std::path::{Path, PathBuf};

/// The project's root folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// One folder of the test data: `synthea-r4`, `bulk-ndjson`, `us-core-examples`.
///
/// The data is looked for in `VIGIL_TEST_DATA`, then in `shared/data` beside the project's root. Where it is absent the caller skips
/// its test, and this says so on standard error, because a silent skip looks like a pass.
pub fn folder(name: &str) -> Option<PathBuf> {
    let base = match std::env::var_os("VIGIL_TEST_DATA") {
        Some(base) => PathBuf::from(base),
        None => root().parent()?.join("shared").join("data"),
    };
    let folder = base.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!(
        "SKIPPED: the test data folder {} is absent; set VIGIL_TEST_DATA to the folder that holds {name}",
        folder.display()
    );
    None
}
