//! The configuration: a TOML file, and the environment over it. What neither says has a default that works without any set-up.
//!
//! Every key stands in `written.rs`, once; `docs/deployment/server.md` lists them for people.

mod problem;
mod values;
mod written;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

pub use problem::ConfigError;
use problem::{Place, Source};
pub use values::{CustodianName, LogForm};
pub use written::KEYS;
use written::Written;

/// Where the file lies when nobody names another.
pub const DEFAULT_FILE: &str = "/etc/vigil/vigil-server.toml";

/// What variables of the environment begin with; the rest is section and key, in capitals (`VIGIL_SERVER_LISTEN_PUBLIC`).
pub const VARIABLES: &str = "VIGIL_SERVER_";

/// The configuration, complete.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of everything that the server keeps in files.
    pub data: PathBuf,
    /// What the server calls itself in checkpoints and in the directory.
    pub name: String,
    /// The names by which workstations reach it.
    pub names: Vec<String>,
    /// The origin of the listener for workstations, where it is not the first name with the port listened on.
    pub url: Option<String>,
    /// The origin of the public listener, likewise.
    pub public_url: Option<String>,
    /// The database's address, as written; `None` is the embedded one.
    pub database: Option<String>,
    /// The listeners.
    pub listen: Listen,
    /// The organisation's own server certificate, where there is one.
    pub tls: Option<TlsFiles>,
    /// Who keeps the master key.
    pub custody: Custody,
    /// How much of everything.
    pub limits: Limits,
    /// What the directory says beside its users.
    pub directory: DirectoryTerms,
    /// For how many years audit entries are kept at least.
    pub retention_years: u32,
    /// The folder for the archives of months that are let go.
    pub archive: PathBuf,
    /// A second witness.
    pub witness: Option<FurtherWitness>,
    /// The servers whose logs are witnessed here, by their C2SP vkeys.
    pub witnessed: Vec<String>,
    /// The file with the channels of alarms; `None`: nobody is told, and incidents stand at the desk alone.
    pub channels: Option<PathBuf>,
    /// How the program's own log is written.
    pub log: LogForm,
}

/// Addresses to listen on.
#[derive(Clone, Debug)]
pub struct Listen {
    /// Enrolled workstations; the client certificate is asked for in the handshake.
    pub workstations: SocketAddr,
    /// Everybody else.
    pub public: SocketAddr,
    /// Metrics and health, in the clear.
    pub operation: SocketAddr,
}

/// PEM files.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The certificate and what leads from it to the anchor.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// What workstations are told to trust.
    pub anchor: PathBuf,
}

/// Who keeps the master key.
#[derive(Clone, Debug)]
pub enum Custody {
    /// A file: whoever copies it with the database can read everything.
    File(PathBuf),
    /// A PKCS#11 token or hardware security module.
    Pkcs11 {
        /// The vendor's library.
        module: PathBuf,
        /// The token's label.
        token: String,
        /// The file with the PIN on its first line.
        pin_file: PathBuf,
    },
}

/// How much of everything.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at a time, of each listener.
    pub connections: usize,
    /// Calls of one workstation that run at the same time.
    pub calls_per_device: usize,
    /// Calls of one workstation in a minute.
    pub device_calls_per_minute: u32,
    /// Calls from one address to the public listener in a minute.
    pub address_calls_per_minute: u32,
    /// Seconds for a handshake, for the head of a call, and between two parts of its body.
    pub patience_seconds: u64,
    /// Bytes in a second below which a body is cut off, after the first seconds of patience.
    pub slowest_bytes: u64,
    /// Seconds for calls that run when the server is told to stop.
    pub stop_seconds: u64,
    /// MiB that must be free on the disk of the data folder for the server to call itself ready.
    pub free_disk_mib: u64,
}

/// What the directory says beside its users.
#[derive(Clone, Debug)]
pub struct DirectoryTerms {
    /// For how many hours a workstation lets users in without the server.
    pub lease_hours: u32,
    /// The version of the access policies.
    pub policy: String,
}

/// A second witness that cosigns what the server has cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FurtherWitness {
    /// Where it takes checkpoints (`.../add-checkpoint`).
    pub url: String,
    /// Its C2SP vkey.
    pub key: String,
    /// The PEM file with the certificate that its own is trusted by.
    pub anchor: PathBuf,
}

