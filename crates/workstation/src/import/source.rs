//! Cuts JSON values out of a stream without reading more than one of them into memory.
//!
//! It only balances brackets and strings, so that a value with a mistake inside is still cut out whole and costs only
//! itself; whether the value is right is for the parser to say. White space between tokens is dropped on the way.

use std::io::{self, BufRead};

/// Why no value could be cut out.
#[derive(Debug)]
pub(super) enum Cut {
    /// The text ends within the value.
    End,
    /// Something stands where it cannot; what was expected instead.
    Expected(&'static str),
    /// The value is longer than the limit.
    TooLong,
    /// Reading failed.
    Read(io::Error),
}

impl From<io::Error> for Cut {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

/// A JSON text read from front to back.
pub(super) struct Source<R> {
    reader: R,
    line: u64,
}

impl<R: BufRead> Source<R> {
    /// Reads from `reader`, which stands at the start of `line`.
    pub(super) const fn new(reader: R, line: u64) -> Self {
        Self { reader, line }
    }

    /// The line that is being read, from 1.
    pub(super) const fn line(&self) -> u64 {
        self.line
    }

    /// What is left to read.
    pub(super) fn into_reader(self) -> R {
        self.reader
    }

    /// The next byte that is not white space, which stays unread.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, Cut> {
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(None);
            }
            let blank = buffer.iter().take_while(|byte| is_space(**byte)).count();
            let found = buffer.get(blank).copied();
            self.line += count_lines(buffer.get(..blank).unwrap_or_default());
            self.reader.consume(blank);
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    /// Takes `byte`, which must come next.
    pub(super) fn take(&mut self, byte: u8, name: &'static str) -> Result<(), Cut> {
        match self.peek()? {
            Some(found) if found == byte => {
                self.reader.consume(1);
                Ok(())
            }
            Some(_) => Err(Cut::Expected(name)),
            None => Err(Cut::End),
        }
    }

    /// Skips a byte order mark.
    pub(super) fn skip_mark(&mut self) -> Result<(), Cut> {
        if self.reader.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
            self.reader.consume(3);
        }
        Ok(())
    }

    /// Puts the next value into `out`, which is emptied first. A value that is too long is passed over to its end.
    pub(super) fn capture(&mut self, out: &mut Vec<u8>, limit: usize) -> Result<(), Cut> {
        out.clear();
        let mut keep = Keep { out, limit, overflowed: false };
        self.value(&mut keep)?;
        if keep.overflowed { Err(Cut::TooLong) } else { Ok(()) }
    }

    /// Passes over the next value.
    pub(super) fn skip(&mut self) -> Result<(), Cut> {
        self.value(&mut Discard)
    }

    fn value(&mut self, sink: &mut impl Sink) -> Result<(), Cut> {
        let scalar = match self.peek()? {
            None => return Err(Cut::End),
            Some(b'{' | b'[' | b'"') => false,
            Some(b'}' | b']' | b',' | b':') => return Err(Cut::Expected("a value")),
            Some(_) => true,
        };
        if scalar { self.scalar(sink) } else { self.nested(sink) }
    }

    /// A number, `true`, `false`, `null` or nonsense up to the next separator.
    fn scalar(&mut self, sink: &mut impl Sink) -> Result<(), Cut> {
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Ok(());
            }
            let length = buffer.iter().take_while(|b| !is_space(**b) && !is_structural(**b)).count();
            sink.put(buffer.get(..length).unwrap_or_default());
            let ended = length < buffer.len();
            self.reader.consume(length);
            if ended {
                return Ok(());
            }
        }
    }

    fn nested(&mut self, sink: &mut impl Sink) -> Result<(), Cut> {
        let mut state = Scan::default();
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                return Err(Cut::End);
            }
            let (used, step) = state.run(buffer, sink);
            self.line += count_lines(buffer.get(..used).unwrap_or_default());
            self.reader.consume(used);
            match step {
                Step::More => {}
                Step::Done => return Ok(()),
                Step::Mismatch => return Err(Cut::Expected("a bracket that closes the one that is open")),
            }
        }
    }
}

/// What becomes of the bytes of a value.
trait Sink {
    fn put(&mut self, bytes: &[u8]);
    /// There was white space before `next`: keeps one space where two tokens would become one without it.
    fn gap(&mut self, next: u8);
}

struct Keep<'a> {
    out: &'a mut Vec<u8>,
    limit: usize,
    overflowed: bool,
}

impl Sink for Keep<'_> {
    fn put(&mut self, bytes: &[u8]) {
        if self.out.len() + bytes.len() > self.limit {
            self.overflowed = true;
            self.out.clear();
        }
        if !self.overflowed {
            self.out.extend_from_slice(bytes);
        }
    }

    fn gap(&mut self, next: u8) {
        if self.out.last().is_some_and(|last| !is_structural(*last)) && !is_structural(next) {
            self.put(b" ");
        }
    }
}

struct Discard;

impl Sink for Discard {
    fn put(&mut self, _bytes: &[u8]) {}

    fn gap(&mut self, _next: u8) {}
}

/// Bytes of a string that are looked at one by one.
const SHORT: usize = 32;

enum Step {
    More,
    Done,
    Mismatch,
}

