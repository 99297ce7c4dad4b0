//! What stands on paper, read by others: poppler's `pdftotext`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod documents;
mod identity;
mod read;
