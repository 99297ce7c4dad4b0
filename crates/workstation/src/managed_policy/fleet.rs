//! How the central server is reached.

use serde::Deserialize;

/// The keys of the managed policy about the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FleetPolicy {
    /// The HTTP proxy through which the server is called, `host:port`; it sees ciphertext alone [default: none, whatever the environment
    /// says].
    pub server_proxy: Option<HostAndPort>,
    /// The unit at which this workstation stands: a ward, a clinic, a department. The desk of the fleet counts accesses by it [default: not said].
    pub unit: Option<Unit>,
}

/// The name of a unit, of at most 64 bytes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Unit(String);

impl TryFrom<String> for Unit {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        let is_one = vigil_model::wire::is_unit(&name);
        if is_one { Ok(Self(name)) } else { Err("a unit is a name like Ward 4 East, of one line and at most 64 bytes") }
    }
}

impl From<Unit> for String {
    fn from(unit: Unit) -> Self {
        unit.0
    }
}

/// A host and a port.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HostAndPort {
    /// A name or an address.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl TryFrom<String> for HostAndPort {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const FORM: &str = "a proxy is written like proxy.example:3128";
        let (host, port) = text.rsplit_once(':').ok_or(FORM)?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let port = port.parse().map_err(|_| FORM)?;
        let is_host = !host.is_empty() && !host.contains(['/', '@', ' ']);
        if is_host { Ok(Self { host: host.to_owned(), port }) } else { Err(FORM) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_a_name_of_one_line() {
        let of = |text: &str| Unit::try_from(text.to_owned()).map(String::from);
        assert_eq!(of("Station 4 Süd"), Ok("Station 4 Süd".to_owned()));
        for bad in ["", " Ward 4", "Ward 4\r\nx-forged: 1", &"w".repeat(65)] {
            assert!(of(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_proxy_is_a_host_and_a_port_and_nothing_else() {
        let of = |text: &str| HostAndPort::try_from(text.to_owned()).map(|proxy| (proxy.host, proxy.port));
        assert_eq!(of("proxy.example:3128"), Ok(("proxy.example".to_owned(), 3128)));
        assert_eq!(of("[::1]:8080"), Ok(("::1".to_owned(), 8080)));
        for bad in ["proxy.example", "http://proxy.example:80", "user@proxy:80", ":80", "proxy:99999"] {
            assert!(of(bad).is_err(), "{bad}");
        }
    }
}
