//! Nor by the constructor that `vigil-policy` uses itself.
use vigil_policy::{Permit, Request};

fn forge(request: Request) -> Permit {
    Permit::new(request)
}

fn main() {
    let _ = forge;
}
