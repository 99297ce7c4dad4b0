//! What other programs of the same user can get out of the running program, and what it leaves behind when it crashes.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use vigil_tests::desk::Desk;
use vigil_tests::hospital::Hospital;
use vigil_tests::program;

/// `nobody` on Debian and most others: an ordinary user, for tests that root runs.
const NOBODY: u32 = 65_534;

#[test]
fn a_program_of_the_same_user_cannot_read_the_memory_or_attach() {
    let user = Ordinary::new();
    let open = user.start(&["--test-open-to-others"]);
    assert!(user.can_read(&open), "the control: without the protection it can be read");
    let closed = user.start(&[]);
    assert!(!user.can_read(&closed), "the memory of the program as it is started");
    assert!(!user.can_attach(&closed), "a debugger");
    for child in [open, closed] {
        end(child);
    }
}

#[test]
fn a_crash_leaves_no_core_dump() {
    let user = Ordinary::new();
    let mut child = user.start(&[]);
    let folder = format!("/proc/{}", child.id());
    let limits = fs::read_to_string(format!("{folder}/limits")).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "no core file: {core}");
    rustix::process::kill_process(pid(&child), rustix::process::Signal::ABORT).unwrap();
    let ended = child.wait().unwrap();
    assert_eq!(ended.signal(), Some(6), "the crash");
    assert!(!ended.core_dumped(), "nothing was dumped");
}

#[test]
fn the_web_views_processes_inherit_that_nothing_is_dumped() {
    let hospital = Hospital::new().unwrap();
    let desk = Desk::open(&hospital.launch(&[]).unwrap()).unwrap();
    let processes = desk.processes().unwrap();
    assert!(processes.len() >= 3, "the program, its page and its network: {processes:?}");
    for process in processes {
        let folder = format!("/proc/{}", process.pid);
        let limits = fs::read_to_string(format!("{folder}/limits")).unwrap();
        assert!(limits.contains("Max core file size        0                    0"), "{}: {limits}", process.name);
        let filter = fs::read_to_string(format!("{folder}/coredump_filter")).unwrap();
        assert_eq!(filter.trim(), "00000000", "{}: a dump that is taken all the same holds no page", process.name);
        let environment = fs::read(format!("{folder}/environ")).unwrap();
        let slowed = String::from_utf8_lossy(&environment).contains("Malloc=1");
        assert_eq!(slowed, process.pid == desk.pid(), "{}: only the program itself wipes what it frees", process.name);
    }
}

/// A user who is not root, even when the test is.
struct Ordinary {
    folder: TempDir,
    id: Option<u32>,
}

impl Ordinary {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let id = rustix::process::geteuid().is_root().then_some(NOBODY);
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        if id.is_some() {
            chown(folder.path(), id, id).unwrap();
            // Whoever builds as root may have closed the folder of the build.
            // A program of its own copies: this one starts others meanwhile, and they would hold the copy open for writing.
            let starter = program::binary().unwrap();
            let program = starter.with_file_name("vigil-desktop");
            let copied = Command::new("cp").args([&starter, &program]).arg(folder.path()).status().unwrap();
            assert!(copied.success(), "the program could not be copied");
        }
        Self { folder, id }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        if let Some(id) = self.id {
            command.uid(id).gid(id);
        }
        command.current_dir(self.folder.path()).env("HOME", self.folder.path());
        command
    }

    /// A setup that waits for its password, past the point where it protects itself.
    fn start(&self, arguments: &[&str]) -> Child {
        let binary = match self.id {
            Some(_) => self.folder.path().join("vigil"),
            None => program::binary().unwrap(),
        };
        let mut child = self
            .command(binary.to_str().unwrap())
            .arg("--data")
            .arg(self.folder.path().join("data"))
            .args(["--custodian", "software"])
            .args(arguments)
            .args(["setup", "--organization", "O", "--username", "admin", "--display-name", "A", "--password-stdin"])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let started = Instant::now();
        while !waits_for_input(&child) {
            assert!(child.try_wait().unwrap().is_none(), "it ended");
            assert!(started.elapsed() < Duration::from_secs(60), "it never asked for its password");
            std::thread::sleep(Duration::from_millis(10));
        }
        child
    }

    fn can_read(&self, child: &Child) -> bool {
        let memory = format!("/proc/{}/mem", child.id());
        let mapped = format!("/proc/{}/maps", child.id());
        let look = format!("exec 3< {memory} && test -n \"$(cat {mapped})\"");
        self.command("sh").args(["-c", &look]).stderr(Stdio::null()).status().unwrap().success()
    }

    fn can_attach(&self, child: &Child) -> bool {
        let auxiliary = format!("/proc/{}/auxv", child.id());
        // Reading it asks for the same right as attaching (proc(5): PTRACE_MODE_READ_FSCREDS).
        self.command("cat").arg(auxiliary).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
    }
}

/// It has set its limits and sleeps: the only thing that it waits for is a line of its standard input.
fn waits_for_input(child: &Child) -> bool {
    let folder = format!("/proc/{}", child.id());
    let limits = fs::read_to_string(format!("{folder}/limits")).unwrap_or_default();
    let stat = fs::read_to_string(format!("{folder}/stat")).unwrap_or_default();
    limits.contains("Max core file size        0                    0") && stat.contains(") S ")
}

fn pid(child: &Child) -> rustix::process::Pid {
    rustix::process::Pid::from_child(child)
}

fn end(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}
