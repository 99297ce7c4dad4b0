//! Services on a message bus that say what those of a real system say.

use crate::bus::Bus;
use anyhow::Result;
use serde::Serialize;
use std::collections::HashMap;
use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::{DynamicType, ObjectPath, OwnedObjectPath};

/// The path of the session that the fake logind gives every process.
pub const SESSION: &str = "/org/freedesktop/login1/session/_31";

impl Bus {
    /// A service under this name, which knows sessions if it is logind.
    ///
    /// # Errors
    /// When the name is taken.
    pub fn service(&self, name: &'static str) -> Result<Service> {
        let builder = Builder::address(self.address())?.name(name)?;
        let connection = match name {
            "org.freedesktop.login1" => builder.serve_at("/org/freedesktop/login1", Logind)?.build()?,
            _ => builder.build()?,
        };
        Ok(Service { connection })
    }

    /// Whether somebody asked the bus for messages of this interface.
    ///
    /// # Errors
    /// When the bus does not answer.
    pub fn is_listened_to(&self, interface: &str) -> Result<bool> {
        let connection = Builder::address(self.address())?.build()?;
        let name = "org.freedesktop.DBus";
        let stats = Proxy::new(&connection, name, "/org/freedesktop/DBus", "org.freedesktop.DBus.Debug.Stats")?;
        let rules: HashMap<String, Vec<String>> = stats.call("GetAllMatchRules", &())?;
        Ok(rules.values().flatten().any(|rule| rule.contains(interface)))
    }
}

/// A service on the bus.
pub struct Service {
    connection: Connection,
}

impl Service {
    /// Sends a signal to everybody.
    ///
    /// # Errors
    /// When the bus is gone.
    pub fn say<B: Serialize + DynamicType>(&self, path: &str, interface: &str, member: &str, body: &B) -> Result<()> {
        Ok(self.connection.emit_signal(None::<&str>, path, interface, member, body)?)
    }
}

struct Logind;

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Logind {
    #[zbus(name = "GetSessionByPID")]
    fn session_of(&self, _pid: u32) -> OwnedObjectPath {
        ObjectPath::from_static_str_unchecked(SESSION).into()
    }
}
