//! One file as a stream of resources: a bundle's entries, lines, or a single resource.

use std::fmt;
use std::io::BufRead;
use std::ops::ControlFlow;
use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::discover::{is_named_lines, unreadable};
use super::lines::{Line, lines, open, read_line};
use super::source::{Cut, Source};
use super::text::explain;

/// The longest resource, entry or line that is read: far more than any real one, and it fits into memory.
pub(super) const VALUE_LIMIT: usize = 256 << 20;

/// Bundles whose entries are resources in their own right. A document, a message or a history is a whole that loses its
/// meaning when it is taken apart.
const EXPANDED: [&str; 4] = ["transaction", "batch", "collection", "searchset"];

/// How a file is laid out, found by looking into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Bundle,
    Single,
    Lines,
}

/// Where in a file something stands; both are counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    line: Option<u64>,
    entry: Option<u64>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.entry) {
            (Some(line), Some(entry)) => write!(f, "line {line}, entry {entry}"),
            (Some(line), None) => write!(f, "line {line}"),
            (None, Some(entry)) => write!(f, "entry {entry}"),
            (None, None) => Ok(()),
        }
    }
}

/// What a transaction says is to be done with an entry.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) if_none_exist: String,
}

/// One resource as it stands in a file.
pub(super) struct Piece<'a> {
    pub(super) full_url: Option<String>,
    pub(super) request: Option<Request>,
    /// The resource without white space between its tokens.
    pub(super) text: &'a str,
}

/// A resource and where it stands, or why there is none.
pub(super) struct Item<'a> {
    pub(super) place: Place,
    pub(super) piece: Result<Piece<'a>, String>,
}

