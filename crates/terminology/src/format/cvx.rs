//! CVX of the CDC (`cvx.txt`): code, short description, full name, note and status between bars, then further fields, the last of which is the
//! day of the last change. The code is padded with spaces; the file has been put out in UTF-16.
//!
//! Fields: S. Weinberg, Immunization Content Management (my.vanderbilt.edu/stuartweinberg/imms-content-management). Statuses: the CDC's own
//! words as johnsnowlabs.com/marketplace/fda-cvx-code-vaccines-administered has them. Inactive codes stay: records of the past need them.

use crate::Concept;

/// What was never given, and what is still to come.
const LEFT_OUT: [&str; 2] = ["Never Active", "Pending"];

#[derive(Default)]
pub(crate) struct Cvx {
    newest: Option<(u16, u8, u8)>,
}

impl Cvx {
    pub(super) fn line(&mut self, line: &str) -> Result<Option<Concept>, String> {
        if line.trim().is_empty() {
            return Ok(None);
        }
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        let [code, short, full, _note, status, rest @ ..] = fields.as_slice() else {
            return Err("it has fewer than five fields between bars".to_owned());
        };
        if code.eq_ignore_ascii_case("CVX Code") {
            return Ok(None);
        }
        if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("it does not begin with a CVX code, which is a number".to_owned());
        }
        self.newest = self.newest.max(rest.iter().rev().find_map(|field| date(field)));
        if LEFT_OUT.iter().any(|left_out| left_out.eq_ignore_ascii_case(status)) {
            return Ok(None);
        }
        Concept::new(code, short, status, full).map(Some)
    }

    /// The day of the newest change: the CDC numbers no releases.
    pub(super) fn release(&self) -> Option<String> {
        self.newest.map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"))
    }
}

/// `2025/07/15`, `2025-07-15` or `7/15/2025`.
fn date(text: &str) -> Option<(u16, u8, u8)> {
    let text = text.split_whitespace().next()?;
    let numbers: Vec<u16> = text.split(['/', '-']).map(str::parse).collect::<Result<_, _>>().ok()?;
    let (year, month, day) = match numbers.as_slice() {
        [year, month, day] if *year >= 1000 => (*year, *month, *day),
        [month, day, year] if *year >= 1000 => (*year, *month, *day),
        _ => return None,
    };
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day);
    Some((year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)).filter(|_| fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vaccine_has_a_short_name_and_is_found_by_its_full_one() {
        let mut cvx = Cvx::default();
        let line = "03        |MMR|measles, mumps and rubella virus vaccine||Active|False|2010/05/28";
        let concept = cvx.line(line).unwrap().unwrap();
        assert_eq!((concept.code.as_str(), concept.display.as_str()), ("03", "MMR"), "without what pads it");
        assert_eq!((concept.kind.as_str(), concept.also.contains("rubella")), ("Active", true), "and its full name");
        assert_eq!(cvx.line("99|RESERVED|do not use||Never Active|False|2010/05/28").unwrap(), None, "never given");
        assert!(cvx.line("04|M/R|measles and rubella||Inactive|3|False|6/26/2025").unwrap().is_some(), "given once");
        assert_eq!(cvx.release().as_deref(), Some("2025-06-26"), "as of the newest change");
    }

    #[test]
    fn what_is_no_such_line_is_refused() {
        for other in ["03,MMR", "MMR|measles|x|y|Active", "<html>"] {
            assert!(Cvx::default().line(other).is_err(), "{other:?}");
        }
    }
}
