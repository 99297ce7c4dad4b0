//! Files that mean harm, and files that are damaged: each is refused or read, none panics, none takes long.

use std::fmt::Write as _;

use oorandom::Rand32;
use vigil_ccda::{Fault, LARGEST, Step, read};

use crate::{DISCHARGE, SUMMARY, document, fault};

fn around(inside: &str) -> String {
    format!(
        "<ClinicalDocument xmlns=\"urn:hl7-org:v3\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">{inside}</ClinicalDocument>"
    )
}

#[test]
fn no_document_type_is_read_so_that_nothing_unfolds_or_is_fetched() {
    let laughs = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]>{}",
        around("<title>&c;</title>")
    );
    assert_eq!(fault(laughs.as_bytes()), Fault::Dtd, "a billion laughs");
    let outside =
        format!("<!DOCTYPE x [<!ENTITY file SYSTEM \"file:///etc/passwd\">]>{}", around("<title>&file;</title>"));
    assert_eq!(fault(outside.as_bytes()), Fault::Dtd, "an entity from outside");
    assert!(
        matches!(fault(around("<title>&file;</title>").as_bytes()), Fault::Entity { .. }),
        "and one that nobody defined"
    );
    assert!(matches!(fault(around("<id root=\"&file;\"/>").as_bytes()), Fault::Entity { .. }), "in an attribute too");
    let parameter = format!("<!DOCTYPE x [<!ENTITY % p SYSTEM \"http://example.org/x.dtd\"> %p;]>{}", around(""));
    assert_eq!(fault(parameter.as_bytes()), Fault::Dtd, "nor a parameter entity");
}

#[test]
fn what_is_too_deep_too_wide_or_too_long_is_refused() {
    let deep = around(&format!("{}{}", "<section>".repeat(5_000), "</section>".repeat(5_000)));
    assert!(matches!(fault(deep.as_bytes()), Fault::Bounds(_)), "depth");
    let wide: String = (0..200_000).fold(String::new(), |mut text, at| {
        let _ = write!(text, " a{at}=\"x\"");
        text
    });
    assert!(matches!(fault(around(&format!("<id{wide}/>")).as_bytes()), Fault::Bounds(_)), "attributes");
    let long = around(&format!("<id root=\"{}\"/>", "x".repeat(100_000)));
    assert!(matches!(fault(long.as_bytes()), Fault::Bounds(_)), "one attribute");
    assert_eq!(fault(&vec![b' '; LARGEST + 1]), Fault::TooLarge, "the whole file");
    let many = around(&"<a/>".repeat(1_000_001));
    assert!(matches!(fault(many.as_bytes()), Fault::Bounds(_)), "elements");
}

#[test]
fn what_is_no_document_says_so() {
    assert_eq!(fault(b""), Fault::Empty, "nothing");
    assert_eq!(fault(b" \n "), Fault::Empty, "blanks");
    assert_eq!(fault(b"<html><body/></html>"), Fault::OtherRoot, "another root");
    assert_eq!(fault(b"<ClinicalDocument xmlns=\"urn:example\"/>"), Fault::OtherRoot, "of another namespace");
    assert!(
        matches!(fault(b"%PDF-1.7 \x00\x01"), Fault::Malformed { .. } | Fault::Encoding(_)),
        "another kind of file"
    );
    assert!(matches!(fault(b"{\"resourceType\":\"Bundle\"}"), Fault::Malformed { .. }), "JSON");
    assert!(matches!(fault(&SUMMARY[..SUMMARY.len() / 2]), Fault::Malformed { .. }), "broken off");
    assert!(matches!(fault(around("<a></b>").as_bytes()), Fault::Malformed { .. }), "not well-formed");
    let two = format!("{}{}", around(""), around(""));
    assert!(matches!(fault(two.as_bytes()), Fault::Malformed { .. }), "two documents");
    assert!(
        matches!(fault(&[SUMMARY, b"\xff\xfe"].concat()), Fault::Encoding(_)),
        "bytes that are not of its encoding"
    );
}

#[test]
fn signs_that_hide_or_turn_text_are_left_out() {
    let title = document(around("<title>Dose 5\u{202e}00 mg\u{2066}</title>").as_bytes()).header.title;
    assert_eq!(title, "Dose 500 mg", "what is read is what stands there");
}

#[test]
fn many_entries_that_point_at_one_long_text_take_no_longer() {
    let text = "word ".repeat(200_000);
    let act = "<entry><observation classCode='OBS' moodCode='EVN'><code code='1' codeSystem='2.16.840.1.113883.6.1'/><value xsi:type='ED'><reference value='#t'/></value></observation></entry>";
    let body = format!(
        "<component><structuredBody><component><section><text><paragraph ID='t'>{text}</paragraph></text>{}</section></component></structuredBody></component>",
        act.repeat(2_000)
    );
    let document = document(around(&body).as_bytes());
    assert_eq!(document.sections[0].entries.len(), 2_000, "each is there");
    assert!(document.sections[0].entries[0].facts[0].1.len() < 9_000, "with as much of the text as a value has");
}

#[test]
fn reading_stops_when_nobody_waits_any_more() {
    let stopped = read(SUMMARY, &|_| false).map(drop).unwrap_err();
    assert_eq!(stopped, Fault::Stopped, "at once");
    let last = std::cell::Cell::new(Step { done: 0, of: 0 });
    read(SUMMARY, &|step| {
        last.set(step);
        true
    })
    .unwrap();
    assert_eq!(last.get().of, SUMMARY.len() as u64, "and how far it is was told");
}

#[test]
fn no_damage_makes_it_panic() {
    let mut random = Rand32::new(20_260_915);
    let pieces: [&[u8]; 14] = [
        b"<",
        b">",
        b"&",
        b"\"",
        b"</section>",
        b"<section>",
        b"<table><tr><td>",
        b"xsi:type=\"PQ\"",
        b"nullFlavor=\"UNK\"",
        b"\xff",
        b"\x00",
        b"value=\"99999999999999999999\"",
        b"value=\"-0500\"",
        b"negationInd=\"true\"",
    ];
    let mut read_whole = 0;
    for turn in 0..1_500_u32 {
        let mut bytes = if turn % 3 == 0 { DISCHARGE.to_vec() } else { SUMMARY.to_vec() };
        for _ in 0..=random.rand_range(0..4) {
            let at = random.rand_range(0..u32::try_from(bytes.len()).unwrap()) as usize;
            match random.rand_range(0..5) {
                0 => bytes.truncate(at.max(1)),
                1 => bytes[at] = u8::try_from(random.rand_range(0..256)).unwrap(),
                2 => {
                    let piece = pieces[random.rand_range(0..14) as usize];
                    bytes.splice(at..at, piece.iter().copied());
                }
                3 => {
                    let end = (at + random.rand_range(1..200) as usize).min(bytes.len());
                    bytes.drain(at..end);
                }
                _ => {
                    // A digit for another: well-formed, and nonsense.
                    let digit = bytes[at..].iter().position(u8::is_ascii_digit);
                    if let Some(digit) = digit {
                        bytes[at + digit] = b'0' + u8::try_from(random.rand_range(0..10)).unwrap();
                    }
                }
            }
            if bytes.is_empty() {
                bytes.push(b'<');
            }
        }
        read_whole += u32::from(read(&bytes, &|_| true).is_ok());
    }
    assert!(read_whole > 100, "some are still documents: {read_whole}");
}
