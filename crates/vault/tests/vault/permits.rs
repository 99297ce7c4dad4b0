//! What must not compile.
//!
//! The cases in `tests/ui` go to the compiler together with the crates that this test was built with, so nothing is built a second
//! time. A case says behind `//~` which error it has to give at which line; it has to give these and no other.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The case that has to compile.
const ALLOWED: &str = "what_is_allowed.rs";
/// What the cases use.
const CRATES: [&str; 3] = ["vigil_vault", "vigil_policy", "vigil_model"];

/// The line, and behind it code and text of the error there.
type Errors = BTreeSet<(u64, String)>;

#[test]
fn a_permit_is_neither_forged_nor_used_twice_and_keys_are_neither_printed_nor_copied() {
    let compiler = Compiler::of_this_build();
    let mut cases: Vec<PathBuf> = fs::read_dir(cases()).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|case| case.extension().is_some_and(|extension| extension == "rs") && !case.ends_with(ALLOWED));
    assert!(cases.len() >= 4, "every case is there: {cases:?}");
    for case in cases {
        let source = fs::read_to_string(&case).unwrap();
        let expected = expected(&source);
        assert!(!expected.is_empty(), "{} has to say what is wrong with it", case.display());
        assert_eq!(compiler.errors(&case), expected, "{} has to fail for its own reason", case.display());
    }
}

/// The compiler, and one build of each crate that fit together.
struct Compiler {
    libraries: Vec<PathBuf>,
}

impl Compiler {
    /// Several builds of a crate can lie beside this test (other features, older sources). The newest that fit together are those with which
    /// the allowed case compiles.
    fn of_this_build() -> Self {
        let candidates = CRATES.map(built);
        let [vaults, policies, models] = &candidates;
        let mut last = Errors::new();
        for vault in vaults {
            for policy in policies {
                for model in models {
                    let compiler = Self { libraries: vec![vault.clone(), policy.clone(), model.clone()] };
                    last = compiler.errors(&cases().join(ALLOWED));
                    if last.is_empty() {
                        return compiler;
                    }
                }
            }
        }
        panic!("what is allowed has to compile, with one of {candidates:?}: {last:?}");
    }

    fn errors(&self, case: &Path) -> Errors {
        let out = tempfile::tempdir().unwrap();
        let rustc =
            std::env::var_os("CARGO").map_or_else(|| "rustc".into(), |cargo| Path::new(&cargo).with_file_name("rustc"));
        let mut command = Command::new(rustc);
        command.args(["--edition=2024", "--crate-type=lib", "--crate-name=case", "--emit=metadata"]);
        command.args(["--error-format=json", "--cap-lints=allow", "--out-dir"]).arg(out.path());
        command.arg("-L").arg(format!("dependency={}", beside_this_test().display()));
        for (name, library) in CRATES.iter().zip(&self.libraries) {
            command.arg("--extern").arg(format!("{name}={}", library.display()));
        }
        let compiled = command.arg(case).output().unwrap();
        let said = String::from_utf8(compiled.stderr).unwrap();
        let errors: Errors = said.lines().filter_map(error).collect();
        assert_eq!(compiled.status.success(), errors.is_empty(), "the compiler says why it fails: {said}");
        errors
    }
}

/// An error of the compiler; none for warnings and for the sum at the end, which stands at no line.
fn error(line: &str) -> Option<(u64, String)> {
    let message: Value = serde_json::from_str(line).ok()?;
    if message.get("level")?.as_str()? != "error" {
        return None;
    }
    let code = message.pointer("/code/code").and_then(Value::as_str).unwrap_or_default();
    let spans = message.get("spans")?.as_array()?;
    let place = spans.iter().find(|span| span.get("is_primary").and_then(Value::as_bool) == Some(true));
    let sum = place.is_none() && code.is_empty();
    let line = place.and_then(|place| place.get("line_start")?.as_u64()).unwrap_or_default();
    (!sum).then(|| (line, format!("{code} {}", message.get("message").and_then(Value::as_str).unwrap_or_default())))
}

fn expected(source: &str) -> Errors {
    let marked = (1..).zip(source.lines()).filter_map(|(number, line)| Some((number, line.split_once("//~ ")?.1)));
    marked.map(|(number, error)| (number, error.trim().to_owned())).collect()
}

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("ui")
}

fn beside_this_test() -> PathBuf {
    std::env::current_exe().unwrap().parent().unwrap().to_path_buf()
}

/// The builds of a crate beside this test, newest first.
fn built(name: &str) -> Vec<PathBuf> {
    let prefix = format!("lib{name}-");
    let of_crate = |path: &PathBuf| {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        file.starts_with(&prefix) && file.ends_with(".rlib")
    };
    let mut found: Vec<PathBuf> =
        fs::read_dir(beside_this_test()).unwrap().map(|entry| entry.unwrap().path()).filter(of_crate).collect();
    found.sort_by_key(|path| std::cmp::Reverse(fs::metadata(path).unwrap().modified().unwrap()));
    found
}
