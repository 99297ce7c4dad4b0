//! Rules over the stream of accesses: baselines, explained access, findings; knows no I/O, no clock.
//!
//! Terminology. An *observation* is one audit entry as the rules see it. A *fact* is what the server itself found. A *rule*
//! is data; its version stands in every *finding*. An access is *explained* when something links the user to the patient: a
//! team, an encounter, an appointment, an order, a referral, a shift. What is *usual* is defined in ADR 16.
//!
//! No rule can end or shorten an emergency access: [`Action`] has no such word, and the rules over emergencies can only notify.

mod basis;
mod detector;
mod explained;
mod fact;
mod finding;
mod judge;
mod observation;
mod rule;
pub mod scoring;
pub mod simulation;

pub use basis::Basis;
pub use detector::Detector;
pub use explained::Explained;
pub use fact::{DeviceContact, Fact, FactKind};
pub use finding::{Action, Figures, Finding, Severity, Subject};
pub use observation::{Actor, EventId, Observation, Outcome, Plain};
pub use rule::{
    Baseline, BreakGlassBurst, BulkExport, Counts, Door, FailedSignIns, Kind, OffHours, Per, Returns, Rule, RuleError,
    RuleSet, SilentDevice, UnusualVolume,
};
