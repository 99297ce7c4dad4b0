//! What crosses to the screen: requests in, views out. Text is formatted here, so that screen, print and tests agree.

mod chart;
mod import;
mod patient;
mod section;
mod session;

pub use chart::*;
pub use import::*;
pub use patient::*;
pub use section::*;
pub use session::*;
