//! Drives the real window through WebKitWebDriver, on a display of its own.

use crate::group::Group;
use crate::xvfb::Xvfb;
use anyhow::{Context, Result, bail};
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
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

    /// With VIGIL_PICTURES the display is left there as it is, for people to look at.
    pub fn picture(&self, name: &str) -> Result<()> {
        let folder = std::env::var_os("VIGIL_PICTURES");
        folder.map_or(Ok(()), |folder| self.screenshot(&Path::new(&folder).join(format!("{name}.png"))))
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

/// WebKitWebDriver.
struct Driver {
    _process: Group,
    port: u16,
}

impl Driver {
    async fn start(launch: &Launch, display: &Xvfb) -> Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut command = Command::new("WebKitWebDriver");
        command
            .args(["--host=127.0.0.1", &format!("--port={port}")])
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            // Where there is no graphics card the other renderer draws nothing at all.
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        let process = Group::start(&mut command, launch, display)
            .context("could not start WebKitWebDriver: run `cargo xtask system`")?;
        let driver = Self { _process: process, port };
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

fn tail(log: &Path) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    let start = bytes.len().saturating_sub(4000);
    String::from_utf8_lossy(bytes.get(start..).unwrap_or_default()).into_owned()
}
