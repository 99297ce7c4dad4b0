//! How fast the window stands and what it holds, beside Chromium in app mode with the same page, round by round.
//!
//! `start VIGIL DATA PAGE`: the program, a data folder that is set up, and the address where the built page (with invented
//! data) is served. From the start of the process until the button of the sign-in page is drawn on the display.

use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use vigil_tests::bus::Bus;
use vigil_tests::home::Home;
use vigil_tests::seen::{BUTTON, BUTTON_PIXELS};
use vigil_tests::xvfb::Xvfb;

const ROUNDS: usize = 7;
const IDLE: Duration = Duration::from_secs(5);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [vigil, data, page] = arguments.as_slice() else { bail!("start VIGIL DATA PAGE") };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    // A desktop session has a bus before a program starts in it; without one GTK would start one first.
    let bus = Bus::start()?;
    for _ in 0..=ROUNDS {
        theirs.push(measure(&bus, |home| chromium(page, home))?);
        ours.push(measure(&bus, |_| {
            let mut command = Command::new(vigil);
            command.args(["--data", data]);
            command
        })?);
    }
    // The first round warms the disk's cache.
    let middle = |figures: &[Figures], of: Of| {
        let mut values: Vec<f64> = figures.iter().skip(1).map(of).collect();
        values.sort_unstable_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    let mut out = std::io::stdout();
    let figures: [(&str, Of, &str); 4] = [
        ("start to usable sign-in, ms", |figures| figures.start_ms, "<= 0.8x"),
        ("resident memory (PSS), MiB", |figures| figures.memory_mib, "<= 0.8x"),
        ("CPU while idle, the caret blinking in a field, % of one core", |figures| figures.caret_percent, "about 0"),
        ("CPU while idle, the focus on the button, % of one core", |figures| figures.idle_percent, "about 0"),
    ];
    writeln!(out, "| what | Vigil | Chromium --app, same page | ratio | goal |\n|---|---|---|---|---|")?;
    for (what, of, goal) in figures {
        let (ours, theirs) = (middle(&ours, of), middle(&theirs, of));
        writeln!(out, "| {what} | {ours:.2} | {theirs:.2} | {:.2}x | {goal} |", ours / theirs)?;
    }
    Ok(())
}

type Of = fn(&Figures) -> f64;

struct Figures {
    start_ms: f64,
    memory_mib: f64,
    caret_percent: f64,
    idle_percent: f64,
}

fn measure(bus: &Bus, command: impl FnOnce(&Home) -> Command) -> Result<Figures> {
    let display = Xvfb::start(1280, 800)?;
    let home = Home::new()?;
    let mut command = command(&home);
    command.env("DBUS_SESSION_BUS_ADDRESS", bus.address());
    command.env("DISPLAY", display.name()).envs(home.environment()).stdout(Stdio::null()).stderr(Stdio::null());
    let started = Instant::now();
    let mut child = command.spawn().context("could not start the program")?;
    let figures = watch(&display, &child, started);
    stop(&mut child);
    figures
}

fn watch(display: &Xvfb, child: &Child, started: Instant) -> Result<Figures> {
    while display.pixels_of(BUTTON)? < BUTTON_PIXELS {
        ensure!(started.elapsed() < Duration::from_secs(30), "the sign-in page was not drawn within 30 s");
        thread::sleep(Duration::from_millis(4));
    }
    let start_ms = started.elapsed().as_secs_f64() * 1e3;
    thread::sleep(Duration::from_secs(2));
    let caret_percent = idle(child)?;
    // From the field to the button: no caret blinks there.
    display.press("Tab")?;
    display.press("Tab")?;
    thread::sleep(Duration::from_secs(1));
    Ok(Figures { start_ms, memory_mib: memory(child.id())?, caret_percent, idle_percent: idle(child)? })
}

/// Percent of one core while nobody does anything.
fn idle(child: &Child) -> Result<f64> {
    let before = cpu_seconds(child.id())?;
    thread::sleep(IDLE);
    Ok((cpu_seconds(child.id())? - before) / IDLE.as_secs_f64() * 100.0)
}

fn chromium(page: &str, home: &Home) -> Command {
    let mut command = Command::new("chromium");
    command
        .arg(format!("--app={page}"))
        .arg(format!("--user-data-dir={}", home.path().join("profile").display()))
        .args(["--no-sandbox", "--no-first-run", "--disable-gpu", "--disable-background-networking"])
        .args(["--disable-component-update", "--disable-sync", "--window-size=1280,800"]);
    command
}

/// The process and everything that it started.
fn family(root: u32) -> Result<Vec<u32>> {
    let mut parents = Vec::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        let Some(process) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        parents.extend(stat(process).and_then(|fields| fields.get(1)?.parse::<u32>().ok()).map(|up| (process, up)));
    }
    let mut found = vec![root];
    let mut at = 0;
    while let Some(one) = found.get(at).copied() {
        found.extend(parents.iter().filter(|(_, parent)| *parent == one).map(|(process, _)| *process));
        at += 1;
    }
    Ok(found)
}

/// The fields after the name; none when the process is gone.
fn stat(process: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    Some(text.rsplit(')').next()?.split_whitespace().map(str::to_owned).collect())
}

/// What the scheduler has counted for every thread, in nanoseconds; the ticks of `stat` are too coarse for an idle program.
fn cpu_seconds(root: u32) -> Result<f64> {
    let mut nanoseconds = 0.0;
    for process in family(root)? {
        let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else { continue };
        for thread in threads.flatten() {
            let Ok(text) = fs::read_to_string(thread.path().join("schedstat")) else { continue };
            nanoseconds += text.split_whitespace().next().and_then(|on| on.parse::<f64>().ok()).unwrap_or(0.0);
        }
    }
    Ok(nanoseconds / 1e9)
}

fn memory(root: u32) -> Result<f64> {
    let mut kib = 0.0;
    for process in family(root)? {
        let Ok(text) = fs::read_to_string(format!("/proc/{process}/smaps_rollup")) else { continue };
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
        kib += line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0);
    }
    Ok(kib / 1024.0)
}

fn stop(child: &mut Child) {
    let family = family(child.id()).unwrap_or_default();
    for process in family.iter().rev() {
        // Some of them end with their parent.
        let _ = Command::new("kill").args(["-9", &process.to_string()]).stderr(Stdio::null()).status();
    }
    let _ = child.wait();
}
