//! A report on paper: heading, facts, notes and one table over as many pages as it needs, as PDF.
//!
//! The fonts are two of those that every reader of PDF has (ISO 32000-1, 9.6.2.2), so that no font file is carried along. They
//! write Western European letters; a letter that they lack stands without its accent, or as a question mark.

use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};
use unicode_normalization::UnicodeNormalization as _;

/// A4 in points, on its side: a table needs the width.
const PAGE: (f32, f32) = (842.0, 595.0);
const MARGIN: f32 = 48.0;
const TEXT: Name<'static> = Name(b"F1");
const BOLD: Name<'static> = Name(b"F2");
const SIZE: f32 = 9.0;
const LEADING: f32 = 12.0;
const GAP: f32 = 10.0;

/// What is written.
pub(crate) struct Report<'r> {
    pub(crate) title: &'r str,
    /// Name and value, one a line.
    pub(crate) facts: Vec<(&'r str, String)>,
    /// Paragraphs between the facts and the table.
    pub(crate) notes: Vec<String>,
    /// Heading and share of the width.
    pub(crate) columns: &'r [(&'r str, f32)],
    pub(crate) rows: Vec<Vec<String>>,
    /// What stands in place of a table without rows.
    pub(crate) empty: &'r str,
    /// At the foot of every page.
    pub(crate) foot: String,
}

impl Report<'_> {
    /// The pages as PDF.
    pub(crate) fn pdf(&self) -> Vec<u8> {
        let pages = self.draw();
        let mut next = 0..;
        let mut fresh = || Ref::new(next.next().map_or(i32::MAX, |number: i32| number + 1));
        let [catalog, tree, text, bold, about] = std::array::from_fn(|_| fresh());
        let kids: Vec<(Ref, Ref)> = pages.iter().map(|_| (fresh(), fresh())).collect();
        let mut pdf = Pdf::new();
        pdf.catalog(catalog).pages(tree).lang(TextStr("en"));
        pdf.pages(tree).kids(kids.iter().map(|(page, _)| *page)).count(i32::try_from(kids.len()).unwrap_or(i32::MAX));
        pdf.document_info(about).title(TextStr(self.title)).producer(TextStr("Vigil"));
        for (font, name) in [(text, &b"Helvetica"[..]), (bold, &b"Helvetica-Bold"[..])] {
            pdf.type1_font(font).base_font(Name(name)).encoding_predefined(Name(b"WinAnsiEncoding"));
        }
        let all = pages.len();
        for (at, (mut content, (page, stream))) in pages.into_iter().zip(kids).enumerate() {
            let mut one = pdf.page(page);
            one.parent(tree).media_box(Rect::new(0.0, 0.0, PAGE.0, PAGE.1)).contents(stream);
            one.resources().fonts().pair(TEXT, text).pair(BOLD, bold);
            one.finish();
            let foot = format!("{}, page {} of {all}", self.foot, at + 1);
            show(&mut content, TEXT, 8.0, (MARGIN, MARGIN - 16.0), &foot);
            pdf.stream(stream, &content.finish());
        }
        pdf.finish()
    }

    fn draw(&self) -> Vec<Content> {
        let mut sheets = Sheets { done: Vec::new(), content: Content::new(), at: PAGE.1 - MARGIN };
        sheets.line(BOLD, 16.0, self.title);
        sheets.at -= 4.0;
        for (name, value) in &self.facts {
            for (index, line) in lines(value, PAGE.0 - 2.0 * MARGIN - 130.0, SIZE).iter().enumerate() {
                sheets.room(LEADING);
                if index == 0 {
                    sheets.put(BOLD, SIZE, MARGIN, name);
                }
                sheets.put(TEXT, SIZE, MARGIN + 130.0, line);
                sheets.at -= LEADING;
            }
        }
        sheets.at -= 4.0;
        for note in &self.notes {
            for line in lines(note, PAGE.0 - 2.0 * MARGIN, SIZE) {
                sheets.line(TEXT, SIZE, &line);
            }
            sheets.at -= 4.0;
        }
        if self.rows.is_empty() {
            sheets.line(BOLD, SIZE, self.empty);
        } else {
            self.table(&mut sheets);
        }
        sheets.done.push(sheets.content);
        sheets.done
    }

    fn table(&self, sheets: &mut Sheets) {
        let shares: f32 = self.columns.iter().map(|(_, share)| share).sum();
        let width = |share: f32| (PAGE.0 - 2.0 * MARGIN) * share / shares;
        self.header(sheets, &width);
        for row in &self.rows {
            let cells: Vec<Vec<String>> =
                self.columns.iter().zip(row).map(|((_, share), text)| lines(text, width(*share) - GAP, SIZE)).collect();
            let tallest = cells.iter().map(Vec::len).max().unwrap_or(0);
            // A row that is taller than what is left begins on the next page; one that is taller than a page goes on there.
            if sheets.at - LEADING * tallest.min(30) as f32 <= MARGIN {
                sheets.turn();
                self.header(sheets, &width);
            }
            for line in 0..tallest {
                if sheets.at - LEADING <= MARGIN {
                    sheets.turn();
                    self.header(sheets, &width);
                }
                let mut left = MARGIN;
                for (cell, (_, share)) in cells.iter().zip(self.columns) {
                    if let Some(text) = cell.get(line) {
                        sheets.put(TEXT, SIZE, left, text);
                    }
                    left += width(*share);
                }
                sheets.at -= LEADING;
            }
            sheets.rule(0.3);
        }
    }

    fn header(&self, sheets: &mut Sheets, width: &impl Fn(f32) -> f32) {
        sheets.room(2.0 * LEADING);
        let mut left = MARGIN;
        for (name, share) in self.columns {
            sheets.put(BOLD, SIZE, left, name);
            left += width(*share);
        }
        sheets.at -= LEADING;
        sheets.rule(0.8);
    }
}

