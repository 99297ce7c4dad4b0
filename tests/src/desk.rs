//! The program as it is when nobody drives it: started by hand on a display of its own, and worked by keys that pass through the display.
//!
//! A driver hands every word that it types or reads through the program's own process. Whoever wants to know what the program itself
//! keeps there has to do without one.

use crate::group::Group;
use crate::memory::{self, Found, Process, Words};
use crate::window::Launch;
use crate::xvfb::Xvfb;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(40);

/// A started program and its display.
pub struct Desk {
    program: Group,
    log: std::path::PathBuf,
    display: Xvfb,
}

impl Desk {
    /// Starts the program and waits until its page is drawn.
    ///
    /// # Errors
    /// When it does not start, or draws nothing.
    pub fn open(launch: &Launch) -> Result<Self> {
        let display = Xvfb::start(launch.size.0, launch.size.1)?;
        let mut command = Command::new(&launch.binary);
        command
            .args(&launch.arguments)
            // Where there is no graphics card the other renderer draws nothing at all.
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env("DBUS_SYSTEM_BUS_ADDRESS", "disabled:");
        let program = Group::start(&mut command, launch, &display)
            .with_context(|| format!("could not start {}", launch.binary.display()))?;
        let desk = Self { program, log: launch.log.clone(), display };
        desk.wait_for_page()?;
        Ok(desk)
    }

    /// Waits until the display shows a page.
    ///
    /// # Errors
    /// When it stays blank.
    pub fn wait_for_page(&self) -> Result<()> {
        self.wait_until("a drawn page", || {
            Ok(self.display.picture().and_then(|picture| crate::picture::refuse_blank(&picture)).ok())
        })
    }

    /// What the display shows, as PNG.
    ///
    /// # Errors
    /// When the display cannot be read.
    pub fn picture(&self) -> Result<Vec<u8>> {
        self.display.picture()
    }

    /// Presses a key or a chord, as xdotool names it: `Return`, `ctrl+l`.
    ///
    /// # Errors
    /// When xdotool fails.
    pub fn press(&self, key: &str) -> Result<()> {
        self.display.press(key)
    }

    /// Types a text.
    ///
    /// # Errors
    /// When xdotool fails.
    pub fn write(&self, text: &str) -> Result<()> {
        self.display.type_text(text)
    }

    /// Moves the pointer as a hand does.
    ///
    /// # Errors
    /// When xdotool fails.
    pub fn move_pointer(&self) -> Result<()> {
        self.display.move_pointer()
    }

    /// Closes the window as a person does.
    ///
    /// # Errors
    /// When xdotool fails.
    pub fn close(&self) -> Result<()> {
        self.display.press("alt+F4")
    }

    /// The display, for other programs: what `DISPLAY` is to be.
    pub fn display(&self) -> &str {
        self.display.name()
    }

    /// The program's number.
    pub fn pid(&self) -> u32 {
        self.program.id()
    }

    /// The program's own process, without its children.
    ///
    /// # Errors
    /// When it is gone.
    pub fn program(&self) -> Result<Process> {
        let found = self.processes()?.into_iter().find(|process| process.pid == self.pid());
        found.with_context(|| format!("the program ended; its log:\n{}", self.log()))
    }

    /// The program and its children: the web view's processes.
    ///
    /// # Errors
    /// When the processes cannot be listed.
    pub fn processes(&self) -> Result<Vec<Process>> {
        memory::below(self.pid())
    }

    /// The process that draws the page.
    ///
    /// # Errors
    /// When there is none.
    pub fn web_process(&self) -> Result<Process> {
        let found = self.processes()?.into_iter().find(|process| process.name.starts_with("WebKitWebProces"));
        found.with_context(|| format!("there is no web process; the program's log:\n{}", self.log()))
    }

    /// Everything that is found in the memory of the program and its children.
    ///
    /// # Errors
    /// When a process cannot be read.
    pub fn search(&self, words: &Words) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        for process in self.processes()? {
            found.extend(words.in_process(&process)?);
        }
        Ok(found)
    }

    /// Waits until a word is in the memory of the process that draws the page.
    ///
    /// # Errors
    /// When it does not come.
    pub fn wait_for_word(&self, word: &str) -> Result<()> {
        let words = Words::new(&[word])?;
        self.wait_until(&format!("`{word}` on the page"), || {
            let found = self.web_process().and_then(|process| words.in_process(&process));
            Ok(found.ok().filter(|found| !found.is_empty()).map(|_| ()))
        })
    }

    /// Waits until the page is drawn by another process than this one.
    ///
    /// # Errors
    /// When it stays.
    pub fn wait_for_another(&self, than: &Process) -> Result<Process> {
        self.wait_until("another web process", || Ok(self.web_process().ok().filter(|process| process != than)))
    }

    /// Asks again and again until the answer is there.
    ///
    /// # Errors
    /// When it does not come, or asking fails.
    pub fn wait_until<T>(&self, what: &str, ask: impl Fn() -> Result<Option<T>>) -> Result<T> {
        let started = Instant::now();
        loop {
            if let Some(answer) = ask()? {
                return Ok(answer);
            }
            if started.elapsed() > PATIENCE {
                bail!("{what} did not come in {} s; the program's log:\n{}", PATIENCE.as_secs(), self.log());
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits for the program's end.
    ///
    /// # Errors
    /// When it goes on.
    pub fn wait_for_end(&mut self) -> Result<ExitStatus> {
        let started = Instant::now();
        loop {
            if let Some(status) = self.program.try_wait()? {
                return Ok(status);
            }
            ensure!(started.elapsed() < PATIENCE, "the program goes on; its log:\n{}", self.log());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// What the program has said so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }
}

/// The signal that ended a process, if one did.
pub fn signal_of(status: ExitStatus) -> Option<i32> {
    status.signal()
}
