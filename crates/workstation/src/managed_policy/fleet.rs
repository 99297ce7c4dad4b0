//! How the central server is reached.

use serde::Deserialize;

/// The keys of the managed policy about the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FleetPolicy {
    /// The HTTP proxy through which the server is called, `host:port`; it sees ciphertext alone [default: none, whatever the environment
    /// says].
    pub server_proxy: Option<HostAndPort>,
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
    fn a_proxy_is_a_host_and_a_port_and_nothing_else() {
        let of = |text: &str| HostAndPort::try_from(text.to_owned()).map(|proxy| (proxy.host, proxy.port));
        assert_eq!(of("proxy.example:3128"), Ok(("proxy.example".to_owned(), 3128)));
        assert_eq!(of("[::1]:8080"), Ok(("::1".to_owned(), 8080)));
        for bad in ["proxy.example", "http://proxy.example:80", "user@proxy:80", ":80", "proxy:99999"] {
            assert!(of(bad).is_err(), "{bad}");
        }
    }
}
