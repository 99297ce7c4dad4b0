//! Check digits and characters.

/// The digit that makes a GTIN whole: digits weighted 3 and 1 from the right, the sum filled up to a multiple of ten (GS1 General
/// Specifications, section 7.9.1). `None` for what has other characters than digits.
pub(super) fn gs1(digits: &str) -> Option<u32> {
    let weighted = digits.chars().rev().zip([3_u32, 1].into_iter().cycle());
    let sum = weighted.map(|(digit, weight)| digit.to_digit(10).map(|digit| digit * weight)).sum::<Option<u32>>()?;
    Some((10 - sum % 10) % 10)
}

/// The characters of HIBC in the order of their values (ANSI/HIBC 2, table of numerical value assignments).
const HIBC: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

/// The character that makes an HIBC string whole: the sum of all values modulo 43. `None` for what has other characters.
pub(super) fn hibc(text: &str) -> Option<char> {
    let sum = text.chars().map(|letter| HIBC.find(letter)).sum::<Option<usize>>()?;
    HIBC.chars().nth(sum % HIBC.len())
}
