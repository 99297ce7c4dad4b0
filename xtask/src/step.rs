//! Steps with a heading each and the time that each took.

use anyhow::{Context, Result};
use std::time::{Duration, Instant};

/// The steps of one command; the first that fails ends it.
pub(crate) struct Steps {
    taken: Vec<(String, Duration)>,
    skipped: Vec<String>,
}

impl Steps {
    /// No step yet.
    pub(crate) const fn new() -> Self {
        Self { taken: Vec::new(), skipped: Vec::new() }
    }

    /// Takes a step.
    pub(crate) fn take<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("\n== {name}");
        let started = Instant::now();
        let done = work().with_context(|| format!("at the step \"{name}\""))?;
        self.taken.push((name.to_owned(), started.elapsed()));
        Ok(done)
    }

    /// Says that a step is not taken, and why.
    pub(crate) fn skip(&mut self, name: &str, why: &str) {
        println!("\n== {name}: SKIPPED, {why}");
        self.skipped.push(format!("{name}: {why}"));
    }

    /// How long each step took.
    pub(crate) fn summary(&self) {
        println!("\n   seconds  step");
        for (name, took) in &self.taken {
            println!("{:>10.1}  {name}", took.as_secs_f64());
        }
        let total: Duration = self.taken.iter().map(|(_, took)| *took).sum();
        println!("{:>10.1}  in all", total.as_secs_f64());
        for skipped in &self.skipped {
            println!("   skipped  {skipped}");
        }
    }

    /// How many steps were taken and how many were not.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.taken.len(), self.skipped.len())
    }
}
