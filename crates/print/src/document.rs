//! What a paper says, in words: every text is shown as it stands, whatever it looks like. Nothing here can be written to a log by a slip:
//! it has no `Debug`.

use serde::Serialize;

/// One paper.
#[derive(Clone)]
pub enum Paper {
    /// Text on pages.
    Document(Document),
    /// An identity band.
    Band(Band),
    /// Sheets of labels.
    Labels(Labels),
}

/// Width and height, in millimetres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Size {
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

/// Whose paper it is: at the head of every page.
#[derive(Clone, Serialize)]
pub struct Person {
    /// `SMITH, Jane`.
    pub name: String,
    /// `14-Jul-1945 (81y)`.
    pub born: String,
    /// `female`.
    pub gender: String,
    /// The medical record number, or that it is not known.
    pub number: String,
}

/// Who printed it and when: at the foot of every page.
#[derive(Clone, Serialize)]
pub struct Made {
    /// The organisation.
    pub organization: String,
    /// `Dr OKAFOR, physician`.
    pub by: String,
    /// `21-Nov-2026 10:42 (UTC+01:00)`.
    pub at: String,
    /// What for: `For the patient`.
    pub purpose: String,
    /// The moment in UTC, for the properties of the file: year, month, day, hour, minute, second.
    #[serde(skip)]
    pub utc: (i32, u8, u8, u8, u8, u8),
}

/// Words across each page, behind the text.
#[derive(Clone, Serialize)]
pub struct Watermark {
    /// `COPY FOR THE PATIENT`.
    pub text: String,
}

/// Text on pages.
#[derive(Clone, Serialize)]
pub struct Document {
    /// `Medication list`.
    pub title: String,
    /// Language of the text (BCP 47).
    pub language: String,
    /// The size of a page.
    pub page: Size,
    /// Whose it is.
    pub person: Person,
    /// Who printed it.
    pub made: Made,
    /// Across each page.
    pub watermark: Watermark,
    /// What has to be seen first: allergies, flags, what was withheld.
    pub alerts: Vec<Alert>,
    /// The text.
    pub sections: Vec<Section>,
    /// Letters that the fonts lack, `U+75C5`; filled when it is set.
    pub missing: Vec<String>,
}

/// A line in a frame.
#[derive(Clone, Serialize)]
pub struct Alert {
    /// `Allergies`.
    pub label: String,
    /// What is said.
    pub text: String,
    /// Whether it warns; else it informs.
    pub strong: bool,
}

/// A heading and what stands under it.
#[derive(Clone, Serialize)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// In the order of reading.
    pub blocks: Vec<Block>,
}

/// A piece of text.
#[derive(Clone, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Block {
    /// A heading below that of the section.
    Heading {
        /// The words.
        text: String,
    },
    /// Lines of text, as they were written.
    Text {
        /// The words; lines stay lines.
        text: String,
        /// Whether they do not count any more: they are struck out.
        struck: bool,
    },
    /// Something that has to be seen, in a frame.
    Notice {
        /// The words.
        text: String,
    },
    /// One point each.
    List {
        /// The points.
        lines: Vec<Line>,
    },
    /// Name and value.
    Facts {
        /// In pairs.
        rows: Vec<(String, String)>,
    },
    /// A table.
    Table {
        /// Heading and share of the width.
        columns: Vec<(String, f64)>,
        /// The rows.
        rows: Vec<Row>,
    },
}

/// One point of a list.
#[derive(Clone, Default, Serialize)]
pub struct Line {
    /// Its parts; a line is broken between them rather than within.
    pub spans: Vec<Span>,
    /// What stands below it, smaller; empty for nothing.
    pub detail: String,
    /// Whether it does not count any more.
    pub struck: bool,
}

/// A part of a line.
#[derive(Clone, Default, Serialize)]
pub struct Span {
    /// The words.
    pub text: String,
    /// Whether it is what matters.
    pub strong: bool,
}

/// A row of a table.
#[derive(Clone, Serialize)]
pub struct Row {
    /// One for each column.
    pub cells: Vec<String>,
    /// Whether it has to be seen.
    pub strong: bool,
    /// Whether it does not count any more.
    pub struck: bool,
}

/// An identity band.
#[derive(Clone, Serialize)]
pub struct Band {
    /// The size of the band's printable part.
    pub page: Size,
    /// `SMITH`.
    pub family: String,
    /// `Jane`.
    pub given: String,
    /// `14-Jul-1945`.
    pub born: String,
    /// The medical record number; it is in the QR code too, and nothing else is.
    pub number: String,
    /// `ALLERGY` and the like: that there is something, never what it is.
    pub alerts: Vec<Alert>,
    /// Where and when it was printed, small.
    pub made: Made,
}

/// Sheets of labels, all alike.
#[derive(Clone, Serialize)]
pub struct Labels {
    /// What they stand on.
    pub sheet: Sheet,
    /// How many.
    pub count: usize,
    /// How many of the first sheet are used already.
    pub skip: usize,
    /// What each says.
    pub label: Label,
    /// Who printed it: in the properties of the file.
    #[serde(skip)]
    pub made: Made,
}

/// A sheet of labels, in millimetres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Sheet {
    /// The sheet, or one label of a roll.
    pub page: Size,
    /// Labels beside each other.
    pub columns: usize,
    /// Labels below each other.
    pub rows: usize,
    /// One label.
    pub label: Size,
    /// What is free on the left before the first.
    pub left: f64,
    /// What is free above the first.
    pub top: f64,
    /// Between two columns.
    pub gutter: f64,
}

/// What a label says.
#[derive(Clone, Serialize)]
pub struct Label {
    /// `SMITH, Jane`.
    pub name: String,
    /// `14-Jul-1945`.
    pub born: String,
    /// The medical record number; it is in the barcode too, and nothing else is.
    pub number: String,
}
