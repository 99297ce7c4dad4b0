//! The values that keys may have: what does not fit is refused where it stands.

use std::fmt;
use std::net::IpAddr;

use hyper::Uri;
use serde::Deserialize;

use crate::HostName;

/// `https://host/path`; plain `http` goes to this machine alone (`127.0.0.1` and its like, `[::1]`, `localhost`), for a gateway beside the
/// server.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct WebAddress(pub(crate) Uri);

impl WebAddress {
    /// Host and port. The path is left out: it may hold a token.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.0.host().unwrap_or_default(), self.port())
    }

    pub(crate) fn is_plain(&self) -> bool {
        self.0.scheme_str() == Some("http")
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.port_u16().unwrap_or(if self.is_plain() { 80 } else { 443 })
    }

    /// The host, an IPv6 address without its brackets.
    pub(crate) fn host(&self) -> &str {
        bare(self.0.host().unwrap_or_default())
    }
}

fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// Without its path, which may hold a token.
impl fmt::Debug for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place())
    }
}

impl TryFrom<String> for WebAddress {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let fits = |uri: &Uri| {
            let Some(authority) = uri.authority() else { return false };
            let host = bare(authority.host());
            let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
            let named = HostName::try_from(host).is_ok() && !authority.as_str().contains('@');
            named && (uri.scheme_str() == Some("https") || (uri.scheme_str() == Some("http") && here))
        };
        // It may hold a token: it is not repeated.
        text.parse().ok().filter(fits).map(Self).ok_or_else(|| {
            "this is no address such as https://gateway.example/send; http:// goes to 127.0.0.1, [::1] and localhost alone, \
             and no name or password may stand in it"
                .to_owned()
        })
    }
}

/// An address for mail: `name@host`, of plain characters, without quotes (the `dot-string` of RFC 5321, 4.1.2).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct MailAddress(String);

impl MailAddress {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the `@`.
    pub(crate) fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl TryFrom<String> for MailAddress {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let atom = |atom: &str| {
            !atom.is_empty()
                && atom.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
        };
        let fits = text.split_once('@').is_some_and(|(local, domain)| {
            let host = HostName::try_from(domain).is_ok_and(|host| host.address().is_none());
            local.len() <= 64 && local.split('.').all(atom) && host
        });
        if fits { Ok(Self(text)) } else { Err(format!("{text:?} is no address such as privacy@hospital.example")) }
    }
}

/// A telephone in the international form (ITU-T E.164): a plus and 7 to 15 digits.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Telephone(String);

impl Telephone {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Telephone {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let fits = text.strip_prefix('+').is_some_and(|digits| {
            (7..=15).contains(&digits.len())
                && digits.bytes().all(|byte| byte.is_ascii_digit())
                && !digits.starts_with('0')
        });
        if fits { Ok(Self(text)) } else { Err(format!("{text:?} is no telephone such as +41441234567")) }
    }
}

/// What a gateway calls an account, a key or a service: letters and digits, 64 at most.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct AccountId(String);

impl AccountId {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AccountId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits {
            Ok(Self(text))
        } else {
            Err("this is no id of an account: letters and digits, 64 at most".to_owned())
        }
    }
}

/// A port, not 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub struct Port(pub(crate) u16);

impl TryFrom<i64> for Port {
    type Error = String;

    fn try_from(number: i64) -> Result<Self, String> {
        match u16::try_from(number) {
            Ok(port) if port > 0 => Ok(Self(port)),
            _ => Err(format!("{number} is no port: a number from 1 to 65535")),
        }
    }
}

/// The levels of escalation that a channel serves: at least one, each from 0 to 16.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<i64>")]
pub struct Levels(Vec<u8>);

impl Levels {
    pub(crate) fn has(&self, level: u8) -> bool {
        self.0.contains(&level)
    }

    /// Whether one of them is at or below this.
    pub(crate) fn reach(&self, level: u8) -> bool {
        self.0.iter().any(|own| *own <= level)
    }
}

impl TryFrom<Vec<i64>> for Levels {
    type Error = String;

    fn try_from(numbers: Vec<i64>) -> Result<Self, String> {
        let level = |number: i64| u8::try_from(number).ok().filter(|level| *level <= crate::plan::LAST_LEVEL);
        let levels = numbers.into_iter().map(level).collect::<Option<Vec<_>>>().filter(|levels| !levels.is_empty());
        levels.map(Self).ok_or_else(|| {
            format!(
                "levels are numbers from 0 (whenever an alarm is raised) to {}, at least one",
                crate::plan::LAST_LEVEL
            )
        })
    }
}

/// How TLS begins with a mail server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpTls {
    /// At once (RFC 8314, 3.3).
    #[default]
    Implicit,
    /// By STARTTLS (RFC 3207), without which nothing is sent.
    StartTls,
}

/// How a gateway is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// POST.
    #[default]
    Post,
    /// PUT.
    Put,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_address_cannot_carry_a_command() {
        for good in ["privacy@hospital.example", "a.b+c@h.example", "on-call@h"] {
            assert!(MailAddress::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in
            ["", "a", "@h", "a@", "a b@h.example", "a@h\r\nRCPT TO:<b@h>", "a>@h", "a@b@c", "a..b@h", "a@10.0.0.1"]
        {
            assert!(MailAddress::try_from(bad.to_owned()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_telephone_is_international() {
        assert!(Telephone::try_from("+41441234567".to_owned()).is_ok(), "one");
        for bad in ["0441234567", "+0441234567", "+41 44", "+", "+1234567890123456", "+41441234567&To=x"] {
            assert!(Telephone::try_from(bad.to_owned()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_address_is_shown_without_its_path() {
        let address = WebAddress::try_from("https://sms.example/send?key=hunter2".to_owned()).unwrap();
        assert_eq!(format!("{address:?}"), "sms.example:443", "the key is in the query");
    }
}
