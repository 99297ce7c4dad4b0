//! Drives the real window through WebKitWebDriver, on a display of its own.

use crate::xvfb::Xvfb;
use anyhow::{Context, Result, bail};
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::json;
use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, MutexGuard};

/// What is started, and how.
pub struct Launch {
    /// The program.
    pub binary: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Its environment, beside the one that every window gets.
    pub environment: Vec<(&'static str, PathBuf)>,
    /// The driver's and the program's output.
    pub log: PathBuf,
    /// The display's size in pixels.
    pub size: (u32, u32),
}

/// A started program with its window, the driver in between and the display it is on.
pub struct Window {
    /// The WebDriver session.
    pub client: Client,
    driver: Driver,
    log: PathBuf,
    display: Xvfb,
    _turn: MutexGuard<'static, ()>,
}

impl Window {
    /// Starts the program and waits until its page answers. One window at a time: two cores draw one in good time, and not four.
    pub async fn open(launch: &Launch) -> Result<Self> {
        let turn = TURN.lock().await;
        let display = Xvfb::start(launch.size.0, launch.size.1)?;
        let driver = Driver::start(launch, &display).await?;
        let mut capabilities = Capabilities::new();
        capabilities.insert(
            "webkitgtk:browserOptions".to_owned(),
            json!({ "binary": launch.binary, "args": launch.arguments }),
        );
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await
            .with_context(|| format!("the window did not open; its log:\n{}", tail(&launch.log)))?;
        Ok(Self { client, driver, log: launch.log.clone(), display, _turn: turn })
    }

    /// Saves what the window shows; a blank picture is a failure.
    ///
    /// The picture is of the display: the driver's own screenshot waits for the next drawn frame, and a quiet page draws none.
    pub fn screenshot(&self, path: &Path) -> Result<()> {
        let picture = self.display.picture()?;
        fs::write(path, &picture).with_context(|| format!("could not write {}", path.display()))?;
        crate::picture::refuse_blank(&picture).with_context(|| path.display().to_string())
    }

    /// Moves the pointer as a hand does, through the display.
    pub fn move_pointer(&self) -> Result<()> {
        self.display.move_pointer()
    }

    /// Ends the session, which ends the program, and refuses a web process that crashed on the way.
    pub async fn close(self) -> Result<()> {
        let ended = self.client.clone().close().await;
        let log = tail(&self.log);
        drop(self.driver);
        if log.contains("CRASHED") {
            bail!("the web process crashed:\n{log}");
        }
        ended.with_context(|| format!("the session did not end; its log:\n{log}"))
    }
}

static TURN: Mutex<()> = Mutex::const_new(());

/// WebKitWebDriver in a process group of its own, so that nothing it started outlives it.
struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    async fn start(launch: &Launch, display: &Xvfb) -> Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let log = File::create(&launch.log).with_context(|| format!("could not write {}", launch.log.display()))?;
        let process = Command::new("WebKitWebDriver")
            .args(["--host=127.0.0.1", &format!("--port={port}")])
            .envs(launch.environment.iter().map(|(name, value)| (name, value)))
            .env("DISPLAY", display.name())
            .env("GDK_BACKEND", "x11")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            // Where there is no graphics card the other renderer draws nothing at all.
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            // Without a bus GTK would start one by itself and leave it behind.
            .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
            .env("NO_AT_BRIDGE", "1")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()
            .context("could not start WebKitWebDriver: run `cargo xtask system`")?;
        let driver = Self { process, port };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            if started.elapsed() > Duration::from_secs(20) {
                bail!("WebKitWebDriver took no connection in 20 s; its log:\n{}", tail(&launch.log));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(group) = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw) {
            // It may have ended by itself, and there is nobody to tell.
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.process.wait();
    }
}

fn tail(log: &Path) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    let start = bytes.len().saturating_sub(4000);
    String::from_utf8_lossy(bytes.get(start..).unwrap_or_default()).into_owned()
}
