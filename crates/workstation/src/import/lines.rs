//! Files with one resource a line, in the order of the file or patient by patient.
//!
//! Charts lie in the database patient by patient. A file that goes round all patients would have every page of it written
//! once for each batch; so the lines of a stretch are read in the order in which their patients first occur in it.

use std::collections::HashMap;
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Read as _, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;

use super::discover::unreadable;
use super::file::{Item, Place, VALUE_LIMIT, may_be_bundle, on_line, why};
use super::source::Cut;

/// Lines of one stretch: what is kept of each are 24 bytes, so that memory does not grow with the file.
const STRETCH: usize = 131_072;

/// Less than this is not worth a thread.
const SMALLEST_PART: u64 = 1 << 20;

const BUFFER: usize = 256 << 10;
/// Where lines are not read one after the other.
const SMALL_BUFFER: usize = 8 << 10;

/// Visits the lines in their order.
pub(super) fn lines<R: BufRead>(mut reader: R, visit: &mut dyn FnMut(Item<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
    let (mut line, mut buffer, mut number) = (Vec::new(), Vec::new(), 0);
    loop {
        number += 1;
        line.clear();
        match read_line(&mut reader, &mut line, VALUE_LIMIT) {
            Ok(Line::End) => return ControlFlow::Continue(()),
            Ok(Line::Read) => match line.trim_ascii() {
                [] => {}
                text => on_line(text, number, &mut buffer, visit)?,
            },
            Ok(Line::TooLong) => visit(Item { place: Place::line(number), piece: Err(why(&Cut::TooLong)) })?,
            Err(error) => return visit(Item { place: Place::line(number), piece: Err(unreadable(&error)) }),
        }
    }
}

/// Where the file can be cut into so many parts of about the same size, each of whole lines: the beginning of each part and its length. A
/// small file is one part.
pub(super) fn parts(path: &Path, count: usize) -> std::io::Result<Vec<(u64, u64)>> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let count = if size < SMALLEST_PART.saturating_mul(2) { 1 } else { count.max(1) as u64 };
    let (mut parts, mut from, mut skipped) = (Vec::new(), 0, Vec::new());
    for part in 1..=count {
        let mut to = size / count * part;
        if part == count {
            to = size;
        } else if to > from {
            // To the end of the line that is cut.
            let mut reader = BufReader::with_capacity(SMALL_BUFFER, &mut file);
            reader.seek(SeekFrom::Start(to))?;
            skipped.clear();
            read_line(&mut reader, &mut skipped, VALUE_LIMIT)?;
            to = reader.stream_position()?;
        }
        if to > from {
            parts.push((from, to - from));
            from = to;
        }
    }
    Ok(parts)
}

/// Visits the lines of one such part; their numbers are those within the part.
pub(super) fn lines_of_part(
    path: &Path,
    (from, length): (u64, u64),
    visit: &mut dyn FnMut(Item<'_>) -> ControlFlow<()>,
) -> std::io::Result<()> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    let mut reader = BufReader::with_capacity(BUFFER, file.take(length));
    if from == 0 && reader.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        reader.consume(3);
    }
    let _ = lines(reader, visit);
    Ok(())
}

/// Visits the items of all lines, each with its position in the file, stretch by stretch and within a stretch patient by
/// patient. A stretch with a bundle in it, or with anything else that is not simply one resource a line, keeps its order.
pub(super) fn lines_by_patient(path: &Path, visit: &mut dyn FnMut(u64, Item<'_>) -> ControlFlow<()>) {
    let _ = Stretches::open(path)
        .map_err(|reason| visit(0, Item { place: Place::default(), piece: Err(reason) }))
        .map(|stretches| stretches.run(visit));
}

/// One line of a stretch.
struct Mark {
    offset: u64,
    line: u64,
    /// Whose it is, by the order in which they occur.
    patient: u32,
}

struct Stretches<'p> {
    path: &'p Path,
    ahead: BufReader<File>,
    offset: u64,
    line: u64,
    position: u64,
    hasher: RandomState,
}

impl<'p> Stretches<'p> {
    fn open(path: &'p Path) -> Result<Self, String> {
        let mut ahead = open(path)?;
        let mark = ahead.fill_buf().map_err(|error| unreadable(&error))?.starts_with(b"\xef\xbb\xbf");
        let offset = if mark { 3 } else { 0 };
        ahead.consume(offset);
        Ok(Self { path, ahead, offset: offset as u64, line: 0, position: 0, hasher: RandomState::new() })
    }

