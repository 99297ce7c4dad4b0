//! What is wrong in a configuration, and where.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

/// A configuration that is not accepted.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {what}")]
pub struct ConfigError {
    place: Place,
    what: String,
}

/// Where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    File(PathBuf),
    Line { file: PathBuf, line: usize, column: usize },
    Variable(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(f, "{}", file.display()),
            Self::Line { file, line, column } => write!(f, "{}, line {line}, column {column}", file.display()),
            Self::Variable(name) => write!(f, "the variable {name}"),
        }
    }
}

impl Place {
    /// Line and column of `span`, both from 1; a column counts characters.
    pub(super) fn within(file: &Path, text: &str, span: Option<Range<usize>>) -> Self {
        let Some(before) = span.and_then(|span| text.get(..span.start)) else { return Self::File(file.to_owned()) };
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self::Line { file: file.to_owned(), line, column }
    }
}

/// Where keys were written.
pub(super) struct Source<'s> {
    pub(super) file: &'s Path,
    pub(super) text: &'s str,
    pub(super) variables: &'s [(String, String)],
}

impl Source<'_> {
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Where the first of these keys stands. A variable wins over the file.
    pub(super) fn place(&self, section: &str, keys: &[&str]) -> Place {
        let variables = keys.iter().map(|key| super::written::name(section, key));
        if let Some(variable) = variables.into_iter().find(|name| self.variable(name).is_some()) {
            return Place::Variable(variable);
        }
        let span = DeTable::parse(self.text).ok().and_then(|table| {
            let section = table.get_ref().get(section)?.get_ref().as_table()?;
            let spans =
                section.iter().filter(|(key, _)| keys.contains(&key.get_ref().as_ref())).map(|(key, _)| key.span());
            spans.min_by_key(|span| span.start)
        });
        Place::within(self.file, self.text, span)
    }
}

impl ConfigError {
    pub(super) fn at(place: Place, what: String) -> Self {
        Self { place, what }
    }

    /// What the TOML reader says, with the nearest key where one is unknown.
    pub(super) fn of_toml(place: Place, error: &toml::de::Error) -> Self {
        let message = error.message();
        let what = match message.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`')) {
            Some((unknown, rest)) => {
                let known = rest.split('`').skip(1).step_by(2).collect::<Vec<_>>();
                unknown_key(unknown, &known)
            }
            None => message.trim_end().replace('\n', "; "),
        };
        Self { place, what }
    }
}

/// Says that a key is unknown, which one may be meant, and which there are.
pub(super) fn unknown_key(unknown: &str, known: &[&str]) -> String {
    let meant = known
        .iter()
        .map(|key| (strsim::normalized_damerau_levenshtein(unknown, key), key))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, key)| format!("; did you mean {key}?"));
    format!("{unknown} is no key{}; allowed are {}", meant.unwrap_or_default(), known.join(", "))
}