/// Calls `visit` for every resource of the file, in order, until it breaks.
pub(super) fn each(path: &Path, shape: Shape, visit: &mut dyn FnMut(Item<'_>) -> ControlFlow<()>) {
    let whole = |reason: String| Item { place: Place::default(), piece: Err(reason) };
    let reader = match open(path) {
        Ok(reader) => reader,
        Err(reason) => {
            let _ = visit(whole(reason));
            return;
        }
    };
    let mut source = Source::new(reader, 1);
    let _ = match source.skip_mark() {
        Err(cut) => visit(whole(why(&cut))),
        Ok(()) => match shape {
            Shape::Lines => lines(source.into_reader(), visit),
            Shape::Single => single(&mut source, &mut Vec::new(), visit),
            Shape::Bundle => Entries { source, place: Place::default(), count: 0, buffer: Vec::new() }.run(visit),
        },
    };
}

/// How the file is laid out.
pub(super) fn look(path: &Path) -> Result<Shape, String> {
    let named_lines = is_named_lines(path);
    let first = first_line(path)?;
    let opening = first.trim_ascii();
    if named_lines && opening != b"{" {
        return Ok(Shape::Lines);
    }
    let mut rest = Source::new(opening, 1);
    if opening.starts_with(b"{") && rest.skip().is_ok() && matches!(rest.peek(), Ok(None)) && has_more(path, &first)? {
        return Ok(Shape::Lines);
    }
    let mut source = Source::new(open(path)?, 1);
    source.skip_mark().map_err(|cut| why(&cut))?;
    kind(&mut source)
}

/// The first line that is not blank, as far as it is of a size that can be looked at.
fn first_line(path: &Path) -> Result<Vec<u8>, String> {
    let mut reader = open(path)?;
    let mut line = Vec::new();
    while line.trim_ascii().is_empty() || line == b"\xef\xbb\xbf" {
        line.clear();
        if read_line(&mut reader, &mut line, VALUE_LIMIT).map_err(|error| unreadable(&error))? == Line::End {
            break;
        }
    }
    if line.starts_with(b"\xef\xbb\xbf") {
        line.drain(..3);
    }
    Ok(line)
}

/// Whether anything but white space follows `first`.
fn has_more(path: &Path, first: &[u8]) -> Result<bool, String> {
    let mut reader = open(path)?;
    let mut line = Vec::new();
    let mut seen = first.trim_ascii().is_empty();
    loop {
        line.clear();
        if read_line(&mut reader, &mut line, VALUE_LIMIT).map_err(|error| unreadable(&error))? == Line::End {
            return Ok(false);
        }
        match (line.trim_ascii().is_empty(), seen) {
            (true, _) => {}
            (false, true) => return Ok(true),
            (false, false) => seen = true,
        }
    }
}

/// Whether the value that comes next is a bundle to expand or a resource; a reason when it is neither.
fn kind<R: BufRead>(source: &mut Source<R>) -> Result<Shape, String> {
    match source.peek().map_err(|cut| why(&cut))? {
        None => return Err("it is empty".to_owned()),
        Some(b'{') => {}
        Some(_) => return Err("it holds no FHIR resource: a JSON object is expected".to_owned()),
    }
    let (mut resource_type, mut bundle_type) = (None, None);
    let mut value = Vec::new();
    let _ = members(source, &mut |source, name| {
        match name {
            "resourceType" | "type" => {
                source.capture(&mut value, 1 << 20)?;
                let text: Option<String> = serde_json::from_slice(&value).ok();
                if name == "type" { bundle_type = text } else { resource_type = text }
            }
            _ => source.skip()?,
        }
        let known = resource_type.as_deref().is_some_and(|kind| kind != "Bundle" || bundle_type.is_some());
        Ok(if known { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    });
    match (resource_type.as_deref(), bundle_type.as_deref()) {
        (Some("Bundle"), Some(kind)) if EXPANDED.contains(&kind) => Ok(Shape::Bundle),
        (Some("Bundle"), Some(_)) => {
            Err("this type of Bundle is not imported: only transaction, batch, collection and \
                                          searchset bundles are, because the others lose their meaning when taken apart"
                .to_owned())
        }
        (Some("Bundle"), None) => Err("the Bundle does not say its type".to_owned()),
        // What is wrong with it, if anything, is found when it is read as a resource.
        _ => Ok(Shape::Single),
    }
}

/// Calls `visit` with each member's name of the object that comes next; it must take the value.
fn members<R: BufRead>(
    source: &mut Source<R>,
    visit: &mut impl FnMut(&mut Source<R>, &str) -> Result<ControlFlow<()>, Cut>,
) -> Result<ControlFlow<()>, Cut> {
    source.take(b'{', "an object")?;
    let mut name = Vec::new();
    if source.peek()? == Some(b'}') {
        return source.take(b'}', "").map(ControlFlow::Continue);
    }
    loop {
        if source.peek()? != Some(b'"') {
            return Err(if source.peek()?.is_none() { Cut::End } else { Cut::Expected("a member's name") });
        }
        source.capture(&mut name, 1 << 20)?;
        source.take(b':', "a colon")?;
        let text: String = serde_json::from_slice(&name).map_err(|_| Cut::Expected("a member's name"))?;
        if visit(source, &text)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
        match source.peek()? {
            Some(b',') => source.take(b',', "a comma")?,
            _ => return source.take(b'}', "a comma or the end of the object").map(ControlFlow::Continue),
        }
    }
}

fn single<R: BufRead>(
    source: &mut Source<R>,
    buffer: &mut Vec<u8>,
    visit: &mut dyn FnMut(Item<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let captured = source.capture(buffer, VALUE_LIMIT);
    let after = captured.is_ok() && !matches!(source.peek(), Ok(None));
    let piece = match &captured {
        Err(cut) => Err(why(cut)),
        Ok(()) if after => Err("something follows after the end of the resource".to_owned()),
        Ok(()) => bare(buffer),
    };
    visit(Item { place: Place::default(), piece })
}

/// Visits what stands on one line: a resource, or a bundle of them.
pub(super) fn on_line(
    line: &[u8],
    number: u64,
    buffer: &mut Vec<u8>,
    visit: &mut dyn FnMut(Item<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let place = Place::line(number);
    let kind = if may_be_bundle(line) { kind(&mut Source::new(line, number)) } else { Ok(Shape::Single) };
    match kind {
        Ok(Shape::Bundle) => {
            let source = Source::new(line, number);
            Entries { source, place, count: 0, buffer: Vec::new() }.run(visit)
        }
        Ok(_) => single(&mut Source::new(line, number), buffer, &mut |item| visit(Item { place, ..item })),
        Err(reason) => visit(Item { place, piece: Err(reason) }),
    }
}

/// A line is looked into only where it can be a bundle, or no resource at all: it holds the word, or an escape that might
/// hide it, or does not begin like an object.
pub(super) fn may_be_bundle(line: &[u8]) -> bool {
    !line.starts_with(b"{") || memchr::memmem::find(line, b"Bundle").is_some() || has_escape(line)
}

fn has_escape(text: &[u8]) -> bool {
    memchr::memchr_iter(b'\\', text).any(|at| text.get(at + 1) == Some(&b'u'))
}

struct Entries<R> {
    source: Source<R>,
    place: Place,
    count: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Entries<R> {
    fn run(mut self, visit: &mut dyn FnMut(Item<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        let Self { source, place, count, buffer } = &mut self;
        let done = members(source, &mut |source, name| {
            if name == "entry" {
                array(source, *place, count, buffer, visit)
            } else {
                source.skip().map(ControlFlow::Continue)
            }
        });
        let reason = match done {
            Ok(ControlFlow::Break(())) => return ControlFlow::Break(()),
            Ok(ControlFlow::Continue(())) if matches!(source.peek(), Ok(None)) => return ControlFlow::Continue(()),
            Ok(ControlFlow::Continue(())) => {
                "something follows after the end of the bundle; it was not read".to_owned()
            }
            Err(cut) => format!("{}; the rest of the bundle was not read (line {})", why(&cut), source.line()),
        };
        visit(Item { place: self.place.after(self.count), piece: Err(reason) })
    }
}

impl Place {
    /// A line.
    pub(super) const fn line(number: u64) -> Self {
        Self { line: Some(number), entry: None }
    }

    /// The same place when so many lines stand before the text that it was counted in.
    pub(super) fn after_lines(self, lines: u64) -> Self {
        Self { line: self.line.map(|line| line + lines), ..self }
    }

    /// The entry that follows `count` others.
    const fn after(self, count: u64) -> Self {
        Self { entry: Some(count + 1), ..self }
    }
}

fn array<R: BufRead>(
    source: &mut Source<R>,
    place: Place,
    count: &mut u64,
    buffer: &mut Vec<u8>,
    visit: &mut dyn FnMut(Item<'_>) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, Cut> {
    source.take(b'[', "a list of entries")?;
    if source.peek()? == Some(b']') {
        return source.take(b']', "").map(ControlFlow::Continue);
    }
    loop {
        source.peek()?;
        let line = source.line();
        let piece = match source.capture(buffer, VALUE_LIMIT) {
            Err(cut @ Cut::TooLong) => Err(why(&cut)),
            Err(cut) => return Err(cut),
            Ok(()) => entry(buffer).map_err(|reason| format!("{reason} (the entry starts on line {line})")),
        };
        if visit(Item { place: place.after(*count), piece }).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        *count += 1;
        match source.peek()? {
            Some(b',') => source.take(b',', "a comma")?,
            _ => return source.take(b']', "a comma or the end of the entries").map(ControlFlow::Continue),
        }
    }
}

fn entry(buffer: &[u8]) -> Result<Piece<'_>, String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Entry<'a> {
        full_url: Option<String>,
        #[serde(borrow)]
        resource: Option<&'a RawValue>,
        request: Option<Request>,
    }
    let entry: Entry<'_> = serde_json::from_str(utf8(buffer)?).map_err(|error| explain(&error))?;
    let text = entry.resource.ok_or("the entry holds no resource")?.get();
    Ok(Piece { full_url: entry.full_url, request: entry.request, text })
}

fn bare(buffer: &[u8]) -> Result<Piece<'_>, String> {
    Ok(Piece { full_url: None, request: None, text: utf8(buffer)? })
}

fn utf8(buffer: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(buffer).map_err(|_| "it is not UTF-8 text; save it as UTF-8 and import it again".to_owned())
}

pub(super) fn why(cut: &Cut) -> String {
    match cut {
        Cut::End => "the text ends in the middle: the file is cut off; get it again".to_owned(),
        Cut::Expected(what) => format!("the JSON is broken: {what} was expected"),
        Cut::TooLong => format!("it is longer than {} MB", VALUE_LIMIT >> 20),
        Cut::Read(error) => unreadable(error),
    }
}
