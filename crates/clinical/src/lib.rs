//! Clinical numbers that carry their source: growth percentiles, the early-warning score NEWS2, ranges.
//!
//! No number stands here from memory. Each comes from a table in `tables`, whose header says who published it, where it was read, what it was
//! compared with and how the file was made; what has no source is not loaded, and is refused as [`growth::NotAssessed`]. Pure: no I/O, no clock.

pub mod growth;
pub mod news2;
mod normal;
pub mod possible;
pub mod ranges;
mod table;

/// Where a number comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// What it is: `WHO Child Growth Standards 2006, weight-for-age, 0 to 1856 days`.
    pub title: &'static str,
    /// Who published it.
    pub publisher: &'static str,
    /// From which package or page it was read.
    pub read: &'static str,
}
