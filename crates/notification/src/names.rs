//! Names that stand in messages: short, of few characters, parsed once. None has room for a sentence.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a name was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no {what}")]
pub struct NameError {
    what: &'static str,
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $what:literal, $fits:path) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The name as it is written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from(text: String) -> Result<Self, NameError> {
                // What was written is not repeated: it may be what must not stand in a log.
                if $fits(&text) { Ok(Self(text)) } else { Err(NameError { what: $what }) }
            }
        }

        impl TryFrom<&str> for $name {
            type Error = NameError;

            fn try_from(text: &str) -> Result<Self, NameError> {
                Self::try_from(text.to_owned())
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::try_from(text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name! {
    /// The rule that raised an alarm, such as `unusual-volume`: 1 to 40 of `a`-`z`, `0`-`9` and `-`.
    RuleId, "name of a rule: 1 to 40 of a-z, 0-9 and the hyphen", is_slug
}

name! {
    /// What a channel is called in the configuration and in logs: 1 to 40 of `a`-`z`, `0`-`9` and `-`.
    ChannelName, "name of a channel: 1 to 40 of a-z, 0-9 and the hyphen", is_slug
}

name! {
    /// The short name of the installation that speaks, such as `st-anna` or `vigil.hospital.example`: 1 to 64 letters and digits of ASCII and
    /// `. _ : / -`, the first a letter or digit.
    SystemName, "name of a system: 1 to 64 letters, digits and . _ : / -, the first a letter or digit", is_system
}

name! {
    /// The host that speaks: a DNS name or an IP address, without a port.
    HostName, "name of a host, such as vigil.hospital.example", is_host
}

impl SystemName {
    /// The nearest name: what may not stand in one becomes a hyphen, what is too long is cut. Nothing at all becomes `vigil`.
    pub fn near(text: &str) -> Self {
        let kept = |found: char| if is_of_system(found) { found } else { '-' };
        let name = text.chars().map(kept).skip_while(|found| !found.is_ascii_alphanumeric()).take(64);
        let name = name.collect::<String>();
        Self(if name.is_empty() { "vigil".to_owned() } else { name })
    }
}

impl HostName {
    /// The address, where the name is one.
    pub fn address(&self) -> Option<IpAddr> {
        self.0.parse().ok()
    }
}

fn is_slug(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

const fn is_of_system(found: char) -> bool {
    found.is_ascii_alphanumeric() || matches!(found, '.' | '_' | ':' | '/' | '-')
}

fn is_system(text: &str) -> bool {
    text.len() <= 64 && text.starts_with(|first: char| first.is_ascii_alphanumeric()) && text.chars().all(is_of_system)
}

fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.parse::<IpAddr>().is_ok() || (text.len() <= 253 && text.split('.').all(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_a_slug_and_nothing_else() {
        assert!(RuleId::try_from("unusual-volume").is_ok(), "a rule");
        for bad in ["", "Unusual", "a b", "a_b", "größe", &"a".repeat(41)] {
            assert!(RuleId::try_from(bad).is_err(), "{bad:?} is none");
        }
    }

    #[test]
    fn a_system_has_no_room_for_a_sentence() {
        assert!(SystemName::try_from("vigil.hospital.example/ward-3").is_ok(), "a name");
        for bad in ["", "St. Anna", "-x", "a|b", "a=b", "<a>", "a\r\nb", "ä", &"a".repeat(65)] {
            assert!(SystemName::try_from(bad).is_err(), "{bad:?} is none");
        }
        assert_eq!(SystemName::near("Klinik Süd|1").as_str(), "Klinik-S-d-1", "the nearest");
        assert_eq!(SystemName::near("  ").as_str(), "vigil", "of nothing");
        assert!(SystemName::try_from(SystemName::near(&"ü".repeat(99)).as_str()).is_ok(), "always a name");
    }

    #[test]
    fn a_host_is_a_name_or_an_address() {
        for good in ["vigil", "vigil.hospital.example", "10.0.0.1", "::1"] {
            assert!(HostName::try_from(good).is_ok(), "{good:?} is one");
        }
        for bad in ["", "a b", "a..b", "host:25", "[::1]", "a/b"] {
            assert!(HostName::try_from(bad).is_err(), "{bad:?} is none");
        }
    }

    #[test]
    fn what_is_no_name_is_not_repeated() {
        let error = RuleId::try_from("Jane Roe, born 1970").unwrap_err().to_string();
        assert!(!error.contains("Roe"), "{error}");
    }
}
