//! The lines of a release file, one at a time, so that memory does not grow with the file.

use std::io::{BufRead, ErrorKind};

use crate::Fault;

/// A line is at most so many bytes long; the longest of the formats are below a tenth of it.
pub(crate) const LONGEST: usize = 64 * 1024;

/// The lines, without their ends and without a byte order mark.
pub(crate) struct Lines<R> {
    from: R,
    /// CVX has been put out in UTF-16 with a byte order mark.
    utf16: bool,
    wanted: &'static str,
    pub(crate) number: u64,
    pub(crate) bytes: u64,
    line: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// Looks at the byte order mark.
    pub(crate) fn new(mut from: R, wanted: &'static str) -> Result<Self, Fault> {
        let begin = from.fill_buf()?;
        let (utf16, mark) = match begin {
            [0xFF, 0xFE, ..] => (true, 2),
            [0xEF, 0xBB, 0xBF, ..] => (false, 3),
            _ => (false, 0),
        };
        from.consume(mark);
        Ok(Self { from, utf16, wanted, number: 0, bytes: mark as u64, line: Vec::new() })
    }

    /// The next one; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<String>, Fault> {
        self.line.clear();
        self.number = self.number.saturating_add(1);
        let found = if self.utf16 { self.fill_utf16()? } else { self.fill()? };
        if !found {
            return Ok(None);
        }
        let text = if self.utf16 {
            let units = self.line.chunks_exact(2).map(|pair| match pair {
                [low, high] => u16::from_le_bytes([*low, *high]),
                _ => 0,
            });
            char::decode_utf16(units).collect::<Result<String, _>>().ok()
        } else {
            String::from_utf8(std::mem::take(&mut self.line)).ok()
        };
        let mut text = text.ok_or_else(|| self.fault("it is not written in UTF-8".to_owned()))?;
        while text.ends_with(['\n', '\r']) {
            text.pop();
        }
        Ok(Some(text))
    }

    /// A fault of the line that was read last.
    pub(crate) const fn fault(&self, reason: String) -> Fault {
        Fault::Line { line: self.number, reason, wanted: self.wanted }
    }

    fn fill(&mut self) -> Result<bool, Fault> {
        loop {
            let buffer = match self.from.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                buffer => buffer?,
            };
            let end = memchr::memchr(b'\n', buffer).map(|at| at.saturating_add(1));
            let taken = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
            self.line.extend_from_slice(taken);
            let (length, at_the_end) = (taken.len(), buffer.is_empty());
            self.from.consume(length);
            self.bytes = self.bytes.saturating_add(length as u64);
            if self.line.len() > LONGEST {
                return Err(self.fault(format!("it has more than {LONGEST} bytes")));
            }
            if end.is_some() || at_the_end {
                return Ok(!self.line.is_empty());
            }
        }
    }

    /// Byte by byte: the one file in this encoding is small.
    fn fill_utf16(&mut self) -> Result<bool, Fault> {
        loop {
            let mut byte = [0_u8];
            if self.from.read(&mut byte)? == 0 {
                return Ok(!self.line.is_empty());
            }
            self.bytes = self.bytes.saturating_add(1);
            self.line.extend_from_slice(&byte);
            if self.line.len() > LONGEST {
                return Err(self.fault(format!("it has more than {LONGEST} bytes")));
            }
            if self.line.len().is_multiple_of(2) && self.line.ends_with(&[b'\n', 0]) {
                return Ok(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Result<Vec<String>, Fault> {
        // A buffer of three bytes: a line may lie across several.
        let mut lines = Lines::new(std::io::BufReader::with_capacity(3, bytes), "a file")?;
        let mut all = Vec::new();
        while let Some(line) = lines.next()? {
            all.push(line);
        }
        Ok(all)
    }

    #[test]
    fn both_encodings_and_both_ends_of_lines_are_read() {
        let wanted = ["Ménière", "", "b"];
        assert_eq!(lines("\u{feff}Ménière\r\n\nb".as_bytes()).unwrap(), wanted, "UTF-8");
        let wide: Vec<u8> = "\u{feff}Ménière\r\n\nb".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(lines(&wide).unwrap(), wanted, "UTF-16");
    }

    #[test]
    fn a_line_without_end_and_bytes_of_another_encoding_are_faults_of_that_line() {
        let endless = vec![b'a'; LONGEST + 1];
        assert!(matches!(lines(&endless), Err(Fault::Line { line: 1, .. })), "memory is bounded");
        assert!(matches!(lines(b"a\nM\xE9n\n"), Err(Fault::Line { line: 2, .. })), "Latin-1 is not guessed");
    }
}
