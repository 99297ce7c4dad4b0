//! Answering a search. Every term must match; the best match of each term counts; ties are in the order of names.

use rapidfuzz::distance::osa;

use super::birth_date::{self, Wanted};
use super::{Entry, SearchIndex, Words, text};

/// What a search found.
pub(crate) struct Found<'a> {
    /// The best, at most as many as were asked for.
    pub(crate) best: Vec<&'a Entry>,
    /// How many match in all.
    pub(crate) total: u32,
}

/// How well a term matches: lower is better.
const EXACT: u16 = 0;
const PREFIX: u16 = 1;
const INSIDE: u16 = 4;
const SLIP: u16 = 8;

/// Slips are looked for when a term has fewer direct matches than this.
const FEW: usize = 8;

impl SearchIndex {
    /// Finds `text` and returns the best `limit`. An empty text finds nothing.
    pub(crate) fn search(&self, text: &str, limit: usize) -> Found<'_> {
        let terms = terms(text);
        if terms.is_empty() {
            return Found { best: Vec::new(), total: 0 };
        }
        let mut scores = Scores::new(self.entries.len());
        for term in &terms {
            scores.next_term();
            match term {
                Term::BirthDate(wanted, digits) => {
                    self.match_birth_date(wanted, &mut scores);
                    if let Some(digits) = digits {
                        self.match_identifier(digits, &mut scores);
                    }
                }
                Term::Number(digits) => self.match_identifier(digits, &mut scores),
                Term::Name(word) => {
                    self.names.matches(word, &mut scores);
                    self.match_identifier(word, &mut scores);
                }
            }
        }
        let mut hits = scores.hits();
        let total = u32::try_from(hits.len()).unwrap_or(u32::MAX);
        if hits.len() > limit {
            hits.select_nth_unstable(limit);
            hits.truncate(limit);
        }
        hits.sort_unstable();
        Found { best: hits.into_iter().filter_map(|(_, position)| self.at(position)).collect(), total }
    }

    fn match_birth_date(&self, wanted: &Wanted, scores: &mut Scores) {
        let mut between = |low: u32, high: u32, score: u16| {
            let start = self.birth_dates.partition_point(|(date, _)| *date < low);
            let matching = self.birth_dates.iter().skip(start).take_while(|(date, _)| *date <= high);
            for (_, position) in matching {
                scores.matched(*position, score);
            }
        };
        match wanted {
            Wanted::Year(year) => between(year * 10_000, year * 10_000 + 9_999, PREFIX),
            Wanted::Days(days) => {
                for day in days {
                    between(*day, *day, EXACT);
                    // The month or only the year may be all that is recorded.
                    between(day / 100 * 100, day / 100 * 100, PREFIX);
                }
            }
        }
    }

    fn match_identifier(&self, digits: &str, scores: &mut Scores) {
        let start = self.identifiers.partition_point(|(identifier, _)| identifier.as_str() < digits);
        let matching = self.identifiers.iter().skip(start).take_while(|(identifier, _)| identifier.starts_with(digits));
        for (identifier, position) in matching {
            scores.matched(*position, if identifier.len() == digits.len() { EXACT } else { PREFIX });
        }
    }
}

impl Words {
    /// Scores every patient with a word that `term` matches.
    fn matches(&self, term: &str, scores: &mut Scores) {
        let mut direct = 0;
        let start = self.words.partition_point(|word| word.text.as_str() < term);
        for word in self.words.iter().skip(start).take_while(|word| word.text.starts_with(term)) {
            direct += word.patients.len();
            scores.all_matched(&word.patients, if word.text.len() == term.len() { EXACT } else { PREFIX });
        }
        if term.len() < 3 {
            return;
        }
        let wanted = text::letters(term);
        for word in self.words.iter().filter(|word| word.letters & wanted == wanted && word.text.len() > term.len()) {
            if word.text.get(1..).is_some_and(|rest| rest.contains(term)) {
                direct += word.patients.len();
                scores.all_matched(&word.patients, INSIDE);
            }
        }
        if direct < FEW {
            self.slips(term, wanted, scores);
        }
    }

