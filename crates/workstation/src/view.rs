//! What crosses to the screen: requests in, views out. Text is formatted here, so that screen, print and tests agree.

mod backup;
mod chart;
mod destruction;
mod disclosure;
mod emergency;
mod emergency_account;
mod factor;
mod import;
mod keys;
mod patient;
mod posture;
mod recovery;
mod report;
mod rights;
mod section;
mod session;
mod user;
mod worklist;

pub use backup::*;
pub use chart::*;
pub use destruction::*;
pub use disclosure::*;
pub use emergency::*;
pub use emergency_account::*;
pub use factor::*;
pub use import::*;
pub use keys::*;
pub use patient::*;
pub use posture::*;
pub use recovery::*;
pub use report::*;
pub use rights::*;
pub use section::*;
pub use session::*;
pub use user::*;
pub use worklist::*;
