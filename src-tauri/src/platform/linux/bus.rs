//! What the two buses say: who can tell that the screen has to be locked, and whether the clock is right.

use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use vigil_workstation::posture::ScreenLock;
use zbus::blocking::{Connection, Proxy, fdo::DBusProxy};
use zbus::names::BusName;

use crate::lock_signals::SAVERS;

/// Nobody waits longer for a bus.
const PATIENCE: Duration = Duration::from_millis(1500);

/// What was heard; what was not heard in time is absent.
#[derive(Default)]
pub(super) struct Heard {
    pub(super) screen_lock: ScreenLock,
    pub(super) clock_synchronized: Option<bool>,
}

/// Both buses, being asked.
pub(super) struct Asked(Receiver<Said>);

enum Said {
    Logind,
    Clock(bool),
    Saver,
}

/// Asks both at once, each on a thread of its own.
pub(super) fn ask() -> Asked {
    let (say, said) = channel();
    let system = say.clone();
    // A bus that cannot be asked has said nothing.
    let _ = thread::Builder::new().name("system bus asked".to_owned()).spawn(move || {
        let Ok(connection) = Connection::system() else { return };
        if has(&connection, "org.freedesktop.login1") {
            let _ = system.send(Said::Logind);
        }
        if let Some(right) = clock(&connection) {
            let _ = system.send(Said::Clock(right));
        }
    });
    let _ = thread::Builder::new().name("session bus asked".to_owned()).spawn(move || {
        let Ok(connection) = Connection::session() else { return };
        if SAVERS.iter().any(|saver| has(&connection, saver)) {
            let _ = say.send(Said::Saver);
        }
    });
    Asked(said)
}

impl Asked {
    /// What has been said once both have ended, or nobody waits any longer.
    pub(super) fn wait(self) -> Heard {
        let until = Instant::now() + PATIENCE;
        let mut heard = Heard::default();
        while let Ok(said) = self.0.recv_timeout(until.saturating_duration_since(Instant::now())) {
            match said {
                Said::Logind => heard.screen_lock.logind = true,
                Said::Saver => heard.screen_lock.screen_saver = true,
                Said::Clock(right) => heard.clock_synchronized = Some(right),
            }
        }
        heard
    }
}

fn has(connection: &Connection, name: &'static str) -> bool {
    let Ok(name) = BusName::try_from(name) else { return false };
    DBusProxy::new(connection).and_then(|bus| Ok(bus.name_has_owner(name)?)).unwrap_or(false)
}

/// org.freedesktop.timedate1(5), which asks the kernel: true also where chrony or ntpd keeps the time.
fn clock(connection: &Connection) -> Option<bool> {
    let name = "org.freedesktop.timedate1";
    Proxy::new(connection, name, "/org/freedesktop/timedate1", name).ok()?.get_property("NTPSynchronized").ok()
}
