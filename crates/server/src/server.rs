//! The running server.

mod alarming;
mod keeping;
mod readiness;
mod upkeep;
mod witnessing;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use vigil_audit::{Agent, CosignatureVerifier, Outcome};

use crate::audit_log::ExportError;
use crate::ca::{CaError, ServerCertificate, TlsFileError};
use crate::channels::{Channels, ChannelsError};
use crate::clock::Clock;
use crate::config::{Config, Listen};
use crate::directory::Signed;
use crate::http::{self, Callers, Gauges, Listening, Stop};
use crate::installation::{Installation, InstallationError};
use crate::keyring::KeyringError;
use crate::retention::Archived;
use crate::sign_in::Lockout;
use crate::store::{Store, StoreError};
use crate::witness::{FurtherWitness, Submitted, WitnessClient, WitnessClientError};

pub(crate) use readiness::{Readiness, readiness};

/// Why it does not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The installation.
    #[error(transparent)]
    Installation(#[from] InstallationError),
    /// An address.
    #[error("{address} cannot be listened on: {source}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The organisation's certificate.
    #[error(transparent)]
    TlsFile(#[from] TlsFileError),
    /// A certificate of its own.
    #[error(transparent)]
    Ca(#[from] CaError),
    /// The listeners.
    #[error(transparent)]
    Tls(#[from] http::TlsError),
    /// The keys.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The second witness.
    #[error(transparent)]
    Witness(#[from] WitnessClientError),
    /// The channels of alarms.
    #[error(transparent)]
    Channels(#[from] ChannelsError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Addresses that are listened on.
pub struct Bound {
    workstations: TcpListener,
    public: TcpListener,
    operation: TcpListener,
}

impl Bound {
    /// Listens; connections wait until the server answers.
    ///
    /// # Errors
    /// [`ServerError::Listen`]
    pub async fn to(listen: &Listen) -> Result<Self, ServerError> {
        Ok(Self {
            workstations: bind(listen.workstations).await?,
            public: bind(listen.public).await?,
            operation: bind(listen.operation).await?,
        })
    }

    /// The addresses: workstations, public, operation.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn addresses(&self) -> std::io::Result<[SocketAddr; 3]> {
        Ok([self.workstations.local_addr()?, self.public.local_addr()?, self.operation.local_addr()?])
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, ServerError> {
    TcpListener::bind(address).await.map_err(|source| ServerError::Listen { address, source })
}

/// The server. Clones are the same server.
#[derive(Clone)]
pub struct Server(Arc<Running>);

struct Running {
    installation: Installation,
    url: String,
    callers: Callers,
    gauges: Gauges,
    lockout: Lockout,
    directory: Signed,
    shown: Arc<ServerCertificate>,
    /// When the server's own certificate is made anew; `None`: it comes from files.
    renew: Option<chrono::DateTime<chrono::Utc>>,
    /// The servers whose logs are witnessed here.
    witnessed: Vec<CosignatureVerifier>,
    /// The second witness of the logs of this server.
    witness: Option<(FurtherWitness, WitnessClient)>,
    channels: Channels,
    /// Entries have come in here.
    arrived: Notify,
    /// Messages were queued here.
    queued: Notify,
}

impl Server {
    /// The server of this installation, to be reached by workstations at `url`.
    ///
    /// # Errors
    /// [`ServerError`]
    pub fn new(installation: Installation, url: String) -> Result<Self, ServerError> {
        let (key, renew) = match &installation.config.tls {
            Some(files) => (crate::ca::from_files(files)?.0, None),
            None => {
                let authority = &installation.keyring.server_authority;
                let (key, renew) = authority.for_server(&names(&installation.config), installation.now())?;
                (key, Some(renew))
            }
        };
        let witnessed = installation.config.witnessed.iter().map(|key| CosignatureVerifier::new(key));
        let witnessed = witnessed.collect::<Result<_, _>>().map_err(WitnessClientError::from)?;
        let witness = match &installation.config.witness {
            Some(asked) => {
                Some((FurtherWitness::new(&asked.key).map_err(WitnessClientError::from)?, WitnessClient::new(asked)?))
            }
            None => None,
        };
        let channels = Channels::of(&installation.config)?;
        Ok(Self(Arc::new(Running {
            channels,
            arrived: Notify::new(),
            queued: Notify::new(),
            witnessed,
            witness,
            url,
            callers: Callers::default(),
            gauges: Gauges::new(&installation.config.limits),
            lockout: Lockout::default(),
            directory: Signed::default(),
            shown: ServerCertificate::new(key),
            renew,
            installation,
        })))
    }

    /// Answers on `bound` until it is told to stop, then finishes what runs.
    ///
    /// # Errors
    /// [`ServerError`] when it cannot begin.
    pub async fn serve(self, bound: Bound, stop: Stop, started: impl FnOnce()) -> Result<(), ServerError> {
        let authorities = self.installation().keyring.device_authorities.iter();
        let shown = &self.0.shown;
        let authorities = authorities.map(crate::ca::Authority::certificate);
        let for_workstations = http::for_workstations(Arc::clone(shown), authorities, self.clock().clone())?;
        let public = origins(self.config(), (0, bound.public.local_addr().map_or(0, |address| address.port()))).1;
        let listeners = [
            Listening {
                name: "workstations",
                listener: bound.workstations,
                tls: Some(for_workstations),
                router: http::workstations(&self),
            },
            Listening {
                name: "public",
                listener: bound.public,
                tls: Some(http::for_everybody(Arc::clone(shown))?),
                router: http::public(&self, &public),
            },
            Listening { name: "operation", listener: bound.operation, tls: None, router: http::operation(&self) },
        ];
        crate::metrics::begin();
        self.note(crate::kind::SERVER_START).await?;
        let mut answering = JoinSet::new();
        for listener in listeners {
            answering.spawn(listener.serve(self.config().limits.clone(), stop.clone()));
        }
        let upkeep = tokio::spawn(upkeep::upkeep(self.clone(), stop.clone()));
        let witnessing = tokio::spawn(witnessing::witnessing(self.clone(), stop.clone()));
        let keeping = tokio::spawn(keeping::keeping(self.clone(), stop.clone()));
        let detecting = tokio::spawn(alarming::detecting(self.clone(), stop.clone()));
        let delivering = tokio::spawn(alarming::delivering(self.clone(), stop.clone()));
        started();
        while answering.join_next().await.is_some() {}
        upkeep.abort();
        witnessing.abort();
        keeping.abort();
        delivering.abort();
        // It gives the stream to whoever wants it.
        if detecting.await.is_err() {
            tracing::error!("the rules ended before the server");
        }
        self.installation().record_key_uses().await?;
        self.note(crate::kind::SERVER_STOP).await?;
        self.store().close().await;
        Ok(())
    }

    /// What it works on.
    pub fn installation(&self) -> &Installation {
        &self.0.installation
    }

    /// Lets the months go that were kept for as long as is configured, each with an archive of it.
    ///
    /// # Errors
    /// [`ExportError`]; a month that is not archived is not let go.
    pub async fn let_months_go(&self) -> Result<Vec<Archived>, ExportError> {
        let (config, keys) = (self.config(), &self.installation().keyring.keys);
        let now = self.clock().now();
        crate::retention::let_go(self.store(), keys, config.retention_years, &config.archive, now).await
    }

    /// Hands in what has grown to the second witness; `None` when there is none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn be_witnessed(&self) -> Result<Option<Submitted>, StoreError> {
        let Some((witness, client)) = &self.0.witness else { return Ok(None) };
        let post = |body| client.post(body);
        crate::witness::submit_all(self.store(), witness, post, self.clock().now()).await.map(Some)
    }

    /// The servers whose logs are witnessed here.
    pub(crate) fn witnessed(&self) -> &[CosignatureVerifier] {
        &self.0.witnessed
    }

    /// The origin of the listener for workstations.
    pub(crate) fn url(&self) -> &str {
        &self.0.url
    }

    /// Who is told of incidents.
    pub(crate) fn channels(&self) -> &Channels {
        &self.0.channels
    }

    /// Entries have come in: the rules look at once.
    pub(crate) fn arrived(&self) {
        self.0.arrived.notify_one();
    }

    /// Messages were queued: they are sent at once.
    pub(crate) fn queued(&self) {
        self.0.queued.notify_one();
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.installation.config
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.installation.clock
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.installation.store
    }

    pub(crate) fn callers(&self) -> &Callers {
        &self.0.callers
    }

    pub(crate) fn gauges(&self) -> &Gauges {
        &self.0.gauges
    }

    pub(crate) fn lockout(&self) -> &Lockout {
        &self.0.lockout
    }

    pub(crate) fn directory(&self) -> &Signed {
        &self.0.directory
    }

    async fn note(&self, kind: vigil_audit::Kind) -> Result<(), StoreError> {
        let mut tx = self.store().begin().await?;
        let (custodian, weak) = self.installation().master.custodian();
        let reason = format!("custodian={}{}", custodian.replace(' ', "-"), if weak { " weak" } else { "" });
        self.installation().record(&mut tx, kind, Outcome::Success, Agent::Server, reason, None).await?;
        tx.commit().await
    }
}

/// What the server is called in messages: its first name.
pub(crate) fn host(config: &Config) -> String {
    config.names.first().cloned().or_else(host_name).unwrap_or_else(|| "localhost".to_owned())
}

/// Every name that the server's own certificate is for.
fn names(config: &Config) -> Vec<String> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    names.extend(host_name());
    names.extend(config.names.iter().cloned());
    names.sort();
    names.dedup();
    names
}

/// What the machine calls itself.
fn host_name() -> Option<String> {
    let name = rustix::system::uname().nodename().to_str().ok()?.to_owned();
    let fits = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')) && !name.is_empty();
    fits.then_some(name)
}

/// The origins at which the server is reached: of workstations, of everybody. `ports`: what is listened on.
pub fn origins(config: &Config, ports: (u16, u16)) -> (String, String) {
    let host = host(config);
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    let url = config.url.clone().unwrap_or_else(|| format!("https://{host}:{}", ports.0));
    let public = config.public_url.clone().unwrap_or_else(|| format!("https://{host}:{}", ports.1));
    (url, public)
}
