//! No variable of the environment makes the program weaker: what a library could be told does not reach it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use vigil_tests::desk::Desk;
use vigil_tests::hospital::{Hospital, PHYSICIAN};

/// What each library of the window listens to and could be led astray by; a value that is a file is made for it.
const OVERRIDES: [(&str, &str); 46] = [
    // Libraries and code of one's own.
    ("LD_PRELOAD", "{lib}"),
    ("LD_AUDIT", "{lib}"),
    ("LD_LIBRARY_PATH", "{dir}"),
    ("GTK_MODULES", "{lib}"),
    ("GTK3_MODULES", "{lib}"),
    ("GTK_PATH", "{dir}"),
    ("GTK_EXE_PREFIX", "{dir}"),
    ("GTK_IM_MODULE_FILE", "{dir}/im.cache"),
    ("GIO_EXTRA_MODULES", "{dir}"),
    ("GIO_MODULE_DIR", "{dir}"),
    ("GDK_PIXBUF_MODULE_FILE", "{dir}/loaders.cache"),
    ("GDK_PIXBUF_MODULEDIR", "{dir}"),
    ("GST_PLUGIN_PATH", "{dir}"),
    ("GST_PLUGIN_SYSTEM_PATH", "{dir}"),
    ("GST_REGISTRY", "{dir}/registry"),
    ("LIBGL_DRIVERS_PATH", "{dir}"),
    ("GBM_BACKENDS_PATH", "{dir}"),
    ("__EGL_VENDOR_LIBRARY_DIRS", "{dir}"),
    ("VK_ICD_FILENAMES", "{dir}/icd.json"),
    ("LIBVA_DRIVERS_PATH", "{dir}"),
    ("GCONV_PATH", "{dir}"),
    ("LOCPATH", "{dir}"),
    ("WEBKIT_EXEC_PATH", "{dir}"),
    ("WEBKIT_INJECTED_BUNDLE_PATH", "{dir}"),
    // Cryptography, storage, custodians.
    ("OPENSSL_CONF", "{dir}/openssl.cnf"),
    ("OPENSSL_MODULES", "{dir}"),
    ("OPENSSL_ENGINES", "{dir}"),
    ("SSLKEYLOGFILE", "{dir}/ssl-keys"),
    ("SQLITE_TMPDIR", "{dir}"),
    ("TSS2_LOG", "all+trace"),
    ("TSS2_LOGFILE", "{dir}/tss.log"),
    ("TCTI", "{dir}"),
    ("TPM2TOOLS_TCTI", "{dir}"),
    ("SOFTHSM2_CONF", "{dir}/softhsm2.conf"),
    ("P11_KIT_DEBUG", "all"),
    ("PCSCLITE_CSOCK_NAME", "{dir}/pcscd"),
    // Debuggers, logs and protections.
    ("WEBKIT_INSPECTOR_SERVER", "127.0.0.1:49152"),
    ("WEBKIT_INSPECTOR_HTTP_SERVER", "127.0.0.1:49153"),
    ("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1"),
    ("TAURI_WEBVIEW_AUTOMATION", "true"),
    ("GTK_DEBUG", "interactive"),
    ("G_MESSAGES_DEBUG", "all"),
    ("RUST_LOG", "trace"),
    ("GLIBC_TUNABLES", "glibc.malloc.perturb=0:glibc.malloc.tcache_count=64"),
    ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path={dir}/no-bus"),
    ("MALLOC_TRACE", "{dir}/malloc"),
];

#[test]
fn the_program_that_was_started_without_its_starter_chooses_its_environment_itself() {
    let hospital = Hospital::new().unwrap();
    let mut launch = hospital.launch(&[]).unwrap();
    launch.binary.set_file_name("vigil-desktop");
    launch.environment.push(("RUST_LOG", "trace".into()));
    let desk = Desk::open(&launch).unwrap();
    let environment = fs::read(format!("/proc/{}/environ", desk.pid())).unwrap();
    let environment = String::from_utf8_lossy(&environment);
    assert!(environment.contains("glibc.malloc.perturb=165"), "freed memory is wiped: {environment}");
    assert!(!environment.contains("RUST_LOG"), "what it does not need is dropped: {environment}");
}

