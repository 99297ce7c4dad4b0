//! ICCBBA (ISBT 128): fields of fixed length, each with its flag. `=/` begins the UDI of a device with human cells or tissue, `=)` that of a
//! blood container.

use super::{Agency, Fault, Udi, dates, fault};

/// The flags, longest first, with the length of what follows. `=` alone is the donation identification number.
const FIELDS: [(&str, usize); 8] =
    [("=/", 16), ("=,", 6), ("=>", 6), ("=}", 6), ("&,1", 18), ("=)", 10), ("&)", 10), ("=", 15)];

pub(super) fn parse(text: &str) -> Result<Udi, Fault> {
    let agency = if text.starts_with("=)") { Agency::IccbbaBlood } else { Agency::IccbbaOther };
    let mut udi = Udi::of(agency, text);
    let mut from = 0;
    while let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(' ') {
            from += 1;
            continue;
        }
        let Some((flag, length)) = FIELDS.into_iter().find(|(flag, _)| rest.starts_with(flag)) else {
            return fault(from, "this is no flag of a UDI of ICCBBA");
        };
        let at = from + flag.len();
        let Some(value) = text.get(at..at + length) else {
            return fault(at, format!("{length} characters follow {flag}, and it ends before that"));
        };
        let slot = match flag {
            "=/" | "=)" => &mut udi.device_identifier,
            "=," => &mut udi.serial,
            "=>" => &mut udi.expires,
            "=}" => &mut udi.made,
            "&,1" | "&)" => &mut udi.lot,
            _ => &mut udi.distinct,
        };
        if !slot.is_empty() {
            return fault(from, format!("{flag} is there twice"));
        }
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric();
        *slot = match (flag, dates::yyyjjj(value)) {
            ("=>" | "=}", Some(day)) => day,
            ("=>" | "=}", None) => return fault(at, "a day is three digits of the year and three of the day in it"),
            _ if value.bytes().all(is_plain) => value.to_owned(),
            _ => return fault(at, format!("{length} letters and digits follow {flag}")),
        };
        from = at + length;
    }
    if udi.device_identifier.is_empty() {
        return fault(0, "the device identifier, after =/ or =), is missing");
    }
    Ok(udi)
}
