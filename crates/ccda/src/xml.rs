//! XML as a tree, within bounds. No DTD, no entities but the five of XML and characters by number, so that nothing is fetched and nothing
//! unfolds; the reader is quick-xml, which does neither.

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use crate::Fault;

/// The namespace of CDA.
const HL7: &str = "urn:hl7-org:v3";
/// That of HL7's own extensions to it.
const SDTC: &str = "urn:hl7-org:sdtc";
/// Elements in one another. The deepest entries have some thirty; the narrative of some senders as many again.
const DEEPEST: usize = 120;
/// Elements in all.
const MOST: usize = 1_000_000;
/// Attributes of one element. The widest are the declarations of namespaces at the root.
const WIDEST: usize = 64;
/// Bytes of one attribute.
const LONGEST_ATTRIBUTE: usize = 64 * 1024;
/// Events between two looks at whether somebody still waits.
const STRIDE: usize = 4096;

/// How far reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Bytes that were read.
    pub done: u64,
    /// Bytes in all.
    pub of: u64,
}

/// Where an element's name comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    Hl7,
    Sdtc,
    Other,
}

/// An element.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) space: Space,
    pub(crate) name: Box<str>,
    attributes: Vec<(Box<str>, Box<str>)>,
    pub(crate) nodes: Vec<Node>,
}

/// What stands in one.
#[derive(Debug)]
pub(crate) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// An attribute by its local name; the empty text where there is none.
    pub(crate) fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(key, _)| &**key == name).map_or("", |(_, value)| value)
    }

    /// Child elements of CDA.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) if element.space != Space::Other => Some(element),
            Node::Element(_) | Node::Text(_) => None,
        })
    }

    /// Children of CDA's own namespace with this name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.elements().filter(move |element| element.space == Space::Hl7 && &*element.name == name)
    }

    /// The first of them.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.elements().find(|element| element.space == Space::Hl7 && &*element.name == name)
    }

    /// The first child of HL7's extensions with this name.
    pub(crate) fn extension(&self, name: &str) -> Option<&Self> {
        self.elements().find(|element| element.space == Space::Sdtc && &*element.name == name)
    }

    /// The element that `path` leads to, always by the first child.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// The value of a child such as `<low value="..."/>`; empty where there is none.
    pub(crate) fn value_of(&self, child: &str, attribute: &str) -> &str {
        self.child(child).map_or("", |child| child.attribute(attribute))
    }

    /// Whether it says that it says nothing.
    pub(crate) fn is_null(&self) -> bool {
        !self.attribute("nullFlavor").is_empty()
    }

    /// Its data type, without the prefix: `PQ`.
    pub(crate) fn data_type(&self) -> &str {
        let named = self.attribute("xsi:type");
        named.rsplit(':').next().unwrap_or(named)
    }

    /// Whether it claims to follow a template, in whatever version.
    pub(crate) fn follows(&self, root: &str) -> bool {
        self.all("templateId").any(|template| template.attribute("root") == root)
    }

    /// All text in it, blanks collapsed, `longest` characters at most.
    pub(crate) fn text(&self, longest: usize) -> String {
        let mut text = String::new();
        self.gather(&mut text, longest);
        text.trim().to_owned()
    }

    fn gather(&self, text: &mut String, longest: usize) {
        for node in &self.nodes {
            if text.len() >= longest {
                return;
            }
            match node {
                Node::Element(element) => {
                    // Cells, items and lines are words apart.
                    if !text.is_empty() && !text.ends_with(' ') && !INLINE.contains(&&*element.name) {
                        text.push(' ');
                    }
                    element.gather(text, longest);
                }
                Node::Text(words) => {
                    for (at, word) in words.split_whitespace().enumerate() {
                        if (at > 0 || words.starts_with(char::is_whitespace))
                            && !text.is_empty()
                            && !text.ends_with(' ')
                        {
                            text.push(' ');
                        }
                        text.push_str(word);
                        if text.len() >= longest {
                            return;
                        }
                    }
                    if words.ends_with(char::is_whitespace) && !text.is_empty() && !text.ends_with(' ') {
                        text.push(' ');
                    }
                }
            }
        }
    }
}

/// Elements of a narrative that stand within a word.
const INLINE: [&str; 6] = ["content", "sub", "sup", "footnoteRef", "span", "linkHtml"];

