//! What crosses to the screen: requests in, views out. Text is formatted here, so that screen, print and tests agree.

mod chart;
mod emergency;
mod import;
mod patient;
mod section;
mod session;

pub use chart::*;
pub use emergency::*;
pub use import::*;
pub use patient::*;
pub use section::*;
pub use session::*;
