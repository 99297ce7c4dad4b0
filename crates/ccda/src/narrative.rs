//! The narrative block of a section (CDA R2 StrucDocText) as blocks of text: paragraphs, lists and tables, with emphasis. Never markup:
//! no script, no style sheet, no address, no picture can be said in a block.
//!
//! Senders put elements of HTML there too; those that mean the same are read alike, what runs or embeds is left out and said.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::xml::{Element, Node};

/// Blocks in one another; deeper ones are their text.
const DEEPEST: usize = 12;
/// The widest cell.
const WIDEST: u32 = 40;

/// How a piece of text is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// Bold.
    Bold,
    /// Italics.
    Italics,
    /// Underlined.
    Underline,
    /// Below the line.
    Subscript,
    /// Above the line.
    Superscript,
    /// A version before had it and this one has not.
    Deleted,
    /// A footnote, or a word of ours about what is not shown.
    Note,
}

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// The text; a line feed breaks the line.
    pub text: String,
    /// How it is set.
    pub styles: Vec<Style>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// Whether it heads a row or a column.
    pub head: bool,
    /// How many columns it spans.
    pub columns: u32,
    /// How many rows.
    pub rows: u32,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Block {
    /// A paragraph.
    Paragraph {
        /// Its text.
        spans: Vec<Span>,
    },
    /// What a list, a table or a part is called.
    Caption {
        /// Its text.
        spans: Vec<Span>,
    },
    /// A list.
    List {
        /// Whether it is numbered.
        ordered: bool,
        /// Its items.
        items: Vec<Vec<Block>>,
    },
    /// A table.
    Table {
        /// Rows that head it.
        head: Vec<Row>,
        /// Its rows.
        body: Vec<Row>,
    },
}

/// The blocks of a section's text.
pub(crate) fn blocks(text: &Element) -> Vec<Block> {
    let mut writer = Writer::default();
    writer.nodes(text, &[], 0);
    writer.end();
    writer.blocks
}

/// Every element of a narrative that entries can point to, by its id.
pub(crate) fn targets<'d>(text: &'d Element, into: &mut HashMap<&'d str, &'d Element>) {
    let id = text.attribute("ID");
    if !id.is_empty() {
        into.entry(id).or_insert(text);
    }
    for node in &text.nodes {
        if let Node::Element(element) = node {
            targets(element, into);
        }
    }
}

/// Blocks that are being written; text that is not in a block yet becomes a paragraph.
#[derive(Default)]
struct Writer {
    blocks: Vec<Block>,
    spans: Vec<Span>,
}

impl Writer {
    fn nodes(&mut self, parent: &Element, styles: &[Style], depth: usize) {
        for node in &parent.nodes {
            match node {
                Node::Text(text) => self.text(text, styles),
                Node::Element(element) => self.element(element, styles, depth),
            }
        }
    }

