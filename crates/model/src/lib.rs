//! The words every other room of the house shares: typed ids, roles, chart sections, FHIR access and [`Sensitive`].
//!
//! # Terminology
//! - **resource**: one FHIR R4 resource, kept as the JSON it came as; what Vigil does not model survives untouched.
//! - **compartment**: the patient a resource belongs to (FHIR `CompartmentDefinition/patient`).
//! - **section**: one page of a chart; what a role may see is decided per section.
//!
//! This crate does no I/O, reads no clock and knows no SQL, window or network.

pub mod access;
mod demographics;
mod destruction;
mod disclosure;
mod emergency;
pub mod fhir;
pub mod fold;
pub mod id;
pub mod section;
mod sensitive;
mod time;
pub mod wire;
mod worklist;

pub use access::{PurposeOfUse, Role};
pub use demographics::Demographics;
pub use destruction::{DestructionReason, ResourceName};
pub use disclosure::{Disclosure, DisclosureBasis};
pub use emergency::{OverrideReason, Verdict};
pub use id::{DeviceId, InvalidId, PatientId, ResourceId, ResourceType, SessionId, TeamId, UserId};
pub use section::Section;
pub use sensitive::Sensitive;
pub use time::{BootId, Moment};
pub use worklist::{WorklistEntry, WorklistKind};