/// Reads `text`. `watch` is told how far it is and says whether to go on.
///
/// # Errors
/// A [`Fault`]; never a panic.
pub(crate) fn read(text: &str, watch: &dyn Fn(Step) -> bool) -> Result<Element, Fault> {
    let mut reader = NsReader::from_str(text);
    let of = text.len() as u64;
    let mut open: Vec<Element> = Vec::new();
    let mut root: Option<Element> = None;
    let mut elements = 0_usize;
    for turn in 0_usize.. {
        let at = reader.buffer_position();
        if turn.is_multiple_of(STRIDE) && !watch(Step { done: at, of }) {
            return Err(Fault::Stopped);
        }
        let (space, event) = reader.read_resolved_event().map_err(|_| Fault::Malformed { at })?;
        match event {
            Event::Start(start) => {
                let element = element(&start, &space, &mut elements, at)?;
                if open.len() >= DEEPEST {
                    return Err(Fault::Bounds("elements stand too deep in one another"));
                }
                open.push(element);
            }
            Event::Empty(start) => {
                let element = element(&start, &space, &mut elements, at)?;
                close(element, &mut open, &mut root).ok_or(Fault::Malformed { at })?;
            }
            Event::End(_) => {
                let element = open.pop().ok_or(Fault::Malformed { at })?;
                close(element, &mut open, &mut root).ok_or(Fault::Malformed { at })?;
            }
            Event::Text(words) => push(&mut open, &words.xml10_content()),
            Event::CData(words) => push(&mut open, &words.xml10_content()),
            Event::GeneralRef(reference) => {
                let name = reference.xml10_content();
                let letter = match &*name {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "apos" => '\'',
                    other => by_number(other).ok_or(Fault::Entity { at })?,
                };
                push(&mut open, letter.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(_) => return Err(Fault::Dtd),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Eof => break,
        }
    }
    match root {
        Some(root) if open.is_empty() => Ok(root),
        Some(_) | None => Err(Fault::Malformed { at: of }),
    }
}

/// Puts an element that is over where it belongs; `None` for a second root.
fn close(element: Element, open: &mut [Element], root: &mut Option<Element>) -> Option<()> {
    match open.last_mut() {
        Some(parent) => parent.nodes.push(Node::Element(element)),
        None if root.is_none() => *root = Some(element),
        None => return None,
    }
    Some(())
}

fn element(start: &BytesStart<'_>, space: &ResolveResult<'_>, elements: &mut usize, at: u64) -> Result<Element, Fault> {
    *elements += 1;
    if *elements > MOST {
        return Err(Fault::Bounds("it has too many elements"));
    }
    let space = match space {
        ResolveResult::Bound(bound) if bound.as_ref() == HL7 => Space::Hl7,
        ResolveResult::Bound(bound) if bound.as_ref() == SDTC => Space::Sdtc,
        ResolveResult::Bound(_) | ResolveResult::Unbound | ResolveResult::Unknown(_) => Space::Other,
    };
    let mut attributes = Vec::new();
    for (count, attribute) in start.attributes().enumerate() {
        if count >= WIDEST {
            return Err(Fault::Bounds("an element has too many attributes"));
        }
        let attribute = attribute.map_err(|_| Fault::Malformed { at })?;
        let key: &str = attribute.key.as_ref();
        if key == "xmlns" || key.starts_with("xmlns:") {
            continue;
        }
        if attribute.value.len() > LONGEST_ATTRIBUTE {
            return Err(Fault::Bounds("an attribute is too long"));
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| Fault::Entity { at })?;
        // The type of a value is the one attribute that is read from another namespace, whatever its prefix.
        let key = match key.split_once(':') {
            Some((_, "type")) => "xsi:type",
            Some((_, "ID" | "id")) => "ID",
            Some(_) => continue,
            None => key,
        };
        attributes.push((key.into(), legible(&value).into()));
    }
    let name: &str = start.local_name().into_inner();
    Ok(Element { space, name: name.into(), attributes, nodes: Vec::new() })
}

fn push(open: &mut [Element], words: &str) {
    let Some(parent) = open.last_mut() else { return };
    let words = legible(words);
    if let Some(Node::Text(before)) = parent.nodes.last_mut() {
        // A text that an entity or a CDATA section divides is one text.
        before.push_str(&words);
    } else if !words.is_empty() {
        parent.nodes.push(Node::Text(words));
    }
}

/// A character by its number, `#38` or `#x26`.
fn by_number(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    let number = match digits.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(number)
}

/// Without control characters and signs that turn the direction of text: they could hide or reorder what a clinician reads.
fn legible(text: &str) -> String {
    let hides = |letter: char| {
        (letter.is_control() && !matches!(letter, '\n' | '\t'))
            || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.contains(hides) { text.chars().filter(|letter| !hides(*letter)).collect() } else { text.to_owned() }
}
