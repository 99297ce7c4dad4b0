//! The rules at their borders, the stream as it comes, and a hospital that is replayed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod doors;
mod emergencies;
mod explained;
mod hospital;
mod machines;
mod off_hours;
mod stream;
mod support;
mod visits;
mod volume;
