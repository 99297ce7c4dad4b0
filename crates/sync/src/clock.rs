//! Time and chance are passed in.

use vigil_model::Moment;

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The time now, by both clocks.
    fn now(&self) -> Moment;
}

impl<F: Fn() -> Moment + Send + Sync> Clock for F {
    fn now(&self) -> Moment {
        self()
    }
}

/// Where chance comes from. It spreads retries and makes no key.
pub trait Random: Send + Sync {
    /// Any number, each as likely.
    fn number(&self) -> u64;
}

impl<F: Fn() -> u64 + Send + Sync> Random for F {
    fn number(&self) -> u64 {
        self()
    }
}
