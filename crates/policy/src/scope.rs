//! SMART App Launch 2.x scopes for FHIR resources, parsed strictly: `patient/*.rs`, `user/Observation.cruds`,
//! `patient/MedicationRequest.rs?status=active`.
//!
//! The grammar is that of hl7.org/fhir/smart-app-launch, "Scopes for requesting FHIR resources". What it leaves to the server
//! is refused here with the reason: letters out of order, forms of version 1, experimental parameters, and what is wide open.
//!
//! # What is wide open
//! A star stands for every resource type there is and every one there will be. It may be read (`patient/*.rs`), never written:
//! whoever writes names what. No program works without a user here, so that `system/` with a star is refused too. SMART has
//! no star for the context, and version 2 none for the letters.

mod resource_types;

use std::fmt;
use std::str::FromStr;

use resource_types::RESOURCE_TYPES;

/// Whose data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// Of the patient whose chart is open.
    Patient,
    /// Whatever the user may see.
    User,
    /// Of a system without a user.
    System,
}

/// Which resource types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resources {
    /// `*`
    Every,
    /// One type of FHIR R4.
    Of(&'static str),
}

impl Resources {
    /// The type of this name.
    ///
    /// # Errors
    /// [`ScopeError::UnknownType`].
    pub fn of(name: &str) -> Result<Self, ScopeError> {
        let at = RESOURCE_TYPES.binary_search(&name).map_err(|_| ScopeError::UnknownType(short(name)))?;
        RESOURCE_TYPES.get(at).map(|name| Self::Of(name)).ok_or_else(|| ScopeError::UnknownType(short(name)))
    }
}

/// What may be done: a subset of `cruds`.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Cruds(u8);

impl Cruds {
    const LETTERS: [(char, u8); 5] = [('c', 1), ('r', 2), ('u', 4), ('d', 8), ('s', 16)];
    const WRITES: u8 = 1 | 4 | 8;

    /// Read: also one version and the history.
    pub const READ: Self = Self(2);
    /// Create.
    pub const CREATE: Self = Self(1);
    /// Update: a new version.
    pub const UPDATE: Self = Self(4);
    /// Search.
    pub const SEARCH: Self = Self(16);
    /// Delete.
    pub const DELETE: Self = Self(8);

    /// Whether all of `these` are among them.
    pub const fn include(self, these: Self) -> bool {
        self.0 & these.0 == these.0
    }

    /// These and those.
    #[must_use]
    pub const fn or(self, those: Self) -> Self {
        Self(self.0 | those.0)
    }
}

impl fmt::Display for Cruds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Self::LETTERS.iter().filter(|(_, bit)| self.0 & bit != 0).try_for_each(|(letter, _)| write!(f, "{letter}"))
    }
}

impl fmt::Debug for Cruds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One scope.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// Whose data.
    pub context: Context,
    /// Which resource types.
    pub resources: Resources,
    /// What may be done.
    pub letters: Cruds,
    /// Search parameters that narrow it, in their order.
    pub parameters: Vec<(String, String)>,
}

/// Why a text is no scope that Vigil takes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// No slash.
    #[error("{0:?} has no context; a scope begins with patient/, user/ or system/")]
    NoContext(String),
    /// Another context.
    #[error("{0:?} is no context; a scope begins with patient/, user/ or system/")]
    UnknownContext(String),
    /// A star in place of the context.
    #[error("a star for the context is wide open; say patient/, user/ or system/")]
    EveryContext,
    /// No dot.
    #[error("{0:?} names no interactions; put a dot and letters of cruds behind the resource type")]
    NoLetters(String),
    /// Not of FHIR R4.
    #[error("{0:?} is no resource type of FHIR R4")]
    UnknownType(String),
    /// A letter that is none of cruds.
    #[error("{0:?} is none of the letters c, r, u, d and s")]
    UnknownLetter(char),
    /// Out of order.
    #[error("{0:?} stands out of order; the letters stand in the order of cruds, each once at most")]
    OutOfOrder(char),
    /// A form of version 1.
    #[error("{0:?} is of SMART version 1; write {1:?}")]
    VersionOne(String, &'static str),
    /// A star in place of the letters.
    #[error("a star for the interactions is wide open; name the letters")]
    EveryLetter,
    /// Every resource type, to be written.
    #[error("every resource type, those to come included, may be read but not written: name the type for {0:?}")]
    WideOpen(Cruds),
    /// Every resource type, and no user.
    #[error("every resource type without a user is wide open; name the type")]
    WideOpenSystem,
    /// Nothing behind the question mark, or a parameter without a value.
    #[error("{0:?} is no parameter; write name=value, joined by &")]
    BadParameter(String),
    /// A modifier, a chain, a filter: experimental in SMART 2.
    #[error("{0:?} is experimental in SMART 2 and not taken; use a plain search parameter")]
    Experimental(String),
}