impl Config {
    /// The configuration that the file and the variables make. `file`: `None` is [`DEFAULT_FILE`], which may be missing.
    ///
    /// # Errors
    /// [`ConfigError`] says where and what is allowed.
    pub fn load(
        file: Option<&Path>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let path = file.unwrap_or(Path::new(DEFAULT_FILE));
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && file.is_none() => String::new(),
            Err(error) => return Err(ConfigError::at(Place::File(path.to_owned()), error.to_string())),
        };
        let variables = variables.into_iter().collect::<Vec<_>>();
        let mut written = Written::parse(&text, path)?;
        written.take_variables(&variables)?;
        Self::complete(written, &Source { file: path, text: &text, variables: &variables })
    }

    /// The configuration of this text alone.
    ///
    /// # Errors
    /// [`ConfigError`]
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        Self::complete(Written::parse(text, path)?, &Source { file: path, text, variables: &[] })
    }

    fn complete(written: Written, source: &Source<'_>) -> Result<Self, ConfigError> {
        let Written { server, database, listen, tls, custody, limits, directory, retention, witness, alarm, log } =
            written;
        // What is wrong of keys together is said where the first of them stands.
        let together =
            |section: &str, keys: &[&str], what: &str| ConfigError::at(source.place(section, keys), what.to_owned());
        let data = server.data.map_or_else(|| PathBuf::from("/var/lib/vigil-server"), |folder| folder.0);
        let operation = listen.operation.map_or_else(|| SocketAddr::from(([127, 0, 0, 1], 9464)), |address| address.0);
        if !operation.ip().is_loopback() && !listen.operation_beyond_loopback.unwrap_or(false) {
            return Err(together(
                "listen",
                &["operation"],
                "listen.operation is not on the loopback, and metrics travel in the clear; set listen.operation_beyond_loopback = \
                 true if that is meant",
            ));
        }
        let tls = match (tls.certificate, tls.key, tls.anchor) {
            (None, None, None) => None,
            (Some(certificate), Some(key), Some(anchor)) => {
                Some(TlsFiles { certificate: certificate.0, key: key.0, anchor: anchor.0 })
            }
            _ => {
                let what = "tls.certificate, tls.key and tls.anchor belong together: all of them or none";
                return Err(together("tls", &["certificate", "key", "anchor"], what));
            }
        };
        let custody = match custody.kind.unwrap_or(CustodianName::File) {
            CustodianName::File => Custody::File(custody.file.map_or_else(|| data.join("master.key"), |file| file.0)),
            CustodianName::Pkcs11 => {
                let (Some(module), Some(token)) = (custody.module, custody.token) else {
                    let what = "custody.kind = \"pkcs11\" needs custody.module and custody.token";
                    return Err(together("custody", &["kind"], what));
                };
                let credential = source.variable("CREDENTIALS_DIRECTORY").map(|folder| Path::new(folder).join("pin"));
                let pin = custody.pin_file.map(|file| file.0).or(credential);
                let Some(pin_file) = pin else {
                    let what = "custody.kind = \"pkcs11\" needs custody.pin_file, or the credential `pin` of systemd";
                    return Err(together("custody", &["kind"], what));
                };
                Custody::Pkcs11 { module: module.0, token, pin_file }
            }
        };
        let witnessed = witness.servers.unwrap_or_default().into_iter().map(|key| key.0).collect();
        let witness = match (witness.url, witness.key, witness.anchor) {
            (None, None, None) => None,
            (Some(url), Some(key), Some(anchor)) => Some(FurtherWitness { url: url.0, key: key.0, anchor: anchor.0 }),
            _ => {
                let what = "witness.url, witness.key and witness.anchor belong together: all of them or none";
                return Err(together("witness", &["url", "key", "anchor"], what));
            }
        };
        let any = |port| SocketAddr::from(([0, 0, 0, 0], port));
        Ok(Self {
            name: server.name.map_or_else(|| "vigil".to_owned(), |name| name.0),
            names: server.names.unwrap_or_default().into_iter().map(|name| name.0).collect(),
            url: server.url.map(|url| url.0),
            public_url: server.public_url.map(|url| url.0),
            database: database.url.map(|url| url.0),
            listen: Listen {
                workstations: listen.workstations.map_or(any(8443), |address| address.0),
                public: listen.public.map_or(any(8444), |address| address.0),
                operation,
            },
            tls,
            custody,
            limits: Limits {
                connections: limits.connections.map_or(4_096, |number| usize::try_from(number.0).unwrap_or(4_096)),
                calls_per_device: limits.calls_per_device.map_or(4, |number| usize::try_from(number.0).unwrap_or(4)),
                device_calls_per_minute: limits.device_calls_per_minute.map_or(600, |number| number.small()),
                address_calls_per_minute: limits.address_calls_per_minute.map_or(120, |number| number.small()),
                patience_seconds: limits.patience_seconds.map_or(10, |number| number.0),
                slowest_bytes: limits.slowest_bytes.map_or(1_024, |number| number.0),
                stop_seconds: limits.stop_seconds.map_or(30, |number| number.0),
                free_disk_mib: limits.free_disk_mib.map_or(256, |number| number.0),
            },
            directory: DirectoryTerms {
                lease_hours: directory.lease_hours.map_or(72, |number| number.small()),
                policy: directory.policy.unwrap_or_else(|| "1".to_owned()),
            },
            retention_years: retention.years.map_or(10, |number| number.small()),
            archive: retention.archive.map_or_else(|| data.join("archive"), |folder| folder.0),
            witness,
            witnessed,
            channels: alarm.channels.map(|file| file.0),
            log: log.form.unwrap_or(LogForm::Text),
            data,
        })
    }
}
