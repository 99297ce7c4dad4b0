//! Papers, and what poppler makes of them.

use std::io::Write as _;
use std::process::{Command, Stdio};

use vigil_print::{Alert, Block, Document, Made, Person, Section, Size, Watermark};

pub(crate) fn made() -> Made {
    Made {
        organization: "Harbour General".to_owned(),
        by: "Dr OKAFOR, physician".to_owned(),
        at: "21-Nov-2026 10:42 (UTC+01:00)".to_owned(),
        purpose: "For the patient".to_owned(),
        utc: (2026, 11, 21, 9, 42, 7),
    }
}

pub(crate) fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: "Note".to_owned(),
        language: "en".to_owned(),
        page: Size { width: 210.0, height: 297.0 },
        person: Person {
            name: "SMITH, Jane (Ms)".to_owned(),
            born: "14-Jul-1945 (81y)".to_owned(),
            gender: "female".to_owned(),
            number: "004217".to_owned(),
        },
        made: made(),
        watermark: Watermark { text: "PATIENT COPY".to_owned() },
        alerts: vec![Alert { label: "Allergies".to_owned(), text: "penicillin".to_owned(), strong: true }],
        sections: vec![Section { title: "Plan".to_owned(), blocks }],
        missing: Vec::new(),
    }
}

pub(crate) fn text(text: &str) -> Block {
    Block::Text { text: text.to_owned(), struck: false }
}

/// What a program of poppler's says about a PDF.
pub(crate) fn poppler(program: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // It holds `/Suspects false` (ISO 32000-1, table 321) for a mistake, and says so.
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{program}: {error}; `cargo xtask system` installs poppler-utils"));
    let mut stdin = child.stdin.take().unwrap();
    let pdf = pdf.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&pdf));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The words in the order in which they were set, with one space between two.
pub(crate) fn words(pdf: &[u8]) -> String {
    in_one_line(&poppler("pdftotext", &["-raw", "-", "-"], pdf))
}

/// The same of one page.
pub(crate) fn words_of_page(pdf: &[u8], page: usize) -> String {
    let page = page.to_string();
    in_one_line(&poppler("pdftotext", &["-raw", "-f", &page, "-l", &page, "-", "-"], pdf))
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
