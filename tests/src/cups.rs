//! A print server of one's own with a printer on the network: CUPS, and a tray that takes what is sent to it (AppSocket, port 9100 elsewhere).

use anyhow::{Context, Result, bail};
use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The one printer that it has.
pub const PRINTER: &str = "Ward-3";

const PATIENCE: Duration = Duration::from_secs(30);

/// A running CUPS that keeps everything in a folder of its own; it ends with the value.
pub struct Cups {
    process: Child,
    folder: TempDir,
    tray: Receiver<Vec<u8>>,
}

impl Cups {
    /// Starts it, with the settings that CUPS comes with: files and history of jobs are kept.
    pub fn start() -> Result<Self> {
        // The path of a socket has 107 bytes at most.
        let folder = tempfile::Builder::new().prefix("cups").tempdir()?;
        // CUPS prints as a user of its own.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        let root = folder.path().display().to_string();
        for place in ["etc", "state", "cache", "spool", "tmp", "log"] {
            fs::create_dir(folder.path().join(place))?;
        }
        let all = "Order allow,deny\n  Allow all\n";
        fs::write(
            folder.path().join("etc/cupsd.conf"),
            format!(
                "Listen {root}/sock\nBrowsing No\nDefaultAuthType None\n<Location />\n  {all}</Location>\n<Location /admin>\n  {all}</Location>\n\
                 <Policy default>\n  <Limit All>\n    Order deny,allow\n  </Limit>\n</Policy>\n"
            ),
        )?;
        fs::write(
            folder.path().join("etc/cups-files.conf"),
            format!(
                "ServerRoot {root}/etc\nDataDir /usr/share/cups\nServerBin /usr/lib/cups\nStateDir {root}/state\nCacheDir {root}/cache\n\
                 RequestRoot {root}/spool\nTempDir {root}/tmp\nAccessLog {root}/log/access\nErrorLog {root}/log/error\nPageLog {root}/log/page\n"
            ),
        )?;
        let process = Command::new("/usr/sbin/cupsd")
            .args(["-f", "-c", &format!("{root}/etc/cupsd.conf"), "-s", &format!("{root}/etc/cups-files.conf")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cupsd could not be started; `cargo xtask system` installs the package cups")?;
        let (port, tray) = tray()?;
        let mut cups = Self { process, folder, tray };
        let since = Instant::now();
        while !cups.socket().exists() {
            if cups.process.try_wait()?.is_some() || since.elapsed() > PATIENCE {
                bail!("cupsd did not come up");
            }
            thread::sleep(Duration::from_millis(10));
        }
        let socket = cups.socket().display().to_string();
        let made = Command::new("/usr/sbin/lpadmin")
            .args(["-h", &socket, "-p", PRINTER, "-E", "-v", &format!("socket://127.0.0.1:{port}"), "-m", "raw"])
            .stderr(Stdio::null())
            .status()?;
        anyhow::ensure!(made.success(), "lpadmin made no printer");
        Ok(cups)
    }

    /// Has programs with this home print here.
    pub fn serve(&self, home: &Path) -> Result<()> {
        fs::create_dir_all(home.join(".cups"))?;
        Ok(fs::write(home.join(".cups/client.conf"), format!("ServerName {}\n", self.socket().display()))?)
    }

    /// What was printed next.
    pub fn printed(&self) -> Result<Vec<u8>> {
        self.tray.recv_timeout(PATIENCE).context("nothing came out of the printer")
    }

    /// Everything that it keeps.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The files of jobs: what is printed, and about whom.
    pub fn spooled(&self) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(self.folder.path().join("spool"))? {
            files.extend(Some(entry?.path()).filter(|path| path.is_file()));
        }
        Ok(files)
    }

    /// Waits until it keeps no job.
    pub fn wait_until_forgotten(&self) -> Result<()> {
        let since = Instant::now();
        while !self.spooled()?.is_empty() {
            anyhow::ensure!(since.elapsed() < PATIENCE, "CUPS still keeps {:?}", self.spooled()?);
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("sock")
    }
}

impl Drop for Cups {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A printer that is nothing but its tray.
fn tray() -> Result<(u16, Receiver<Vec<u8>>)> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let port = listener.local_addr()?.port();
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut bytes = Vec::new();
            if stream.and_then(|mut stream| stream.read_to_end(&mut bytes)).is_err() || sender.send(bytes).is_err() {
                return;
            }
        }
    });
    Ok((port, receiver))
}
