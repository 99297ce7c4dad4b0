//! Journeys across processes: what the built program does when it is driven from outside, as a person would.
//!
//! Nothing here links a crate of the program. A journey starts the binary `vigil` in a home of its own, drives its
//! command line or its window, and looks at the files that are left. `cargo xtask test` builds the program first.

pub mod aes;
pub mod arrows;
pub mod bus;
pub mod card;
pub mod central_server;
pub mod clipboard;
pub mod clock;
pub mod command;
pub mod cups;
pub mod data;
pub mod desk;
pub mod group;
pub mod home;
pub mod hospital;
pub mod journey;
pub mod keyboard;
pub mod leak;
pub mod memory;
pub mod page;
pub mod picture;
pub mod program;
pub mod seen;
pub mod services;
pub mod shape;
pub mod swtpm;
pub mod window;
pub mod xvfb;
