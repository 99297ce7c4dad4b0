//! CEF, the Common Event Format of ArcSight ("Implementing ArcSight Common Event Format", revision 25; the current text is at
//! <https://www.microfocus.com/documentation/arcsight/arcsight-smartconnectors/>): `CEF:0|vendor|product|version|event class|name|severity|extension`.
//!
//! In the header a `|` and a `\` have a backslash before them, and there are no line breaks; in the values of the extension a `=` and a `\`
//! have one, and line breaks are written `\n` and `\r`. A `|` in a value and a `=` in the header stand as they are.

use std::fmt::Write as _;

use crate::{Notice, NoticeEvent, Severity, SubjectKind, words};

/// The severity of syslog (RFC 5424, 6.2.1): 2 critical, 3 error, 4 warning, 5 notice.
pub(super) const fn syslog_severity(notice: &Notice) -> u8 {
    if !notice.event.asks() {
        return 5;
    }
    match notice.severity {
        Severity::Critical => 2,
        Severity::High => 3,
        Severity::Medium => 4,
        Severity::Low => 5,
    }
}

pub(super) fn message(notice: &Notice) -> String {
    let name = match notice.event {
        NoticeEvent::Raised => "Alarm raised",
        NoticeEvent::Escalated => "Alarm escalated",
        NoticeEvent::Acknowledged => "Alarm acknowledged",
        NoticeEvent::Closed => "Alarm closed",
    };
    let severity = severity(notice.severity).to_string();
    let parts = ["CEF:0", "Vigil", "vigil-server", env!("CARGO_PKG_VERSION"), notice.rule.as_str(), name, &severity];
    let head = parts.map(in_header).join("|");
    format!("{head}|{}", extension(notice))
}

/// The keys are those of the extension dictionary; `cn` and `cs` are numbers and strings of one's own, with a label each.
fn extension(notice: &Notice) -> String {
    let millis = |time: chrono::DateTime<chrono::Utc>| time.timestamp_millis().to_string();
    let mut pairs = vec![
        ("rt", millis(notice.at)),
        ("start", millis(notice.opened)),
        ("externalId", notice.id.to_string()),
        ("cat", format!("alarm/{}", notice.event.as_str())),
        ("cn1", notice.incident.to_string()),
        ("cn1Label", "Alarm".to_owned()),
        ("cn2", notice.level.to_string()),
        ("cn2Label", "Level".to_owned()),
        ("cs1", notice.hospital.to_string()),
        ("cs1Label", "System".to_owned()),
        ("cs2", notice.subject_kind.as_str().to_owned()),
        ("cs2Label", "About".to_owned()),
        ("dvchost", notice.server.to_string()),
    ];
    if let Some(subject) = notice.told_subject() {
        match notice.subject_kind {
            SubjectKind::User => pairs.push(("suid", subject.to_string())),
            SubjectKind::Device | SubjectKind::Log | SubjectKind::Patient => {
                pairs.push(("cs3", subject.to_string()));
                pairs.push(("cs3Label", "Device".to_owned()));
            }
        }
    }
    if notice.suspended {
        pairs.push(("act", "access suspended".to_owned()));
    }
    pairs.push(("msg", words::line(notice)));
    let mut extension = String::new();
    for (index, (key, value)) in pairs.iter().enumerate() {
        let space = if index == 0 { "" } else { " " };
        // Writing to a string does not fail.
        let _ = write!(extension, "{space}{key}={}", in_extension(value));
    }
    extension
}

/// 0 to 3 is low, 4 to 6 medium, 7 and 8 high, 9 and 10 very high.
const fn severity(severity: Severity) -> u8 {
    match severity {
        Severity::Low => 3,
        Severity::Medium => 5,
        Severity::High => 8,
        Severity::Critical => 10,
    }
}

