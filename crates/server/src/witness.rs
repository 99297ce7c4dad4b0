//! The second witness (C2SP tlog-witness): another server that keeps the newest checkpoint of every log of this one, so that not even whoever
//! owns this server can put an older copy back. And the same for another server.

mod answer;
mod client;
mod request;
mod submit;

pub use answer::{WitnessAnswer, add_checkpoint};
pub use client::{WitnessClient, WitnessClientError};
pub use submit::{FurtherWitness, Submitted, WitnessReply, submit_all};

pub(crate) use request::AddCheckpoint;
