//! The binary `vigil-server`.

fn main() {}
