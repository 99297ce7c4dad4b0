//! Finding concepts by what somebody types.

use memchr::memmem;
use vigil_model::fold::{compact, words};

use crate::index::BEHIND_NAME;
use crate::{Concept, Index};

/// Fewer letters than these find nothing: they would find nearly everything.
const SHORTEST: usize = 2;
/// What is typed counts so far.
const LONGEST: usize = 200;

/// What comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    ExactCode,
    ExactDisplay,
    BeginsDisplay,
    Other,
}

impl Index {
    /// The best `most` concepts for `typed`: each typed word begins a word of a concept or its code, whatever its case and accents. First
    /// comes the one whose code it is, then the one that is called so, then those whose name begins so, then the others; shorter names come
    /// first. Where `kinds` are named, others are left out.
    pub fn search(&self, typed: &str, kinds: &[&str], most: usize) -> Vec<Concept> {
        let typed: String = typed.chars().take(LONGEST).collect();
        let code = compact(&typed);
        let wanted: Vec<String> = words(&typed).map(|word| format!(" {word}")).collect();
        let Some(longest) = wanted.iter().max_by_key(|word| word.len()) else { return Vec::new() };
        if code.chars().count() < SHORTEST {
            return Vec::new();
        }
        let asked = Asked { code: format!(" {code}"), phrase: wanted.concat(), wanted: &wanted, kinds };
        let mut found: Vec<(Rank, usize, usize)> = Vec::new();
        let mut last = usize::MAX;
        for needle in [longest, &asked.code] {
            for place in memmem::find_iter(self.folded.as_bytes(), needle.as_bytes()) {
                let row = self.row_at(place);
                if row == last {
                    continue;
                }
                last = row;
                if let Some((rank, length)) = self.rank(row, &asked) {
                    found.push((rank, length, row));
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found.truncate(most);
        found.into_iter().filter_map(|(_, _, row)| self.concept(row)).collect()
    }

    fn rank(&self, row: usize, asked: &Asked<'_>) -> Option<(Rank, usize)> {
        let line = self.words(row);
        let (names, _others) = line.split_once(BEHIND_NAME)?;
        let (code, name) = names.get(1..)?.find(' ').map_or((names, ""), |at| names.split_at(at.saturating_add(1)));
        let is_code = line.starts_with(&asked.code);
        if !is_code && !asked.wanted.iter().all(|word| line.contains(word.as_str())) {
            return None;
        }
        if !asked.kinds.is_empty() && !asked.kinds.contains(&self.kind(row)) {
            return None;
        }
        let rank = match () {
            () if code == asked.code => Rank::ExactCode,
            () if name == asked.phrase => Rank::ExactDisplay,
            () if name.starts_with(&asked.phrase) => Rank::BeginsDisplay,
            () => Rank::Other,
        };
        Some((rank, name.len()))
    }
}

struct Asked<'a> {
    /// What was typed as a code, a space before it.
    code: String,
    /// What was typed as words, a space before each.
    phrase: String,
    wanted: &'a [String],
    kinds: &'a [&'a str],
}
