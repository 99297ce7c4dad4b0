//! The examples that the FDA publishes, and what is wrong with others.

use super::*;

const YEAR: i32 = 2026;

/// FDA, "UDI Formats by FDA-Accredited Issuing Agency", 1.3: the example of each agency.
const GS1: &str = "(01)51022222233336(11)141231(17)150707(10)A213B1(21)1234";
const HIBCC: &str = "*+H123PARTNO1234567890120/$$420020216LOT123456789012345/SXYZ4567890123 45678/16D20130202C*";
const ICCBBA: &str = "=/A9999XYZ100T0944=,000025=A99971312345600=>014032=}013032&,1000000000000XYZ123";
const BLOOD: &str = "=)1TE123456A&)RZ12345678";

fn at(text: &str) -> (usize, String) {
    let Fault { at, why } = parse(text, YEAR).unwrap_err();
    (at, why)
}

#[test]
fn the_examples_of_the_fda_are_taken_apart() {
    let gs1 = parse(GS1, YEAR).unwrap();
    assert_eq!(
        (gs1.agency, gs1.readable.as_str(), gs1.device_identifier.as_str()),
        (Agency::Gs1, GS1, "51022222233336")
    );
    assert_eq!((gs1.made.as_str(), gs1.expires.as_str()), ("2014-12-31", "2015-07-07"));
    assert_eq!((gs1.lot.as_str(), gs1.serial.as_str()), ("A213B1", "1234"));

    let hibcc = parse(HIBCC, YEAR).unwrap();
    assert_eq!((hibcc.agency, hibcc.device_identifier.as_str()), (Agency::Hibcc, "H123PARTNO1234567890120"));
    assert_eq!(
        (hibcc.expires.as_str(), hibcc.made.as_str()),
        ("2020-02-02", "2013-02-02"),
        "the hour, 16, stands in the UDI"
    );
    assert_eq!((hibcc.lot.as_str(), hibcc.serial.as_str()), ("LOT123456789012345", "XYZ4567890123 45678"));
    assert!(!hibcc.readable.contains('*'), "the stars are no part of it");

    let iccbba = parse(ICCBBA, YEAR).unwrap();
    assert_eq!((iccbba.agency, iccbba.device_identifier.as_str()), (Agency::IccbbaOther, "A9999XYZ100T0944"));
    assert_eq!((iccbba.serial.as_str(), iccbba.distinct.as_str()), ("000025", "A99971312345600"));
    assert_eq!((iccbba.expires.as_str(), iccbba.made.as_str()), ("2014-02-01", "2013-02-01"));
    assert_eq!(iccbba.lot, "000000000000XYZ123");

    let blood = parse(BLOOD, YEAR).unwrap();
    assert_eq!(
        (blood.agency, blood.device_identifier.as_str(), blood.lot.as_str()),
        (Agency::IccbbaBlood, "1TE123456A", "RZ12345678")
    );
    let spaced = parse("=)1TE123456A &)RZ12345678", YEAR).unwrap();
    assert_eq!(spaced.lot, blood.lot, "as the label is set");
}

#[test]
fn what_a_scanner_sends_is_the_same_as_what_stands_on_the_label() {
    let label = parse(GS1, YEAR).unwrap();
    for scanned in [
        "]d20151022222233336111412311715070710A213B1\u{1d}211234",
        "\u{1d}0151022222233336111412311715070710A213B1\u{1d}211234",
        "0151022222233336111412311715070710A213B1\u{1d}211234",
    ] {
        assert_eq!(parse(scanned, YEAR).unwrap(), label, "{scanned:?}");
    }
}

#[test]
fn a_digit_that_is_wrong_is_noticed_and_said_where() {
    assert_eq!(at("(01)51022222233335(11)141231").0, 18, "the check digit of GS1");
    assert_eq!(at("(01)51022222233326").0, 18, "or any other");
    let (place, why) = at("+H123PARTNO1234567890120/$$420020216LOT123456789012345/SXYZ4567890123 45678/16D20130203C");
    assert!(place == 88 && why.contains("check character"), "{place}: {why}");
    for letter in 1..HIBCC.len() - 2 {
        let mut other = HIBCC.to_owned().into_bytes();
        other[letter] = if other[letter] == b'7' { b'8' } else { b'7' };
        assert!(parse(std::str::from_utf8(&other).unwrap(), YEAR).is_err(), "character {letter} was another");
    }
}

#[test]
fn what_is_no_udi_says_what_was_expected() {
    for (text, place, what) in [
        ("", 1, "nothing"),
        ("pacemaker", 1, "begins neither"),
        ("(01)510222222333", 5, "14 digits"),
        ("(10)A213B1", 1, "(01) is missing"),
        ("(01)51022222233336(11)141332", 23, "no day"),
        ("(01)51022222233336(30)2", 23, "no part of a UDI"),
        ("(01)51022222233336(10)A(10)B", 28, "twice"),
        ("(01)51022222233336(21)", 23, "1 to 20"),
        ("(01)51022222233336 lot 7", 5, "14 digits"),
        ("015102222223333", 3, "ends before"),
        ("=/A9999XYZ", 3, "16 characters"),
        ("=,000025", 1, "device identifier"),
        ("=/A9999XYZ100T0944=>014400", 21, "day"),
        ("(01)5102222223333\u{e4}", 18, "no UDI has"),
    ] {
        let (at, why) = at(text);
        assert!(at == place && why.contains(what), "{text:?}: {at} {why}");
    }
}

#[test]
fn an_agency_is_known_by_its_issuer_in_every_version_of_fhir() {
    for (issuer, name) in [
        ("http://hl7.org/fhir/NamingSystem/gs1-di", "GS1"),
        ("http://hl7.org/fhir/NamingSystem/gs1", "GS1"),
        ("http://hl7.org/fhir/NamingSystem/hibcc-dI", "HIBCC"),
        ("http://hl7.org/fhir/NamingSystem/iccbba-blood", "ICCBBA"),
    ] {
        assert_eq!(Agency::of_issuer(issuer).map(Agency::name), Some(name), "{issuer}");
    }
    assert_eq!(Agency::of_issuer("https://www.fda.gov/"), None, "an authority is no agency");
}
