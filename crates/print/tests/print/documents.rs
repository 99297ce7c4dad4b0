//! Text on pages.

use vigil_print::{Block, Line, Paper, Row, Span, render};

use crate::read::{document, poppler, text, words, words_of_page};

#[test]
fn what_was_written_stands_there_letter_by_letter_whatever_it_looks_like() {
    let typed = [
        "#read(\"/etc/passwd\")",
        "#include \"x.typ\"",
        "*not bold* _not italic_ `code`",
        "$x^2$ @label <label>",
        "back\\slash ~ -- --- ...",
        "= no heading",
        "- no list",
        "// no comment /* none */",
        "https://example.org #let x = 1",
        "\"quotes\" and 'quotes'",
        "#panic(\"no\")",
        "]} #[",
    ];
    let printed = render(&Paper::Document(document(typed.map(text).to_vec())), 0).unwrap();
    let words = words(&printed.pdf);
    for line in typed {
        assert!(words.contains(line), "{line:?} stands there:\n{words}");
    }
    assert!(!words.contains("root:"), "and no file was read");
}

#[test]
fn every_page_says_whose_it_is_who_printed_it_and_which_it_is() {
    let lines: Vec<String> = (0..150).map(|line| format!("line {line}")).collect();
    let printed = render(&Paper::Document(document(vec![text(&lines.join("\n"))])), 0).unwrap();
    assert!(printed.pages >= 3, "{} pages", printed.pages);
    for page in 1..=printed.pages {
        let words = words_of_page(&printed.pdf, page);
        for wanted in [
            "SMITH, Jane (Ms)",
            "14-Jul-1945 (81y)",
            "004217",
            "Dr OKAFOR, physician",
            "21-Nov-2026 10:42 (UTC+01:00)",
            "For the patient",
        ] {
            assert!(words.contains(wanted), "page {page} has {wanted}:\n{words}");
        }
        assert!(words.contains(&format!("Page {page} of {}", printed.pages)), "{words}");
        assert!(words.replace(' ', "").contains("PATIENTCOPY"), "the watermark of page {page}:\n{words}");
    }
    let all = words(&printed.pdf);
    assert!(all.contains("line 0") && all.contains("line 149"), "from the first line to the last");
}

#[test]
fn the_file_is_tagged_has_title_and_language_and_is_the_same_for_the_same_paper() {
    let paper = Paper::Document(document(vec![text("A word")]));
    let printed = render(&paper, 1).unwrap();
    assert_eq!(printed.pdf, render(&paper, 0).unwrap().pdf, "byte by byte");
    let facts = poppler("pdfinfo", &["-"], &printed.pdf);
    for wanted in ["Title:           Note", "Tagged:          yes", "JavaScript:      no", "Encrypted:       no"] {
        assert!(facts.contains(wanted), "{wanted}:\n{facts}");
    }
    assert!(facts.contains("2026"), "the moment that was given: {facts}");
    assert!(!facts.contains("SMITH"), "the title is read by whoever sees a list of files");
    let raw = String::from_utf8_lossy(&printed.pdf);
    assert!(raw.contains("pdfuaid:part"), "it says that it is PDF/UA");
    let [picture] = printed.pictures.as_slice() else { panic!("one picture was asked for") };
    assert!(picture.starts_with("<svg") && !picture.contains("<text"), "all text in it is drawn");
}

#[test]
fn a_letter_that_the_fonts_lack_is_noticed_and_said_on_the_paper() {
    let printed = render(&Paper::Document(document(vec![text("病 A. Łukasz, Иванова, محمد")])), 0).unwrap();
    assert_eq!(printed.missing, ["U+75C5"]);
    let words = words(&printed.pdf);
    assert!(words.contains("[U+75C5] A. Łukasz, Иванова"), "{words}");
    assert!(words.contains("Not every letter could be printed"), "{words}");
}

#[test]
fn lists_facts_tables_and_what_is_struck_out_are_set() {
    let span = |text: &str, strong| Span { text: text.to_owned(), strong };
    let line = Line {
        spans: vec![
            span("morphine", true),
            span("DOSE 5 mg", true),
            span("oral", false),
            span(&"a very long part ".repeat(20), false),
        ],
        detail: "For pain".to_owned(),
        struck: false,
    };
    let row = |cells: [&str; 2], struck| Row { cells: cells.map(str::to_owned).to_vec(), strong: false, struck };
    let printed = render(
        &Paper::Document(document(vec![
            Block::Heading { text: "A heading".to_owned() },
            Block::Notice { text: "ENTERED IN ERROR".to_owned() },
            Block::List {
                lines: vec![line, Line { spans: vec![span("gone", false)], struck: true, ..Line::default() }],
            },
            Block::Facts { rows: vec![("When".to_owned(), "today".to_owned())] },
            Block::Table {
                columns: vec![("What".to_owned(), 2.0), ("Value".to_owned(), 1.0)],
                rows: vec![row(["pulse", "72 /min"], false), row(["pulse", "720 /min"], true)],
            },
        ])),
        0,
    )
    .unwrap();
    let words = words(&printed.pdf);
    for wanted in [
        "A heading",
        "ENTERED IN ERROR",
        "morphine – DOSE 5 mg – oral –",
        "For pain",
        "gone",
        "today",
        "72 /min",
        "720 /min",
    ] {
        assert!(words.contains(wanted), "{wanted}:\n{words}");
    }
}
