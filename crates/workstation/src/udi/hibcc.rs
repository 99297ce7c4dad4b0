//! HIBCC: `+`, the device identifier, then data after `/` by their flags, and the check character over everything before it.

use super::{Agency, Fault, Udi, check, dates, fault};

/// Lot and serial numbers have at most so many characters, spaces besides: the FDA's own example has a serial number of 18 and a space, which its
/// check character counts.
const LONGEST: usize = 18;

pub(super) fn parse(text: &str, year: i32) -> Result<Udi, Fault> {
    let last = text.len().saturating_sub(1);
    let (whole, checked) = (text.get(..last).unwrap_or_default(), text.get(last..).unwrap_or_default());
    match check::hibc(whole) {
        Some(right) if checked.starts_with(right) => {}
        Some(right) => {
            let why =
                format!("the check character is {checked:?} and should be {right:?}: a character is wrong or missing");
            return fault(last, why);
        }
        None => {
            let is_wrong = |letter: char| check::hibc(&letter.to_string()).is_none();
            return fault(
                whole.find(is_wrong).unwrap_or_default(),
                "there is a character that HIBC does not have; letters are capitals",
            );
        }
    }
    let mut udi = Udi::of(Agency::Hibcc, text);
    let mut fields = whole.split('/');
    let first = fields.next().unwrap_or_default();
    let identifier = first.get(1..).unwrap_or_default();
    if !(6..=23).contains(&identifier.len()) || !identifier.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return fault(
            1,
            format!("the device identifier has 6 to 23 letters and digits, not {} characters", identifier.len()),
        );
    }
    identifier.clone_into(&mut udi.device_identifier);
    let mut at = first.len() + 1;
    for field in fields {
        data(&mut udi, field, at, year)?;
        at += field.len() + 1;
    }
    Ok(udi)
}

/// One field by its flag. The longer flags are looked at first: `$$+7` is another one than `$`.
fn data(udi: &mut Udi, field: &str, at: usize, year: i32) -> Result<(), Fault> {
    if let Some(rest) = field.strip_prefix("$$+7") {
        return put(&mut udi.serial, rest, at + 4, "the serial number");
    }
    if let Some(rest) = field.strip_prefix("$$+") {
        let (expires, serial, begins) = dated(rest, at + 3, year)?;
        udi.expires = expires;
        return put(&mut udi.serial, serial, begins, "the serial number");
    }
    if let Some(rest) = field.strip_prefix("$$7") {
        return put(&mut udi.lot, rest, at + 3, "the lot");
    }
    if let Some(rest) = field.strip_prefix("$$") {
        let (expires, lot, begins) = dated(rest, at + 2, year)?;
        udi.expires = expires;
        // A date alone says no lot.
        return if lot.is_empty() { Ok(()) } else { put(&mut udi.lot, lot, begins, "the lot") };
    }
    if let Some(rest) = field.strip_prefix("$+") {
        return put(&mut udi.serial, rest, at + 2, "the serial number");
    }
    if let Some(rest) = field.strip_prefix('$') {
        return put(&mut udi.lot, rest, at + 1, "the lot");
    }
    if let Some(rest) = field.strip_prefix("16D") {
        return day(&mut udi.made, rest, at + 3, "the day on which it was made");
    }
    if let Some(rest) = field.strip_prefix("14D") {
        return day(&mut udi.expires, rest, at + 3, "the day of expiration");
    }
    if let Some(rest) = field.strip_prefix('S') {
        return put(&mut udi.serial, rest, at + 1, "the serial number");
    }
    fault(at, "this is no flag of a UDI: $, $$, $+, $$+, S, 14D or 16D is expected")
}

/// A date in the format that its first digit names, and what follows it, with where that begins. The hour is not kept apart.
fn dated(rest: &str, at: usize, year: i32) -> Result<(String, &str, usize), Fault> {
    type Read = fn(&str, i32) -> Option<String>;
    let (flag, length, read): (usize, usize, Read) = match rest.bytes().next() {
        Some(b'2') => (1, 6, dates::mmddyy),
        Some(b'3') => (1, 6, dates::yymmdd),
        Some(b'4') => (1, 8, |text, year| hour(text, 6).and_then(|day| dates::yymmdd(day, year))),
        Some(b'5') => (1, 5, dates::yyjjj),
        Some(b'6') => (1, 7, |text, year| hour(text, 5).and_then(|day| dates::yyjjj(day, year))),
        // A month follows at once.
        Some(b'0' | b'1') => (0, 4, dates::mmyy),
        _ => return fault(at, "the format of the date is one of 2 to 6, or a month follows"),
    };
    let (from, to) = (flag, flag + length);
    match (rest.get(from..to).and_then(|text| read(text, year)), rest.get(to..)) {
        (Some(day), Some(behind)) => Ok((day, behind, at + to)),
        _ => fault(at + from, format!("a day of expiration of {length} digits is expected")),
    }
}

/// The day before an hour of two digits.
fn hour(text: &str, day: usize) -> Option<&str> {
    let hour: u32 = text.get(day..)?.parse().ok()?;
    (hour < 24).then(|| text.get(..day)).flatten()
}

fn put(slot: &mut String, value: &str, at: usize, what: &str) -> Result<(), Fault> {
    if !slot.is_empty() {
        return fault(at, format!("{what} is there twice"));
    }
    let length = value.bytes().filter(|byte| *byte != b' ').count();
    if length == 0 || length > LONGEST {
        return fault(at, format!("{what} has 1 to {LONGEST} characters, not {length}"));
    }
    value.clone_into(slot);
    Ok(())
}

fn day(slot: &mut String, value: &str, at: usize, what: &str) -> Result<(), Fault> {
    match dates::yyyymmdd(value) {
        Some(day) if slot.is_empty() || *slot == day => {
            *slot = day;
            Ok(())
        }
        Some(_) => fault(at, format!("{what} is there twice, and differs")),
        None => fault(at, format!("{what} has eight digits: year, month and day")),
    }
}
