//! Security labels that policies decide by.

use std::fmt;

/// HL7 v3 Confidentiality (N, R, V) and codes of ActCode `InformationSensitivityPolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum Label {
    /// Normal confidentiality.
    N = 1,
    /// Restricted.
    R = 1 << 1,
    /// Very restricted.
    V = 1 << 2,
    /// Substance abuse.
    Eth = 1 << 3,
    /// Alcohol.
    Ethud = 1 << 4,
    /// Opioids.
    Opioidud = 1 << 5,
    /// Substance use disorder.
    Sud = 1 << 6,
    /// Psychiatry.
    Psy = 1 << 7,
    /// Psychotherapy notes.
    Psythpn = 1 << 8,
    /// HIV and AIDS.
    Hiv = 1 << 9,
    /// Sexual and domestic violence.
    Sdv = 1 << 10,
}

impl Label {
    /// Every label that policies know.
    pub const ALL: [Self; 11] = [
        Self::N,
        Self::R,
        Self::V,
        Self::Eth,
        Self::Ethud,
        Self::Opioidud,
        Self::Sud,
        Self::Psy,
        Self::Psythpn,
        Self::Hiv,
        Self::Sdv,
    ];

    /// The code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::N => "N",
            Self::R => "R",
            Self::V => "V",
            Self::Eth => "ETH",
            Self::Ethud => "ETHUD",
            Self::Opioidud => "OPIOIDUD",
            Self::Sud => "SUD",
            Self::Psy => "PSY",
            Self::Psythpn => "PSYTHPN",
            Self::Hiv => "HIV",
            Self::Sdv => "SDV",
        }
    }
}

/// A set of labels.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Labels(u16);

impl Labels {
    /// With this label too.
    #[must_use]
    pub const fn with(self, label: Label) -> Self {
        Self(self.0 | label as u16)
    }

    /// Whether this label is among them.
    pub const fn contains(self, label: Label) -> bool {
        self.0 & label as u16 != 0
    }

    /// Those of `codes` that policies know; no policy speaks of the others.
    pub fn of_codes<'a>(codes: impl IntoIterator<Item = &'a str>) -> Self {
        codes.into_iter().filter_map(|code| Label::ALL.into_iter().find(|label| label.code() == code)).collect()
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Label> {
        Label::ALL.into_iter().filter(move |label| self.contains(*label))
    }
}

impl FromIterator<Label> for Labels {
    fn from_iter<I: IntoIterator<Item = Label>>(labels: I) -> Self {
        labels.into_iter().fold(Self::default(), Self::with)
    }
}

impl fmt::Debug for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
