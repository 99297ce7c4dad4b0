//! GS1: application identifiers (01), (11), (17), (10), (21); in parentheses as people read them, or without as a scanner sends them.

use super::{Agency, Fault, Udi, check, dates, fault};

/// What a scanner sends for FNC1, which ends a field that has no fixed length.
pub(crate) const SEPARATOR: char = '\u{1d}';

/// Symbology identifiers that a scanner may send first: GS1 DataMatrix, GS1-128, GS1 DataBar, GS1 QR.
const SYMBOLOGIES: [&str; 4] = ["]d2", "]C1", "]e0", "]Q3"];

/// Lot and serial number have at most so many characters.
const LONGEST: usize = 20;

pub(super) fn parse(text: &str, year: i32) -> Result<Udi, Fault> {
    let fields = if text.starts_with('(') { readable(text)? } else { scanned(text)? };
    let mut udi =
        Udi::of(Agency::Gs1, &fields.iter().map(|(_, ai, value)| format!("({ai}){value}")).collect::<String>());
    for (at, ai, value) in fields {
        let slot = match ai {
            "01" => {
                identifier(at, value)?;
                &mut udi.device_identifier
            }
            "10" => &mut udi.lot,
            "11" => &mut udi.made,
            "17" => &mut udi.expires,
            "21" => &mut udi.serial,
            other => {
                return fault(at, format!("({other}) is no part of a UDI: that has (01), (10), (11), (17) and (21)"));
            }
        };
        if !slot.is_empty() {
            return fault(at, format!("({ai}) is there twice"));
        }
        *slot = match ai {
            "11" | "17" => match dates::yymmdd(value, year) {
                Some(day) => day,
                None => return fault(at, format!("({ai}) is no day: year, month and day have two digits each")),
            },
            "10" | "21" if value.is_empty() || value.len() > LONGEST => {
                return fault(at, format!("({ai}) has 1 to {LONGEST} characters, not {}", value.len()));
            }
            _ => value.to_owned(),
        };
    }
    if udi.device_identifier.is_empty() {
        return fault(0, "the device identifier (01) is missing");
    }
    Ok(udi)
}

fn identifier(at: usize, value: &str) -> Result<(), Fault> {
    let (digits, last) = value.split_at_checked(13).unwrap_or((value, ""));
    match (check::gs1(digits), last.len() == 1, last.parse::<u32>()) {
        (Some(right), true, Ok(last)) if right == last => Ok(()),
        (Some(right), true, Ok(last)) => fault(
            at + 13,
            format!("the check digit of (01) is {last} and should be {right}: a digit is wrong, or two are swapped"),
        ),
        _ => fault(at, format!("the device identifier (01) has 14 digits, not {} characters", value.len())),
    }
}

type Field<'t> = (usize, &'t str, &'t str);

/// `(01)51022222233336(11)141231`: where each value begins, its identifier, the value.
fn readable(text: &str) -> Result<Vec<Field<'_>>, Fault> {
    let mut fields = Vec::new();
    let mut from = 0;
    while let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) {
        let Some((ai, value)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) else {
            return fault(from, "an identifier in parentheses is expected");
        };
        let begins = from + ai.len() + 2;
        let end = next_identifier(value).unwrap_or(value.len());
        // Labels are set with spaces between the fields.
        fields.push((begins, ai, value.get(..end).unwrap_or(value).trim()));
        from = begins + end;
    }
    Ok(fields)
}

/// Where the next of the identifiers of a UDI begins; a parenthesis may belong to a lot number.
fn next_identifier(value: &str) -> Option<usize> {
    value.match_indices('(').map(|(at, _)| at).find(|at| {
        let ai = value.get(at + 1..).and_then(|rest| rest.split_once(')')).map_or("", |(ai, _)| ai);
        (2..=4).contains(&ai.len()) && ai.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// `0151022222233336111412311715070710A213B1<GS>211234`.
fn scanned(text: &str) -> Result<Vec<Field<'_>>, Fault> {
    let begins = SYMBOLOGIES.iter().find_map(|symbology| text.strip_prefix(symbology)).unwrap_or(text);
    let mut from = text.len() - begins.len();
    let mut fields = Vec::new();
    while let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(SEPARATOR) {
            from += 1;
            continue;
        }
        let Some((ai, value)) = rest.split_at_checked(2) else { return fault(from, "it ends within an identifier") };
        let length = match ai {
            "01" => 14,
            "11" | "17" => 6,
            "10" | "21" => value.find(SEPARATOR).unwrap_or(value.len()),
            other => return fault(from, format!("{other} is no part of a UDI: that has 01, 10, 11, 17 and 21")),
        };
        let Some(value) = value.get(..length) else {
            return fault(from + 2, format!("({ai}) has {length} digits, and it ends before that"));
        };
        fields.push((from + 2, ai, value));
        from += 2 + length;
    }
    Ok(fields)
}
