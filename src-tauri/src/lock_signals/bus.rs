//! Listening to the system's and the session's bus.

use std::thread;
use std::time::Duration;

use zbus::blocking::{Connection, MessageIterator, Proxy, fdo::DBusProxy};
use zbus::zvariant::OwnedObjectPath;
use zbus::{MatchRule, message};

use super::demand::{SAVERS, is_demand};
use super::lock;
use crate::commands::Handle;

/// How long after a bus broke off the next one is looked for.
const PAUSE: Duration = Duration::from_secs(5);

/// Which bus.
#[derive(Clone, Copy)]
enum Bus {
    System,
    Session,
}

/// Listens on both buses for as long as the program runs.
pub(crate) fn watch(handle: &Handle) {
    for (bus, name) in [(Bus::System, "system bus"), (Bus::Session, "session bus")] {
        let handle = handle.clone();
        let listening = thread::Builder::new().name(name.to_owned()).spawn(move || {
            loop {
                if let Err(error) = listen(bus, &handle) {
                    tracing::debug!(%error, "no lock signals from the {name}");
                }
                thread::sleep(PAUSE);
            }
        });
        if let Err(error) = listening {
            tracing::warn!(%error, "the {name} cannot be listened to: the screen locks by idle time only");
        }
    }
}

/// Until the bus breaks off.
fn listen(bus: Bus, handle: &Handle) -> zbus::Result<()> {
    let (connection, own) = match bus {
        Bus::System => {
            let connection = Connection::system()?;
            let own = own_session(&connection);
            (connection, own)
        }
        Bus::Session => (Connection::session()?, None),
    };
    let messages = MessageIterator::from(&connection);
    let daemon = DBusProxy::new(&connection)?;
    for rule in rules(bus)? {
        daemon.add_match_rule(rule)?;
    }
    for message in messages {
        let message = message?;
        if message.message_type() == message::Type::Signal && is_demand(&message, own.as_deref()) {
            lock(handle);
        }
    }
    Ok(())
}

/// What the bus is asked for. On the system's, where every user may send, the senders are named; on the session's, all are of this user.
fn rules(bus: Bus) -> zbus::Result<Vec<MatchRule<'static>>> {
    const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
    let rule = |sender: Option<&'static str>, interface: &'static str, member: &'static str| -> zbus::Result<_> {
        let rule = MatchRule::builder().msg_type(message::Type::Signal).interface(interface)?.member(member)?;
        Ok(match sender {
            Some(sender) => rule.sender(sender)?.build(),
            None => rule.build(),
        })
    };
    let login = Some("org.freedesktop.login1");
    match bus {
        Bus::System => Ok(vec![
            rule(login, "org.freedesktop.login1.Manager", "PrepareForSleep")?,
            rule(login, "org.freedesktop.login1.Session", "Lock")?,
            rule(login, PROPERTIES, "PropertiesChanged")?,
            rule(Some("org.freedesktop.UPower"), PROPERTIES, "PropertiesChanged")?,
        ]),
        Bus::Session => SAVERS.iter().map(|saver| rule(None, saver, "ActiveChanged")).collect(),
    }
}

/// The path of the session that this program runs in, if logind knows it.
fn own_session(connection: &Connection) -> Option<String> {
    let manager =
        Proxy::new(connection, "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
            .ok()?;
    let path: OwnedObjectPath = manager.call("GetSessionByPID", &std::process::id()).ok()?;
    Some(path.to_string())
}
