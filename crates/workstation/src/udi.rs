//! A Unique Device Identifier taken apart: whose system it is of, the device identifier (DI), and the production identifiers (PI).
//!
//! Formats: FDA, "UDI Formats by FDA-Accredited Issuing Agency", version 1.3 of January 27, 2017: data delimiters, identifiers, types and field
//! sizes of GS1, HIBCC and ICCBBA, with one example of each, which are the tests here. The same table stands in appendix A of IMDRF
//! "UDI System Application Guide" (N48). What a UDI has to be taken apart into: 45 CFR 170.315(a)(14)(ii). Pure: no clock; years of two
//! digits are told apart by the year that is passed in.

mod check;
mod dates;
mod gs1;
mod hibcc;
mod iccbba;

pub(crate) use gs1::SEPARATOR;

/// Longer than the longest of the table (87 characters), with symbology identifier and separators.
const LONGEST: usize = 128;

/// Whose system a UDI is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Agency {
    /// GS1.
    Gs1,
    /// Health Industry Business Communications Council.
    Hibcc,
    /// ICCBBA, blood containers.
    IccbbaBlood,
    /// ICCBBA, other devices with human cells or tissue.
    IccbbaOther,
}

impl Agency {
    const ALL: [Self; 4] = [Self::Gs1, Self::Hibcc, Self::IccbbaBlood, Self::IccbbaOther];

    /// What FHIR R4 has as `Device.udiCarrier.issuer` (the element's definition names these four).
    pub(crate) const fn issuer(self) -> &'static str {
        match self {
            Self::Gs1 => "http://hl7.org/fhir/NamingSystem/gs1-di",
            Self::Hibcc => "http://hl7.org/fhir/NamingSystem/hibcc-dI",
            Self::IccbbaBlood => "http://hl7.org/fhir/NamingSystem/iccbba-blood-di",
            Self::IccbbaOther => "http://hl7.org/fhir/NamingSystem/iccbba-other-di",
        }
    }

    /// By name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Gs1 => "GS1",
            Self::Hibcc => "HIBCC",
            Self::IccbbaBlood | Self::IccbbaOther => "ICCBBA",
        }
    }

    /// The agency that an `issuer` names, as FHIR R4 and earlier versions write it.
    pub(crate) fn of_issuer(issuer: &str) -> Option<Self> {
        let plain = |text: &str| text.trim_end_matches('/').to_ascii_lowercase().trim_end_matches("-di").to_owned();
        Self::ALL.into_iter().find(|agency| plain(agency.issuer()) == plain(issuer))
    }
}

/// A UDI, taken apart. What it does not say is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Udi {
    /// Whose system it is of.
    pub(crate) agency: Agency,
    /// As people read it: what stands on the label.
    pub(crate) readable: String,
    /// The device identifier: labeler and model.
    pub(crate) device_identifier: String,
    /// Lot or batch.
    pub(crate) lot: String,
    /// Serial number.
    pub(crate) serial: String,
    /// When it was made, as FHIR has dates.
    pub(crate) made: String,
    /// Until when it may be used.
    pub(crate) expires: String,
    /// The distinct identification code of an HCT/P (21 CFR 1271.290(c)): its donation identification number.
    pub(crate) distinct: String,
}

impl Udi {
    fn of(agency: Agency, readable: &str) -> Self {
        Self {
            agency,
            readable: readable.to_owned(),
            device_identifier: String::new(),
            lot: String::new(),
            serial: String::new(),
            made: String::new(),
            expires: String::new(),
            distinct: String::new(),
        }
    }
}

/// What is wrong with a UDI, and at which character, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    at: usize,
    why: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "this UDI cannot be taken apart: at character {}, {}", self.at, self.why)
    }
}

fn fault<T>(at: usize, why: impl Into<String>) -> Result<T, Fault> {
    Err(Fault { at: at.saturating_add(1), why: why.into() })
}

/// Takes a UDI apart, typed from the label or scanned. `year` is the year now, for years of two digits.
///
/// # Errors
/// [`Fault`]: what is wrong, and where.
pub(crate) fn parse(text: &str, year: i32) -> Result<Udi, Fault> {
    let text = text.trim();
    if let Some((at, _)) = text.chars().enumerate().find(|(_, letter)| !is_scanned(*letter)) {
        return fault(at, "there is a character that no UDI has");
    }
    if text.len() > LONGEST {
        return fault(LONGEST, "it is longer than any UDI");
    }
    // Labels of HIBCC have it between stars, which are not part of it.
    let starred = text.strip_prefix('*').and_then(|rest| rest.strip_suffix('*'));
    // What was taken off in front counts for where something is wrong.
    let shift = usize::from(starred.is_some());
    parsed(starred.unwrap_or(text), year).map_err(|fault| Fault { at: fault.at.saturating_add(shift), ..fault })
}

fn parsed(text: &str, year: i32) -> Result<Udi, Fault> {
    match text {
        "" => fault(0, "there is nothing"),
        hibcc if hibcc.starts_with('+') => hibcc::parse(hibcc, year),
        iccbba if iccbba.starts_with('=') || iccbba.starts_with('&') => iccbba::parse(iccbba),
        gs1 if gs1.starts_with(['(', ']', gs1::SEPARATOR]) || gs1.starts_with("01") => gs1::parse(gs1, year),
        _ => fault(0, "it begins neither with (01) for GS1, nor with + for HIBCC, nor with =/ or =) for ICCBBA"),
    }
}

/// Printable ASCII, and the separator that a scanner sends for FNC1.
const fn is_scanned(letter: char) -> bool {
    letter.is_ascii_graphic() || letter == ' ' || letter == gs1::SEPARATOR
}

#[cfg(test)]
mod tests;
