//! The document as a whole.

use std::collections::HashMap;

use crate::header::{self, Header};
use crate::narrative::{self, Block, Span, Style};
use crate::section::{self, Section};
use crate::xml::{self, Element, Node, Space, Step};
use crate::{Fault, LARGEST, encoding};

/// A document that was read.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it says of itself.
    pub header: Header,
    /// Its sections in order, those in sections behind the one that they stand in.
    pub sections: Vec<Section>,
}

/// Reads a C-CDA document. `watch` is told how far it is, and says whether to go on.
///
/// # Errors
/// A [`Fault`]; whatever the bytes are, this never panics, and takes time and memory in proportion to their number.
pub fn read(bytes: &[u8], watch: &dyn Fn(Step) -> bool) -> Result<Document, Fault> {
    if bytes.len() > LARGEST {
        return Err(Fault::TooLarge);
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Fault::Empty);
    }
    let text = encoding::text(bytes)?;
    let root = xml::read(&text, watch)?;
    if root.space != Space::Hl7 || &*root.name != "ClinicalDocument" {
        return Err(Fault::OtherRoot);
    }
    let (header, zone) = header::read(&root);
    let mut sections = Vec::new();
    let mut all = HashMap::new();
    if let Some(body) = root.at(&["component", "structuredBody"]) {
        texts(body, &mut all);
        section::read(body, 0, &zone, &all, &mut sections);
    }
    if let Some(body) = root.at(&["component", "nonXMLBody"]) {
        sections.push(unstructured(body));
    }
    Ok(Document { header, sections })
}

/// What entries can point to, in the whole document.
fn texts<'d>(around: &'d Element, all: &mut HashMap<&'d str, &'d Element>) {
    for section in around.all("component").filter_map(|component| component.child("section")) {
        if let Some(text) = section.child("text") {
            narrative::targets(text, all);
        }
        texts(section, all);
    }
}

/// A body that is no XML (C-CDA R2.1, Unstructured Document): its text where it is text, else what it is.
fn unstructured(body: &Element) -> Section {
    let text = body.child("text");
    let kind = text.map_or("", |text| text.attribute("mediaType"));
    let encoded = text.is_some_and(|text| text.attribute("representation") == "B64");
    let blocks: Vec<Block> = match text {
        Some(text) if !encoded && matches!(kind, "text/plain" | "text/rtf" | "") => lines(text),
        Some(_) | None => {
            let what =
                if kind.is_empty() { "of a kind that is not said".to_owned() } else { format!("of type {kind}") };
            let words = format!(
                "The body of this document is a file {what}. It is kept with the document, and cannot be shown here."
            );
            vec![Block::Paragraph { spans: vec![Span { text: words, styles: vec![Style::Note] }] }]
        }
    };
    Section {
        title: "Document".to_owned(),
        code: String::new(),
        depth: 0,
        narrative: blocks,
        entries: Vec::new(),
        left: Vec::new(),
        authors: Vec::new(),
    }
}

/// Plain text, a paragraph for each line.
fn lines(text: &Element) -> Vec<Block> {
    let whole: String = text
        .nodes
        .iter()
        .filter_map(|node| if let Node::Text(text) = node { Some(text.as_str()) } else { None })
        .collect();
    let lines = whole.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| Block::Paragraph { spans: vec![Span { text: line.to_owned(), styles: Vec::new() }] }).collect()
}