/// Enough of a text to find it by.
fn short(text: &str) -> String {
    text.chars().take(64).collect()
}

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        let (context, rest) = text.split_once('/').ok_or_else(|| ScopeError::NoContext(short(text)))?;
        let context = match context {
            "patient" => Context::Patient,
            "user" => Context::User,
            "system" => Context::System,
            "*" => return Err(ScopeError::EveryContext),
            other => return Err(ScopeError::UnknownContext(short(other))),
        };
        let (rest, parameters) = match rest.split_once('?') {
            Some((rest, parameters)) => (rest, self::parameters(parameters)?),
            None => (rest, Vec::new()),
        };
        let (name, letters) = rest.split_once('.').ok_or_else(|| ScopeError::NoLetters(short(rest)))?;
        let resources = if name == "*" { Resources::Every } else { Resources::of(name)? };
        let letters = self::letters(letters, rest)?;
        if resources == Resources::Every {
            if letters.0 & Cruds::WRITES != 0 {
                return Err(ScopeError::WideOpen(letters));
            }
            if context == Context::System {
                return Err(ScopeError::WideOpenSystem);
            }
        }
        Ok(Self { context, resources, letters, parameters })
    }
}

fn letters(text: &str, whole: &str) -> Result<Cruds, ScopeError> {
    match text {
        "" => return Err(ScopeError::NoLetters(short(whole))),
        "*" => return Err(ScopeError::EveryLetter),
        "read" => return Err(ScopeError::VersionOne(text.to_owned(), "rs")),
        "write" => return Err(ScopeError::VersionOne(text.to_owned(), "cud")),
        _ => {}
    }
    text.chars().try_fold(Cruds::default(), |before, letter| {
        let known = Cruds::LETTERS.iter().find(|(known, _)| *known == letter);
        let (_, bit) = known.ok_or(ScopeError::UnknownLetter(letter))?;
        // Each bit is greater than those of all letters before it.
        if before.0 >= *bit { Err(ScopeError::OutOfOrder(letter)) } else { Ok(before.or(Cruds(*bit))) }
    })
}

