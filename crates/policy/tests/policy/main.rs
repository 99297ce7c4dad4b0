//! The policies as a compliance officer reads them, and what no policy may ever do.

mod matrix;
mod validation;
