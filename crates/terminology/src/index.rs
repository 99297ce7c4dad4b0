//! A release in memory: what was kept, checked, and beside it the words of each concept as they are compared.

use vigil_model::fold::{compact, words};

use crate::release::{Digest, checked};
use crate::{Concept, Fault, Release};

/// A release is at most so large: the Global Patient Set of SNOMED CT has about a tenth of it.
const LARGEST: usize = 512 * 1024 * 1024;

/// What stands behind the words of a name, before the others that a concept is found by.
pub(crate) const BEHIND_NAME: char = '\t';

/// A release that can be searched.
pub struct Index {
    /// What it is.
    pub release: Release,
    /// As it was kept.
    text: String,
    /// Where the line of each concept begins in `text`.
    lines: Vec<u32>,
    /// The words of each concept, folded: `\n a000 cholera due to ...`, its code first, a space before each word.
    pub(crate) folded: String,
    /// Where those of each concept begin in `folded`, at the line break.
    pub(crate) begins: Vec<u32>,
    /// The concepts in the order of their codes.
    by_code: Vec<u32>,
}

impl Index {
    /// Reads what was kept. `expected` is the digest that was noted when it was imported.
    ///
    /// # Errors
    /// [`Fault::NotAsImported`] when it is not what was imported.
    pub fn new(text: String, expected: Option<Digest>) -> Result<Self, Fault> {
        if text.len() > LARGEST {
            return Err(Fault::NotAsImported("it is larger than any release"));
        }
        let release = checked(&text)?;
        if expected.is_some_and(|expected| expected != release.digest) {
            return Err(Fault::NotAsImported("it is not the release that was imported"));
        }
        let mut index = Self {
            release,
            lines: Vec::new(),
            folded: String::with_capacity(text.len()),
            begins: Vec::new(),
            by_code: Vec::new(),
            text,
        };
        index.fill();
        Ok(index)
    }

    fn fill(&mut self) {
        let mut at = 0_usize;
        for line in self.text.split_inclusive('\n') {
            if !line.starts_with('#') {
                let [code, display, _, also] = parts(line);
                self.lines.push(u32::try_from(at).unwrap_or(u32::MAX));
                self.begins.push(u32::try_from(self.folded.len()).unwrap_or(u32::MAX));
                self.folded.push_str("\n ");
                self.folded.push_str(&compact(code));
                for word in words(display) {
                    self.folded.push(' ');
                    self.folded.push_str(&word);
                }
                self.folded.push(BEHIND_NAME);
                for word in words(also) {
                    self.folded.push(' ');
                    self.folded.push_str(&word);
                }
            }
            at = at.saturating_add(line.len());
        }
        self.folded.push('\n');
        let mut by_code: Vec<u32> = (0..u32::try_from(self.lines.len()).unwrap_or(u32::MAX)).collect();
        by_code.sort_by(|one, other| self.code(*one as usize).cmp(self.code(*other as usize)));
        self.by_code = by_code;
    }

    /// How many concepts there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The concept with exactly this code.
    pub fn find(&self, code: &str) -> Option<Concept> {
        let at = self.by_code.binary_search_by(|row| self.code(*row as usize).cmp(code)).ok()?;
        self.concept(*self.by_code.get(at)? as usize)
    }

    /// The concept of this row.
    pub(crate) fn concept(&self, row: usize) -> Option<Concept> {
        let [code, display, kind, also] = parts(self.line(row)?).map(str::to_owned);
        Some(Concept { code, display, kind, also })
    }

    /// What the concept of this row is, in the code system's own word.
    pub(crate) fn kind(&self, row: usize) -> &str {
        self.line(row).map_or("", |line| parts(line)[2])
    }

    fn code(&self, row: usize) -> &str {
        self.line(row).map_or("", |line| parts(line)[0])
    }

    fn line(&self, row: usize) -> Option<&str> {
        self.text.get(*self.lines.get(row)? as usize..)?.lines().next()
    }

    /// The row whose words stand at this place of `folded`.
    pub(crate) fn row_at(&self, place: usize) -> usize {
        self.begins.partition_point(|begin| *begin as usize <= place).saturating_sub(1)
    }

    /// The words of a row, a space before each.
    pub(crate) fn words(&self, row: usize) -> &str {
        let from = self.begins.get(row).map_or(usize::MAX, |begin| (*begin as usize).saturating_add(1));
        let end =
            self.begins.get(row.saturating_add(1)).map_or(self.folded.len().saturating_sub(1), |end| *end as usize);
        self.folded.get(from..end).unwrap_or_default()
    }
}

/// Code, display, kind, other words.
fn parts(line: &str) -> [&str; 4] {
    let mut parts = line.trim_end_matches(['\n', '\r']).split('\t');
    [(); 4].map(|()| parts.next().unwrap_or_default())
}
