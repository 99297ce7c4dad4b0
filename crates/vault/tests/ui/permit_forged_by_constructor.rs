//! Nor by the constructor that `vigil-policy` uses itself.
use vigil_policy::{Permit, Request};

pub fn forge(request: Request) -> Permit {
    Permit::new(request) //~ E0624 associated function `new` is private
}
