//! The clock of a debug build that a test moves: the program adds what stands in a file to both of its clocks.

use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The file that the program looks into at each look at the time.
pub struct TestClock {
    file: PathBuf,
}

impl TestClock {
    /// A clock that is right.
    pub fn new(folder: &Path) -> Result<Self> {
        let clock = Self { file: folder.join("test-clock") };
        clock.ahead(Duration::ZERO)?;
        Ok(clock)
    }

    /// The file, for `--test-clock`.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// How far the program's clocks go ahead.
    pub fn by(&self) -> Result<Duration> {
        let text = fs::read_to_string(&self.file).with_context(|| format!("could not read {}", self.file.display()))?;
        Ok(Duration::from_millis(text.parse().context("the test clock holds no number")?))
    }

    /// Makes the program's clocks go ahead of the real ones by this much.
    pub fn ahead(&self, by: Duration) -> Result<()> {
        // Written beside and renamed, because the program may look at any moment.
        let fresh = self.file.with_extension("fresh");
        fs::write(&fresh, by.as_millis().to_string())
            .with_context(|| format!("could not write {}", fresh.display()))?;
        fs::rename(&fresh, &self.file).with_context(|| format!("could not write {}", self.file.display()))
    }
}