/// Writes from the top down, page after page.
struct Sheets {
    done: Vec<Content>,
    content: Content,
    at: f32,
}

impl Sheets {
    fn turn(&mut self) {
        self.done.push(std::mem::replace(&mut self.content, Content::new()));
        self.at = PAGE.1 - MARGIN;
    }

    fn room(&mut self, height: f32) {
        if self.at - height <= MARGIN {
            self.turn();
        }
    }

    fn put(&mut self, font: Name<'_>, size: f32, left: f32, text: &str) {
        show(&mut self.content, font, size, (left, self.at - size), text);
    }

    fn line(&mut self, font: Name<'_>, size: f32, text: &str) {
        self.room(size * 1.35);
        self.put(font, size, MARGIN, text);
        self.at -= size * 1.35;
    }

    fn rule(&mut self, weight: f32) {
        self.content.set_line_width(weight).move_to(MARGIN, self.at - 1.0).line_to(PAGE.0 - MARGIN, self.at - 1.0);
        self.content.stroke();
        self.at -= 4.0;
    }
}

fn show(content: &mut Content, font: Name<'_>, size: f32, at: (f32, f32), text: &str) {
    content.begin_text();
    content.set_font(font, size).next_line(at.0, at.1).show(Str(&win_ansi(text)));
    content.end_text();
}

