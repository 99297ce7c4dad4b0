//! The listeners and what they answer.
//!
//! A call passes, from outside: the limits of the connection, the headers of every answer, the limits of its address or its workstation,
//! who calls, the guard of routes that carry health information, and then the route.

pub(crate) mod body;
mod caller;
mod connection;
pub(crate) mod desk;
pub mod document;
mod every_answer;
mod guard;
mod limit;
mod outcome;
mod party;
mod routes;
mod tls;

pub use caller::{Caller, Peer};
pub use connection::{Listening, Stop};
pub use outcome::Outcome;
pub use routes::{operation, public, workstations};
pub use tls::{TlsError, for_everybody, for_workstations};

pub(crate) use caller::Callers;
pub(crate) use limit::Gauges;
pub(crate) use party::Party;

/// The origin at which callers of a listener reach it: what links begin with.
#[derive(Clone, Debug)]
struct Origin(String);