    /// Words within one slip (4 to 7 letters) or two (8 and more) of `term`: a letter too many, missing, wrong or swapped.
    fn slips(&self, term: &str, wanted: u32, scores: &mut Scores) {
        let length = term.chars().count();
        let most = match length {
            0..=3 => return,
            4..=7 => 1_usize,
            _ => 2,
        };
        let comparator = osa::BatchComparator::new(term.chars());
        let args = osa::Args::default().score_cutoff(most);
        for word in &self.words {
            let unlike = (word.letters ^ wanted).count_ones() as usize;
            if unlike > 2 * most || word.text.len().abs_diff(term.len()) > 2 * most {
                continue;
            }
            if let Some(slips) = comparator.distance_with_args(word.text.chars(), &args) {
                scores.all_matched(&word.patients, SLIP + u16::try_from(slips).unwrap_or(u16::MAX - SLIP));
            }
        }
    }
}

/// One part of what was typed.
#[derive(Debug, PartialEq, Eq)]
enum Term {
    Name(String),
    Number(String),
    /// A date; with its digits where they could be a record number as well.
    BirthDate(Wanted, Option<String>),
}

/// Splits what was typed. A date may contain spaces (`14 Jul 1945`), and so may a record number (`004 217`).
fn terms(text: &str) -> Vec<Term> {
    let folded = text::fold(text);
    let parts: Vec<&str> = folded.split([' ', ',', ';', '\t']).filter(|part| !part.is_empty()).collect();
    let mut terms = Vec::new();
    let mut rest = parts.as_slice();
    while let Some((first, after)) = rest.split_first() {
        if let [second, third, tail @ ..] = after
            && let Some(wanted) = birth_date::parse(&format!("{first} {second} {third}"))
        {
            terms.push(Term::BirthDate(wanted, None));
            rest = tail;
            continue;
        }
        rest = after;
        if let Some(wanted) = birth_date::parse(first) {
            let solid = first.bytes().all(|b| b.is_ascii_digit());
            terms.push(Term::BirthDate(wanted, solid.then(|| (*first).to_owned())));
        } else if first.bytes().any(|b| b.is_ascii_digit()) {
            let mut number = text::compact(first);
            while let Some((next, after)) = rest.split_first()
                && next.bytes().all(|b| b.is_ascii_digit())
                && birth_date::parse(next).is_none()
            {
                number.push_str(next);
                rest = after;
            }
            terms.push(Term::Number(number));
        } else {
            terms.extend(text::words(first).map(Term::Name));
        }
    }
    terms
}

/// Per patient: how many terms matched so far, and how well.
struct Scores {
    term: u16,
    /// (terms matched, sum of the best scores of the earlier terms, best score of this term)
    patients: Vec<(u16, u16, u16)>,
    touched: Vec<u32>,
}

impl Scores {
    fn new(patients: usize) -> Self {
        Self { term: 0, patients: vec![(0, 0, 0); patients], touched: Vec::new() }
    }

    fn next_term(&mut self) {
        if self.term > 0 {
            let term = self.term;
            let patients = &mut self.patients;
            self.touched.retain(|position| {
                let Some(score) = patients.get_mut(*position as usize) else { return false };
                score.1 = score.1.saturating_add(score.2);
                score.0 == term
            });
        }
        self.term += 1;
    }

    fn matched(&mut self, position: u32, value: u16) {
        let Some(score) = self.patients.get_mut(position as usize) else { return };
        if score.0 == self.term {
            score.2 = score.2.min(value);
        } else if score.0 + 1 == self.term {
            *score = (self.term, score.1, value);
            if self.term == 1 {
                self.touched.push(position);
            }
        }
    }

    fn all_matched(&mut self, positions: &[u32], value: u16) {
        for position in positions {
            self.matched(*position, value);
        }
    }

    /// Those that every term matched, as (score, position).
    fn hits(mut self) -> Vec<(u16, u32)> {
        self.next_term();
        self.touched
            .iter()
            .filter_map(|position| self.patients.get(*position as usize).map(|score| (score.1, *position)))
            .collect()
    }
}
