//! A private PostgreSQL cluster from the distribution's packages: its folder, a Unix socket in it, no network.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, mpsc};

/// A cluster that runs until it is stopped, or the process ends.
pub(crate) struct Cluster {
    folder: tempfile::TempDir,
    server: Mutex<Option<Child>>,
    databases: AtomicU32,
}

/// Where Debian keeps what is not in the PATH.
const DEBIAN: &str = "/usr/lib/postgresql";

impl Cluster {
    /// The cluster that the tests of this process share.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// A new cluster, for a test that stops it.
    pub(crate) fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("vigil-postgres-").tempdir().unwrap();
        if is_root() {
            // The server refuses to run as root.
            let owned = Command::new("chown").arg("postgres").arg(folder.path()).status().unwrap();
            assert!(owned.success(), "the folder is the database user's");
        }
        let data = folder.path().join("data");
        let made = unprivileged(&program("initdb"))
            .args([
                "-D",
                &data.display().to_string(),
                "-U",
                "vigil",
                "--auth=trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ])
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success(), "initdb");
        let cluster = Self { folder, server: Mutex::new(None), databases: AtomicU32::new(0) };
        cluster.run();
        cluster
    }

    /// Starts the server and waits until it says that it is ready.
    pub(crate) fn run(&self) {
        let (data, socket) = (self.folder.path().join("data"), self.folder.path().to_owned());
        let (tell, told) = mpsc::channel();
        // The server ends with the thread that started it, and this one stays as long as the process: nothing is left behind.
        std::thread::spawn(move || {
            let mut command = unprivileged(&program("postgres"));
            command.arg("-D").arg(&data).arg("-k").arg(&socket);
            command.args(["-c", "listen_addresses=", "-c", "max_connections=200", "-c", "log_min_messages=log"]);
            // Quiet about the tests that provoke it.
            command.args(["-c", "log_min_error_statement=panic", "-c", "logging_collector=off"]);
            let mut server = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
            let mut words = BufReader::new(server.stderr.take().unwrap()).lines().map_while(Result::ok);
            let ready = words.by_ref().any(|line| line.contains("database system is ready to accept connections"));
            tell.send((server, ready)).unwrap();
            words.for_each(drop);
            loop {
                std::thread::park();
            }
        });
        let (server, ready) = told.recv().unwrap();
        assert!(ready, "PostgreSQL starts");
        *self.server.lock().unwrap() = Some(server);
    }

    /// Ends the server as a crash does (`immediate`): nothing is written any more, and it recovers at its next start.
    pub(crate) fn crash(&self) {
        let Some(mut server) = self.server.lock().unwrap().take() else { return };
        let data = self.folder.path().join("data").display().to_string();
        let stopped = unprivileged(&program("pg_ctl"))
            .args(["-D", &data, "-m", "immediate", "-w", "stop"])
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(stopped.success(), "pg_ctl stop");
        server.wait().unwrap();
    }

    /// Makes a database of its own; its address.
    pub(crate) fn database(&self) -> String {
        let name = format!("vigil{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let made = Command::new(program("psql"))
            .args([
                "-h",
                &self.socket(),
                "-U",
                "vigil",
                "-d",
                "postgres",
                "-q",
                "-c",
                &format!("CREATE DATABASE {name}"),
            ])
            .status()
            .unwrap();
        assert!(made.success(), "CREATE DATABASE");
        format!("postgres://vigil@localhost/{name}?host={}", self.socket())
    }

    fn socket(&self) -> String {
        self.folder.path().display().to_string()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.crash();
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Under the database user's name, if need be; ends with the thread that starts it.
fn unprivileged(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.arg("--pdeathsig").arg("QUIT");
    if is_root() {
        command.args(["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]);
    }
    command.arg("--").arg(program);
    // Where it starts must be a folder that it may enter.
    command.current_dir("/tmp");
    command
}

fn program(name: &str) -> PathBuf {
    let of_debian = || {
        let mut versions: Vec<PathBuf> = std::fs::read_dir(DEBIAN).ok()?.flatten().map(|entry| entry.path()).collect();
        versions.sort();
        versions.iter().rev().map(|version| version.join("bin").join(name)).find(|program| program.is_file())
    };
    let in_path = || {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
    };
    of_debian().or_else(in_path).unwrap_or_else(|| panic!("{name} is absent: install Debian's `postgresql`"))
}
