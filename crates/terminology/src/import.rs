//! Reading a release file into the form in which it is kept: one line after the other, stopped between two of them.

use std::collections::HashSet;
use std::io::{BufRead, Write};

use crate::format::Format;
use crate::lines::Lines;
use crate::release::{Digest, Writer, is_a_word};
use crate::{CodeSystem, Fault};

/// So many lines lie between two looks at whether to go on.
const STRIDE: u64 = 2_000;

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file that were read.
    pub bytes: u64,
    /// Lines that were read.
    pub lines: u64,
    /// Concepts that were taken.
    pub concepts: u64,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Which release.
    pub release: String,
    /// How many concepts.
    pub concepts: u64,
    /// Lines that hold nothing that is in use, a header of the classification or a code that was there already.
    pub passed_over: u64,
    /// SHA-256 of what was written.
    pub digest: Digest,
}

/// Reads `from` as a release file of `system` and writes the compact form to `to`. `name` is the name of the file: with some formats it alone
/// says which release it is, unless `release` does. `go_on` is asked every now and then and stops it with `false`.
///
/// # Errors
/// The line that the format does not have; that there is no code in it; that nothing says which release it is; reading or writing failed.
pub fn import(
    system: CodeSystem,
    name: &str,
    release: Option<&str>,
    from: impl BufRead,
    to: impl Write,
    go_on: &mut dyn FnMut(Progress) -> bool,
) -> Result<Imported, Fault> {
    if release.is_some_and(|release| !is_a_word(release)) {
        return Err(Fault::BadRelease);
    }
    let mut lines = Lines::new(from, system.release_file())?;
    let mut format = Format::of(system);
    let mut writer = Writer::new(to, system, name)?;
    let mut seen = HashSet::new();
    let mut passed_over = 0_u64;
    while let Some(line) = lines.next()? {
        let concept = format.line(&line).map_err(|reason| lines.fault(reason))?;
        match concept {
            Some(concept) if seen.insert(concept.code.clone()) => writer.concept(&concept)?,
            Some(_) | None => passed_over = passed_over.saturating_add(1),
        }
        let at = Progress { bytes: lines.bytes, lines: lines.number, concepts: writer.concepts };
        if lines.number.is_multiple_of(STRIDE) && !go_on(at) {
            return Err(Fault::Cancelled);
        }
    }
    format.end().map_err(|reason| lines.fault(reason))?;
    let concepts = writer.concepts;
    if concepts == 0 {
        return Err(Fault::Empty(system.release_file()));
    }
    if !go_on(Progress { bytes: lines.bytes, lines: lines.number.saturating_sub(1), concepts }) {
        return Err(Fault::Cancelled);
    }
    let release = release.map(str::to_owned).or_else(|| format.release(name));
    let release = release.ok_or(Fault::NoRelease(format.release_example()))?;
    let digest = writer.end(&release)?;
    Ok(Imported { release, concepts, passed_over, digest })
}