/// The text in lines that fit a width in points; a word that is wider than a line is cut.
fn lines(text: &str, width: f32, size: f32) -> Vec<String> {
    let most = width / size;
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let (mut line, mut used) = (String::new(), 0.0);
        for word in paragraph.split_whitespace() {
            let needed: f32 = word.chars().map(ems).sum();
            if !line.is_empty() && used + ems(' ') + needed > most {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            if !line.is_empty() {
                line.push(' ');
                used += ems(' ');
            }
            for letter in word.chars() {
                if used + ems(letter) > most && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push(letter);
                used += ems(letter);
            }
        }
        lines.push(line);
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// How wide a letter of Helvetica is at most, in sizes of the font; rounded up, so that nothing runs into the next column.
const fn ems(letter: char) -> f32 {
    match letter {
        'i' | 'j' | 'l' | ' ' | '.' | ',' | ':' | ';' | '\'' | '!' | '|' => 0.3,
        'f' | 't' | 'r' | '(' | ')' | '-' | '/' | 'I' => 0.36,
        'm' | 'w' | 'M' => 0.87,
        'W' | '@' => 1.02,
        'A'..='Z' | '&' | '%' => 0.8,
        _ if letter.is_ascii() => 0.6,
        _ => 0.85,
    }
}

/// `WinAnsiEncoding` as far as it is Latin-1 (ISO 32000-1, annex D.2), other letters without their accents.
pub(crate) fn win_ansi(text: &str) -> Vec<u8> {
    text.nfc().flat_map(letter).collect()
}

fn letter(letter: char) -> Vec<u8> {
    match (letter, u8::try_from(u32::from(letter))) {
        (' '..='~', Ok(code)) | ('\u{a0}'..='\u{ff}', Ok(code)) => vec![code],
        ('\u{2018}' | '\u{2019}', _) => vec![b'\''],
        ('\u{201c}' | '\u{201d}', _) => vec![b'"'],
        ('\u{2013}' | '\u{2014}', _) => vec![b'-'],
        ('\u{141}', _) => vec![b'L'],
        ('\u{142}', _) => vec![b'l'],
        _ => match std::iter::once(letter).nfd().next() {
            Some(base @ ' '..='~') => u8::try_from(base).map_or_else(|_| vec![b'?'], |base| vec![base]),
            _ => vec![b'?'],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_the_fonts_lack_lose_their_accents() {
        assert_eq!(win_ansi("Städtisches Klinikum"), b"St\xe4dtisches Klinikum", "Latin-1 as it is");
        assert_eq!(win_ansi("Szpital Świętego Łukasza"), b"Szpital Swietego Lukasza", "others without accents");
        assert_eq!(win_ansi("病院 A"), b"?? A", "and what has no Latin form is shown as missing");
    }

    #[test]
    fn no_line_is_wider_than_its_column_and_no_letter_is_lost() {
        let text = format!("{} {}", "A word AND another".repeat(12), "x".repeat(200));
        let cut = lines(&text, 100.0, SIZE);
        let width = |line: &String| line.chars().map(ems).sum::<f32>() * SIZE;
        assert!(cut.iter().all(|line| width(line) <= 100.0), "{cut:?}");
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        assert_eq!(letters(&cut.concat()), letters(&text), "every letter");
    }

    #[test]
    fn a_long_table_goes_over_pages_and_every_page_says_where_it_is() {
        let row = |at: usize| vec![format!("row {at}"), "a long description of what happened ".repeat(3)];
        let report = |rows: usize| {
            let rows = (0..rows).map(row).collect();
            let columns = &[("When", 1.0), ("What", 3.0)];
            let (facts, notes) = (vec![("Patient", "SMITH, Jane".to_owned())], vec!["A note.".to_owned()]);
            Report { title: "A report", facts, notes, columns, rows, empty: "Nothing", foot: "Vigil".to_owned() }.pdf()
        };
        let text = |pdf: &[u8]| String::from_utf8_lossy(pdf).into_owned();
        let long = text(&report(100));
        assert!(long.starts_with("%PDF-") && long.trim_end().ends_with("%%EOF"), "whole");
        let pages = long.matches("/Type /Page\n").count();
        assert!(pages > 2, "{pages} pages");
        assert!(long.contains(&format!("page {pages} of {pages}")), "the last one is numbered");
        assert!(long.contains("(row 0)") && long.contains("(row 99)"), "from the first row to the last");
        assert!(text(&report(0)).contains("(Nothing)"), "nothing is said, and not left out");
    }
}
