//! Bands and labels.

use vigil_print::{Alert, Band, Label, Labels, Paper, PrintError, Sheet, Size, render};

use crate::read::{made, poppler, words};

fn band(family: &str, given: &str) -> Band {
    Band {
        page: Size { width: 254.0, height: 25.0 },
        family: family.to_owned(),
        given: given.to_owned(),
        born: "14-Jul-1945".to_owned(),
        number: "004217".to_owned(),
        alerts: vec![
            Alert { label: "ALLERGY".to_owned(), text: "see chart".to_owned(), strong: true },
            Alert { label: "ALERT".to_owned(), text: "see chart".to_owned(), strong: true },
        ],
        made: made(),
    }
}

const A4: Sheet = Sheet {
    page: Size { width: 210.0, height: 297.0 },
    columns: 3,
    rows: 8,
    label: Size { width: 70.0, height: 37.0 },
    left: 0.0,
    top: 0.5,
    gutter: 0.0,
};

fn labels(sheet: Sheet, count: usize, skip: usize, name: &str) -> Paper {
    let label = Label { name: name.to_owned(), born: "14-Jul-1945".to_owned(), number: "004217".to_owned() };
    Paper::Labels(Labels { sheet, count, skip, label, made: made() })
}

#[test]
fn a_band_has_four_identifiers_and_that_there_is_an_alert() {
    let printed = render(&Paper::Band(band("SMITH", "Jane")), 1).unwrap();
    let words = words(&printed.pdf);
    for wanted in ["SMITH", "Jane", "14-Jul-1945", "004217", "ALLERGY", "see chart"] {
        assert!(words.contains(wanted), "{wanted}:\n{words}");
    }
    let facts = poppler("pdfinfo", &["-"], &printed.pdf);
    assert!(
        facts.contains("Page size:       720") && facts.contains("Pages:           1"),
        "the size of the band: {facts}"
    );
}

#[test]
fn a_name_that_does_not_fit_or_cannot_be_written_makes_no_band() {
    let long = "WOLFESCHLEGELSTEINHAUSENBERGERDORFF".repeat(6);
    assert_eq!(
        render(&Paper::Band(band(&long, "Jane")), 0).err().unwrap(),
        PrintError::DoesNotFit,
        "nothing is cut off"
    );
    render(&Paper::Band(band("WOLFESCHLEGELSTEINHAUSENBERGERDORFF", "Hubert Blaine Wolfgang")), 0).unwrap();
    let missing = render(&Paper::Band(band("李", "明")), 0).err().unwrap();
    assert_eq!(missing, PrintError::Missing("U+660E, U+674E".to_owned()), "nothing is left out");
}

#[test]
fn as_many_labels_as_were_asked_for_stand_behind_those_that_are_used() {
    let printed = render(&labels(A4, 24, 2, "SMITH, Jane (Ms)"), 0).unwrap();
    assert_eq!(printed.pages, 2, "two were used");
    assert_eq!(words(&printed.pdf).matches("004217").count(), 24);
    assert_eq!(render(&labels(A4, 24, 0, "SMITH, Jane"), 0).unwrap().pages, 1);
    let small = Sheet { label: Size { width: 20.0, height: 10.0 }, ..A4 };
    assert_eq!(render(&labels(small, 1, 0, "SMITH, Jane"), 0).err().unwrap(), PrintError::DoesNotFit);
}