#[test]
fn none_of_what_a_library_listens_to_reaches_the_window_or_its_page() {
    let hospital = Hospital::new().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let library = library(outside.path());
    // OpenSSL would end at the first use of what this names.
    fs::write(
        outside.path().join("openssl.cnf"),
        "openssl_conf = x\n[x]\nproviders = y\n[y]\nz = w\n[w]\nactivate = 1\n",
    )
    .unwrap();
    let mut launch = hospital.launch(&[]).unwrap();
    let value = |text: &str| {
        PathBuf::from(
            text.replace("{dir}", outside.path().to_str().unwrap()).replace("{lib}", library.to_str().unwrap()),
        )
    };
    launch.environment.extend(OVERRIDES.iter().map(|(name, text)| (*name, value(text))));
    // As in a release build: in others the driver of the tests may lead some of it elsewhere.
    launch.environment.push(("VIGIL_TEST_ENVIRONMENT", "strict".into()));
    let before = files(outside.path());
    let desk = Desk::open(&launch).unwrap();
    desk.write(PHYSICIAN.username).unwrap();
    desk.press("Tab").unwrap();
    desk.write(PHYSICIAN.password).unwrap();
    desk.press("Return").unwrap();
    desk.wait_for_word("Dr A. OKAFOR").unwrap();

    for process in desk.processes().unwrap() {
        let folder = PathBuf::from(format!("/proc/{}", process.pid));
        let environment = fs::read(folder.join("environ")).unwrap();
        let held: BTreeMap<String, String> = environment
            .split(|byte| *byte == 0)
            .filter_map(|one| String::from_utf8_lossy(one).split_once('=').map(|(n, v)| (n.to_owned(), v.to_owned())))
            .collect();
        for (name, text) in OVERRIDES {
            let told = held.get(name).is_some_and(|found| Path::new(found) == value(text));
            assert!(!told, "{} was told {name}", process.name);
        }
        let mapped = fs::read_to_string(folder.join("maps")).unwrap();
        assert!(
            !mapped.contains(outside.path().to_str().unwrap()),
            "{} loaded a library of somebody else",
            process.name
        );
        if process.pid == desk.pid() {
            // The C library cuts the variable into its settings where it stands.
            let text = String::from_utf8_lossy(&environment);
            let wiping = ["glibc.malloc.perturb=165", "glibc.malloc.tcache_count=0"];
            assert!(wiping.iter().all(|one| text.contains(one)), "freed memory is wiped: {text}");
        }
    }
    let listening = fs::read_to_string("/proc/net/tcp").unwrap();
    for port in [49152, 49153] {
        assert!(!listening.contains(&format!("0100007F:{port:04X} 00000000:0000 0A")), "a debugger's port {port}");
    }
    assert_eq!(files(outside.path()), before, "nothing was written where somebody else said");
    assert!(!desk.log().contains("DEBUG") && !desk.log().contains("TRACE"), "nothing more is said:\n{}", desk.log());
}

#[test]
fn the_command_line_listens_to_none_of_it_either() {
    let hospital = Hospital::new().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let library = library(outside.path());
    let program = OVERRIDES.iter().fold(hospital.program.with_data(&hospital.home.data()), |program, (name, text)| {
        let value = text.replace("{dir}", outside.path().to_str().unwrap()).replace("{lib}", library.to_str().unwrap());
        program.with_environment(name, value.into())
    });
    let strict = program.with_environment("VIGIL_TEST_ENVIRONMENT", "strict".into());
    let answer = strict.run(&["doctor", "--json", "--quick"], &[]).unwrap();
    let found: serde_json::Value = serde_json::from_str(&answer.out).unwrap_or_else(|_| panic!("{}", answer.err));
    let checks = found["checks"].as_array().unwrap();
    let injected = checks.iter().find(|check| check["id"] == "processEnvironment").unwrap();
    assert_eq!(injected["state"], "ok", "no library was forced into the program that looked: {injected}");
    let vault = checks.iter().find(|check| check["id"] == "vault").unwrap();
    assert_eq!(vault["state"], "ok", "and the same custodian keeps its key: {vault}");
}

/// A library that can be forced into any program; that it was loaded is seen in the program's map.
fn library(folder: &Path) -> PathBuf {
    let (source, library) = (folder.join("forced.c"), folder.join("forced.so"));
    fs::write(&source, "int vigil_forced = 1;").unwrap();
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).status().unwrap();
    assert!(built.success(), "the library is built");
    library
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}
