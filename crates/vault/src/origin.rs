//! What every entry says of the program that wrote it.

use vigil_model::BootId;

/// The program, the machine and its boot; set once, by whoever holds the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramOrigin {
    /// Program and version, as a user agent says it.
    pub client: String,
    /// The machine's network address, or what it calls itself.
    pub address: Option<String>,
    /// Which boot the time since boot counts from.
    pub boot: Option<BootId>,
}

impl Default for ProgramOrigin {
    fn default() -> Self {
        Self { client: concat!("Vigil/", env!("CARGO_PKG_VERSION")).to_owned(), address: None, boot: None }
    }
}
