//! A wrapper for what must not be printed, logged or left in memory.

use std::fmt;

use zeroize::Zeroize;

/// A value that names or describes a patient, or a secret. `Debug` redacts it, dropping it wipes it, and reading it is
/// spelled `expose`, so that every place that does so can be found and must give its reason in an `EXPOSE:` comment.
#[derive(Clone, PartialEq, Eq)]
pub struct Sensitive<T: Zeroize>(T);

impl<T: Zeroize> Sensitive<T> {
    /// Wraps `value`.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Say why in an `EXPOSE:` comment.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> Drop for Sensitive<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[sensitive]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_the_value() {
        let name = Sensitive::new(String::from("SMITH"));
        assert_eq!(format!("{name:?}"), "[sensitive]", "a log line must not name a patient");
    }
}
