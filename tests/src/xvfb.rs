//! A display that no one sees, with a window manager, for the time of one journey.

use crate::picture;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::FileExt;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A part of the display, in pixels from its upper left corner.
pub struct Part {
    /// The first column.
    pub left: usize,
    /// The first line.
    pub top: usize,
    /// The column behind the last.
    pub right: usize,
    /// The line behind the last.
    pub bottom: usize,
}

/// A running Xvfb; it ends with this value.
pub struct Xvfb {
    server: Child,
    window_manager: Child,
    /// Kept, because a window manager whose words nobody takes ends at the next one.
    _words: BufReader<ChildStdout>,
    name: String,
    memory: TempDir,
}

impl Xvfb {
    /// Starts the server on a number that it picks itself, and a window manager, without which nothing gets the focus.
    pub fn start(width: u32, height: u32) -> Result<Self> {
        let memory = tempfile::tempdir().context("could not make a folder for the display's memory")?;
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-nocursor",
                "-nolisten",
                "tcp",
                "-screen",
                "0",
                &format!("{width}x{height}x24"),
                "-fbdir",
            ])
            .arg(memory.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("could not start Xvfb: run `cargo xtask system`")?;
        // The server writes its number when it takes connections: that line is the ready signal.
        let mut number = String::new();
        let Some(ready) = server.stdout.take() else { bail!("Xvfb has no standard output") };
        BufReader::new(ready).read_line(&mut number)?;
        let number = number.trim();
        if number.is_empty() {
            server.wait()?;
            bail!("Xvfb ended before it took connections");
        }
        let name = format!(":{number}");
        let mut window_manager = Command::new("openbox")
            .args(["--startup", "echo ready"])
            .env("DISPLAY", &name)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("could not start openbox: run `cargo xtask system`")?;
        // It runs that command once it manages windows; a window that opens earlier is drawn twice.
        let Some(words) = window_manager.stdout.take() else { bail!("openbox has no standard output") };
        let mut words = BufReader::new(words);
        let mut line = String::new();
        while line.trim() != "ready" {
            line.clear();
            ensure!(words.read_line(&mut line)? > 0, "openbox ended before it managed windows");
        }
        Ok(Self { server, window_manager, _words: words, name, memory })
    }

    /// What `DISPLAY` is to be.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Moves the pointer over the middle of the display, as a hand does.
    pub fn move_pointer(&self) -> Result<()> {
        self.xdotool(&["mousemove", "600", "380"])?;
        self.xdotool(&["mousemove", "640", "400"])
    }

    /// Presses a key as a hand does, by the name that X gives it: `Tab`, `Return`, `ctrl+l`.
    pub fn press(&self, key: &str) -> Result<()> {
        self.xdotool(&["key", "--clearmodifiers", key])
    }

    /// Types as a hand does, into whatever has the focus. What is typed goes by standard input, for it may be a password.
    pub fn type_text(&self, text: &str) -> Result<()> {
        let mut child = Command::new("xdotool")
            .args(["type", "--file", "-"])
            .env("DISPLAY", &self.name)
            .stdin(Stdio::piped())
            .spawn()
            .context("could not start xdotool: run `cargo xtask system`")?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(text.as_bytes())?;
        }
        let typed = child.wait()?;
        ensure!(typed.success(), "xdotool could not type: {typed}");
        Ok(())
    }

    fn xdotool(&self, arguments: &[&str]) -> Result<()> {
        let done = Command::new("xdotool")
            .args(arguments)
            .env("DISPLAY", &self.name)
            .status()
            .context("could not start xdotool: run `cargo xtask system`")?;
        ensure!(done.success(), "`xdotool {}` failed: {done}", arguments.first().unwrap_or(&""));
        Ok(())
    }

    /// How many pixels of the display have this colour right now.
    pub fn pixels_of(&self, [red, green, blue]: [u8; 3]) -> Result<usize> {
        let memory = self.memory()?;
        // Xvfb keeps blue, green, red and a spare byte; what stands before the pixels is a multiple of four bytes.
        Ok(memory.chunks_exact(4).filter(|pixel| pixel.starts_with(&[blue, green, red])).count())
    }

    /// The display's memory as it is right now: an X window dump.
    pub fn memory(&self) -> Result<Vec<u8>> {
        fs::read(self.memory.path().join("Xvfb_screen0")).context("the display's memory cannot be read")
    }

    /// A watch over a part of the display.
    pub fn watch(&self, part: &Part) -> Result<Watch> {
        let file =
            fs::File::open(self.memory.path().join("Xvfb_screen0")).context("the display's memory cannot be read")?;
        let lines = picture::lines_of_display(&fs::read(self.memory.path().join("Xvfb_screen0"))?, part)?;
        let bytes = usize::try_from(lines.iter().map(|line| line.end - line.start).sum::<u64>())?;
        Ok(Watch { file, lines, last: vec![0; bytes], now: vec![0; bytes] })
    }

    /// A hand whose keys arrive without the start of a program in between.
    pub fn hand(&self) -> Result<Hand> {
        let mut child = Command::new("xdotool")
            .arg("-")
            .env("DISPLAY", &self.name)
            .stdin(Stdio::piped())
            .spawn()
            .context("could not start xdotool: run `cargo xtask system`")?;
        let keys = child.stdin.take().context("xdotool has no standard input")?;
        Ok(Hand { child, keys })
    }

    /// What a person would see on the display right now, as PNG: the display's own memory, and not what a program says it draws.
    ///
    /// It waits until two looks agree, for at most two seconds, so that a page that is just being drawn is not caught half done.
    pub fn picture(&self) -> Result<Vec<u8>> {
        let started = Instant::now();
        let mut last = self.memory()?;
        loop {
            thread::sleep(Duration::from_millis(150));
            let now = self.memory()?;
            if now == last || started.elapsed() > Duration::from_secs(2) {
                return picture::from_display(&now);
            }
            last = now;
        }
    }
}

impl Drop for Xvfb {
    fn drop(&mut self) {
        for child in [&mut self.window_manager, &mut self.server] {
            // Both may have ended already, and there is nobody to tell.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Says whether a part of the display has changed since the last look.
///
/// A look has to cost next to nothing, because it takes its time from the program that it looks at: only every third line is read. What
/// a program draws is taller than that.
pub struct Watch {
    file: fs::File,
    lines: Vec<std::ops::Range<u64>>,
    last: Vec<u8>,
    now: Vec<u8>,
}

impl Watch {
    /// Looks; the first look says yes.
    pub fn has_changed(&mut self) -> Result<bool> {
        let mut rest = self.now.as_mut_slice();
        for line in &self.lines {
            let (here, behind) = rest.split_at_mut(usize::try_from(line.end - line.start)?);
            self.file.read_exact_at(here, line.start).context("the display's memory cannot be read")?;
            rest = behind;
        }
        let changed = self.now != self.last;
        std::mem::swap(&mut self.now, &mut self.last);
        Ok(changed)
    }
}

/// Presses keys one after the other; see [`Xvfb::hand`].
pub struct Hand {
    child: Child,
    keys: ChildStdin,
}

impl Hand {
    /// Presses a key, by the name that X gives it.
    pub fn press(&mut self, key: &str) -> Result<()> {
        Ok(writeln!(self.keys, "key --delay 0 {key}")?)
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        // It may have ended already, and there is nobody to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
