//! Where the server is.

use hyper::Uri;
use rustls::pki_types::ServerName;

/// Host and port of an `https` origin.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) name: ServerName<'static>,
}

impl Origin {
    /// From `https://host[:port]`; nothing may follow but one slash.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let uri: Uri = text.parse().ok()?;
        let bare = uri.path() == "/" && uri.query().is_none();
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
        if uri.scheme_str() != Some("https") || !bare {
            return None;
        }
        let host = authority.host();
        let plain = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let name = ServerName::try_from(plain.to_owned()).ok()?;
        Some(Self { host: plain.to_owned(), port: authority.port_u16().unwrap_or(443), name })
    }

    /// The value of `Host`.
    pub(super) fn authority(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_https_and_nothing_else() {
        let found = Origin::parse("https://vigil.example:8443").unwrap();
        assert_eq!(found.authority(), "vigil.example:8443", "host and port");
        assert_eq!(Origin::parse("https://vigil.example/").unwrap().port, 443, "the port of https");
        assert_eq!(Origin::parse("https://[::1]:8443").unwrap().authority(), "[::1]:8443", "an address");
        for bad in
            ["http://vigil.example", "vigil.example", "https://u@vigil.example", "https://a/b", "https://a?b", ""]
        {
            assert!(Origin::parse(bad).is_none(), "{bad:?} is no origin");
        }
    }
}