fn in_header(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for found in text.chars() {
        match found {
            '|' | '\\' => out.extend(['\\', found]),
            // A field of the header is one line.
            '\r' | '\n' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

fn in_extension(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for found in text.chars() {
        match found {
            '=' | '\\' => out.extend(['\\', found]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::notice::tests::notice;

    /// Reads a header field as the format has it, up to the bar that ends it: another way than it was written by.
    fn header_field(text: &str) -> (String, &str) {
        let (mut out, mut escaped) = (String::new(), false);
        for (at, found) in text.char_indices() {
            match (escaped, found) {
                (false, '\\') => escaped = true,
                (false, '|') => return (out, &text[at + 1..]),
                (_, found) => {
                    out.push(found);
                    escaped = false;
                }
            }
        }
        (out, "")
    }

    /// Reads the extension: a key is what stands before an equals sign that has no backslash, back to the last space.
    fn extension_pairs(text: &str) -> Vec<(String, String)> {
        let bytes = text.as_bytes();
        let mut signs = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            match bytes[at] {
                b'\\' => at += 1,
                b'=' => signs.push(at),
                _ => {}
            }
            at += 1;
        }
        let key_of = |sign: usize| text[..sign].rfind(' ').map_or(0, |space| space + 1);
        let mut pairs = Vec::new();
        for (index, sign) in signs.iter().enumerate() {
            let end = signs.get(index + 1).map_or(text.len(), |next| key_of(*next).saturating_sub(1));
            let value = text[sign + 1..end].replace("\\n", "\n").replace("\\r", "\r");
            pairs.push((text[key_of(*sign)..*sign].to_owned(), value.replace("\\=", "=").replace("\\\\", "\\")));
        }
        pairs
    }

    #[test]
    fn a_siem_reads_the_alarm() {
        let text = message(&notice(NoticeEvent::Raised, Severity::High));
        let mut rest = text.as_str();
        let mut head = Vec::new();
        for _ in 0..7 {
            let (field, after) = header_field(rest);
            head.push(field);
            rest = after;
        }
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(head, ["CEF:0", "Vigil", "vigil-server", version, "unusual-volume", "Alarm raised", "8"], "{text}");
        let pairs = extension_pairs(rest);
        let value = |key: &str| pairs.iter().find(|(found, _)| found == key).map(|(_, value)| value.as_str());
        assert_eq!(value("cn1"), Some("123"), "the number: {text}");
        assert_eq!(
            value("externalId"),
            Some("01937b1c-8d2e-7a10-8000-000000000123"),
            "what repeats are known by: {text}"
        );
        assert_eq!(value("suid"), Some("01930000-0000-7000-8000-000000000777"), "the user: {text}");
        assert_eq!(value("msg"), Some(words::line(&notice(NoticeEvent::Raised, Severity::High)).as_str()), "{text}");
    }

    #[test]
    fn the_rules_of_the_format() {
        assert_eq!(in_header("a|b\\c=d"), "a\\|b\\\\c=d", "the header");
        assert_eq!(in_extension("a|b\\c=d\ne"), "a|b\\\\c\\=d\\ne", "the extension");
    }

    proptest! {
        #[test]
        fn no_text_leaves_its_field_of_the_header(text in "[ -~\\r\\n]{0,40}", next in "[a-z|]{1,5}") {
            let written = format!("{}|{}", in_header(&text), in_header(&next));
            let (field, rest) = header_field(&written);
            prop_assert_eq!(field, text.replace(['\r', '\n'], " "), "what went in");
            prop_assert_eq!(header_field(rest).0, next, "and the next begins where it should");
        }

        #[test]
        fn no_text_makes_a_key_of_its_own(text in "[ -~\\r\\n]{0,60}") {
            let written = format!("msg={} act=x", in_extension(&text));
            prop_assert!(!written.contains(['\r', '\n']), "one line");
            let keys = extension_pairs(&written).into_iter().map(|(key, _)| key).collect::<Vec<_>>();
            prop_assert_eq!(keys, ["msg", "act"], "{}", written);
        }
    }
}
