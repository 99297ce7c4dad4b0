//! Why something did not get through. No message has anything of a body in it.

use std::time::Duration;

use vigil_model::wire::Refusal;

use crate::OutboxError;

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// There is no way to the server.
    #[error("the server cannot be reached; is the network up, and the server running?")]
    Unreachable,
    /// The proxy does not open the way to the server, and its status; 407 asks for a name and a password, which Vigil has none of.
    #[error(
        "the proxy of this workstation does not let it through to the server (status {0}); the policy key is serverProxy"
    )]
    Proxy(u16),
    /// It took too long.
    #[error("the server did not answer in time")]
    TimedOut,
    /// The connection ended before the answer did.
    #[error("the connection was cut")]
    Cut,
    /// Whoever answers is not the server.
    #[error("whoever answers is not the server of this fleet: {0}")]
    Untrusted(Distrust),
    /// The server does not know this workstation any more, or its certificate ended.
    #[error("the server refuses this workstation's certificate; enrol the workstation again")]
    Identity,
    /// What the workstation calls itself with cannot be used.
    #[error("this workstation's address of the server, certificate or key cannot be used; enrol the workstation again")]
    Unusable,
    /// The server asks for patience.
    #[error("the server is busy")]
    Busy(Option<Duration>),
    /// An answer that says nothing but its status.
    #[error("the server answered with status {0}")]
    Status(u16),
    /// It is not what was asked for.
    #[error("the server's answer is not what was asked for")]
    Malformed,
    /// The answer is longer than any may be.
    #[error("the server's answer is too long")]
    TooLong,
    /// The request is longer than the server takes (413).
    #[error("the server takes no request of this length")]
    TooLarge,
    /// The batch was refused, and why.
    #[error("the server refused the entries")]
    Refused(Refusal),
    /// A signature in the answer is not the server's.
    #[error("the server's answer is not signed as it has to be, or it belongs to another log")]
    Forged,
    /// The outbox failed.
    #[error("the outbox cannot be read or written")]
    Outbox,
}

/// Why whoever answers is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    /// Its certificate leads to another authority.
    #[error("its certificate comes from another authority")]
    Issuer,
    /// Its certificate is for another host.
    #[error("its certificate is for another host")]
    Host,
    /// Its certificate ended or is not valid yet.
    #[error("its certificate is not valid at this time; is this workstation's clock right?")]
    Time,
    /// It does not speak TLS 1.3 as agreed.
    #[error("it does not speak TLS 1.3 as agreed")]
    Protocol,
}

impl Failure {
    /// Whether it came from the server: with these it is there and works.
    pub const fn is_answer(&self) -> bool {
        match self {
            Self::Unreachable
            | Self::Proxy(_)
            | Self::TimedOut
            | Self::Cut
            | Self::Untrusted(_)
            | Self::Identity
            | Self::Unusable => false,
            Self::Busy(_)
            | Self::Status(_)
            | Self::Malformed
            | Self::TooLong
            | Self::TooLarge
            | Self::Refused(_)
            | Self::Forged
            | Self::Outbox => true,
        }
    }
}

impl From<&OutboxError> for Failure {
    fn from(error: &OutboxError) -> Self {
        match error {
            OutboxError::Forged => Self::Forged,
            OutboxError::Unavailable(_) => Self::Outbox,
        }
    }
}
