//! The values that keys may have: what does not fit is refused where it stands.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;
use vigil_audit::CosignatureVerifier;

/// `address:port`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Address(pub(super) SocketAddr);

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
            .map(Self)
            .map_err(|_| format!("{text:?} is no address with a port, such as 0.0.0.0:8443 or [::]:8443"))
    }
}

/// A whole path.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Absolute(pub(super) PathBuf);

impl TryFrom<String> for Absolute {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let path = PathBuf::from(&text);
        if path.is_absolute() {
            Ok(Self(path))
        } else {
            Err(format!("{text:?} is no whole path: it has to begin with /"))
        }
    }
}

/// `https://host:port`, without a path.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Origin(pub(super) String);

impl TryFrom<String> for Origin {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let host = text.strip_prefix("https://").unwrap_or_default();
        let fits = !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']);
        if fits { Ok(Self(text)) } else { Err(format!("{text:?} is no origin such as https://vigil.example:8443")) }
    }
}

/// `https://host/path`, a whole address.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct WebAddress(pub(super) String);

impl TryFrom<String> for WebAddress {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let fits = |uri: axum::http::Uri| {
            let bare = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
            uri.scheme_str() == Some("https") && bare && uri.path() != "/" && uri.query().is_none()
        };
        if text.parse().is_ok_and(fits) {
            Ok(Self(text))
        } else {
            Err(format!("{text:?} is no address such as https://witness.example/add-checkpoint"))
        }
    }
}

/// `postgres://...` or `sqlite:/path`.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct DatabaseAddress(pub(super) String);

impl TryFrom<String> for DatabaseAddress {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let fits = ["postgres://", "postgresql://", "sqlite:"].iter().any(|scheme| text.starts_with(scheme));
        // The address may hold a password: it is not repeated.
        if fits {
            Ok(Self(text))
        } else {
            Err("this is no database: postgres://user@host/name, or sqlite:/path for the embedded one".to_owned())
        }
    }
}

/// A DNS name or an address.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct HostName(pub(super) String);

impl TryFrom<String> for HostName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        let fits = text.parse::<std::net::IpAddr>().is_ok() || (text.len() <= 253 && text.split('.').all(label));
        if fits { Ok(Self(text)) } else { Err(format!("{text:?} is no host name such as vigil.hospital.example")) }
    }
}

/// A name for notes: no space, no plus.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct NoteName(pub(super) String);

impl TryFrom<String> for NoteName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let fits = !text.is_empty() && !text.contains('+') && !text.contains(char::is_whitespace);
        if fits { Ok(Self(text)) } else { Err(format!("{text:?} is no name: it may have neither a space nor a plus")) }
    }
}

/// The public key of a witness: a C2SP vkey of the type `cosignature/v1`.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct WitnessKey(pub(super) String);

impl TryFrom<String> for WitnessKey {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if CosignatureVerifier::new(&text).is_ok() {
            Ok(Self(text))
        } else {
            Err(format!("{text:?} is no key of a witness, as `vigil-server witness key` prints it"))
        }
    }
}

/// A whole number between two others.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "i64")]
pub(super) struct Within<const LEAST: u64, const MOST: u64>(pub(super) u64);

impl<const LEAST: u64, const MOST: u64> Within<LEAST, MOST> {
    /// The number where the range fits into 32 bits.
    pub(super) fn small(self) -> u32 {
        u32::try_from(self.0).unwrap_or(u32::MAX)
    }
}

impl<const LEAST: u64, const MOST: u64> TryFrom<i64> for Within<LEAST, MOST> {
    type Error = String;

    fn try_from(number: i64) -> Result<Self, String> {
        match u64::try_from(number) {
            Ok(number) if (LEAST..=MOST).contains(&number) => Ok(Self(number)),
            _ => Err(format!("{number} is not allowed here: a number from {LEAST} to {MOST}")),
        }
    }
}

/// Who may keep the master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CustodianName {
    /// A file.
    File,
    /// A PKCS#11 token.
    Pkcs11,
}

/// How the program's own log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogForm {
    /// Lines for people.
    Text,
    /// One JSON object to a line.
    Json,
}