    fn run(mut self, visit: &mut dyn FnMut(u64, Item<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        loop {
            let (from, line) = (self.offset, self.line);
            match self.next() {
                Ok(Some(marks)) if marks.is_empty() => return ControlFlow::Continue(()),
                Ok(Some(marks)) => self.visit(&marks, visit)?,
                // What is not simple, and what cannot be read, is for the reading in order to tell.
                Ok(None) | Err(_) => return self.rest(from, line, visit),
            }
        }
    }

    /// Looks through the next stretch; `None` when something in it is not simply a resource on a line.
    fn next(&mut self) -> std::io::Result<Option<Vec<Mark>>> {
        let (mut marks, mut text) = (Vec::new(), Vec::new());
        let mut patients: HashMap<u64, u32> = HashMap::new();
        let mut patient = 0;
        while marks.len() < STRETCH {
            text.clear();
            match read_line(&mut self.ahead, &mut text, VALUE_LIMIT)? {
                Line::End => break,
                Line::TooLong => return Ok(None),
                Line::Read => {}
            }
            let offset = self.offset;
            self.offset += text.len() as u64;
            self.line += 1;
            let line = text.trim_ascii();
            if line.is_empty() {
                continue;
            }
            if may_be_bundle(line) {
                return Ok(None);
            }
            // A line that does not say stays with the one before it.
            if let Some(id) = patient_of(line) {
                let next = u32::try_from(patients.len()).unwrap_or(u32::MAX);
                patient = *patients.entry(self.hasher.hash_one(id)).or_insert(next);
            }
            marks.push(Mark { offset, line: self.line, patient });
        }
        Ok(Some(marks))
    }

    fn visit(&mut self, marks: &[Mark], visit: &mut dyn FnMut(u64, Item<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        let mut order: Vec<u32> = (0..).take(marks.len()).collect();
        order.sort_by_key(|index| marks.get(*index as usize).map(|mark| mark.patient));
        let in_order = order.is_sorted();
        let first = self.position;
        self.position += marks.len() as u64;
        let mut reader = match File::open(self.path) {
            Ok(file) => BufReader::with_capacity(if in_order { BUFFER } else { SMALL_BUFFER }, file),
            Err(error) => return visit(first, Item { place: Place::default(), piece: Err(unreadable(&error)) }),
        };
        let (mut at, mut text, mut buffer) = (0_u64, Vec::new(), Vec::new());
        for index in order {
            let Some(mark) = marks.get(index as usize) else { continue };
            let position = first + u64::from(index);
            text.clear();
            let step = mark.offset.wrapping_sub(at).cast_signed();
            let read = reader.seek_relative(step).and_then(|()| read_line(&mut reader, &mut text, VALUE_LIMIT));
            at = mark.offset + text.len() as u64;
            match read {
                Ok(_) => on_line(text.trim_ascii(), mark.line, &mut buffer, &mut |item| visit(position, item))?,
                Err(error) => {
                    return visit(position, Item { place: Place::line(mark.line), piece: Err(unreadable(&error)) });
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// Everything from here on, in the order of the file.
    fn rest(
        &mut self,
        from: u64,
        line: u64,
        visit: &mut dyn FnMut(u64, Item<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let position = &mut self.position;
        let mut next = |item: Item<'_>| {
            let at = *position;
            *position += 1;
            visit(at, Item { place: item.place.after_lines(line), ..item })
        };
        let reader = File::open(self.path).and_then(|mut file| {
            file.seek(SeekFrom::Start(from))?;
            Ok(BufReader::with_capacity(BUFFER, file))
        });
        match reader {
            Ok(reader) => lines(reader, &mut next),
            Err(error) => next(Item { place: Place::default(), piece: Err(unreadable(&error)) }),
        }
    }
}

/// Whose the resource on this line seems to be. It decides about the order alone, so that a quick look is enough.
fn patient_of(line: &[u8]) -> Option<&[u8]> {
    const REFERENCE: &[u8] = b"\"Patient/";
    let id = |from: usize| {
        let rest = line.get(from..)?;
        rest.get(..memchr::memchr(b'"', rest)?)
    };
    if let Some(found) = memchr::memmem::find(line, REFERENCE) {
        return id(found + REFERENCE.len());
    }
    memchr::memmem::find(line, b"\"Patient\"")?;
    let after = memchr::memmem::find(line, b"\"id\"")? + 4;
    id(after + memchr::memchr(b'"', line.get(after..)?)? + 1)
}

/// Opens a file for reading it from front to back.
pub(super) fn open(path: &Path) -> Result<BufReader<File>, String> {
    File::open(path).map(|file| BufReader::with_capacity(BUFFER, file)).map_err(|error| unreadable(&error))
}

/// What there was of a line.
#[derive(PartialEq, Eq)]
pub(super) enum Line {
    /// It was read.
    Read,
    /// It is longer than may be.
    TooLong,
    /// There is none.
    End,
}

/// Appends the next line to `line`; one that is too long is passed over and left out.
pub(super) fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>, limit: usize) -> std::io::Result<Line> {
    let (mut read, mut overflowed) = (false, false);
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            break;
        }
        read = true;
        let end = memchr::memchr(b'\n', buffer);
        let length = end.map_or(buffer.len(), |end| end + 1);
        overflowed |= line.len() + length > limit;
        if overflowed {
            line.clear();
        } else {
            line.extend_from_slice(buffer.get(..length).unwrap_or_default());
        }
        reader.consume(length);
        if end.is_some() {
            break;
        }
    }
    Ok(if overflowed {
        Line::TooLong
    } else if read {
        Line::Read
    } else {
        Line::End
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Positions, lines and texts in the order in which they come.
    fn visited(text: &str) -> Vec<(u64, String, String)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f.ndjson");
        std::fs::write(&path, text).unwrap();
        let mut seen = Vec::new();
        lines_by_patient(&path, &mut |position, item| {
            let text = item.piece.map_or_else(|reason| reason, |piece| piece.text.to_owned());
            seen.push((position, item.place.to_string(), text));
            ControlFlow::Continue(())
        });
        seen
    }

    fn observation(id: &str, patient: &str) -> String {
        format!(r#"{{"resourceType":"Observation","id":"{id}","subject":{{"reference":"Patient/{patient}"}}}}"#)
    }

    #[test]
    fn lines_come_patient_by_patient_and_say_where_they_stand() {
        let patient = |id: &str| format!(r#"{{"resourceType": "Patient", "id": "{id}"}}"#);
        let lines = [
            patient("b"),
            patient("a"),
            String::new(),
            observation("1", "a"),
            observation("2", "b"),
            r#"{"resourceType":"Organization","id":"o"}"#.to_owned(),
            observation("3", "a"),
        ];
        let seen = visited(&format!("\u{feff}{}\r\n", lines.join("\r\n")));
        let order: Vec<_> = seen.iter().map(|(position, line, _)| (*position, line.as_str())).collect();
        let expected = [(0, "line 1"), (3, "line 5"), (4, "line 6"), (1, "line 2"), (2, "line 4"), (5, "line 7")];
        assert_eq!(order, expected, "b occurs first; what names nobody stays with the line before it");
        assert_eq!(seen[3].2, r#"{"resourceType":"Patient","id":"a"}"#, "each is read whole, without white space");
    }

    #[test]
    fn a_large_file_is_cut_between_its_lines_and_nothing_is_seen_twice_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f.ndjson");
        // Lines of many lengths, one of which is longer than a part.
        let note = |number: usize| "x".repeat(if number == 1_500 { 2 << 20 } else { number % 700 });
        let line = |number: usize| {
            format!(r#"{{"resourceType":"Basic","id":"{number}","code":{{"text":"{}"}}}}"#, note(number))
        };
        std::fs::write(&path, (0..6_000).map(line).collect::<Vec<_>>().join("\n")).unwrap();
        let expected: Vec<String> = (0..6_000).map(line).collect();
        for count in [1, 2, 3, 4] {
            let parts = parts(&path, count).unwrap();
            assert!(count == 1 || parts.len() > 1, "{count} parts are wanted");
            let mut seen = Vec::new();
            for part in parts {
                let visit = &mut |item: Item<'_>| {
                    seen.push(item.piece.map_or_else(|reason| reason, |piece| piece.text.to_owned()));
                    ControlFlow::Continue(())
                };
                lines_of_part(&path, part, visit).unwrap();
            }
            assert!(seen == expected, "{count} parts are the whole, in order");
        }
        std::fs::write(&path, "{}\n{}").unwrap();
        assert_eq!(parts(&path, 4).unwrap(), [(0, 5)], "a small file is one part");
    }

    #[test]
    fn a_stretch_with_a_bundle_in_it_keeps_its_order() {
        let bundle = format!(
            r#"{{"resourceType":"Bundle","type":"batch","entry":[{{"resource":{}}},{{"resource":{}}}]}}"#,
            observation("2", "b"),
            observation("3", "a")
        );
        let text = [observation("0", "a"), observation("1", "b"), bundle, observation("4", "a")].join("\n");
        let order: Vec<_> = visited(&text).into_iter().map(|(position, place, _)| (position, place)).collect();
        let places = ["line 1", "line 2", "line 3, entry 1", "line 3, entry 2", "line 4"];
        assert_eq!(order, (0..).zip(places.map(str::to_owned)).collect::<Vec<_>>(), "items are counted over bundles");
    }
}
