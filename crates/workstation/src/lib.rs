//! The use cases of a Vigil workstation.

pub mod view;
