//! Comma-separated values (RFC 4180), for spreadsheets: every field in quotes, lines end with CR LF, UTF-8 with a byte order
//! mark, without which Excel takes it for another encoding.

/// A table being written.
pub(crate) struct Csv(Vec<u8>);

impl Csv {
    /// With its header.
    pub(crate) fn new(header: &[&str]) -> Self {
        let mut csv = Self("\u{feff}".as_bytes().to_vec());
        csv.row(header);
        csv
    }

    /// One record.
    pub(crate) fn row<T: AsRef<str>>(&mut self, fields: &[T]) {
        for (at, field) in fields.iter().enumerate() {
            if at > 0 {
                self.0.push(b',');
            }
            self.field(field.as_ref());
        }
        self.0.extend(b"\r\n");
    }

    fn field(&mut self, text: &str) {
        self.0.push(b'"');
        // A spreadsheet takes these for the beginning of a formula (OWASP, CSV Injection): as a text it begins with an apostrophe.
        if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']) {
            self.0.push(b'\'');
        }
        self.0.extend(text.replace('"', "\"\"").as_bytes());
        self.0.push(b'"');
    }

    /// The whole table.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_commas_and_lines_stay_within_their_field() {
        let mut csv = Csv::new(&["a", "b"]);
        csv.row(&["says \"no\", twice", "two\nlines"]);
        let text = String::from_utf8(csv.finish()).unwrap();
        assert_eq!(text, "\u{feff}\"a\",\"b\"\r\n\"says \"\"no\"\", twice\",\"two\nlines\"\r\n");
    }

    #[test]
    fn no_field_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\u{ff1d}1"] {
            let mut csv = Csv::new(&["a"]);
            csv.row(&[formula]);
            let text = String::from_utf8(csv.finish()).unwrap();
            assert!(text.contains(&format!("\"'{formula}")), "{formula:?} is a text: {text:?}");
        }
    }
}