fn parameters(text: &str) -> Result<Vec<(String, String)>, ScopeError> {
    let one = |part: &str| {
        let bad = || ScopeError::BadParameter(short(part));
        let (name, value) = part.split_once('=').ok_or_else(bad)?;
        if name.contains([':', '.']) || name == "_filter" {
            return Err(ScopeError::Experimental(short(name)));
        }
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        // RFC 6749, section 3.3: what a scope token consists of.
        let is_value = !value.is_empty()
            && value.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\\' | b'?' | b'='));
        if is_name && is_value { Ok((name.to_owned(), value.to_owned())) } else { Err(bad()) }
    };
    text.split('&').map(one).collect()
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let context = match self.context {
            Context::Patient => "patient",
            Context::User => "user",
            Context::System => "system",
        };
        let resources = match self.resources {
            Resources::Every => "*",
            Resources::Of(name) => name,
        };
        write!(f, "{context}/{resources}.{}", self.letters)?;
        let joints = std::iter::once('?').chain(std::iter::repeat('&'));
        self.parameters.iter().zip(joints).try_for_each(|((name, value), joint)| write!(f, "{joint}{name}={value}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn scopes_of_the_specification_are_taken_and_written_as_they_were() {
        for text in [
            "patient/*.rs",
            "user/Observation.cruds",
            "patient/MedicationRequest.rs?status=active",
            "patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory",
            "patient/Observation.rs?category=laboratory&_lastUpdated=ge2024",
            "user/Patient.rs",
            "system/Encounter.cud",
            "user/*.s",
        ] {
            assert_eq!(text.parse::<Scope>().map(|scope| scope.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_scope_is_refused_with_the_reason() {
        use ScopeError::{
            BadParameter, EveryContext, EveryLetter, Experimental, NoContext, NoLetters, OutOfOrder, UnknownContext,
            UnknownLetter, UnknownType, VersionOne, WideOpen, WideOpenSystem,
        };
        let text = |text: &str| text.to_owned();
        for (scope, reason) in [
            ("", NoContext(text(""))),
            ("launch", NoContext(text("launch"))),
            ("launch/patient", UnknownContext(text("launch"))),
            ("Patient/Observation.rs", UnknownContext(text("Patient"))),
            (" user/Observation.rs", UnknownContext(text(" user"))),
            ("*/*", EveryContext),
            ("*/Observation.rs", EveryContext),
            ("user/*", NoLetters(text("*"))),
            ("user/Observation", NoLetters(text("Observation"))),
            ("user/Observation.", NoLetters(text("Observation."))),
            ("user/Obs.rs", UnknownType(text("Obs"))),
            ("user/observation.rs", UnknownType(text("observation"))),
            ("user/.rs", UnknownType(text(""))),
            ("user/Resource.rs", UnknownType(text("Resource"))),
            ("user/Observation.dus", OutOfOrder('u')),
            ("user/Observation.sr", OutOfOrder('r')),
            ("user/Observation.rr", OutOfOrder('r')),
            ("user/Observation.rx", UnknownLetter('x')),
            ("user/Observation.RS", UnknownLetter('R')),
            ("user/Observation.rs ", UnknownLetter(' ')),
            ("user/Observation.rs.rs", UnknownLetter('.')),
            ("user/Observation.read", VersionOne(text("read"), "rs")),
            ("user/Observation.write", VersionOne(text("write"), "cud")),
            ("user/*.*", EveryLetter),
            ("patient/Observation.*", EveryLetter),
            ("user/*.cruds", WideOpen(Cruds(31))),
            ("patient/*.c", WideOpen(Cruds(1))),
            ("patient/*.rd", WideOpen(Cruds(10))),
            ("system/*.rs", WideOpenSystem),
            ("user/Observation.rs?", BadParameter(text(""))),
            ("user/Observation.rs?category", BadParameter(text("category"))),
            ("user/Observation.rs?category=", BadParameter(text("category="))),
            ("user/Observation.rs?=x", BadParameter(text("=x"))),
            ("user/Observation.rs?a=b&", BadParameter(text(""))),
            ("user/Observation.rs?a=b c", BadParameter(text("a=b c"))),
            ("user/Observation.rs?code:in=x", Experimental(text("code:in"))),
            ("user/Observation.rs?patient.birthdate=1990", Experimental(text("patient.birthdate"))),
            ("user/Observation.rs?_filter=x", Experimental(text("_filter"))),
        ] {
            assert_eq!(scope.parse::<Scope>(), Err(reason), "{scope}");
        }
        let message = "user/*.cruds".parse::<Scope>().unwrap_err().to_string();
        assert!(message.contains("read but not written") && message.contains("cruds"), "it says why: {message}");
    }

    #[test]
    fn the_resource_types_are_found_by_halving() {
        assert!(RESOURCE_TYPES.is_sorted(), "in order");
        assert!(RESOURCE_TYPES.iter().all(|name| Resources::of(name) == Ok(Resources::Of(name))), "each is found");
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_and_what_is_taken_is_written_as_it_was(text in "\\PC{0,80}") {
            if let Ok(scope) = text.parse::<Scope>() {
                prop_assert_eq!(scope.to_string(), text);
            }
        }

        #[test]
        fn what_looks_like_a_scope_is_refused_or_written_as_it_was(
            text in "(patient|user|system|\\*|launch)/(\\*|Observation|Patient|Obs)\\.[cruds*]{0,6}(\\?[a-z_:]{0,4}=?[a-z|]{0,4}(&a=b)?)?"
        ) {
            match text.parse::<Scope>() {
                Ok(scope) => {
                    prop_assert_eq!(scope.to_string(), text.as_str());
                    let wide_open = text.starts_with('*') || text.contains(".*")
                        || (scope.resources == Resources::Every && scope.letters.0 & Cruds::WRITES != 0);
                    prop_assert!(!wide_open, "{} is wide open", text);
                }
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
    }
}
