//! What stands on paper, read by others: poppler's `pdftotext`.

mod documents;
mod identity;
mod read;
