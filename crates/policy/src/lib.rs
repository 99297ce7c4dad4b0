//! Who may do what: [`authorize`] turns a [`Request`] into a [`Permit`] or a [`Denial`]. Pure: no I/O, no clock.
//!
//! A `Permit` is the only key to `vigil-vault`'s transactions. Its fields are private and nothing outside this crate can
//! make one; the vault consumes it, so one permit is one transaction with one audit entry.
//!
//! # Terminology
//! - **principal**: who asks: nobody yet, a user in a role, or the workstation itself.
//! - **interaction**: what is asked, in FHIR's words (`read`, `search`, `create`) or the session's.
//! - **purpose of use**: why, HL7 v3 `PurposeOfUse`.

mod cedar;
mod engine;
mod field;
mod interaction;
mod label;
mod permit;
mod protected;
mod question;
mod request;
mod rules;
pub mod scope;
mod scopes;
pub mod unusual;

pub use field::{FieldGroup, Projection, sees};
pub use interaction::Interaction;
pub use label::{Label, Labels};
pub use permit::{Denial, DenialReason, Permit};
pub use protected::is_closed_in_emergency;
pub use request::{Facts, Posture, Principal, Relationship, Request};
pub use rules::{authorize, is_allowed, may_break_the_glass, sections_of, sections_written_by};
pub use scopes::scopes_of;
