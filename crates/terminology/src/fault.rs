//! Why a release was not read. The words are for whoever imports it; they repeat nothing of the file.

/// Why a release file, or what was made of it, is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A line that the format does not have.
    #[error("line {line}: {reason}; {wanted} is read here, as its publisher put it out")]
    Line {
        /// Which, from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
        /// The file that it should have been.
        wanted: &'static str,
    },
    /// The file ends without any concept.
    #[error("there is no code in it that is in use; {0} is read here")]
    Empty(&'static str),
    /// Which release it is stands neither in the file nor in its name.
    #[error("which release it is stands neither in the file nor in its name; say it with --release, like {0}")]
    NoRelease(&'static str),
    /// A word for a release that is none.
    #[error("a release is named with 1 to 40 letters, digits, dots and hyphens")]
    BadRelease,
    /// Reading or writing failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// It was stopped.
    #[error("it was stopped; what was there before stays")]
    Cancelled,
    /// What is kept is not what was imported.
    #[error("{0}")]
    NotAsImported(&'static str),
}
