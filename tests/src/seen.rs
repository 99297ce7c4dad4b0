//! A window that nobody drives: started as a person starts it, worked with keys, and looked at through the display's own memory.
//!
//! A release build cannot be driven by WebDriver, because its web view keeps nothing (docs/adr/0006-web-view-storage.md).

use crate::group::Group;
use crate::window::Launch;
use crate::xvfb::{Part, Xvfb};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// The accent of the light theme (ui/src/components/tokens.css): the button of the page before a session, and nothing else so large.
pub const BUTTON: [u8; 3] = [0x0b, 0x6e, 0x66];
/// From here on it is the button: it is 330 by 32 pixels with a word on it.
pub const BUTTON_PIXELS: usize = 2_000;
/// The rail beside the pages of somebody who is signed in, and nothing else (the same file).
const RAIL: [u8; 3] = [0xec, 0xef, 0xf0];
const RAIL_PIXELS: usize = 20_000;
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at the display.
const LOOK: Duration = Duration::from_millis(20);

/// A started program and the display it is on; both end with this value.
pub struct Seen {
    display: Xvfb,
    program: Group,
}

impl Seen {
    /// Starts the program in a process group of its own.
    pub fn open(launch: &Launch) -> Result<Self> {
        let display = Xvfb::start(launch.size.0, launch.size.1)?;
        let program = Group::start(Command::new(&launch.binary).args(&launch.arguments), launch, &display)
            .with_context(|| format!("could not start {}", launch.binary.display()))?;
        Ok(Self { display, program })
    }

    /// Waits for a page before a session: its button is drawn.
    pub fn wait_for_gate(&mut self) -> Result<()> {
        self.wait_until("the button of the first page", |display| Ok(display.pixels_of(BUTTON)? >= BUTTON_PIXELS))
    }

    /// Waits for the frame around the pages of somebody who is signed in.
    pub fn wait_for_frame(&mut self) -> Result<()> {
        self.wait_until("the rail of a signed-in user", |display| Ok(display.pixels_of(RAIL)? >= RAIL_PIXELS))
    }

    /// Types with keys and makes sure that the display shows it.
    pub fn type_text(&mut self, text: &str) -> Result<()> {
        let before = self.display.memory()?;
        self.display.type_text(text)?;
        self.wait_until("what was typed", |display| Ok(display.memory()? != before))
    }

    /// Presses a key, by the name that X gives it.
    pub fn press(&self, key: &str) -> Result<()> {
        self.display.press(key)
    }

    /// Presses a key and waits until the display shows something else and then stays as it is for half a second.
    pub fn press_and_see(&mut self, key: &str) -> Result<()> {
        let before = self.display.memory()?;
        self.display.press(key)?;
        self.wait_until("what the key did", |display| Ok(display.memory()? != before))?;
        let (mut last, mut since) = (self.display.memory()?, Instant::now());
        while since.elapsed() < Duration::from_millis(500) {
            thread::sleep(LOOK);
            let now = self.display.memory()?;
            if now != last {
                (last, since) = (now, Instant::now());
            }
        }
        Ok(())
    }

    /// Presses a key and says how long it took until this part of the display had changed for the last time: nothing has changed
    /// for a second since. A display that does not change in five seconds is a failure.
    pub fn until_drawn(&self, key: &str, part: &Part) -> Result<Duration> {
        self.changed(key, part, Duration::from_secs(1))
    }

    /// The same until it changed first.
    pub fn until_changed(&self, key: &str, part: &Part) -> Result<Duration> {
        self.changed(key, part, Duration::ZERO)
    }

    /// When this part of the display changed after a key, as soon as it has not changed again for `quiet`.
    fn changed(&self, key: &str, part: &Part, quiet: Duration) -> Result<Duration> {
        let mut hand = self.display.hand()?;
        // The hand is ready once it has done something.
        hand.press("Shift_L")?;
        thread::sleep(Duration::from_millis(200));
        let mut watch = self.display.watch(part)?;
        watch.has_changed()?;
        let mut changed = None;
        let pressed = Instant::now();
        hand.press(key)?;
        loop {
            let looked = pressed.elapsed();
            if watch.has_changed()? {
                changed = Some(looked);
            }
            match changed {
                Some(at) if looked >= at + quiet => return Ok(at),
                None if looked > Duration::from_secs(5) => bail!("nothing was drawn after the key {key}"),
                _ => thread::sleep(Duration::from_millis(2)),
            }
        }
    }

    /// Saves what the display shows; a blank picture is a failure.
    pub fn screenshot(&self, path: &Path) -> Result<()> {
        let picture = self.display.picture()?;
        fs::write(path, &picture).with_context(|| format!("could not write {}", path.display()))?;
        crate::picture::refuse_blank(&picture).with_context(|| path.display().to_string())
    }

    /// Closes the window as a person does; the program has to end by itself, and well.
    pub fn close(mut self) -> Result<()> {
        self.display.press("alt+F4")?;
        let started = Instant::now();
        loop {
            if let Some(status) = self.program.try_wait()? {
                ensure!(status.success(), "the program ended with {status} when its window was closed");
                return Ok(());
            }
            ensure!(started.elapsed() < PATIENCE, "the program did not end when its window was closed");
            thread::sleep(LOOK);
        }
    }

    fn wait_until(&mut self, what: &str, seen: impl Fn(&Xvfb) -> Result<bool>) -> Result<()> {
        let started = Instant::now();
        while !seen(&self.display)? {
            if let Some(status) = self.program.try_wait()? {
                bail!("the program ended with {status} before the display showed {what}");
            }
            ensure!(started.elapsed() < PATIENCE, "the display did not show {what} in {} s", PATIENCE.as_secs());
            thread::sleep(LOOK);
        }
        Ok(())
    }
}