    fn element(&mut self, element: &Element, styles: &[Style], depth: usize) {
        let name = element.name.to_ascii_lowercase();
        let set = |more: Style| [styles, &[more]].concat();
        match name.as_str() {
            "script" | "style" | "iframe" | "object" | "embed" | "applet" | "link" | "meta" | "form" | "input" => {
                self.note(&format!("[{name}: not shown]"));
            }
            "rendermultimedia" | "img" | "image" | "video" | "audio" | "svg" | "canvas" => {
                self.note("[a picture or recording: not shown here; it is in the document]")
            }
            "br" => self.spans.push(Span { text: "\n".to_owned(), styles: styles.to_vec() }),
            "footnote" => {
                self.text(" [", &set(Style::Note));
                self.nodes(element, &set(Style::Note), depth + 1);
                self.text("]", &set(Style::Note));
            }
            "footnoteref" => self.text("*", &set(Style::Superscript)),
            "sub" => self.nodes(element, &set(Style::Subscript), depth + 1),
            "sup" => self.nodes(element, &set(Style::Superscript), depth + 1),
            "b" | "strong" => self.nodes(element, &set(Style::Bold), depth + 1),
            "i" | "em" => self.nodes(element, &set(Style::Italics), depth + 1),
            "u" => self.nodes(element, &set(Style::Underline), depth + 1),
            "caption" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end();
                self.nodes(element, styles, depth + 1);
                let spans = self.taken();
                if !spans.is_empty() {
                    self.blocks.push(Block::Caption { spans });
                }
            }
            "list" | "ul" | "ol" if depth < DEEPEST => self.list(element, &name, styles, depth),
            "table" if depth < DEEPEST => self.table(element, styles, depth),
            "paragraph" | "p" | "div" | "list" | "ul" | "ol" | "table" | "tr" | "item" | "li" | "pre"
            | "blockquote" | "hr" => {
                self.end();
                self.nodes(element, &styled(element, styles), depth + 1);
                self.end();
            }
            "td" | "th" => {
                self.text(" ", styles);
                self.nodes(element, styles, depth + 1);
            }
            // `content`, `linkHtml`, `span`, `a` and whatever else: their text, where links are text alone.
            _ => self.nodes(element, &styled(element, styles), depth + 1),
        }
    }

    fn list(&mut self, list: &Element, name: &str, styles: &[Style], depth: usize) {
        self.end();
        let mut items = Vec::new();
        for node in &list.nodes {
            let Node::Element(item) = node else { continue };
            let mut inner = Self::default();
            if matches!(&*item.name, "item" | "li") {
                inner.nodes(item, &styled(item, styles), depth + 1);
                inner.end();
                items.push(inner.blocks);
            } else {
                // A caption, or what should not be there: before the list.
                inner.element(item, styles, depth + 1);
                inner.end();
                self.blocks.extend(inner.blocks);
            }
        }
        if !items.is_empty() {
            let ordered = name == "ol" || list.attribute("listType") == "ordered";
            self.blocks.push(Block::List { ordered, items });
        }
    }

    fn table(&mut self, table: &Element, styles: &[Style], depth: usize) {
        self.end();
        let (mut head, mut body) = (Vec::new(), Vec::new());
        for part in table.nodes.iter().filter_map(as_element) {
            match &*part.name {
                "thead" => {
                    head.extend(part.nodes.iter().filter_map(as_element).filter_map(|row| read_row(row, styles, depth)))
                }
                "tbody" | "tfoot" => {
                    body.extend(part.nodes.iter().filter_map(as_element).filter_map(|row| read_row(row, styles, depth)))
                }
                "tr" => body.extend(read_row(part, styles, depth)),
                "col" | "colgroup" => {}
                _ => {
                    self.element(part, styles, depth + 1);
                    self.end();
                }
            }
        }
        if !(head.is_empty() && body.is_empty()) {
            self.blocks.push(Block::Table { head, body });
        }
    }

    fn text(&mut self, text: &str, styles: &[Style]) {
        let mut words = String::with_capacity(text.len());
        if text.starts_with(char::is_whitespace) {
            words.push(' ');
        }
        for (at, word) in text.split_whitespace().enumerate() {
            if at > 0 {
                words.push(' ');
            }
            words.push_str(word);
        }
        if text.ends_with(char::is_whitespace) && !words.ends_with(' ') {
            words.push(' ');
        }
        let begins = self.spans.last().is_none_or(|span| span.text.ends_with([' ', '\n']));
        let words = if begins { words.trim_start() } else { &words };
        if words.is_empty() {
            return;
        }
        match self.spans.last_mut() {
            Some(last) if last.styles == styles && !last.text.ends_with('\n') => last.text.push_str(words),
            Some(_) | None => self.spans.push(Span { text: words.to_owned(), styles: styles.to_vec() }),
        }
    }

    fn note(&mut self, words: &str) {
        self.text(" ", &[]);
        self.text(words, &[Style::Note]);
        self.text(" ", &[]);
    }

    /// The text so far, without blanks around it.
    fn taken(&mut self) -> Vec<Span> {
        let mut spans = std::mem::take(&mut self.spans);
        while let Some(last) = spans.last_mut() {
            last.text.truncate(last.text.trim_end().len());
            if !last.text.is_empty() {
                break;
            }
            spans.pop();
        }
        let blank = spans.iter().take_while(|span| span.text.trim().is_empty()).count();
        spans.drain(..blank);
        spans
    }

    fn end(&mut self) {
        let spans = self.taken();
        if !spans.is_empty() {
            self.blocks.push(Block::Paragraph { spans });
        }
    }
}

fn as_element(node: &Node) -> Option<&Element> {
    match node {
        Node::Element(element) => Some(element),
        Node::Text(_) => None,
    }
}

fn read_row(row: &Element, styles: &[Style], depth: usize) -> Option<Row> {
    let span = |cell: &Element, name: &str| {
        let said =
            [name, &name.to_ascii_lowercase()].into_iter().find_map(|name| cell.attribute(name).parse::<u32>().ok());
        said.unwrap_or(1).clamp(1, WIDEST)
    };
    let cells: Vec<Cell> = row
        .nodes
        .iter()
        .filter_map(as_element)
        .filter(|cell| matches!(&*cell.name, "td" | "th"))
        .map(|cell| {
            let mut inner = Writer::default();
            inner.nodes(cell, &styled(cell, styles), depth + 1);
            inner.end();
            Cell {
                head: &*cell.name == "th",
                columns: span(cell, "colSpan"),
                rows: span(cell, "rowSpan"),
                blocks: inner.blocks,
            }
        })
        .collect();
    (!cells.is_empty()).then_some(Row { cells })
}

/// The styles of `styleCode` (CDA R2, 4.3.5.11) that a text can have, and `revised`.
fn styled(element: &Element, styles: &[Style]) -> Vec<Style> {
    let mut styles = styles.to_vec();
    for code in element.attribute("styleCode").split_whitespace() {
        let style = match code {
            "Bold" => Style::Bold,
            "Italics" | "Emphasis" => Style::Italics,
            "Underline" => Style::Underline,
            _ => continue,
        };
        if !styles.contains(&style) {
            styles.push(style);
        }
    }
    if element.attribute("revised") == "delete" && !styles.contains(&Style::Deleted) {
        styles.push(Style::Deleted);
    }
    styles
}
