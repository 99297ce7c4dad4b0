//! A secret on paper: one page of PDF, made here and written nowhere but where somebody says.
//!
//! What counts, groups, name and date, is ASCII; of other letters see [`crate::pdf`].

use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Str};
use zeroize::Zeroizing;

use crate::pdf::win_ansi;

/// A4 in points.
const PAGE: (f32, f32) = (595.0, 842.0);
const LEFT: f32 = 64.0;
const TEXT: Name<'static> = Name(b"F1");
const BOLD: Name<'static> = Name(b"F2");
const KEY: Name<'static> = Name(b"F3");
/// Letters of a line of text at 10.5 points.
const LINE: usize = 88;
/// The side of one module of the QR code, in points.
const MODULE: f32 = 4.4;

/// What stands below the groups: headings, each with its paragraphs.
pub(crate) type Sections = &'static [(&'static str, &'static [&'static str])];

/// What the paper says.
pub(crate) struct Paper<'a> {
    pub(crate) title: &'a str,
    /// What it is called, to tell one paper from another: `Name of this key: 4B7C41C7`.
    pub(crate) named: &'a str,
    pub(crate) organization: &'a str,
    /// `21-Nov-2026`.
    pub(crate) date: &'a str,
    /// The workstation's id, which its audit log carries as well.
    pub(crate) device: &'a str,
    /// The secret, in groups of four.
    pub(crate) groups: &'a [String],
    /// The same as a QR code.
    pub(crate) qr: &'a [String],
    pub(crate) sections: Sections,
}

impl Paper<'_> {
    /// The page as PDF.
    pub(crate) fn pdf(&self) -> Zeroizing<Vec<u8>> {
        let [catalog, pages, page, text, bold, key, content, about] = [1, 2, 3, 4, 5, 6, 7, 8].map(Ref::new);
        let mut pdf = Pdf::new();
        pdf.catalog(catalog).pages(pages);
        pdf.pages(pages).kids([page]).count(1);
        pdf.document_info(about).title(pdf_writer::TextStr(self.title));
        let mut first = pdf.page(page);
        first.parent(pages).media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).contents(content);
        first.resources().fonts().pair(TEXT, text).pair(BOLD, bold).pair(KEY, key);
        first.finish();
        for (font, name) in [(text, &b"Helvetica"[..]), (bold, &b"Helvetica-Bold"[..]), (key, &b"Courier-Bold"[..])] {
            pdf.type1_font(font).base_font(Name(name)).encoding_predefined(Name(b"WinAnsiEncoding"));
        }
        let drawn = self.draw();
        pdf.stream(content, &drawn);
        Zeroizing::new(pdf.finish())
    }

    fn draw(&self) -> Zeroizing<Vec<u8>> {
        let mut sheet = Sheet { content: Content::new(), at: PAGE.1 - 64.0 };
        sheet.line(BOLD, 20.0, self.title);
        sheet.at -= 6.0;
        sheet.line(BOLD, 13.0, self.named);
        sheet.at -= 2.0;
        sheet.paragraph(&format!("Organisation: {}", self.organization));
        sheet.paragraph(&format!("Made on {} at workstation {}", self.date, self.device));
        sheet.at -= 10.0;
        let qr_top = sheet.at;
        for (at, row) in self.groups.chunks(2).enumerate() {
            // The numbers by which Vigil asks for groups.
            let last = 2 * at + row.len();
            sheet.at -= 8.0;
            sheet.line(TEXT, 9.0, &format!("{} and {last}", last - 1));
            sheet.at += 20.0;
            sheet.place(KEY, 17.0, LEFT + 56.0, &row.join("-"));
            sheet.at -= 4.0;
        }
        sheet.square(self.qr, qr_top);
        let side = MODULE * self.qr.len() as f32;
        sheet.at = sheet.at.min(qr_top - side - 8.0);
        sheet.paragraph(
            "The QR code holds the same text. Groups are counted line by line; there is no I, L, O and U in them.",
        );
        for (heading, text) in self.sections {
            sheet.at -= 8.0;
            sheet.line(BOLD, 11.5, heading);
            for paragraph in *text {
                sheet.paragraph(paragraph);
            }
        }
        Zeroizing::new(sheet.content.finish().to_vec())
    }
}

/// Writes from the top down.
struct Sheet {
    content: Content,
    at: f32,
}

impl Sheet {
    fn line(&mut self, font: Name<'_>, size: f32, text: &str) {
        self.place(font, size, LEFT, text);
    }

    fn place(&mut self, font: Name<'_>, size: f32, left: f32, text: &str) {
        self.content.begin_text();
        self.content.set_font(font, size).next_line(left, self.at - size).show(Str(&win_ansi(text)));
        self.content.end_text();
        self.at -= size * 1.35;
    }

    fn paragraph(&mut self, text: &str) {
        for line in lines(text) {
            self.line(TEXT, 10.5, &line);
        }
        self.at -= 2.0;
    }

    /// The QR code at the right, with its quiet zone of four modules inside the margin.
    fn square(&mut self, rows: &[String], top: f32) {
        let left = PAGE.0 - LEFT - MODULE * rows.len() as f32;
        for (down, row) in rows.iter().enumerate() {
            for (across, _) in row.chars().enumerate().filter(|(_, module)| *module == '1') {
                let (x, y) = (left + MODULE * across as f32, top - MODULE * (down + 1) as f32);
                // A hair too large, so that no reader draws white lines between them.
                self.content.rect(x, y, MODULE + 0.05, MODULE + 0.05);
            }
        }
        self.content.fill_nonzero();
    }
}

/// The text in lines that fit; a word that is longer than a line is cut.
fn lines(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        for piece in word.chars().collect::<Vec<_>>().chunks(LINE) {
            let piece: String = piece.iter().collect();
            let Some(line) = lines.last_mut() else { continue };
            if line.is_empty() {
                line.push_str(&piece);
            } else if line.chars().count() + 1 + piece.chars().count() <= LINE {
                line.push(' ');
                line.push_str(&piece);
            } else {
                lines.push(piece);
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_fits_the_page() {
        let long = format!("{} {}", "a word and another".repeat(12), "x".repeat(200));
        assert!(lines(&long).iter().all(|line| line.chars().count() <= LINE), "{:?}", lines(&long));
        assert_eq!(lines("one two"), ["one two"], "what fits is one line");
    }

    #[test]
    fn the_page_is_a_pdf_that_ends() {
        let groups: Vec<String> = (0..14).map(|_| "0W3G".to_owned()).collect();
        let qr = crate::qr::rows(&groups.join("-")).unwrap();
        let paper = Paper {
            title: "Organisation recovery key",
            named: "Name of this key: 4B7C41C7",
            organization: "St. Elsewhere",
            date: "21-Nov-2026",
            device: "01900000-0000-7000-8000-000000000001",
            groups: &groups,
            qr: &qr,
            sections: &[("What it is for", &["1. A paragraph."])],
        };
        let pdf = paper.pdf();
        assert!(pdf.starts_with(b"%PDF-") && pdf.trim_ascii_end().ends_with(b"%%EOF"), "whole");
    }
}
