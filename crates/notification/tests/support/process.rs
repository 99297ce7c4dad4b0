//! A receiver that is a process of its own: started, killed without a word, started again.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// The distribution's Python, for which its packages are: another may come first in the path.
pub(crate) const PYTHON: &str = "/usr/bin/python3";

/// A process that ends with its owner.
pub(crate) struct Process(Child);

impl Process {
    /// Starts it and waits until it says `ready` on a line of its output.
    pub(crate) fn until_ready(command: &Command) -> Self {
        let (mut child, program) = spawn(command, Stdio::piped());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.any(|line| line.is_ok_and(|line| line.trim() == "ready"));
        assert!(ready, "{program} ended before it was ready");
        // Whatever it says afterwards is read, so that it never waits for somebody to do so.
        std::thread::spawn(move || lines.for_each(drop));
        Self(child)
    }

    /// Starts it and waits until somebody answers on a port.
    pub(crate) fn until_listening(command: &Command, port: u16) -> Self {
        let (child, program) = spawn(command, Stdio::null());
        let mut process = Self(child);
        let began = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(process.0.try_wait().unwrap().is_none(), "{program} ended before it listened");
            assert!(began.elapsed() < Duration::from_secs(30), "{program} never listens");
            std::thread::sleep(Duration::from_millis(20));
        }
        process
    }

    /// Ends it at once (SIGKILL).
    pub(crate) fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }

    /// Waits until it has ended by itself.
    pub(crate) fn wait(&mut self) {
        let began = Instant::now();
        while self.0.try_wait().unwrap().is_none() {
            assert!(began.elapsed() < Duration::from_secs(10), "it never ends");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Starts a program that ends with the thread that started it, from one that stays as long as the process: nothing is left behind, even if
/// the tests themselves are killed.
fn spawn(command: &Command, output: Stdio) -> (Child, String) {
    let program = format!("{:?}", command.get_program());
    let mut bound = Command::new("setpriv");
    bound.args(["--pdeathsig", "KILL", "--"]).arg(command.get_program()).args(command.get_args());
    bound.stdin(Stdio::null()).stdout(output);
    if program.contains("rsyslogd") {
        // It says a lot about every connection that breaks, which is what these tests are about.
        bound.stderr(Stdio::null());
    }
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        tell.send(bound.spawn()).unwrap();
        loop {
            std::thread::park();
        }
    });
    let child = told.recv().unwrap();
    let missing = |error| panic!("{program} cannot be started; `cargo xtask setup` installs what tests need: {error}");
    (child.unwrap_or_else(missing), program)
}

/// A port that was free a moment ago, for a receiver that comes back to it.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}
