//! The policies as a compliance officer reads them, and what no policy may ever do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod matrix;
mod validation;
