//! The audit message of DICOM, "Security Alert": the schema of PS3.15, A.5.1, the fields of A.5.3.11
//! (<https://dicom.nema.org/medical/dicom/current/output/chtml/part15/sect_A.5.3.11.html>), as IHE ITI-20 sends it
//! (<https://profiles.ihe.net/ITI/TF/Volume2/ITI-20.html>).

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::SecondsFormat;

use crate::{HostName, Notice, Severity, words};

/// The MSGID of PS3.15, A.6 and A.7.
pub(super) const MSGID: &str = "DICOM+RFC3881";

/// ITI-20 has 5 (notice) for most messages, 4 (warning) where it is appropriate.
pub(super) fn syslog_severity(notice: &Notice) -> u8 {
    if notice.event.asks() && notice.severity >= Severity::High { 4 } else { 5 }
}

pub(super) fn message(notice: &Notice) -> String {
    let mut xml = Xml::begin();
    xml.open(
        "EventIdentification",
        &[
            // Execute: what A.5.3.11 has.
            ("EventActionCode", "E"),
            ("EventDateTime", &notice.at.to_rfc3339_opts(SecondsFormat::Millis, true)),
            ("EventOutcomeIndicator", outcome(notice)),
        ],
    );
    xml.code("EventID", "110113", "DCM", "Security Alert");
    // Of CID 403, the type that is about use; the rule says more.
    xml.code("EventTypeCode", "110132", "DCM", "Use of Restricted Function");
    xml.code("EventTypeCode", notice.rule.as_str(), "Vigil", notice.rule.as_str());
    xml.close("EventIdentification");

    let reporting = ("NetworkAccessPointID", notice.server.as_str());
    let kind = ("NetworkAccessPointTypeCode", access_point(&notice.server));
    xml.open("ActiveParticipant", &[("UserID", "vigil-server"), ("UserIsRequestor", "false"), reporting, kind]);
    xml.code("RoleIDCode", "110150", "DCM", "Application");
    xml.close("ActiveParticipant");
    if let Some(subject) = notice.told_subject() {
        let subject = subject.to_string();
        xml.empty("ActiveParticipant", &[("UserID", &subject), ("UserIsRequestor", "false")]);
    }

    let source = [("AuditEnterpriseSiteID", notice.hospital.as_str()), ("AuditSourceID", notice.server.as_str())];
    xml.open("AuditSourceIdentification", &source);
    // An application server.
    xml.empty("AuditSourceTypeCode", &[("csd-code", "4")]);
    xml.close("AuditSourceIdentification");

    alarm(&mut xml, notice);
    xml.end()
}

/// What the alert is about: the alarm, as a security resource (role 13) of the system (type 2).
fn alarm(xml: &mut Xml, notice: &Notice) {
    let id = format!("urn:vigil:alarm:{}", notice.incident);
    let object = [
        ("ParticipantObjectID", id.as_str()),
        ("ParticipantObjectTypeCode", "2"),
        ("ParticipantObjectTypeCodeRole", "13"),
    ];
    xml.open("ParticipantObjectIdentification", &object);
    xml.code("ParticipantObjectIDTypeCode", "12", "RFC-3881", "URI");
    xml.text("ParticipantObjectName", &format!("Alarm {}", notice.incident));
    let details = [
        // A.5.3.11 asks for this one.
        ("Alert Description", words::line(notice)),
        ("Notice", notice.id.to_string()),
        ("Event", notice.event.as_str().to_owned()),
        ("Severity", notice.severity.as_str().to_owned()),
        ("Level", notice.level.to_string()),
        ("About", notice.subject_kind.as_str().to_owned()),
        ("Suspended", notice.suspended.to_string()),
    ];
    for (kind, value) in details {
        xml.empty("ParticipantObjectDetail", &[("type", kind), ("value", &STANDARD.encode(value))]);
    }
    xml.close("ParticipantObjectIdentification");
}

/// 0: an informative alert. 4 and 8: security holds. 12: it may not.
const fn outcome(notice: &Notice) -> &'static str {
    if !notice.event.asks() {
        return "0";
    }
    match notice.severity {
        Severity::Low | Severity::Medium => "4",
        Severity::High => "8",
        Severity::Critical => "12",
    }
}

/// 1 is a name, 2 an IP address.
fn access_point(host: &HostName) -> &'static str {
    if host.address().is_some() { "2" } else { "1" }
}

/// Writes XML on one line.
struct Xml(String);

impl Xml {
    fn begin() -> Self {
        Self(r#"<?xml version="1.0" encoding="UTF-8"?><AuditMessage>"#.to_owned())
    }

    fn end(mut self) -> String {
        self.close("AuditMessage");
        self.0
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.0.push('>');
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.0.push_str("/>");
    }

    fn code(&mut self, name: &str, code: &str, system: &str, meaning: &str) {
        self.empty(name, &[("csd-code", code), ("codeSystemName", system), ("originalText", meaning)]);
    }

    fn text(&mut self, name: &str, text: &str) {
        self.open(name, &[]);
        self.0.push_str(&escaped(text));
        self.close(name);
    }

    fn close(&mut self, name: &str) {
        // Writing to a string does not fail.
        let _ = write!(self.0, "</{name}>");
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let _ = write!(self.0, "<{name}");
        for (key, value) in attributes {
            let _ = write!(self.0, " {key}=\"{}\"", escaped(value));
        }
    }
}

/// As it may stand in an attribute and in text. What XML 1.0 has no character for becomes the replacement character; blanks that a parser
/// would change are written as references.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for found in text.chars() {
        match found {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::*;
    use crate::NoticeEvent;
    use crate::notice::tests::notice;

    #[test]
    fn the_outcome_says_how_grave_it_is() {
        let of = |event, severity| outcome(&notice(event, severity));
        assert_eq!(of(NoticeEvent::Raised, Severity::Critical), "12", "security may not hold");
        assert_eq!(of(NoticeEvent::Closed, Severity::Critical), "0", "nothing is asked for any more");
    }

    proptest! {
        #[test]
        fn a_parser_reads_what_was_written(text in "[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\u{fffe}\\u{ffff}]{0,60}") {
            let mut xml = Xml::begin();
            xml.empty("A", &[("b", &text), ("c", "x")]);
            xml.text("T", &text);
            let written = xml.end();
            let mut reader = Reader::from_str(&written);
            let (mut attributes, mut inside) = (Vec::new(), String::new());
            loop {
                match reader.read_event().unwrap() {
                    Event::Empty(tag) => {
                        for attribute in tag.attributes() {
                            let value = attribute.unwrap().normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap();
                            attributes.push(value.into_owned());
                        }
                    }
                    Event::Text(words) => inside.push_str(&words.xml10_content()),
                    Event::GeneralRef(reference) => match reference.resolve_char_ref().unwrap() {
                        Some(found) => inside.push(found),
                        None => inside.push_str(quick_xml::escape::resolve_xml_entity(&reference.xml10_content()).unwrap()),
                    },
                    Event::Eof => break,
                    Event::Start(_) | Event::End(_) | Event::Decl(_) => {}
                    other @ (Event::CData(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_)) => {
                        prop_assert!(false, "nobody wrote {other:?}");
                    }
                }
            }
            prop_assert_eq!(attributes, [text.clone(), "x".to_owned()], "{}", written);
            prop_assert_eq!(inside, text, "{}", written);
        }
    }
}