/// Where in a nested value the scan is; survives from one buffer to the next.
#[derive(Default)]
struct Scan {
    open: Vec<u8>,
    in_string: bool,
    after_backslash: bool,
    spaced: bool,
}

impl Scan {
    /// Scans `buffer`; how much of it was used, and whether the value goes on. What stands between two pieces of white
    /// space goes to the sink in one piece.
    fn run(&mut self, buffer: &[u8], sink: &mut impl Sink) -> (usize, Step) {
        let (mut from, mut at) = (0, 0);
        let step = loop {
            let rest = buffer.get(at..).unwrap_or_default();
            let Some(first) = rest.first().copied() else { break Step::More };
            if self.in_string {
                at += self.string(rest);
                if !self.in_string && self.open.is_empty() {
                    break Step::Done;
                }
                continue;
            }
            if is_space(first) {
                sink.put(buffer.get(from..at).unwrap_or_default());
                at += rest.iter().take_while(|byte| is_space(**byte)).count();
                from = at;
                self.spaced = true;
                continue;
            }
            if std::mem::take(&mut self.spaced) {
                sink.gap(first);
            }
            at += 1;
            match first {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.open.push(first),
                b'}' | b']' if !self.close(first) => break Step::Mismatch,
                b'}' | b']' if self.open.is_empty() => break Step::Done,
                _ => {}
            }
        };
        sink.put(buffer.get(from..at).unwrap_or_default());
        (at, step)
    }

    /// How much of `rest` belongs to the string that is open.
    fn string(&mut self, rest: &[u8]) -> usize {
        if std::mem::take(&mut self.after_backslash) {
            return 1;
        }
        // Most strings are short, and a loop is quicker there than starting a search.
        let found = rest
            .iter()
            .take(SHORT)
            .position(|byte| matches!(byte, b'"' | b'\\'))
            .or_else(|| memchr::memchr2(b'"', b'\\', rest.get(SHORT..)?).map(|found| found + SHORT));
        let Some(found) = found else { return rest.len() };
        if rest.get(found) == Some(&b'"') {
            self.in_string = false;
        } else {
            self.after_backslash = true;
        }
        found + 1
    }

    fn close(&mut self, bracket: u8) -> bool {
        matches!((self.open.pop(), bracket), (Some(b'{'), b'}') | (Some(b'['), b']'))
    }
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

const fn is_structural(byte: u8) -> bool {
    matches!(byte, b'{' | b'}' | b'[' | b']' | b',' | b':' | b'"')
}

fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    /// Every value of `text`, cut out through a buffer of `size` bytes.
    fn cut(text: &str, size: usize) -> Vec<Result<String, &'static str>> {
        let mut source = Source::new(BufReader::with_capacity(size, text.as_bytes()), 1);
        let (mut out, mut values) = (Vec::new(), Vec::new());
        while source.peek().unwrap().is_some() {
            values.push(match source.capture(&mut out, 1_000_000) {
                Ok(()) => Ok(String::from_utf8(out.clone()).unwrap()),
                Err(Cut::End) => Err("end"),
                Err(Cut::Expected(_)) => Err("expected"),
                Err(Cut::TooLong | Cut::Read(_)) => Err("other"),
            });
            if values.last().is_some_and(Result::is_err) {
                break;
            }
        }
        values
    }

    #[test]
    fn white_space_inside_strings_stays_and_outside_goes() {
        let text = "{ \"a b\" : [ 1 ,\n 7.20 ] , \"c\\\" }\" : \" \\\\\" }  [ ]";
        for size in 1..20 {
            let expected = vec![Ok("{\"a b\":[1,7.20],\"c\\\" }\":\" \\\\\"}".to_owned()), Ok("[]".to_owned())];
            assert_eq!(cut(text, size), expected, "a buffer of {size} bytes changes nothing");
        }
    }

    #[test]
    fn dropping_white_space_never_makes_a_wrong_text_right() {
        for wrong in ["[1 2]", "[tr ue]", "{\"a\":1 2}", "[- 1]", "[1 .5]"] {
            let text = cut(wrong, 3).remove(0).unwrap();
            assert!(serde_json::from_str::<Value>(&text).is_err(), "{wrong} became {text}");
        }
    }

    #[test]
    fn a_value_that_does_not_end_is_told_from_one_whose_brackets_cross() {
        assert_eq!(cut("{\"a\":[1,", 4), [Err("end")], "the text ends too early");
        assert_eq!(cut("{\"a\":[1}]", 4), [Err("expected")], "the brackets cross");
    }

    #[test]
    fn lines_are_counted_over_values_and_blanks() {
        let mut source = Source::new(BufReader::with_capacity(3, &b"{\n\"a\":\n1}\n\n[\n]"[..]), 1);
        source.skip().unwrap();
        source.peek().unwrap();
        assert_eq!(source.line(), 5, "the array starts on line 5");
    }

    proptest! {
        #[test]
        fn a_pretty_text_is_cut_to_the_compact_one(text in super::super::testing::json(), size in 1_usize..64) {
            let value: Value = serde_json::from_str(&text).unwrap();
            prop_assume!(value.is_object() || value.is_array() || value.is_string());
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            prop_assert_eq!(cut(&pretty, size), vec![Ok(value.to_string())]);
        }
    }
}
