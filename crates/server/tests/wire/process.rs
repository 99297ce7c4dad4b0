//! The built server: a process of its own, with its command line.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use rustix::process::{Pid, Signal, kill_process};

/// A server in a folder of its own.
pub(crate) struct Process {
    folder: tempfile::TempDir,
    environment: Vec<(String, PathBuf)>,
    pub(crate) ports: [u16; 3],
    running: Mutex<Option<Child>>,
    said: Arc<Mutex<String>>,
}

/// What a command left behind.
pub(crate) struct Answer {
    pub(crate) success: bool,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Process {
    /// One that does not run yet; `settings` follow in its configuration.
    pub(crate) fn new(settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ports = [(); 3].map(|()| free_port());
        let text = format!("{}{settings}\n", configuration(&folder.path().join("data"), ports));
        std::fs::write(folder.path().join("server.toml"), text).unwrap();
        Self { folder, environment: Vec::new(), ports, running: Mutex::default(), said: Arc::default() }
    }

    /// With one more variable in its environment.
    pub(crate) fn with(mut self, name: &str, value: &Path) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn configuration(&self) -> PathBuf {
        self.folder.path().join("server.toml")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts it and waits until it answers. `false`: it ended instead.
    pub(crate) fn start(&self) -> bool {
        self.said.lock().unwrap().clear();
        let mut child = self.command(&["serve"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let words = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let (tell, told) = mpsc::channel();
        let said = Arc::clone(&self.said);
        std::thread::spawn(move || {
            for line in words {
                said.lock().unwrap().push_str(&format!("{line}\n"));
                if line.contains("the server answers") {
                    let _ = tell.send(());
                }
            }
        });
        let answers = told.recv().is_ok();
        if answers {
            *self.running.lock().unwrap() = Some(child);
        } else {
            child.wait().unwrap();
        }
        answers
    }

    /// Everything that it has said on its standard error since it was started.
    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// SIGKILL: nothing is finished.
    pub(crate) fn kill(&self) {
        self.end(Signal::KILL);
    }

    /// SIGTERM: calls that run are finished.
    pub(crate) fn stop(&self) {
        self.end(Signal::TERM);
    }

    fn end(&self, signal: Signal) {
        let Some(mut child) = self.running.lock().unwrap().take() else { return };
        kill_process(Pid::from_child(&child), signal).unwrap();
        child.wait().unwrap();
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Answer {
        let Output { status, stdout, stderr } = self.command(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Answer { success: status.success(), out: text(stdout), err: text(stderr) }
    }

    /// Runs a command that has to succeed; what it printed.
    pub(crate) fn must(&self, arguments: &[&str]) -> String {
        let answer = self.run(arguments);
        assert!(answer.success, "vigil-server {}: {}{}", arguments.join(" "), answer.out, answer.err);
        answer.out
    }

    pub(crate) fn token(&self) -> String {
        self.must(&["device", "token"])
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigil-server"));
        command.arg("--config").arg(self.configuration()).args(arguments);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A configuration on the loopback.
pub(crate) fn configuration(data: &Path, ports: [u16; 3]) -> String {
    let [workstations, public, operation] = ports.map(|port| format!("\"127.0.0.1:{port}\""));
    format!(
        "[server]\ndata = {data:?}\nnames = [\"localhost\"]\n\
         [listen]\nworkstations = {workstations}\npublic = {public}\noperation = {operation}\n"
    )
}

/// A port that nobody listens on. Below those that the system gives to connections, or one of them could take it while a server is
/// down.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 12_000 + u16::try_from(std::process::id() % 10_000).unwrap();
    loop {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed);
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
