//! A smart card that a test puts in and takes out: pcscd with the virtual reader of vsmartcard (vpcd), whose card is whoever
//! holds a connection to its port.

use anyhow::{Context, Result, bail};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The second of the two virtual readers, so that a test of the first is not disturbed.
pub const READER: &str = "Virtual PCD 00 01";
const PORT: u16 = 35_964;
const SERVICE: &str = "/run/pcscd/pcscd.comm";
const PATIENCE: Duration = Duration::from_secs(20);

/// The service of the card readers: that of this computer, or one that ends with this value.
pub struct CardService(Option<Child>);

impl CardService {
    /// Finds or starts it; `None`, said on standard error, where neither is possible for this user.
    ///
    /// # Errors
    /// When it does not take connections.
    pub fn start() -> Result<Option<Self>> {
        if UnixStream::connect(SERVICE).is_ok() {
            return Ok(Some(Self(None)));
        }
        if !rustix::process::geteuid().is_root() {
            eprintln!("skipped: no pcscd runs, and only root can start one");
            return Ok(None);
        }
        let child = Command::new("pcscd")
            .arg("--foreground")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("could not start pcscd: run `cargo xtask system`")?;
        let service = Self(Some(child));
        wait("pcscd", || UnixStream::connect(SERVICE).is_ok())?;
        Ok(Some(service))
    }
}

impl Drop for CardService {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            // It may have ended already, and there is nobody to tell.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A card in the reader; dropping it takes it out.
pub struct Card {
    connection: TcpStream,
    powered: Arc<AtomicBool>,
}

impl Card {
    /// Puts a card in.
    ///
    /// # Errors
    /// When the reader takes no card.
    pub fn insert(_into: &CardService) -> Result<Self> {
        let started = Instant::now();
        let connection = loop {
            match TcpStream::connect(("127.0.0.1", PORT)) {
                Ok(connection) => break connection,
                Err(error) if started.elapsed() > PATIENCE => {
                    return Err(error).context("the virtual reader is not there");
                }
                Err(_) => thread::sleep(Duration::from_millis(50)),
            }
        };
        let powered = Arc::new(AtomicBool::new(false));
        let (mut card, asked) = (connection.try_clone()?, Arc::clone(&powered));
        // It ends when the connection does.
        thread::spawn(move || while answer(&mut card, &asked).is_ok() {});
        Ok(Self { connection, powered })
    }

    /// Waits until the service has powered the card.
    ///
    /// # Errors
    /// When it does not.
    pub fn wait_until_seen(&self) -> Result<()> {
        wait("power for the card", || self.powered.load(Ordering::SeqCst))
    }
}

impl Drop for Card {
    fn drop(&mut self) {
        // A connection that is gone is a card that is out.
        let _ = self.connection.shutdown(std::net::Shutdown::Both);
    }
}

/// One message of the reader: its length in two bytes; one byte is a command (0 off, 1 on, 2 reset, 4 tell the ATR).
fn answer(card: &mut TcpStream, powered: &AtomicBool) -> Result<()> {
    const ATR: [u8; 5] = [0x3B, 0x80, 0x80, 0x01, 0x01];
    let mut length = [0; 2];
    card.read_exact(&mut length)?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    card.read_exact(&mut message)?;
    let said: &[u8] = match message.as_slice() {
        [4] => &ATR,
        [1 | 2] => {
            powered.store(true, Ordering::SeqCst);
            return Ok(());
        }
        [_] => return Ok(()),
        // No instruction is known to this card (ISO/IEC 7816-4, status 6D00).
        _ => &[0x6D, 0x00],
    };
    card.write_all(&u16::try_from(said.len())?.to_be_bytes())?;
    card.write_all(said)?;
    Ok(())
}

fn wait(what: &str, ready: impl Fn() -> bool) -> Result<()> {
    let started = Instant::now();
    while !ready() {
        if started.elapsed() > PATIENCE {
            bail!("{what} did not come in {} s", PATIENCE.as_secs());
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}
