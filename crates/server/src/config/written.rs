//! The keys: sections, names, values. The only list of them.

use std::path::Path;

use serde::Deserialize;

use super::problem::{ConfigError, Place, unknown_key};
use super::values::{
    Absolute, Address, CustodianName, DatabaseAddress, HostName, LogForm, NoteName, Origin, WebAddress, Within,
    WitnessKey,
};

/// How a variable's text becomes TOML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A string.
    Text,
    /// A number or a truth value: as it stands.
    Bare,
    /// Strings with commas between them.
    List,
}

macro_rules! settings {
    ($( $section:ident: $Section:ident { $( $key:ident: $value:ty = $form:ident, )* } )*) => {
        $(
            #[derive(Clone, Debug, Default, Deserialize)]
            #[serde(deny_unknown_fields, default)]
            pub(super) struct $Section { $( pub(super) $key: Option<$value>, )* }

            impl $Section {
                fn take(&mut self, other: Self) {
                    $( if other.$key.is_some() { self.$key = other.$key; } )*
                }
            }
        )*

        /// A configuration as it was written: what it does not say is `None`.
        #[derive(Clone, Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub(super) struct Written { $( pub(super) $section: $Section, )* }

        impl Written {
            fn take(&mut self, other: Self) {
                $( self.$section.take(other.$section); )*
            }
        }

        /// Every key: section, name, form.
        pub const KEYS: &[(&str, &str, Form)] = &[$( $( (stringify!($section), stringify!($key), Form::$form), )* )*];
    };
}

settings! {
    server: Server {
        data: Absolute = Text,
        name: NoteName = Text,
        names: Vec<HostName> = List,
        url: Origin = Text,
        public_url: Origin = Text,
    }
    database: Database {
        url: DatabaseAddress = Text,
    }
    listen: Listen {
        workstations: Address = Text,
        public: Address = Text,
        operation: Address = Text,
        operation_beyond_loopback: bool = Bare,
    }
    tls: Tls {
        certificate: Absolute = Text,
        key: Absolute = Text,
        anchor: Absolute = Text,
    }
    custody: Custody {
        kind: CustodianName = Text,
        file: Absolute = Text,
        module: Absolute = Text,
        token: String = Text,
        pin_file: Absolute = Text,
    }
    limits: Limits {
        connections: Within<16, 100_000> = Bare,
        calls_per_device: Within<1, 64> = Bare,
        device_calls_per_minute: Within<10, 100_000> = Bare,
        address_calls_per_minute: Within<10, 100_000> = Bare,
        patience_seconds: Within<1, 120> = Bare,
        slowest_bytes: Within<1, 1_048_576> = Bare,
        stop_seconds: Within<1, 600> = Bare,
        free_disk_mib: Within<1, 1_048_576> = Bare,
    }
    directory: Directory {
        lease_hours: Within<1, 720> = Bare,
        policy: String = Text,
    }
    retention: Retention {
        years: Within<10, 100> = Bare,
        archive: Absolute = Text,
    }
    witness: Witness {
        url: WebAddress = Text,
        key: WitnessKey = Text,
        anchor: Absolute = Text,
        servers: Vec<WitnessKey> = List,
    }
    alarm: Alarm {
        channels: Absolute = Text,
    }
    log: Log {
        form: LogForm = Text,
    }
}

impl Written {
    pub(super) fn parse(text: &str, file: &Path) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| ConfigError::of_toml(Place::within(file, text, error.span()), &error))
    }

    /// Lets the variables of the environment win.
    pub(super) fn take_variables(&mut self, variables: &[(String, String)]) -> Result<(), ConfigError> {
        for (variable, value) in variables {
            let Some(rest) = variable.strip_prefix(super::VARIABLES) else { continue };
            // What names the file itself.
            if rest == "CONFIG" {
                continue;
            }
            let place = || Place::Variable(variable.clone());
            let wanted = rest.to_ascii_lowercase();
            let found = KEYS.iter().find(|(section, key, _)| format!("{section}_{key}") == wanted);
            let Some((section, key, form)) = found else {
                let known = KEYS.iter().map(|(section, key, _)| name(section, key)).collect::<Vec<_>>();
                let known = known.iter().map(String::as_str).collect::<Vec<_>>();
                return Err(ConfigError::at(place(), unknown_key(variable, &known)));
            };
            let text = format!("[{section}]\n{key} = {}\n", toml_form(value, *form));
            let written = toml::from_str(&text).map_err(|error| ConfigError::of_toml(place(), &error))?;
            self.take(written);
        }
        Ok(())
    }
}

/// The variable of a key.
pub(super) fn name(section: &str, key: &str) -> String {
    format!("{}{section}_{key}", super::VARIABLES).to_ascii_uppercase()
}

fn toml_form(value: &str, form: Form) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    match form {
        Form::Text => quoted(value),
        // A line feed would begin another key.
        Form::Bare => value.replace(['\n', '\r'], " "),
        Form::List => {
            let parts = value.split(',').map(str::trim).filter(|part| !part.is_empty());
            format!("[{}]", parts.map(quoted).collect::<Vec<_>>().join(", "))
        }
    }
}
